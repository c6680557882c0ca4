//! Bad input and bad days, through the real binary: each gives a clear error with the right status or exit code, and
//! nothing is lost: afterwards the ledger verifies and what was there is there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{path::Path, process::Command};

use serde_json::{Value, json};
use testkit::{Answer, Client, Custos, TestHouse};

/// A served installation with one contact.
struct Served {
    data: std::path::PathBuf,
    place: Vec<String>,
    server: Option<Custos>,
    token: String,
    contact: String,
}

impl Served {
    fn new(data: &Path, database: Option<String>) -> Self {
        let place: Vec<String> = database.iter().flat_map(|url| ["--database".to_owned(), url.clone()]).collect();
        let mut served =
            Self { data: data.to_owned(), place, server: None, token: String::new(), contact: String::new() };
        served.run(&["init"]);
        served.run(&["team", "add", "Sales"]);
        let token = ["token", "add", "t", "--role", "sales_manager", "--purpose", "account_care", "--team", "Sales"];
        served.token = served.run(&token)["secret"].as_str().unwrap().to_owned();
        served.start();
        let made = served.ask("POST", "/api/v1/contact", &person("ada@starway.example"));
        assert_eq!(made.status, 201, "{}", text(&made));
        served.contact = made.json()["id"].as_str().unwrap().to_owned();
        served
    }

    fn args<'a>(&'a self, args: &[&'a str]) -> Vec<&'a str> {
        args.iter().copied().chain(self.place.iter().map(String::as_str)).collect()
    }

    fn run(&self, args: &[&str]) -> Value {
        Custos::json(&self.data, &self.args(args))
    }

    fn start(&mut self) {
        let log = self.data.with_extension("log");
        self.server = Some(Custos::serve(&self.data, &log, &self.args(&[])));
    }

    fn client(&self) -> Client {
        Client::connect(&self.server.as_ref().unwrap().address, &self.token).unwrap()
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.client().ask(method, path, &[], (!body.is_null()).then_some(body)).unwrap()
    }

    fn raw(&self, method: &str, path: &str, kind: &str, body: &str) -> Answer {
        self.client().send(method, path, kind, &[("if-match", "\"1\"")], body).unwrap()
    }

    /// What was there is there, and every read of it is on record.
    fn whole(&self) {
        let read = self.ask("GET", &format!("/api/v1/contact/{}", self.contact), &Value::Null);
        assert_eq!(read.status, 200, "{}", text(&read));
        assert_eq!(read.json()["fields"]["email"], "ada@starway.example");
        assert_eq!(self.run(&["ledger", "verify"])["holds"], true);
    }
}

fn person(email: &str) -> Value {
    let basis = json!({ "purpose": "account_care", "law": "gdpr", "basis": "legitimate_interests" });
    json!({ "fields": { "family_name": "King", "email": email }, "source": "fair", "bases": [basis] })
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

/// A refusal in the API's own form, with its status and code.
fn refused(answer: &Answer, status: u16, code: &str) {
    let body = text(answer);
    assert_eq!(answer.status, status, "{body}");
    let kind = answer.headers.iter().find(|(name, _)| name == "content-type").map(|(_, kind)| kind.as_str());
    assert_eq!(kind, Some("application/problem+json"), "{body}");
    assert!(answer.json()["type"].as_str().unwrap().ends_with(code), "{body}");
    assert!(answer.json()["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{body}");
}

#[test]
fn requests_that_are_wrong_are_told_so() {
    let dir = tempfile::tempdir().unwrap();
    requests(&Served::new(&dir.path().join("data"), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_wrong_are_told_so_on_postgresql() {
    let dir = tempfile::tempdir().unwrap();
    let url = TestHouse::postgres_database().await;
    tokio::task::block_in_place(|| requests(&Served::new(&dir.path().join("data"), Some(url))));
}

fn requests(served: &Served) {
    let json = "application/json";
    let list = "/api/v1/contact";
    // Broken UTF-8, in an address and in a body; a zero byte.
    refused(&served.ask("GET", "/api/v1/contact?family_name=%ff%fe", &Value::Null), 400, "query_encoding");
    refused(&served.ask("GET", "/api/v1/contact?family_name=a%00b", &Value::Null), 400, "query_encoding");
    refused(&served.raw("POST", list, json, "{\"fields\": {\"family_name\": \"\\ud800\"}}"), 400, "bad_json");
    refused(&served.raw("POST", list, json, "{\"fields\": {\"family_name\": "), 400, "bad_json");
    refused(&served.raw("POST", list, "text/plain", "{}"), 415, "media_type");
    // A field of 10 MB.
    let large = format!("{{\"fields\": {{\"family_name\": \"{}\"}}}}", "x".repeat(10 << 20));
    let answer = served.client().send("POST", list, json, &[], &large);
    // The server may close before all of it is sent; it must not take it.
    if let Ok(answer) = answer {
        refused(&answer, 413, "request");
    }
    let long = json!({ "fields": { "family_name": "x".repeat(100_000) } });
    refused(&served.ask("POST", list, &long), 422, "invalid");
    // Nested deeper than anything needs; a nested value; an unknown field and an unknown key.
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    refused(&served.raw("POST", list, json, &format!("{{\"fields\": {{\"notes\": {deep}}}}}")), 400, "bad_json");
    refused(&served.ask("POST", list, &json!({ "fields": { "family_name": { "a": 1 } } })), 422, "invalid");
    refused(&served.ask("POST", list, &json!({ "fields": { "shoe_size": "43" } })), 422, "invalid");
    refused(&served.ask("POST", list, &json!({ "shoe_size": "43" })), 400, "bad_json");
    refused(&served.ask("GET", "/api/v1/contact?shoe_size=43", &Value::Null), 422, "invalid");
    refused(&served.ask("GET", "/api/v1/shoe", &Value::Null), 404, "not_found");
    // SQL where a value, a field, a sort or a cursor stands is a value, or nothing that is known.
    for injected in ["'%20or%201=1--", "%27;drop%20table%20r_contact;--", "x%22%20or%20%22%22=%22"] {
        let found = served.ask("GET", &format!("/api/v1/contact?email={injected}"), &Value::Null);
        assert!(found.status == 422 || found.json()["records"] == json!([]), "{}", text(&found));
        let found = served.ask("GET", &format!("/api/v1/contact?job_title={injected}"), &Value::Null);
        assert_eq!((found.status, &found.json()["records"]), (200, &json!([])));
        let found = served.ask("GET", &format!("/api/v1/contact?q={injected}"), &Value::Null);
        assert_eq!((found.status, &found.json()["records"]), (200, &json!([])));
        refused(&served.ask("GET", &format!("/api/v1/contact?sort={injected}"), &Value::Null), 422, "invalid");
        refused(&served.ask("GET", &format!("/api/v1/contact?cursor={injected}"), &Value::Null), 422, "invalid");
        refused(&served.ask("GET", &format!("/api/v1/contact/{injected}"), &Value::Null), 404, "not_found");
    }
    // A cursor that is an id, of nothing.
    let nothing = "01999999-0000-7000-8000-000000000000";
    refused(&served.ask("GET", &format!("/api/v1/contact?cursor={nothing}"), &Value::Null), 422, "invalid");
    // A write without or with a stale version.
    let path = format!("/api/v1/contact/{}", served.contact);
    let body = json!({ "fields": { "family_name": "Queen" } });
    refused(&served.ask("PATCH", &path, &body), 428, "if_match_missing");
    let stale = served.client().ask("PATCH", &path, &[("if-match", "\"99\"")], Some(&body)).unwrap();
    refused(&stale, 409, "conflict");
    served.whole();
}

#[test]
fn a_wrong_root_key_a_missing_and_a_damaged_database_stop_before_anything_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut served = Served::new(&data, None);
    served.server = None;
    let failed = |args: &[&str], says: &str| {
        let out = Custos::run(&data, args);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains(says) && !said.contains("panicked"), "{args:?}: {said}");
    };
    let key = data.join("root.key");
    let right = std::fs::read(&key).unwrap();
    for (wrong, says) in [("00".repeat(32), "root key"), ("short".to_owned(), "root"), (String::new(), "root")] {
        std::fs::write(&key, wrong).unwrap();
        failed(&["ledger", "verify"], says);
        failed(&["user", "list"], says);
        failed(&["serve", "--listen", "127.0.0.1:0"], says);
    }
    std::fs::write(&key, &right).unwrap();
    let (file, aside) = (data.join("custos.db"), data.join("aside.db"));
    std::fs::rename(&file, &aside).unwrap();
    let out = Custos::run(&data, &["user", "list"]);
    assert_eq!(out.status.code(), Some(1), "a missing database is told: {}", String::from_utf8_lossy(&out.stderr));
    for name in ["custos.db", "custos.db-wal", "custos.db-shm"] {
        let _ = std::fs::remove_file(data.join(name));
    }
    std::fs::write(&file, vec![7; 64 << 10]).unwrap();
    let out = Custos::run(&data, &["user", "list"]);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(1), "a damaged database is told: {said}");
    std::fs::rename(&aside, &file).unwrap();
    served.start();
    served.whole();
    let nowhere = dir.path().join("nowhere");
    let out = Custos::run(&nowhere, &["user", "list"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("custos init"));
}

#[test]
fn a_locked_database_is_waited_for_and_then_told() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let served = Served::new(&data, None);
    let lock = rusqlite::Connection::open(data.join("custos.db")).unwrap();
    lock.execute_batch("begin immediate").unwrap();
    let answer = served.ask("POST", "/api/v1/contact", &person("bob@nord.example"));
    refused(&answer, 503, "unavailable");
    assert!(answer.headers.iter().any(|(name, _)| name == "retry-after"));
    lock.execute_batch("rollback").unwrap();
    let answer = served.ask("POST", "/api/v1/contact", &person("bob@nord.example"));
    assert_eq!(answer.status, 201, "{}", text(&answer));
    served.whole();
}

/// A disk that is really full: the files may not grow beyond a limit of the process (`RLIMIT_FSIZE`).
#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut served = Served::new(&data, None);
    let pid = served.server.as_ref().unwrap().pid().to_string();
    let limit = |bytes: &str| {
        let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:unlimited")]).status();
        assert!(set.expect("prlimit, of util-linux").success());
    };
    limit("4096");
    let (mut full, mut statuses) = (false, Vec::new());
    for n in 0..40 {
        let Ok(answer) =
            served.client().ask("POST", "/api/v1/contact", &[], Some(&person(&format!("p{n}@full.example"))))
        else {
            panic!("the server went away: {}", std::fs::read_to_string(data.with_extension("log")).unwrap())
        };
        statuses.push(answer.status);
        if answer.status == 503 {
            full = true;
            break;
        }
    }
    assert!(full, "a full disk is a 503: {statuses:?}");
    let read = served.ask("GET", &format!("/api/v1/contact/{}", served.contact), &Value::Null);
    assert_eq!(read.status, 503, "nothing is read that cannot be recorded: {}", text(&read));
    limit("unlimited");
    let answer = served.ask("POST", "/api/v1/contact", &person("after@full.example"));
    assert_eq!(answer.status, 201, "it goes on when there is room: {}", text(&answer));
    served.whole();
    served.server = None;
    served.start();
    served.whole();
}

#[test]
fn commands_used_wrongly_end_with_2() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    Custos::json(&data, &["init"]);
    let csv = dir.path().join("people.csv");
    std::fs::write(&csv, "family_name\nKing\n").unwrap();
    let csv = csv.to_str().unwrap();
    for args in [
        vec!["import", "contact", csv],
        vec!["import", "shoe", csv],
        vec!["import", "contact", csv, "--purpose", "shoes", "--basis", "consent", "--source", "x"],
        vec!["nonsense"],
        vec!["person", "show", "not-an-id"],
    ] {
        let out = Custos::run(&data, &args);
        assert_eq!(out.status.code(), Some(2), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        assert!(!out.stderr.is_empty(), "{args:?}");
    }
    assert_eq!(Custos::json(&data, &["ledger", "verify"])["holds"], true);
}
