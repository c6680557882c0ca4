//! Administration in the browser: users and teams, roles with their review, trying out, fields, tokens.

use axum::http::StatusCode;
use domain::{FieldDraft, ListAsk, WrittenFilter};
use kernel::RoleName;
use testkit::{Browser, PASSWORD, Reply, TestHouse, both, field, set};

async fn administrator(app: &TestHouse) -> Browser {
    app.user("administrator", None).await;
    Browser::signed_in(app, "administrator@custos.example").await
}

/// The address that [`TestHouse::user`] gives somebody in a team.
fn address(role: &str, team: kernel::TeamId) -> String {
    format!("{role}{}@custos.example", &team.to_string()[24..])
}

/// Every page of administration, for the walks that hold all pages to something.
const PAGES: &[&str] = &[
    "/account",
    "/account/codes",
    "/admin",
    "/admin/users",
    "/admin/teams",
    "/admin/roles",
    "/admin/roles/sales",
    "/admin/roles/dpo",
    "/admin/rules",
    "/admin/history/matrix",
    "/admin/objects",
    "/admin/objects/contact",
    "/admin/objects/contact/new",
    "/admin/purposes",
    "/admin/tokens",
];

#[tokio::test]
async fn pages_of_administration_are_whole_in_both_languages_and_for_administrators_alone() {
    let app = TestHouse::sqlite().await;
    let team = app.team("Sales", None).await;
    app.user("sales", Some(team)).await;
    let admin = administrator(&app).await;
    for language in ["en", "zh-CN"] {
        let mut browser = admin.clone().speaking(language);
        for page in PAGES {
            let reply = browser.page(page).await;
            assert_eq!(reply.body.matches("<h1").count(), 1, "{page}");
            for banned in ["<style", " style=\"", "javascript:", " onclick", "<script>"] {
                assert!(!reply.body.contains(banned), "{page}: {banned}");
            }
            let mut ids = reply.values("id");
            let all = ids.len();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), all, "{page}: an id twice");
            for name in reply.values("for") {
                assert!(ids.contains(&name), "{page}: no #{name}");
            }
            if language == "zh-CN" {
                for word in [" Save", " the ", " of ", " Role", " New ", " Users", " and "] {
                    assert!(!reply.text().contains(word), "{page}: “{word}” in {}", reply.text());
                }
            }
        }
    }
    let mut li = Browser::signed_in(&app, &address("sales", team)).await;
    assert!(!li.page("/").await.body.contains("/admin"));
    for page in PAGES.iter().filter(|page| page.starts_with("/admin")) {
        assert_eq!(li.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
}

#[tokio::test]
async fn somebody_is_invited_moved_closed_and_leaves_their_records_to_another() {
    both(async |app: TestHouse| {
        let team = app.team("Sales", None).await;
        let li = app.user("sales", Some(team)).await;
        let ada = app.contact(&li, &[("family_name", "King")], &["account_care"]).await;
        let mut admin = administrator(&app).await;

        // Inviting: the account has no password until the link is used, and the link works once.
        let mut form = admin.page("/admin/users").await.form("/admin/users");
        for (name, value) in [("name", "Ana Ruiz"), ("email", "ana@nord.example"), ("roles", "sales")] {
            set(&mut form, name, value);
        }
        set(&mut form, "team", &team.to_string());
        let told = admin.post("/admin/users", &form).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        let link = told.text().split("https://custos.test").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        let mut ana = Browser::stranger(&app);
        let weak = ana.post(&link, &[("password", "passwordpassword")]).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(weak.text().contains("This is guessed soon"), "{}", weak.text());
        let set_it = ana.post(&link, &[("password", "a goat sings in the cellar")]).await;
        assert_eq!((set_it.status, set_it.location()), (StatusCode::SEE_OTHER, "/sign-in"));
        assert_eq!(ana.post(&link, &[("password", "a goat sings in the cellar")]).await.status, StatusCode::NOT_FOUND);
        let entered = [("email", "ana@nord.example"), ("password", "a goat sings in the cellar"), ("next", "/")];
        assert_eq!(ana.post("/sign-in", &entered).await.status, StatusCode::SEE_OTHER);
        let id = app.house.colleagues().into_iter().find(|(_, name)| name == "Ana Ruiz").unwrap().0;
        assert!(ana.page("/contact").await.text().contains("King"));

        // Moved to another team her sessions end, and the records of the old team are no longer hers to see.
        let other = app.team("Sales EMEA", None).await;
        let mut form = admin.page(&format!("/admin/users/{id}")).await.form(&format!("/admin/users/{id}"));
        set(&mut form, "team", &other.to_string());
        admin.submit(&format!("/admin/users/{id}"), &form).await;
        assert_eq!(ana.get("/contact").await.status, StatusCode::SEE_OTHER);
        ana.post("/sign-in", &entered).await;
        assert!(!ana.page("/contact").await.text().contains("King"));

        // Nobody closes their own account or gives up the last right to manage users.
        let own = app.house.colleagues().into_iter().find(|(_, name)| name == "administrator user").unwrap().0;
        let path = format!("/admin/users/{own}");
        let mut form = admin.page(&path).await.form(&path);
        set(&mut form, "closed", "true");
        assert_eq!(admin.post(&path, &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        // Who leaves hands over: one entry, no value read.
        let leaver = li.actor.id;
        let page = admin.page(&format!("/admin/users/{leaver}")).await;
        assert!(page.text().contains("Contacts 1") && !page.text().contains("King"), "{}", page.text());
        let to = [("to", id.to_string())];
        let done = admin.post(&format!("/admin/users/{leaver}/handover"), &to).await;
        assert!(done.text().contains("1 record handed over."), "{}", done.text());
        let entries = app.entries(8).await;
        let handed = entries.iter().find(|entry| entry.act == ledger::Act::Assigned).unwrap();
        assert_eq!((handed.records.clone(), handed.clear.len()), (vec![ada], 0));
        // Owned, it may be edited by its new owner again: rules on "own" follow the record.
        let look = domain::Look::default();
        let seen = app.house.get(&app.again(&li), "contact", ada, &look).await.unwrap();
        assert_eq!(seen.rows[0].owner, Some(id));

        let path = format!("/admin/users/{leaver}");
        let mut form = admin.page(&path).await.form(&path);
        set(&mut form, "closed", "true");
        admin.submit(&path, &form).await;
        let mut gone = Browser::stranger(&app);
        let sent = [("email", address("sales", team)), ("password", PASSWORD.to_owned())];
        assert_eq!(gone.post("/sign-in", &sent).await.status, StatusCode::UNAUTHORIZED);

        // Signing somebody out everywhere.
        ana.page("/").await;
        admin.post::<&str, &str>(&format!("/admin/users/{id}/sessions"), &[]).await;
        assert_eq!(ana.get("/").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn teams_are_a_tree_without_circles() {
    both(async |app: TestHouse| {
        let mut admin = administrator(&app).await;
        admin.submit("/admin/teams", &[("name", "Sales"), ("parent", "")]).await;
        let team = |name: &str| app.house.teams().into_iter().find(|(.., n)| n == name).unwrap();
        let top = team("Sales").0;
        admin.submit("/admin/teams", &[("name", "Sales EMEA"), ("parent", &top.to_string())]).await;
        let below = team("Sales EMEA").0;
        assert_eq!(app.house.team_subtree(top), {
            let mut both = vec![top, below];
            both.sort();
            both
        });
        let circle = [("name", "Sales".to_owned()), ("parent", below.to_string())];
        let refused = admin.post(&format!("/admin/teams/{top}"), &circle).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("A team cannot stand below itself."), "{}", refused.text());
        // One that something is in stays; an empty one goes.
        let refused = admin.post::<&str, &str>(&format!("/admin/teams/{top}/removal"), &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        admin.submit(&format!("/admin/teams/{below}"), &[("name", "EMEA"), ("parent", "")]).await;
        assert_eq!(team("EMEA").1, None);
        admin.submit::<&str, &str>(&format!("/admin/teams/{below}/removal"), &[]).await;
        assert_eq!(app.house.teams().len(), 1);
    })
    .await;
}

/// Changes a role's form and gives the page that reviews it.
async fn reviewed(admin: &mut Browser, role: &str, cells: &[(&str, &str)]) -> Reply {
    let action = format!("/admin/roles/{role}/review");
    let page = admin.page(&format!("/admin/roles/{role}")).await;
    let mut form = page.form(&action);
    for (cell, to) in cells {
        assert!(form.iter().any(|(name, _)| name == cell), "no cell {cell} in {form:?}");
        set(&mut form, cell, to);
    }
    admin.post(&action, &form).await
}

#[tokio::test]
async fn saving_a_role_shows_before_it_happens_who_gains_and_loses_what() {
    both(async |app: TestHouse| {
        let team = app.team("Sales", None).await;
        let li = app.user("sales", Some(team)).await;
        for name in ["King", "Wang", "Ruiz"] {
            app.contact(&li, &[("family_name", name)], &["account_care"]).await;
        }
        let mut admin = administrator(&app).await;
        let before = app.house.rules().matrix().clone();

        // A gain: one person, the three contacts of her team.
        let review = reviewed(&mut admin, "sales", &[("a.contact.delete", "team")]).await;
        assert_eq!(review.status, StatusCode::OK, "{}", review.text());
        let text = review.text();
        assert!(text.contains("This change: 1 gain something, 0 lose something, of 1 compared."), "{text}");
        assert!(text.contains("Delete: Contacts"), "{text}");
        assert!(text.contains("1 person on 3 records: sales user"), "{text}");
        // Nothing is saved by looking, and nothing of the records was shown.
        assert_eq!(*app.house.rules().matrix(), before);
        assert!(!text.contains("King"));
        let saving = review.form("/admin/roles/sales");
        admin.submit("/admin/roles/sales", &saving).await;
        let sales = RoleName::new("sales").unwrap();
        let contact = kernel::ObjectName::new("contact").unwrap();
        let scope = |app: &TestHouse| {
            app.house.rules().matrix().roles[&sales].object(&contact).unwrap().scope(seal::policy::Act::Delete)
        };
        assert_eq!(scope(&app), seal::policy::Scope::Team);

        // A loss says so too. What was reviewed and then overtaken is not saved.
        let review = reviewed(&mut admin, "sales", &[("l.contact.contact_details", "masked")]).await;
        let text = review.text();
        assert!(text.contains("0 gain something, 1 lose something"), "{text}");
        assert!(text.contains("Contact details of Contacts, clear"), "{text}");
        let late = admin.post("/admin/roles/sales", &saving).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.text().contains("Somebody else saved this meanwhile."), "{}", late.text());
        admin.submit("/admin/roles/sales", &review.form("/admin/roles/sales")).await;

        // What cannot be is refused with the reason: nobody edits what they may not see.
        let refused = reviewed(&mut admin, "sales", &[("a.contact.view", "own")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("nobody acts on what they may not see"), "{}", refused.text());

        // Every version is kept, and an older one is restored by the same review.
        let page = admin.page("/admin/history/matrix?version=1").await;
        assert!(page.text().contains("Restore this version"), "{}", page.text());
        let review = admin.post("/admin/rules/review", &page.form("/admin/rules/review")).await;
        assert!(review.text().contains("1 gain something, 0 lose something"), "{}", review.text());
        admin.submit("/admin/rules", &review.form("/admin/rules")).await;
        let level = app.house.rules().matrix().roles[&sales].object(&contact).unwrap().levels.clone();
        let details = seal::policy::CategoryKey::Named(kernel::Category::new("contact_details").unwrap());
        assert_eq!(level[&details], kernel::Level::Clear);
        assert_eq!(app.house.policy_history(&app.operator(), "matrix").await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_expert_rule_is_refused_with_its_reason_reviewed_saved_and_removed() {
    let app = TestHouse::sqlite().await;
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    app.contact(&li, &[("family_name", "King")], &["account_care"]).await;
    let mut admin = administrator(&app).await;
    let send = |text: &str| vec![("name", "quiet".to_owned()), ("text", text.to_owned())];
    let refused = admin.post("/admin/rules/review", &send("forbid (principal, action, resource) when { 1 + ")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("expert/quiet"), "{}", refused.text());
    let rule = "@why(\"quiet\")\nforbid (principal, action == Action::\"view\", resource is Contact);";
    let review = admin.post("/admin/rules/review", &send(rule)).await;
    let text = review.text();
    assert!(text.contains("0 gain something, 1 lose something"), "{text}");
    assert!(text.contains("1 person on 1 records: sales user"), "{text}");
    admin.submit("/admin/rules", &review.form("/admin/rules")).await;
    let mut browser = Browser::signed_in(&app, &address("sales", team)).await;
    assert_eq!(browser.get("/contact").await.status, StatusCode::FORBIDDEN);
    let mut removal = send(rule);
    removal.push(("remove", "yes".into()));
    let review = admin.post("/admin/rules/review", &removal).await;
    assert!(review.text().contains("1 gain something, 0 lose something"), "{}", review.text());
    admin.submit("/admin/rules", &review.form("/admin/rules")).await;
    assert!(browser.page("/contact").await.text().contains("King"));
}

#[tokio::test]
async fn trying_as_another_reads_only_and_never_more_than_oneself() {
    both(async |app: TestHouse| {
        let team = app.team("Sales", None).await;
        let li = app.user("sales", Some(team)).await;
        let ada =
            app.contact(&li, &[("family_name", "King"), ("email", "ada@starway.example")], &["account_care"]).await;
        let mut admin = administrator(&app).await;
        for whose in ["role:sales".to_owned(), format!("user:{}", li.actor.id)] {
            let start = admin.submit("/admin/tries", &[("whose", whose.as_str())]).await;
            assert!(start.text().contains("You look through the eyes of"), "{}", start.text());
            // The pages of sales, with their columns; no row, since the administrator may see none.
            let list = admin.page("/contact").await;
            assert!(!list.text().contains("King") && !list.body.contains("starway"), "{}", list.text());
            assert_eq!(admin.get(&format!("/contact/{ada}")).await.status, StatusCode::NOT_FOUND);
            // The administrator's own pages are not there for sales.
            assert_eq!(admin.get("/admin/users").await.status, StatusCode::FORBIDDEN);
            // Nothing can be changed: neither what sales may change nor what the administrator may.
            for (path, form) in [
                ("/contact".to_owned(), vec![("family_name", "New")]),
                ("/admin/teams".to_owned(), vec![("name", "New")]),
                (format!("/contact/{ada}"), vec![("family_name", "New")]),
                ("/account/sessions".to_owned(), vec![]),
            ] {
                assert_eq!(admin.post(&path, &form).await.status, StatusCode::FORBIDDEN, "{path}");
            }
            admin.submit::<&str, &str>("/admin/tries/end", &[]).await;
            assert!(admin.page("/admin/users").await.text().contains("administrator user"));
        }
        // Both ends are on record, under the name of who tried.
        let entries = app.entries(60).await;
        let tried: Vec<_> = entries.iter().filter(|entry| entry.act == ledger::Act::Tried).collect();
        assert_eq!(tried.len(), 4);
        let me = app.house.colleagues().into_iter().find(|(_, name)| name == "administrator user").unwrap().0;
        assert!(tried.iter().all(|entry| entry.actor == me));
        assert!(tried.iter().any(|entry| entry.why.as_deref() == Some("role:sales")));
        let listed = entries.iter().find(|entry| {
            entry.act == ledger::Act::Listed && entry.object.as_ref().is_some_and(|object| object.as_str() == "contact")
        });
        assert!(listed.is_some_and(|entry| entry.actor == me && entry.count == 0), "{listed:?}");
        // Who may not manage roles may not try.
        let mut sales = Browser::signed_in(&app, &address("sales", team)).await;
        let refused = sales.post("/admin/tries", &[("whose", "role:dpo")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn a_field_is_asked_for_in_words_and_appears_everywhere_at_once() {
    both(async |app: TestHouse| {
        let team = app.team("Sales", None).await;
        let manager = app.user("sales_manager", Some(team)).await;
        let ada = app.contact(&manager, &[("family_name", "King")], &["account_care"]).await;
        let mut admin = administrator(&app).await;
        let path = "/admin/objects/contact/new";
        let mut form = admin.page(path).await.form(path);
        for (name, value) in [("en", "Visitor badge"), ("zh", "访客证"), ("kind", "text"), ("personal", "true")] {
            set(&mut form, name, value);
        }
        // Without category, purpose and mask it cannot be saved, by whichever button.
        for step in ["", "add"] {
            set(&mut form, "step", step);
            let refused = admin.post(path, &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            for cure in ["Choose a category", "Choose at least one purpose", "Choose a mask"] {
                assert!(refused.text().contains(cure), "{cure}: {}", refused.text());
            }
            assert!(refused.body.contains("访客证"), "what was typed is lost");
        }
        assert!(app.house.catalog().object("contact").unwrap().field("visitor_badge").is_none());
        let answers = [
            ("category", "employment"),
            ("purposes", "account_care"),
            ("mask", "last4"),
            ("protect", "disk"),
            ("find", "text"),
            ("column", "true"),
        ];
        for (name, value) in answers {
            set(&mut form, name, value);
        }
        set(&mut form, "step", "");
        let preview = admin.post(path, &form).await;
        let text = preview.text();
        assert_eq!(preview.status, StatusCode::OK, "{text}");
        assert!(
            text.contains("visitor_badge") && text.contains("Seen in clear by") && text.contains("Sales"),
            "{text}"
        );
        assert!(app.house.catalog().object("contact").unwrap().field("visitor_badge").is_none());
        let mut form = preview.form(path);
        set(&mut form, "step", "add");
        admin.submit(path, &form).await;

        // Form, list, filter.
        let mut browser = Browser::signed_in(&app, &address("sales_manager", team)).await;
        let edit = format!("/contact/{ada}");
        let mut form = browser.page(&format!("{edit}/edit")).await.form(&edit);
        set(&mut form, "visitor_badge", "B-7731");
        browser.submit(&edit, &form).await;
        let list = browser.page("/contact").await;
        assert!(list.text().contains("Visitor badge") && list.text().contains("B-7731"), "{}", list.text());
        assert!(list.values("name").iter().any(|name| name.starts_with("visitor_badge")), "no filter for it");
        let filter =
            WrittenFilter { field: "visitor_badge".into(), compare: domain::Compare::Eq, value: "B-7731".into() };
        let ctx = app.again(&manager);
        let ask = ListAsk { filters: vec![filter], ..ListAsk::default() };
        assert_eq!(app.house.list(&ctx, "contact", &ask).await.unwrap().page.rows.len(), 1);

        // Export and import.
        let fields = Some(vec![field("family_name"), field("visitor_badge")]);
        let ask = ListAsk { fields, export: true, ..ListAsk::default() };
        let out = app.house.list(&ctx, "contact", &ask).await.unwrap();
        let shown = out.page.value(&out.page.rows[0], "visitor_badge");
        assert!(matches!(shown, seal::Shown::Clear(model::Value::Text(text)) if text == "B-7731"), "{shown:?}");
        let known = app.house.catalog();
        let contact = known.object("contact").unwrap();
        assert!(contact.field("visitor_badge").is_some_and(|field| field.mask == model::Mask::Last4));

        // The API has it as well; nothing was restarted. The name is taken now.
        let draft = FieldDraft {
            name: "visitor_badge".into(),
            en: "x".into(),
            zh: "字".into(),
            kind: "text".into(),
            personal: Some(false),
            because: "a test".into(),
            ..FieldDraft::default()
        };
        assert!(app.house.plan_field(&app.operator(), "contact", &draft).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_token_is_shown_once_works_in_its_role_and_is_revoked() {
    let app = TestHouse::sqlite().await;
    let team = app.team("Sales", None).await;
    let mut admin = administrator(&app).await;
    let mut form = admin.page("/admin/tokens").await.form("/admin/tokens");
    for (name, value) in [("name", "ERP"), ("role", "sales"), ("purpose", "account_care")] {
        set(&mut form, name, value);
    }
    set(&mut form, "team", &team.to_string());
    let made = admin.post("/admin/tokens", &form).await;
    let text = made.text();
    let secret = text.split_whitespace().find(|word| word.starts_with("custos_")).expect("a secret").to_owned();
    let list = admin.page("/admin/tokens").await;
    assert!(list.text().contains("ERP") && list.text().contains("never") && !list.body.contains(&secret));
    let bearer = format!("Bearer {secret}");
    let mut program = Browser::stranger(&app);
    let get = axum::http::Method::GET;
    let me = program.send(get.clone(), "/api/v1/me", None, &[("authorization", &bearer)]).await;
    assert_eq!(me.status, StatusCode::OK);
    let list = admin.page("/admin/tokens").await;
    assert!(!list.text().contains("never"), "{}", list.text());
    let action = list.values("action").into_iter().find(|action| action.ends_with("/revocation")).unwrap();
    admin.submit::<&str, &str>(&action, &[]).await;
    let me = program.send(get, "/api/v1/me", None, &[("authorization", &bearer)]).await;
    assert_eq!(me.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_ledger_is_asked_in_text_and_what_it_answers_is_proved_offline() {
    both(async |app: TestHouse| {
        let team = app.team("Sales", None).await;
        let li = app.user("sales", Some(team)).await;
        let ada = [("family_name", "King"), ("email", "ada@starway.example")];
        let ada = app.contact(&li, &ada, &["account_care", "quality_safety", "legal_duty"]).await;
        let other = app.contact(&li, &[("family_name", "Wang")], &["account_care"]).await;
        let look = domain::Look::default();
        for record in [ada, other] {
            app.house.get(&app.again(&li), "contact", record, &look).await.unwrap();
        }
        let quality = app.user("quality", None).await;
        let reveal = domain::Look {
            fields: Some(vec![field("email")]),
            reveal: true,
            reason: Some("a part of hers overheats".into()),
            ..look
        };
        app.house.get(&app.again(&quality), "contact", ada, &reveal).await.unwrap();
        app.clock.advance(jiff::SignedDuration::from_hours(24 * 3));
        app.user("dpo", None).await;
        let mut dpo = Browser::signed_in(&app, "dpo@custos.example").await;

        // Who had Ada's e-mail in those days, and what for? One text, from the ledger's page.
        let tail = &ada.to_string()[28..];
        let text = format!("-actor:job -act:created field:email about:{tail} from:2026-11-23 to:2026-11-24");
        let mut form = dpo.page("/ledger").await.form("/ledger/filter");
        set(&mut form, "q", &text);
        let page = dpo.submit("/ledger/filter", &form).await;
        let told = page.text();
        assert!(told.contains("quality user revealed contact") && told.contains("for Quality"), "{told}");
        assert!(told.contains("sales user viewed contact") && !told.contains("user listed"), "{told}");
        assert!(!told.contains(&format!("contact {}", &other.to_string()[28..])), "{told}");
        // What turns a condition round leaves it out.
        set(&mut form, "q", &format!("{text} -act:revealed"));
        assert!(!dpo.submit("/ledger/filter", &form).await.text().contains("revealed contact"));
        // A name is no inquiry, in words.
        set(&mut form, "q", "who:ada");
        let wrong = dpo.post("/ledger/filter", &form).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("is no part of an inquiry"), "{}", wrong.text());

        // The file: each entry with a proof that holds with the key alone, and no longer when it is changed.
        let href = page.values("href").into_iter().find(|href| href.ends_with("as=json")).unwrap();
        let file = dpo.get(&href).await;
        assert_eq!(file.status, StatusCode::OK, "{}", file.text());
        let file: serde_json::Value = serde_json::from_str(&file.body).unwrap();
        let key = ledger::Verifier::from_vkey(&app.house.ledger_key().unwrap()).unwrap();
        let entries = file["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 2);
        for entry in entries {
            let text = entry["proof"].as_str().unwrap();
            let proof: ledger::Proof = text.parse().unwrap();
            let proved = ledger::check_proof(&proof, &key).unwrap();
            assert_eq!(Some(proof.seq), entry["seq"].as_u64());
            assert_eq!(proved.id.to_string(), entry["id"].as_str().unwrap());
            let forged = ledger::Proof { seq: proof.seq + 1, ..proof };
            assert!(ledger::check_proof(&forged, &key).is_err());
        }
        let href = page.values("href").into_iter().find(|href| href.ends_with("as=csv")).unwrap();
        let csv = dpo.get(&href).await;
        assert!(csv.body.starts_with("seq,at,actor") && csv.body.contains("c2sp.org/tlog-proof@v1"));
        // Taking it out is on record, and not for sales.
        assert!(
            app.ledger_tail(3)
                .await
                .iter()
                .any(|line| line.starts_with("user exported x2") || line.contains("exported"))
        );
        let mut sales = Browser::signed_in(&app, &address("sales", team)).await;
        assert_eq!(sales.get(&href).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}
