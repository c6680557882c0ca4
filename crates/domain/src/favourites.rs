//! Records somebody marked to find them again: ids only. What they are called is read through the gate when it is shown.

use kernel::{ObjectName, RecordId};
use store::{Batch, Store};

use crate::{Ctx, Error, House, Result};

/// The most that one actor marks.
const MOST: usize = 100;

impl House {
    /// The actor's favourites, newest first.
    pub async fn favourites(&self, ctx: &Ctx) -> Result<Vec<(ObjectName, RecordId)>> {
        let rows = self.store.favourites(ctx.actor.id).await?;
        Ok(rows.into_iter().filter_map(|(object, id)| Some((ObjectName::new(&object).ok()?, id))).collect())
    }

    /// Marks a record, or takes the mark away. A record that the actor may not know of is answered as one that is not there.
    pub async fn mark_favourite(&self, ctx: &Ctx, object: &str, id: RecordId, marked: bool) -> Result<()> {
        let mut batch = Batch::new("favourite.marked");
        if marked {
            if !self.may_here(ctx, object, id, seal::policy::Act::View).await? {
                let name = ObjectName::new(object).map_err(|_| Error::Unknown("such object".into()))?;
                return Err(Error::NotFound(name));
            }
            if self.favourites(ctx).await?.len() >= MOST {
                return Err(Error::field("favourite", "too_many", format!("at most {MOST} favourites")));
            }
            batch.push(Store::put_favourite(ctx.actor.id, object, id, ctx.at));
        } else {
            batch.push(Store::drop_favourite(ctx.actor.id, id));
        }
        Ok(self.store.write(batch).await?)
    }
}
