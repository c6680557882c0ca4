//! The frame: head of the document, bar, navigation, user menu, main.

use http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use super::{Icon, Message, Page, assets, parts::post};
use crate::i18n::{Lang, text_lang};

/// Where the forms of language, theme, density and keys are sent: fields `lang`, `theme`, `density` or `keys`, and
/// `back` (a path of this house, to be checked as one).
pub const PREFERENCES: &str = "/preferences";
/// Where the search box is sent: field `q`.
pub const SEARCH: &str = "/search";
/// The sign-in page and where its form is sent: fields `email`, `password`, `next`.
pub const SIGN_IN: &str = "/sign-in";
/// Where the sign-out form is sent.
pub const SIGN_OUT: &str = "/sign-out";

/// How htmx works here: with this house alone, without a style of its own, Back loads the page as it is now, and nothing
/// registers beside it. Attributes that are code are never written: the policy of content forbids them.
const SWAPS: &str = r#"{"mode":"same-origin","includeIndicatorCSS":false,"history":"reload","extensions":"none","defaultSettleDelay":0}"#;

macro_rules! setting {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every choice, in the order of the menu.
            pub const ALL: [Self; 3] = [$(Self::$variant),+];

            /// Its word in the cookie and the form.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The choice of a word from a cookie or a form.
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|choice| choice.word() == word)
            }
        }
    };
}

setting! {
    /// Light or dark.
    Theme {
        /// As the machine says.
        #[default]
        Auto = "auto",
        /// Always light.
        Light = "light",
        /// Always dark.
        Dark = "dark",
    }
}

setting! {
    /// How close rows stand.
    Density {
        /// Rows of 30 px.
        Compact = "compact",
        /// Rows of 36 px.
        #[default]
        Normal = "normal",
        /// Rows of 44 px.
        Roomy = "roomy",
    }
}

/// What a reader chose, from cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The language of the interface.
    pub lang: Lang,
    /// Light or dark.
    pub theme: Theme,
    /// How close rows stand.
    pub density: Density,
    /// Whether single letters press buttons.
    pub keys: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { lang: Lang::default(), theme: Theme::default(), density: Density::default(), keys: true }
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their name.
    pub name: String,
    /// Their role, in the language of the page.
    pub role: String,
}

/// A part of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavGroup {
    /// Its heading; the first group needs none.
    pub label: Option<String>,
    /// Its items.
    pub items: Vec<NavItem>,
}

/// One place to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// Its icon.
    pub icon: Icon,
    /// Whether the page shown is or lies under it.
    pub current: bool,
}

/// The ledger entry of the page itself, told at its foot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The entry, short.
    pub entry: String,
    /// Its page in the ledger, for those who may open it.
    pub href: Option<String>,
    /// When, in the reader's zone: `2026-11-23 14:08`.
    pub at: String,
}

/// Everything about a page that is not its subject.
#[derive(Clone, Debug)]
pub struct Shell {
    /// What the reader chose.
    pub look: Look,
    /// Who runs this house: `Nord Elektronik GmbH`.
    pub house: String,
    /// Who is signed in; without one the page has no navigation.
    pub user: Option<User>,
    /// Where one can go.
    pub nav: Vec<NavGroup>,
    /// Path and query of this page, to come back to; never with a personal value in it.
    pub here: String,
    /// The token against forged requests, put in every form; may be empty.
    pub csrf: String,
    /// What has just happened.
    pub messages: Vec<Message>,
    /// The entry that this page wrote.
    pub recorded: Option<Recorded>,
}

impl Shell {
    /// A text in the reader's language.
    pub fn t(&self, key: &'static str) -> &'static str {
        self.look.lang.t(key)
    }

    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.look.lang
    }
}

/// A page with bar and navigation. `title` is for the browser's tab and never personal; `class` names the page's layout.
pub fn framed(shell: &Shell, title: &str, class: &str, body: Markup) -> Page {
    let Some(user) = &shell.user else { return bare(shell, title, class, body) };
    let frame = html! {
        a.skip href="#main" { (shell.t("skip")) }
        header.bar {
            button.quiet.square.burger type="button" popovertarget="nav" { (Icon::Menu.alone(shell.t("menu"))) }
            a.home href="/" { (brand()) span.wordmark { "Custos" } span.hidden { ", " (shell.t("home")) } }
            (post(shell, SEARCH, "search", html! {
                label.hidden for="q" { (shell.t("search")) }
                (Icon::Search.small())
                input #q type="search" name="q" placeholder=(shell.t("search-hint")) autocomplete="off"
                    maxlength="200" enterkeyhint="search" aria-keyshortcuts="/";
                kbd aria-hidden="true" { "/" }
            }))
            a.quiet.square.button href="/palette" data-palette="" aria-keyshortcuts="Control+K" title=(shell.t("palette-title")) {
                (Icon::PageSearch.alone(shell.t("palette")))
            }
            button.user type="button" popovertarget="me" {
                (initials(&user.name)) span.who { (user.name) } (Icon::Down.small())
                span.hidden { (shell.t("user-menu")) }
            }
            (user_menu(shell, user))
        }
        nav #nav popover aria-label=(shell.t("nav")) {
            button.quiet.square.burger type="button" popovertarget="nav" popovertargetaction="hide" {
                (Icon::Close.alone(shell.t("close")))
            }
            @for group in &shell.nav {
                @if let Some(label) = &group.label { h2 { (label) } }
                ul { @for item in &group.items {
                    li { a href=(item.href) aria-current=[item.current.then_some("page")] {
                        (item.icon) span { (item.label) }
                    } }
                } }
            }
            p.oath { (Icon::ShieldCheck.small()) (shell.t("oath")) }
        }
        main #main tabindex="-1" class=(class) {
            (body)
            (foot(shell, user))
        }
        (shortcuts(shell))
        dialog #palette.dialog aria-label=(shell.t("palette")) { div #palette-inside {} }
    };
    document(shell, title, "framed", frame)
}

/// A page without navigation, for those who are not signed in.
pub fn bare(shell: &Shell, title: &str, class: &str, body: Markup) -> Page {
    let frame = html! {
        a.skip href="#main" { (shell.t("skip")) }
        header.bar {
            a.home href="/" { (brand()) span.wordmark { "Custos" } span.hidden { ", " (shell.t("home")) } }
            (post(shell, PREFERENCES, "languages", html! {
                input type="hidden" name="back" value=(shell.here);
                @for lang in Lang::ALL {
                    button type="submit" name="lang" value=(lang.tag()) lang=(lang.tag())
                        aria-pressed=(if lang == shell.lang() { "true" } else { "false" }) {
                        (if lang == Lang::En { "EN" } else { "中文" })
                    }
                }
            }))
        }
        main #main tabindex="-1" class=(class) { (body) }
    };
    document(shell, title, "bare", frame)
}

fn document(shell: &Shell, title: &str, class: &str, frame: Markup) -> Page {
    let look = shell.look;
    let html = html! {
        (DOCTYPE)
        html lang=(look.lang.tag()) data-theme=(look.theme.word()) data-density=(look.density.word())
            data-keys=[(!look.keys).then_some("off")] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(match look.theme {
                    Theme::Auto => "light dark", Theme::Light => "light", Theme::Dark => "dark",
                });
                title { (title) " · Custos" }
                link rel="stylesheet" href=(assets::named("custos.css").path());
                link rel="icon" type="image/svg+xml" href=(assets::named("mark.svg").path());
                meta name="htmx-config" content=(SWAPS);
                script defer src=(assets::named("htmx.js").path()) {}
                @for module in ["swaps.js", "palette.js", "selection.js", "board.js"] {
                    script type="module" src=(assets::named(module).path()) {}
                }
                script type="module" src=(assets::named("keys.js").path()) {}
                script type="module" src=(assets::named("unsaved.js").path()) {}
            }
            body class=(class) {
                // Symbols of the icons that repeat in every row.
                svg.symbols width="0" height="0" aria-hidden="true" { (Icon::Lock.symbol()) }
                (frame)
            }
        }
    };
    Page::new(StatusCode::OK, html)
}

/// The mark: a watchful eye that is also a C and a keyhole.
pub fn brand() -> Markup {
    html! {
        svg.mark width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" {
            rect width="24" height="24" rx="6" {}
            path d="M16.6 8.2a6 6 0 1 0 0 7.6" {}
            circle cx="12" cy="12" r="2" {}
        }
    }
}

/// One Han character or two initials in a circle.
fn initials(name: &str) -> Markup {
    let text: String = if text_lang(name).is_some() {
        name.chars().take(1).collect()
    } else {
        name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect()
    };
    html! { span.initials aria-hidden="true" { (text) } }
}

fn user_menu(shell: &Shell, user: &User) -> Markup {
    let look = shell.look;
    let choices = |label: &str, name: &str, items: Markup| {
        post(
            shell,
            PREFERENCES,
            "choices",
            html! {
                input type="hidden" name="back" value=(shell.here);
                fieldset name=(name) { legend { (label) } div.segments { (items) } }
            },
        )
    };
    let choice = |name: &str, value: &str, on: bool, text: Markup| {
        html! {
            button type="submit" name=(name) value=(value) aria-pressed=(if on { "true" } else { "false" }) { (text) }
        }
    };
    html! {
        div #me.popup popover {
            p.me { span.strong { (user.name) } span.meta { (user.role) } }
            (choices(shell.t("language"), "languages", html! {
                @for lang in Lang::ALL {
                    (choice("lang", lang.tag(), lang == look.lang, html! { span lang=(lang.tag()) { (lang.own_name()) } }))
                }
            }))
            (choices(shell.t("theme"), "themes", html! {
                @for (theme, text) in Theme::ALL.into_iter().zip(["theme-auto", "theme-light", "theme-dark"]) {
                    (choice("theme", theme.word(), theme == look.theme, html! { (shell.t(text)) }))
                }
            }))
            (choices(shell.t("density"), "densities", html! {
                @for (density, text) in Density::ALL.into_iter()
                    .zip(["density-compact", "density-normal", "density-roomy"]) {
                    (choice("density", density.word(), density == look.density, html! { (shell.t(text)) }))
                }
            }))
            (choices(shell.t("keys"), "keys", html! {
                (choice("keys", "on", look.keys, html! { (shell.t("on")) }))
                (choice("keys", "off", !look.keys, html! { (shell.t("off")) }))
            }))
            button.quiet.wide type="button" popovertarget="keys" { (Icon::HelpCircle.small()) (shell.t("keys-show")) }
            a.button.quiet.wide href="/account" { (Icon::User.small()) (shell.t("account-own")) }
            (post(shell, SIGN_OUT, "", html! {
                button.quiet.wide type="submit" { (Icon::LogOut.small()) (shell.t("sign-out")) }
            }))
        }
    }
}

fn shortcuts(shell: &Shell) -> Markup {
    let keys = [
        ("Ctrl K", "key-palette"),
        ("/", "key-search"),
        ("c", "key-new"),
        ("e", "key-edit"),
        ("j", "key-next-row"),
        ("k", "key-previous-row"),
        ("x", "key-tick"),
        ("i", "key-cell"),
        ("m", "key-move"),
        ("v", "key-view"),
        ("n", "record-next"),
        ("p", "record-previous"),
        ("[", "key-previous-page"),
        ("]", "key-next-page"),
        ("Ctrl Enter", "key-save"),
        ("?", "key-help"),
    ];
    html! {
        div #keys.popup.dialog popover role="dialog" aria-labelledby="keys-title" {
            h2 #keys-title { (shell.t("keys-show")) }
            dl.shortcuts { @for (key, text) in keys { div { dt { kbd { (key) } } dd { (shell.t(text)) } } } }
            button type="button" popovertarget="keys" popovertargetaction="hide" { (shell.t("close")) }
        }
    }
}

/// Says that the page was recorded; on paper also who printed it.
fn foot(shell: &Shell, user: &User) -> Markup {
    html! {
        @if let Some(recorded) = &shell.recorded {
            footer.recorded {
                (Icon::Ledger.small())
                p {
                    (shell.lang().rich("recorded", &[
                        ("entry", html! {
                            @if let Some(href) = &recorded.href { a href=(href) { code { (recorded.entry) } } }
                            @else { code { (recorded.entry) } }
                        }),
                        ("at", html! { (recorded.at) }),
                    ]))
                    span.print { " · " (user.name) " · " (shell.house) }
                }
            }
        }
    }
}
