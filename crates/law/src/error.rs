//! What can go wrong, in words a reader can act on.

use std::{fmt, path::PathBuf};

/// A mistake in a pack, a calendar or a scenario file, with its place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The file's name as it was handed in.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

impl Problem {
    pub(crate) fn new(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.into(), line, what: what.into() }
    }

    /// A problem at a byte offset of the text.
    pub(crate) fn at(file: &str, text: &str, offset: usize, what: impl Into<String>) -> Self {
        Self::new(file, line_of(text, offset), what)
    }

    pub(crate) fn toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        Self::new(file, line, error.message().trim().replace('\n', " "))
    }
}

/// The line of a byte offset, counted from 1.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    let end = offset.min(text.len());
    text.as_bytes()[..end].iter().filter(|b| **b == b'\n').count() + 1
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Packs, calendars or scenarios that do not load.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// A file or folder that could not be read.
    #[error("could not read {0}")]
    Read(PathBuf, #[source] std::io::Error),
    /// No pack of that name.
    #[error("no pack `{pack}`: there are {known}")]
    UnknownPack { pack: String, known: String },
    /// No such version of a pack.
    #[error("pack `{pack}` has no version `{version}`: there are {known}")]
    UnknownVersion { pack: String, version: String, known: String },
    /// The pack has no request kind of that name.
    #[error("pack `{pack}` knows no request `{request}`: it knows {known}")]
    UnknownRequest { pack: String, request: String, known: String },
    /// The pack does not reach that region, or none was stated.
    #[error("pack `{pack}` does not cover the region `{region}`: it covers {known}")]
    UnknownRegion { pack: String, region: String, known: String },
    /// A question about a pack of several regions that names none.
    #[error("say which region of pack `{pack}` is meant: it covers {known}")]
    RegionNeeded { pack: String, known: String },
    /// No pack has a rule for that event.
    #[error("no pack knows the event `{event}`: there are {known}")]
    UnknownEvent { event: String, known: String },
    /// The pack asks for no such fact.
    #[error("pack `{pack}` asks for no fact `{fact}`: it asks for {known}")]
    UnknownFact { pack: String, fact: String, known: String },
    /// A fact of the wrong kind.
    #[error("fact `{fact}` is {expected}")]
    FactKind { fact: String, expected: String },
    /// A text that is no time.
    #[error("`{0}` is no time: write 2026-01-31, 2026-01-31T10:00:00+01:00 or 2026-01-31T10:00:00 (local)")]
    BadTime(String),
    /// A text that is no event.
    #[error("`{0}` is no event: write KIND@TIME or KIND:CONTENT+CONTENT@TIME")]
    BadEvent(String),
    /// A question the engine refuses, because asking it would break the law itself.
    #[error("{pack}: {text} ({article})")]
    Forbidden { pack: String, article: String, text: String },
    /// No rule of that name.
    #[error("pack `{pack}` has no rule `{rule}`")]
    UnknownRule { pack: String, rule: String },
    /// The kind of record is in no retention rule.
    #[error("no retention rule knows the record `{record}`: there are {known}")]
    UnknownRecord { record: String, known: String },
    /// A date beyond what a calendar can hold.
    #[error("the date lies outside the years 1 to 9999")]
    OutOfRange,
}

impl From<jiff::Error> for Error {
    fn from(_: jiff::Error) -> Self {
        Self::OutOfRange
    }
}

/// The result of a question.
pub type Result<T> = std::result::Result<T, Error>;
