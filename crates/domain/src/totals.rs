//! How many rows a list has in each group, and what their numbers come to: the same filter, the same gate, and an entry
//! for each number told. A number is summed over the rows where the actor may read it in clear, and over no other.

use kernel::{FieldName, RecordId};
use model::{Kind, Object, Protect};
use seal::{Ask, Fields, policy::Act};
use store::{Filter, Sql, Sum, Target};

use crate::{
    Ctx, Error, House, Result,
    query::{self, Filters},
    records::{ListAsk, MAX_PAGE, Order, Search},
};

/// How many ids one statement takes.
const CHUNK: usize = 900;

/// What the rows of one group come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The group's value as a filter takes it; none for rows without one, and where nothing is grouped.
    pub key: Option<String>,
    /// How many rows.
    pub count: u64,
    /// The sums asked for, one for each currency.
    pub sums: Vec<GroupSum>,
}

/// A sum of one field over the rows of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSum {
    /// The field.
    pub field: FieldName,
    /// The currency of the amounts; none for plain numbers and amounts without one.
    pub currency: Option<String>,
    /// How many rows have a value.
    pub values: u64,
    /// The sum, in millionths.
    pub sum: i128,
}

impl GroupSum {
    /// The average of the values there are, in millionths.
    pub fn average(&self) -> i128 {
        if self.values == 0 { 0 } else { self.sum / i128::from(self.values) }
    }
}

/// Whether a list can be grouped by a field: it stands in a column of its own and has few values.
pub fn groups_by(object: &Object, name: &str) -> bool {
    name == "owner"
        || object
            .field(name)
            .is_some_and(|f| f.protect == Protect::Disk && matches!(f.kind, Kind::Choice(_) | Kind::YesNo))
}

/// Whether a field can be summed up.
pub fn sums_up(object: &Object, name: &str) -> bool {
    object
        .field(name)
        .is_some_and(|f| f.protect == Protect::Disk && matches!(f.kind, Kind::Number { .. } | Kind::Money { .. }))
}

impl House {
    /// Counts the rows of a list, in groups if `by` names a field to group by, and sums up `sums`.
    ///
    /// # Errors
    /// A group or sum by a field that the actor may not read in clear is refused, and the refusal recorded.
    pub async fn totals(
        &self,
        ctx: &Ctx,
        object: &str,
        ask: &ListAsk,
        by: Option<&str>,
        sums: &[FieldName],
    ) -> Result<Vec<Group>> {
        self.sweep_if_due(ctx.at).await?;
        let catalog = self.catalog();
        let definition = catalog.object(object).ok_or_else(|| Error::Unknown("such object".into()))?;
        if by.is_some_and(|by| !groups_by(definition, by)) {
            return Err(Error::field("group", "not_groupable", "group by a choice, yes or no, or the owner"));
        }
        let filters = self.filters_of(definition, ask)?;
        let group = by.and_then(|by| query::target(definition, by));
        let mut groups: Vec<Group> = Vec::new();
        for sum in std::iter::once(None).chain(sums.iter().map(Some)) {
            let measured = sum.map(|name| sum_of(definition, name)).transpose()?;
            let mut more: Vec<FieldName> = Vec::new();
            let places = measured.iter().flat_map(|s| [Some(s.field), s.currency]).flatten();
            let grouped = match group {
                Some(Target::Field(at)) => Some(at),
                _ => None,
            };
            more.extend(places.chain(grouped).map(|at| definition.fields()[at].name.clone()));
            let rows = self.measured(ctx, definition, ask, &filters, &more, group, measured).await?;
            for row in rows {
                let key = key_of(definition, group, &row.group);
                let at = groups.iter().position(|g| g.key == key);
                let at = at.unwrap_or_else(|| {
                    groups.push(Group { key, count: 0, sums: Vec::new() });
                    groups.len() - 1
                });
                match sum {
                    None => groups[at].count += row.rows,
                    Some(_) if row.values == 0 => {}
                    Some(name) => add(&mut groups[at].sums, name, row),
                }
            }
        }
        if by.is_none() && groups.is_empty() {
            groups.push(Group { key: None, count: 0, sums: Vec::new() });
        }
        groups.retain(|g| by.is_none() || g.count > 0);
        Ok(groups)
    }

    #[expect(clippy::too_many_arguments, reason = "one caller; a struct for it would only repeat that one's own names")]
    async fn measured(
        &self,
        ctx: &Ctx,
        definition: &Object,
        ask: &ListAsk,
        filters: &Filters,
        more: &[FieldName],
        group: Option<Target>,
        sum: Option<Sum>,
    ) -> Result<Vec<store::TotalRow>> {
        let uses: Vec<FieldName> = filters.uses.iter().chain(more).cloned().collect();
        let grant = self.reach_of(ctx, definition, ask, filters, &uses, Act::View).await?;
        let order = Order::by_id();
        let found = Search { house: self, ctx, grant: &grant, filters, sort: &order }.ids(ask).await?;
        let rows = match found {
            None => self.store.totals(&grant, &filters.sql, group, sum, ctx.at).await?,
            Some(ids) => {
                let mut rows = Vec::new();
                for some in ids.chunks(CHUNK) {
                    let mut sql = filters.sql.clone();
                    sql.push(Filter::Ids(some.to_vec()));
                    rows.extend(self.store.totals(&grant, &sql, group, sum, ctx.at).await?);
                }
                rows
            }
        };
        let n = rows.iter().map(|row| row.rows).sum();
        seal::count(grant, n, self.store.as_ref(), self.circumstances(ctx)).await?;
        Ok(rows)
    }

    /// The filters of a list.
    pub(crate) fn filters_of(&self, definition: &Object, ask: &ListAsk) -> Result<Filters> {
        query::filters(definition, &ask.filters, &self.keyring, |field| self.blind_bits(&definition.name, field))
    }

    /// A grant that shows nothing and reaches the rows of a list on which `act` is allowed.
    pub(crate) async fn reach_of(
        &self,
        ctx: &Ctx,
        definition: &Object,
        ask: &ListAsk,
        filters: &Filters,
        uses: &[FieldName],
        act: Act,
    ) -> Result<seal::Grant> {
        // A sieve opens the field it compares, so that field is fetched; it is shown to nobody.
        let sieved: Vec<FieldName> =
            filters.sieves.iter().map(|(at, _)| definition.fields()[*at].name.clone()).collect();
        let fields = if sieved.is_empty() { Fields::Nothing } else { Fields::Named(&sieved) };
        let gate_ask = Ask { fields, uses, ..self.ask(ctx, &definition.name, act, ask.purpose.as_deref()) };
        self.granted(ctx, &gate_ask, &[]).await
    }

    /// Every record that a list would show over all its pages, as far as `act` is allowed on it; in no order.
    pub(crate) async fn matching(&self, ctx: &Ctx, object: &str, ask: &ListAsk, act: Act) -> Result<Vec<RecordId>> {
        let catalog = self.catalog();
        let definition = catalog.object(object).ok_or_else(|| Error::Unknown("such object".into()))?;
        let filters = self.filters_of(definition, ask)?;
        let grant = self.reach_of(ctx, definition, ask, &filters, &filters.uses, act).await?;
        let order = Order::by_id();
        let found = Search { house: self, ctx, grant: &grant, filters: &filters, sort: &order }.ids(ask).await?;
        let ids = match found {
            Some(ids) => ids,
            None => self.store.ids(&grant, &filters.sql, u64::from(u32::MAX), ctx.at).await?,
        };
        seal::count(grant, ids.len() as u64, self.store.as_ref(), self.circumstances(ctx)).await?;
        Ok(ids)
    }
}

impl Search<'_> {
    /// The ids of every row, where text or sealed values decide; none where SQL alone does.
    pub(crate) async fn ids(&self, ask: &ListAsk) -> Result<Option<Vec<RecordId>>> {
        if ask.q.is_none() && self.filters.text.is_empty() && self.filters.sieves.is_empty() {
            return Ok(None);
        }
        let ask = ListAsk { sort: Some(("id".into(), false)), ..ask.clone() };
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let (rows, next) = self.page(after, &ask, MAX_PAGE).await?;
            found.extend(rows.iter().map(|row| row.id));
            match next {
                Some(next) => after = Some(next),
                None => return Ok(Some(found)),
            }
        }
    }
}

fn sum_of(object: &Object, name: &FieldName) -> Result<Sum> {
    let at = |name: &str| object.fields().iter().position(|f| f.name.as_str() == name);
    match at(name).filter(|_| sums_up(object, name)) {
        Some(field) => {
            let currency = match &object.fields()[field].kind {
                Kind::Money { currency } => at(currency),
                _ => None,
            };
            Ok(Sum { field, currency })
        }
        None => Err(Error::field(name.as_str(), "not_summable", "only numbers and amounts are summed up")),
    }
}

fn add(sums: &mut Vec<GroupSum>, field: &FieldName, row: store::TotalRow) {
    match sums.iter_mut().find(|sum| sum.field == *field && sum.currency == row.currency) {
        Some(sum) => {
            sum.values += row.values;
            sum.sum += row.sum;
        }
        None => sums.push(GroupSum { field: field.clone(), currency: row.currency, values: row.values, sum: row.sum }),
    }
}

/// A group's value as a filter takes it.
fn key_of(object: &Object, group: Option<Target>, value: &Sql) -> Option<String> {
    let yes_no = matches!(group, Some(Target::Field(at)) if matches!(object.fields()[at].kind, Kind::YesNo));
    match value {
        Sql::Null => None,
        Sql::Int(v) if yes_no => Some((*v != 0).to_string()),
        Sql::Int(v) => Some(v.to_string()),
        Sql::Text(v) => Some(v.clone()),
        Sql::Blob(v) => <[u8; 16]>::try_from(v.as_slice()).ok().map(|id| RecordId::from_bytes(id).to_string()),
    }
}
