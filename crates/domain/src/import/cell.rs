//! What a cell looks like: address, number, date, word. Guesses rest on this, never on names alone.

/// The order of day, month and year in a date of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 31/12/2012
    Dmy,
    /// 12/31/2012
    Mdy,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// 1,234.56
    Point,
    /// 1.234,56
    Comma,
}

/// Whether a cell says that there is no value, as databases and spreadsheets write it.
pub(super) fn is_empty(cell: &str) -> bool {
    matches!(cell.trim(), "" | "NULL" | "\\N" | "#N/A" | "(null)")
}

/// Whether it looks like one e-mail address.
pub(super) fn is_email(cell: &str) -> bool {
    let cell = cell.trim();
    let Some((local, host)) = cell.split_once('@') else { return false };
    !local.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !cell.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>'))
        && !host.contains('@')
}

/// Whether it looks like a telephone number: 7 to 15 digits and what people put between them.
pub(super) fn is_phone(cell: &str) -> bool {
    let cell = cell.trim();
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let punctuated = cell.starts_with(['+', '(']) || cell.contains([' ', '-', '/', '(']);
    (7..=15).contains(&digits)
        && (punctuated || digits >= 10)
        && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | ' ' | '-' | '/' | '.'))
        && date_parts(cell).is_none()
}

/// Whether it looks like the address of a page.
pub(super) fn is_url(cell: &str) -> bool {
    let cell = cell.trim().to_ascii_lowercase();
    ["http://", "https://", "www."].iter().any(|start| cell.starts_with(start))
}

/// Whether it is a plain number.
pub(super) fn is_number(cell: &str) -> bool {
    let cell = cell.trim().trim_start_matches(['-', '+']);
    cell.starts_with(|c: char| c.is_ascii_digit()) && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
}

/// The three numbers of a date such as 3/30/12, 31.12.2012 or 2014-01-02, as written.
pub(super) fn date_parts(cell: &str) -> Option<(char, [&str; 3])> {
    let cell = cell.trim();
    let cell = cell.split([' ', 'T']).next().unwrap_or(cell);
    let mark = cell.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '.' | '-'))?;
    let mut parts = cell.split(mark);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    let digits = |p: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit())
    };
    let good = parts.next().is_none()
        && (digits(three[0], 4..=4) && digits(three[1], 1..=2) && digits(three[2], 1..=2)
            || digits(three[0], 1..=2)
                && digits(three[1], 1..=2)
                && (digits(three[2], 4..=4) || digits(three[2], 2..=2)));
    good.then_some((mark, three))
}

/// What the dates of a file say about their order: a number above 12 is a day.
#[derive(Default)]
pub(super) struct DateEvidence {
    day_first: usize,
    month_first: usize,
    dotted: usize,
}

impl DateEvidence {
    pub fn see(&mut self, cell: &str) {
        let Some((mark, [a, b, _])) = date_parts(cell).filter(|(_, p)| p[0].len() < 4) else { return };
        let number = |p: &str| p.parse::<u8>().unwrap_or(0);
        self.day_first += usize::from(number(a) > 12 && number(b) <= 12);
        self.month_first += usize::from(number(b) > 12 && number(a) <= 12);
        self.dotted += usize::from(mark == '.');
    }

    /// The order that the file shows; `None` without evidence or with contradicting evidence.
    pub fn order(&self) -> Option<DateOrder> {
        match (self.day_first, self.month_first) {
            (0, 0) if self.dotted > 0 => Some(DateOrder::Dmy),
            (1.., 0) => Some(DateOrder::Dmy),
            (0, 1..) => Some(DateOrder::Mdy),
            _ => None,
        }
    }
}

/// What the numbers of a file say about their decimal sign.
#[derive(Default)]
pub(super) struct NumberEvidence {
    point: usize,
    comma: usize,
}

impl NumberEvidence {
    pub fn see(&mut self, cell: &str) {
        let cell = cell.trim();
        if !is_number(cell) {
            return;
        }
        let cell = cell.trim_start_matches(['-', '+']);
        let Some(at) = cell.rfind(['.', ',']) else { return };
        let (mark, decimals) = (cell.as_bytes()[at], cell.len() - at - 1);
        let groups = |text: &str, mark: u8| {
            let mut groups = text.split(char::from(mark));
            groups.next().is_some_and(|g| (1..=3).contains(&g.len())) && groups.all(|g| g.len() == 3)
        };
        let other = if mark == b',' { b'.' } else { b',' };
        let decimal = match (cell.matches(char::from(mark)).count(), cell.contains(char::from(other))) {
            // 1.234,56: the one that comes last and once is the decimal sign.
            (1, true) if groups(&cell[..at], other) => Some(mark),
            // 200.000.000: a sign that repeats separates thousands.
            (2.., false) if groups(cell, mark) => Some(other),
            // 1,234 may be either; 1,5 and 0,1234 may not.
            (1, false) if decimals != 3 && decimals > 0 => Some(mark),
            _ => None,
        };
        self.comma += usize::from(decimal == Some(b','));
        self.point += usize::from(decimal == Some(b'.'));
    }

    pub fn style(&self) -> Numbers {
        if self.comma > self.point { Numbers::Comma } else { Numbers::Point }
    }
}

/// The shape of a cell: runs of letters, digits and marks, each as one sign (`row1-1` is `a9-9`).
pub(super) fn shape(cell: &str) -> String {
    let mut shape = String::new();
    for c in cell.trim().chars().take(64) {
        let class = match c {
            c if c.is_ascii_digit() => '9',
            c if c.is_alphabetic() && c.is_uppercase() => 'A',
            c if c.is_alphabetic() => 'a',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if !shape.ends_with(class) {
            shape.push(class);
        }
    }
    shape
}

/// Whether it is a Chinese mobile number, with or without country code, or an international one that starts so.
pub(super) fn is_mobile(cell: &str) -> bool {
    let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
    let bare = digits.strip_prefix("86").unwrap_or(&digits);
    cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-'))
        && bare.len() == 11
        && bare.starts_with('1')
        && !matches!(bare.as_bytes().get(1), Some(b'0'..=b'2'))
}

/// Whether it has the form of a Chinese identity number (GB 11643-1999): 17 digits with a plausible date, then a digit
/// or X. Used to leave such a column out, never to read it.
pub(super) fn is_identity_number(cell: &str) -> bool {
    let bytes = cell.trim().as_bytes();
    let number = |range: std::ops::Range<usize>| {
        bytes.get(range).and_then(|b| std::str::from_utf8(b).ok()).and_then(|t| t.parse::<u32>().ok()).unwrap_or(0)
    };
    bytes.len() == 18
        && bytes[..17].iter().all(u8::is_ascii_digit)
        && (bytes[17].is_ascii_digit() || matches!(bytes[17], b'X' | b'x'))
        && (1900..2100).contains(&number(6..10))
        && (1..=12).contains(&number(10..12))
        && (1..=31).contains(&number(12..14))
}

/// Whether it is a form of address: Mr., Frau, 女士.
pub(super) fn is_honorific(cell: &str) -> bool {
    const WORDS: [&str; 20] = [
        "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "mx", "herr", "frau", "m", "mme", "mlle", "sr", "sra", "先生",
        "女士", "小姐", "老师", "博士",
    ];
    WORDS.contains(&cell.trim().trim_end_matches('.').to_lowercase().as_str())
}

/// Whether it looks like a Chinese name: two to four Han characters, nothing else.
pub(super) fn is_chinese_name(cell: &str) -> bool {
    let cell = cell.trim();
    (2..=4).contains(&cell.chars().count()) && cell.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}
