//! The role matrix: what an administrator edits, and what becomes Cedar templates.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use kernel::{Category, Level, ObjectName, PurposeName, RoleName};
use model::Label;

use super::{Act, PolicyProblem, SystemAct, schema::World};

/// On which records an act is allowed; each scope holds those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Scope {
    /// On none.
    #[default]
    None,
    /// On the actor's own.
    Own,
    /// On those of its team as well.
    Team,
    /// On those of every team below its team as well.
    Subtree,
    /// On all.
    All,
}

impl Scope {
    /// Every scope, narrowest first.
    pub const ALL: [Self; 5] = [Self::None, Self::Own, Self::Team, Self::Subtree, Self::All];

    /// The word in the matrix and in policy ids.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "own",
            Self::Team => "team",
            Self::Subtree => "subtree",
            Self::All => "all",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Scope {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|s| s.word() == word);
        known.ok_or_else(|| format!("`{word}` is not one of none, own, team, subtree, all"))
    }
}

macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident($name:ident)),+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $key {
            /// `*`: whatever is not named itself.
            Any,
            /// This one.
            Named($name),
        }

        impl fmt::Display for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::Any => f.write_str("*"),
                    Self::Named(name) => f.write_str(name),
                }
            }
        }

        impl FromStr for $key {
            type Err = kernel::BadName;
            fn from_str(text: &str) -> Result<Self, kernel::BadName> {
                if text == "*" { Ok(Self::Any) } else { $name::new(text).map(Self::Named) }
            }
        }
    )+};
}

keys! {
    /// An object, or every object that the role does not name.
    ObjectKey(ObjectName),
    /// A category, or every category that the object's levels do not name.
    CategoryKey(Category)
}

/// The purposes a role may act for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purposes {
    /// `["*"]`: every one, in each object's own order.
    Any,
    /// These, in order of preference.
    These(Vec<PurposeName>),
}

impl Default for Purposes {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

impl Purposes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::These(list) if list.is_empty())
    }

    /// Whether this is one of them.
    pub fn has(&self, purpose: &PurposeName) -> bool {
        match self {
            Self::Any => true,
            Self::These(list) => list.contains(purpose),
        }
    }
}

impl fmt::Display for Purposes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("every purpose"),
            Self::These(list) if list.is_empty() => f.write_str("no purpose"),
            Self::These(list) => f.write_str(&list.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(", ")),
        }
    }
}

/// What a role may do with one object.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ObjectRules {
    /// On which records each act is allowed; an act not named, on none.
    pub scopes: BTreeMap<Act, Scope>,
    /// The level of each category on the records it may view; a category not named has none.
    pub levels: BTreeMap<CategoryKey, Level>,
    /// The purposes for this object, if not the role's.
    pub purposes: Option<Purposes>,
}

impl ObjectRules {
    /// On which records the act is allowed.
    pub fn scope(&self, act: Act) -> Scope {
        self.scopes.get(&act).copied().unwrap_or_default()
    }

    /// The level of a category.
    pub fn level(&self, category: &Category) -> Level {
        let named = self.levels.get(&CategoryKey::Named(category.clone()));
        named.or_else(|| self.levels.get(&CategoryKey::Any)).copied().unwrap_or(Level::None)
    }
}

/// One role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRules {
    /// What it is called.
    pub label: Label,
    /// What it is for, in a sentence.
    pub about: Option<String>,
    /// The purposes it may act for, in order of preference.
    pub purposes: Purposes,
    /// What it may do to the system.
    pub system: BTreeSet<SystemAct>,
    /// The purposes for which it may open emergency access; none means it may not.
    pub emergency: Purposes,
    /// What it may do with records.
    pub objects: BTreeMap<ObjectKey, ObjectRules>,
}

impl RoleRules {
    /// Its rules for an object: those of its name, else those of `*`.
    pub fn object(&self, object: &ObjectName) -> Option<&ObjectRules> {
        let named = self.objects.get(&ObjectKey::Named(object.clone()));
        named.or_else(|| self.objects.get(&ObjectKey::Any))
    }

    /// The purposes for which it may act on an object, in order of preference.
    pub fn purposes(&self, object: &ObjectName) -> &Purposes {
        self.object(object).and_then(|o| o.purposes.as_ref()).unwrap_or(&self.purposes)
    }
}

/// The role matrix. Read with [`Matrix::parse`], written with [`Matrix::to_toml`]; in between its parts are plain data,
/// and [`super::Policies::compile`] checks what came of editing them.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// The roles, by name.
    pub roles: BTreeMap<RoleName, RoleRules>,
    pub(super) file: String,
    /// Where things stand in the text it came from, for messages.
    pub(super) lines: BTreeMap<String, usize>,
}

impl PartialEq for Matrix {
    fn eq(&self, other: &Self) -> bool {
        self.roles == other.roles
    }
}

impl Matrix {
    /// Reads a matrix; all problems at once.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<PolicyProblem>> {
        super::matrix_text::parse(file, text)
    }

    /// The canonical text: `parse` of it is this matrix again.
    pub fn to_toml(&self) -> String {
        super::matrix_text::write(self)
    }

    /// Its rules for a role and object, made if they are not there, to be edited.
    pub fn rules_mut(&mut self, role: &RoleName, object: ObjectKey) -> Option<&mut ObjectRules> {
        Some(self.roles.get_mut(role)?.objects.entry(object).or_default())
    }

    pub(super) fn problem(&self, path: &[&str], what: String) -> PolicyProblem {
        // The nearest place that the text names.
        let line = (1..=path.len()).rev().find_map(|n| self.lines.get(&path[..n].join("/")).copied());
        let place = if self.file.is_empty() { "roles.toml" } else { &self.file };
        PolicyProblem::new(place, line, format!("role `{}`: {what}", path.first().unwrap_or(&"")))
    }

    /// What does not fit the definitions, or together.
    pub(super) fn problems(&self, world: &World) -> Vec<PolicyProblem> {
        let mut problems = Vec::new();
        for (name, role) in &self.roles {
            for (key, purposes) in [("purposes", &role.purposes), ("emergency", &role.emergency)] {
                self.check_purposes(world, &[name, key], purposes, &mut problems);
            }
            for (key, rules) in &role.objects {
                let object = key.to_string();
                if let ObjectKey::Named(named) = key
                    && !world.shapes.contains_key(named)
                {
                    problems.push(self.problem(&[name, &object], format!("there is no object `{named}`")));
                }
                if let Some(purposes) = &rules.purposes {
                    self.check_purposes(world, &[name, &object, "purposes"], purposes, &mut problems);
                }
                for category in rules.levels.keys() {
                    if let CategoryKey::Named(named) = category
                        && !world.categories.contains(named)
                    {
                        let path = [name.as_str(), &object, "levels"];
                        problems.push(self.problem(&path, format!("`{object}`: there is no category `{named}`")));
                    }
                }
                for act in [Act::Edit, Act::Delete, Act::Export, Act::Reveal] {
                    let (scope, view) = (rules.scope(act), rules.scope(Act::View));
                    if scope > view {
                        let what = format!(
                            "`{object}`: {act} = \"{scope}\" is wider than view = \"{view}\": nobody acts on what they \
                             may not see"
                        );
                        problems.push(self.problem(&[name, &object, act.word()], what));
                    }
                }
                let acts = rules.scopes.values().any(|scope| *scope > Scope::None);
                let purposes = rules.purposes.as_ref().unwrap_or(&role.purposes);
                if acts && purposes.is_empty() {
                    let what = format!("`{object}`: it may act, but for no purpose: say `purposes`");
                    problems.push(self.problem(&[name, &object], what));
                }
            }
        }
        problems
    }

    fn check_purposes(&self, world: &World, path: &[&str], purposes: &Purposes, problems: &mut Vec<PolicyProblem>) {
        if let Purposes::These(list) = purposes {
            for purpose in list.iter().filter(|p| !world.knows_purpose(p)) {
                problems.push(self.problem(path, format!("there is no purpose `{purpose}`")));
            }
        }
    }

    /// What changed from `old` to this one, in the order of roles and objects.
    pub fn diff(&self, old: &Self) -> Vec<MatrixChange> {
        let (before, after) = (old.cells(), self.cells());
        let places: BTreeSet<&Vec<String>> = before.keys().chain(after.keys()).collect();
        let none = "none".to_owned();
        places
            .into_iter()
            .filter_map(|place| {
                let (from, to) = (before.get(place).unwrap_or(&none), after.get(place).unwrap_or(&none));
                (from != to).then(|| MatrixChange { place: place.join("/"), from: from.clone(), to: to.clone() })
            })
            .collect()
    }

    /// Every cell that says more than nothing.
    fn cells(&self) -> BTreeMap<Vec<String>, String> {
        let mut cells = BTreeMap::new();
        let mut cell = |place: &[&str], value: String| {
            cells.insert(place.iter().map(|p| (*p).to_owned()).collect(), value);
        };
        for (name, role) in &self.roles {
            cell(&[name, "label"], format!("{} / {}", role.label.en, role.label.zh));
            cell(&[name, "purposes"], role.purposes.to_string());
            if let Some(about) = &role.about {
                cell(&[name, "about"], about.clone());
            }
            if !role.emergency.is_empty() {
                cell(&[name, "emergency"], role.emergency.to_string());
            }
            for act in &role.system {
                cell(&[name, "system", act.word()], "yes".into());
            }
            for (object, rules) in &role.objects {
                let object = object.to_string();
                for (act, scope) in rules.scopes.iter().filter(|(_, s)| **s > Scope::None) {
                    cell(&[name, &object, act.word()], scope.to_string());
                }
                for (category, level) in rules.levels.iter() {
                    cell(&[name, &object, "levels", &category.to_string()], level.word().into());
                }
                if let Some(purposes) = &rules.purposes {
                    cell(&[name, &object, "purposes"], purposes.to_string());
                }
            }
        }
        cells
    }
}

/// One cell of the matrix that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixChange {
    /// `role/object/act`, `role/object/levels/category`, `role/system/act`, …
    pub place: String,
    /// What it was.
    pub from: String,
    /// What it is.
    pub to: String,
}

impl fmt::Display for MatrixChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} → {}", self.place, self.from, self.to)
    }
}
