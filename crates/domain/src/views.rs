//! Saved views: a name for filters, order, columns and layout of a list. What was typed into it may be personal, so the
//! whole is sealed under the house's key. A view shows nothing by itself: whoever opens it is judged anew.

use kernel::{RecordId, TeamId};
use seal::{Sealed, open_search, seal_search};
use serde::{Deserialize, Serialize};
use store::{Batch, Store, ViewRow};

use crate::{Ctx, Error, House, Result, StoredSearch};

/// The most that is kept of one view, in bytes.
const MOST: usize = 16 * 1024;
/// The longest name, in characters.
const LONGEST: usize = 80;

/// What a view is made of.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ViewDraft {
    /// What it is called.
    pub name: String,
    /// What stands in the address of its list: filters that identify nobody, sort, columns, layout.
    pub query: Vec<(String, String)>,
    /// The filters that may be personal, and search text.
    pub kept: StoredSearch,
    /// The team it is shared with.
    #[serde(skip)]
    pub team: Option<TeamId>,
}

impl std::fmt::Debug for ViewDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A name is typed, and may name somebody.
        write!(f, "ViewDraft({} keys)", self.query.len())
    }
}

/// A view as somebody finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its id.
    pub id: RecordId,
    /// Whether the one who asks made it, and so may change it.
    pub mine: bool,
    /// What it is made of.
    pub draft: ViewDraft,
}

impl House {
    /// The views of an object that the actor made, or that are shared with a team that the actor sees.
    pub async fn views(&self, ctx: &Ctx, object: &str) -> Result<Vec<View>> {
        let rows = self.store.views(object, ctx.actor.id).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.house_key().await?;
        let mut found = Vec::new();
        for row in rows {
            let mine = row.actor == ctx.actor.id;
            let shared = row.team.is_some_and(|team| ctx.actor.team == Some(team) || ctx.actor.subtree.contains(&team));
            if !mine && !shared {
                continue;
            }
            let text = open_search(&key, row.id, &Sealed::from_stored(row.body))?;
            // What an older version wrote otherwise is no view any more; it does not stop the list.
            if let Ok(draft) = serde_json::from_slice::<ViewDraft>(&text) {
                found.push(View { id: row.id, mine, draft: ViewDraft { team: row.team, ..draft } });
            }
        }
        found.sort_by(|a, b| (a.draft.team.is_some(), &a.draft.name).cmp(&(b.draft.team.is_some(), &b.draft.name)));
        Ok(found)
    }

    /// Saves a view anew and gives its id.
    pub async fn add_view(&self, ctx: &Ctx, object: &str, draft: &ViewDraft) -> Result<RecordId> {
        let id = self.new_record(ctx.at);
        let row = self.view_row(ctx, id, draft).await?;
        let mut batch = Batch::new("view.saved");
        batch.push(Store::put_view(&row, object, ctx.at));
        self.store.write(batch).await?;
        Ok(id)
    }

    /// Writes over a view of one's own.
    pub async fn change_view(&self, ctx: &Ctx, id: RecordId, draft: &ViewDraft) -> Result<()> {
        let row = self.view_row(ctx, id, draft).await?;
        let mut batch = Batch::new("view.changed");
        batch.push(Store::set_view(&row, ctx.at));
        self.of_own(self.store.write(batch).await)
    }

    /// Drops a view of one's own.
    pub async fn drop_view(&self, ctx: &Ctx, id: RecordId) -> Result<()> {
        let mut batch = Batch::new("view.dropped");
        batch.push(Store::drop_view(id, ctx.actor.id));
        self.of_own(self.store.write(batch).await)
    }

    fn of_own(&self, done: std::result::Result<(), store::Error>) -> Result<()> {
        match done {
            Err(store::Error::Missing(_)) => Err(Error::Unknown("view of your own with this id".into())),
            other => Ok(other?),
        }
    }

    async fn view_row(&self, ctx: &Ctx, id: RecordId, draft: &ViewDraft) -> Result<ViewRow> {
        let name = draft.name.trim();
        if name.is_empty() {
            return Err(Error::field("name", "required", "give the view a name"));
        }
        if name.chars().count() > LONGEST {
            return Err(Error::field("name", "too_long", format!("at most {LONGEST} characters")));
        }
        // Shared with one's own team, or with one below it.
        if let Some(team) = draft.team
            && ctx.actor.team != Some(team)
            && !ctx.actor.subtree.contains(&team)
        {
            return Err(Error::field("team", "no_such_record", "share with your own team"));
        }
        let draft = ViewDraft { name: name.to_owned(), ..draft.clone() };
        let text = serde_json::to_vec(&draft).map_err(|e| Error::Setup(e.to_string()))?;
        if text.len() > MOST {
            return Err(Error::field("name", "too_long", "this view holds too much"));
        }
        let sealed = seal_search(&self.house_key().await?, id, &text, self.rng())?;
        Ok(ViewRow { id, actor: ctx.actor.id, team: draft.team, body: sealed.into_bytes() })
    }
}
