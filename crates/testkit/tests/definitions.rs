//! Definitions come back as they were written: from the form to the document, into the database, and out of it into a
//! process that starts anew, on both databases.

use domain::{FieldDraft, House};
use kernel::FieldName;
use model::{Document, Kind};
use testkit::{TestHouse, both};

/// What a label may be: quotes, backslashes, TOML's own signs, right-to-left, emoji.
const LABELS: [&str; 8] = [
    "Plain",
    "He said \"no\"",
    "C:\\path\\new",
    "a = [1] # no comment",
    "'''three'''",
    "\u{202b}שלום\u{202c}",
    "🙂 & <b>bold</b>",
    "tab\there",
];

fn drafts() -> Vec<FieldDraft> {
    let labelled = |(at, label): (usize, &&str)| FieldDraft {
        name: format!("extra_{at}"),
        en: (*label).to_owned(),
        zh: format!("中文 {label}"),
        kind: "choice".into(),
        choices: format!("one | {label} | 一\ntwo"),
        personal: Some(at % 2 == 0),
        because: format!("says nothing: {label}"),
        category: "employment".into(),
        purposes: vec!["account_care".into(), "quoting".into()],
        mask: "all".into(),
        protect: if at % 4 == 0 { "cell" } else { "disk" }.into(),
        column: at % 3 == 0,
        ..FieldDraft::default()
    };
    LABELS.iter().enumerate().map(labelled).collect()
}

/// All of a contact is personal; of a company not.
fn object_of(draft: &FieldDraft) -> &'static str {
    if draft.personal == Some(true) { "contact" } else { "company" }
}

#[tokio::test]
async fn a_field_is_what_was_asked_for_here_and_after_a_restart() {
    both(async |app: TestHouse| {
        let ctx = || app.operator();
        for draft in drafts() {
            let plan = app.house.add_field(&ctx(), object_of(&draft), &draft).await;
            assert!(plan.is_ok(), "{}: {:?}", draft.en, plan.err().map(|e| e.to_string()));
        }
        let anew = House::open(app.setup()).await.unwrap();
        for house in [&app.house, &anew] {
            let catalog = house.catalog();
            for draft in drafts() {
                let object = catalog.object(object_of(&draft)).unwrap();
                let field = object.field(&FieldName::new(&draft.name).unwrap()).unwrap();
                assert_eq!((field.label.en.as_str(), field.label.zh.as_str()), (draft.en.trim(), draft.zh.trim()));
                let Kind::Choice(choices) = &field.kind else { unreachable!("{:?}", field.kind) };
                let of: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
                assert_eq!((of, choices[0].label.en.as_str()), (vec!["one", "two"], draft.en.trim()));
                assert_eq!(field.is_personal(), draft.personal == Some(true));
                assert_eq!(field.because.is_some(), draft.personal == Some(false));
                assert_eq!(field.column, draft.column);
            }
        }
        // Field by field the same in both, whatever they are.
        for (one, two) in app.house.catalog().objects().zip(anew.catalog().objects()) {
            assert_eq!(one, two);
        }
        // What is kept is a document like any other: applying it once more changes nothing.
        for (name, _, text) in app.house.layers(&ctx()).await.unwrap() {
            let plan = app.house.plan_object(&ctx(), &Document { name, text }).await.unwrap();
            assert_eq!((plan.changes.len(), plan.losses.len()), (0, 0), "{:?}", plan.changes);
        }
    })
    .await;
}

#[tokio::test]
async fn shipped_definitions_are_the_same_read_twice_and_with_other_line_ends() {
    let (purposes, objects) = model::shipped();
    let once = model::Catalog::parse(&purposes, &objects).unwrap();
    let windows = |d: &Document| Document { name: d.name.clone(), text: d.text.replace('\n', "\r\n") };
    let objects: Vec<Document> = objects.iter().map(windows).collect();
    let twice = model::Catalog::parse(&windows(&purposes), &objects).unwrap();
    assert!(once.objects().count() > 5);
    for (one, two) in once.objects().zip(twice.objects()) {
        assert_eq!(one, two);
    }
}
