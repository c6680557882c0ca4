//! The export of a list: how many rows, as what, and what for.

use http::StatusCode;
use maud::html;

use crate::ui::{Icon, Link, Page, Shell, framed, head, post};

/// An export to be asked for.
#[derive(Clone, Debug)]
pub struct ExportForm {
    /// The heading: `Export 1,234 contacts`.
    pub heading: String,
    /// The list.
    pub back: Link,
    /// Where it is sent.
    pub action: String,
    /// The query of the list.
    pub query: String,
    /// The columns, in words.
    pub columns: String,
    /// What was typed as reason.
    pub reason: String,
    /// What was wrong with it.
    pub wrong: Option<String>,
    /// That not every row fits, in words.
    pub cut: Option<String>,
}

/// Draws the form.
pub fn export(shell: &Shell, view: &ExportForm) -> Page {
    let body = html! {
        (head(shell, Some(&view.back), html! { (view.heading) }, None, html! {}))
        (post(shell, &view.action, "form", html! {
            input type="hidden" name="query" value=(view.query);
            section.panel {
                p { span.meta { (shell.t("columns")) } " " (view.columns) }
                @if let Some(cut) = &view.cut { p { (Icon::WarningTriangle.small()) " " (cut) } }
                fieldset.field {
                    legend { (shell.t("export-format")) }
                    div.ticks {
                        label.tick { input type="radio" name="format" value="csv" checked; span { "CSV" } }
                        label.tick { input type="radio" name="format" value="xlsx"; span { "Excel (XLSX)" } }
                    }
                }
                div.field .bad[view.wrong.is_some()] {
                    label for="f-reason" { span.star aria-hidden="true" { "*" } (shell.t("export-reason")) }
                    textarea id="f-reason" name="reason" rows="3" maxlength="2000" required
                        aria-invalid=[view.wrong.is_some().then_some("true")] aria-describedby="f-reason-help" { (view.reason) }
                    p.help id="f-reason-help" { (shell.t("export-help")) }
                    @if let Some(wrong) = &view.wrong { p.wrong { (Icon::WarningCircle.small()) (wrong) } }
                }
                div.row {
                    button.primary type="submit" { (Icon::Download.small()) (shell.t("export-do")) }
                    a.button.quiet href=(view.back.href) { (shell.t("cancel")) }
                }
            }
        }))
    };
    let page = framed(shell, shell.t("export"), "form-page", body);
    if view.wrong.is_some() { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) } else { page }
}
