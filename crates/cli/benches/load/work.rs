//! The work that is timed.

use std::{
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    Run,
    client::Client,
    report::Report,
    server::{CUSTOS, Served, Tokens},
};

/// Ids of a thousand contacts all over the table.
pub async fn ids(served: &Served, tokens: &Tokens) -> Vec<String> {
    let mut client = Client::connect(served.address, &tokens.manager).await.unwrap();
    let mut ids = Vec::new();
    for sort in ["created_at", "-created_at", "email", "-email", "job_title"] {
        let (status, body) = client.get(&format!("/api/v1/contact?limit=200&sort={sort}")).await;
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(status, 200, "{body}");
        ids.extend(body["records"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()));
    }
    ids
}

/// The times of `n` requests for these paths, in turn, after a few that are not counted.
pub async fn times(client: &mut Client, paths: &[String], n: usize) -> Vec<Duration> {
    for path in paths.iter().take(50) {
        client.timed(path).await;
    }
    let mut all = Vec::with_capacity(n);
    for at in 0..n {
        all.push(client.timed(&paths[at * 7 % paths.len()]).await);
    }
    all
}

/// As many, or a tenth for a short look.
pub fn some(run: &Run, n: usize) -> usize {
    if run.quick { n / 10 } else { n }
}

/// Opens records, one client.
pub async fn records(run: &Run, served: &Served, tokens: &Tokens, ids: &[String], report: &mut Report) {
    let mut client = Client::connect(served.address, &tokens.manager).await.unwrap();
    let paths: Vec<String> = ids.iter().map(|id| format!("/api/v1/contact/{id}")).collect();
    let all = times(&mut client, &paths, some(run, 5_000)).await;
    report.times("open one record, one client", all, "p50 ≤ 1 ms, p99 ≤ 5 ms");
}

/// The lists that are timed: filters and sorts of several kinds.
fn list_paths() -> Vec<String> {
    ["language=en&sort=-updated_at", "language=zh&sort=job_title", "language=de&sort=-created_at"]
        .iter()
        .map(|query| format!("/api/v1/contact?limit=50&{query}"))
        .collect()
}

/// Lists of 50 with filter and sort, one client. Returns the p95.
pub async fn lists(run: &Run, served: &Served, tokens: &Tokens, report: &mut Report) -> Duration {
    let mut client = Client::connect(served.address, &tokens.manager).await.unwrap();
    let all = times(&mut client, &list_paths(), some(run, 2_000)).await;
    let p95 = report.times("list of 50 with filter and sort", all, "p50 ≤ 3 ms, p99 ≤ 15 ms");
    let sealed: Vec<String> =
        ["sort=family_name", "sort=-email"].iter().map(|q| format!("/api/v1/contact?limit=50&{q}")).collect();
    let all = times(&mut client, &sealed, some(run, 500)).await;
    report.times("list of 50 sorted by a sealed field", all, "-");
    p95
}

/// Typed search over sealed names and addresses.
pub async fn search(run: &Run, served: &Served, tokens: &Tokens, report: &mut Report) {
    let mut client = Client::connect(served.address, &tokens.manager).await.unwrap();
    let words = [
        "wangxiao",
        "%E6%99%93%E6%98%8E",
        "king",
        "schmidt",
        "lina",
        "zhang%20wei",
        "starway",
        "8613",
        "mueller",
        "qq",
    ];
    let paths: Vec<String> = words.iter().map(|w| format!("/api/v1/contact?limit=10&q={w}")).collect();
    let all = times(&mut client, &paths, some(run, 1_000)).await;
    report.times("typed search over sealed names and e-mails", all, "p95 ≤ 10 ms (at 1 000 000)");
}

/// Requests per second over `connections` connections.
pub async fn rate(address: SocketAddr, token: &str, paths: &[String], connections: usize, n: usize) -> f64 {
    let paths = Arc::new(paths.to_vec());
    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(Client::connect(address, token).await.unwrap());
    }
    let started = Instant::now();
    let mut tasks = Vec::new();
    for (at, mut client) in clients.into_iter().enumerate() {
        let paths = Arc::clone(&paths);
        tasks.push(tokio::spawn(async move {
            for i in 0..n / connections {
                client.timed(&paths[(at * 131 + i * 7) % paths.len()]).await;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    n as f64 / started.elapsed().as_secs_f64()
}

/// Eight connections: records and lists. Returns records per second.
pub async fn eight(run: &Run, served: &Served, tokens: &Tokens, ids: &[String], report: &mut Report) -> f64 {
    let paths: Vec<String> = ids.iter().map(|id| format!("/api/v1/contact/{id}")).collect();
    let records = rate(served.address, &tokens.manager, &paths, 8, some(run, 40_000)).await;
    report.rate("8 connections: records/s", records, "≥ 4 000");
    let lists = rate(served.address, &tokens.manager, &list_paths(), 8, some(run, 10_000)).await;
    report.rate("8 connections: lists/s", lists, "≥ 1 000");
    records
}

/// The ledger alone, and what it costs a list that takes `list` over TLS.
pub async fn ledger(run: &Run, data: &Path, list: Duration, report: &mut Report) {
    let dir = run.cache.join("ledger-scratch");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    let store = Arc::new(store::Store::open_folder(&dir).unwrap());
    store.start_ledger(ledger::Signer::new("custos/bench", [7; 32]).unwrap()).await.unwrap();
    let n = some(run, 200_000);
    let started = Instant::now();
    let mut tasks = Vec::new();
    for writer in 0..32u8 {
        let store = Arc::clone(&store);
        tasks.push(tokio::spawn(async move {
            for i in 0..n / 32 {
                store.append(entry(writer, i as u32)).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    report.rate("ledger appends/s, durable, 32 writers", n as f64 / started.elapsed().as_secs_f64(), "≥ 20 000");
    let (with, without) = crate::server_free::list_with_and_without(run, data).await;
    report.cost("cost of the ledger on a list, of its p95", with, without, list, "≤ 10 % of p95");
}

fn entry(writer: u8, i: u32) -> ledger::Entry {
    let mut id = [writer; 16];
    id[..4].copy_from_slice(&i.to_be_bytes());
    ledger::Entry {
        id: kernel::EntryId::from_bytes(id),
        at: jiff::Timestamp::UNIX_EPOCH,
        actor: kernel::ActorId::from_bytes([1; 16]),
        actor_kind: kernel::ActorKind::User,
        via: "session:bench".into(),
        purpose: kernel::PurposeName::new("account_care").ok(),
        basis: None,
        act: ledger::Act::Viewed,
        object: kernel::ObjectName::new("contact").ok(),
        records: vec![kernel::RecordId::from_bytes(id)],
        clear: Vec::new(),
        masked: Vec::new(),
        count: 1,
        policies: vec!["sales/contact/view/team".into()],
        request: kernel::RequestId::from_bytes(id),
        outcome: ledger::Outcome::Done,
        why: None,
        sealed: Vec::new(),
    }
}

/// Importing a CSV with sealing and duplicate check, through the command line.
pub fn import(run: &Run, report: &mut Report) {
    let dir = run.cache.join("import-scratch");
    let _ = std::fs::remove_dir_all(&dir);
    let rows = some(run, 50_000);
    std::fs::create_dir_all(&run.cache).unwrap();
    let made = Command::new(CUSTOS).arg("init").arg("--data").arg(&dir).status().unwrap();
    assert!(made.success());
    let took = import_rows(&run.cache.join("import.csv"), rows, &dir);
    report.rate("import of CSV rows/s, sealing and duplicate check", rows as f64 / took.as_secs_f64(), "≥ 10 000");
}

/// Writes a file of so many people and imports it; how long the import took.
pub fn import_rows(file: &Path, rows: usize, data: &Path) -> Duration {
    let mut csv = String::from("family_name,given_name,email,mobile\n");
    for i in 0..rows {
        csv.push_str(&format!("Family{i},Given{i},p{i}@starway.example,+86138{i:08}\n"));
    }
    std::fs::write(file, csv).unwrap();
    let started = Instant::now();
    let out = Command::new(CUSTOS)
        .args(["--json", "import", "contact"])
        .arg(file)
        .args(["--purpose", "account_care", "--basis", "legitimate_interests", "--source", "bench", "--data"])
        .arg(data)
        .output()
        .unwrap();
    let took = started.elapsed();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let told: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(told["created"], rows, "{}", told["problems"][0]);
    took
}
