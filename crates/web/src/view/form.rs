//! The form of a new or changed record: one Save, never disabled; what was typed comes back with what is wrong.

use http::StatusCode;
use maud::{Markup, html};

use super::{field::FormField, origin::Origin};
use crate::ui::{Icon, Link, Page, Shell, framed, head, post};

/// The form of a record.
#[derive(Clone, Debug)]
pub struct Form {
    /// What it does: `New contact`, `Edit contact`. The browser's tab says only this.
    pub heading: String,
    /// Where it was opened from.
    pub back: Link,
    /// Where it is sent.
    pub action: String,
    /// The version that was read (sent as `version`), so that a stale save is a conflict.
    pub version: Option<String>,
    /// What is sent along unseen: what the boxes held when the form was opened (`was.NAME`), so that only what was
    /// changed is saved.
    pub carried: Vec<(String, String)>,
    /// The fields, in groups.
    pub groups: Vec<FormGroup>,
    /// What the data is for, when it is about a person.
    pub origin: Option<Origin>,
    /// What is wrong, for the summary. With any, the page answers 422.
    pub troubles: Vec<Trouble>,
    /// Whether "Save and new" is offered (sent as `then=new`).
    pub and_new: bool,
}

/// Fields that belong together.
#[derive(Clone, Debug, Default)]
pub struct FormGroup {
    /// Their heading; none for the first of a short form.
    pub label: Option<String>,
    /// The fields.
    pub fields: Vec<FormField>,
}

/// Something wrong with what was typed.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The field's name, to lead to it; none when it is about the whole.
    pub field: Option<String>,
    /// Label and cure: `E-mail: write it as name@example.com`.
    pub text: String,
}

/// Draws a form.
pub fn form(shell: &Shell, view: &Form) -> Page {
    let body = html! {
        (head(shell, Some(&view.back), html! { (view.heading) }, None, html! {}))
        @if !view.troubles.is_empty() { (summary(shell, &view.troubles)) }
        (post(shell, &view.action, "form", html! {
            @if let Some(version) = &view.version { input type="hidden" name="version" value=(version); }
            @for (name, value) in &view.carried { input type="hidden" name=(name) value=(value); }
            p.help.stars { (shell.lang().rich("required-note", &[("star", html! { span.star { "*" } })])) }
            @for group in &view.groups {
                section.panel {
                    @if let Some(label) = &group.label { h2 { (label) } }
                    div.fields { @for field in &group.fields { (field.draw(shell)) } }
                }
            }
            @if let Some(origin) = &view.origin { (origin.draw(shell)) }
            div.save {
                button.primary type="submit" data-save="" { (shell.t("save")) kbd aria-hidden="true" { "Ctrl ↵" } }
                @if view.and_new {
                    button.secondary type="submit" name="then" value="new" data-save="new" { (shell.t("save-and-new")) }
                }
                a.button.quiet href=(view.back.href) { (shell.t("cancel")) }
            }
        }))
    };
    let page = framed(shell, &view.heading, "form-page", body);
    if view.troubles.is_empty() { page } else { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) }
}

/// What is wrong, with links to the fields; the focus goes here when the page opens.
pub(super) fn summary(shell: &Shell, troubles: &[Trouble]) -> Markup {
    html! {
        div.message.danger.summary role="alert" tabindex="-1" autofocus {
            (Icon::WarningCircle)
            div {
                p.strong { (shell.lang().with("troubles", &[("n", troubles.len().into())])) }
                ul { @for trouble in troubles {
                    li { @match &trouble.field {
                        Some(field) => a href={ "#f-" (field) } { (trouble.text) },
                        None => (trouble.text),
                    } }
                } }
            }
        }
    }
}
