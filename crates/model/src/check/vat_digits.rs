//! The check digits of VAT numbers, state by state. States whose rule is not published, or not kept by every number in
//! use (Bulgarian and Latvian numbers of persons, old Czech ones), are judged by form alone.

use super::digits::{luhn, mod_11_10, mod_97, of, remainder, weighted};

/// Whether the check digits of a number of the right form hold.
pub(super) fn hold(state: &str, body: &str) -> bool {
    match state {
        "ES" => spain(body),
        "FR" => france(body),
        "IE" => ireland(body),
        "CY" => cyprus(body),
        "AT" => of(&body[1..]).is_some_and(|d| austria(&d)),
        "NL" => netherlands(body),
        "GB" | "XI" => britain(body),
        _ => of(body).is_some_and(|d| by_digits(state, &d)),
    }
}

fn by_digits(state: &str, d: &[u32]) -> bool {
    match state {
        "BE" => (97 - remainder(&d[..8], 97)) == d[8] * 10 + d[9],
        "DE" => d[0] != 0 && mod_11_10(d),
        "HR" => mod_11_10(d),
        "DK" => d[0] != 0 && weighted(d, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11),
        "EE" => weighted(d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10),
        "EL" => weighted(d, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == d[8],
        "FI" => weighted(d, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11),
        "HU" => weighted(d, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10),
        "IT" => italy(d),
        "LT" => lithuania(d),
        "LU" => remainder(&d[..6], 89) == d[6] * 10 + d[7],
        "LV" => latvia(d),
        "MT" => weighted(d, &[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37),
        "PL" => weighted(d, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == d[9],
        "PT" => d[0] != 0 && (11 - weighted(d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == d[8],
        "RO" => romania(d),
        "SE" => luhn(&d[..10]),
        "SI" => d[0] != 0 && slovenia(d),
        "SK" => d[0] != 0 && matches!(d[2], 2..=4 | 7..=9) && remainder(d, 11) == 0,
        "BG" => d.len() == 10 || bulgaria(d),
        "CZ" => czechia(d),
        _ => true,
    }
}

fn austria(d: &[u32]) -> bool {
    let sum: u32 = d[..7]
        .iter()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => *digit,
            _ => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    (96 - sum) % 10 == d[7]
}

fn bulgaria(d: &[u32]) -> bool {
    let first = weighted(d, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
    let check = if first == 10 { weighted(d, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10 } else { first };
    check == d[8]
}

fn cyprus(body: &str) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let Some(d) = of(&body[..8]) else { return false };
    let sum: u32 =
        d.iter().enumerate().map(|(place, digit)| if place % 2 == 0 { ODD[*digit as usize] } else { *digit }).sum();
    // 12 was never given out.
    !body.starts_with("12") && body.chars().last().and_then(|c| c.to_digit(36)) == Some(sum % 26 + 10)
}

/// Companies have eight digits; sole traders nine (before 1954, without a check digit) or ten.
fn czechia(d: &[u32]) -> bool {
    match d.len() {
        8 => {
            let check = match weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11 {
                0 => 1,
                1 => 0,
                rest => 11 - rest,
            };
            d[0] != 9 && d[7] == check
        }
        10 => remainder(&d[..9], 11) % 10 == d[9],
        _ => true,
    }
}

/// NIF, NIE and the codes of companies and bodies.
fn spain(body: &str) -> bool {
    const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    const BODY_LETTERS: &[u8] = b"JABCDEFGHI";
    let bytes = body.as_bytes();
    let (first, last) = (bytes[0], bytes[8]);
    let nif = |digits: &str| of(digits).is_some_and(|d| LETTERS.get(remainder(&d, 23) as usize) == Some(&last));
    match first {
        b'0'..=b'9' => nif(&body[..8]),
        b'K' | b'L' | b'M' => nif(&body[1..8]),
        b'X' => nif(&format!("0{}", &body[1..8])),
        b'Y' => nif(&format!("1{}", &body[1..8])),
        b'Z' => nif(&format!("2{}", &body[1..8])),
        b'A'..=b'H' | b'J' | b'N' | b'P'..=b'S' | b'U' | b'V' | b'W' => {
            let Some(d) = of(&body[1..8]) else { return false };
            let sum: u32 = d
                .iter()
                .enumerate()
                .map(|(place, digit)| if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
                .sum();
            let check = (10 - sum % 10) % 10;
            let digit = last == b'0' + check as u8;
            let letter = BODY_LETTERS.get(check as usize) == Some(&last);
            match first {
                b'A' | b'B' | b'E' | b'H' => digit,
                b'N' | b'P' | b'Q' | b'R' | b'S' | b'W' => letter,
                _ => digit || letter,
            }
        }
        _ => false,
    }
}

/// Two characters before the SIREN: digits by mod 97, or with a letter by the newer rule; Monaco's SIREN has no check.
fn france(body: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let (key, siren) = body.split_at(2);
    let Some(siren) = of(siren) else { return false };
    if siren[..3] != [0, 0, 0] && !luhn(&siren) {
        return false;
    }
    let number = siren.iter().fold(0_u64, |n, d| n * 10 + u64::from(*d));
    if let Ok(key) = key.parse::<u64>() {
        return (number * 100 + 12) % 97 == key;
    }
    let place = |at: usize| key.chars().nth(at).and_then(|c| ALPHABET.find(c)).and_then(|p| u64::try_from(p).ok());
    let (Some(first), Some(second)) = (place(0), place(1)) else { return false };
    let check = if first < 10 {
        // A digit, then a letter.
        (first * 24 + second).checked_sub(10)
    } else {
        (first * 34 + second).checked_sub(100)
    };
    check.is_some_and(|check| (number + 1 + check / 11) % 11 == check % 11)
}

/// Nine digits by mod 97 in the old or the new (less 55) range; branches add three; government and health bodies GD, HA.
fn britain(body: &str) -> bool {
    if let Some(number) = body.strip_prefix("GD") {
        return number < "500";
    }
    if let Some(number) = body.strip_prefix("HA") {
        return number >= "500";
    }
    let Some(d) = of(&body[..9]) else { return false };
    let sum = weighted(&d, &[8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97;
    matches!(sum, 0 | 42 | 55)
}

fn ireland(body: &str) -> bool {
    const ALPHABET: &str = "WABCDEFGHIJKLMNOPQRSTUV";
    let letter = |sum: u32| ALPHABET.chars().nth(sum as usize % 23);
    let value = |c: Option<char>| c.and_then(|c| ALPHABET.find(c)).and_then(|p| u32::try_from(p).ok()).unwrap_or(0);
    let check = body.chars().nth(7);
    let sum = match of(&body[..7]) {
        Some(d) => weighted(&d, &[8, 7, 6, 5, 4, 3, 2]) + 9 * value(body.chars().nth(8)),
        // Until 2013 the second place could hold a letter, + or *.
        None => {
            let old = format!("0{}{}", &body[2..7], &body[..1]);
            match of(&old) {
                Some(d) => weighted(&d, &[8, 7, 6, 5, 4, 3, 2]),
                None => return false,
            }
        }
    };
    check == letter(sum)
}

fn italy(d: &[u32]) -> bool {
    let office = d[7] * 100 + d[8] * 10 + d[9];
    let known = matches!(office, 1..=100 | 120 | 121 | 888 | 999);
    d[..7].iter().any(|digit| *digit != 0) && known && luhn(d)
}

fn lithuania(d: &[u32]) -> bool {
    let Some((last, body)) = d.split_last() else { return false };
    let sum = |from: u32| body.iter().zip(from..).map(|(digit, place)| digit * (1 + place % 9)).sum::<u32>() % 11;
    let first = sum(0);
    let check = if first == 10 { sum(2) % 10 } else { first };
    body.last() == Some(&1) && check == *last
}

/// Companies begin with 4 to 9 and have a check digit; persons do not always.
fn latvia(d: &[u32]) -> bool {
    d[0] <= 3 || weighted(d, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3
}

/// Companies by their number (test of eleven); sole traders since 2020 by mod 97.
fn netherlands(body: &str) -> bool {
    let Some(d) = of(&body[..9]) else { return false };
    let sum = weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]);
    let company = (sum + 11 * 10 - d[8]).is_multiple_of(11) && d.iter().any(|digit| *digit != 0);
    company || mod_97(&format!("NL{body}")) == Some(1)
}

fn romania(d: &[u32]) -> bool {
    let Some((last, body)) = d.split_last() else { return false };
    const WEIGHTS: [u32; 9] = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    d[0] != 0 && weighted(body, &WEIGHTS[9 - body.len()..]) * 10 % 11 % 10 == *last
}

fn slovenia(d: &[u32]) -> bool {
    let check = 11 - weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11;
    // 11 would be a check digit of no number; 10 is written 0.
    check != 11 && check % 10 == d[7]
}
