//! `kill -9` during a mixed load of reads and writes, again and again, through the real binary over TLS: every answer
//! that a client got has its entry, every acknowledged write is there, nothing is half-written, and the ledger verifies.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use testkit::{Client, Custos, Raw, TestHouse};

/// How often it is killed.
const ROUNDS: usize = 20;
/// Clients at a time.
const CLIENTS: usize = 4;

/// What clients were told.
#[derive(Default)]
struct Told {
    /// Entries that answers named.
    entries: BTreeSet<String>,
    /// Records by id: the version, and the job title written with it.
    records: BTreeMap<String, (u64, String)>,
    /// Writes that were sent and not answered: they may have happened or not.
    open: BTreeMap<String, Vec<String>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_answered_is_lost_and_nothing_is_half_written() {
    let dir = tempfile::tempdir().unwrap();
    story(dir.path(), None, ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_on_postgresql() {
    let app = TestHouse::postgres_database().await;
    let dir = tempfile::tempdir().unwrap();
    story(dir.path(), Some(app), ROUNDS / 4).await;
}

async fn story(top: &Path, database: Option<String>, rounds: usize) {
    let data = top.join("data");
    let place: Vec<&str> = database.iter().flat_map(|url| ["--database", url.as_str()]).collect();
    let raw = match &database {
        Some(url) => Raw::Postgres(url.clone()),
        None => Raw::folder(&data),
    };
    let run = |args: &[&str]| Custos::json(&data, &[args, &place].concat());
    run(&["init"]);
    run(&["team", "add", "Sales"]);
    let token = run(&["token", "add", "load", "--role", "sales", "--purpose", "account_care", "--team", "Sales"]);
    let token = token["secret"].as_str().unwrap().to_owned();
    let log = top.join("log");
    let told = Mutex::new(Told::default());
    let turn = AtomicU64::new(1);
    let mut server = Custos::serve(&data, &log, &place);
    for round in 0..rounds {
        let before: BTreeMap<String, u64> =
            told.lock().unwrap().records.iter().map(|(id, (version, _))| (id.clone(), *version)).collect();
        let until = Instant::now() + Duration::from_millis(250 + (round as u64 * 97) % 400);
        std::thread::scope(|scope| {
            let _log = ShowLog(&log);
            for _ in 0..CLIENTS {
                scope.spawn(|| load(&server.address, &token, &told, &turn));
            }
            std::thread::sleep(until.saturating_duration_since(Instant::now()));
            // The process dies between two instructions; nothing of it runs any more.
            kill(&server);
        });
        server.kill();
        assert_eq!(run(&["ledger", "verify"])["holds"], true, "after kill {round}");
        server = Custos::serve(&data, &log, &place);
        whole(&raw).await;
        let entries = told.lock().unwrap().entries.clone();
        recorded(&raw, &entries).await;
        kept(&server, &token, &told.lock().unwrap(), |id, version| before.get(id) != Some(&version));
    }
    let told = told.into_inner().unwrap();
    assert!(told.entries.len() > 20 * rounds, "a load worth the name: {} answers", told.entries.len());
    kept(&server, &token, &told, |_, _| true);
    drop(server);
    assert_eq!(run(&["ledger", "verify"])["holds"], true);
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(!log.contains("ERROR"), "{log}");
}

/// What the server logged, if the test fails.
struct ShowLog<'a>(&'a Path);

impl Drop for ShowLog<'_> {
    fn drop(&mut self) {
        let log = std::fs::read_to_string(self.0).unwrap_or_default();
        if !log.is_empty() {
            eprintln!("{log}");
        }
    }
}

fn kill(server: &Custos) {
    let done = std::process::Command::new("kill").args(["-9", &server.pid().to_string()]).status();
    assert!(done.unwrap().success());
}

/// Creates, changes, reads and lists until the server is gone.
fn load(address: &str, token: &str, told: &Mutex<Told>, turn: &AtomicU64) {
    let Ok(mut client) = Client::connect(address, token) else { return };
    loop {
        let n = turn.fetch_add(1, Ordering::Relaxed);
        let asked = match n % 4 {
            0 => create(&mut client, told, n),
            1 => change(&mut client, told, n),
            2 => client.ask("GET", "/api/v1/contact?limit=20&sort=-updated_at", &[], None),
            _ => match pick(told, n) {
                Some((id, ..)) => client.ask("GET", &format!("/api/v1/contact/{id}"), &[], None),
                None => continue,
            },
        };
        let Ok(answer) = asked else { return };
        assert!(
            answer.status < 300 || answer.status == 412 || answer.status == 409,
            "{} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        if answer.status < 300 {
            told.lock().unwrap().entries.insert(answer.json()["entry"].as_str().unwrap().to_owned());
        }
    }
}

fn pick(told: &Mutex<Told>, n: u64) -> Option<(String, u64)> {
    let told = told.lock().unwrap();
    let len = told.records.len() as u64;
    let at = (len > 0).then(|| (n.wrapping_mul(7919) % len) as usize)?;
    told.records.iter().nth(at).map(|(id, (version, _))| (id.clone(), *version))
}

fn create(client: &mut Client, told: &Mutex<Told>, n: u64) -> std::io::Result<testkit::Answer> {
    let title = format!("made {n}");
    let fields =
        json!({ "family_name": format!("Person {n}"), "job_title": title, "email": format!("p{n}@load.example") });
    let basis = json!({ "purpose": "account_care", "law": "gdpr", "basis": "legitimate_interests" });
    let body = json!({ "fields": fields, "source": "load", "bases": [basis] });
    let answer = client.ask("POST", "/api/v1/contact", &[], Some(&body))?;
    if answer.status == 201 {
        note(told, &answer.json(), &title);
    }
    Ok(answer)
}

fn change(client: &mut Client, told: &Mutex<Told>, n: u64) -> std::io::Result<testkit::Answer> {
    let Some((id, version)) = pick(told, n) else { return create(client, told, n) };
    let title = format!("changed {n}");
    told.lock().unwrap().open.entry(id.clone()).or_default().push(title.clone());
    let body = json!({ "fields": { "job_title": title } });
    let tag = format!("\"{version}\"");
    let answer = client.ask("PATCH", &format!("/api/v1/contact/{id}"), &[("if-match", &tag)], Some(&body))?;
    if answer.status == 200 {
        note(told, &answer.json(), &title);
    }
    Ok(answer)
}

/// A write was acknowledged; a later one of another client may have been noted before.
fn note(told: &Mutex<Told>, record: &Value, title: &str) {
    let (id, version) = (record["id"].as_str().unwrap().to_owned(), record["version"].as_u64().unwrap());
    let title = record["fields"]["job_title"].as_str().unwrap_or(title).to_owned();
    let mut told = told.lock().unwrap();
    let known = told.records.entry(id).or_default();
    if known.0 < version {
        *known = (version, title);
    }
}

/// Nothing half-written, nothing waiting.
async fn whole(raw: &Raw) {
    for (what, from) in [
        ("people without a key", "person where id not in (select subject from keyring.subject_key)"),
        ("people without a record", "person where id not in (select person from r_contact)"),
        ("people without a basis", "person where id not in (select person from basis)"),
        ("records without a person", "r_contact where person is null or person not in (select id from person)"),
        ("records without a name", "r_contact where f_family_name is null or h_email is null"),
        ("bases without a person", "basis where person not in (select id from person)"),
        ("entries that wait", "outbox"),
    ] {
        assert_eq!(raw.count(from).await, 0, "{what}");
    }
}

/// Every answer and every write has its entry.
async fn recorded(raw: &Raw, entries: &BTreeSet<String>) {
    let plain = |id: &str| id.replace('-', "");
    let ids: BTreeSet<String> =
        raw.rows("select id from ledger.entry").await.into_iter().map(|row| plain(&row[0])).collect();
    for entry in entries {
        assert!(ids.contains(&plain(entry)), "an answer was given without its entry {entry}");
    }
    let mut writes: BTreeMap<String, u64> = BTreeMap::new();
    for row in raw.rows("select records from ledger.entry where act in ('created', 'changed')").await {
        *writes.entry(row[0].clone()).or_default() += 1;
    }
    let versions = raw.rows("select id, version from r_contact").await;
    for row in &versions {
        let entries = writes.get(&plain(&row[0])).copied().unwrap_or_default();
        assert_eq!(entries.to_string(), row[1], "one entry for each version of {}", row[0]);
    }
    assert_eq!(writes.len(), versions.len(), "no entry of a write that is not there");
}

/// Every acknowledged write is there, in its version or a later one that was under way.
fn kept(server: &Custos, token: &str, told: &Told, which: impl Fn(&str, u64) -> bool) {
    let mut client = Client::connect(&server.address, token).unwrap();
    for (id, (version, title)) in told.records.iter().filter(|(id, (version, _))| which(id, *version)) {
        let answer = client.ask("GET", &format!("/api/v1/contact/{id}"), &[], None).unwrap();
        assert_eq!(answer.status, 200, "{id}: {answer:?}");
        let record = answer.json();
        let (now, shown) = (record["version"].as_u64().unwrap(), record["fields"]["job_title"].as_str().unwrap());
        if now == *version {
            assert_eq!(shown, title, "{id}");
        } else {
            assert!(now > *version, "{id}: version {now} after {version} was acknowledged");
            assert!(told.open[id].iter().any(|open| open == shown), "{id}: {shown} was never sent");
        }
    }
}
