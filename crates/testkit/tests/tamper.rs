//! Somebody with a hand on the database edits, cuts, inserts or reorders entries, tiles or the signed head: the
//! verification names the first wrong one, from the running house and from the command line.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use domain::{House, ListAsk};
use testkit::{Custos, Raw, TestHouse, both};

/// What is done to the ledger, and the place and words that must be named.
struct Case {
    name: &'static str,
    sql: String,
    seq: Option<u64>,
    says: &'static str,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_changed_by_hand_is_named() {
    both(story).await;
}

async fn story(app: TestHouse) {
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    app.contact(&li, &[("family_name", "King"), ("email", "ada@starway.example")], &["account_care"]).await;
    let raw = Raw::of(&app);
    let early = raw.one("select checkpoint from ledger.head").await;
    while raw.count("ledger.entry").await < 300 {
        app.house.list(&app.again(&li), "contact", &ListAsk::default()).await.unwrap();
    }
    let size = raw.count("ledger.entry").await;

    // Left alone it verifies, also against a checkpoint kept earlier.
    let report = House::verify_at(&app.setup(), Some(early.clone()), |_, _| {}).await.unwrap();
    assert_eq!((report.size, report.pruned), (size, 0));
    assert!(report.continues.is_some_and(|n| n < size));
    std::fs::write(app.dir.path().join("root.key"), "2a".repeat(32)).unwrap();
    let mode = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600);
    std::fs::set_permissions(app.dir.path().join("root.key"), mode).unwrap();
    let (code, said) = verify_by_command(&app);
    assert_eq!((code, said["holds"].as_bool(), said["entries"].as_u64()), (0, Some(true), Some(size)));

    for table in ["entry", "tile", "head"] {
        raw.exec(&format!("create table ledger.kept_{table} as select * from ledger.{table}")).await;
    }
    for case in cases(&raw, &early, size).await {
        raw.exec(&case.sql).await;
        let found = House::verify_at(&app.setup(), None, |_, _| {}).await;
        let Err(domain::Error::Ledger(ledger::Error::Wrong(wrong))) = found else {
            panic!("{}: not found: {found:?}", case.name)
        };
        assert_eq!(wrong.seq(), case.seq, "{}: {wrong}", case.name);
        assert!(wrong.to_string().contains(case.says), "{}: {wrong}", case.name);
        let (code, said) = verify_by_command(&app);
        assert_eq!(code, 1, "{}: {said}", case.name);
        assert_eq!((said["holds"].as_bool(), said["seq"].as_u64()), (Some(false), case.seq), "{}", case.name);
        for table in ["entry", "tile", "head"] {
            let back =
                format!("delete from ledger.{table}; insert into ledger.{table} select * from ledger.kept_{table}");
            raw.exec(&back).await;
        }
    }
    let report = House::verify_at(&app.setup(), None, |_, _| {}).await.unwrap();
    assert_eq!(report.size, size, "looking at the ledger leaves it alone");

    // Cutting the end and putting an old, well signed head back is what only a witness tells.
    raw.exec("delete from ledger.entry where seq >= 290; delete from ledger.kept_head").await;
    let now = app.house.verify_ledger(&app.again(&app.operator()), None, |_, _| {}).await;
    assert!(matches!(now, Err(domain::Error::Ledger(ledger::Error::Wrong(w))) if w.seq() == Some(290)));
}

async fn cases(raw: &Raw, early: &str, size: u64) -> Vec<Case> {
    let body = |seq: u64| async move { raw.one(&format!("select body from ledger.entry where seq = {seq}")).await };
    // One letter of a word in the middle of the line.
    let edited = async |seq| {
        let mut bytes = unhex(&body(seq).await);
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        format!("update ledger.entry set body = {} where seq = {seq}", raw.bytes(&bytes))
    };
    let moved = |by: i64| {
        format!(
            "update ledger.entry set seq = -seq where seq > 99; update ledger.entry set seq = -seq + {by} where seq < 0;"
        )
    };
    let mut tile = unhex(&raw.one("select hashes from ledger.tile where level = 0 and n = 0").await);
    tile[100] ^= 1;
    let mut edge = unhex(&raw.one("select edge from ledger.head").await);
    *edge.last_mut().unwrap() ^= 1;
    let columns = "id, at, actor, act, object, records, body";
    let stranger = raw.id(&[7; 16]);
    let copy = |from: u64, to: u64| {
        let copied = columns.replacen("id", &stranger, 1);
        format!("insert into ledger.entry (seq, {columns}) select {to}, {copied} from ledger.entry where seq = {from}")
    };
    let known: u64 = early.lines().nth(1).unwrap().parse().unwrap();
    let case = |name, sql: String, seq, says| Case { name, sql, seq, says };
    let other = "custos/00000000\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— custos/00000000 AAAAAA==\n";
    vec![
        case("a byte edited", edited(100).await, Some(100), "edited"),
        case("the newest edited", edited(size - 1).await, Some(size - 1), "edited"),
        case("a row cut", "delete from ledger.entry where seq = 100".into(), Some(100), "cut"),
        case(
            "a row cut and the gap closed",
            format!("delete from ledger.entry where seq = 100; {}", moved(-1)),
            Some(100),
            "cut",
        ),
        case("a row inserted", format!("{} {}", moved(1), copy(5, 100)), Some(100), "inserted"),
        case("a row appended", copy(5, size), Some(size), ""),
        case(
            "two rows swapped",
            "update ledger.entry set seq = -1 where seq = 100; update ledger.entry set seq = 100 where seq = 101;\
             update ledger.entry set seq = 101 where seq = -1"
                .into(),
            Some(100),
            "reordered",
        ),
        case("the body emptied", "update ledger.entry set body = null where seq = 100".into(), Some(100), "missing"),
        case(
            "what it did changed where it is searched",
            "update ledger.entry set act = 'viewed', object = 'company' where seq = 100".into(),
            Some(100),
            "found by",
        ),
        case(
            "its records hidden from a search",
            format!("update ledger.entry set records = {} where seq = 107", raw.bytes(&[9])),
            Some(107),
            "found by",
        ),
        case(
            "its actor changed",
            format!("update ledger.entry set actor = {stranger} where seq = 9"),
            Some(9),
            "found by",
        ),
        case(
            "a tile edited",
            format!("update ledger.tile set hashes = {} where level = 0 and n = 0", raw.bytes(&tile)),
            None,
            "tile 0 of level 0",
        ),
        case("a tile cut", "delete from ledger.tile where level = 0 and n = 0".into(), None, "tile 0 of level 0"),
        case("the edge edited", format!("update ledger.head set edge = {}", raw.bytes(&edge)), None, "edge"),
        case("the size edited", format!("update ledger.head set size = {}", size - 1), None, "edge"),
        case("an old checkpoint", format!("update ledger.head set checkpoint = '{early}'"), Some(known), "beyond"),
        case("another's checkpoint", format!("update ledger.head set checkpoint = '{other}'"), None, "checkpoint"),
        case("the head cut", "delete from ledger.head".into(), None, "checkpoint"),
        case("everything cut", "delete from ledger.entry".into(), Some(0), "cut"),
    ]
}

fn verify_by_command(app: &TestHouse) -> (i32, serde_json::Value) {
    let mut args = vec!["ledger", "verify", "--json"];
    if let Some(url) = &app.database {
        args.extend(["--database", url]);
    }
    let out = Custos::run(app.dir.path(), &args);
    let said = serde_json::from_slice(&out.stdout);
    (out.status.code().unwrap(), said.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&out.stderr))))
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}
