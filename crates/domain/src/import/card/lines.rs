//! Physical lines into logical ones: unfolding, soft line breaks, every kind of line end.

/// One logical line, and the physical line on which it begins.
pub(super) struct Line {
    pub number: usize,
    pub bytes: Vec<u8>,
}

/// The logical lines of a file.
///
/// A line that begins with a space or a tab continues the one before (RFC 6350 §3.2, vCard 2.1 §2.1.3). A
/// quoted-printable line that ends with `=` goes on in the next one (RFC 2045 §6.7).
pub(super) fn unfold(source: &[u8]) -> Vec<Line> {
    let mark = if memchr::memchr(b'\n', source).is_some() { b'\n' } else { b'\r' };
    let source = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source);
    let mut lines: Vec<Line> = Vec::new();
    let mut soft = false;
    for (at, physical) in source.split(|b| *b == mark).enumerate() {
        let end = physical.iter().rposition(|b| *b != b'\r').map_or(0, |last| last + 1);
        let physical = &physical[..end];
        match lines.last_mut() {
            Some(line) if soft => line.bytes.extend_from_slice(physical),
            Some(line) if physical.first().is_some_and(|b| matches!(b, b' ' | b'\t')) && !line.bytes.is_empty() => {
                line.bytes.extend_from_slice(&physical[1..]);
            }
            _ => lines.push(Line { number: at + 1, bytes: physical.to_vec() }),
        }
        soft = lines.last_mut().is_some_and(|line| {
            let goes_on = line.bytes.ends_with(b"=") && is_quoted_printable(&line.bytes);
            if goes_on {
                line.bytes.pop();
            }
            goes_on
        });
    }
    lines
}

/// Whether the parameters before the colon say so, as `ENCODING=QUOTED-PRINTABLE` or, in 2.1, bare.
fn is_quoted_printable(line: &[u8]) -> bool {
    let head = line.split(|b| *b == b':').next().unwrap_or_default();
    head.split(|b| *b == b';').skip(1).any(|parameter| {
        let value = parameter.rsplit(|b| *b == b'=').next().unwrap_or_default();
        value.trim_ascii().eq_ignore_ascii_case(b"QUOTED-PRINTABLE")
    })
}
