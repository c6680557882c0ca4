//! Every rule that a definition must keep, each with the words that refuse it.

use expect_test::{Expect, expect};
use model::{Catalog, Document, shipped};

const PURPOSES: &str = r#"
[laws.gdpr]
label = { en = "GDPR", zh = "GDPR" }
bases.consent = { en = "Consent", zh = "同意", article = "Art. 6(1)(a)" }
bases.contract = { en = "Contract", zh = "合同", article = "Art. 6(1)(b)" }
[recipients]
own_staff = { label = { en = "our staff", zh = "员工" } }
[categories]
not_personal = { label = { en = "Not personal", zh = "非个人信息" } }
identity = { label = { en = "Identity", zh = "身份" }, direct = true }
employment = { label = { en = "Employment", zh = "任职" } }
[purposes.care]
bit = 0
label = { en = "Care", zh = "维护" }
description = { en = "We care.", zh = "维护。" }
bases.gdpr = ["contract"]
consent = "no"
retention = "3y after last_activity"
recipients = ["own_staff"]
dpv = "dpv:CustomerCare"
[purposes.news]
bit = 1
label = { en = "News", zh = "资讯" }
description = { en = "We tell.", zh = "告知。" }
bases.gdpr = ["consent"]
consent = "needed"
retention = "until withdrawn"
recipients = ["own_staff"]
dpv = "dpv:DirectMarketing"
"#;

const PERSON: &str = r#"name = "human"
label = { en = "Human", zh = "人" }
plural = { en = "Humans", zh = "人" }
icon = "user"
person = true
title = ["name"]
purposes = ["care"]
[fields.name]
label = { en = "Name", zh = "姓名" }
kind = "text"
category = "identity"
purposes = ["care"]
mask = "name"
protect = "cell"
"#;

const THING: &str = r#"name = "thing"
label = { en = "Thing", zh = "物" }
plural = { en = "Things", zh = "物" }
icon = "cube"
title = ["code"]
purposes = ["care"]
[fields.code]
label = { en = "Code", zh = "编码" }
kind = "text"
category = "not_personal"
because = "a thing"
"#;

fn document(name: &str, text: &str) -> Document {
    Document { name: name.to_owned(), text: text.to_owned() }
}

fn problems(purposes: &str, objects: &[(&str, &str)]) -> String {
    let objects: Vec<Document> = objects.iter().map(|(name, text)| document(name, text)).collect();
    match Catalog::parse(&document("purposes.toml", purposes), &objects) {
        Ok(_) => "it loads".to_owned(),
        Err(problems) => problems.iter().map(|p| p.to_string()).collect::<Vec<_>>().join("\n"),
    }
}

/// What is wrong with a person's object when one more field has these lines.
fn field(lines: &str, expected: Expect) {
    let text = format!("{PERSON}[fields.extra]\nlabel = {{ en = \"Extra\", zh = \"其他\" }}\n{lines}\n");
    expected.assert_eq(&problems(PURPOSES, &[("human.toml", &text)]));
}

/// The same for an object about nobody, beside a person's.
fn thing(lines: &str, expected: Expect) {
    let text = format!("{THING}[fields.extra]\nlabel = {{ en = \"Extra\", zh = \"其他\" }}\n{lines}\n");
    expected.assert_eq(&problems(PURPOSES, &[("human.toml", PERSON), ("thing.toml", &text)]));
}

fn head(from: &str, to: &str, expected: Expect) {
    assert!(THING.contains(from));
    expected.assert_eq(&problems(PURPOSES, &[("human.toml", PERSON), ("thing.toml", &THING.replace(from, to))]));
}

fn purpose(from: &str, to: &str, expected: Expect) {
    assert!(PURPOSES.contains(from));
    expected.assert_eq(&problems(&PURPOSES.replacen(from, to, 1), &[("human.toml", PERSON)]));
}

const GOOD: &str =
    "kind = \"text\"\ncategory = \"employment\"\npurposes = [\"care\"]\nmask = \"all\"\nprotect = \"disk\"";

fn without(key: &str) -> String {
    GOOD.lines().filter(|line| !line.starts_with(key)).collect::<Vec<_>>().join("\n")
}

fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from));
    GOOD.replace(from, to)
}

#[test]
fn the_examples_load() {
    assert_eq!(problems(PURPOSES, &[("human.toml", PERSON), ("thing.toml", THING)]), "it loads");
    field(GOOD, expect!["it loads"]);
    thing(GOOD, expect!["it loads"]);
}

#[test]
fn a_field_has_a_reason() {
    field(
        &without("category"),
        expect![
            "human.toml:15: field `extra`: no `category`: say what kind of data it is: not_personal, identity, employment"
        ],
    );
    field(&without("purposes"), expect!["human.toml:15: field `extra`: no `purposes`: say what it is needed for"]);
    field(
        &without("mask"),
        expect![[
            r#"human.toml:15: field `extra`: no `mask`: say what an actor sees who may not see it in the clear, e.g. "all""#
        ]],
    );
    field(
        &without("protect"),
        expect![[
            r#"human.toml:15: field `extra`: no `protect`: say "cell" (a ciphertext of its own) or "disk" (a plain column)"#
        ]],
    );
    field(
        &without("kind"),
        expect![
            "human.toml:15: field `extra`: no `kind`: say what values it takes: text, long_text, email, phone, url, choice, many_choice, number, money, date, time, yes_no, link, file"
        ],
    );
    field(
        &with("[\"care\"]", "[]"),
        expect!["human.toml:19: field `extra`: `purposes` is empty: say what it is needed for, or leave the field out"],
    );
    thing(
        "kind = \"text\"\ncategory = \"not_personal\"",
        expect!["thing.toml:12: field `extra`: no `because`: say why it tells nothing about a person"],
    );
    thing(
        "kind = \"text\"\ncategory = \"not_personal\"\nbecause = \" \"",
        expect!["thing.toml:16: field `extra`: `because` is empty"],
    );
    thing(
        "kind = \"text\"\ncategory = \"not_personal\"\nbecause = \"a thing\"\npurposes = [\"care\"]",
        expect![
            "thing.toml:17: field `extra`: `purposes` belong to personal fields: leave them out, or say its category"
        ],
    );
    field(
        &format!("{GOOD}\nbecause = \"we like it\""),
        expect![
            "human.toml:22: field `extra`: `because` belongs to fields that are not personal; purposes are its reason"
        ],
    );
    field(
        "kind = \"text\"\ncategory = \"not_personal\"\nbecause = \"the colour of a desk\"",
        expect![
            "human.toml:18: field `extra`: a record of `human` is about a person, so all of it is personal: give it a category, purposes and a mask"
        ],
    );
}

#[test]
fn every_missing_key_is_told_at_once() {
    let bare = format!("{PERSON}[fields.extra]\n");
    let broken = "name = \"broken\"\nlabel = { en = \"Broken\" \n";
    let text =
        problems(PURPOSES, &[("human.toml", &bare), ("broken.toml", broken), ("thing.toml", "name = \"thing\"\n")]);
    expect![[r#"
        human.toml:15: field `extra`: no `category`: say what kind of data it is: not_personal, identity, employment
        human.toml:15: field `extra`: no `kind`: say what values it takes: text, long_text, email, phone, url, choice, many_choice, number, money, date, time, yes_no, link, file
        human.toml:15: field `extra`: no `label`: write { en = "…", zh = "…" }, what people read
        human.toml:15: field `extra`: no `mask`: say what an actor sees who may not see it in the clear, e.g. "all"
        human.toml:15: field `extra`: no `protect`: say "cell" (a ciphertext of its own) or "disk" (a plain column)
        human.toml:15: field `extra`: no `purposes`: say what it is needed for
        broken.toml:2: this is not TOML: unclosed inline table, expected `}`
        thing.toml:1: no `fields`: without fields nothing is stored
        thing.toml:1: no `icon`: name an Iconoir icon, like `building`
        thing.toml:1: no `label`: write { en = "…", zh = "…" }, what people read
        thing.toml:1: no `plural`: write { en = "…", zh = "…" }, what people read
        thing.toml:1: no `purposes`: list the purposes that a request on it may have, the usual one first
        thing.toml:1: no `title`: list the fields that name a record"#]].assert_eq(&text);
}

#[test]
fn words_are_known() {
    field(
        &format!("{GOOD}\nmaks = \"all\""),
        expect!["human.toml:22: field `extra`: unknown key `maks`: did you mean `mask`?"],
    );
    field(
        &format!("{GOOD}\nwhere = \"1 = 1\""),
        expect![
            "human.toml:22: field `extra`: unknown key `where`: known here: label, help, kind, category, because, purposes, mask, protect, find, required, unique, group, column, max, min, decimals, check, choices, list, currency, to"
        ],
    );
    field(
        &with("\"text\"", "\"txt\""),
        expect!["human.toml:17: field `extra`: there is no kind `txt`: did you mean `text`?"],
    );
    field(
        &with("employment", "hobbies"),
        expect![
            "human.toml:18: field `extra`: there is no category `hobbies` in purposes.toml; there are not_personal, identity, employment"
        ],
    );
    field(
        &with("\"care\"", "\"car\""),
        expect!["human.toml:19: field `extra`: there is no purpose `car` in purposes.toml, did you mean `care`?"],
    );
    field(
        &with("\"care\"", "\"care\", \"care\""),
        expect!["human.toml:19: field `extra`: purpose `care` is listed twice"],
    );
    field(
        &with("\"all\"", "\"none\""),
        expect![
            "human.toml:20: field `extra`: `mask` is one of: all, local_part, phone_tail, phone_middle, name, family_name, given_name, initial, last4, host, year"
        ],
    );
    field(&with("\"disk\"", "\"memory\""), expect!["human.toml:21: field `extra`: `protect` is one of: cell, disk"]);
    field(
        &format!("{GOOD}\nfind = \"fuzzy\""),
        expect!["human.toml:22: field `extra`: `find` is one of: none, exact, text, both"],
    );
    field(
        &format!("{GOOD}\nrequired = \"yes\""),
        expect!["human.toml:22: field `extra`: `required` must be true or false, not a string"],
    );
    field(
        &format!("{GOOD}\ngroup = \"work\""),
        expect!["human.toml:22: field `extra`: there is no group `work`: define it under [groups]"],
    );
    field(
        &format!("{GOOD}\nhelp = \"Say it\""),
        expect!["human.toml:22: field `extra`: `help` must be a table, not a string"],
    );
}

#[test]
fn a_label_has_both_languages() {
    let text = format!("{PERSON}[fields.extra]\nlabel = {{ en = \"Extra\" }}\n{GOOD}");
    expect!["human.toml:16: field `extra`: `label`: no `zh`: a label is needed in English (en) and Chinese (zh)"]
        .assert_eq(&problems(PURPOSES, &[("human.toml", &text)]));
    head(
        "{ en = \"Things\", zh = \"物\" }",
        "{ en = \"\", zh = \"物\", de = \"Dinge\" }",
        expect![[r#"
        thing.toml:3: `plural`: `en` is empty
        thing.toml:3: `plural`: unknown key `de`: known here: en, zh"#]],
    );
}

#[test]
fn kinds_have_their_keys() {
    field(
        &format!("{GOOD}\nto = \"human\""),
        expect!["human.toml:22: field `extra`: `to` does not belong to kind `text`"],
    );
    field(&format!("{GOOD}\nmax = 0"), expect!["human.toml:22: field `extra`: `max` is from 1 to 2000 characters"]);
    field(
        &format!("{GOOD}\ncheck = \"iban\""),
        expect!["human.toml:22: field `extra`: `check` is one of: uscc, lei, eu_vat, cas, mpn, eccn, hts"],
    );
    field(
        &with("\"text\"", "\"choice\""),
        expect![[r#"human.toml:15: field `extra`: no `choices`: list them as { value = "…", en = "…", zh = "…" }"#]],
    );
    field(
        &with("\"text\"", "\"choice\"\nlist = \"planets\""),
        expect!["human.toml:18: field `extra`: there is no list `planets`; there are countries, currencies, languages"],
    );
    let twice = "\"choice\"\nchoices = [\n{ value = \"a b\", en = \"A\", zh = \"甲\" },\n{ value = \"c\", en = \"C\" },\n{ value = \"D\", en = \"D\", zh = \"丁\" },\n{ value = \"d\", en = \"D\", zh = \"丁\", when = \"always\" },\n]";
    field(
        &with("\"text\"", twice),
        expect![[r#"
        human.toml:19: field `extra`: a `value` has 1 to 48 letters, digits and _ - . ; its label says the rest
        human.toml:20: field `extra`: no `zh`: a label is needed in English (en) and Chinese (zh)
        human.toml:22: field `extra`: choice `d` is listed twice
        human.toml:22: field `extra`: unknown key `when`: did you mean `en`?"#]],
    );
    field(
        &with("\"text\"", "\"number\"\ndecimals = 7"),
        expect!["human.toml:18: field `extra`: `decimals` is from 0 to 6"],
    );
    field(
        &with("\"text\"", "\"number\"\nmin = 5\nmax = 1.5"),
        expect!["human.toml:19: field `extra`: `max` is less than `min`"],
    );
    field(
        &with("\"text\"", "\"number\"\nmin = 1.1234567"),
        expect!["human.toml:18: field `extra`: `min` must be a number with at most six decimals, not a float"],
    );
    field(
        &with("\"text\"", "\"money\""),
        expect!["human.toml:15: field `extra`: no `currency`: name the choice field that says in which currency"],
    );
    field(
        &with("\"text\"", "\"money\"\ncurrency = \"coin\""),
        expect!["human.toml:17: field `extra`: there is no field `coin` beside it"],
    );
    field(
        &with("\"text\"", "\"money\"\ncurrency = \"name\""),
        expect!["human.toml:17: field `extra`: its currency `name` must be a choice, not text"],
    );
    field(&with("\"text\"", "\"link\""), expect!["human.toml:15: field `extra`: no `to`: name the object it leads to"]);
    field(
        &with("\"text\"", "\"link\"\nto = \"planet\""),
        expect!["human.toml:17: field `extra`: there is no object `planet` to link to"],
    );
}

#[test]
fn direct_identifiers_are_cells() {
    field(
        &with("employment", "identity"),
        expect![[
            r#"human.toml:21: field `extra`: text of category `identity` identifies by itself: protect = "cell""#
        ]],
    );
    field(
        &with("\"text\"", "\"email\""),
        expect![[r#"human.toml:21: field `extra`: a personal email is a direct identifier: protect = "cell""#]],
    );
    field(
        &with("\"text\"", "\"phone\""),
        expect![[r#"human.toml:21: field `extra`: a personal phone is a direct identifier: protect = "cell""#]],
    );
    field(
        &with("\"text\"", "\"url\""),
        expect![[r#"human.toml:21: field `extra`: a personal url is a direct identifier: protect = "cell""#]],
    );
    field(
        &with("\"text\"", "\"long_text\""),
        expect![[r#"human.toml:21: field `extra`: nobody knows what people write into free text: protect = "cell""#]],
    );
    field(
        &with("\"text\"", "\"file\""),
        expect![[r#"human.toml:21: field `extra`: a personal file is kept sealed: protect = "cell""#]],
    );
    field(
        &with("\"text\"", "\"text\"\nmax = 121"),
        expect![[
            r#"human.toml:22: field `extra`: personal text on `disk` has a `max` of at most 120; longer is free text: protect = "cell""#
        ]],
    );
    field(
        &with("\"text\"", "\"link\"\nto = \"human\"").replace("disk", "cell"),
        expect![[
            r#"human.toml:22: field `extra`: a link is followed in SQL and its id says nothing by itself: protect = "disk""#
        ]],
    );
    // A choice tells less than text: it may stand in the plain.
    field(&with("\"text\"", "\"yes_no\"").replace("employment", "identity"), expect!["it loads"]);
}

#[test]
fn finding_gives_nothing_away() {
    let cell = GOOD.replace("disk", "cell");
    field(
        &format!("{}\nfind = \"exact\"", cell.replace("\"text\"", "\"yes_no\"")),
        expect![
            "human.toml:22: field `extra`: kind `yes_no` has few values, whose keyed hashes could be counted: no exact find"
        ],
    );
    field(
        &format!("{}\nfind = \"both\"", cell.replace("\"text\"", "\"choice\"\nlist = \"countries\"")),
        expect![[r#"
        human.toml:23: field `extra`: kind `choice` has few values, whose keyed hashes could be counted: no exact find
        human.toml:23: field `extra`: kind `choice` is filtered, not searched: no text find"#]],
    );
    field(
        &format!("{}\nfind = \"exact\"", cell.replace("\"text\"", "\"date\"")),
        expect![
            "human.toml:22: field `extra`: kind `date` has few values, whose keyed hashes could be counted: no exact find"
        ],
    );
    field(
        &format!("{GOOD}\nfind = \"exact\""),
        expect!["human.toml:22: field `extra`: a plain column is looked up as it is; exact find is for cells"],
    );
    field(
        &format!("{}\nfind = \"text\"", cell.replace("\"text\"", "\"number\"")),
        expect!["human.toml:22: field `extra`: kind `number` is filtered, not searched: no text find"],
    );
    field(
        &format!("{GOOD}\nunique = true"),
        expect![
            "human.toml:22: field `extra`: `unique` is for plain fields that are not personal: its refusal would tell that somebody exists"
        ],
    );
    let plain = "category = \"not_personal\"\nbecause = \"a thing\"\nunique = true";
    thing(&format!("kind = \"text\"\n{plain}"), expect!["it loads"]);
    thing(
        &format!("kind = \"text\"\nprotect = \"cell\"\n{plain}"),
        expect![
            "thing.toml:18: field `extra`: `unique` is for plain fields that are not personal: its refusal would tell that somebody exists"
        ],
    );
    thing(
        &format!("kind = \"yes_no\"\n{plain}"),
        expect!["thing.toml:17: field `extra`: kind `yes_no` cannot be unique"],
    );
    field(
        &with("\"all\"", "\"local_part\""),
        expect!["human.toml:20: field `extra`: mask `local_part` does not fit kind `text`"],
    );
    field(
        &format!("{}\ncolumn = true", cell.replace("\"text\"", "\"long_text\"")),
        expect!["human.toml:22: field `extra`: kind `long_text` is too long for a list"],
    );
}

#[test]
fn names_are_free() {
    let text = format!("{PERSON}[fields.owner]\nlabel = {{ en = \"Owner\", zh = \"主\" }}\n{GOOD}\n[fields.Extra]\n");
    expect![[r#"
        human.toml:15: field `owner`: is a word of the house: choose another name
        human.toml:22: field `Extra`: `Extra` is not a name: use 1 to 48 of a-z, 0-9 and _, beginning with a letter"#]]
    .assert_eq(&problems(PURPOSES, &[("human.toml", &text)]));
    head(
        "name = \"thing\"",
        "name = \"ledger\"",
        expect!["thing.toml:1: `ledger` is a word of the house: choose another name"],
    );
    head("name = \"thing\"", "name = \"human\"", expect!["thing.toml:1: object `human` is defined already"]);
    head(
        "name = \"thing\"",
        "",
        expect![[r#"thing.toml:1: no `name`: name the object, or write `extend = "…"` to add fields to one"#]],
    );
}

#[test]
fn an_object_is_whole() {
    head(
        "icon = \"cube\"",
        "icon = \"Cube.svg\"",
        expect!["thing.toml:4: `icon` is the name of an Iconoir icon: a-z, 0-9 and -"],
    );
    head("title = [\"code\"]", "", expect!["thing.toml:1: no `title`: list the fields that name a record"]);
    head("title = [\"code\"]", "title = [\"serial\"]", expect!["thing.toml:5: `title`: there is no field `serial`"]);
    head(
        "title = [\"code\"]",
        "title = \"code\"",
        expect!["thing.toml:5: `title` must be a list of texts, not a string"],
    );
    head(
        "purposes = [\"care\"]",
        "purposes = [\"caring\"]",
        expect!["thing.toml:6: there is no purpose `caring` in purposes.toml"],
    );
    head("purposes = [\"care\"]", "purposes = []", expect!["thing.toml:6: `purposes` is empty"]);
    thing(
        &with("\"care\"", "\"news\""),
        expect![
            "thing.toml:16: field `extra`: none of its purposes is one that a request on `thing` may have (care), so nobody could read it"
        ],
    );
}

#[test]
fn about_leads_to_a_person() {
    head(
        "title",
        "about = \"code\"\ntitle",
        expect![[r#"
        thing.toml:5: `about`: `code` is a text, not a link
        thing.toml:11: field `code`: a record of `thing` is about a person, so all of it is personal: give it a category, purposes and a mask"#]],
    );
    head(
        "title",
        "about = \"who\"\ntitle",
        expect![[r#"
        thing.toml:5: `about`: there is no field `who`
        thing.toml:11: field `code`: a record of `thing` is about a person, so all of it is personal: give it a category, purposes and a mask"#]],
    );
    head(
        "title",
        "person = true\nabout = \"code\"\ntitle",
        expect![[r#"
        thing.toml:6: `about`: `code` is a text, not a link
        thing.toml:6: `person` and `about` exclude each other: a record is a person, or about one
        thing.toml:12: field `code`: a record of `thing` is about a person, so all of it is personal: give it a category, purposes and a mask"#]],
    );
    let note = |to: &str| {
        format!(
            "name = \"note\"\nabout = \"of\"\nlabel = {{ en = \"N\", zh = \"N\" }}\nplural = {{ en = \"N\", zh = \"N\" }}\n\
             icon = \"n\"\ntitle = [\"of\"]\npurposes = [\"care\"]\n[fields.of]\nlabel = {{ en = \"Of\", zh = \"之\" }}\n{}",
            GOOD.replace("\"text\"", &format!("\"link\"\nto = \"{to}\""))
        )
    };
    let all = |to: &str| problems(PURPOSES, &[("human.toml", PERSON), ("thing.toml", THING), ("note.toml", &note(to))]);
    expect!["it loads"].assert_eq(&all("human"));
    expect!["note.toml:2: `about`: `of` leads to `thing`, which is not about a person"].assert_eq(&all("thing"));
    expect!["note.toml:2: `about`: `of` leads in a circle"].assert_eq(&all("note"));
}

#[test]
fn additions_add() {
    let add = |text: &str| problems(PURPOSES, &[("human.toml", PERSON), ("ours.toml", text)]);
    let field = format!("label = {{ en = \"Desk\", zh = \"桌\" }}\n{GOOD}\n");
    expect!["it loads"].assert_eq(&add(&format!("extend = \"human\"\n[fields.desk]\n{field}")));
    expect!["ours.toml:1: there is no object `alien` to extend"]
        .assert_eq(&add(&format!("extend = \"alien\"\n[fields.desk]\n{field}")));
    expect![[r#"
        ours.toml:2: unknown key `person`: known here: extend, groups, fields
        ours.toml:3: field `name`: `human` has it already; additions cannot change a field"#]]
    .assert_eq(&add(&format!("extend = \"human\"\nperson = false\n[fields.name]\n{field}")));
    expect!["ours.toml:1: no `fields`: without fields nothing is stored"].assert_eq(&add("extend = \"human\"\n"));
}

#[test]
fn a_purpose_is_whole() {
    purpose(
        "bit = 0\n",
        "bit = 63\n",
        expect!["purposes.toml:13: purpose `care`: `bit` must be from 0 to 62, one that no purpose ever had"],
    );
    purpose("bit = 1\n", "bit = 0\n", expect!["purposes.toml:22: purpose `news`: bit 0 is taken by `care`"]);
    purpose(
        "bases.gdpr = [\"contract\"]\n",
        "",
        expect!["purposes.toml:12: purpose `care`: no `bases`: say for each law on what basis it stands"],
    );
    purpose(
        "[\"contract\"]",
        "[\"legitimate_interests\"]",
        expect![
            "purposes.toml:16: purpose `care`: `bases`: `gdpr` knows no basis `legitimate_interests`; it knows consent, contract"
        ],
    );
    purpose("[\"contract\"]", "[]", expect!["purposes.toml:16: purpose `care`: `bases`: `gdpr` has no basis"]);
    purpose(
        "bases.gdpr = [\"consent\"]",
        "bases.gdpr = [\"consent\", \"contract\"]",
        expect![
            "purposes.toml:25: purpose `news`: `bases`: needs consent, so `consent` must be its only basis under `gdpr`"
        ],
    );
    purpose(
        "bases.gdpr = [\"consent\"]",
        "bases.gdrp = [\"consent\"]",
        expect![[r#"
        purposes.toml:25: purpose `news`: `bases`: no `gdpr`: every law needs a basis, or the purpose cannot be used where it applies
        purposes.toml:25: purpose `news`: `bases`: unknown key `gdrp`: did you mean `gdpr`?"#]],
    );
    purpose(
        "consent = \"no\"",
        "consent = \"maybe\"",
        expect!["purposes.toml:17: purpose `care`: `consent` is no, needed or separate"],
    );
    purpose(
        "3y after last_activity",
        "for ever",
        expect![
            "purposes.toml:18: purpose `care`: `retention`: write `N` with d, w, m or y, then `after last_activity`, `after since` or `after end_of_year`, e.g. `3y after last_activity`; or `until withdrawn`"
        ],
    );
    purpose(
        "[\"own_staff\"]",
        "[\"friends\"]",
        expect!["purposes.toml:19: purpose `care`: there is no recipient `friends`: define it under [recipients]"],
    );
    purpose(
        "dpv:CustomerCare",
        "CustomerCare",
        expect![
            "purposes.toml:20: purpose `care`: `dpv` must be a purpose of the W3C vocabulary, like dpv:DirectMarketing"
        ],
    );
    purpose(
        "description = { en = \"We care.\", zh = \"维护。\" }\n",
        "",
        expect![
            "purposes.toml:12: purpose `care`: no `description`: tell the people whose data it uses what it means, in both languages"
        ],
    );
    purpose(
        "not_personal = {",
        "impersonal = {",
        expect!["purposes.toml:8: no `not_personal`: define the category of data that say nothing about a person"],
    );
    purpose(
        ", direct = true",
        ", direct = true, sensitive_in = [\"lgpd\"]",
        expect!["purposes.toml:10: category `identity`: there is no law `lgpd`"],
    );
    purpose(
        "[purposes.care]",
        "[purposes.Care]",
        expect![[r#"
        purposes.toml:12: purpose `Care`: `Care` is not a name: use 1 to 48 of a-z, 0-9 and _, beginning with a letter
        human.toml:7: there is no purpose `care` in purposes.toml, did you mean `Care`?
        human.toml:12: field `name`: there is no purpose `care` in purposes.toml, did you mean `Care`?"#]],
    );
    purpose(
        "[recipients]",
        "[[recipients]]",
        expect![[r#"
        purposes.toml:6: `recipients` must be a table, not an array
        purposes.toml:19: purpose `care`: there is no recipient `own_staff`: define it under [recipients]
        purposes.toml:28: purpose `news`: there is no recipient `own_staff`: define it under [recipients]"#]],
    );
}

#[test]
fn hostile_text_is_refused_in_peace() {
    let deep = format!("a = {}", "[".repeat(20_000));
    let long_key = format!("{} = 1", "k".repeat(100_000));
    for text in ["", "\u{0}", "= = =", "[fields", "\u{feff}name = 1", &deep, &long_key, "name = \"\"\"", "fields = 3"] {
        let told = problems(text, &[("human.toml", text)]);
        assert_ne!(told, "it loads");
        assert!(told.len() < 20_000, "{}", told.len());
    }
    // One bad document does not blame the others.
    let (purposes, mut objects) = shipped();
    objects[1].text = "name = ".to_owned();
    let told = Catalog::parse(&purposes, &objects).unwrap_err();
    assert_eq!(told.len(), 1, "{told:?}");
}
