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
