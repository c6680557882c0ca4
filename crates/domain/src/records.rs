//! Reading records: the one module where authorising, fetching and disclosing meet (get, list, search, count, export).
//!
//! Grant, then rows within the grant, then the ledger entry, then plaintext: in this order for every answer.

use kernel::{ActorId, FieldName, ObjectName, RecordId};
use ledger::{Act as LedgerAct, Outcome};
use model::{Find, Object, Protect};
use seal::{
    Ask, Circumstances, Disclosed, Fields, Grant, MAX_RECORDS, SealedRow, Sieve, disclose, ledger_act, policy::Act,
    sieve,
};
use store::{Filter, Page, Sort, Target};

use crate::{
    Ctx, Error, FieldError, House, Result,
    index::{MOST_TYPED, Match, TITLE, title_of},
    query::{self, Filters, Written},
};

/// The most rows of one page.
pub const MAX_PAGE: u64 = MAX_RECORDS as u64;
/// Counting stops here and says "more than".
pub const MAX_COUNT: u64 = 10_000;
/// Up to so many hits of a text search are fetched by their ids; more are met while walking the sort order.
const FEW: usize = 900;
/// How many rows one step of such a walk looks at, and how many steps it takes before it stops with what it has.
const STEP: u64 = 500;
const STEPS: usize = 200;

/// What a list is asked for.
#[derive(Clone, Debug, Default)]
pub struct ListAsk {
    /// What for; none takes the first purpose of the actor's roles.
    pub purpose: Option<String>,
    /// Which fields; none takes the object's default columns.
    pub fields: Option<Vec<FieldName>>,
    /// Filters, all of which must hold.
    pub filters: Vec<Written>,
    /// Typed search text over everything the actor may read.
    pub q: Option<String>,
    /// A field or built-in column, and whether descending; none sorts by the last change, newest first.
    pub sort: Option<(String, bool)>,
    /// Rows after this record.
    pub after: Option<RecordId>,
    /// Rows before this record instead, as the page before it showed them.
    pub before: Option<RecordId>,
    /// At most so many; 50 if zero.
    pub limit: u64,
    /// Whether to count the rows.
    pub count: bool,
    /// View, or export under the export permission.
    pub export: bool,
}

/// A page of a list.
#[derive(Debug)]
pub struct Listed {
    /// The rows, disclosed.
    pub page: Disclosed,
    /// The record to continue after, if there is more.
    pub next: Option<RecordId>,
    /// The record to go back before, if there may be rows before this page.
    pub previous: Option<RecordId>,
    /// How many rows there are, and whether counting stopped at [`MAX_COUNT`].
    pub count: Option<(u64, bool)>,
    /// The purpose it was read for.
    pub purpose: kernel::PurposeName,
    /// Whether the search index was still filling: hits may be missing.
    pub filling: Option<(u64, u64)>,
}

/// How one record is looked at.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// What for; none takes the first purpose of the actor's roles.
    pub purpose: Option<String>,
    /// Which fields; none takes all the actor may see.
    pub fields: Option<Vec<FieldName>>,
    /// Whether masked values are to be revealed.
    pub reveal: bool,
    /// The reason given for revealing, in words; sealed in the entry.
    pub reason: Option<String>,
}

impl House {
    /// One record.
    pub async fn get(&self, ctx: &Ctx, object: &str, id: RecordId, look: &Look) -> Result<Disclosed> {
        self.sweep_if_due(ctx.at).await?;
        let act = if look.reveal { Act::Reveal } else { Act::View };
        let fields = look.fields.as_deref().map_or(Fields::All, Fields::Named);
        let ask = Ask { fields, ..self.ask(ctx, object, act, look.purpose.as_deref()) };
        let grant = self.granted(ctx, &ask, &[id]).await?;
        let Some(row) = self.store.one(&grant, id, ctx.at).await? else {
            let name = grant.object().name.clone();
            self.record_refusal(ctx, Some(&name), &[id], "not_reached").await?;
            return Err(Error::NotFound(name));
        };
        if let Some(reason) = &look.reason {
            self.record_reason(ctx, &grant, &row, reason).await?;
        }
        self.disclosed(ctx, grant, vec![row], ledger_act(act, false)).await
    }

    /// A page of a list.
    pub async fn list(&self, ctx: &Ctx, object: &str, ask: &ListAsk) -> Result<Listed> {
        self.sweep_if_due(ctx.at).await?;
        let catalog = self.catalog();
        let definition = catalog.object(object).ok_or_else(|| Error::Unknown(format!("object `{}`", short(object))))?;
        let filters =
            query::filters(definition, &ask.filters, &self.keyring, |field| self.blind_bits(&definition.name, field))?;
        let mut sort = self.sort_of(definition, ask)?;
        // Going back is going on in the opposite order, turned round afterwards.
        let back = ask.before.is_some();
        sort.sql.descending ^= back;
        let mut uses = filters.uses.clone();
        if let Some(name) = sort.field {
            uses.push(definition.fields()[name].name.clone());
        }
        let act = if ask.export { Act::Export } else { Act::View };
        let fields = ask.fields.as_deref().map_or(Fields::Listed, Fields::Named);
        // A sieve opens the field it compares, so the field must be among the fetched ones.
        let shown: Vec<FieldName>;
        let fields = if filters.sieves.is_empty() {
            fields
        } else {
            shown = self.with_sieved(ctx, object, act, ask, fields, &filters, definition)?;
            Fields::Named(&shown)
        };
        let gate_ask = Ask { fields, uses: &uses, ..self.ask(ctx, object, act, ask.purpose.as_deref()) };
        let grant = self.granted(ctx, &gate_ask, &[]).await?;
        let purpose = grant.purpose_name().clone();
        let limit = if ask.limit == 0 { 50 } else { ask.limit.min(MAX_PAGE) };

        let needs_index = !filters.text.is_empty() || ask.q.is_some() || sort.field.is_some();
        let filling = if needs_index { self.index.progress().err() } else { None };
        let search = Search { house: self, ctx, grant: &grant, filters: &filters, sort: &sort };
        let from = ask.before.or(ask.after);
        if needs_index && let Some(from) = from {
            search.check_cursor(from).await?;
        }
        let (mut rows, more) = search.page(from, ask, limit).await?;
        let (previous, next) = if back {
            rows.reverse();
            (more.and(rows.first().map(|row| row.id)), rows.last().map(|row| row.id))
        } else {
            (ask.after.and(rows.first().map(|row| row.id)), more)
        };
        let count = if ask.count { Some(search.count(ask).await?) } else { None };

        let word = match (ask.export, ask.q.is_some() || !filters.text.is_empty()) {
            (true, _) => LedgerAct::Exported,
            (false, true) => LedgerAct::Searched,
            (false, false) => LedgerAct::Listed,
        };
        let page = self.disclosed(ctx, grant, rows, word).await?;
        Ok(Listed { page, next, previous, count, purpose, filling })
    }

    /// How many rows a list has, recorded as counted.
    pub async fn count(&self, ctx: &Ctx, object: &str, ask: &ListAsk) -> Result<u64> {
        self.sweep_if_due(ctx.at).await?;
        let catalog = self.catalog();
        let definition = catalog.object(object).ok_or_else(|| Error::Unknown(format!("object `{}`", short(object))))?;
        let filters =
            query::filters(definition, &ask.filters, &self.keyring, |field| self.blind_bits(&definition.name, field))?;
        let grant = self.reach_of(ctx, definition, ask, &filters, &filters.uses, Act::View).await?;
        let sort = self.sort_of(definition, &ListAsk::default())?;
        let (n, _) = Search { house: self, ctx, grant: &grant, filters: &filters, sort: &sort }.count(ask).await?;
        Ok(seal::count(grant, n, self.store.as_ref(), self.circumstances(ctx)).await?)
    }

    pub(crate) fn ask<'a>(&self, ctx: &'a Ctx, object: &'a str, act: Act, purpose: Option<&'a str>) -> Ask<'a> {
        Ask {
            actor: ctx.eyes(),
            within: ctx.tries.as_ref().map(|_| ctx.actor.as_ref()),
            object,
            act,
            // A token's or job's bound purpose is not the request's to choose.
            purpose: ctx.purpose.as_ref().map(|p| p.as_str()).or(purpose),
            fields: Fields::All,
            uses: &[],
            emergency: ctx.emergency,
        }
    }

    /// A grant, or a refusal on record.
    pub(crate) async fn granted(&self, ctx: &Ctx, ask: &Ask<'_>, records: &[RecordId]) -> Result<Grant> {
        match self.gate().grant(ask) {
            Ok(grant) => Ok(grant),
            Err(
                error @ (seal::Error::Refused { .. }
                | seal::Error::FieldRefused { .. }
                | seal::Error::PurposeRefused { .. }),
            ) => {
                self.record_refusal(ctx, ObjectName::new(ask.object).ok().as_ref(), records, ask.act.word()).await?;
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Spends a grant on rows.
    pub(crate) async fn disclosed(
        &self,
        ctx: &Ctx,
        grant: Grant,
        rows: Vec<SealedRow>,
        act: LedgerAct,
    ) -> Result<Disclosed> {
        let at = self.circumstances(ctx);
        Ok(disclose(grant, rows, &self.keyring, self.store.as_ref(), act, at).await?)
    }

    pub(crate) fn circumstances(&self, ctx: &Ctx) -> Circumstances {
        Circumstances { entry: self.new_entry(ctx.at), at: ctx.at, request: ctx.request, via: ctx.via }
    }

    /// Records that something was refused. `why` is a stable word.
    pub(crate) async fn record_refusal(
        &self,
        ctx: &Ctx,
        object: Option<&ObjectName>,
        records: &[RecordId],
        why: &str,
    ) -> Result<()> {
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Refused);
        entry.object = object.cloned();
        entry.records = records.to_vec();
        entry.outcome = Outcome::Refused;
        entry.why = Some(why.to_owned());
        self.record(entry).await
    }

    /// What a list's own disclosure would show, and the sieved fields with it.
    #[expect(clippy::too_many_arguments, reason = "one caller; a struct for it would only repeat the list's own ask")]
    fn with_sieved(
        &self,
        ctx: &Ctx,
        object: &str,
        act: Act,
        ask: &ListAsk,
        fields: Fields<'_>,
        filters: &Filters,
        definition: &Object,
    ) -> Result<Vec<FieldName>> {
        let probe = Ask { fields, uses: &filters.uses, ..self.ask(ctx, object, act, ask.purpose.as_deref()) };
        let grant = self.gate().grant(&probe)?;
        let mut shown: Vec<FieldName> = grant.shown().iter().map(|at| definition.fields()[*at].name.clone()).collect();
        for (at, _) in &filters.sieves {
            let name = &definition.fields()[*at].name;
            if !shown.contains(name) {
                shown.push(name.clone());
            }
        }
        Ok(shown)
    }

    fn sort_of(&self, object: &Object, ask: &ListAsk) -> Result<Order> {
        let newest = Order { sql: Sort { by: Target::Updated, descending: true }, field: None };
        let Some((name, descending)) = &ask.sort else { return Ok(newest) };
        let target = query::target(object, name).ok_or_else(|| {
            Error::field("sort", "unknown_field", format!("{} cannot be sorted by this", object.name))
        })?;
        let Target::Field(at) = target else {
            return Ok(Order { sql: Sort { by: target, descending: *descending }, field: None });
        };
        let field = &object.fields()[at];
        if field.protect == Protect::Disk {
            return Ok(Order {
                sql: Sort { by: target, descending: *descending },
                field: field.is_personal().then_some(at),
            });
        }
        if !matches!(field.find, Find::Text | Find::Both) {
            return Err(Error::field("sort", "not_sortable", "a sealed field sorts only if it is searchable by text"));
        }
        Ok(Order { sql: Sort { by: Target::Id, descending: *descending }, field: Some(at) })
    }
}

/// The order of a list.
pub(crate) struct Order {
    sql: Sort,
    /// The sealed field that sorts through the index, or the personal one that the gate must hear of.
    field: Option<usize>,
}

impl Order {
    /// By id: for whoever needs every row and no order.
    pub(crate) fn by_id() -> Self {
        Self { sql: Sort { by: Target::Id, descending: false }, field: None }
    }

    /// The field whose order the index keeps.
    fn indexed(&self, object: &Object) -> Option<usize> {
        self.field.filter(|at| object.fields()[*at].protect == Protect::Cell)
    }
}

/// A list in the making.
pub(crate) struct Search<'a> {
    pub(crate) house: &'a House,
    pub(crate) ctx: &'a Ctx,
    pub(crate) grant: &'a Grant,
    pub(crate) filters: &'a Filters,
    pub(crate) sort: &'a Order,
}

type Hits = std::collections::HashMap<RecordId, Vec<usize>>;

fn cursor_gone() -> Error {
    Error::field("cursor", "cursor_gone", "this cursor points at nothing; start from the first page")
}

impl Search<'_> {
    /// The index knows the place of every record; a place is told only of one that the grant reaches.
    async fn check_cursor(&self, from: RecordId) -> Result<()> {
        let known = self.house.store.ids(self.grant, &[Filter::Ids(vec![from])], 1, self.ctx.at).await?;
        if known.is_empty() { Err(cursor_gone()) } else { Ok(()) }
    }

    /// The rows of a page and the record to continue after.
    pub(crate) async fn page(
        &self,
        from: Option<RecordId>,
        ask: &ListAsk,
        limit: u64,
    ) -> Result<(Vec<SealedRow>, Option<RecordId>)> {
        if let (Some(q), None, true) = (&ask.q, &ask.sort, self.filters.text.is_empty()) {
            return self.typed(q, from, limit).await;
        }
        let hits = self.hits(ask)?;
        let want = usize::try_from(limit).unwrap_or(usize::MAX) + 1;
        let mut kept: Vec<SealedRow> = Vec::new();
        let mut after = from;
        let few = hits.as_ref().is_some_and(|hits| hits.len() <= FEW);
        for _ in 0..STEPS {
            let (rows, end) = self.step(&hits, few, after, want as u64).await?;
            after = end.or(after);
            kept.extend(self.sieved(rows, hits.as_ref())?);
            if kept.len() >= want || end.is_none() {
                break;
            }
        }
        let more = kept.len() >= want;
        kept.truncate(want - 1);
        let next = if more { kept.last().map(|row| row.id) } else { None };
        Ok((kept, next))
    }

    /// A typed search without a sort of its own: hits in the order of the index, a few at a time.
    async fn typed(&self, q: &str, after: Option<RecordId>, limit: u64) -> Result<(Vec<SealedRow>, Option<RecordId>)> {
        let want = usize::try_from(limit).unwrap_or(usize::MAX) + 1;
        let mut hits: Vec<(RecordId, Vec<usize>)> = Vec::new();
        for needle in needles(q)? {
            let object = &self.grant.object().name;
            hits = self.house.index.typed(object, &self.searchable(), &needle, after, MOST_TYPED);
            if !hits.is_empty() {
                break;
            }
        }
        let mut kept = Vec::new();
        for chunk in hits.chunks(want.clamp(60, FEW)) {
            let found: Hits = chunk.iter().cloned().collect();
            let mut sql = self.filters.sql.clone();
            sql.push(Filter::Ids(chunk.iter().map(|(id, _)| *id).collect()));
            let page = Page { sort: Sort { by: Target::Id, descending: false }, after: None, limit: FEW as u64 };
            let rows = self.house.store.page(self.grant, &sql, &page, self.ctx.at).await?;
            let mut rows = self.sieved(rows, Some(&found))?;
            let place: std::collections::HashMap<RecordId, usize> =
                chunk.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
            rows.sort_by_key(|row| place.get(&row.id).copied());
            kept.extend(rows);
            if kept.len() >= want {
                break;
            }
        }
        let more = kept.len() >= want;
        kept.truncate(want - 1);
        let next = if more { kept.last().map(|row| row.id) } else { None };
        Ok((kept, next))
    }

    /// The next rows in order, and where to go on; no place to go on means that there is no more.
    async fn step(
        &self,
        hits: &Option<Hits>,
        few: bool,
        after: Option<RecordId>,
        want: u64,
    ) -> Result<(Vec<SealedRow>, Option<RecordId>)> {
        let object = self.grant.object();
        let now = self.ctx.at;
        if let Some(field) = self.sort.indexed(object) {
            let width = usize::try_from(STEP).unwrap_or(usize::MAX);
            let ids =
                self.house.index.walk(&object.name, field, self.sort.sql.descending, after, width).unwrap_or_default();
            let end = (ids.len() == width).then(|| ids.last().copied()).flatten();
            let wanted: Vec<RecordId> =
                ids.iter().filter(|id| hits.as_ref().is_none_or(|h| h.contains_key(id))).copied().collect();
            if wanted.is_empty() {
                return Ok((Vec::new(), end));
            }
            let mut sql = self.filters.sql.clone();
            sql.push(Filter::Ids(wanted.clone()));
            let page = Page { sort: Sort { by: Target::Id, descending: false }, after: None, limit: STEP };
            let mut rows = self.house.store.page(self.grant, &sql, &page, now).await?;
            let place: std::collections::HashMap<RecordId, usize> =
                wanted.iter().enumerate().map(|(at, id)| (*id, at)).collect();
            rows.sort_by_key(|row| place.get(&row.id).copied());
            return Ok((rows, end));
        }
        let mut sql = self.filters.sql.clone();
        if let Some(hits) = hits
            && few
        {
            if hits.is_empty() {
                return Ok((Vec::new(), None));
            }
            sql.push(Filter::Ids(hits.keys().copied().collect()));
        }
        let walking = (hits.is_some() && !few) || !self.filters.sieves.is_empty();
        let limit = if walking { STEP } else { want };
        let page = Page { sort: self.sort.sql, after, limit };
        let rows = self.house.store.page(self.grant, &sql, &page, now).await.map_err(|e| match e {
            store::Error::Missing(_) => cursor_gone(),
            other => other.into(),
        })?;
        let end = (rows.len() as u64 == limit).then(|| rows.last().map(|row| row.id)).flatten();
        Ok((rows, end))
    }

    /// Drops coincidences of blind hashes, and rows that match only in a field the actor may not read in clear there.
    fn sieved(&self, rows: Vec<SealedRow>, hits: Option<&Hits>) -> Result<Vec<SealedRow>> {
        let mut rows = rows;
        if let Some(hits) = hits {
            let object = self.grant.object();
            rows.retain(|row| {
                hits.get(&row.id).is_some_and(|fields| {
                    let clear = |at: &usize| {
                        self.grant.level(&object.fields()[*at], &row.seen(self.grant)) == kernel::Level::Clear
                    };
                    fields.iter().any(|at| if *at == TITLE { title_of(object).iter().all(clear) } else { clear(at) })
                })
            });
        }
        for (field, exact_key) in &self.filters.sieves {
            rows = sieve(self.grant, rows, &self.house.keyring, Sieve { field: *field, exact_key })?;
        }
        Ok(rows)
    }

    /// The records that every text filter and the typed search match, with the fields that matched; none if there is
    /// no text to match.
    fn hits(&self, ask: &ListAsk) -> Result<Option<Hits>> {
        let object = self.grant.object();
        let index = &self.house.index;
        let mut found: Option<Hits> = None;
        let mut meet = |hits: Vec<(RecordId, Vec<usize>)>| {
            let hits: Hits = hits.into_iter().collect();
            found = Some(match found.take() {
                None => hits,
                Some(before) => before.into_iter().filter(|(id, _)| hits.contains_key(id)).collect(),
            });
        };
        for (field, how, text) in &self.filters.text {
            meet(index.search(&object.name, &[*field], *how, text, usize::MAX));
        }
        if let Some(q) = &ask.q {
            let fields: Vec<usize> = self.searchable();
            let mut hits = Vec::new();
            for needle in needles(q)? {
                hits = index.search(&object.name, &fields, Match::Contains, &needle, usize::MAX);
                if !hits.is_empty() {
                    break;
                }
            }
            meet(hits);
        }
        Ok(found)
    }

    /// The fields that typed search looks at: those the grant can show in clear on some row. Each hit is checked again
    /// on its row.
    fn searchable(&self) -> Vec<usize> {
        let object = self.grant.object();
        let mut found: Vec<usize> = (0..object.fields().len())
            .filter(|at| object.fields()[*at].find.text())
            .filter(|at| {
                let field = &object.fields()[*at];
                !field.is_personal() || field.purposes.has(self.grant.purpose())
            })
            .collect();
        // The whole name holds what its parts hold.
        let title = title_of(object);
        if !title.is_empty() && title.iter().all(|at| found.contains(at)) {
            found.retain(|at| !title.contains(at));
            found.push(TITLE);
        }
        found
    }

    async fn count(&self, ask: &ListAsk) -> Result<(u64, bool)> {
        let mut sql = self.filters.sql.clone();
        let hits = self.hits(ask)?;
        if hits.is_none() && self.filters.sieves.is_empty() {
            let n = self.house.store.count(self.grant, &sql, MAX_COUNT + 1, self.ctx.at).await?;
            return Ok((n.min(MAX_COUNT), n > MAX_COUNT));
        }
        // With text in play the rows are met one by one, as the page does.
        let Some(hits) = hits else {
            let (rows, _) = Box::pin(self.page(None, ask, MAX_PAGE)).await?;
            return Ok((rows.len() as u64, rows.len() as u64 >= MAX_PAGE));
        };
        let mut n = 0;
        let ids: Vec<RecordId> = hits.keys().copied().take(MAX_COUNT as usize + 1).collect();
        for chunk in ids.chunks(FEW) {
            sql.push(Filter::Ids(chunk.to_vec()));
            let page = Page { sort: Sort { by: Target::Id, descending: false }, after: None, limit: FEW as u64 };
            let rows = self.house.store.page(self.grant, &sql, &page, self.ctx.at).await?;
            n += self.sieved(rows, Some(&hits))?.len() as u64;
            sql.pop();
        }
        Ok((n.min(MAX_COUNT), hits.len() as u64 > MAX_COUNT))
    }
}

impl House {
    /// Seals the reason for revealing under the person's key and records it.
    async fn record_reason(&self, ctx: &Ctx, grant: &Grant, row: &SealedRow, reason: &str) -> Result<()> {
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Revealed);
        entry.object = Some(grant.object().name.clone());
        entry.records = vec![row.id];
        entry.purpose = Some(grant.purpose_name().clone());
        entry.why = Some("reason_given".into());
        entry.sealed = self.sealed_words(row.id, row.key.as_ref(), "reason", reason)?;
        self.record(entry).await
    }

    /// Records owned by an actor are theirs to be told apart by; used where a page shows who is meant by "me".
    pub fn is_mine(ctx: &Ctx, owner: Option<ActorId>) -> bool {
        owner == Some(ctx.actor.id)
    }
}

/// What a typed text is looked for as: itself; and where it is a phone number however written, its digits.
pub(crate) fn needles(q: &str) -> Result<Vec<String>> {
    let q = q.trim();
    if q.is_empty() {
        return Err(Error::field("q", "empty", "type something to search for"));
    }
    let digits: String = q.chars().filter(char::is_ascii_digit).collect();
    let phone = q.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    if phone && digits.len() >= 4 && digits != q {
        return Ok(vec![digits, q.to_owned()]);
    }
    // Pinyin is typed in syllables and kept as one word.
    if q.contains(' ') && q.chars().all(|c| c.is_ascii_alphabetic() || c == ' ') {
        return Ok(vec![q.to_owned(), q.replace(' ', "")]);
    }
    Ok(vec![q.to_owned()])
}

pub(crate) fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

/// Cursor and page size as programs send them.
pub fn page_size(text: Option<&str>) -> Result<u64> {
    match text.map(str::parse::<u64>) {
        None => Ok(50),
        Some(Ok(n)) if (1..=MAX_PAGE).contains(&n) => Ok(n),
        Some(_) => {
            Err(Error::Invalid(vec![FieldError::new("limit", "limit", format!("a whole number from 1 to {MAX_PAGE}"))]))
        }
    }
}
