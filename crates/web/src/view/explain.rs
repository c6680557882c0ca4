//! Why something may be seen: field by field, the level, the purpose, the basis, the rule and the end.

use maud::{Markup, html};

use crate::ui::{Cell, Icon, Link, Page, Shell, Tone, badge, framed, head};

/// Why a record, or one field of it, may be seen.
#[derive(Clone, Debug)]
pub struct Explain {
    /// The record.
    pub back: Link,
    /// The record's title.
    pub title: Cell,
    /// The purpose of the view, by label.
    pub purpose: String,
    /// Why the record may be known of at all.
    pub rows: Vec<Rule>,
    /// Field by field.
    pub fields: Vec<Explained>,
    /// The page that asks again for another purpose.
    pub others: Vec<Link>,
}

/// A rule of the policy.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// The rule in words: `Sales sees contacts of its own team.`
    pub text: String,
    /// Its id in the policy.
    pub id: String,
    /// Whether it forbids.
    pub forbids: bool,
}

/// Why a field is shown as it is.
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// The field's name, for links to it: `#why-email`.
    pub name: String,
    /// The field's label.
    pub label: String,
    /// `none`, `masked` or `clear`.
    pub level: String,
    /// The category, by label.
    pub category: String,
    /// The live purpose that allows it, with its basis: `Account care · contract`.
    pub ground: Option<String>,
    /// Until when.
    pub until: Option<String>,
    /// The rules that decided.
    pub rules: Vec<Rule>,
    /// What is missing, when the level is not `clear`.
    pub missing: Option<String>,
}

/// Draws the explanation.
pub fn explain(shell: &Shell, view: &Explain) -> Page {
    let lang = shell.lang();
    let under = html! {
        span { (view.title.draw(lang)) }
        (badge(Tone::Accent, Some(Icon::ShieldCheck), &view.purpose))
    };
    let body = html! {
        (head(shell, Some(&view.back), html! { (shell.t("why-may-i")) }, Some(under), html! {}))
        div.reading {
            section.panel {
                h2 { (shell.t("explain-record")) }
                (rules_of(shell, &view.rows))
            }
            section.panel {
                h2 { (shell.t("explain-fields")) }
                ul.explained { @for field in &view.fields { (field_of(shell, field)) } }
            }
            @if !view.others.is_empty() {
                section.panel {
                    h2 { (shell.t("explain-others")) }
                    ul.plain { @for link in &view.others { li { a href=(link.href) { (link.label) } } } }
                }
            }
        }
    };
    framed(shell, shell.t("why-may-i"), "explain", body)
}

fn field_of(shell: &Shell, field: &Explained) -> Markup {
    let lang = shell.lang();
    let (tone, icon, word) = match field.level.as_str() {
        "clear" => (Tone::Ok, Icon::Eye, "level-clear"),
        "masked" => (Tone::Mask, Icon::Lock, "level-masked"),
        _ => (Tone::Plain, Icon::EyeClosed, "level-none"),
    };
    html! {
        li id={ "why-" (field.name) } {
            p { span.strong { (field.label) } " " (badge(tone, Some(icon), shell.t(word))) " " span.meta { (field.category) } }
            @if let Some(ground) = &field.ground {
                p {
                    (ground)
                    @if let Some(until) = &field.until { " · " (lang.with("purpose-until", &[("date", until.as_str().into())])) }
                }
            }
            @if let Some(missing) = &field.missing { p.meta { (missing) } }
            (rules_of(shell, &field.rules))
        }
    }
}

fn rules_of(shell: &Shell, rules: &[Rule]) -> Markup {
    html! {
        @if !rules.is_empty() {
            ul.rules { @for rule in rules {
                li {
                    @if rule.forbids { (Icon::Prohibition.alone(shell.t("rule-forbids"))) }
                    @else { (Icon::Check.alone(shell.t("rule-permits"))) }
                    span { (rule.text) " " code { (rule.id) } }
                }
            } }
        }
    }
}
