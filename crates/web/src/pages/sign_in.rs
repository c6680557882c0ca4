//! Signing in and out.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use domain::{DEMO_PASSWORD, demo};

use super::{
    Answer, Desk,
    address::{address, local, see_other, value},
    admin,
    desk::Visit,
    session,
    sheet::typed,
};
use crate::{
    app::App,
    ui::{Act, SIGN_IN, Shell},
    view::{DemoUser, SignIn, SignInTrouble, sign_in},
};

/// `GET /sign-in`
pub async fn show(State(app): State<App>, visit: Visit) -> Answer {
    let sent = visit.pairs()?;
    let next = value(&sent, "next").and_then(local).unwrap_or("/").to_owned();
    if Desk::open(&app, visit.clone()).await.is_ok() {
        return Ok(see_other(&next));
    }
    let trouble = visit.has_secret().then_some(SignInTrouble::Ended);
    let shell = visit.shell(&app);
    Ok(sign_in(&shell, &door(&app, &shell, String::new(), next, trouble)).into_response())
}

/// `POST /sign-in`
pub async fn create(State(app): State<App>, visit: Visit, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let text = |name: &str| value(&sent, name).unwrap_or_default();
    let next = local(text("next")).unwrap_or("/").to_owned();
    let trouble = match app.house.sign_in(text("email"), text("password"), &visit.peer).await {
        Ok(fresh) => {
            let to = if fresh.second { address(admin::codes::PAGE, [("next", &next)]) } else { next.clone() };
            let mut response = see_other(&to);
            let seconds = fresh.expires.as_second() - app.house.now().as_second();
            if let Some(cookie) = session::opened(&fresh.secret, seconds) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            return Ok(response);
        }
        Err(domain::Error::WrongPassword) => SignInTrouble::Wrong,
        Err(domain::Error::Throttled { seconds }) => SignInTrouble::Wait(u32::try_from(seconds).unwrap_or(u32::MAX)),
        Err(other) => return Err(other.into()),
    };
    let shell = Shell { here: SIGN_IN.into(), ..visit.shell(&app) };
    Ok(sign_in(&shell, &door(&app, &shell, text("email").to_owned(), next, Some(trouble))).into_response())
}

/// `POST /sign-out`
pub async fn delete(State(app): State<App>, visit: Visit) -> Answer {
    // Whoever is not signed in any more is signed out all the same.
    if let Ok(desk) = Desk::open(&app, visit).await {
        app.house.sign_out(&desk.ctx).await?;
    }
    let mut response = see_other(SIGN_IN);
    response.headers_mut().insert(header::SET_COOKIE, session::ended());
    // Cookies stay but for the session's: language and look are nobody's secret.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

fn door(app: &App, shell: &Shell, email: String, next: String, trouble: Option<SignInTrouble>) -> SignIn {
    let rules = app.house.rules();
    let zh = shell.lang().is_zh();
    let user = |user: &demo::User| DemoUser {
        role: rules.matrix().roles.get(user.role).map_or_else(String::new, |role| role.label.of(zh).to_owned()),
        act: Act {
            label: user.name.to_owned(),
            action: SIGN_IN.into(),
            fields: [("email", user.email), ("password", DEMO_PASSWORD), ("next", next.as_str())]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        },
    };
    // One of each role and language is enough to choose from.
    let first = |(at, one): &(usize, &demo::User)| {
        !demo::USERS[..*at].iter().any(|before| before.role == one.role && before.language == one.language)
    };
    let users = if app.demo {
        demo::USERS.iter().enumerate().filter(first).map(|(_, one)| user(one)).collect()
    } else {
        Vec::new()
    };
    SignIn { email, trouble, next, users }
}
