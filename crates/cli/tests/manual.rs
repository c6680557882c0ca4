//! The manual is whole: every command and option, every route, every setting stands in it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{fs, process::Command};

fn doc(name: &str) -> String {
    fs::read_to_string(format!("{}/../../docs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn source(name: &str) -> String {
    fs::read_to_string(format!("{}/../{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn help(path: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_custos")).args(path).arg("--help").output().unwrap();
    assert!(output.status.success(), "custos {} --help", path.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

/// The first words of the lines of a section of a help text.
fn listed<'a>(help: &'a str, section: &str) -> Vec<&'a str> {
    let lines = help.lines().skip_while(|line| *line != section).skip(1);
    lines.take_while(|line| !line.is_empty()).filter(|line| line.starts_with("  ")).map(str::trim).collect()
}

/// The part of the page about a command at the top.
fn section<'a>(page: &'a str, command: &str) -> &'a str {
    let head = format!("## `custos {command}`");
    let start = page.find(&head).unwrap_or_else(|| panic!("docs/cli.md has no section {head}"));
    let rest = &page[start + head.len()..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

fn walk(page: &str, path: &mut Vec<String>, missing: &mut Vec<String>) {
    let help = help(path);
    if let Some(top) = path.first() {
        let text = section(page, top);
        if path.len() > 1 && !text.contains(&format!("`custos {}", path.join(" "))) {
            missing.push(format!("custos {}", path.join(" ")));
        }
        let intro = &page[..page.find("\n## ").unwrap()];
        // An option's line is `-x, --long <VALUE>  what`; continuation lines and default values have no dashes in front.
        for line in help.lines().map(str::trim).filter(|line| line.starts_with('-')) {
            let words = line.split([' ', ',']).filter(|word| word.starts_with("--"));
            for option in words.take(1) {
                if !text.contains(option) && !intro.contains(option) {
                    missing.push(format!("custos {} {option}", path.join(" ")));
                }
            }
        }
    }
    for line in listed(&help, "Commands:") {
        let name = line.split_whitespace().next().unwrap();
        if name != "help" {
            path.push(name.to_owned());
            walk(page, path, missing);
            path.pop();
        }
    }
}

#[test]
fn every_command_and_option_is_in_the_manual() {
    let mut missing = Vec::new();
    walk(&doc("cli.md"), &mut Vec::new(), &mut missing);
    assert!(missing.is_empty(), "not in docs/cli.md: {missing:#?}");
}

#[test]
fn every_command_of_the_manual_exists() {
    let page = doc("cli.md");
    for quoted in page.split('`').skip(1).step_by(2).filter(|text| text.starts_with("custos ")) {
        let is_command =
            |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
        let path: Vec<String> = quoted.split(' ').skip(1).take_while(is_command).map(str::to_owned).collect();
        help(&path);
    }
}

#[test]
fn every_route_of_the_api_is_in_the_manual() {
    let page = doc("api.md");
    for (path, _) in web::API {
        assert!(page.contains(&format!("`{path}`")), "{path} is not in docs/api.md");
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert!(page.contains(path), "{path} is not in docs/api.md");
    }
}

#[test]
fn every_setting_is_in_the_manual() {
    let page = doc("operations.md");
    for file in ["cli/src/main.rs", "cli/src/machine.rs", "cli/src/serve.rs"] {
        let text = source(file);
        for rest in text.split("\"CUSTOS_").skip(1) {
            let name = rest.split('"').next().unwrap();
            if name.contains(' ') {
                continue;
            }
            assert!(page.contains(&format!("`CUSTOS_{name}`")), "CUSTOS_{name} is not in docs/operations.md");
        }
    }
}
