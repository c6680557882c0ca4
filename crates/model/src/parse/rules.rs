//! Putting objects and their additions together, and the rules that hold between fields, objects and purposes.

use std::sync::Arc;

use kernel::ObjectName;

use crate::{Field, Kind, Object, Subject};

use super::{
    field::Draft,
    object::{Head, Sheet},
    purposes::House,
    reader::{At, Problems},
};

/// An object with its additions, not yet judged.
struct Whole<'d> {
    name: ObjectName,
    head: Head<'d>,
    groups: Vec<crate::Group>,
    fields: Vec<Draft<'d>>,
    named: Vec<At<'d, kernel::FieldName>>,
}

pub(super) fn build(
    sheets: Vec<Sheet<'_>>,
    house: &House,
    all_named: bool,
    problems: &mut Problems,
) -> Vec<Arc<Object>> {
    let wholes = assemble(sheets, all_named, problems);
    for whole in &wholes {
        titles(whole, problems);
        groups(whole, problems);
        purposes(whole, house, problems);
        links(whole, &wholes, all_named, problems);
        currencies(whole, problems);
        about(whole, &wholes, problems);
        persons(whole, problems);
    }
    let mut objects: Vec<Arc<Object>> = wholes.into_iter().map(|whole| Arc::new(object(whole))).collect();
    objects.sort_by(|a, b| (a.order, &a.name).cmp(&(b.order, &b.name)));
    objects
}

/// Joins objects and additions; each name is defined once.
fn assemble<'d>(sheets: Vec<Sheet<'d>>, all_named: bool, problems: &mut Problems) -> Vec<Whole<'d>> {
    let (objects, additions): (Vec<_>, Vec<_>) = sheets.into_iter().partition(|sheet| sheet.head.is_some());
    let mut wholes: Vec<Whole<'d>> = Vec::new();
    for Sheet { name, place, head, groups, fields, named } in objects {
        if wholes.iter().any(|whole| whole.name == name) {
            problems.add(place, format!("object `{name}` is defined already"));
        } else if let Some(head) = head {
            wholes.push(Whole { name, head, groups, fields, named });
        }
    }
    for sheet in additions {
        let Some(whole) = wholes.iter_mut().find(|whole| whole.name == sheet.name) else {
            if all_named {
                problems.add(sheet.place, format!("there is no object `{}` to extend", sheet.name));
            }
            continue;
        };
        for group in sheet.groups {
            if whole.groups.iter().any(|g| g.name == group.name) {
                problems.add(sheet.place, format!("group `{}` of `{}` is defined already", group.name, sheet.name));
            } else {
                whole.groups.push(group);
            }
        }
        for name in &sheet.named {
            if whole.named.iter().any(|other| other.value == name.value) {
                let what =
                    format!("field `{}`: `{}` has it already; additions cannot change a field", name.value, sheet.name);
                problems.add(name.place, what);
            }
        }
        whole.named.extend(sheet.named);
        whole.fields.extend(sheet.fields);
    }
    wholes
}

impl<'d> Whole<'d> {
    fn field(&self, name: &str) -> Option<&Draft<'d>> {
        self.fields.iter().find(|draft| draft.field.name.as_str() == name)
    }

    /// Whether a field of this name is written down, be it well or badly.
    fn names(&self, name: &str) -> bool {
        self.named.iter().any(|at| at.value.as_str() == name)
    }
}

fn titles(whole: &Whole<'_>, problems: &mut Problems) {
    for title in &whole.head.title {
        match whole.field(&title.value) {
            Some(draft) if matches!(draft.field.kind, Kind::LongText { .. } | Kind::File | Kind::ManyChoice(_)) => {
                let what = format!("`title`: `{}` is a {}, which names nothing", title.value, draft.field.kind.word());
                problems.add(title.place, what);
            }
            None if !whole.names(&title.value) => {
                problems.add(title.place, format!("`title`: there is no field `{}`", title.value));
            }
            _ => {}
        }
    }
}

fn groups(whole: &Whole<'_>, problems: &mut Problems) {
    for draft in &whole.fields {
        if let Some(group) = draft.field.group.as_ref().filter(|name| !whole.groups.iter().any(|g| g.name == **name)) {
            let what = format!("field `{}`: there is no group `{group}`: define it under [groups]", draft.field.name);
            problems.add(draft.group_place, what);
        }
    }
}

/// A field that no request on its object could ever read is a mistake.
fn purposes(whole: &Whole<'_>, house: &House, problems: &mut Problems) {
    let set = whole.head.purpose_set;
    for draft in &whole.fields {
        let Field { name, purposes, .. } = &draft.field;
        if !set.is_empty() && !purposes.is_empty() && purposes.and(set).is_empty() {
            let names: Vec<&str> =
                house.purposes.iter().filter(|p| set.has(p.purpose)).map(|p| p.name.as_str()).collect();
            let what = format!(
                "field `{name}`: none of its purposes is one that a request on `{}` may have ({}), so nobody could read it",
                whole.name,
                names.join(", ")
            );
            problems.add(draft.purposes_place, what);
        }
    }
}

fn links(whole: &Whole<'_>, wholes: &[Whole<'_>], all_named: bool, problems: &mut Problems) {
    for draft in &whole.fields {
        if let Kind::Link(to) = &draft.field.kind
            && all_named
            && !wholes.iter().any(|other| other.name == *to)
        {
            let what = format!("field `{}`: there is no object `{to}` to link to", draft.field.name);
            problems.add(draft.kind_place, what);
        }
    }
}

fn currencies(whole: &Whole<'_>, problems: &mut Problems) {
    for draft in &whole.fields {
        let Kind::Money { currency } = &draft.field.kind else { continue };
        let name = &draft.field.name;
        match whole.field(currency) {
            Some(beside) if !matches!(beside.field.kind, Kind::Choice(_)) => {
                let what = format!(
                    "field `{name}`: its currency `{currency}` must be a choice, not {}",
                    beside.field.kind.word()
                );
                problems.add(draft.kind_place, what);
            }
            None if !whole.names(currency) => {
                problems.add(draft.kind_place, format!("field `{name}`: there is no field `{currency}` beside it"));
            }
            _ => {}
        }
    }
}

/// `about` leads, perhaps over several objects, to one whose rows are persons.
fn about(whole: &Whole<'_>, wholes: &[Whole<'_>], problems: &mut Problems) {
    let Some(about) = &whole.head.about else { return };
    let mut tell = |what: String| problems.add(about.place, what);
    match whole.field(&about.value).map(|draft| &draft.field.kind) {
        None if whole.names(&about.value) => return,
        None => return tell(format!("`about`: there is no field `{}`", about.value)),
        Some(Kind::Link(_)) => {}
        Some(other) => return tell(format!("`about`: `{}` is a {}, not a link", about.value, other.word())),
    }
    let mut at = whole;
    for _ in 0..=wholes.len() {
        if at.head.person {
            return;
        }
        let next = at.head.about.as_ref().and_then(|about| at.field(&about.value)).map(|draft| &draft.field.kind);
        let next = match next {
            Some(Kind::Link(to)) => wholes.iter().find(|other| other.name == *to),
            _ => None,
        };
        match next {
            Some(next) => at = next,
            // A faulty link on the way has a problem of its own.
            None if at.head.about.is_some() => return,
            None => {
                let what = format!("`about`: `{}` leads to `{}`, which is not about a person", about.value, at.name);
                return tell(what);
            }
        }
    }
    tell(format!("`about`: `{}` leads in a circle", about.value));
}

/// Whatever is kept about a person is personal, even the colour of their desk.
fn persons(whole: &Whole<'_>, problems: &mut Problems) {
    if !whole.head.person && whole.head.about.is_none() {
        return;
    }
    for draft in whole.fields.iter().filter(|draft| !draft.field.is_personal()) {
        let what = format!(
            "field `{}`: a record of `{}` is about a person, so all of it is personal: give it a category, purposes and a mask",
            draft.field.name, whole.name
        );
        problems.add(draft.category_place, what);
    }
}

fn object(whole: Whole<'_>) -> Object {
    let Head { label, plural, icon, order, person, about, title, purposes, purpose_set: _ } = whole.head;
    let name = |text: &str| whole.named.iter().find(|at| at.value.as_str() == text).map(|at| at.value.clone());
    let subject = match about.and_then(|about| name(&about.value)) {
        _ if person => Subject::Person,
        Some(link) => Subject::About(link),
        None => Subject::Nobody,
    };
    Object {
        title: title.iter().filter_map(|at| name(&at.value)).collect(),
        name: whole.name,
        label,
        plural,
        icon,
        subject,
        purposes,
        order,
        groups: whole.groups,
        fields: whole.fields.into_iter().map(|draft| draft.field).collect(),
    }
}
