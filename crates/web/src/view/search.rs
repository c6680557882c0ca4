//! What a search found, by object. The text that was searched for stands on the page only, never in its address.

use maud::html;

use super::record::{Related, related_of};
use crate::ui::{Icon, Page, Shell, empty, framed, head};

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What was searched for.
    pub text: String,
    /// What was found, one group an object; objects without a hit are left out.
    pub groups: Vec<Related>,
    /// How much of the index is filled, in percent, while it still fills.
    pub filled: Option<u8>,
}

/// Draws what a search found.
pub fn search(shell: &Shell, view: &Search) -> Page {
    let lang = shell.lang();
    let under = html! { p { (lang.rich("search-for", &[("text", html! { strong { (view.text) } })])) } };
    let body = html! {
        (head(shell, None, html! { (shell.t("search")) }, Some(under), html! {}))
        div.reading {
            @if let Some(percent) = view.filled {
                div.message.warn { (Icon::Timer) p { (lang.with("search-filling", &[("n", percent.into())])) } }
            }
            @if !view.groups.is_empty() { h2.hidden { (shell.t("results")) } }
            @for group in &view.groups { (related_of(shell, group)) }
            @if view.groups.is_empty() {
                (empty(Icon::Search, shell.t("list-nothing"), Some(shell.t("search-nothing-help")), html! {}))
            }
        }
    };
    framed(shell, shell.t("search"), "search-page", body)
}
