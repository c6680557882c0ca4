//! Every column of both databases is classified in `columns.txt`: personal or not, and how it rests there. A column that
//! is not in the list fails; `UPDATE_EXPECT=1` adds it as `?`, which fails too until somebody has said what it is.

use std::collections::BTreeMap;

use model::{Catalog, Field, Protect};
use testkit::{Raw, TestHouse};

/// What may be said of a column: who it is about, and its form.
const ABOUT: [&str; 2] = ["personal", "-"];
const FORMS: [&str; 6] = ["plain", "sealed", "hash", "wrapped", "id", "digest"];

#[tokio::test]
async fn every_column_of_both_databases_is_classified() {
    let (purposes, objects) = model::shipped();
    let catalog = Catalog::parse(&purposes, &objects).unwrap();
    let mut columns: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, app) in [("sqlite", TestHouse::sqlite().await), ("postgresql", TestHouse::postgres().await)] {
        for column in Raw::of(&app).columns().await {
            let places = columns.entry(shared(&catalog, column)).or_default();
            if places.last() != Some(&name) {
                places.push(name);
            }
        }
    }
    // The migrations' own table is the tool's.
    columns.retain(|name, _| !name.contains("refinery_schema_history"));
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/columns.txt");
    let known = std::fs::read_to_string(file).unwrap_or_default();
    let known: BTreeMap<&str, &str> = known
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' ').map(|(name, rest)| (name, rest.trim())))
        .collect();
    let mut text = String::from(
        "# Every column: its name, whether it is personal, its form (plain, sealed, hash: blind and truncated, digest: keyed,\n\
         # wrapped: a key under a key, id), and what it is. Fields' columns follow from their definitions.\n",
    );
    let mut wrong = Vec::new();
    for (name, places) in &columns {
        if places.len() != 2 {
            wrong.push(format!("{name} is in {} alone", places[0]));
        }
        let said = match field(&catalog, name) {
            Some((field, hash)) => of_field(field, hash),
            None => known.get(name.as_str()).map_or_else(|| "? ? ?".to_owned(), |said| (*said).to_owned()),
        };
        let mut words = said.split_whitespace();
        let (about, form) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if !ABOUT.contains(&about) || !FORMS.contains(&form) || words.next().is_none() {
            wrong.push(format!("{name} is not classified: {said}"));
        }
        // What is personal and not an id lies plain only where a definition says so.
        if about == "personal" && form == "plain" && field(&catalog, name).is_none() && !said.contains("because") {
            wrong.push(format!("{name} is personal and plain: say because of what"));
        }
        text += &format!("{name:<40} {said}\n");
    }
    expect_test::expect_file![file].assert_eq(&text);
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(columns.len() > 150, "{} columns", columns.len());
}

/// Columns that every object's table has are classified once, as `data.r_*`.
fn shared(catalog: &Catalog, column: String) -> String {
    match column.strip_prefix("data.r_").and_then(|rest| rest.split_once('.')) {
        Some((_, name)) if field(catalog, &column).is_none() => format!("data.r_*.{name}"),
        _ => column,
    }
}

/// The field of a column `data.r_object.f_field` or of its blind hash.
fn field<'a>(catalog: &'a Catalog, column: &str) -> Option<(&'a Field, bool)> {
    let (object, column) = column.strip_prefix("data.r_")?.split_once('.')?;
    let hash = column.starts_with("h_");
    let name = column.strip_prefix("f_").or_else(|| column.strip_prefix("h_"))?;
    Some((catalog.object(object)?.field(name)?, hash))
}

fn of_field(field: &Field, hash: bool) -> String {
    let about = if field.is_personal() { "personal" } else { "-" };
    let form = match field.protect {
        _ if hash => "hash",
        Protect::Cell => "sealed",
        Protect::Disk => "plain",
    };
    format!("{about} {form} {}", field.category)
}

/// A sealed column holds envelopes, whatever is written into its field.
#[tokio::test]
async fn sealed_columns_hold_envelopes() {
    testkit::both(async |app: TestHouse| {
        let team = app.team("Sales", None).await;
        let li = app.user("sales", Some(team)).await;
        let fields = [("family_name", "King"), ("email", "ada@starway.example"), ("mobile", "+8613800138000")];
        app.contact(&li, &fields, &["account_care"]).await;
        let raw = Raw::of(&app);
        for (name, value) in fields {
            let cell = raw.one(&format!("select f_{name} from r_contact")).await;
            let hex: String = value.bytes().map(|b| format!("{b:02x}")).collect();
            assert!(cell.len() > 2 * (value.len() + 28), "{name}: nonce, tag and head stand beside the value: {cell}");
            assert!(cell.starts_with("01") && !cell.contains(&hex), "{name}: {cell}");
        }
    })
    .await;
}
