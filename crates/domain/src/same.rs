//! Which rows of a file are records already.
//!
//! A row with an exact field (e-mail, phone) is one that is there if a record has that value. A row without any is one
//! only if a record of just its title has every value of the row: two people of one name are two people until something
//! says otherwise.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::RecordId;
use model::{Field, Object, Protect, Value};
use seal::{Ask, Fields, Grant, SealedRow, Sieve, Stored, known, policy::Act, sieve};
use store::{Filter, Page, Sort, Target};

use crate::{BasisDraft, Ctx, House, Result, import::Problem, index::Match, writing::Values};

/// At most so many records of one title are compared with a row.
const NAMESAKES: usize = 50;
/// At most so many records are fetched to compare with a chunk of rows.
const FETCHED: u64 = 20_000;

/// A field and the key its exact values are compared by.
type Key = (usize, String);

/// Why a row is not taken.
pub(crate) enum Same {
    /// A record has the row's value of this field.
    Field(usize),
    /// A record has every value of the row.
    Row,
}

impl Same {
    /// In words, never with a value.
    pub(crate) fn told(&self, object: &Object, line: usize) -> Problem {
        let (column, what) = match self {
            Self::Field(at) => {
                let name = &object.fields()[*at].name;
                (Some(name.to_string()), format!("a {} with this {name} is there already", object.name))
            }
            Self::Row => (None, format!("a {} with all values of this row is there already", object.name)),
        };
        Problem { line, column, code: "duplicate", what, refused: true }
    }
}

/// What tells a row from others: its exact fields, or else its title and all that it says.
pub(crate) enum Marks {
    /// Values of exact fields.
    Keys(Vec<Key>),
    /// The title, and every value that can be compared.
    Whole(Vec<Key>, Vec<Key>),
}

impl Marks {
    /// Those of a row.
    pub(crate) fn of(object: &Object, values: &Values) -> Self {
        let keys = keys(object, values);
        if !keys.is_empty() {
            return Self::Keys(keys);
        }
        let all: Vec<Key> = values
            .iter()
            .filter_map(|(at, value)| Some((*at, comparable(&object.fields()[*at], value.as_ref()?)?)))
            .collect();
        let title = all.iter().filter(|(at, _)| is_title(object, *at)).cloned().collect();
        Self::Whole(title, all)
    }
}

/// The rows of this file that were taken so far.
#[derive(Default)]
pub(crate) struct Seen {
    keys: HashSet<Key>,
    whole: HashMap<Vec<Key>, Vec<Vec<Key>>>,
}

impl Seen {
    /// Whether the row was taken before.
    pub(crate) fn of(&self, object: &Object, values: &Values) -> Option<Same> {
        match Marks::of(object, values) {
            Marks::Keys(keys) => keys.into_iter().find(|key| self.keys.contains(key)).map(|(at, _)| Same::Field(at)),
            Marks::Whole(title, all) => {
                let namesakes = self.whole.get(&title)?;
                namesakes.iter().any(|other| all.iter().all(|key| other.contains(key))).then_some(Same::Row)
            }
        }
    }

    /// Notes a row that is taken.
    pub(crate) fn add(&mut self, marks: Marks) {
        match marks {
            Marks::Keys(keys) => self.keys.extend(keys),
            Marks::Whole(title, all) => self.whole.entry(title).or_default().push(all),
        }
    }
}

/// What of a chunk of rows is there.
#[derive(Default)]
pub(crate) struct There {
    keys: HashSet<Key>,
    rows: HashSet<usize>,
}

impl There {
    /// Whether this row of the chunk is.
    pub(crate) fn of(&self, object: &Object, row: usize, values: &Values) -> Option<Same> {
        let known = keys(object, values).into_iter().find(|key| self.keys.contains(key));
        known.map(|(at, _)| Same::Field(at)).or_else(|| self.rows.contains(&row).then_some(Same::Row))
    }
}

impl House {
    /// Which of these rows a record is already, told by blind hash, index or plain column, and then for certain. Only
    /// records that the importing role may see, for one of the purposes the file is for, can be told to be there.
    pub(crate) async fn there_already(
        &self,
        ctx: &Ctx,
        object: &Object,
        bases: &[BasisDraft],
        rows: &[(usize, Values)],
    ) -> Result<There> {
        let mut there = There::default();
        let mut purposes: Vec<Option<&str>> = bases.iter().map(|basis| Some(basis.purpose.as_str())).collect();
        purposes.push(None);
        purposes.sort_unstable();
        purposes.dedup();
        for purpose in purposes {
            let ask = Ask { fields: Fields::All, ..self.ask(ctx, &object.name, Act::View, purpose) };
            let Ok(grant) = self.gate().grant(&ask) else { continue };
            self.keys_there(ctx, &grant, rows, &mut there).await?;
            self.rows_there(ctx, &grant, rows, &mut there).await?;
        }
        Ok(there)
    }

    async fn keys_there(&self, ctx: &Ctx, grant: &Grant, rows: &[(usize, Values)], there: &mut There) -> Result<()> {
        let object = grant.object();
        let mut wanted: BTreeMap<usize, HashSet<String>> = BTreeMap::new();
        for (_, values) in rows {
            for (at, key) in keys(object, values).into_iter().filter(|(at, _)| grant.columns().contains(at)) {
                wanted.entry(at).or_default().insert(key);
            }
        }
        for (at, keys) in wanted {
            let name = &object.fields()[at].name;
            let bits = self.blind_bits(&object.name, name);
            let hash = |key: &String| self.keyring.blind(&object.name, name, key, bits);
            let hashes: HashSet<i64> = keys.iter().map(hash).collect();
            let found = self.candidates(ctx, grant, Filter::BlindIn(at, hashes.into_iter().collect())).await?;
            there.keys.extend(known(grant, &found, &self.keyring, at, &keys)?.into_iter().map(|key| (at, key)));
        }
        Ok(())
    }

    async fn rows_there(&self, ctx: &Ctx, grant: &Grant, rows: &[(usize, Values)], there: &mut There) -> Result<()> {
        let object = grant.object();
        let mut by_index: BTreeMap<usize, Vec<RecordId>> = BTreeMap::new();
        let mut by_column: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (n, (_, values)) in rows.iter().enumerate() {
            if !keys(object, values).is_empty() {
                continue;
            }
            let Some((at, value)) = titled(grant, values) else { continue };
            let field = &object.fields()[at];
            if field.protect != Protect::Cell {
                by_column.entry(at).or_default().push(n);
            } else if let Some(text) = field.kind.search_text(value) {
                let found = self.index.search(&object.name, &[at], Match::Equals, &text, NAMESAKES);
                by_index.insert(n, found.into_iter().map(|(id, _)| id).collect());
            }
        }
        let ids: HashSet<RecordId> = by_index.values().flatten().copied().collect();
        if !ids.is_empty() {
            let found = self.candidates(ctx, grant, Filter::Ids(ids.into_iter().collect())).await?;
            let found: HashMap<RecordId, SealedRow> = found.into_iter().map(|row| (row.id, row)).collect();
            for (n, ids) in by_index {
                let candidates = ids.iter().filter_map(|id| found.get(id)).cloned().collect();
                if self.is_one_of(grant, &rows[n].1, candidates)? {
                    there.rows.insert(n);
                }
            }
        }
        for (at, of) in by_column {
            let value = |n: &usize| rows[*n].1.get(&at).and_then(Option::as_ref);
            let wanted = of.iter().filter_map(value).map(store::plain).collect();
            let found = self.candidates(ctx, grant, Filter::In(Target::Field(at), wanted)).await?;
            for n in of {
                let named = |row: &&SealedRow| plain(grant, row, at) == value(&n);
                let candidates = found.iter().filter(named).take(NAMESAKES).cloned().collect();
                if self.is_one_of(grant, &rows[n].1, candidates)? {
                    there.rows.insert(n);
                }
            }
        }
        Ok(())
    }

    async fn candidates(&self, ctx: &Ctx, grant: &Grant, filter: Filter) -> Result<Vec<SealedRow>> {
        let page = Page { sort: Sort { by: Target::Id, descending: false }, after: None, limit: FETCHED };
        Ok(self.store.page(grant, &[filter], &page, ctx.at).await?)
    }

    /// Whether one of these records has the row's title, no more and no less, and every other value of the row, as far
    /// as values can be compared.
    fn is_one_of(&self, grant: &Grant, values: &Values, mut candidates: Vec<SealedRow>) -> Result<bool> {
        let object = grant.object();
        for (cell, at) in grant.columns().iter().enumerate() {
            let field = &object.fields()[*at];
            let Some(value) = values.get(at).and_then(Option::as_ref) else {
                candidates.retain(|row| !is_title(object, *at) || matches!(row.cells[cell], Stored::Null));
                continue;
            };
            let Some(key) = comparable(field, value) else { continue };
            if field.protect == Protect::Cell {
                candidates = sieve(grant, candidates, &self.keyring, Sieve { field: *at, exact_key: &key })?;
            } else {
                candidates.retain(|row| plain(grant, row, *at) == Some(value));
            }
        }
        Ok(!candidates.is_empty())
    }
}

/// What a value is compared by; none for a sealed one that has no exact form.
fn comparable(field: &Field, value: &Value) -> Option<String> {
    match field.protect {
        Protect::Cell => field.kind.exact_key(value),
        Protect::Disk => Some(field.kind.show(value)),
    }
}

fn is_title(object: &Object, at: usize) -> bool {
    object.title.contains(&object.fields()[at].name)
}

/// The first field of the object's title that the row has and the grant reaches.
fn titled<'a>(grant: &Grant, values: &'a Values) -> Option<(usize, &'a Value)> {
    let fields = grant.object().fields();
    grant.object().title.iter().find_map(|name| {
        let at = fields.iter().position(|field| field.name == *name)?;
        let value = values.get(&at)?.as_ref()?;
        grant.columns().contains(&at).then_some((at, value))
    })
}

fn plain<'a>(grant: &Grant, row: &'a SealedRow, at: usize) -> Option<&'a Value> {
    let cell = grant.columns().iter().position(|column| *column == at)?;
    match &row.cells[cell] {
        Stored::Plain(value) => Some(value),
        Stored::Cell(_) | Stored::Null => None,
    }
}

/// The row's values of exact fields.
fn keys(object: &Object, values: &Values) -> Vec<Key> {
    values
        .iter()
        .filter_map(|(at, value)| {
            let field = &object.fields()[*at];
            let value = value.as_ref()?;
            field.find.exact().then(|| field.kind.exact_key(value)).flatten().map(|key| (*at, key))
        })
        .collect()
}
