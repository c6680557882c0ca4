//! One line of the ledger.

use std::{borrow::Cow, fmt, fmt::Write as _};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use kernel::{ActorId, ActorKind, EntryId, FieldName, ObjectName, PersonId, PurposeName, RecordId, RequestId};
use serde::Deserialize;

use crate::{Act, Error, Outcome};

/// The longest line, in bytes: bundles of entries have 16-bit lengths (C2SP tlog-tiles).
pub const MAX_LINE: usize = 65_535;
/// How many records an entry may name and still be sure to fit, given at most about 20 KiB of other content.
pub const MAX_RECORDS: usize = 1_000;

/// One line of the ledger: who did what to which records, why, and how much of them was shown.
///
/// No personal value stands in it in clear: what could identify a person is a [`SealedPart`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// When, in microseconds; what is finer is cut off.
    pub at: Timestamp,
    /// Who.
    pub actor: ActorId,
    /// What kind of actor.
    pub actor_kind: ActorKind,
    /// By what way: `session:<id>`, `token:<id>`, `job:<name>`, `command:<name>`, `stranger` (see [`kernel::Via`]).
    pub via: String,
    /// What for.
    pub purpose: Option<PurposeName>,
    /// On what basis.
    pub basis: Option<String>,
    /// What was done.
    pub act: Act,
    /// To what kind of record.
    pub object: Option<ObjectName>,
    /// To which records; at most [`MAX_RECORDS`], more take several entries.
    pub records: Vec<RecordId>,
    /// Fields shown in clear, or written.
    pub clear: Vec<FieldName>,
    /// Fields shown masked.
    pub masked: Vec<FieldName>,
    /// How many records, also where they are not named.
    pub count: u64,
    /// The policies that decided.
    pub policies: Vec<String>,
    /// The request or command it belongs to.
    pub request: RequestId,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, as a stable code, never as free text.
    pub why: Option<String>,
    /// What could identify a person, each part under that person's key.
    pub sealed: Vec<SealedPart>,
}

/// A part of an entry that only a person's key opens; unreadable once the person is erased.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedPart {
    /// Whose key.
    pub about: PersonId,
    /// What it is: `change:phone:old`, `address`.
    pub name: String,
    /// The ciphertext.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for SealedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedPart({} of {:?}, {} bytes)", self.name, self.about, self.bytes.len())
    }
}

impl Entry {
    /// The canonical line: JSON, keys in the order of the struct, no spaces, absent values left out, no line end. These
    /// bytes are the leaf of the tree.
    ///
    /// Fails if the line would be longer than [`MAX_LINE`].
    pub fn to_line(&self) -> Result<Vec<u8>, Error> {
        if !(-62_167_219_200..=253_402_300_799).contains(&self.at.as_second()) {
            return Err(Error::Year);
        }
        let mut line = Line(String::with_capacity(512 + 39 * self.records.len()));
        line.shown("id", self.id);
        line.shown("at", format_args!("{:.6}", self.at));
        line.shown("actor", self.actor);
        line.shown("actor_kind", self.actor_kind.word());
        line.text("via", &self.via);
        line.maybe("purpose", self.purpose.as_deref());
        line.maybe("basis", self.basis.as_deref());
        line.shown("act", self.act.word());
        line.maybe("object", self.object.as_deref());
        line.list("records", &self.records, |text, id| {
            let _ = write!(text, "\"{id}\"");
        });
        line.list("clear", &self.clear, |text, name| quote(text, name));
        line.list("masked", &self.masked, |text, name| quote(text, name));
        if self.count > 0 {
            line.key("count");
            let _ = write!(line.0, "{}", self.count);
        }
        line.list("policies", &self.policies, |text, id| quote(text, id));
        line.shown("request", self.request);
        line.shown("outcome", self.outcome.word());
        line.maybe("why", self.why.as_deref());
        line.list("sealed", &self.sealed, |text, part| {
            let _ = write!(text, "{{\"about\":\"{}\",\"name\":", part.about);
            quote(text, &part.name);
            text.push_str(",\"bytes\":\"");
            BASE64_STANDARD.encode_string(&part.bytes, text);
            text.push_str("\"}");
        });
        line.0.push('}');
        match line.0.len() {
            ..=MAX_LINE => Ok(line.0.into_bytes()),
            bytes => Err(Error::TooLong { bytes }),
        }
    }

    /// The entry of a line. Refuses what is not canonical, so that one entry has one form and one hash.
    pub fn parse(line: &[u8]) -> Result<Self, Error> {
        let entry = Self::read(line)?;
        if entry.to_line()? == line { Ok(entry) } else { Err(Error::NotCanonical) }
    }

    /// The entry of a line that may not be canonical.
    pub(crate) fn read(line: &[u8]) -> Result<Self, Error> {
        let wire: Wire<'_> = serde_json::from_slice(line).map_err(|error| Error::NotAnEntry {
            // The message of serde could quote the line.
            what: match error.classify() {
                serde_json::error::Category::Data => "a key is missing, unknown, double or of the wrong kind",
                serde_json::error::Category::Eof => "the line ends early",
                _ => "not JSON",
            },
            at: error.column(),
        })?;
        let bad = |what| Error::NotAnEntry { what, at: 0 };
        Ok(Self {
            id: wire.id,
            at: wire.at,
            actor: wire.actor,
            actor_kind: actor_kind(&wire.actor_kind).ok_or(bad("unknown kind of actor"))?,
            via: wire.via,
            purpose: wire.purpose,
            basis: wire.basis,
            act: Act::parse(&wire.act).ok_or(bad("unknown act"))?,
            object: wire.object,
            records: wire.records,
            clear: wire.clear,
            masked: wire.masked,
            count: wire.count,
            policies: wire.policies,
            request: wire.request,
            outcome: Outcome::parse(&wire.outcome).ok_or(bad("unknown outcome"))?,
            why: wire.why,
            sealed: wire
                .sealed
                .into_iter()
                .map(|part| {
                    let bytes = BASE64_STANDARD
                        .decode(part.bytes.as_bytes())
                        .map_err(|_| bad("a sealed part is not base64"))?;
                    Ok(SealedPart { about: part.about, name: part.name, bytes })
                })
                .collect::<Result<_, Error>>()?,
        })
    }
}

fn actor_kind(word: &str) -> Option<ActorKind> {
    [ActorKind::User, ActorKind::Token, ActorKind::Job, ActorKind::Operator]
        .into_iter()
        .find(|kind| kind.word() == word)
}

/// The line as JSON has it. Deserialised only: the one writer is [`Entry::to_line`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    id: EntryId,
    at: Timestamp,
    actor: ActorId,
    #[serde(borrow)]
    actor_kind: Cow<'a, str>,
    via: String,
    purpose: Option<PurposeName>,
    basis: Option<String>,
    #[serde(borrow)]
    act: Cow<'a, str>,
    object: Option<ObjectName>,
    #[serde(default)]
    records: Vec<RecordId>,
    #[serde(default)]
    clear: Vec<FieldName>,
    #[serde(default)]
    masked: Vec<FieldName>,
    #[serde(default)]
    count: u64,
    #[serde(default)]
    policies: Vec<String>,
    request: RequestId,
    #[serde(borrow)]
    outcome: Cow<'a, str>,
    why: Option<String>,
    #[serde(default, borrow)]
    sealed: Vec<WirePart<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WirePart<'a> {
    about: PersonId,
    name: String,
    #[serde(borrow)]
    bytes: Cow<'a, str>,
}

/// Writes the canonical line. Writing to a `String` cannot fail, hence the ignored results.
struct Line(String);

impl Line {
    fn key(&mut self, key: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        let _ = write!(self.0, "\"{key}\":");
    }

    /// A value whose text needs no escape.
    fn shown(&mut self, key: &str, value: impl fmt::Display) {
        self.key(key);
        let _ = write!(self.0, "\"{value}\"");
    }

    fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        quote(&mut self.0, text);
    }

    fn maybe(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    fn list<T>(&mut self, key: &str, items: &[T], write: impl Fn(&mut String, &T)) {
        if items.is_empty() {
            return;
        }
        self.key(key);
        for (i, item) in items.iter().enumerate() {
            self.0.push(if i == 0 { '[' } else { ',' });
            write(&mut self.0, item);
        }
        self.0.push(']');
    }
}

/// A JSON string as RFC 8785 §3.2.2.2 writes it: the shortest escape where one must be, everything else as it is.
fn quote(line: &mut String, text: &str) {
    line.push('"');
    for c in text.chars() {
        match c {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            '\u{8}' => line.push_str("\\b"),
            '\u{c}' => line.push_str("\\f"),
            c if c < ' ' => {
                let _ = write!(line, "\\u{:04x}", c as u32);
            }
            c => line.push(c),
        }
    }
    line.push('"');
}
