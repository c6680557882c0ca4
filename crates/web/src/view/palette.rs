//! Search and commands in one box: records by object, then what can be done. A page of its own, and a dialog with the
//! module that opens it over any page.

use maud::{Markup, html};

use crate::ui::{Cell, Icon, Page, Shell, empty, framed, head};

/// What the palette offers.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What was typed.
    pub text: String,
    /// Groups of what there is to go to; empty ones are left out.
    pub groups: Vec<PaletteGroup>,
    /// How much of the index is filled, in percent, while it still fills.
    pub filled: Option<u8>,
}

/// Things of one kind.
#[derive(Clone, Debug)]
pub struct PaletteGroup {
    /// What they are: an object in the plural, recently opened, commands.
    pub label: String,
    /// The things.
    pub items: Vec<PaletteItem>,
}

/// One thing to go to.
#[derive(Clone, Debug)]
pub struct PaletteItem {
    /// Its icon.
    pub icon: Icon,
    /// What it is called.
    pub title: Cell,
    /// What stands beside it: the company of a person.
    pub beside: Option<Cell>,
    /// Its address.
    pub href: String,
    /// The key that does the same.
    pub key: Option<&'static str>,
}

/// Where the box is sent.
pub const PALETTE: &str = "/palette";

/// Draws the page; the dialog takes `#palette-body` of it.
pub fn palette(shell: &Shell, view: &Palette) -> Page {
    let body = html! {
        (head(shell, None, html! { (shell.t("palette")) }, None, html! {}))
        div #palette-body.palette {
            form #palette-form role="search" method="post" action=(PALETTE) data-hx-post=(PALETTE)
                data-hx-trigger="input delay:250ms, submit" data-hx-target="#palette-found" data-hx-select="#palette-found"
                data-hx-swap="outerHTML" data-hx-sync="this:replace" {
                @if !shell.csrf.is_empty() { input type="hidden" name="csrf" value=(shell.csrf); }
                label.hidden for="palette-q" { (shell.t("palette-label")) }
                (Icon::Search)
                input #palette-q type="text" name="q" value=(view.text) placeholder=(shell.t("palette-hint"))
                    autocomplete="off" spellcheck="false" maxlength="200" enterkeyhint="go" autofocus
                    role="combobox" aria-expanded="true" aria-controls="palette-found" aria-autocomplete="list";
                noscript { button.primary type="submit" { (shell.t("search")) } }
            }
            (found(shell, view))
            p.meta.hints { (shell.t("palette-keys")) }
        }
    };
    framed(shell, shell.t("palette"), "palette-page", body)
}

fn found(shell: &Shell, view: &Palette) -> Markup {
    let lang = shell.lang();
    let mut n = 0;
    html! {
        div #palette-found role="listbox" aria-label=(shell.t("results")) {
            @if let Some(percent) = view.filled {
                p.meta { (Icon::Timer.small()) (lang.with("search-filling", &[("n", percent.into())])) }
            }
            @for (at, group) in view.groups.iter().enumerate() {
                div role="group" aria-labelledby={ "pg-" (at) } {
                    h2 id={ "pg-" (at) } { (group.label) }
                    @for item in &group.items {
                        @let id = { n += 1; n };
                        a role="option" id={ "po-" (id) } href=(item.href) aria-selected="false" {
                            (item.icon.small())
                            span.title { (item.title.draw(lang)) }
                            @if let Some(beside) = &item.beside { span.meta { (beside.draw(lang)) } }
                            @if let Some(key) = item.key { kbd aria-hidden="true" { (key) } }
                        }
                    }
                }
            }
            @if view.groups.is_empty() { (empty(Icon::Search, shell.t("list-nothing"), Some(shell.t("search-nothing-help")), html! {})) }
        }
    }
}
