//! What a list's address asks for: a view, what was changed of it, and which page. An address carries every change, so
//! that it survives reload and Back and opens the same for a colleague; what is personal stands behind a handle.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::{Compare, ListAsk, StoredSearch, Title, View, ViewDraft, WrittenFilter};
use kernel::{FieldName, RecordId};
use model::{Field, Kind, Object};

use super::{
    Desk, Fault,
    address::{Pairs, address, query, value, without},
    desk::list_path,
    filters, words,
};
use crate::{
    api::records::list_ask,
    problem::{Problem, Told},
    view::Chip,
};

/// How many rows a page has unless the address says otherwise.
pub const PAGE: u64 = 50;
/// How many records a filter names before it counts the rest.
const NAMED: usize = 2;
/// Keys that say which page of a list it is.
pub const PLACE: &[&str] = &["cursor", "before", "at", "seen", "done", "moved"];
/// Keys that say how rows are laid out.
const LAYOUT: &[&str] = &["cols", "layout", "by", "group", "totals", "month"];
/// Keys that belong to no view.
const BESIDE: &[&str] = &["view", "as", "purpose", "q", "drop"];
/// Stands for whoever looks, so that a shared view means each reader's own.
pub const ME: &str = "me";
/// Stands for the team of whoever looks, and those below it.
pub const MY_TEAM: &str = "mine";

/// The view that a list begins from.
pub struct Base {
    /// What names it in the address: an id, `mine`, `team`; empty for everything.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// The view, if somebody saved it.
    pub saved: Option<View>,
    query: Pairs,
    kept: StoredSearch,
}

/// What a list's address asks for.
pub struct Asked {
    /// The object.
    pub definition: Arc<Object>,
    /// What the domain is asked.
    pub ask: ListAsk,
    /// The query, without what has passed, with what the view adds.
    pub pairs: Pairs,
    /// What is kept behind a handle or in the view, as far as it is on.
    pub kept: StoredSearch,
    /// The columns named, in their order.
    pub columns: Option<Vec<String>>,
    /// The view it begins from.
    pub base: Base,
    /// Every view there is to begin from.
    pub views: Vec<View>,
    /// How many things differ from the view.
    pub changes: usize,
    /// The filters in the address.
    open: Pairs,
}

impl Asked {
    /// Reads the address. A filter on a personal text in it is refused: such a filter is kept behind a handle.
    pub async fn read(desk: &Desk, object: &str) -> Result<Self, Fault> {
        Self::of(desk, object, &desk.pairs).await
    }

    /// The same of any query: that of the list a record was opened from.
    pub async fn of(desk: &Desk, object: &str, query: &Pairs) -> Result<Self, Fault> {
        let definition = desk.object(object)?;
        let raw = without(query, &["done", "seen", "moved"]);
        let views = desk.house().views(&desk.ctx, object).await?;
        let base = base(desk, &definition, &views, value(&raw, "view").unwrap_or_default())?;
        let mut pairs = raw.clone();
        if value(&raw, "as").is_none() {
            let told = |key: &str| raw.iter().any(|(known, _)| known == key);
            pairs.extend(base.query.iter().filter(|(key, _)| !told(key)).cloned());
        }
        let mut kept = match value(&raw, "q") {
            Some(handle) => kept_under(desk, &definition, handle).await?,
            None => base.kept.clone(),
        };
        let dropped: Vec<&str> = raw.iter().filter(|(key, _)| key == "drop").map(|(_, v)| v.as_str()).collect();
        kept.filters.retain(|(key, _)| !dropped.contains(&key.as_str()));
        kept.q = kept.q.filter(|_| !dropped.contains(&"q"));
        let open: Pairs = pairs.iter().filter(|(key, _)| is_filter(key)).cloned().collect();
        for (key, _) in &open {
            let name = key.split('.').next().unwrap_or_default();
            if definition.field(name).is_some_and(filters::is_private) && !key.ends_with(".empty") {
                return Err(Problem(Told::new(StatusCode::UNPROCESSABLE_ENTITY, "personal_address", "")).into());
            }
        }
        let told = pairs.iter().filter(|(key, _)| !is_ours(key)).cloned();
        let all: Pairs = told.chain(kept.filters.iter().cloned()).map(|pair| meant(desk, pair)).collect();
        let mut ask = list_ask(&definition, &all)?;
        ask.q = kept.q.clone();
        ask.count = true;
        if value(&pairs, "limit").is_none() {
            ask.limit = PAGE;
        }
        if let Some(before) = value(&pairs, "before") {
            let bad = || domain::Error::field("before", "cursor_form", "a record's id");
            ask.before = Some(before.parse().map_err(|_| bad())?);
        }
        let columns: Option<Vec<String>> =
            value(&pairs, "cols").map(|cols| cols.split(',').map(str::to_owned).collect());
        if let Some(columns) = &columns {
            ask.fields = Some(fields_of(desk, &definition, columns));
        }
        let mut asked = Self { definition, ask, pairs, kept, columns, base, views, changes: 0, open };
        asked.changes = asked.differs();
        Ok(asked)
    }

    /// How many keys differ from the view's.
    fn differs(&self) -> usize {
        let settings = |pairs: &Pairs| -> Pairs { pairs.iter().filter(|(key, _)| of_view(key)).cloned().collect() };
        let (now, then) = (settings(&self.pairs), settings(&self.base.query));
        let mut keys: Vec<&str> = Vec::new();
        let sealed = self.kept.filters.iter().filter(|f| !self.base.kept.filters.contains(f));
        let gone = self.base.kept.filters.iter().filter(|f| !self.kept.filters.contains(f));
        let more = now.iter().filter(|pair| !then.contains(pair)).chain(then.iter().filter(|pair| !now.contains(pair)));
        keys.extend(more.chain(sealed).chain(gone).map(|(key, _)| key.as_str()));
        if self.kept.q != self.base.kept.q {
            keys.push("q");
        }
        keys.sort_unstable();
        keys.dedup();
        keys.len()
    }

    /// The address of this list with other pairs: as short as it can be said.
    pub fn href(&self, pairs: Pairs) -> String {
        address(&list_path(&self.definition), self.said(pairs))
    }

    /// The query of this page, as short as it can be said: what a record remembers to lead back here.
    pub fn query(&self) -> String {
        query(without(&self.said(self.pairs.clone()), &["purpose"]))
    }

    /// Pairs of this list as short as they can be said.
    pub fn said(&self, pairs: Pairs) -> Pairs {
        let mut pairs = without(&pairs, &["as"]);
        if self.base.key.is_empty() {
            return pairs;
        }
        let mut now: Pairs = pairs.iter().filter(|(key, _)| of_view(key)).cloned().collect();
        let mut then: Pairs = self.base.query.iter().filter(|(key, _)| of_view(key)).cloned().collect();
        now.sort();
        then.sort();
        if now == then {
            pairs.retain(|(key, _)| !of_view(key));
        } else {
            pairs.push(("as".into(), "changed".into()));
        }
        pairs
    }

    /// The address of the same list with these keys replaced.
    pub fn with(&self, changed: &[(&str, Option<String>)]) -> String {
        let keys: Vec<&str> = changed.iter().map(|(key, _)| *key).collect();
        let new = changed.iter().filter_map(|(key, v)| Some(((*key).to_owned(), v.clone()?)));
        self.href(without(&self.pairs, &keys).into_iter().chain(new).collect())
    }

    /// From the first page on, with these keys replaced.
    pub fn anew(&self, changed: &[(&str, Option<String>)]) -> String {
        let mut all: Vec<(&str, Option<String>)> = PLACE.iter().map(|key| (*key, None)).collect();
        all.extend(changed.iter().cloned());
        self.with(&all)
    }

    /// The list as its view has it.
    pub fn undone(&self) -> String {
        self.other(&self.base.key)
    }

    /// The list of another view.
    pub fn other(&self, key: &str) -> String {
        let purpose = self.pairs.iter().filter(|(key, _)| key == "purpose").cloned();
        let view = (!key.is_empty()).then(|| ("view".to_owned(), key.to_owned()));
        address(&list_path(&self.definition), view.into_iter().chain(purpose))
    }

    /// The list without any filter, its order and columns kept.
    pub fn cleared(&self) -> String {
        self.href(self.unfiltered().into_iter().chain(self.dropped()).collect())
    }

    /// The query without filters and without the place: what a filter form adds to.
    pub fn unfiltered(&self) -> Pairs {
        let stays = |key: &str| !is_filter(key) && !PLACE.contains(&key) && key != "q" && key != "drop";
        self.pairs.iter().filter(|(key, _)| stays(key)).cloned().collect()
    }

    /// What takes the view's own sealed filters off.
    pub fn dropped(&self) -> Pairs {
        let filters = self.base.kept.filters.iter().map(|(key, _)| ("drop".to_owned(), key.clone()));
        filters.chain(self.base.kept.q.iter().map(|_| ("drop".to_owned(), "q".to_owned()))).collect()
    }

    /// What the address of a form takes along: everything but filters that stand in its boxes.
    pub fn sent_along(&self) -> Pairs {
        let sealed = self.pairs.iter().filter(|(key, _)| key == "q" || key == "drop").cloned();
        self.unfiltered().into_iter().chain(sealed).collect()
    }

    /// What a view of this list would hold.
    pub fn settings(&self) -> Pairs {
        self.pairs.iter().filter(|(key, _)| of_view(key) && key != "month").cloned().collect()
    }

    /// A word of the layout.
    pub fn layout(&self, key: &str) -> Option<&str> {
        value(&self.pairs, key)
    }

    /// The filters that are on, in words.
    pub async fn chips(&self, desk: &Desk) -> Result<Vec<Chip>, Fault> {
        let mut chips = Vec::new();
        if let Some(q) = &self.ask.q {
            chips.push(Chip {
                text: desk.lang().with("chip-search", &[("text", q.as_str().into())]),
                without: self.drop("q"),
            });
        }
        for pair in &self.open {
            let left = self.pairs.iter().filter(|known| *known != pair && !PLACE.contains(&known.0.as_str())).cloned();
            chips.push(Chip { text: self.chip(desk, pair).await?, without: self.href(left.collect()) });
        }
        for pair in &self.kept.filters {
            chips.push(Chip { text: self.chip(desk, pair).await?, without: self.drop(&pair.0) });
        }
        Ok(chips)
    }

    /// The list without a filter that is kept sealed.
    fn drop(&self, key: &str) -> String {
        let mut left = without(&self.pairs, PLACE);
        left.push(("drop".into(), key.to_owned()));
        self.href(left)
    }

    async fn chip(&self, desk: &Desk, (key, text): &(String, String)) -> Result<String, Fault> {
        let lang = desk.lang();
        let (field, word) = key.split_once('.').unwrap_or((key, "eq"));
        let compare = Compare::parse(word).unwrap_or(Compare::Eq);
        let label = words::field_label(lang, &self.definition, field).unwrap_or_else(|| field.to_owned());
        let filter = WrittenFilter { field: field.to_owned(), compare, value: text.clone() };
        let shown = self.shown(desk, &filter).await?;
        let key = match (compare, text.as_str()) {
            (Compare::Empty, "false" | "0") => "chip-filled",
            (Compare::Empty, _) => "chip-empty",
            (Compare::Eq, _) => "chip-is",
            (Compare::Ne, _) => "chip-is-not",
            (Compare::In, MY_TEAM) => "chip-is",
            (Compare::In, _) => "chip-one-of",
            (Compare::Contains, _) => "chip-contains",
            (Compare::Starts, _) => "chip-starts",
            (Compare::Ge | Compare::Gt, _) => "chip-from",
            (Compare::Le | Compare::Lt, _) => "chip-to",
        };
        Ok(lang.with(key, &[("field", label.into()), ("value", shown.into())]))
    }

    /// The value of a filter as people read it.
    async fn shown(&self, desk: &Desk, filter: &WrittenFilter) -> Result<String, Fault> {
        let lang = desk.lang();
        match (filter.field.as_str(), filter.value.as_str()) {
            ("owner", ME) => return Ok(lang.t("me").to_owned()),
            ("team", MY_TEAM) => return Ok(lang.t("my-team").to_owned()),
            ("owner", ids) => {
                let all: Vec<String> = ids.split(',').filter_map(|id| Some(desk.name(id.parse().ok()?))).collect();
                return Ok(all.join(lang.t("list-comma")));
            }
            ("team", ids) => {
                let all: Vec<String> =
                    ids.split(',').filter_map(|id| desk.house().team_name(id.parse().ok()?)).collect();
                return Ok(all.join(lang.t("list-comma")));
            }
            _ => {}
        }
        match self.definition.field(&filter.field) {
            Some(Field { kind: Kind::Link(to), .. }) => {
                let ids: Vec<RecordId> = filter.value.split(',').filter_map(|id| id.parse().ok()).take(20).collect();
                let titles = desk.house().titles(&desk.ctx, to, ids).await?;
                let mut all: Vec<String> = titles.into_values().map(|title: Title| title.text).collect();
                all.sort();
                let more = all.len().saturating_sub(NAMED);
                all.truncate(NAMED);
                Ok(match (all.join(lang.t("list-comma")), more) {
                    (none, _) if none.is_empty() => "–".into(),
                    (names, 0) => names,
                    (names, n) => lang.with("and-more", &[("names", names.into()), ("n", n.into())]),
                })
            }
            Some(field) => {
                let one = |text: &str| match field.kind.parse(text) {
                    Ok(model::Value::Time(at)) => desk.day(at),
                    Ok(value) => field.kind.display(&value, lang.is_zh()),
                    Err(_) => text.to_owned(),
                };
                let many = filter.compare == Compare::In;
                let all: Vec<String> =
                    if many { filter.value.split(',').map(one).collect() } else { vec![one(&filter.value)] };
                Ok(all.join(lang.t("list-comma")))
            }
            None => Ok(filter.value.parse().map_or_else(|_| filter.value.clone(), |at| desk.day(at))),
        }
    }
}

/// Whether a key belongs to what a view holds.
fn of_view(key: &str) -> bool {
    !PLACE.contains(&key) && !BESIDE.contains(&key)
}

/// Whether a key is read here and not by the domain.
fn is_ours(key: &str) -> bool {
    LAYOUT.contains(&key) || matches!(key, "view" | "as" | "q" | "drop" | "before" | "at")
}

/// Whether a key filters.
fn is_filter(key: &str) -> bool {
    of_view(key) && !is_ours(key) && !matches!(key, "sort" | "limit" | "fields" | "count")
}

/// A filter with whoever looks put in.
fn meant(desk: &Desk, (key, text): (String, String)) -> (String, String) {
    let actor = &desk.ctx.actor;
    match (key.as_str(), text.as_str()) {
        ("owner" | "owner.ne", ME) => (key, actor.id.to_string()),
        ("team.in", MY_TEAM) => {
            let mut teams = actor.subtree.clone();
            teams.extend(actor.team.filter(|team| !actor.subtree.contains(team)));
            // Whoever is in no team has no records of one.
            let none = teams.is_empty().then(|| RecordId::from_bytes([0; 16]).to_string());
            let all: Vec<String> = teams.iter().map(ToString::to_string).chain(none).collect();
            (key, all.join(","))
        }
        _ => (key, text),
    }
}

/// The fields to ask for: those of the title, and the named columns that the reader may see, amounts with their currency.
fn fields_of(desk: &Desk, object: &Object, columns: &[String]) -> Vec<FieldName> {
    let fields = object.fields();
    let visible = desk.house().visible(&desk.ctx, &object.name);
    let mut names: Vec<FieldName> = Vec::new();
    let named = columns.iter().filter_map(|name| object.field(name));
    let currency = |field: &Field| match &field.kind {
        Kind::Money { currency } => object.field(currency).map(|of| of.name.clone()),
        _ => None,
    };
    let all = object.title.iter().filter_map(|name| object.field(name)).chain(named);
    for name in all.flat_map(|field| [Some(field.name.clone()), currency(field)]).flatten() {
        if !names.contains(&name) && visible.iter().any(|at| fields[*at].name == name) {
            names.push(name);
        }
    }
    names
}

/// The view of a key of an address; one that is not there, or not for this reader, is answered as a missing page.
fn base(desk: &Desk, object: &Object, views: &[View], key: &str) -> Result<Base, Fault> {
    let (name, query) = match key {
        "" => ("list-all", Pairs::new()),
        "mine" => ("list-mine", vec![("owner".to_owned(), ME.to_owned())]),
        "team" => ("list-team", vec![("team.in".to_owned(), MY_TEAM.to_owned())]),
        id => {
            let id: RecordId = id.parse().map_err(|_| Fault::missing())?;
            let view = views.iter().find(|view| view.id == id).ok_or_else(Fault::missing)?;
            let ViewDraft { name, query, kept, .. } = view.draft.clone();
            return Ok(Base { key: key.to_owned(), name, saved: Some(view.clone()), query, kept });
        }
    };
    let name = desk.lang().with(name, &[("objects", desk.inside(&object.plural).into())]);
    Ok(Base { key: key.to_owned(), name, saved: None, query, kept: StoredSearch::default() })
}

/// What a handle names, if it is one of this object.
async fn kept_under(desk: &Desk, definition: &Object, handle: &str) -> Result<StoredSearch, Fault> {
    let id = handle.parse().map_err(|_| Fault::missing())?;
    let kept = desk.house().kept_search(&desk.ctx, id).await?;
    let fits = kept.object.as_ref().is_none_or(|object| *object == definition.name);
    if fits { Ok(kept) } else { Err(Fault::missing()) }
}
