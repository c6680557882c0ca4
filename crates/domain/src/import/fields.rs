//! One row of text into typed values, or the reason for each cell that is none.

use std::borrow::Cow;

use kernel::FieldName;
use model::{Field, Invalid, Kind, Object, Value, names, phone};

use super::{BadCells, DateOrder, Mapping, Numbers, Problem, Row, Target, cell, words};

/// What a row says.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// Values by field, in the order of the columns. Empty cells give none.
    pub values: Vec<(FieldName, Value)>,
    /// The titles of other records, such as a company's name, to be looked up.
    pub links: Vec<Link>,
    /// Cells that were left out because [`BadCells::LeaveOut`] says so.
    pub problems: Vec<Problem>,
}

/// The title of another record that a field links to.
#[derive(Clone)]
pub struct Link {
    /// The field.
    pub field: FieldName,
    /// What the file calls the record.
    pub title: String,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Link({})", self.field)
    }
}

/// Reads one row.
///
/// # Errors
/// Every problem of the row at once: cells that their fields do not take, and required fields without a value.
pub fn to_fields(row: &Row, mapping: &Mapping, object: &Object) -> Result<Fields, Vec<Problem>> {
    let mut reading =
        Reading { row, mapping, region: region(row, mapping), fields: Fields::default(), bad: Vec::new() };
    let targets = || mapping.columns.iter().enumerate().filter_map(|(at, target)| Some((at, target.as_ref()?)));
    for (at, target) in targets() {
        if let Target::Field(name) = target
            && let Some(field) = object.field(name)
        {
            reading.cell(field, at);
        }
    }
    if let Some((at, _)) = targets().find(|(_, target)| **target == Target::FullName) {
        reading.full_name(object, at);
    }
    reading.one_name(object);
    for (name, text) in &mapping.fixed {
        if let Some(field) = object.field(name).filter(|_| !reading.has(name)) {
            reading.text(field, text, name);
        }
    }
    for field in object.fields().iter().filter(|f| f.required) {
        // A cell that was given and is wrong has its own reason already.
        if !reading.has(&field.name) && !reading.given_and_bad(&field.name) {
            let what = format!("{} is required and the row has none", field.label.en);
            reading.bad.push(Problem::refused(row.line, "required", what).at(&field.name));
        }
    }
    reading.done(object)
}

struct Reading<'r> {
    row: &'r Row,
    mapping: &'r Mapping,
    region: Option<Cow<'r, str>>,
    fields: Fields,
    bad: Vec<Problem>,
}

impl<'r> Reading<'r> {
    fn has(&self, field: &FieldName) -> bool {
        self.fields.values.iter().any(|(name, _)| name == field)
            || self.fields.links.iter().any(|link| link.field == *field)
    }

    fn cell(&mut self, field: &Field, at: usize) {
        if let Some(text) = self.row.cells.get(at).filter(|c| !cell::is_empty(c)) {
            let column = self.mapping.names.get(at).map_or("", String::as_str);
            self.text(field, text, column);
        }
    }

    fn text(&mut self, field: &Field, text: &str, column: &str) {
        match self.value(field, text) {
            Ok(value) => self.fields.values.push((field.name.clone(), value)),
            // A link that is no id is a title.
            Err(_) if super::mapping::is_link(&field.kind) => {
                self.fields.links.push(Link { field: field.name.clone(), title: text.trim().to_owned() });
            }
            Err(Bad::Invalid(why)) => {
                self.bad.push(Problem::refused(self.row.line, why.code(), why.to_string()).at(column));
            }
            Err(Bad::Order) => {
                let what = "the date may be read in two ways: say whether the day or the month comes first";
                self.bad.push(Problem::refused(self.row.line, "date_order", what).at(column));
            }
        }
    }

    fn value(&self, field: &Field, text: &str) -> Result<Value, Bad> {
        let Mapping { dates, numbers, .. } = *self.mapping;
        value(&field.kind, text, dates, numbers, self.region.as_deref())
    }

    /// Splits a whole name, unless the row gives family or given name in columns of their own.
    fn full_name(&mut self, object: &Object, at: usize) {
        let (Some(family), Some(given)) = (object.field("family_name"), object.field("given_name")) else { return };
        if self.has(&family.name) || self.has(&given.name) {
            return;
        }
        let Some(full) = self.row.cells.get(at).filter(|c| !cell::is_empty(c)) else { return };
        let column = self.mapping.names.get(at).map_or("", String::as_str);
        let (family_name, given_name) = names::split_full_name(full);
        for (field, part) in [(family, family_name), (given, given_name)] {
            if !part.is_empty() {
                self.text(field, &part, column);
            }
        }
    }

    /// A person with one name has it as family name, as the form keeps it.
    fn one_name(&mut self, object: &Object) {
        let (Some(family), Some(given)) = (object.field("family_name"), object.field("given_name")) else { return };
        if !self.has(&family.name)
            && !self.given_and_bad(&family.name)
            && let Some((name, _)) = self.fields.values.iter_mut().find(|(name, _)| *name == given.name)
        {
            name.clone_from(&family.name);
        }
    }

    fn given_and_bad(&self, field: &FieldName) -> bool {
        self.bad.iter().filter_map(|p| p.column.as_deref()).any(|column| match self.target(column) {
            Some(Target::Field(name)) => name == field,
            Some(Target::FullName) => matches!(field.as_str(), "family_name" | "given_name"),
            None => column == field.as_str(),
        })
    }

    /// Where the column of a problem goes.
    fn target(&self, column: &str) -> Option<&'r Target> {
        let at = self.mapping.names.iter().position(|name| name == column)?;
        self.mapping.columns.get(at)?.as_ref()
    }

    fn done(mut self, object: &Object) -> Result<Fields, Vec<Problem>> {
        if self.bad.is_empty() {
            return Ok(self.fields);
        }
        let optional = |problem: &Problem| match problem.column.as_deref().and_then(|column| self.target(column)) {
            Some(Target::Field(name)) => object.field(name).is_some_and(|f| !f.required),
            _ => false,
        };
        if self.mapping.bad_cells == BadCells::LeaveOut && self.bad.iter().all(optional) {
            self.fields.problems = self.bad.into_iter().map(|p| Problem { refused: false, ..p }).collect();
            return Ok(self.fields);
        }
        Err(self.bad)
    }
}

pub(super) enum Bad {
    Invalid(Invalid),
    /// A date that is two different days, with nothing to say which.
    Order,
}

impl From<Invalid> for Bad {
    fn from(why: Invalid) -> Self {
        Self::Invalid(why)
    }
}

/// The value of a cell for a kind of field.
pub(super) fn value(
    kind: &Kind,
    text: &str,
    dates: Option<DateOrder>,
    numbers: Numbers,
    region: Option<&str>,
) -> Result<Value, Bad> {
    Ok(match kind {
        Kind::Date => kind.parse(&date(text, dates)?)?,
        Kind::Number { .. } | Kind::Money { .. } => kind.parse(&number(text, numbers))?,
        Kind::Phone => match kind.parse(text) {
            // Lists of one country leave the country code out.
            Err(why) => match region {
                Some(region) => Value::Text(phone::parse_in(text, Some(region))?),
                None => return Err(why.into()),
            },
            Ok(value) => value,
        },
        Kind::Choice(_) => kind.parse(text).or_else(|why| {
            // "1 (Unlimited)" says 1; "Germany" says DE; "ROHS3 Compliant" says compliant.
            let bare = text.split(['(', '（']).next().unwrap_or(text);
            let mut known = words::choices(text).iter().chain(words::choices(bare)).map(String::as_str);
            let other = words::country(text).into_iter().chain([bare]);
            known.by_ref().chain(other).find_map(|word| kind.parse(word).ok()).ok_or(why)
        })?,
        _ => kind.parse(text)?,
    })
}

/// The country whose numbers the row has: what its country column says, else what was said for the file.
fn region<'r>(row: &Row, mapping: &'r Mapping) -> Option<Cow<'r, str>> {
    let text = mapping.country.and_then(|at| row.cells.get(at)).map(|c| c.trim()).unwrap_or_default();
    // "UK" has two letters and is no code: names come first.
    let code = words::country(text).map(str::to_owned).or_else(|| {
        (text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
    });
    code.map(Cow::Owned).or_else(|| mapping.region.as_deref().map(Cow::Borrowed))
}

/// A date with the year first, which is the one way the house writes it.
fn date(text: &str, order: Option<DateOrder>) -> Result<Cow<'_, str>, Bad> {
    let Some((mark, [a, b, c])) = cell::date_parts(text) else { return Ok(Cow::Borrowed(text)) };
    if a.len() == 4 {
        return Ok(Cow::Owned(format!("{a}-{b}-{c}")));
    }
    let number = |p: &str| p.parse::<u8>().unwrap_or(0);
    let order = match (number(a) > 12, number(b) > 12) {
        (true, _) => DateOrder::Dmy,
        (_, true) => DateOrder::Mdy,
        _ if a == b => DateOrder::Dmy,
        _ => order.or((mark == '.').then_some(DateOrder::Dmy)).ok_or(Bad::Order)?,
    };
    let (day, month) = match order {
        DateOrder::Dmy => (a, b),
        DateOrder::Mdy => (b, a),
    };
    // POSIX: 69 to 99 are of the twentieth century.
    let year = match (c.len(), number(c)) {
        (2, year @ 69..) => format!("19{year}"),
        (2, _) => format!("20{c}"),
        _ => c.to_owned(),
    };
    Ok(Cow::Owned(format!("{year}-{month}-{day}")))
}

/// A number with a decimal point and without currency signs and blanks.
fn number(text: &str, style: Numbers) -> String {
    let bare: String = text
        .trim()
        .trim_matches(|c: char| matches!(c, '$' | '€' | '£' | '¥' | '￥' | '%') || c.is_alphabetic())
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’'))
        .collect();
    match style {
        Numbers::Point => bare,
        Numbers::Comma => bare.replace('.', "").replace(',', "."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_turned_round() {
        let turned = |text, order| date(text, order).map(Cow::into_owned).ok();
        assert_eq!(turned("31/12/2012", None).as_deref(), Some("2012-12-31"));
        assert_eq!(turned("3/30/12", None).as_deref(), Some("2012-3-30"));
        assert_eq!(turned("02/01/2014", None), None, "two days are possible");
        assert_eq!(turned("02/01/2014", Some(DateOrder::Dmy)).as_deref(), Some("2014-01-02"));
        assert_eq!(turned("02/01/2014", Some(DateOrder::Mdy)).as_deref(), Some("2014-02-01"));
        assert_eq!(turned("02.01.2014", None).as_deref(), Some("2014-01-02"));
        assert_eq!(turned("1996-07-04 00:00:00.000", None).as_deref(), Some("1996-07-04"));
        assert_eq!(turned("1.2.70", None).as_deref(), Some("1970-2-1"));
        assert_eq!(turned("soon", None).as_deref(), Some("soon"));
    }

    #[test]
    fn numbers_are_turned_round() {
        assert_eq!(number("$1,234.50", Numbers::Point), "1,234.50");
        assert_eq!(number("1.234,50 €", Numbers::Comma), "1234.50");
        assert_eq!(number("200.000.000", Numbers::Comma), "200000000");
        assert_eq!(number("12 345,6", Numbers::Comma), "12345.6");
    }
}
