//! The confirmation of an erasure: what goes, what stays, from when on backups are unreadable, and a word to type.

use http::StatusCode;
use maud::html;

use super::form::{Trouble, summary};
use crate::ui::{Cell, Icon, Link, Page, Shell, framed, head, post};

/// What will be erased.
#[derive(Clone, Debug)]
pub struct Erase {
    /// The record it was asked from.
    pub back: Link,
    /// Whom it is about.
    pub title: Cell,
    /// Where it is sent: fields `word`, `reason`.
    pub action: String,
    /// What goes: `Contacts` and how many.
    pub goes: Vec<(String, u64)>,
    /// What stays and why: `Invoices: kept under tax law until 2034, without the name.`
    pub stays: Vec<String>,
    /// The day from which no backup can be read either; none while nothing has set one.
    pub backups: Option<String>,
    /// Something that forbids it now: a hold. The form is then not offered.
    pub hold: Option<String>,
    /// The word that must be typed.
    pub word: String,
    /// The reason that was typed.
    pub reason: String,
    /// What is wrong.
    pub troubles: Vec<Trouble>,
}

/// Draws the confirmation.
pub fn erase(shell: &Shell, view: &Erase) -> Page {
    let lang = shell.lang();
    let total: u64 = view.goes.iter().map(|(_, n)| n).sum();
    let body = html! {
        (head(shell, Some(&view.back), html! { (shell.t("erase-title")) }, Some(view.title.draw(lang)), html! {}))
        @if !view.troubles.is_empty() { (summary(shell, &view.troubles)) }
        div.narrow {
            @if let Some(hold) = &view.hold {
                div.message.hold { (Icon::Hold) p { strong { (shell.t("erase-held")) } (lang.gap()) (hold) } }
            }
            section.panel {
                h2 { (lang.with("erase-goes", &[("n", total.into())])) }
                ul.tallies { @for (label, n) in &view.goes {
                    li { span { (label) } span.tally { (lang.number(i64::try_from(*n).unwrap_or(i64::MAX))) } }
                } }
                p { (shell.t("erase-key")) }
                @match &view.backups {
                    Some(date) => p { (lang.rich("erase-backups", &[("date", html! { strong { (date) } })])) },
                    None => p { (shell.t("erase-backups-open")) },
                }
            }
            @if !view.stays.is_empty() {
                section.panel { h2 { (shell.t("erase-stays")) } ul.bullets { @for text in &view.stays { li { (text) } } } }
            }
            @if view.hold.is_none() {
                (post(shell, &view.action, "form", html! {
                    section.panel.final {
                        div.field {
                            label for="f-reason" { span.star aria-hidden="true" { "*" } (shell.t("erase-reason")) }
                            input #f-reason name="reason" value=(view.reason) required maxlength="500" autocomplete="off";
                            p.help { (shell.t("reason-help")) }
                        }
                        div.field {
                            label for="f-word" {
                                span.star aria-hidden="true" { "*" }
                                (lang.rich("erase-type", &[("word", html! { code { (view.word) } })]))
                            }
                            input #f-word name="word" required autocomplete="off" spellcheck="false" maxlength="64";
                        }
                        div.row {
                            a.button.secondary href=(view.back.href) { (shell.t("cancel")) }
                            button.danger type="submit" { (Icon::Erase.small()) (shell.t("erase-do")) }
                        }
                    }
                }))
            }
        }
    };
    let page = framed(shell, shell.t("erase-title"), "erase", body);
    if view.troubles.is_empty() { page } else { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) }
}
