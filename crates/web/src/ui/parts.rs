//! The pieces pages are made of.

use maud::{Markup, html};

use super::{Icon, Shell};
use crate::i18n::Lang;

/// A text that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

impl Link {
    /// A link.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// Something a form does with one button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What the button says.
    pub label: String,
    /// Where the form is sent (POST).
    pub action: String,
    /// Hidden fields.
    pub fields: Vec<(String, String)>,
}

/// The colour family of a state, a badge or a message; never its only sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing to remark.
    #[default]
    Plain,
    /// Live, in use.
    Accent,
    /// Done, verified.
    Ok,
    /// Soon, doubtful.
    Warn,
    /// Late, refused, destroying.
    Danger,
    /// Masked, revealed, sealed.
    Mask,
    /// Restricted, on hold.
    Hold,
}

impl Tone {
    /// Its class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Accent => "accent",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Danger => "danger",
            Self::Mask => "mask",
            Self::Hold => "hold",
        }
    }
}

/// A state that is told by shape, word and colour together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Past its date: filled octagon.
    Late,
    /// Close to its date: triangle.
    Soon,
    /// In time: ring.
    OnTime,
    /// Restricted or held: two bars.
    Hold,
    /// Done, live, verified: tick.
    Done,
    /// Masked: lock.
    Masked,
    /// Shown in clear on demand: open eye.
    Revealed,
    /// Erased: crossed circle.
    Erased,
    /// Not yet sure: dashed ring.
    Provisional,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Late,
        Self::Soon,
        Self::OnTime,
        Self::Hold,
        Self::Done,
        Self::Masked,
        Self::Revealed,
        Self::Erased,
        Self::Provisional,
    ];

    const fn parts(self) -> (Icon, Tone, &'static str) {
        match self {
            Self::Late => (Icon::Late, Tone::Danger, "state-late"),
            Self::Soon => (Icon::WarningTriangle, Tone::Warn, "state-soon"),
            Self::OnTime => (Icon::OnTime, Tone::Plain, "state-on-time"),
            Self::Hold => (Icon::Hold, Tone::Hold, "state-hold"),
            Self::Done => (Icon::Check, Tone::Ok, "state-done"),
            Self::Masked => (Icon::Lock, Tone::Mask, "masked"),
            Self::Revealed => (Icon::Eye, Tone::Mask, "state-revealed"),
            Self::Erased => (Icon::Prohibition, Tone::Danger, "state-erased"),
            Self::Provisional => (Icon::Provisional, Tone::Warn, "state-provisional"),
        }
    }

    /// The icon alone, read out as its word.
    pub fn mark(self, lang: Lang) -> Markup {
        let (icon, tone, word) = self.parts();
        html! { span class={ "state " (tone.class()) } { (icon.alone(lang.t(word))) } }
    }

    /// Icon and word; `text` replaces the word (`2 days late`) and must say the state too.
    pub fn draw(self, lang: Lang, text: Option<&str>) -> Markup {
        let (icon, tone, word) = self.parts();
        html! { span class={ "state " (tone.class()) } { (icon.small()) (text.unwrap_or(lang.t(word))) } }
    }
}

/// A pill: icon and word on the tint of a tone.
pub fn badge(tone: Tone, icon: Option<Icon>, text: &str) -> Markup {
    html! {
        span class={ "badge " (tone.class()) } { @if let Some(icon) = icon { (icon.small()) } (text) }
    }
}

/// What happened, under the page's title until it is closed or the next page opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Ok, Warn, Danger or Accent (information).
    pub tone: Tone,
    /// What to say.
    pub text: String,
    /// Takes it back.
    pub undo: Option<Act>,
}

impl Message {
    /// A message without undo.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), undo: None }
    }
}

/// The strip of messages; always on the page, so that screen readers hear what is put in later.
pub fn strip(shell: &Shell) -> Markup {
    html! {
        div.strip role="status" {
            @for message in &shell.messages {
                div class={ "message " (message.tone.class()) } {
                    (match message.tone {
                        Tone::Ok => Icon::CheckCircle,
                        Tone::Warn => Icon::WarningTriangle,
                        Tone::Danger => Icon::WarningCircle,
                        Tone::Mask => Icon::Lock,
                        Tone::Hold => Icon::Hold,
                        Tone::Plain | Tone::Accent => Icon::InfoCircle,
                    })
                    p { (message.text) }
                    @if let Some(undo) = &message.undo { (post_button(shell, undo, "quiet")) }
                    a.quiet.square href=(shell.here) { (Icon::Close.alone(shell.t("close"))) }
                }
            }
        }
    }
}

/// The head of a page: optional way back, the one `h1`, a line under it, actions at the right, and the strip.
pub fn head(shell: &Shell, back: Option<&Link>, title: Markup, under: Option<Markup>, actions: Markup) -> Markup {
    html! {
        header.head {
            div.title {
                @if let Some(back) = back {
                    a.back href=(back.href) { (Icon::Left.small()) (back.label) }
                }
                h1 { (title) }
                @if let Some(under) = under { div.under { (under) } }
            }
            @if !actions.0.is_empty() { div.actions { (actions) } }
        }
        (strip(shell))
    }
}

/// A form that POSTs, with the token against forged requests.
pub fn post(shell: &Shell, action: &str, class: &str, body: Markup) -> Markup {
    html! {
        form class=(class) method="post" action=(action) {
            @if !shell.csrf.is_empty() { input type="hidden" name="csrf" value=(shell.csrf); }
            (body)
        }
    }
}

/// A form of one button.
pub fn post_button(shell: &Shell, act: &Act, class: &str) -> Markup {
    post(
        shell,
        &act.action,
        "inline",
        html! {
            @for (name, value) in &act.fields { input type="hidden" name=(name) value=(value); }
            button class=(class) type="submit" { (act.label) }
        },
    )
}

/// A link that looks like a button; `key` is the letter that presses it.
pub fn button_link(class: &str, icon: Option<Icon>, label: &str, href: &str, key: Option<&str>) -> Markup {
    html! {
        a class={ "button " (class) } href=(href) data-key=[key] aria-keyshortcuts=[key] {
            @if let Some(icon) = icon { (icon.small()) }
            span { (label) }
            @if let Some(key) = key { kbd aria-hidden="true" { (key) } }
        }
    }
}

/// The link to the page that says why a value may be seen.
pub fn why_link(lang: Lang, href: &str, field: &str) -> Markup {
    html! { a.meta href=(href) { (lang.t("why")) span.hidden { " " (field) } } }
}

/// A list or panel with nothing in it.
pub fn empty(icon: Icon, text: &str, under: Option<&str>, actions: Markup) -> Markup {
    html! {
        div.empty {
            (icon)
            p.strong { (text) }
            @if let Some(under) = under { p { (under) } }
            @if !actions.0.is_empty() { div.row { (actions) } }
        }
    }
}

/// Links and forms in here change what the page shows, not which page it is: with htmx only `main` is swapped, and with
/// it the user menu, which knows the address to come back to. Without, they are links and forms. What leads elsewhere
/// stands in an element with `data-hx-boost:inherited="false"`.
pub fn swapped(inside: Markup) -> Markup {
    html! {
        div.swapped data-hx-boost:inherited="true" data-hx-target:inherited="#main" data-hx-select:inherited="#main"
            data-hx-select-oob:inherited="#me" data-hx-swap:inherited="outerHTML" { (inside) }
    }
}
