//! Fixed-point numbers: millionths in 64 bits, exact to six decimals up to about nine trillion.

use std::fmt::Write;

use crate::Invalid;

use super::text::{narrow, trim};

pub(crate) const ONE: i64 = 1_000_000;

/// The millionths of a decimal text. Commas are accepted where they group by three, never as a decimal sign.
pub(crate) fn parse(text: &str, decimals: u8, min: Option<i64>, max: Option<i64>) -> Result<i64, Invalid> {
    let bad = || Invalid::new("number_form");
    let text = narrow(trim(text)).replace('\u{2212}', "-");
    if text.is_empty() {
        return Err(Invalid::new("empty"));
    }
    let (minus, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = ungroup(whole).ok_or_else(bad)?;
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(&whole) || !all_digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return Err(bad());
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > usize::from(decimals.min(6)) {
        return Err(Invalid::limited("too_many_decimals", decimals));
    }
    // The largest whole number that fits in millionths, for the message.
    let too_large = || Invalid::limited("too_large", show(max.unwrap_or(i64::MAX / ONE * ONE)));
    let too_small = || Invalid::limited("too_small", show(min.unwrap_or(i64::MIN / ONE * ONE)));
    let beyond = || if minus { too_small() } else { too_large() };
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| beyond())? };
    let part: i64 = format!("{fraction:0<6}").parse().map_err(|_| bad())?;
    let value = whole.checked_mul(ONE).and_then(|v| v.checked_add(part)).ok_or_else(beyond)?;
    let value = if minus { -value } else { value };
    if min.is_some_and(|min| value < min) {
        return Err(too_small());
    }
    if max.is_some_and(|max| value > max) {
        return Err(too_large());
    }
    Ok(value)
}

/// `1,234,567` without its commas; `None` where they do not group by three.
fn ungroup(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let good = (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3);
    good.then(|| whole.replace(',', ""))
}

/// The shortest decimal text: `1234.5`.
pub(crate) fn show(value: i64) -> String {
    let (whole, part) = (value.unsigned_abs() / ONE as u64, value.unsigned_abs() % ONE as u64);
    let mut text = String::new();
    if value < 0 {
        text.push('-');
    }
    // Writing to a string cannot fail.
    let _ = write!(text, "{whole}");
    if part != 0 {
        let _ = write!(text, ".{part:06}");
        text.truncate(text.trim_end_matches('0').len());
    }
    text
}

/// For people: grouped by three, with at least `least` decimals: `1,234.50`.
pub(crate) fn display(value: i64, least: usize) -> String {
    let plain = show(value);
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    if fraction.is_empty() && least == 0 {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}.{fraction:0<least$}")
    }
}
