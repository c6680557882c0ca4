//! The grammar that compiles, and its translation to a [`Condition`].
//!
//! It is used twice. When a policy is saved, on the policy as written, with whatever does not speak of the record taken
//! as "known later" ([`Reader::check`]): no policy outside the grammar gets past it. When a question is asked, on what
//! partial evaluation left ([`Reader::condition`]).
//!
//! Cedar has three outcomes: true, false, error; a policy that errs does not apply. So every expression is translated
//! to a pair, *when it is true* and *when it is false*; where neither holds, it errs. Strict validation lets nobody ask
//! for an attribute that may be missing without a `has` before it, so the pairs are mostly each other's opposite; but
//! agreement with Cedar does not rest on that.

use std::{cell::Cell, collections::BTreeSet};

use cedar_policy::pst::{BinaryOp, Clause, EntityUID, Expr, Literal as Lit, UnaryOp, Var};
use smol_str::SmolStr;

use super::{
    Attr, Condition, Literal, Op,
    schema::{Shape, Type},
};

/// Expressions nested deeper than this are refused.
const DEEPEST: usize = 250;

/// Why something does not compile, in words for its author.
pub(super) type Refusal = String;

type Present = BTreeSet<Attr>;

/// When an expression is true, and when it is false.
struct Truth {
    yes: Condition,
    no: Condition,
    /// Whether it is one or the other of every record that has the attributes known to be present.
    total: bool,
}

impl Truth {
    fn of(yes: bool) -> Self {
        let (yes, no) = if yes { (Condition::True, Condition::False) } else { (Condition::False, Condition::True) };
        Self { yes, no, total: true }
    }

    fn error() -> Self {
        Self { yes: Condition::False, no: Condition::False, total: false }
    }

    fn plain(yes: Condition) -> Self {
        Self { no: yes.clone().not(), yes, total: true }
    }
}

/// One side of a comparison.
enum Side {
    Attr(Attr, Type),
    One(Literal),
    Many(Vec<Literal>),
    /// Known when the question is asked.
    Later,
    /// What errs whenever it is looked at.
    Error,
}

/// Reads expressions about one object.
pub(super) struct Reader<'a> {
    shape: &'a Shape,
    late: bool,
    fresh: Cell<u32>,
}

impl<'a> Reader<'a> {
    /// The condition under which a residual policy applies.
    pub(super) fn condition(shape: &'a Shape, clauses: &[Clause]) -> Result<Condition, Refusal> {
        Reader { shape, late: false, fresh: Cell::new(0) }.clauses(clauses)
    }

    /// Whether a policy, as written, can only ever leave a condition of a record of this object.
    pub(super) fn check(shape: &'a Shape, clauses: &[Clause]) -> Result<(), Refusal> {
        Reader { shape, late: true, fresh: Cell::new(0) }.clauses(clauses).map(drop)
    }

    fn clauses(&self, clauses: &[Clause]) -> Result<Condition, Refusal> {
        let mut all = Truth::of(true);
        for clause in clauses {
            if all.total && all.yes == Condition::False {
                break;
            }
            let present = all.yes.implied();
            let next = match clause {
                Clause::When(expr) => self.truth(expr, &present, 0)?,
                Clause::Unless(expr) => negated(self.truth(expr, &present, 0)?),
            };
            all = both(all, next);
        }
        Ok(all.yes)
    }

    fn truth(&self, expr: &Expr, present: &Present, depth: usize) -> Result<Truth, Refusal> {
        if depth > DEEPEST {
            return Err("it is nested too deeply".into());
        }
        let deeper = depth + 1;
        match expr {
            Expr::Literal(Lit::Bool(yes)) => Ok(Truth::of(*yes)),
            Expr::ResidualError => Ok(Truth::error()),
            Expr::UnaryOp { op: UnaryOp::Not, expr } => Ok(negated(self.truth(expr, present, deeper)?)),
            Expr::BinaryOp { op: BinaryOp::And, left, right } => {
                let left = self.truth(left, present, deeper)?;
                if left.total && left.yes == Condition::False {
                    return Ok(left);
                }
                let present = present | &left.yes.implied();
                Ok(both(left, self.truth(right, &present, deeper)?))
            }
            Expr::BinaryOp { op: BinaryOp::Or, left, right } => {
                let left = self.truth(left, present, deeper)?;
                if left.total && left.no == Condition::False {
                    return Ok(left);
                }
                let present = present | &left.no.implied();
                Ok(either(left, self.truth(right, &present, deeper)?))
            }
            Expr::HasAttr { expr, attrs } if matches!(**expr, Expr::Var(Var::Resource)) => {
                if !attrs.tail.is_empty() {
                    return Err(format!("`has {}`: a record's attributes have no attributes of their own", attrs.head));
                }
                Ok(match self.shape.attr(&attrs.head) {
                    Some((attr, _)) => Truth::plain(Condition::has(attr)),
                    None => Truth::of(false),
                })
            }
            Expr::Is { expr, entity_type, in_expr: None } if matches!(**expr, Expr::Var(Var::Resource)) => {
                Ok(Truth::of(entity_type.to_string() == self.shape.entity))
            }
            _ if self.late && !speaks_of_record(expr) => {
                known_later(expr, depth)?;
                Ok(Truth::plain(self.unknown()))
            }
            Expr::BinaryOp { op, left, right } => self.binary(*op, left, right, present),
            Expr::GetAttr { .. } => match self.side(expr)? {
                Side::Attr(attr, Type::Bool) => Ok(compared(attr, Op::Eq, Literal::Bool(true), present)),
                Side::Error => Ok(Truth::error()),
                _ => Err(format!("`{expr}` is not yes or no")),
            },
            Expr::IfThenElse { .. } => Err("`if` does not compile: write it with `&&`, `||` and `!`".into()),
            Expr::Like { .. } => Err(format!("`{expr}`: `like` on a record does not compile")),
            other => Err(format!("`{other}` does not compile")),
        }
    }

    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr, present: &Present) -> Result<Truth, Refusal> {
        let order = match op {
            BinaryOp::Eq => Some(Op::Eq),
            BinaryOp::NotEq => Some(Op::Ne),
            BinaryOp::Less => Some(Op::Lt),
            BinaryOp::LessEq => Some(Op::Le),
            BinaryOp::Greater => Some(Op::Gt),
            BinaryOp::GreaterEq => Some(Op::Ge),
            _ => None,
        };
        if let Some(op) = order {
            return match (self.side(left)?, self.side(right)?) {
                (Side::Error, _) | (_, Side::Error) => Ok(Truth::error()),
                (Side::Attr(attr, ty), value) => self.comparison(attr, ty, op, value, present),
                (value, Side::Attr(attr, ty)) => self.comparison(attr, ty, op.mirrored(), value, present),
                // Two users or two teams of which partial evaluation did not know that they have nothing above them.
                (Side::One(a), Side::One(b)) if op == Op::Eq => Ok(Truth::of(a == b)),
                _ => Err(format!("`{left} {} {right}` compares nothing of the record", op.sign())),
            };
        }
        match op {
            BinaryOp::In => self.within(left, right, present),
            BinaryOp::Contains => match (self.side(left)?, self.side(right)?) {
                (Side::Error, _) | (_, Side::Error) => Ok(Truth::error()),
                (Side::Attr(attr, Type::Purposes), Side::One(value @ Literal::Text(_))) => {
                    Ok(Truth::plain(Condition::Contains { attr, value }))
                }
                (Side::Attr(attr, Type::Purposes), Side::Later) => {
                    Ok(Truth::plain(Condition::Contains { attr, value: self.fresh() }))
                }
                (Side::Many(values), Side::Attr(attr, ty)) => self.member(attr, ty, values, present),
                (Side::Later, Side::Attr(attr, _)) => Ok(self.later(attr, present)),
                (Side::Attr(attr, _), _) => Err(format!(
                    "`{left}.contains({right})`: `{attr}` is asked only whether it contains one known purpose"
                )),
                _ => Err(format!("`{left}.contains({right})` does not compile")),
            },
            _ => Err(format!(
                "`{}` does not compile: use ==, !=, <, <=, >, >=, in, contains, has, &&, || and !",
                Expr::BinaryOp { op, left: left.clone().into(), right: right.clone().into() }
            )),
        }
    }

    fn comparison(&self, attr: Attr, ty: Type, op: Op, value: Side, present: &Present) -> Result<Truth, Refusal> {
        if attr == Attr::LivePurposes {
            return Err(format!("`resource.live_purposes {} …`: use `.contains(…)`", op.sign()));
        }
        if !matches!(op, Op::Eq | Op::Ne) && ty != Type::Long {
            return Err(format!("`resource.{attr} {} …`: {} has no order", op.sign(), ty.word()));
        }
        match value {
            Side::One(value) if type_of(&value) == ty => Ok(compared(attr, op, value, present)),
            Side::Later => Ok(self.later(attr, present)),
            Side::Attr(other, _) => {
                Err(format!("`{attr}` is compared with `{other}` of the same record: only known values compile"))
            }
            _ => Err(format!("`{attr}` is {}, and is compared with something else", ty.word())),
        }
    }

    /// `in`. Users, teams and records have nothing above them that counts, so it is equality or membership.
    fn within(&self, left: &Expr, right: &Expr, present: &Present) -> Result<Truth, Refusal> {
        let never = |what: Type| Err(format!("`{left} in {right}` is never true: {} is only in itself", what.word()));
        match (self.side(left)?, self.side(right)?) {
            (Side::Error, _) | (_, Side::Error) => Ok(Truth::error()),
            (Side::Attr(attr, ty), Side::One(value)) | (Side::One(value), Side::Attr(attr, ty)) => {
                if type_of(&value) == ty { Ok(compared(attr, Op::Eq, value, present)) } else { never(ty) }
            }
            (Side::Attr(attr, ty), Side::Many(values)) => {
                if values.iter().all(|v| type_of(v) == ty) {
                    self.member(attr, ty, values, present)
                } else {
                    never(ty)
                }
            }
            (Side::Attr(attr, ty), Side::Later) => match later_type(right) {
                Some(known) if known != ty => never(ty),
                _ => Ok(self.later(attr, present)),
            },
            (Side::Later, Side::Attr(attr, ty)) => match later_type(left) {
                Some(known) if known != ty => never(ty),
                _ => Ok(self.later(attr, present)),
            },
            (Side::One(a), Side::One(b)) => Ok(Truth::of(a == b)),
            (Side::One(a), Side::Many(b)) => Ok(Truth::of(b.contains(&a))),
            _ => Err(format!("`{left} in {right}` does not compile")),
        }
    }

    fn member(&self, attr: Attr, ty: Type, values: Vec<Literal>, present: &Present) -> Result<Truth, Refusal> {
        if ty == Type::Purposes {
            return Err("`resource.live_purposes` is asked with `.contains(…)` only".into());
        }
        // Cedar lets no set mix types, and a value of another type would only never match.
        let values = values.into_iter().filter(|v| type_of(v) == ty);
        let yes = Condition::one_of(attr.clone(), values);
        let no = Condition::has(attr.clone()).and(yes.clone().not());
        Ok(Truth { yes, no, total: attr.always() || present.contains(&attr) })
    }

    fn side(&self, expr: &Expr) -> Result<Side, Refusal> {
        if self.late && !speaks_of_record(expr) && !is_value(expr) {
            known_later(expr, 0)?;
            return Ok(Side::Later);
        }
        match expr {
            Expr::Var(Var::Resource) => Ok(Side::Attr(Attr::Id, Type::Record)),
            Expr::GetAttr { expr, attr } if matches!(**expr, Expr::Var(Var::Resource)) => {
                let (attr, ty) =
                    self.shape.attr(attr).ok_or_else(|| format!("{} has no attribute `{attr}`", self.shape.name))?;
                Ok(Side::Attr(attr, ty))
            }
            Expr::GetAttr { expr: of, .. } => {
                Err(format!("`{expr}`: nothing is known of `{of}` but that it is itself"))
            }
            Expr::Set(members) => {
                let mut values = Vec::with_capacity(members.len());
                for member in members {
                    match self.side(member)? {
                        Side::One(value) => values.push(value),
                        Side::Later => return Ok(Side::Later),
                        Side::Error => return Ok(Side::Error),
                        _ => return Err(format!("`{expr}`: a list holds known values only")),
                    }
                }
                Ok(Side::Many(values))
            }
            Expr::Literal(literal) => self.literal(literal).map(Side::One),
            Expr::UnaryOp { op: UnaryOp::Neg, expr } => match self.side(expr)? {
                Side::One(Literal::Long(number)) => {
                    Ok(number.checked_neg().map_or(Side::Error, |number| Side::One(Literal::Long(number))))
                }
                _ => Err(format!("`-{expr}` does not compile")),
            },
            Expr::ResidualError => Ok(Side::Error),
            other => Err(format!("`{other}` does not compile: write an attribute of the record or a known value")),
        }
    }

    fn literal(&self, literal: &Lit) -> Result<Literal, Refusal> {
        match literal {
            Lit::Bool(yes) => Ok(Literal::Bool(*yes)),
            Lit::Long(number) => Ok(Literal::Long(*number)),
            Lit::String(text) => Ok(Literal::Text(text.clone())),
            Lit::EntityUID(uid) => self.entity(uid),
            _ => Err("an unknown kind of literal".into()),
        }
    }

    fn entity(&self, uid: &EntityUID) -> Result<Literal, Refusal> {
        let bad = || format!("`{uid}`: ids are written as 8-4-4-4-12 hexadecimal digits");
        // The same id has one spelling: Cedar compares letters, a `Condition` compares ids.
        let same = |id: &str| id == uid.eid.as_str();
        let ty = uid.ty.to_string();
        match ty.as_str() {
            "Actor" => uid.eid.parse().ok().filter(|id: &kernel::ActorId| same(&id.to_string())).map(Literal::User),
            "Team" => uid.eid.parse().ok().filter(|id: &kernel::TeamId| same(&id.to_string())).map(Literal::Team),
            ty if ty == self.shape.entity => {
                uid.eid.parse().ok().filter(|id: &kernel::RecordId| same(&id.to_string())).map(Literal::Record)
            }
            _ => return Err(format!("`{uid}`: a record is only compared with users, teams and records of its kind")),
        }
        .ok_or_else(bad)
    }

    /// A comparison with something known later.
    fn later(&self, attr: Attr, present: &Present) -> Truth {
        compared(attr, Op::Eq, self.fresh(), present)
    }

    fn unknown(&self) -> Condition {
        Condition::Contains { attr: Attr::LivePurposes, value: self.fresh() }
    }

    /// A value unlike any other, so that no two things known later cancel out.
    fn fresh(&self) -> Literal {
        self.fresh.set(self.fresh.get() + 1);
        Literal::Text(SmolStr::from(format!("\u{0}{}", self.fresh.get())))
    }
}

fn compared(attr: Attr, op: Op, value: Literal, present: &Present) -> Truth {
    let total = attr.always() || present.contains(&attr);
    let no = Condition::compare(attr.clone(), op.opposite(), value.clone());
    Truth { yes: Condition::compare(attr, op, value), no, total }
}

fn negated(truth: Truth) -> Truth {
    Truth { yes: truth.no, no: truth.yes, total: truth.total }
}

fn both(left: Truth, right: Truth) -> Truth {
    let no = if left.total { right.no } else { left.yes.clone().and(right.no) };
    Truth { yes: left.yes.and(right.yes), no: left.no.or(no), total: left.total && right.total }
}

fn either(left: Truth, right: Truth) -> Truth {
    let yes = if left.total { right.yes } else { left.no.clone().and(right.yes) };
    Truth { yes: left.yes.or(yes), no: left.no.and(right.no), total: left.total && right.total }
}

fn type_of(value: &Literal) -> Type {
    match value {
        Literal::Text(_) => Type::Text,
        Literal::Long(_) => Type::Long,
        Literal::Bool(_) => Type::Bool,
        Literal::User(_) => Type::User,
        Literal::Team(_) => Type::Team,
        Literal::Record(_) => Type::Record,
    }
}

/// The type of entity of a known expression, where it is plain.
fn later_type(expr: &Expr) -> Option<Type> {
    match expr {
        Expr::Var(Var::Principal) => Some(Type::User),
        Expr::GetAttr { expr, attr } if matches!(**expr, Expr::Var(Var::Principal)) => {
            matches!(attr.as_str(), "team" | "subtree").then_some(Type::Team)
        }
        Expr::Set(members) => members.iter().find_map(|m| later_type(m)),
        _ => None,
    }
}

fn is_value(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(_) => true,
        Expr::Set(members) => members.iter().all(|m| is_value(m)),
        Expr::UnaryOp { op: UnaryOp::Neg, expr } => is_value(expr),
        _ => false,
    }
}

fn speaks_of_record(expr: &Expr) -> bool {
    match expr {
        Expr::Var(Var::Resource) => true,
        Expr::Literal(_) | Expr::Var(_) | Expr::Slot(_) | Expr::Unknown { .. } | Expr::ResidualError => false,
        Expr::UnaryOp { expr, .. }
        | Expr::GetAttr { expr, .. }
        | Expr::HasAttr { expr, .. }
        | Expr::Like { expr, .. } => speaks_of_record(expr),
        Expr::BinaryOp { left, right, .. } => speaks_of_record(left) || speaks_of_record(right),
        Expr::Is { expr, in_expr, .. } => {
            speaks_of_record(expr) || in_expr.as_ref().is_some_and(|e| speaks_of_record(e))
        }
        Expr::Set(members) => members.iter().any(|m| speaks_of_record(m)),
        // Whatever else there is counts as speaking of the record, and is refused as such.
        _ => true,
    }
}

/// Whether an expression that does not speak of the record is surely a value once the question is asked.
fn known_later(expr: &Expr, depth: usize) -> Result<(), Refusal> {
    if depth > DEEPEST {
        return Err("it is nested too deeply".into());
    }
    let deeper = |expr: &Expr| known_later(expr, depth + 1);
    let asked = |expr: &Expr| matches!(expr, Expr::Var(Var::Principal | Var::Context));
    match expr {
        Expr::Literal(_) | Expr::Var(_) => Ok(()),
        Expr::Set(members) => members.iter().try_for_each(|m| deeper(m)),
        Expr::GetAttr { expr: of, .. } if asked(of) => Ok(()),
        Expr::HasAttr { expr: of, attrs } if asked(of) && attrs.tail.is_empty() => Ok(()),
        Expr::Like { expr, .. } => deeper(expr),
        Expr::UnaryOp { op: UnaryOp::Not | UnaryOp::Neg | UnaryOp::IsEmpty, expr } => deeper(expr),
        Expr::Is { expr: of, in_expr: None, .. } => deeper(of),
        // Of the actor alone it is known what it is in.
        Expr::BinaryOp { op: BinaryOp::In, left, right } if matches!(**left, Expr::Var(_)) || is_team(left) => {
            deeper(right)
        }
        Expr::Is { expr: of, in_expr: Some(within), .. } if asked(of) => deeper(within),
        Expr::BinaryOp {
            op:
                BinaryOp::Eq
                | BinaryOp::NotEq
                | BinaryOp::Less
                | BinaryOp::LessEq
                | BinaryOp::Greater
                | BinaryOp::GreaterEq
                | BinaryOp::And
                | BinaryOp::Or
                | BinaryOp::Contains
                | BinaryOp::ContainsAll
                | BinaryOp::ContainsAny,
            left,
            right,
        } => deeper(left).and_then(|()| deeper(right)),
        Expr::IfThenElse { .. } => Err("`if` does not compile: write it with `&&`, `||` and `!`".into()),
        other => Err(format!("`{other}` does not compile: it is not known when the question is asked")),
    }
}

/// `principal.team`: teams are flat for policies, the tree is in `principal.subtree`.
fn is_team(expr: &Expr) -> bool {
    matches!(expr, Expr::GetAttr { expr, attr } if matches!(**expr, Expr::Var(Var::Principal)) && attr == "team")
}
