//! Searches and personal filters behind a handle: what was typed is kept sealed for 30 days, and an address names it.

use jiff::SignedDuration;
use kernel::{ObjectName, RecordId};
use seal::{Sealed, open_search, seal_search};
use serde::{Deserialize, Serialize};
use store::{Batch, Store};

use crate::{Ctx, Error, House, Result};

/// How long a handle leads somewhere.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// The most that is kept of one search, in bytes.
const MOST: usize = 8 * 1024;

/// What was typed. It opens for whoever has the handle; what it finds is judged anew for each.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StoredSearch {
    /// The object it filters; none for a search over everything.
    pub object: Option<ObjectName>,
    /// The typed search text.
    pub q: Option<String>,
    /// Filters as in an address: `email` or `email.contains`, and the value.
    pub filters: Vec<(String, String)>,
}

impl std::fmt::Debug for StoredSearch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredSearch({} filters)", self.filters.len())
    }
}

impl House {
    /// Keeps what was typed and gives the handle that names it.
    pub async fn keep_search(&self, ctx: &Ctx, search: &StoredSearch) -> Result<RecordId> {
        let text = serde_json::to_vec(search).map_err(|e| Error::Setup(e.to_string()))?;
        if text.len() > MOST {
            return Err(Error::field("q", "too_long", "search for less text at once"));
        }
        let id = self.new_record(ctx.at);
        let sealed = seal_search(&self.house_key().await?, id, &text, self.rng())?;
        let mut batch = Batch::new("search.kept");
        batch.push(Store::put_handle(id, ctx.actor.id, sealed.into_bytes(), ctx.at));
        self.store.write(batch).await?;
        Ok(id)
    }

    /// What a handle names; an unknown or old one names nothing.
    pub async fn kept_search(&self, ctx: &Ctx, id: RecordId) -> Result<StoredSearch> {
        let gone = || Error::Unknown("search of this name: it may be older than 30 days".into());
        if made(id).is_none_or(|at| at + KEPT <= ctx.at) {
            return Err(gone());
        }
        let sealed = self.store.handle(id).await?.ok_or_else(gone)?;
        let text = open_search(&self.house_key().await?, id, &Sealed::from_stored(sealed))?;
        serde_json::from_slice(&text).map_err(|_| gone())
    }
}

/// When an id was made: the first 48 bits of a UUIDv7 are milliseconds since 1970.
fn made(id: RecordId) -> Option<jiff::Timestamp> {
    let bytes = id.as_bytes();
    let millis = bytes[..6].iter().fold(0_i64, |sum, byte| sum << 8 | i64::from(*byte));
    jiff::Timestamp::from_millisecond(millis).ok()
}
