//! The walls of the house: who may depend on whom. A crate exists where the compiler must keep something out, so what it
//! keeps out is written here, and read from the manifests as cargo resolves them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

/// A crate sees those before it: kernel ← {law, model, ledger, backup} ← seal ← store ← domain ← web ← cli.
/// `web` and `cli` see the store through `domain` alone.
const MAY_USE: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("law", &["kernel"]),
    ("model", &["kernel"]),
    ("ledger", &["kernel"]),
    ("backup", &["kernel"]),
    ("seal", &["kernel", "model", "ledger"]),
    ("store", &["kernel", "model", "ledger", "seal"]),
    ("domain", &["kernel", "law", "model", "ledger", "backup", "seal", "store"]),
    ("web", &["kernel", "law", "model", "ledger", "seal", "domain"]),
    ("cli", &["kernel", "law", "model", "ledger", "seal", "domain", "web"]),
];

/// Harnesses of tests and benchmarks: they may see everything, and nothing that ships may see them.
const HARNESSES: &[&str] = &["testkit", "bench"];

/// Outside crates that only some crates may name: a database, HTTP and HTML, the command line, ciphers.
const ONLY: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("tokio-postgres", &["store"]),
    ("deadpool-postgres", &["store"]),
    ("refinery", &["store"]),
    ("sea-query", &["store"]),
    ("axum", &["web"]),
    ("hyper", &["web"]),
    ("maud", &["web"]),
    ("fluent-bundle", &["web"]),
    ("clap", &["cli"]),
    ("cedar-policy", &["seal"]),
    ("aws-lc-rs", &["seal", "cli"]),
    ("rustic_core", &["backup"]),
    ("age", &["backup"]),
    ("anyhow", &["cli"]),
];

/// Crates without I/O: no runtime, no network.
const PURE: &[&str] = &["kernel", "law", "model", "ledger", "seal"];

struct Crate {
    /// What it is built from.
    normal: BTreeSet<String>,
    /// What only its tests and benchmarks use.
    dev: BTreeSet<String>,
}

fn crates() -> BTreeMap<String, Crate> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let of = |dev: bool| {
                let all = package["dependencies"].as_array().unwrap().iter();
                all.filter(|d| (d["kind"] == "dev") == dev).map(|d| d["name"].as_str().unwrap().to_owned()).collect()
            };
            (package["name"].as_str().unwrap().to_owned(), Crate { normal: of(false), dev: of(true) })
        })
        .collect()
}

#[test]
fn dependencies_run_one_way() {
    let crates = crates();
    let ours: BTreeSet<&str> = crates.keys().map(String::as_str).collect();
    let mut wrong = Vec::new();
    for (name, found) in &crates {
        if HARNESSES.contains(&name.as_str()) {
            continue;
        }
        let Some((level, (_, may))) = MAY_USE.iter().enumerate().find(|(_, (n, _))| n == name) else {
            wrong.push(format!("{name} is new: say here what it may use, and in ARCHITECTURE.md what it keeps out"));
            continue;
        };
        for used in found.normal.iter().filter(|d| ours.contains(d.as_str())) {
            if !may.contains(&used.as_str()) {
                wrong.push(format!("{name} uses {used}"));
            }
        }
        // Tests may look behind a wall and use the harness, but no crate above.
        let below = |used: &str| MAY_USE[..=level].iter().any(|(n, _)| *n == used);
        for used in found.dev.iter().filter(|d| ours.contains(d.as_str())) {
            if !below(used) && !HARNESSES.contains(&used.as_str()) {
                wrong.push(format!("the tests of {name} use {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn databases_pages_and_ciphers_have_one_place_each() {
    let mut wrong = Vec::new();
    for (name, found) in crates().iter().filter(|(name, _)| !HARNESSES.contains(&name.as_str())) {
        for (outside, places) in ONLY {
            if found.normal.contains(*outside) && !places.contains(&name.as_str()) {
                wrong.push(format!("{name} uses {outside}, which is for {} alone", places.join(", ")));
            }
        }
        if PURE.contains(&name.as_str()) {
            let io = ["tokio", "futures", "http", "rustls", "reqwest"];
            wrong.extend(io.iter().filter(|i| found.normal.contains(**i)).map(|i| format!("{name} uses {i}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `domain` names the store's types in a few signatures; `web` must not go on from there.
#[test]
fn web_never_names_the_store() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src");
    let mut folders = vec![source];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                read += 1;
                for (at, line) in text.lines().enumerate() {
                    let line = line.split("//").next().unwrap_or_default();
                    assert!(!line.contains("store::"), "{}:{}: {line}", path.display(), at + 1);
                }
            }
        }
    }
    assert!(read > 20, "the sources of `web` have moved: {read} files read");
}
