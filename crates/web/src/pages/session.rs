//! Cookies: the session's, and those of language and look.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::{
    Lang,
    ui::{Density, Look, Theme},
};

/// The session's cookie. `__Host-` binds it to this host, to TLS and to the whole site.
const SESSION: &str = "__Host-custos";
/// The cookie of each setting, with what the form calls it.
const SETTINGS: [(&str, &str); 4] = [
    ("lang", "__Host-custos-lang"),
    ("theme", "__Host-custos-theme"),
    ("density", "__Host-custos-density"),
    ("keys", "__Host-custos-keys"),
];
/// How long a setting is kept: a year, in seconds.
const YEAR: u32 = 365 * 24 * 3_600;

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The session's secret.
pub fn secret(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION)
}

/// What the cookies say of language and look; `language` is the account's. Without either, the browser's language.
pub fn look(headers: &HeaderMap, language: Option<&str>) -> Look {
    let set = |name: &str| {
        let (_, cookie_name) = SETTINGS.iter().find(|(setting, _)| *setting == name)?;
        cookie(headers, cookie_name)
    };
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Look {
        lang: set("lang")
            .and_then(Lang::of_tag)
            .or_else(|| language.and_then(Lang::of_tag))
            .unwrap_or_else(|| Lang::accepted(accepted)),
        theme: set("theme").and_then(Theme::of_word).unwrap_or_default(),
        density: set("density").and_then(Density::of_word).unwrap_or_default(),
        keys: set("keys") != Some("off"),
    }
}

/// The header that opens a session in the browser.
pub fn opened(secret: &str, seconds: i64) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{SESSION}={secret}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict"))
        .ok()
}

/// The header that ends it.
pub fn ended() -> HeaderValue {
    HeaderValue::from_static("__Host-custos=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict")
}

/// The header that keeps a setting; none for a setting or a choice there is not.
pub fn kept(name: &str, word: &str) -> Option<HeaderValue> {
    let known = match name {
        "lang" => Lang::of_tag(word).is_some(),
        "theme" => Theme::of_word(word).is_some(),
        "density" => Density::of_word(word).is_some(),
        "keys" => matches!(word, "on" | "off"),
        _ => false,
    };
    let (_, cookie) = SETTINGS.iter().find(|(setting, _)| known && *setting == name)?;
    HeaderValue::try_from(format!("{cookie}={word}; Path=/; Max-Age={YEAR}; Secure; HttpOnly; SameSite=Strict")).ok()
}
