//! The filter form of a list: one row for each field that the reader may filter by. It is POSTed, because what is typed
//! may be personal; the handler keeps it sealed and answers with a handle in the address.

use maud::{Markup, html};

use super::field::{Choice, options};
use crate::ui::{Icon, Shell, post};

/// What a list can be filtered by.
#[derive(Clone, Debug, Default)]
pub struct FilterForm {
    /// Where it is sent.
    pub action: String,
    /// The list without filters.
    pub reset: String,
    /// Whether it is unfolded.
    pub open: bool,
    /// The fields, most used first.
    pub fields: Vec<FilterField>,
}

/// A field to filter by.
#[derive(Clone, Debug)]
pub struct FilterField {
    /// The field's name: parameters are `name` with `name.op`, or `name.ge` and `name.le`.
    pub name: String,
    /// Its label.
    pub label: String,
    /// How it is compared, where there is more than one way: sent as `name.op`.
    pub ops: Vec<Choice>,
    /// With what.
    pub input: FilterInput,
}

/// How a field is filtered.
#[derive(Clone, Debug)]
pub enum FilterInput {
    /// A text.
    Text {
        /// What was typed.
        value: String,
    },
    /// One of some values; the empty one means any.
    Choice(Vec<Choice>),
    /// From and to, as dates or numbers.
    Range {
        /// Whether they are dates.
        date: bool,
        /// At least.
        from: String,
        /// At most.
        to: String,
    },
    /// Yes, no, any.
    YesNo(Option<bool>),
}

pub(super) fn filter_form(shell: &Shell, form: &FilterForm) -> Markup {
    html! {
        details.filter open[form.open] {
            summary { (Icon::Filter.small()) (shell.t("filter")) (Icon::Down.small()) }
            (post(shell, &form.action, "", html! {
                div.fields { @for field in &form.fields { (field_of(shell, field)) } }
                div.row {
                    button.primary type="submit" { (shell.t("filter-apply")) }
                    a.button.secondary href=(form.reset) { (shell.t("filter-reset")) }
                }
            }))
        }
    }
}

fn field_of(shell: &Shell, field: &FilterField) -> Markup {
    let name = &field.name;
    let id = format!("f-{name}");
    let ops = html! {
        @if field.ops.len() > 1 {
            select name={ (name) ".op" } aria-label={ (field.label) ": " (shell.t("filter-how")) } {
                (options(&field.ops))
            }
        }
    };
    html! {
        @match &field.input {
            FilterInput::Text { value } => div.field {
                label for=(id) { (field.label) }
                div.joined { (ops) input id=(id) name=(name) value=(value) autocomplete="off" maxlength="500"; }
            },
            FilterInput::Choice(choices) => div.field {
                label for=(id) { (field.label) }
                div.joined {
                    (ops)
                    select id=(id) name=(name) { option value="" { (shell.t("any")) } (options(choices)) }
                }
            },
            FilterInput::Range { date, from, to } => fieldset.field {
                legend { (field.label) }
                div.joined {
                    (ops)
                    @for (end, value, text) in [("ge", from, "filter-from"), ("le", to, "filter-to")] {
                        input type=(if *date { "date" } else { "text" }) inputmode=[(!date).then_some("decimal")]
                            name={ (name) "." (end) } value=(value)
                            aria-label={ (field.label) " " (shell.t(text)) }
                            placeholder=[(!date).then_some(shell.t(text))];
                    }
                }
            },
            FilterInput::YesNo(value) => div.field {
                label for=(id) { (field.label) }
                div.joined {
                    (ops)
                    select id=(id) name=(name) {
                        option value="" { (shell.t("any")) }
                        option value="true" selected[*value == Some(true)] { (shell.t("yes")) }
                        option value="false" selected[*value == Some(false)] { (shell.t("no")) }
                    }
                }
            },
        }
    }
}
