//! Backups under load, beside Debian's `restic` on the same folder.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    Run,
    client::Client,
    report::Report,
    server::{self, CUSTOS, Tokens},
    work,
};

/// Where a run keeps its repositories, and how they open.
struct Vault<'a> {
    top: PathBuf,
    data: &'a Path,
}

impl<'a> Vault<'a> {
    fn new(run: &Run, data: &'a Path) -> Self {
        let top = run.cache.join("vault");
        let _ = std::fs::remove_dir_all(&top);
        std::fs::create_dir_all(&top).unwrap();
        std::fs::write(top.join("password"), "a benchmark's").unwrap();
        let vault = Self { top, data };
        let made = vault.custos(&["backup", "identity", "--out", &vault.at("identity")]);
        let made: serde_json::Value = serde_json::from_slice(&made).unwrap();
        vault.custos(&[
            "backup",
            "setup",
            "--repo",
            &vault.at("repo"),
            "--password-file",
            &vault.at("password"),
            "--escrow",
            &vault.at("escrow"),
            "--recipient",
            made["recipient"].as_str().unwrap(),
        ]);
        vault
    }

    fn at(&self, name: &str) -> String {
        self.top.join(name).to_str().unwrap().to_owned()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(CUSTOS);
        command.arg("--json").args(args).arg("--data").arg(self.data);
        command
    }

    fn custos(&self, args: &[&str]) -> Vec<u8> {
        let out = self.command(args).output().unwrap();
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stdout));
        out.stdout
    }

    fn timed(&self, args: &[&str]) -> Duration {
        let started = Instant::now();
        self.custos(args);
        started.elapsed()
    }

    fn restic(&self, args: &[&str]) -> Duration {
        let started = Instant::now();
        let done = Command::new("restic")
            .args(["--no-cache", "--repo", &self.at("restic"), "--password-file", &self.at("password")])
            .args(args)
            .output()
            .unwrap();
        assert!(done.status.success(), "restic {args:?}: {}", String::from_utf8_lossy(&done.stderr));
        started.elapsed()
    }

    fn backing_up(&self) -> Child {
        self.command(&["backup", "create"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }
}

/// First and following backups, what one costs whoever works meanwhile, and the way back.
pub async fn backups(run: &Run, tokens: &Tokens, ids: &[String], data: &Path, report: &mut Report) {
    let vault = Vault::new(run, data);
    let folder = data.to_str().unwrap();
    report.fact("first backup", vault.timed(&["backup", "create"]), "-");
    report.fact("drill: restored, opened and checked", vault.timed(&["backup", "drill"]), "-");
    vault.restic(&["init"]);
    report.fact("first backup: restic on the same folder, not of one instant", vault.restic(&["backup", folder]), "-");

    // The server finds both done just now, and makes none of its own while this is measured.
    let (served, _) = server::start(data).await;
    served.index_filled().await;
    let mut client = Client::connect(served.address, &tokens.manager).await.unwrap();
    let paths: Vec<String> = ids.iter().map(|id| format!("/api/v1/contact/{id}")).collect();
    let normal = work::times(&mut client, &paths, work::some(run, 20_000)).await;
    // A day's work, beside the ledger of many reads. What is added stands first in every list by time: the next run makes the installation anew.
    std::fs::remove_file(data.join("bench-ready")).unwrap();
    work::import_rows(&vault.top.join("more.csv"), work::some(run, 1_000), data);

    // The server has closed the connection that was silent during a long import.
    let mut client = Client::connect(served.address, &tokens.manager).await.unwrap();
    let started = Instant::now();
    let mut child = vault.backing_up();
    let mut during = Vec::new();
    while child.try_wait().unwrap().is_none() {
        during.push(client.timed(&paths[during.len() * 7 % paths.len()]).await);
    }
    assert!(child.wait().unwrap().success());
    report.fact("incremental backup while serving", started.elapsed(), "≤ 60 s (at 1 000 000)");
    report.fact("incremental backup: restic on the same folder", vault.restic(&["backup", folder]), "-");
    report.ratio("open one record during a backup, p95 against normal", p95(during), p95(normal), "≤ 1.2 ×");

    drop(served);
    let to = vault.top.join("restored");
    let started = Instant::now();
    vault.custos(&[
        "backup",
        "restore",
        "--repo",
        &vault.at("repo"),
        "--password-file",
        &vault.at("password"),
        "--escrow",
        &vault.at("escrow"),
        "--identity",
        &vault.at("identity"),
        "--to",
        to.to_str().unwrap(),
    ]);
    let (back, _) = server::start(&to).await;
    report.fact("restore until the first page is served", started.elapsed(), "≤ 5 min (at 1 000 000)");
    drop(back);
    let target = vault.at("restic-restored");
    report.fact(
        "restic restore of its copy, unchecked",
        vault.restic(&["restore", "latest", "--target", &target]),
        "-",
    );
    let _ = std::fs::remove_dir_all(&vault.top);
}

fn p95(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() * 95 / 100]
}
