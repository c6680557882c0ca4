//! The installation under load, and the real `custos serve` over it.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Run, client::Client};

/// The product.
pub const CUSTOS: &str = env!("CARGO_BIN_EXE_custos");

/// A running server; stopped when dropped.
pub struct Served {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The demo company, made once and kept.
pub fn installation(run: &Run) -> PathBuf {
    let data = run.cache.join(format!("demo-{}", run.contacts));
    let done = data.join("bench-ready");
    if !done.exists() {
        let _ = std::fs::remove_dir_all(&data);
        std::fs::create_dir_all(&run.cache).unwrap();
        let started = Instant::now();
        let status = Command::new(CUSTOS)
            .args(["demo", "--seed", "1", "--contacts", &run.contacts.to_string(), "--data"])
            .arg(&data)
            .status()
            .unwrap();
        assert!(status.success());
        println!("made the installation in {:?}", started.elapsed());
        std::fs::write(done, "").unwrap();
    }
    data
}

/// Tokens of the roles the work is done in.
pub struct Tokens {
    /// A sales manager over all of sales, for account care.
    pub manager: String,
}

/// Makes tokens for this run.
pub fn tokens(data: &Path) -> Tokens {
    let made = Command::new(CUSTOS)
        .args(["--json", "token", "add", "bench", "--role", "sales_manager", "--purpose", "account_care"])
        .args(["--team", "Sales", "--data"])
        .arg(data)
        .output()
        .unwrap();
    let body: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    Tokens { manager: body["secret"].as_str().unwrap().to_owned() }
}

/// Starts the server; how long it took until the first page was there.
pub async fn start(data: &Path) -> (Served, Duration) {
    let started = Instant::now();
    let mut child = Command::new(CUSTOS)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address: SocketAddr = line.split("https://").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let served = Served { child, address };
    let mut client = Client::connect(address, "").await.unwrap();
    let (status, _) = client.get("/sign-in").await;
    assert_eq!(status, 200, "the sign-in page");
    (served, started.elapsed())
}

impl Served {
    /// Waits until the search index is whole.
    pub async fn index_filled(&self) {
        let mut client = Client::connect(self.address, "").await.unwrap();
        loop {
            let (_, body) = client.get("/readyz").await;
            if body == b"ready\n" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Resident memory of the server's process in KiB: its own, and that of mapped files.
    pub fn resident_kib(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let kib = |name: &str| -> u64 {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse().unwrap()
        };
        (kib("RssAnon:"), kib("RssFile:"))
    }
}
