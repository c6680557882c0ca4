//! Statements over records: what a grant, filters, a sort and a cursor become in SQL.

use jiff::Timestamp;
use kernel::{ActorId, PersonId, PurposeSet, RecordId, TeamId};
use model::{Column, Kind, Object, Protect, Value};
use sea_query::{Alias, Cond, Expr, ExprTrait, IntoColumnRef, Order, PostgresQueryBuilder, Query, SelectStatement};
use seal::{Grant, Sealed, SealedRow, Stored};

use crate::{
    Error, Result, Row, Sql, Step, Store, condition,
    shape::{blind_column, column, table},
};

/// What a filter or sort looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The record's id.
    Id,
    /// Who owns it.
    Owner,
    /// Its team.
    Team,
    /// The person it is about.
    Person,
    /// When it was made.
    Created,
    /// When it was last changed.
    Updated,
    /// A plain field, by position in the object.
    Field(usize),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal; a missing value is not equal to anything.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
}

/// A condition on rows besides the grant's.
#[derive(Clone, Debug)]
pub enum Filter {
    /// A comparison with a value.
    Compare(Target, Op, Sql),
    /// One of several values.
    In(Target, Vec<Sql>),
    /// No value (true) or any value (false).
    Empty(Target, bool),
    /// A sealed field's blind hash; coincidences are sieved afterwards.
    Blind(usize, i64),
    /// The same for many hashes at once.
    BlindIn(usize, Vec<i64>),
    /// A sealed field has no value (true) or any (false).
    EmptyCell(usize, bool),
    /// One of these records.
    Ids(Vec<RecordId>),
    /// None of these purposes is live.
    NotLive(PurposeSet),
}

/// The order of a list; ties are broken by id in the same direction.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    /// What to sort by.
    pub by: Target,
    /// Descending.
    pub descending: bool,
}

/// A page of rows to fetch.
#[derive(Clone, Debug)]
pub struct Page {
    /// The order.
    pub sort: Sort,
    /// Rows after this record in that order.
    pub after: Option<RecordId>,
    /// At most so many.
    pub limit: u64,
}

const HEAD: usize = 13;

impl Store {
    /// One record under a grant; `None` if there is none that the grant reaches.
    pub async fn one(&self, grant: &Grant, id: RecordId, now: Timestamp) -> Result<Option<SealedRow>> {
        let mut select = granted(grant, now);
        select.and_where(col("id").eq(bytes(id.as_bytes())));
        let (sql, params) = build(&select);
        let rows = self.backend.point(&sql, &params).await?;
        rows.into_iter().next().map(|row| sealed_row(grant, row)).transpose()
    }

    /// A page of records under a grant.
    pub async fn page(&self, grant: &Grant, filters: &[Filter], page: &Page, now: Timestamp) -> Result<Vec<SealedRow>> {
        let object = grant.object();
        let mut select = granted(grant, now);
        add_filters(&mut select, object, filters);
        if let Some(after) = page.after {
            let Some(cursor) = self.cursor(grant, page.sort, after, now).await? else {
                return Err(Error::Missing("the record the cursor points at"));
            };
            select.cond_where(cursor);
        }
        order(&mut select, object, page.sort);
        select.limit(page.limit);
        let (sql, params) = build(&select);
        let rows = self.backend.point(&sql, &params).await?;
        rows.into_iter().map(|row| sealed_row(grant, row)).collect()
    }

    /// The ids a grant and filters reach, in order, at most `limit`.
    pub async fn ids(&self, grant: &Grant, filters: &[Filter], limit: u64, now: Timestamp) -> Result<Vec<RecordId>> {
        let mut select = Query::select();
        select.column(Alias::new("id")).from(Alias::new(table(&grant.object().name)));
        reach(&mut select, grant, now);
        add_filters(&mut select, grant.object(), filters);
        select.limit(limit);
        let (sql, params) = build(&select);
        let rows = self.backend.scan(sql, params).await?;
        rows.iter().map(|row| row[0].id(RecordId::from_bytes)).collect()
    }

    /// How many rows a grant and filters reach, counted up to `most`.
    pub async fn count(&self, grant: &Grant, filters: &[Filter], most: u64, now: Timestamp) -> Result<u64> {
        let mut inner = Query::select();
        inner.expr(Expr::cust("1")).from(Alias::new(table(&grant.object().name)));
        reach(&mut inner, grant, now);
        add_filters(&mut inner, grant.object(), filters);
        inner.limit(most);
        let mut select = Query::select();
        select.expr(Expr::cust("count(*)")).from_subquery(inner, Alias::new("c"));
        let (sql, params) = build(&select);
        let rows = self.backend.scan(sql, params).await?;
        Ok(rows.first().map(|row| row[0].int()).transpose()?.unwrap_or(0).unsigned_abs())
    }

    /// The place of a record in an order. One that the grant does not reach has none: what lies beside it would tell of it.
    async fn cursor(&self, grant: &Grant, sort: Sort, after: RecordId, now: Timestamp) -> Result<Option<Cond>> {
        let object = grant.object();
        let by = target(object, sort.by);
        let mut select = Query::select();
        select
            .column(Alias::new(by.as_str()))
            .from(Alias::new(table(&object.name)))
            .and_where(col("id").eq(bytes(after.as_bytes())));
        reach(&mut select, grant, now);
        let (sql, params) = build(&select);
        let rows = self.backend.point(&sql, &params).await?;
        let Some(last) = rows.into_iter().next().and_then(|row| row.into_iter().next()) else {
            return Ok(None);
        };
        let id = bytes(after.as_bytes());
        let is_null = last.is_null();
        let pair = Expr::tuple([col(&by), col("id")]);
        let here = || Expr::tuple([value(last.clone()), id.clone().into()]);
        Ok(Some(match (sort.descending, is_null) {
            (false, false) => Cond::all().add(pair.gt(here())),
            (false, true) => {
                Cond::any().add(col(&by).is_null().and(col("id").gt(id.clone()))).add(col(&by).is_not_null())
            }
            (true, false) => Cond::any().add(pair.lt(here())).add(col(&by).is_null()),
            (true, true) => Cond::all().add(col(&by).is_null().and(col("id").lt(id.clone()))),
        }))
    }
}

/// A record as it is written: plain columns typed, cells sealed.
#[derive(Debug)]
pub struct NewRow<'a> {
    /// The object.
    pub object: &'a Object,
    /// Its id.
    pub id: RecordId,
    /// The person it is about.
    pub person: Option<PersonId>,
    /// Whose key its cells are under.
    pub subject: seal::Subject,
    /// Its owner.
    pub owner: Option<ActorId>,
    /// Its team.
    pub team: Option<TeamId>,
    /// The purposes live for it.
    pub live: PurposeSet,
    /// Until when that is so.
    pub live_until: Option<Timestamp>,
    /// Whether restricted.
    pub restricted: bool,
    /// Now.
    pub at: Timestamp,
    /// Fields with a value, by position in the object.
    pub cells: Vec<(usize, Stored)>,
    /// Blind hashes, by position of their field.
    pub blind: Vec<(usize, i64)>,
}

/// The step that inserts a record.
pub fn insert(row: &NewRow<'_>) -> Step {
    let mut names = vec![
        "id".to_owned(),
        "person".into(),
        "subject".into(),
        "version".into(),
        "owner".into(),
        "team".into(),
        "live_purposes".into(),
        "live_until".into(),
        "restricted".into(),
        "created_at".into(),
        "updated_at".into(),
    ];
    let mut params: Vec<Sql> = vec![
        row.id.into(),
        row.person.into(),
        row.subject.into(),
        1i64.into(),
        row.owner.into(),
        row.team.into(),
        row.live.bits().into(),
        row.live_until.into(),
        row.restricted.into(),
        row.at.into(),
        row.at.into(),
    ];
    let fields = row.object.fields();
    for (at, stored) in &row.cells {
        names.push(column(&fields[*at].name));
        params.push(sql_of(stored));
    }
    for (at, hash) in &row.blind {
        names.push(blind_column(&fields[*at].name));
        params.push((*hash).into());
    }
    let holes: Vec<String> = (1..=params.len()).map(|n| format!("${n}")).collect();
    Step::new(
        format!("insert into {} ({}) values ({})", table(&row.object.name), names.join(", "), holes.join(", ")),
        params,
    )
}

/// A change of a record, from the version that was read.
#[derive(Debug)]
pub struct Change<'a> {
    /// The object.
    pub object: &'a Object,
    /// The record.
    pub id: RecordId,
    /// The version that was read; another one in the database is a conflict.
    pub version: i64,
    /// Now.
    pub at: Timestamp,
    /// Fields and their new values; `Null` empties.
    pub cells: Vec<(usize, Stored)>,
    /// New blind hashes; `None` empties.
    pub blind: Vec<(usize, Option<i64>)>,
    /// A new owner.
    pub owner: Option<Option<ActorId>>,
    /// A new team.
    pub team: Option<Option<TeamId>>,
}

/// The step that changes a record; a stale version fails the transaction.
pub fn update(change: &Change<'_>) -> Step {
    let mut params: Vec<Sql> = vec![change.at.into()];
    let mut sets = vec!["version = version + 1".to_owned(), "updated_at = $1".to_owned()];
    let mut set = |name: String, value: Sql| {
        params.push(value);
        sets.push(format!("{name} = ${}", params.len()));
    };
    let fields = change.object.fields();
    for (at, stored) in &change.cells {
        set(column(&fields[*at].name), sql_of(stored));
    }
    for (at, hash) in &change.blind {
        set(blind_column(&fields[*at].name), (*hash).into());
    }
    if let Some(owner) = change.owner {
        set("owner".into(), owner.into());
    }
    if let Some(team) = change.team {
        set("team".into(), team.into());
    }
    params.push(change.id.into());
    params.push(change.version.into());
    let n = params.len();
    Step::new(
        format!(
            "update {} set {} where id = ${} and version = ${n}",
            table(&change.object.name),
            sets.join(", "),
            n - 1
        ),
        params,
    )
    .fresh()
}

/// The step that sets a blind hash without counting as a change of the record.
pub fn set_blind(object: &Object, id: RecordId, at: usize, hash: Option<i64>) -> Step {
    Step::new(
        format!("update {} set {} = $1 where id = $2", table(&object.name), blind_column(&object.fields()[at].name)),
        vec![hash.into(), id.into()],
    )
}

/// The step that deletes a record of this version.
pub fn delete(object: &Object, id: RecordId, version: i64) -> Step {
    Step::new(
        format!("delete from {} where id = $1 and version = $2", table(&object.name)),
        vec![id.into(), version.into()],
    )
    .fresh()
}

fn granted(grant: &Grant, now: Timestamp) -> SelectStatement {
    let object = grant.object();
    let fields = object.fields();
    let mut select = Query::select();
    for name in [
        "id",
        "person",
        "version",
        "owner",
        "team",
        "live_purposes",
        "live_until",
        "restricted",
        "created_at",
        "updated_at",
    ] {
        select.column((Alias::new("r"), Alias::new(name)));
    }
    select.from_as(Alias::new(table(&object.name)), Alias::new("r"));
    if grant.columns().iter().any(|at| fields[*at].protect == Protect::Cell) {
        for name in ["epoch", "subject", "wrapped"] {
            select.column((Alias::new("k"), Alias::new(name)));
        }
        select.join_as(
            sea_query::JoinType::LeftJoin,
            (Alias::new("keyring"), Alias::new("subject_key")),
            Alias::new("k"),
            Expr::col((Alias::new("k"), Alias::new("subject"))).equals((Alias::new("r"), Alias::new("subject"))),
        );
    } else {
        // The shape of the row stays the same; no key is fetched that nothing needs.
        for _ in 0..3 {
            select.expr(Expr::cust("null"));
        }
    }
    for at in grant.columns() {
        select.column((Alias::new("r"), Alias::new(column(&fields[*at].name))));
    }
    reach(&mut select, grant, now);
    select
}

/// The rows of a grant: its condition, its purpose live, and the live set not stale.
pub(crate) fn reach(select: &mut SelectStatement, grant: &Grant, now: Timestamp) {
    let bit = PurposeSet::EMPTY.with(grant.purpose()).bits();
    select.and_where(col("live_purposes").bit_and(Expr::val(bit)).ne(Expr::val(0i64))).cond_where(
        Cond::any().add(col("live_until").is_null()).add(col("live_until").gt(Expr::val(kernel::micros(now)))),
    );
    if let Some(expr) = condition::sql(grant.rows(), grant.object(), &|name| grant.purpose_bits(name)) {
        select.and_where(expr);
    }
}

pub(crate) fn add_filters(select: &mut SelectStatement, object: &Object, filters: &[Filter]) {
    for filter in filters {
        match filter {
            Filter::Compare(at, op, v) => {
                let (left, right) = (col(&target(object, *at)), value(v.clone()));
                select.and_where(match op {
                    Op::Eq => left.eq(right),
                    Op::Ne => left.ne(right),
                    Op::Lt => left.lt(right),
                    Op::Le => left.lte(right),
                    Op::Gt => left.gt(right),
                    Op::Ge => left.gte(right),
                });
            }
            Filter::In(at, values) => {
                select.and_where(col(&target(object, *at)).is_in(values.iter().cloned().map(value)));
            }
            Filter::Empty(at, empty) => {
                let left = col(&target(object, *at));
                select.and_where(if *empty { left.is_null() } else { left.is_not_null() });
            }
            Filter::EmptyCell(at, empty) => {
                let left = col(&column(&object.fields()[*at].name));
                select.and_where(if *empty { left.is_null() } else { left.is_not_null() });
            }
            Filter::Blind(at, hash) => {
                select.and_where(col(&blind_column(&object.fields()[*at].name)).eq(Expr::val(*hash)));
            }
            Filter::NotLive(purposes) => {
                if !purposes.is_empty() {
                    select.and_where(col("live_purposes").bit_and(Expr::val(purposes.bits())).eq(Expr::val(0i64)));
                }
            }
            Filter::BlindIn(at, hashes) => {
                let left = col(&blind_column(&object.fields()[*at].name));
                select.and_where(left.is_in(hashes.iter().map(|hash| Expr::val(*hash))));
            }
            Filter::Ids(ids) => {
                select.and_where(col("id").is_in(ids.iter().map(|id| Expr::from(bytes(id.as_bytes())))));
            }
        }
    }
}

fn order(select: &mut SelectStatement, object: &Object, sort: Sort) {
    let by = target(object, sort.by);
    let (direction, nulls) = if sort.descending {
        (Order::Desc, sea_query::NullOrdering::Last)
    } else {
        (Order::Asc, sea_query::NullOrdering::First)
    };
    let nullable = !matches!(sort.by, Target::Id | Target::Created | Target::Updated);
    let name = |name: &str| (Alias::new("r"), Alias::new(name)).into_column_ref();
    if sort.by != Target::Id {
        if nullable {
            select.order_by_with_nulls(name(&by), direction.clone(), nulls);
        } else {
            select.order_by(name(&by), direction.clone());
        }
    }
    select.order_by(name("id"), direction);
}

pub(crate) fn target(object: &Object, target: Target) -> String {
    match target {
        Target::Id => "id".into(),
        Target::Owner => "owner".into(),
        Target::Team => "team".into(),
        Target::Person => "person".into(),
        Target::Created => "created_at".into(),
        Target::Updated => "updated_at".into(),
        Target::Field(at) => column(&object.fields()[at].name),
    }
}

pub(crate) fn col(name: &str) -> Expr {
    Expr::col(Alias::new(name))
}

pub(crate) fn bytes(id: &[u8; 16]) -> sea_query::Value {
    sea_query::Value::Bytes(Some(id.to_vec()))
}

fn value(value: Sql) -> Expr {
    match value {
        Sql::Null => Expr::cust("null"),
        Sql::Int(v) => Expr::val(v),
        Sql::Text(v) => Expr::val(v),
        Sql::Blob(v) => Expr::val(v),
    }
}

/// Both databases get PostgreSQL's text: SQLite reads `$1` and quoted names the same way.
pub(crate) fn build(select: &SelectStatement) -> (String, Vec<Sql>) {
    let (sql, values) = select.build(PostgresQueryBuilder);
    let params = values
        .0
        .into_iter()
        .map(|value| match value {
            sea_query::Value::BigInt(Some(v)) => Sql::Int(v),
            sea_query::Value::BigUnsigned(Some(v)) => Sql::Int(i64::try_from(v).unwrap_or(i64::MAX)),
            sea_query::Value::Bool(Some(v)) => Sql::Int(i64::from(v)),
            sea_query::Value::String(Some(v)) => Sql::Text(v),
            sea_query::Value::Bytes(Some(v)) => Sql::Blob(v),
            _ => Sql::Null,
        })
        .collect();
    (sql, params)
}

fn sql_of(stored: &Stored) -> Sql {
    match stored {
        Stored::Null => Sql::Null,
        Stored::Cell(sealed) => Sql::Blob(sealed.as_bytes().to_vec()),
        Stored::Plain(value) => plain(value),
    }
}

/// The column form of a plain value.
pub fn plain(value: &Value) -> Sql {
    match value {
        Value::Text(v) => Sql::Text(v.clone()),
        Value::Number(v) => Sql::Int(*v),
        Value::Date(v) => Sql::Text(v.to_string()),
        Value::Time(v) => (*v).into(),
        Value::YesNo(v) => (*v).into(),
        Value::Link(v) => (*v).into(),
        Value::Many(v) => Sql::Text(v.join(",")),
    }
}

fn value_of(kind: &Kind, sql: Sql) -> Result<Option<Value>> {
    if sql.is_null() {
        return Ok(None);
    }
    Ok(Some(match kind.column() {
        Column::Text => match kind {
            Kind::ManyChoice(_) => {
                Value::Many(sql.text()?.split(',').filter(|v| !v.is_empty()).map(str::to_owned).collect())
            }
            _ => match sql {
                Sql::Text(text) => Value::Text(text),
                _ => return Err(Error::Unexpected("a text")),
            },
        },
        Column::Bigint => Value::Number(sql.int()?),
        Column::Boolean => Value::YesNo(sql.flag()?),
        Column::Date => Value::Date(sql.text()?.parse().map_err(|_| Error::Unexpected("a date"))?),
        Column::Timestamp => Value::Time(sql.instant()?),
        Column::Uuid => Value::Link(sql.id(RecordId::from_bytes)?),
    }))
}

fn sealed_row(grant: &Grant, row: Row) -> Result<SealedRow> {
    let fields = grant.object().fields();
    let mut cells = Vec::with_capacity(grant.columns().len());
    let mut row = row.into_iter();
    let head: Row = row.by_ref().take(HEAD).collect();
    for (sql, at) in row.zip(grant.columns()) {
        let field = &fields[*at];
        cells.push(match (field.protect, sql) {
            (_, Sql::Null) => Stored::Null,
            (Protect::Cell, Sql::Blob(bytes)) => Stored::Cell(Sealed::from_stored(bytes)),
            (Protect::Cell, _) => return Err(Error::Unexpected("a sealed cell")),
            (Protect::Disk, sql) => value_of(&field.kind, sql)?.map_or(Stored::Null, Stored::Plain),
        });
    }
    let key = match &head[10] {
        Sql::Null => None,
        epoch => Some((
            u32::try_from(epoch.int()?).map_err(|_| Error::Unexpected("an epoch"))?,
            head[11].id(|id| id)?,
            head[12].blob()?.to_vec(),
        )),
    };
    Ok(SealedRow {
        id: head[0].id(RecordId::from_bytes)?,
        person: head[1].opt(|v| v.id(PersonId::from_bytes))?,
        version: head[2].int()?,
        owner: head[3].opt(|v| v.id(ActorId::from_bytes))?,
        team: head[4].opt(|v| v.id(TeamId::from_bytes))?,
        live: PurposeSet::from_bits(head[5].int()?),
        live_until: head[6].opt(Sql::instant)?,
        restricted: head[7].flag()?,
        created: head[8].instant()?,
        updated: head[9].instant()?,
        key,
        cells,
    })
}
