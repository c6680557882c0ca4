//! The second factor: set up in the browser, asked for when signing in, taken away by those who may.

use axum::http::StatusCode;
use hmac_code::code;
use testkit::{Browser, PASSWORD, TestHouse, both, set};

/// Codes as RFC 6238 has them, worked out apart from the house.
mod hmac_code {
    use aws_lc_rs::hmac;

    fn base32(text: &str) -> Vec<u8> {
        let (mut out, mut bits, mut held) = (Vec::new(), 0u32, 0u32);
        for c in text.bytes() {
            let value = match c {
                b'A'..=b'Z' => c - b'A',
                b'2'..=b'7' => c - b'2' + 26,
                _ => continue,
            };
            held = held << 5 | u32::from(value);
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                out.push((held >> bits) as u8);
                held &= (1 << bits) - 1;
            }
        }
        out
    }

    pub fn code(key: &str, seconds: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &base32(key));
        let tag = hmac::sign(&key, &(seconds / 30).to_be_bytes());
        let bytes = tag.as_ref();
        let at = usize::from(bytes[bytes.len() - 1] & 15);
        let four = u32::from_be_bytes([bytes[at] & 127, bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        format!("{:06}", four % 1_000_000)
    }

    #[test]
    fn they_are_those_of_the_standard() {
        // RFC 6238, appendix B: the key `12345678901234567890`, cut to six digits.
        let key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(code(key, 59), "287082");
        assert_eq!(code(key, 1_111_111_109), "081804");
    }
}

const EMAIL: &str = "administrator@custos.example";

async fn first_step(app: &TestHouse) -> Browser {
    let mut browser = Browser::stranger(app);
    let reply = browser.post("/sign-in", &[("email", EMAIL), ("password", PASSWORD), ("next", "/account")]).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, "/sign-in/code?next=%2Faccount"));
    browser
}

#[tokio::test]
async fn codes_are_set_up_asked_for_and_good_once() {
    both(async |app: TestHouse| {
        app.user("administrator", None).await;
        let now = || app.house.now().as_second();
        let mut browser = Browser::signed_in(&app, EMAIL).await;
        let page = browser.page("/account/codes").await;
        assert!(page.body.contains("<svg role=\"img\""), "no picture");
        let key: String = page.text().split("Or type this key").nth(1).unwrap().split("Scan").next().unwrap().into();
        assert_eq!(key.replace(' ', "").len(), 32);
        let wrong = browser.post("/account/codes", &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = browser.post("/account/codes", &[("code", code(&key, now()))]).await;
        let text = done.text();
        assert!(text.contains("From now on, signing in asks for a code."), "{text}");
        let recovery: Vec<String> =
            text.split_whitespace().filter(|w| w.len() == 11 && w.as_bytes()[5] == b'-').map(str::to_owned).collect();
        assert_eq!(recovery.len(), 10, "{text}");

        // The password alone opens nothing.
        let mut second = first_step(&app).await;
        assert_eq!(second.get("/account").await.status, StatusCode::SEE_OTHER);
        // A code that was taken does not work again; the next does.
        let used = second.post("/sign-in/code", &[("code", code(&key, now())), ("next", "/account".into())]).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(used.text().contains("This code does not fit."), "{}", used.text());
        app.clock.advance(jiff::SignedDuration::from_secs(30));
        let home = second.submit("/sign-in/code", &[("code", code(&key, now())), ("next", "/account".into())]).await;
        assert!(home.text().contains("10 recovery codes are left"), "{}", home.text());
        // So does a recovery code, once.
        let mut third = first_step(&app).await;
        let by = [("code", recovery[3].to_uppercase()), ("next", "/account".into())];
        assert!(third.submit("/sign-in/code", &by).await.text().contains("9 recovery codes are left"));
        let mut fourth = first_step(&app).await;
        assert_eq!(fourth.post("/sign-in/code", &by).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        // After five wrong ones the password is asked for again; the owner is not locked out by it.
        for _ in 0..4 {
            fourth.post("/sign-in/code", &[("code", "000000")]).await;
        }
        let gone = fourth.post("/sign-in/code", &[("code", code(&key, now() + 30))]).await;
        assert!(gone.location().starts_with("/sign-in?"), "{}", gone.text());
        // Whoever begins anew with the right password guesses on where they were, and waits.
        let mut fifth = first_step(&app).await;
        let waits = fifth.post("/sign-in/code", &[("code", "000000")]).await;
        assert!(waits.text().contains("Too many"), "{}", waits.text());
        app.clock.advance(jiff::SignedDuration::from_secs(2));
        fifth.submit("/sign-in/code", &[("code", recovery[0].clone()), ("next", "/account".into())]).await;
        // Other sessions are seen and ended.
        let page = fifth.page("/account").await;
        assert!(page.text().contains("another device"), "{}", page.text());
        fifth.submit::<&str, &str>("/account/sessions", &[]).await;
        assert_eq!(second.get("/account").await.status, StatusCode::SEE_OTHER);
        // Taking it away asks for the password.
        let page = fifth.page("/account?remove=codes").await;
        let mut form = page.form("/account/codes/removal");
        set(&mut form, "password", "not the password");
        assert_eq!(fifth.post("/account/codes/removal", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        set(&mut form, "password", PASSWORD);
        fifth.submit("/account/codes/removal", &form).await;
        Browser::signed_in(&app, EMAIL).await.page("/account").await;
    })
    .await;
}

#[tokio::test]
async fn a_lost_phone_is_mended_by_the_administrator_and_the_operator() {
    let app = TestHouse::sqlite().await;
    app.user("administrator", None).await;
    let ctx = app.sign_in(EMAIL).await;
    for _ in 0..2 {
        let key = app.house.begin_codes(&ctx).await.unwrap().key;
        app.clock.advance(jiff::SignedDuration::from_secs(30));
        app.house.finish_codes(&ctx, &code(&key, app.house.now().as_second())).await.unwrap();
        assert!(app.house.sign_in(EMAIL, PASSWORD, "192.0.2.1").await.unwrap().second);
        app.house.reset_second(&app.operator(), ctx.actor.id).await.unwrap();
        assert!(!app.house.sign_in(EMAIL, PASSWORD, "192.0.2.1").await.unwrap().second);
    }
}

#[tokio::test]
async fn changing_the_password_asks_for_the_old_one_and_ends_other_sessions() {
    let app = TestHouse::sqlite().await;
    app.user("administrator", None).await;
    let mut here = Browser::signed_in(&app, EMAIL).await;
    let mut there = Browser::signed_in(&app, EMAIL).await;
    let change = |old: &str, new: &str| vec![("password", old.to_owned()), ("new", new.to_owned())];
    let new = "seven lamps under the old bridge";
    let wrong = here.post("/account/password", &change("wrong", new)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let weak = here.post("/account/password", &change(PASSWORD, "aaaaaaaaaaaaaaaaaaaa")).await;
    assert!(weak.text().contains("This is guessed soon"), "{}", weak.text());
    here.submit("/account/password", &change(PASSWORD, new)).await;
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER);
    here.page("/account").await;
    assert!(app.house.sign_in(EMAIL, new, "192.0.2.1").await.is_ok());
}
