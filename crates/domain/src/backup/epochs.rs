//! Epochs come weekly and go after N days, so that an old backup cannot open whom has been erased since.

use backup::EpochKey;
use jiff::{SignedDuration, Timestamp};
use kernel::fill_array;
use ledger::Act as LedgerAct;
use seal::{Epoch, KEY_LEN, epoch_name, policy::SystemAct};
use store::{Batch, Store};
use zeroize::Zeroizing;

use super::{KEEP_EPOCH_DAYS, ROTATE_DAYS, days};
use crate::{Ctx, Error, House, Result, jobs::Rotated};

/// The jobs run each minute; whoever is promised a date is promised it with this to spare.
const SLACK: SignedDuration = SignedDuration::from_hours(1);

/// When nothing of a person erased at `erased` opens from any backup: once the epoch that was current then has been
/// followed by another and `keep` days have passed.
pub fn gone_by(
    epochs: &[(Epoch, Timestamp, Option<Timestamp>)],
    erased: Timestamp,
    now: Timestamp,
    rotate: u32,
    keep: u32,
) -> Option<Timestamp> {
    let at = epochs.iter().rposition(|(_, made, _)| *made <= erased).unwrap_or(0);
    let (_, made, destroyed) = epochs.get(at)?;
    if destroyed.is_some() {
        return *destroyed;
    }
    let followed = epochs.get(at + 1).map_or_else(|| (*made + days(rotate)).max(now), |(_, next, _)| *next);
    Some(followed + days(keep) + SLACK)
}

impl House {
    async fn epoch_days(&self) -> Result<(u32, u32)> {
        let settings = self.backup_settings().await?;
        Ok(settings.map_or((ROTATE_DAYS, KEEP_EPOCH_DAYS), |s| (s.rotate_days, s.keep_epoch_days)))
    }

    /// When nothing of a person erased at `erased` opens from any backup; of somebody about to be erased, ask about now.
    pub async fn gone_from_backups(&self, erased: Timestamp) -> Result<Option<Timestamp>> {
        let (rotate, keep) = self.epoch_days().await?;
        Ok(gone_by(&self.store.epoch_times().await?, erased, self.now(), rotate, keep))
    }

    /// Starts a new epoch and re-wraps every key under it, while serving; goes on where a stop interrupted it.
    ///
    /// The new key is in the escrow before anything is wrapped under it. If the escrow cannot be written, there is no new
    /// epoch.
    pub async fn rotate(&self, ctx: &Ctx, progress: &(dyn Fn(u64) + Sync)) -> Result<Rotated> {
        let policies = self.allow(ctx, SystemAct::ManageKeys).await?;
        let epoch = self.store.last_epoch().await? + 1;
        let key = Zeroizing::new(fill_array::<KEY_LEN>(self.rng()));
        if let Some(settings) = self.backup_settings().await? {
            let coming = EpochKey { number: epoch, key: *key, made: ctx.at };
            self.write_escrow(&settings, Some(coming), None).await?;
        }
        let wrapped = self.root.wrap(&epoch_name(epoch), &key[..], self.rng())?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::KeyRotated);
        entry.policies = policies;
        entry.why = Some(format!("epoch:{epoch}"));
        let mut batch = Batch::new("epoch.made");
        batch.push(Store::put_epoch(epoch, wrapped, ctx.at));
        self.commit(batch, &[entry]).await?;
        self.keyring.add_epoch(epoch, &key)?;
        let keys = self.rewrap(progress).await?;
        Ok(Rotated { epoch, keys })
    }

    /// Destroys the epochs that nothing is wrapped under and that were followed by another `keep` days ago; says which.
    ///
    /// The escrow goes first: if it cannot be written without them, they stay, and so does what people were told.
    pub async fn destroy_epochs(&self, ctx: &Ctx) -> Result<Vec<Epoch>> {
        let policies = self.allow(ctx, SystemAct::ManageKeys).await?;
        let (_, keep) = self.epoch_days().await?;
        let epochs = self.store.epoch_times().await?;
        let wraps = self.store.keys_by_epoch().await?;
        let old = |(at, (number, _, destroyed)): (usize, &(Epoch, Timestamp, Option<Timestamp>))| {
            let followed = epochs.get(at + 1)?.1;
            let due = destroyed.is_none() && followed + days(keep) <= ctx.at;
            (due && !wraps.iter().any(|(n, _)| n == number)).then_some(*number)
        };
        let going: Vec<Epoch> = epochs.iter().enumerate().filter_map(old).collect();
        if going.is_empty() {
            return Ok(going);
        }
        if let Some(settings) = self.backup_settings().await? {
            self.write_escrow(&settings, None, Some(&going)).await?;
        }
        for number in &going {
            let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::KeyDestroyed);
            entry.policies.clone_from(&policies);
            entry.why = Some(format!("epoch:{number}"));
            let mut batch = Batch::new("epoch.destroyed");
            batch.push(Store::destroy_epoch(*number, ctx.at));
            self.commit(batch, &[entry]).await?;
            self.keyring.drop_epoch(*number);
        }
        // The write-ahead log held the wrapped key; after this it does not.
        self.store.settle().await?;
        Ok(going)
    }

    /// What is due: a new epoch each week, what a stopped rotation left, the end of old epochs.
    pub async fn keep_epochs(&self) -> Result<()> {
        let ctx = self.job("backup", "backup")?;
        let (rotate, _) = self.epoch_days().await?;
        let epochs = self.store.epoch_times().await?;
        let newest = epochs.last().ok_or_else(|| Error::Setup("there is no epoch".into()))?;
        if newest.1 + days(rotate) <= ctx.at {
            self.rotate(&ctx, &|_| {}).await?;
        } else {
            self.rewrap(&|_| {}).await?;
        }
        self.destroy_epochs(&ctx).await?;
        Ok(())
    }
}
