//! Two nodes on one PostgreSQL with a hot standby: the primary dies under load, the standby takes over, and no
//! acknowledged write is lost.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use testkit::{Client, Custos};

/// Both servers, ended when the test is.
struct Pair {
    dir: String,
    port: u16,
}

impl Pair {
    fn start() -> Self {
        let dir = format!("/tmp/custos-standby-{}", std::process::id());
        // A port that was free a moment ago; the next one is taken for the standby.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let pair = Self { dir, port };
        pair.tool("start");
        pair
    }

    fn tool(&self, what: &str) {
        let tool = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tools/standby");
        let done = Command::new(tool).args([what, &self.dir, &self.port.to_string()]).output().unwrap();
        assert!(done.status.success(), "tools/standby {what}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// Whichever of the two takes writes.
    fn address(&self) -> String {
        let Self { port, .. } = self;
        format!("postgres://postgres@127.0.0.1:{port},127.0.0.1:{}/custos?target_session_attrs=read-write", port + 1)
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        self.tool("stop");
    }
}

#[test]
fn the_standby_takes_over_under_load_and_no_acknowledged_write_is_lost() {
    let pair = Pair::start();
    let top = tempfile::tempdir().unwrap();
    let data = top.path().join("data");
    let url = pair.address();
    let place = ["--database", url.as_str()];
    let run = |args: &[&str]| Custos::json(&data, &[args, &place].concat());
    run(&["init"]);
    run(&["team", "add", "Sales"]);
    let token = run(&["token", "add", "load", "--role", "sales", "--purpose", "account_care", "--team", "Sales"]);
    let token = token["secret"].as_str().unwrap();
    let nodes = [1, 2].map(|n| Custos::serve(&data, &top.path().join(format!("log{n}")), &place));
    let told: Mutex<BTreeMap<String, String>> = Mutex::default();
    let (turn, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let count = || told.lock().unwrap().len();
    // Until `enough` more writes are acknowledged; a node that answers nothing for a minute is a failure.
    let more = |enough: usize| {
        let (goal, until) = (count() + enough, Instant::now() + Duration::from_secs(60));
        while count() < goal {
            assert!(Instant::now() < until, "{} of {goal} writes were acknowledged", count());
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    std::thread::scope(|scope| {
        for at in 0..4 {
            let (node, told, turn, stop) = (&nodes[at % 2], &told, &turn, &stop);
            scope.spawn(move || {
                let mut client = None;
                while !stop.load(Ordering::Relaxed) {
                    let open = match client.take() {
                        Some(open) => Ok(open),
                        None => Client::connect(&node.address, token),
                    };
                    let Ok(mut open) = open else { continue };
                    let name = format!("Person {:05}", turn.fetch_add(1, Ordering::Relaxed));
                    let basis = json!({ "purpose": "account_care", "law": "gdpr", "basis": "legitimate_interests" });
                    let body = json!({ "fields": { "family_name": name }, "source": "load", "bases": [basis] });
                    if let Ok(answer) = open.ask("POST", "/api/v1/contact", &[], Some(&body)) {
                        if answer.status == 201 {
                            let id = answer.json()["id"].as_str().unwrap().to_owned();
                            told.lock().unwrap().insert(id, name);
                        }
                        client = Some(open);
                    }
                }
            });
        }
        let all = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            more(40);
            pair.tool("kill-primary");
            pair.tool("promote");
            more(40);
        }));
        stop.store(true, Ordering::Relaxed);
        if let Err(panic) = all {
            std::panic::resume_unwind(panic);
        }
    });
    let told = told.into_inner().unwrap();
    let mut client = Client::connect(&nodes[0].address, token).unwrap();
    for (id, name) in &told {
        let answer = client.ask("GET", &format!("/api/v1/contact/{id}"), &[], None).unwrap();
        assert_eq!(answer.status, 200, "{name} was acknowledged and is gone");
        assert_eq!(answer.json()["fields"]["family_name"], json!(name));
    }
    drop(nodes);
    assert_eq!(run(&["ledger", "verify"])["holds"], true);
}
