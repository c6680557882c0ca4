//! Every scenario file holds: the expected answers are given, the naive ones are not.

use law::{File, Library};

fn folder() -> std::path::PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../regulations/scenarios").into()
}

#[test]
fn all_scenarios_hold() {
    let library = Library::shipped().unwrap();
    let mut problems = String::new();
    let mut seen = Vec::new();
    let mut checks = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file = File { name, text: std::fs::read_to_string(&path).unwrap() };
        let report = match library.check(&file) {
            Ok(report) => report,
            Err(error) => {
                problems.push_str(&format!("{error}\n"));
                continue;
            }
        };
        checks += report.cases.iter().map(|c| c.checks).sum::<usize>();
        for problem in report.problems() {
            problems.push_str(&format!("{problem}\n"));
        }
        seen.push(report.scenario);
    }
    assert!(problems.is_empty(), "{problems}");
    seen.sort();
    let all: Vec<String> = (1..=25).map(|n| format!("L{n:02}")).collect();
    assert_eq!(seen, all);
    assert!(checks > 150, "only {checks} expectations");
}

#[test]
fn the_example_of_the_manual_holds() {
    let manual = std::fs::read_to_string(folder().join("../../docs/law/scenarios.md")).unwrap();
    let (_, rest) = manual.split_once("```toml\n").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    let report = Library::shipped().unwrap().check(&File { name: "manual".into(), text: text.into() }).unwrap();
    assert!(report.holds(), "{:?}", report.problems().collect::<Vec<_>>());
    assert_eq!(report.cases.len(), 4);
}

#[test]
fn what_does_not_hold_is_named_with_its_line() {
    let text = r#"scenario = "X"
title = "wrong on purpose"

[[case]]
name = "first"
[case.due]
pack = "gdpr"
region = "DE"
request = "access"
received = "2026-01-31"
[case.expect]
due = "2026-02-28"
nonsense = 1
[case.wrong]
due = "2026-03-02"
"#;
    let library = Library::shipped().unwrap();
    let check = |text: &str| library.check(&File { name: "x.toml".into(), text: text.into() });
    let report = check(text).unwrap();
    let found: Vec<String> = report.problems().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "x.toml:12: first: due is 2026-03-02, expected 2026-02-28",
            "x.toml:13: first: the answer has no nonsense, expected 1",
            "x.toml:15: first: due is 2026-03-02, the naive answer",
        ]
    );
    let unknown = check(&text.replace("region = \"DE\"", "regoin = \"DE\"")).unwrap_err().to_string();
    assert!(unknown.starts_with("x.toml:8: unknown field `regoin`"), "{unknown}");
    let missing = check(&text.replace("[case.due]", "[case.expect2]")).unwrap_err().to_string();
    assert!(missing.starts_with("x.toml:6: unknown field `expect2`"), "{missing}");
    let pack = check(&text.replace("pack = \"gdpr\"", "pack = \"gpdr\"")).unwrap();
    assert!(pack.problems().next().unwrap().to_string().starts_with("x.toml:4: first: no pack `gpdr`"));
}
