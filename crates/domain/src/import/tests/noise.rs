//! Whatever the bytes are, the reader answers and does not panic.

use proptest::prelude::*;

use super::*;

/// Pieces that steer the reader into every branch more often than plain noise does.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        &b"BEGIN:VCARD\r\n"[..],
        b"END:VCARD\n",
        b"VERSION:2.1\n",
        b"N;ENCODING=QUOTED-PRINTABLE:=C3=",
        b"=\r\n",
        b"TEL;CELL:",
        b"AGENT:\n",
        b"PHOTO;ENCODING=b:/9j/",
        b"\n ",
        b"dn: cn=x\n",
        b"mail:: ",
        b"[\"vcard\",[[\"fn\",{},\"text\",\"x\"]]]",
        b"<vcard xmlns=\"urn:ietf:params:xml:ns:vcard-4.0\"><fn>",
        b"</fn></vcard>",
        b"\"",
        b"\"\"",
        b",",
        b";",
        b"\t",
        b"|",
        b"\r",
        b"\n",
        b"\0",
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\x00\x00\xFE\xFF",
        b"\xEF\xBB\xBF",
        b"\x1B$B",
        b"sep=;\n",
        b"Email,Name\n",
        "姓名,手机\n".as_bytes(),
        b"\xD0\xD5\xC3\xFB",
        b"31/12/2012",
        b"1.234,5",
        b"\\",
        b":",
        b"a@b.example",
    ];
    prop_oneof![
        4 => prop::sample::select(known.to_vec()).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..12),
    ]
}

fn check(bytes: &[u8], options: &Options) {
    if let Ok(sheet) = read(bytes, options) {
        assert!(
            sheet.rows.iter().all(|row| row.cells.len() == sheet.header.len()),
            "every row is as wide as the header"
        );
        let lines = 1 + bytes.iter().filter(|b| matches!(b, b'\n' | b'\r')).count();
        assert!(sheet.rows.iter().all(|row| (1..=lines).contains(&row.line)), "every row is somewhere in the file");
        for object in super::objects() {
            let mapping = guess(&sheet, object);
            for row in &sheet.rows {
                let _ = to_fields(row, &mapping, object);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn reading_never_panics(pieces in prop::collection::vec(piece(), 0..40)) {
        check(&pieces.concat(), &Options::default());
    }

    #[test]
    fn nor_does_it_when_forced(
        pieces in prop::collection::vec(piece(), 0..20),
        format in prop::sample::select(vec![Format::Csv, Format::Vcard, Format::Jcard, Format::Xcard, Format::Ldif]),
        encoding in prop::option::of(prop::sample::select(vec!["utf-8", "gbk", "utf-16le", "utf-32be", "shift_jis", "iso-2022-jp"])),
        header in prop::option::of(any::<bool>()),
        skip_lines in 0..5usize,
    ) {
        let encoding = encoding.map(str::to_owned);
        let options = Options { format: Some(format), encoding, header, skip_lines, max_cell: 64, ..Options::default() };
        check(&pieces.concat(), &options);
    }

    #[test]
    fn what_a_spreadsheet_writes_comes_back(
        rows in prop::collection::vec(prop::collection::vec("[^\r\0\u{FEFF}]{1,12}", 3), 2..8),
    ) {
        let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(["first name", "last name", "email"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let options = Options { delimiter: Some(','), encoding: Some("utf-8".into()), format: Some(Format::Csv), ..Options::default() };
        let sheet = read(&writer.into_inner().unwrap(), &options).unwrap();
        let wanted: Vec<_> = rows.iter().filter(|r| r.iter().any(|c| !c.trim().is_empty())).cloned().collect();
        let found: Vec<_> = sheet.rows.into_iter().map(|row| row.cells).collect();
        prop_assert_eq!(found, wanted);
    }
}
