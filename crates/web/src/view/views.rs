//! The views of a list: which one is on, what was changed of it, and what can be done about that.

use maud::{Markup, html};

use super::list::SwitchItem;
use crate::ui::{Icon, Shell, post};

/// The view that is on, and the others.
#[derive(Clone, Debug, Default)]
pub struct ViewMenu {
    /// What it is called.
    pub current: String,
    /// Every view, the present one included.
    pub items: Vec<SwitchItem>,
    /// How many things were changed of it.
    pub changes: usize,
    /// The list as the view has it.
    pub undo: String,
    /// Where it is saved as it is now: one's own view that was changed.
    pub save: Option<String>,
    /// Where it is dropped: one's own view.
    pub drop: Option<String>,
    /// Where it is saved under another name; none where nothing was set.
    pub save_as: Option<String>,
    /// Whether it can be shared with a team.
    pub team: bool,
    /// The query that says what is to be saved.
    pub query: String,
}

/// The name of the view, its changes with Save, Save as and Undo, and the layouts.
pub fn view_menu(shell: &Shell, menu: &ViewMenu, layouts: &[SwitchItem]) -> Markup {
    let query = html! { input type="hidden" name="query" value=(menu.query); };
    html! {
        div.views {
            details.switch {
                summary data-key="v" aria-keyshortcuts="v" {
                    span.meta { (shell.t("view")) } " " span.strong { (menu.current) } (Icon::Down.small())
                }
                ul.popup { @for item in &menu.items {
                    li { a href=(item.link.href) aria-current=[item.current.then_some("true")] { (item.link.label) } }
                } }
            }
            @if menu.changes > 0 {
                span.changed {
                    (Icon::Edit.small()) (shell.lang().with("view-changes", &[("n", menu.changes.into())]))
                }
                @if let Some(save) = &menu.save {
                    (post(shell, save, "", html! { (query) button.secondary type="submit" { (shell.t("save")) } }))
                }
                a.button.quiet href=(menu.undo) { (shell.t("undo")) }
            }
            @if let Some(save_as) = &menu.save_as {
                details.switch.save-as {
                    summary { (shell.t("save-as")) (Icon::Down.small()) }
                    div.popup { (post(shell, save_as, "", html! {
                        (query)
                        div.field {
                            label for="view-name" { (shell.t("view-name")) }
                            input id="view-name" name="name" required maxlength="80" autocomplete="off";
                        }
                        @if menu.team {
                            div.field { label {
                                input type="checkbox" name="share" value="team"; " " (shell.t("view-share"))
                            } }
                        }
                        button.primary type="submit" { (shell.t("save")) }
                    })) }
                }
            }
            @if let Some(drop) = &menu.drop {
                (post(shell, drop, "", html! {
                    button.quiet type="submit" name="drop" value="1" { (shell.t("view-drop")) }
                }))
            }
            @if layouts.len() > 1 {
                nav.segments.layouts aria-label=(shell.t("layout")) {
                    @for item in layouts {
                        a href=(item.link.href) aria-current=[item.current.then_some("true")] { (item.link.label) }
                    }
                }
            }
        }
    }
}
