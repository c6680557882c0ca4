//! The record before or after another in a list: found when somebody goes there, and no sooner.

use kernel::RecordId;

use crate::{Ctx, House, ListAsk, Result};

impl House {
    /// The record after this one in the order of a list, or the one before it; none at the end. Shows nothing of it: what
    /// it says is read when it is opened.
    pub async fn neighbour(
        &self,
        ctx: &Ctx,
        object: &str,
        ask: &ListAsk,
        id: RecordId,
        back: bool,
    ) -> Result<Option<RecordId>> {
        let (before, after) = if back { (Some(id), None) } else { (None, Some(id)) };
        let ask = ListAsk { fields: Some(Vec::new()), before, after, limit: 1, count: false, ..ask.clone() };
        let listed = self.list(ctx, object, &ask).await?;
        Ok(listed.page.rows.first().map(|row| row.id))
    }
}
