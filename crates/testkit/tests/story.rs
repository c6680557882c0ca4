//! The story of the product, on both databases: sales sees what sales may see, marketing only people who agreed, the
//! privacy officer sees every one of these reads.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::{Edit, Error, ListAsk, Look};
use expect_test::expect;
use seal::Shown;
use testkit::{TestHouse, both, field};

fn shown(value: &Shown, of: &model::Field) -> String {
    match value {
        Shown::Clear(value) => of.kind.show(value),
        Shown::Masked(mask) => format!("masked {mask}"),
        Shown::Empty => "-".into(),
    }
}

fn row(page: &seal::Disclosed, at: usize, fields: &[&str]) -> String {
    let row = &page.rows[at];
    let parts: Vec<String> = fields
        .iter()
        .map(|name| format!("{name}={}", shown(page.value(row, name), page.object.field(name).unwrap())))
        .collect();
    parts.join(" ")
}

#[tokio::test]
async fn everybody_sees_what_their_job_needs_and_it_is_on_record() {
    both(story).await;
}

async fn story(app: TestHouse) {
    let sales_team = app.team("Sales", None).await;
    let other_team = app.team("Sales EMEA", None).await;
    let li = app.user("sales", Some(sales_team)).await;
    let other = app.user("sales", Some(other_team)).await;
    let mara = app.user("marketing", None).await;
    let dpo = app.user("dpo", None).await;

    let ada = app
        .contact(
            &li,
            &[
                ("family_name", "King"),
                ("given_name", "Ada"),
                ("email", "ada@starway.example"),
                ("mobile", "+8613800138000"),
            ],
            &["account_care", "marketing"],
        )
        .await;
    app.contact(
        &li,
        &[("family_name", "王"), ("given_name", "晓明"), ("email", "wxm@starway.example")],
        &["account_care"],
    )
    .await;

    // Sales sees its own team's people, clear.
    let page = app.house.list(&app.again(&li), "contact", &ListAsk::default()).await.unwrap().page;
    assert_eq!(page.rows.len(), 2);
    let one = app.house.get(&app.again(&li), "contact", ada, &Look::default()).await.unwrap();
    expect!["family_name=King given_name=Ada email=ada@starway.example mobile=+8613800138000"].assert_eq(&row(
        &one,
        0,
        &["family_name", "given_name", "email", "mobile"],
    ));
    let version = one.rows[0].version;

    // Another team's sales person gets the same answer as for a record that is not there.
    let hidden = app.house.get(&app.again(&other), "contact", ada, &Look::default()).await;
    assert!(matches!(hidden, Err(Error::NotFound(_))));

    // A change of the phone number; the old version is then stale.
    let edit =
        |version| Edit { fields: vec![(field("mobile"), "+86 139 0013 9000".into())], version, ..Edit::default() };
    let written = app.house.change(&app.again(&li), "contact", ada, &edit(version)).await.unwrap();
    assert_eq!(written.version, version + 1);
    let stale = app.house.change(&app.again(&li), "contact", ada, &edit(version)).await;
    assert!(matches!(stale, Err(Error::Conflict { version: 2 })), "{stale:?}");

    // Marketing sees only people with a live marketing purpose, phones and addresses masked.
    let page = app.house.list(&app.again(&mara), "contact", &ListAsk::default()).await.unwrap().page;
    assert_eq!(page.rows.len(), 1);
    let one = app.house.get(&app.again(&mara), "contact", ada, &Look::default()).await.unwrap();
    expect!["family_name=King email=masked a•••@starway.example"].assert_eq(&row(&one, 0, &["family_name", "email"]));

    // The privacy officer finds these reads.
    let entries = app
        .house
        .entries(&app.again(&dpo), &store::EntryFilter { record: Some(ada), limit: 20, ..Default::default() })
        .await
        .unwrap();
    let words: Vec<&str> = entries.iter().map(|e| e.entry.act.word()).collect();
    assert_eq!(words, ["viewed", "listed", "changed", "refused", "viewed", "listed", "created"]);
    // Sales may not read the ledger.
    assert!(matches!(
        app.house.entries(&app.again(&li), &store::EntryFilter { limit: 1, ..Default::default() }).await,
        Err(Error::NotForRole(_))
    ));
    let report = app.house.verify_ledger(&app.again(&dpo), None, |_, _| {}).await.unwrap();
    assert!(report.size > 10);
}

#[tokio::test]
async fn sealed_fields_filter_sort_and_search() {
    both(search_story).await;
}

async fn search_story(app: TestHouse) {
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    let people = [
        ("King", "Ada", "ada@starway.example"),
        ("王", "晓明", "wxm@starway.example"),
        ("Adams", "Bob", "bob@nord.example"),
        ("李", "娜", "lina@nord.example"),
    ];
    for (family, given, email) in people {
        app.contact(&li, &[("family_name", family), ("given_name", given), ("email", email)], &["account_care"]).await;
    }
    domain::ready(&app.house).await.unwrap();
    let names = async |ask: ListAsk| {
        let listed = app.house.list(&app.again(&li), "contact", &ask).await.unwrap();
        let page = listed.page;
        (0..page.rows.len()).map(|at| row(&page, at, &["family_name"])).collect::<Vec<_>>().join(" ")
    };
    let filter = |text: &str| {
        let (field, rest) = text.split_once('.').unwrap();
        let (compare, value) = rest.split_once('=').unwrap();
        vec![domain::WrittenFilter {
            field: field.into(),
            compare: domain::Compare::parse(compare).unwrap(),
            value: value.into(),
        }]
    };
    let by = |q: &str| ListAsk { q: Some(q.into()), ..ListAsk::default() };
    expect!["family_name=王"].assert_eq(&names(by("wxm")).await);
    expect!["family_name=王"].assert_eq(&names(by("晓")).await);
    let filtered = |f: &str| ListAsk { filters: filter(f), ..ListAsk::default() };
    expect!["family_name=Adams"].assert_eq(&names(filtered("email.eq=BOB@nord.example")).await);
    expect!["family_name=Adams"].assert_eq(&names(filtered("family_name.starts=ada")).await);
    let sorted = |descending| ListAsk { sort: Some(("family_name".into(), descending)), ..ListAsk::default() };
    expect!["family_name=Adams family_name=King family_name=李 family_name=王"].assert_eq(&names(sorted(false)).await);
    expect!["family_name=王 family_name=李 family_name=King family_name=Adams"].assert_eq(&names(sorted(true)).await);
    // Pages meet at their edges.
    let mut ask = ListAsk { limit: 3, ..sorted(false) };
    let first = app.house.list(&app.again(&li), "contact", &ask).await.unwrap();
    ask.after = first.next;
    assert_eq!(app.house.list(&app.again(&li), "contact", &ask).await.unwrap().page.rows.len(), 1);
}
