//! Figures over records: rows of a grant counted and summed by plain columns.

use jiff::Timestamp;
use model::Object;
use sea_query::{Alias, Expr, Query};
use seal::Grant;

use crate::{
    Filter, Result, Row, Store, Target,
    backend::Dialect,
    records::{add_filters, build, col, reach, target},
    shape::{column, table},
};

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A column's value; a missing value is a group too.
    Value(Target),
    /// Which span of time an instant falls into: spans of `width` microseconds, counted from `from`.
    Span {
        /// The instant: created, updated or a time field.
        at: Target,
        /// Where span 0 begins, in microseconds.
        from: i64,
        /// How long a span is.
        width: i64,
    },
}

impl Store {
    /// The rows of a grant and filters, grouped: one row for each group with its keys, how many rows it has, and the sum
    /// of each of `sums`, a number field by position. Whoever calls this records it before anything of it is told.
    pub async fn group(
        &self,
        grant: &Grant,
        filters: &[Filter],
        by: &[By],
        sums: &[usize],
        now: Timestamp,
    ) -> Result<Vec<Row>> {
        let object = grant.object();
        let mut select = Query::select();
        select.from(Alias::new(table(&object.name)));
        for key in by {
            let expr = self.key(object, *key);
            select.expr(expr.clone());
            select.add_group_by([expr]);
        }
        select.expr(Expr::cust("count(*)"));
        for at in sums {
            let name = column(&object.fields()[*at].name);
            select.expr(Expr::cust(format!("cast(coalesce(sum(\"{name}\"), 0) as bigint)")));
        }
        reach(&mut select, grant, now);
        add_filters(&mut select, object, filters);
        let (sql, params) = build(&select);
        self.backend.scan(sql, params).await
    }

    fn key(&self, object: &Object, by: By) -> Expr {
        match by {
            By::Value(at) => col(&target(object, at)),
            By::Span { at, from, width } => {
                let name = target(object, at);
                let width = std::cmp::max(width, 1);
                // Our own names and numbers: nothing of a request stands in this text.
                Expr::cust(match self.dialect() {
                    Dialect::Sqlite => format!("cast((\"{name}\" - ({from})) / {width} as bigint)"),
                    Dialect::Postgres => format!(
                        "cast(floor((extract(epoch from \"{name}\") * 1000000 - ({from})) / {width}) as bigint)"
                    ),
                })
            }
        }
    }
}
