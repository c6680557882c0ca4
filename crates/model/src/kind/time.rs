//! Days and instants.

use jiff::{Timestamp, civil::Date};

use crate::Invalid;

use super::text::{narrow, trim};

/// A day, year first: `2026-11-23`, `2026/11/23`, `2026.11.23`, `20261123`, `2026年11月23日`. Forms that begin with the
/// day or the month are refused, since 03/04 means two days.
pub(crate) fn date(text: &str) -> Result<Date, Invalid> {
    let bad = || Invalid::new("date_form");
    let text = narrow(trim(text));
    if text.is_empty() {
        return Err(Invalid::new("empty"));
    }
    let parts: Vec<&str> = match text.strip_suffix('日') {
        Some(chinese) => chinese.split(['年', '月']).map(str::trim).collect(),
        None if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) => {
            vec![&text[..4], &text[4..6], &text[6..]]
        }
        None => {
            let sign = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| "-/.".contains(*c)).ok_or_else(bad)?;
            text.split(sign).collect()
        }
    };
    let [year, month, day] = parts[..] else { return Err(bad()) };
    let number = |s: &str, len: std::ops::RangeInclusive<usize>| -> Result<i16, Invalid> {
        if !len.contains(&s.len()) || !s.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        s.parse().map_err(|_| bad())
    };
    let (year, month, day) = (number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?);
    let small = |n: i16| i8::try_from(n).map_err(|_| bad());
    Date::new(year, small(month)?, small(day)?).map_err(|_| bad())
}

/// An instant in RFC 3339, any offset; kept in UTC to the microsecond, the way it is stored.
pub(crate) fn time(text: &str) -> Result<Timestamp, Invalid> {
    let text = trim(text);
    if text.is_empty() {
        return Err(Invalid::new("empty"));
    }
    // jiff also reads time-zone annotations; RFC 3339 knows none.
    if text.contains(['[', ']']) {
        return Err(Invalid::new("time_form"));
    }
    let at: Timestamp = text.parse().map_err(|_| Invalid::new("time_form"))?;
    Ok(kernel::timestamp(kernel::micros(at)))
}
