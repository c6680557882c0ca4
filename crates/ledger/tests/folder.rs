//! The exported folder: Go's own packages check it, and so do we.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use std::{fs, path::Path, process::Command, sync::LazyLock};

use common::{check, entry, ledger, signer, wrong};
use ledger::{Act, Change, Entry, Error, Folder, Wrong, export, memory::Memory, prove, verify_folder};

/// Enough for tiles of level 2, full and partial tiles of level 1, and a tail.
const SIZE: u64 = 70_123;
static LEDGER: LazyLock<Memory> = LazyLock::new(|| {
    let mut ledger = ledger(SIZE - 1);
    let pruned = Entry { act: Act::Pruned, count: 3, ..entry(SIZE - 1) };
    ledger.append(&signer(), &[pruned]).unwrap();
    for seq in [300, 301, 70_000] {
        ledger.rows[seq].body = None;
    }
    ledger
});

fn exported(ledger: &Memory) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    export(ledger, dir.path(), &signer().verifier().unwrap()).unwrap();
    dir
}

fn judged(dir: &Path) -> Result<ledger::Report, Error> {
    verify_folder(dir, &signer().verifier_key())
}

#[test]
fn go_agrees() {
    let dir = tempfile::tempdir().unwrap();
    let out = export(&*LEDGER, dir.path(), &signer().verifier().unwrap()).unwrap();
    assert_eq!((out.size, out.pruned), (SIZE, 3));
    // 273 full and a partial tile of level 0 and as many bundles, one full and one partial of level 1, one of level 2.
    assert_eq!(out.files, 274 + 274 + 2 + 1 + 3);
    for file in
        ["tile/0/272", "tile/0/273.p/235", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/000"]
    {
        assert!(dir.path().join(file).is_file(), "{file}");
    }
    for seq in [0, 255, 256, 65_535, 65_536, 70_122] {
        fs::write(dir.path().join(format!("{seq}.tlog-proof")), prove(&*LEDGER, seq).unwrap().to_string()).unwrap();
    }
    // A copy of the folder made wrong must not pass with Go either, or the program checks nothing.
    let said = go(dir.path()).unwrap();
    assert!(said.contains("70123 entries, 3 pruned, 551 files, 6 proofs: all right"), "{said}");
    let bundle = dir.path().join("tile/entries/100");
    let mut bytes = fs::read(&bundle).unwrap();
    bytes[100] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    let said = go(dir.path()).unwrap_err();
    assert!(said.contains("entry 25600 "), "{said}");
}

/// Runs `tests/go/verify.go` on a folder.
fn go(dir: &Path) -> Result<String, String> {
    const PACKAGES: &str = "this test needs Debian's packages golang-go and golang-golang-x-mod-dev";
    let library = "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog";
    assert!(Path::new(library).is_dir(), "{library} is missing: {PACKAGES}");
    let output = Command::new("go")
        .args(["run", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/go/verify.go")])
        .arg(dir)
        .arg(signer().verifier_key())
        .envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOFLAGS", ""), ("GOTOOLCHAIN", "local")])
        .env("GOCACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/go-cache"))
        .output()
        .unwrap_or_else(|error| panic!("could not run `go` ({error}): {PACKAGES}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

#[test]
fn a_folder_verifies_like_its_ledger() {
    let dir = exported(&LEDGER);
    let report = judged(dir.path()).unwrap();
    assert_eq!((report.size, report.pruned), (SIZE, 3));
    let proof = prove(&Folder::open(dir.path()).unwrap(), 65_540).unwrap();
    assert_eq!(proof, prove(&*LEDGER, 65_540).unwrap());
}

#[test]
fn tiles_of_higher_levels_are_checked() {
    let mut damaged = LEDGER.clone();
    damaged.tiles.get_mut(&(1, 0)).unwrap()[40] ^= 1;
    assert!(matches!(wrong(&damaged, None), Wrong::Tile { level: 1, n: 0 }));
    // Three different damages do not hide the entry.
    damaged.tiles.get_mut(&(0, 5)).unwrap()[0] ^= 1;
    damaged.rows[70].body = Some(entry(0).to_line().unwrap());
    assert!(matches!(wrong(&damaged, None), Wrong::Entry { change: Change::Edited, seq: 70, .. }));
    let mut cut = LEDGER.clone();
    cut.rows.remove(20_000);
    assert!(matches!(wrong(&cut, None), Wrong::Entry { change: Change::Cut, seq: 20_000, .. }));
}

#[test]
fn a_wrong_folder_is_named_to_the_entry() {
    let bundle = |dir: &Path, n: &str| dir.join("tile/entries").join(n);
    let small = ledger(600);
    let change = |n: &str, tamper: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let dir = exported(&small);
        let path = bundle(dir.path(), n);
        let bytes = fs::read(&path).unwrap();
        let (mut rest, mut lines) = (bytes.as_slice(), Vec::new());
        while let [high, low, after @ ..] = rest {
            let (line, after) = after.split_at(usize::from(u16::from_be_bytes([*high, *low])));
            lines.push(line.to_vec());
            rest = after;
        }
        tamper(&mut lines);
        let bytes = lines.iter().flat_map(|line| [&(line.len() as u16).to_be_bytes(), line.as_slice()].concat());
        fs::write(&path, bytes.collect::<Vec<_>>()).unwrap();
        match judged(dir.path()) {
            Err(Error::Wrong(wrong)) => match *wrong {
                Wrong::Entry { change, seq, .. } => (change, seq),
                other => panic!("{other}"),
            },
            other => panic!("{other:?}"),
        }
    };
    let foreign = entry(9_999).to_line().unwrap();
    assert_eq!(change("001", &|lines| lines[7][100] ^= 1), (Change::Edited, 263));
    assert_eq!(change("001", &|lines| drop(lines.remove(7))), (Change::Cut, 263));
    assert_eq!(change("001", &|lines| drop(lines.remove(255))), (Change::Cut, 511));
    assert_eq!(change("001", &|lines| lines.insert(7, foreign.clone())), (Change::Inserted, 263));
    assert_eq!(change("001", &|lines| lines.push(foreign.clone())), (Change::Inserted, 512));
    assert_eq!(change("001", &|lines| lines.swap(7, 9)), (Change::Reordered { belongs_at: 265 }, 263));
    assert_eq!(change("002.p/88", &|lines| lines[80][100] ^= 1), (Change::Edited, 592));
    assert_eq!(change("002.p/88", &|lines| drop(lines.pop())), (Change::Cut, 599));
    assert_eq!(change("002.p/88", &|lines| lines.push(foreign.clone())), (Change::Inserted, 600));
    assert_eq!(change("000", &|lines| lines.clear()), (Change::Cut, 0));

    let dir = exported(&small);
    fs::remove_file(bundle(dir.path(), "001")).unwrap();
    assert!(matches!(judged(dir.path()), Err(Error::Wrong(w)) if w.seq() == Some(256)));
    let dir = exported(&small);
    let mut bytes = fs::read(bundle(dir.path(), "002.p/88")).unwrap();
    bytes.truncate(bytes.len() - 1);
    fs::write(bundle(dir.path(), "002.p/88"), bytes).unwrap();
    assert!(matches!(judged(dir.path()), Err(Error::Wrong(w)) if w.seq() == Some(599)));
    let dir = exported(&small);
    fs::write(dir.path().join("tile/0/002.p/88"), [0; 88 * 32]).unwrap();
    assert!(matches!(judged(dir.path()), Err(Error::Wrong(w)) if matches!(*w, Wrong::Edge)));
}

#[test]
fn a_wrong_ledger_is_exported_as_it_stands() {
    let mut ledger = ledger(300);
    ledger.rows[299].body = Some(entry(0).to_line().unwrap());
    let dir = exported(&ledger);
    assert!(check(&ledger, None).is_err());
    assert!(matches!(judged(dir.path()), Err(Error::Wrong(w)) if w.seq() == Some(299)));
}

#[test]
fn an_export_overwrites_nothing() {
    let dir = exported(&ledger(3));
    let again = export(&ledger(4), dir.path(), &signer().verifier().unwrap());
    assert!(matches!(again, Err(Error::FolderInUse(_))));
    assert_eq!(judged(dir.path()).unwrap().size, 3);
    let read = fs::read_to_string(dir.path().join("key")).unwrap();
    assert_eq!(read.trim_end(), signer().verifier_key());
    assert!(verify_folder(dir.path(), &ledger::Signer::new(common::ORIGIN, [1; 32]).unwrap().verifier_key()).is_err());
}
