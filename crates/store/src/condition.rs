//! The SQL interpreter of a policy's [`Condition`]; the other one is [`Condition::holds`].
//!
//! Both are two-valued: a comparison with a missing attribute is false, and its negation true. `Not` stands on atoms
//! only, so the guard against SQL's third value is needed there alone and positive atoms stay usable by an index.

use model::{Kind, Object};
use sea_query::{Expr, ExprTrait};
use seal::policy::{Attr, Condition, Literal, Op};

use crate::{
    records::{bytes, col},
    shape::column,
};

/// The condition as an expression over the object's table; `None` when every row satisfies it.
///
/// Purposes in `live_purposes.contains(…)` are resolved by `purpose`.
pub(crate) fn sql(condition: &Condition, object: &Object, bit: &dyn Fn(&str) -> i64) -> Option<Expr> {
    match condition {
        Condition::True => None,
        other => Some(expr(other, object, bit)),
    }
}

fn expr(condition: &Condition, object: &Object, bit: &dyn Fn(&str) -> i64) -> Expr {
    match condition {
        Condition::True => truth(true),
        Condition::False => truth(false),
        Condition::Compare { attr, op, value } => match literal(attr, value, object) {
            Some(right) => compare(col(&name(attr)), *op, right),
            None => truth(false),
        },
        Condition::In { attr, values } => {
            col(&name(attr)).is_in(values.iter().filter_map(|value| literal(attr, value, object)))
        }
        Condition::Contains { value, .. } => {
            let bits = match value {
                Literal::Text(purpose) => bit(purpose),
                _ => 0,
            };
            col("live_purposes").bit_and(Expr::val(bits)).ne(Expr::val(0i64))
        }
        Condition::Has(attr) if attr.always() => truth(true),
        Condition::Has(attr) => col(&name(attr)).is_not_null(),
        Condition::And(parts) => join(parts, object, bit, Expr::and),
        Condition::Or(parts) => join(parts, object, bit, Expr::or),
        Condition::Not(part) => match part.as_ref() {
            Condition::Compare { attr, .. } | Condition::In { attr, .. } => {
                col(&name(attr)).is_null().or(expr(part, object, bit).not())
            }
            other => expr(other, object, bit).not(),
        },
    }
}

fn join(parts: &[Condition], object: &Object, bit: &dyn Fn(&str) -> i64, with: impl Fn(Expr, Expr) -> Expr) -> Expr {
    let mut parts = parts.iter().map(|part| expr(part, object, bit));
    let first = parts.next().unwrap_or_else(|| truth(true));
    parts.fold(first, with)
}

fn compare(left: Expr, op: Op, right: Expr) -> Expr {
    match op {
        Op::Eq => left.eq(right),
        Op::Ne => left.ne(right),
        Op::Lt => left.lt(right),
        Op::Le => left.lte(right),
        Op::Gt => left.gt(right),
        Op::Ge => left.gte(right),
    }
}

fn name(attr: &Attr) -> String {
    match attr {
        Attr::Owner => "owner".into(),
        Attr::Team => "team".into(),
        Attr::Id => "id".into(),
        Attr::LivePurposes => "live_purposes".into(),
        Attr::Restricted => "restricted".into(),
        Attr::Field(field) => column(field),
    }
}

/// The bound value; `None` when it can equal nothing in the column (no such day, no such field).
fn literal(attr: &Attr, value: &Literal, object: &Object) -> Option<Expr> {
    Some(match value {
        Literal::Long(n) => match attr {
            Attr::Field(field) if matches!(object.field(field)?.kind, Kind::Date) => Expr::val(date(*n)?),
            _ => Expr::val(*n),
        },
        Literal::Text(text) => Expr::val(text.to_string()),
        Literal::Bool(yes) => flag(*yes),
        Literal::User(id) => bytes(id.as_bytes()).into(),
        Literal::Team(id) => bytes(id.as_bytes()).into(),
        Literal::Record(id) => bytes(id.as_bytes()).into(),
    })
}

/// Policies know days as `yyyymmdd`.
fn date(n: i64) -> Option<String> {
    let year = i16::try_from(n / 10_000).ok()?;
    let month = i8::try_from(n / 100 % 100).ok()?;
    let day = i8::try_from(n % 100).ok()?;
    jiff::civil::Date::new(year, month, day).ok().map(|date| date.to_string())
}

fn flag(yes: bool) -> Expr {
    Expr::val(i64::from(yes))
}

/// A truth value in SQL that both databases read.
fn truth(is: bool) -> Expr {
    // Written out: as a parameter nothing would tell PostgreSQL its type.
    Expr::cust(if is { "1 = 1" } else { "1 = 0" })
}
