//! Names of people: splitting one box into family and given name, and joining them again.

/// Chinese family names of two characters (a working list of those in use today; 百家姓 and later).
const COMPOUND: &[&str] = &[
    "欧阳", "歐陽", "太史", "端木", "上官", "司马", "司馬", "东方", "東方", "独孤", "南宫", "南宮", "万俟", "闻人",
    "夏侯", "诸葛", "諸葛", "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙",
    "公孫", "慕容", "仲孙", "钟离", "长孙", "長孫", "宇文", "司徒", "鲜于", "司空", "闾丘", "子车", "亓官", "司寇",
    "巫马", "公西", "颛孙", "壤驷", "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐", "段干",
    "百里", "呼延", "东郭", "南门", "羊舌", "微生", "梁丘", "左丘", "东门", "西门", "南荣", "第五", "贺兰", "完颜",
    "耶律", "纳兰", "叶赫", "那拉", "富察", "爱新",
];

/// Family names in pinyin that are no usual Western given or family name: they tell `Wang Xiaoming` from
/// `Xiaoming Wang`.
const PINYIN_FAMILY: &[&str] = &[
    "wang",
    "li",
    "zhang",
    "liu",
    "chen",
    "yang",
    "huang",
    "zhao",
    "wu",
    "zhou",
    "xu",
    "sun",
    "ma",
    "zhu",
    "hu",
    "guo",
    "he",
    "gao",
    "lin",
    "luo",
    "zheng",
    "liang",
    "xie",
    "song",
    "tang",
    "xu",
    "deng",
    "han",
    "feng",
    "cao",
    "peng",
    "zeng",
    "xiao",
    "tian",
    "dong",
    "pan",
    "yuan",
    "cai",
    "jiang",
    "yu",
    "du",
    "ye",
    "cheng",
    "wei",
    "su",
    "lv",
    "ding",
    "ren",
    "lu",
    "yao",
    "shen",
    "zhong",
    "cui",
    "tan",
    "fan",
    "shi",
    "liao",
    "jia",
    "xia",
    "fu",
    "fang",
    "zou",
    "xiong",
    "bai",
    "meng",
    "qin",
    "qiu",
    "hou",
    "yin",
    "xue",
    "yan",
    "duan",
    "lei",
    "qian",
    "ouyang",
    "zhuge",
    "shangguan",
    "sima",
];

/// Particles that belong to the family name that follows them.
const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "ten", "ter", "zu",
    "zum", "zur", "af", "av", "bin", "ibn", "al", "el", "'t", "vom", "lo", "mac",
];

/// What follows a family name without being one.
const SUFFIXES: &[&str] = &["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"];

/// Family and given name of a full name; either may be empty. The answer is a guess for a form to show and a human to
/// correct.
///
/// Chinese: the family name first, of one character, or two by the list of compound ones. Korean in Hangul alike.
/// Names with a blank in Han, kana or Hangul (`山田 太郎`) split there; names with a middle dot (`买买提·艾山`) stay
/// whole as the family name, since what follows the dot is the father's name. Others: `Lovelace, Ada`, `Ada Lovelace`,
/// `Ludwig van Beethoven`; pinyin with a known family name in front (`Wang Xiaoming`) is read family name first.
pub fn split_full_name(full: &str) -> (String, String) {
    let full = full.replace(['\u{3000}', '\u{a0}'], " ");
    let words: Vec<&str> = full.split_whitespace().collect();
    let joined = words.join(" ");
    if is_cjk(&joined) {
        return split_cjk(&words);
    }
    if let Some((family, given)) = joined.split_once([',', '，']) {
        return (family.trim().to_owned(), given.trim().to_owned());
    }
    match words[..] {
        [] => (String::new(), String::new()),
        [one] => (one.to_owned(), String::new()),
        [first, ref rest @ ..] if family_first(first, rest) => (first.to_owned(), rest.join(" ")),
        _ => split_western(&words),
    }
}

fn split_cjk(words: &[&str]) -> (String, String) {
    let whole = words.concat();
    if whole.contains(['·', '•', '・', '．']) {
        // A Japanese rendering of a Western name has katakana before and after the dot, and may be read likewise.
        return (whole, String::new());
    }
    if let [family, given] = words {
        // "王 晓明" and "山田 太郎"; "王 晓 明" was only spaced out.
        return ((*family).to_owned(), (*given).to_owned());
    }
    let chars: Vec<char> = whole.chars().collect();
    let compound = COMPOUND.iter().any(|name| whole.starts_with(name)) && chars.len() > 2;
    // Four Han characters without a compound name are often two family names of a married woman (陈方安生), or Japanese.
    let family = if compound { 2 } else { 1 };
    if chars.len() < 2 {
        return (whole, String::new());
    }
    (chars[..family].iter().collect(), chars[family..].iter().collect())
}

fn family_first(first: &str, rest: &[&str]) -> bool {
    let known = |word: &str| PINYIN_FAMILY.contains(&word.to_lowercase().as_str());
    let shouted = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_uppercase() || c == '-');
    // French and East Asian lists write family names in capitals: "DUPONT Marie", but not "ADA LOVELACE".
    if shouted(first) && !rest.iter().any(|word| shouted(word)) {
        return true;
    }
    known(first) && rest.len() <= 2 && !rest.last().is_some_and(|last| known(last)) && rest.iter().all(|w| is_pinyin(w))
}

fn split_western(words: &[&str]) -> (String, String) {
    let lower: Vec<String> = words.iter().map(|w| w.to_lowercase()).collect();
    let last = if words.len() > 2 && SUFFIXES.contains(&lower[words.len() - 1].as_str()) {
        words.len() - 2
    } else {
        words.len() - 1
    };
    let mut family = last;
    while family > 1 && PARTICLES.contains(&lower[family - 1].as_str()) {
        family -= 1;
    }
    (words[family..].join(" "), words[..family].join(" "))
}

/// Whether a word is made of pinyin syllables alone, one to three of them, perhaps with a hyphen or apostrophe.
fn is_pinyin(word: &str) -> bool {
    const INITIALS: &[&str] = &[
        "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s",
        "y", "w", "",
    ];
    const FINALS: &[&str] = &[
        "iang", "iong", "uang", "ang", "eng", "ing", "ong", "ian", "iao", "uai", "uan", "ai", "an", "ao", "ei", "en",
        "er", "ia", "ie", "in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "a", "e", "i", "u", "v",
    ];
    fn rest(text: &str, syllables: usize) -> bool {
        if text.is_empty() {
            return (1..=3).contains(&syllables);
        }
        syllables < 3
            && INITIALS.iter().filter_map(|initial| text.strip_prefix(initial)).any(|after| {
                FINALS.iter().filter_map(|end| after.strip_prefix(end)).any(|after| rest(after, syllables + 1))
            })
    }
    let letters = word.to_lowercase().replace(['-', '\'', '’'], "");
    rest(&letters, 0)
}

/// Family and given name as one: `王晓明` without a space, `Ada Lovelace` given name first. Masks (`*`, `•`) take the
/// side of the other part.
pub fn join(family: &str, given: &str) -> String {
    let neutral = |c: char| matches!(c, '*' | '•');
    let letters: String = family.chars().chain(given.chars()).filter(|c| !neutral(*c)).collect();
    match (family.is_empty(), given.is_empty()) {
        (true, _) => given.to_owned(),
        (_, true) => family.to_owned(),
        _ if letters.is_empty() || is_cjk(&letters) => format!("{family}{given}"),
        _ => format!("{given} {family}"),
    }
}

/// Whether a text is in Han, kana or Hangul, apart from blanks and dots.
pub fn is_cjk(text: &str) -> bool {
    let mut letters =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '·' | '•' | '・' | '．' | '*')).peekable();
    letters.peek().is_some() && letters.all(is_cjk_letter)
}

fn is_cjk_letter(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}'
        | '\u{3040}'..='\u{30ff}' | '\u{3005}' | '\u{3007}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_split() {
        let cases = [
            ("王晓明", "王", "晓明"),
            ("王 晓明", "王", "晓明"),
            ("王 晓 明", "王", "晓明"),
            ("王明", "王", "明"),
            ("王", "王", ""),
            ("欧阳娜娜", "欧阳", "娜娜"),
            ("欧阳修", "欧阳", "修"),
            ("欧阳", "欧", "阳"),
            ("尉迟恭", "尉迟", "恭"),
            ("山田　太郎", "山田", "太郎"),
            ("김철수", "김", "철수"),
            ("买买提·艾山", "买买提·艾山", ""),
            ("Ada Lovelace", "Lovelace", "Ada"),
            ("Lovelace, Ada", "Lovelace", "Ada"),
            ("Ludwig van Beethoven", "van Beethoven", "Ludwig"),
            ("Martin Luther King Jr.", "King Jr.", "Martin Luther"),
            ("Oscar de la Hoya", "de la Hoya", "Oscar"),
            ("Wang Xiaoming", "Wang", "Xiaoming"),
            ("Wang Xiao-Ming", "Wang", "Xiao-Ming"),
            ("Xiaoming Wang", "Wang", "Xiaoming"),
            ("Han Solo", "Solo", "Han"),
            ("DUPONT Marie", "DUPONT", "Marie"),
            ("Cher", "Cher", ""),
            ("  ", "", ""),
        ];
        for (full, family, given) in cases {
            assert_eq!(split_full_name(full), (family.to_owned(), given.to_owned()), "{full}");
        }
    }

    #[test]
    fn names_join() {
        assert_eq!(join("王", "晓明"), "王晓明");
        assert_eq!(join("Lovelace", "Ada"), "Ada Lovelace");
        assert_eq!(join("王", "*明"), "王*明");
        assert_eq!(join("王", "*"), "王*");
        assert_eq!(join("L•••", "A•••"), "A••• L•••");
        assert_eq!(join("•••", "•••"), "••••••");
        assert_eq!(join("", "Ada"), "Ada");
        assert_eq!(join("王", ""), "王");
        assert_eq!(join("王", "Mike"), "Mike 王");
    }
}
