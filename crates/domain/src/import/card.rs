//! vCard 2.1, 3.0 and 4.0, and its JSON and XML forms, into one row per card.
//!
//! Written here rather than taken from a library because a reader for import must name the line of every problem, take
//! lines as bytes (2.1 cards state a charset per property), and follow the habits of real phones: a bare
//! `QUOTED-PRINTABLE` parameter, soft line breaks, CR CR LF, base64 without indentation.

use std::borrow::Cow;

use super::{
    Format, LeftOut, Options, Problem, ReadError, Row, Sheet,
    cell::Numbers,
    decode::{Charset, Decoded},
};

mod json;
mod lines;
mod property;
mod xml;

use property::Property;

/// The columns a card can fill, in the order they are shown; `EMAIL`, `TEL`, `TEL mobile` and `URL` may repeat.
const COLUMNS: [&str; 21] = [
    "N family",
    "N given",
    "N middle",
    "N prefix",
    "N suffix",
    "FN",
    "NICKNAME",
    "ORG",
    "ORG unit",
    "TITLE",
    "ROLE",
    "EMAIL",
    "TEL",
    "TEL mobile",
    "TEL fax",
    "ADR street",
    "ADR city",
    "ADR region",
    "ADR code",
    "ADR country",
    "URL",
];
/// Columns that come after those, and never repeat.
const LAST_COLUMNS: [&str; 3] = ["LANG", "CATEGORIES", "NOTE"];

/// How many of one kind a card may have (e-mail addresses, numbers); more are problems.
const MAX_OF_A_KIND: usize = 20;

/// A card while it is read: its cells by column, and what it held besides.
#[derive(Default)]
struct Card {
    line: usize,
    cells: Vec<(String, String)>,
    left_out: Vec<&'static str>,
    /// Numbers and addresses with how much they are preferred, until the card ends.
    ranked: Vec<(&'static str, u8, String)>,
}

/// Reads a `.vcf` file.
pub(super) fn read(bytes: &[u8], charset: &Charset, decoded: Decoded, options: &Options) -> Result<Sheet, ReadError> {
    let encoding = decoded.encoding;
    // Bytes stay bytes where lines can be found in them, because a property may state a charset of its own.
    let source: Cow<'_, [u8]> =
        if charset.is_ascii_like() { Cow::Borrowed(bytes) } else { Cow::Owned(decoded.text.into_bytes()) };
    let mut reading = Reading::new(options);
    let mut open: Option<Card> = None;
    let mut nested = 0usize;
    let mut last = String::new();
    let mut outside: Option<usize> = None;
    for line in lines::unfold(&source) {
        super::check_problems(&reading.problems)?;
        let (number, bytes) = (line.number, line.bytes);
        let blank = bytes.iter().all(u8::is_ascii_whitespace);
        if is(&bytes, "BEGIN:VCARD") {
            match open.take() {
                Some(card) if last == "AGENT" || nested > 0 => {
                    // A card inside a card is somebody else's: the agent's.
                    nested += 1;
                    open = Some(card);
                }
                Some(card) => reading.cut_off(card.line),
                None => {}
            }
            if nested == 0 {
                open = Some(Card { line: number, ..Card::default() });
            }
        } else if is(&bytes, "END:VCARD") {
            if nested > 0 {
                nested -= 1;
            } else if let Some(card) = open.take() {
                reading.finish(card);
            } else {
                outside.get_or_insert(number);
            }
            last.clear();
        } else if nested > 0 || blank {
            continue;
        } else if let Some(card) = &mut open {
            match Property::parse(&bytes, charset) {
                Some(property) => {
                    last.clone_from(&property.name);
                    if property.damaged {
                        let what = "some bytes are not text in this encoding: this property is not read";
                        reading.problems.push(Problem::noted(number, "encoding", what).at(&property.name));
                    } else {
                        reading.take(card, property, number);
                    }
                }
                // Some phones break base64 lines without indenting them.
                None if matches!(last.as_str(), "PHOTO" | "KEY" | "LOGO" | "SOUND") => {}
                None => {
                    let what = "this line is no property (NAME:value) and is not read";
                    reading.problems.push(Problem::noted(number, "no_property", what));
                }
            }
        } else {
            outside.get_or_insert(number);
        }
    }
    if let Some(line) = outside {
        let what = "lines outside BEGIN:VCARD and END:VCARD are not read";
        reading.problems.push(Problem::refused(line, "outside_card", what));
    }
    if let Some(card) = open {
        reading.cut_off(card.line);
    }
    reading.sheet(Format::Vcard, encoding, options)
}

/// Reads vCards as JSON (RFC 7095).
pub(super) fn read_json(decoded: Decoded, options: &Options) -> Result<Sheet, ReadError> {
    let mut reading = Reading::new(options);
    for properties in json::cards(&decoded.text)? {
        reading.whole(properties);
    }
    reading.sheet(Format::Jcard, decoded.encoding, options)
}

/// Reads vCards as XML (RFC 6351).
pub(super) fn read_xml(decoded: Decoded, options: &Options) -> Result<Sheet, ReadError> {
    let mut reading = Reading::new(options);
    for properties in xml::cards(&decoded.text)? {
        reading.whole(properties);
    }
    reading.sheet(Format::Xcard, decoded.encoding, options)
}

fn is(line: &[u8], word: &str) -> bool {
    line.trim_ascii().eq_ignore_ascii_case(word.as_bytes())
}

/// All cards of a file.
struct Reading {
    max_cell: usize,
    cards: Vec<Card>,
    problems: Vec<Problem>,
    left_out: Vec<LeftOut>,
}

impl Reading {
    fn new(options: &Options) -> Self {
        Self { max_cell: options.max_cell, cards: Vec::new(), problems: Vec::new(), left_out: Vec::new() }
    }

    fn whole(&mut self, properties: (usize, Vec<Property>)) {
        let (line, properties) = properties;
        let mut card = Card { line, ..Card::default() };
        for property in properties {
            self.take(&mut card, property, line);
        }
        self.finish(card);
    }

    /// Puts one property into the card.
    fn take(&mut self, card: &mut Card, property: Property, line: usize) {
        if property.values.iter().any(|v| v.len() > self.max_cell) && !property.is_left_out() {
            let what = format!("the value is longer than {} bytes and is not read", self.max_cell);
            self.problems.push(Problem::noted(line, "cell_too_long", what).at(&property.name));
            return;
        }
        let column = property.name.clone();
        match property.place(&mut card.cells, &mut card.ranked) {
            property::Placed::Taken => {}
            property::Placed::LeftOut(what) => {
                if !card.left_out.contains(&what) {
                    card.left_out.push(what);
                }
            }
            property::Placed::Again => {
                let what = "the card has this more than once: the first is read";
                self.problems.push(Problem::noted(line, "more_than_one", what).at(&column));
            }
        }
    }

    fn cut_off(&mut self, line: usize) {
        let what = "the card is cut off, it has no END:VCARD: export it again";
        self.problems.push(Problem::refused(line, "cut_off", what));
    }

    fn finish(&mut self, mut card: Card) {
        // The preferred ones first; among equals the order of the card.
        card.ranked.sort_by_key(|(_, rank, _)| *rank);
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for (column, _, value) in std::mem::take(&mut card.ranked) {
            if card.cells.iter().any(|(c, v)| c.starts_with(column) && *v == value) {
                continue;
            }
            let count = match counts.iter_mut().find(|(c, _)| *c == column) {
                Some((_, count)) => {
                    *count += 1;
                    *count
                }
                None => {
                    counts.push((column, 1));
                    1
                }
            };
            if count > MAX_OF_A_KIND {
                let what = format!("the card has more than {MAX_OF_A_KIND} of these: the rest is not read");
                self.problems.push(Problem::noted(card.line, "too_many", what).at(column));
                continue;
            }
            let name = if count == 1 { column.to_owned() } else { format!("{column} {count}") };
            card.cells.push((name, value));
        }
        for what in std::mem::take(&mut card.left_out) {
            let why = property::why_left_out(what);
            match self.left_out.iter_mut().find(|l| l.what == what) {
                Some(found) => found.count += 1,
                None => self.left_out.push(LeftOut { what: what.to_owned(), why, count: 1 }),
            }
        }
        if card.cells.is_empty() {
            let what = "the card holds nothing that is read";
            self.problems.push(Problem::refused(card.line, "empty_card", what));
        } else {
            self.cards.push(card);
        }
    }

    fn sheet(mut self, format: Format, encoding: String, options: &Options) -> Result<Sheet, ReadError> {
        let mut header: Vec<String> = Vec::new();
        for (column, _) in self.cards.iter().flat_map(|card| &card.cells) {
            if !header.contains(column) {
                header.push(column.clone());
            }
        }
        header.sort_by_key(|column| place(column));
        super::check_size(self.cards.len(), header.len(), options)?;
        let rows = self
            .cards
            .into_iter()
            .map(|card| {
                let mut cells = vec![String::new(); header.len()];
                for (column, value) in card.cells {
                    if let Some(cell) = header.iter().position(|h| *h == column).and_then(|at| cells.get_mut(at)) {
                        *cell = value;
                    }
                }
                Row { line: card.line, cells }
            })
            .collect();
        self.problems.sort_by_key(|p| p.line);
        Ok(Sheet {
            format,
            encoding,
            delimiter: None,
            named: true,
            dates: None,
            numbers: Numbers::Point,
            header,
            rows,
            problems: self.problems,
            left_out: self.left_out,
        })
    }
}

/// Where a column stands: by kind, then by number.
fn place(column: &str) -> (usize, usize) {
    let all = || COLUMNS.iter().chain(&LAST_COLUMNS);
    if let Some(at) = all().position(|c| *c == column) {
        return (at, 1);
    }
    let (kind, number) = column.rsplit_once(' ').unwrap_or((column, ""));
    (all().position(|c| *c == kind).unwrap_or(usize::MAX), number.parse().unwrap_or(usize::MAX))
}
