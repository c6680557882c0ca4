//! A calendar: records on their days, a month or a week of them.

use maud::{Markup, html};

use super::{
    filter::{FilterForm, filter_form},
    list::{Chip, Switch, SwitchItem, by_switch, chips, switch},
    views::{ViewMenu, view_menu},
};
use crate::ui::{Cell, Icon, Link, Page, Shell, button_link, framed, head, swapped};

/// A calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The object in the plural.
    pub title: String,
    /// The view it begins from, and the others.
    pub views: ViewMenu,
    /// Table, board, calendar.
    pub layouts: Vec<SwitchItem>,
    /// Fields that can place a record.
    pub by: Switch,
    /// Month or week.
    pub spans: Vec<SwitchItem>,
    /// What the values are used for.
    pub purpose: Switch,
    /// The filters that are on.
    pub chips: Vec<Chip>,
    /// The calendar without filters.
    pub clear: Option<String>,
    /// What can be filtered by.
    pub filter: Option<FilterForm>,
    /// The month or week, in words.
    pub heading: String,
    /// The span before, today's, and the one after.
    pub steps: [String; 3],
    /// The names of the days of the week.
    pub weekdays: [&'static str; 7],
    /// The days, in weeks.
    pub weeks: Vec<Vec<CalendarDay>>,
    /// Whether there are more records than were drawn.
    pub cut: bool,
    /// The form of a new record.
    pub new: Option<Link>,
}

/// A day.
#[derive(Clone, Debug, Default)]
pub struct CalendarDay {
    /// Its number in the month.
    pub number: String,
    /// Its date, in words.
    pub date: String,
    /// The list of this day.
    pub href: String,
    /// Whether it belongs to the month shown.
    pub inside: bool,
    /// Whether it is today.
    pub today: bool,
    /// Its records; each is a link.
    pub entries: Vec<Cell>,
    /// How many more there are.
    pub more: usize,
}

/// Draws a calendar.
pub fn calendar(shell: &Shell, view: &Calendar) -> Page {
    let actions = html! {
        @if let Some(new) = &view.new { (button_link("primary", Some(Icon::Plus), &new.label, &new.href, Some("c"))) }
    };
    let [before, today, after] = &view.steps;
    let body = html! {
        (head(shell, None, html! { (view.title) }, None, actions))
        (swapped(html! {
            (view_menu(shell, &view.views, &view.layouts))
            div.tools {
                @if let Some(filter) = &view.filter { (filter_form(shell, filter)) }
                (by_switch(shell, "calendar-by", &view.by))
                (switch(shell, &view.purpose))
            }
            (chips(shell, &view.chips, view.clear.as_deref()))
            div.calendar-head {
                h2 { (view.heading) }
                nav.segments aria-label=(shell.t("layout")) {
                    @for item in &view.spans {
                        a href=(item.link.href) aria-current=[item.current.then_some("true")] { (item.link.label) }
                    }
                }
                a.button data-key="[" aria-keyshortcuts="[" href=(before) { (Icon::Left.small()) span { (shell.t("pager-previous")) } }
                a.button href=(today) { (shell.t("calendar-today")) }
                a.button data-key="]" aria-keyshortcuts="]" href=(after) { span { (shell.t("pager-next")) } (Icon::Right.small()) }
            }
            @if view.cut { p.meta { (shell.t("calendar-cut")) } }
            (grid(shell, view))
        }))
    };
    framed(shell, &view.title, "calendar-page", body)
}

fn grid(shell: &Shell, view: &Calendar) -> Markup {
    html! {
        table.calendar role="table" .week[view.weeks.len() == 1] {
            caption.hidden { (view.heading) }
            thead role="rowgroup" { tr role="row" {
                @for day in view.weekdays { th scope="col" role="columnheader" { (day) } }
            } }
            tbody role="rowgroup" {
                @for week in &view.weeks {
                    tr role="row" {
                        @for day in week {
                            td role="cell" .outside[!day.inside] .today[day.today] .free[day.entries.is_empty()] {
                                a.day href=(day.href) { span aria-hidden="true" { (day.number) } span.hidden { (day.date) } }
                                @if day.today { span.hidden { (shell.t("calendar-today")) } }
                                ul data-hx-boost:inherited="false" {
                                    @for entry in &day.entries { li { (entry.draw(shell.lang())) } }
                                }
                                @if day.more > 0 {
                                    a.meta href=(day.href) { (shell.lang().with("calendar-more", &[("n", day.more.into())])) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
