//! Lists on both databases: views, sums in groups, the way to the next record, changes of many records and their undo,
//! favourites.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use domain::{BulkAct, BulkState, Compare, Ctx, Draft, Edit, Error, ListAsk, StoredSearch, ViewDraft, WrittenFilter};
use kernel::RecordId;
use seal::policy::Act;
use testkit::{TestHouse, both, field};

async fn make(app: &TestHouse, ctx: &Ctx, object: &str, fields: &[(&str, &str)]) -> RecordId {
    let fields = fields.iter().map(|(name, text)| (field(name), (*text).to_owned())).collect();
    app.house.create(&app.again(ctx), object, &Draft { fields, ..Draft::default() }).await.unwrap().id
}

fn is(name: &str, value: &str) -> WrittenFilter {
    WrittenFilter { field: name.into(), compare: Compare::Eq, value: value.into() }
}

/// Two teams; the first sells five projects in two currencies.
struct Sales {
    li: Ctx,
    other: Ctx,
    manager: Ctx,
    company: RecordId,
    deals: Vec<RecordId>,
}

const DEALS: [(&str, &str, &str, &str); 5] = [
    ("Pump", "inquiry", "1000.50", "EUR"),
    ("Gateway", "sample", "2000", "EUR"),
    ("Meter", "sample", "300", "USD"),
    ("Lamp", "sample", "100.25", "EUR"),
    ("Valve", "lost", "", ""),
];

async fn sales(app: &TestHouse) -> Sales {
    let team = app.team("Sales", None).await;
    let other = app.team("Sales EMEA", None).await;
    let li = app.user("sales", Some(team)).await;
    let other = app.user("sales", Some(other)).await;
    let manager = app.user("sales_manager", Some(team)).await;
    let company = make(app, &li, "company", &[("legal_name", "Starway Ltd")]).await;
    let mut deals = Vec::new();
    for (name, stage, amount, currency) in DEALS {
        let company = company.to_string();
        let all = [
            ("name", name),
            ("company", company.as_str()),
            ("stage", stage),
            ("amount", amount),
            ("currency", currency),
            // What a stage may ask for is there, so that these stories may move it anywhere.
            ("application", "Pump"),
            ("sop_date", "2027-05-01"),
            ("loss_reason", "price"),
        ];
        deals.push(make(app, &li, "opportunity", &all).await);
    }
    let theirs = make(app, &other, "company", &[("legal_name", "Nord AS")]).await.to_string();
    let all = [
        ("name", "Theirs"),
        ("company", theirs.as_str()),
        ("stage", "sample"),
        ("amount", "9000"),
        ("currency", "EUR"),
        ("application", "Pump"),
    ];
    make(app, &other, "opportunity", &all).await;
    Sales { li, other, manager, company, deals }
}

#[tokio::test]
async fn a_view_is_ones_own_or_the_teams_and_nobody_elses_to_change() {
    both(views).await;
}

async fn views(app: TestHouse) {
    let Sales { li, other, manager, .. } = sales(&app).await;
    let draft = ViewDraft {
        name: "  Ada’s projects ".into(),
        query: vec![("stage".into(), "sample".into()), ("sort".into(), "-amount".into())],
        kept: StoredSearch { filters: vec![("email".into(), "ada@starway.example".into())], ..StoredSearch::default() },
        team: None,
    };
    let own = app.house.add_view(&li, "opportunity", &draft).await.unwrap();
    let shared = ViewDraft { name: "Samples".into(), team: li.actor.team, ..draft.clone() };
    let shared = app.house.add_view(&li, "opportunity", &shared).await.unwrap();
    let names = async |ctx: &Ctx| -> Vec<(String, bool)> {
        let views = app.house.views(ctx, "opportunity").await.unwrap();
        views.into_iter().map(|view| (view.draft.name, view.mine)).collect()
    };
    assert_eq!(names(&li).await, [("Ada’s projects".to_owned(), true), ("Samples".to_owned(), true)]);
    assert_eq!(names(&manager).await, [("Samples".to_owned(), false)]);
    assert_eq!(names(&other).await, []);
    assert!(app.house.views(&li, "contact").await.unwrap().is_empty());
    let mine = app.house.views(&li, "opportunity").await.unwrap().remove(0);
    assert_eq!((mine.id, mine.draft.query, mine.draft.kept), (own, draft.query.clone(), draft.kept.clone()));

    // Only its maker changes or drops it; a name is needed; another's team is not shared with.
    let renamed = ViewDraft { name: "Late samples".into(), team: li.actor.team, ..draft.clone() };
    assert!(matches!(app.house.change_view(&manager, shared, &renamed).await, Err(Error::Unknown(_))));
    assert!(matches!(app.house.drop_view(&other, own).await, Err(Error::Unknown(_))));
    let nameless = ViewDraft { name: " ".into(), ..draft.clone() };
    assert!(matches!(app.house.add_view(&li, "opportunity", &nameless).await, Err(Error::Invalid(_))));
    let foreign = ViewDraft { team: other.actor.team, ..draft.clone() };
    assert!(matches!(app.house.add_view(&li, "opportunity", &foreign).await, Err(Error::Invalid(_))));
    app.house.change_view(&li, shared, &renamed).await.unwrap();
    app.house.drop_view(&li, own).await.unwrap();
    assert_eq!(names(&manager).await, [("Late samples".to_owned(), false)]);
    assert_eq!(names(&li).await, [("Late samples".to_owned(), true)]);
}

#[tokio::test]
async fn sums_are_those_of_the_rows_one_may_read() {
    both(totals).await;
}

async fn totals(app: TestHouse) {
    let Sales { li, .. } = sales(&app).await;
    let quality = app.user("quality", None).await;
    let told = async |ctx: &Ctx, ask: &ListAsk, by: Option<&str>| -> Vec<String> {
        let mut told: Vec<String> = app
            .house
            .totals(&app.again(ctx), "opportunity", ask, by, &[field("amount")])
            .await
            .unwrap()
            .into_iter()
            .map(|group| {
                let mut sums: Vec<String> = group
                    .sums
                    .iter()
                    .map(|s| format!("{} {} ({})", s.currency.as_deref().unwrap_or("-"), s.sum, s.average()))
                    .collect();
                sums.sort();
                format!("{} {} {}", group.key.unwrap_or_default(), group.count, sums.join(", "))
            })
            .collect();
        told.sort();
        told
    };
    let all = ListAsk::default();
    assert_eq!(told(&li, &all, None).await, [" 5 EUR 3100750000 (1033583333), USD 300000000 (300000000)"]);
    assert_eq!(
        told(&li, &all, Some("stage")).await,
        [
            "inquiry 1 EUR 1000500000 (1000500000)",
            "lost 1 ",
            "sample 3 EUR 2100250000 (1050125000), USD 300000000 (300000000)"
        ]
    );
    let mine = format!("{} 5 EUR 3100750000 (1033583333), USD 300000000 (300000000)", li.actor.id);
    assert_eq!(told(&li, &all, Some("owner")).await, [mine]);
    // The same filter as the list's, in SQL and through the index.
    let some = ListAsk { filters: vec![is("stage", "sample")], ..ListAsk::default() };
    assert_eq!(told(&li, &some, None).await, [" 3 EUR 2100250000 (1050125000), USD 300000000 (300000000)"]);
    let typed = ListAsk { q: Some("gate".into()), ..ListAsk::default() };
    assert_eq!(told(&li, &typed, None).await, [" 1 EUR 2000000000 (2000000000)"]);
    let listed = app.house.list(&app.again(&li), "opportunity", &ListAsk { count: true, ..some }).await.unwrap();
    assert_eq!(listed.count, Some((3, false)));
    let tail = app.ledger_tail(4).await;
    assert!(tail.contains(&"user counted opportunity x1 for account_care".to_owned()), "{tail:#?}");

    // Quality sees the projects, not their amounts: the sum is refused, and so is a group by what it may not read.
    let refused = app.house.totals(&app.again(&quality), "opportunity", &all, None, &[field("amount")]).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let refused = app.house.totals(&app.again(&quality), "opportunity", &all, Some("loss_reason"), &[]).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let refused = app.house.totals(&app.again(&li), "opportunity", &all, Some("name"), &[]).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
}

#[tokio::test]
async fn next_and_previous_walk_the_filtered_list() {
    both(walk).await;
}

async fn walk(app: TestHouse) {
    let Sales { li, deals, .. } = sales(&app).await;
    let ask =
        ListAsk { filters: vec![is("stage", "sample")], sort: Some(("name".into(), false)), ..ListAsk::default() };
    // Gateway, Lamp, Meter.
    let (gateway, meter, lamp) = (deals[1], deals[2], deals[3]);
    for (from, back, to) in [
        (gateway, false, Some(lamp)),
        (lamp, false, Some(meter)),
        (meter, false, None),
        (meter, true, Some(lamp)),
        (lamp, true, Some(gateway)),
        (gateway, true, None),
    ] {
        let found = app.house.neighbour(&app.again(&li), "opportunity", &ask, from, back).await.unwrap();
        assert_eq!(found, to, "{back}");
    }
}

#[tokio::test]
async fn the_place_of_a_hidden_record_tells_nothing() {
    both(hidden_place).await;
}

async fn hidden_place(app: TestHouse) {
    let Sales { li, other, .. } = sales(&app).await;
    let theirs = app.house.list(&app.again(&other), "opportunity", &ListAsk::default()).await.unwrap().page.rows[0].id;
    let person = app.contact(&other, &[("family_name", "King")], &["account_care"]).await;
    app.contact(&li, &[("family_name", "Lovelace")], &["account_care"]).await;
    let nobody = RecordId::from_bytes([7; 16]);
    for (object, hidden, sort) in [
        ("opportunity", theirs, Some(("amount".to_owned(), false))),
        ("opportunity", theirs, None),
        ("contact", person, Some(("family_name".to_owned(), false))),
    ] {
        for id in [hidden, nobody] {
            for (after, before) in [(Some(id), None), (None, Some(id))] {
                let ask = ListAsk { sort: sort.clone(), after, before, ..ListAsk::default() };
                let told = app.house.list(&app.again(&li), object, &ask).await;
                let Err(Error::Invalid(wrong)) = told else { panic!("{object} {sort:?}: a place was told") };
                assert_eq!(wrong[0].code, "cursor_gone");
            }
        }
    }
}

#[tokio::test]
async fn many_records_are_changed_told_row_by_row_and_changed_back() {
    both(bulk).await;
}

async fn bulk(app: TestHouse) {
    let Sales { li, other, manager, deals, .. } = sales(&app).await;
    let ask = ListAsk { filters: vec![is("stage", "sample")], ..ListAsk::default() };
    let id = app.house.draft_bulk(&app.again(&li), "opportunity", &ask, None).await.unwrap();
    let now = app.house.bulk(&app.again(&li), id).await.unwrap();
    assert_eq!((now.state, now.total(), now.todo), (BulkState::Drafted, 3, 3));
    assert_eq!(app.house.bulk_reach(&app.again(&li), &now, Act::Edit).await.unwrap(), 3);
    assert_eq!(app.house.bulk_reach(&app.again(&li), &now, Act::Delete).await.unwrap(), 0);
    // It is nobody else's, and what is not allowed stays so.
    assert!(matches!(app.house.bulk(&app.again(&other), id).await, Err(Error::Unknown(_))));
    assert!(matches!(app.house.run_bulk(&app.again(&li), id, BulkAct::Delete).await, Err(Error::NotForRole(_))));
    let wrong = BulkAct::Change(field("stage"), "no such stage".into());
    assert!(matches!(app.house.run_bulk(&app.again(&li), id, wrong).await, Err(Error::Invalid(_))));
    let sealed = BulkAct::Change(field("notes"), "x".into());
    assert!(matches!(app.house.run_bulk(&app.again(&li), id, sealed).await, Err(Error::Invalid(_))));

    let act = BulkAct::Change(field("stage"), "design_in".into());
    app.house.run_bulk(&app.again(&li), id, act.clone()).await.unwrap().await.unwrap().unwrap();
    let now = app.house.bulk(&app.again(&li), id).await.unwrap();
    assert_eq!((now.state, now.done, now.skipped, now.failed), (BulkState::Done, 3, 0, 0));
    assert!(now.until.is_some());
    let count = async |stage: &str| {
        let ask = ListAsk { filters: vec![is("stage", stage)], ..ListAsk::default() };
        app.house.count(&app.again(&li), "opportunity", &ask).await.unwrap()
    };
    assert_eq!((count("design_in").await, count("sample").await), (3, 0));
    // Every record has its own entry.
    let tail = app.ledger_tail(12).await;
    let changed = tail.iter().filter(|line| *line == "user changed opportunity x1: stage for account_care").count();
    assert_eq!(changed, 3, "{tail:#?}");
    // Pressed twice, it is done once.
    assert!(matches!(app.house.run_bulk(&app.again(&li), id, act).await, Err(Error::Conflict { .. })));

    // Somebody changes one of them; the undo leaves that one alone and says so.
    let page = app.house.get(&app.again(&li), "opportunity", deals[2], &domain::Look::default()).await.unwrap();
    let edit = Edit { fields: vec![(field("stage"), "ramp".into())], version: page.rows[0].version, ..Edit::default() };
    app.house.change(&app.again(&li), "opportunity", deals[2], &edit).await.unwrap();
    app.house.undo_bulk(&app.again(&li), id).await.unwrap().await.unwrap().unwrap();
    let now = app.house.bulk(&app.again(&li), id).await.unwrap();
    assert_eq!((now.state, now.undone, now.failed), (BulkState::Undone, 2, 1));
    assert_eq!(app.house.bulk_failures(&app.again(&li), id).await.unwrap(), [(deals[2], "conflict".to_owned())]);
    assert_eq!((count("sample").await, count("ramp").await, count("design_in").await), (2, 1, 0));

    // Ticked ones get another owner; a day later it stays so.
    let id =
        app.house.draft_bulk(&app.again(&li), "opportunity", &ListAsk::default(), Some(&deals[..2])).await.unwrap();
    let act = BulkAct::Assign(manager.actor.id);
    app.house.run_bulk(&app.again(&li), id, act).await.unwrap().await.unwrap().unwrap();
    let ask = ListAsk { filters: vec![is("owner", &manager.actor.id.to_string())], ..ListAsk::default() };
    assert_eq!(app.house.count(&app.again(&li), "opportunity", &ask).await.unwrap(), 2);
    app.clock.advance(jiff::SignedDuration::from_hours(25));
    let later = app.again(&li);
    assert!(app.house.bulk(&later, id).await.unwrap().until.is_none());
    assert!(matches!(app.house.undo_bulk(&later, id).await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn what_is_not_ones_own_to_change_is_skipped_and_counted() {
    both(skipped).await;
}

async fn skipped(app: TestHouse) {
    let Sales { li, manager, company, .. } = sales(&app).await;
    // Activities are seen by the team and changed by their owner alone.
    let company = company.to_string();
    for (ctx, subject) in [(&li, "one"), (&li, "two"), (&manager, "three")] {
        make(&app, ctx, "activity", &[("kind", "task"), ("subject", subject), ("company", &company)]).await;
    }
    let id = app.house.draft_bulk(&app.again(&li), "activity", &ListAsk::default(), None).await.unwrap();
    let now = app.house.bulk(&app.again(&li), id).await.unwrap();
    assert_eq!((now.total(), app.house.bulk_reach(&app.again(&li), &now, Act::Edit).await.unwrap()), (3, 2));
    let act = BulkAct::Change(field("done"), "true".into());
    app.house.run_bulk(&app.again(&li), id, act).await.unwrap().await.unwrap().unwrap();
    let now = app.house.bulk(&app.again(&li), id).await.unwrap();
    assert_eq!((now.done, now.skipped, now.failed, now.total()), (2, 1, 0, 3));

    // Deleting takes one's own away, for good.
    let id = app.house.draft_bulk(&app.again(&li), "activity", &ListAsk::default(), None).await.unwrap();
    app.house.run_bulk(&app.again(&li), id, BulkAct::Delete).await.unwrap().await.unwrap().unwrap();
    let now = app.house.bulk(&app.again(&li), id).await.unwrap();
    assert_eq!((now.done, now.skipped, now.until), (2, 1, None));
    assert_eq!(app.house.count(&app.again(&li), "activity", &ListAsk::default()).await.unwrap(), 1);
}

#[tokio::test]
async fn favourites_are_ids_of_records_one_may_know_of() {
    both(favourites).await;
}

async fn favourites(app: TestHouse) {
    let Sales { li, other, company, deals, .. } = sales(&app).await;
    app.house.mark_favourite(&app.again(&li), "company", company, true).await.unwrap();
    app.clock.advance(jiff::SignedDuration::from_mins(1));
    app.house.mark_favourite(&app.again(&li), "opportunity", deals[0], true).await.unwrap();
    app.house.mark_favourite(&app.again(&li), "opportunity", deals[0], true).await.unwrap();
    let mine: Vec<RecordId> = app.house.favourites(&li).await.unwrap().into_iter().map(|(_, id)| id).collect();
    assert_eq!(mine, [deals[0], company]);
    let hidden = app.house.mark_favourite(&app.again(&other), "company", company, true).await;
    assert!(matches!(hidden, Err(Error::NotFound(_))));
    assert!(app.house.favourites(&other).await.unwrap().is_empty());
    app.house.mark_favourite(&app.again(&li), "opportunity", deals[0], false).await.unwrap();
    assert_eq!(app.house.favourites(&li).await.unwrap().len(), 1);
}
