//! A lead on its way to a contact: what for, what goes along and what stays, which company, which human.

use http::StatusCode;
use maud::{Markup, html};

use super::{
    field::{Choice, FormField},
    form::{Trouble, summary},
    origin::Origin,
};
use crate::ui::{Act, Cell, Icon, Link, Page, Shell, Tone, badge, framed, head, post, post_button};

/// The conversion of a lead.
#[derive(Clone, Debug)]
pub struct Convert {
    /// The lead.
    pub back: Link,
    /// Its title.
    pub title: Cell,
    /// Where it is sent.
    pub action: String,
    /// The lead's version that was read.
    pub version: String,
    /// What the contact is for.
    pub origin: Origin,
    /// Every value of the lead and what becomes of it.
    pub fates: Vec<FateLine>,
    /// Companies there are (sent as `company`); an empty value means a new one.
    pub companies: Vec<Choice>,
    /// The name of a new company.
    pub company_name: FormField,
    /// Contacts who may be the same human (sent as `contact`); an empty value means a new one.
    pub contacts: Vec<Choice>,
    /// The name of the opportunity.
    pub opportunity: FormField,
    /// What is wrong.
    pub troubles: Vec<Trouble>,
}

/// A value of the lead and what becomes of it.
#[derive(Clone, Debug)]
pub struct FateLine {
    /// The field's label.
    pub label: String,
    /// The value.
    pub cell: Cell,
    /// Whether it goes along.
    pub goes: bool,
    /// Why, or why not.
    pub why: String,
}

/// Draws the form.
pub fn convert(shell: &Shell, view: &Convert) -> Page {
    let body = html! {
        (head(shell, Some(&view.back), html! { (shell.t("convert-title")) }, Some(view.title.draw(shell.lang())), html! {}))
        @if !view.troubles.is_empty() { (summary(shell, &view.troubles)) }
        (post(shell, &view.action, "form", html! {
            input type="hidden" name="version" value=(view.version);
            section.panel aria-labelledby="c-company" {
                h2 #c-company { (shell.t("convert-company")) }
                (radios("company", &view.companies))
                (view.company_name.draw(shell))
            }
            section.panel aria-labelledby="c-contact" {
                h2 #c-contact { (shell.t("convert-contact")) }
                @if view.contacts.len() > 1 {
                    p.help { (shell.t("convert-same-help")) }
                    (radios("contact", &view.contacts))
                } @else { p.help { (shell.t("convert-no-match")) } }
            }
            (view.origin.draw(shell))
            section.panel aria-labelledby="c-fates" {
                h2 #c-fates { (shell.t("convert-values")) }
                p.help { (shell.t("convert-values-help")) }
                (fates(shell, &view.fates))
                button.secondary type="submit" name="then" value="preview" { (shell.t("convert-preview")) }
            }
            section.panel aria-labelledby="c-deal" {
                h2 #c-deal { (shell.t("convert-opportunity")) }
                (view.opportunity.draw(shell))
            }
            div.save {
                button.primary type="submit" data-save="" { (shell.t("convert-do")) }
                a.button.quiet href=(view.back.href) { (shell.t("cancel")) }
            }
        }))
    };
    let page = framed(shell, shell.t("convert-title"), "form-page", body);
    if view.troubles.is_empty() { page } else { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) }
}

fn radios(name: &str, choices: &[Choice]) -> Markup {
    html! {
        div.ticks.tall { @for choice in choices {
            label.tick {
                input type="radio" name=(name) value=(choice.value) checked[choice.chosen];
                span { (choice.label) }
            }
        } }
    }
}

fn fates(shell: &Shell, lines: &[FateLine]) -> Markup {
    html! {
        div.scroll {
            table.plain {
                thead { tr {
                    th scope="col" { (shell.t("convert-field")) }
                    th scope="col" { (shell.t("convert-value")) }
                    th scope="col" { (shell.t("convert-fate")) }
                } }
                tbody { @for line in lines { tr {
                    th scope="row" { (line.label) }
                    td { (line.cell.draw(shell.lang())) }
                    td {
                        @if line.goes { (badge(Tone::Ok, Some(Icon::Check), shell.t("convert-goes"))) }
                        @else { (badge(Tone::Hold, Some(Icon::Hold), shell.t("convert-stays"))) }
                        " " span.meta { (line.why) }
                    }
                } } }
            }
        }
    }
}

/// A conversion that stands.
#[derive(Clone, Debug)]
pub struct ConvertedView {
    /// The lead.
    pub back: Link,
    /// What it became.
    pub became: Vec<Link>,
    /// Takes it back.
    pub undo: Option<Act>,
}

/// Draws what a lead became.
pub fn converted(shell: &Shell, view: &ConvertedView) -> Page {
    let body = html! {
        (head(shell, Some(&view.back), html! { (shell.t("converted-title")) }, None, html! {}))
        div.narrow {
            section.panel {
                h2 { (Icon::CheckCircle) (shell.t("converted-became")) }
                ul.bullets { @for link in &view.became { li { a href=(link.href) { (link.label) } } } }
                @match &view.undo {
                    Some(undo) => { p.help { (shell.t("converted-undo-help")) } (post_button(shell, undo, "secondary")) }
                    None => p.help { (shell.t("converted-final")) },
                }
            }
        }
    };
    framed(shell, shell.t("converted-title"), "converted", body)
}

/// Giving a lead up, or taking it up again.
#[derive(Clone, Debug)]
pub struct Disqualify {
    /// The lead.
    pub back: Link,
    /// Its title.
    pub title: Cell,
    /// Where it is sent: `reason`, `version`.
    pub action: String,
    /// The version that was read.
    pub version: String,
    /// The reasons.
    pub reason: FormField,
    /// Takes it up again; set for a lead that was given up.
    pub again: Option<Act>,
    /// What is wrong.
    pub troubles: Vec<Trouble>,
}

/// Draws it.
pub fn disqualify(shell: &Shell, view: &Disqualify) -> Page {
    let body = html! {
        (head(shell, Some(&view.back), html! { (shell.t("disqualify-title")) }, Some(view.title.draw(shell.lang())), html! {}))
        @if !view.troubles.is_empty() { (summary(shell, &view.troubles)) }
        div.narrow { @match &view.again {
            Some(again) => section.panel {
                p { (shell.t("disqualified-now")) }
                (post_button(shell, again, "secondary"))
            },
            None => (post(shell, &view.action, "form", html! {
                section.panel {
                    input type="hidden" name="version" value=(view.version);
                    (view.reason.draw(shell))
                    p.help { (shell.t("disqualify-help")) }
                    div.row {
                        button.primary type="submit" { (shell.t("disqualify-do")) }
                        a.button.quiet href=(view.back.href) { (shell.t("cancel")) }
                    }
                }
            })),
        } }
    };
    let page = framed(shell, shell.t("disqualify-title"), "disqualify", body);
    if view.troubles.is_empty() { page } else { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) }
}
