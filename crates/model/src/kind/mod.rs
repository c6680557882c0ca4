//! The kinds of fields: each one small type that parses, shows, compares and encodes its values.

mod codec;
pub(crate) mod number;
pub mod phone;
pub(crate) mod text;
mod time;
mod value;

use std::cmp::Ordering;

use kernel::{FieldName, ObjectName};

pub use value::{Invalid, Value};

use crate::{Check, Label};

/// What values a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Text {
        /// The most characters.
        max: usize,
        /// The form it must have.
        check: Option<Check>,
    },
    /// Text of several lines.
    LongText {
        /// The most characters.
        max: usize,
    },
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A web address.
    Url,
    /// One of a list.
    Choice(Vec<Choice>),
    /// Any of a list.
    ManyChoice(Vec<Choice>),
    /// A number.
    Number {
        /// How many decimals, at most six.
        decimals: u8,
        /// The least, in millionths.
        min: Option<i64>,
        /// The most, in millionths.
        max: Option<i64>,
    },
    /// An amount of money.
    Money {
        /// The choice field beside it that says in which currency.
        currency: FieldName,
    },
    /// A day.
    Date,
    /// An instant.
    Time,
    /// Yes or no.
    YesNo,
    /// A record of an object.
    Link(ObjectName),
    /// A stored file.
    File,
}

/// One of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: Label,
}

/// The type of a plain field's SQL column; sealed fields are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// Text; several choices are joined by commas, as [`Kind::show`] does.
    Text,
    /// A 64-bit integer.
    Bigint,
    /// A truth value.
    Boolean,
    /// A day.
    Date,
    /// An instant.
    Timestamp,
    /// A UUID.
    Uuid,
}

impl Kind {
    /// The word in definitions.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText { .. } => "long_text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Choice(_) => "choice",
            Self::ManyChoice(_) => "many_choice",
            Self::Number { .. } => "number",
            Self::Money { .. } => "money",
            Self::Date => "date",
            Self::Time => "time",
            Self::YesNo => "yes_no",
            Self::Link(_) => "link",
            Self::File => "file",
        }
    }

    /// The value of a text as people, files and the API write it.
    pub fn parse(&self, text: &str) -> Result<Value, Invalid> {
        Ok(match self {
            Self::Text { max, check } => {
                let text = text::text(text, *max, false)?;
                Value::Text(match check {
                    Some(check) => check.normal(&text)?,
                    None => text,
                })
            }
            Self::LongText { max } => Value::Text(text::text(text, *max, true)?),
            Self::Email => Value::Text(text::email(text)?),
            Self::Phone => Value::Text(phone::parse(text)?),
            Self::Url => Value::Text(text::url(text)?),
            Self::Choice(choices) => Value::Text(choice(choices, text)?.value.clone()),
            Self::ManyChoice(choices) => many(choices, text)?,
            Self::Number { decimals, min, max } => Value::Number(number::parse(text, *decimals, *min, *max)?),
            Self::Money { .. } => Value::Number(number::parse(text, 6, None, None)?),
            Self::Date => Value::Date(time::date(text)?),
            Self::Time => Value::Time(time::time(text)?),
            Self::YesNo => match text::trim(text).to_lowercase().as_str() {
                "yes" | "true" | "1" | "y" | "on" | "是" => Value::YesNo(true),
                "no" | "false" | "0" | "n" | "off" | "否" => Value::YesNo(false),
                "" => return Err(Invalid::new("empty")),
                _ => return Err(Invalid::new("yes_no_form")),
            },
            Self::Link(_) => Value::Link(id(text, "link_form")?),
            Self::File => Value::Link(id(text, "file_form")?),
        })
    }

    /// The canonical text: what the API and exports say; `parse(show(v))` is `v`.
    pub fn show(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number::show(*number),
            Value::Date(date) => date.to_string(),
            Value::Time(time) => time.to_string(),
            Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Value::Link(id) => id.to_string(),
            Value::Many(values) => values.join(","),
        }
    }

    /// For people: labels instead of choices, digits grouped, phone numbers spaced.
    pub fn display(&self, value: &Value, zh: bool) -> String {
        match (self, value) {
            (Self::Phone, Value::Text(text)) => phone::display(text, zh),
            (Self::Choice(choices), Value::Text(text)) => label(choices, text, zh).to_owned(),
            (Self::ManyChoice(choices), Value::Many(values)) => {
                let labels: Vec<&str> = values.iter().map(|v| label(choices, v, zh)).collect();
                labels.join(if zh { "、" } else { ", " })
            }
            (Self::Number { .. }, Value::Number(number)) => number::display(*number, 0),
            (Self::Money { .. }, Value::Number(number)) => number::display(*number, 2),
            (_, Value::YesNo(yes)) if zh => if *yes { "是" } else { "否" }.to_owned(),
            _ => self.show(value),
        }
    }

    /// The order of two values of this kind: choices by their place in the list, text without regard to case.
    /// Lists sorted by pinyin are the index's matter.
    pub fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let place = |value: &String| self.choices().iter().position(|c| c.value == *value);
        match (a, b) {
            (Value::Text(a), Value::Text(b)) if matches!(self, Self::Choice(_)) => (place(a), a).cmp(&(place(b), b)),
            (Value::Text(a), Value::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()).then_with(|| a.cmp(b)),
            (Value::Number(a), Value::Number(b)) => a.cmp(b),
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            (Value::Time(a), Value::Time(b)) => a.cmp(b),
            (Value::YesNo(a), Value::YesNo(b)) => a.cmp(b),
            (Value::Link(a), Value::Link(b)) => a.cmp(b),
            (Value::Many(a), Value::Many(b)) => a.iter().map(place).cmp(b.iter().map(place)).then_with(|| a.cmp(b)),
            _ => rank(a).cmp(&rank(b)),
        }
    }

    /// The type of a plain field's column.
    pub fn column(&self) -> Column {
        match self {
            Self::Number { .. } | Self::Money { .. } => Column::Bigint,
            Self::Date => Column::Date,
            Self::Time => Column::Timestamp,
            Self::YesNo => Column::Boolean,
            Self::Link(_) | Self::File => Column::Uuid,
            _ => Column::Text,
        }
    }

    /// The form under which equal values are equal, for the keyed hash; `None` for kinds with few values.
    pub fn exact_key(&self, value: &Value) -> Option<String> {
        match (self, value) {
            (Self::Phone, Value::Text(text)) => {
                let (code, national, _) = phone::parts(text);
                Some(format!("{code}{national}"))
            }
            (Self::Text { .. } | Self::Email | Self::Url, Value::Text(text)) => {
                let folded = text::narrow(text).to_lowercase();
                Some(folded.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            _ => None,
        }
    }

    /// The text for the in-memory index, its case kept.
    pub fn search_text(&self, value: &Value) -> Option<String> {
        match (self, value) {
            (Self::Text { .. } | Self::LongText { .. } | Self::Email | Self::Phone | Self::Url, Value::Text(text)) => {
                Some(text.clone())
            }
            _ => None,
        }
    }

    /// The choices of a choice field, in order; none for any other kind.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::Choice(choices) | Self::ManyChoice(choices) => choices,
            _ => &[],
        }
    }
}

/// The choice whose value or label the text is, without regard to case.
fn choice<'a>(choices: &'a [Choice], text: &str) -> Result<&'a Choice, Invalid> {
    let text = text::trim(text);
    if text.is_empty() {
        return Err(Invalid::new("empty"));
    }
    let exact = choices.iter().find(|c| c.value == text);
    let folded = text.to_lowercase();
    exact
        .or_else(|| choices.iter().find(|c| c.value.to_lowercase() == folded))
        .or_else(|| choices.iter().find(|c| c.label.zh == text || c.label.en.to_lowercase() == folded))
        .ok_or_else(|| not_a_choice(choices))
}

/// Names the first choices; a list of countries would fill the page.
fn not_a_choice(choices: &[Choice]) -> Invalid {
    let mut names: Vec<&str> = choices.iter().take(12).map(|c| c.value.as_str()).collect();
    if choices.len() > names.len() {
        names.push("…");
    }
    Invalid::limited("not_a_choice", names.join(", "))
}

fn many(choices: &[Choice], text: &str) -> Result<Value, Invalid> {
    let parts = text.split([',', ';', '，', '、', '；', '|', '\n']).map(text::trim).filter(|part| !part.is_empty());
    let chosen: Vec<&Choice> = parts.map(|part| choice(choices, part)).collect::<Result<_, _>>()?;
    if chosen.is_empty() {
        return Err(Invalid::new("empty"));
    }
    let ordered = choices.iter().filter(|c| chosen.iter().any(|chosen| chosen.value == c.value));
    Ok(Value::Many(ordered.map(|c| c.value.clone()).collect()))
}

fn label<'a>(choices: &'a [Choice], value: &'a str, zh: bool) -> &'a str {
    choices.iter().find(|c| c.value == value).map_or(value, |c| c.label.of(zh))
}

fn id(text: &str, code: &'static str) -> Result<kernel::RecordId, Invalid> {
    match text::trim(text) {
        "" => Err(Invalid::new("empty")),
        text => text.parse().map_err(|_| Invalid::new(code)),
    }
}

/// An order for values of different kinds, which only a changed definition can bring together.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Text(_) => 0,
        Value::Number(_) => 1,
        Value::Date(_) => 2,
        Value::Time(_) => 3,
        Value::YesNo(_) => 4,
        Value::Link(_) => 5,
        Value::Many(_) => 6,
    }
}
