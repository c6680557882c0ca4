//! The words of the pages, in English and Simplified Chinese.
//!
//! Texts live in `locales/*/*.ftl` (Fluent) and are built into the binary. A text without variables is resolved once, at
//! first use, so that looking it up is one probe of a hash map (about 20 ns); only texts with variables are formatted
//! on each call. Keys are written as literals; a test finds every literal in the sources and both languages.

mod format;

use std::{collections::HashMap, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use maud::{Markup, PreEscaped, Render};
use unic_langid::LanguageIdentifier;

pub use format::{Ago, person_name, text_lang};

/// A variable of a text: `1_234_u64.into()` or `"text".into()`.
pub type Arg<'a> = FluentValue<'a>;

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Both, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The tag for `lang` attributes and the cookie: `en` or `zh-CN`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// Its own name, for the switch.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Zh => "简体中文",
        }
    }

    /// Whether it is Chinese: what `model::Label::of` asks.
    pub const fn is_zh(self) -> bool {
        matches!(self, Self::Zh)
    }

    /// What stands between two sentences: Chinese needs nothing.
    pub const fn gap(self) -> &'static str {
        match self {
            Self::En => " ",
            Self::Zh => "",
        }
    }

    /// The language of a tag from a cookie; `None` for any other.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.tag() == tag)
    }

    /// The first language of an `Accept-Language` header that the interface speaks, else English. Weights are not
    /// weighed: browsers send their list in order.
    pub fn accepted(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| {
                let tag = part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                match tag.split('-').next() {
                    Some("zh") => Some(Self::Zh),
                    Some("en") => Some(Self::En),
                    _ => None,
                }
            })
            .next()
            .unwrap_or_default()
    }

    /// The text of a key without variables; the key itself if there is none, which debug builds and tests rule out.
    pub fn t(self, key: &'static str) -> &'static str {
        debug_assert!(self.find(key).is_some(), "no text of key `{key}`, or one with variables");
        self.find(key).unwrap_or(key)
    }

    /// The text of a key put together while running (`invalid-too-long`), if there is one without variables.
    pub fn find(self, key: &str) -> Option<&'static str> {
        self.texts().fixed.get(key).map(String::as_str)
    }

    /// Whether there is a text of this key, with variables or without.
    pub fn has(self, key: &str) -> bool {
        self.texts().bundle.has_message(key)
    }

    /// The text of a key with variables. Numbers are grouped (`1,234`) and choose the plural.
    pub fn with(self, key: &str, args: &[(&'static str, Arg<'_>)]) -> String {
        let bundle = &self.texts().bundle;
        debug_assert!(bundle.has_message(key), "no text of key `{key}`");
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// What is wrong with a typed value and how to mend it, from the stable code of a kind (`email_form`) and its limit.
    /// `None` for a code without words, which a test rules out.
    pub fn invalid(self, code: &str, limit: Option<&str>) -> Option<String> {
        let key = format!("invalid-{}", code.replace('_', "-"));
        self.has(&key).then(|| self.with(&key, &[("limit", limit.unwrap_or_default().into())]))
    }

    /// A text whose variables are markup: a link or a stressed word inside a sentence, in the order of each language.
    pub fn rich(self, key: &str, args: &[(&'static str, Markup)]) -> Markup {
        let marks: Vec<(&'static str, Arg<'_>)> =
            args.iter().zip(MARKS).map(|((name, _), mark)| (*name, mark.to_string().into())).collect();
        let mut out = String::new();
        for c in self.with(key, &marks).chars() {
            match MARKS.into_iter().position(|mark| mark == c).and_then(|at| args.get(at)) {
                Some((_, markup)) => out.push_str(&markup.0),
                None => c.encode_utf8(&mut [0; 4]).render_to(&mut out),
            }
        }
        PreEscaped(out)
    }

    fn texts(self) -> &'static Texts {
        match self {
            Self::En => &EN,
            Self::Zh => &ZH,
        }
    }
}

/// Private-use characters that stand for markup while a sentence is formatted.
const MARKS: [char; 6] = ['\u{E000}', '\u{E001}', '\u{E002}', '\u{E003}', '\u{E004}', '\u{E005}'];

struct Texts {
    fixed: HashMap<&'static str, String>,
    bundle: FluentBundle<FluentResource>,
}

macro_rules! files {
    ($dir:literal) => {
        &[
            include_str!(concat!("../../../locales/", $dir, "/common.ftl")),
            include_str!(concat!("../../../locales/", $dir, "/records.ftl")),
            include_str!(concat!("../../../locales/", $dir, "/lists.ftl")),
            include_str!(concat!("../../../locales/", $dir, "/privacy.ftl")),
            include_str!(concat!("../../../locales/", $dir, "/errors.ftl")),
            include_str!(concat!("../../../locales/", $dir, "/law.ftl")),
            include_str!(concat!("../../../locales/", $dir, "/admin.ftl")),
            include_str!(concat!("../../../locales/", $dir, "/followups.ftl")),
            include_str!(concat!("../../../locales/", $dir, "/sales.ftl")),
            include_str!(concat!("../../../locales/", $dir, "/backup.ftl")),
        ]
    };
}

const EN_FILES: &[&str] = files!("en");
const ZH_FILES: &[&str] = files!("zh-CN");
static EN: LazyLock<Texts> = LazyLock::new(|| Texts::load(Lang::En, EN_FILES));
static ZH: LazyLock<Texts> = LazyLock::new(|| Texts::load(Lang::Zh, ZH_FILES));

impl Texts {
    fn load(lang: Lang, files: &'static [&'static str]) -> Self {
        let id: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The marks that keep writing directions apart are no use between two left-to-right languages and would be
        // copied out of the page with the text.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(n) if n.value.fract() == 0.0 => Some(format::grouped(n.value as i64)),
            _ => None,
        }));
        for file in files {
            // A file with a slip still gives the messages that parse; a test keeps slips out.
            let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        let mut fixed = HashMap::new();
        for id in files.iter().flat_map(|file| keys(file)) {
            let mut errors = Vec::new();
            if let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) {
                let text = bundle.format_pattern(pattern, None, &mut errors).into_owned();
                if errors.is_empty() {
                    fixed.insert(id, text);
                }
            }
        }
        Self { fixed, bundle }
    }
}

/// The message ids of a Fluent file, in order.
fn keys(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter_map(|line| {
        let (id, _) = line.split_once(" =")?;
        (id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
        .then_some(id)
    })
}

#[cfg(test)]
mod tests;
