//! What columns are called elsewhere: the list in `words.toml`, looked up by a folded form of the name.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

/// Why something in the `not_collected` part of the list is left out.
pub(super) const NO_PURPOSE: &str = "no purpose needs it";

/// The meaning of a column's name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    /// The fields it may go to, best first.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The objects this meaning is for; all if empty.
    #[serde(default)]
    pub object: Vec<String>,
    /// Whether it is a whole name in one cell.
    #[serde(default)]
    pub full_name: bool,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotCollected {
    what: String,
    names: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    column: Vec<Column>,
    not_collected: Vec<NotCollected>,
    choice: HashMap<String, Vec<String>>,
    country: HashMap<String, Vec<String>>,
}

#[derive(Default)]
struct Words {
    columns: Vec<Column>,
    by_name: HashMap<String, Vec<usize>>,
    not_collected: HashMap<String, String>,
    choices: HashMap<String, Vec<String>>,
    countries: HashMap<String, String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // A test reads the list; if it were broken nothing would be guessed, which the preview shows.
    let file: File = parse().unwrap_or_default();
    let mut words = Words::default();
    for (at, column) in file.column.iter().enumerate() {
        for name in &column.names {
            words.by_name.entry(fold(name)).or_default().push(at);
        }
    }
    for group in file.not_collected {
        words.not_collected.extend(group.names.iter().map(|name| (fold(name), group.what.clone())));
    }
    for (code, names) in file.country {
        words.countries.extend(names.iter().map(|name| (fold(name), code.clone())));
    }
    for (value, names) in file.choice {
        for name in names {
            words.choices.entry(fold(&name)).or_default().push(value.clone());
        }
    }
    words.columns = file.column;
    words
});

fn parse() -> Result<File, toml::de::Error> {
    toml::from_str(include_str!("words.toml"))
}

/// A name as it is compared: lower case, half width, without spaces, punctuation and Salesforce's `__c`.
pub(super) fn fold(name: &str) -> String {
    let name = name.trim().trim_end_matches("__c").trim_end_matches("__C");
    name.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            c => c,
        })
        .filter(|c| c.is_alphanumeric() || *c == '#')
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a column of this name means for an object: meanings made for the object first.
pub(super) fn meanings<'n>(name: &'n str, object: &'n str) -> impl Iterator<Item = &'static Column> + 'n {
    let all = move || {
        let found = WORDS.by_name.get(&fold(name)).map(Vec::as_slice).unwrap_or_default();
        found.iter().filter_map(|at| WORDS.columns.get(*at))
    };
    all().filter(move |c| c.object.iter().any(|o| o == object)).chain(all().filter(|c| c.object.is_empty()))
}

/// What a column holds that is never collected, if it is such a column.
pub(super) fn not_collected(name: &str) -> Option<&'static str> {
    WORDS.not_collected.get(&fold(name)).map(String::as_str)
}

/// Whether the list knows this name and no field is for it (`fax`, `customer number`).
pub(super) fn has_no_field(name: &str) -> bool {
    let found = WORDS.by_name.get(&fold(name)).map(Vec::as_slice).unwrap_or_default();
    found.iter().filter_map(|at| WORDS.columns.get(*at)).any(|c| c.fields.is_empty() && !c.full_name)
}

/// Whether a column of this name may hold this field.
pub(super) fn means(name: &str, field: &str) -> bool {
    let found = WORDS.by_name.get(&fold(name)).map(Vec::as_slice).unwrap_or_default();
    found.iter().filter_map(|at| WORDS.columns.get(*at)).any(|c| c.fields.iter().any(|f| f == field))
}

/// The values of choice fields that people write so.
pub(super) fn choices(name: &str) -> &'static [String] {
    WORDS.choices.get(&fold(name)).map(Vec::as_slice).unwrap_or_default()
}

/// The ISO 3166-1 alpha-2 code of a country as people write it.
pub(super) fn country(name: &str) -> Option<&'static str> {
    WORDS.countries.get(&fold(name)).map(String::as_str)
}

/// Whether a cell is a name of a column in some program or language, or something like `column1`.
pub(super) fn names_a_column(cell: &str) -> bool {
    let cell = fold(cell);
    let numbered = || {
        let word = cell.trim_end_matches(|c: char| c.is_ascii_digit());
        matches!(word, "column" | "col" | "field" | "spalte" | "feld" | "列" | "id")
    };
    !cell.is_empty() && (WORDS.by_name.contains_key(&cell) || WORDS.not_collected.contains_key(&cell) || numbered())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_well_formed() {
        let file = parse().unwrap();
        assert!(file.column.iter().all(|c| !c.full_name || c.fields.is_empty()), "fields or full_name, not both");
        let (purposes, objects) = model::shipped();
        let catalog = model::Catalog::parse(&purposes, &objects).unwrap();
        for column in &file.column {
            let known = |f: &String| catalog.objects().any(|o| o.field(f).is_some());
            assert!(column.fields.iter().all(known), "no object has one of {:?}", column.fields);
            assert!(column.object.iter().all(|o| catalog.object(o).is_some()), "no such object in {:?}", column.object);
        }
        for group in &file.not_collected {
            for name in &group.names {
                assert!(!WORDS.by_name.contains_key(&fold(name)), "{name} is both collected and not");
            }
        }
    }

    #[test]
    fn names_fold() {
        for name in ["First Name", "FirstName", "first_name", "FIRSTNAME", "first-name__c", "ＦｉｒｓｔName"] {
            assert_eq!(fold(name), "firstname");
        }
        assert!(names_a_column("姓名") && names_a_column("COLUMN1") && !names_a_column("Maria Anders"));
    }
}
