//! `cargo test -p domain --release -- --ignored speed --nocapture` prints how fast files are read.

use std::{fs, time::Instant};

use super::*;

fn measure(name: &str, bytes: &[u8], object: &model::Object) {
    let begun = Instant::now();
    let sheet = read(bytes, &Options::default()).unwrap();
    let reading = begun.elapsed();
    let mapping = guess(&sheet, object);
    let guessing = begun.elapsed() - reading;
    let good = sheet.rows.iter().filter(|row| to_fields(row, &mapping, object).is_ok()).count();
    let typing = begun.elapsed() - reading - guessing;
    let rows = sheet.rows.len();
    println!(
        "{name}: {rows} rows, {} bytes: read {reading:?} ({:.0} rows/s), guess {guessing:?}, fields {typing:?} ({:.0} rows/s), {good} good",
        bytes.len(),
        rows as f64 / reading.as_secs_f64(),
        rows as f64 / typing.as_secs_f64(),
    );
}

#[test]
#[ignore = "measures; run it with --release"]
fn speed() {
    let contact = object("contact");
    if let Ok(bytes) = fs::read(format!("{}/crm/salesforce-dataloader/20kRows.csv", files::DATA)) {
        measure("Salesforce 20kRows.csv", &bytes, contact);
    }
    let demo = crate::demo::Demo::new(1).sized(crate::demo::Sizes::for_contacts(200_000));
    let mut csv = String::from("姓,名,邮箱,手机,职务,国家\n");
    let mut cards = String::new();
    for person in demo.contacts() {
        let text = |field: &str| person.record.text(field).unwrap_or_default().to_owned();
        let (family, given, email) = (text("family_name"), text("given_name"), text("email"));
        let (mobile, title) = (text("mobile"), text("job_title"));
        csv += &format!("{family},{given},{email},{mobile},{title},{}\n", text("country"));
        cards += &format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:{family};{given};;;\r\nEMAIL:{email}\r\nTEL;TYPE=CELL:{mobile}\r\nTITLE:{title}\r\nEND:VCARD\r\n"
        );
    }
    measure("CSV of 20 000 contacts", csv.split_inclusive('\n').take(20_001).collect::<String>().as_bytes(), contact);
    measure("CSV of 200 000 contacts", csv.as_bytes(), contact);
    let (gbk, ..) = encoding_rs::GBK.encode(&csv);
    measure("the same in GBK", &gbk, contact);
    measure("200 000 vCards", cards.as_bytes(), contact);
    let noise = "\"a\",".repeat(15 << 20);
    let begun = Instant::now();
    let refused = read(noise.as_bytes(), &Options::default()).unwrap_err();
    println!("60 MiB in one line: {refused} after {:?}", begun.elapsed());
}
