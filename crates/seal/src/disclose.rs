//! Disclosure: the only way from stored to plain.
//!
//! [`disclose`] spends a grant. It checks every row against the grant once more, has the ledger entry made durable, and
//! only then opens granted fields, masks masked ones and drops the rest. If the recorder fails, nothing is opened.

use std::{
    collections::{BTreeSet, HashSet},
    future::Future,
    sync::Arc,
};

use jiff::Timestamp;
use kernel::{ActorId, EntryId, FieldName, Level, PersonId, PurposeSet, RecordId, RequestId, TeamId, Via};
use ledger::{Act as LedgerAct, Entry, Outcome};
use model::{Field, Object, Value};

use crate::{
    Error, Grant, Result, Sealed,
    keyring::{Epoch, Keyring, Subject, SubjectKey},
    policy::{Act, Attr, Literal, Row as PolicyRow},
    sealed::Place,
};

/// Makes entries durable; implemented by the store.
pub trait Recorder: Sync {
    /// Returns when the entry is durable, or says that it is not.
    fn record(
        &self,
        entry: Entry,
    ) -> impl Future<Output = std::result::Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send;
}

/// The circumstances of an act, as its entry names them.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The entry's id.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// The request or command it belongs to.
    pub request: RequestId,
    /// The way it came in.
    pub via: Via,
}

/// A row as the store fetched it: sealed, with what conditions need.
#[derive(Clone, Debug)]
pub struct SealedRow {
    /// Its id.
    pub id: RecordId,
    /// The person it is about, if any.
    pub person: Option<PersonId>,
    /// Its version, counted up by each change.
    pub version: i64,
    /// Its owner.
    pub owner: Option<ActorId>,
    /// Its team.
    pub team: Option<TeamId>,
    /// The purposes live for its person; all of them when it is about nobody.
    pub live: PurposeSet,
    /// When the next of them ends: from then on the set is stale and the row is not disclosed.
    pub live_until: Option<Timestamp>,
    /// Whether its person's data are restricted (GDPR art. 18).
    pub restricted: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Whose key its cells are sealed under, and that key as stored. `None` once the key is destroyed.
    pub key: Option<(Epoch, Subject, Vec<u8>)>,
    /// Its cells, parallel to [`Grant::columns`].
    pub cells: Vec<Stored>,
}

/// One cell as stored.
#[derive(Clone)]
pub enum Stored {
    /// No value.
    Null,
    /// A cell of its own ciphertext.
    Cell(Sealed),
    /// A plain column: still disclosed only through a grant.
    Plain(Value),
}

impl std::fmt::Debug for Stored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Cell(_) => "Cell(…)",
            Self::Plain(_) => "Plain(…)",
        })
    }
}

/// What a viewer gets: rows with granted fields open, masked ones behind their mask, others absent.
///
/// ```compile_fail
/// // Disclosed values are shown by pages and API field by field, never serialised wholesale.
/// fn dump(d: &seal::Disclosed) -> String { serde_json::to_string(d).unwrap() }
/// ```
#[derive(Debug)]
pub struct Disclosed {
    /// The object.
    pub object: Arc<Object>,
    /// The fields of each row, by position in the object, in this order.
    pub fields: Vec<usize>,
    /// The rows.
    pub rows: Vec<DisclosedRow>,
    /// The entry that records it.
    pub entry: EntryId,
}

/// One disclosed row.
#[derive(Debug)]
pub struct DisclosedRow {
    /// Its id.
    pub id: RecordId,
    /// The person it is about, if any.
    pub person: Option<PersonId>,
    /// Its version.
    pub version: i64,
    /// Its owner.
    pub owner: Option<ActorId>,
    /// Its team.
    pub team: Option<TeamId>,
    /// The purposes live for it.
    pub live: PurposeSet,
    /// When the next of them ends.
    pub live_until: Option<Timestamp>,
    /// Whether restricted.
    pub restricted: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Parallel to [`Disclosed::fields`].
    pub values: Vec<Shown>,
}

/// One disclosed value.
pub enum Shown {
    /// The value itself.
    Clear(Value),
    /// Its mask; the value is gone.
    Masked(String),
    /// There is no value, or none that this viewer gets: the two look alike.
    Empty,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Clear(_) => "Clear(…)",
            Self::Masked(_) => "Masked(…)",
            Self::Empty => "Empty",
        })
    }
}

impl Disclosed {
    /// The value of a field of a row; `Empty` for a field that is not part of this disclosure.
    pub fn value<'a>(&'a self, row: &'a DisclosedRow, field: &str) -> &'a Shown {
        self.fields
            .iter()
            .position(|at| self.object.fields()[*at].name.as_str() == field)
            .map_or(&Shown::Empty, |at| &row.values[at])
    }
}

/// Keeps only rows whose value of `field` has this exact key: tells a blind hash's coincidences from its match.
#[derive(Clone, Copy, Debug)]
pub struct Sieve<'a> {
    /// The field, by position in the object; it must be among the grant's columns.
    pub field: usize,
    /// The exact key wanted (see `model::Kind::exact_key`).
    pub exact_key: &'a str,
}

/// The most records one entry names: a line of the ledger stays under 64 KiB.
pub const MAX_RECORDS: usize = 1_000;

/// Spends a grant on rows: records, then opens. At most [`MAX_RECORDS`] rows.
///
/// `act` is the word of the entry (viewed, listed, searched, exported, revealed).
///
/// # Errors
/// [`Error::OutsideGrant`] if a row does not satisfy the grant or its purpose is not live at `at.at`;
/// [`Error::Ledger`] if the entry could not be made durable; [`Error::DoesNotOpen`] if a cell was altered.
/// In every case nothing is disclosed.
pub async fn disclose(
    grant: Grant,
    rows: Vec<SealedRow>,
    keyring: &Keyring,
    recorder: &impl Recorder,
    act: LedgerAct,
    at: Circumstances,
) -> Result<Disclosed> {
    if rows.len() > MAX_RECORDS || crate::gate::writes(grant.act()) {
        return Err(Error::OutsideGrant);
    }
    let fields = grant.object().fields();
    let mut clear = BTreeSet::new();
    let mut masked = BTreeSet::new();
    let mut levels = Vec::with_capacity(rows.len() * grant.shown().len());
    for row in &rows {
        let seen = row.seen(&grant);
        let live = row.live.has(grant.purpose()) && row.live_until.is_none_or(|until| until > at.at);
        if !live || row.cells.len() != grant.columns().len() || !grant.rows().holds(&seen) {
            return Err(Error::OutsideGrant);
        }
        for (cell, index) in grant.shown().iter().enumerate() {
            let level = match row.cells[cell] {
                Stored::Null => Level::None,
                Stored::Cell(_) | Stored::Plain(_) => grant.level(&fields[*index], &seen),
            };
            match level {
                Level::Clear => _ = clear.insert(*index),
                Level::Masked => _ = masked.insert(*index),
                Level::None => {}
            }
            levels.push(level);
        }
    }
    let names = |set: BTreeSet<usize>| set.into_iter().map(|i| fields[i].name.clone()).collect::<Vec<FieldName>>();
    let entry = entry(&grant, act, at, rows.iter().map(|r| r.id).collect(), names(clear), names(masked));
    recorder.record(entry).await.map_err(Error::Ledger)?;

    let object = Arc::clone(grant.object());
    let mut levels = levels.into_iter();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let key = row.open_key(keyring)?;
        let mut values = Vec::with_capacity(grant.shown().len());
        for (stored, index) in row.cells.iter().zip(grant.shown()) {
            let level = levels.next().unwrap_or(Level::None);
            values.push(show(&object, &fields[*index], row.id, stored, key.as_ref(), level)?);
        }
        out.push(DisclosedRow {
            id: row.id,
            person: row.person,
            version: row.version,
            owner: row.owner,
            team: row.team,
            live: row.live,
            live_until: row.live_until,
            restricted: row.restricted,
            created: row.created,
            updated: row.updated,
            values,
        });
    }
    Ok(Disclosed { fields: grant.shown().to_vec(), object, rows: out, entry: at.entry })
}

/// Spends a grant on a number: records that `count` rows were counted.
pub async fn count(grant: Grant, count: u64, recorder: &impl Recorder, at: Circumstances) -> Result<u64> {
    let mut entry = entry(&grant, LedgerAct::Counted, at, Vec::new(), Vec::new(), Vec::new());
    entry.count = count;
    recorder.record(entry).await.map_err(Error::Ledger)?;
    Ok(count)
}

/// Spends a grant on figures: records that `count` rows were counted or summed by these fields, whose values the figures
/// tell of.
pub async fn tally(
    grant: Grant,
    count: u64,
    used: Vec<FieldName>,
    recorder: &impl Recorder,
    at: Circumstances,
) -> Result<()> {
    let mut entry = entry(&grant, LedgerAct::Counted, at, Vec::new(), used, Vec::new());
    entry.count = count;
    recorder.record(entry).await.map_err(Error::Ledger)
}

/// Drops the rows whose value differs from the exact key looked for. Opens inside this crate and answers yes or no;
/// nothing plain leaves it.
pub fn sieve(grant: &Grant, rows: Vec<SealedRow>, keyring: &Keyring, sieve: Sieve<'_>) -> Result<Vec<SealedRow>> {
    let mut kept = Vec::new();
    for row in rows {
        if exact_key(grant, &row, keyring, sieve.field)?.as_deref() == Some(sieve.exact_key) {
            kept.push(row);
        }
    }
    Ok(kept)
}

/// Which of these exact keys some row has: [`sieve`] for many keys at once. Answers with keys it was given; nothing plain
/// leaves it.
pub fn known(
    grant: &Grant,
    rows: &[SealedRow],
    keyring: &Keyring,
    at: usize,
    keys: &HashSet<String>,
) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    for row in rows {
        found.extend(exact_key(grant, row, keyring, at)?.filter(|key| keys.contains(key)));
    }
    Ok(found)
}

/// The exact key of a row's value (see `model::Kind::exact_key`); the field must be among the grant's columns.
fn exact_key(grant: &Grant, row: &SealedRow, keyring: &Keyring, at: usize) -> Result<Option<String>> {
    let cell = grant.columns().iter().position(|column| *column == at).ok_or(Error::OutsideGrant)?;
    let object = grant.object();
    let field = &object.fields()[at];
    let key = row.open_key(keyring)?;
    let value = open(object, field, row.id, &row.cells[cell], key.as_ref())?;
    Ok(value.and_then(|value| field.kind.exact_key(&value)))
}

impl SealedRow {
    /// The row as the conditions of a grant see it.
    pub fn seen<'a>(&'a self, grant: &'a Grant) -> impl PolicyRow + 'a {
        Seen { row: self, grant }
    }

    fn open_key(&self, keyring: &Keyring) -> Result<Option<SubjectKey>> {
        let needs = self.cells.iter().any(|cell| matches!(cell, Stored::Cell(_)));
        match &self.key {
            Some((epoch, subject, wrapped)) if needs => keyring.subject_key(*epoch, *subject, wrapped).map(Some),
            _ => Ok(None),
        }
    }
}

fn show(
    object: &Object,
    field: &Field,
    record: RecordId,
    stored: &Stored,
    key: Option<&SubjectKey>,
    level: Level,
) -> Result<Shown> {
    if level == Level::None {
        return Ok(Shown::Empty);
    }
    Ok(match open(object, field, record, stored, key)? {
        None => Shown::Empty,
        Some(value) if level == Level::Clear => Shown::Clear(value),
        Some(value) => Shown::Masked(field.mask.apply(&field.kind, &value)),
    })
}

pub(crate) fn open(
    object: &Object,
    field: &Field,
    record: RecordId,
    stored: &Stored,
    key: Option<&SubjectKey>,
) -> Result<Option<Value>> {
    let shut = || Error::DoesNotOpen { object: object.name.clone(), field: field.name.clone() };
    match stored {
        Stored::Null => Ok(None),
        Stored::Plain(value) => Ok(Some(value.clone())),
        Stored::Cell(sealed) => {
            let place = Place { object: &object.name, record, field: &field.name };
            let plain = key.ok_or_else(shut)?.open(&place, sealed).map_err(|_| shut())?;
            field.kind.decode(&plain).map(Some).map_err(|_| shut())
        }
    }
}

pub(crate) fn entry(
    grant: &Grant,
    act: LedgerAct,
    at: Circumstances,
    records: Vec<RecordId>,
    clear: Vec<FieldName>,
    masked: Vec<FieldName>,
) -> Entry {
    Entry {
        id: at.entry,
        at: at.at,
        actor: grant.actor().id,
        actor_kind: grant.actor().kind,
        via: at.via.to_string(),
        purpose: Some(grant.purpose_name().clone()),
        basis: None,
        act,
        object: Some(grant.object().name.clone()),
        count: records.len() as u64,
        records,
        clear,
        masked,
        policies: grant.policies().to_vec(),
        request: at.request,
        outcome: Outcome::Done,
        why: grant.emergency().then(|| "emergency".to_owned()),
        sealed: Vec::new(),
    }
}

/// A fetched row as conditions see it.
struct Seen<'a> {
    row: &'a SealedRow,
    grant: &'a Grant,
}

impl PolicyRow for Seen<'_> {
    fn get(&self, attr: &Attr) -> Option<Literal> {
        match attr {
            Attr::Owner => self.row.owner.map(Literal::User),
            Attr::Team => self.row.team.map(Literal::Team),
            Attr::Id => Some(Literal::Record(self.row.id)),
            Attr::Restricted => Some(Literal::Bool(self.row.restricted)),
            Attr::LivePurposes => None,
            Attr::Field(name) => {
                let object = self.grant.object();
                let at = self.grant.columns().iter().position(|i| object.fields()[*i].name == *name)?;
                match &self.row.cells[at] {
                    Stored::Plain(value) => literal(value),
                    Stored::Null | Stored::Cell(_) => None,
                }
            }
        }
    }

    fn live(&self, purpose: &str) -> bool {
        self.grant.catalog().purpose(purpose).is_some_and(|p| self.row.live.has(p.purpose))
    }
}

/// A plain value as policies know it (see [`Literal`]); links and lists are not attributes of a policy.
pub fn literal(value: &Value) -> Option<Literal> {
    Some(match value {
        Value::Text(text) => Literal::Text(text.as_str().into()),
        Value::Number(n) => Literal::Long(*n),
        Value::Date(date) => {
            Literal::Long(i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day()))
        }
        Value::Time(at) => Literal::Long(kernel::micros(*at)),
        Value::YesNo(yes) => Literal::Bool(*yes),
        Value::Link(_) | Value::Many(_) => return None,
    })
}

/// The acts whose grants `disclose` accepts, as the ledger's word for a single record.
pub fn ledger_act(act: Act, many: bool) -> LedgerAct {
    match act {
        Act::Reveal => LedgerAct::Revealed,
        Act::Export => LedgerAct::Exported,
        _ if many => LedgerAct::Listed,
        _ => LedgerAct::Viewed,
    }
}
