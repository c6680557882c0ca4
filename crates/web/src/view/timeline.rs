//! What happened to a record and what comes next: the box that logs it, and one timeline in tabs.

use maud::{Markup, html};

use super::{
    field::{Choice, FormField},
    form::{Trouble, summary},
    ledger::{Line, lines_of},
    list::SwitchItem,
};
use crate::ui::{Act, Cell, Icon, Shell, State, empty, post, post_button, swapped};

/// The timeline of a record.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Logs what was done and sets the next step, for those who may.
    pub log: Option<LogBox>,
    /// What comes next: open tasks, the one due first at the top.
    pub next: Vec<Step>,
    /// All, Activity, Changes, and Accesses for those who may see who read.
    pub tabs: Vec<SwitchItem>,
    /// What happened, newest first; pinned notes at the top.
    pub items: Vec<Item>,
    /// Who has seen it: lines of the ledger.
    pub accesses: Option<Vec<Line>>,
}

/// The box that logs a follow-up.
#[derive(Clone, Debug, Default)]
pub struct LogBox {
    /// Where it is sent.
    pub action: String,
    /// How it was done.
    pub kinds: Vec<Choice>,
    /// What was done; the next step; its day.
    pub fields: Vec<FormField>,
    /// What is wrong with what was typed.
    pub troubles: Vec<Trouble>,
}

/// An open task.
#[derive(Clone, Debug)]
pub struct Step {
    /// Late, soon or in time.
    pub state: State,
    /// The state in words: `2 days late`.
    pub when: String,
    /// What is to be done, a link.
    pub title: Cell,
    /// Who is to do it.
    pub who: String,
    /// Done; put off by a day, by a week.
    pub acts: Vec<Act>,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Item {
    /// Something that was done.
    Activity {
        /// What shows its kind.
        icon: Icon,
        /// Its kind: `Call`.
        kind: String,
        /// Its subject, a link.
        title: Cell,
        /// Its text.
        body: Cell,
        /// Who and when: `Li Na, 2026-11-23 14:08`.
        meta: String,
        /// Whether it is kept at the top.
        pinned: bool,
        /// Pins or unpins it, for those who may.
        pin: Option<Act>,
    },
    /// Changes that one person made in one go, folded.
    Changes {
        /// `5 changes by Li Na`.
        label: String,
        /// When.
        when: String,
        /// Field by field: label, before, after.
        fields: Vec<(String, Cell, Cell)>,
        /// Whether it is unfolded.
        open: bool,
    },
}

/// Draws it.
pub(super) fn timeline(shell: &Shell, view: &Timeline) -> Markup {
    html! {
        section.timeline #timeline aria-labelledby="timeline-head" {
            h2.section #timeline-head { (shell.t("timeline")) }
            @if let Some(log) = &view.log { (log_of(shell, log)) }
            @if !view.next.is_empty() {
                h3 { (shell.t("next-steps")) }
                ul.steps-open { @for step in &view.next { (step_of(shell, step)) } }
            }
            @if !view.tabs.is_empty() {
                (swapped(html! {
                    nav.tabs aria-label=(shell.t("timeline")) {
                        @for SwitchItem { link, current } in &view.tabs {
                            a href=(link.href) aria-current=[current.then_some("page")] { (link.label) }
                        }
                    }
                }))
                @match &view.accesses {
                    Some(lines) => (lines_of(shell, lines)),
                    None if view.items.is_empty() => (empty(Icon::ChatLines, shell.t("timeline-empty"), None, html! {})),
                    None => ol.happened { @for item in &view.items { (item_of(shell, item)) } },
                }
            }
        }
    }
}

fn log_of(shell: &Shell, log: &LogBox) -> Markup {
    post(
        shell,
        &log.action,
        "log panel",
        html! {
            @if !log.troubles.is_empty() { (summary(shell, &log.troubles)) }
            fieldset.kinds {
                legend.hidden { (shell.t("log-kind")) }
                @for kind in &log.kinds {
                    label { input type="radio" name="kind" value=(kind.value) checked[kind.chosen]; span { (kind.label) } }
                }
            }
            @for field in &log.fields { (field.draw(shell)) }
            div.row { button.primary type="submit" { (shell.t("log-save")) } }
        },
    )
}

fn step_of(shell: &Shell, step: &Step) -> Markup {
    html! {
        li {
            p { (step.state.draw(shell.lang(), Some(&step.when))) " " (step.title.draw(shell.lang())) }
            p.meta { (step.who) }
            @if !step.acts.is_empty() {
                div.row { @for act in &step.acts { (post_button(shell, act, "quiet")) } }
            }
        }
    }
}

fn item_of(shell: &Shell, item: &Item) -> Markup {
    let lang = shell.lang();
    match item {
        Item::Activity { icon, kind, title, body, meta, pinned, pin } => html! {
            li.activity .pinned[*pinned] {
                (icon.small())
                div {
                    p {
                        @if *pinned { span.meta { (shell.t("pinned")) } " " }
                        span.meta { (kind) } " " (title.draw(lang))
                    }
                    @if !body.is_empty() { p.body { (body.draw(lang)) } }
                    div.meta.row { span { (meta) } @if let Some(pin) = pin { (post_button(shell, pin, "quiet")) } }
                }
            }
        },
        Item::Changes { label, when, fields, open } => html! {
            li.changes {
                (Icon::Edit.small())
                details.fold open[*open] {
                    summary { (label) }
                    dl.facts { @for (field, before, after) in fields {
                        div {
                            dt { (field) }
                            dd {
                                span.hidden { (shell.t("change-before")) " " } del { (before.draw(lang)) }
                                span aria-hidden="true" { " → " }
                                span.hidden { " " (shell.t("change-after")) " " } ins { (after.draw(lang)) }
                            }
                        }
                    } }
                }
                p.meta { (when) }
            }
        },
    }
}
