//! The first page: what there is, what was opened last, and the state of the ledger for those who watch it. Only
//! figures that can be opened.

use maud::{Markup, html};

use super::{
    blocks::{Block, Switches, blocks, switches},
    ledger::{Checkpoint, checkpoint_of},
};
use crate::ui::{Act, Cell, Icon, Link, Page, Shell, empty, framed, head, post_button};

/// The first page.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// The day, long: `Mon 2026-11-23`.
    pub today: String,
    /// Whose figures the blocks are of.
    pub whose: Switches,
    /// Figures, charts and checklists, in the reader's order.
    pub blocks: Vec<Block>,
    /// Whether the blocks are being arranged.
    pub arranging: bool,
    /// The objects that the reader may list.
    pub tiles: Vec<Tile>,
    /// What colleagues would have the reader look at.
    pub notices: Vec<Noticed>,
    /// What the reader opened or changed last.
    pub recent: Vec<Recent>,
    /// What the reader may do, in words: role and purposes.
    pub access: Vec<(String, String)>,
    /// The state of the ledger, for those who may see it.
    pub ledger: Option<Checkpoint>,
}

/// An object.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Its name in the plural.
    pub label: String,
    /// Its list.
    pub href: String,
    /// Its icon.
    pub icon: Icon,
    /// How many records the reader may list.
    pub count: Option<u64>,
    /// The form of a new one, for those who may create one.
    pub new: Option<Link>,
}

/// A record opened or changed not long ago.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Its object's icon.
    pub icon: Icon,
    /// Its title, a link.
    pub title: Cell,
    /// What was done: `changed`, with the object: `Contact, changed`.
    pub what: String,
    /// When: `5 minutes ago`.
    pub when: String,
}

/// A notice.
#[derive(Clone, Debug)]
pub struct Noticed {
    /// `Li Na mentioned you`.
    pub said: String,
    /// The record it leads to, a link; empty where the reader may not know of it.
    pub title: Cell,
    /// When: `5 minutes ago`.
    pub when: String,
    /// Puts it aside.
    pub aside: Act,
}

/// Draws the first page.
pub fn home(shell: &Shell, view: &Home) -> Page {
    let body = html! {
        (head(shell, None, html! { (shell.t("home")) }, Some(html! { span.meta { (view.today) } }), html! {
            (switches(&view.whose))
            @if view.arranging { a.button.primary href="/" { (shell.t("arranged")) } }
            @else if !view.blocks.is_empty() { a.button.quiet href="/?arrange=1" { (shell.t("arrange")) } }
        }))
        (blocks(shell, &view.blocks))
        ul.tiles { @for tile in &view.tiles { (tile_of(shell, tile)) } }
        @if !view.notices.is_empty() {
            section.panel.notices aria-labelledby="notices" {
                h2 #notices { (Icon::ChatLines) (shell.t("notices")) }
                ul.lines { @for notice in &view.notices {
                    li {
                        span { (notice.said) }
                        span.strong { (notice.title.draw(shell.lang())) }
                        span.meta.when { (notice.when) }
                        (post_button(shell, &notice.aside, "quiet"))
                    }
                } }
            }
        }
        div.columns {
            section.panel.recents aria-labelledby="recent" {
                h2 #recent { (Icon::Clock) (shell.t("recent")) }
                @if view.recent.is_empty() {
                    (empty(Icon::Page, shell.t("recent-empty"), Some(shell.t("recent-empty-help")), html! {}))
                } @else {
                    ul.lines { @for recent in &view.recent {
                        li {
                            (recent.icon)
                            span.strong { (recent.title.draw(shell.lang())) }
                            span.meta { (recent.what) }
                            span.meta.when { (recent.when) }
                        }
                    } }
                }
            }
            aside aria-label=(shell.t("your-access")) {
                @if !view.access.is_empty() {
                    section.panel {
                        h2 { (Icon::Key) (shell.t("your-access")) }
                        dl.facts { @for (label, text) in &view.access { div { dt { (label) } dd { (text) } } } }
                    }
                }
                @if let Some(checkpoint) = &view.ledger {
                    section.panel {
                        h2 { (Icon::Ledger) (shell.t("ledger")) }
                        (checkpoint_of(shell, checkpoint))
                    }
                }
            }
        }
    };
    framed(shell, shell.t("home"), "home-page", body)
}

fn tile_of(shell: &Shell, tile: &Tile) -> Markup {
    html! {
        li.tile {
            a href=(tile.href) {
                (tile.icon)
                span.label { (tile.label) }
                @if let Some(count) = tile.count {
                    span.figure { (shell.lang().short(i64::try_from(count).unwrap_or(i64::MAX))) }
                }
            }
            @if let Some(new) = &tile.new {
                a.quiet.square.button href=(new.href) { (Icon::Plus.alone(&new.label)) }
            }
        }
    }
}
