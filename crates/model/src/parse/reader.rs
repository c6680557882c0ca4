//! TOML tables that know their lines, and a place to gather everything that is wrong.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{Document, Label, Problem};

/// Everything found wrong so far.
#[derive(Default)]
pub(super) struct Problems(pub(super) Vec<Problem>);

impl Problems {
    pub(super) fn add(&mut self, place: Place<'_>, what: impl Into<String>) {
        self.0.push(Problem { file: place.file.to_owned(), line: place.line, what: what.into() });
    }
}

/// A line of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'d> {
    pub(super) file: &'d str,
    pub(super) line: usize,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub(super) struct At<'d, T> {
    pub(super) value: T,
    pub(super) place: Place<'d>,
}

/// A document that knows where its lines begin.
pub(super) struct Source<'d> {
    pub(super) document: &'d Document,
    /// The offset after each line's end.
    ends: Vec<usize>,
}

impl<'d> Source<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, ends: document.text.match_indices('\n').map(|(at, _)| at + 1).collect() }
    }

    fn place(&self, offset: usize) -> Place<'d> {
        Place { file: &self.document.name, line: 1 + self.ends.partition_point(|end| *end <= offset) }
    }

    /// The root table; `None` after telling what the syntax lacks.
    pub(super) fn root(&self, problems: &mut Problems) -> Option<Spanned<DeTable<'d>>> {
        let (table, errors) = DeTable::parse_recoverable(&self.document.text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            problems.add(self.place(at), format!("this is not TOML: {}", error.message().replace('\n', ", ")));
        }
        errors.is_empty().then_some(table)
    }
}

/// A table that reports every key it does not know.
pub(super) struct Table<'t, 'd> {
    source: &'t Source<'d>,
    /// Its entries in the order of the document: key, offset of the key, value.
    entries: Vec<(&'t str, usize, &'t Spanned<DeValue<'d>>)>,
    /// Where it begins.
    pub(super) place: Place<'d>,
    /// How problems begin: "field `email`: ", or nothing at the root.
    prefix: String,
}

impl<'t, 'd> Table<'t, 'd> {
    pub(super) fn new(source: &'t Source<'d>, at: usize, prefix: &str, table: &'t DeTable<'d>) -> Self {
        let mut entries: Vec<_> =
            table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span().start, value)).collect();
        entries.sort_by_key(|(_, at, _)| *at);
        Self { source, entries, place: source.place(at), prefix: prefix.to_owned() }
    }

    /// The same table after [`Table::check_keys`].
    pub(super) fn only(self, known: &[&str], problems: &mut Problems) -> Self {
        self.check_keys(known, problems);
        self
    }

    /// Reports every key that is not among `known`.
    pub(super) fn check_keys(&self, known: &[&str], problems: &mut Problems) {
        for (key, at, _) in self.entries.iter().filter(|(key, ..)| !known.contains(key)) {
            let hint = match nearest(key, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            let shown: String = key.chars().take(48).collect();
            problems.add(self.source.place(*at), format!("{}unknown key `{shown}`: {hint}", self.prefix));
        }
    }

    /// How problems of a table under this key begin.
    pub(super) fn inside(&self, key: &str) -> String {
        format!("{}`{key}`: ", self.prefix)
    }

    pub(super) fn tell(&self, place: Place<'_>, what: &str, problems: &mut Problems) {
        problems.add(place, format!("{}{what}", self.prefix));
    }

    /// Tells that a key is missing, at the table's beginning.
    pub(super) fn missing(&self, key: &str, why: &str, problems: &mut Problems) {
        self.tell(self.place, &format!("no `{key}`: {why}"), problems);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, ..)| *name == key)
    }

    /// The place of a key, or of the table where there is none.
    pub(super) fn place_of(&self, key: &str) -> Place<'d> {
        self.entries.iter().find(|(name, ..)| *name == key).map_or(self.place, |(_, at, _)| self.source.place(*at))
    }

    fn get<T>(
        &self,
        key: &str,
        wanted: &str,
        read: impl Fn(&'t DeValue<'d>) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<At<'d, T>> {
        let (_, at, value) = self.entries.iter().find(|(name, ..)| *name == key)?;
        let place = self.source.place(*at);
        let found = read(value.get_ref());
        if found.is_none() {
            let is = value.get_ref().type_str();
            self.tell(place, &format!("`{key}` must be {wanted}, not {}", article(is)), problems);
        }
        found.map(|value| At { value, place })
    }

    /// A text that is not blank.
    pub(super) fn text(&self, key: &str, problems: &mut Problems) -> Option<At<'d, String>> {
        let text = self.get(key, "a text", |v| v.as_str().map(|s| s.trim().to_owned()), problems)?;
        if text.value.is_empty() {
            self.tell(text.place, &format!("`{key}` is empty"), problems);
            return None;
        }
        Some(text)
    }

    pub(super) fn flag(&self, key: &str, problems: &mut Problems) -> bool {
        self.get(key, "true or false", DeValue::as_bool, problems).is_some_and(|at| at.value)
    }

    /// A whole number.
    pub(super) fn whole(&self, key: &str, problems: &mut Problems) -> Option<At<'d, i64>> {
        let read = |v: &DeValue<'d>| v.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        self.get(key, "a whole number", read, problems)
    }

    /// A number, as millionths.
    pub(super) fn number(&self, key: &str, problems: &mut Problems) -> Option<At<'d, i64>> {
        let read = |v: &DeValue<'d>| {
            let text = v.as_integer().map(|n| n.as_str()).or_else(|| v.as_float().map(|n| n.as_str()))?;
            crate::kind::number::parse(text, 6, None, None).ok()
        };
        self.get(key, "a number with at most six decimals", read, problems)
    }

    /// A list of texts, each with its own line.
    pub(super) fn texts(&self, key: &str, problems: &mut Problems) -> Option<At<'d, Vec<At<'d, String>>>> {
        let read = |v: &'t DeValue<'d>| {
            let items = v.as_array()?.iter().map(|item| {
                let value = item.get_ref().as_str()?.trim().to_owned();
                Some(At { value, place: self.source.place(item.span().start) })
            });
            items.collect::<Option<Vec<_>>>()
        };
        self.get(key, "a list of texts", read, problems)
    }

    /// A table under a key.
    pub(super) fn table(&self, key: &str, prefix: &str, problems: &mut Problems) -> Option<Table<'t, 'd>> {
        let (_, at, _) = self.entries.iter().find(|(name, ..)| *name == key)?;
        let table = self.get(key, "a table", |v| v.as_table(), problems)?;
        Some(Table::new(self.source, *at, prefix, table.value))
    }

    /// Its entries as tables, each with its name, in the order of the document.
    pub(super) fn tables(&self, word: &str, problems: &mut Problems) -> Vec<(&'t str, Table<'t, 'd>)> {
        let mut tables = Vec::new();
        for (name, at, value) in &self.entries {
            let shown: String = name.chars().take(64).collect();
            let prefix = format!("{}{word} `{shown}`: ", self.prefix);
            match value.get_ref().as_table() {
                Some(table) => tables.push((*name, Table::new(self.source, *at, &prefix, table))),
                None => problems.add(self.source.place(*at), format!("{prefix}must be a table")),
            }
        }
        tables
    }

    /// The items of a list of tables.
    pub(super) fn items(&self, key: &str, problems: &mut Problems) -> Option<Vec<Table<'t, 'd>>> {
        let read = |v: &'t DeValue<'d>| {
            let items = v.as_array()?.iter().map(|item| {
                let table = item.get_ref().as_table()?;
                Some(Table::new(self.source, item.span().start, &self.prefix, table))
            });
            items.collect::<Option<Vec<_>>>()
        };
        self.get(key, "a list of tables", read, problems).map(|at| at.value)
    }

    /// A label, which must be there.
    pub(super) fn label(&self, key: &str, problems: &mut Problems) -> Option<Label> {
        if !self.has(key) {
            self.missing(key, "write { en = \"…\", zh = \"…\" }, what people read", problems);
            return None;
        }
        let table = self.table(key, &self.inside(key), problems)?;
        table.only(super::keys::LABEL, problems).words(problems)
    }

    /// Its `en` and `zh`.
    pub(super) fn words(&self, problems: &mut Problems) -> Option<Label> {
        let mut read = |key: &str| {
            if !self.has(key) {
                self.missing(key, "a label is needed in English (en) and Chinese (zh)", problems);
                return None;
            }
            self.text(key, problems).map(|at| at.value)
        };
        let (en, zh) = (read("en"), read("zh"));
        Some(Label { en: en?, zh: zh? })
    }
}

fn article(word: &str) -> String {
    let an = word.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {word}", if an { "an" } else { "a" })
}

/// The known word that is one or two slips away.
pub(super) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|k| (slips(word, k), *k)).min()?;
    (near.0 <= 2 && near.0 < word.chars().count()).then_some(near.1)
}

/// How many letters must be put in, taken out or replaced (Levenshtein).
fn slips(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(ca != *cb)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}
