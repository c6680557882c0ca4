//! Disclosure of what a record was: old and new values of its changes, as the ledger keeps them sealed.
//!
//! A past value is shown as the present one of the same field would be: by the same grant, at the same level, on record
//! before it is opened.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kernel::{ActorId, ActorKind, EntryId, FieldName, Level};
use ledger::{Act as LedgerAct, Entry};

use crate::{
    Error, Grant, Result, Sealed, SealedRow, Shown, Stored,
    disclose::{Circumstances, Recorder, entry, open},
    keyring::{Epoch, Keyring, Subject},
    policy::Act,
};

/// One earlier change of a record, as far as its viewer may know of it.
#[derive(Debug)]
pub struct PastChange {
    /// Its entry.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: ActorId,
    /// What kind of actor that is.
    pub actor_kind: ActorKind,
    /// What was done.
    pub act: LedgerAct,
    /// The fields that changed, by position in the object, with the value before and after.
    pub fields: Vec<(usize, Shown, Shown)>,
}

/// The name under which an entry keeps a field's value before (`old`) or after (`new`) a change.
pub fn past_name(field: &FieldName, which: &str) -> String {
    format!("change:{field}:{which}")
}

/// Spends a grant to view on a record's changes: records, then opens.
///
/// `key` is the row's key also where no cell of the row itself needs it. A value sealed under another key (the record
/// was somebody else's then) or under none any more is shown as empty.
///
/// # Errors
/// As [`crate::disclose`].
pub async fn disclose_past(
    grant: Grant,
    row: &SealedRow,
    key: Option<(Epoch, Subject, Vec<u8>)>,
    changes: Vec<Entry>,
    keyring: &Keyring,
    recorder: &impl Recorder,
    at: Circumstances,
) -> Result<Vec<PastChange>> {
    let seen = row.seen(&grant);
    let live = row.live.has(grant.purpose()) && row.live_until.is_none_or(|until| until > at.at);
    if grant.act() != Act::View || !live || !grant.rows().holds(&seen) {
        return Err(Error::OutsideGrant);
    }
    let fields = grant.object().fields();
    let level_of = |index: &usize| (*index, grant.level(&fields[*index], &seen));
    let levels: Vec<(usize, Level)> = grant.shown().iter().map(level_of).filter(|(_, l)| *l != Level::None).collect();
    let of_this = |change: &Entry| change.records == [row.id];
    let mut clear = BTreeSet::new();
    let mut masked = BTreeSet::new();
    for name in changes.iter().filter(|change| of_this(change)).flat_map(|change| &change.clear) {
        match levels.iter().find(|(index, _)| fields[*index].name == *name) {
            Some((index, Level::Clear)) => _ = clear.insert(*index),
            Some((index, _)) => _ = masked.insert(*index),
            None => {}
        }
    }
    let names = |set: BTreeSet<usize>| set.into_iter().map(|i| fields[i].name.clone()).collect::<Vec<FieldName>>();
    let mut record = entry(&grant, LedgerAct::Viewed, at, vec![row.id], names(clear), names(masked));
    record.why.get_or_insert_with(|| "history".to_owned());
    recorder.record(record).await.map_err(Error::Ledger)?;

    let subject = key.as_ref().map(|(_, subject, _)| *subject);
    let key = key.map(|(epoch, subject, wrapped)| keyring.subject_key(epoch, subject, &wrapped)).transpose()?;
    let mut out = Vec::with_capacity(changes.len());
    for change in changes {
        let mut shown = Vec::new();
        let names = change.clear.iter().filter(|_| of_this(&change));
        for (index, level) in names.filter_map(|name| levels.iter().find(|(index, _)| fields[*index].name == *name)) {
            let field = &fields[*index];
            let value = |which: &str| -> Result<Shown> {
                let name = past_name(&field.name, which);
                let part = change.sealed.iter().find(|part| part.name == name);
                let Some(part) = part.filter(|part| Some(*part.about.as_bytes()) == subject) else {
                    return Ok(Shown::Empty);
                };
                let stored = Stored::Cell(Sealed::from_stored(part.bytes.clone()));
                Ok(match open(grant.object(), field, row.id, &stored, key.as_ref())? {
                    None => Shown::Empty,
                    Some(value) if *level == Level::Clear => Shown::Clear(value),
                    Some(value) => Shown::Masked(field.mask.apply(&field.kind, &value)),
                })
            };
            shown.push((*index, value("old")?, value("new")?));
        }
        out.push(PastChange {
            entry: change.id,
            at: change.at,
            actor: change.actor,
            actor_kind: change.actor_kind,
            act: change.act,
            fields: shown,
        });
    }
    Ok(out)
}
