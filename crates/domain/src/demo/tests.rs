//! The demo data is what the definitions take, the same every time, and has no two alike where that would matter.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::LazyLock,
};

use kernel::PurposeSet;
use model::{Catalog, Kind};

use super::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let (purposes, objects) = model::shipped();
    Catalog::parse(&purposes, &objects).unwrap()
});

fn demo(contacts: usize) -> Demo {
    Demo::new(7).sized(Sizes::for_contacts(contacts))
}

fn records(demo: Demo) -> impl Iterator<Item = Record> {
    let people = demo.contacts().chain(demo.leads()).map(|p| p.record);
    demo.parts()
        .chain(demo.companies())
        .chain(people)
        .chain(demo.opportunities())
        .chain(demo.lines())
        .chain(demo.activities())
}

#[test]
fn every_value_is_one_its_field_takes() {
    let demo = demo(3_000);
    let count = |object: &str| match object {
        "part" => demo.sizes().parts,
        "company" => demo.sizes().companies,
        "contact" => demo.sizes().contacts,
        "opportunity" => demo.sizes().opportunities,
        _ => 0,
    };
    for record in records(demo) {
        let object = CATALOG.object(record.object).unwrap();
        for (name, text) in &record.fields {
            let field = object.field(name).unwrap_or_else(|| panic!("{} has no field {name}", record.object));
            if let Err(why) = field.kind.parse(text) {
                panic!("{record:?} {name}: {text}: {why}");
            }
        }
        for (name, to, index) in &record.links {
            assert!(
                matches!(&object.field(name).unwrap().kind, Kind::Link(o) if o.as_str() == *to),
                "{record:?} {name}"
            );
            assert!(*index < count(to), "{record:?} links to {to} {index}");
        }
        for field in object.fields().iter().filter(|f| f.required) {
            let linked = record.links.iter().any(|(name, ..)| *name == field.name.as_str());
            assert!(linked || record.text(&field.name).is_some(), "{record:?} lacks {}", field.name);
        }
        let names: HashSet<_> = record.fields.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), record.fields.len(), "{record:?} has a field twice");
        assert_eq!(USERS[record.owner].team, record.team);
    }
}

#[test]
fn every_value_has_a_live_purpose_and_every_purpose_a_lawful_basis() {
    for person in demo(3_000).contacts().chain(demo(3_000).leads()) {
        let object = CATALOG.object(person.record.object).unwrap();
        let live: PurposeSet = person.bases.iter().map(|b| CATALOG.purpose(b.purpose).unwrap().purpose).collect();
        for (name, _) in &person.record.fields {
            assert!(!object.field(name).unwrap().purposes.and(live).is_empty(), "{:?} {name}", person.record);
        }
        for basis in &person.bases {
            let purpose = CATALOG.purpose(basis.purpose).unwrap();
            assert!(purpose.bases[basis.law].iter().any(|b| b == basis.basis), "{basis:?}");
            assert!(person.laws.contains(&basis.law) && !basis.evidence.is_empty());
            assert!(basis.since <= person.last_activity && person.last_activity <= TODAY, "{basis:?}");
        }
        assert!(!person.source.is_empty());
    }
}

#[test]
fn opportunities_hold_what_their_stage_needs_and_came_there_in_order() {
    let demo = demo(3_000);
    for record in demo.opportunities() {
        let stage = record.text("stage").unwrap();
        for field in crate::stage_needs(stage) {
            assert!(record.text(field).is_some(), "{record:?} in {stage} lacks {field}");
        }
        let path = demo.stage_path(record.index);
        assert_eq!(path.last().unwrap().0, stage);
        assert!(path.is_sorted_by_key(|(_, day)| *day) && path.iter().all(|(_, day)| *day < TODAY), "{path:?}");
    }
}

#[test]
fn about_three_in_ten_hear_from_marketing() {
    let people = 10_000;
    let consents = demo(people).contacts().filter(|p| p.bases.iter().any(|b| b.purpose == "marketing")).count();
    assert!((people * 28 / 100..people * 32 / 100).contains(&consents), "{consents}");
}

#[test]
fn nothing_that_should_be_unique_is_there_twice() {
    let demo = demo(100_000);
    let mut seen: BTreeMap<&str, HashSet<String>> = BTreeMap::new();
    let mut once = |field: &'static str, text: Option<&str>| {
        if let Some(text) = text {
            assert!(seen.entry(field).or_default().insert(text.to_owned()), "{field} twice: {text}");
        }
    };
    for person in demo.contacts() {
        once("email", person.record.text("email"));
        if person.record.text("country") == Some("CN") {
            once("mobile", person.record.text("mobile"));
        }
    }
    for company in demo.companies() {
        for field in ["uscc", "lei", "vat", "website"] {
            once(field, company.text(field));
        }
    }
    for part in demo.parts() {
        once("internal_number", part.text("internal_number"));
        once("mpn", part.text("mpn"));
    }
}

#[test]
fn the_same_seed_gives_the_same_data_everywhere() {
    let print = |demo: Demo| {
        let mut hash = DefaultHasher::new();
        for record in records(demo) {
            (record.fields, record.links, record.owner).hash(&mut hash);
        }
        hash.finish()
    };
    assert_eq!(print(demo(500)), print(demo(500)));
    assert_ne!(print(demo(500)), print(Demo::new(8).sized(Sizes::for_contacts(500))));
    // The first contacts stay who they are, however many there are.
    assert!(demo(50).contacts().eq(demo(5_000).contacts().take(50)));
    // Moving the day moves the dates and nothing else.
    let moved = demo(50).on(jiff::civil::date(2027, 11, 23));
    assert!(moved.contacts().zip(demo(50).contacts()).all(|(a, b)| a.record == b.record && a.bases != b.bases));
}

/// A few records as text, so that a change of the data is seen and every machine is known to make the same.
#[test]
fn the_first_records_read_well() {
    let demo = demo(40);
    let mut text = String::new();
    let mut tell = |record: &Record| {
        text.push_str(&format!("== {} {}, {}\n", record.object, record.index, USERS[record.owner].name));
        for (name, value) in &record.fields {
            text.push_str(&format!("{name}: {}\n", value.replace('\n', " / ")));
        }
        for (name, object, index) in &record.links {
            text.push_str(&format!("{name} -> {object} {index}\n"));
        }
    };
    demo.parts().take(2).for_each(|r| tell(&r));
    demo.companies().take(5).for_each(|r| tell(&r));
    demo.contacts().take(8).for_each(|p| tell(&p.record));
    demo.leads().take(2).for_each(|p| tell(&p.record));
    demo.opportunities().take(2).for_each(|r| tell(&r));
    demo.activities().take(3).for_each(|r| tell(&r));
    for person in demo.contacts().take(3) {
        text.push_str(&format!("== person, {:?}, {}, last {}\n", person.laws, person.source, person.last_activity));
        for b in &person.bases {
            text.push_str(&format!("{}: {} {}, since {}, {}\n", b.purpose, b.law, b.basis, b.since, b.evidence));
        }
    }
    expect_test::expect_file!["tests.txt"].assert_eq(&text);
}

#[test]
fn every_team_stands_after_the_one_above_it() {
    for (at, team) in TEAMS.iter().enumerate() {
        assert!(team.parent.is_none_or(|parent| parent < at), "{}", team.name);
    }
    assert!(USERS.iter().all(|user| user.team < TEAMS.len() && user.email.ends_with("@custos.example")));
}

/// `cargo test -p domain --release -- --ignored speed --nocapture` prints how fast contacts are made.
#[test]
#[ignore = "measures; run it with --release"]
fn speed() {
    let contacts = 1_000_000;
    let begun = std::time::Instant::now();
    let bytes: usize = demo(contacts).contacts().flat_map(|p| p.record.fields).map(|(_, text)| text.len()).sum();
    let taken = begun.elapsed();
    println!(
        "demo: {contacts} contacts ({bytes} bytes of text) in {taken:?}: {:.0}/s",
        contacts as f64 / taken.as_secs_f64()
    );
}
