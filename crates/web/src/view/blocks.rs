//! The blocks of the first page: each a few figures that open their lists, a chart with its table, or a checklist.

use maud::{Markup, html};

use super::chart::{Chart, Point, meter};
use crate::ui::{Act, Icon, Link, Shell, State, post_button};

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its name.
    pub name: &'static str,
    /// Its heading.
    pub label: String,
    /// Its icon.
    pub icon: Icon,
    /// What it shows.
    pub body: Body,
    /// What is said under it: what a figure means.
    pub note: Option<String>,
    /// While arranging: up, down, hide or show.
    pub moves: Vec<Act>,
    /// Hidden by its reader; shown only while arranging.
    pub hidden: bool,
}

/// What a block shows.
#[derive(Clone, Debug)]
pub enum Body {
    /// Figures.
    Figures(Vec<Figure>),
    /// Rows with a bar: a funnel.
    Funnel(Vec<FunnelRow>),
    /// Charts with what each is of; none says why there is nothing.
    Charts(Vec<(String, Chart)>, String),
    /// A checklist.
    Steps(Vec<(bool, Link)>),
}

/// A figure that opens its list.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// How many.
    pub point: Point,
    /// A state told beside it.
    pub state: Option<State>,
}

/// A row of a funnel.
#[derive(Clone, Debug)]
pub struct FunnelRow {
    /// What it counts.
    pub label: String,
    /// How many.
    pub point: Point,
    /// Amounts, one for each currency.
    pub amounts: Vec<String>,
}

/// A switch between views of the page: links, one of them current.
#[derive(Clone, Debug, Default)]
pub struct Switches {
    /// What is switched.
    pub label: String,
    /// The links and which is current.
    pub links: Vec<(Link, bool)>,
}

/// Draws a switch.
pub fn switches(view: &Switches) -> Markup {
    html! {
        @if !view.links.is_empty() {
            nav.linked aria-label=(view.label) { @for (link, current) in &view.links {
                a href=(link.href) aria-current=[current.then_some("true")] { (link.label) }
            } }
        }
    }
}

/// Draws the blocks.
pub fn blocks(shell: &Shell, blocks: &[Block]) -> Markup {
    html! {
        @if !blocks.is_empty() {
            div.blocks { @for block in blocks { (block.draw(shell)) } }
        }
    }
}

impl Block {
    fn draw(&self, shell: &Shell) -> Markup {
        let id = format!("b-{}", self.name);
        html! {
            section.panel aria-labelledby=(id) {
                h2 id=(id) {
                    (self.icon) (self.label)
                    @if !self.moves.is_empty() {
                        span.row { @for act in &self.moves { (post_button(shell, act, "quiet")) } }
                    }
                }
                @if !self.hidden {
                    (self.body.draw(shell))
                    @if let Some(note) = &self.note { p.help { (note) } }
                }
            }
        }
    }
}

impl Body {
    fn draw(&self, shell: &Shell) -> Markup {
        match self {
            Self::Figures(figures) => html! {
                ul.figures { @for figure in figures { li {
                    span.figure { (figure.point.draw()) }
                    span.meta {
                        @match figure.state {
                            Some(state) => (state.draw(shell.lang(), Some(&figure.label))),
                            None => (figure.label),
                        }
                    }
                } } }
            },
            Self::Funnel(rows) => {
                let most = rows.iter().map(|row| row.point.value).max().unwrap_or(0);
                html! {
                    div.scroll { table.plain { tbody { @for row in rows { tr {
                        th scope="row" { (row.label) }
                        td.number { (row.point.draw()) }
                        td { (meter(row.point.value, most)) }
                        td.number { @for amount in &row.amounts { div { (amount) } } }
                    } } } } }
                }
            }
            Self::Charts(charts, none) => html! {
                @if charts.is_empty() { p.meta { (none) } }
                @for (label, chart) in charts { @if charts.len() > 1 { h3 { (label) } } (chart.draw(shell)) }
            },
            Self::Steps(steps) => html! {
                ul.checks { @for (done, link) in steps { li {
                    (if *done { State::Done } else { State::OnTime }.mark(shell.lang()))
                    @if link.href.is_empty() { span { (link.label) } } @else { a href=(link.href) { (link.label) } }
                } } }
            },
        }
    }
}
