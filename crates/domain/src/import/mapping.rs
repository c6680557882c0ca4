//! Which column goes to which field: guessed from names and contents, corrected by a human, then fixed for the run.

use std::fmt;

use kernel::FieldName;
use model::{Kind, Object, Subject};

use super::{
    DateOrder, LeftOut, Numbers, Problem, Sheet, cell,
    fields::{Bad, value},
    words,
};

/// How many rows the guesses from contents look at.
const SAMPLE_ROWS: usize = 200;

/// Where a column goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a field.
    Field(FieldName),
    /// A whole name, split into family and given name where a row has neither in columns of their own.
    FullName,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => f.write_str(field),
            Self::FullName => f.write_str("full name"),
        }
    }
}

/// What becomes of a row with a cell that its field does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BadCells {
    /// The row is refused, with the reason for each such cell.
    #[default]
    RefuseRow,
    /// The cell is left out and noted; a required field still refuses the row.
    LeaveOut,
}

/// How the columns of a file become fields.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The names of the columns, as in the sheet.
    pub names: Vec<String>,
    /// For each column where it goes; `None` is not taken over.
    pub columns: Vec<Option<Target>>,
    /// The columns that no field is known for.
    pub unmapped: Vec<String>,
    /// What is not taken over on principle, with how many rows have it; empty columns are not told.
    pub left_out: Vec<LeftOut>,
    /// What the guess could not decide, such as two columns for one field.
    pub problems: Vec<Problem>,
    /// A value for a field that no column gives, e.g. `status` = `new` for every row.
    pub fixed: Vec<(FieldName, String)>,
    /// The order of day and month in dates; `None` refuses the dates that need it.
    pub dates: Option<DateOrder>,
    /// How numbers are written.
    pub numbers: Numbers,
    /// The column that says the country, so that a phone number without country code can be read.
    pub country: Option<usize>,
    /// The country of phone numbers where no column says it (ISO 3166-1 alpha-2).
    pub region: Option<String>,
    /// What becomes of rows with bad cells.
    pub bad_cells: BadCells,
}

impl Mapping {
    /// Sends a column somewhere else, or nowhere. Refused if another column already goes there.
    ///
    /// # Errors
    /// The problem to show, if there is no such column or the target is taken.
    pub fn send(&mut self, column: &str, target: Option<Target>) -> Result<(), Problem> {
        let at = self.names.iter().position(|name| name == column);
        let at =
            at.ok_or_else(|| Problem::refused(1, "no_column", "the file has no column of this name").at(column))?;
        if target.is_some() && self.columns.iter().enumerate().any(|(i, t)| i != at && *t == target) {
            return Err(taken(column));
        }
        self.unmapped.retain(|name| name != column);
        if target.is_none() {
            self.unmapped.push(column.to_owned());
        }
        self.problems.retain(|p| p.column.as_deref() != Some(column));
        if let Some(slot) = self.columns.get_mut(at) {
            *slot = target;
        }
        Ok(())
    }

    fn has(&self, target: &Target) -> bool {
        self.columns.iter().flatten().any(|t| t == target)
    }

    fn free<'o>(&self, object: &'o Object, fields: &[&str]) -> Option<&'o FieldName> {
        let known = fields.iter().filter_map(|name| object.field(name));
        known.map(|f| &f.name).find(|name| !self.has(&Target::Field((*name).clone())))
    }
}

fn taken(column: &str) -> Problem {
    let what = "another column already goes to the same field: this one is not read unless you choose it instead";
    Problem::noted(1, "same_field", what).at(column)
}

/// Proposes where each column goes: by the field's own name or label, then by the list of names in `words.toml`, then,
/// for columns nothing is known of, by what their cells look like.
pub fn guess(sheet: &Sheet, object: &Object) -> Mapping {
    let mut mapping = Mapping {
        names: sheet.header.clone(),
        columns: vec![None; sheet.header.len()],
        unmapped: Vec::new(),
        left_out: sheet.left_out.clone(),
        problems: Vec::new(),
        fixed: Vec::new(),
        dates: sheet.dates,
        numbers: sheet.numbers,
        country: None,
        region: None,
        bad_cells: BadCells::default(),
    };
    let columns: Vec<Column<'_>> = (0..sheet.header.len()).map(|at| Column { sheet, at }).collect();
    let (mut open, mut gone) = (Vec::new(), Vec::new());
    for column in &columns {
        match column.meaning(object) {
            Meaning::To(target) if mapping.has(&target) => mapping.problems.push(taken(column.name())),
            Meaning::To(target) if column.fits_nowhere(&target, object) => {
                let what =
                    "no value of this column is one that the field of this name takes: not read unless you map it";
                mapping.problems.push(Problem::noted(1, "no_cell_fits", what).at(column.name()));
            }
            Meaning::To(target) => mapping.columns[column.at] = Some(target),
            Meaning::LeftOut(what) => {
                leave_out(&mut mapping, column, what);
                gone.push(column.at);
            }
            Meaning::NoField => {}
            Meaning::Unknown => open.push(column),
        }
    }
    by_parts_of_a_name(&mut mapping, object, &open);
    for column in open.iter().filter(|c| c.holds_anything()) {
        if mapping.columns[column.at].is_some() {
            continue;
        }
        if column.mostly(cell::is_identity_number) {
            leave_out(&mut mapping, column, "identity document");
            gone.push(column.at);
        } else if let Some(target) = column.content(object, &mapping) {
            mapping.columns[column.at] = Some(target);
        }
    }
    mapping.country = (0..columns.len()).find(|at| words::means(&sheet.header[*at], "country"));
    mapping.unmapped = (0..columns.len())
        .filter(|at| mapping.columns[*at].is_none() && !gone.contains(at))
        .map(|at| sheet.header[at].clone())
        .collect();
    // New people and projects begin at the first stage; a file seldom says so.
    for field in ["status", "stage"].iter().filter_map(|name| object.field(name)).filter(|f| f.required) {
        if let (false, Some(first)) = (mapping.has(&Target::Field(field.name.clone())), field.choices().first()) {
            mapping.fixed.push((field.name.clone(), first.value.clone()));
        }
    }
    mapping
}

fn leave_out(mapping: &mut Mapping, column: &Column<'_>, what: &str) {
    let name = column.name();
    let what = if column.sheet.named { name.to_owned() } else { format!("{name}: {what}") };
    let count = column.cells(usize::MAX).count();
    if count > 0 {
        mapping.left_out.push(LeftOut { what, why: words::NO_PURPOSE, count });
    }
}

enum Meaning {
    To(Target),
    LeftOut(&'static str),
    /// Known, and no field is for it: what its cells look like must not send it anywhere.
    NoField,
    Unknown,
}

/// One column of the sheet.
struct Column<'s> {
    sheet: &'s Sheet,
    at: usize,
}

impl<'s> Column<'s> {
    fn name(&self) -> &'s str {
        &self.sheet.header[self.at]
    }

    /// The cell of a row; empty if there is none.
    fn cell(&self, row: usize) -> &'s str {
        self.sheet.rows.get(row).and_then(|row| row.cells.get(self.at)).map_or("", |cell| cell.trim())
    }

    /// The first cells that hold something.
    fn cells(&self, rows: usize) -> impl Iterator<Item = &'s str> + use<'s> {
        let at = self.at;
        let cells = self.sheet.rows.iter().take(rows).filter_map(move |row| row.cells.get(at));
        cells.map(|c| c.trim()).filter(|c| !cell::is_empty(c))
    }

    fn holds_anything(&self) -> bool {
        self.cells(SAMPLE_ROWS).next().is_some()
    }

    /// Whether at least four of five cells are so, and there is one.
    fn mostly(&self, is: fn(&str) -> bool) -> bool {
        let (mut all, mut so) = (0, 0);
        for cell in self.cells(SAMPLE_ROWS) {
            all += 1;
            so += usize::from(is(cell));
        }
        all > 0 && so * 5 >= all * 4
    }

    /// Whether it has cells, and not one is a value of the field, so that its name must mean something else.
    fn fits_nowhere(&self, target: &Target, object: &Object) -> bool {
        let Target::Field(name) = target else { return false };
        let Some(field) = object.field(name).filter(|f| !matches!(f.kind, Kind::Phone | Kind::Link(_))) else {
            return false;
        };
        let Sheet { dates, numbers, .. } = *self.sheet;
        let mut cells = self.cells(SAMPLE_ROWS).peekable();
        cells.peek().is_some()
            && cells.all(|cell| match value(&field.kind, cell, dates, numbers, None) {
                Err(Bad::Invalid(_)) => true,
                // A date in an unknown order is a date all the same.
                Ok(_) | Err(Bad::Order) => false,
            })
    }

    /// What its name says.
    fn meaning(&self, object: &Object) -> Meaning {
        if !self.sheet.named {
            return Meaning::Unknown;
        }
        let name = self.name();
        // A twin such as `Phone (2)` means what the first one means.
        let bare = name.rsplit_once(" (").map_or(name, |(bare, rest)| if rest.ends_with(')') { bare } else { name });
        let folded = words::fold(name);
        let own = |f: &&model::Field| {
            [f.name.as_str(), &f.label.en, &f.label.zh].iter().any(|word| words::fold(word) == folded)
        };
        if let Some(field) = object.fields().iter().find(own) {
            return Meaning::To(Target::Field(field.name.clone()));
        }
        // What is not collected wins over every guess, but not over a field that somebody defined with a purpose.
        if let Some(what) = words::not_collected(name) {
            return Meaning::LeftOut(what);
        }
        if words::fold(name) == "title" && self.mostly(cell::is_honorific) {
            if let Some(field) = object.field("salutation") {
                return Meaning::To(Target::Field(field.name.clone()));
            }
            return Meaning::Unknown;
        }
        for meaning in words::meanings(bare, object.name.as_str()) {
            if meaning.full_name && has_names(object) {
                return Meaning::To(Target::FullName);
            }
            if let Some(field) = meaning.fields.iter().find_map(|f| object.field(f)) {
                return Meaning::To(Target::Field(field.name.clone()));
            }
        }
        if words::has_no_field(bare) { Meaning::NoField } else { Meaning::Unknown }
    }

    /// What its cells say.
    fn content(&self, object: &Object, mapping: &Mapping) -> Option<Target> {
        let fields: &[&str] = if self.mostly(cell::is_email) {
            &["email"]
        } else if self.mostly(cell::is_mobile) {
            &["mobile", "phone"]
        } else if self.mostly(cell::is_phone) {
            &["phone", "mobile"]
        } else if self.mostly(cell::is_url) {
            &["website", "url"]
        } else if !self.sheet.named && self.mostly(cell::is_chinese_name) && has_names(object) {
            return (!mapping.has(&Target::FullName)).then_some(Target::FullName);
        } else {
            return None;
        };
        mapping.free(object, fields).cloned().map(Target::Field)
    }
}

fn has_names(object: &Object) -> bool {
    object.subject == Subject::Person && object.field("family_name").is_some() && object.field("given_name").is_some()
}

/// Without a header: where one column is always two others joined by a space, it is the whole name and they its parts.
fn by_parts_of_a_name(mapping: &mut Mapping, object: &Object, open: &[&Column<'_>]) {
    let (Some(family), Some(given), false) = (object.field("family_name"), object.field("given_name"), open.len() > 20)
    else {
        return;
    };
    for whole in open {
        let rows = whole.sheet.rows.len().min(SAMPLE_ROWS);
        for (first, last) in open.iter().flat_map(|a| open.iter().map(move |b| (a, b))) {
            let joins = |row| {
                let (first, last) = (first.cell(row), last.cell(row));
                !first.is_empty() && !last.is_empty() && whole.cell(row) == format!("{first} {last}")
            };
            if rows > 0 && first.at != last.at && (0..rows).all(joins) {
                mapping.columns[whole.at] = Some(Target::FullName);
                mapping.columns[first.at] = Some(Target::Field(given.name.clone()));
                mapping.columns[last.at] = Some(Target::Field(family.name.clone()));
                return;
            }
        }
    }
}

/// Whether a field is a link, so that a column gives the title of another record rather than its id.
pub(super) fn is_link(kind: &Kind) -> bool {
    matches!(kind, Kind::Link(_))
}
