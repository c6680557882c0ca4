//! What people set up for their lists: views, favourites; and sums over the rows of a grant.

use jiff::Timestamp;
use kernel::{ActorId, RecordId, TeamId};
use sea_query::{Alias, Expr, Query};
use seal::Grant;

use crate::{
    Filter, Result, Sql, Step, Store, Target,
    records::{add_filters, build, col, reach, target},
    shape::{column, table},
};

/// A saved view as stored.
#[derive(Clone, Debug)]
pub struct ViewRow {
    /// Its id.
    pub id: RecordId,
    /// Who made it.
    pub actor: ActorId,
    /// The team it is shared with.
    pub team: Option<TeamId>,
    /// Name, filters and columns, sealed.
    pub body: Vec<u8>,
}

/// What rows of one group come to.
#[derive(Clone, Debug)]
pub struct TotalRow {
    /// The group's value; null where the rows are not grouped or have none.
    pub group: Sql,
    /// The currency of the amounts, if they have one.
    pub currency: Option<String>,
    /// How many rows.
    pub rows: u64,
    /// How many of them have a value.
    pub values: u64,
    /// The sum of the values, as they are stored.
    pub sum: i128,
}

/// A number to sum up, and the field of its currency.
#[derive(Clone, Copy, Debug)]
pub struct Sum {
    /// The number, by position in the object.
    pub field: usize,
    /// Its currency, by position in the object.
    pub currency: Option<usize>,
}

impl Store {
    /// The views of an object that this actor made or that are shared with a team; whose team is for the caller to ask.
    pub async fn views(&self, object: &str, actor: ActorId) -> Result<Vec<ViewRow>> {
        let rows = self
            .query(
                "select id, actor, team, body from saved_view where object = $1 and (actor = $2 or team is not null) \
                 order by id",
                vec![object.into(), actor.into()],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok(ViewRow {
                    id: row[0].id(RecordId::from_bytes)?,
                    actor: row[1].id(ActorId::from_bytes)?,
                    team: row[2].opt(|v| v.id(TeamId::from_bytes))?,
                    body: row[3].blob()?.to_vec(),
                })
            })
            .collect()
    }

    /// The step that saves a view.
    pub fn put_view(row: &ViewRow, object: &str, now: Timestamp) -> Step {
        Step::new(
            "insert into saved_view (id, object, actor, team, body, at) values ($1, $2, $3, $4, $5, $6)",
            vec![row.id.into(), object.into(), row.actor.into(), row.team.into(), row.body.clone().into(), now.into()],
        )
    }

    /// The step that changes a view; only its maker's.
    pub fn set_view(row: &ViewRow, now: Timestamp) -> Step {
        Step::new(
            "update saved_view set team = $1, body = $2, at = $3 where id = $4 and actor = $5",
            vec![row.team.into(), row.body.clone().into(), now.into(), row.id.into(), row.actor.into()],
        )
        .present("a view of your own")
    }

    /// The step that drops a view; only its maker's.
    pub fn drop_view(id: RecordId, actor: ActorId) -> Step {
        Step::new("delete from saved_view where id = $1 and actor = $2", vec![id.into(), actor.into()])
            .present("a view of your own")
    }

    /// An actor's favourites, newest first: object and record.
    pub async fn favourites(&self, actor: ActorId) -> Result<Vec<(String, RecordId)>> {
        let rows = self
            .query("select object, record from favourite where actor = $1 order by at desc, record", vec![actor.into()])
            .await?;
        rows.iter().map(|row| Ok((row[0].text()?.to_owned(), row[1].id(RecordId::from_bytes)?))).collect()
    }

    /// The step that marks a favourite.
    pub fn put_favourite(actor: ActorId, object: &str, record: RecordId, now: Timestamp) -> Step {
        Step::new(
            "insert into favourite (actor, object, record, at) values ($1, $2, $3, $4) on conflict do nothing",
            vec![actor.into(), object.into(), record.into(), now.into()],
        )
    }

    /// The step that takes the mark away.
    pub fn drop_favourite(actor: ActorId, record: RecordId) -> Step {
        Step::new("delete from favourite where actor = $1 and record = $2", vec![actor.into(), record.into()])
    }

    /// Counts and sums what a grant and filters reach, for each value of `group`.
    ///
    /// Sums are taken of whole parts and of millionths apart, so that no sum of stored numbers overflows.
    pub async fn totals(
        &self,
        grant: &Grant,
        filters: &[Filter],
        group: Option<Target>,
        sum: Option<Sum>,
        now: Timestamp,
    ) -> Result<Vec<TotalRow>> {
        let object = grant.object();
        let mut select = Query::select();
        select.from(Alias::new(table(&object.name)));
        let named = |at: usize| column(&object.fields()[at].name);
        let keys = [group.map(|by| target(object, by)), sum.and_then(|sum| sum.currency).map(named)];
        for key in &keys {
            match key {
                Some(name) => select.expr(col(name)).add_group_by([col(name)]),
                None => select.expr(Expr::cust("null")),
            };
        }
        select.expr(Expr::cust("count(*)"));
        match sum.map(|sum| named(sum.field)) {
            // The name is a definition's: letters, digits and underscores.
            Some(name) => {
                select.expr(Expr::cust(format!("count(\"{name}\")")));
                select.expr(Expr::cust(format!("cast(coalesce(sum(\"{name}\" / 1000000), 0) as bigint)")));
                select.expr(Expr::cust(format!("cast(coalesce(sum(\"{name}\" % 1000000), 0) as bigint)")));
            }
            None => {
                for _ in 0..3 {
                    select.expr(Expr::cust("cast(0 as bigint)"));
                }
            }
        }
        reach(&mut select, grant, now);
        add_filters(&mut select, object, filters);
        let (sql, params) = build(&select);
        let rows = self.backend.scan(sql, params).await?;
        rows.into_iter()
            .map(|row| {
                let mut cells = row.into_iter();
                let mut next = || cells.next().unwrap_or(Sql::Null);
                let (group, currency) = (next(), next());
                let (rows, values) = (next().int()?.unsigned_abs(), next().int()?.unsigned_abs());
                let (whole, rest) = (i128::from(next().int()?), i128::from(next().int()?));
                Ok(TotalRow {
                    group,
                    currency: currency.opt(|v| v.text().map(str::to_owned))?,
                    rows,
                    values,
                    sum: whole * 1_000_000 + rest,
                })
            })
            .collect()
    }
}
