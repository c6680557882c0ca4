//! LDIF (RFC 2849), as far as address books write it: entries of `attribute: value`, folded lines, base64.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Format, LeftOut, Options, Problem, ReadError, Row, Sheet, cell::Numbers, decode::Decoded, words};

/// Attributes of the directory itself; they are no one's data or repeat what other attributes say.
const TECHNICAL: [&str; 8] = [
    "dn",
    "objectclass",
    "version",
    "changetype",
    "modifytimestamp",
    "createtimestamp",
    "entryuuid",
    "mozillausehtmlmail",
];
/// How many values of one attribute an entry may have; more are problems.
const MAX_VALUES: usize = 20;

/// One entry: the line on which it begins, its values by attribute.
type Entry = (usize, Vec<(String, String)>);

pub(super) fn read(decoded: Decoded, options: &Options) -> Result<Sheet, ReadError> {
    let (mut problems, mut left_out) = (Vec::new(), Vec::new());
    let mut header: Vec<String> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut entry: Entry = (0, Vec::new());
    let lines = unfold(&decoded.text);
    // A blank line at the end closes the last entry.
    for (line, text) in lines.iter().map(|(n, t)| (*n, t.as_str())).chain([(0, "")]) {
        if text.trim().is_empty() {
            let done = std::mem::take(&mut entry);
            if !done.1.is_empty() {
                entries.push(done);
            }
            continue;
        }
        if entry.0 == 0 {
            entry.0 = line;
        }
        super::check_problems(&problems)?;
        match attribute(text) {
            Ok(None) => {}
            Ok(Some((name, value))) => take(&mut entry, line, name, value, options, &mut problems, &mut left_out),
            Err((code, what)) => problems.push(Problem::noted(line, code, what)),
        }
    }
    for (name, _) in entries.iter().flat_map(|(_, cells)| cells) {
        if !header.contains(name) {
            header.push(name.clone());
            super::check_size(entries.len(), header.len(), options)?;
        }
    }
    let rows = entries
        .into_iter()
        .map(|(line, mut cells)| {
            let mut take = |name: &String| {
                let found = cells.iter_mut().find(|(n, _)| n == name);
                found.map(|(_, value)| std::mem::take(value)).unwrap_or_default()
            };
            Row { line, cells: header.iter().map(&mut take).collect() }
        })
        .collect();
    Ok(Sheet {
        format: Format::Ldif,
        encoding: decoded.encoding,
        delimiter: None,
        named: true,
        dates: None,
        numbers: Numbers::Point,
        header,
        rows,
        problems,
        left_out,
    })
}

/// Lines with their continuations (RFC 2849: a line that begins with one space), without comments.
fn unfold(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(rest), Some((_, last))) if !last.is_empty() => last.push_str(rest),
            _ => lines.push((at + 1, line.trim_end_matches('\r').to_owned())),
        }
    }
    lines.retain(|(_, line)| !line.starts_with('#'));
    lines
}

type Told = (&'static str, &'static str);

/// `name: text`, `name:: base64`; `None` for what belongs to the directory.
fn attribute(line: &str) -> Result<Option<(String, String)>, Told> {
    let (name, value) = line.split_once(':').ok_or(("no_attribute", "this line is no attribute (name: value)"))?;
    // `mail;lang-en` is `mail` with an option.
    let name = name.split(';').next().unwrap_or(name).trim();
    if TECHNICAL.contains(&name.to_ascii_lowercase().as_str()) {
        return Ok(None);
    }
    let text = match value.as_bytes().first() {
        Some(b':') => {
            let bytes = STANDARD.decode(value[1..].trim()).map_err(|_| ("base64", "the value is broken base64"))?;
            match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(_) if words::not_collected(name).is_some() => String::new(),
                Err(_) => return Err(("encoding", "the value is not UTF-8 text")),
            }
        }
        Some(b'<') => return Err(("url_value", "a value that stands in another file is not read")),
        _ => value.trim().to_owned(),
    };
    Ok(Some((name.to_owned(), text.replace('\0', ""))))
}

fn take(
    entry: &mut Entry,
    line: usize,
    name: String,
    value: String,
    options: &Options,
    problems: &mut Vec<Problem>,
    left_out: &mut Vec<LeftOut>,
) {
    if let Some(what) = words::not_collected(&name) {
        match left_out.iter_mut().find(|l| l.what == what) {
            Some(found) => found.count += 1,
            None => left_out.push(LeftOut { what: what.to_owned(), why: words::NO_PURPOSE, count: 1 }),
        }
        return;
    }
    if value.is_empty() {
        return;
    }
    if value.len() > options.max_cell {
        let what = format!("the value is longer than {} bytes and is not read", options.max_cell);
        problems.push(Problem::noted(line, "cell_too_long", what).at(&name));
        return;
    }
    if entry.1.len() >= super::MAX_COLUMNS {
        let what = "the entry has too many attributes: the rest is not read";
        problems.push(Problem::noted(line, "too_many", what));
        return;
    }
    let twins = (1..=MAX_VALUES).map(|n| if n == 1 { name.clone() } else { format!("{name} {n}") });
    match twins.into_iter().find(|twin| !entry.1.iter().any(|(n, _)| n == twin)) {
        Some(free) => entry.1.push((free, value)),
        None => {
            let what = format!("the entry has more than {MAX_VALUES} of these: the rest is not read");
            problems.push(Problem::noted(line, "too_many", what).at(&name));
        }
    }
}
