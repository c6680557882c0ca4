//! VAT numbers: the form of every state, as the European Commission's VIES publishes it.

use super::{compact, vat_digits, wrong};
use crate::Invalid;

/// The number with its two letters and without blanks.
pub(super) fn normal(text: &str) -> Result<String, Invalid> {
    let code = compact(text);
    let (Some(state), Some(body)) = (code.get(..2), code.get(2..)) else { return Err(wrong("vat_country")) };
    // Greece writes EL; people write GR.
    let state = if state == "GR" { "EL" } else { state };
    let forms = FORMS.iter().find(|(name, _)| *name == state).ok_or_else(|| wrong("vat_country"))?.1;
    let body = match state {
        // Belgian numbers of nine digits were given a leading zero in 2005.
        "BE" if body.len() == 9 => format!("0{body}"),
        // Dutch ones are written without their leading zeros at times.
        "NL" if body.contains('B') => format!("{body:0>12}"),
        _ => body.to_owned(),
    };
    if !forms.iter().any(|form| fits(form, &body)) {
        return Err(wrong("vat_form"));
    }
    if vat_digits::hold(state, &body) { Ok(format!("{state}{body}")) } else { Err(wrong("check_digit")) }
}

/// `9` stands for a digit, `A` for a capital, `*` for either (and `+` `*` themselves in old Irish numbers); others for
/// themselves.
fn fits(form: &str, body: &str) -> bool {
    form.len() == body.len()
        && form.bytes().zip(body.bytes()).all(|(form, b)| match form {
            b'9' => b.is_ascii_digit(),
            b'A' => b.is_ascii_uppercase(),
            b'*' => b.is_ascii_digit() || b.is_ascii_uppercase(),
            b'?' => b.is_ascii_digit() || b.is_ascii_uppercase() || matches!(b, b'+' | b'*'),
            other => b == other,
        })
}

const FORMS: &[(&str, &[&str])] = &[
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["A9999999A", "A99999999", "99999999A"]),
    ("FI", &["99999999"]),
    ("FR", &["**999999999"]),
    ("GB", &["999999999", "999999999999", "GD999", "HA999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9?99999A", "9999999A", "9999999AA"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    // Not the 13 digits of a Romanian person: they tell birth date and sex.
    ("RO", &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"]),
    ("SE", &["999999999901", "999999999902", "999999999903", "999999999904", "999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999", "GD999", "HA999"]),
];
