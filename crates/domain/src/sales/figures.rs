//! Figures: records counted and summed in groups. A figure is a disclosure: it passes the gate, reaches only rows whose
//! values the actor may read in clear, and is on record before it is told.

use kernel::{ActorId, FieldName, RecordId, TeamId};
use model::{Kind, Object, Protect};
use seal::{Ask, Fields, policy::Act};
use store::{By as StoreBy, Sql, Target};

use crate::{Ctx, Error, House, Result, WrittenFilter, query};

/// What records are grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// A plain field, or `owner` or `team`.
    Column(String),
    /// Spans of so many days of an instant, counted from a day's beginning in microseconds.
    Span {
        /// The field, or `created_at` or `updated_at`.
        column: String,
        /// Where span 0 begins, in microseconds.
        from: i64,
        /// Days of a span.
        days: i64,
    },
}

impl By {
    /// By a column.
    pub fn column(name: &str) -> Self {
        Self::Column(name.to_owned())
    }

    fn name(&self) -> &str {
        match self {
            Self::Column(name) | Self::Span { column: name, .. } => name,
        }
    }
}

/// Which figures are asked for.
#[derive(Clone, Debug, Default)]
pub struct FigureAsk {
    /// Filters, as a list takes them; only on plain columns.
    pub filters: Vec<WrittenFilter>,
    /// The keys of a group.
    pub by: Vec<By>,
    /// Number fields to sum.
    pub sum: Vec<FieldName>,
}

/// The key of a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// No value.
    None,
    /// A choice, a text, a date.
    Text(String),
    /// A number (millionths), the number of a span, yes (1) or no (0).
    Number(i64),
    /// A record, an owner or a team.
    Id([u8; 16]),
}

impl Key {
    /// The text, empty for any other key.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// The owner.
    pub fn actor(&self) -> Option<ActorId> {
        self.id().map(ActorId::from_bytes)
    }

    /// The team.
    pub fn team(&self) -> Option<TeamId> {
        self.id().map(TeamId::from_bytes)
    }

    /// The record.
    pub fn record(&self) -> Option<RecordId> {
        self.id().map(RecordId::from_bytes)
    }

    fn id(&self) -> Option<[u8; 16]> {
        match self {
            Self::Id(id) => Some(*id),
            _ => None,
        }
    }
}

/// A group of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureGroup {
    /// Its keys, in the order asked for.
    pub keys: Vec<Key>,
    /// How many records.
    pub count: u64,
    /// The sums, in millionths, in the order asked for.
    pub sums: Vec<i64>,
}

impl House {
    /// Counts and sums records in groups.
    pub async fn figures(&self, ctx: &Ctx, object: &str, ask: &FigureAsk) -> Result<Vec<FigureGroup>> {
        self.sweep_if_due(ctx.at).await?;
        let catalog = self.catalog();
        let definition = catalog
            .object(object)
            .ok_or_else(|| Error::Unknown(format!("object `{}`", crate::records::short(object))))?;
        let filters =
            query::filters(definition, &ask.filters, &self.keyring, |field| self.blind_bits(&definition.name, field))?;
        if !filters.sieves.is_empty() || !filters.text.is_empty() {
            return Err(Error::field("filters", "not_groupable", "figures take filters on plain columns only"));
        }
        let mut uses = filters.uses.clone();
        let mut by = Vec::with_capacity(ask.by.len());
        for key in &ask.by {
            let at = self.plain_target(definition, key.name(), &mut uses)?;
            by.push(match key {
                By::Column(_) => StoreBy::Value(at),
                By::Span { from, days, .. } => StoreBy::Span { at, from: *from, width: days * DAY },
            });
        }
        let mut sums = Vec::with_capacity(ask.sum.len());
        for name in &ask.sum {
            match self.plain_target(definition, name, &mut uses)? {
                Target::Field(at)
                    if matches!(definition.fields()[at].kind, Kind::Number { .. } | Kind::Money { .. }) =>
                {
                    sums.push(at);
                }
                _ => return Err(Error::field(name.as_str(), "not_summable", "only numbers and amounts have a sum")),
            }
        }
        uses.sort();
        uses.dedup();
        let gate_ask = Ask { fields: Fields::Nothing, uses: &uses, ..self.ask(ctx, object, Act::View, None) };
        let grant = self.granted(ctx, &gate_ask, &[]).await?;
        let rows = self.store.group(&grant, &filters.sql, &by, &sums, ctx.at).await?;
        let mut groups = Vec::with_capacity(rows.len());
        for row in rows {
            let (keys, rest) = row.split_at(by.len());
            let numbers = rest.iter().map(Sql::int).collect::<std::result::Result<Vec<i64>, _>>()?;
            let (count, sums) = numbers.split_first().map_or((0, Vec::new()), |(n, sums)| (*n, sums.to_vec()));
            groups.push(FigureGroup { keys: keys.iter().map(key).collect(), count: count.unsigned_abs(), sums });
        }
        let total = groups.iter().map(|group| group.count).sum();
        seal::tally(grant, total, uses, self.store.as_ref(), self.circumstances(ctx)).await?;
        groups.sort_by(|a, b| a.keys.cmp(&b.keys));
        Ok(groups)
    }

    /// A column that can be grouped or summed; the field among those that the gate must hear of.
    fn plain_target(&self, object: &Object, name: &str, uses: &mut Vec<FieldName>) -> Result<Target> {
        let missing = || Error::field(name, "unknown_field", format!("{} has no such field", object.name));
        let target = query::target(object, name).ok_or_else(missing)?;
        if let Target::Field(at) = target {
            let field = &object.fields()[at];
            if field.protect != Protect::Disk {
                return Err(Error::field(name, "not_groupable", "a sealed field has no groups"));
            }
            uses.push(field.name.clone());
        }
        Ok(target)
    }
}

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

fn key(sql: &Sql) -> Key {
    match sql {
        Sql::Null => Key::None,
        Sql::Int(n) => Key::Number(*n),
        Sql::Text(text) => Key::Text(text.clone()),
        Sql::Blob(bytes) => bytes.as_slice().try_into().map_or(Key::None, Key::Id),
    }
}
