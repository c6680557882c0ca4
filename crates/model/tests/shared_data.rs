//! Codes and phone numbers that others collected. The data lie beside the repository; without them these tests say so
//! and pass.

use std::path::PathBuf;

use model::{Check, Kind, phone};

fn data(path: &str) -> Option<PathBuf> {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(path);
    if file.exists() {
        return Some(file);
    }
    eprintln!("{path} is not here: nothing tested");
    None
}

#[test]
fn codes_with_check_digits() {
    let Some(file) = data("pii/numbers/stdnum_vectors.csv") else { return };
    let mut wrong = Vec::new();
    let mut tested = 0;
    for row in csv::ReaderBuilder::new().flexible(true).from_path(file).unwrap().records() {
        let row = row.unwrap();
        let (Some(kind), Some(number), Some(expected)) = (row.get(0), row.get(1), row.get(2)) else { continue };
        let check = match kind {
            "cn_uscc" => Check::Uscc,
            "lei" => Check::Lei,
            "casrn" => Check::Cas,
            "eu_vat" => Check::EuVat,
            _ => continue,
        };
        // One-stop-shop numbers (EU…) belong to sellers without a seat in the Union, who are no customers with a VAT number.
        if number.starts_with("EU") || !matches!(expected, "valid" | "invalid") {
            continue;
        }
        // A Romanian person's number tells birth date and sex; we take numbers of companies only.
        if number == "RO 1630615123457" {
            assert!(check.normal(number).is_err());
            continue;
        }
        tested += 1;
        if check.normal(number).is_ok() != (expected == "valid") {
            wrong.push(format!("{kind} {number} is {expected}: {:?}", check.normal(number).map_err(|e| e.code())));
        }
    }
    assert!(tested > 500, "only {tested}");
    assert!(wrong.is_empty(), "{} of {tested}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn phone_numbers_of_every_country() {
    let Some(file) = data("reference/phone_examples.csv") else { return };
    let mut wrong = Vec::new();
    let mut tested = 0;
    for row in csv::Reader::from_path(file).unwrap().records() {
        let row = row.unwrap();
        let (code, region, national) = (&row[0], &row[1], &row[3]);
        let expected = format!("+{code}{national}");
        tested += 1;
        let mut check = |how: &str, got: Result<String, model::Invalid>| {
            if got.as_ref().ok() != Some(&expected) {
                wrong.push(format!("{region} {} {how} {expected}: {got:?}", &row[2]));
            }
        };
        check("plain", phone::parse(&expected));
        check("00", phone::parse(&format!("00{code} {national}")));
        check("shown", phone::parse(&Kind::Phone.display(&model::Value::Text(expected.clone()), false)));
    }
    assert!(tested > 500, "only {tested}");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), tested * 3, wrong.join("\n"));
}
