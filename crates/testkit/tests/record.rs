//! The page of a record and what stands behind it: history, follow-ups, next steps, mentions, panels.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::http::{Method, StatusCode};
use domain::{Edit, FollowUp, Look};
use kernel::RecordId;
use seal::Shown;
use testkit::{Browser, TestHouse, both, field, set};

fn shown(value: &Shown, object: &model::Object, at: usize) -> String {
    match value {
        Shown::Clear(value) => object.fields()[at].kind.show(value),
        Shown::Masked(mask) => format!("masked {mask}"),
        Shown::Empty => "empty".into(),
    }
}

/// The changes of a record as somebody sees them, newest first: `email: old → new`.
async fn history(app: &TestHouse, ctx: &domain::Ctx, id: RecordId) -> Vec<String> {
    let history = app.house.history(&app.again(ctx), "contact", id).await.unwrap();
    let lines = history.changes.iter().flat_map(|change| &change.fields).map(|(at, before, after)| {
        let object = &history.object;
        let name = &object.fields()[*at].name;
        format!("{name}: {} → {}", shown(before, object, *at), shown(after, object, *at))
    });
    lines.collect()
}

async fn version(app: &TestHouse, ctx: &domain::Ctx, object: &str, id: RecordId) -> i64 {
    let page = app.house.get(&app.again(ctx), object, id, &Look::default()).await.unwrap();
    page.rows[0].version
}

async fn change(app: &TestHouse, ctx: &domain::Ctx, id: RecordId, name: &str, value: &str) {
    let version = version(app, ctx, "contact", id).await;
    let edit = Edit { fields: vec![(field(name), value.into())], version, ..Edit::default() };
    app.house.change(&app.again(ctx), "contact", id, &edit).await.unwrap();
}

#[tokio::test]
async fn a_history_shows_old_and_new_values_at_the_level_of_its_viewer() {
    both(async |app: TestHouse| {
        let team = app.team("Sales", None).await;
        let li = app.user("sales", Some(team)).await;
        let quality = app.user("quality", None).await;
        let stranger = app.user("sales", Some(app.team("Elsewhere", None).await)).await;
        let ada = [("family_name", "King"), ("email", "ada@starway.example"), ("job_title", "Engineer")];
        let ada = app.contact(&li, &ada, &["account_care", "quality_safety"]).await;
        change(&app, &li, ada, "email", "ada.king@starway.example").await;
        change(&app, &li, ada, "job_title", "Manager").await;

        assert_eq!(
            history(&app, &li, ada).await,
            ["job_title: Engineer → Manager", "email: ada@starway.example → ada.king@starway.example"]
        );
        let last = app.ledger_tail(1).await;
        assert_eq!(last, ["user viewed contact x1: job_title, email for account_care (history)"]);
        assert_eq!(
            history(&app, &quality, ada).await,
            ["job_title: Engineer → Manager", "email: masked a•••@starway.example → masked a•••@starway.example",]
        );
        let last = app.ledger_tail(1).await;
        assert_eq!(last, ["user viewed contact x1: job_title; masked email for quality_safety (history)"]);
        let hidden = app.house.history(&app.again(&stranger), "contact", ada).await;
        assert!(matches!(hidden, Err(domain::Error::NotFound(_))), "{hidden:?}");
        // A token bound to a purpose that does not need the field gets none of its past either.
        let marketing = domain::Ctx { purpose: Some(kernel::PurposeName::new("quoting").unwrap()), ..app.again(&li) };
        assert!(app.house.history(&marketing, "contact", ada).await.is_err(), "no purpose, no past");

        let page = app.house.get(&app.again(&li), "contact", ada, &Look::default()).await.unwrap();
        app.house.erase(&app.operator(), page.rows[0].person.unwrap()).await.unwrap();
        assert!(app.house.history(&app.again(&li), "contact", ada).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_follow_up_logs_sets_the_next_step_and_tells_who_is_named_in_one_save() {
    both(async |app: TestHouse| {
        let team = app.team("Sales", None).await;
        let li = app.user("sales", Some(team)).await;
        let boss = app.user("sales_manager", Some(team)).await;
        let ada = app.contact(&li, &[("family_name", "King")], &["account_care"]).await;
        let what = FollowUp {
            kind: "call".into(),
            text: "Wants samples. @sales_manager user please approve".into(),
            next: "Send samples".into(),
            next_on: "2026-12-01".into(),
        };
        let done = app.house.follow_up(&app.again(&li), "contact", ada, &what).await.unwrap();
        assert_eq!(done.told, [boss.actor.id]);

        // About Ada: sealed under her key, as her own record is.
        let activity = app.house.get(&app.again(&li), "activity", done.activity, &Look::default()).await.unwrap();
        let contact = app.house.get(&app.again(&li), "contact", ada, &Look::default()).await.unwrap();
        assert_eq!(activity.rows[0].person, contact.rows[0].person);

        let steps = app.house.next_steps(&app.again(&li), "contact", &[ada]).await.unwrap();
        assert_eq!(steps[&ada].title.text, "Send samples");
        assert_eq!(steps[&ada].due.to_string(), "2026-12-01");
        let task = done.task.unwrap();
        app.house.snooze(&app.again(&li), task, version(&app, &li, "activity", task).await, 7).await.unwrap();
        let steps = app.house.next_steps(&app.again(&li), "contact", &[ada]).await.unwrap();
        assert_eq!(steps[&ada].due.to_string(), "2026-11-30");
        app.house.done(&app.again(&li), task, version(&app, &li, "activity", task).await, true).await.unwrap();
        assert!(app.house.next_steps(&app.again(&li), "contact", &[ada]).await.unwrap().is_empty());

        // The notice holds ids; the other one's are not the first one's to put aside.
        let notices = app.house.notices(&boss).await.unwrap();
        assert_eq!(notices.iter().map(|n| n.record).collect::<Vec<_>>(), [done.activity]);
        assert!(app.house.put_aside(&li, notices[0].id).await.is_err());
        app.house.put_aside(&boss, notices[0].id).await.unwrap();
        assert!(app.house.notices(&boss).await.unwrap().is_empty());

        // Nothing is written where a part cannot be.
        let half = FollowUp { next_on: "soon".into(), ..what.clone() };
        let wrong = app.house.follow_up(&app.again(&li), "contact", ada, &half).await.unwrap_err();
        assert!(matches!(&wrong, domain::Error::Invalid(all) if all[0].field == "next_on"), "{wrong}");
        let bare = FollowUp { next_on: String::new(), ..what.clone() };
        assert!(app.house.follow_up(&app.again(&li), "contact", ada, &bare).await.is_err());
        assert!(app.house.notices(&boss).await.unwrap().is_empty());
        // Nor about a record that the actor may not know of.
        let other = app.user("sales", Some(app.team("Elsewhere", None).await)).await;
        let hidden = app.house.follow_up(&app.again(&other), "contact", ada, &what).await;
        assert!(matches!(hidden, Err(domain::Error::NotFound(_))), "{hidden:?}");
    })
    .await;
}

#[tokio::test]
async fn the_page_of_a_record_opens_panels_tells_changes_apart_and_logs_in_one_form() {
    let app = TestHouse::sqlite().await;
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    let boss = app.user("sales_manager", Some(team)).await;
    app.user("quality", None).await;
    app.user("dpo", None).await;
    let ada = app
        .contact(
            &li,
            &[("family_name", "King"), ("email", "ada@starway.example")],
            &["account_care", "quality_safety", "legal_duty"],
        )
        .await;
    let starway =
        domain::Draft { fields: vec![(field("legal_name"), "Starway Ltd".into())], ..domain::Draft::default() };
    let starway = app.house.create(&app.again(&li), "company", &starway).await.unwrap().id;
    change(&app, &li, ada, "company", &starway.to_string()).await;
    change(&app, &li, ada, "email", "ada.king@starway.example").await;
    let path = format!("/contact/{ada}");
    let mut page = Browser::signed_in(&app, &format!("sales{}@custos.example", &team.to_string()[24..])).await;

    // One form: what was done, the next step and its day.
    let record = page.page(&path).await;
    let to = format!("{path}/follow-ups");
    let mut form = record.form(&to);
    set(&mut form, "text", "Asked about lead times @sales_manager user");
    set(&mut form, "next", "Send the datasheet");
    set(&mut form, "next_on", "2026-11-25");
    let logged = page.submit(&to, &form).await;
    let text = logged.text();
    assert!(text.contains("Logged.") && text.contains("Asked about lead times"), "{text}");
    assert!(text.contains("In 2 days, 2026-11-25 Send the datasheet"), "{text}");

    // Activity shows no change; changes show no note.
    assert!(!text.contains("changes by"), "{text}");
    let changes = page.page(&format!("{path}?tab=changes")).await.text();
    assert!(changes.contains("2 changes by sales user"), "{changes}");
    assert!(changes.contains("before: ada@starway.example → after: ada.king@starway.example"), "{changes}");
    assert!(!changes.contains("Asked about lead times"), "{changes}");
    let all = page.page(&format!("{path}?tab=all")).await.text();
    assert!(all.contains("Asked about lead times") && all.contains("2 changes by sales user"));

    // What was typed comes back with the cure beside it.
    set(&mut form, "next_on", "");
    let refused = page.post(&to, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Asked about lead times") && refused.body.contains("Send the datasheet"));
    assert!(refused.values("href").contains(&"#f-next_on".to_owned()), "{:?}", refused.values("href"));

    // Done, and gone from what comes next.
    let task = logged.values("action").into_iter().find(|action| action.ends_with("/done")).unwrap();
    let done = page.submit(&task, &logged.form(&task)).await;
    assert!(done.text().contains("Done.") && !done.text().contains("In 2 days"), "{}", done.text());

    // A panel is read when it is opened, and then on record.
    let company = format!("/company/{starway}");
    let shut = page.page(&company).await;
    assert!(!shut.text().contains("King"), "{}", shut.text());
    let open = shut.values("href").into_iter().find(|href| href.contains("open=contact.company")).unwrap();
    let open = page.page(open.split('#').next().unwrap()).await;
    assert!(open.text().contains("Contacts 1") && open.text().contains("King"), "{}", open.text());
    assert!(open.values("href").contains(&format!("/contact/new?company={starway}")));
    let tail = app.ledger_tail(12).await;
    assert!(tail.iter().any(|line| line.starts_with("user listed contact x1")), "{tail:#?}");
    // A contact's follow-up is its company's too.
    assert!(open.text().contains("Asked about lead times"), "{}", open.text());

    // The colleague finds it at the first page and puts it aside.
    let mut other = Browser::signed_in(&app, &format!("sales_manager{}@custos.example", &team.to_string()[24..])).await;
    let home = other.page("/").await;
    assert!(home.text().contains("sales user mentioned you Asked about lead times"), "{}", home.text());
    let aside = home.values("action").into_iter().find(|action| action.starts_with("/notices/")).unwrap();
    let home = other.submit(&aside, &home.form(&aside)).await;
    assert!(!home.text().contains("mentioned you"));
    let _ = boss;

    // Masked stays masked in the past; who may not read the ledger is not offered its tab.
    let mut quality = Browser::signed_in(&app, "quality@custos.example").await;
    for tail in ["", "?tab=changes", "?tab=all", "?tab=accesses"] {
        let seen = quality.page(&format!("{path}{tail}")).await;
        assert!(!seen.body.contains("ada@starway") && !seen.body.contains("ada.king@"), "{tail}");
        let offered = seen.values("href").iter().any(|href| href.contains("tab=accesses#timeline"));
        assert!(!offered, "{tail}");
    }
    let mut dpo = Browser::signed_in(&app, "dpo@custos.example").await;
    let seen = dpo.page(&format!("{path}?tab=accesses")).await.text();
    assert!(seen.contains("sales user changed contact"), "{seen}");

    // The same in Chinese.
    let mut zh = page.clone().speaking("zh-CN");
    let text = zh.page(&format!("{path}?tab=changes")).await.text();
    assert!(text.contains("sales user的 2 项变更") && text.contains("保存跟进"), "{text}");
}

#[tokio::test]
async fn the_api_tells_history_and_takes_follow_ups() {
    both(async |app: TestHouse| {
        let team = app.team("Sales", None).await;
        let li = app.user("sales", Some(team)).await;
        let ada =
            app.contact(&li, &[("family_name", "King"), ("email", "ada@starway.example")], &["account_care"]).await;
        change(&app, &li, ada, "email", "ada.king@starway.example").await;
        let token = domain::NewToken {
            name: "crm".into(),
            role: kernel::RoleName::new("sales").unwrap(),
            purpose: kernel::PurposeName::new("account_care").unwrap(),
            team: Some(team),
            expires: app.house.now() + jiff::SignedDuration::from_hours(24),
        };
        let (_, secret) = app.house.add_token(&app.operator(), &token).await.unwrap();
        let bearer = format!("Bearer {secret}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let mut api = Browser::stranger(&app);
        let history = api.send(Method::GET, &format!("/api/v1/contact/{ada}/history"), None, &headers).await;
        let told: serde_json::Value = serde_json::from_str(&history.body).unwrap();
        assert_eq!(told["changes"][0]["before"]["fields"]["email"], "ada@starway.example", "{}", history.body);
        assert_eq!(told["changes"][0]["after"]["fields"]["email"], "ada.king@starway.example");
        let body = r#"{"kind": "note", "text": "Likes PCNs by e-mail", "next": "Ask again", "next_on": "2026-12-01"}"#;
        let path = format!("/api/v1/contact/{ada}/follow-ups");
        let made = api.send(Method::POST, &path, Some(body.into()), &headers).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let none = api.send(Method::GET, "/api/v1/notices", None, &headers).await;
        assert_eq!(none.body, r#"{"notices":[]}"#);
    })
    .await;
}
