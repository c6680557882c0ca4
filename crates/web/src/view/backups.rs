//! How backups stand: whether somebody must act, the last one, the last drill, and what to do about it.

use maud::html;

use crate::ui::{Act, Icon, Page, Shell, Tone, badge, framed, head};

/// The operator's page about backups.
#[derive(Clone, Debug, Default)]
pub struct Backups {
    /// What is wrong, in words; empty when all is well.
    pub wrong: Vec<String>,
    /// The last backup and the repository.
    pub backup: Vec<BackupFigure>,
    /// The last drill.
    pub drill: Vec<BackupFigure>,
    /// Where they go and what is kept.
    pub settings: Vec<BackupFigure>,
    /// Makes one now.
    pub make: Option<Act>,
    /// Restores one into a scratch folder now.
    pub rehearse: Option<Act>,
}

/// A fact with its name.
pub type BackupFigure = (String, String);

/// Draws the page.
pub fn backups(shell: &Shell, view: &Backups) -> Page {
    let facts = |title: &str, icon: Icon, figures: &[BackupFigure], act: &Option<Act>| {
        html! {
            section.panel {
                h2 { (icon) (title) }
                dl.facts { @for (name, text) in figures { div { dt { (name) } dd { (text) } } } }
                @if let Some(act) = act {
                    form.row method="post" action=(act.action) { button type="submit" { (act.label) } }
                }
            }
        }
    };
    let state = if view.wrong.is_empty() {
        badge(Tone::Ok, Some(Icon::CheckCircle), shell.t("backups-well"))
    } else {
        badge(Tone::Danger, Some(Icon::Alarm), shell.t("backups-act"))
    };
    let body = html! {
        (head(shell, None, html! { (shell.t("backups")) }, Some(state), html! {}))
        div.reading {
            @if !view.wrong.is_empty() {
                div.message.danger role="alert" { (Icon::Alarm) div { @for text in &view.wrong { p { (text) } } } }
            }
            (facts(shell.t("backups-last"), Icon::Archive, &view.backup, &view.make))
            (facts(shell.t("backups-drill"), Icon::ClipboardCheck, &view.drill, &view.rehearse))
            (facts(shell.t("backups-settings"), Icon::Clock, &view.settings, &None))
        }
    };
    framed(shell, shell.t("backups"), "backups", body)
}
