//! What changes between two catalogs is told, and what loses data is marked.

use expect_test::{Expect, expect};
use model::{Catalog, Document, shipped};

#[expect(clippy::panic, reason = "a test says what its own definitions lack")]
fn parse(purposes: &Document, objects: &[Document]) -> Catalog {
    Catalog::parse(purposes, objects).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The changes when a text of one file is replaced by another.
#[expect(clippy::unwrap_used, reason = "a test names files that ship")]
fn changes(file: &str, from: &str, to: &str, expected: Expect) {
    let (mut purposes, mut objects) = shipped();
    let old = parse(&purposes, &objects);
    let document =
        if file == purposes.name { Some(&mut purposes) } else { objects.iter_mut().find(|d| d.name == file) };
    let document = document.unwrap();
    assert!(document.text.contains(from), "{from}");
    document.text = document.text.replacen(from, to, 1);
    let told: Vec<String> = Catalog::compare(&old, &parse(&purposes, &objects)).iter().map(|c| c.to_string()).collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn nothing_changes_by_itself() {
    let (purposes, objects) = shipped();
    let catalog = parse(&purposes, &objects);
    assert_eq!(Catalog::compare(&catalog, &catalog), []);
}

#[test]
fn an_administrators_layer_loses_nothing() {
    let (purposes, mut objects) = shipped();
    let old = parse(&purposes, &objects);
    objects.push(Document {
        name: "ours.toml".to_owned(),
        text: r#"extend = "contact"
[groups.ours]
label = { en = "Ours", zh = "自定义" }
[fields.badge]
label = { en = "Visitor badge", zh = "访客证" }
kind = "text"
category = "employment"
purposes = ["account_care"]
mask = "last4"
protect = "disk"
group = "ours"
"#
        .to_owned(),
    });
    objects.push(Document {
        name: "fair.toml".to_owned(),
        text: r#"name = "fair"
label = { en = "Fair", zh = "展会" }
plural = { en = "Fairs", zh = "展会" }
icon = "community"
title = ["city"]
purposes = ["marketing"]
[fields.city]
label = { en = "City", zh = "城市" }
kind = "text"
category = "not_personal"
because = "a place with many people in it"
"#
        .to_owned(),
    });
    let new = parse(&purposes, &objects);
    let told = |a: &Catalog, b: &Catalog| Catalog::compare(a, b).iter().map(|c| format!("{c}\n")).collect::<String>();
    expect![[r#"
        change `contact`: groups from name, work, reach, notes to name, work, reach, notes, ours
        add field `contact.badge`
        add object `fair`
    "#]]
    .assert_eq(&told(&old, &new));
    expect![[r#"
        remove object `fair` and its records (loses data)
        change `contact`: groups from name, work, reach, notes, ours to name, work, reach, notes
        remove field `contact.badge` and its values (loses data)
    "#]]
    .assert_eq(&told(&new, &old));
    assert_eq!(new.object("contact").unwrap().field("badge").unwrap().origin, "ours.toml");
    assert_eq!(new.objects().last().unwrap().name.as_str(), "fair");
}

#[test]
fn kinds() {
    changes(
        "contact.toml",
        "max = 100",
        "max = 120",
        expect!["change `contact.job_title`: kind from text (max 100) to text (max 120)"],
    );
    changes(
        "contact.toml",
        "max = 100",
        "max = 60",
        expect!["change `contact.job_title`: kind from text (max 100) to text (max 60) (loses data)"],
    );
    changes(
        "part.toml",
        "    { value = \"space\", en = \"Space\", zh = \"宇航级\" },\n",
        "",
        expect![
            "change `part.grade`: kind from choice (commercial, industrial, automotive, military, space) to choice (commercial, industrial, automotive, military) (loses data)"
        ],
    );
    changes(
        "part.toml",
        "value = \"space\"",
        "value = \"orbit\"",
        expect![
            "change `part.grade`: kind from choice (commercial, industrial, automotive, military, space) to choice (commercial, industrial, automotive, military, orbit) (loses data)"
        ],
    );
    changes(
        "part.toml",
        "max = 200\n",
        "",
        expect![
            "change `part.lead_time_weeks`: kind from number (0 decimals, 0 to 200) to number (0 decimals, 0 to any)"
        ],
    );
    changes(
        "part.toml",
        "max = 200\n",
        "max = 100\n",
        expect![
            "change `part.lead_time_weeks`: kind from number (0 decimals, 0 to 200) to number (0 decimals, 0 to 100) (loses data)"
        ],
    );
    changes(
        "part.toml",
        "check = \"mpn\"\n",
        "",
        expect!["change `part.mpn`: kind from text (max 60, mpn) to text (max 60)"],
    );
    changes(
        "company.toml",
        "kind = \"text\"\nmax = 300",
        "kind = \"long_text\"\nmax = 300",
        expect!["change `company.address`: kind from text (max 300) to long_text (max 300)"],
    );
    changes(
        "activity.toml",
        "kind = \"date\"",
        "kind = \"time\"",
        expect!["change `activity.due`: kind from date to time (loses data)"],
    );
}

#[test]
fn reasons() {
    changes(
        "lead.toml",
        "purposes = [\"account_care\", \"quoting\"]\nmask = \"phone",
        "purposes = [\"quoting\"]\nmask = \"phone",
        expect!["change `lead.phone`: purposes from account_care, quoting to quoting (loses data)"],
    );
    changes(
        "contact.toml",
        "mask = \"local_part\"",
        "mask = \"all\"",
        expect!["change `contact.email`: mask from local_part to all"],
    );
    changes(
        "contact.toml",
        "find = \"both\"",
        "find = \"exact\"",
        expect!["change `contact.email`: find from both to exact"],
    );
    changes(
        "activity.toml",
        "about = \"contact\"\n",
        "",
        expect!["change `activity`: about from the person of `contact` to nobody (loses data)"],
    );
    changes(
        "purposes.toml",
        "\"3y after last_activity\"",
        "\"4y after last_activity\"",
        expect!["change purpose `account_care`: retention from 3y after last_activity to 4y after last_activity"],
    );
    changes(
        "purposes.toml",
        "\"3y after last_activity\"",
        "\"24m after last_activity\"",
        expect![
            "change purpose `account_care`: retention from 3y after last_activity to 24m after last_activity (loses data)"
        ],
    );
    changes(
        "purposes.toml",
        "\"3y after last_activity\"",
        "\"3y after since\"",
        expect!["change purpose `account_care`: retention from 3y after last_activity to 3y after since (loses data)"],
    );
    changes(
        "purposes.toml",
        "bit = 6",
        "bit = 60",
        expect!["change purpose `security`: bit from 6 to 60 (loses data)"],
    );
    changes(
        "purposes.toml",
        "sensitive_in = [\"pipl\", \"ccpa\"]",
        "sensitive_in = [\"pipl\"]",
        expect!["change category `bank_account`: sensitive_in from pipl, ccpa to pipl"],
    );
}
