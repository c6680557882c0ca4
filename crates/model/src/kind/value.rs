//! Values in the clear, and what is wrong with a text that is none.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use kernel::RecordId;

/// A value in the clear. Not `Serialize`; `Debug` tells the kind alone, so that no log line ever holds one.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, long text, e-mail, phone, URL, and the value of a choice; in canonical form.
    Text(String),
    /// A number or amount of money, in millionths.
    Number(i64),
    /// A day.
    Date(Date),
    /// An instant, to the microsecond.
    Time(Timestamp),
    /// Yes or no.
    YesNo(bool),
    /// A record, or the stored file of a file field.
    Link(RecordId),
    /// Several choices, in the definition's order.
    Many(Vec<String>),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(…)",
            Self::Number(_) => "Number(…)",
            Self::Date(_) => "Date(…)",
            Self::Time(_) => "Time(…)",
            Self::YesNo(_) => "YesNo(…)",
            Self::Link(_) => "Link(…)",
            Self::Many(_) => "Many(…)",
        })
    }
}

/// Why a text is not a value of a kind. Says how to mend it; never repeats the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invalid {
    code: &'static str,
    limit: Option<String>,
}

/// Every code with its English words; `{limit}` stands for [`Invalid::limit`].
const WORDS: &[(&str, &str)] = &[
    ("empty", "enter a value"),
    ("too_long", "use at most {limit} characters"),
    ("control_character", "remove control characters and invisible marks of writing direction"),
    ("email_form", "write an e-mail address like name@example.com"),
    (
        "phone_form",
        "write + and the country code, then the number, like +49 30 901820; a Chinese mobile number needs no code",
    ),
    ("phone_country", "there is no such country code; write + and the country code, then the number"),
    ("phone_length", "the number has too few or too many digits for its country"),
    ("url_form", "write a web address that begins with https:// or http://"),
    ("url_credentials", "remove the user name and password from the web address"),
    ("not_a_choice", "choose one of: {limit}"),
    ("number_form", "write a number with digits and a decimal point, like 1234.5"),
    ("too_many_decimals", "use at most {limit} decimals"),
    ("too_small", "enter {limit} or more"),
    ("too_large", "enter {limit} or less"),
    ("date_form", "write the date as year-month-day, like 2026-11-23"),
    ("time_form", "write the time with its offset, like 2026-11-23T14:08:00+08:00"),
    ("yes_no_form", "write yes or no"),
    ("link_form", "write the id of a record"),
    ("file_form", "write the id of a file"),
    ("check_digit", "the check digit does not fit: one of the characters is wrong"),
    ("uscc_form", "a unified social credit code has 18 digits and capital letters, without I, O, S, V and Z"),
    ("lei_form", "an LEI has 18 letters and digits, then two check digits"),
    ("vat_country", "a VAT number begins with the two letters of an EU state, GB or XI, like DE136695976"),
    ("vat_form", "a VAT number of this state has another form"),
    ("cas_form", "write a CAS number like 7440-50-8"),
    ("mpn_form", "a part number has letters, digits and . - _ / + # , ( ) and single spaces"),
    ("eccn_form", "write an ECCN like 3A001.a.5.a, or EAR99"),
    ("hts_form", "write an HTS or HS code like 8542.31.0000: 4, 6, 8 or 10 digits"),
    ("stored_form", "the stored bytes are no value of this kind"),
];

impl Invalid {
    /// The reason with this code, one of [`Invalid::codes`].
    pub(crate) fn new(code: &'static str) -> Self {
        Self { code, limit: None }
    }

    /// The same with what the limit is.
    pub(crate) fn limited(code: &'static str, limit: impl fmt::Display) -> Self {
        Self { code, limit: Some(limit.to_string()) }
    }

    /// A stable word for the reason, e.g. `email_form`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The limit or the choices, where the reason has some.
    pub fn limit(&self) -> Option<&str> {
        self.limit.as_deref()
    }

    /// Every code there is: each has a message in every language.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(code, _)| *code)
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = WORDS.iter().find(|(code, _)| *code == self.code).map_or("", |(_, words)| *words);
        f.write_str(&words.replace("{limit}", self.limit.as_deref().unwrap_or("")))
    }
}

impl std::error::Error for Invalid {}
