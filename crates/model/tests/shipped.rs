//! What ships loads, is complete, and is reviewed as one table.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use expect_test::expect_file;
use model::{Catalog, Subject, shipped};

#[expect(clippy::panic, reason = "a test says what shipped files lack")]
fn catalog() -> Catalog {
    let (purposes, objects) = shipped();
    Catalog::parse(&purposes, &objects)
        .unwrap_or_else(|problems| panic!("{}", problems.iter().map(|p| format!("{p}\n")).collect::<String>()))
}

#[test]
fn every_file_is_built_in() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../objects"));
    let there: BTreeSet<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    let built_in: BTreeSet<String> = shipped().1.into_iter().map(|d| d.name).collect();
    assert_eq!(there, built_in);
}

/// Every field with its reason, for a reviewer's eye: a change of what is kept about people shows in this file.
#[test]
fn fields() {
    let catalog = catalog();
    let mut table = String::new();
    for object in catalog.objects() {
        let subject = match &object.subject {
            Subject::Person => "a person".to_owned(),
            Subject::About(link) => format!("about the person of `{link}`"),
            Subject::Nobody => "about nobody".to_owned(),
        };
        let purposes: Vec<&str> = object.purposes.iter().map(|p| p.as_str()).collect();
        writeln!(table, "{} ({subject}) requested for {}", object.name, purposes.join(" ")).unwrap();
        for field in object.fields() {
            let reason = match &field.because {
                Some(because) => format!("because {because}"),
                None => catalog.names_of(field.purposes).iter().map(|p| p.as_str()).collect::<Vec<_>>().join(" "),
            };
            let line = format!(
                "  {:<20} {:<11} {:<15} {:<12} {:<4} {:<5} {reason}",
                field.name.as_str(),
                field.kind.word(),
                field.category.as_str(),
                field.mask.word(),
                field.protect.word(),
                field.find.word(),
            );
            writeln!(table, "{}", line.trim_end()).unwrap();
        }
        table.push('\n');
    }
    table.push_str("purposes\n");
    for purpose in catalog.purposes() {
        let bases: Vec<String> =
            purpose.bases.iter().map(|(law, bases)| format!("{law}: {}", bases.join(", "))).collect();
        let (bit, consent) = (purpose.purpose.number(), purpose.consent.word());
        let name = purpose.name.as_str();
        writeln!(table, "  {bit} {name:<17} consent {consent:<7} {:<24} {}", purpose.retention, purpose.dpv).unwrap();
        writeln!(table, "    {} · to {}", bases.join(" · "), purpose.recipients.join(", ")).unwrap();
    }
    expect_file!["fields.txt"].assert_eq(&table);
}

#[test]
fn the_data_nobody_has_a_purpose_for_are_not_there() {
    for object in catalog().objects() {
        for field in object.fields() {
            let name = field.name.as_str();
            for word in ["birth", "sex", "gender", "age", "religion", "marital", "passport", "id_card"] {
                assert!(name.split('_').all(|part| part != word), "{}.{name}", object.name);
            }
        }
    }
}

#[test]
fn links_and_subjects() {
    let catalog = catalog();
    let names: Vec<&str> = catalog.objects().map(|o| o.name.as_str()).collect();
    assert_eq!(names[..6], ["lead", "contact", "company", "opportunity", "activity", "part"]);
    let way = |object: &str| catalog.way_to_person(object).map(|w| w.iter().map(|f| f.to_string()).collect::<Vec<_>>());
    assert_eq!(way("contact"), Some(vec![]));
    assert_eq!(way("lead"), Some(vec![]));
    assert_eq!(way("activity"), Some(vec!["contact".to_owned()]));
    assert_eq!(way("opportunity"), None);
}

#[test]
fn titles_read_as_people_write_them() {
    let catalog = catalog();
    let contact = catalog.object("contact").unwrap();
    assert_eq!(contact.title_of(&["王", "晓明"]), "王晓明");
    assert_eq!(contact.title_of(&["Lovelace", "Ada"]), "Ada Lovelace");
    assert_eq!(contact.title_of(&["王", "*明"]), "王*明");
    assert_eq!(contact.title_of(&["Lovelace", ""]), "Lovelace");
    assert_eq!(
        catalog.object("part").unwrap().title_of(&["LM358DR", "Texas Instruments"]),
        "LM358DR Texas Instruments"
    );
}
