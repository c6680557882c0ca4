//! The sign-in page. An unknown address and a wrong password read the same.

use http::StatusCode;
use maud::html;

use crate::ui::{Act, Icon, Page, SIGN_IN, Shell, bare, brand, post, post_button, strip};

/// The sign-in page.
#[derive(Clone, Debug, Default)]
pub struct SignIn {
    /// What was typed as address.
    pub email: String,
    /// What went wrong.
    pub trouble: Option<SignInTrouble>,
    /// Where to go afterwards (sent as `next`).
    pub next: String,
    /// The users of a demo, each of whom signs in with one press. None in earnest.
    pub users: Vec<DemoUser>,
}

/// A user of a demo.
#[derive(Clone, Debug)]
pub struct DemoUser {
    /// The role, by label.
    pub role: String,
    /// Signs in; the button says the name.
    pub act: Act,
}

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInTrouble {
    /// Address or password is wrong; which one is not said. 401.
    Wrong,
    /// Too many attempts; try again after so many seconds. 429.
    Wait(u32),
    /// The session ended. 401.
    Ended,
}

/// Draws the sign-in page.
pub fn sign_in(shell: &Shell, view: &SignIn) -> Page {
    let (text, status) = match view.trouble {
        None => (None, StatusCode::OK),
        Some(SignInTrouble::Wrong) => (Some(shell.t("sign-in-wrong").to_owned()), StatusCode::UNAUTHORIZED),
        Some(SignInTrouble::Ended) => (Some(shell.t("sign-in-ended").to_owned()), StatusCode::UNAUTHORIZED),
        Some(SignInTrouble::Wait(seconds)) => {
            (Some(shell.lang().with("sign-in-wait", &[("n", seconds.into())])), StatusCode::TOO_MANY_REQUESTS)
        }
    };
    let body = html! {
        div.door {
            (brand())
            h1 { (shell.t("sign-in")) }
            p.house { (shell.house) }
            (strip(shell))
            @if let Some(text) = &text {
                div.message.danger role="alert" { (Icon::WarningCircle) p { (text) } }
            }
            (post(shell, SIGN_IN, "", html! {
                input type="hidden" name="next" value=(view.next);
                div.field {
                    label for="email" { (shell.t("email")) }
                    input #email type="email" name="email" value=(view.email) required autocomplete="username"
                        maxlength="254" spellcheck="false" autofocus[view.email.is_empty()];
                }
                div.field {
                    label for="password" { (shell.t("password")) }
                    input #password type="password" name="password" required autocomplete="current-password"
                        maxlength="1024" autofocus[!view.email.is_empty()];
                }
                button.primary.wide type="submit" { (shell.t("sign-in")) }
            }))
            @if !view.users.is_empty() {
                section.demo aria-labelledby="demo-users" {
                    h2 #demo-users { (shell.t("demo-users")) }
                    ul { @for user in &view.users {
                        li { span.meta { (user.role) } (post_button(shell, &user.act, "secondary")) }
                    } }
                }
            }
            p.promise { (Icon::ShieldCheck.small()) (shell.t("promise")) }
        }
    };
    bare(shell, shell.t("sign-in"), "sign-in", body).with_status(status)
}
