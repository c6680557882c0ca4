//! Real files through the real command, on both databases: every row is accounted for, a second run makes nothing new,
//! and nothing of the files rests in plain text in the data folder or the database.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use serde_json::Value;
use testkit::{Custos, Raw, TestHouse, shared_data};

/// A place to import into.
struct Place {
    data: PathBuf,
    database: Option<String>,
}

impl Place {
    fn new(top: &Path, database: Option<String>) -> Self {
        let place = Self { data: top.join("data"), database };
        place.run(&["init"]);
        place.run(&["team", "add", "Sales"]);
        place
    }

    fn run(&self, args: &[&str]) -> Value {
        let database: Vec<&str> = self.database.iter().flat_map(|url| ["--database", url.as_str()]).collect();
        Custos::json(&self.data, &[args, &database].concat())
    }

    /// Imports, and holds the count of every row against the answer.
    fn import(&self, object: &str, file: &Path, more: &[&str]) -> [u64; 3] {
        let file = file.to_str().unwrap();
        let people = ["--purpose", "account_care", "--basis", "legitimate_interests"];
        let mut args = vec!["import", object, file, "--source", "a file of the test data", "--team", "Sales"];
        if object == "contact" && !more.contains(&"--purpose") {
            args.extend(people);
        }
        args.extend(more);
        let said = self.run(&args);
        let n = |key: &str| said[key].as_u64().unwrap();
        let refused: BTreeSet<u64> = said["problems"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|p| p["refused"] == true)
            .map(|p| p["line"].as_u64().unwrap())
            .collect();
        assert_eq!(refused.len() as u64, n("refused"), "{file}: each refused row has its reasons");
        assert_eq!(n("created") + n("refused"), n("rows"), "{file}: every row is made or refused");
        [n("rows"), n("created"), n("refused")]
    }

    /// Imports, then again: nothing new.
    fn twice(&self, object: &str, file: &str, more: &[&str]) -> [u64; 3] {
        let file = shared_data(file);
        let trial = self.import(object, &file, &[more, &["--dry-run"]].concat());
        let first = self.import(object, &file, more);
        assert_eq!(trial, first, "{}: a trial run says what will happen", file.display());
        let [rows, created, refused] = self.import(object, &file, more);
        assert_eq!((created, refused), (0, rows), "{}: a second run makes nothing new", file.display());
        first
    }

    fn records(&self, object: &str) -> u64 {
        let args = ["export", object, "--role", "sales_manager", "--team", "Sales", "--purpose", "account_care"];
        let database: Vec<&str> = self.database.iter().flat_map(|url| ["--database", url.as_str()]).collect();
        let out = Custos::run(&self.data, &[&args[..], &database].concat());
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let text = String::from_utf8(out.stdout).unwrap();
        csv_rows(&text).saturating_sub(1)
    }
}

/// Rows of a CSV whose quoted cells may hold line ends.
fn csv_rows(text: &str) -> u64 {
    let mut quoted = false;
    text.chars()
        .filter(|c| {
            quoted ^= *c == '"';
            *c == '\n' && !quoted
        })
        .count() as u64
}

fn cards() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![shared_data("contacts")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "vcf") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn lists_in_every_encoding_are_accounted_for() {
    let dir = tempfile::tempdir().unwrap();
    lists(&Place::new(dir.path(), None));
    at_rest(dir.path(), &["Alfreds", "Ernst Handel", "Berguvsvägen", "Hanna Moos", "13800138"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_in_every_encoding_are_accounted_for_on_postgresql() {
    let dir = tempfile::tempdir().unwrap();
    let url = TestHouse::postgres_database().await;
    let place = Place::new(dir.path(), Some(url.clone()));
    tokio::task::block_in_place(|| lists(&place));
    let dump = Raw::Postgres(url).dump().await;
    assert!(dump.len() > 1_000, "a dump worth the name");
    for (column, cell) in dump {
        assert!(!cell.contains("Hanna Moos") && !cell.to_lowercase().contains("thunderbird"), "{column}: {cell}");
    }
}

fn lists(place: &Place) {
    let mut sum = 0;
    assert_eq!(place.twice("company", "crm/northwind/customers.csv", &[]), [91, 91, 0]);
    // Chinese lists: the same people in GBK and in UTF-16, some rows of which are about one person.
    let [rows, created, _] = place.twice("contact", "contacts/encodings/zh_contacts_gbk.csv", &[]);
    assert_eq!((rows, created), (30, 19));
    sum += created;
    let again = place.twice("contact", "contacts/encodings/zh_contacts_utf16le_bom.csv", &[]);
    assert_eq!(again, [30, 0, 30], "the same people, whatever the encoding");
    for (file, expected) in [("shiftjis_addressbook.csv", 1), ("utf16_addressbook.csv", 1), ("csv_semicolon.csv", 2)] {
        let [rows, created, _] = place.twice("contact", &format!("contacts/thunderbird-import/{file}"), &[]);
        assert_eq!(rows, expected, "{file}");
        sum += created;
    }
    // Northwind's customers again, as the people in them: names and numbers without an address to tell them by.
    let people =
        ["--map", "contactName=full_name", "--purpose", "marketing", "--basis", "consent", "--evidence", "fair"];
    let [rows, ..] = place.twice("contact", "crm/northwind/customers.csv", &people);
    assert_eq!(rows, 91);
    assert_eq!(place.records("contact"), sum, "marketing's people are not account care's");
    assert_eq!(place.records("company"), 91);
    let summaries = place.run(&["ledger", "list", "--limit", "500"]);
    let summaries = summaries["entries"].as_array().unwrap();
    let imported = |summary: bool, count: u64| {
        summaries.iter().any(|e| e["act"] == "imported" && (e["why"] == "summary") == summary && e["count"] == count)
    };
    assert!(imported(true, 91), "one summary entry an import");
    assert!(imported(false, 1), "and one for each person");
    assert_eq!(place.run(&["ledger", "verify"])["holds"], true);
}

#[test]
fn all_87_cards_are_accounted_for() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::new(dir.path(), None);
    let cards = cards();
    assert_eq!(cards.len(), 87);
    // One process for each file would be the test's whole time: the cards go in as one file, as a phone sends them.
    let together = dir.path().join("all.vcf");
    let mut bytes = Vec::new();
    for card in &cards {
        let mut text = std::fs::read(card).unwrap();
        // Files with a mark of another encoding stand alone.
        if text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff]) {
            place.import("contact", card, &[]);
            continue;
        }
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        bytes.extend(text);
    }
    std::fs::write(&together, bytes).unwrap();
    let [rows, created, refused] = place.import("contact", &together, &[]);
    assert!(rows >= 87 && created > 40 && refused < rows, "{rows} rows, {created} made, {refused} refused");
    let before = place.records("contact");
    let [_, again, _] = place.import("contact", &together, &[]);
    assert_eq!((again, place.records("contact")), (0, before), "nothing new");
    // A few by themselves, as files of their own.
    for card in cards.iter().step_by(12) {
        let [_, created, _] = place.import("contact", card, &[]);
        assert_eq!(created, 0, "{}", card.display());
    }
    assert_eq!(place.run(&["ledger", "verify"])["holds"], true);
    std::fs::remove_file(&together).unwrap();
    at_rest(dir.path(), &["Doe", "John Doe", "Michael Angstadt", "doeja"]);
}

#[test]
fn twenty_thousand_rows_are_accounted_for() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::new(dir.path(), None);
    let file = shared_data("crm/salesforce-dataloader/20kRows.csv");
    // A file without a column that is known is refused whole, with the columns it has.
    let args = ["import", "company", file.to_str().unwrap(), "--source", "x", "--json"];
    let out = Custos::run(&place.data, &args);
    assert_eq!(out.status.code(), Some(1));
    let said: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert!(said["error"].as_str().unwrap().contains("COLUMN1"), "{said}");
    // Its 20 000 rows say one of ten words each.
    let map = ["--map", "COLUMN1=legal_name"];
    assert_eq!(place.import("company", &file, &map), [20_000, 10, 19_990]);
    assert_eq!(place.import("company", &file, &map), [20_000, 0, 20_000]);
    assert_eq!(place.records("company"), 10);
    // A thousand people of whom nothing but a name is kept: namesakes are told, not dropped.
    let [rows, created, refused] = place.twice("contact", "crm/duplicates-febrl/dataset1.csv", &[]);
    assert_eq!((rows, created, refused), (1_000, 756, 244));
    assert_eq!(place.records("contact"), 756);
    assert_eq!(place.run(&["ledger", "verify"])["holds"], true);
}

/// Searches every file of a data folder. Companies' names are nobody's and may lie there in plain columns.
fn at_rest(top: &Path, marks: &[&str]) {
    let plain_allowed = ["Alfreds", "Ernst Handel", "Berguvsvägen"];
    let mut seen = 0;
    let mut hit = false;
    for entry in std::fs::read_dir(top.join("data")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        seen += bytes.len();
        for mark in marks {
            let found = bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
            if plain_allowed.contains(mark) {
                hit |= found;
            } else {
                assert!(!found, "{mark} stands in {}", path.display());
            }
        }
    }
    assert!(seen > 100_000, "files worth the name: {seen} bytes");
    // The search finds what is there.
    assert!(hit || !marks.iter().any(|mark| plain_allowed.contains(mark)), "a search that finds");
}
