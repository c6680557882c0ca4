//! A board: a column for each value of a choice, cards in it, and a way to move a card that needs no mouse.

use maud::{Markup, html};

use super::{
    filter::{FilterForm, filter_form},
    list::{Chip, Switch, SwitchItem, by_switch, chips, switch},
    views::{ViewMenu, view_menu},
};
use crate::ui::{Cell, Icon, Link, Page, Shell, button_link, framed, head, post, swapped};

/// A board.
#[derive(Clone, Debug)]
pub struct Board {
    /// The object in the plural.
    pub title: String,
    /// The view it begins from, and the others.
    pub views: ViewMenu,
    /// Table, board, calendar.
    pub layouts: Vec<SwitchItem>,
    /// Fields it can have columns by.
    pub by: Switch,
    /// What the values are used for.
    pub purpose: Switch,
    /// The filters that are on.
    pub chips: Vec<Chip>,
    /// The board without filters.
    pub clear: Option<String>,
    /// What can be filtered by.
    pub filter: Option<FilterForm>,
    /// The columns.
    pub columns: Vec<BoardColumn>,
    /// Whether cards can be moved.
    pub moves: bool,
    /// What is sent along with a move: the field and the query of the board.
    pub sent: Vec<(String, String)>,
    /// The form of a new record.
    pub new: Option<Link>,
}

/// A column.
#[derive(Clone, Debug, Default)]
pub struct BoardColumn {
    /// The value, as it is sent.
    pub key: String,
    /// The value, as it is read.
    pub label: String,
    /// How many records have it, over the whole filter.
    pub count: u64,
    /// What their amounts come to, one for each currency.
    pub sums: Vec<String>,
    /// The first cards.
    pub cards: Vec<Card>,
    /// The list of this column alone, if not every card is shown.
    pub all: Option<String>,
}

/// A card.
#[derive(Clone, Debug)]
pub struct Card {
    /// The record's id.
    pub id: String,
    /// Its version, so that a move of what somebody else moved is refused.
    pub version: i64,
    /// Its title, a link.
    pub title: Cell,
    /// What else is shown of it.
    pub lines: Vec<Cell>,
    /// For how long nobody changed it: `28 d`.
    pub age: String,
    /// The page that moves it.
    pub to: String,
    /// Whether it was moved just now.
    pub moved: bool,
}

/// Where a card can be moved: a page of its own, and what the board's dialog holds.
#[derive(Clone, Debug)]
pub struct Move {
    /// The object: `Opportunity`.
    pub object: String,
    /// The board.
    pub back: Link,
    /// Where it is sent.
    pub action: String,
    /// What is sent along.
    pub sent: Vec<(String, String)>,
    /// The record's title.
    pub title: Cell,
    /// Value and label of each column; the present one cannot be chosen.
    pub columns: Vec<(String, String, bool)>,
}

/// Draws a board.
pub fn board(shell: &Shell, view: &Board) -> Page {
    let actions = html! {
        @if let Some(new) = &view.new { (button_link("primary", Some(Icon::Plus), &new.label, &new.href, Some("c"))) }
    };
    let body = html! {
        (head(shell, None, html! { (view.title) }, None, actions))
        (swapped(html! {
            (view_menu(shell, &view.views, &view.layouts))
            div.tools {
                @if let Some(filter) = &view.filter { (filter_form(shell, filter)) }
                (by_switch(shell, "board-by", &view.by))
                (switch(shell, &view.purpose))
            }
            (chips(shell, &view.chips, view.clear.as_deref()))
            div.board tabindex="0" role="region" aria-label=(view.title) {
                @for column in &view.columns { (column_of(shell, view, column)) }
            }
            @if view.moves { (dialog(shell, view)) }
        }))
    };
    framed(shell, &view.title, "board-page", body)
}

fn column_of(shell: &Shell, view: &Board, column: &BoardColumn) -> Markup {
    let id = format!("col-{}", column.key);
    html! {
        section.column data-key=(column.key) aria-labelledby=(id) {
            h2 id=(id) {
                (column.label) " "
                span.count { (shell.lang().number(i64::try_from(column.count).unwrap_or(i64::MAX))) }
            }
            @for sum in &column.sums { p.meta { (sum) } }
            ul data-hx-boost:inherited="false" {
                @for card in &column.cards {
                    li.card #{ "r-" (card.id) } .opened[card.moved] draggable=[view.moves.then_some("true")]
                        data-version=(card.version) {
                        p.title { (card.title.draw(shell.lang())) }
                        @for line in card.lines.iter().filter(|line| !line.is_empty()) { p { (line.draw(shell.lang())) } }
                        p.foot {
                            @if view.moves {
                                a href=(card.to) data-move="" aria-keyshortcuts="m" {
                                    (shell.t("board-move")) span.hidden { " " (card.title.text()) }
                                }
                            }
                            span.meta title=(shell.t("board-age")) { (card.age) }
                        }
                    }
                }
            }
            @if column.cards.is_empty() { p.meta { (shell.t("board-none")) } }
            @if let Some(all) = &column.all {
                a.meta href=(all) { (shell.lang().with("group-all", &[("n", column.count.into())])) }
            }
        }
    }
}

/// One dialog moves every card: the module puts in which.
fn dialog(shell: &Shell, view: &Board) -> Markup {
    html! {
        dialog #move.dialog aria-labelledby="move-title" {
            h2 #move-title { (shell.t("board-move-to")) }
            (post(shell, "", "choices", html! {
                @for (name, value) in &view.sent { input type="hidden" name=(name) value=(value); }
                input type="hidden" name="version" value="";
                @for column in view.columns.iter().filter(|column| !column.key.is_empty()) {
                    button.secondary type="submit" name="to" value=(column.key) { (column.label) }
                }
            }))
            form method="dialog" { button.quiet type="submit" { (shell.t("cancel")) } }
        }
    }
}

/// Draws the page that moves one card.
pub fn move_card(shell: &Shell, view: &Move) -> Page {
    let body = html! {
        (head(shell, Some(&view.back), html! { (shell.t("board-move-to")) }, None, html! {}))
        p { (view.title.draw(shell.lang())) }
        (post(shell, &view.action, "choices panel", html! {
            @for (name, value) in &view.sent { input type="hidden" name=(name) value=(value); }
            @for (value, label, current) in &view.columns {
                button.secondary type="submit" name="to" value=(value) disabled[*current]
                    aria-current=[current.then_some("true")] { (label) }
            }
        }))
    };
    framed(shell, &view.object, "form-page", body)
}
