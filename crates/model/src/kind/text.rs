//! Text, e-mail addresses and web addresses.

use crate::Invalid;

/// The text without blanks at its ends; refused when empty, too long, or with characters that do not show.
pub(crate) fn text(text: &str, max: usize, lines: bool) -> Result<String, Invalid> {
    let text = if lines { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    let text = trim(&text);
    if text.is_empty() {
        return Err(Invalid::new("empty"));
    }
    if text.chars().any(|c| is_hidden(c) && !(lines && matches!(c, '\n' | '\t'))) {
        return Err(Invalid::new("control_character"));
    }
    if text.chars().count() > max {
        return Err(Invalid::limited("too_long", max));
    }
    Ok(text.to_owned())
}

/// Without white space, byte order marks and zero-width spaces at both ends, as spreadsheets leave them.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// Control characters, and the marks that make text read differently from what it is (Unicode TR 36, bidi).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
}

/// Full-width forms (U+FF01–FF5E) and the ideographic space as ASCII: what a Chinese or Japanese keyboard enters.
pub(crate) fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            c => c,
        })
        .collect()
}

/// An e-mail address: the practical part of RFC 5321 §4.1.2 with RFC 6531, so letters of every script, no quoted local
/// part, no address literal. The local part stays as written, the domain is lower case.
pub(crate) fn email(text: &str) -> Result<String, Invalid> {
    let bad = || Invalid::new("email_form");
    let narrow = narrow(trim(text));
    if narrow.is_empty() {
        return Err(Invalid::new("empty"));
    }
    let (local, domain) = narrow.rsplit_once('@').ok_or_else(bad)?;
    let domain = domain.to_lowercase();
    let local_fits = local.len() <= 64
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || letter(c))
        });
    let labels = domain.split('.').count();
    let top = domain.rsplit('.').next().unwrap_or_default();
    if !local_fits
        || !host_name(&domain)
        || labels < 2
        || top.bytes().all(|b| b.is_ascii_digit())
        || local.len() + domain.len() > 253
    {
        return Err(bad());
    }
    Ok(format!("{local}@{domain}"))
}

/// A letter or digit outside ASCII, or a mark that belongs to one.
fn letter(c: char) -> bool {
    !c.is_ascii()
        && !is_hidden(c)
        && !c.is_whitespace()
        && (c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}'))
}

/// Labels of letters, digits and inner hyphens, each at most 63 octets, 253 in all (RFC 1035 §2.3.4).
fn host_name(domain: &str) -> bool {
    domain.len() <= 253
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || letter(c))
        })
}

/// A web address: http or https, a host, perhaps a port and a path; never user name and password, never another
/// scheme. `www.acme.example` becomes `https://www.acme.example`.
pub(crate) fn url(text: &str) -> Result<String, Invalid> {
    let bad = || Invalid::new("url_form");
    let text = trim(text);
    if text.is_empty() {
        return Err(Invalid::new("empty"));
    }
    if text.chars().count() > 2000 {
        return Err(Invalid::limited("too_long", 2000));
    }
    if text.chars().any(|c| is_hidden(c) || c.is_whitespace() || "\"<>\\^`{|}".contains(c)) {
        return Err(bad());
    }
    let (scheme, rest) = match text.split_once("://") {
        // A `://` after the path has begun belongs to the path.
        Some((scheme, rest)) if !scheme.contains(['/', '?', '#']) => (scheme.to_ascii_lowercase(), rest),
        _ => ("https".to_owned(), text),
    };
    if scheme != "http" && scheme != "https" {
        return Err(bad());
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if authority.contains('@') {
        return Err(Invalid::new("url_credentials"));
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if port.is_some_and(|p| p.is_empty() || !p.bytes().all(|b| b.is_ascii_digit()) || p.parse::<u16>().is_err()) {
        return Err(bad());
    }
    let host = host.to_lowercase();
    let literal = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let host_fits = match literal {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host_name(&host) && host.contains('.'),
    };
    if !host_fits {
        return Err(bad());
    }
    let port = port.map(|p| format!(":{p}")).unwrap_or_default();
    Ok(format!("{scheme}://{host}{port}{path}"))
}
