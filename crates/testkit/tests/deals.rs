//! Opportunities as designs: stages with what they need, part lines, a forecast that invents nothing, figures that equal
//! their lists, and the first page made of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::http::{Method, StatusCode};
use domain::{Ctx, Draft, Edit, Error, FigureAsk, ListAsk, NewToken, Scope, Tally};
use jiff::SignedDuration;
use kernel::{PurposeName, RecordId, RoleName};
use testkit::{Browser, TestHouse, both, field, set};

async fn make(app: &TestHouse, ctx: &Ctx, object: &str, fields: &[(&str, &str)]) -> RecordId {
    let draft = Draft {
        fields: fields.iter().map(|(name, text)| (field(name), (*text).to_owned())).collect(),
        ..Draft::default()
    };
    app.house.create(&app.again(ctx), object, &draft).await.unwrap().id
}

async fn deal(app: &TestHouse, ctx: &Ctx, company: RecordId, more: &[(&str, &str)]) -> RecordId {
    let company = company.to_string();
    let mut fields = vec![("name", "Pump sensor"), ("company", company.as_str()), ("stage", "inquiry")];
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    fields.extend(more);
    make(app, ctx, "opportunity", &fields).await
}

async fn line(app: &TestHouse, ctx: &Ctx, deal: RecordId, more: &[(&str, &str)]) -> RecordId {
    let deal = deal.to_string();
    let mut fields = vec![
        ("opportunity", deal.as_str()),
        ("mpn", "NE-100"),
        ("annual_units", "12000"),
        ("unit_price", "0.4125"),
        ("currency", "EUR"),
        ("share", "50"),
        ("years", "2"),
    ];
    fields.extend(more);
    make(app, ctx, "opportunity_line", &fields).await
}

fn edit(version: i64, fields: &[(&str, &str)]) -> Edit {
    let fields = fields.iter().map(|(name, text)| (field(name), (*text).to_owned())).collect();
    Edit { fields, version, ..Edit::default() }
}

/// The list that a tally opens has as many records.
async fn holds(app: &TestHouse, ctx: &Ctx, tally: &Tally, count: u64) {
    assert_eq!(tally.count, count, "{}", tally.object);
    let ask = ListAsk { filters: tally.filters.clone(), count: true, ..ListAsk::default() };
    let listed = app.house.list(&app.again(ctx), tally.object, &ask).await.unwrap();
    assert_eq!(listed.count, Some((count, false)), "{}: the list shows what the figure counts", tally.object);
}

#[tokio::test]
async fn a_stage_holds_what_it_needs_and_remembers_where_it_was() {
    both(async |app: TestHouse| {
        let sales = app.team("Sales", None).await;
        let other = app.team("Other", None).await;
        let li = app.user("sales", Some(sales)).await;
        let eve = app.user("sales", Some(other)).await;
        let company = make(&app, &li, "company", &[("legal_name", "Starway Ltd")]).await;
        let deal = deal(&app, &li, company, &[]).await;
        app.clock.advance(SignedDuration::from_hours(24 * 5));
        let lacking = |error: Error| match error {
            Error::Invalid(wrong) => wrong.into_iter().map(|e| (e.field, e.code)).collect::<Vec<_>>(),
            other => panic!("{other}"),
        };
        let refused = app.house.change(&app.again(&li), "opportunity", deal, &edit(1, &[("stage", "sample")])).await;
        assert_eq!(lacking(refused.unwrap_err()), [("application".to_owned(), "stage_needs")]);
        let moved = edit(1, &[("stage", "sample"), ("application", "Pump")]);
        app.house.change(&app.again(&li), "opportunity", deal, &moved).await.unwrap();
        app.clock.advance(SignedDuration::from_hours(24 * 3));
        // What the record holds already need not be said again; what a change empties is not there.
        let emptied = edit(2, &[("stage", "design_in"), ("application", ""), ("sop_date", "2027-05-01")]);
        let refused = app.house.change(&app.again(&li), "opportunity", deal, &emptied).await;
        assert_eq!(lacking(refused.unwrap_err()), [("application".to_owned(), "stage_needs")]);
        let with = [(field("sop_date"), "2027-05-01".to_owned())];
        app.house.move_stage(&app.again(&li), deal, 2, "design_in", &with).await.unwrap();
        let refused = app.house.move_stage(&app.again(&li), deal, 3, "lost", &[]).await;
        assert_eq!(lacking(refused.unwrap_err()), [("loss_reason".to_owned(), "stage_needs")]);
        app.clock.advance(SignedDuration::from_hours(25));
        let ctx = app.again(&li);
        let stays = app.house.stages(&ctx, deal).await.unwrap();
        let told: Vec<(&str, i64)> = stays.iter().map(|stay| (stay.stage.as_str(), stay.days(ctx.at))).collect();
        assert_eq!(told, [("inquiry", 5), ("sample", 3), ("design_in", 1)]);
        assert!(stays.iter().all(|stay| stay.actor == li.actor.id));
        assert!(matches!(app.house.stages(&app.again(&eve), deal).await, Err(Error::NotFound(_))));
    })
    .await;
}

#[tokio::test]
async fn a_forecast_comes_from_lines_alone_and_only_from_ones_own() {
    both(async |app: TestHouse| {
        let sales = app.team("Sales", None).await;
        let other = app.team("Other", None).await;
        let li = app.user("sales", Some(sales)).await;
        let eve = app.user("sales", Some(other)).await;
        let company = make(&app, &li, "company", &[("legal_name", "Starway Ltd")]).await;
        let known = [("sop_date", "2027-01-15"), ("probability", "40")];
        let first = deal(&app, &li, company, &known).await;
        line(&app, &li, first, &[]).await;
        line(&app, &li, first, &[("currency", "CNY"), ("probability", "100")]).await;
        let vague = deal(&app, &li, company, &[("sop_date", "2027-01-15")]).await;
        line(&app, &li, vague, &[]).await;
        let early = deal(&app, &li, company, &[("probability", "10")]).await;
        line(&app, &li, early, &[]).await;
        let lost = deal(&app, &li, company, &[("stage", "lost"), ("loss_reason", "price"), known[0], known[1]]).await;
        line(&app, &li, lost, &[]).await;

        let forecast = app.house.forecast(&app.again(&li), Scope::default(), 2).await.unwrap();
        let quarters: Vec<String> = forecast.quarters.iter().map(ToString::to_string).collect();
        assert_eq!(quarters, ["2026 Q4", "2027 Q1"]);
        assert_eq!(forecast.currencies["EUR"], [(0, 0), (618_750_000, 247_500_000)]);
        assert_eq!(forecast.currencies["CNY"], [(0, 0), (618_750_000, 618_750_000)]);
        assert_eq!((forecast.counted, forecast.without_start, forecast.without_probability), (2, 1, 1));
        let tail = app.ledger_tail(2).await.join("\n");
        assert!(tail.contains("user counted opportunity x3: probability, sop_date, stage for account_care"), "{tail}");
        assert!(tail.contains("user counted opportunity_line x5: annual_units, currency, "), "{tail}");

        let one = Scope { opportunity: Some(first), owner: None };
        let forecast = app.house.forecast(&app.again(&li), one, 2).await.unwrap();
        assert_eq!((forecast.counted, forecast.without_start), (2, 0));
        let none = app.house.forecast(&app.again(&eve), Scope::default(), 2).await.unwrap();
        assert_eq!((none.counted, none.currencies.len()), (0, 0));

        // Lines go where their opportunity goes.
        let given = Edit { team: Some(Some(other)), owner: Some(Some(eve.actor.id)), version: 1, ..Edit::default() };
        app.house.change(&app.again(&li), "opportunity", first, &given).await.unwrap();
        let seen = app.house.list(&app.again(&eve), "opportunity", &ListAsk::default()).await.unwrap();
        assert_eq!(seen.page.rows.len(), 1);
        let seen = app.house.list(&app.again(&eve), "opportunity_line", &ListAsk::default()).await.unwrap();
        assert_eq!(seen.page.rows.len(), 2);
        let now = app.house.forecast(&app.again(&eve), Scope::default(), 2).await.unwrap();
        assert_eq!(now.counted, 2);
        // A role that may not read a field cannot have it counted.
        let zhao = app.user("quality", None).await;
        let ask = FigureAsk { sum: vec![field("unit_price")], ..FigureAsk::default() };
        assert!(matches!(app.house.figures(&app.again(&zhao), "opportunity_line", &ask).await, Err(Error::Refused(_))));
        let ask = FigureAsk { by: vec![domain::By::column("next_step")], ..FigureAsk::default() };
        assert!(matches!(app.house.figures(&app.again(&li), "opportunity", &ask).await, Err(Error::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn every_figure_of_the_first_page_equals_its_list() {
    both(async |app: TestHouse| {
        let sales = app.team("Sales", None).await;
        let li = app.user("sales", Some(sales)).await;
        let me = Some(li.actor.id);
        let company = make(&app, &li, "company", &[("legal_name", "Starway Ltd")]).await;
        let ada = app.contact(&li, &[("family_name", "King")], &["account_care"]).await.to_string();
        let live = deal(&app, &li, company, &[("last_activity", "2026-09-01")]).await.to_string();
        deal(&app, &li, company, &[("last_activity", "2026-09-01"), ("amount", "1200.50"), ("currency", "EUR")]).await;
        let won = [("stage", "production"), ("sop_date", "2026-01-01"), ("expected_close", "2026-02-01")];
        deal(&app, &li, company, &won).await;
        let lost = [("stage", "lost"), ("loss_reason", "price"), ("expected_close", "2026-03-01")];
        deal(&app, &li, company, &lost).await;
        for (due, done) in [("2026-11-20", "no"), ("2026-11-23", "no"), ("2026-11-25", "no"), ("2026-11-20", "yes")] {
            let task = [("kind", "task"), ("subject", "Send samples"), ("due", due), ("done", done), ("contact", &ada)];
            make(&app, &li, "activity", &task).await;
        }
        for (kind, at) in
            [("call", "2026-11-23T07:00:00Z"), ("mail", "2026-11-18T07:00:00Z"), ("call", "2026-01-05T07:00:00Z")]
        {
            let done =
                [("kind", kind), ("subject", "Talk"), ("happened", at), ("contact", &ada), ("opportunity", &live)];
            make(&app, &li, "activity", &done).await;
        }
        let house = &app.house;
        let tasks = house.tasks(&app.again(&li), me).await.unwrap().unwrap();
        holds(&app, &li, &tasks.late, 1).await;
        holds(&app, &li, &tasks.today, 1).await;
        holds(&app, &li, &tasks.week, 1).await;
        // The call of today is activity about the first opportunity; the second one stands still.
        let stalled = house.stalled(&app.again(&li), me).await.unwrap().unwrap();
        holds(&app, &li, &stalled, 1).await;
        let stages = house.pipeline(&app.again(&li), me).await.unwrap().unwrap();
        for (stage, count) in [("inquiry", 2), ("production", 1), ("sample", 0)] {
            let stage = stages.iter().find(|s| s.stage == stage).unwrap();
            holds(&app, &li, &stage.tally, count).await;
        }
        assert_eq!(stages[0].amounts, [("EUR".to_owned(), 1_200_500_000)]);
        let decided = house.decided(&app.again(&li), me).await.unwrap().unwrap();
        holds(&app, &li, &decided.won, 1).await;
        holds(&app, &li, &decided.lost, 1).await;
        assert_eq!(decided.rate(), Some(50));
        let activity = house.activity(&app.again(&li), me).await.unwrap().unwrap();
        holds(&app, &li, &activity.all, 2).await;
        let calls = &activity.kinds.iter().find(|(kind, _)| kind == "call").unwrap().1;
        assert_eq!((calls.len(), calls[12], calls[11]), (13, 1, 0), "weeks begin on Monday");
        let mails = &activity.kinds.iter().find(|(kind, _)| kind == "mail").unwrap().1;
        assert_eq!(mails[11], 1);
        assert_eq!(activity.teams, [(Some(sales), 2)]);
        // Roles without opportunities have no such blocks, and asking is no refused attempt.
        let paul = app.user("auditor", None).await;
        let before = app.ledger_tail(1).await;
        assert!(house.pipeline(&app.again(&paul), None).await.unwrap().is_none());
        assert_eq!(app.ledger_tail(1).await, before);
    })
    .await;
}

#[tokio::test]
async fn the_pages_of_a_design_and_the_first_page() {
    let app = TestHouse::sqlite().await;
    let sales = app.team("Sales", None).await;
    let li = app.user("sales", Some(sales)).await;
    let company = make(&app, &li, "company", &[("legal_name", "Starway Ltd")]).await;
    let known = [("sop_date", "2027-01-15"), ("probability", "40")];
    let deal = deal(&app, &li, company, &known).await;
    line(&app, &li, deal, &[]).await;
    let mut browser = Browser::signed_in(&app, &format!("sales{}@custos.example", &sales.to_string()[24..])).await;
    let path = format!("/opportunity/{deal}/design");
    let record = browser.page(&format!("/opportunity/{deal}")).await;
    assert!(record.values("href").contains(&path));
    let page = browser.page(&path).await;
    let text = page.text();
    assert!(text.contains("NE-100") && text.contains("EUR 2,475.00") && text.contains("Inquiry 0 days"), "{text}");
    assert!(text.contains("2027 Q1 EUR 618.75 EUR 247.50"), "{text}");
    assert!(page.body.contains("<rect class=\"s1\"") && !page.body.contains("style="));
    let stage = format!("/opportunity/{deal}/stage");
    let mut form = page.form(&stage);
    set(&mut form, "stage", "sample");
    let asked = browser.post(&stage, &form).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text().contains("Application: is needed for this stage"), "{}", asked.text());
    let mut form = asked.form(&stage);
    set(&mut form, "application", "Pump");
    let moved = browser.submit(&stage, &form).await;
    assert!(moved.text().contains("Saved.") || moved.text().contains("Sample 0 days"), "{}", moved.text());

    let home = browser.page("/").await;
    let text = home.text();
    for told in ["My day", "Pipeline", "Win rate", "Forecast", "Standing still", "Activity"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    for href in
        home.values("href").iter().filter(|href| href.starts_with("/opportunity?") || href.starts_with("/activity?"))
    {
        browser.page(href).await;
    }
    // Arranged: the last block goes up, another is hidden; it stays so.
    let arranging = browser.page("/?arrange=1").await;
    assert!(arranging.text().contains("Hide"), "{}", arranging.text());
    let order = browser.submit("/home/order", &[("block", "pipeline"), ("move", "hide")]).await;
    assert!(order.text().contains("Show"));
    assert!(!browser.page("/").await.text().contains("Pipeline"));
    browser.submit("/home/order", &[("block", "pipeline"), ("move", "show")]).await;
    assert!(browser.page("/").await.text().contains("Pipeline"));
    let chinese = browser.clone().speaking("zh-CN").page("/").await;
    for told in ["今日待办", "销售漏斗", "需求预测", "停滞商机"] {
        assert!(chinese.text().contains(told), "{told}");
    }
    // A manager chooses between team and self; the privacy officer watches; the administrator has a first week.
    app.user("sales_manager", Some(sales)).await;
    let tail = &sales.to_string()[24..];
    let mut manager = Browser::signed_in(&app, &format!("sales_manager{tail}@custos.example")).await;
    let team = manager.page("/").await;
    assert!(team.text().contains("Team") && team.body.contains("whose=me"), "{}", team.text());
    app.user("dpo", None).await;
    let mut dpo = Browser::signed_in(&app, "dpo@custos.example").await;
    assert!(dpo.page("/").await.text().contains("Privacy watch"));
    app.user("administrator", None).await;
    let mut admin = Browser::signed_in(&app, "administrator@custos.example").await;
    assert!(admin.page("/").await.text().contains("First week"));
}

#[tokio::test]
async fn programs_get_figures_forecast_and_stages() {
    let app = TestHouse::sqlite().await;
    let sales = app.team("Sales", None).await;
    let li = app.user("sales", Some(sales)).await;
    let company = make(&app, &li, "company", &[("legal_name", "Starway Ltd")]).await;
    let known = [("sop_date", "2027-01-15"), ("probability", "40"), ("amount", "10.5"), ("currency", "EUR")];
    let deal = deal(&app, &li, company, &known).await;
    line(&app, &li, deal, &[]).await;
    let token = NewToken {
        name: "robot".into(),
        role: RoleName::new("sales").unwrap(),
        purpose: PurposeName::new("account_care").unwrap(),
        team: Some(sales),
        expires: app.house.now() + SignedDuration::from_hours(24),
    };
    let (_, secret) = app.house.add_token(&app.operator(), &token).await.unwrap();
    let bearer = format!("Bearer {secret}");
    let mut robot = Browser::stranger(&app);
    let mut get = async |path: String| {
        let reply = robot.send(Method::GET, &path, None, &[("authorization", bearer.as_str())]).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body);
        serde_json::from_str::<serde_json::Value>(&reply.body).unwrap()
    };
    let figures = get("/api/v1/opportunity/figures?by=stage,currency&sum=amount&stage=inquiry".into()).await;
    assert_eq!(figures["groups"][0]["keys"], serde_json::json!(["inquiry", "EUR"]));
    assert_eq!((&figures["groups"][0]["count"], &figures["groups"][0]["sums"][0]), (&1.into(), &"10.5".into()));
    let forecast = get("/api/v1/forecast?quarters=2".into()).await;
    assert_eq!(forecast["currencies"]["EUR"][1]["weighted"], "247.5");
    let stages = get(format!("/api/v1/opportunity/{deal}/stages")).await;
    assert_eq!(stages["stages"][0]["stage"], "inquiry");
}

#[tokio::test]
async fn a_group_of_fewer_than_five_is_withheld_from_who_sees_no_contact() {
    both(async |app: TestHouse| {
        let admin = app.user("administrator", None).await;
        let mut teams = Vec::new();
        for (name, people) in [("Small", 2), ("Middle", 6), ("Large", 9)] {
            let team = app.team(name, None).await;
            let li = app.user("sales", Some(team)).await;
            for n in 0..people {
                let name = format!("Nr {n}");
                app.contact(&li, &[("family_name", name.as_str())], &["account_care"]).await;
            }
            teams.push((team, people));
        }
        let told = app.house.people_by_team(&app.again(&admin)).await.unwrap().unwrap();
        let of = |team| told.iter().find(|(known, _)| *known == Some(team)).unwrap().1;
        assert_eq!(of(teams[0].0), None, "two people");
        assert_eq!(of(teams[1].0), None, "or the two would follow from the total");
        assert_eq!(of(teams[2].0), Some(9));
        let tail = app.ledger_tail(2).await;
        assert_eq!(tail[0], "job counted contact x17 for account_care");
        assert_eq!(tail[1], "user counted contact x9 (groups_of_five)");
        // Who sees contacts counts their own; the auditor, who runs nothing, is told nothing.
        for role in ["dpo", "auditor"] {
            let ctx = app.user(role, None).await;
            assert!(app.house.people_by_team(&app.again(&ctx)).await.unwrap().is_none(), "{role}");
        }
    })
    .await;
}
