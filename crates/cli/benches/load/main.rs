//! The table of the design, measured: a real server over TLS on this machine, with sealing, policy and a durable ledger
//! on, against a bare axum + rusqlite point-read server over TLS in the same run. Writes `docs/benchmarks.md`,
//! for another number of contacts `docs/benchmarks-N.md`.
//!
//! `cargo bench -p cli --bench load` · `-- --contacts 1000000` for the large table · `-- --quick` for a short look ·
//! `-- --only eight,ledger` for some of the work.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark stops at once and prints"
)]

mod bare;
mod client;
mod keep;
mod report;
mod server;
mod server_free;
mod work;

use std::path::PathBuf;

use report::Report;

/// The same as the product's, so that the bare server has it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Contacts where nothing else is asked for.
const CONTACTS: usize = 100_000;

/// What is asked for on the command line.
pub struct Run {
    /// Contacts in the installation.
    pub contacts: usize,
    /// A short look: a tenth of the requests.
    pub quick: bool,
    /// Where the installations are kept between runs.
    pub cache: PathBuf,
    /// The work to measure; all if empty.
    pub only: Vec<String>,
}

impl Run {
    fn wants(&self, work: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|one| one == work)
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if let [_, bare, file, data] = &args[..]
        && bare == "--bare-server"
    {
        return runtime.block_on(bare::serve(file.as_ref(), data.as_ref()));
    }
    let value = |name: &str| args.iter().position(|a| a == name).and_then(|at| args.get(at + 1));
    let contacts = value("--contacts").map_or(CONTACTS, |n| n.parse().unwrap());
    let only: Vec<String> = value("--only").map_or_else(Vec::new, |all| all.split(',').map(str::to_owned).collect());
    let cache = PathBuf::from(std::env::var("CUSTOS_BENCH_DIR").unwrap_or_else(|_| "/tmp/custos-bench".into()));
    let run = Run { contacts, quick: args.iter().any(|a| a == "--quick"), cache, only };
    let report = runtime.block_on(measure(&run));
    println!("{report}");
    if !run.quick && run.only.is_empty() {
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");
        let many = if contacts == CONTACTS { String::new() } else { format!("-{contacts}") };
        report.write(&format!("{docs}/benchmarks{many}.md"));
    }
}

async fn measure(run: &Run) -> Report {
    let mut report = Report::new(run.contacts);
    let data = server::installation(run);
    let tokens = server::tokens(&data);
    let (served, start) = server::start(&data).await;
    report.fact("cold start to first page", start, "≤ 1 s");
    served.index_filled().await;
    let (own, mapped) = served.resident_kib();
    report.memory("memory of the idle server", own, mapped, "≤ 150 MiB");
    let ids = work::ids(&served, &tokens).await;
    if run.wants("records") {
        work::records(run, &served, &tokens, &ids, &mut report).await;
    }
    let mut list = None;
    if run.wants("lists") || run.wants("ledger") {
        list = Some(work::lists(run, &served, &tokens, &mut report).await);
    }
    if run.wants("search") {
        work::search(run, &served, &tokens, &mut report).await;
    }
    if run.wants("eight") {
        let ours = work::eight(run, &served, &tokens, &ids, &mut report).await;
        let bare = bare::records_per_second(run, &data).await;
        report.share("8 connections: records/s as a share of a bare axum + rusqlite server", ours, bare, "≥ 40 %");
    }
    drop(served);
    if run.wants("backups") {
        keep::backups(run, &tokens, &ids, &data, &mut report).await;
    }
    if run.wants("ledger")
        && let Some(list) = list
    {
        work::ledger(run, &data, list, &mut report).await;
    }
    if run.wants("import") {
        work::import(run, &mut report);
    }
    report
}
