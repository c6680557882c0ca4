//! What other crates may answer has words in both languages.

use web::{Lang, ui::Icon};

#[test]
fn every_code_of_a_kind_has_words() {
    for lang in Lang::ALL {
        for code in model::Invalid::codes() {
            let words =
                lang.invalid(code, Some("200")).unwrap_or_else(|| panic!("no words for {code} in {}", lang.tag()));
            assert!(!words.contains(['{', '$']), "{words}");
        }
    }
}

#[test]
fn every_shipped_object_has_its_icon() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../objects");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for name in text.lines().filter_map(|line| line.strip_prefix("icon = \"")) {
            let name = name.trim_end_matches('"');
            assert_eq!(Icon::named(name).name(), name);
        }
    }
}
