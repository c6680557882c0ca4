//! Phone numbers in E.164, with an extension where there is one.
//!
//! The canonical form is `+8675588886666;ext=801` (RFC 3966). Whether a number is in service is not asked: number plans
//! change, so only the country code and the length must fit.

use phonenumber::country;

use crate::Invalid;

use super::text::{narrow, trim};

/// The canonical form of a number as people write it, by the rule of phone fields: `+` and the country code, or `00`
/// for the `+`, or a plain Chinese mobile number (11 digits from 13 to 19).
pub fn parse(text: &str) -> Result<String, Invalid> {
    parse_in(text, None)
}

/// The same; a number without country code is read as one of `region` (ISO 3166-1 alpha-2), as an import of one
/// country's list wants it.
pub fn parse_in(text: &str, region: Option<&str>) -> Result<String, Invalid> {
    let narrow = narrow(trim(text)).to_lowercase();
    if narrow.is_empty() {
        return Err(Invalid::new("empty"));
    }
    let (main, extension) = split_extension(&narrow)?;
    let main = main.strip_prefix("tel:").unwrap_or(main).trim();
    if main.chars().any(|c| !(c.is_ascii_digit() || "+-./() \u{a0}\u{2010}\u{2011}\u{2012}\u{2013}".contains(c))) {
        return Err(Invalid::new("phone_form"));
    }
    let plus = main.starts_with('+') || main.starts_with("(+");
    // "+49 (0)30 …": the zero in brackets is dialled from inside the country only.
    let main = if plus { main.replace("(0)", "") } else { main.to_owned() };
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    if main.chars().filter(|c| *c == '+').count() > usize::from(plus) || digits.is_empty() {
        return Err(Invalid::new("phone_form"));
    }
    let (digits, region) = match (plus, region) {
        (true, _) => (digits, None),
        (false, _) if digits.starts_with("00") => (digits[2..].to_owned(), None),
        (false, _) if is_chinese_mobile(&digits) => (format!("86{digits}"), None),
        (false, Some(region)) => (digits, Some(region)),
        (false, None) => return Err(Invalid::new("phone_form")),
    };
    let number = match region {
        Some(region) => national(&digits, region)?,
        None => international(&digits)?,
    };
    Ok(match extension {
        Some(extension) => format!("{number};ext={extension}"),
        None => number,
    })
}

/// 11 digits from 13 to 19.
fn is_chinese_mobile(digits: &str) -> bool {
    digits.len() == 11 && is_mobile_prefix(digits)
}

fn is_mobile_prefix(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// Splits `ext. 801`, `x801`, `#801`, `转 801`, `分机 801` off.
fn split_extension(text: &str) -> Result<(&str, Option<&str>), Invalid> {
    for mark in [";ext=", "extension", "ext.", "ext", "转", "分机", "durchwahl", "x", "#"] {
        if let Some((main, extension)) = text.split_once(mark) {
            let extension = extension.trim_matches([' ', ':', '.', '-', '：']);
            if extension.is_empty() || extension.len() > 8 || !extension.bytes().all(|b| b.is_ascii_digit()) {
                return Err(Invalid::new("phone_form"));
            }
            return Ok((main.trim_end_matches([' ', ',', ';', '-', '(']), Some(extension)));
        }
    }
    Ok((text, None))
}

/// E.164 of digits that begin with the country code.
fn international(digits: &str) -> Result<String, Invalid> {
    let code = calling_code(digits);
    let plans = code.parse().ok().and_then(|code: u16| phonenumber::metadata::DATABASE.by_code(&code));
    let plans = plans.ok_or_else(|| Invalid::new("phone_country"))?;
    let national = &digits[code.len()..];
    // A digit too few is the commonest slip, and the plan's pattern lets it pass. (168… are short premium numbers.)
    if code == "86" && is_mobile_prefix(national) && national.len() != 11 && !national.starts_with("168") {
        return Err(Invalid::new("phone_length"));
    }
    // A number that fits as it stands is taken as it stands: the parser would strip what looks like a trunk prefix.
    let fits = code == "86" && is_chinese_mobile(national)
        || plans.iter().any(|plan| plan.descriptors().general().is_match(national));
    if fits && digits.len() <= 15 { Ok(format!("+{digits}")) } else { e164(&format!("+{digits}"), None, code) }
}

/// E.164 of digits as dialled inside a region.
fn national(digits: &str, region: &str) -> Result<String, Invalid> {
    let id: country::Id = region.to_ascii_uppercase().parse().map_err(|_| Invalid::new("phone_country"))?;
    let code = phonenumber::metadata::DATABASE.by_id(id.as_ref()).map(|m| m.country_code().to_string());
    e164(digits, Some(id), &code.ok_or_else(|| Invalid::new("phone_country"))?)
}

fn e164(text: &str, region: Option<country::Id>, code: &str) -> Result<String, Invalid> {
    let number = phonenumber::parse(region, text).map_err(|_| Invalid::new("phone_length"))?;
    let national = number.national().to_string();
    let fits = match code {
        // A plan whose length is fixed and will stay so.
        "1" => national.len() == 10,
        _ => national.len() >= 4 && code.len() + national.len() <= 15,
    };
    if fits { Ok(format!("+{code}{national}")) } else { Err(Invalid::new("phone_length")) }
}

/// The country code that digits begin with: one digit for zones 1 and 7, two for the countries ITU gave two, else
/// three (ITU-T E.164 annex, list of assigned codes).
pub(crate) fn calling_code(digits: &str) -> &str {
    const TWO: &[&str] = &[
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    let len = match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        _ if digits.get(..2).is_some_and(|two| TWO.contains(&two)) => 2,
        _ => 3,
    };
    digits.get(..len).unwrap_or_default()
}

/// Country code, national number and extension of a canonical form.
pub(crate) fn parts(canonical: &str) -> (&str, &str, Option<&str>) {
    let (number, extension) = canonical.split_once(";ext=").map_or((canonical, None), |(n, e)| (n, Some(e)));
    let digits = number.strip_prefix('+').unwrap_or(number);
    let code = calling_code(digits);
    (code, &digits[code.len()..], extension)
}

/// For people: `+86 138 0013 8000`, `+49 30 901820 ext. 12`, grouped as the country does.
pub(crate) fn display(canonical: &str, zh: bool) -> String {
    let (code, national, extension) = parts(canonical);
    let number = match code {
        // The commonest form here, without the parser.
        "86" if national.len() == 11 && national.is_ascii() => {
            format!("+86 {} {} {}", &national[..3], &national[3..7], &national[7..])
        }
        _ => {
            let plain = format!("+{code}{national}");
            let grouped = phonenumber::parse(None, &plain)
                .map(|number| number.format().mode(phonenumber::Mode::International).to_string())
                .ok()
                // Where the parser takes away what looks like a trunk prefix, digits without groups are better than fewer.
                .filter(|text| text.bytes().filter(u8::is_ascii_digit).eq(plain.bytes().skip(1)));
            grouped.unwrap_or_else(|| format!("+{code} {national}"))
        }
    };
    match extension {
        Some(extension) if zh => format!("{number} 转 {extension}"),
        Some(extension) => format!("{number} ext. {extension}"),
        None => number,
    }
}
