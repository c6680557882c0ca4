//! Codes of parts, substances and trade.

use super::{compact, digits, wrong};
use crate::Invalid;

/// CAS registry number: 2 to 7 digits, 2 digits, a check digit (sum of digits by their place from the right, mod 10).
pub(super) fn cas(text: &str) -> Result<String, Invalid> {
    let text = text.trim().replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}'], "-");
    let mut parts = text.split('-');
    let (Some(first), Some(second), Some(check), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(wrong("cas_form"));
    };
    let body = digits::of(&format!("{first}{second}")).ok_or_else(|| wrong("cas_form"))?;
    let check_digit = digits::of(check).filter(|d| d.len() == 1).ok_or_else(|| wrong("cas_form"))?;
    if !(2..=7).contains(&first.len()) || second.len() != 2 || first.starts_with('0') {
        return Err(wrong("cas_form"));
    }
    let sum: u32 = body.iter().rev().zip(1..).map(|(digit, place)| digit * place).sum();
    if sum % 10 == check_digit[0] { Ok(text) } else { Err(wrong("check_digit")) }
}

/// Manufacturer part number: no two makers agree on a form, so only stray characters are refused; capitals, since
/// makers do not tell parts apart by case.
pub(super) fn mpn(text: &str) -> Result<String, Invalid> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let code = words.join(" ").to_uppercase();
    let fits = code.chars().any(|c| c.is_ascii_alphanumeric())
        && code.chars().all(|c| c.is_ascii_alphanumeric() || " .-_/+#,():=*&%".contains(c));
    if fits { Ok(code) } else { Err(wrong("mpn_form")) }
}

/// 15 CFR part 774 supplement 1: category 0–9, group A–E, three digits, then paragraphs; or EAR99. Categories and
/// groups are capitals, paragraphs small: `3A001.a.5.a`.
pub(super) fn eccn(text: &str) -> Result<String, Invalid> {
    let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if code.eq_ignore_ascii_case("EAR99") {
        return Ok("EAR99".to_owned());
    }
    let (head, tail) = code.split_once('.').map_or((code.as_str(), None), |(head, tail)| (head, Some(tail)));
    let head = head.to_uppercase();
    let head_fits =
        matches!(head.as_bytes(), [b'0'..=b'9', b'A'..=b'E', x, y, z] if [x, y, z].iter().all(|b| b.is_ascii_digit()));
    let paragraph = |p: &str| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    if !head_fits || tail.is_some_and(|tail| !tail.split('.').all(paragraph)) {
        return Err(wrong("eccn_form"));
    }
    Ok(tail.map_or(head.clone(), |tail| format!("{head}.{}", tail.to_lowercase())))
}

/// Harmonised System: chapter, heading and subheading worldwide (6 digits), more by country; written `8542.31.0000`.
pub(super) fn hts(text: &str) -> Result<String, Invalid> {
    let code = compact(text);
    if !code.bytes().all(|b| b.is_ascii_digit()) || !matches!(code.len(), 4 | 6 | 8 | 10) {
        return Err(wrong("hts_form"));
    }
    // Chapters run from 01 to 97, with 98 and 99 for national use, and 77 reserved.
    if matches!(&code[..2], "00" | "77") {
        return Err(wrong("hts_form"));
    }
    let parts = [&code[..4], code.get(4..6).unwrap_or(""), code.get(6..).unwrap_or("")];
    Ok(parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("."))
}
