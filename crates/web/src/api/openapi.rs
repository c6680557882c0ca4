//! OpenAPI 3.1, generated from the definitions in force, so that it stays true to the running server.

use axum::{Json, extract::State};
use model::{Field, Kind, Object};
use serde_json::{Map, Value, json};

use crate::app::App;

/// `GET /api/v1/openapi.json`: says what objects there are; says nothing of any record, so it needs no token.
pub async fn get(State(app): State<App>) -> Json<Value> {
    let catalog = app.house.catalog();
    let mut paths = fixed();
    let mut schemas = Map::new();
    for object in catalog.objects() {
        schemas.extend(object_schemas(object));
        paths.extend(object_paths(object));
    }
    schemas.extend(shared_schemas());
    Json(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Custos",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A CRM in which every value has a purpose, every read a permission and a record.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "An API token, bound to a role and a purpose." }
            }
        }
    }))
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    })
}

fn answers(own: Value) -> Value {
    let mut all = json!({
        "400": problem("The request is malformed."),
        "401": problem("No valid token."),
        "403": problem("The role or the purpose does not cover it."),
        "404": problem("There is no such record, or it is not for this token to know of."),
        "405": problem("This address does not take this method."),
        "413": problem("The body is larger than 1 MiB."),
        "422": problem("Something sent cannot be taken; `errors` says what, field by field."),
        "500": problem("Something went wrong here."),
        "503": problem("The database or the ledger does not take part at the moment; nothing was disclosed or changed.")
    });
    if let (Some(all), Value::Object(own)) = (all.as_object_mut(), own) {
        all.extend(own);
    }
    all
}

fn json_of(schema: &str, description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } }
    })
}

fn text_of(description: &str) -> Value {
    json!({ "description": description, "content": { "text/plain": { "schema": { "type": "string" } } } })
}

fn sent(schema: &str) -> Value {
    json!({
        "required": true,
        "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } }
    })
}

fn path_id(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } })
}

/// Text in an address: everything but the character zero, which PostgreSQL cannot keep.
fn words(least: u32) -> Value {
    json!({ "type": "string", "minLength": least, "pattern": "^[^\\u0000]*$" })
}

fn one_of(words: impl IntoIterator<Item = String>) -> Value {
    json!({ "type": "string", "enum": words.into_iter().collect::<Vec<_>>() })
}

/// The columns of a list, or the fields of a record: `fields=a,b`.
fn fields(object: &Object) -> Value {
    let names = object.fields().iter().map(|f| f.name.to_string());
    let mut parameter = query("fields", json!({ "type": "array", "items": one_of(names) }), "Fields to show.");
    parameter["style"] = "form".into();
    parameter["explode"] = false.into();
    parameter
}

/// Words and the same with a leading `-`.
fn either(words: Vec<String>) -> impl Iterator<Item = String> {
    words.into_iter().flat_map(|word| [format!("-{word}"), word])
}

fn query(name: &str, schema: Value, description: &str) -> Value {
    json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": description })
}

fn etag_header() -> Value {
    json!({ "ETag": { "description": "The record's version, for If-Match.", "schema": { "type": "string" } } })
}

fn with_etag(mut answer: Value) -> Value {
    answer["headers"] = etag_header();
    answer
}

fn fixed() -> Map<String, Value> {
    let acts = ledger::Act::ALL.iter().map(|act| act.word().to_owned()).collect();
    let paths = json!({
        "/api/v1/openapi.json": { "get": {
            "operationId": "openapi", "summary": "This document", "security": [],
            "responses": { "200": { "description": "OpenAPI 3.1", "content": { "application/json": { "schema": { "type": "object" } } } } }
        }},
        "/api/v1/me": { "get": {
            "operationId": "me", "summary": "What this token is and may ask for",
            "responses": answers(json!({ "200": json_of("Me", "The token's actor.") }))
        }},
        "/api/v1/notices": { "get": {
            "operationId": "notices", "summary": "What colleagues would have this actor look at: ids only",
            "responses": answers(json!({ "200": json_of("Notices", "Newest first.") }))
        }},
        "/api/v1/notices/{id}": { "delete": {
            "operationId": "notice_put_aside", "summary": "Puts a notice aside",
            "parameters": [path_id("id")],
            "responses": answers(json!({ "204": { "description": "Put aside." } }))
        }},
        "/api/v1/ledger": { "get": {
            "operationId": "ledger", "summary": "Entries of the ledger, newest first",
            "parameters": [
                query("q", words(0), "As text: `act:revealed -actor:job about:7f3c`."),
                query("purpose", words(0), "For this purpose."),
                query("field", words(0), "Disclosing this field."),
                query("actor", json!({ "type": "string", "format": "uuid" }), "By this actor."),
                query("record", json!({ "type": "string", "format": "uuid" }), "Naming this record or person."),
                query("act", one_of(either(acts)), "This act, or with a leading `-` any but this."),
                query("object", words(0), "On this object."),
                query("from", json!({ "type": "string", "format": "date-time" }), "From this time."),
                query("to", json!({ "type": "string", "format": "date-time" }), "Before this time."),
                query("cursor", json!({ "type": "integer", "minimum": 0 }), "`next` of the page before."),
                query("limit", json!({ "type": "integer", "minimum": 1, "maximum": domain::MAX_PAGE }), "Page size."),
            ],
            "responses": answers(json!({ "200": json_of("LedgerPage", "A page of entries.") }))
        }},
        "/api/v1/ledger/export": { "get": {
            "operationId": "ledger_export", "summary": "Entries that a text asks for, each with its proof",
            "parameters": [query("q", words(0), "As text: `act:revealed -actor:job about:7f3c`.")],
            "responses": answers(json!({ "200": json_of("LedgerFile", "Entries with proofs.") }))
        }},
        "/api/v1/ledger/checkpoint": { "get": {
            "operationId": "ledger_checkpoint", "summary": "The signed checkpoint over the whole ledger",
            "responses": answers(json!({ "200": text_of("A C2SP signed note.") }))
        }},
        "/api/v1/ledger/{seq}/proof": { "get": {
            "operationId": "ledger_proof", "summary": "A proof that an entry is in the ledger",
            "parameters": [{ "name": "seq", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 0 } }],
            "responses": answers(json!({ "200": text_of("A C2SP tlog proof.") }))
        }},
        "/api/v1/law/packs": { "get": {
            "operationId": "law_packs", "summary": "The regulation packs",
            "responses": answers(json!({ "200": { "description": "Packs.", "content": { "application/json": { "schema": { "type": "array" } } } } }))
        }},
        "/api/v1/law/packs/{pack}": { "get": {
            "operationId": "law_pack", "summary": "Every rule of a pack, with its article",
            "parameters": [{ "name": "pack", "in": "path", "required": true, "schema": { "type": "string" } }],
            "responses": answers(json!({ "200": { "description": "Rules.", "content": { "application/json": { "schema": { "type": "array" } } } } }))
        }},
        "/api/v1/law/{question}": { "post": {
            "operationId": "law_ask", "summary": "What a law asks for: dates, duties and conditions, with their rules",
            "parameters": [{
                "name": "question", "in": "path", "required": true,
                "schema": { "type": "string", "enum": [
                    "due", "breach", "retention", "consent_age", "consent", "transfer", "threshold", "notice", "who",
                    "identity", "refusal", "several"
                ] }
            }],
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object" } } } },
            "responses": answers(json!({
                "200": { "description": "The answer.", "content": { "application/json": { "schema": { "type": "object" } } } },
                "415": problem("Send JSON.")
            }))
        }},
        "/api/v1/people/{id}": { "get": {
            "operationId": "person", "summary": "A person's bases and what is live",
            "parameters": [path_id("id")],
            "responses": answers(json!({ "200": json_of("Person", "The person.") }))
        }},
        "/api/v1/people/{id}/bases": { "post": {
            "operationId": "basis_add", "summary": "Adds a basis to a person",
            "parameters": [path_id("id")], "requestBody": sent("BasisAddition"),
            "responses": answers(json!({ "201": json_of("Made", "The basis."), "415": problem("Send JSON.") }))
        }},
        "/api/v1/people/{id}/bases/{basis}": { "delete": {
            "operationId": "basis_end", "summary": "Ends a basis; what lost its last purpose is erased",
            "parameters": [path_id("id"), path_id("basis")],
            "responses": answers(json!({ "204": { "description": "Ended." } }))
        }},
        "/api/v1/people/{id}/erasure": { "post": {
            "operationId": "person_erase", "summary": "Erases a person: the key is destroyed",
            "parameters": [path_id("id")],
            "responses": answers(json!({ "200": json_of("Erasure", "Erased.") }))
        }}
    });
    let paths = with_leads(paths);
    match paths {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// What is done with leads beside what is done with any record.
fn with_leads(mut paths: Value) -> Value {
    let if_match = json!({
        "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string", "pattern": "^\"[0-9]{1,18}\"$" },
        "description": "The ETag of the lead as it was read."
    });
    let stale = problem("The lead was changed since; `version` says which version it has now.");
    let plain = |description: &str| json!({ "description": description, "content": { "application/json": { "schema": { "type": "object" } } } });
    paths["/api/v1/lead/{id}/conversion"] = json!({
        "get": {
            "operationId": "lead_conversion", "summary": "What converting a lead would carry along, and what it became",
            "parameters": [path_id("id")],
            "responses": answers(json!({ "200": plain("Each value and why it goes or stays; possible duplicates.") }))
        },
        "post": {
            "operationId": "lead_convert", "summary": "Converts a lead to contact, company and opportunity",
            "parameters": [path_id("id"), if_match.clone()], "requestBody": sent("Conversion"),
            "responses": answers(json!({
                "201": plain("What it became."), "409": stale.clone(), "415": problem("Send JSON."),
                "428": problem("If-Match is missing.")
            }))
        },
        "delete": {
            "operationId": "lead_conversion_withdraw", "summary": "Takes a conversion back",
            "parameters": [path_id("id")],
            "responses": answers(json!({ "204": { "description": "Taken back." }, "409": stale.clone() }))
        }
    });
    paths["/api/v1/forecast"] = json!({ "get": {
        "operationId": "forecast", "summary": "What part lines come to, by quarter and currency",
        "parameters": [
            query("owner", json!({ "type": "string", "format": "uuid" }), "Opportunities of this owner."),
            query("opportunity", json!({ "type": "string", "format": "uuid" }), "This opportunity alone."),
            query("quarters", json!({ "type": "integer", "minimum": 1, "maximum": 40 }), "How many; 8 by default."),
        ],
        "responses": answers(json!({ "200": plain("Whole and weighted worth, and how many lines are not counted.") }))
    }});
    paths["/api/v1/opportunity/{id}/stages"] = json!({ "get": {
        "operationId": "opportunity_stages", "summary": "Where an opportunity stood and how long",
        "parameters": [path_id("id")],
        "responses": answers(json!({ "200": plain("Stages, oldest first.") }))
    }});
    paths["/api/v1/lead/{id}/disqualification"] = json!({
        "post": {
            "operationId": "lead_disqualify", "summary": "Gives a lead up, with a reason",
            "parameters": [path_id("id"), if_match.clone()], "requestBody": sent("Disqualification"),
            "responses": answers(json!({
                "200": with_etag(plain("Given up.")), "409": stale.clone(), "415": problem("Send JSON."),
                "428": problem("If-Match is missing.")
            }))
        },
        "delete": {
            "operationId": "lead_requalify", "summary": "Takes a lead up again",
            "parameters": [path_id("id"), if_match],
            "responses": answers(json!({
                "200": with_etag(plain("Taken up.")), "409": stale, "428": problem("If-Match is missing.")
            }))
        }
    });
    paths
}

fn type_name(object: &Object) -> String {
    object
        .name
        .split('_')
        .map(|part| {
            let mut chars = part.chars();
            chars.next().map_or_else(String::new, |c| c.to_ascii_uppercase().to_string() + chars.as_str())
        })
        .collect()
}

fn object_paths(object: &Object) -> Map<String, Value> {
    let name = object.name.as_str();
    let kind = type_name(object);
    let label = &object.label.en;
    let purposes: Vec<&str> = object.purposes.iter().map(|p| p.as_str()).collect();
    let purpose =
        query("purpose", json!({ "type": "string", "enum": purposes }), "What for; a token's own purpose prevails.");
    let fields = fields(object);
    let sorts = object.fields().iter().map(|f| f.name.to_string());
    let sorts = sorts.chain(domain::BUILT_IN.iter().map(|name| (*name).to_owned())).collect();
    let if_match = json!({
        "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string", "pattern": "^\"[0-9]{1,18}\"$" },
        "description": "The ETag of the record as it was read."
    });
    let mut parameters = vec![
        query("q", words(1), "Typed search, also in pinyin and initials."),
        query("sort", one_of(either(sorts)), "A field or built-in column; a leading `-` sorts descending."),
        fields.clone(),
        query("limit", json!({ "type": "integer", "minimum": 1, "maximum": domain::MAX_PAGE }), "Page size."),
        query("cursor", json!({ "type": "string", "format": "uuid" }), "`next` of the page before."),
        query("count", json!({ "type": "boolean" }), "Whether to count the rows."),
        purpose.clone(),
    ];
    for field in object.fields() {
        parameters.push(query(
            &field.name,
            words(0),
            "Equal; or `field.ne`, `.lt`, `.le`, `.gt`, `.ge`, `.in`, `.contains`, `.starts`, `.empty`.",
        ));
    }
    let conflict = problem("The record was changed since; `version` says which version it has now.");
    let one = format!("/api/v1/{name}/{{id}}");
    let paths = json!({
        format!("/api/v1/{name}"): {
            "get": {
                "operationId": format!("{name}_list"), "summary": format!("{} list", label), "parameters": parameters,
                "responses": answers(json!({ "200": json_of(&format!("{kind}Page"), "A page.") }))
            },
            "post": {
                "operationId": format!("{name}_create"), "summary": format!("Makes a {}", label),
                "parameters": [{
                    "name": "Idempotency-Key", "in": "header", "required": false,
                    "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
                    "description": "Sent again with the same request, nothing is made twice."
                }],
                "requestBody": sent(&format!("{kind}Creation")),
                "responses": answers(json!({
                    "200": with_etag(json_of(&kind, "Made before under this Idempotency-Key.")),
                    "201": with_etag(json_of(&kind, "Made.")),
                    "409": problem("A value that must be unique is taken."), "415": problem("Send JSON.")
                }))
            }
        },
        one.clone(): {
            "get": {
                "operationId": format!("{name}_get"), "summary": format!("One {}", label),
                "parameters": [path_id("id"), fields, purpose.clone()],
                "responses": answers(json!({ "200": with_etag(json_of(&kind, "The record.")) }))
            },
            "patch": {
                "operationId": format!("{name}_change"), "summary": format!("Changes a {}", label),
                "parameters": [path_id("id"), if_match.clone()],
                "requestBody": sent(&format!("{kind}Change")),
                "responses": answers(json!({
                    "200": with_etag(json_of(&kind, "Changed.")), "409": conflict.clone(), "415": problem("Send JSON."),
                    "428": problem("If-Match is missing.")
                }))
            },
            "delete": {
                "operationId": format!("{name}_delete"), "summary": format!("Deletes a {}", label),
                "parameters": [path_id("id"), if_match],
                "responses": answers(json!({
                    "204": { "description": "Deleted." }, "409": conflict, "428": problem("If-Match is missing.")
                }))
            }
        },
        format!("{one}/reveal"): { "post": {
            "operationId": format!("{name}_reveal"), "summary": "Shows masked values in clear, for a stated reason",
            "parameters": [path_id("id")], "requestBody": sent("Revelation"),
            "responses": answers(json!({ "200": with_etag(json_of(&kind, "Revealed.")), "415": problem("Send JSON.") }))
        }},
        format!("{one}/history"): { "get": {
            "operationId": format!("{name}_history"), "summary": "How the record changed, old and new values",
            "parameters": [path_id("id")],
            "responses": answers(json!({ "200": json_of("History", "Newest first.") }))
        }},
        format!("{one}/follow-ups"): { "post": {
            "operationId": format!("{name}_follow_up"), "summary": "Logs what was done and sets the next step in one save",
            "parameters": [path_id("id")], "requestBody": sent("FollowUp"),
            "responses": answers(json!({ "201": json_of("FollowedUp", "Logged."), "415": problem("Send JSON.") }))
        }},
        format!("/api/v1/{name}/figures"): { "get": {
            "operationId": format!("{name}_figures"), "summary": "Records counted and summed in groups",
            "parameters": [
                query("by", words(0), "Plain fields to group by, `owner` or `team`, by commas."),
                query("sum", words(0), "Number fields to sum, by commas."),
            ],
            "responses": answers(json!({ "200": {
                "description": "Groups; filters as in the list.",
                "content": { "application/json": { "schema": { "type": "object" } } }
            } }))
        }},
        format!("{one}/explanation"): { "get": {
            "operationId": format!("{name}_explain"), "summary": "Why may this be seen",
            "parameters": [
                path_id("id"),
                query("actor", json!({ "type": "string", "format": "uuid" }), "Somebody else than the token."),
                purpose,
            ],
            "responses": answers(json!({ "200": json_of("Explanation", "The policies that decide.") }))
        }}
    });
    match paths {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn object_schemas(object: &Object) -> Map<String, Value> {
    let kind = type_name(object);
    let mut shown = Map::new();
    let mut written = Map::new();
    for field in object.fields() {
        shown.insert(field.name.to_string(), schema(field, true));
        written.insert(field.name.to_string(), schema(field, false));
    }
    let names: Vec<&str> = object.fields().iter().map(|f| f.name.as_str()).collect();
    let text = json!({ "type": "string" });
    let id = json!({ "type": "string", "format": "uuid" });
    let maybe_id = json!({ "type": ["string", "null"], "format": "uuid" });
    let record = json!({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": id, "object": text, "version": { "type": "integer" }, "person": maybe_id, "owner": maybe_id,
            "team": maybe_id, "created_at": { "type": "string", "format": "date-time" },
            "updated_at": { "type": "string", "format": "date-time" },
            "fields": { "type": "object", "properties": shown, "additionalProperties": false },
            "masked": { "type": "object", "propertyNames": { "enum": names }, "additionalProperties": { "type": "string" } },
            "entry": { "type": "string", "format": "uuid", "description": "The ledger entry of this disclosure." }
        }
    });
    let page = json!({
        "type": "object",
        "required": ["records", "next", "purpose", "entry"],
        "properties": {
            "records": { "type": "array", "items": { "$ref": format!("#/components/schemas/{kind}") } },
            "next": maybe_id, "purpose": text, "entry": id,
            "count": { "type": "integer" }, "more_than_counted": { "type": "boolean" },
            "index_filling": { "type": "object" }
        }
    });
    let creation = json!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "fields": { "type": "object", "properties": written.clone(), "additionalProperties": false },
            "source": { "type": ["string", "null"], "description": "Where a person's data came from." },
            "bases": { "type": "array", "items": { "$ref": "#/components/schemas/Basis" } },
            "person": maybe_id, "owner": maybe_id, "team": maybe_id
        }
    });
    let change = json!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "fields": { "type": "object", "properties": written, "additionalProperties": false },
            "owner": maybe_id, "team": maybe_id
        }
    });
    [
        (kind.clone(), record),
        (format!("{kind}Page"), page),
        (format!("{kind}Creation"), creation),
        (format!("{kind}Change"), change),
    ]
    .into_iter()
    .collect()
}

fn schema(field: &Field, read: bool) -> Value {
    let mut schema = match &field.kind {
        Kind::Number { .. } | Kind::Money { .. } => json!({ "type": ["integer", "number", "string"] }),
        Kind::YesNo => json!({ "type": "boolean" }),
        Kind::ManyChoice(choices) => {
            let all: Vec<&str> = choices.iter().map(|c| c.value.as_str()).collect();
            json!({ "type": "array", "items": { "type": "string", "enum": all } })
        }
        Kind::Choice(choices) => {
            let all: Vec<&str> = choices.iter().map(|c| c.value.as_str()).collect();
            json!({ "type": "string", "enum": all })
        }
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Time => json!({ "type": "string", "format": "date-time" }),
        Kind::Link(_) | Kind::File => json!({ "type": "string", "format": "uuid" }),
        Kind::Text { max, .. } | Kind::LongText { max } => json!({ "type": "string", "maxLength": max }),
        Kind::Email | Kind::Phone | Kind::Url => json!({ "type": "string" }),
    };
    schema["description"] = field.label.en.as_str().into();
    if !read {
        // Null empties a value.
        schema = json!({ "anyOf": [schema, { "type": "null" }] });
    }
    schema
}

fn shared_schemas() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let id = json!({ "type": "string", "format": "uuid" });
    let time = json!({ "type": ["string", "null"], "format": "date-time" });
    let basis = json!({
        "purpose": text, "law": text, "basis": text, "until": time, "evidence": { "type": ["string", "null"] }
    });
    let mut with_source = basis.clone();
    with_source["source"] = json!({ "type": ["string", "null"] });
    let schemas = json!({
        "Problem": {
            "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": text, "title": text, "status": { "type": "integer" }, "detail": text,
                "version": { "type": "integer" },
                "errors": { "type": "array", "items": { "type": "object", "properties": { "field": text, "code": text, "detail": text } } }
            }
        },
        "Basis": { "type": "object", "additionalProperties": false, "required": ["purpose", "law", "basis"], "properties": basis },
        "BasisAddition": { "type": "object", "additionalProperties": false, "required": ["purpose", "law", "basis"], "properties": with_source },
        "Conversion": {
            "type": "object", "additionalProperties": false,
            "properties": {
                "contact": { "type": ["string", "null"], "format": "uuid" },
                "company": { "type": ["string", "null"], "format": "uuid" },
                "company_name": { "type": ["string", "null"] }, "opportunity": { "type": ["string", "null"] },
                "purposes": { "type": "array", "items": { "type": "string", "pattern": "^[a-z][a-z0-9_]{0,47}$" } },
                "bases": { "type": "array", "items": { "$ref": "#/components/schemas/Basis" } }
            }
        },
        "Disqualification": {
            "type": "object", "additionalProperties": false, "required": ["reason"], "properties": { "reason": text }
        },
        "Made": { "type": "object", "required": ["id"], "properties": { "id": id } },
        "Revelation": {
            "type": "object", "additionalProperties": false, "required": ["fields", "reason"],
            "properties": { "fields": { "type": "array", "items": text }, "reason": { "type": "string", "minLength": 1 } }
        },
        "FollowUp": {
            "type": "object", "additionalProperties": false, "required": ["kind", "text"],
            "properties": {
                "kind": text, "text": { "type": "string", "minLength": 1 }, "next": text,
                "next_on": { "type": "string", "description": "The day of the next step; needed with `next`, and only with it." }
            }
        },
        "FollowedUp": { "type": "object", "required": ["activity"], "properties": {
            "activity": id, "task": { "type": ["string", "null"], "format": "uuid" }, "told": { "type": "array", "items": id }
        }},
        "History": { "type": "object", "required": ["changes"], "properties": {
            "changes": { "type": "array", "items": { "type": "object", "properties": {
                "entry": id, "at": time, "actor": id, "act": text, "changed": { "type": "array", "items": text },
                "before": { "type": "object" }, "after": { "type": "object" }
            }}}
        }},
        "Notices": { "type": "object", "required": ["notices"], "properties": {
            "notices": { "type": "array", "items": { "type": "object", "properties": {
                "id": id, "reason": text, "object": text, "record": id, "by": { "type": ["string", "null"] }, "at": time
            }}}
        }},
        "Explanation": { "type": "object", "required": ["allowed"], "properties": {
            "allowed": { "type": "boolean" }, "purpose": text, "purpose_live": { "type": "boolean" },
            "permitted_by": { "type": "array", "items": text }, "forbidden_by": { "type": "array", "items": text },
            "levels": { "type": "object" }
        }},
        "Person": { "type": "object", "required": ["id", "bases"], "properties": {
            "id": id, "live_purposes": { "type": "array", "items": text }, "live_until": time,
            "restricted": { "type": "boolean" }, "erased_at": time, "gone_from_backups_by": time,
            "bases": { "type": "array" }
        }},
        "Erasure": { "type": "object", "required": ["person"], "properties": {
            "person": id, "records": { "type": "integer" }, "epoch": { "type": ["integer", "null"] },
            "gone_from_backups_by": time
        }},
        "LedgerPage": { "type": "object", "required": ["entries", "next"], "properties": {
            "entries": { "type": "array", "items": { "type": "object" } }, "next": { "type": ["integer", "null"] }
        }},
        "LedgerFile": { "type": "object", "required": ["form", "key", "entries"], "properties": {
            "form": text, "key": text, "checkpoint": { "type": ["string", "null"] },
            "entries": { "type": "array", "items": { "type": "object" } }
        }},
        "Me": { "type": "object", "required": ["actor", "roles"], "properties": {
            "actor": id, "kind": text, "roles": { "type": "array", "items": text }, "team": { "type": ["string", "null"] },
            "purpose": { "type": ["string", "null"] }, "objects": { "type": "array" }
        }}
    });
    match schemas {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
