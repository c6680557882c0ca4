//! Losing things: `kill -9` during create, prune and restore, no room, a flipped byte anywhere, half a repository. Every
//! outcome is a good snapshot, a refusal in words, or a repair that says what it does.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use domain::{Repository, Snapshot, password};
use serde_json::json;
use testkit::{Custos, TestHouse};

/// How often something is killed.
const KILLS: u32 = 50;

/// An installation with a made-up company and its backups set up, through the real binary.
struct Kept {
    top: tempfile::TempDir,
}

impl Kept {
    fn new() -> Self {
        let kept = Self { top: tempfile::tempdir().unwrap() };
        fs::write(kept.at("password"), "a long password of the repository").unwrap();
        kept.run(&["init"]);
        kept.run(&["demo", "--contacts", "150"]);
        let identity = kept.at("identity");
        let made = kept.run(&["backup", "identity", "--out", identity.to_str().unwrap()]);
        let (repo, pass, escrow) = (kept.text("repo"), kept.text("password"), kept.text("escrow"));
        kept.run(&[
            "backup",
            "setup",
            "--repo",
            &repo,
            "--password-file",
            &pass,
            "--escrow",
            &escrow,
            "--recipient",
            made["recipient"].as_str().unwrap(),
        ]);
        kept
    }

    fn at(&self, name: &str) -> PathBuf {
        self.top.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.at(name).to_str().unwrap().to_owned()
    }

    fn data(&self) -> PathBuf {
        self.at("data")
    }

    fn run(&self, args: &[&str]) -> serde_json::Value {
        Custos::json(&self.data(), args)
    }

    fn repository(&self) -> Repository {
        Repository::open(&self.text("repo"), password(&self.at("password")).unwrap()).unwrap()
    }

    fn restore(&self, to: &str) -> Vec<String> {
        let words = [
            "backup",
            "restore",
            "--to",
            to,
            "--repo",
            "REPO",
            "--password-file",
            "PASS",
            "--escrow",
            "ESCROW",
            "--identity",
            "ID",
        ];
        words
            .iter()
            .map(|word| match *word {
                "REPO" => self.text("repo"),
                "PASS" => self.text("password"),
                "ESCROW" => self.text("escrow"),
                "ID" => self.text("identity"),
                other => other.to_owned(),
            })
            .collect()
    }
}

fn quiet() -> domain::Progress {
    Arc::new(|_, _| {})
}

fn strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

#[test]
fn killed_at_any_step_of_create_prune_and_restore_it_goes_on() {
    let kept = Kept::new();
    let timed = |args: &[&str]| {
        let start = Instant::now();
        kept.run(args);
        start.elapsed()
    };
    let repository = kept.repository();
    let create = timed(&["backup", "create"]);
    let prune = timed(&["backup", "forget"]);
    let first = repository.find("latest").unwrap();
    let to = kept.text("restored");
    let restore = kept.restore(&to);
    let whole = timed(&strs(&restore));
    fs::remove_dir_all(&to).unwrap();
    let (mut killed, mut good) = (0, 1);
    for n in 0..KILLS {
        // From the beginning to the end of each, in steps.
        let (args, took) = match n % 3 {
            0 => (vec!["backup", "create"], create),
            1 => (vec!["backup", "forget"], prune),
            _ => (strs(&restore), whole),
        };
        killed += u32::from(!Custos::killed(&kept.data(), &args, took * (n + 1) / KILLS));
        // What was good is there and whole; what was not finished is not called good.
        let list = repository.list().unwrap();
        let now = list.iter().filter(|s| s.good).count();
        assert!(now >= 1, "kill {n}: {list:?}");
        repository.verify((n % 10 == 9).then_some(100.0), &quiet()).unwrap_or_else(|e| panic!("kill {n}: {e}"));
        good = good.max(now);
        if Path::new(&to).exists() {
            assert_eq!(Custos::json(Path::new(&to), &["ledger", "verify"])["holds"], true, "kill {n}");
            fs::remove_dir_all(&to).unwrap();
        }
    }
    assert!(killed > KILLS / 2, "{killed} of {KILLS} were killed before they ended");
    assert!(good > 1, "some backups were finished");
    // The living installation is whole, each command does its work again, and a restore that was stopped ends well.
    assert_eq!(kept.run(&["ledger", "verify"])["holds"], true);
    kept.run(&["backup", "create"]);
    kept.run(&["backup", "forget"]);
    let done = kept.run(&strs(&restore));
    assert_ne!(done["snapshot"], json!(first.id));
    assert_eq!(Custos::json(Path::new(&to), &["ledger", "verify"])["holds"], true);
    assert!(!kept.at("restored.partial").exists());
    repository.verify(Some(100.0), &quiet()).unwrap();
}

#[test]
fn without_room_it_refuses_in_words_and_what_was_good_stays_good() {
    let kept = Kept::new();
    kept.run(&["backup", "create"]);
    let good = kept.repository().find("latest").unwrap();
    let mut refused = 0;
    for blocks in [0, 1, 8, 64, 256, 1024, 4096] {
        let out = Custos::cramped(&kept.data(), &["backup", "create"], blocks);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        if !out.status.success() {
            refused += 1;
            assert_eq!(out.status.code(), Some(1), "{blocks}: {said}");
            assert!(said.starts_with("custos: ") && said.len() > 20, "{blocks}: {said}");
        }
        let to = kept.text(&format!("cramped{blocks}"));
        let out = Custos::cramped(&kept.data(), &strs(&kept.restore(&to)), blocks);
        assert_eq!(out.status.success(), Path::new(&to).exists(), "{blocks}");
        let repository = kept.repository();
        assert!(repository.list().unwrap().iter().any(|s: &Snapshot| s.good && s.id == good.id), "{blocks}");
        repository.verify(None, &quiet()).unwrap_or_else(|e| panic!("{blocks} blocks: {e}"));
    }
    assert!(refused >= 4, "{refused} were refused");
    kept.run(&["backup", "create"]);
    // What a full disk broke off goes on once there is room.
    kept.run(&strs(&kept.restore(&kept.text("cramped0"))));
}

/// Every file of the repository.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn a_flipped_byte_anywhere_is_found_and_half_a_repository_is_mended_by_the_next_backup() {
    let kept = Kept::new();
    let made = kept.run(&["backup", "create"]);
    let open = || Repository::open(&kept.text("repo"), password(&kept.at("password")).unwrap());
    let sound =
        |open: Result<Repository, backup::Error>| open.and_then(|r| r.verify(Some(100.0), &quiet()).map(|()| r));
    sound(open()).unwrap();
    let all = files(&kept.at("repo"));
    let mut flipped = 0;
    for file in &all {
        let bytes = fs::read(file).unwrap();
        for at in [0, bytes.len() / 3, bytes.len() - 1] {
            let mut wrong = bytes.clone();
            wrong[at] ^= 1;
            fs::write(file, &wrong).unwrap();
            let result = sound(open());
            // A key file is JSON for people: its host, its user, its date open nothing.
            let harmless = file.parent().unwrap().ends_with("keys");
            assert!(result.is_err() || harmless, "byte {at} of {} is not missed", file.display());
            flipped += 1;
        }
        fs::write(file, &bytes).unwrap();
    }
    assert!(flipped >= 15, "{flipped} bytes");
    sound(open()).unwrap();

    // Half the packs are gone: found, mended in words, and whole again with the next backup.
    let packs: Vec<&PathBuf> = all.iter().filter(|f| f.to_string_lossy().contains("/data/")).collect();
    for pack in packs.iter().step_by(2) {
        fs::remove_file(pack).unwrap();
    }
    let found = Custos::run(&kept.data(), &["backup", "verify"]);
    assert_eq!(found.status.code(), Some(1), "{}", String::from_utf8_lossy(&found.stdout));
    let refused = Custos::run(&kept.data(), &strs(&kept.restore(&kept.text("half"))));
    assert_eq!(refused.status.code(), Some(1));
    assert!(!kept.at("half").exists());
    let did = kept.run(&["backup", "repair"]);
    assert!(did["did"].to_string().contains("1 of 1 snapshots had lost parts"), "{did}");
    let list = open().unwrap().list().unwrap();
    assert!(list.iter().all(|s| !s.good), "{list:?}");
    let again = kept.run(&["backup", "create"]);
    assert_ne!(again["snapshot"], made["snapshot"]);
    sound(open()).unwrap();
    kept.run(&strs(&kept.restore(&kept.text("whole"))));
    assert_eq!(Custos::json(&kept.at("whole"), &["ledger", "verify"])["holds"], true);
}

/// A folder and all below it, once more.
fn twin(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            twin(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn a_move_that_is_killed_at_any_step_goes_on_where_it_was() {
    let kept = Kept::new();
    let fresh = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(TestHouse::postgres_database())
    };
    let measured = kept.at("measured");
    twin(&kept.data(), &measured);
    let start = Instant::now();
    let whole = Custos::json(&measured, &["move", "--to", &fresh()]);
    let took = start.elapsed();

    let url = fresh();
    let args = ["move", "--to", url.as_str()];
    let mut killed = 0;
    for n in 1..=12 {
        if Custos::killed(&kept.data(), &args, took * n / 12) {
            break;
        }
        killed += 1;
    }
    assert!(killed >= 3, "{killed} were killed before they ended");
    let last = Custos::run(&kept.data(), &args);
    let said = String::from_utf8_lossy(&last.stderr).into_owned();
    assert!(last.status.success() || said.contains("holds a Custos installation already"), "{said}");
    let there = |args: &[&str]| Custos::json(&kept.data(), &[args, &["--database", &url]].concat());
    let report = there(&["ledger", "verify"]);
    assert_eq!(report["holds"], true);
    assert!(report["entries"].as_u64() >= whole["entries"].as_u64(), "{report} after {whole}");
    let left = Custos::run(&kept.data(), &["user", "list"]);
    assert!(String::from_utf8_lossy(&left.stderr).contains("has moved"), "the old place opens no more");
}
