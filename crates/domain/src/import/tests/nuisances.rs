//! One small file for each nuisance, so that a failure says which one came back.

use super::*;

#[test]
fn quoted_line_ends_stay_and_lines_count() {
    let sheet = plain("name,email\r\n\"Ada\r\nKing\",ada@example.com\r\nBob,bob@example.com\r\n");
    assert_eq!(cells(&sheet), ["2: Ada\nKing|ada@example.com", "4: Bob|bob@example.com"]);
}

#[test]
fn old_mac_line_ends_are_line_ends() {
    let sheet = plain("name,email\rAda,ada@example.com\rBob,bob@example.com\r");
    assert_eq!(cells(&sheet), ["2: Ada|ada@example.com", "3: Bob|bob@example.com"]);
}

#[test]
fn a_quote_that_never_closes_costs_one_line() {
    let sheet = plain("name,email\nAda,a@example.com\nBob,\"b@example.com\nCarl,c@example.com\nDora,d@example.com\n");
    assert_eq!(cells(&sheet), ["2: Ada|a@example.com", "4: Carl|c@example.com", "5: Dora|d@example.com"]);
    assert_eq!(codes(&sheet), [(3, "quote_not_closed", true)]);
}

#[test]
fn short_rows_are_padded_and_long_ones_refused() {
    let sheet = plain("a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n");
    assert_eq!(cells(&sheet), ["2: 1|2|", "4: 1|2|3"]);
    assert_eq!(codes(&sheet), [(3, "too_many_cells", true)]);
    assert_eq!(
        sheet.problems[0].to_string(),
        "line 3: 4 cells where the header has 3: quote a value that holds the separator"
    );
}

#[test]
fn an_unquoted_separator_is_mended_only_where_that_is_certain() {
    let sheet = plain("name,street,city\nA,1 Road,X\nB,24, place Kléber,Y\n");
    assert_eq!(cells(&sheet), ["2: A|1 Road|X", "3: B|24, place Kléber|Y"]);
    assert_eq!(codes(&sheet), [(3, "joined_cells", false)]);
    let sheet = plain("name,street,city\nA, 1 Road, X\nB, 24, place Kléber, Y\n");
    assert_eq!(codes(&sheet), [(3, "too_many_cells", true)], "here every cell begins with a space");
}

#[test]
fn excel_says_its_separator() {
    let sheet = plain("sep=|\nname|note\nAda|1;2,3\n");
    assert_eq!((sheet.delimiter, cells(&sheet)), (Some('|'), vec!["3: Ada|1;2,3".to_owned()]));
}

#[test]
fn a_title_above_the_table_is_passed_over_and_told() {
    let sheet = plain("Customers of 2026\n\nname,email,city\nAda,a@example.com,Bath\nBob,b@example.com,York\n");
    assert_eq!(sheet.header, ["name", "email", "city"]);
    assert_eq!(codes(&sheet), [(1, "leading_line", true)]);
    let options = Options { skip_lines: 2, ..Options::default() };
    let sheet = read(b"x,y,z\nx,y,z\nname,email,city\nAda,a@example.com,Bath\n", &options).unwrap();
    assert_eq!(cells(&sheet), ["4: Ada|a@example.com|Bath"]);
}

#[test]
fn the_same_name_twice_is_told_apart() {
    let sheet = plain("name,phone,phone,\nAda,1,2,3\n");
    assert_eq!(sheet.header, ["name", "phone", "phone (2)", "Column 4"]);
    assert_eq!(codes(&sheet), [(1, "same_name", false)]);
}

#[test]
fn files_that_are_no_list_are_refused_with_a_word() {
    let refused = |bytes: &[u8]| read(bytes, &Options::default()).unwrap_err();
    assert_eq!(refused(b""), ReadError::Empty);
    assert_eq!(refused(b" \r\n\t\n"), ReadError::Empty);
    assert_eq!(refused(b"PK\x03\x04....").code(), "not_text");
    assert_eq!(refused(b"{\"a\": 1}").code(), "not_cards");
    assert_eq!(refused(b"[1, 2").code(), "malformed");
    assert_eq!(refused(b"<?xml version='1.0'?><a/>").code(), "not_cards");
    assert_eq!(refused(b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").code(), "malformed");
}

#[test]
fn limits_hold() {
    let small = Options { max_bytes: 10, max_cell: 8, max_cells: 4, ..Options::default() };
    assert_eq!(read(b"12345678901", &small).unwrap_err(), ReadError::TooLarge { size: 11, limit: 10 });
    let small = Options { max_bytes: 1000, ..small };
    assert_eq!(read(b"a,b\n1,2\n3,4\n", &small).unwrap_err(), ReadError::TooManyCells { limit: 4 });
    let small = Options { max_cells: 100, ..small };
    let sheet = read(b"name,city\nAda,Bath\nBob,Llanfairpwllgwyngyll\n", &small).unwrap();
    assert_eq!((sheet.rows.len(), codes(&sheet)), (1, vec![(3, "cell_too_long", true)]));
    // A cell of 10 MB is refused alone, with the limit as it ships.
    let long = format!("name,city\nAda,{}\nBob,York\n", "x".repeat(10 << 20));
    let sheet = plain(&long);
    assert_eq!((sheet.rows.len(), codes(&sheet)), (1, vec![(2, "cell_too_long", true)]));
    // Padding must not blow a small file up.
    let wide = format!("{}\n{}", "c,".repeat(900), "x\n".repeat(20_000));
    assert_eq!(read(wide.as_bytes(), &Options::default()).unwrap_err().code(), "too_many_cells_in_file");
    // Nor a file of which nothing fits.
    let wrong = format!("a,b\n{}", "1,2,3\n".repeat(150_000));
    assert_eq!(read(wrong.as_bytes(), &Options::default()).unwrap_err().code(), "too_many_problems");
    // Nor one that is nested deeply.
    let xml = format!("<?xml version='1.0'?>{}", "<a>".repeat(1_000_000));
    assert_eq!(read(xml.as_bytes(), &Options::default()).unwrap_err().code(), "malformed");
    let json = "[".repeat(1_000_000);
    assert_eq!(read(json.as_bytes(), &Options::default()).unwrap_err().code(), "malformed");
    let wide = "c,".repeat(2_000);
    assert_eq!(read(wide.as_bytes(), &Options::default()).unwrap_err().code(), "too_many_columns");
}

#[test]
fn encodings_can_be_forced() {
    let gbk: &[u8] = b"\xD0\xD5\xC3\xFB,\xCA\xD6\xBB\xFA\n\xCD\xF5\xCF\xFE\xC3\xF7,13800138000\n";
    let sheet = read(gbk, &Options { encoding: Some("gb18030".into()), ..Options::default() }).unwrap();
    assert_eq!((sheet.encoding.as_str(), cells(&sheet)), ("gb18030", vec!["2: 王晓明|13800138000".to_owned()]));
    let wrong = read(gbk, &Options { encoding: Some("utf-8".into()), ..Options::default() }).unwrap();
    assert_eq!(wrong.rows.len(), 0);
    assert!(wrong.problems.iter().all(|p| p.code == "encoding" && p.refused));
    let error = read(gbk, &Options { encoding: Some("klingon".into()), ..Options::default() }).unwrap_err();
    assert_eq!(error, ReadError::UnknownEncoding);
}

#[test]
fn one_damaged_byte_costs_one_row() {
    let mut bytes = "name,city\n".to_owned().into_bytes();
    for _ in 0..20 {
        bytes.extend("Jürgen,Köln\n".as_bytes());
    }
    bytes.extend(b"J\xFCrgen,K\xF6ln\n");
    let sheet = read(&bytes, &Options::default()).unwrap();
    assert_eq!((sheet.encoding.as_str(), sheet.rows.len()), ("UTF-8", 20));
    assert_eq!(codes(&sheet), [(22, "encoding", true)]);
}

#[test]
fn cards_with_every_habit_of_old_phones() {
    let card = b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=CD=F5;=CF=FE=\r\n=C3=F7\r\n\
        TEL;CELL:+8613800138000\r\nTEL;HOME:1\r\nTEL;WORK;VOICE:+86 755 8888 6666\r\nTEL;FAX:+86 755 1\r\n\
        ORG;CHARSET=GBK:\xD0\xC7\xB3\xBD\xB5\xE7\xD7\xD3\r\nBDAY:1980-01-01\r\nPHOTO;ENCODING=BASE64;JPEG:\r\n /9j/\r\nABCD\r\n\r\n\
        AGENT:\r\nBEGIN:VCARD\r\nFN:Somebody Else\r\nEND:VCARD\r\nEMAIL;PREF:b@example.com\r\nEMAIL:a@example.com\r\nEND:VCARD\r\n";
    let sheet = read(card, &Options::default()).unwrap();
    let named: Vec<String> =
        sheet.header.iter().zip(&sheet.rows[0].cells).map(|(name, cell)| format!("{name}={cell}")).collect();
    assert_eq!(
        named.join(" "),
        "N family=王 N given=晓明 ORG=星辰电子 EMAIL=b@example.com EMAIL 2=a@example.com \
         TEL=+86 755 8888 6666 TEL mobile=+8613800138000 TEL fax=+86 755 1"
    );
    assert_eq!(codes(&sheet), []);
    let left: Vec<String> = sheet.left_out.iter().map(|l| l.to_string()).collect();
    assert_eq!(
        left,
        [
            "left out: home address and number (no purpose needs it), in 1",
            "left out: birthday (no purpose needs it), in 1",
            "left out: photo (no purpose needs it), in 1",
            "left out: agent (no purpose needs it), in 1",
        ]
    );
}

#[test]
fn no_message_and_no_debug_holds_a_value() {
    let sheet = plain("name,email\nSecret,s@example.com,x,y\nSecret,\"s@example.com\n");
    let told = format!("{:?} {:?} {:?}", sheet, sheet.rows, sheet.problems);
    assert!(!told.contains("Secret") && !told.contains("example.com"), "{told}");
}
