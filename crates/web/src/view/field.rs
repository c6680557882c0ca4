//! One field of a form: label above, box, help under it, error under that.

use maud::{Markup, Render, html};

use crate::i18n::text_lang;
use crate::ui::{Icon, Shell};

/// One of several values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What it says.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A field of a form.
#[derive(Clone, Debug, Default)]
pub struct FormField {
    /// Its name in the form.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What to know about it.
    pub help: Option<String>,
    /// Whether it must be filled in.
    pub required: bool,
    /// The box, with what was typed.
    pub input: Input,
    /// What is wrong with it, and how to mend that.
    pub error: Option<String>,
    /// The mask of a value that the reader may not see: the box stays empty, and empty keeps the value.
    pub mask: Option<String>,
    /// The token for the browser's own filling in (`family-name`); `off` for data about others, which is most.
    pub autocomplete: Option<&'static str>,
}

/// The box of a field.
#[derive(Clone, Debug)]
pub enum Input {
    /// One line. `kind` is the type of the box: `text`, `email`, `tel`, `url`; `number` asks for a number pad only.
    Line {
        /// The type of the box.
        kind: &'static str,
        /// What was typed.
        value: String,
        /// At most so many characters.
        max: Option<u32>,
    },
    /// Several lines.
    Long {
        /// What was typed.
        value: String,
    },
    /// One of some values.
    One(Vec<Choice>),
    /// Any of some values.
    Many(Vec<Choice>),
    /// Yes or no.
    YesNo(Option<bool>),
    /// A day.
    Date(String),
    /// A day and a time in the reader's zone: `2026-11-23T14:08`.
    Time(String),
    /// An amount and its currency, which is a field of its own.
    Money {
        /// What was typed.
        value: String,
        /// The name of the currency's field.
        currency: String,
        /// The currencies.
        currencies: Vec<Choice>,
    },
    /// Another record, found by what is typed; `matches` when that was not one record: one is to be chosen
    /// (sent as `name.id`). What was typed is sent back as `name.for`, so that an id is taken only for the text it was
    /// found by.
    Record {
        /// What was typed, or the title of the present record.
        value: String,
        /// The present record's id (sent as `name.id` when nothing is to be chosen).
        id: String,
        /// What it may mean.
        matches: Vec<Choice>,
    },
    /// Fixed: shown, not sent.
    Fixed(String),
}

impl Default for Input {
    fn default() -> Self {
        Self::Line { kind: "text", value: String::new(), max: None }
    }
}

/// The options of a select.
pub(super) fn options(choices: &[Choice]) -> Markup {
    html! { @for choice in choices { option value=(choice.value) selected[choice.chosen] { (choice.label) } } }
}

impl FormField {
    /// Where the box stands, for links from the summary of errors.
    pub(super) fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    /// Draws the field.
    pub(super) fn draw(&self, shell: &Shell) -> Markup {
        let id = self.id();
        let group = matches!(self.input, Input::Many(_) | Input::YesNo(_));
        let title = html! {
            @if self.required { span.star aria-hidden="true" { "*" } }
            (self.label)
            @if self.required && group { span.hidden { (shell.t("required")) } }
        };
        let under = html! {
            @if let Some(mask) = &self.mask {
                p.help id={ (id) "-mask" } {
                    (shell.lang().rich("masked-keep", &[("mask", html! {
                        span.masked { (mask) (Icon::Lock.again()) }
                    })]))
                }
            }
            @if let Some(help) = &self.help { p.help id={ (id) "-help" } { (help) } }
            @if let Some(error) = &self.error {
                p.wrong id={ (id) "-error" } { (Icon::WarningCircle.small()) (error) }
            }
        };
        html! {
            @if group {
                fieldset.field .bad[self.error.is_some()] id=(id) tabindex="-1" aria-describedby=[self.described()] {
                    legend { (title) }
                    (self.box_of(shell, &id))
                    (under)
                }
            } @else {
                div.field .bad[self.error.is_some()] {
                    label for=(id) { (title) }
                    (self.box_of(shell, &id))
                    (under)
                }
            }
        }
    }

    fn described(&self) -> Option<String> {
        let id = self.id();
        let parts: Vec<String> =
            [(self.error.is_some(), "error"), (self.mask.is_some(), "mask"), (self.help.is_some(), "help")]
                .into_iter()
                .filter(|(there, _)| *there)
                .map(|(_, part)| format!("{id}-{part}"))
                .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn box_of(&self, shell: &Shell, id: &str) -> Markup {
        let name = &self.name;
        let described = self.described();
        // A masked value need not be typed again, so an empty box is right for a required one.
        let required = self.required && self.mask.is_none();
        let invalid = self.error.is_some().then_some("true");
        let fill = self.autocomplete.unwrap_or("off");
        let line = |kind: &str, value: &str, max: Option<u32>, name: &str| {
            let number = kind == "number";
            html! {
                input id=(id) type=(if number { "text" } else { kind }) inputmode=[number.then_some("decimal")]
                    name=(name) value=(value) maxlength=[max] required[required] autocomplete=(fill)
                    lang=[text_lang(value).filter(|tag| *tag != shell.lang().tag())]
                    spellcheck=[matches!(kind, "email" | "tel" | "url" | "password").then_some("false")]
                    aria-invalid=[invalid] aria-describedby=[described.as_deref()];
            }
        };
        match &self.input {
            Input::Line { kind, value, max } => line(kind, value, *max, name),
            Input::Date(value) => line("date", value, None, name),
            Input::Time(value) => line("datetime-local", value, None, name),
            Input::Long { value } => html! {
                textarea id=(id) name=(name) rows="4" required[required] autocomplete=(fill)
                    aria-invalid=[invalid] aria-describedby=[described] { "\n" (value) }
            },
            Input::One(choices) => html! {
                select id=(id) name=(name) required[required] aria-invalid=[invalid] aria-describedby=[described] {
                    @if !(self.required && choices.iter().any(|choice| choice.chosen)) {
                        option value="" { (shell.t("choose")) }
                    }
                    (options(choices))
                }
            },
            Input::Many(choices) => html! {
                div.ticks { @for choice in choices {
                    label.tick {
                        input type="checkbox" name=(name) value=(choice.value) checked[choice.chosen];
                        span { (choice.label) }
                    }
                } }
            },
            Input::YesNo(value) => html! {
                div.ticks { @for (word, text, on) in [("true", "yes", Some(true)), ("false", "no", Some(false))] {
                    label.tick {
                        input type="radio" name=(name) value=(word) checked[*value == on] required[required];
                        span { (shell.t(text)) }
                    }
                } }
            },
            Input::Money { value, currency, currencies } => html! {
                div.joined {
                    select name=(currency) aria-label={ (self.label) ": " (shell.t("currency")) } { (options(currencies)) }
                    (line("number", value, None, name))
                }
            },
            Input::Record { value, id: record, matches } => html! {
                (line("text", value, Some(200), name))
                input type="hidden" name={ (name) ".for" } value=(value);
                @if matches.is_empty() {
                    @if !record.is_empty() { input type="hidden" name={ (name) ".id" } value=(record); }
                } @else {
                    fieldset.matches {
                        legend { (shell.t("which-one")) }
                        @for choice in matches {
                            label.tick {
                                input type="radio" name={ (name) ".id" } value=(choice.value) checked[choice.chosen];
                                span { (choice.label) }
                            }
                        }
                    }
                }
            },
            Input::Fixed(value) => html! { output.fixed id=(id) { (value.render()) } },
        }
    }
}
