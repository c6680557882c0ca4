//! Packs and calendars as files: all are shipped, mistakes have a place, a new law is a new file.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions clippy takes for tests")]

use law::{DueAsk, Error, File, Files, Library, Status};

fn root() -> std::path::PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../regulations").into()
}

fn library() -> Library {
    Library::shipped().unwrap()
}

fn ask(pack: &str, region: &str, request: &str, received: &str) -> DueAsk {
    serde_json::from_value(
        serde_json::json!({ "pack": pack, "region": region, "request": request, "received": received }),
    )
    .unwrap()
}

/// The tenth pack: Switzerland, with a calendar of its own, written here and nowhere else.
fn tenth() -> Files {
    let calendar = r#"
calendar = "CH"
name = "Switzerland"
zone = "Europe/Zurich"
loaded = [2024, 2030]
holiday = [
    { name = "New Year's Day", fixed = "01-01" },
    { name = "Ascension Day", easter = 39 },
    { name = "National Day", fixed = "08-01" },
    { name = "Christmas Day", fixed = "12-25" },
]
[[source]]
article = "BV art. 110(3) and cantonal law"
status = "to_be_confirmed"
heard = "memory"
"#;
    let pack = r#"
pack = "fadp"
name = "Switzerland: Federal Act on Data Protection"
name_zh = "瑞士《联邦数据保护法》"
version = "1"
order = "CH"
valid_from = 2023-09-01
regions = ["CH"]
default_region = "CH"

[counting.standard]
article = "OR art. 77, 78"
status = "to_be_confirmed"
heard = "memory"
roll = "next_working_day"
text = "The first day does not count; a Sunday or holiday moves to the next working day."

[request.access]
label = "Access"
label_zh = "查阅"
article = "art. 25"
status = "law"
text = "The person learns what is processed."

[deadline.answer]
requests = ["access"]
role = "answer"
period = { count = 30, unit = "calendar_days" }
article = "DPO art. 18"
status = "law"
text = "Within 30 days of receipt."
"#;
    Files {
        packs: vec![File { name: "fadp.toml".into(), text: pack.into() }],
        calendars: vec![File { name: "ch.toml".into(), text: calendar.into() }],
    }
}

fn problems(files: Files) -> Vec<String> {
    match Library::load(&files) {
        Ok(_) => Vec::new(),
        Err(Error::Problems(list)) => list.iter().map(ToString::to_string).collect(),
        Err(other) => vec![other.to_string()],
    }
}

#[test]
fn every_file_of_the_folder_is_shipped() {
    let folder = Files::from_folder(&root()).unwrap();
    let shipped = Files::shipped();
    assert_eq!(folder.packs, shipped.packs);
    assert_eq!(folder.calendars, shipped.calendars);
    let mut scenarios: Vec<File> = law::shipped_scenarios();
    scenarios.sort_by(|a, b| a.name.cmp(&b.name));
    let mut names: Vec<String> = std::fs::read_dir(root().join("scenarios"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(scenarios.iter().map(|f| f.name.clone()).collect::<Vec<_>>(), names);
}

#[test]
fn nine_laws_are_shipped() {
    let names: Vec<String> = library().packs().map(|p| p.pack.clone()).collect();
    assert_eq!(names, ["appi", "ccpa", "dpdp", "gdpr", "lgpd", "pdpa", "pipa", "pipl", "uk_gdpr"]);
}

#[test]
fn a_new_law_is_a_new_file() {
    let library = Library::load(&Files::shipped().with(tenth())).unwrap();
    let answer = library.due(&ask("fadp", "CH", "access", "2026-07-02")).unwrap();
    // 30 days end on National Day, a Saturday; the Monday after is the first working day.
    assert_eq!(answer.due.unwrap().to_string(), "2026-08-03");
    assert!(answer.why.iter().any(|w| w.article == "DPO art. 18"));
    assert!(answer.to_be_confirmed.contains(&"fadp/counting.standard".to_owned()));
    assert_eq!(library.packs().count(), 10);
}

#[test]
fn a_matter_keeps_the_edition_of_its_start() {
    let mut files = Files::shipped().with(tenth());
    let old = tenth().packs[0].text.clone();
    let new = old
        .replace("version = \"1\"", "version = \"2\"")
        .replace("valid_from = 2023-09-01", "valid_from = 2027-01-01")
        .replace("count = 30", "count = 20");
    files.packs.push(File { name: "fadp-2027.toml".into(), text: new });
    let library = Library::load(&files).unwrap();
    let before = library.due(&ask("fadp", "CH", "access", "2026-12-30")).unwrap();
    assert_eq!((before.version.as_str(), before.due.unwrap().to_string().as_str()), ("1", "2027-01-29"));
    let after = library.due(&ask("fadp", "CH", "access", "2027-01-04")).unwrap();
    assert_eq!((after.version.as_str(), after.due.unwrap().to_string().as_str()), ("2", "2027-01-25"));
    // Asked again later, a matter opened under the first edition still names it.
    let mut kept = ask("fadp", "CH", "access", "2027-01-04");
    kept.version = Some("1".into());
    assert_eq!(library.due(&kept).unwrap().due.unwrap().to_string(), "2027-02-03");
    kept.version = Some("3".into());
    assert!(matches!(library.due(&kept), Err(Error::UnknownVersion { .. })));
}

#[test]
fn an_unknown_key_is_an_error_with_its_line() {
    let mut files = tenth();
    files.packs[0].text = files.packs[0].text.replace("role = \"answer\"", "role = \"answer\"\nrols = 1");
    let line = files.packs[0].text.lines().position(|l| l == "rols = 1").unwrap() + 1;
    let found = problems(files);
    assert!(found[0].starts_with(&format!("fadp.toml:{line}: unknown field `rols`")), "{found:?}");

    let mut files = tenth();
    files.calendars[0].text = files.calendars[0].text.replace("fixed = \"08-01\"", "fixd = \"08-01\"");
    let found = problems(files);
    assert!(found[0].starts_with("ch.toml:9: unknown field `fixd`"), "{found:?}");
}

#[test]
fn names_that_lead_nowhere_are_errors_with_their_line() {
    let base = tenth();
    let with = |from: &str, to: &str| {
        let mut files = base.clone();
        assert!(files.packs[0].text.contains(from), "{from}");
        files.packs[0].text = files.packs[0].text.replace(from, to);
        problems(files)
    };
    let cases = [
        ("requests = [\"access\"]", "requests = [\"acess\"]", "no request `acess`"),
        ("unit = \"calendar_days\" }", "unit = \"calendar_days\", counting = \"x\" }", "no counting rule `x`"),
        ("status = \"to_be_confirmed\"\nheard = \"memory\"", "status = \"to_be_confirmed\"", "say `heard`"),
        ("role = \"answer\"", "role = \"answer\"\nwhen = [\"small\"]", "asks for `small`"),
        ("regions = [\"CH\"]", "regions = [\"CH\", \"XX\"]", "no calendar for the region `XX`"),
        ("role = \"answer\"", "role = \"refusal\"", "no deadline answers it"),
        (
            "article = \"art. 25\"",
            "article = \"art. 25\"\nvalid_from = 2026-01-01\nvalid_to = 2025-01-01",
            "ends before",
        ),
        ("unit = \"calendar_days\"", "unit = \"fortnights\"", "unknown variant `fortnights`"),
        ("role = \"answer\"", "role = \"answer\"\nvalid_from = \"soon\"", "`soon` is no date"),
    ];
    for (from, to, expected) in cases {
        let found = with(from, to);
        assert!(found.iter().any(|p| p.contains(expected)), "{expected}: {found:?}");
        assert!(found.iter().all(|p| p.starts_with("fadp.toml:")), "{found:?}");
    }
    let lines = with("requests = [\"access\"]", "requests = [\"acess\"]");
    let deadline = base.packs[0].text.lines().position(|l| l == "[deadline.answer]").unwrap() + 1;
    assert!(lines.iter().any(|p| p.starts_with(&format!("fadp.toml:{deadline}:"))), "{lines:?}");
}

#[test]
fn questions_that_miss_say_what_there_is() {
    let library = library();
    let cases = [
        (ask("gpdr", "DE", "access", "2026-01-01"), "no pack `gpdr`: there are appi"),
        (ask("gdpr", "US-CA", "access", "2026-01-01"), "does not cover the region `US-CA`"),
        (ask("gdpr", "DE", "acces", "2026-01-01"), "knows no request `acces`: it knows access"),
    ];
    for (ask, expected) in cases {
        let error = library.due(&ask).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut event = ask("gdpr", "DE", "access", "2026-01-01");
    event.events.push("identity_askd@2026-01-02".parse().unwrap());
    assert!(matches!(library.due(&event), Err(Error::UnknownEvent { .. })));
    let mut fact = ask("gdpr", "DE", "access", "2026-01-01");
    fact.facts.insert("riks".into(), law::Fact::YesNo(true));
    assert!(matches!(library.due(&fact), Err(Error::UnknownFact { .. })));
    fact.facts.clear();
    fact.facts.insert("risk".into(), law::Fact::Number(1));
    assert!(matches!(library.due(&fact), Err(Error::FactKind { .. })));
}

#[test]
fn a_folder_lies_on_top_of_what_is_shipped() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("calendars")).unwrap();
    let own = tenth();
    std::fs::write(folder.path().join("fadp.toml"), &own.packs[0].text).unwrap();
    std::fs::write(folder.path().join("calendars/ch.toml"), &own.calendars[0].text).unwrap();
    let files = Files::shipped().with(Files::from_folder(folder.path()).unwrap());
    assert_eq!(Library::load(&files).unwrap().packs().count(), 10);
}

#[test]
fn every_rule_names_article_text_and_how_sure_it_is() {
    let library = library();
    let mut count = 0;
    for pack in library.packs() {
        for (section, name, head, _) in pack.rules() {
            let place = format!("{}/{section}.{name}", pack.pack);
            assert!(!head.article.is_empty() && !head.text.is_empty(), "{place}");
            assert!(head.valid_from.is_some(), "{place}");
            assert_eq!(head.status == Status::ToBeConfirmed, head.heard.is_some(), "{place}");
            count += 1;
        }
    }
    assert!(count > 400, "{count} rules");
}

#[test]
fn the_page_of_open_facts_is_in_step_with_the_packs() {
    let page = law::open_points_page(&library());
    let path = root().join("../docs/law/to-confirm.md");
    let written = std::fs::read_to_string(path).unwrap();
    assert!(page == written, "write it anew: custos law to-confirm --page > docs/law/to-confirm.md");
}

#[test]
fn an_answer_shows_what_it_rests_on_is_unconfirmed() {
    let library = library();
    let answer = library.due(&ask("pipl", "CN", "copy", "2026-09-05")).unwrap();
    assert_eq!(answer.to_be_confirmed, ["pipl/deadline.gbt_answer"]);
    let rule = answer.why.iter().find(|w| w.rule == "pipl/deadline.gbt_answer").unwrap();
    assert_eq!(rule.status, Status::ToBeConfirmed);
    assert_eq!(rule.heard, Some(law::Heard::Memory));
}

#[test]
fn a_rule_shows_as_it_is_written_also_when_taken_from_another_pack() {
    let library = library();
    let own = &library.show("gdpr", Some("deadline.answer")).unwrap()[0];
    assert!(own.written.starts_with("[deadline.answer]") && own.written.contains("unit = \"months\""));
    let taken = &library.show("uk_gdpr", Some("deadline.answer")).unwrap()[0];
    assert_eq!(taken.written, own.written);
    assert!(library.show("gdpr", Some("deadline.nothing")).is_err());
    assert!(library.show("gdpr", Some("deadline")).unwrap().len() > 3);
}
