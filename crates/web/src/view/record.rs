//! A record: what it says, what it is used for and until when, and what hangs together with it.

use maud::{Markup, html};

use super::{
    list::{Switch, SwitchItem},
    timeline::{Timeline, timeline},
};
use crate::ui::{
    Act, Cell, Icon, Link, Page, Shell, State, Tone, badge, button_link, framed, head, post_button, swapped, why_link,
};

/// A record.
#[derive(Clone, Debug)]
pub struct Record {
    /// The object: `Contact`. The browser's tab says only this.
    pub object: String,
    /// The object's icon.
    pub icon: Icon,
    /// The list it was opened from.
    pub back: Link,
    /// The record before and after it in that list.
    pub neighbours: (Option<String>, Option<String>),
    /// Its title.
    pub title: Cell,
    /// What it is known by besides: company, owner.
    pub under: Vec<(String, Cell)>,
    /// Purposes of the person it is about; none for records about nobody.
    pub purposes: Option<Purposes>,
    /// What the values are used for on this page.
    pub used_for: Switch,
    /// Why parts of it may not be used at present.
    pub held: Option<Held>,
    /// The details, by category.
    pub groups: Vec<Group>,
    /// What hangs together with it.
    pub related: Vec<Related>,
    /// What happened to it and what comes next.
    pub timeline: Timeline,
    /// The form that changes it, for those who may.
    pub edit: Option<String>,
    /// Marks it as a favourite, or takes the mark away.
    pub favourite: Option<Act>,
    /// Further acts as links, the destroying one last: `Erase person …`.
    pub more: Vec<Link>,
    /// The page that says why it may be seen.
    pub why: String,
    /// When it was made and last changed, in words.
    pub history: Vec<String>,
}

/// What a person's data is used for.
#[derive(Clone, Debug, Default)]
pub struct Purposes {
    /// Each purpose, live ones first.
    pub items: Vec<PurposeLine>,
    /// How long the record is kept: `2029-03-01`, and why in words.
    pub kept_until: Option<(String, String)>,
    /// The laws that apply: `GDPR (DE)`.
    pub laws: Vec<String>,
    /// Where the data came from.
    pub source: Option<String>,
    /// The person's page of bases and consents, for those who may open it.
    pub href: Option<String>,
}

/// One purpose of a person.
#[derive(Clone, Debug)]
pub struct PurposeLine {
    /// Its name: `Account care`.
    pub label: String,
    /// Whether it is live.
    pub live: bool,
    /// The basis: `contract`.
    pub basis: String,
    /// Since when.
    pub since: String,
    /// Until when, if that is known.
    pub until: Option<String>,
}

/// Why a record is restricted.
#[derive(Clone, Debug)]
pub struct Held {
    /// The reason: `The person objected to …`.
    pub reason: String,
    /// Until when.
    pub until: Option<String>,
}

/// Details of one category.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Its name: `Contact details`.
    pub label: String,
    /// Its values. Those without one are folded.
    pub details: Vec<Detail>,
}

/// One value of a record.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// The field's label.
    pub label: String,
    /// What may be shown.
    pub cell: Cell,
    /// Whether it is a code: set in the fixed font.
    pub code: bool,
    /// The page that shows it in clear, for those who may ask for it.
    pub reveal: Option<String>,
    /// The page that says why it may be seen; offered for masked values.
    pub why: Option<String>,
}

/// Records of another object that belong to this one.
#[derive(Clone, Debug)]
pub struct Related {
    /// The object in the plural.
    pub label: String,
    /// Its icon.
    pub icon: Icon,
    /// How many there are; none where counting would be a reading that nobody asked for.
    pub count: Option<u64>,
    /// Their list.
    pub href: String,
    /// Opens or shuts the panel here; none where it is neither.
    pub open: Option<String>,
    /// The form of a new one, for those who may create one.
    pub new: Option<Link>,
    /// The first few. Empty until the panel is opened, which is a disclosure of its own.
    pub rows: Vec<RelatedRow>,
}

/// One related record.
#[derive(Clone, Debug)]
pub struct RelatedRow {
    /// Its title, a link.
    pub title: Cell,
    /// What else is shown of it.
    pub cells: Vec<Cell>,
}

/// Draws a record.
pub fn record(shell: &Shell, view: &Record) -> Page {
    let lang = shell.lang();
    let under = html! {
        @for (label, cell) in view.under.iter().filter(|(_, cell)| !cell.is_empty()) {
            span.pair { span.meta { (label) } " " (cell.draw(lang)) }
        }
        @if let Some(purposes) = &view.purposes {
            span.badges { @for line in &purposes.items { (purpose_badge(shell, line)) } }
        }
    };
    let actions = html! {
        @if let (previous, next) = &view.neighbours && (previous.is_some() || next.is_some()) {
            span.steps {
                (step(shell, previous.as_deref(), Icon::Left, "record-previous", "p"))
                (step(shell, next.as_deref(), Icon::Right, "record-next", "n"))
            }
        }
        @if let Some(favourite) = &view.favourite { (post_button(shell, favourite, "quiet")) }
        @if !view.more.is_empty() {
            details.more {
                summary.button.secondary { span { (shell.t("more")) } (Icon::Down.small()) }
                ul.popup { @for link in &view.more { li { a href=(link.href) { (link.label) } } } }
            }
        }
        @if let Some(edit) = &view.edit {
            (button_link("primary", Some(Icon::Edit), shell.t("edit"), edit, Some("e")))
        }
    };
    let body = html! {
        (head(shell, Some(&view.back), view.title.draw(lang), Some(under), actions))
        @if let Some(held) = &view.held {
            div.message.hold { (Icon::Hold) p {
                strong { (shell.t("held")) } (lang.gap()) (held.reason)
                @if let Some(until) = &held.until { (lang.gap()) (lang.with("held-until", &[("date", until.as_str().into())])) }
            } }
        }
        nav.parts aria-label=(shell.t("parts")) {
            a href="#details" { (shell.t("details")) }
            a href="#timeline" { (shell.t("timeline")) }
            @if !view.related.is_empty() { a href="#related" { (shell.t("related")) } }
        }
        div.columns.record {
            div.details #details {
                @for group in &view.groups { (group_of(shell, group)) }
                @if !view.related.is_empty() {
                    section aria-labelledby="related" {
                        h2 #related.section { (shell.t("related")) }
                        (swapped(html! { @for related in &view.related { (related_of(shell, related)) } }))
                    }
                }
            }
            div.beside {
                aside aria-label=(shell.t("why-kept")) { (aside(shell, view)) }
                (timeline(shell, &view.timeline))
                aside aria-label=(shell.t("this-view")) { (this_view(shell, view)) }
            }
        }
    };
    framed(shell, &view.object, "record", body)
}

fn purpose_badge(shell: &Shell, line: &PurposeLine) -> Markup {
    if line.live {
        badge(Tone::Accent, Some(Icon::Check), &line.label)
    } else {
        badge(Tone::Plain, Some(Icon::Prohibition), &format!("{}{}", line.label, shell.t("purpose-ended-suffix")))
    }
}

fn step(shell: &Shell, href: Option<&str>, icon: Icon, text: &'static str, key: &str) -> Markup {
    html! {
        @match href {
            Some(href) => a.button.secondary.square href=(href) data-key=(key) aria-keyshortcuts=(key) {
                (icon.alone(shell.t(text)))
            },
            None => span.button.secondary.square.off aria-hidden="true" { (icon) },
        }
    }
}

fn group_of(shell: &Shell, group: &Group) -> Markup {
    let (filled, bare): (Vec<_>, Vec<_>) = group.details.iter().partition(|detail| !detail.cell.is_empty());
    html! {
        section.panel {
            h2 { (group.label) }
            @if !filled.is_empty() { dl { @for detail in filled { (detail_of(shell, detail)) } } }
            @if !bare.is_empty() {
                details.fold {
                    summary { (shell.lang().with("fields-folded", &[("n", bare.len().into())])) }
                    dl { @for detail in bare { (detail_of(shell, detail)) } }
                }
            }
        }
    }
}

fn detail_of(shell: &Shell, detail: &Detail) -> Markup {
    html! {
        div.detail {
            dt { (detail.label) }
            dd class=[detail.code.then_some("code")] {
                span.value { (detail.cell.draw(shell.lang())) }
                @if detail.cell.is_masked() && (detail.reveal.is_some() || detail.why.is_some()) {
                    span.acts {
                        @if let Some(href) = &detail.reveal {
                            a.meta href=(href) { (shell.t("reveal")) span.hidden { " " (detail.label) } }
                        }
                        @if let Some(href) = &detail.why { (why_link(shell.lang(), href, &detail.label)) }
                    }
                }
            }
        }
    }
}

/// A panel of records of one object.
pub(super) fn related_of(shell: &Shell, related: &Related) -> Markup {
    html! {
        div.panel.related {
            h3 id=[related.id()] {
                a href=(related.open.as_ref().unwrap_or(&related.href))
                    aria-expanded=[related.open.as_ref().map(|_| if related.count.is_some() { "true" } else { "false" })] {
                    (related.icon) (related.label)
                }
                @if let Some(count) = related.count {
                    span.tally { (shell.lang().number(i64::try_from(count).unwrap_or(i64::MAX))) }
                    @if related.open.is_some() {
                        a.meta data-hx-boost="false" href=(related.href) { (shell.t("related-all")) span.hidden { " " (related.label) } }
                    }
                }
                @if let Some(new) = &related.new {
                    a.quiet.button data-hx-boost="false" href=(new.href) { (Icon::Plus.small()) span.hidden { (new.label) } }
                }
            }
            @if !related.rows.is_empty() {
                ul data-hx-boost:inherited="false" { @for row in &related.rows {
                    li {
                        span.strong { (row.title.draw(shell.lang())) }
                        @for cell in &row.cells { span.cell { (cell.draw(shell.lang())) } }
                    }
                } }
            }
        }
    }
}

impl Related {
    /// Where an opened panel stands, to come back to.
    fn id(&self) -> Option<&str> {
        self.open.as_ref().and_then(|open| open.split_once('#')).map(|(_, id)| id)
    }
}

fn aside(shell: &Shell, view: &Record) -> Markup {
    let lang = shell.lang();
    html! {
        @if let Some(purposes) = &view.purposes {
            section.panel.purposes {
                h2 { (Icon::ShieldCheck) (shell.t("purposes")) }
                ul { @for line in &purposes.items { (purpose_of(shell, line)) } }
                @if let Some((date, why)) = &purposes.kept_until {
                    p.kept {
                        (Icon::Timer.small())
                        span { (lang.rich("kept-until", &[("date", html! { strong { (date) } }), ("why", html! { (why) })])) }
                    }
                }
                dl.facts {
                    @if let Some(source) = &purposes.source {
                        div { dt { (shell.t("source")) } dd { (source) } }
                    }
                    @if !purposes.laws.is_empty() {
                        div { dt { (shell.t("laws")) } dd { (purposes.laws.join(" · ")) } }
                    }
                }
                @if let Some(href) = &purposes.href { p { a href=(href) { (shell.t("person-open")) } } }
            }
        }
    }
}

fn this_view(shell: &Shell, view: &Record) -> Markup {
    let lang = shell.lang();
    html! {
        section.panel.access {
            h2 { (Icon::Eye) (shell.t("this-view")) }
            p {
                (lang.rich("this-view-for", &[("purpose", html! { strong { (view.used_for.current) } })]))
            }
            @if view.used_for.items.len() > 1 {
                ul.plain { @for SwitchItem { link, current } in &view.used_for.items {
                    @if !current { li { a href=(link.href) { (lang.with("use-for", &[("purpose", link.label.as_str().into())])) } } }
                } }
            }
            p { a href=(view.why) { (shell.t("why-may-i")) } }
            @for line in &view.history { p.meta { (line) } }
        }
    }
}

fn purpose_of(shell: &Shell, line: &PurposeLine) -> Markup {
    let lang = shell.lang();
    let until = match (&line.until, line.live) {
        (Some(date), true) => lang.with("purpose-until", &[("date", date.as_str().into())]),
        (Some(date), false) => lang.with("purpose-ended", &[("date", date.as_str().into())]),
        (None, true) => shell.t("purpose-open").to_owned(),
        (None, false) => shell.t("purpose-over").to_owned(),
    };
    html! {
        li .ended[!line.live] {
            (if line.live { State::Done } else { State::Erased }.mark(lang))
            div {
                p.strong { (line.label) }
                p.meta { (line.basis) " · " (lang.with("since", &[("date", line.since.as_str().into())])) }
                p.meta { (until) }
            }
        }
    }
}
