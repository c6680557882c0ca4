//! Codes of companies.

use super::{compact, digits, wrong};
use crate::Invalid;

/// GB 32100-2015: 18 characters of an alphabet without I, O, S, V, Z; the last by weights 3^i mod 31.
pub(super) fn uscc(text: &str) -> Result<String, Invalid> {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let code = compact(text);
    let values: Option<Vec<u32>> =
        code.chars().map(|c| ALPHABET.find(c).and_then(|place| u32::try_from(place).ok())).collect();
    let values = values.filter(|v| v.len() == 18).ok_or_else(|| wrong("uscc_form"))?;
    // Places 3 to 8 are the code of an administrative division: digits.
    if !code[2..8].bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong("uscc_form"));
    }
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    if (31 - sum % 31) % 31 == values[17] { Ok(code) } else { Err(wrong("check_digit")) }
}

/// ISO 17442: 18 letters and digits, two check digits by ISO 7064 mod 97-10.
pub(super) fn lei(text: &str) -> Result<String, Invalid> {
    let code = compact(text);
    let form = code.len() == 20
        && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && code.bytes().skip(18).all(|b| b.is_ascii_digit());
    if !form {
        return Err(wrong("lei_form"));
    }
    if digits::mod_97(&code) == Some(1) { Ok(code) } else { Err(wrong("check_digit")) }
}
