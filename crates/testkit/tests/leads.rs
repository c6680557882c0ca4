//! Leads become contacts: what goes along, what stays, one human with one key, on record, and back again.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::http::{Method, StatusCode};
use domain::{ConversionDraft, Ctx, Draft, Error, Fate, ListAsk, Look, NewToken};
use jiff::SignedDuration;
use kernel::{PurposeName, RecordId, RoleName};
use testkit::{Browser, TestHouse, basis, both, field, set};

const VALUES: &[(&str, &str)] = &[
    ("family_name", "King"),
    ("given_name", "Ada"),
    ("email", "ada@starway.example"),
    ("company_name", "Starway Ltd"),
    ("interest", "sensors for pumps"),
    ("notes", "wants a visit in May"),
    ("status", "new"),
];

async fn lead(app: &TestHouse, ctx: &Ctx, fields: &[(&str, &str)], purposes: &[&str]) -> RecordId {
    let draft = Draft {
        fields: fields.iter().map(|(name, text)| (field(name), (*text).to_owned())).collect(),
        source: Some("trade fair 2026-10".into()),
        bases: purposes.iter().map(|p| basis(p)).collect(),
        ..Draft::default()
    };
    app.house.create(&app.again(ctx), "lead", &draft).await.unwrap().id
}

fn purposes(names: &[&str]) -> Vec<PurposeName> {
    names.iter().map(|name| PurposeName::new(name).unwrap()).collect()
}

fn code(error: Error) -> String {
    match error {
        Error::Invalid(wrong) => wrong[0].code.to_owned(),
        other => other.to_string(),
    }
}

async fn text(app: &TestHouse, ctx: &Ctx, object: &str, id: RecordId, name: &str) -> Option<String> {
    let page = app.house.get(&app.again(ctx), object, id, &Look::default()).await.unwrap();
    let definition = page.object.field(name).unwrap();
    match page.value(&page.rows[0], name) {
        seal::Shown::Clear(value) => Some(definition.kind.show(value)),
        seal::Shown::Masked(mask) => Some(mask.clone()),
        seal::Shown::Empty => None,
    }
}

#[tokio::test]
async fn a_lead_becomes_a_contact_with_what_its_purposes_need_and_back() {
    both(async |app: TestHouse| {
        let sales = app.team("Sales", None).await;
        let other = app.team("Other", None).await;
        let li = app.user("sales", Some(sales)).await;
        let eve = app.user("sales", Some(other)).await;
        let ada = lead(&app, &li, VALUES, &["account_care", "marketing"]).await;
        let house = &app.house;

        // The plan says what goes and what stays, and why.
        let plan = house.conversion_plan(&app.again(&li), ada, None).await.unwrap();
        assert_eq!(plan.chosen, purposes(&["account_care"]), "a purpose the role does not work for is not ticked");
        assert_eq!(plan.live, purposes(&["account_care", "marketing"]));
        let fate = |plan: &domain::ConversionPlan, name: &str| {
            plan.fields.iter().find(|line| line.field.as_str() == name).map(|line| line.fate.clone())
        };
        assert_eq!(fate(&plan, "email"), Some(Fate::Carried(purposes(&["account_care"]))));
        assert_eq!(fate(&plan, "notes"), Some(Fate::Carried(purposes(&["account_care"]))));
        assert_eq!(fate(&plan, "interest"), Some(Fate::NoField));
        let orders = purposes(&["order_fulfilment"]);
        let plan = house.conversion_plan(&app.again(&li), ada, Some(&orders)).await.unwrap();
        assert!(matches!(fate(&plan, "notes"), Some(Fate::NotNeeded(_))), "{:?}", fate(&plan, "notes"));

        // A purpose that is not live needs a ground of its own; nobody else's lead can be converted.
        let mut draft = ConversionDraft {
            version: 1,
            company_name: Some("Starway Ltd".into()),
            opportunity: Some("Pump sensor".into()),
            purposes: orders.clone(),
            ..ConversionDraft::default()
        };
        let refused = house.convert(&app.again(&li), ada, &draft).await.unwrap_err();
        assert_eq!(code(refused), "purpose_without_basis");
        draft.bases = vec![basis("order_fulfilment")];
        assert!(matches!(house.convert(&app.again(&eve), ada, &draft).await, Err(Error::NotFound(_))));
        let stale = ConversionDraft { version: 2, ..draft.clone() };
        assert!(matches!(house.convert(&app.again(&li), ada, &stale).await, Err(Error::Conflict { version: 1 })));

        let done = house.convert(&app.again(&li), ada, &draft).await.unwrap();
        let tail = app.ledger_tail(6).await.join("\n");
        for line in [
            "user basis_added x0 for order_fulfilment",
            "user converted lead x1: ",
            "user created company x1: legal_name",
            "user created contact x1: ",
            "user created opportunity x1: ",
        ] {
            assert!(tail.contains(&line.replace(" x0", "")), "{line} is not in {tail}");
        }
        // The one person, the one key; what the contact is not for stayed behind.
        let page = house.get(&app.again(&li), "lead", ada, &Look::default()).await.unwrap();
        let person = page.rows[0].person.unwrap();
        let page = house.get(&app.again(&li), "contact", done.contact, &Look::default()).await.unwrap();
        assert_eq!(page.rows[0].person, Some(person));
        assert_eq!(text(&app, &li, "contact", done.contact, "email").await.as_deref(), Some("ada@starway.example"));
        assert_eq!(text(&app, &li, "contact", done.contact, "notes").await, None);
        assert_eq!(text(&app, &li, "lead", ada, "status").await.as_deref(), Some("converted"));
        let dpo = app.user("dpo", None).await;
        let known = house.person(&app.again(&dpo), person).await.unwrap();
        assert_eq!(known.live, ["account_care", "order_fulfilment", "marketing"]);
        let again = ConversionDraft { version: 2, ..draft.clone() };
        let refused = house.convert(&app.again(&li), ada, &again).await.unwrap_err();
        assert_eq!(code(refused), "converted_already");

        // Taken back: what was made is gone, what was stated has ended, the lead is what it was.
        assert!(matches!(house.take_conversion_back(&app.again(&eve), ada).await, Err(Error::NotFound(_))));
        house.take_conversion_back(&app.again(&li), ada).await.unwrap();
        for (object, id) in
            [("contact", done.contact), ("company", done.company), ("opportunity", done.opportunity.unwrap())]
        {
            let found = house.get(&app.again(&li), object, id, &Look::default()).await;
            assert!(matches!(found, Err(Error::NotFound(_))), "{object}");
        }
        assert_eq!(text(&app, &li, "lead", ada, "status").await.as_deref(), Some("new"));
        let known = house.person(&app.again(&dpo), person).await.unwrap();
        assert_eq!(known.live, ["account_care", "marketing"]);
        assert_eq!(text(&app, &li, "lead", ada, "email").await.as_deref(), Some("ada@starway.example"));

        // Once used, it stands.
        let draft = ConversionDraft { version: 3, purposes: purposes(&["account_care"]), bases: Vec::new(), ..draft };
        let done = house.convert(&app.again(&li), ada, &draft).await.unwrap();
        let edit =
            domain::Edit { fields: vec![(field("alias"), "Countess".into())], version: 1, ..domain::Edit::default() };
        house.change(&app.again(&li), "contact", done.contact, &edit).await.unwrap();
        let refused = house.take_conversion_back(&app.again(&li), ada).await.unwrap_err();
        assert_eq!(code(refused), "conversion_used");
    })
    .await;
}

#[tokio::test]
async fn a_lead_who_is_a_contact_already_becomes_one_person_with_it() {
    both(async |app: TestHouse| {
        let sales = app.team("Sales", None).await;
        let other = app.team("Other", None).await;
        let li = app.user("sales", Some(sales)).await;
        let eve = app.user("sales", Some(other)).await;
        let same = [("family_name", "King"), ("email", "ada@starway.example")];
        let known = app.contact(&li, &same, &["account_care"]).await;
        app.contact(&eve, &same, &["account_care"]).await;
        let ada = lead(&app, &li, VALUES, &["account_care", "marketing"]).await;
        let plan = app.house.conversion_plan(&app.again(&li), ada, None).await.unwrap();
        let found: Vec<RecordId> = plan.contacts.iter().map(|(id, _)| *id).collect();
        assert_eq!(found, [known], "only who may be seen is told of");
        let before = plan.lead.rows[0].person.unwrap();

        let draft = ConversionDraft {
            version: 1,
            contact: Some(known),
            company_name: Some("Starway Ltd".into()),
            ..ConversionDraft::default()
        };
        let done = app.house.convert(&app.again(&li), ada, &draft).await.unwrap();
        assert_eq!((done.contact, done.undoable), (known, false));
        let page = app.house.get(&app.again(&li), "contact", known, &Look::default()).await.unwrap();
        let person = page.rows[0].person.unwrap();
        let page = app.house.get(&app.again(&li), "lead", ada, &Look::default()).await.unwrap();
        assert_eq!(page.rows[0].person, Some(person), "one human, one person");
        assert_eq!(text(&app, &li, "lead", ada, "email").await.as_deref(), Some("ada@starway.example"));
        let dpo = app.user("dpo", None).await;
        let gone = app.house.person(&app.again(&dpo), before).await.unwrap();
        assert!(gone.erased.is_some(), "the lead's own key is gone");
        let refused = app.house.take_conversion_back(&app.again(&li), ada).await.unwrap_err();
        assert_eq!(code(refused), "conversion_final");
        // Exact look-up finds the lead under its new key too.
        let by_mail = ListAsk {
            filters: vec![domain::WrittenFilter {
                field: "email".into(),
                compare: domain::Compare::Eq,
                value: "ada@starway.example".into(),
            }],
            ..ListAsk::default()
        };
        let listed = app.house.list(&app.again(&li), "lead", &by_mail).await.unwrap();
        assert_eq!(listed.page.rows.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_lead_is_given_up_with_a_reason_and_taken_up_again() {
    both(async |app: TestHouse| {
        let sales = app.team("Sales", None).await;
        let li = app.user("sales", Some(sales)).await;
        let ada = lead(&app, &li, VALUES, &["account_care"]).await;
        let refused = app.house.disqualify(&app.again(&li), ada, "", 1).await.unwrap_err();
        assert_eq!(code(refused), "required");
        assert!(matches!(app.house.disqualify(&app.again(&li), ada, "whim", 1).await, Err(Error::Invalid(_))));
        app.house.disqualify(&app.again(&li), ada, "no_budget", 1).await.unwrap();
        assert_eq!(text(&app, &li, "lead", ada, "status").await.as_deref(), Some("disqualified"));
        assert_eq!(text(&app, &li, "lead", ada, "disqualified_reason").await.as_deref(), Some("no_budget"));
        app.house.requalify(&app.again(&li), ada, 2).await.unwrap();
        assert_eq!(text(&app, &li, "lead", ada, "status").await.as_deref(), Some("contacted"));
        assert_eq!(text(&app, &li, "lead", ada, "disqualified_reason").await, None);
    })
    .await;
}

#[tokio::test]
async fn the_page_of_a_conversion_shows_what_stays_and_takes_it_back() {
    let app = TestHouse::sqlite().await;
    let sales = app.team("Sales", None).await;
    let li = app.user("sales", Some(sales)).await;
    let ada = lead(&app, &li, VALUES, &["account_care"]).await;
    let mut browser = Browser::signed_in(&app, &format!("sales{}@custos.example", &sales.to_string()[24..])).await;
    let record = browser.page(&format!("/lead/{ada}")).await;
    let path = format!("/lead/{ada}/conversion");
    assert!(record.values("href").contains(&path), "{:?}", record.values("href"));
    let page = browser.page(&path).await;
    let told = page.text();
    assert!(told.contains("Interested in sensors for pumps Stays contacts have no such field"), "{told}");
    assert!(told.contains("E-mail ada@starway.example Goes along needed for Account care"), "{told}");
    let mut form = page.form(&path);
    set(&mut form, "opportunity", "Pump sensor");
    set(&mut form, "purpose", "quoting");
    set(&mut form, "then", "preview");
    let preview = browser.post(&path, &form).await;
    assert!(preview.text().contains("Notes wants a visit in May Stays would be needed for"), "{}", preview.text());
    set(&mut form, "then", "");
    let wrong = browser.post(&path, &form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text());
    assert!(wrong.text().contains("choose its ground"), "{}", wrong.text());
    assert!(wrong.body.contains("Pump sensor"), "what was typed comes back");
    set(&mut form, "purpose", "account_care");
    let done = browser.submit(&path, &form).await;
    assert!(done.text().contains("Lead converted") && done.text().contains("Opportunity"), "{}", done.text());
    let back = browser.submit(&format!("{path}/withdrawal"), &[("csrf", "")]).await;
    assert!(back.text().contains("King") && back.text().contains("New"), "{}", back.text());
    // Given up, and taken up again.
    let path = format!("/lead/{ada}/disqualification");
    let mut form = browser.page(&path).await.form(&path);
    set(&mut form, "reason", "no_need");
    let given = browser.submit(&path, &form).await;
    assert!(given.text().contains("This lead was given up"), "{}", given.text());
    let form = given.form(&format!("{path}/withdrawal"));
    let again = browser.submit(&format!("{path}/withdrawal"), &form).await;
    assert!(again.text().contains("Contacted"), "{}", again.text());
    let chinese = browser.clone().speaking("zh-CN").page(&format!("/lead/{ada}/conversion")).await;
    assert!(chinese.text().contains("转化线索") && chinese.text().contains("保留在线索"), "{}", chinese.text());
}

#[tokio::test]
async fn a_program_converts_a_lead() {
    let app = TestHouse::sqlite().await;
    let sales = app.team("Sales", None).await;
    let li = app.user("sales", Some(sales)).await;
    let ada = lead(&app, &li, VALUES, &["account_care"]).await;
    let token = NewToken {
        name: "robot".into(),
        role: RoleName::new("sales").unwrap(),
        purpose: PurposeName::new("account_care").unwrap(),
        team: Some(sales),
        expires: app.house.now() + SignedDuration::from_hours(24),
    };
    let (_, secret) = app.house.add_token(&app.operator(), &token).await.unwrap();
    let bearer = format!("Bearer {secret}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", "\"1\"")];
    let mut robot = Browser::stranger(&app);
    let path = format!("/api/v1/lead/{ada}/conversion");
    let plan = robot.send(Method::GET, &path, None, &headers).await;
    let plan: serde_json::Value = serde_json::from_str(&plan.body).unwrap();
    assert_eq!(plan["fields"]["interest"]["why"], "no_field");
    assert_eq!(plan["fields"]["email"]["goes"], true);
    let body = r#"{"company_name":"Starway Ltd","purposes":["account_care"]}"#;
    let made = robot.send(Method::POST, &path, Some(body.into()), &headers).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let back = robot.send(Method::DELETE, &path, None, &headers).await;
    assert_eq!(back.status, StatusCode::NO_CONTENT, "{}", back.body);
    let path = format!("/api/v1/lead/{ada}/disqualification");
    let headers = [headers[0], headers[1], ("if-match", "\"3\"")];
    let body = r#"{"reason":"no_need"}"#;
    let up = robot.send(Method::POST, &path, Some(body.into()), &headers).await;
    assert_eq!(up.status, StatusCode::OK, "{}", up.body);
}
