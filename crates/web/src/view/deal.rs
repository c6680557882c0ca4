//! An opportunity's stages, part lines and forecast.

use http::StatusCode;
use maud::html;

use super::{
    chart::Chart,
    field::{Choice, FormField, options},
    form::{Trouble, summary},
};
use crate::ui::{Cell, Icon, Link, Page, Shell, empty, framed, head, post};

/// An opportunity as a design that is won, ramped and ended.
#[derive(Clone, Debug)]
pub struct Deal {
    /// The opportunity.
    pub back: Link,
    /// Its title.
    pub title: Cell,
    /// The stages on the way, in order.
    pub path: Vec<StageStep>,
    /// The form that moves it: where it is sent (`stage`, `version` and what the stage needs).
    pub moving: Option<Moving>,
    /// Its lines.
    pub lines: Vec<LineRow>,
    /// What they are worth in a year of full production, by currency.
    pub totals: Vec<String>,
    /// The form of a new line, if the reader may make one.
    pub add: Option<Link>,
    /// The forecast, one chart for each currency.
    pub charts: Vec<(String, Chart)>,
    /// What is not counted and why.
    pub notes: Vec<String>,
    /// What is wrong with a move.
    pub troubles: Vec<Trouble>,
}

/// A stage on the way.
#[derive(Clone, Debug)]
pub struct StageStep {
    /// Its label.
    pub label: String,
    /// Days spent in it, in words; empty if it was never there.
    pub days: String,
    /// Whether it is the present one.
    pub current: bool,
}

/// The form that moves an opportunity.
#[derive(Clone, Debug)]
pub struct Moving {
    /// Where it is sent.
    pub action: String,
    /// The version that was read.
    pub version: String,
    /// The stages.
    pub stages: Vec<Choice>,
    /// What the chosen stage needs and the record lacks.
    pub needs: Vec<FormField>,
}

/// A part line.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// The part number, a link to the line.
    pub part: Cell,
    /// Values in the order of the table: units, share, price, a year's worth, start, years, probability.
    pub cells: Vec<Cell>,
}

/// Draws it.
pub fn deal(shell: &Shell, view: &Deal) -> Page {
    let lang = shell.lang();
    let columns =
        ["deal-units", "deal-share", "deal-price", "deal-year", "deal-start", "deal-years", "deal-probability"];
    let body = html! {
        (head(shell, Some(&view.back), html! { (shell.t("deal-title")) }, Some(view.title.draw(lang)), html! {}))
        @if !view.troubles.is_empty() { (summary(shell, &view.troubles)) }
        ol.path aria-label=(shell.t("deal-stages")) { @for step in &view.path {
            li aria-current=[step.current.then_some("step")] {
                span.strong { (step.label) }
                span.meta { (step.days) }
            }
        } }
        @if let Some(moving) = &view.moving {
            (post(shell, &moving.action, "form", html! {
                section.panel aria-labelledby="d-move" {
                    h2 #d-move { (shell.t("deal-move")) }
                    input type="hidden" name="version" value=(moving.version);
                    div.fields {
                        div.field {
                            label for="f-stage" { (shell.t("deal-stage")) }
                            select #f-stage name="stage" { (options(&moving.stages)) }
                        }
                        @for field in &moving.needs { (field.draw(shell)) }
                    }
                    div.row { button.primary type="submit" { (shell.t("deal-move-do")) } }
                }
            }))
        }
        section.panel aria-labelledby="d-lines" {
            h2 #d-lines {
                (Icon::Cpu) (shell.t("deal-lines"))
                @if let Some(add) = &view.add { span.row { a.button.secondary href=(add.href) { (Icon::Plus.small()) (add.label) } } }
            }
            @if view.lines.is_empty() {
                (empty(Icon::Cpu, shell.t("deal-empty"), Some(shell.t("deal-empty-help")), html! {}))
            } @else {
                div.scroll { table.plain {
                    thead { tr {
                        th scope="col" { (shell.t("deal-part")) }
                        @for column in columns { th.number scope="col" { (lang.find(column).unwrap_or(column)) } }
                    } }
                    tbody { @for line in &view.lines { tr {
                        th scope="row" { (line.part.draw(lang)) }
                        @for cell in &line.cells { td.number { (cell.draw(lang)) } }
                    } } }
                    tfoot { tr {
                        th scope="row" colspan="4" { (shell.t("deal-total")) }
                        td.number colspan="4" { @for total in &view.totals { div { (total) } } }
                    } }
                } }
            }
        }
        @if !view.charts.is_empty() {
            section.panel aria-labelledby="d-forecast" {
                h2 #d-forecast { (Icon::GraphUp) (shell.t("forecast")) }
                @for (currency, chart) in &view.charts { h3 { (currency) } (chart.draw(shell)) }
                @for note in &view.notes { p.help { (note) } }
            }
        } @else if !view.notes.is_empty() {
            section.panel { @for note in &view.notes { p.help { (note) } } }
        }
    };
    let page = framed(shell, shell.t("deal-title"), "deal-page", body);
    if view.troubles.is_empty() { page } else { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) }
}
