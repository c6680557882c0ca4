//! A change of many records: what is to happen to how many, before it does; then how far it is, and what became of each.

use maud::{Markup, html};

use super::field::{Choice, FormField, options};
use crate::ui::{Icon, Link, Page, Shell, framed, head, post};

/// A change of many records.
#[derive(Clone, Debug)]
pub struct BulkPage {
    /// The heading: `Change 1,234 contacts`.
    pub heading: String,
    /// The list it came from.
    pub back: Link,
    /// What can be done, while nothing was done yet.
    pub draft: Option<BulkDraft>,
    /// How far it is.
    pub told: Option<BulkTold>,
}

/// What can be done with the chosen records.
#[derive(Clone, Debug, Default)]
pub struct BulkDraft {
    /// Where the forms are sent.
    pub action: String,
    /// Where the choice of a field is sent (a GET).
    pub here: String,
    /// The fields that can be changed; the chosen one leads to its box.
    pub fields: Vec<Choice>,
    /// The change of a field, once one is chosen.
    pub change: Option<BulkChange>,
    /// Colleagues to give the records to.
    pub owners: Vec<Choice>,
    /// What will happen, in words with exact numbers: `1,200 will be changed, 34 are skipped`.
    pub edits: Option<(u64, String)>,
    /// The same for deleting.
    pub deletes: Option<(u64, String)>,
}

/// A field and its new value.
#[derive(Clone, Debug)]
pub struct BulkChange {
    /// The field's name.
    pub name: String,
    /// Its box.
    pub field: FormField,
}

/// How far a change is.
#[derive(Clone, Debug, Default)]
pub struct BulkTold {
    /// Of how many.
    pub total: u64,
    /// How many were looked at.
    pub done: u64,
    /// Whether it is under way.
    pub running: bool,
    /// The result in words: done, skipped, failed.
    pub lines: Vec<String>,
    /// Failed records and why.
    pub failed: Vec<(Link, String)>,
    /// Where it is undone, and until when.
    pub undo: Option<(String, String)>,
    /// Where one that was stopped is gone on with.
    pub resume: Option<String>,
}

/// Draws it.
pub fn bulk(shell: &Shell, view: &BulkPage) -> Page {
    let body = html! {
        (head(shell, Some(&view.back), html! { (view.heading) }, None, html! {}))
        @if let Some(draft) = &view.draft { (drafted(shell, draft, &view.back)) }
        @if let Some(told) = &view.told { (told_of(shell, told)) }
    };
    framed(shell, shell.t("bulk-title"), "form-page", body)
}

fn drafted(shell: &Shell, draft: &BulkDraft, back: &Link) -> Markup {
    html! {
        @if let Some((n, words)) = &draft.edits {
            section.panel aria-labelledby="b-change" {
                h2 #b-change { (shell.t("bulk-field")) }
                p { (words) }
                form.row method="get" action=(draft.here) {
                    label for="b-field" { (shell.t("bulk-which")) }
                    select id="b-field" name="field" { (options(&draft.fields)) }
                    button.secondary type="submit" { (shell.t("choose-this")) }
                }
                @if let Some(change) = &draft.change {
                    (post(shell, &draft.action, "", html! {
                        input type="hidden" name="act" value="change";
                        input type="hidden" name="field" value=(change.name);
                        div.fields { (change.field.draw(shell)) }
                        button.primary type="submit" { (shell.lang().with("bulk-change-n", &[("n", (*n).into())])) }
                    }))
                }
            }
            section.panel aria-labelledby="b-assign" {
                h2 #b-assign { (shell.t("bulk-assign")) }
                (post(shell, &draft.action, "row", html! {
                    input type="hidden" name="act" value="assign";
                    label for="b-owner" { (shell.t("owner")) }
                    select id="b-owner" name="owner" required { option value="" { (shell.t("choose")) } (options(&draft.owners)) }
                    button.secondary type="submit" { (shell.lang().with("bulk-assign-n", &[("n", (*n).into())])) }
                }))
            }
        }
        @if let Some((n, words)) = &draft.deletes {
            section.panel aria-labelledby="b-delete" {
                h2 #b-delete { (shell.t("bulk-delete")) }
                p { (words) } p { (Icon::WarningCircle.small()) " " (shell.t("bulk-delete-help")) }
                (post(shell, &draft.action, "row", html! {
                    input type="hidden" name="act" value="delete";
                    label for="b-n" { (shell.t("bulk-delete-type")) }
                    input id="b-n" name="confirm" inputmode="numeric" autocomplete="off" required;
                    button.danger type="submit" { (shell.lang().with("bulk-delete-n", &[("n", (*n).into())])) }
                }))
            }
        }
        p { a.button.quiet href=(back.href) { (shell.t("cancel")) } }
    }
}

fn told_of(shell: &Shell, told: &BulkTold) -> Markup {
    html! {
        section.panel aria-live="polite" {
            @if told.running {
                p { label for="b-progress" { (shell.lang().with("bulk-progress", &[("done", told.done.into()), ("total", told.total.into())])) } }
                progress id="b-progress" max=(told.total.max(1)) value=(told.done) {}
                p.help { (shell.t("bulk-leave")) }
            }
            ul.plain { @for line in &told.lines { li { (line) } } }
            @if let Some((action, until)) = &told.undo {
                (post(shell, action, "row", html! {
                    button.secondary type="submit" { (shell.t("undo")) }
                    span.meta { (shell.lang().with("bulk-until", &[("at", until.as_str().into())])) }
                }))
            }
            @if let Some(action) = &told.resume {
                (post(shell, action, "row", html! {
                    input type="hidden" name="act" value="resume";
                    button.secondary type="submit" { (shell.t("bulk-resume")) }
                    span.meta { (shell.t("bulk-resume-help")) }
                }))
            }
            @if !told.failed.is_empty() {
                h2 { (shell.t("bulk-failed")) }
                ul.plain { @for (link, why) in &told.failed { li { a href=(link.href) { (link.label) } ": " (why) } } }
            }
        }
    }
}
