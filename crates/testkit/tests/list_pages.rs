//! Lists, boards, calendars, exports and the palette, as a browser without a script sees them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use axum::http::StatusCode;
use domain::{Ctx, Draft};
use kernel::RecordId;
use testkit::{Browser, Reply, TestHouse, field, set};

struct Sales {
    app: TestHouse,
    li: Browser,
    manager: Browser,
    deals: Vec<RecordId>,
}

async fn make(app: &TestHouse, ctx: &Ctx, object: &str, fields: &[(&str, &str)]) -> RecordId {
    let fields = fields.iter().map(|(name, text)| (field(name), (*text).to_owned())).collect();
    app.house.create(&app.again(ctx), object, &Draft { fields, ..Draft::default() }).await.unwrap().id
}

impl Sales {
    async fn new() -> Self {
        let app = TestHouse::sqlite().await;
        let team = app.team("Sales", None).await;
        let ctx = app.user("sales", Some(team)).await;
        app.user("sales_manager", Some(team)).await;
        app.user("quality", None).await;
        let company = make(&app, &ctx, "company", &[("legal_name", "Starway Ltd")]).await.to_string();
        let ada =
            [("family_name", "King"), ("given_name", "Ada"), ("email", "ada@starway.example"), ("company", &*company)];
        app.contact(&ctx, &ada, &["account_care"]).await;
        let wang = [("family_name", "王"), ("given_name", "晓明"), ("mobile", "+8613800138000")];
        app.contact(&ctx, &wang, &["account_care"]).await;
        let mut deals = Vec::new();
        for (name, stage, amount, close) in [
            ("Pump", "inquiry", "1000.50", "2026-11-26"),
            ("Gateway", "sample", "2000", "2026-11-26"),
            ("Meter", "sample", "300", "2027-02-01"),
            ("Lamp", "lost", "", ""),
        ] {
            let currency = if amount.is_empty() { "" } else { "EUR" };
            let all = [
                ("name", name),
                ("company", &company),
                ("stage", stage),
                ("amount", amount),
                ("currency", currency),
                ("expected_close", close),
                // What a stage may ask for is there, so that these stories may move it anywhere.
                ("application", "Pump"),
                ("sop_date", "2027-05-01"),
                ("loss_reason", "price"),
            ];
            deals.push(make(&app, &ctx, "opportunity", &all).await);
        }
        let tail = &team.to_string()[24..];
        let li = Browser::signed_in(&app, &format!("sales{tail}@custos.example")).await;
        let manager = Browser::signed_in(&app, &format!("sales_manager{tail}@custos.example")).await;
        Self { app, li, manager, deals }
    }
}

/// The rows of a table, by the ids of their records.
fn rows(page: &Reply) -> Vec<String> {
    page.values("id").into_iter().filter_map(|id| id.strip_prefix("r-").map(str::to_owned)).collect()
}

fn link(page: &Reply, part: &str) -> String {
    let found = page.values("href").into_iter().find(|href| href.contains(part));
    found.unwrap_or_else(|| panic!("no link with {part} in {}", page.text()))
}

#[tokio::test]
async fn a_view_is_saved_changed_undone_and_shared_by_forms_alone() {
    let Sales { app: _app, mut li, mut manager, .. } = Sales::new().await;
    // A filter in the address is readable and survives reload; it is a change of the view "all".
    let page = li.page("/opportunity?stage=sample&sort=name").await;
    assert!(page.text().contains("2 changes") && page.text().contains("Stage: Sample"), "{}", page.text());
    assert_eq!(rows(&page).len(), 2);
    let mut form = page.form("/opportunity/views");
    set(&mut form, "name", "Samples");
    set(&mut form, "share", "team");
    let saved = li.submit("/opportunity/views", &form).await;
    assert!(saved.text().contains("View saved.") && saved.text().contains("View Samples"), "{}", saved.text());
    assert!(!saved.text().contains("1 change"), "{}", saved.text());
    assert_eq!(rows(&saved).len(), 2);

    // Sorted otherwise it says so, and the view keeps what it had until it is saved.
    let sorted = li.page(&link(&saved, "sort=-name")).await;
    assert!(sorted.text().contains("1 change"), "{}", sorted.text());
    let undo = link(&sorted, "?view=");
    assert!(!undo.contains("sort"), "{undo}");
    assert!(!li.page(&undo).await.text().contains("1 change"));
    let action = sorted.values("action").into_iter().find(|a| a.starts_with("/opportunity/views/")).unwrap();
    let form = sorted.form(&action);
    let saved = li.submit(&action, &form).await;
    assert!(saved.text().contains("View saved.") && !saved.text().contains("1 change"));

    // The team finds it and cannot write over it; no filter in it is lost when one more is set.
    let theirs = manager.page("/opportunity").await;
    let shared = manager.page(&link(&theirs, "view=0")).await;
    assert!(shared.text().contains("Samples (team)") && rows(&shared).len() == 2, "{}", shared.text());
    assert_eq!(manager.post(&action, &form).await.status, StatusCode::NOT_FOUND);
    let filter = shared.values("action").into_iter().find(|a| a.starts_with("/opportunity/filter")).unwrap();
    let mut form = shared.form(&filter);
    set(&mut form, "name.op", "contains");
    set(&mut form, "name", "gate");
    let narrowed = manager.submit(&filter, &form).await;
    assert_eq!(rows(&narrowed).len(), 1, "{}", narrowed.text());
    assert!(narrowed.text().contains("1 change"), "{}", narrowed.text());
}

#[tokio::test]
async fn a_personal_filter_stands_behind_a_handle_also_in_a_view() {
    let Sales { app: _app, mut li, .. } = Sales::new().await;
    let page = li.page("/contact").await;
    let mut form = page.form("/contact/filter");
    set(&mut form, "email.op", "eq");
    set(&mut form, "email", "ada@starway.example");
    let reply = li.post("/contact/filter", &form).await;
    assert!(!reply.location().contains("ada"), "{}", reply.location());
    let found = li.page(reply.location()).await;
    assert_eq!(rows(&found).len(), 1);
    let mut form = found.form("/contact/views");
    set(&mut form, "name", "Ada");
    let saved = li.submit("/contact/views", &form).await;
    assert_eq!(rows(&saved).len(), 1, "{}", saved.text());
    for address in saved.values("href").iter().chain(&saved.values("action")) {
        assert!(!address.contains("starway"), "{address}");
    }
    // Taken off it is a change, and everything is there again.
    let all = li.page(&link(&saved, "drop=email")).await;
    assert_eq!(rows(&all).len(), 2);
    assert!(all.text().contains("1 change"), "{}", all.text());
    // A field that may not be read cannot be filtered by, also not by hand.
    let refused = li.get("/contact?email.contains=ada").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn columns_groups_and_sums_are_chosen_in_a_form() {
    let Sales { app, mut li, .. } = Sales::new().await;
    let page = li.page("/opportunity").await;
    let action = page.values("action").into_iter().find(|a| a.starts_with("/opportunity/columns")).unwrap();
    let shown =
        [("column", "amount"), ("column", "stage"), ("place.stage", "1"), ("place.amount", "2"), ("totals", "1")];
    let page = li.submit(&action, &shown).await;
    let text = page.text();
    let (stage, amount) = (text.find(" Stage ").unwrap(), text.rfind(" Amount ").unwrap());
    assert!(stage < amount && !page.body.contains("data-label=\"Company\""), "{text}");
    assert!(text.contains("EUR 3,300.50 (average EUR 1,100.17)"), "{text}");

    let page = li.page("/opportunity?group=stage").await;
    let text = page.text();
    assert!(
        text.contains("Sample 2 Amount: EUR 2,300.00") && text.contains("Inquiry 1 Amount: EUR 1,000.50"),
        "{text}"
    );
    assert!(text.find("Inquiry 1").unwrap() < text.find("Sample 2").unwrap());
    // Quality sees the projects and no amount: neither a value nor a sum of it is in its page.
    let mut quality = Browser::signed_in(&app, "quality@custos.example").await;
    let page = quality.page("/opportunity?group=stage&totals=1").await;
    assert!(page.text().contains("Sample 2") && !page.body.contains("2,300"), "{}", page.text());
}

#[tokio::test]
async fn the_way_leads_to_the_next_record_and_back_to_the_row() {
    let Sales { app, mut li, deals, .. } = Sales::new().await;
    let list = li.page("/opportunity?stage=sample&sort=name").await;
    let first = li.page(&link(&list, &format!("/opportunity/{}", deals[1]))).await;
    let before = app.ledger_tail(1).await;
    let next = link(&first, "/next");
    let reply = li.get(&next).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert!(reply.location().starts_with(&format!("/opportunity/{}", deals[2])), "{}", reply.location());
    assert_ne!(before, app.ledger_tail(1).await, "finding the next one is on record");
    let second = li.page(reply.location()).await;
    let end = li.page(li.clone().get(&link(&second, "/next")).await.location()).await;
    assert!(end.text().contains("There are no more records in this list."), "{}", end.text());
    let back = li.page(&link(&second, "seen=")).await;
    assert!(back.text().contains("just opened") && rows(&back).len() == 2, "{}", back.text());
}

#[tokio::test]
async fn many_records_are_changed_and_changed_back_without_a_script() {
    let Sales { app: _app, mut li, .. } = Sales::new().await;
    let list = li.page("/opportunity?stage=sample").await;
    let mut form = list.form("/opportunity/bulk");
    set(&mut form, "all", "1");
    let draft = li.submit("/opportunity/bulk", &form).await;
    assert!(draft.text().contains("Change 2 opportunities") && draft.text().contains("2 will be changed, 0 are not"));
    let action = draft.values("action").into_iter().find(|a| a.starts_with("/opportunity/bulk/")).unwrap();
    let path = action.split('?').next().unwrap().to_owned();
    let chosen = li.page(&format!("{path}?field=stage")).await;
    assert!(chosen.text().contains("Change 2 records"), "{}", chosen.text());
    let wrong = li.post(&path, &[("act", "change"), ("field", "stage"), ("stage", "nonsense")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let change = [("act", "change"), ("field", "stage"), ("stage", "ramp")];
    li.submit(&path, &change).await;
    let done = settled(&mut li, &path, "2 records done").await;
    assert!(done.text().contains("Can be undone until 2026-11-24"), "{}", done.text());
    assert_eq!(rows(&li.page("/opportunity?stage=ramp").await).len(), 2);
    li.submit::<&str, &str>(&format!("{path}/undo"), &[]).await;
    settled(&mut li, &path, "2 records changed back").await;
    assert_eq!(rows(&li.page("/opportunity?stage=sample").await).len(), 2);
    // Nothing ticked: it says so.
    let none = li.submit("/opportunity/bulk", &[("query", "stage=sample"), ("all", "")]).await;
    assert!(none.text().contains("Tick some rows first."), "{}", none.text());
}

/// The page of a job once it says so: it asks to be loaded again while the job is at work.
async fn settled(browser: &mut Browser, path: &str, words: &str) -> Reply {
    for _ in 0..2_000 {
        let page = browser.page(path).await;
        let running = page.headers.contains_key("refresh");
        if !running {
            assert!(page.text().contains(words), "{}", page.text());
            return page;
        }
        tokio::task::yield_now().await;
    }
    panic!("{path} did not settle");
}

#[tokio::test]
async fn a_card_moves_by_a_form_and_a_refused_move_says_why() {
    let Sales { app, mut li, deals, .. } = Sales::new().await;
    let board = li.page("/opportunity?layout=board").await;
    let text = board.text();
    assert!(text.contains("Inquiry 1 EUR 1,000.50") && text.contains("Sample 2 EUR 2,300.00"), "{text}");
    let choose = li.page(&link(&board, &format!("/opportunity/{}/move", deals[0]))).await;
    let action = format!("/opportunity/{}/move", deals[0]);
    let mut form = choose.form(&action);
    set(&mut form, "to", "sample");
    let moved = li.submit(&action, &form).await;
    assert!(moved.text().contains("Moved. Undo") && moved.text().contains("Sample 3 EUR 3,300.50"), "{}", moved.text());
    // Sums are those of the table with the same filter.
    let table = li.page("/opportunity?stage=sample&totals=1").await;
    assert!(table.text().contains("EUR 3,300.50") && table.text().contains("of 3"), "{}", table.text());
    // Sent again it is stale: the card stays, and the page says why.
    let stale = li.submit(&action, &form).await;
    assert!(stale.text().contains("Somebody else changed this record meanwhile."), "{}", stale.text());
    // Undone it is where it was.
    let undo = moved.form(&action);
    let back = li.submit(&action, &undo).await;
    assert!(back.text().contains("Inquiry 1 EUR 1,000.50"), "{}", back.text());
    // Who may not change projects is told so, and the card stays.
    let mut quality = Browser::signed_in(&app, "quality@custos.example").await;
    let board = quality.page("/opportunity?layout=board").await;
    assert!(!board.body.contains("/move?") && !board.body.contains("1,000.50"), "{}", board.text());
    let fields = [("field", "stage"), ("to", "lost"), ("version", "3"), ("query", "layout=board")];
    let refused = quality.submit(&action, &fields).await;
    assert!(refused.text().contains("This card is not yours to move."), "{}", refused.text());
}

#[tokio::test]
async fn a_calendar_places_records_on_their_days() {
    let Sales { app: _app, mut li, .. } = Sales::new().await;
    let page = li.page("/opportunity?layout=calendar").await;
    let text = page.text();
    assert!(text.contains("November 2026") && text.contains("Pump") && text.contains("Gateway"), "{text}");
    assert!(!text.contains("Meter"), "{text}");
    let page = li.page("/opportunity?layout=calendar&month=2027-02").await;
    assert!(page.text().contains("Meter") && !page.text().contains("Pump"), "{}", page.text());
    let day = li.page(&link(&page, "expected_close.ge=2027-02-01")).await;
    assert_eq!(rows(&day).len(), 1, "{}", day.text());
    let week = li.page("/opportunity?layout=calendar&month=2026-11-26").await;
    assert!(week.text().contains("2026-11-23") && week.text().contains("Pump"), "{}", week.text());
}

#[tokio::test]
async fn an_export_needs_the_right_and_a_reason_and_is_on_record() {
    let Sales { app, mut li, mut manager, .. } = Sales::new().await;
    assert!(!li.page("/opportunity").await.body.contains("/opportunity/export"));
    assert_eq!(li.get("/opportunity/export").await.status, StatusCode::FORBIDDEN);
    let reason = "quarterly review with the board";
    let form = [("query", "stage=sample&sort=name&cols=stage,amount"), ("format", "csv"), ("reason", reason)];
    assert_eq!(li.post("/opportunity/export", &form).await.status, StatusCode::FORBIDDEN);

    let page = manager.page("/opportunity/export?stage=sample").await;
    assert!(page.text().contains("Export 2 opportunities"), "{}", page.text());
    let short = manager.post("/opportunity/export", &[("query", "stage=sample"), ("reason", "x")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let file = manager.post("/opportunity/export", &form).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "id,Name,Stage,Amount,Currency");
    assert!(lines[1].ends_with(",Gateway,sample,2000,EUR") && lines[2].ends_with(",Meter,sample,300,EUR"), "{lines:?}");
    assert_eq!(lines.len(), 3);
    let tail = app.ledger_tail(2).await;
    assert_eq!(tail[0], "user exported opportunity for account_care (reason_given)");
    assert!(tail[1].starts_with("user exported opportunity x2: "), "{tail:?}");
    let mut form = form.to_vec();
    form[1] = ("format", "xlsx");
    let book = manager.post("/opportunity/export", &form).await;
    assert!(book.body.starts_with("PK"), "a workbook is a zip");
}

#[tokio::test]
async fn the_palette_finds_records_commands_and_what_was_opened_last() {
    let Sales { app, mut li, deals, .. } = Sales::new().await;
    let find = async |li: &mut Browser, text: &str| li.post("/palette", &[("q", text)]).await;
    for (typed, found) in [
        ("wxm", "王晓明"),
        ("wang xiao", "王晓明"),
        ("晓明", "王晓明"),
        ("138 0013-8000", "王晓明"),
        ("ada@starway", "Ada King Starway Ltd"),
        ("@king", "Ada King Starway Ltd"),
        ("gatew", "Gateway"),
        (">new opp", "New opportunity"),
        ("＞new opp", "New opportunity"),
    ] {
        let page = find(&mut li, typed).await;
        assert!(page.text().contains(found), "{typed}: {}", page.text());
    }
    assert!(!find(&mut li, "@gatew").await.text().contains("Gateway"));
    // One letter asks nobody: nothing is searched, nothing recorded.
    let before = app.ledger_tail(1).await;
    find(&mut li, "g").await;
    assert_eq!(app.ledger_tail(1).await, before);

    // A favourite and what was opened last; neither is in an address, a title or kept by the browser.
    let path = format!("/opportunity/{}", deals[1]);
    let record = li.page(&path).await;
    let action = format!("{path}/favourite");
    let marked = li.submit(&action, &record.form(&action)).await;
    assert!(marked.text().contains("Remove from favourites"), "{}", marked.text());
    li.page(&format!("/opportunity/{}", deals[0])).await;
    let empty = li.page("/palette").await;
    let text = empty.text();
    assert!(text.find("Favourites Gateway").unwrap() < text.find("Opened last Pump").unwrap(), "{text}");
}

#[tokio::test]
async fn one_value_is_changed_where_it_stands() {
    let Sales { app: _app, mut li, deals, .. } = Sales::new().await;
    let action = format!("/opportunity/{}/cell?field=stage&in=stage%3Dsample", deals[1]);
    let page = li.page(&action).await;
    let mut form = page.form(&action);
    let stale = form.clone();
    set(&mut form, "stage", "lost");
    let reply = li.post(&action, &form).await;
    assert!(reply.location().starts_with("/opportunity?stage=sample&seen="), "{}", reply.location());
    assert_eq!(rows(&li.page(reply.location()).await).len(), 1);
    // Somebody was faster: both are shown, nothing is lost.
    let mut form = stale;
    set(&mut form, "stage", "ramp");
    let met = li.post(&action, &form).await;
    assert_eq!(met.status, StatusCode::CONFLICT, "{}", met.text());
}

#[tokio::test]
async fn pages_are_compressed_for_who_asks_and_files_are_not() {
    let Sales { app: _app, mut li, mut manager, .. } = Sales::new().await;
    let asks = [("accept-encoding", "gzip")];
    let page = li.send(axum::http::Method::GET, "/opportunity", None, &asks).await;
    assert_eq!(page.headers["content-encoding"], "gzip");
    assert!(
        page.headers["vary"].to_str().unwrap().contains("accept-encoding")
            || page.headers.get_all("vary").iter().count() > 1
    );
    assert!(!li.page("/opportunity").await.headers.contains_key("content-encoding"));
    let form = [("query", ""), ("format", "csv"), ("reason", "quarterly review")];
    assert!(!manager.post("/opportunity/export", &form).await.headers.contains_key("content-encoding"));
}
