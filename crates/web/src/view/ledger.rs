//! The ledger: who did what, about whom, what for; and how far the record of it is proved.

use maud::{Markup, html};

use super::filter::{FilterForm, filter_form};
use super::list::Pager;
use crate::ui::{Act, Icon, Link, Page, Shell, State, Tone, badge, button_link, empty, framed, head, post_button};

/// The ledger.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// How far it is proved.
    pub checkpoint: Option<Checkpoint>,
    /// Starts a verification, for those who may.
    pub verify: Option<Act>,
    /// The files of what is shown with its proofs, for those who may.
    pub exports: Vec<Link>,
    /// What is wrong with the inquiry.
    pub trouble: Option<String>,
    /// Who, about, act, object, purpose, from and to.
    pub filter: FilterForm,
    /// Whether a filter is on.
    pub filtered: bool,
    /// The entries, newest first.
    pub lines: Vec<Line>,
    /// Where this page stands.
    pub pager: Pager,
}

/// The newest checkpoint.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// How many entries it covers.
    pub size: u64,
    /// When it was signed, if that is known: `13:55`, with the day if it was not today.
    pub at: Option<String>,
    /// What a verification found.
    pub seal: Seal,
    /// Entries since that no checkpoint covers yet.
    pub behind: u64,
}

/// What the last verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seal {
    /// Nobody has verified it yet.
    Unchecked,
    /// Everything up to there follows from the entries; when it was found.
    Verified(String),
    /// The first entry that does not.
    Broken(String),
}

/// An entry.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The day: `2026-11-23`. Told once above the lines of a day.
    pub day: String,
    /// The time: `14:08:11`.
    pub at: String,
    /// Who.
    pub actor: String,
    /// The act's word: `viewed`, `listed`, `searched`, `exported`, `revealed`, `created`, `changed`, `erased`,
    /// `refused`, `signed_in`, `signed_out`; others read as themselves.
    pub act: String,
    /// What: `contact 7f3c`, `50 contacts`.
    pub what: String,
    /// The record's page.
    pub href: Option<String>,
    /// The fields disclosed or changed in clear, by label.
    pub clear: Vec<String>,
    /// The fields disclosed masked, by label.
    pub masked: Vec<String>,
    /// The purpose, by label.
    pub purpose: Option<String>,
    /// Rules, request, session, outcome: names and values, unfolded on demand.
    pub facts: Vec<(String, String)>,
    /// The entry, short.
    pub entry: String,
    /// The entry's page with its proof.
    pub proof: Option<Link>,
}

/// Draws the ledger.
pub fn ledger(shell: &Shell, view: &Ledger) -> Page {
    let actions = html! {
        @for link in &view.exports {
            (button_link("secondary", Some(Icon::Download), &link.label, &link.href, None))
        }
        @if let Some(verify) = &view.verify { (post_button(shell, verify, "secondary")) }
    };
    let under = view.checkpoint.as_ref().map(|checkpoint| checkpoint_of(shell, checkpoint));
    let body = html! {
        (head(shell, None, html! { (shell.t("ledger")) }, under, actions))
        (filter_form(shell, &view.filter))
        @if let Some(trouble) = &view.trouble {
            div.message.danger role="alert" { (Icon::WarningCircle) p { (trouble) } }
        }
        @if view.lines.is_empty() {
            @if view.filtered {
                (empty(Icon::Search, shell.t("list-nothing"), Some(shell.t("list-nothing-help")), html! {
                    (button_link("secondary", None, shell.t("filter-clear"), &view.filter.reset, None))
                }))
            } @else {
                (empty(Icon::Ledger, shell.t("ledger-empty"), None, html! {}))
            }
        } @else {
            (lines_of(shell, &view.lines))
            (view.pager.draw(shell))
        }
    };
    framed(shell, shell.t("ledger"), "ledger", body)
}

/// How far the ledger is proved, in one line.
pub(super) fn checkpoint_of(shell: &Shell, checkpoint: &Checkpoint) -> Markup {
    let lang = shell.lang();
    let (state, text) = match &checkpoint.seal {
        Seal::Unchecked => (State::Provisional, shell.t("ledger-unchecked").to_owned()),
        Seal::Verified(at) => (State::Done, lang.with("ledger-verified", &[("at", at.as_str().into())])),
        Seal::Broken(entry) => (State::Late, lang.with("ledger-broken", &[("entry", entry.as_str().into())])),
    };
    html! {
        p.checkpoint {
            (state.draw(lang, Some(&text)))
            span.meta {
                @match &checkpoint.at {
                    Some(at) => (lang.with("checkpoint", &[("size", checkpoint.size.into()), ("at", at.as_str().into())])),
                    None => (lang.with("checkpoint-size", &[("size", checkpoint.size.into())])),
                }
                @if checkpoint.behind > 0 {
                    " · " (lang.with("checkpoint-behind", &[("n", checkpoint.behind.into())]))
                }
            }
        }
    }
}

/// The icon and tone of an act.
fn look_of(act: &str) -> (Icon, Tone) {
    match act {
        "revealed" => (Icon::Eye, Tone::Mask),
        "refused" => (Icon::Prohibition, Tone::Danger),
        "erased" => (Icon::Erase, Tone::Danger),
        "created" => (Icon::Plus, Tone::Accent),
        "changed" => (Icon::Edit, Tone::Accent),
        "exported" => (Icon::Download, Tone::Warn),
        "imported" => (Icon::Upload, Tone::Warn),
        "listed" => (Icon::List, Tone::Plain),
        "searched" => (Icon::Search, Tone::Plain),
        "signed_in" | "signed_out" => (Icon::Key, Tone::Plain),
        _ => (Icon::Page, Tone::Plain),
    }
}

/// Lines under their days.
pub(super) fn lines_of(shell: &Shell, lines: &[Line]) -> Markup {
    html! {
        ol.entries {
            @for (i, line) in lines.iter().enumerate() {
                @if i == 0 || lines.get(i - 1).is_some_and(|before| before.day != line.day) {
                    li.day { h2 { (line.day) } }
                }
                (line_of(shell, line))
            }
        }
    }
}

fn line_of(shell: &Shell, line: &Line) -> Markup {
    let lang = shell.lang();
    let (icon, tone) = look_of(&line.act);
    let who = html! { strong { (line.actor) } };
    let what = html! { @match &line.href { Some(href) => a href=(href) { (line.what) }, None => (line.what) } };
    let key = format!("act-{}", line.act.replace('_', "-"));
    let sentence = if lang.has(&key) {
        lang.rich(&key, &[("who", who), ("what", what)])
    } else {
        html! { (who) " " (line.act) " " (what) }
    };
    let comma = shell.t("list-comma");
    html! {
        li.entry {
            span.at { (line.at) }
            span class={ "state " (tone.class()) } { (icon.small()) }
            div {
                p { (sentence) @if let Some(purpose) = &line.purpose {
                    " " (badge(Tone::Plain, None, &lang.with("for-purpose", &[("purpose", purpose.as_str().into())])))
                } }
                @if !line.clear.is_empty() || !line.masked.is_empty() {
                    p.meta {
                        @if !line.clear.is_empty() {
                            (lang.with("level-clear-fields", &[("fields", line.clear.join(comma).into())]))
                        }
                        @if !line.clear.is_empty() && !line.masked.is_empty() { " · " }
                        @if !line.masked.is_empty() {
                            (lang.with("level-masked-fields", &[("fields", line.masked.join(comma).into())]))
                        }
                    }
                }
            }
            details.fold {
                summary { code { (line.entry) } }
                dl.facts {
                    @for (name, value) in &line.facts { div { dt { (name) } dd.code { (value) } } }
                    @if let Some(proof) = &line.proof { div { dt {} dd { a href=(proof.href) { (proof.label) } } } }
                }
            }
        }
    }
}
