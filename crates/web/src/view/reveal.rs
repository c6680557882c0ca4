//! Asking for a masked value in clear, and the value itself: the purpose is said first, the entry is shown after.

use maud::html;

use super::field::Choice;
use crate::ui::{Cell, Icon, Link, Page, Shell, State, framed, head, post};

/// A masked value and what to say before it is shown.
#[derive(Clone, Debug)]
pub struct Reveal {
    /// The record.
    pub back: Link,
    /// The record's title.
    pub title: Cell,
    /// The field's label.
    pub label: String,
    /// The value as it may be seen: masked before, clear after.
    pub cell: Cell,
    /// Where it is sent: field `why` (a prepared sentence) or `words`.
    pub action: String,
    /// Prepared sentences for the live purposes.
    pub sentences: Vec<Choice>,
}

/// Draws the question, or the value once it is revealed.
pub fn reveal(shell: &Shell, view: &Reveal) -> Page {
    let lang = shell.lang();
    let body = html! {
        (head(shell, Some(&view.back), html! { (lang.with("reveal-title", &[("field", view.label.as_str().into())])) },
            Some(view.title.draw(lang)), html! {}))
        div.narrow {
            section.panel.revealed {
                p.meta { (view.label) }
                p.figure { (view.cell.draw(lang)) }
                @if !view.cell.is_masked() { p { (State::Revealed.draw(lang, None)) } }
            }
            @if view.cell.is_masked() {
                (post(shell, &view.action, "form", html! {
                    section.panel {
                        fieldset.field {
                            legend { span.star aria-hidden="true" { "*" } (shell.t("reveal-why")) }
                            div.ticks.tall {
                                @for sentence in &view.sentences {
                                    label.tick {
                                        input type="radio" name="why" value=(sentence.value) checked[sentence.chosen] required;
                                        span { (sentence.label) }
                                    }
                                }
                                label.tick {
                                    input type="radio" name="why" value="" required;
                                    span { (shell.t("reveal-other")) }
                                }
                            }
                            input name="words" maxlength="500" autocomplete="off" aria-label=(shell.t("reveal-words"));
                            p.help { (shell.t("reason-help")) }
                        }
                        div.row {
                            button.primary type="submit" { (Icon::Eye.small()) (shell.t("reveal-do")) }
                            a.button.quiet href=(view.back.href) { (shell.t("cancel")) }
                        }
                    }
                }))
            } @else {
                p { a href=(view.back.href) { (shell.t("reveal-hide")) } }
            }
        }
    };
    framed(shell, shell.t("reveal"), "reveal", body)
}
