//! Reading one object document: an object of its own, or fields added to one.

use kernel::{FieldName, ObjectName, PurposeName, PurposeSet};

use crate::{Document, Group, Label};

use super::{
    field::{self, Draft},
    keys,
    purposes::House,
    reader::{At, Place, Problems, Source, Table, nearest},
};

/// A document as read, before objects and their additions are put together.
pub(super) struct Sheet<'d> {
    pub(super) name: ObjectName,
    pub(super) place: Place<'d>,
    /// `None` for a document that adds fields to an object.
    pub(super) head: Option<Head<'d>>,
    pub(super) groups: Vec<Group>,
    pub(super) fields: Vec<Draft<'d>>,
    /// Every field it names, also those with a fault.
    pub(super) named: Vec<At<'d, FieldName>>,
}

/// What a document says of the object itself.
pub(super) struct Head<'d> {
    pub(super) label: Label,
    pub(super) plural: Label,
    pub(super) icon: String,
    pub(super) order: i64,
    pub(super) person: bool,
    pub(super) about: Option<At<'d, String>>,
    pub(super) title: Vec<At<'d, String>>,
    pub(super) purposes: Vec<PurposeName>,
    pub(super) purpose_set: PurposeSet,
}

/// Reads a document; `None` if not even its object's name is known.
pub(super) fn read<'d>(document: &'d Document, house: &House, problems: &mut Problems) -> Option<Sheet<'d>> {
    let source = Source::new(document);
    let toml = source.root(problems)?;
    let table = Table::new(&source, 0, "", toml.get_ref());
    let adds = table.has("extend");
    table.check_keys(if adds { keys::EXTENSION } else { keys::OBJECT }, problems);
    let name_key = if adds { "extend" } else { "name" };
    let name = table.text(name_key, problems);
    if name.is_none() && !table.has(name_key) {
        table.missing("name", "name the object, or write `extend = \"…\"` to add fields to one", problems);
    }
    let name = name.and_then(|at| {
        let name = ObjectName::new(&at.value).map_err(|bad| table.tell(at.place, &bad.to_string(), problems)).ok()?;
        if !adds && keys::RESERVED_OBJECTS.contains(&name.as_str()) {
            table.tell(at.place, &format!("`{name}` is a word of the house: choose another name"), problems);
        }
        Some(At { value: name, place: at.place })
    });
    let groups = groups(&table, problems);
    let mut fields = Vec::new();
    let mut named = Vec::new();
    match table.table("fields", "", problems) {
        Some(listed) => {
            for (name, table) in listed.tables("field", problems) {
                let checked = match FieldName::new(name) {
                    Ok(checked) => checked,
                    Err(bad) => {
                        table.tell(table.place, &bad.to_string(), problems);
                        continue;
                    }
                };
                if keys::RESERVED_FIELDS.contains(&name) {
                    table.tell(table.place, "is a word of the house: choose another name", problems);
                }
                named.push(At { value: checked.clone(), place: table.place });
                fields.extend(field::read(checked, table, &document.name, house, problems));
            }
        }
        None if !table.has("fields") => table.missing("fields", "without fields nothing is stored", problems),
        None => {}
    }
    let head = if adds { None } else { Some(head(&table, house, problems)) };
    let name = name?;
    Some(Sheet { name: name.value, place: name.place, head, groups, fields, named })
}

fn groups(table: &Table<'_, '_>, problems: &mut Problems) -> Vec<Group> {
    let Some(listed) = table.table("groups", "", problems) else { return Vec::new() };
    let mut groups = Vec::new();
    for (name, table) in listed.tables("group", problems) {
        table.check_keys(keys::GROUP, problems);
        // A group with a faulty label is still known to its fields.
        let label = table.label("label", problems).unwrap_or_default();
        groups.push(Group { name: name.to_owned(), label });
    }
    groups
}

fn head<'d>(table: &Table<'_, 'd>, house: &House, problems: &mut Problems) -> Head<'d> {
    let person = table.flag("person", problems);
    let about = table.text("about", problems);
    if let Some(about) = about.as_ref().filter(|_| person) {
        table.tell(
            about.place,
            "`person` and `about` exclude each other: a record is a person, or about one",
            problems,
        );
    }
    let title = table.texts("title", problems);
    match &title {
        None if !table.has("title") => table.missing("title", "list the fields that name a record", problems),
        Some(title) if title.value.is_empty() => table.tell(title.place, "`title` names no field", problems),
        _ => {}
    }
    let purposes = table.texts("purposes", problems);
    match &purposes {
        None if !table.has("purposes") => {
            table.missing("purposes", "list the purposes that a request on it may have, the usual one first", problems);
        }
        Some(purposes) if purposes.value.is_empty() => table.tell(purposes.place, "`purposes` is empty", problems),
        _ => {}
    }
    let (purposes, purpose_set) =
        self::purposes(table, purposes.map(|at| at.value).unwrap_or_default(), house, problems);
    let icon = table.text("icon", problems);
    match &icon {
        None if !table.has("icon") => table.missing("icon", "name an Iconoir icon, like `building`", problems),
        Some(icon) if !icon.value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') => {
            table.tell(icon.place, "`icon` is the name of an Iconoir icon: a-z, 0-9 and -", problems);
        }
        _ => {}
    }
    Head {
        label: table.label("label", problems).unwrap_or_default(),
        plural: table.label("plural", problems).unwrap_or_default(),
        icon: icon.map(|at| at.value).unwrap_or_default(),
        // Objects of an administrator come after the shipped ones unless they say otherwise.
        order: table.whole("order", problems).map_or(1000, |at| at.value),
        person,
        about,
        title: title.map(|at| at.value).unwrap_or_default(),
        purposes,
        purpose_set,
    }
}

/// The purposes of these names; tells every one that does not exist.
pub(super) fn purposes(
    table: &Table<'_, '_>,
    listed: Vec<At<'_, String>>,
    house: &House,
    problems: &mut Problems,
) -> (Vec<PurposeName>, PurposeSet) {
    let known: Vec<&str> = house.purpose_names.iter().map(String::as_str).collect();
    let mut names = Vec::new();
    let mut set = PurposeSet::EMPTY;
    for At { value: name, place } in listed {
        if let Some(purpose) = house.purposes.iter().find(|p| p.name.as_str() == name) {
            if set.has(purpose.purpose) {
                table.tell(place, &format!("purpose `{name}` is listed twice"), problems);
            }
            set = set.with(purpose.purpose);
            names.push(purpose.name.clone());
        } else if house.legible && !known.contains(&name.as_str()) {
            let near = nearest(&name, &known).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            let what = format!("there is no purpose `{name}` in purposes.toml{near}");
            table.tell(place, &what, problems);
        }
    }
    (names, set)
}
