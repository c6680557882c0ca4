//! Tries of passwords and codes, counted before they are judged, so that many at once count as many.

use jiff::SignedDuration;
use ledger::{Act, Outcome};
use store::{Batch, Step, Store};

use crate::{Ctx, Error, House, Result};

/// The longest wait after a failure, in seconds.
const LONGEST_WAIT: i64 = 900;

/// A counter of failures in a row; after the free ones each doubles the wait before the next.
pub(crate) struct Bucket {
    digest: [u8; 32],
    free: i64,
}

impl House {
    /// The counter of this name for these parts, with so many free failures.
    pub(crate) fn bucket(&self, name: &str, parts: &[&[u8]], free: i64) -> Bucket {
        Bucket { digest: self.keyring.digest(name, &parts.concat()), free }
    }

    /// Counts a try in every bucket as a failure until [`succeeded`] says otherwise; says how many failures in a row the
    /// first one has with it.
    ///
    /// # Errors
    /// [`Error::Throttled`] while one of them waits.
    pub(crate) async fn count_try(&self, buckets: &[Bucket]) -> Result<i64> {
        let mut fails = Vec::with_capacity(buckets.len());
        for bucket in buckets {
            fails.push(self.count_in(bucket).await?);
        }
        Ok(fails.first().copied().unwrap_or(0))
    }

    /// The same for signing in; a refusal is recorded.
    pub(crate) async fn count_sign_in(&self, ctx: &Ctx, buckets: &[Bucket]) -> Result<i64> {
        let counted = self.count_try(buckets).await;
        if let Err(Error::Throttled { .. }) = counted {
            self.record(self.sign_in_failed(ctx, "throttled")).await?;
        }
        counted
    }

    /// The entry of a failure to sign in; `why` is a stable word.
    pub(crate) fn sign_in_failed(&self, ctx: &Ctx, why: &str) -> ledger::Entry {
        let mut entry = ctx.entry(self.new_entry(ctx.at), Act::SignInFailed);
        entry.outcome = Outcome::Refused;
        entry.why = Some(why.to_owned());
        entry
    }

    async fn count_in(&self, bucket: &Bucket) -> Result<i64> {
        loop {
            let now = self.now();
            let was = self.store.throttle(bucket.digest).await?;
            if let Some((_, until)) = was
                && until > now
            {
                return Err(Error::Throttled { seconds: (until.as_second() - now.as_second()).max(1) });
            }
            let was = was.map(|(fails, _)| fails);
            let fails = was.unwrap_or(0) + 1;
            let wait = if fails < bucket.free { 0 } else { (1 << (fails - bucket.free).min(10)).min(LONGEST_WAIT) };
            let mut batch = Batch::new("try.counted");
            batch.push(Store::swap_throttle(bucket.digest, was, fails, now + SignedDuration::from_secs(wait)));
            match self.store.write(batch).await {
                // Another try was counted meanwhile: this one comes after it.
                Err(store::Error::Stale) => {}
                done => return done.map(|()| fails).map_err(Error::from),
            }
        }
    }

    /// What a success does: the first bucket begins anew, the wider ones take this one try back, so that whoever knows
    /// one password cannot wipe out what was counted against others.
    pub(crate) fn succeeded(&self, buckets: &[Bucket]) -> Vec<Step> {
        let now = self.now();
        let wider = buckets.iter().skip(1).map(|bucket| Store::forgive_throttle(bucket.digest, now));
        buckets.iter().take(1).map(|bucket| Store::clear_throttle(bucket.digest)).chain(wider).collect()
    }
}
