//! The life of keys, on both databases: an erased person opens nowhere, an epoch changes while readers read, a purpose
//! that ends with the clock takes its values with it, and each of these stands in the ledger.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use domain::{Error, ListAsk, Look};
use jiff::SignedDuration;
use testkit::{Raw, TestHouse, basis, both, field};

const ADA: [(&str, &str); 3] =
    [("family_name", "King"), ("email", "ada@starway.example"), ("mobile", "+8613800138000")];

/// The address that a page shows of its only record.
fn email(page: &seal::Disclosed) -> Option<String> {
    match page.value(page.rows.first()?, "email") {
        seal::Shown::Clear(value) => Some(page.object.field("email")?.kind.show(value)),
        _ => None,
    }
}

#[tokio::test]
async fn an_erased_person_opens_nowhere() {
    both(erased).await;
}

async fn erased(app: TestHouse) {
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    let ada = app.contact(&li, &ADA, &["account_care"]).await;
    let bob = app.contact(&li, &[("family_name", "Adams"), ("email", "bob@nord.example")], &["account_care"]).await;
    domain::ready(&app.house).await.unwrap();
    let by = |q: &str| ListAsk { q: Some(q.into()), ..ListAsk::default() };
    assert_eq!(app.house.list(&app.again(&li), "contact", &by("adams")).await.unwrap().page.rows.len(), 1, "before");
    let raw = Raw::of(&app);
    let page = app.house.get(&app.again(&li), "contact", ada, &Look::default()).await.unwrap();
    let person = page.rows[0].person.unwrap();
    let key = format!("keyring.subject_key where subject = {}", raw.id(person.as_bytes()));
    assert_eq!(raw.count(&key).await, 1);
    let sealed = raw.one(&format!("select f_email from r_contact where id = {}", raw.id(ada.as_bytes()))).await;

    let done = app.house.erase(&app.operator(), person).await.unwrap();
    assert_eq!((done.person, done.records), (person, 1));
    assert_eq!(raw.count(&key).await, 0, "the key is gone");
    assert_eq!(raw.one(&format!("select f_email from r_contact where id = {}", raw.id(ada.as_bytes()))).await, "-");
    // Their cell, put back from a copy, opens for nobody.
    let bytes: Vec<u8> =
        (0..sealed.len() / 2).map(|n| u8::from_str_radix(&sealed[2 * n..2 * n + 2], 16).unwrap()).collect();
    let all = app.house.catalog();
    let account_care = all.purpose("account_care").unwrap().purpose.number();
    let back = format!(
        "update r_contact set f_email = {}, live_purposes = {} where id = {}",
        raw.bytes(&bytes),
        1_i64 << account_care,
        raw.id(ada.as_bytes())
    );
    raw.exec(&back).await;
    let read = app.house.get(&app.again(&li), "contact", ada, &Look::default()).await;
    assert_eq!(read.as_ref().ok().and_then(email), None, "an erased person's cell was opened");
    // Search has forgotten them, others are as they were.
    assert_eq!(app.house.list(&app.again(&li), "contact", &by("king")).await.unwrap().page.rows.len(), 0);
    assert_eq!(app.house.list(&app.again(&li), "contact", &by("adams")).await.unwrap().page.rows[0].id, bob);
    // Twice is refused, and the deed is on record.
    assert!(matches!(app.house.erase(&app.operator(), person).await, Err(Error::Unknown(_))));
    let tail = app.ledger_tail(12).await;
    assert!(tail.iter().any(|line| line.contains("operator erased") && line.contains("(person)")), "{tail:#?}");
    // A restart changes nothing of it.
    let app = app.reopened().await;
    assert!(matches!(app.house.erase(&app.operator(), person).await, Err(Error::Unknown(_))));
    app.house.verify_ledger(&app.operator(), None, |_, _| {}).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_changes_while_readers_read() {
    both(rotated).await;
}

async fn rotated(app: TestHouse) {
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    let mut people = Vec::new();
    for n in 0..60 {
        let email = format!("p{n}@starway.example");
        people.push(app.contact(&li, &[("family_name", "King"), ("email", &email)], &["account_care"]).await);
    }
    let raw = Raw::of(&app);
    let before = raw.rows("select subject, wrapped from keyring.subject_key").await;
    let ends = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (house, ctx, people, ends) =
                (Arc::clone(&app.house), app.again(&li), people.clone(), Arc::clone(&ends));
            tokio::spawn(async move {
                let mut read = 0;
                while !ends.load(std::sync::atomic::Ordering::Acquire) {
                    for id in &people {
                        let page = house.get(&ctx, "contact", *id, &Look::default()).await.expect("a record");
                        assert_eq!(page.rows.len(), 1);
                        read += 1;
                    }
                }
                read
            })
        })
        .collect();
    for turn in 2..5 {
        let done = app.house.rotate(&app.operator(), &|_| {}).await.unwrap();
        assert_eq!(u64::from(done.epoch), turn);
        assert!(done.keys >= 60, "{done:?}");
    }
    ends.store(true, std::sync::atomic::Ordering::Release);
    for reader in readers {
        assert!(reader.await.unwrap() > 0, "reads beside the rotation");
    }
    assert_eq!(raw.count("keyring.subject_key where epoch <> 4").await, 0, "every key stands under the newest epoch");
    let after = raw.rows("select subject, wrapped from keyring.subject_key").await;
    assert!(after.iter().all(|row| !before.contains(row)), "and is wrapped anew");
    let app = app.reopened().await;
    let page = app.house.get(&app.again(&li), "contact", people[0], &Look::default()).await.unwrap();
    assert_eq!(email(&page).as_deref(), Some("p0@starway.example"));
    let tail = app.ledger_tail(400).await;
    assert_eq!(tail.iter().filter(|line| line.contains("(epoch:")).count(), 3);
}

#[tokio::test]
async fn what_lost_its_last_purpose_is_erased_by_the_clock() {
    both(expired).await;
}

async fn expired(app: TestHouse) {
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    let mara = app.user("marketing", None).await;
    let ada = app.contact(&li, &ADA, &["account_care"]).await;
    let page = app.house.get(&app.again(&li), "contact", ada, &Look::default()).await.unwrap();
    let person = page.rows[0].person.unwrap();
    // Marketing is agreed for ten days.
    let agreed =
        domain::BasisDraft { until: Some(app.house.now() + SignedDuration::from_hours(240)), ..basis("marketing") };
    app.house.add_basis(&app.operator(), person, &agreed, None).await.unwrap();
    assert!(app.house.get(&app.again(&mara), "contact", ada, &Look::default()).await.is_ok());
    app.clock.advance(SignedDuration::from_hours(241));
    let ended = app.house.get(&app.again(&mara), "contact", ada, &Look::default()).await;
    assert!(matches!(ended, Err(Error::NotFound(_))), "not read on a purpose that ended");
    let kept = app.house.get(&app.again(&li), "contact", ada, &Look::default()).await.unwrap();
    assert_eq!(email(&kept).as_deref(), Some("ada@starway.example"), "account care goes on");
    // A field none of whose purposes is live is not written.
    let edit = domain::Edit {
        fields: vec![(field("family_name"), "King-Noel".into())],
        version: kept.rows[0].version,
        ..domain::Edit::default()
    };
    app.house.change(&app.again(&li), "contact", ada, &edit).await.unwrap();
    // Years without anything: account care's own retention ends, and with it the person.
    app.clock.advance(SignedDuration::from_hours(24 * 366 * 12));
    app.house.sweep().await.unwrap();
    let raw = Raw::of(&app);
    assert_eq!(raw.count(&format!("keyring.subject_key where subject = {}", raw.id(person.as_bytes()))).await, 0);
    let row = raw
        .rows(&format!("select f_family_name, f_email, f_mobile from r_contact where id = {}", raw.id(ada.as_bytes())))
        .await;
    assert_eq!(row, [["-", "-", "-"].map(str::to_owned)]);
    let tail = app.ledger_tail(10).await;
    assert!(tail.iter().any(|line| line.starts_with("job expired")), "{tail:#?}");
    app.house.verify_ledger(&app.operator(), None, |_, _| {}).await.unwrap();
}
