//! One value as a page may show it.

use maud::{Markup, Render, html};

use super::Icon;
use crate::i18n::{Lang, text_lang};

/// What a grant let through of one value. Text only: pages never hold a value that they may not print.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Shown {
    /// The value.
    Clear(String),
    /// Its mask.
    Masked(String),
    /// There is no value.
    #[default]
    Empty,
    /// Nothing may be said, not even whether there is a value: drawn exactly as [`Shown::Empty`].
    Absent,
}

/// A value in a list, a record or a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Cell {
    /// What may be shown.
    pub shown: Shown,
    /// The language of the text where it differs from what its script tells: see [`text_lang`].
    pub lang: Option<&'static str>,
    /// Where it leads, for a link field and a title.
    pub href: Option<String>,
}

impl Cell {
    /// A value in clear.
    pub fn clear(text: impl Into<String>) -> Self {
        Self { shown: Shown::Clear(text.into()), ..Self::default() }
    }

    /// A masked value.
    pub fn masked(text: impl Into<String>) -> Self {
        Self { shown: Shown::Masked(text.into()), ..Self::default() }
    }

    /// No value.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The same value as a link.
    #[must_use]
    pub fn to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Whether there is anything to show.
    pub fn is_empty(&self) -> bool {
        matches!(self.shown, Shown::Empty | Shown::Absent)
    }

    /// Whether it is masked.
    pub fn is_masked(&self) -> bool {
        matches!(self.shown, Shown::Masked(_))
    }

    /// The text that is shown; empty when there is none.
    pub fn text(&self) -> &str {
        match &self.shown {
            Shown::Clear(text) | Shown::Masked(text) => text,
            Shown::Empty | Shown::Absent => "",
        }
    }

    /// Draws the value; a masked one with a lock and, for screen readers, the word.
    pub fn draw(&self, lang: Lang) -> Markup {
        let tag = self.lang.or_else(|| text_lang(self.text())).filter(|tag| *tag != lang.tag());
        match &self.shown {
            Shown::Clear(text) => match &self.href {
                Some(href) => html! { a href=(href) lang=[tag] { (text) } },
                None if tag.is_some() => html! { span lang=[tag] { (text) } },
                None => text.render(),
            },
            Shown::Masked(text) => {
                let masked = html! {
                    span.masked lang=[tag] {
                        (text) (Icon::Lock.again()) span.hidden { " " (lang.t("masked")) }
                    }
                };
                match &self.href {
                    Some(href) => html! { a href=(href) { (masked) } },
                    None => masked,
                }
            }
            Shown::Empty | Shown::Absent => html! {
                span.none { span aria-hidden="true" { "–" } span.hidden { (lang.t("no-value")) } }
            },
        }
    }
}
