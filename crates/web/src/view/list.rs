//! A list of records: what is shown, what it is filtered by, for which purpose, and where the next page is.

use maud::{Markup, html};

use super::{
    field::{Choice, options},
    filter::{FilterForm, filter_form},
    views::{ViewMenu, view_menu},
};
use crate::ui::{Cell, Icon, Link, Page, Shell, button_link, empty, framed, head, post, swapped};

/// A list of one object.
#[derive(Clone, Debug)]
pub struct List {
    /// The object in the plural: `Contacts`.
    pub title: String,
    /// The object's icon.
    pub icon: Icon,
    /// The view it begins from, and the others.
    pub views: ViewMenu,
    /// Table, board, calendar, as links; none where there is only the table.
    pub layouts: Vec<SwitchItem>,
    /// What the values are used for, and what else they could be.
    pub purpose: Switch,
    /// The filters that are on.
    pub chips: Vec<Chip>,
    /// The same list without filters.
    pub clear: Option<String>,
    /// What can be filtered by.
    pub filter: Option<FilterForm>,
    /// What can be set about columns, groups and sums.
    pub shape: Option<ShapeForm>,
    /// Where the ticked rows are sent; none for those who may change nothing.
    pub bulk: Option<Bulk>,
    /// The columns; the first is the record's title.
    pub columns: Vec<Column>,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// The same in groups, where the list is grouped: then `rows` is empty.
    pub groups: Vec<RowGroup>,
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

/// Columns, groups, sums and length of a list.
#[derive(Clone, Debug, Default)]
pub struct ShapeForm {
    /// Where it is sent.
    pub action: String,
    /// The list with its usual columns.
    pub reset: String,
    /// The columns there are, chosen ones first and in their order.
    pub columns: Vec<Choice>,
    /// What it can be grouped by; the empty one means nothing.
    pub groups: Vec<Choice>,
    /// Whether sums are shown, where there is something to sum up.
    pub totals: Option<bool>,
    /// How many rows a page may have.
    pub sizes: Vec<Choice>,
}

/// Where ticked rows are sent.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// The address of the form.
    pub action: String,
    /// The query that says which rows match.
    pub query: String,
}

/// Rows that have a value in common.
#[derive(Clone, Debug)]
pub struct RowGroup {
    /// The value.
    pub label: String,
    /// How many rows have it.
    pub count: u64,
    /// What their numbers come to: `Amount: €1,200.00`.
    pub sums: Vec<String>,
    /// The list of this group alone, if not all of it is shown.
    pub all: Option<String>,
    /// The first of the rows.
    pub rows: Vec<Row>,
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
    /// The field it shows; empty where it shows none.
    pub name: String,
    /// Whether its values can be changed where they stand.
    pub edits: bool,
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
    /// Sums over every row that matches, one for each currency.
    pub foot: Vec<String>,
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
    let some = !view.rows.is_empty() || !view.groups.is_empty();
    let body = html! {
        (head(shell, None, html! { (view.title) }, None, actions))
        (swapped(html! {
            (view_menu(shell, &view.views, &view.layouts))
            div.tools {
                @if let Some(filter) = &view.filter { (filter_form(shell, filter)) }
                @if let Some(shape) = &view.shape { (shape_form(shell, shape)) }
                (switch(shell, &view.purpose))
            }
            (chips(shell, &view.chips, view.clear.as_deref()))
            @if some { (table(shell, view)) } @else { (nothing(shell, view)) }
            @if some { (below(shell, view)) }
        }))
    };
    framed(shell, &view.title, "list", body)
}

/// The filters that are on, each with its way off.
pub(super) fn chips(shell: &Shell, chips: &[Chip], clear: Option<&str>) -> Markup {
    html! {
        @if !chips.is_empty() {
            div.chips {
                @for chip in chips {
                    span.chip {
                        (chip.text)
                        a href=(chip.without) {
                            (Icon::Close.small()) span.hidden { (shell.t("filter-remove")) " " (chip.text) }
                        }
                    }
                }
                @if let Some(clear) = clear { a.meta href=(clear) { (shell.t("filter-clear")) } }
            }
        }
    }
}

/// What can be done with ticked rows, and where the page stands.
fn below(shell: &Shell, view: &List) -> Markup {
    html! {
        div.below {
            @if let Some(bulk) = &view.bulk {
                form #bulk.bulk method="post" action=(bulk.action) data-hx-boost="false" {
                    @if !shell.csrf.is_empty() { input type="hidden" name="csrf" value=(shell.csrf); }
                    input type="hidden" name="query" value=(bulk.query);
                    span.meta.ticked data-ticked=(shell.t("bulk-ticked")) { (shell.t("bulk-hint")) }
                    button.secondary type="submit" name="all" value="" { (shell.t("bulk-change")) }
                    @if let Some(total) = view.pager.total.filter(|_| !view.pager.over) {
                        button.quiet type="submit" name="all" value="1" {
                            (shell.lang().with("bulk-all", &[("n", total.into())]))
                        }
                    } @else {
                        button.quiet type="submit" name="all" value="1" { (shell.t("bulk-every")) }
                    }
                }
            }
            (view.pager.draw(shell))
        }
    }
}

fn shape_form(shell: &Shell, form: &ShapeForm) -> Markup {
    let select = |name: &str, label: &'static str, choices: &[Choice]| {
        html! {
            div.field {
                label for={ "s-" (name) } { (shell.t(label)) }
                select id={ "s-" (name) } name=(name) { (options(choices)) }
            }
        }
    };
    html! {
        details.filter.shape {
            summary { (Icon::Settings.small()) (shell.t("columns")) (Icon::Down.small()) }
            (post(shell, &form.action, "", html! {
                fieldset.columns {
                    legend { (shell.t("columns-legend")) }
                    @for (i, column) in form.columns.iter().enumerate() {
                        div.pick {
                            label {
                                input type="checkbox" name="column" value=(column.value) checked[column.chosen];
                                span { (column.label) }
                            }
                            input type="number" name={ "place." (column.value) } value=(i + 1) min="1" max="99"
                                aria-label={ (column.label) ": " (shell.t("columns-place")) };
                        }
                    }
                }
                div.fields {
                    @if form.groups.len() > 1 { (select("group", "group-by", &form.groups)) }
                    (select("limit", "page-size", &form.sizes))
                    @if let Some(on) = form.totals {
                        div.field { label { input type="checkbox" name="totals" value="1" checked[on]; " " (shell.t("totals")) } }
                    }
                }
                div.row {
                    button.primary type="submit" { (shell.t("columns-apply")) }
                    a.button.secondary href=(form.reset) { (shell.t("filter-reset")) }
                }
            }))
        }
    }
}

/// `Used for: Account care`, with the other purposes as links.
pub(super) fn switch(shell: &Shell, switch: &Switch) -> Markup {
    html! {
        @if switch.items.len() > 1 {
            details.switch {
                summary { (Icon::ShieldCheck.small()) span.meta { (shell.t("used-for")) } " " (switch.current) (Icon::Down.small()) }
                (switch_items(switch))
            }
        } @else if !switch.current.is_empty() {
            span.switch { (Icon::ShieldCheck.small()) span.meta { (shell.t("used-for")) } " " (switch.current) }
        }
    }
}

/// `Columns by: Stage`, with the other fields as links; nothing where there is no other. `label` names the words before.
pub(super) fn by_switch(shell: &Shell, label: &'static str, switch: &Switch) -> Markup {
    html! {
        @if switch.items.len() > 1 {
            details.switch.by {
                summary { span.meta { (shell.t(label)) } " " (switch.current) (Icon::Down.small()) }
                (switch_items(switch))
            }
        }
    }
}

fn switch_items(switch: &Switch) -> Markup {
    html! {
        ul.popup { @for item in &switch.items {
            li { a href=(item.link.href) aria-current=[item.current.then_some("true")] { (item.link.label) } }
        } }
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
                caption #caption.hidden { (view.views.current) }
                thead role="rowgroup" {
                    tr role="row" {
                        @if view.bulk.is_some() { (tick_all(shell)) }
                        @for column in &view.columns { (heading(shell, column)) }
                    }
                }
                @if view.groups.is_empty() {
                    tbody role="rowgroup" data-hx-boost:inherited="false" {
                        @for row in &view.rows { (row_of(shell, view, row)) }
                    }
                }
                @for group in &view.groups {
                    tbody role="rowgroup" data-hx-boost:inherited="false" {
                        tr.group role="row" {
                            th scope="rowgroup" role="rowheader" colspan=(view.columns.len() + usize::from(view.bulk.is_some())) {
                                span.strong { (group.label) } " " span.count { (shell.lang().number(i64::try_from(group.count).unwrap_or(i64::MAX))) }
                                @for sum in &group.sums { " " span.meta { (sum) } }
                            }
                        }
                        @for row in &group.rows { (row_of(shell, view, row)) }
                        @if let Some(all) = &group.all {
                            tr.more role="row" {
                                td role="cell" colspan=(view.columns.len() + usize::from(view.bulk.is_some())) {
                                    a href=(all) { (shell.lang().with("group-all", &[("n", group.count.into())])) }
                                }
                            }
                        }
                    }
                }
                @if view.columns.iter().any(|column| !column.foot.is_empty()) {
                    tfoot role="rowgroup" { tr role="row" {
                        @if view.bulk.is_some() { td role="cell" {} }
                        @for (i, column) in view.columns.iter().enumerate() {
                            @if i == 0 { th scope="row" role="rowheader" { (shell.t("totals-row")) } }
                            @else { td.number role="cell" data-label=(column.label) {
                                @for sum in &column.foot { span { (sum) } }
                            } }
                        }
                    } }
                }
            }
        }
    }
}

/// The box that ticks the page: it needs the script that does so.
fn tick_all(shell: &Shell) -> Markup {
    html! {
        th.mark scope="col" role="columnheader" {
            label { input type="checkbox" data-tick="page" hidden; span.hidden { (shell.t("bulk-page")) } }
        }
    }
}

fn row_of(shell: &Shell, view: &List, row: &Row) -> Markup {
    html! {
        tr role="row" id={ "r-" (row.id) } .opened[row.opened] {
            @if view.bulk.is_some() {
                td.mark role="cell" { label {
                    input type="checkbox" name="id" value=(row.id) form="bulk" aria-labelledby={ "t-" (row.id) };
                } }
            }
            @for (i, (cell, column)) in row.cells.iter().zip(&view.columns).enumerate() {
                @if i == 0 {
                    th scope="row" role="rowheader" {
                        a href=(row.href) id={ "t-" (row.id) } { (cell.draw(shell.lang())) }
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
            data-field=[column.edits.then_some(&column.name)]
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
