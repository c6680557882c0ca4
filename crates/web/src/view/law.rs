//! What does the law ask? A request, a law, a day, and the date that follows, with every rule and its article.

use maud::{Markup, html};

use crate::ui::{Icon, Page, Shell, Tone, badge, framed, head};

/// The page on which one plays with dates.
#[derive(Clone, Debug, Default)]
pub struct Law {
    /// The laws: name, label, and whether it is the one asked about.
    pub packs: Vec<(String, String, bool)>,
    /// The request kinds of that law: name, label, and whether it is the one asked about.
    pub requests: Vec<(String, String, bool)>,
    /// Its regions, and which is asked about.
    pub regions: Vec<(String, bool)>,
    /// The day of receipt, as typed.
    pub received: String,
    /// What is wrong with the question.
    pub trouble: Option<String>,
    /// The answer.
    pub answer: Option<LawAnswer>,
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct LawAnswer {
    /// The dates: the words for it, and the date.
    pub dates: Vec<(String, String)>,
    /// Whether the calendar of a year is missing.
    pub provisional: bool,
    /// What the law says where it names no number.
    pub said: Option<String>,
    /// The rules, in the order they were used.
    pub why: Vec<Reason>,
}

/// A rule of an answer.
#[derive(Clone, Debug, Default)]
pub struct Reason {
    /// Where the law says so.
    pub article: String,
    /// What it says, in the page's language where the pack has it.
    pub text: String,
    /// The language of the text, where it is not the page's.
    pub lang: Option<&'static str>,
    /// Whether a lawyer has yet to confirm it.
    pub open: bool,
}

/// Draws the page.
pub fn law(shell: &Shell, view: &Law) -> Page {
    let choose = |name: &str, label: &str, items: &[(String, String, bool)]| {
        html! {
            div.field {
                label for=(name) { (label) }
                select id=(name) name=(name) {
                    @for (value, text, chosen) in items {
                        option value=(value) selected[*chosen] { (text) }
                    }
                }
            }
        }
    };
    let plain = |items: &[(String, bool)]| -> Vec<(String, String, bool)> {
        items.iter().map(|(value, chosen)| (value.clone(), value.clone(), *chosen)).collect()
    };
    let body = html! {
        (head(shell, None, html! { (shell.t("law-title")) }, Some(html! { p.meta { (shell.t("law-about")) } }), html! {}))
        div.reading {
            form.form method="get" action="/law" {
              section.panel { div.fields {
                (choose("pack", shell.t("law-pack"), &view.packs))
                (choose("request", shell.t("law-request"), &view.requests))
                @if !view.regions.is_empty() { (choose("region", shell.t("law-region"), &plain(&view.regions))) }
                div.field {
                    label for="received" { (shell.t("law-received")) }
                    input #received type="date" name="received" value=(view.received) required;
                }
              }
              @if let Some(trouble) = &view.trouble {
                p.trouble role="alert" { (Icon::WarningTriangle.small()) " " (trouble) }
              }
              div.row { button.primary type="submit" { (shell.t("law-ask")) } }
              }
            }
            @if let Some(answer) = &view.answer { (told(shell, answer)) }
        }
    };
    framed(shell, shell.t("law-title"), "law", body)
}

fn told(shell: &Shell, answer: &LawAnswer) -> Markup {
    html! {
        section.panel aria-live="polite" {
            h2 { (shell.t("law-answer")) }
            @if answer.provisional { (badge(Tone::Warn, Some(Icon::WarningTriangle), shell.t("law-provisional"))) }
            dl.facts {
                @for (label, date) in &answer.dates { div { dt { (label) } dd { (date) } } }
            }
            @if let Some(said) = &answer.said { p { (said) } }
        }
        section.panel {
            h2 { (shell.t("law-why")) }
            ol.rules {
                @for reason in &answer.why {
                    li {
                        strong { (reason.article) } " "
                        span lang=[reason.lang] { (reason.text) }
                        @if reason.open { " " (badge(Tone::Warn, Some(Icon::WarningTriangle), shell.t("law-to-confirm"))) }
                    }
                }
            }
        }
    }
}
