//! Kinds, checks and masks: what is accepted, how it reads, and properties that hold for every value.

use std::cmp::Ordering;

use jiff::Timestamp;
use kernel::RecordId;
use model::{Catalog, Check, Choice, Invalid, Kind, Label, Mask, Value, phone, shipped};
use proptest::prelude::*;

fn choices() -> Vec<Choice> {
    let choice = |value: &str, en: &str, zh: &str| Choice {
        value: value.to_owned(),
        label: Label { en: en.to_owned(), zh: zh.to_owned() },
    };
    vec![choice("oem", "OEM", "整机厂"), choice("ems", "Contract maker", "代工厂"), choice("other", "Other", "其他")]
}

const TEXT: Kind = Kind::Text { max: 200, check: None };
const LONG: Kind = Kind::LongText { max: 10_000 };
const NUMBER: Kind = Kind::Number { decimals: 6, min: None, max: None };

#[expect(clippy::unwrap_used, reason = "a literal that is a name")]
fn money() -> Kind {
    Kind::Money { currency: kernel::FieldName::new("currency").unwrap() }
}

/// What a kind makes of a text: the canonical form, or the code of the refusal.
fn made(kind: &Kind, text: &str) -> String {
    kind.parse(text).map_or_else(|invalid| invalid.code().to_owned(), |value| kind.show(&value))
}

fn all(kind: &Kind, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(made(kind, text), *expected, "{text:?}");
    }
}

#[test]
fn texts() {
    all(
        &TEXT,
        &[
            ("  Ada\u{3000}", "Ada"),
            ("", "empty"),
            ("\u{feff} \t", "empty"),
            ("a\u{202e}b", "control_character"),
            ("a\nb", "control_character"),
            ("a\0", "control_character"),
        ],
    );
    assert_eq!(made(&TEXT, &"字".repeat(200)), "字".repeat(200));
    assert_eq!(made(&TEXT, &"字".repeat(201)), "too_long");
    all(&LONG, &[("a\r\nb\tc\r", "a\nb\tc"), ("a\u{1b}[31m", "control_character")]);
}

#[test]
fn emails() {
    all(
        &Kind::Email,
        &[
            (" Ada.Lovelace+crm@Example.COM ", "Ada.Lovelace+crm@example.com"),
            ("王晓明@例子.中国", "王晓明@例子.中国"),
            ("用户＠example．cn", "用户@example.cn"),
            ("a@b.c", "a@b.c"),
            ("δοκιμή@παράδειγμα.ευ", "δοκιμή@παράδειγμα.ευ"),
            ("", "empty"),
            ("ada", "email_form"),
            ("ada@", "email_form"),
            ("@example.com", "email_form"),
            ("ada@localhost", "email_form"),
            ("ada@127.0.0.1", "email_form"),
            ("ada@[127.0.0.1]", "email_form"),
            ("ada@example..com", "email_form"),
            ("ada@-example.com", "email_form"),
            (".ada@example.com", "email_form"),
            ("a..b@example.com", "email_form"),
            ("a b@example.com", "email_form"),
            ("\"a b\"@example.com", "email_form"),
            ("Ada <ada@example.com>", "email_form"),
            ("a@example.com, b@example.com", "email_form"),
            ("ada@exam\u{202e}ple.com", "email_form"),
            ("ada@example.com\r\nBcc: all@example.com", "email_form"),
        ],
    );
    assert_eq!(made(&Kind::Email, &format!("{}@example.com", "a".repeat(65))), "email_form");
}

#[test]
fn phones() {
    all(
        &Kind::Phone,
        &[
            ("13800138000", "+8613800138000"),
            ("138 0013 8000", "+8613800138000"),
            ("１３８００１３８０００", "+8613800138000"),
            ("+86 (0)755-8888 6666 转 801", "+8675588886666;ext=801"),
            ("+86-755-88886666-", "+8675588886666"),
            ("0086 138 0013 8000", "+8613800138000"),
            ("tel:+49-30-901820;ext=12", "+4930901820;ext=12"),
            ("+49 (0)30 901820", "+4930901820"),
            ("+49 030 901820", "+4930901820"),
            ("+1 (415) 555-2671 ext. 33", "+14155552671;ext=33"),
            ("+1 415 555 2671 x33", "+14155552671;ext=33"),
            ("+44 07911 123456", "+447911123456"),
            ("+39 06 698 12345", "+390669812345"),
            ("+852 2345 6789", "+85223456789"),
            ("", "empty"),
            ("call me", "phone_form"),
            ("030 901820", "phone_form"),
            ("12345", "phone_form"),
            ("+49 30 901820 or 901821", "phone_form"),
            ("+86 138 0013 800", "phone_length"),
            ("+1 415 555 267", "phone_length"),
            ("+49 30 90182012345678", "phone_length"),
            ("+999 123456", "phone_country"),
            ("+", "phone_form"),
            ("++49 30 901820", "phone_form"),
        ],
    );
    let german = |text: &str| phone::parse_in(text, Some("DE")).map_err(|e| e.code());
    assert_eq!(german("030 901820"), Ok("+4930901820".to_owned()));
    assert_eq!(german("+86 13800138000"), Ok("+8613800138000".to_owned()));
    assert_eq!(phone::parse_in("0755-8888 6666", Some("CN")).unwrap(), "+8675588886666");
    assert_eq!(phone::parse_in("(415) 555-2671", Some("us")).unwrap(), "+14155552671");
    assert_eq!(phone::parse_in("415", Some("??")).unwrap_err().code(), "phone_country");

    let display = |text: &str, zh| Kind::Phone.display(&Kind::Phone.parse(text).unwrap(), zh);
    assert_eq!(display("13800138000", false), "+86 138 0013 8000");
    assert_eq!(display("+86 755 88886666 ext 801", true), "+86 755 8888 6666 转 801");
    assert_eq!(display("+49 30 901820 ext 12", false), "+49 30 901820 ext. 12");
    // An extension leads to a desk, not to another number: look-up ignores it.
    let key = |text: &str| Kind::Phone.exact_key(&Kind::Phone.parse(text).unwrap()).unwrap();
    assert_eq!(key("+86 755 88886666 ext 801"), key("0086 755 8888-6666"));
}

#[test]
fn web_addresses() {
    all(
        &Kind::Url,
        &[
            ("HTTPS://Example.com/Path?q=1#f", "https://example.com/Path?q=1#f"),
            ("http://例子.中国:8080", "http://例子.中国:8080"),
            ("www.example.com", "https://www.example.com"),
            ("example.com/go?to=http://x", "https://example.com/go?to=http://x"),
            ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
            ("javascript:alert(1)", "url_form"),
            ("javascript://example.com/%0aalert(1)", "url_form"),
            ("ftp://example.com", "url_form"),
            ("https://", "url_form"),
            ("https://localhost", "url_form"),
            ("https://a b.com", "url_form"),
            ("https://example.com/\"onclick=", "url_form"),
            ("https://ada:secret@example.com", "url_credentials"),
            ("https://example.com:99999", "url_form"),
            ("", "empty"),
        ],
    );
}

#[test]
fn numbers_dates_times() {
    all(
        &NUMBER,
        &[
            ("1,234.50", "1234.5"),
            ("-0.000001", "-0.000001"),
            ("１２", "12"),
            ("+7", "7"),
            (".5", "0.5"),
            ("9223372036854.775807", "9223372036854.775807"),
            ("9223372036855", "too_large"),
            ("-99999999999999999999", "too_small"),
            ("0.0000001", "too_many_decimals"),
            ("12,34", "number_form"),
            ("1e3", "number_form"),
            ("1.2.3", "number_form"),
            ("-", "number_form"),
            (".", "number_form"),
            ("NaN", "number_form"),
            ("", "empty"),
        ],
    );
    let percent = Kind::Number { decimals: 0, min: Some(0), max: Some(100_000_000) };
    all(
        &percent,
        &[("100", "100"), ("101", "too_large"), ("-1", "too_small"), ("0.5", "too_many_decimals"), ("7.0", "7")],
    );
    assert_eq!(percent.parse("101").unwrap_err().to_string(), "enter 100 or less");
    assert_eq!(money().display(&Value::Number(1_234_500_000), false), "1,234.50");
    assert_eq!(money().display(&Value::Number(-1_234_567_000_000), false), "-1,234,567.00");
    assert_eq!(money().display(&Value::Number(12_345), false), "0.012345");
    assert_eq!(NUMBER.display(&Value::Number(1_000_000_000_000), false), "1,000,000");
    all(
        &Kind::Date,
        &[
            ("2026-11-23", "2026-11-23"),
            ("2026/1/5", "2026-01-05"),
            ("2026.11.23", "2026-11-23"),
            ("20261123", "2026-11-23"),
            ("2026年1月5日", "2026-01-05"),
            ("2026-02-29", "date_form"),
            ("23.11.2026", "date_form"),
            ("11/23/2026", "date_form"),
            ("2026-11", "date_form"),
            ("2026-11/23", "date_form"),
            ("", "empty"),
        ],
    );
    all(
        &Kind::Time,
        &[
            ("2026-11-23T14:08:00+08:00", "2026-11-23T06:08:00Z"),
            ("2026-11-23T06:08:00.1234567Z", "2026-11-23T06:08:00.123456Z"),
            ("2026-11-23 06:08:00Z", "2026-11-23T06:08:00Z"),
            ("2026-11-23T14:08:00", "time_form"),
            ("2026-11-23T14:08:00[Asia/Shanghai]", "time_form"),
            ("2026-11-23T14:08:00+08:00[Asia/Shanghai]", "time_form"),
            ("yesterday", "time_form"),
        ],
    );
}

#[test]
fn choices_and_the_rest() {
    let (one, many) = (Kind::Choice(choices()), Kind::ManyChoice(choices()));
    all(
        &one,
        &[
            ("ems", "ems"),
            ("EMS", "ems"),
            ("代工厂", "ems"),
            ("contract maker", "ems"),
            ("odm", "not_a_choice"),
            ("", "empty"),
        ],
    );
    assert_eq!(one.parse("odm").unwrap_err().to_string(), "choose one of: oem, ems, other");
    all(
        &many,
        &[
            ("other; OEM", "oem,other"),
            ("代工厂、其他", "ems,other"),
            ("oem,oem", "oem"),
            (" , ", "empty"),
            ("oem,odm", "not_a_choice"),
        ],
    );
    assert_eq!(one.display(&one.parse("ems").unwrap(), true), "代工厂");
    assert_eq!(many.display(&many.parse("ems,oem").unwrap(), false), "OEM, Contract maker");
    all(&Kind::YesNo, &[("是", "yes"), ("FALSE", "no"), ("1", "yes"), ("maybe", "yes_no_form"), ("", "empty")]);
    assert_eq!(Kind::YesNo.display(&Value::YesNo(true), true), "是");
    all(
        &Kind::File,
        &[("0190c0de-0000-7000-8000-000000000001", "0190c0de-0000-7000-8000-000000000001"), ("../etc", "file_form")],
    );
    assert_eq!(one.compare(&one.parse("other").unwrap(), &one.parse("ems").unwrap()), Ordering::Greater);
    assert_eq!(TEXT.compare(&Value::Text("ada".into()), &Value::Text("Bob".into())), Ordering::Less);
}

#[test]
fn codes() {
    let code = |check: Check, text: &str| check.normal(text).unwrap_or_else(|e| e.code().to_owned());
    assert_eq!(code(Check::Uscc, "91110000 600037341l"), "91110000600037341L");
    assert_eq!(code(Check::Uscc, "91110000600037341N"), "check_digit");
    assert_eq!(code(Check::Uscc, "9111000060003734"), "uscc_form");
    assert_eq!(code(Check::Uscc, "911100006000373四1"), "uscc_form");
    assert_eq!(code(Check::Lei, "5493-0001-8TDV-HWGL-NZ95-4"), "lei_form");
    assert_eq!(code(Check::Lei, "54930018tdvhwglnz954"), "54930018TDVHWGLNZ954");
    assert_eq!(code(Check::Lei, "54930018TDVHWGLNZ945"), "check_digit");
    assert_eq!(code(Check::EuVat, "de 136 695 976"), "DE136695976");
    assert_eq!(code(Check::EuVat, "GR 094259216"), "EL094259216");
    assert_eq!(code(Check::EuVat, "DE136695978"), "check_digit");
    assert_eq!(code(Check::EuVat, "DE12"), "vat_form");
    assert_eq!(code(Check::EuVat, "US123456789"), "vat_country");
    assert_eq!(code(Check::EuVat, "é"), "vat_country");
    assert_eq!(code(Check::Cas, "7440-50-8"), "7440-50-8");
    assert_eq!(code(Check::Cas, "7440-50-9"), "check_digit");
    assert_eq!(code(Check::Mpn, " lm358dr/nopb "), "LM358DR/NOPB");
    assert_eq!(code(Check::Mpn, "RC0402FR-0710KL<script>"), "mpn_form");
    assert_eq!(code(Check::Mpn, "---"), "mpn_form");
    assert_eq!(code(Check::Eccn, "3a001.A.5.a"), "3A001.a.5.a");
    assert_eq!(code(Check::Eccn, "ear99"), "EAR99");
    assert_eq!(code(Check::Eccn, "3F001"), "eccn_form");
    assert_eq!(code(Check::Eccn, "3A001."), "eccn_form");
    assert_eq!(code(Check::Hts, "8542310000"), "8542.31.0000");
    assert_eq!(code(Check::Hts, "8542.31"), "8542.31");
    assert_eq!(code(Check::Hts, "854"), "hts_form");
}

#[test]
fn masks() {
    let said = |mask: Mask, kind: &Kind, text: &str| mask.apply(kind, &kind.parse(text).unwrap());
    let cases = [
        (Mask::All, &TEXT, "secret", "•••"),
        (Mask::LocalPart, &Kind::Email, "ada@example.test", "a•••@example.test"),
        (Mask::LocalPart, &Kind::Email, "a@example.test", "•••@example.test"),
        (Mask::LocalPart, &Kind::Email, "晓明@例子.中国", "晓•••@例子.中国"),
        (Mask::PhoneMiddle, &Kind::Phone, "13800138000", "138****8000"),
        (Mask::PhoneMiddle, &Kind::Phone, "+86 755 8888 6666 ext 801", "755****6666"),
        (Mask::PhoneMiddle, &Kind::Phone, "+49 30 901820", "+49 ****1820"),
        (Mask::PhoneMiddle, &Kind::Phone, "+1 415 555 2671", "+1 41****2671"),
        (Mask::PhoneMiddle, &Kind::Phone, "+354 410 1000", "+354 ****00"),
        (Mask::PhoneTail, &Kind::Phone, "13800138000", "••••8000"),
        (Mask::Name, &TEXT, "王晓明", "王*明"),
        (Mask::Name, &TEXT, "王明", "王*"),
        (Mask::Name, &TEXT, "欧阳娜娜", "欧阳*娜"),
        (Mask::Name, &TEXT, "Ada Lovelace", "A••• L•••"),
        (Mask::FamilyName, &TEXT, "王", "王"),
        (Mask::FamilyName, &TEXT, "买买提·艾山", "买*"),
        (Mask::FamilyName, &TEXT, "Lovelace", "L•••"),
        (Mask::GivenName, &TEXT, "晓明", "*明"),
        (Mask::GivenName, &TEXT, "明", "*"),
        (Mask::GivenName, &TEXT, "Ada", "A•••"),
        (Mask::Initial, &TEXT, "wxid_1234", "w•••"),
        (Mask::Initial, &TEXT, "Q", "•••"),
        (Mask::Last4, &TEXT, "6222021234567890", "••••7890"),
        (Mask::Last4, &TEXT, "12345", "••••5"),
        (Mask::Last4, &TEXT, "123", "••••"),
        (Mask::Host, &Kind::Url, "https://example.test/in/ada?x", "https://example.test/•••"),
        (Mask::Year, &Kind::Date, "1998-05-06", "1998-••-••"),
        (Mask::Year, &Kind::Time, "2026-11-23T06:08:00Z", "2026-••-••"),
        // A mask that does not fit hides all.
        (Mask::Last4, &Kind::Email, "ada@example.test", "•••"),
    ];
    for (mask, kind, text, expected) in cases {
        assert_eq!(said(mask, kind, text), expected, "{}", mask.word());
    }
}

#[test]
fn nothing_prints_a_value() {
    assert_eq!(format!("{:?}", Value::Text("Ada".to_owned())), "Text(…)");
    assert_eq!(format!("{:?}", Value::Many(vec!["Ada".to_owned()])), "Many(…)");
    for (kind, text) in [(&Kind::Email, "ada secret"), (&Kind::Phone, "ada secret"), (&Kind::Date, "ada secret")] {
        let invalid = kind.parse(text).unwrap_err();
        assert!(!format!("{invalid} {invalid:?}").contains("secret"));
    }
    let codes: Vec<&str> = Invalid::codes().collect();
    assert!(codes.contains(&"check_digit") && codes.iter().all(|c| !c.is_empty()));
}

/// What must hold for every text that a kind accepts.
fn holds(kind: &Kind, text: &str) {
    let Ok(value) = kind.parse(text) else { return };
    let shown = kind.show(&value);
    assert!(kind.parse(&shown).as_ref() == Ok(&value), "show of {} {text:?}", kind.word());
    assert!(kind.decode(&kind.encode(&value)).as_ref() == Ok(&value), "bytes of {} {text:?}", kind.word());
    assert_eq!(kind.compare(&value, &value), Ordering::Equal);
    for mask in Mask::EVERY {
        let _ = mask.apply(kind, &value);
    }
    let _ = (kind.display(&value, true), kind.display(&value, false), kind.exact_key(&value), kind.search_text(&value));
}

/// Every kind that the shipped objects use, and the rest.
#[expect(clippy::unwrap_used, reason = "a test of its own says what is wrong with shipped files")]
fn kinds() -> Vec<Kind> {
    let (purposes, objects) = shipped();
    let catalog = Catalog::parse(&purposes, &objects).unwrap();
    let mut kinds: Vec<Kind> = catalog.objects().flat_map(|o| o.fields().iter().map(|f| f.kind.clone())).collect();
    kinds.extend(Check::EVERY.map(|check| Kind::Text { max: 60, check: Some(check) }));
    kinds.extend([TEXT, LONG, NUMBER, money(), Kind::ManyChoice(choices()), Kind::File, Kind::Time, Kind::YesNo]);
    kinds
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_value_or_refused(text in "\\PC{0,40}") {
        thread_local!(static KINDS: Vec<Kind> = kinds());
        KINDS.with(|kinds| kinds.iter().for_each(|kind| holds(kind, &text)));
    }

    #[test]
    fn any_bytes_are_a_value_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..24)) {
        for kind in [TEXT, LONG, Kind::Email, NUMBER, Kind::Date, Kind::Time, Kind::YesNo, Kind::File, Kind::ManyChoice(choices())] {
            if let Ok(value) = kind.decode(&bytes) {
                prop_assert_eq!(kind.encode(&value), bytes.clone());
                let _ = (kind.display(&value, true), kind.search_text(&value));
                for mask in Mask::EVERY {
                    let _ = mask.apply(&kind, &value);
                }
            }
        }
    }

    #[test]
    fn emails_round_trip(text in "[A-Za-z0-9王é.+_-]{1,20}@[a-z例é-]{1,12}\\.[a-z]{2,6}") {
        holds(&Kind::Email, &text);
    }

    #[test]
    fn phones_round_trip(text in "\\+?[1-9][0-9 ()/-]{4,16}( ext\\. [0-9]{1,5})?") {
        holds(&Kind::Phone, &text);
    }

    #[test]
    fn urls_round_trip(text in "(https?://)?[a-zA-Z0-9.-]{1,20}(:[0-9]{1,5})?(/[ -~]{0,20})?") {
        holds(&Kind::Url, &text);
    }

    #[test]
    fn numbers_round_trip(number in any::<i64>()) {
        let value = Value::Number(number);
        let shown = NUMBER.show(&value);
        // The least 64-bit number has no positive twin, and is refused.
        prop_assert!(number == i64::MIN || NUMBER.parse(&shown) == Ok(value.clone()), "{}", shown);
        prop_assert!(NUMBER.decode(&NUMBER.encode(&value)) == Ok(value));
    }

    #[test]
    fn days_and_instants_round_trip(micros in -377_705_023_201_000_000_i64..253_402_207_200_000_000, id in any::<[u8; 16]>()) {
        let at = Timestamp::from_microsecond(micros).unwrap();
        let time = Value::Time(at);
        prop_assert!(Kind::Time.decode(&Kind::Time.encode(&time)) == Ok(time.clone()));
        prop_assert!(Kind::Time.parse(&Kind::Time.show(&time)) == Ok(time));
        let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let value = Value::Date(day);
        prop_assert!(Kind::Date.decode(&Kind::Date.encode(&value)) == Ok(value.clone()));
        // Days before our era have no four-digit year and are not entered.
        if day.year() >= 0 {
            prop_assert!(Kind::Date.parse(&Kind::Date.show(&value)) == Ok(value));
        }
        holds(&Kind::File, &RecordId::from_bytes(id).to_string());
    }

    #[test]
    fn masked_phones_keep_four_digits_back(national in "[2-9][0-9]{5,11}") {
        let text = format!("+49{national}");
        if let Ok(value) = Kind::Phone.parse(&text) {
            let masked = Mask::PhoneMiddle.apply(&Kind::Phone, &value);
            let shown = masked.trim_start_matches("+49").bytes().filter(u8::is_ascii_digit).count();
            prop_assert!(shown + 4 <= national.len(), "{}", masked);
        }
    }

    #[test]
    fn names_split_and_join(family in "[王李张欧陈]", given in "[晓明娜伟芳]{1,2}") {
        let full = model::names::join(&family, &given);
        prop_assert_eq!(model::names::split_full_name(&full), (family, given));
    }

    #[test]
    fn splitting_never_loses_a_letter(full in "\\PC{0,30}") {
        let (family, given) = model::names::split_full_name(&full);
        let letters = |text: &str| {
            let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
            letters.sort_unstable();
            letters
        };
        prop_assert_eq!(letters(&full), letters(&format!("{family}{given}")));
    }
}
