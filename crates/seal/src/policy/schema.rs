//! The Cedar schema, generated from the definitions, and what the engine knows of each object.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use cedar_policy::Schema;
use kernel::{Category, FieldName, ObjectName, PurposeName};
use model::{Catalog, Kind, Protect};

use super::{Act, Attr, PolicyProblem, SystemAct};

/// The entity types of the schema itself, and Cedar's own type names: no object may become one of these.
const TAKEN: [&str; 13] = [
    "Actor",
    "Role",
    "Team",
    "System",
    "Action",
    "String",
    "Long",
    "Bool",
    "Boolean",
    "Set",
    "Record",
    "Entity",
    "Extension",
];

/// Attributes of every record, so no field may have these names.
const ATTRS: [&str; 4] = ["owner", "team", "live_purposes", "restricted"];

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    User,
    Team,
    Record,
    Purposes,
    Bool,
    Long,
    Text,
}

impl Type {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::User => "a user",
            Self::Team => "a team",
            Self::Record => "a record",
            Self::Purposes => "a set of purposes",
            Self::Bool => "yes or no",
            Self::Long => "a number",
            Self::Text => "text",
        }
    }
}

/// One object, as policies see it.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) name: ObjectName,
    /// Its entity type.
    pub(super) entity: String,
    /// Fields that are attributes.
    pub(super) fields: BTreeMap<FieldName, Type>,
    /// The categories its fields have.
    pub(super) categories: BTreeSet<Category>,
    /// Its own purposes, default first.
    pub(super) purposes: Vec<PurposeName>,
}

impl Shape {
    /// The attribute a policy calls by this name, and its type.
    pub(super) fn attr(&self, name: &str) -> Option<(Attr, Type)> {
        Some(match name {
            "owner" => (Attr::Owner, Type::User),
            "team" => (Attr::Team, Type::Team),
            "live_purposes" => (Attr::LivePurposes, Type::Purposes),
            "restricted" => (Attr::Restricted, Type::Bool),
            field => {
                let (name, ty) = self.fields.get_key_value(field)?;
                (Attr::Field(name.clone()), *ty)
            }
        })
    }
}

/// The world policies speak of.
pub(super) struct World {
    pub(super) schema: Schema,
    pub(super) text: String,
    pub(super) shapes: BTreeMap<ObjectName, Shape>,
    pub(super) purposes: Vec<PurposeName>,
    pub(super) categories: BTreeSet<Category>,
}

impl World {
    pub(super) fn of(catalog: &Catalog) -> Result<Self, Vec<PolicyProblem>> {
        let mut problems = Vec::new();
        let mut shapes = BTreeMap::new();
        let mut entities: BTreeMap<String, ObjectName> = BTreeMap::new();
        for object in catalog.objects() {
            let mut problem = |what: String| problems.push(PolicyProblem::new(object.name.as_str(), None, what));
            let entity = camel(&object.name);
            if TAKEN.contains(&entity.as_str()) {
                problem(format!("policies already call something else `{entity}`: give the object another name"));
            }
            if let Some(other) = entities.insert(entity.clone(), object.name.clone()) {
                problem(format!("policies would call it `{entity}`, like `{other}`: give it another name"));
            }
            let mut fields = BTreeMap::new();
            for field in object.fields() {
                if field.is_personal() || field.protect != Protect::Disk {
                    continue;
                }
                if ATTRS.contains(&field.name.as_str()) {
                    problem(format!("field `{}`: every record has an attribute of this name already", field.name));
                }
                if let Some(ty) = attr_type(&field.kind) {
                    fields.insert(field.name.clone(), ty);
                }
            }
            let categories = object.fields().iter().map(|f| f.category.clone()).collect();
            let (name, purposes) = (object.name.clone(), object.purposes.clone());
            shapes.insert(name.clone(), Shape { name, entity, fields, categories, purposes });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let text = schema_text(&shapes);
        let schema = match Schema::from_cedarschema_str(&text) {
            Ok((schema, _)) => schema,
            Err(error) => return Err(vec![PolicyProblem::new("schema.cedarschema", None, error.to_string())]),
        };
        Ok(Self {
            schema,
            text,
            shapes,
            purposes: catalog.purposes().map(|p| p.name.clone()).collect(),
            categories: catalog.categories().map(|c| c.name.clone()).collect(),
        })
    }

    pub(super) fn knows_purpose(&self, name: &str) -> bool {
        self.purposes.iter().any(|p| p.as_str() == name)
    }
}

/// The type of a field's attribute; `None` for kinds that policies do not see: links, files, lists.
pub(super) fn attr_type(kind: &Kind) -> Option<Type> {
    match kind {
        Kind::Text { .. } | Kind::Email | Kind::Phone | Kind::Url | Kind::Choice(_) => Some(Type::Text),
        Kind::Number { .. } | Kind::Money { .. } | Kind::Date | Kind::Time => Some(Type::Long),
        Kind::YesNo => Some(Type::Bool),
        _ => None,
    }
}

/// `design_registration` is `DesignRegistration`.
pub(super) fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for part in name.split('_') {
        let mut chars = part.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

fn schema_text(shapes: &BTreeMap<ObjectName, Shape>) -> String {
    let mut text = String::from(
        "// Generated from the object definitions.\n\
         entity Role;\n\
         entity Team;\n\
         entity Actor in [Role] = { kind: String, team?: Team, subtree: Set<Team> };\n\
         entity System;\n",
    );
    for shape in shapes.values() {
        let _ = write!(
            text,
            "entity {} = {{\n  owner?: Actor,\n  team?: Team,\n  live_purposes: Set<String>,\n  restricted: Bool,\n",
            shape.entity
        );
        for (name, ty) in &shape.fields {
            let ty = match ty {
                Type::Bool => "Bool",
                Type::Long => "Long",
                _ => "String",
            };
            let _ = writeln!(text, "  \"{name}\"?: {ty},");
        }
        text.push_str("};\n");
    }
    let words = |words: Vec<&str>| words.join(", ");
    if !shapes.is_empty() {
        let objects = words(shapes.values().map(|s| s.entity.as_str()).collect());
        let acts = words(Act::ALL.iter().map(|a| a.word()).collect());
        let _ = write!(
            text,
            "action {acts} appliesTo {{\n  principal: Actor,\n  resource: [{objects}],\n  \
             context: {{ purpose: String, emergency: Bool }},\n}};\n"
        );
        for action in ["see_clear", "see_masked in [see_clear]"] {
            let _ = write!(
                text,
                "action {action} appliesTo {{\n  principal: Actor,\n  resource: [{objects}],\n  \
                 context: {{ purpose: String, emergency: Bool, act: String, category: String }},\n}};\n"
            );
        }
    }
    let _ = write!(
        text,
        "action {} appliesTo {{\n  principal: Actor,\n  resource: System,\n}};\n",
        words(SystemAct::ALL.iter().map(|a| a.word()).collect())
    );
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_entities() {
        assert_eq!(super::camel("contact"), "Contact");
        assert_eq!(super::camel("design_registration"), "DesignRegistration");
    }
}
