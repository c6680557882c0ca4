//! What an actor with the level `masked` sees.
//!
//! A mask shows enough to tell two people apart and to confirm a value one already knows, never enough to use it. The
//! number of dots does not tell the length of what they hide.

use crate::{Kind, Value, kind::phone, names};

/// How a value is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mask {
    /// `•••`
    All,
    /// First letter and domain of an e-mail address: `a•••@example.test`.
    LocalPart,
    /// The last four digits of a phone number: `••••8000`.
    PhoneTail,
    /// The first three and last four digits of a phone number: `138****8000`.
    PhoneMiddle,
    /// A whole name: `王*明`, `A••• L•••`.
    Name,
    /// A family name: Chinese ones whole, so that `王*明` reads as usual; others by initial.
    FamilyName,
    /// A given name: `*明`, `A•••`.
    GivenName,
    /// The first letter: `A•••`.
    Initial,
    /// The last four characters: `••••6789`.
    Last4,
    /// The host of a web address: `https://example.test/•••`.
    Host,
    /// The year of a day or time: `2026-••-••`.
    Year,
}

const DOTS: &str = "•••";

impl Mask {
    /// Every mask.
    pub const EVERY: [Self; 11] = [
        Self::All,
        Self::LocalPart,
        Self::PhoneTail,
        Self::PhoneMiddle,
        Self::Name,
        Self::FamilyName,
        Self::GivenName,
        Self::Initial,
        Self::Last4,
        Self::Host,
        Self::Year,
    ];

    /// The word in definitions.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::LocalPart => "local_part",
            Self::PhoneTail => "phone_tail",
            Self::PhoneMiddle => "phone_middle",
            Self::Name => "name",
            Self::FamilyName => "family_name",
            Self::GivenName => "given_name",
            Self::Initial => "initial",
            Self::Last4 => "last4",
            Self::Host => "host",
            Self::Year => "year",
        }
    }

    /// Whether it makes sense for a kind.
    pub fn fits(self, kind: &Kind) -> bool {
        match self {
            Self::All => true,
            Self::LocalPart => matches!(kind, Kind::Email),
            Self::PhoneTail | Self::PhoneMiddle => matches!(kind, Kind::Phone),
            Self::Name | Self::FamilyName | Self::GivenName | Self::Initial | Self::Last4 => {
                matches!(kind, Kind::Text { .. })
            }
            Self::Host => matches!(kind, Kind::Url),
            Self::Year => matches!(kind, Kind::Date | Kind::Time),
        }
    }

    /// The masked text of a value.
    pub fn apply(&self, kind: &Kind, value: &Value) -> String {
        if !self.fits(kind) {
            return DOTS.to_owned();
        }
        match (self, value) {
            (Self::LocalPart, Value::Text(text)) => match text.rsplit_once('@') {
                Some((local, domain)) => format!("{}@{domain}", initial(local)),
                None => DOTS.to_owned(),
            },
            (Self::PhoneTail, Value::Text(text)) => {
                let (_, national, _) = phone::parts(text);
                format!("••••{}", tail(national))
            }
            (Self::PhoneMiddle, Value::Text(text)) => phone_middle(text),
            (Self::Name, Value::Text(text)) => full_name(text),
            (Self::FamilyName, Value::Text(text)) => family_name(text),
            (Self::GivenName, Value::Text(text)) => given_name(text),
            (Self::Initial, Value::Text(text)) => initial(text),
            (Self::Last4, Value::Text(text)) => last4(text),
            (Self::Host, Value::Text(text)) => {
                let scheme = text.find("://").map_or(0, |at| at + 3);
                let end = text[scheme..].find(['/', '?', '#']).map_or(text.len(), |at| scheme + at);
                format!("{}/{DOTS}", &text[..end])
            }
            (Self::Year, Value::Date(date)) => format!("{:04}-••-••", date.year()),
            (Self::Year, Value::Time(time)) => {
                format!("{:04}-••-••", time.to_zoned(jiff::tz::TimeZone::UTC).year())
            }
            _ => DOTS.to_owned(),
        }
    }
}

/// `A•••`; a text of one letter shows none of it.
fn initial(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(_)) => format!("{first}{DOTS}"),
        _ => DOTS.to_owned(),
    }
}

/// The last four of a text of at least eight characters, the last one of at least four, else none.
fn last4(text: &str) -> String {
    let count = text.chars().count();
    let shown = match count {
        0..4 => 0,
        4..8 => 1,
        _ => 4,
    };
    format!("••••{}", text.chars().skip(count - shown).collect::<String>())
}

/// The last four digits of a number of at least eight, two of shorter ones.
fn tail(digits: &str) -> &str {
    let shown = if digits.len() >= 8 { 4 } else { 2 };
    digits.get(digits.len().saturating_sub(shown)..).unwrap_or_default()
}

/// Chinese numbers the way every Chinese page shows them; others with their country code. At least four digits stay hidden.
fn phone_middle(canonical: &str) -> String {
    let (code, national, _) = phone::parts(canonical);
    let head = national.get(..national.len().saturating_sub(8).min(3)).unwrap_or_default();
    let masked = format!("{head}****{}", tail(national));
    if code == "86" { masked } else { format!("+{code} {masked}") }
}

fn family_name(text: &str) -> String {
    if !names::is_cjk(text) {
        return initial(text);
    }
    // A Chinese family name is shared by millions; more than two characters are no family name.
    if text.chars().count() <= 2 { text.to_owned() } else { format!("{}*", text.chars().take(1).collect::<String>()) }
}

fn given_name(text: &str) -> String {
    if !names::is_cjk(text) {
        return initial(text);
    }
    match text.chars().count() {
        0 | 1 => "*".to_owned(),
        _ => format!("*{}", text.chars().last().unwrap_or('*')),
    }
}

fn full_name(text: &str) -> String {
    if !names::is_cjk(text) {
        return text.split_whitespace().map(initial).collect::<Vec<_>>().join(" ");
    }
    let (family, given) = names::split_full_name(text);
    if given.is_empty() { given_name(&family) } else { family_name(&family) + &given_name(&given) }
}
