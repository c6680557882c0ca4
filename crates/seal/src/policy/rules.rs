//! The matrix as Cedar: templates with the role left open, and the links that fill it in.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use kernel::{Category, Level, ObjectName, RoleName};

use super::{
    Act, Ask, CategoryKey, Matrix, ObjectRules, Purposes, Scope, SystemAct,
    schema::{Shape, World},
};

/// What actions a template speaks of; templates are kept apart by it, so that a question meets few of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum About {
    Act(Act),
    Level,
    System,
}

/// A rule with the role left open.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Its id: `contact/view/team`, with `#2` behind when another role has other purposes or categories.
    pub(super) id: String,
    /// The object, or `None` for every object (emergency access) and the system.
    pub(super) object: Option<ObjectName>,
    pub(super) about: About,
    /// The text between `permit (principal` and its end.
    pub(super) body: String,
    /// What it allows, in words.
    pub(super) words: String,
    /// Which roles have it, by the id of the link: `sales/contact/view/team`.
    pub(super) links: BTreeMap<String, RoleName>,
    /// When it can apply at all.
    pub(super) when: When,
}

/// What a rule's own clauses ask of the question. A question need not meet a rule that this rules out; the clauses stay
/// in the text all the same, and it is the text that decides.
#[derive(Clone, Debug)]
pub(super) struct When {
    pub(super) purposes: Purposes,
    /// `None`: every category.
    pub(super) categories: Option<BTreeSet<Category>>,
    /// During this act alone.
    pub(super) during: Option<Act>,
    /// Under emergency access alone.
    pub(super) emergency: bool,
}

impl When {
    fn purposes(purposes: &Purposes) -> Self {
        Self { purposes: purposes.clone(), categories: None, during: None, emergency: false }
    }

    pub(super) fn meets(&self, ask: &Ask<'_>, category: Option<&Category>) -> bool {
        self.purposes.has(ask.purpose)
            && self.during.is_none_or(|act| act == ask.act)
            && (ask.emergency || !self.emergency)
            && match (&self.categories, category) {
                (Some(only), Some(category)) => only.contains(category),
                _ => true,
            }
    }
}

impl Rule {
    /// As a Cedar template.
    pub(super) fn template(&self) -> String {
        self.text("?principal")
    }

    /// As an ordinary policy for one role.
    pub(super) fn linked(&self, role: &RoleName) -> String {
        self.text(&format!("Role::\"{role}\""))
    }

    fn text(&self, role: &str) -> String {
        format!("permit (principal in {role}, {}", self.body)
    }
}

/// Every rule of the matrix.
pub(super) fn of(matrix: &Matrix, world: &World) -> Vec<Rule> {
    let mut rules = Rules::default();
    for (role, allowed) in &matrix.roles {
        for act in &allowed.system {
            rules.system(role, *act);
        }
        if !allowed.emergency.is_empty() {
            rules.system(role, SystemAct::EmergencyAccess);
            rules.emergency(role, &allowed.emergency);
        }
        for shape in world.shapes.values() {
            if let Some(object) = allowed.object(&shape.name) {
                rules.object(role, shape, object, allowed.purposes(&shape.name));
            }
        }
    }
    rules.list
}

#[derive(Default)]
struct Rules {
    list: Vec<Rule>,
    /// The rule of each id and body.
    known: BTreeMap<(String, String), usize>,
}

impl Rules {
    fn add(&mut self, role: &RoleName, object: Option<&ObjectName>, about: About, id: String, body: Body) {
        let text = body.text();
        let link = format!("{role}/{id}");
        if let Some(at) = self.known.get(&(id.clone(), text.clone())) {
            self.list[*at].links.insert(link, role.clone());
            return;
        }
        let same = self.known.keys().filter(|(other, _)| *other == id).count();
        let unique = if same == 0 { id.clone() } else { format!("{id}#{}", same + 1) };
        self.known.insert((id, text.clone()), self.list.len());
        self.list.push(Rule {
            id: unique,
            object: object.cloned(),
            about,
            body: text,
            words: body.words,
            links: BTreeMap::from([(link, role.clone())]),
            when: body.when,
        });
    }

    fn system(&mut self, role: &RoleName, act: SystemAct) {
        let body = Body {
            scope: format!("action == Action::\"{act}\", resource == System::\"{}\"", super::entity::SYSTEM),
            clauses: Vec::new(),
            words: format!("may {}", act.word().replace('_', " ")),
            when: When::purposes(&Purposes::Any),
        };
        self.add(role, None, About::System, format!("system/{act}"), body);
    }

    fn emergency(&mut self, role: &RoleName, purposes: &Purposes) {
        let mut clauses = vec!["context.emergency".to_owned()];
        clauses.extend(for_purposes(purposes));
        let words = format!("under emergency access may view every record, clear, for {purposes}");
        let when = When { emergency: true, ..When::purposes(purposes) };
        let view = Body {
            scope: "action == Action::\"view\", resource".into(),
            clauses: clauses.clone(),
            words: words.clone(),
            when: when.clone(),
        };
        self.add(role, None, About::Act(Act::View), "any/view/emergency".into(), view);
        clauses.push("context.act == \"view\"".into());
        let scope = "action in Action::\"see_clear\", resource".into();
        let when = When { during: Some(Act::View), ..when };
        let clear = Body { scope, clauses, words, when };
        self.add(role, None, About::Level, "any/clear/emergency".into(), clear);
    }

    fn object(&mut self, role: &RoleName, shape: &Shape, rules: &ObjectRules, purposes: &Purposes) {
        let object = &shape.name;
        for (act, scope) in rules.scopes.iter().filter(|(_, s)| **s > Scope::None) {
            let body = Body {
                scope: format!("action == Action::\"{act}\", resource is {}", shape.entity),
                clauses: for_purposes(purposes).into_iter().chain(of_scope(*scope)).collect(),
                words: format!("may {act} {}, for {purposes}", records(object, *scope)),
                when: When::purposes(purposes),
            };
            self.add(role, Some(object), About::Act(*act), format!("{object}/{act}/{scope}"), body);
        }
        let (view, reveal) = (rules.scope(Act::View), rules.scope(Act::Reveal));
        let mut level = |actions: &str, level: Level, scope: Scope, during: Option<Act>, id: &str, words: &str| {
            // What is not named is none, so a category that appears later is hidden until somebody decides.
            let Some(categories) = Categories::at(rules, shape, level).filter(|_| scope > Scope::None) else { return };
            let mut clauses: Vec<String> = during.iter().map(|act| format!("context.act == \"{act}\"")).collect();
            clauses.extend(for_purposes(purposes).into_iter().chain(categories.clause()).chain(of_scope(scope)));
            let (verb, how) = words.split_once('|').unwrap_or((words, ""));
            let body = Body {
                scope: format!("action {actions}, resource is {}", shape.entity),
                clauses,
                words: format!("may {verb} {categories} of {}{how}, for {purposes}", records(object, scope)),
                when: When { categories: categories.only.clone(), during, ..When::purposes(purposes) },
            };
            self.add(role, Some(object), About::Level, format!("{object}/{id}/{scope}"), body);
        };
        level("== Action::\"see_masked\"", Level::Masked, view, None, "masked", "see| masked");
        level("in Action::\"see_clear\"", Level::Clear, view, None, "clear", "see| clear");
        level("in Action::\"see_clear\"", Level::Masked, reveal, Some(Act::Reveal), "reveal/clear", "reveal");
    }
}

struct Body {
    scope: String,
    clauses: Vec<String>,
    words: String,
    when: When,
}

impl Body {
    fn text(&self) -> String {
        let mut text = format!("{})", self.scope);
        for clause in &self.clauses {
            text.push_str(&format!("\nwhen {{ {clause} }}"));
        }
        text.push(';');
        text
    }
}

/// The categories of one level.
struct Categories {
    /// `None`: every one, also those that appear later.
    only: Option<BTreeSet<Category>>,
}

impl Categories {
    /// Those of exactly this level; `None` if there are none.
    fn at(rules: &ObjectRules, shape: &Shape, level: Level) -> Option<Self> {
        let these: BTreeSet<Category> = shape.categories.iter().filter(|c| rules.level(c) == level).cloned().collect();
        let any = rules.levels.len() == 1 && rules.levels.contains_key(&CategoryKey::Any);
        (!these.is_empty()).then_some(Self { only: if any { None } else { Some(these) } })
    }

    /// The clause that tests for them, if it needs one.
    fn clause(&self) -> Option<String> {
        let quoted: Vec<String> = self.only.as_ref()?.iter().map(|c| format!("\"{c}\"")).collect();
        Some(format!("[{}].contains(context.category)", quoted.join(", ")))
    }
}

impl fmt::Display for Categories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.only {
            None => f.write_str("everything"),
            Some(these) => f.write_str(&these.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(", ")),
        }
    }
}

fn for_purposes(purposes: &Purposes) -> Option<String> {
    match purposes {
        Purposes::Any => None,
        Purposes::These(list) if list.is_empty() => Some("false".into()),
        Purposes::These(list) => {
            let quoted: Vec<String> = list.iter().map(|p| format!("\"{p}\"")).collect();
            Some(format!("[{}].contains(context.purpose)", quoted.join(", ")))
        }
    }
}

fn of_scope(scope: Scope) -> Option<String> {
    const OWN: &str = "resource has owner && resource.owner == principal";
    match scope {
        Scope::None => Some("false".into()),
        Scope::Own => Some(OWN.into()),
        Scope::Team => Some(format!(
            "({OWN}) ||\n       (principal has team && resource has team && resource.team == principal.team)"
        )),
        Scope::Subtree => Some(format!("({OWN}) ||\n       (resource has team && resource.team in principal.subtree)")),
        Scope::All => None,
    }
}

fn records(object: &ObjectName, scope: Scope) -> String {
    match scope {
        Scope::None => format!("no {object}"),
        Scope::Own => format!("its own {object} records"),
        Scope::Team => format!("{object} records of its own and of its team"),
        Scope::Subtree => format!("{object} records of its own, of its team and of teams below"),
        Scope::All => format!("every {object}"),
    }
}
