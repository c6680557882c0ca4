//! Telling one kind of text file from another.

use super::Format;

/// The kind of file, by how its first lines look.
pub(super) fn format(text: &str) -> Format {
    let mut lines = text.lines().flat_map(|l| l.split('\r')).map(str::trim).filter(|l| !l.is_empty());
    let Some(first) = lines.next() else { return Format::Csv };
    if first.starts_with('<') && text.contains("urn:ietf:params:xml:ns:vcard") || first.starts_with("<?xml") {
        return Format::Xcard;
    }
    if first.starts_with('[') || first.starts_with('{') {
        return Format::Jcard;
    }
    let is = |line: &str, word: &str| line.get(..word.len()).is_some_and(|l| l.eq_ignore_ascii_case(word));
    if is(first, "BEGIN:VCARD") || (property(first) && any_line(text, "BEGIN:VCARD", "END:VCARD")) {
        return Format::Vcard;
    }
    if is(first, "dn:") || is(first, "version: 1") || (first.starts_with('#') && any_line(text, "dn: ", "dn:: ")) {
        return Format::Ldif;
    }
    Format::Csv
}

/// Whether a line looks like `NAME:…` or `NAME;…:…`.
fn property(line: &str) -> bool {
    let end = line.find([':', ';']).unwrap_or(0);
    end > 0 && line.contains(':') && line[..end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

fn any_line(text: &str, one: &str, other: &str) -> bool {
    let begins = |line: &str, word: &str| line.get(..word.len()).is_some_and(|l| l.eq_ignore_ascii_case(word));
    text.lines().flat_map(|l| l.split('\r')).any(|l| begins(l, one) || begins(l, other))
}
