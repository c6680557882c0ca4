//! Comma-separated values, as programs really write them.

use csv::{ReaderBuilder, StringRecord, Terminator};
use memchr::memchr_iter;

use super::{
    Format, Options, Problem, ReadError, Row, Sheet,
    cell::{self, DateEvidence, NumberEvidence},
    decode::Decoded,
    words,
};

/// The separators that are tried, most usual first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Separates nothing: no text holds it. Used for files of one column.
const NO_DELIMITER: u8 = 0x1F;
/// How many rows the guesses look at.
const SAMPLE_ROWS: usize = 200;
/// After this many quotes that never close the rest of the file is refused at once.
const MAX_OPEN_QUOTES: usize = 16;

pub(super) fn read(decoded: Decoded, options: &Options) -> Result<Sheet, ReadError> {
    let Decoded { text, encoding, damaged } = decoded;
    let text = newlines(text);
    let mut at = skip(&text, options.skip_lines);
    let (line, stated) = excel_hint(&text[at..]);
    at += line;
    let delimiter = match (options.delimiter, stated) {
        (Some(c), _) if c.is_ascii() && !matches!(c, '"' | '\n' | '\r' | '\0') => c as u8,
        (Some(_), _) => return Err(ReadError::BadDelimiter),
        (None, Some(c)) => c,
        (None, None) => guess_delimiter(&text[at..]),
    };
    let mut problems = Vec::new();
    let mut raw = rows(&text, at, delimiter, damaged, options, &mut problems)?;
    if raw.is_empty() && problems.is_empty() {
        return Err(ReadError::Empty);
    }
    pass_over_titles(&mut raw, &mut problems);
    let width = raw.first().map_or(0, |row| row.cells.len());
    super::check_size(raw.len(), width, options)?;
    let named = options.header.unwrap_or_else(|| has_header(&raw));
    let header = header(&mut raw, named, &mut problems);
    super::check_size(raw.len(), header.len(), options)?;
    let (header, rows) = fit(header, raw, named, delimiter, &mut problems);
    super::check_problems(&problems)?;

    let (mut dates, mut numbers) = (DateEvidence::default(), NumberEvidence::default());
    for cell in rows.iter().take(5_000).flat_map(|row| &row.cells) {
        dates.see(cell);
        numbers.see(cell);
    }
    problems.sort_by_key(|p| p.line);
    Ok(Sheet {
        format: Format::Csv,
        encoding,
        delimiter: (delimiter != NO_DELIMITER).then_some(char::from(delimiter)),
        named,
        dates: options.dates.or_else(|| dates.order()),
        numbers: numbers.style(),
        header,
        rows,
        problems,
        left_out: Vec::new(),
    })
}

/// One kind of line end: CR LF, CR CR LF and the lone CR of old Macs become LF, so that lines count as in an editor.
fn newlines(text: String) -> String {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return text;
    }
    if memchr::memchr(b'\n', text.as_bytes()).is_none() {
        return text.replace('\r', "\n");
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\r') {
        let run = rest[at..].bytes().take_while(|&b| b == b'\r').count();
        clean.push_str(&rest[..at]);
        let after = &rest[at + run..];
        if !after.starts_with('\n') {
            clean.push_str(&rest[at..at + run]);
        }
        rest = after;
    }
    clean.push_str(rest);
    clean
}

fn skip(text: &str, lines: usize) -> usize {
    match lines {
        0 => 0,
        n => memchr_iter(b'\n', text.as_bytes()).nth(n - 1).map_or(text.len(), |at| at + 1),
    }
}

/// The `sep=;` line that Excel reads and writes: its length and the separator.
fn excel_hint(text: &str) -> (usize, Option<u8>) {
    let line = text.split('\n').next().unwrap_or_default();
    match line.strip_prefix("sep=").map(str::as_bytes) {
        Some(&[delimiter]) => ((line.len() + 1).min(text.len()), Some(delimiter)),
        _ => (0, None),
    }
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .terminator(Terminator::Any(b'\n'))
        .buffer_capacity(64 << 10)
        .from_reader(text.as_bytes())
}

/// The separator under which most rows have the same number of cells, more than one.
fn guess_delimiter(text: &str) -> u8 {
    let mut end = text.len().min(256 << 10);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[..end];
    let score = |delimiter: u8| {
        let widths: Vec<usize> = reader(sample, delimiter)
            .into_records()
            .take(SAMPLE_ROWS)
            .filter_map(Result::ok)
            .map(|record| record.len())
            .collect();
        let usual = widths.iter().filter(|w| **w > 1).max_by_key(|w| widths.iter().filter(|x| x == w).count())?;
        let same = widths.iter().filter(|w| *w == usual).count();
        // In thousandths, so that the comparison is exact; wider wins among equals.
        let split = widths.first().is_some_and(|w| *w > 1) || same * 10 >= widths.len() * 3;
        split.then_some((same * 1000 / widths.len(), *usual))
    };
    let mut best: Option<((usize, usize), u8)> = None;
    for delimiter in DELIMITERS {
        if let Some(score) = score(delimiter).filter(|s| best.is_none_or(|(b, _)| *s > b)) {
            best = Some((score, delimiter));
        }
    }
    best.map_or(NO_DELIMITER, |(_, delimiter)| delimiter)
}

/// Reads every row from byte `from` on; rows that cannot be read become problems.
fn rows(
    text: &str,
    from: usize,
    delimiter: u8,
    damaged: bool,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Row>, ReadError> {
    let (mut rows, mut cells, mut open_quotes) = (Vec::new(), 0usize, 0usize);
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut start = from;
    'again: loop {
        let mut reader = reader(&text[start..], delimiter);
        let mut record = StringRecord::new();
        loop {
            let begins = start + usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            // The input is a `str` in memory, so neither I/O nor UTF-8 can fail.
            if !matches!(reader.read_record(&mut record), Ok(true)) {
                break 'again;
            }
            let ends = start + usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            let begins = begins + text[begins..].bytes().take_while(|&b| b == b'\n').count();
            let line = lines.of(begins);
            if ends >= text.len() && quote_stays_open(&text.as_bytes()[begins..], delimiter) {
                open_quotes += 1;
                let next = memchr::memchr(b'\n', &text.as_bytes()[begins..]).map(|at| begins + at + 1);
                let rest = if open_quotes == MAX_OPEN_QUOTES { ", nor the lines after it" } else { "" };
                let what = format!("a quote is opened and never closed: this line is not read{rest}");
                problems.push(Problem::refused(line, "quote_not_closed", what));
                match next {
                    Some(next) if open_quotes < MAX_OPEN_QUOTES => {
                        start = next;
                        continue 'again;
                    }
                    _ => break 'again,
                }
            }
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            cells += record.len();
            if cells > options.max_cells {
                return Err(ReadError::TooManyCells { limit: options.max_cells });
            }
            match row(&record, line, damaged, options, problems) {
                Ok(row) => rows.push(row),
                Err(problem) => problems.push(problem),
            }
            super::check_problems(problems)?;
        }
    }
    Ok(rows)
}

fn row(
    record: &StringRecord,
    line: usize,
    damaged: bool,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Result<Row, Problem> {
    let column = |at: usize| format!("column {}", at + 1);
    if let Some(at) = record.iter().position(|cell| cell.len() > options.max_cell) {
        let what = format!("the cell is longer than {} bytes", options.max_cell);
        return Err(Problem::refused(line, "cell_too_long", what).at(&column(at)));
    }
    if damaged && let Some(at) = record.iter().position(|cell| cell.contains(char::REPLACEMENT_CHARACTER)) {
        let what = "some bytes are not text in this encoding: choose another encoding";
        return Err(Problem::refused(line, "encoding", what).at(&column(at)));
    }
    let clean = |cell: &str| if cell.contains('\0') { cell.replace('\0', "") } else { cell.to_owned() };
    if let Some(at) = record.iter().position(|cell| cell.contains('\0')) {
        problems.push(Problem::noted(line, "zero_byte", "a zero byte was taken out").at(&column(at)));
    }
    Ok(Row { line, cells: record.iter().map(clean).collect() })
}

/// Counts lines forward, so that all the counting together reads the text once.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, byte: usize) -> usize {
        if let Some(between) = self.text.get(self.at..byte) {
            self.line += memchr_iter(b'\n', between).count();
            self.at = byte;
        }
        self.line
    }
}

/// Whether a record that begins here is still inside a quote at the end of the text.
///
/// The `csv` reader ends the record there and does not say so; this follows the same rules.
fn quote_stays_open(text: &[u8], delimiter: u8) -> bool {
    #[derive(PartialEq)]
    enum At {
        Start,
        Plain,
        Quoted,
        QuoteInQuoted,
    }
    let mut at = At::Start;
    for &byte in text {
        at = match (at, byte) {
            (At::Start, b'"') | (At::QuoteInQuoted, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::QuoteInQuoted,
            (At::Quoted, _) => At::Quoted,
            (_, b'\n') => return false,
            (_, byte) if byte == delimiter => At::Start,
            _ => At::Plain,
        };
    }
    at == At::Quoted
}

/// Passes over a title above the table: rows with one cell where most rows have several.
fn pass_over_titles(rows: &mut Vec<Row>, problems: &mut Vec<Problem>) {
    let usual = most_usual(rows.iter().take(SAMPLE_ROWS).map(|r| r.cells.len()));
    if usual < 3 {
        return;
    }
    let titles = rows.iter().take_while(|r| r.cells.len() == 1).count();
    if titles < rows.len() {
        for row in rows.drain(..titles) {
            let what = "this line stands above the table and is not read";
            problems.push(Problem::refused(row.line, "leading_line", what));
        }
    }
}

fn most_usual(widths: impl Iterator<Item = usize>) -> usize {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for width in widths {
        match counts.iter_mut().find(|(w, _)| *w == width) {
            Some((_, count)) => *count += 1,
            None => counts.push((width, 1)),
        }
    }
    counts.iter().max_by_key(|(width, count)| (*count, *width)).map_or(0, |(width, _)| *width)
}

/// Whether the first row names the columns: it does if it has a word that names columns, it does not if it holds an
/// address, a number or a date, or if its cells have the shape of the cells below them.
fn has_header(rows: &[Row]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return true };
    if first.cells.iter().any(|cell| words::names_a_column(cell)) {
        return true;
    }
    let data = |cell: &str| {
        cell::is_email(cell)
            || cell::is_phone(cell)
            || cell::is_url(cell)
            || cell::is_number(cell)
            || cell::date_parts(cell).is_some()
    };
    if first.cells.iter().any(|cell| data(cell)) {
        return false;
    }
    let (mut alike, mut unlike) = (0, 0);
    for (at, cell) in first.cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
        let below = rest.iter().take(50).filter_map(|r| r.cells.get(at)).filter(|c| !c.trim().is_empty());
        let shapes: Vec<String> = below.map(|c| cell::shape(c)).collect();
        let share = |shape: &String| shapes.iter().filter(|s| *s == shape).count();
        // Words look like names of columns anyway; only shapes with digits tell.
        let usual = shapes.iter().filter(|s| s.contains('9')).max_by_key(|s| share(s));
        if let Some(usual) = usual.filter(|s| share(s) * 5 >= shapes.len() * 3) {
            if cell::shape(cell) == *usual { alike += 1 } else { unlike += 1 }
        }
    }
    alike <= unlike
}

/// The names of the columns, each once.
fn header(rows: &mut Vec<Row>, named: bool, problems: &mut Vec<Problem>) -> Vec<String> {
    if !named || rows.is_empty() {
        let width = rows.iter().take(SAMPLE_ROWS).map(|r| r.cells.len()).max().unwrap_or(0);
        return (1..=width).map(|n| format!("Column {n}")).collect();
    }
    let first = rows.remove(0);
    let mut names: Vec<String> = Vec::with_capacity(first.cells.len());
    for (at, cell) in first.cells.iter().enumerate() {
        let mut name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        name.retain(|c| !c.is_control());
        if name.is_empty() {
            name = format!("Column {}", at + 1);
        }
        if names.contains(&name) {
            let twin = (2..).map(|n| format!("{name} ({n})")).find(|twin| !names.contains(twin));
            let what = "another column has the same name: this one is told apart by a number";
            problems.push(Problem::noted(first.line, "same_name", what).at(&name));
            name = twin.unwrap_or(name);
        }
        names.push(name);
    }
    names
}

/// Makes every row as wide as the header: pads short rows, mends or refuses rows with more values than columns, and
/// takes away the nameless empty columns that spreadsheets leave at the right.
fn fit(
    mut header: Vec<String>,
    rows: Vec<Row>,
    named: bool,
    delimiter: u8,
    problems: &mut Vec<Problem>,
) -> (Vec<String>, Vec<Row>) {
    let filled = |row: &Row| row.cells.iter().rposition(|c| !c.trim().is_empty()).map_or(0, |at| at + 1);
    if named {
        let widest = rows.iter().map(filled).filter(|w| *w <= header.len()).max().unwrap_or(0);
        let nameless = |(at, name): (usize, &String)| *name == format!("Column {}", at + 1);
        while header.len() > widest.max(1) && header.iter().enumerate().next_back().is_some_and(nameless) {
            header.pop();
        }
    }
    let width = header.len();
    let spaced = rows.iter().filter(|r| filled(r) <= width).flat_map(|r| &r.cells).any(|c| follows_a_space(c));
    let mut fitted = Vec::with_capacity(rows.len());
    for mut row in rows {
        let found = filled(&row);
        if found > width && !spaced && mend(&mut row, width, delimiter) {
            let what =
                "a value holds the separator without quotes: joined with the next cell, which begins with a space";
            problems.push(Problem::noted(row.line, "joined_cells", what));
        } else if found > width {
            if problems.len() > super::MAX_PROBLEMS {
                break;
            }
            let what = format!("{found} cells where the header has {width}: quote a value that holds the separator");
            problems.push(Problem::refused(row.line, "too_many_cells", what));
            continue;
        }
        row.cells.resize(width, String::new());
        fitted.push(row);
    }
    (header, fitted)
}

/// `24, place Kléber` without quotes: where no other row of the file has a space after the separator, a cell that
/// begins with one belongs to the cell before it.
fn mend(row: &mut Row, width: usize, delimiter: u8) -> bool {
    let mut cells: Vec<String> = Vec::with_capacity(width);
    for cell in &row.cells {
        match cells.last_mut() {
            Some(last) if follows_a_space(cell) => {
                last.push(char::from(delimiter));
                last.push_str(cell);
            }
            _ => cells.push(cell.clone()),
        }
    }
    let fits = cells.len() == width;
    if fits {
        row.cells = cells;
    }
    fits
}

fn follows_a_space(cell: &str) -> bool {
    cell.starts_with(' ') && !cell.trim().is_empty()
}
