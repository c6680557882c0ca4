//! What linked records are called: a disclosure of its own, of their titles alone.

use std::collections::HashMap;

use kernel::RecordId;
use seal::{Disclosed, DisclosedRow, Shown, policy::Act};

use crate::{Compare, Ctx, House, Result, WrittenFilter, records::ListAsk};

/// The title of a record as far as its viewer may see it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Title {
    /// The text; empty if nothing of it may be seen.
    pub text: String,
    /// Whether a part of it is masked.
    pub masked: bool,
}

impl Title {
    /// The title of a disclosed row.
    pub fn of(page: &Disclosed, row: &DisclosedRow) -> Self {
        let mut masked = false;
        let parts: Vec<String> = page
            .object
            .title
            .iter()
            .map(|name| match page.value(row, name) {
                Shown::Clear(value) => page.object.field(name).map_or_else(String::new, |f| f.kind.show(value)),
                Shown::Masked(mask) => {
                    masked = true;
                    mask.clone()
                }
                Shown::Empty => String::new(),
            })
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Self { text: page.object.title_of(&parts), masked }
    }
}

/// How many titles one list may ask for: as many values as a filter takes.
const MOST: usize = 200;

impl House {
    /// The circumstances in which a record's page looks at another object: a purpose that a user chose for the one need
    /// not be one of the other, then the other's usual one counts. A token's or job's purpose stays.
    pub fn suited(&self, ctx: &Ctx, object: &str) -> Ctx {
        let served =
            |name: &str| self.catalog().object(object).is_some_and(|o| o.purposes.iter().any(|p| p.as_str() == name));
        let mut ctx = ctx.clone();
        if ctx.actor.kind == kernel::ActorKind::User && ctx.purpose.as_ref().is_some_and(|p| !served(p)) {
            ctx.purpose = None;
        }
        ctx
    }

    /// The titles of those of these records that the actor may know of; the others are left out. An object that the
    /// actor may not see at all gives none and is no refusal.
    pub async fn titles(
        &self,
        ctx: &Ctx,
        object: &str,
        ids: impl IntoIterator<Item = RecordId>,
    ) -> Result<HashMap<RecordId, Title>> {
        let ctx = self.suited(ctx, object);
        let mut ids: Vec<RecordId> = ids.into_iter().collect();
        ids.sort();
        ids.dedup();
        let mut found = HashMap::new();
        if ids.is_empty() || !self.may(&ctx, object, Act::View) {
            return Ok(found);
        }
        let catalog = self.catalog();
        let fields = catalog.object(object).map(|o| o.title.clone()).unwrap_or_default();
        for some in ids.chunks(MOST) {
            let value = some.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let ask = ListAsk {
                fields: Some(fields.clone()),
                filters: vec![WrittenFilter { field: "id".into(), compare: Compare::In, value }],
                limit: MOST as u64,
                ..ListAsk::default()
            };
            let page = match self.list(&ctx, object, &ask).await {
                Ok(listed) => listed.page,
                // The role sees the object, but not what it is called.
                Err(crate::Error::Refused(_)) => return Ok(found),
                Err(error) => return Err(error),
            };
            found.extend(page.rows.iter().map(|row| (row.id, Title::of(&page, row))));
        }
        Ok(found)
    }
}
