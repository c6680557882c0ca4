//! The gate: the only place where a [`Grant`] is made.
//!
//! Pure and synchronous: policy, purpose and definition in, grant or refusal out. A grant is spent by `disclose` alone;
//! it cannot be cloned, made by hand, or turned into text.
//!
//! ```compile_fail
//! // A grant cannot be built outside the gate …
//! fn forge() -> seal::Grant { seal::Grant { } }
//! ```
//! ```compile_fail
//! // … nor spent twice.
//! fn twice(g: seal::Grant) -> (seal::Grant, seal::Grant) { (g.clone(), g) }
//! ```

use std::sync::Arc;

use kernel::{Actor, FieldName, Level, ObjectName, Purpose, PurposeName, PurposeSet};
use model::{Catalog, Field, Object};

use crate::{
    Error, Result,
    policy::{self, Act, Condition, Decision, Policies, Row},
};

/// Decides from the definitions and the compiled policies.
#[derive(Clone)]
pub struct Gate {
    catalog: Arc<Catalog>,
    policies: Arc<Policies>,
}

/// Which fields an answer will show.
#[derive(Clone, Copy, Debug)]
pub enum Fields<'a> {
    /// Every field the actor may see for the purpose.
    All,
    /// The object's default list columns and its title, as far as the actor may see them.
    Listed,
    /// Exactly these; refused if one may not be seen.
    Named(&'a [FieldName]),
    /// None: a count, or the mere existence of rows.
    Nothing,
}

/// What is asked of the gate.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// Of which object.
    pub object: &'a str,
    /// To do what.
    pub act: Act,
    /// What for; `None` takes the first purpose the actor's roles have for the object.
    pub purpose: Option<&'a str>,
    /// The fields to show or to write.
    pub fields: Fields<'a>,
    /// Fields that filter, sort, group or search: each must be one the actor may read in clear.
    pub uses: &'a [FieldName],
    /// Whether an emergency access is open for the actor.
    pub emergency: bool,
    /// Who looks through the actor's eyes, trying out what they may see: nothing but views, and no row or level that
    /// this one may not see as well.
    pub within: Option<&'a Actor>,
}

impl Gate {
    /// A gate over one version of definitions and policies.
    pub fn new(catalog: Arc<Catalog>, policies: Arc<Policies>) -> Self {
        Self { catalog, policies }
    }

    /// The definitions it decides by.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The policies it decides by.
    pub fn policies(&self) -> &Arc<Policies> {
        &self.policies
    }

    /// A grant to read (view, reveal, export) or to write (create, edit, delete, import) the fields asked for.
    ///
    /// Reading needs the field to serve the request's purpose. Writing does not: there it is the person's live
    /// purposes that decide, and the domain checks them field by field.
    pub fn grant(&self, ask: &Ask<'_>) -> Result<Grant> {
        let base = self.base(ask)?;
        let mut rows = base.decision.rows.clone();
        for name in ask.uses {
            let field = base.field(name)?;
            if !base.covers(field) {
                return Err(base.field_refused(name));
            }
            // A filter or sort tells as much as the value: it reaches only rows whose value is clear.
            if base.shape.clear.get(&field.category).is_none_or(|clear| *clear == Condition::False) {
                return Err(base.field_refused(name));
            }
            let clear = base.decision.clear.get(&field.category).cloned();
            rows = rows.and(clear.unwrap_or(Condition::False));
        }
        let fields = base.object.fields();
        let shown: Vec<usize> = match ask.fields {
            Fields::Nothing => Vec::new(),
            Fields::All => (0..fields.len()).filter(|i| base.covers(&fields[*i])).collect(),
            Fields::Listed => (0..fields.len())
                .filter(|i| base.covers(&fields[*i]))
                .filter(|i| fields[*i].column || base.object.title.contains(&fields[*i].name))
                .collect(),
            Fields::Named(names) => {
                let mut at = Vec::with_capacity(names.len());
                for name in names {
                    let field = base.field(name)?;
                    if !base.covers(field) {
                        return Err(base.field_refused(name));
                    }
                    at.extend(fields.iter().position(|f| f.name == field.name));
                }
                at
            }
        };
        let mut columns = shown.clone();
        for attr in rows.attrs().into_iter().chain(base.level_attrs(&shown)) {
            if let policy::Attr::Field(name) = attr
                && let Some(at) = fields.iter().position(|f| f.name == name)
                && !columns.contains(&at)
            {
                columns.push(at);
            }
        }
        Ok(Grant { base, rows, shown: shown.len(), columns })
    }

    fn base(&self, ask: &Ask<'_>) -> Result<Base> {
        let object = self.catalog.object(ask.object).ok_or_else(|| Error::UnknownObject(short(ask.object)))?;
        let mut usable = self.policies.purposes_for(ask.actor, &object.name);
        if ask.emergency {
            usable.extend(self.policies.emergency_purposes(ask.actor, &object.name));
        }
        let name = match ask.purpose {
            Some(name) => object
                .purposes
                .iter()
                .find(|p| p.as_str() == name)
                .ok_or_else(|| Error::PurposeRefused { object: object.name.clone(), purpose: short(name) })?,
            None => usable
                .first()
                .or(object.purposes.first())
                .ok_or_else(|| Error::PurposeRefused { object: object.name.clone(), purpose: String::new() })?,
        };
        let refused = || Error::Refused { act: ask.act.word(), object: object.name.clone(), purpose: name.clone() };
        let purpose = self.catalog.purpose(name).ok_or_else(refused)?.purpose;
        if !usable.contains(name) {
            return Err(refused());
        }
        let question = policy::Ask { object: &object.name, act: ask.act, purpose: name, emergency: ask.emergency };
        let mut decision = self.policies.decide(ask.actor, &question);
        if decision.rows == Condition::False {
            return Err(refused());
        }
        let shape = Arc::clone(&decision);
        if let Some(looker) = ask.within {
            if ask.act != Act::View {
                return Err(refused());
            }
            decision = Arc::new(decision.within(&self.policies.decide(looker, &question)));
        }
        Ok(Base {
            catalog: Arc::clone(&self.catalog),
            // The record names who looks, not whose eyes are borrowed.
            actor: ask.within.unwrap_or(ask.actor).clone(),
            object: Arc::clone(object),
            act: ask.act,
            purpose,
            purpose_name: name.clone(),
            decision,
            shape,
            emergency: ask.emergency,
        })
    }
}

/// What reading and writing grants share.
struct Base {
    catalog: Arc<Catalog>,
    actor: Actor,
    object: Arc<Object>,
    act: Act,
    purpose: Purpose,
    purpose_name: PurposeName,
    decision: Arc<Decision>,
    /// What the role has, which gives a page its columns; `decision` is less where somebody only tries it out.
    shape: Arc<Decision>,
    emergency: bool,
}

impl Base {
    fn field(&self, name: &str) -> Result<&Field> {
        self.object
            .field(name)
            .ok_or_else(|| Error::UnknownField { object: self.object.name.clone(), field: short(name) })
    }

    fn field_refused(&self, field: &FieldName) -> Error {
        Error::FieldRefused { object: self.object.name.clone(), field: field.clone() }
    }

    /// Whether the field serves the purpose and the role may see at least its mask on some row.
    fn covers(&self, field: &Field) -> bool {
        (writes(self.act) || field.purposes.has(self.purpose))
            && self.shape.masked.get(&field.category).is_some_and(|c| *c != Condition::False)
    }

    fn level_attrs<'a>(&'a self, shown: &'a [usize]) -> impl Iterator<Item = policy::Attr> + 'a {
        shown.iter().flat_map(move |at| {
            let category = &self.object.fields()[*at].category;
            [&self.decision.masked, &self.decision.clear]
                .into_iter()
                .filter_map(move |levels| levels.get(category))
                .flat_map(|condition| condition.attrs())
        })
    }

    fn level(&self, field: &Field, row: &dyn Row) -> Level {
        let holds = |levels: &std::collections::BTreeMap<kernel::Category, Condition>| {
            levels.get(&field.category).is_some_and(|condition| condition.holds(row))
        };
        if holds(&self.decision.clear) {
            Level::Clear
        } else if holds(&self.decision.masked) {
            Level::Masked
        } else {
            Level::None
        }
    }
}

/// Leave to read certain fields of certain rows for one purpose. Made by [`Gate::grant`], spent by disclosure.
pub struct Grant {
    base: Base,
    rows: Condition,
    shown: usize,
    columns: Vec<usize>,
}

impl Grant {
    /// Who it was granted to.
    pub fn actor(&self) -> &Actor {
        &self.base.actor
    }

    /// The object it reaches.
    pub fn object(&self) -> &Arc<Object> {
        &self.base.object
    }

    /// The act it is for.
    pub fn act(&self) -> Act {
        self.base.act
    }

    /// Which rows: the store turns this into SQL and adds that [`Grant::purpose`] is live.
    pub fn rows(&self) -> &Condition {
        &self.rows
    }

    /// The purpose that must be live on every row.
    pub fn purpose(&self) -> Purpose {
        self.base.purpose
    }

    /// The stored bit of a purpose by name; 0 for an unknown one, which is live for nobody.
    pub fn purpose_bits(&self, name: &str) -> i64 {
        self.base.catalog.purpose(name).map_or(0, |p| PurposeSet::EMPTY.with(p.purpose).bits())
    }

    /// The definitions it was granted under.
    pub fn catalog(&self) -> &Catalog {
        &self.base.catalog
    }

    /// The name of that purpose.
    pub fn purpose_name(&self) -> &PurposeName {
        &self.base.purpose_name
    }

    /// Whether it stands on an open emergency access.
    pub fn emergency(&self) -> bool {
        self.base.emergency
    }

    /// The fields to fetch, by position in the object: first those shown, then those only conditions need.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The fields that will be shown, by position in the object.
    pub fn shown(&self) -> &[usize] {
        &self.columns[..self.shown]
    }

    /// Ids of the policies it rests on.
    pub fn policies(&self) -> &[String] {
        &self.base.decision.policies
    }

    /// Whether a row, fetched or about to be made, is one of those granted.
    pub fn reaches(&self, row: &dyn Row) -> bool {
        self.rows.holds(row)
    }

    /// How much of a field the grant gives on a row. Who gets nothing may not write it either.
    pub fn level(&self, field: &Field, row: &dyn Row) -> Level {
        self.base.level(field, row)
    }
}

/// Whether an act changes records.
pub(crate) fn writes(act: Act) -> bool {
    matches!(act, Act::Create | Act::Edit | Act::Delete | Act::Import)
}

/// What was asked for, cut to a length fit for an error message.
fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

impl Error {
    /// The refusal of an act on an object, for callers that decide it themselves (a hidden record, a system act).
    pub fn refused(act: &'static str, object: &ObjectName, purpose: &PurposeName) -> Self {
        Self::Refused { act, object: object.clone(), purpose: purpose.clone() }
    }
}
