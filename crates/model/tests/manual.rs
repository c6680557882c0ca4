//! The manual page says every key, kind, mask, check and list that the parser knows, and its example loads.

use model::{Catalog, Check, Document, Mask, keys, shipped};

const PAGE: &str = include_str!("../../../docs/definitions.md");

fn says(word: &str) -> bool {
    PAGE.contains(&format!("`{word}`")) || PAGE.contains(&format!("`{word} =")) || PAGE.contains(&format!("`[{word}."))
}

#[test]
fn every_key_is_explained() {
    let silent: Vec<String> = keys::EVERY
        .iter()
        .flat_map(|(table, keys)| keys.iter().map(move |key| (table, key)))
        // `value`, `en` and `zh` are shown in the form of a label and a choice.
        .filter(|(_, key)| !says(key) && !PAGE.contains(&format!("{key} = \"…\"")))
        .map(|(table, key)| format!("{table}: {key}"))
        .collect();
    assert!(silent.is_empty(), "docs/definitions.md does not explain {silent:?}");
}

#[test]
fn every_word_is_explained() {
    let kinds =
        ["text", "long_text", "email", "phone", "url", "choice", "many_choice", "number", "money", "date", "time"];
    let words =
        kinds.into_iter().chain(["yes_no", "link", "file", "countries", "currencies", "languages", "cell", "disk"]);
    let words = words.chain(["none", "exact", "text", "both", "no", "needed", "separate", "until withdrawn"]);
    let words = words.chain(Mask::EVERY.map(Mask::word)).chain(Check::EVERY.map(Check::word));
    let silent: Vec<&str> = words.filter(|word| !says(word)).collect();
    assert!(silent.is_empty(), "docs/definitions.md does not explain {silent:?}");
}

#[test]
fn the_example_loads() {
    let (purposes, mut objects) = shipped();
    let example = PAGE.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    objects.push(Document { name: "example.toml".to_owned(), text: example.to_owned() });
    let catalog = Catalog::parse(&purposes, &objects).unwrap();
    assert!(catalog.object("contact").unwrap().field("badge").is_some());
}
