//! From bytes to text: which encoding it is, and reading it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use super::ReadError;

/// Text, and how it was won from bytes.
pub(super) struct Decoded {
    pub text: String,
    pub encoding: String,
    /// Whether some bytes were not text of this encoding; each such place is U+FFFD in `text`.
    pub damaged: bool,
}

/// A character encoding, with the length of the mark at the beginning of the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Charset {
    kind: Kind,
    mark: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// UTF-32, which browsers gave up and `encoding_rs` therefore does not know.
    Utf32 {
        big: bool,
    },
    Web(&'static Encoding),
}

/// Files that are certainly not text, by their first bytes.
const BINARY: [(&[u8], &str, &str); 7] = [
    (b"PK\x03\x04", "an Excel workbook (.xlsx) or a ZIP archive", "save the sheet as CSV (UTF-8), or unpack it first"),
    (b"\xD0\xCF\x11\xE0", "an old Excel or Outlook file", "save it as CSV"),
    (b"%PDF", "a PDF", "export the list as CSV"),
    (b"\x1F\x8B", "a gzip archive", "unpack it first"),
    (b"\x89PNG", "a picture", "choose the list itself"),
    (b"\xFF\xD8\xFF", "a picture", "choose the list itself"),
    (b"SQLite format 3\0", "a database", "export the table as CSV"),
];

/// How many bytes the detector looks at.
const DETECTOR_SAMPLE: usize = 256 << 10;

/// Refuses workbooks, archives and pictures with a word on what to do instead.
pub(super) fn refuse_binary(bytes: &[u8]) -> Result<(), ReadError> {
    match BINARY.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        Some(&(_, what, mend)) => Err(ReadError::NotText { what, mend }),
        None => Ok(()),
    }
}

impl Charset {
    /// The encoding of this name, by WHATWG label or `utf-32le`, `utf-32be`; a mark at the beginning is passed over.
    pub fn named(label: &str, bytes: &[u8]) -> Option<Self> {
        let kind = match label.trim().to_ascii_lowercase().as_str() {
            "utf-32le" | "utf-32" | "utf32" | "utf32le" => Kind::Utf32 { big: false },
            "utf-32be" | "utf32be" => Kind::Utf32 { big: true },
            other => Kind::Web(Encoding::for_label(other.as_bytes())?),
        };
        let mark = match kind {
            Kind::Utf32 { .. } => utf32(bytes).map_or(0, |(_, mark)| mark),
            Kind::Web(encoding) => match Encoding::for_bom(bytes) {
                Some((marked, length)) if marked == encoding => length,
                _ => 0,
            },
        };
        Some(Self { kind, mark })
    }

    /// The most likely encoding of a file: marks first, then zero bytes, then strict UTF-8, then statistics.
    pub fn guess(bytes: &[u8]) -> Self {
        if let Some((big, mark)) = utf32(bytes) {
            return Self { kind: Kind::Utf32 { big }, mark };
        }
        if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
            return Self { kind: Kind::Web(encoding), mark };
        }
        Self { kind: Kind::Web(unmarked_utf16(bytes).unwrap_or_else(|| eight_bit(bytes))), mark: 0 }
    }

    /// Whether ASCII characters are single bytes of the same value, so that lines may be found before decoding.
    pub fn is_ascii_like(&self) -> bool {
        matches!(self.kind, Kind::Web(encoding) if encoding.is_ascii_compatible())
    }

    /// The name that is shown.
    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::Utf32 { big: false } => "UTF-32LE",
            Kind::Utf32 { big: true } => "UTF-32BE",
            Kind::Web(encoding) => encoding.name(),
        }
    }

    /// Reads a whole file.
    pub fn decode(&self, bytes: &[u8]) -> Decoded {
        let body = bytes.get(self.mark..).unwrap_or_default();
        let (text, damaged) = match self.kind {
            Kind::Utf32 { big } => decode_utf32(body, big),
            Kind::Web(encoding) => {
                let (text, damaged) = encoding.decode_without_bom_handling(body);
                (text.into_owned(), damaged)
            }
        };
        Decoded { text, encoding: self.name().to_owned(), damaged }
    }

    /// Reads a part of a file: UTF-8 where it is that, else this encoding.
    pub fn decode_part(&self, bytes: &[u8]) -> (String, bool) {
        match (std::str::from_utf8(bytes), self.kind) {
            (Ok(text), _) => (text.to_owned(), false),
            (Err(_), Kind::Web(encoding)) => {
                let (text, damaged) = encoding.decode_without_bom_handling(bytes);
                (text.into_owned(), damaged)
            }
            (Err(_), Kind::Utf32 { .. }) => (String::from_utf8_lossy(bytes).into_owned(), true),
        }
    }
}

/// Whether this is UTF-32, its byte order and the length of its mark.
///
/// Some programs write a UTF-16 mark before UTF-32 text; the zero bytes of the text decide.
fn utf32(bytes: &[u8]) -> Option<(bool, usize)> {
    let marks: [(&[u8], usize); 4] =
        [(&[0xFF, 0xFE, 0, 0], 4), (&[0, 0, 0xFE, 0xFF], 4), (&[0xFE, 0xFF], 2), (&[0xFF, 0xFE], 2)];
    let mark = marks.iter().find(|(mark, _)| bytes.starts_with(mark)).map_or(0, |(_, length)| *length);
    let body = bytes.get(mark..)?;
    if body.len() < 4 || !body.len().is_multiple_of(4) {
        return None;
    }
    let groups = || body.chunks_exact(4).take(256);
    // The first byte of a character of UTF-32 is always zero, the second at most 0x10; characters beyond the basic
    // plane are rare enough that a list of contacts does not begin with 256 of them.
    let fits = |zero: usize, plane: usize, low: [usize; 2]| {
        groups().all(|g| g[zero] == 0 && g[plane] <= 0x10 && (g[plane] != 0 || low.iter().any(|&i| g[i] != 0)))
            && groups().filter(|g| g[plane] == 0).count() * 2 > groups().count()
    };
    match (fits(0, 1, [2, 3]), fits(3, 2, [1, 0])) {
        (true, false) => Some((true, mark)),
        (false, true) => Some((false, mark)),
        _ => None,
    }
}

fn decode_utf32(bytes: &[u8], big: bool) -> (String, bool) {
    let mut damaged = !bytes.len().is_multiple_of(4);
    let text = bytes
        .chunks_exact(4)
        .map(|g| {
            let group = [g[0], g[1], g[2], g[3]];
            let number = if big { u32::from_be_bytes(group) } else { u32::from_le_bytes(group) };
            char::from_u32(number).unwrap_or_else(|| {
                damaged = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    (text, damaged)
}

/// UTF-16 without a mark: zero bytes, pairs that all decode, no control characters, and a line end.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(64 << 10) & !1)?;
    if memchr::memchr(0, head).is_none() || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let score = |encoding: &'static Encoding| {
        let (text, damaged) = encoding.decode_without_bom_handling(head);
        let odd = |c: char| (c.is_control() && !matches!(c, '\t' | '\r' | '\n')) || c == '\u{FFFE}';
        let lines = text.contains('\n') || text.contains('\r');
        (!damaged && lines && !text.chars().any(odd)).then(|| text.chars().filter(char::is_ascii).count())
    };
    match (score(UTF_16LE), score(UTF_16BE)) {
        (Some(little), Some(big)) => Some(if little >= big { UTF_16LE } else { UTF_16BE }),
        (Some(_), None) => Some(UTF_16LE),
        (None, Some(_)) => Some(UTF_16BE),
        (None, None) => None,
    }
}

/// UTF-8 if it is, or nearly is; else what the statistics of `chardetng` say.
fn eight_bit(bytes: &[u8]) -> &'static Encoding {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    let escapes = memchr::memmem::find(bytes, b"\x1B$").is_some() || memchr::memmem::find(bytes, b"\x1B(J").is_some();
    if bad == 0 && !escapes {
        return UTF_8;
    }
    if bad > 0 && good >= 8 * bad {
        // A few damaged places in UTF-8: better to refuse those rows than to misread every other one.
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    // Statistics need no more than a sample, but it must be of lines that say something: a list may begin in ASCII.
    let mut left = DETECTOR_SAMPLE;
    for line in bytes.split_inclusive(|b| *b == b'\n').filter(|line| escapes || !line.is_ascii()) {
        let line = &line[..line.len().min(left)];
        detector.feed(line, false);
        left -= line.len();
        if left == 0 {
            break;
        }
    }
    detector.feed(b"", true);
    match detector.guess(None, Utf8Detection::Deny) {
        guess if guess == GBK => four_byte_gb(bytes),
        guess if guess == ISO_2022_JP || bad > 0 => guess,
        _ => UTF_8,
    }
}

/// GB18030 if the file uses its four-byte characters, else the older name; both are read by the same rules.
fn four_byte_gb(bytes: &[u8]) -> &'static Encoding {
    let four = |w: &[u8]| matches!(w, [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39]);
    if bytes.windows(4).any(four) { GB18030 } else { GBK }
}
