//! Real files: what kind they are, how they are encoded, how many rows they have, what cannot be read and why.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use super::*;

pub(super) const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

/// The files below a folder, sorted, by their path inside the data.
pub(super) fn files(folder: &str) -> Vec<(String, PathBuf)> {
    fn walk(at: &Path, found: &mut Vec<PathBuf>) {
        // The data lies beside the repository; a copy of the repository alone has nothing to compare.
        for entry in fs::read_dir(at).into_iter().flatten().map(|e| e.unwrap().path()) {
            if entry.is_dir() { walk(&entry, found) } else { found.push(entry) }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(DATA).join(folder), &mut found);
    found.sort();
    let root = Path::new(DATA);
    found.into_iter().map(|p| (p.strip_prefix(root).unwrap().to_string_lossy().into_owned(), p)).collect()
}

/// One line for a file: how it was read, then its problems by kind.
fn line(path: &Path) -> String {
    let sheet = match read(&fs::read(path).unwrap(), &Options::default()) {
        Ok(sheet) => sheet,
        Err(error) => return format!("refused: {error}"),
    };
    let delimiter = sheet.delimiter.map_or("-".to_owned(), |d| format!("{d:?}"));
    let header = if sheet.named { "" } else { ", no header" };
    let mut text =
        format!("{} {} {delimiter} {}x{}{header}", sheet.format, sheet.encoding, sheet.rows.len(), sheet.header.len());
    if let Some(dates) = sheet.dates {
        write!(text, ", {dates:?}").unwrap();
    }
    if sheet.numbers == Numbers::Comma {
        text.push_str(", decimal comma");
    }
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for problem in &sheet.problems {
        *kinds.entry(format!("{}{}", problem.code, if problem.refused { "!" } else { "" })).or_default() += 1;
    }
    for (kind, count) in kinds {
        write!(text, "; {count} {kind}").unwrap();
    }
    text
}

#[test]
fn every_file_is_read_as_it_is() {
    let folders = [
        "contacts",
        "crm",
        "electronics/bom-csv",
        "electronics/distributor",
        "import-edge",
        "reference/china-division",
    ];
    let mut text = String::new();
    for (name, path) in folders.iter().flat_map(|folder| files(folder)) {
        writeln!(text, "{name}: {}", line(&path)).unwrap();
    }
    if !text.is_empty() {
        expect_test::expect_file!["files.txt"].assert_eq(&text);
    }
}

/// Every cell of every card, so that a change of the reader shows.
#[test]
fn every_card_says_what_it_says() {
    let mut text = String::new();
    for (name, path) in files("contacts/vcard").into_iter().chain(files("contacts/thunderbird-import")) {
        let Ok(sheet) = read(&fs::read(path).unwrap(), &Options::default()) else { continue };
        if sheet.format == Format::Csv {
            continue;
        }
        writeln!(text, "== {name}").unwrap();
        for row in &sheet.rows {
            let cells = sheet.header.iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty());
            let cells: Vec<String> = cells.map(|(name, cell)| format!("{name}={}", short(cell))).collect();
            writeln!(text, "{}: {}", row.line, cells.join(" | ")).unwrap();
        }
        for problem in &sheet.problems {
            writeln!(text, "{} {problem}", if problem.refused { "refused" } else { "noted" }).unwrap();
        }
        for left in &sheet.left_out {
            writeln!(text, "{left}").unwrap();
        }
    }
    if !text.is_empty() {
        expect_test::expect_file!["cards.txt"].assert_eq(&text);
    }
}

fn short(cell: &str) -> String {
    let one = cell.replace('\n', "\\n");
    if one.chars().count() > 60 { one.chars().take(60).chain(['…']).collect() } else { one }
}

/// A second reader, written by others, finds the same addresses, numbers and names; where it does not, the reason is
/// known: it takes text, so it has lost what a card's own charset and bare QUOTED-PRINTABLE say.
#[test]
fn another_reader_agrees() {
    use calcard::{
        Entry, Parser,
        vcard::{VCardProperty, VCardValue},
    };
    let known = ["vcard-5.vcf", "vcard-8.vcf", "vcard-9.vcf", "quoted-printable-new-line.vcf", "John_Doe_ANDROID.vcf"];
    for (name, path) in files("contacts/vcard").into_iter().chain(files("contacts/thunderbird-import")) {
        let bytes = fs::read(&path).unwrap();
        let Ok(sheet) = read(&bytes, &Options::default()) else { continue };
        if sheet.format != Format::Vcard || known.iter().any(|k| name.ends_with(k)) {
            continue;
        }
        let ours = |prefix: &str| {
            let cells = sheet.rows.iter().flat_map(|row| sheet.header.iter().zip(&row.cells));
            let cells = cells.filter(|(column, cell)| column.starts_with(prefix) && !cell.is_empty());
            let mut found: Vec<String> = cells.map(|(_, cell)| cell.clone()).collect();
            found.sort();
            found
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut parser = Parser::new(&text);
        let (mut emails, mut names) = (Vec::new(), Vec::new());
        loop {
            match parser.entry() {
                Entry::Eof => break,
                Entry::VCard(card) => {
                    let mut own = Vec::new();
                    for entry in &card.entries {
                        let Some(VCardValue::Text(value)) = entry.values.first() else { continue };
                        let value = value.trim().to_owned();
                        match entry.name {
                            VCardProperty::Email if !value.is_empty() && !own.contains(&value) => own.push(value),
                            VCardProperty::Fn if !value.is_empty() => names.push(value),
                            _ => {}
                        }
                    }
                    emails.extend(own);
                }
                _ => {}
            }
        }
        emails.sort();
        names.sort();
        assert_eq!(ours("EMAIL"), emails, "{name}");
        assert_eq!(ours("FN"), names, "{name}");
    }
}
