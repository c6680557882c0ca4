//! The exported policies, judged by a Cedar that knows nothing of Custos: it decides every record as the running server
//! does, and every category of its fields.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{collections::BTreeMap, fs, path::Path};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request, Schema,
};
use serde_json::{Value, json};
use testkit::{Client, Custos};

const PURPOSES: [&str; 3] = ["account_care", "marketing", "legal_duty"];

/// What an export says.
struct Outside {
    schema: Schema,
    policies: PolicySet,
    entities: Entities,
    /// Type and id of each entity.
    ids: Vec<(String, String)>,
}

impl Outside {
    fn read(dir: &Path) -> Self {
        let text = |name: &str| fs::read_to_string(dir.join(name)).unwrap();
        let (schema, _) = Schema::from_cedarschema_str(&text("schema.cedarschema")).unwrap();
        let entities = text("entities.json");
        let listed: Vec<Value> = serde_json::from_str(&entities).unwrap();
        let part = |entity: &Value, key: &str| entity["uid"][key].as_str().unwrap().to_owned();
        Self {
            policies: text("policies.cedar").parse().unwrap(),
            entities: Entities::from_json_str(&entities, Some(&schema)).unwrap(),
            ids: listed.iter().map(|entity| (part(entity, "type"), part(entity, "id"))).collect(),
            schema,
        }
    }

    fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.ids.iter().filter(move |(of, _)| of == kind).map(|(_, id)| id.as_str())
    }

    fn allows(&self, actor: &str, act: &str, contact: &str, context: Value) -> bool {
        let uid = |kind: &str, id: &str| {
            EntityUid::from_type_name_and_id(kind.parse::<EntityTypeName>().unwrap(), EntityId::new(id))
        };
        let action = uid("Action", act);
        let context = Context::from_json_value(context, Some((&self.schema, &action))).unwrap();
        let request =
            Request::new(uid("Actor", actor), action, uid("Contact", contact), context, Some(&self.schema)).unwrap();
        let answer = Authorizer::new().is_authorized(&request, &self.policies, &self.entities);
        answer.decision() == Decision::Allow
    }
}

#[test]
fn an_outside_cedar_decides_as_the_server_does() {
    let top = tempfile::tempdir().unwrap();
    let (data, files) = (top.path().join("data"), top.path().join("policies"));
    Custos::json(&data, &["init"]);
    Custos::json(&data, &["demo", "--contacts", "60"]);
    Custos::json(&data, &["policy", "export", files.to_str().unwrap()]);
    let outside = Outside::read(&files);
    let token = Custos::json(&data, &["token", "add", "why", "--role", "dpo", "--purpose", "legal_duty"]);
    let server = Custos::serve(&data, &top.path().join("log"), &[]);
    let mut client = Client::connect(&server.address, token["secret"].as_str().unwrap()).unwrap();

    let mut seen: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for actor in outside.of("Actor") {
        for contact in outside.of("Contact").step_by(7) {
            for purpose in PURPOSES {
                let path = format!("/api/v1/contact/{contact}/explanation?actor={actor}&purpose={purpose}");
                let told = client.ask("GET", &path, &[], None).unwrap();
                let (ours, levels) = match told.status {
                    200 => (told.json()["allowed"] == json!(true), told.json()["levels"].clone()),
                    _ => (false, json!({})),
                };
                let mut context = json!({ "purpose": purpose, "emergency": false });
                let theirs = outside.allows(actor, "view", contact, context.clone());
                assert_eq!(ours, theirs, "{actor} {contact} {purpose}: {}", told.json());
                *seen.entry((ours, purpose)).or_default() += 1;
                for (category, level) in levels.as_object().unwrap() {
                    context["act"] = json!("view");
                    context["category"] = json!(category);
                    let may = |act| outside.allows(actor, act, contact, context.clone());
                    let theirs = match (may("see_clear"), may("see_masked")) {
                        (true, _) => "clear",
                        (false, true) => "masked",
                        (false, false) => "none",
                    };
                    assert_eq!(level, theirs, "{actor} {contact} {purpose} {category}");
                }
            }
        }
    }
    assert!(seen[&(true, "account_care")] > 10 && seen[&(false, "account_care")] > 10, "{seen:?}");
    assert!(seen[&(true, "marketing")] > 0, "{seen:?}");
}
