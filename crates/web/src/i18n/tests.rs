use std::{collections::BTreeSet, fs, path::Path};

use maud::html;

use super::*;

#[test]
fn every_key_is_in_both_languages_once() {
    let [en, zh] = [EN_FILES, ZH_FILES].map(|files| {
        let all: Vec<_> = files.iter().flat_map(|file| keys(file)).collect();
        let set: BTreeSet<_> = all.iter().copied().collect();
        assert_eq!(all.len(), set.len(), "a key is written twice");
        set
    });
    assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&&str>::new(), "missing in zh-CN");
    assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&&str>::new(), "missing in en");
}

#[test]
fn files_parse_and_texts_use_the_same_variables() {
    for file in EN_FILES.iter().chain(ZH_FILES) {
        FluentResource::try_new((*file).to_owned()).unwrap();
    }
    let variables = |files: &'static [&'static str]| -> BTreeSet<(String, String)> {
        let mut found = BTreeSet::new();
        let mut id = "";
        for line in files.iter().flat_map(|file| file.lines()) {
            if let Some((start, _)) = line.split_once(" =").filter(|(start, _)| start.starts_with(char::is_alphabetic))
            {
                id = start;
            }
            for (at, _) in line.match_indices('$') {
                let name: String = line[at + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
                found.insert((id.to_owned(), name));
            }
        }
        found
    };
    assert_eq!(variables(EN_FILES), variables(ZH_FILES));
}

#[test]
fn every_key_in_the_sources_exists_and_every_text_is_used() {
    let mut sources = String::new();
    gather(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut sources);
    let mut used = BTreeSet::new();
    for opening in [".t(\"", ".with(\"", ".rich(\"", ".find(\"", ".has(\""] {
        for part in sources.split(opening).skip(1) {
            let key = part.split('"').next().unwrap();
            assert!(Lang::En.has(key), "no text of key `{key}`");
            used.insert(key);
        }
    }
    for file in EN_FILES {
        for key in keys(file) {
            let literal = sources.contains(&format!("\"{key}\""));
            // Put together while running.
            let made =
                ["act-", "invalid-", "law-kind-", "can-", "kind-", "mask-"].iter().any(|start| key.starts_with(start));
            assert!(literal || made, "`{key}` is never used");
        }
    }
    assert!(used.len() > 50);
}

fn gather(dir: &Path, out: &mut String) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, out);
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            out.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn chinese_texts_are_chinese() {
    for (key, text) in &ZH.fixed {
        let han = text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        assert!(han || *key == "list-comma", "{key}: {text}");
    }
}

#[test]
fn variables_plurals_and_markup_find_their_place() {
    assert_eq!(
        Lang::En.with("pager-range-of", &[("from", 1_u64.into()), ("to", 50_u64.into()), ("total", 1_234_u64.into())]),
        "1–50 of 1,234"
    );
    assert_eq!(Lang::En.with("troubles", &[("n", 1_u64.into())]), "1 thing to correct");
    assert_eq!(Lang::Zh.with("troubles", &[("n", 2_u64.into())]), "有 2 处需要更正");
    let rich = Lang::Zh.rich("act-revealed", &[("who", html! { b { "李娜" } }), ("what", html! { "<x>" })]);
    assert_eq!(rich.0, "<b>李娜</b> 查看了&lt;x&gt;的明文");
    assert_eq!(Lang::En.t("list-comma"), ", ");
}

#[test]
fn a_header_chooses_the_language() {
    assert_eq!(Lang::accepted("zh-Hans-CN,zh;q=0.9,en;q=0.8"), Lang::Zh);
    assert_eq!(Lang::accepted("de-DE,de;q=0.9,en;q=0.8,zh;q=0.1"), Lang::En);
    assert_eq!(Lang::accepted("fr"), Lang::En);
    assert_eq!(Lang::accepted(""), Lang::En);
}
