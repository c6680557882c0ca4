//! Addresses of this house: paths, queries, and the way back.

use std::fmt::Write as _;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// A query: decoded keys and values, in order.
pub type Pairs = Vec<(String, String)>;

/// A path with a query. Keys and values are percent-encoded; nothing personal may be among them.
pub fn address<K: AsRef<str>, V: AsRef<str>>(path: &str, pairs: impl IntoIterator<Item = (K, V)>) -> String {
    let query = query(pairs);
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// An encoded query, without the question mark.
pub fn query<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> String {
    let mut out = String::new();
    for (key, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        encode(&mut out, key.as_ref());
        out.push('=');
        encode(&mut out, value.as_ref());
    }
    out
}

fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' | b':' => out.push(byte.into()),
            _ => _ = write!(out, "%{byte:02X}"),
        }
    }
}

/// The value of a key.
pub fn value<'a>(pairs: &'a [(String, String)], key: &str) -> Option<&'a str> {
    pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
}

/// The pairs without these keys.
pub fn without(pairs: &[(String, String)], keys: &[&str]) -> Pairs {
    pairs.iter().filter(|(key, _)| !keys.contains(&key.as_str())).cloned().collect()
}

/// An address to go to, if it is one of this house: a path, never another host.
pub fn local(text: &str) -> Option<&str> {
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    (text.starts_with('/') && !text.starts_with("//") && plain && text.len() <= 2_000).then_some(text)
}

/// `303 See Other`: what every change answers with.
pub fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let to = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, to);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_house_are_gone_back_to() {
        for good in ["/", "/contact?sort=-updated_at", "/contact/0193#r-1"] {
            assert_eq!(local(good), Some(good));
        }
        for bad in ["", "contact", "//evil.example", "/\\evil.example", "https://evil.example/", "/a\r\nb", "/ä"] {
            assert_eq!(local(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_encoded_reads_back() {
        let pairs = vec![("a.b".to_owned(), "x y&z=王/?#%+".to_owned()), ("c".into(), String::new())];
        let text = query(pairs.iter().map(|(k, v)| (k, v)));
        assert_eq!(crate::api::records::pairs(Some(&text)).unwrap(), pairs);
    }
}
