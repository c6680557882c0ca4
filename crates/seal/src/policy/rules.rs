//! The matrix as Cedar: templates with the role left open, and the links that fill it in.

use std::collections::BTreeMap;

use kernel::{Category, Level, ObjectName, RoleName};

use super::{
    Act, CategoryKey, Matrix, ObjectRules, Purposes, Scope, SystemAct,
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
        });
    }

    fn system(&mut self, role: &RoleName, act: SystemAct) {
        let body = Body {
            scope: format!("action == Action::\"{act}\", resource == System::\"{}\"", super::entity::SYSTEM),
            when: Vec::new(),
            words: format!("may {}", act.word().replace('_', " ")),
        };
        self.add(role, None, About::System, format!("system/{act}"), body);
    }

    fn emergency(&mut self, role: &RoleName, purposes: &Purposes) {
        let when = || {
            let mut when = vec!["context.emergency".to_owned()];
            when.extend(for_purposes(purposes));
            when
        };
        let words = format!("under emergency access may view every record, clear, for {purposes}");
        let view = Body { scope: "action == Action::\"view\", resource".into(), when: when(), words: words.clone() };
        self.add(role, None, About::Act(Act::View), "any/view/emergency".into(), view);
        let mut when = when();
        when.push("context.act == \"view\"".into());
        let clear = Body { scope: "action in Action::\"see_clear\", resource".into(), when, words };
        self.add(role, None, About::Level, "any/clear/emergency".into(), clear);
    }

    fn object(&mut self, role: &RoleName, shape: &Shape, rules: &ObjectRules, purposes: &Purposes) {
        let object = &shape.name;
        for (act, scope) in rules.scopes.iter().filter(|(_, s)| **s > Scope::None) {
            let body = Body {
                scope: format!("action == Action::\"{act}\", resource is {}", shape.entity),
                when: for_purposes(purposes).into_iter().chain(of_scope(*scope)).collect(),
                words: format!("may {act} {}, for {purposes}", records(object, *scope)),
            };
            self.add(role, Some(object), About::Act(*act), format!("{object}/{act}/{scope}"), body);
        }
        let view = rules.scope(Act::View);
        if view == Scope::None {
            return;
        }
        // What is not named is none, so a category that appears later is hidden until somebody decides.
        let masked = Categories::at(rules, shape, Level::Masked);
        let clear = Categories::at(rules, shape, Level::Clear);
        if let Some((when, list)) = masked.clone() {
            let body = Body {
                scope: format!("action == Action::\"see_masked\", resource is {}", shape.entity),
                when: for_purposes(purposes).into_iter().chain(when).chain(of_scope(view)).collect(),
                words: format!("may see {list} of {} masked, for {purposes}", records(object, view)),
            };
            self.add(role, Some(object), About::Level, format!("{object}/masked/{view}"), body);
        }
        if let Some((when, list)) = clear {
            let body = Body {
                scope: format!("action in Action::\"see_clear\", resource is {}", shape.entity),
                when: for_purposes(purposes).into_iter().chain(when).chain(of_scope(view)).collect(),
                words: format!("may see {list} of {} clear, for {purposes}", records(object, view)),
            };
            self.add(role, Some(object), About::Level, format!("{object}/clear/{view}"), body);
        }
        let reveal = rules.scope(Act::Reveal);
        if let (Some((when, list)), true) = (masked, reveal > Scope::None) {
            let mut all = vec!["context.act == \"reveal\"".to_owned()];
            all.extend(for_purposes(purposes).into_iter().chain(when).chain(of_scope(reveal)));
            let body = Body {
                scope: format!("action in Action::\"see_clear\", resource is {}", shape.entity),
                when: all,
                words: format!("may reveal {list} of {}, for {purposes}", records(object, reveal)),
            };
            self.add(role, Some(object), About::Level, format!("{object}/reveal/clear/{reveal}"), body);
        }
    }
}

struct Body {
    scope: String,
    when: Vec<String>,
    words: String,
}

impl Body {
    fn text(&self) -> String {
        let mut text = format!("{})", self.scope);
        for when in &self.when {
            text.push_str(&format!("\nwhen {{ {when} }}"));
        }
        text.push(';');
        text
    }
}

struct Categories;

impl Categories {
    /// The categories of exactly this level: the clause that tests for them, if it needs one, and their names.
    fn at(rules: &ObjectRules, shape: &Shape, level: Level) -> Option<(Option<String>, String)> {
        let of_object: Vec<&Category> = shape.categories.iter().filter(|c| rules.level(c) == level).collect();
        if of_object.is_empty() {
            return None;
        }
        let only_any = rules.levels.len() == 1 && rules.levels.contains_key(&CategoryKey::Any);
        if only_any {
            return Some((None, "everything".into()));
        }
        let quoted: Vec<String> = of_object.iter().map(|c| format!("\"{c}\"")).collect();
        let names: Vec<&str> = of_object.iter().map(|c| c.as_str()).collect();
        Some((Some(format!("[{}].contains(context.category)", quoted.join(", "))), names.join(", ")))
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
