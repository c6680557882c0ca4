//! Lists that definitions name (`list = "countries"`) instead of writing them out.

use crate::{Choice, Label};

/// The lists there are.
pub(crate) const NAMES: &[&str] = &["countries", "currencies", "languages"];

/// ISO 3166-1 alpha-2, with the names customary in China; ISO 4217 and ISO 639-1 as far as electronics trade goes.
pub(crate) fn list(name: &str) -> Option<Vec<Choice>> {
    let text = match name {
        "countries" => include_str!("lists/countries.txt"),
        "currencies" => include_str!("lists/currencies.txt"),
        "languages" => include_str!("lists/languages.txt"),
        _ => return None,
    };
    let choices = text.lines().filter_map(|line| {
        let mut parts = line.split('|').map(str::to_owned);
        Some(Choice { value: parts.next()?, label: Label { en: parts.next()?, zh: parts.next()? } })
    });
    Some(choices.collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn lists_are_whole() {
        for (name, len) in [("countries", 249), ("currencies", 50), ("languages", 27)] {
            let list = list(name).unwrap();
            let values: BTreeSet<&str> = list.iter().map(|c| c.value.as_str()).collect();
            assert_eq!((list.len(), values.len()), (len, len), "{name}");
            assert!(list.iter().all(|c| !c.label.en.is_empty() && !c.label.zh.is_empty()));
        }
    }
}
