//! Reading the ledger, which is itself on record; verifying, proving and exporting it.

use std::path::PathBuf;

use jiff::Timestamp;
use kernel::{ActorId, ObjectName, RecordId};
use ledger::{Act as LedgerAct, Entry, Exported, Proof, Report, Verifier};
use seal::policy::SystemAct;
use store::{EntryFilter, Snapshot};

use crate::{Ctx, Error, House, Result, Setup, house::ledger_of};

/// An entry with its position.
#[derive(Debug)]
pub struct Sequenced {
    /// Its position in the tree.
    pub seq: u64,
    /// The entry.
    pub entry: Entry,
}

/// A record somebody opened or changed not long ago.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Its object.
    pub object: ObjectName,
    /// The record.
    pub record: RecordId,
    /// What was done.
    pub act: LedgerAct,
    /// When.
    pub at: Timestamp,
}

/// How many of an actor's own entries are looked through for what was opened last.
const LOOKED_AT: u64 = 100;

impl House {
    /// What the actor opened or changed last, newest first, each record once. One's own entries are no secret: this is
    /// not a reading of the ledger.
    pub async fn recent(&self, ctx: &Ctx, most: usize) -> Result<Vec<Recent>> {
        let filter = EntryFilter { actor: Some(ctx.actor.id), limit: LOOKED_AT, ..EntryFilter::default() };
        let mut found: Vec<Recent> = Vec::new();
        for Sequenced { entry, .. } in self.found(&filter).await? {
            let told = matches!(entry.act, LedgerAct::Viewed | LedgerAct::Created | LedgerAct::Changed);
            let (true, Some(object), [record]) = (told && entry.why.is_none(), entry.object, &entry.records[..]) else {
                continue;
            };
            if found.len() < most && !found.iter().any(|known| known.record == *record) {
                found.push(Recent { object, record: *record, act: entry.act, at: entry.at });
            }
        }
        Ok(found)
    }

    /// Who changed a record last and when, for whoever is about to change it too.
    pub async fn last_change(&self, record: RecordId) -> Result<Option<(ActorId, Timestamp)>> {
        let act = Some(LedgerAct::Changed.word().to_owned());
        let filter = EntryFilter { act, record: Some(record), limit: 1, ..EntryFilter::default() };
        Ok(self.found(&filter).await?.first().map(|found| (found.entry.actor, found.entry.at)))
    }

    /// Entries, newest first; looking at them is an entry.
    pub async fn entries(&self, ctx: &Ctx, filter: &EntryFilter) -> Result<Vec<Sequenced>> {
        let policies = self.allow(ctx, SystemAct::ReadLedger).await?;
        let found = self.found(filter).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Viewed);
        entry.why = Some("ledger".into());
        entry.count = found.len() as u64;
        entry.policies = policies;
        entry.records = filter.record.into_iter().collect();
        self.record(entry).await?;
        Ok(found)
    }

    pub(crate) async fn found(&self, filter: &EntryFilter) -> Result<Vec<Sequenced>> {
        let rows = self.store.entries(filter).await?;
        rows.iter().map(|(seq, line)| Ok(Sequenced { seq: *seq, entry: Entry::parse(line)? })).collect()
    }

    /// How many entries are sequenced, and the signed checkpoint over them.
    pub async fn ledger_head(&self, ctx: &Ctx) -> Result<(u64, Option<String>)> {
        self.allow(ctx, SystemAct::VerifyLedger).await?;
        Ok(self.store.head().await?)
    }

    /// The key that checkpoints are verified with.
    pub fn ledger_key(&self) -> Result<String> {
        Ok(self.store.ledger_key()?)
    }

    /// Re-derives the whole ledger; an error of [`ledger::Error::Wrong`] names the first wrong entry.
    pub async fn verify_ledger(
        &self,
        ctx: &Ctx,
        trusted: Option<String>,
        mut progress: impl FnMut(u64, u64) + Send + 'static,
    ) -> Result<Report> {
        self.allow(ctx, SystemAct::VerifyLedger).await?;
        let key = self.verifier()?;
        self.over(move |source| ledger::verify(source, &key, trusted.as_deref(), &mut progress)).await
    }

    /// A proof that an entry is in the ledger, for somebody outside.
    pub async fn prove(&self, ctx: &Ctx, seq: u64) -> Result<Proof> {
        self.allow(ctx, SystemAct::VerifyLedger).await?;
        self.over(move |source| ledger::prove(source, seq)).await
    }

    /// Writes the ledger as files that outside tools verify.
    pub async fn export_ledger(&self, ctx: &Ctx, dir: PathBuf) -> Result<Exported> {
        self.allow(ctx, SystemAct::VerifyLedger).await?;
        let key = self.verifier()?;
        let exported = self.over(move |source| ledger::export(source, &dir, &key)).await?;
        self.record(ctx.entry(self.new_entry(ctx.at), LedgerAct::Exported)).await?;
        Ok(exported)
    }

    /// The same on the machine, over an installation that need not be open: nothing is written, so that whatever was
    /// done to the ledger is found as it was left.
    pub async fn verify_at(
        setup: &Setup,
        trusted: Option<String>,
        mut progress: impl FnMut(u64, u64) + Send + 'static,
    ) -> Result<Report> {
        let (store, signer) = ledger_of(setup).await?;
        let key = Verifier::from_vkey(&signer.verifier_key())?;
        let snapshot = store.snapshot().await?;
        blocking(move || ledger::verify(&snapshot, &key, trusted.as_deref(), &mut progress)).await
    }

    fn verifier(&self) -> Result<Verifier> {
        Ok(Verifier::from_vkey(&self.store.ledger_key()?)?)
    }

    pub(crate) async fn over<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Snapshot) -> std::result::Result<T, ledger::Error> + Send + 'static,
    ) -> Result<T> {
        let snapshot = self.store.snapshot().await?;
        blocking(move || work(&snapshot)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, ledger::Error> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| Error::Setup("the ledger could not be read to its end".into()))??)
}
