//! Which column goes where, on real files, and what becomes of the rows then.

use std::{collections::BTreeMap, fmt::Write, fs};

use super::*;

/// How a file maps to an object, and what its rows come to.
fn told(file: &str, name: &str) -> Option<String> {
    let object = object(name);
    let bytes = fs::read(format!("{}/{file}", files::DATA)).ok()?;
    let sheet = read(&bytes, &Options::default()).unwrap();
    let mapping = guess(&sheet, object);
    let mut text = format!("== {file} as {name}\n");
    for (name, target) in mapping.names.iter().zip(&mapping.columns) {
        if let Some(target) = target {
            writeln!(text, "{name} -> {target}").unwrap();
        }
    }
    writeln!(text, "unmapped: {}", mapping.unmapped.join(", ")).unwrap();
    for (field, value) in &mapping.fixed {
        writeln!(text, "fixed: {field} = {value}").unwrap();
    }
    for problem in &mapping.problems {
        writeln!(text, "{}: {}", problem.code, problem.column.as_deref().unwrap_or("")).unwrap();
    }
    for left in &mapping.left_out {
        writeln!(text, "{left}").unwrap();
    }
    let (mut good, mut refused) = (0, BTreeMap::new());
    for row in &sheet.rows {
        match to_fields(row, &mapping, object) {
            Ok(_) => good += 1,
            Err(problems) => {
                for problem in problems {
                    *refused.entry(format!("{}: {}", problem.column.unwrap_or_default(), problem.code)).or_insert(0) +=
                        1;
                }
            }
        }
    }
    writeln!(text, "rows: {good} of {} good", sheet.rows.len()).unwrap();
    for (why, count) in refused {
        writeln!(text, "  {count} x {why}").unwrap();
    }
    Some(text)
}

#[test]
fn columns_find_their_fields() {
    let cases = [
        ("crm/northwind/customers.csv", "contact"),
        ("crm/northwind/customers.csv", "company"),
        ("crm/northwind/suppliers.csv", "company"),
        ("contacts/google-outlook/google_contacts_2col_sample.csv", "contact"),
        ("contacts/thunderbird-import/basic_csv_addressbook.csv", "contact"),
        ("contacts/thunderbird-import/csv_no_header.csv", "contact"),
        ("contacts/thunderbird-import/shiftjis_addressbook.csv", "contact"),
        ("contacts/thunderbird-import/basic_ldif_addressbook.ldif", "contact"),
        ("contacts/encodings/zh_contacts_gbk.csv", "contact"),
        ("contacts/encodings/zh_contacts_utf16le_bom.csv", "lead"),
        ("contacts/vcard/ez-vcard/John_Doe_IPHONE.vcf", "contact"),
        ("contacts/vcard/ez-vcard/issue114.vcf", "contact"),
        ("crm/fakename/FakeNameGenerator.com_100.csv", "contact"),
        ("crm/duplicates-febrl/dataset1.csv", "lead"),
        ("crm/salesforce-dataloader/20kRows.csv", "contact"),
        ("crm/salesforce-dataloader/accountData.csv", "company"),
        ("crm/salesforce-dataloader/opportunityData.csv", "opportunity"),
        ("electronics/distributor/digikey_parts_classified.csv", "part"),
        ("electronics/distributor/nexar_parts_lifecycle.csv", "part"),
        ("electronics/bom-csv/part_list_small.csv", "part"),
    ];
    let text: String = cases.into_iter().filter_map(|(file, object)| told(file, object)).collect();
    if !text.is_empty() {
        expect_test::expect_file!["mapping.txt"].assert_eq(&text);
    }
}

/// Every card of every file as a contact.
#[test]
fn cards_become_contacts() {
    let object = object("contact");
    let (mut cards, mut good, mut refused) = (0, 0, BTreeMap::<String, usize>::new());
    for (_, path) in files::files("contacts/vcard") {
        let sheet = read(&fs::read(path).unwrap(), &Options::default()).unwrap();
        for problem in sheet.problems.iter().filter(|p| p.refused) {
            *refused.entry(problem.code.to_owned()).or_default() += 1;
        }
        let mut mapping = guess(&sheet, object);
        // Test numbers such as 905-555-1234 belong to no country until somebody says which.
        mapping.region = Some("US".into());
        mapping.bad_cells = BadCells::LeaveOut;
        for row in &sheet.rows {
            cards += 1;
            match to_fields(row, &mapping, object) {
                Ok(fields) => {
                    good += 1;
                    for problem in fields.problems {
                        *refused.entry(format!("cell {}", problem.code)).or_default() += 1;
                    }
                }
                Err(problems) => {
                    for problem in problems {
                        *refused.entry(problem.code.to_owned()).or_default() += 1;
                    }
                }
            }
        }
    }
    if cards > 0 {
        expect_test::expect![[r#"88 of 92 good; {"cell phone_country": 1, "cell phone_form": 4, "cell phone_length": 16, "cut_off": 2, "outside_card": 1, "required": 4}"#]].assert_eq(&format!("{good} of {cards} good; {refused:?}"));
    }
}

fn table(text: &str, object: &model::Object) -> (Sheet, Mapping) {
    let sheet = plain(text);
    let mapping = guess(&sheet, object);
    (sheet, mapping)
}

fn shown(fields: &Fields, object: &model::Object) -> String {
    let values =
        fields.values.iter().map(|(name, value)| format!("{name}={}", object.field(name).unwrap().kind.show(value)));
    let links = fields.links.iter().map(|link| format!("{}={:?}", link.field, link.title));
    values.chain(links).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_chinese_row_becomes_a_contact() {
    let contact = object("contact");
    let (sheet, mapping) = table(
        "姓名,手机,邮箱,公司,职务,身份证号,生日,备注\n欧阳娜娜,13800138000,ny@xing.example,星途电子,采购经理,11010119900307123X,1990-03-07,喜欢邮件\n",
        contact,
    );
    let fields = to_fields(&sheet.rows[0], &mapping, contact).unwrap();
    assert_eq!(
        shown(&fields, contact),
        "mobile=+8613800138000 email=ny@xing.example job_title=采购经理 notes=喜欢邮件 family_name=欧阳 given_name=娜娜 \
         company=\"星途电子\""
    );
    let left: Vec<_> = mapping.left_out.iter().map(|l| (l.what.as_str(), l.count)).collect();
    assert_eq!(left, [("身份证号", 1), ("生日", 1)]);
}

#[test]
fn numbers_without_country_code_take_the_country_of_the_row() {
    let contact = object("contact");
    let (sheet, mut mapping) =
        table("name,phone,country\nMaria Anders,030-0074321,Germany\nAda King,020 7946 0018,\n", contact);
    let german = to_fields(&sheet.rows[0], &mapping, contact).unwrap();
    assert_eq!(shown(&german, contact), "phone=+49300074321 country=DE family_name=Anders given_name=Maria");
    let problems = to_fields(&sheet.rows[1], &mapping, contact).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "line 3, phone: write + and the country code, then the number, like +49 30 901820; a Chinese mobile number needs no code"
    );
    mapping.region = Some("GB".into());
    let british = to_fields(&sheet.rows[1], &mapping, contact).unwrap();
    assert_eq!(shown(&british, contact), "phone=+442079460018 family_name=King given_name=Ada");
}

#[test]
fn every_bad_cell_is_told_at_once() {
    let contact = object("contact");
    let (sheet, mut mapping) = table("surname,email,mobile\n,nobody,12\nKing,nobody,+447911123456\n", contact);
    // The guess saw that no cell is an address; a human insists.
    mapping.send("email", Some(Target::Field("email".parse().unwrap()))).unwrap();
    let codes = |row: usize, mapping: &Mapping| {
        let problems = to_fields(&sheet.rows[row], mapping, contact).unwrap_err();
        problems.iter().map(|p| format!("{}:{}", p.column.as_deref().unwrap(), p.code)).collect::<Vec<_>>()
    };
    assert_eq!(codes(0, &mapping), ["email:email_form", "mobile:phone_form", "family_name:required"]);
    assert_eq!(codes(1, &mapping), ["email:email_form"]);
    mapping.bad_cells = BadCells::LeaveOut;
    assert_eq!(codes(0, &mapping).len(), 3, "without a name there is no contact");
    let fields = to_fields(&sheet.rows[1], &mapping, contact).unwrap();
    assert_eq!(shown(&fields, contact), "family_name=King mobile=+447911123456");
    assert_eq!((fields.problems.len(), fields.problems[0].refused), (1, false));
}

#[test]
fn two_columns_for_one_field_leave_the_second_to_a_human() {
    let contact = object("contact");
    let (_, mut mapping) = table("last name,email,e-mail address\nKing,a@example.com,b@example.com\n", contact);
    assert_eq!(mapping.unmapped, ["e-mail address"]);
    assert_eq!(mapping.problems[0].code, "same_field");
    let email = Target::Field("email".parse().unwrap());
    assert_eq!(mapping.send("e-mail address", Some(email.clone())).unwrap_err().code, "same_field");
    mapping.send("email", None).unwrap();
    mapping.send("e-mail address", Some(email)).unwrap();
    assert_eq!(mapping.unmapped, ["email"]);
}

#[test]
fn a_list_without_header_is_known_by_its_cells() {
    let contact = object("contact");
    let (sheet, mapping) = table(
        "王晓明,13800138000,wxm@xing.example,11010119900307123X\n李娜,13900139000,ln@xing.example,110101199003071239\n",
        contact,
    );
    assert!(!sheet.named);
    let targets: Vec<String> = mapping.columns.iter().flatten().map(Target::to_string).collect();
    assert_eq!(targets, ["full name", "mobile", "email"]);
    assert_eq!(mapping.left_out[0].to_string(), "left out: Column 4: identity document (no purpose needs it), in 2");
    assert!(mapping.unmapped.is_empty());
}
