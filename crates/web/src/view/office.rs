//! A page of administration: tables, forms and facts under one heading. Every such page is put together of the same
//! parts, so that they look and work alike.

use http::StatusCode;
use maud::{Markup, html};

use super::field::{Choice, FormField, options};
use super::form::{Trouble, summary};
use crate::ui::{Act, Icon, Link, Page, Shell, State, Tone, bare, brand, framed, head, post, post_button, strip};

/// A page of administration.
#[derive(Clone, Debug, Default)]
pub struct Office {
    /// Its heading; also the browser's tab, so never a name of a person.
    pub heading: String,
    /// Where it was opened from.
    pub back: Option<Link>,
    /// A line under the heading.
    pub under: Option<String>,
    /// Places to go on to.
    pub links: Vec<Link>,
    /// What is wrong with what was sent. With any, the page answers 422.
    pub troubles: Vec<Trouble>,
    /// The parts, in order.
    pub parts: Vec<Part>,
}

/// A part of it.
#[derive(Clone, Debug)]
pub enum Part {
    /// A table.
    Grid(Grid),
    /// A form.
    Desk(Box<Sheet>),
    /// Names and values.
    Facts {
        /// Its heading.
        heading: String,
        /// The facts.
        facts: Vec<(String, String)>,
    },
    /// A sentence to be noticed.
    Note(Tone, String),
    /// Something to be copied, shown this once.
    Copy {
        /// What it is.
        label: String,
        /// Its lines.
        lines: Vec<String>,
        /// What to know about it.
        help: String,
    },
    /// A picture drawn here.
    Picture(Markup),
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Its heading, also its name for screen readers.
    pub heading: String,
    /// The columns' heads; the first column heads its row.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Td>>,
    /// What it says without rows.
    pub empty: String,
}

/// What stands in a cell of a table.
#[derive(Clone, Debug)]
pub enum Td {
    /// Text.
    Text(String),
    /// A text that leads somewhere.
    Link(Link),
    /// A state: icon and word.
    State(State, String),
    /// A code or an id.
    Code(String),
    /// A form of one button.
    Act(Act),
    /// A choice of the form around the table.
    Select {
        /// Its name in the form.
        name: String,
        /// What it is about, for screen readers.
        label: String,
        /// Whether the label is shown too.
        told: bool,
        /// The choices.
        choices: Vec<Choice>,
    },
    /// Several things.
    Many(Vec<Td>),
}

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its heading.
    pub heading: String,
    /// What to know about it.
    pub help: Option<String>,
    /// Where it is sent.
    pub action: String,
    /// What is sent along unseen.
    pub hidden: Vec<(String, String)>,
    /// Its fields.
    pub fields: Vec<FormField>,
    /// A table of choices in it.
    pub grid: Option<Grid>,
    /// What its button says.
    pub button: String,
    /// A second button: name, value, words.
    pub other: Option<(String, String, String)>,
    /// Whether it cannot be taken back.
    pub danger: bool,
}

/// Draws the page.
pub fn office(shell: &Shell, view: &Office) -> Page {
    let under = view.under.as_ref().map(|text| html! { p.meta { (text) } });
    let actions = html! { @for link in &view.links { a.button.secondary href=(link.href) { (link.label) } } };
    let body = html! {
        (head(shell, view.back.as_ref(), html! { (view.heading) }, under, actions))
        @if !view.troubles.is_empty() { (summary(shell, &view.troubles)) }
        @for part in &view.parts { (part_of(shell, part)) }
    };
    status(framed(shell, &view.heading, "office", body), view)
}

/// The same for somebody who is not signed in.
pub fn lobby(shell: &Shell, view: &Office) -> Page {
    let body = html! {
        div.door {
            (brand())
            h1 { (view.heading) }
            p.house { (shell.house) }
            (strip(shell))
            @if !view.troubles.is_empty() { (summary(shell, &view.troubles)) }
            @for part in &view.parts { (part_of(shell, part)) }
        }
    };
    status(bare(shell, &view.heading, "sign-in", body), view)
}

fn status(page: Page, view: &Office) -> Page {
    if view.troubles.is_empty() { page } else { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) }
}

fn part_of(shell: &Shell, part: &Part) -> Markup {
    match part {
        Part::Grid(grid) => html! { section.block { h2 { (grid.heading) } (grid_of(shell, grid)) } },
        Part::Desk(sheet) => sheet_of(shell, sheet),
        Part::Facts { heading, facts } => html! {
            section.panel.narrow {
                h2 { (heading) }
                dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
            }
        },
        Part::Note(tone, text) => html! {
            div class={ "message " (tone.class()) } { (Icon::InfoCircle) p { (text) } }
        },
        Part::Copy { label, lines, help } => html! {
            section.panel.narrow {
                h2 { (label) }
                ul.plain.code { @for line in lines { li { (line) } } }
                p.help { (help) }
            }
        },
        Part::Picture(markup) => html! { div.picture { (markup) } },
    }
}

fn sheet_of(shell: &Shell, sheet: &Sheet) -> Markup {
    let wide = sheet.grid.is_some();
    let class = if wide { "form" } else { "form narrow" };
    post(
        shell,
        &sheet.action,
        class,
        html! {
            @for (name, value) in &sheet.hidden { input type="hidden" name=(name) value=(value); }
            @if let Some(grid) = &sheet.grid { h2.section { (sheet.heading) } (grid_of(shell, grid)) }
            section.panel {
                @if !wide && !sheet.heading.is_empty() { h2 { (sheet.heading) } }
                @if let Some(help) = &sheet.help { p.help { (help) } }
                @if !sheet.fields.is_empty() {
                    div.fields { @for field in &sheet.fields { (field.draw(shell)) } }
                }
                div.row {
                    @if sheet.danger { button.danger type="submit" { (sheet.button) } }
                    @else { button.primary type="submit" data-save="" { (sheet.button) } }
                    @if let Some((name, value, words)) = &sheet.other {
                        button.secondary type="submit" name=(name) value=(value) { (words) }
                    }
                }
            }
        },
    )
}

fn grid_of(shell: &Shell, grid: &Grid) -> Markup {
    html! {
        @if grid.rows.is_empty() { p.meta { (grid.empty) } } @else {
            div.sheet tabindex="0" role="region" aria-label=(grid.heading) {
                table role="table" {
                    thead role="rowgroup" { tr role="row" { @for column in &grid.columns {
                        th scope="col" role="columnheader" { (column) }
                    } } }
                    tbody role="rowgroup" { @for row in &grid.rows { tr role="row" {
                        @for (at, cell) in row.iter().enumerate() {
                            @if at == 0 { th scope="row" role="rowheader" { (cell_of(shell, cell)) } }
                            @else {
                                td role="cell" data-label=[grid.columns.get(at)] { (cell_of(shell, cell)) }
                            }
                        }
                    } } }
                }
            }
        }
    }
}

fn cell_of(shell: &Shell, cell: &Td) -> Markup {
    html! {
        @match cell {
            Td::Text(text) => (text),
            Td::Link(link) => a href=(link.href) { (link.label) },
            Td::State(state, text) => (state.draw(shell.lang(), Some(text))),
            Td::Code(text) => code { (text) },
            Td::Act(act) => (post_button(shell, act, "secondary")),
            Td::Select { name, label, told, choices } => {
                @if *told {
                    label.told { span { (label) } select name=(name) { (options(choices)) } }
                } @else {
                    select name=(name) aria-label=(label) { (options(choices)) }
                }
            }
            Td::Many(cells) => div.row { @for cell in cells { (cell_of(shell, cell)) } },
        }
    }
}
