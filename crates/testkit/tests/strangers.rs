//! Every route refuses a stranger: whoever sends no token, a wrong one, one that has ended or was revoked, or a session
//! where a token belongs. The routes come from the router's own lists, so that a new one cannot be forgotten.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::http::{Method, StatusCode};
use domain::NewToken;
use jiff::SignedDuration;
use kernel::{PurposeName, RoleName};
use testkit::{Browser, TestHouse, both};

/// A path with a real record in it, so that a refusal is not for want of one.
fn filled(path: &str, record: &str, person: &str) -> String {
    let id = if path.starts_with("/api/v1/people") { person } else { record };
    path.replace("{object}", "contact")
        .replace("{id}", id)
        .replace("{basis}", id)
        .replace("{seq}", "1")
        .replace("{pack}", "gdpr")
        .replace("{question}", "due")
        .replace("{file}", "x.css")
        .replace("{role}", "sales")
        .replace("{secret}", "x")
}

#[tokio::test]
async fn every_route_of_the_api_refuses_a_stranger() {
    both(api).await;
}

async fn api(app: TestHouse) {
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    let ada = app.contact(&li, &[("family_name", "King"), ("email", "ada@starway.example")], &["account_care"]).await;
    let page = app.house.get(&app.again(&li), "contact", ada, &domain::Look::default()).await.unwrap();
    let person = page.rows[0].person.unwrap().to_string();
    let token = async |name: &str, days: i64| {
        let token = NewToken {
            name: name.into(),
            role: RoleName::new("sales").unwrap(),
            purpose: PurposeName::new("account_care").unwrap(),
            team: Some(team),
            expires: app.house.now() + SignedDuration::from_hours(24 * days),
        };
        app.house.add_token(&app.operator(), &token).await.unwrap()
    };
    let (_, ended) = token("ended", 1).await;
    let (id, revoked) = token("revoked", 30).await;
    let (_, good) = token("good", 30).await;
    app.house.revoke_token(&app.operator(), id).await.unwrap();
    app.clock.advance(SignedDuration::from_hours(25));

    let bearer = |secret: &str| Some(format!("Bearer {secret}"));
    let headers = [
        None,
        bearer(""),
        bearer("custos_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
        bearer(&ended),
        bearer(&revoked),
        Some(good.clone()),
        Some(format!("Basic {good}")),
    ];
    let session = li.via;
    assert!(matches!(session, kernel::Via::Session(_)));
    let mut stranger = Browser::stranger(&app);
    let mut seen = 0;
    for (path, methods) in web::API.iter().chain(&[("/metrics", &["get"] as &[&str])]) {
        let address = filled(path, &ada.to_string(), &person);
        for method in *methods {
            let method: Method = method.to_uppercase().parse().unwrap();
            for authorization in &headers {
                let mut sent = vec![("content-type", "application/json"), ("if-match", "\"1\"")];
                sent.extend(authorization.as_deref().map(|value| ("authorization", value)));
                let reply = stranger.send(method.clone(), &address, Some("{}".into()), &sent).await;
                if web::OPEN_API.contains(path) {
                    assert_eq!(reply.status, StatusCode::OK, "{method} {path}");
                    continue;
                }
                seen += 1;
                assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{method} {path}: {}", reply.body);
                assert_eq!(reply.headers["content-type"], "application/problem+json", "{method} {path}");
                assert_eq!(reply.headers["www-authenticate"], "Bearer", "{method} {path}");
                assert!(!reply.body.contains("King") && !reply.body.contains("starway"), "{method} {path}");
            }
        }
    }
    assert!(seen > 100, "{seen} requests");
    // A session's cookie opens pages, not the API.
    let mut browser = Browser::signed_in(&app, &format!("sales{}@custos.example", &team.to_string()[24..])).await;
    assert_eq!(browser.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    // The good token, sent as it should be, is let in: what was refused above was refused for the stranger's sake.
    let me = stranger.send(Method::GET, "/api/v1/me", None, &[("authorization", &format!("Bearer {good}"))]).await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.body);
    // Nothing was changed meanwhile.
    let page = app.house.get(&app.again(&li), "contact", ada, &domain::Look::default()).await.unwrap();
    assert_eq!(page.rows[0].version, 1);
}

#[tokio::test]
async fn every_page_refuses_a_stranger() {
    both(pages).await;
}

async fn pages(app: TestHouse) {
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    let ada = app.contact(&li, &[("family_name", "King")], &["account_care"]).await.to_string();
    let mut stranger = Browser::stranger(&app);
    for (path, methods) in web::pages::PATHS {
        let address = filled(path, &ada, &ada);
        for method in *methods {
            let method: Method = method.to_uppercase().parse().unwrap();
            for cookie in ["", "__Host-custos=0123456789abcdef0123456789abcdef"] {
                let reply = stranger.send(method.clone(), &address, Some(String::new()), &[("cookie", cookie)]).await;
                if web::pages::OPEN.contains(path) {
                    continue;
                }
                assert_eq!(reply.status, StatusCode::SEE_OTHER, "{method} {path}");
                assert!(reply.location().starts_with("/sign-in?next="), "{method} {path}: {}", reply.location());
                assert!(reply.body.is_empty());
            }
        }
    }
    // What is not there is not told apart from what is.
    assert_eq!(stranger.get("/contact/new").await.status, StatusCode::SEE_OTHER);
    assert_eq!(stranger.get("/nothing/here").await.status, StatusCode::SEE_OTHER);
    // A form that another site sends is refused before anything is read.
    let mut li = Browser::signed_in(&app, &format!("sales{}@custos.example", &team.to_string()[24..])).await;
    let headers = [("sec-fetch-site", "cross-site"), ("content-type", "application/x-www-form-urlencoded")];
    let reply = li.send(Method::POST, "/contact", Some("family_name=x".into()), &headers).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
}
