//! A list of records: what is shown, what it is filtered by, for which purpose, and where the next page is.

use maud::{Markup, html};

use super::filter::{FilterForm, filter_form};
use crate::ui::{Cell, Icon, Link, Page, Shell, button_link, empty, framed, head, swapped};

/// A list of one object.
#[derive(Clone, Debug)]
pub struct List {
    /// The object in the plural: `Contacts`.
    pub title: String,
    /// The object's icon.
    pub icon: Icon,
    /// The name of the view: `All contacts`.
    pub view: String,
    /// What the values are used for, and what else they could be.
    pub purpose: Switch,
    /// The filters that are on.
    pub chips: Vec<Chip>,
    /// The same list without filters.
    pub clear: Option<String>,
    /// What can be filtered by.
    pub filter: Option<FilterForm>,
    /// The columns; the first is the record's title.
    pub columns: Vec<Column>,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// Where this page stands.
    pub pager: Pager,
    /// The form of a new record, for those who may create one.
    pub new: Option<Link>,
    /// The import, for those who may.
    pub import: Option<String>,
    /// The export, for those who may.
    pub export: Option<String>,
}

/// A choice made by links.
#[derive(Clone, Debug, Default)]
pub struct Switch {
    /// What is chosen.
    pub current: String,
    /// What can be chosen, the present choice included.
    pub items: Vec<SwitchItem>,
}

/// One choice of a [`Switch`].
#[derive(Clone, Debug)]
pub struct SwitchItem {
    /// What it says and where it leads.
    pub link: Link,
    /// Whether it is the present one.
    pub current: bool,
}

/// A filter that is on.
#[derive(Clone, Debug)]
pub struct Chip {
    /// The filter in words: `Company is Starway Ltd`.
    pub text: String,
    /// The list without it.
    pub without: String,
}

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A to Z, small to large.
    Up,
    /// Z to A, large to small.
    Down,
}

/// A column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// The list sorted by it (its next state: up, down, off); none where the reader may not sort.
    pub sort: Option<String>,
    /// How it is sorted now.
    pub sorted: Option<Direction>,
    /// Whether it holds numbers: set to the right.
    pub number: bool,
    /// Whether its values are codes (part numbers, ids): set in the fixed font.
    pub code: bool,
    /// Whether it stays on a phone's card; the title always does.
    pub phone: bool,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// The record's id, for the anchor to come back to (`#r-…`).
    pub id: String,
    /// Its page.
    pub href: String,
    /// The values, one for each column.
    pub cells: Vec<Cell>,
    /// Whether the reader just came back from it.
    pub opened: bool,
}

/// Where a page of a list stands.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// The first and last row shown, counted from 1; none when the page was reached in a way that does not tell.
    pub range: Option<(u64, u64)>,
    /// How many rows match.
    pub total: Option<u64>,
    /// Whether counting stopped there and there are more.
    pub over: bool,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

impl Pager {
    /// `1–50 of 1,234`, as far as it is known.
    fn text(&self, shell: &Shell) -> String {
        match (self.range, self.total) {
            (Some((from, to)), Some(total)) if self.over => shell
                .lang()
                .with("pager-range-over", &[("from", from.into()), ("to", to.into()), ("total", total.into())]),
            (Some((from, to)), Some(total)) => shell
                .lang()
                .with("pager-range-of", &[("from", from.into()), ("to", to.into()), ("total", total.into())]),
            (Some((from, to)), None) => shell.lang().with("pager-range", &[("from", from.into()), ("to", to.into())]),
            (None, Some(total)) => shell.lang().with("pager-total", &[("total", total.into())]),
            (None, None) => String::new(),
        }
    }

    /// The links back and on.
    pub(super) fn draw(&self, shell: &Shell) -> Markup {
        html! {
            nav.pager aria-label=(shell.t("pages")) {
                p.count { (self.text(shell)) }
                (step(shell, self.previous.as_deref(), true))
                (step(shell, self.next.as_deref(), false))
            }
        }
    }
}

fn step(shell: &Shell, href: Option<&str>, back: bool) -> Markup {
    let (text, rel, key) = if back { ("pager-previous", "prev", "[") } else { ("pager-next", "next", "]") };
    let inside = html! {
        @if back { (Icon::Left.small()) }
        span { (shell.t(text)) }
        @if !back { (Icon::Right.small()) }
    };
    html! {
        @match href {
            Some(href) => a.button rel=(rel) href=(href) data-key=(key) aria-keyshortcuts=(key) { (inside) },
            None => span.button.off aria-disabled="true" role="link" { (inside) },
        }
    }
}

/// Draws a list.
pub fn list(shell: &Shell, view: &List) -> Page {
    let actions = html! {
        @if let Some(href) = &view.export {
            (button_link("secondary", Some(Icon::Download), shell.t("export"), href, None))
        }
        @if let Some(href) = &view.import {
            (button_link("secondary", Some(Icon::Upload), shell.t("import"), href, None))
        }
        @if let Some(new) = &view.new {
            (button_link("primary", Some(Icon::Plus), &new.label, &new.href, Some("c")))
        }
    };
    let body = html! {
        (head(shell, None, html! { (view.title) }, Some(html! { span.meta { (view.view) } }), actions))
        (swapped(html! {
        div.tools {
            @if let Some(filter) = &view.filter { (filter_form(shell, filter)) }
            (switch(shell, &view.purpose))
        }
        @if !view.chips.is_empty() {
            div.chips {
                @for chip in &view.chips {
                    span.chip {
                        (chip.text)
                        a href=(chip.without) {
                            (Icon::Close.small()) span.hidden { (shell.t("filter-remove")) " " (chip.text) }
                        }
                    }
                }
                @if let Some(clear) = &view.clear { a.meta href=(clear) { (shell.t("filter-clear")) } }
            }
        }
        @if view.rows.is_empty() { (nothing(shell, view)) } @else { (table(shell, view)) }
        @if !view.rows.is_empty() { (view.pager.draw(shell)) }
        }))
    };
    framed(shell, &view.title, "list", body)
}

/// `Used for: Account care`, with the other purposes as links.
fn switch(shell: &Shell, switch: &Switch) -> Markup {
    html! {
        @if switch.items.len() > 1 {
            details.switch {
                summary { (Icon::ShieldCheck.small()) span.meta { (shell.t("used-for")) } " " (switch.current) (Icon::Down.small()) }
                ul.popup { @for item in &switch.items {
                    li { a href=(item.link.href) aria-current=[item.current.then_some("true")] { (item.link.label) } }
                } }
            }
        } @else if !switch.current.is_empty() {
            span.switch { (Icon::ShieldCheck.small()) span.meta { (shell.t("used-for")) } " " (switch.current) }
        }
    }
}

fn nothing(shell: &Shell, view: &List) -> Markup {
    if view.chips.is_empty() {
        let actions = html! {
            @if let Some(new) = &view.new {
                (button_link("primary", Some(Icon::Plus), &new.label, &new.href, None))
            }
            @if let Some(href) = &view.import {
                (button_link("secondary", Some(Icon::Upload), shell.t("import"), href, None))
            }
        };
        empty(view.icon, shell.t("list-empty"), Some(shell.t("list-empty-help")), actions)
    } else {
        let actions = html! {
            @if let Some(clear) = &view.clear {
                (button_link("secondary", None, shell.t("filter-clear"), clear, None))
            }
        };
        empty(Icon::Search, shell.t("list-nothing"), Some(shell.t("list-nothing-help")), actions)
    }
}

/// The table; its roles are written out because phones draw it as cards, which would otherwise take them away.
fn table(shell: &Shell, view: &List) -> Markup {
    html! {
        div.sheet tabindex="0" role="region" aria-labelledby="caption" {
            table role="table" {
                caption #caption.hidden { (view.view) }
                thead role="rowgroup" {
                    tr role="row" { @for column in &view.columns { (heading(shell, column)) } }
                }
                tbody role="rowgroup" data-hx-boost:inherited="false" {
                    @for row in &view.rows {
                        tr role="row" id={ "r-" (row.id) } .opened[row.opened] {
                            @for (i, (cell, column)) in row.cells.iter().zip(&view.columns).enumerate() {
                                @if i == 0 {
                                    th scope="row" role="rowheader" {
                                        a href=(row.href) { (cell.draw(shell.lang())) }
                                        @if row.opened { span.hidden { " " (shell.t("just-opened")) } }
                                    }
                                } @else {
                                    td role="cell" class=[class(column)] data-label=(column.label) {
                                        (cell.draw(shell.lang()))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn class(column: &Column) -> Option<&'static str> {
    match (column.number, column.code, column.phone) {
        (true, _, true) => Some("number"),
        (true, _, false) => Some("number desk"),
        (_, true, true) => Some("code"),
        (_, true, false) => Some("code desk"),
        (false, false, true) => None,
        (false, false, false) => Some("desk"),
    }
}

fn heading(shell: &Shell, column: &Column) -> Markup {
    let (aria, icon) = match column.sorted {
        Some(Direction::Up) => ("ascending", Some(Icon::ArrowUp)),
        Some(Direction::Down) => ("descending", Some(Icon::ArrowDown)),
        None => ("none", None),
    };
    html! {
        th scope="col" role="columnheader" class=[column.number.then_some("number")]
            aria-sort=[column.sort.is_some().then_some(aria)] {
            @match &column.sort {
                Some(href) => a href=(href) title=(shell.t("sort")) {
                    (column.label) @if let Some(icon) = icon { (icon.small()) }
                },
                None => (column.label),
            }
        }
    }
}
