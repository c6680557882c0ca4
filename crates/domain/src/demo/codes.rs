//! Registration codes with right check digits.

/// A unified social credit code (GB 32100-2015) of an enterprise registered in this division (six digits).
pub(super) fn uscc(division: &str, number: usize) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let code = format!("91{division}{}", organisation(number));
    let mut weight = 1;
    let mut sum = 0;
    for byte in code.bytes() {
        sum += ALPHABET.iter().position(|a| *a == byte).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    format!("{code}{}", char::from(ALPHABET[(31 - sum % 31) % 31]))
}

/// An organisation code (GB 11714-1997): `MA` and six characters, then a check character.
fn organisation(number: usize) -> String {
    const DIGITS: &[u8; 30] = b"0123456789ABCDEFGHJKLMNPQRTUWX";
    let mut rest = number;
    let mut body: Vec<u8> = Vec::with_capacity(8);
    for _ in 0..6 {
        body.push(DIGITS[rest % 30]);
        rest /= 30;
    }
    body.extend(b"AM");
    body.reverse();
    // Letters count from 10 for A, without gaps, in this older code; its check never is I, O, S, V or Z.
    let value = |b: u8| if b.is_ascii_digit() { usize::from(b - b'0') } else { usize::from(b - b'A') + 10 };
    let sum: usize = body.iter().zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(b, weight)| value(*b) * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + u8::try_from(digit).unwrap_or(0)),
    };
    format!("{}{check}", String::from_utf8_lossy(&body))
}

/// A legal entity identifier (ISO 17442) of this issuer (four characters).
pub(super) fn lei(issuer: &str, number: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mixed = number * 7_919 + 104_729;
    let body: String = [1, 31, 997, 29_791].iter().map(|step| char::from(DIGITS[mixed / step % 36])).collect();
    // The number itself, so that no two are alike whatever was mixed in.
    let own = format!("{number:08}");
    let code = format!("{issuer}00{body}{own}");
    format!("{code}{:02}", 98 - mod_97(&format!("{code}00")))
}

fn mod_97(text: &str) -> u32 {
    text.chars().fold(0, |rest, c| {
        let value = c.to_digit(36).unwrap_or(0);
        if value < 10 { (rest * 10 + value) % 97 } else { (rest * 100 + value) % 97 }
    })
}

/// A German VAT number: eight digits and a check digit (ISO 7064 mod 11,10).
pub(super) fn german_vat(number: usize) -> String {
    let body = format!("{:08}", 10_000_000 + number % 89_999_999);
    let product = body.bytes().fold(10, |product, b| {
        let sum = (product + usize::from(b - b'0')) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    format!("DE{body}{}", (11 - product) % 10)
}
