//! Names of people: common ones, put together by chance.

use std::sync::LazyLock;

use super::chance::Chance;

/// A name, and how it is written in an address.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub family: String,
    pub given: String,
    /// Lower-case ASCII, for e-mail addresses.
    pub latin: (String, String),
    /// Whether a woman usually bears it; decides nothing but a form of address.
    pub female: bool,
}

/// Family names with pinyin, about as frequent as in China.
const CHINESE_FAMILY: &str = "王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin 何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng 曹cao 袁yuan 邓deng 许xu 傅fu 沈shen 曾zeng 彭peng 吕lv 苏su 卢lu 蒋jiang 蔡cai 贾jia 丁ding 魏wei 薛xue 叶ye 阎yan 余yu 潘pan 杜du 戴dai 夏xia 钟zhong 汪wang 田tian 任ren 姜jiang 范fan 方fang 石shi 姚yao 谭tan 廖liao 邹zou 熊xiong 金jin 陆lu 欧阳ouyang 诸葛zhuge 司马sima 上官shangguan";
const CHINESE_MALE: &str = "伟wei 强qiang 磊lei 军jun 洋yang 勇yong 杰jie 涛tao 超chao 明ming 刚gang 平ping 辉hui 鹏peng 华hua 飞fei 波bo 斌bin 宇yu 浩hao 凯kai 健jian 俊jun 帆fan 晓明xiaoming 建国jianguo 志强zhiqiang 建华jianhua 国强guoqiang 文杰wenjie 子轩zixuan 浩然haoran 宇航yuhang 俊杰junjie 嘉豪jiahao 天宇tianyu 志远zhiyuan 海涛haitao 永强yongqiang 立新lixin 伟明weiming 振华zhenhua 家明jiaming 思远siyuan 泽宇zeyu 一鸣yiming 晨曦chenxi 少峰shaofeng 学文xuewen 向东xiangdong";
const CHINESE_FEMALE: &str = "芳fang 娜na 敏min 静jing 丽li 艳yan 娟juan 霞xia 燕yan 玲ling 婷ting 慧hui 莹ying 倩qian 颖ying 琳lin 雪xue 梅mei 红hong 洁jie 秀英xiuying 桂英guiying 雨欣yuxin 欣怡xinyi 诗涵shihan 梓涵zihan 晓燕xiaoyan 丽华lihua 海燕haiyan 春梅chunmei 雅琴yaqin 思雨siyu 佳怡jiayi 雪梅xuemei 文静wenjing 美玲meiling 晓红xiaohong 婷婷tingting 若曦ruoxi 子涵zihan 慧敏huimin 小芳xiaofang 玉兰yulan 月华yuehua 心怡xinyi 冬梅dongmei 淑珍shuzhen 瑞雪ruixue 紫萱zixuan 嘉琪jiaqi";
const GERMAN_FAMILY: &str = "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann Maier Köhler Herrmann König Walter Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Dietrich Ziegler Kuhn";
const GERMAN_MALE: &str = "Thomas Michael Andreas Stefan Christian Markus Daniel Martin Peter Alexander Jan Tobias Sebastian Florian Matthias Frank Jens Sven Jürgen Uwe Bernd Klaus Holger Dirk Felix Lukas Jonas Philipp Tim Niklas Simon Fabian Patrick Dominik Oliver Jörg Ralf Carsten Maximilian Moritz";
const GERMAN_FEMALE: &str = "Sabine Susanne Petra Andrea Claudia Nicole Stefanie Julia Katrin Anja Silke Birgit Martina Monika Heike Christine Melanie Sandra Anna Laura Lena Sarah Lisa Katharina Franziska Johanna Marie Sophie Jana Ulrike Barbara Tanja Nadine Daniela Vanessa Carolin Miriam Judith Eva Theresa";
const AMERICAN_FAMILY: &str = "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson";
const AMERICAN_MALE: &str = "James Robert John Michael David William Richard Joseph Thomas Christopher Charles Daniel Matthew Anthony Mark Steven Andrew Paul Joshua Kenneth Kevin Brian Timothy Ronald Jason George Edward Jeffrey Ryan Jacob Nicholas Gary Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin";
const AMERICAN_FEMALE: &str = "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Karen Sarah Lisa Nancy Sandra Ashley Emily Kimberly Margaret Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Amy Kathleen Angela Shirley Brenda Emma Anna Pamela Nicole Samantha Katherine Christine";
const JAPANESE_FAMILY: &str = "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Yamaguchi Matsumoto Inoue Kimura Hayashi Shimizu Yamazaki Mori Abe Ikeda Hashimoto Ishikawa Ogawa Goto Okada Hasegawa Fujita Kondo Murakami Ishii Saito Sakamoto Endo Aoki Fujii Nishimura Fukuda Ota Miura Okamoto Matsuda Nakagawa Nakano Harada Ono Tamura Takeuchi Kaneko Wada Nakayama Ishida Ueda Morita Hara Shibata Sakai Kudo";
const JAPANESE_MALE: &str = "Hiroshi Takashi Kenji Akira Makoto Satoshi Kazuo Takeshi Shigeru Yutaka Daisuke Kenta Naoki Tatsuya Yusuke Ryo Kaito Haruto Shota Tsubasa Koji Masato Hideki Osamu Toru Jun Shinji Atsushi Kazuya Hayato";
const JAPANESE_FEMALE: &str = "Yoko Keiko Kazuko Sachiko Yumiko Tomoko Akemi Naomi Mayumi Emi Miho Ayaka Misaki Haruka Nanami Sakura Yui Aoi Hina Rina Mari Kaori Megumi Chika Eri Asami Yuka Natsuki Saori Hitomi";

/// The lists, cut once: each word as it is written and in Latin letters.
struct Lists {
    chinese: [Vec<(&'static str, String)>; 3],
    german: [Vec<(&'static str, String)>; 3],
    american: [Vec<(&'static str, String)>; 3],
    japanese: [Vec<(&'static str, String)>; 3],
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists {
    chinese: [CHINESE_FAMILY, CHINESE_MALE, CHINESE_FEMALE].map(cut),
    german: [GERMAN_FAMILY, GERMAN_MALE, GERMAN_FEMALE].map(cut),
    american: [AMERICAN_FAMILY, AMERICAN_MALE, AMERICAN_FEMALE].map(cut),
    japanese: [JAPANESE_FAMILY, JAPANESE_MALE, JAPANESE_FEMALE].map(cut),
});

fn cut(list: &'static str) -> Vec<(&'static str, String)> {
    let pair = |word: &'static str| match word.find(|c: char| c.is_ascii()) {
        // A Chinese word is followed by its pinyin.
        Some(at) if at > 0 && !word.starts_with(|c: char| c.is_alphabetic() && c < '\u{0250}') => {
            (&word[..at], word[at..].to_owned())
        }
        _ => (word, ascii(word)),
    };
    list.split(' ').map(pair).collect()
}

/// Which name: small enough to compare many. The words are looked up by [`Draw::name`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Draw {
    country: &'static str,
    female: bool,
    family: usize,
    given: usize,
}

/// Draws a name as borne where the company is; one in twenty comes from elsewhere.
pub(super) fn draw(chance: &mut Chance, country: &str) -> Draw {
    let country = match country {
        _ if chance.percent(5) => *chance.pick(&["CN", "DE", "US", "JP"]),
        "CN" => "CN",
        "JP" => "JP",
        "DE" => "DE",
        _ => "US",
    };
    let female = chance.percent(42);
    let [families, men, women] = lists(country);
    // The lower of two draws: common family names stand first.
    let family = chance.below(families.len()).min(chance.below(families.len()));
    Draw { country, female, family, given: chance.below(if female { women.len() } else { men.len() }) }
}

fn lists(country: &str) -> &'static [Vec<(&'static str, String)>; 3] {
    match country {
        "CN" => &LISTS.chinese,
        "JP" => &LISTS.japanese,
        "DE" => &LISTS.german,
        _ => &LISTS.american,
    }
}

impl Draw {
    /// What the name becomes in an address.
    pub fn address(self) -> (&'static str, &'static str) {
        let [families, men, women] = lists(self.country);
        (&families[self.family].1, &(if self.female { women } else { men })[self.given].1)
    }

    pub fn name(self) -> Name {
        let [families, men, women] = lists(self.country);
        let (family, family_latin) = &families[self.family];
        let (given, given_latin) = &(if self.female { women } else { men })[self.given];
        Name {
            family: (*family).to_owned(),
            given: (*given).to_owned(),
            latin: (family_latin.clone(), given_latin.clone()),
            female: self.female,
        }
    }
}

/// Lower-case ASCII as Germans write their names in addresses.
pub(super) fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.to_lowercase().chars() {
        match c {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            ' ' => plain.push('-'),
            c if c.is_ascii_alphanumeric() || c == '-' => plain.push(c),
            _ => {}
        }
    }
    plain
}
