//! One property of a card: name, parameters, values, and the column it goes to.

use encoding_rs::Encoding;

use crate::import::{decode::Charset, words::NO_PURPOSE};

/// A property as read.
pub(super) struct Property {
    /// In capitals, without group.
    pub name: String,
    /// `TYPE` values and bare parameters, in lower case.
    pub types: Vec<String>,
    /// Its components (`N:Doe;John`) or its one value, decoded and unescaped.
    pub values: Vec<String>,
    /// Whether some bytes could not be decoded.
    pub damaged: bool,
}

/// What became of a property.
pub(super) enum Placed {
    /// It is in a column.
    Taken,
    /// No field is for it; what it is, in words.
    LeftOut(&'static str),
    /// Its column is already filled.
    Again,
}

/// Properties no field is for, by name, with the word that reports say.
const LEFT_OUT: [(&str, &str); 38] = [
    ("BDAY", "birthday"),
    ("BIRTHPLACE", "birthplace"),
    ("DEATHDATE", "date of death"),
    ("DEATHPLACE", "place of death"),
    ("ANNIVERSARY", "anniversary"),
    ("X-ANNIVERSARY", "anniversary"),
    ("X-MS-ANNIVERSARY", "anniversary"),
    ("X-EVOLUTION-ANNIVERSARY", "anniversary"),
    ("X-ABDATE", "other dates"),
    ("GENDER", "gender"),
    ("GRAMGENDER", "gender"),
    ("PRONOUNS", "gender"),
    ("X-GENDER", "gender"),
    ("PHOTO", "photo"),
    ("LOGO", "photo"),
    ("SOUND", "sound"),
    ("KEY", "public key"),
    ("GEO", "position"),
    ("TZ", "time zone"),
    ("RELATED", "relatives"),
    ("X-SPOUSE", "relatives"),
    ("X-MS-SPOUSE", "relatives"),
    ("X-EVOLUTION-SPOUSE", "relatives"),
    ("X-ABRELATEDNAMES", "relatives"),
    ("AGENT", "agent"),
    ("IMPP", "messenger names"),
    ("X-SKYPE", "messenger names"),
    ("X-AIM", "messenger names"),
    ("X-ICQ", "messenger names"),
    ("X-MSN", "messenger names"),
    ("X-YAHOO", "messenger names"),
    ("X-QQ", "messenger names"),
    ("X-JABBER", "messenger names"),
    ("X-GTALK", "messenger names"),
    ("SOCIALPROFILE", "messenger names"),
    ("HOBBY", "hobbies"),
    ("INTEREST", "hobbies"),
    ("EXPERTISE", "hobbies"),
];
/// What describes the card or repeats another property; it is not worth a line in the report.
const TECHNICAL: [&str; 20] = [
    "VERSION",
    "PRODID",
    "REV",
    "UID",
    "KIND",
    "SOURCE",
    "NAME",
    "PROFILE",
    "CLASS",
    "MAILER",
    "SORT-STRING",
    "XML",
    "CLIENTPIDMAP",
    "LABEL",
    "FBURL",
    "CALURI",
    "CALADRURI",
    "CREATED",
    "JSPROP",
    "X-ABLABEL",
];
const OTHER: &str = "other properties";
const HOME: &str = "home address and number";

/// Why this is not taken over.
pub(super) fn why_left_out(what: &str) -> &'static str {
    if what == OTHER { "no field" } else { NO_PURPOSE }
}

impl Property {
    /// Reads one logical line; `None` if it is not `NAME:value`.
    pub fn parse(line: &[u8], charset: &Charset) -> Option<Self> {
        let colon = unquoted(line, b':')?;
        let (head, value) = (&line[..colon], &line[colon + 1..]);
        let head = String::from_utf8_lossy(head);
        let mut parts = split_unquoted(&head, ';');
        let name = parts.next()?.trim().rsplit('.').next().unwrap_or_default().to_ascii_uppercase();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
            return None;
        }
        let (mut types, mut stated, mut quoted_printable) = (Vec::new(), None, false);
        for parameter in parts {
            let (key, text) = parameter.split_once('=').unwrap_or(("TYPE", parameter));
            let text = text.trim().trim_matches('"');
            match key.trim().to_ascii_uppercase().as_str() {
                "CHARSET" => stated = Encoding::for_label(text.as_bytes()),
                "ENCODING" | "TYPE" if text.eq_ignore_ascii_case("QUOTED-PRINTABLE") => quoted_printable = true,
                "TYPE" => types.extend(text.split(',').map(|t| t.trim().to_ascii_lowercase())),
                "PREF" => types.push("pref".to_owned()),
                _ => {}
            }
        }
        let mut property = Self { name, types, values: Vec::new(), damaged: false };
        if property.is_left_out() {
            return Some(property);
        }
        let pieces = if property.has_components() { split_escaped(value, b';') } else { vec![value] };
        for piece in pieces {
            let plain = if quoted_printable { unquote_printable(piece) } else { piece.to_vec() };
            let (text, damaged) = match stated {
                // A card that was converted as a whole often still states its old charset: UTF-8 is recognised first.
                Some(encoding) if std::str::from_utf8(&plain).is_err() => {
                    let (text, damaged) = encoding.decode_without_bom_handling(&plain);
                    (text.into_owned(), damaged)
                }
                _ => charset.decode_part(&plain),
            };
            property.damaged |= damaged;
            property.values.push(unescape(&text));
        }
        Some(property)
    }

    fn has_components(&self) -> bool {
        matches!(self.name.as_str(), "N" | "ADR" | "ORG")
    }

    /// Whether no column is for it, so that its value need not even be decoded.
    pub fn is_left_out(&self) -> bool {
        LEFT_OUT.iter().any(|(name, _)| *name == self.name) || TECHNICAL.contains(&self.name.as_str())
    }

    fn has(&self, kind: &str) -> bool {
        self.types.iter().any(|t| t == kind)
    }

    /// Puts its values into columns.
    pub fn place(self, cells: &mut Vec<(String, String)>, ranked: &mut Vec<(&'static str, u8, String)>) -> Placed {
        if let Some((_, what)) = LEFT_OUT.iter().find(|(name, _)| *name == self.name) {
            return Placed::LeftOut(what);
        }
        let value = |at: usize| self.values.get(at).map(|v| v.trim().to_owned()).unwrap_or_default();
        // Preferred before work before anything else before home.
        let rank = match () {
            () if self.has("pref") => 0,
            () if self.has("work") => 1,
            () if self.has("home") => 3,
            () => 2,
        };
        let mut fill = |columns: &[(&str, String)]| {
            if columns.iter().any(|(name, text)| !text.is_empty() && cells.iter().any(|(c, _)| c == name)) {
                return Placed::Again;
            }
            for (name, text) in columns.iter().filter(|(_, text)| !text.is_empty()) {
                cells.push(((*name).to_owned(), text.clone()));
            }
            Placed::Taken
        };
        match self.name.as_str() {
            "N" => {
                let several =
                    |at: usize| value(at).split([',', ' ']).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ");
                fill(&[
                    ("N family", value(0)),
                    ("N given", value(1)),
                    ("N middle", several(2)),
                    ("N prefix", several(3)),
                    ("N suffix", several(4)),
                ])
            }
            "FN" => fill(&[("FN", value(0))]),
            "NICKNAME" => fill(&[("NICKNAME", value(0))]),
            "ORG" => {
                let unit: Vec<String> = (1..self.values.len()).map(value).filter(|u| !u.is_empty()).collect();
                fill(&[("ORG", value(0)), ("ORG unit", unit.join(", "))])
            }
            "TITLE" => fill(&[("TITLE", value(0))]),
            "ROLE" => fill(&[("ROLE", value(0))]),
            "LANG" => fill(&[("LANG", value(0))]),
            "CATEGORIES" => fill(&[("CATEGORIES", value(0))]),
            "NOTE" => {
                let note = value(0);
                // Several notes are one text; nobody keeps them apart.
                match cells.iter_mut().find(|(c, _)| c == "NOTE") {
                    Some((_, text)) if !note.is_empty() => {
                        text.push('\n');
                        text.push_str(&note);
                    }
                    None if !note.is_empty() => cells.push(("NOTE".to_owned(), note)),
                    _ => {}
                }
                Placed::Taken
            }
            "ADR" if self.has("home") && !self.has("work") => Placed::LeftOut(HOME),
            "ADR" => {
                let street: Vec<String> = [0, 1, 2].into_iter().map(value).filter(|s| !s.is_empty()).collect();
                fill(&[
                    ("ADR street", street.join(", ")),
                    ("ADR city", value(3)),
                    ("ADR region", value(4)),
                    ("ADR code", value(5)),
                    ("ADR country", value(6)),
                ])
            }
            "TEL" | "EMAIL" | "URL" => {
                let text = value(0);
                let bare = ["tel:", "mailto:"].iter().find_map(|scheme| text.strip_prefix(scheme));
                let text = bare.map(str::to_owned).unwrap_or(text);
                let column = match self.name.as_str() {
                    "EMAIL" => "EMAIL",
                    "URL" => "URL",
                    _ if self.has("fax") => "TEL fax",
                    _ if self.has("pager") => return Placed::LeftOut("pager"),
                    _ if self.has("cell") => "TEL mobile",
                    _ if self.has("home") && !self.has("work") => return Placed::LeftOut(HOME),
                    _ => "TEL",
                };
                if !text.is_empty() {
                    ranked.push((column, rank, text));
                }
                Placed::Taken
            }
            name if TECHNICAL.contains(&name) => Placed::Taken,
            _ => Placed::LeftOut(OTHER),
        }
    }
}

/// The first such byte outside double quotes.
fn unquoted(text: &[u8], wanted: u8) -> Option<usize> {
    let mut quoted = false;
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            _ if byte == wanted && !quoted => return Some(at),
            _ => {}
        }
    }
    // A quote that never closes: the plain reading is the better one.
    if quoted { memchr::memchr(wanted, text) } else { None }
}

fn split_unquoted(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == mark && !quoted
    })
}

/// Splits at marks that no backslash stands before.
fn split_escaped(text: &[u8], mark: u8) -> Vec<&[u8]> {
    let (mut pieces, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, &byte) in text.iter().enumerate() {
        if byte == mark && !escaped {
            pieces.push(&text[start..at]);
            start = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    pieces.push(&text[start..]);
    pieces
}

/// RFC 2045 §6.7; what is not a valid escape stays as it is.
fn unquote_printable(text: &[u8]) -> Vec<u8> {
    let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, hex(text.get(at + 1)), hex(text.get(at + 2))) {
            (b'=', Some(high), Some(low)) => {
                plain.push(high << 4 | low);
                at += 3;
            }
            _ => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}

/// RFC 6350 §3.4, and `\:` and `\"` as older programs write them.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match (c, letters.peek()) {
            ('\\', Some('n' | 'N')) => {
                letters.next();
                plain.push('\n');
            }
            ('\\', Some('\\' | ',' | ';' | ':' | '"')) => plain.extend(letters.next()),
            ('\r', Some('\n')) | ('\0', _) => {}
            ('\r', _) => plain.push('\n'),
            _ => plain.push(c),
        }
    }
    plain
}
