//! A browser without a screen: it keeps cookies, follows nothing by itself, and sends forms as browsers do.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use tower::ServiceExt;
use web::app::App;

use crate::{PASSWORD, TestHouse};

/// A browser of one user.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
    language: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as text.
    pub body: String,
}

impl Reply {
    /// Where a `303` leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The values of an attribute in the page, in order, with entities undone as far as tests need it.
    pub fn values(&self, name: &str) -> Vec<String> {
        let opening = format!(" {name}=\"");
        let parts = self.body.split(&opening).skip(1);
        parts.map(|rest| rest.split('"').next().unwrap_or_default().replace("&amp;", "&")).collect()
    }

    /// The text of the page: no tags, white space once.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in self.body.split('<') {
            text.push(' ');
            text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The fields of the form that is sent to `action`: names and values as a browser would send them untouched.
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let start = self
            .body
            .split("<form")
            .skip(1)
            .find(|form| attribute(form.split('>').next().unwrap_or_default(), "action").as_deref() == Some(action))
            .expect("a form with this action");
        let form = start.split("</form>").next().unwrap_or_default();
        let mut fields = Vec::new();
        for tag in form.split('<').skip(1) {
            let (head, rest) = tag.split_once('>').unwrap_or((tag, ""));
            let named = attribute(head, "name");
            if head.starts_with("input") {
                let ticked = !head.contains("type=\"checkbox\"") && !head.contains("type=\"radio\"")
                    || head.contains(" checked");
                if let (Some(name), true) = (named, ticked) {
                    fields.push((name, attribute(head, "value").unwrap_or_default()));
                }
            } else if head.starts_with("textarea") {
                let text = rest.strip_prefix('\n').unwrap_or(rest);
                fields.extend(named.map(|name| (name, plain(text))));
            } else if head.starts_with("select") {
                fields.extend(named.map(|name| (name, String::new())));
            } else if head.starts_with("option")
                && head.contains(" selected")
                && let Some(last) = fields.last_mut()
            {
                last.1 = attribute(head, "value").unwrap_or_default();
            }
        }
        fields
    }
}

fn attribute(head: &str, name: &str) -> Option<String> {
    Some(plain(head.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?))
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Sets a field of a form, or adds it.
pub fn set(form: &mut Vec<(String, String)>, name: &str, value: &str) {
    form.retain(|(key, _)| key != name);
    form.push((name.to_owned(), value.to_owned()));
}

impl Browser {
    /// A browser of nobody, over a router of its own.
    pub fn stranger(app: &TestHouse) -> Self {
        let router = web::router(App::new(app.house.clone(), true));
        Self { router, cookies: Vec::new(), language: "en".into() }
    }

    /// A browser in which somebody signs in through the page.
    pub async fn signed_in(app: &TestHouse, email: &str) -> Self {
        let mut browser = Self::stranger(app);
        let reply = browser.post("/sign-in", &[("email", email), ("password", PASSWORD), ("next", "/")]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        browser
    }

    /// The same browser in another language.
    #[must_use]
    pub fn speaking(mut self, language: &str) -> Self {
        self.cookies.push(("__Host-custos-lang".into(), language.to_owned()));
        self.language = language.to_owned();
        self
    }

    /// The cookies it keeps.
    pub fn cookies(&self) -> &[(String, String)] {
        &self.cookies
    }

    /// Keeps a cookie, as a server would have it keep.
    pub fn keep(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(known, _)| known != name);
        self.cookies.push((name.to_owned(), value.to_owned()));
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(Method::GET, path, None, &[]).await
    }

    /// Opens a page and expects it.
    pub async fn page(&mut self, path: &str) -> Reply {
        let reply = self.get(path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
        reply
    }

    /// Sends a form.
    pub async fn post<K: AsRef<str>, V: AsRef<str>>(&mut self, path: &str, form: &[(K, V)]) -> Reply {
        let body: Vec<String> =
            form.iter().map(|(key, value)| format!("{}={}", encoded(key.as_ref()), encoded(value.as_ref()))).collect();
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, Some(body.join("&")), &headers).await
    }

    /// Sends a form, expects to be sent on, and goes there.
    pub async fn submit<K: AsRef<str>, V: AsRef<str>>(&mut self, path: &str, form: &[(K, V)]) -> Reply {
        let reply = self.post(path, form).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path}: {}", reply.text());
        let to = reply.location().to_owned();
        self.page(&to).await
    }

    /// Sends anything.
    pub async fn send(&mut self, method: Method, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Reply {
        let path = path.split('#').next().unwrap_or_default();
        let mut request = Request::builder().method(method).uri(path).header("host", "custos.test");
        request = request.header("accept-language", &self.language);
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.map_or_else(Body::empty, Body::from)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("a cookie");
            let (name, value) = text.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            self.cookies.retain(|(known, _)| known != name);
            if !text.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let body = to_bytes(body, 16 << 20).await.expect("a body");
        Reply { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            b'\n' => "%0D%0A".to_owned(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
