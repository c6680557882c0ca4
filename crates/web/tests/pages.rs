//! Every page, in both languages and themes: nothing inline, one heading, landmarks, references that lead somewhere,
//! a token in every form, nothing personal in the tab.

#[path = "../examples/preview/samples/mod.rs"]
mod samples;

use std::collections::HashSet;

use axum::response::IntoResponse;
use web::{
    Lang,
    ui::{Cell, Icon, Shown, State, Theme, assets},
    view::{Problem, SignIn, SignInTrouble, problem, sign_in},
};

fn each(check: impl Fn(&str, &str, Lang)) {
    for lang in Lang::ALL {
        for theme in Theme::ALL {
            for (name, page) in samples::pages(lang, theme) {
                check(&format!("{name}, {}, {}", lang.tag(), theme.word()), page.html(), lang);
            }
        }
    }
}

/// The values of an attribute, in order.
fn values<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!(" {name}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect()
}

/// The opening tags of an element.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!("<{name}"))
        .skip(1)
        .filter(|rest| rest.starts_with([' ', '>']))
        .map(|rest| rest.split('>').next().unwrap_or_default())
        .collect()
}

#[test]
fn nothing_is_inline_and_nothing_is_foreign() {
    each(|page, html, _| {
        for banned in ["<style", " style=\"", "javascript:", "data:", "<iframe", "<img", "srcset="] {
            assert!(!html.contains(banned), "{page}: {banned}");
        }
        for tag in html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
            for word in tag.split_whitespace().filter(|word| word.contains("=\"")) {
                assert!(!word.starts_with("on"), "{page}: handler in <{tag}>");
                // htmx would evaluate these, which the content policy forbids.
                let code = word.contains("hx-on") || word.contains("\"js:") || word.starts_with("hx-");
                assert!(!code, "{page}: code, or an attribute of no standard, in <{tag}>");
            }
        }
        for script in html.split("<script").skip(1) {
            assert!(script.split('>').next().unwrap().contains(" src=\"/assets/"), "{page}");
            assert!(script.split_once('>').unwrap().1.starts_with("</script>"), "{page}");
        }
        for address in [values(html, "href"), values(html, "action"), values(html, "src")].concat() {
            assert!(address.starts_with(['/', '#', '?']) && !address.starts_with("//"), "{page}: {address}");
        }
    });
}

#[test]
fn every_page_has_one_heading_and_its_landmarks() {
    each(|page, html, lang| {
        assert_eq!(tags(html, "h1").len(), 1, "{page}: h1");
        assert!(html.contains(&format!("<html lang=\"{}\"", lang.tag())), "{page}: lang");
        for landmark in ["main", "header"] {
            assert!(!tags(html, landmark).is_empty(), "{page}: {landmark}");
        }
        assert_eq!(tags(html, "main").len(), 1, "{page}: main");
        let skip = html.find("class=\"skip\" href=\"#main\"").unwrap();
        assert!(skip < html.find("<header").unwrap(), "{page}: the skip link comes first");
        if !page.starts_with("sign-in") {
            assert!(tags(html, "nav").iter().all(|tag| tag.contains("aria-label")), "{page}: nav");
        }
        assert!(page.starts_with("error") || html.contains("role=\"status\""), "{page}: strip");
    });
}

#[test]
fn references_lead_somewhere_and_ids_are_single() {
    each(|page, html, _| {
        let all = values(html, "id");
        let ids: HashSet<_> = all.iter().copied().collect();
        assert_eq!(all.len(), ids.len(), "{page}: an id is used twice");
        let named = [values(html, "for"), values(html, "popovertarget"), values(html, "aria-labelledby")].concat();
        for id in named {
            assert!(ids.contains(id), "{page}: no #{id}");
        }
        for id in values(html, "aria-describedby").into_iter().flat_map(str::split_whitespace) {
            assert!(ids.contains(id), "{page}: no #{id}");
        }
        for anchor in values(html, "href").into_iter().filter_map(|href| href.strip_prefix('#')) {
            assert!(ids.contains(anchor), "{page}: no #{anchor}");
        }
    });
}

#[test]
fn forms_are_posted_with_the_token() {
    each(|page, html, _| {
        let forms = html.split("<form").skip(1);
        for form in forms {
            let form = form.split("</form>").next().unwrap();
            assert!(form.contains("method=\"post\""), "{page}");
            assert!(form.contains("name=\"csrf\" value=\"c5b1f0\""), "{page}");
        }
    });
}

#[test]
fn nothing_personal_stands_in_the_tab_and_no_masked_value_in_clear() {
    each(|page, html, _| {
        let title = html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        for personal in ["Ada", "King", "欧阳", "Starway"] {
            assert!(!title.contains(personal), "{page}: {title}");
        }
        assert!(page.starts_with("revealed") || !html.contains("ada.king@"), "{page}");
    });
}

#[test]
fn every_picture_is_named_or_hidden() {
    each(|page, html, _| {
        for svg in tags(html, "svg") {
            assert!(svg.contains("aria-hidden=\"true\"") || svg.contains("aria-label=\""), "{page}: {svg}");
        }
    });
    for icon in Icon::ALL {
        assert_eq!(Icon::named(icon.name()), icon);
    }
    for state in State::ALL {
        for lang in Lang::ALL {
            assert!(state.draw(lang, None).0.contains("</svg>"), "{state:?} has a shape");
            assert!(!state.draw(lang, None).0.ends_with("</svg></span>"), "{state:?} has a word");
        }
    }
}

#[test]
fn absent_and_empty_are_drawn_alike_and_values_are_escaped() {
    for lang in Lang::ALL {
        let absent = Cell { shown: Shown::Absent, ..Cell::default() };
        assert_eq!(Cell::empty().draw(lang).0, absent.draw(lang).0);
    }
    assert_eq!(Cell::clear("<b>&\"").draw(Lang::En).0, "&lt;b&gt;&amp;&quot;");
    assert_eq!(Cell::clear("王晓明").draw(Lang::En).0, "<span lang=\"zh-CN\">王晓明</span>");
    assert_eq!(Cell::clear("王晓明").draw(Lang::Zh).0, "王晓明");
    assert!(Cell::masked("王*明").draw(Lang::Zh).0.contains("已脱敏"));
}

#[test]
fn statuses_and_headers_are_those_of_the_page() {
    let expected = [
        ("sign-in", 200),
        ("sign-in-wrong", 401),
        ("form-edit", 422),
        ("conflict", 409),
        ("error-403", 403),
        ("error-404", 404),
        ("error-500", 500),
    ];
    for (name, page) in samples::pages(Lang::En, Theme::Auto) {
        if let Some((_, status)) = expected.iter().find(|(page, _)| *page == name) {
            assert_eq!(page.status.as_u16(), *status, "{name}");
        }
        let response = page.into_response();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert!(header("content-security-policy").starts_with("default-src 'none'"));
        assert!(!header("content-security-policy").contains("unsafe"));
    }
}

#[test]
fn every_refusal_has_its_words() {
    let (lang, shell) = (Lang::Zh, samples::shell(Lang::Zh, Theme::Auto, "/"));
    for status in [400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 503] {
        let page = problem(&shell, &Problem { status, ..Problem::default() });
        assert_eq!(page.status.as_u16(), status);
        assert!(!page.html().contains("error-"), "{status} in {}", lang.tag());
    }
    let wait = SignIn { trouble: Some(SignInTrouble::Wait(30)), ..SignIn::default() };
    assert_eq!(sign_in(&shell, &wait).status.as_u16(), 429);
}

#[test]
fn a_list_and_its_style_stay_small() {
    let (_, page) = samples::pages(Lang::En, Theme::Auto).into_iter().find(|(name, _)| *name == "list").unwrap();
    assert!(page.html().len() < 48 * 1024, "list of 20: {} bytes", page.html().len());
    let css = assets::ALL.iter().find(|asset| asset.name == "custos.css").unwrap();
    assert!(css.body.len() < 56 * 1024, "{} bytes", css.body.len());
}
