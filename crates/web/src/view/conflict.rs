//! The page of a conflict: somebody saved the same record first. For each field that both changed one is chosen; what
//! only one side changed is merged.

use http::StatusCode;
use maud::html;

use crate::ui::{Cell, Icon, Link, Page, Shell, framed, head, post};

/// A conflict.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The record.
    pub back: Link,
    /// Who saved first.
    pub who: String,
    /// When: `14:05`.
    pub at: String,
    /// Where the choice is sent: `choose.FIELD` is `now` or `yours`.
    pub action: String,
    /// The version that is now stored (sent as `version`).
    pub version: String,
    /// What both changed.
    pub contested: Vec<Contested>,
    /// What only one side changed.
    pub kept: Vec<Kept>,
    /// What was typed, carried along.
    pub carried: Vec<(String, String)>,
    /// The form with what is stored now.
    pub again: String,
}

/// A field that both changed.
#[derive(Clone, Debug, Default)]
pub struct Contested {
    /// The field's name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The value that was read.
    pub was: Cell,
    /// The value that is stored now.
    pub now: Cell,
    /// The value that was typed.
    pub yours: Cell,
}

/// A field that only one side changed.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Its label.
    pub label: String,
    /// The value it will have.
    pub value: Cell,
    /// Whether it is the one typed here.
    pub yours: bool,
}

/// Draws the conflict; answers 409.
pub fn conflict(shell: &Shell, view: &Conflict) -> Page {
    let lang = shell.lang();
    let said = lang.with("conflict-said", &[("who", view.who.as_str().into()), ("at", view.at.as_str().into())]);
    let body = html! {
        (head(shell, Some(&view.back), html! { (shell.t("conflict")) }, None, html! {}))
        div.reading {
            div.message.warn role="alert" { (Icon::WarningTriangle) p { (said) } }
            (post(shell, &view.action, "form", html! {
                input type="hidden" name="version" value=(view.version);
                @for (name, value) in &view.carried { input type="hidden" name=(name) value=(value); }
                @for field in &view.contested {
                    fieldset.panel.contest {
                        legend { (field.label) }
                        p.meta { (shell.t("conflict-was")) " " (field.was.draw(lang)) }
                        @for (value, text, cell) in [("now", "conflict-now", &field.now), ("yours", "conflict-yours", &field.yours)] {
                            label.tick {
                                input type="radio" name={ "choose." (field.name) } value=(value) required;
                                span { span.meta { (shell.t(text)) } span.strong { (cell.draw(lang)) } }
                            }
                        }
                    }
                }
                @if !view.kept.is_empty() {
                    section.panel {
                        h2 { (shell.t("conflict-merged")) }
                        dl { @for kept in &view.kept {
                            div.detail {
                                dt { (kept.label) }
                                dd { (kept.value.draw(lang)) " "
                                    span.meta { (shell.t(if kept.yours { "kept-yours" } else { "kept-theirs" })) }
                                }
                            }
                        } }
                    }
                }
                div.save {
                    button.primary type="submit" { (shell.t("conflict-save")) }
                    a.button.quiet href=(view.again) { (shell.t("conflict-again")) }
                }
            }))
        }
    };
    framed(shell, shell.t("conflict"), "conflict", body).with_status(StatusCode::CONFLICT)
}
