//! The story of the product, in pages: real requests against the whole router, cookies and forms as browsers send them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::http::StatusCode;
use kernel::RecordId;
use testkit::{Browser, Reply, TestHouse, set};

const ADA: [(&str, &str); 4] = [
    ("family_name", "King"),
    ("given_name", "Ada"),
    ("email", "ada.king@starway.example"),
    ("mobile", "+8613800138000"),
];
const CLEAR: [&str; 4] = ["ada.king", "13800138000", "138 0013 8000", "wxm@starway"];

/// A house with a sales team of two people's records, and who works there.
struct Story {
    app: TestHouse,
    ada: RecordId,
    wang: RecordId,
}

impl Story {
    async fn new() -> Self {
        let app = TestHouse::sqlite().await;
        let team = app.team("Sales", None).await;
        let other = app.team("Sales EMEA", None).await;
        let li = app.user("sales", Some(team)).await;
        app.user("sales", Some(other)).await;
        for role in ["marketing", "dpo", "auditor", "administrator", "quality"] {
            app.user(role, None).await;
        }
        let ada = app.contact(&li, &ADA, &["account_care", "marketing", "legal_duty", "quality_safety"]).await;
        let wang = [("family_name", "王"), ("given_name", "晓明"), ("email", "wxm@starway.example")];
        let wang = app.contact(&li, &wang, &["account_care"]).await;
        Self { app, ada, wang }
    }

    async fn browser(&self, role: &str) -> Browser {
        let email = match role {
            "sales" => self.sales("Sales"),
            "other sales" => self.sales("Sales EMEA"),
            role => format!("{role}@custos.example"),
        };
        Browser::signed_in(&self.app, &email).await
    }

    /// The address that [`TestHouse::user`] gives somebody in a team.
    fn sales(&self, team: &str) -> String {
        let (id, ..) = self.app.house.teams().into_iter().find(|(_, _, name)| name == team).unwrap();
        format!("sales{}@custos.example", &id.to_string()[24..])
    }

    fn ada(&self, tail: &str) -> String {
        format!("/contact/{}{tail}", self.ada)
    }
}

/// The addresses of a page's links that begin like this.
fn links(page: &Reply, start: &str) -> Vec<String> {
    page.values("href").into_iter().filter(|href| href.starts_with(start)).collect()
}

#[tokio::test]
async fn the_story_of_the_product_in_pages() {
    let story = Story::new().await;
    let mut li = story.browser("sales").await;

    // Sales lists its people, opens one, changes a phone number.
    let list = li.page("/contact").await;
    assert!(list.text().contains("Ada King") && list.text().contains("王晓明"), "{}", list.text());
    assert!(list.text().contains("1–2 of 2"));
    let href = links(&list, &format!("/contact/{}", story.ada)).remove(0);
    let record = li.page(&href).await;
    assert!(record.text().contains("ada.king@starway.example") && record.text().contains("+86 138 0013 8000"));
    assert!(record.text().contains("Account care") && record.text().contains("until 2029-11-23"));
    assert!(record.text().contains("This view is recorded: entry"));
    let edit = li.page(&story.ada("/edit")).await;
    let mut form = edit.form(&story.ada(""));
    set(&mut form, "mobile", "+86 139 0013 9000");
    let saved = li.submit(&story.ada(""), &form).await;
    assert!(saved.text().contains("Saved.") && saved.text().contains("+86 139 0013 9000"), "{}", saved.text());
    let tail = story.app.ledger_tail(4).await;
    assert!(tail.contains(&"user changed contact x1: mobile for account_care".to_owned()), "{tail:#?}");

    // Marketing sees who agreed, masked.
    let mut mara = story.browser("marketing").await;
    let list = mara.page("/contact").await;
    assert!(list.text().contains("Ada King") && !list.text().contains("王晓明"));
    let record = mara.page(&story.ada("")).await;
    assert!(record.text().contains("a•••@starway.example"), "{}", record.text());
    for page in [&list, &record] {
        for clear in CLEAR {
            assert!(!page.body.contains(clear), "{clear}");
        }
    }
    assert_eq!(mara.get(&format!("/contact/{}", story.wang)).await.status, StatusCode::NOT_FOUND);

    // The privacy officer sees every one of these reads.
    let mut dpo = story.browser("dpo").await;
    let ledger = dpo.page(&format!("/ledger?record={}", story.ada)).await;
    let text = ledger.text();
    let id = &story.ada.to_string()[28..];
    for line in [
        &format!("marketing user viewed contact {id}"),
        &format!("sales user changed contact {id}"),
        &format!("sales user viewed contact {id}"),
        "sales user listed 2 contacts",
        "Masked: E-mail, Mobile",
        "for Marketing",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    // Nobody else does.
    assert_eq!(li.get("/ledger").await.status, StatusCode::FORBIDDEN);
    assert!(!li.page("/").await.body.contains("/ledger"));
}

#[tokio::test]
async fn signing_in_says_the_same_of_known_and_unknown_and_goes_back_to_local_paths_only() {
    let story = Story::new().await;
    let mut browser = Browser::stranger(&story.app);
    let known =
        browser.post("/sign-in", &[("email", "dpo@custos.example"), ("password", "wrong"), ("next", "/")]).await;
    let unknown =
        browser.post("/sign-in", &[("email", "nob@custos.example"), ("password", "wrong"), ("next", "/")]).await;
    assert_eq!((known.status, unknown.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(known.body.replace("dpo@", ""), unknown.body.replace("nob@", ""));
    let wrong = [("email", "dpo@custos.example"), ("password", "wrong"), ("next", "/")];
    for _ in 0..5 {
        browser.post("/sign-in", &wrong).await;
    }
    let waiting = browser.post("/sign-in", &wrong).await;
    assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(waiting.text().contains("Too many attempts."));
    story.app.clock.advance(jiff::SignedDuration::from_mins(20));

    for (next, to) in
        [("/contact?sort=-owner", "/contact?sort=-owner"), ("//evil.example", "/"), ("https://e.example", "/")]
    {
        let mut browser = Browser::stranger(&story.app);
        let form = [("email", "dpo@custos.example"), ("password", testkit::PASSWORD), ("next", next)];
        let reply = browser.post("/sign-in", &form).await;
        assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, to));
        let cookie = reply.headers["set-cookie"].to_str().unwrap();
        for part in ["__Host-custos=", "; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
    // Signing out ends the session on the server, not in the cookie alone.
    let mut dpo = story.browser("dpo").await;
    let kept = dpo.cookies().to_vec();
    let out = dpo.post::<&str, &str>("/sign-out", &[]).await;
    assert_eq!((out.status, out.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    assert!(out.headers.contains_key("clear-site-data"));
    for (name, value) in kept {
        dpo.keep(&name, &value);
    }
    assert_eq!(dpo.get("/").await.status, StatusCode::SEE_OTHER);
    assert!(dpo.get("/sign-in").await.text().contains("Your session has ended."));
}

#[tokio::test]
async fn a_failed_save_keeps_what_was_typed() {
    let story = Story::new().await;
    let mut li = story.browser("sales").await;
    let blank = li.page("/contact/new").await;
    let mut form = blank.form("/contact");
    set(&mut form, "family_name", "Lovelace <b>");
    set(&mut form, "email", "not an address");
    set(&mut form, "notes", "first line\nsecond & last");
    let failed = li.post("/contact", &form).await;
    assert_eq!(failed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = failed.form("/contact");
    for (name, text) in [
        ("family_name", "Lovelace <b>"),
        ("email", "not an address"),
        ("notes", "first line\nsecond & last"),
        ("purpose", "account_care"),
    ] {
        assert!(again.iter().any(|(key, value)| key == name && value == text), "{name}: {again:?}");
    }
    let text = failed.text();
    assert!(text.contains("E-mail: Write it as name@example.com."), "{text}");
    assert!(text.contains("Source: Say where these data come from."), "{text}");

    // Mended, it is saved: what for, on which basis, from where.
    let mut form = again;
    set(&mut form, "email", "countess@starway.example");
    set(&mut form, "source", "trade fair 2026-10");
    set(&mut form, "basis.account_care", "gdpr:legitimate_interests");
    let saved = li.submit("/contact", &form).await;
    assert!(saved.text().contains("countess@starway.example") && saved.text().contains("Lovelace <b>").eq(&false));
    assert!(saved.body.contains("Lovelace &lt;b&gt;"));
    assert!(saved.text().contains("Legitimate interests · GDPR (European Union)"), "{}", saved.text());

    // A consent must be provable, and a field needs a live purpose.
    set(&mut form, "purpose", "marketing");
    set(&mut form, "basis.marketing", "gdpr:consent");
    let failed = li.post("/contact", &form).await;
    assert_eq!(failed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(failed.text().contains("Say what proves the consent."), "{}", failed.text());
    set(&mut form, "evidence.marketing", "form v3, 2026-10-01");
    let failed = li.post("/contact", &form).await;
    assert!(failed.text().contains("Notes: Kept only for: Account care"), "{}", failed.text());
}

#[tokio::test]
async fn two_who_change_different_fields_both_succeed_and_the_same_field_asks() {
    let story = Story::new().await;
    let mut li = story.browser("sales").await;
    let opened = li.page(&story.ada("/edit")).await.form(&story.ada(""));
    let edit = |name: &str, value: &str| {
        let mut form = opened.clone();
        set(&mut form, name, value);
        form
    };
    li.submit(&story.ada(""), &edit("department", "Design")).await;
    // The same version, another field: merged.
    let merged = li.submit(&story.ada(""), &edit("job_title", "Head of design")).await;
    assert!(merged.text().contains("Design") && merged.text().contains("Head of design"));
    // The same field: what it was, is now and is to be.
    let asked = li.post(&story.ada(""), &edit("department", "Purchasing")).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    for word in ["Was", "Is now Design", "Yours Purchasing", "sales user saved this record"] {
        assert!(asked.text().contains(word), "{word}: {}", asked.text());
    }
    let mut choice = asked.form(&story.ada(""));
    set(&mut choice, "choose.department", "now");
    let kept = li.submit(&story.ada(""), &choice).await;
    assert!(kept.text().contains("Design") && !kept.text().contains("Purchasing"));
    set(&mut choice, "choose.department", "yours");
    let mine = li.submit(&story.ada(""), &choice).await;
    assert!(mine.text().contains("Purchasing"), "{}", mine.text());
}

#[tokio::test]
async fn masked_values_stay_masked_in_every_page_and_form() {
    let story = Story::new().await;
    for role in ["marketing", "quality", "dpo"] {
        let mut browser = story.browser(role).await;
        let mut pages = vec![
            browser.get("/contact").await,
            browser.get(&story.ada("")).await,
            browser.get(&story.ada("/edit")).await,
            browser.get(&story.ada("/why")).await,
            browser.get(&story.ada("/reveal?field=email")).await,
            browser.get("/").await,
            browser.get("/contact?sort=email").await,
            browser.post("/search", &[("q", "ada.king")]).await,
        ];
        let found = pages.last().unwrap().location();
        pages.push(browser.get(found).await);
        pages.push(browser.post(&story.ada("/reveal?field=email"), &[("why", "")]).await);
        for page in &pages {
            for clear in CLEAR.iter().filter(|clear| **clear != "ada.king" || !page.body.contains("search-page")) {
                assert!(!page.body.contains(clear), "{role}: {clear}");
            }
        }
        // A search by what is masked finds nobody.
        assert!(!pages[8].text().contains("Ada King"), "{role}: {}", pages[8].text());
        // Sorting by it is refused in words.
        assert_eq!(pages[6].status, StatusCode::FORBIDDEN);
        assert!(pages[6].text().contains("E-mail is not open to you for this purpose"), "{}", pages[6].text());
    }
    // Revealing takes a reason, shows the value on the answer alone, and is on record.
    let mut quality = story.browser("quality").await;
    let page = quality.page(&story.ada("")).await;
    let reveal = links(&page, &story.ada("/reveal")).into_iter().find(|href| href.ends_with("field=email")).unwrap();
    quality.page(&reveal).await;
    let unsaid = quality.post(&reveal, &[("why", ""), ("words", " ")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = quality.post(&reveal, &[("why", ""), ("words", "to warn about lot 7")]).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text().contains("ada.king@starway.example"));
    let tail = story.app.ledger_tail(1).await;
    assert_eq!(tail, ["user revealed contact x1: email for quality_safety"]);
    assert!(!quality.page(&story.ada("")).await.body.contains("ada.king"));
    // Who may not reveal is refused.
    let mut mara = story.browser("marketing").await;
    let refused = mara.post(&story.ada("/reveal?field=email"), &[("why", "because")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nothing_personal_stands_in_an_address() {
    let story = Story::new().await;
    domain::ready(&story.app.house).await.unwrap();
    let mut li = story.browser("sales").await;
    // A typed search goes behind a handle.
    let sent = li.post("/search", &[("q", "wxm")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(!sent.location().contains("wxm"));
    let found = li.page(sent.location()).await;
    assert!(found.text().contains("王晓明") && !found.text().contains("Ada King"), "{}", found.text());
    // So does a filter on a personal text; a filter on a choice stands in the address.
    let mut form = li.page("/contact").await.form("/contact/filter");
    set(&mut form, "email", "ada.king@starway.example");
    set(&mut form, "email.op", "eq");
    let sent = li.post("/contact/filter", &form).await;
    let to = sent.location();
    assert!(to.starts_with("/contact?q=") && !to.contains("ada"), "{to}");
    let list = li.page(to).await;
    assert!(list.text().contains("E-mail: ada.king@starway.example"), "{}", list.text());
    assert!(list.text().contains("Ada King") && !list.text().contains("王晓明"));
    // The chip takes it off, and the way to a record and back keeps it.
    let without = links(&list, "/contact?").into_iter().find(|href| href.contains("drop=email")).unwrap();
    assert!(li.page(&without).await.text().contains("王晓明"));
    let row = links(&list, &story.ada("")).remove(0);
    let back = links(&li.page(&row).await, to).remove(0);
    assert!(back.ends_with(&format!("#r-{}", story.ada)), "{back}");
    assert!(li.page(&back).await.body.contains("class=\"opened\""));
    for page in [&list, &found] {
        for name in ["href", "action", "src"] {
            for address in page.values(name) {
                for personal in ["ada", "King", "wxm", "starway", "138"] {
                    assert!(!address.split('?').nth(1).unwrap_or_default().contains(personal), "{address}");
                }
            }
        }
        let title = page.body.split("<title>").nth(1).unwrap().split('<').next().unwrap();
        assert!(!title.contains("Ada"));
    }
    // Whoever opens the handle is judged anew.
    let mut mara = story.browser("marketing").await;
    let refused = mara.get(to).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!refused.body.contains("ada.king"));
    // Typed into an address by hand it is refused.
    let refused = li.get("/contact?email=ada.king%40starway.example").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Use the filter form"));
    // After thirty days the handle leads nowhere.
    story.app.clock.advance(jiff::SignedDuration::from_hours(24 * 31));
    let mut li = story.browser("sales").await;
    assert_eq!(li.get(to).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn hidden_missing_and_erased_look_alike() {
    let story = Story::new().await;
    let mut other = story.browser("other sales").await;
    let nobody = "0193a000-0000-7000-8000-000000000000";
    let hidden = other.get(&story.ada("")).await;
    let missing = other.get(&format!("/contact/{nobody}")).await;
    let plain = |reply: &Reply, id: &str| reply.body.replace(id, "ID");
    assert_eq!((hidden.status, missing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(plain(&hidden, &story.ada.to_string()), plain(&missing, nobody));
    for tail in ["/edit", "/why", "/reveal?field=email"] {
        assert_eq!(other.get(&story.ada(tail)).await.status, StatusCode::NOT_FOUND, "{tail}");
    }
    assert_eq!(other.post(&story.ada(""), &[("mask.email", "x"), ("email", "a@b.example")]).await.status, 404);

    // The privacy officer erases; then it is as if it had never been.
    let mut dpo = story.browser("dpo").await;
    let page = dpo.page(&story.ada("/erasure")).await;
    assert!(page.text().contains("1 record will be erased"), "{}", page.text());
    let word = &story.ada.to_string()[28..];
    let wrong = dpo.post(&story.ada("/erasure"), &[("word", "no"), ("reason", "asked on 2026-11-20")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("asked on 2026-11-20"));
    let done = dpo.submit(&story.ada("/erasure"), &[("word", word), ("reason", "asked on 2026-11-20")]).await;
    assert!(done.text().contains("The person is erased."));
    let mut li = story.browser("sales").await;
    let erased = li.get(&story.ada("")).await;
    let missing = li.get(&format!("/contact/{nobody}")).await;
    assert_eq!(plain(&erased, &story.ada.to_string()), plain(&missing, nobody));
    assert!(!li.page("/contact").await.text().contains("King"));
    // Nobody but the officer gets there.
    assert_eq!(li.get(&format!("/contact/{}/erasure", story.wang)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_page_is_strict_and_whole_in_both_languages() {
    let story = Story::new().await;
    let ada = |tail: &str| story.ada(tail);
    let walks: [(&str, Vec<String>); 5] = [
        (
            "sales",
            vec![
                "/".into(),
                "/contact".into(),
                ada(""),
                ada("/edit"),
                ada("/why"),
                "/contact/new".into(),
                "/company/new".into(),
                "/lead/new".into(),
                "/opportunity/new".into(),
                "/activity/new".into(),
                "/part".into(),
                "/nothing".into(),
                "/ledger".into(),
                "/contact?sort=nothing".into(),
                "/contact?purpose=quoting".into(),
                "/company?type=customer&sort=-city".into(),
                format!("/activity/new?contact={}", story.ada),
                format!("/activity?contact={}", story.ada),
            ],
        ),
        ("quality", vec![ada(""), ada("/reveal?field=email"), "/emergency".into(), "/part/new".into()]),
        (
            "dpo",
            vec![
                "/".into(),
                "/ledger".into(),
                ada(""),
                ada("/erasure"),
                "/emergency".into(),
                "/ledger?act=viewed".into(),
            ],
        ),
        ("auditor", vec!["/".into(), "/ledger".into(), "/contact".into()]),
        ("administrator", vec!["/".into(), "/user".into(), "/contact".into()]),
    ];
    for language in ["en", "zh-CN"] {
        let mut pages =
            vec![("sign-in".to_owned(), Browser::stranger(&story.app).speaking(language).get("/sign-in").await)];
        for (role, walk) in &walks {
            let mut browser = story.browser(role).await.speaking(language);
            for path in walk {
                pages.push((format!("{role} {path}"), browser.get(path).await));
            }
        }
        for (page, reply) in &pages {
            strict(&format!("{page} ({language})"), reply, language);
        }
    }
}

/// What holds for every page.
fn strict(page: &str, reply: &Reply, language: &str) {
    assert!(reply.status != StatusCode::INTERNAL_SERVER_ERROR, "{page}");
    let csp = reply.headers["content-security-policy"].to_str().unwrap();
    assert!(csp.contains("default-src 'none'") && !csp.contains("unsafe"), "{page}: {csp}");
    assert_eq!(reply.headers["cache-control"], "no-store", "{page}");
    assert_eq!(reply.headers["referrer-policy"], "no-referrer", "{page}");
    let html = &reply.body;
    assert!(html.contains(&format!("<html lang=\"{language}\"")), "{page}");
    for banned in ["<style", " style=\"", "javascript:", " onclick", " onchange", "<script>"] {
        assert!(!html.contains(banned), "{page}: {banned}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "{page}");
    let ids = reply.values("id");
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(ids.len(), once.len(), "{page}: an id twice");
    for name in reply.values("for").into_iter().chain(reply.values("aria-labelledby")) {
        assert!(ids.contains(&name), "{page}: no #{name}");
    }
    if language == "zh-CN" {
        leftovers(page, reply);
    }
}

/// Words of the English interface that stand in a Chinese page.
fn leftovers(page: &str, reply: &Reply) {
    let text = reply.text();
    for word in [
        " Save",
        " Edit",
        " New ",
        " Find",
        " Filter",
        " Contacts",
        " Sign",
        " the ",
        " of ",
        " may ",
        " is ",
        " and ",
        " for ",
        " Purpose",
        " Choose",
        " Used",
        " Last",
        " Owner",
        " All ",
        " Created",
        " Entry",
        " viewed",
        " listed",
        " years",
        " This ",
    ] {
        // Names of laws and of the demo's people are what they are.
        assert!(!text.contains(word), "{page}: “{word}” in {text}");
    }
}

#[tokio::test]
async fn opening_a_page_adds_an_entry_for_each_thing_shown_and_looking_at_it_adds_none() {
    let story = Story::new().await;
    let mut li = story.browser("sales").await;
    let size = async || story.app.entries(1_000).await.len();
    let before = size().await;
    li.page("/contact").await;
    assert_eq!(size().await, before + 1, "{:?}", story.app.ledger_tail(3).await);
    // The record, and its timeline: activities are records of their own.
    li.page(&story.ada("")).await;
    assert_eq!(size().await, before + 3, "{:?}", story.app.ledger_tail(3).await);
    li.page("/contact/new").await;
    li.get("/assets/0.custos.css").await;
    assert_eq!(size().await, before + 3, "{:?}", story.app.ledger_tail(3).await);
}

#[tokio::test]
async fn pages_meet_at_their_edges_both_ways() {
    let story = Story::new().await;
    let li = story.app.sign_in(&story.sales("Sales")).await;
    for n in 0..5 {
        story.app.clock.advance(jiff::SignedDuration::from_secs(1));
        let name = format!("Person{n}");
        story.app.contact(&li, &[("family_name", &name)], &["account_care"]).await;
    }
    domain::ready(&story.app.house).await.unwrap();
    let mut li = story.browser("sales").await;
    let names = |page: &Reply| -> Vec<String> {
        let text = page.text();
        ["Person0", "Person1", "Person2", "Person3", "Person4", "King", "王"]
            .iter()
            .filter(|name| text.contains(**name))
            .map(|name| (*name).to_owned())
            .collect()
    };
    for sort in ["", "&sort=family_name", "&sort=-family_name"] {
        let first = li.page(&format!("/contact?limit=3{sort}")).await;
        let mut seen = names(&first);
        assert!(first.text().contains("1–3 of 7"), "{}", first.text());
        let next = links(&first, "/contact?").into_iter().find(|href| href.contains("cursor=")).unwrap();
        let second = li.page(&next).await;
        assert!(second.text().contains("4–6 of 7"), "{}", second.text());
        seen.extend(names(&second));
        let next = links(&second, "/contact?").into_iter().find(|href| href.contains("cursor=")).unwrap();
        let third = li.page(&next).await;
        seen.extend(names(&third));
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 7, "{sort}: {seen:?}");
        let back = links(&third, "/contact?").into_iter().find(|href| href.contains("before=")).unwrap();
        let again = li.page(&back).await;
        assert_eq!(names(&again), names(&second), "{sort}");
        assert!(again.text().contains("4–6 of 7"), "{}", again.text());
        let back = links(&again, "/contact?").into_iter().find(|href| href.contains("before=")).unwrap();
        let start = li.page(&back).await;
        assert_eq!(names(&start), names(&first), "{sort}");
        assert!(!links(&start, "/contact?").iter().any(|href| href.contains("before=")));
    }
}

#[tokio::test]
async fn links_are_typed_by_title_and_emergencies_are_told() {
    let story = Story::new().await;
    domain::ready(&story.app.house).await.unwrap();
    let mut li = story.browser("sales").await;
    for name in ["Starway Ltd", "Starway Components BV"] {
        let mut form = li.page("/company/new").await.form("/company");
        set(&mut form, "legal_name", name);
        li.submit("/company", &form).await;
    }
    let mut form = li.page(&story.ada("/edit")).await.form(&story.ada(""));
    // Several fit: one is to be chosen.
    set(&mut form, "company", "Starway");
    let asked = li.post(&story.ada(""), &form).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text().contains("Several records fit."), "{}", asked.text());
    let options = asked.values("value");
    let mut form = asked.form(&story.ada(""));
    let id = options.iter().find(|v| v.parse::<RecordId>().is_ok()).unwrap();
    set(&mut form, "company.id", id);
    let saved = li.submit(&story.ada(""), &form).await;
    assert!(saved.text().contains("Starway"), "{}", saved.text());
    // One is called exactly so; none is called otherwise.
    let mut form = li.page(&story.ada("/edit")).await.form(&story.ada(""));
    set(&mut form, "company", "starway ltd");
    assert!(li.submit(&story.ada(""), &form).await.text().contains("Starway Ltd"));
    set(&mut form, "company", "Nowhere Inc");
    let none = li.post(&story.ada(""), &form).await;
    assert!(none.text().contains("No record fits."), "{}", none.text());
    // The same title filters.
    let mut filter = li.page("/contact").await.form("/contact/filter");
    set(&mut filter, "company", "Starway Ltd");
    let found = li.submit("/contact/filter", &filter).await;
    assert!(found.text().contains("Company: Starway Ltd") && found.text().contains("1–1 of 1"), "{}", found.text());

    // Emergency access: a reason, then word to the privacy officer.
    let mut quality = story.browser("quality").await;
    let short = quality.post("/emergency", &[("reason", "help")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let open = quality.submit("/emergency", &[("reason", "burning boards at a customer")]).await;
    assert!(open.text().contains("Emergency access is open"));
    let mut dpo = story.browser("dpo").await;
    let home = dpo.page("/").await;
    assert!(home.text().contains("quality user opened emergency access"), "{}", home.text());
    let note = home.values("action").into_iter().find(|action| action.ends_with("/note")).unwrap();
    let home = dpo.submit::<&str, &str>(&note, &[]).await;
    assert!(!home.text().contains("opened emergency access from"));
}

#[tokio::test]
async fn the_ledger_is_verified_proved_and_filtered_from_its_page() {
    let story = Story::new().await;
    let mut dpo = story.browser("dpo").await;
    let form = [("act", "created"), ("object", "contact"), ("record", ""), ("at.ge", "2026-11-23"), ("at.le", "")];
    let found = dpo.submit("/ledger/filter", &form).await;
    assert!(found.text().contains("created contact") && !found.text().contains("signed in ·"), "{}", found.text());
    let proof = links(&found, "/ledger/").into_iter().find(|href| href.ends_with("/proof")).unwrap();
    let proof = dpo.get(&proof).await;
    assert_eq!(proof.status, StatusCode::OK);
    assert!(proof.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    let verified = dpo.post::<&str, &str>("/ledger/verification", &[]).await;
    assert_eq!(verified.status, StatusCode::OK);
    assert!(verified.text().contains("Verified 2026-11-23 08:00 UTC"), "{}", verified.text());
    let mut auditor = story.browser("auditor").await;
    assert!(auditor.page("/ledger").await.text().contains("created contact"));
    assert_eq!(auditor.get("/contact").await.status, StatusCode::FORBIDDEN);
}
