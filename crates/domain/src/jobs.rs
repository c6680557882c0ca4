//! Work nobody waits for: filling the index, following other nodes' changes, keeping blind hashes within their rule,
//! rotating epochs, sweeping. Each is a named actor that passes the same gate.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError},
    time::Duration,
};

use jiff::SignedDuration;
use kernel::{FieldName, JobId, PurposeSet, RecordId};
use ledger::Act as LedgerAct;
use model::{Object, Protect};
use seal::{Ask, Disclosed, Fields, Shown, blind_bits, blind_fits, epoch_name, policy::Act};
use store::{Batch, Page, Sort, Store, Target};

use crate::{Ctx, House, Result, Wording, index};

/// Records read by the index job under one entry.
const CHUNK: u64 = 1_000;
/// Keys re-wrapped in one transaction.
const REWRAP: i64 = 500;
/// How far back the change feed is read again: clocks of several nodes may differ by less than this.
const OVERLAP: SignedDuration = SignedDuration::from_secs(10);

/// What a rotation came to.
#[derive(Clone, Copy, Debug)]
pub struct Rotated {
    /// The new epoch.
    pub epoch: seal::Epoch,
    /// Keys re-wrapped.
    pub keys: u64,
}

impl House {
    /// Fills the index from the database: every searchable field of every record, through the gate.
    pub async fn fill_index(&self) -> Result<()> {
        let catalog = self.catalog();
        let objects: Vec<&Arc<Object>> =
            catalog.objects().filter(|o| o.fields().iter().any(|f| f.find.text())).collect();
        let mut total = 0;
        for object in &objects {
            total += self.store.rows(object).await?;
        }
        self.index.expect(total);
        for object in objects {
            self.index_object(object, None).await?;
            self.keep_blind(object).await?;
        }
        self.index.finish();
        // The whole table went through the readers: what they keep of it is not needed again soon.
        self.store.rest();
        Ok(())
    }

    /// Whether the index is filled; else how many of how many records are in it.
    pub fn index_progress(&self) -> std::result::Result<(), (u64, u64)> {
        self.index.progress()
    }

    /// Reads an object's records, or certain ones, into the index.
    ///
    /// The index serves every purpose, and each read has one: the job goes through its purposes, and leaves out rows
    /// that an earlier one opened as far as this one would.
    async fn index_object(&self, object: &Object, only: Option<&[RecordId]>) -> Result<()> {
        let mut done: Vec<(PurposeSet, Vec<FieldName>)> = Vec::new();
        let ctx = self.job("index", "index")?;
        for purpose in self.rules().policies().purposes_for(&ctx.actor, &object.name) {
            let probe = Ask { purpose: Some(&purpose), ..self.ask(&ctx, &object.name, Act::View, None) };
            let Ok(grant) = self.gate().grant(&probe) else { continue };
            let wanted: Vec<FieldName> = grant
                .shown()
                .iter()
                .map(|at| &object.fields()[*at])
                .filter(|field| field.find.text())
                .map(|field| field.name.clone())
                .collect();
            if wanted.is_empty() {
                continue;
            }
            let opened = done
                .iter()
                .filter(|(_, fields)| wanted.iter().all(|name| fields.contains(name)))
                .fold(PurposeSet::EMPTY, |all, (bit, _)| all.or(*bit));
            let mut filters = vec![store::Filter::NotLive(opened)];
            filters.extend(only.map(|ids| store::Filter::Ids(ids.to_vec())));
            done.push((PurposeSet::EMPTY.with(grant.purpose()), wanted.clone()));
            let mut after = None;
            loop {
                let ctx = self.job("index", "index")?;
                let grant = self.gate().grant(&Ask { fields: Fields::Named(&wanted), ..probe })?;
                let page = Page { sort: Sort { by: Target::Id, descending: false }, after, limit: CHUNK };
                let rows = self.store.page(&grant, &filters, &page, ctx.at).await?;
                let full = rows.len() as u64 == CHUNK;
                after = rows.last().map(|row| row.id);
                if !rows.is_empty() {
                    self.index.advance(rows.len() as u64);
                    let page = self.disclosed(&ctx, grant, rows, LedgerAct::Searched).await?;
                    self.index.put(object, texts(&page));
                }
                if !full {
                    break;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn blind_bits(&self, object: &str, field: &str) -> u32 {
        let blind = self.blind.read().unwrap_or_else(PoisonError::into_inner);
        blind.get(&format!("{object}.{field}")).copied().unwrap_or(1)
    }

    /// Reads how many bits each blind hash has.
    pub(crate) async fn load_blind(&self) -> Result<()> {
        let catalog = self.catalog();
        let mut found = std::collections::HashMap::new();
        for object in catalog.objects() {
            for field in object.fields().iter().filter(|f| f.find.exact() && f.protect == Protect::Cell) {
                let name = format!("{}.{}", object.name, field.name);
                if let Some(bits) = self.store.meta(&format!("blind:{name}")).await? {
                    found.insert(name, bits.parse().unwrap_or(1));
                }
            }
        }
        *self.blind.write().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(())
    }

    /// Makes an object's blind hashes anew where its number of rows has outgrown them.
    pub(crate) async fn keep_blind(&self, object: &Object) -> Result<()> {
        let rows = self.store.rows(object).await?;
        self.fit_blind(object, rows).await
    }

    /// The same for a number of rows that is about to be reached: an import plans ahead.
    pub(crate) async fn fit_blind(&self, object: &Object, rows: u64) -> Result<()> {
        for (at, field) in object.fields().iter().enumerate() {
            if !field.find.exact() || field.protect != Protect::Cell {
                continue;
            }
            if blind_fits(self.blind_bits(&object.name, &field.name), rows) {
                continue;
            }
            let bits = blind_bits(rows);
            let name = format!("{}.{}", object.name, field.name);
            let mut batch = Batch::new("blind.resized");
            batch.push(Store::set_meta(&format!("blind:{name}"), &bits.to_string()));
            self.store.write(batch).await?;
            self.blind.write().unwrap_or_else(PoisonError::into_inner).insert(name, bits);
            self.rehash(object, at).await?;
        }
        Ok(())
    }

    async fn rehash(&self, object: &Object, at: usize) -> Result<()> {
        let ctx = self.job("index", "index")?;
        let name = object.fields()[at].name.clone();
        for purpose in self.rules().policies().purposes_for(&ctx.actor, &object.name) {
            let mut after = None;
            loop {
                let ask = Ask {
                    fields: Fields::Named(std::slice::from_ref(&name)),
                    purpose: Some(&purpose),
                    ..self.ask(&ctx, &object.name, Act::View, None)
                };
                let Ok(grant) = self.gate().grant(&ask) else { break };
                let page = Page { sort: Sort { by: Target::Id, descending: false }, after, limit: CHUNK };
                let rows = self.store.page(&grant, &[], &page, ctx.at).await?;
                let full = rows.len() as u64 == CHUNK;
                after = rows.last().map(|row| row.id);
                if !rows.is_empty() {
                    let page = self.disclosed(&ctx, grant, rows, LedgerAct::Searched).await?;
                    let mut batch = Batch::new("blind.rehashed");
                    for row in &page.rows {
                        if let Some(Shown::Clear(value)) = row.values.first() {
                            let hash = self.hash(object, &object.fields()[at], value);
                            batch.push(store::set_blind(object, row.id, at, hash));
                        }
                    }
                    self.store.write(batch).await?;
                }
                if !full {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Re-wraps keys that are not under the newest epoch.
    pub async fn rewrap(&self, progress: &(dyn Fn(u64) + Sync)) -> Result<u64> {
        let current = self.keyring.current_epoch()?;
        let mut done = 0;
        loop {
            let stale = self.store.stale_keys(current, REWRAP).await?;
            if stale.is_empty() {
                return Ok(done);
            }
            let mut batch = Batch::new("keys.rewrapped");
            for key in &stale {
                let (to, wrapped) = self.keyring.rewrap(key.epoch, key.subject, &key.wrapped, self.rng())?;
                batch.push(Store::rewrap(key.subject, key.epoch, to, wrapped));
            }
            self.store.write(batch).await?;
            done += stale.len() as u64;
            progress(done);
        }
    }

    /// Epochs another node or the command line made since.
    pub(crate) async fn refresh_epochs(&self) -> Result<()> {
        for (number, wrapped) in self.store.epochs().await? {
            if !self.keyring.has_epoch(number) {
                let key = self.root.unwrap(&epoch_name(number), &wrapped)?;
                self.keyring.add_epoch(number, &key)?;
            }
        }
        Ok(())
    }

    /// How many keys each epoch wraps.
    pub async fn keys(&self, ctx: &Ctx) -> Result<Vec<(seal::Epoch, u64)>> {
        self.allow(ctx, seal::policy::SystemAct::ManageKeys).await?;
        Ok(self.store.keys_by_epoch().await?)
    }

    /// Runs the background work until the process ends; mail of its own has the words of `wording`. Call once, from
    /// `serve`.
    pub fn start_jobs(self: &Arc<Self>, wording: Wording) {
        let house = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = house.fill_index().await {
                tracing::error!(target: "custos::jobs", %error, "the search index could not be filled");
            }
            let mut seen: HashSet<JobId> = HashSet::new();
            let mut since = house.now() - OVERLAP;
            let mut tick = tokio::time::interval(Duration::from_secs(1));
            let mut beat: u32 = 0;
            loop {
                tick.tick().await;
                if let Err(error) = house.beat(beat, &mut seen, &mut since).await {
                    tracing::warn!(target: "custos::jobs", %error, "a background job failed and will be tried again");
                }
                beat = beat.wrapping_add(1);
            }
        });
        // Apart from the rest: copying takes as long as it takes, and purposes must end on time meanwhile.
        let house = Arc::clone(self);
        tokio::spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_secs(60));
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                if let Err(error) = house.keep_epochs().await {
                    tracing::error!(target: "custos::backup", %error, "epochs could not be kept; tried again in a minute");
                }
                if let Err(error) = house.keep_backups(wording).await {
                    tracing::error!(target: "custos::backup", %error, "a backup or drill that was due failed");
                }
            }
        });
    }

    async fn beat(&self, beat: u32, seen: &mut HashSet<JobId>, since: &mut jiff::Timestamp) -> Result<()> {
        let now = self.now();
        if self.refresh_rules().await? {
            tracing::info!(target: "custos::jobs", "definitions or policies changed; reloaded");
        }
        self.refresh_epochs().await?;
        self.follow(seen, since).await?;
        self.sweep_if_due(now).await?;
        self.send_mail().await?;
        if beat % 60 == 59 {
            self.load_directory().await?;
            let days = |n: i64| now - SignedDuration::from_hours(24 * n);
            let mut batch = Batch::new("old.swept");
            batch.extend(Store::sweep(now, now - SignedDuration::from_hours(1), days(1), days(30)));
            self.store.write(batch).await?;
            let catalog = self.catalog();
            for object in catalog.objects() {
                self.keep_blind(object).await?;
            }
        }
        Ok(())
    }

    /// Brings records that other processes changed into the index.
    async fn follow(&self, seen: &mut HashSet<JobId>, since: &mut jiff::Timestamp) -> Result<()> {
        let changes = self.store.announced(*since - OVERLAP, 5_000).await?;
        let mut by_object: std::collections::BTreeMap<String, Vec<RecordId>> = std::collections::BTreeMap::new();
        let mut fresh = HashSet::new();
        for (id, object, record, at) in changes {
            *since = (*since).max(at);
            if !seen.contains(&id) {
                by_object.entry(object).or_default().push(record);
            }
            fresh.insert(id);
        }
        *seen = fresh;
        let catalog = self.catalog();
        for (name, mut records) in by_object {
            let Some(object) = catalog.object(&name) else { continue };
            if !object.fields().iter().any(|f| f.find.text()) {
                continue;
            }
            records.sort();
            records.dedup();
            // This node's own writes are in the index already; only what differs is read again.
            records.retain(|record| !self.index.fresh(&name, *record));
            for chunk in records.chunks(500) {
                for record in chunk {
                    self.index.remove(&name, *record);
                }
                self.index_object(object, Some(chunk)).await?;
            }
        }
        Ok(())
    }
}

/// The searchable texts of a page, record by record.
fn texts(page: &Disclosed) -> Vec<(RecordId, index::Texts)> {
    let of = |row: &seal::DisclosedRow| {
        let fields = page.fields.iter().zip(&row.values);
        let texts = fields.filter_map(|(at, shown)| match shown {
            Shown::Clear(value) => {
                let kind = &page.object.fields()[*at].kind;
                Some((*at, index::text(kind, &kind.show(value))))
            }
            Shown::Masked(_) | Shown::Empty => None,
        });
        (row.id, texts.collect())
    };
    page.rows.iter().map(of).collect()
}

/// Waits until the index is filled, for commands and tests that need it whole.
pub async fn ready(house: &House) -> Result<()> {
    match house.index_progress() {
        Ok(()) => Ok(()),
        Err(_) => house.fill_index().await,
    }
}
