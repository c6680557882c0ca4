//! The part of a person's form that says what the data is for, on which basis, and where it came from. Without it
//! nothing can be saved.

use maud::{Markup, html};

use super::field::{Choice, FormField, options};
use crate::ui::{Icon, Shell, Tone, badge};

/// What a person's data will be used for.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The purposes that may be chosen (sent as `purpose`, several).
    pub purposes: Vec<PurposeChoice>,
    /// Where the person comes from (any field; usually `source`).
    pub source: Option<FormField>,
    /// What is wrong with the whole choice: no purpose chosen, say.
    pub error: Option<String>,
}

/// A purpose that may be chosen.
#[derive(Clone, Debug, Default)]
pub struct PurposeChoice {
    /// Its name, the value sent.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it means and how long it lasts: `Kept until 3 years after the last activity.`
    pub help: String,
    /// Whether it is chosen.
    pub chosen: bool,
    /// The bases that allow it (sent as `basis.NAME`); a single one is only told.
    pub bases: Vec<Choice>,
    /// What proves a consent, when the purpose needs one.
    pub evidence: Option<Evidence>,
    /// Which fields stay closed without it: `Newsletter language`.
    pub opens: Vec<String>,
}

/// The proof of a consent (sent as `evidence.NAME`).
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Whether nothing but a consent will do; otherwise it is one basis of several.
    pub needed: bool,
    /// Whether the law wants it apart from any other consent.
    pub separate: bool,
    /// What was typed: `form v3, trade fair 2026-10`.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl Origin {
    pub(super) fn draw(&self, shell: &Shell) -> Markup {
        html! {
            section.panel.origin aria-labelledby="used-for" {
                h2 #used-for tabindex="-1" { span.star aria-hidden="true" { "*" } (shell.t("origin-title")) }
                p.help { (shell.t("origin-help")) }
                @if let Some(error) = &self.error { p.wrong { (Icon::WarningCircle.small()) (error) } }
                ul.purposes { @for purpose in &self.purposes { (purpose_of(shell, purpose)) } }
                @if let Some(source) = &self.source { (source.draw(shell)) }
            }
        }
    }
}

fn purpose_of(shell: &Shell, purpose: &PurposeChoice) -> Markup {
    let name = &purpose.name;
    let id = format!("p-{name}");
    html! {
        li {
            label.tick for=(id) {
                input id=(id) type="checkbox" name="purpose" value=(name) checked[purpose.chosen]
                    aria-describedby={ (id) "-help" };
                span { span.strong { (purpose.label) }
                    @if let [basis] = purpose.bases.as_slice() { span.meta { " · " (basis.label) } }
                    @if let Some(evidence) = purpose.evidence.as_ref().filter(|evidence| evidence.needed) {
                        " " (badge(Tone::Warn, None, shell.t(if evidence.separate { "consent-separate" } else { "consent-needed" })))
                    }
                }
            }
            p.help id={ (id) "-help" } {
                (purpose.help)
                @if !purpose.opens.is_empty() {
                    (shell.lang().gap()) (shell.lang().with("origin-opens", &[("fields", purpose.opens.join(shell.t("list-comma")).into())]))
                }
            }
            @if let [basis] = purpose.bases.as_slice() {
                input type="hidden" name={ "basis." (name) } value=(basis.value);
            }
            @if purpose.bases.len() > 1 || purpose.evidence.is_some() {
                div.terms {
                    @if purpose.bases.len() > 1 {
                        div.field {
                            label for={ (id) "-basis" } { (shell.t("basis")) }
                            select id={ (id) "-basis" } name={ "basis." (name) } { (options(&purpose.bases)) }
                        }
                    }
                    @if let Some(evidence) = &purpose.evidence {
                        div.field .bad[evidence.error.is_some()] {
                            label for={ (id) "-evidence" } { (shell.t("evidence")) }
                            input id={ (id) "-evidence" } name={ "evidence." (name) } value=(evidence.value)
                                maxlength="500" autocomplete="off" placeholder=(shell.t("evidence-hint"))
                                aria-invalid=[evidence.error.is_some().then_some("true")]
                                aria-describedby=[evidence.error.is_some().then(|| format!("{id}-error"))];
                            @if let Some(error) = &evidence.error {
                                p.wrong id={ (id) "-error" } { (Icon::WarningCircle.small()) (error) }
                            }
                        }
                    }
                }
            }
        }
    }
}
