//! Codes with a form and, where they have them, check digits. Each normalises what people write to one spelling.

mod company;
mod digits;
mod trade;
mod vat;
mod vat_digits;

use crate::Invalid;

/// The form that a text must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// Unified social credit code of the People's Republic of China (GB 32100-2015).
    Uscc,
    /// Legal entity identifier (ISO 17442).
    Lei,
    /// VAT number of an EU state, Great Britain or Northern Ireland.
    EuVat,
    /// CAS registry number.
    Cas,
    /// Manufacturer part number.
    Mpn,
    /// Export control classification number (EAR, and the EU's dual-use list, which shares its form).
    Eccn,
    /// Harmonised tariff code: 4, 6, 8 or 10 digits.
    Hts,
}

impl Check {
    /// Every check.
    pub const EVERY: [Self; 7] = [Self::Uscc, Self::Lei, Self::EuVat, Self::Cas, Self::Mpn, Self::Eccn, Self::Hts];

    /// The word in definitions.
    pub fn word(self) -> &'static str {
        match self {
            Self::Uscc => "uscc",
            Self::Lei => "lei",
            Self::EuVat => "eu_vat",
            Self::Cas => "cas",
            Self::Mpn => "mpn",
            Self::Eccn => "eccn",
            Self::Hts => "hts",
        }
    }

    /// The one spelling of a code, or why it is none.
    pub fn normal(self, text: &str) -> Result<String, Invalid> {
        let text = crate::kind::text::narrow(text);
        match self {
            Self::Uscc => company::uscc(&text),
            Self::Lei => company::lei(&text),
            Self::EuVat => vat::normal(&text),
            Self::Cas => trade::cas(&text),
            Self::Mpn => trade::mpn(&text),
            Self::Eccn => trade::eccn(&text),
            Self::Hts => trade::hts(&text),
        }
    }
}

/// Capitals without blanks, hyphens and dots, as codes are grouped for reading.
fn compact(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '/' | ':'))
        .collect::<String>()
        .to_uppercase()
}

fn wrong(code: &'static str) -> Invalid {
    Invalid::new(code)
}
