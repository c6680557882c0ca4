//! The law engine's answers by API and on the page are the same as its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::NewToken;
use kernel::{PurposeName, RoleName};
use law::{Ask, DueAsk, Facts, Library};
use serde_json::{Value, json};
use testkit::{Browser, TestHouse};

async fn token(app: &TestHouse) -> String {
    let ctx = app.operator();
    let token = NewToken {
        name: "law".into(),
        role: RoleName::new("dpo").unwrap(),
        purpose: PurposeName::new("legal_duty").unwrap(),
        team: None,
        expires: ctx.now() + jiff::SignedDuration::from_hours(24),
    };
    app.house.add_token(&ctx, &token).await.unwrap().1
}

#[tokio::test]
async fn the_api_answers_as_the_engine_does() {
    let app = TestHouse::sqlite().await;
    let bearer = format!("Bearer {}", token(&app).await);
    let mut client = Browser::stranger(&app);
    let mut ask = async |question: &str, body: Value| {
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let path = format!("/api/v1/law/{question}");
        let reply = client.send(axum::http::Method::POST, &path, Some(body.to_string()), &headers).await;
        (reply.status.as_u16(), serde_json::from_str::<Value>(&reply.body).unwrap())
    };
    let question =
        json!({ "pack": "gdpr", "request": "access", "received": "2026-01-31T10:00:00+01:00", "region": "DE" });
    let (status, told) = ask("due", question).await;
    let own = Library::shipped()
        .unwrap()
        .answer(&Ask::Due(DueAsk {
            pack: "gdpr".into(),
            version: None,
            request: "access".into(),
            received: "2026-01-31T10:00:00+01:00".parse().unwrap(),
            region: Some("DE".into()),
            events: Vec::new(),
            facts: Facts::default(),
        }))
        .unwrap();
    assert_eq!((status, &told), (200, &serde_json::to_value(own).unwrap()));
    assert_eq!(told["due"], "2026-03-02");
    assert_eq!(told["extended_due"], "2026-04-30");
    // Wrong questions say what is wrong; nobody asks without a token.
    assert_eq!(ask("due", json!({ "pack": "gdpr" })).await.0, 422);
    assert_eq!(ask("due", json!({ "pack": "nowhere", "request": "access", "received": "2026-01-31" })).await.0, 404);
    assert_eq!(ask("nothing", json!({})).await.0, 422);
    let stranger = client.get("/api/v1/law/packs").await;
    assert_eq!(stranger.status.as_u16(), 401);
}

#[tokio::test]
async fn the_page_tells_the_date_and_why_in_both_languages() {
    let app = TestHouse::sqlite().await;
    app.user("dpo", None).await;
    let mut browser = Browser::signed_in(&app, "dpo@custos.example").await;
    let page = browser.page("/law?pack=gdpr&request=access&received=2026-01-31&region=DE").await.text();
    for word in ["2026-03-02", "2026-04-30", "art. 12(3)"] {
        assert!(page.contains(word), "{word} is missing: {page}");
    }
    let mut browser = browser.speaking("zh-CN");
    let page = browser.page("/law?pack=pipl&request=access&received=2026-09-05&region=CN").await.text();
    for word in ["法律怎么要求", "日期依据", "查阅、复制"] {
        assert!(page.contains(word), "{word} is missing: {page}");
    }
    let wrong = browser.page("/law?pack=gdpr&received=yesterday").await.text();
    assert!(wrong.contains("请按 2026-01-31 的格式填写日期"));
}
