//! Both databases give the same answers: one driver makes the same random requests of both, through the API, and
//! compares every answer. Records are made, changed and deleted, then listed with every filter, sort, search, count and
//! page size. Ids and times are each installation's own and are compared by what they stand for.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::http::Method;
use domain::NewToken;
use kernel::{PurposeName, Rng, RoleName};
use model::{Catalog, Field, Kind, Object};
use serde_json::{Map, Value, json};
use testkit::{Browser, Seeded, TestHouse};

/// How many requests are made of each.
const REQUESTS: usize = 800;
/// The objects asked about.
const OBJECTS: [&str; 5] = ["company", "contact", "lead", "opportunity", "activity"];
/// Words that values are made of: several scripts, cases, widths, signs that SQL and patterns use.
const WORDS: [&str; 16] = [
    "King",
    "king",
    "KÖNIG",
    "Straße",
    "王晓明",
    "李娜",
    "ﾃｽﾄ",
    "O'Neill",
    "100%",
    "a_b",
    "\"x\"",
    "; drop",
    "Ada",
    "zz",
    "ß",
    "Éa",
];

/// Chance that repeats.
struct Chance(Seeded);

impl Chance {
    fn below(&self, n: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % n as u64).unwrap()
    }

    fn of<'a, T>(&self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn one_in(&self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// One installation, and its own names for what both have.
struct Twin {
    app: TestHouse,
    browser: Browser,
    token: String,
    /// Records by object in the order they were made: id and version.
    records: Vec<(usize, String, u64)>,
}

impl Twin {
    async fn new(app: TestHouse) -> Self {
        let team = app.team("Sales", None).await;
        let token = NewToken {
            name: "twin".into(),
            role: RoleName::new("sales_manager").unwrap(),
            purpose: PurposeName::new("account_care").unwrap(),
            team: Some(team),
            expires: app.house.now() + jiff::SignedDuration::from_hours(24),
        };
        let (_, token) = app.house.add_token(&app.operator(), &token).await.unwrap();
        domain::ready(&app.house).await.unwrap();
        let browser = Browser::stranger(&app);
        Self { app, browser, token, records: Vec::new() }
    }

    /// Sends a request in which `⟨n⟩` stands for the n-th record; gives the status and the answer in the same terms.
    async fn ask(&mut self, method: &str, path: &str, tag: Option<u64>, body: Option<&str>) -> (u16, Value) {
        self.app.clock.advance(jiff::SignedDuration::from_millis(20));
        let token = format!("Bearer {}", self.token);
        let tag = tag.map(|version| format!("\"{version}\""));
        let mut headers = vec![("authorization", token.as_str()), ("content-type", "application/json")];
        headers.extend(tag.as_deref().map(|tag| ("if-match", tag)));
        let own = |text: &str| {
            self.records
                .iter()
                .enumerate()
                .fold(text.to_owned(), |text, (n, (_, id, _))| text.replace(&format!("⟨{n}⟩"), id))
        };
        let (path, body) = (own(path), body.map(own));
        let method: Method = method.parse().unwrap();
        let reply = self.browser.send(method, &path, body, &headers).await;
        let mut text = reply.body.clone();
        for (n, (_, id, _)) in self.records.iter().enumerate() {
            text = text.replace(id.as_str(), &format!("⟨{n}⟩"));
        }
        let answer = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        (reply.status.as_u16(), answer)
    }
}

/// What is each installation's own is left out.
fn shared(answer: &Value) -> Value {
    match answer {
        Value::Object(map) => {
            let own = ["entry", "created_at", "updated_at", "person", "owner", "team"];
            map.iter().filter(|(key, _)| !own.contains(&key.as_str())).map(|(k, v)| (k.clone(), shared(v))).collect()
        }
        Value::Array(all) => all.iter().map(shared).collect(),
        other => other.clone(),
    }
}

fn value(chance: &Chance, field: &Field, records: &[(usize, String, u64)]) -> Value {
    if chance.one_in(6) {
        return Value::Null;
    }
    let words = || format!("{} {}", chance.of(&WORDS), chance.of(&WORDS));
    match &field.kind {
        Kind::Text { check: None, .. } | Kind::LongText { .. } => {
            if chance.one_in(2) {
                (*chance.of(&WORDS)).into()
            } else {
                words().into()
            }
        }
        Kind::Email => format!("{}{}@mark.example", ["Ada", "bob", "li.na"][chance.below(3)], chance.below(40)).into(),
        Kind::Phone => format!("+49 30 9018{:02}", chance.below(30)).into(),
        Kind::Url => format!("https://{}.example/", chance.below(9)).into(),
        Kind::Choice(all) => chance.of(all).value.clone().into(),
        Kind::ManyChoice(all) => json!([chance.of(all).value, chance.of(all).value]),
        Kind::Number { decimals, .. } => {
            let whole = i64::try_from(chance.below(40)).unwrap();
            if *decimals > 0 && chance.one_in(2) { format!("{whole}.5").into() } else { whole.into() }
        }
        Kind::Money { .. } => format!("{}.25", chance.below(90)).into(),
        Kind::Date => format!("2026-0{}-1{}", 1 + chance.below(9), chance.below(9)).into(),
        Kind::Time => format!("2026-0{}-11T08:00:00Z", 1 + chance.below(9)).into(),
        Kind::YesNo => chance.one_in(2).into(),
        Kind::Link(to) => {
            let of: Vec<usize> =
                (0..records.len()).filter(|n| OBJECTS[records[*n].0] == to.as_str() && records[*n].2 > 0).collect();
            if of.is_empty() { Value::Null } else { format!("⟨{}⟩", chance.of(&of)).into() }
        }
        Kind::Text { .. } | Kind::File => Value::Null,
    }
}

fn fields(chance: &Chance, object: &Object, records: &[(usize, String, u64)]) -> Map<String, Value> {
    let wanted = |field: &&Field| field.required || chance.one_in(3);
    object.fields().iter().filter(wanted).map(|f| (f.name.to_string(), value(chance, f, records))).collect()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// A list's query: filters that fit and filters that do not, a sort, a search, a count, a page size.
fn query(chance: &Chance, object: &Object, records: &[(usize, String, u64)]) -> String {
    let mut pairs = Vec::new();
    let all = object.fields();
    for _ in 0..chance.below(3) {
        let field = chance.of(all);
        let compare = *chance.of(&["eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "starts", "empty"]);
        let text = match value(chance, field, records) {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string().replace(['[', ']', '"'], ""),
        };
        let text = match compare {
            "empty" => (*chance.of(&["true", "false"])).to_owned(),
            "contains" | "starts" => text.chars().take(1 + chance.below(4)).collect(),
            _ => text,
        };
        // Records' own names stay as they are until each twin puts its own in.
        let text = if text.contains('⟨') { text } else { encoded(&text) };
        pairs.push(format!("{}.{compare}={text}", field.name));
    }
    if chance.one_in(2) {
        let sign = if chance.one_in(2) { "-" } else { "" };
        let by =
            if chance.one_in(4) { *chance.of(&["created_at", "updated_at"]) } else { chance.of(all).name.as_str() };
        pairs.push(format!("sort={sign}{by}"));
    }
    if chance.one_in(4) {
        let word = *chance.of(&["king", "wang", "wxm", "ada", "9018", "mark.ex", "王", "o'n", "%", "_"]);
        pairs.push(format!("q={}", encoded(word)));
    }
    if chance.one_in(3) {
        pairs.push("count=true".into());
    }
    pairs.push(format!("limit={}", [1, 2, 3, 7, 50][chance.below(5)]));
    pairs.join("&")
}

#[tokio::test]
async fn both_databases_give_the_same_answers() {
    let mut twins = [Twin::new(TestHouse::sqlite().await).await, Twin::new(TestHouse::postgres().await).await];
    let (purposes, objects) = model::shipped();
    let catalog = Catalog::parse(&purposes, &objects).unwrap();
    let chance = Chance(Seeded::new(20_261_127));
    let mut statuses = std::collections::BTreeMap::<String, usize>::new();
    let mut rows = 0;
    for turn in 0..REQUESTS {
        let records = twins[0].records.clone();
        let at = chance.below(OBJECTS.len());
        let object = catalog.object(OBJECTS[at]).unwrap();
        let alive: Vec<usize> = (0..records.len()).filter(|n| records[*n].2 > 0).collect();
        let of = (!alive.is_empty()).then(|| *chance.of(&alive));
        let (method, mut path, tag, body) = match (chance.below(10), of) {
            (0..3, _) | (_, None) => {
                let mut body = json!({ "fields": fields(&chance, object, &records) });
                if object.subject == model::Subject::Person {
                    body["source"] = "the twins".into();
                    body["bases"] =
                        json!([{ "purpose": "account_care", "law": "gdpr", "basis": "legitimate_interests" }]);
                }
                ("POST", format!("/api/v1/{}", object.name), None, Some(body.to_string()))
            }
            (3, Some(n)) => {
                let of = catalog.object(OBJECTS[records[n].0]).unwrap();
                let body = json!({ "fields": fields(&chance, of, &records) }).to_string();
                let stale = u64::from(chance.one_in(5));
                ("PATCH", format!("/api/v1/{}/⟨{n}⟩", of.name), Some(records[n].2 + stale), Some(body))
            }
            (4, Some(n)) if chance.one_in(4) => {
                ("DELETE", format!("/api/v1/{}/⟨{n}⟩", OBJECTS[records[n].0]), Some(records[n].2), None)
            }
            (4, Some(n)) => ("GET", format!("/api/v1/{}/⟨{n}⟩", OBJECTS[records[n].0]), None, None),
            _ => ("GET", format!("/api/v1/{}?{}", object.name, query(&chance, object, &records)), None, None),
        };
        // A list is followed to its end, page by page.
        for page in 0..40 {
            let first = twins[0].ask(method, &path, tag, body.as_deref()).await;
            let second = twins[1].ask(method, &path, tag, body.as_deref()).await;
            let what = format!("request {turn}, page {page}: {method} {path}\n{body:?}");
            if method == "POST" && first.0 == 201 && second.0 == 201 {
                for (twin, answer) in twins.iter_mut().zip([&first.1, &second.1]) {
                    let id = answer["id"].as_str().unwrap().to_owned();
                    twin.records.push((at, id, 1));
                }
            }
            let (mut one, mut two) = (shared(&first.1), shared(&second.1));
            if method == "POST" && first.0 == 201 {
                // A new record has no common name yet.
                one["id"] = Value::Null;
                two["id"] = Value::Null;
            }
            assert_eq!((first.0, &one), (second.0, &two), "{what}");
            assert!(first.0 < 500, "{what}: {one}");
            *statuses.entry(format!("{method} {}", first.0)).or_default() += 1;
            if let (Some(n), "PATCH", 200) | (Some(n), "DELETE", 204) = (of, method, first.0) {
                for twin in &mut twins {
                    twin.records[n].2 = if method == "DELETE" { 0 } else { first.1["version"].as_u64().unwrap() };
                }
            }
            rows += one["records"].as_array().map_or(0, Vec::len);
            match one["next"].as_str() {
                Some(next) if method == "GET" => {
                    let start = path.split("&cursor=").next().unwrap().to_owned();
                    path = format!("{start}&cursor={next}");
                }
                _ => break,
            }
        }
    }
    // A driver that gets somewhere: every kind of answer, many rows.
    for expected in ["POST 201", "POST 422", "PATCH 200", "PATCH 409", "DELETE 204", "GET 200", "GET 422"] {
        assert!(statuses.get(expected).is_some_and(|n| *n > 1), "{expected}: {statuses:?}");
    }
    assert!(rows > 500, "{rows} rows, {statuses:?}");
}
