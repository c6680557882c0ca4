//! Emergency access: more than one's rights, for a stated reason, for a stated time, with word to the DPO.

use http::StatusCode;
use maud::html;

use super::field::{Choice, options};
use super::form::{Trouble, summary};
use crate::ui::{Icon, Link, Page, Shell, framed, head, post};

/// The form of emergency access.
#[derive(Clone, Debug)]
pub struct Emergency {
    /// Where it was asked from.
    pub back: Link,
    /// Where it is sent: fields `object`, `purpose`, `minutes`, `reason`.
    pub action: String,
    /// What to open: objects, or one record.
    pub scopes: Vec<Choice>,
    /// What for.
    pub purposes: Vec<Choice>,
    /// For how long, in minutes.
    pub minutes: Vec<Choice>,
    /// The reason that was typed.
    pub reason: String,
    /// Who is told.
    pub told: String,
    /// What is wrong.
    pub troubles: Vec<Trouble>,
}

/// Draws the form.
pub fn emergency(shell: &Shell, view: &Emergency) -> Page {
    let star = html! { span.star aria-hidden="true" { "*" } };
    let body = html! {
        (head(shell, Some(&view.back), html! { (shell.t("emergency")) }, None, html! {}))
        @if !view.troubles.is_empty() { (summary(shell, &view.troubles)) }
        div.narrow {
            div.message.warn {
                (Icon::WarningTriangle)
                p { (shell.lang().rich("emergency-warning", &[("told", html! { strong { (view.told) } })])) }
            }
            (post(shell, &view.action, "form", html! {
                section.panel {
                    div.fields {
                        div.field {
                            label for="f-object" { (star) (shell.t("emergency-scope")) }
                            select #f-object name="object" required { (options(&view.scopes)) }
                        }
                        div.field {
                            label for="f-purpose" { (star) (shell.t("purpose")) }
                            select #f-purpose name="purpose" required { (options(&view.purposes)) }
                        }
                        fieldset.field {
                            legend { (star) (shell.t("emergency-minutes")) }
                            div.ticks { @for choice in &view.minutes {
                                label.tick {
                                    input type="radio" name="minutes" value=(choice.value) checked[choice.chosen] required;
                                    span { (choice.label) }
                                }
                            } }
                        }
                        div.field.wide {
                            label for="f-reason" { (star) (shell.t("emergency-reason")) }
                            textarea #f-reason name="reason" rows="4" required maxlength="1000" { "\n" (view.reason) }
                            p.help { (shell.t("reason-help")) }
                        }
                    }
                }
                div.save {
                    button.primary type="submit" { (shell.t("emergency-do")) }
                    a.button.quiet href=(view.back.href) { (shell.t("cancel")) }
                }
            }))
        }
    };
    let page = framed(shell, shell.t("emergency"), "emergency", body);
    if view.troubles.is_empty() { page } else { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) }
}
