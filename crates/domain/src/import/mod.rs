//! Reading lists of people, companies and parts from files that somebody else's program wrote.
//!
//! Three steps, all pure, so that a preview, a dry run and the run itself cannot differ:
//! [`read`] turns bytes into a [`Sheet`] of text cells, [`guess`] proposes which column goes to which field,
//! [`to_fields`] turns one row into typed values or says for each cell why not.
//!
//! Nothing is dropped silently: what cannot be read is a [`Problem`] with its line, what is not collected at all
//! (birthdays, sex, photos, identity-card numbers) is counted in `left_out`. No message holds a value of a cell.

mod card;
mod cell;
mod decode;
mod fields;
mod ldif;
mod mapping;
mod table;
mod text;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;

pub use cell::{DateOrder, Numbers};
pub use fields::{Fields, Link, to_fields};
pub use mapping::{BadCells, Mapping, Target, guess};

/// What the user has said about a file; all that is `None` is guessed.
#[derive(Debug, Clone)]
pub struct Options {
    /// The kind of file.
    pub format: Option<Format>,
    /// The character encoding, by any WHATWG label (`gbk`, `shift_jis`, `windows-1252`, …) or `utf-32le`, `utf-32be`.
    pub encoding: Option<String>,
    /// What separates two cells.
    pub delimiter: Option<char>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
    /// How many physical lines to pass over before the first row.
    pub skip_lines: usize,
    /// The order of day, month and year in dates.
    pub dates: Option<DateOrder>,
    /// The largest file that is read, in bytes.
    pub max_bytes: usize,
    /// The longest cell that is read, in bytes of UTF-8; a row with a longer one is refused.
    pub max_cell: usize,
    /// The largest number of cells in a file, so that a file of separators cannot fill the memory.
    pub max_cells: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            encoding: None,
            delimiter: None,
            header: None,
            skip_lines: 0,
            dates: None,
            max_bytes: 64 << 20,
            max_cell: 1 << 20,
            max_cells: 8_000_000,
        }
    }
}

/// The kinds of file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Rows of cells, separated by comma, semicolon, tab or bar (RFC 4180 and what programs make of it).
    Csv,
    /// vCard 2.1, 3.0 or 4.0 (RFC 2426, RFC 6350).
    Vcard,
    /// vCard as JSON (RFC 7095).
    Jcard,
    /// vCard as XML (RFC 6351).
    Xcard,
    /// A directory's export (RFC 2849).
    Ldif,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "CSV",
            Self::Vcard => "vCard",
            Self::Jcard => "jCard",
            Self::Xcard => "xCard",
            Self::Ldif => "LDIF",
        })
    }
}

/// A file as rows of text, with what was guessed on the way.
#[derive(Clone)]
pub struct Sheet {
    /// The kind of file.
    pub format: Format,
    /// The encoding the bytes were read in.
    pub encoding: String,
    /// What separated the cells; `None` for a single column and for files that are not CSV.
    pub delimiter: Option<char>,
    /// Whether the file named its columns; if not, they are called `Column 1`, `Column 2`, …
    pub named: bool,
    /// The order in dates such as 02/01/2014; `None` if no date shows it.
    pub dates: Option<DateOrder>,
    /// How numbers are written.
    pub numbers: Numbers,
    /// The columns; no two have the same name.
    pub header: Vec<String>,
    /// The rows that could be read, each as wide as the header.
    pub rows: Vec<Row>,
    /// What could not be read, and what was mended.
    pub problems: Vec<Problem>,
    /// What the file holds and no field is for.
    pub left_out: Vec<LeftOut>,
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sheet")
            .field("format", &self.format)
            .field("encoding", &self.encoding)
            .field("delimiter", &self.delimiter)
            .field("columns", &self.header.len())
            .field("rows", &self.rows.len())
            .field("problems", &self.problems.len())
            .finish_non_exhaustive()
    }
}

/// One row, card or entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which it begins, from 1.
    pub line: usize,
    /// Its cells, as many as the header has.
    pub cells: Vec<String>,
}

impl fmt::Debug for Row {
    /// Says where the row is and how wide, never what it holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row(line {}, {} cells)", self.line, self.cells.len())
    }
}

/// Something that could not be read, or that was mended in reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file, from 1.
    pub line: usize,
    /// The column or property, if it is about one.
    pub column: Option<String>,
    /// A stable name of the kind of problem, for messages in other languages.
    pub code: &'static str,
    /// What is wrong and how to mend it, in English, without any value.
    pub what: String,
    /// Whether the row was refused; if not, it was read and this is for the reader to know.
    pub refused: bool,
}

impl Problem {
    fn refused(line: usize, code: &'static str, what: impl Into<String>) -> Self {
        Self { line, column: None, code, what: what.into(), refused: true }
    }

    fn noted(line: usize, code: &'static str, what: impl Into<String>) -> Self {
        Self { line, column: None, code, what: what.into(), refused: false }
    }

    fn at(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "line {}, {column}: {}", self.line, self.what),
            None => write!(f, "line {}: {}", self.line, self.what),
        }
    }
}

/// Something a file holds that is not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is: `birthday`, `photo`, or the name of a column.
    pub what: String,
    /// Why: `no purpose needs it`, `no field`.
    pub why: &'static str,
    /// How many rows have it.
    pub count: usize,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "left out: {} ({}), in {}", self.what, self.why, self.count)
    }
}

/// Why a file as a whole cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than the limit.
    #[error("the file has {size} bytes, the limit is {limit}: split it")]
    TooLarge { size: usize, limit: usize },
    /// It has more columns than anybody maps.
    #[error("the file has more than {limit} columns")]
    TooManyColumns { limit: usize },
    /// It has more cells than the limit.
    #[error("the file has more than {limit} cells: split it")]
    TooManyCells { limit: usize },
    /// It is a workbook, an archive, a picture, …
    #[error("this is {what}, not text: {mend}")]
    NotText { what: &'static str, mend: &'static str },
    /// So much of it cannot be read that it was read in the wrong way.
    #[error(
        "more than {limit} lines have a problem: check the encoding, the separator and the number of lines to skip"
    )]
    TooManyProblems { limit: usize },
    /// The forced encoding does not exist.
    #[error("there is no encoding of this name: use one such as utf-8, gbk, big5, shift_jis, windows-1252, utf-16le")]
    UnknownEncoding,
    /// The forced delimiter cannot separate cells.
    #[error("a delimiter is one ASCII character that is neither a quote nor a line end")]
    BadDelimiter,
    /// JSON or XML that is not a list of vCards.
    #[error("this {format} file is not a vCard list: export it as CSV or vCard")]
    NotCards { format: &'static str },
    /// JSON or XML that is broken.
    #[error("line {line}: this is not well-formed {format}")]
    Malformed { format: &'static str, line: usize },
}

impl ReadError {
    /// A stable name of the kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::TooLarge { .. } => "file_too_large",
            Self::TooManyCells { .. } => "too_many_cells_in_file",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::NotText { .. } => "not_text",
            Self::TooManyProblems { .. } => "too_many_problems",
            Self::UnknownEncoding => "unknown_encoding",
            Self::BadDelimiter => "bad_delimiter",
            Self::NotCards { .. } => "not_cards",
            Self::Malformed { .. } => "malformed",
        }
    }
}

/// The most columns of a file.
const MAX_COLUMNS: usize = 1_000;

/// Refuses a table that padding short rows would blow up: a file of 64 MiB must not need gigabytes.
fn check_size(rows: usize, columns: usize, options: &Options) -> Result<(), ReadError> {
    if columns > MAX_COLUMNS {
        return Err(ReadError::TooManyColumns { limit: MAX_COLUMNS });
    }
    match rows.saturating_mul(columns) > options.max_cells {
        true => Err(ReadError::TooManyCells { limit: options.max_cells }),
        false => Ok(()),
    }
}

/// The most problems that are collected; each takes memory, and nobody reads more.
const MAX_PROBLEMS: usize = 100_000;

fn check_problems(problems: &[Problem]) -> Result<(), ReadError> {
    if problems.len() > MAX_PROBLEMS { Err(ReadError::TooManyProblems { limit: MAX_PROBLEMS }) } else { Ok(()) }
}

/// Reads a file into rows of text. Never panics, whatever the bytes are.
///
/// # Errors
/// Only if nothing of the file can be read; a bad row is a [`Problem`] of the sheet.
pub fn read(bytes: &[u8], options: &Options) -> Result<Sheet, ReadError> {
    if bytes.len() > options.max_bytes {
        return Err(ReadError::TooLarge { size: bytes.len(), limit: options.max_bytes });
    }
    decode::refuse_binary(bytes)?;
    let charset = match &options.encoding {
        Some(label) => decode::Charset::named(label, bytes).ok_or(ReadError::UnknownEncoding)?,
        None => decode::Charset::guess(bytes),
    };
    let decoded = charset.decode(bytes);
    if decoded.text.chars().all(|c| c.is_whitespace() || c == '\0') {
        return Err(ReadError::Empty);
    }
    let format = options.format.unwrap_or_else(|| text::format(&decoded.text));
    // A tree of values takes many times the text, so these are read up to a quarter.
    let limit = options.max_bytes / 4;
    if matches!(format, Format::Jcard | Format::Xcard) && bytes.len() > limit {
        return Err(ReadError::TooLarge { size: bytes.len(), limit });
    }
    match format {
        Format::Csv => table::read(decoded, options),
        Format::Vcard => card::read(bytes, &charset, decoded, options),
        Format::Jcard => card::read_json(decoded, options),
        Format::Xcard => card::read_xml(decoded, options),
        Format::Ldif => ldif::read(decoded, options),
    }
}
