//! The pages: each handler asks the domain, fills a view and draws it. A page's file is its path.
//!
//! Every view is a GET that opens in a new tab; every change is a form POST answered with `303`. Nothing personal
//! stands in an address: see `searches`.

mod address;
mod admin;
mod asked;
mod assets;
mod backups;
mod blocks;
mod boards;
mod bulks;
mod calendars;
mod cells;
mod columns;
mod conversions;
mod deals;
mod desk;
mod emergencies;
mod erasures;
mod explanations;
mod exports;
mod fault;
mod filters;
mod followups;
mod forms;
mod home;
mod law;
mod ledger;
mod lists;
mod palettes;
mod records;
mod reveals;
mod searches;
mod session;
mod settings;
mod sheet;
mod sign_in;
mod timeline;
mod values;
mod views;
mod words;

use axum::{Router, middleware, routing::MethodRouter};

use crate::app::App;

pub use fault::missing;

use desk::Desk;
use fault::{Answer, Fault};

macro_rules! pages {
    ($($path:literal { $($method:ident $handler:path),+ $(,)? })+) => {
        /// Every page's path and the methods it takes.
        pub const PATHS: &[(&str, &[&str])] = &[$(($path, &[$(stringify!($method)),+])),+];

        /// Every page's route. Refusals and failures are drawn as pages.
        pub fn routes(app: &App) -> Router<App> {
            Router::new()
                $(.route($path, MethodRouter::new()$(.$method($handler))+))+
                .layer(middleware::from_fn_with_state(app.clone(), fault::dressed))
        }
    };
}

/// The paths that strangers may open.
pub const OPEN: &[&str] =
    &["/sign-in", "/sign-in/code", "/sign-out", "/invitation/{secret}", "/preferences", "/assets/{file}"];

pages! {
    "/" { get home::show }
    "/assets/{file}" { get assets::show }
    "/sign-in" { get sign_in::show, post sign_in::create }
    "/sign-in/code" { get admin::codes::ask, post admin::codes::give }
    "/invitation/{secret}" { get admin::invitations::show, post admin::invitations::accept }
    "/account" { get admin::account::show }
    "/account/password" { post admin::account::password }
    "/account/sessions" { post admin::account::end_sessions }
    "/account/codes" { get admin::codes::begin, post admin::codes::finish }
    "/account/codes/removal" { post admin::account::drop_codes }
    "/account/recovery" { post admin::codes::renew }
    "/admin" { get admin::show }
    "/admin/users" { get admin::users::list, post admin::users::invite }
    "/admin/users/{id}" { get admin::users::show, post admin::users::change }
    "/admin/users/{id}/link" { post admin::users::link }
    "/admin/users/{id}/sessions" { post admin::users::end_sessions }
    "/admin/users/{id}/second" { post admin::users::reset_second }
    "/admin/users/{id}/handover" { post admin::users::hand_over }
    "/admin/teams" { get admin::teams::list, post admin::teams::create }
    "/admin/teams/{id}" { get admin::teams::show, post admin::teams::change }
    "/admin/teams/{id}/removal" { post admin::teams::remove }
    "/admin/roles" { get admin::roles::list }
    "/admin/roles/{role}" { get admin::roles::show, post admin::roles::save }
    "/admin/roles/{role}/review" { post admin::roles::review }
    "/admin/rules" { get admin::rules::list, post admin::rules::save }
    "/admin/rules/review" { post admin::rules::review }
    "/admin/history/{id}" { get admin::rules::history }
    "/admin/tries" { post admin::tries::create }
    "/admin/tries/end" { post admin::tries::end }
    "/admin/objects" { get admin::fields::list }
    "/admin/objects/{object}" { get admin::fields::show }
    "/admin/objects/{object}/new" { get admin::fields::blank, post admin::fields::create }
    "/admin/purposes" { get admin::purposes::list }
    "/admin/mail" { get admin::mail::show, post admin::mail::change }
    "/admin/mail/test" { post admin::mail::test }
    "/admin/tokens" { get admin::tokens::list, post admin::tokens::create }
    "/admin/tokens/{id}/revocation" { post admin::tokens::revoke }
    "/sign-out" { post sign_in::delete }
    "/preferences" { post settings::create }
    "/palette" { get palettes::show, post palettes::create }
    "/search" { get searches::show, post searches::create }
    "/law" { get law::show }
    "/backups" { get backups::show, post backups::create }
    "/backups/drill" { post backups::drill }
    "/ledger" { get ledger::show }
    "/ledger/export" { get ledger::export }
    "/ledger/filter" { post ledger::filter }
    "/ledger/verification" { post ledger::verify }
    "/ledger/{seq}/proof" { get ledger::proof }
    "/emergency" { get emergencies::show, post emergencies::create }
    "/emergency/{id}/note" { post emergencies::note }
    "/home/order" { post blocks::order }
    "/opportunity/{id}/design" { get deals::show }
    "/opportunity/{id}/stage" { post deals::stage }
    "/lead/{id}/conversion" { get conversions::show, post conversions::create }
    "/lead/{id}/conversion/withdrawal" { post conversions::withdraw }
    "/lead/{id}/disqualification" { get conversions::ask, post conversions::disqualified }
    "/lead/{id}/disqualification/withdrawal" { post conversions::requalified }
    "/{object}" { get lists::show, post forms::create }
    "/{object}/filter" { post filters::create }
    "/{object}/export" { get exports::show, post exports::create }
    "/{object}/columns" { post columns::create }
    "/{object}/bulk" { post bulks::create }
    "/{object}/bulk/{id}" { get bulks::show, post bulks::run }
    "/{object}/bulk/{id}/undo" { post bulks::undo }
    "/{object}/views" { post views::create }
    "/{object}/views/{id}" { post views::change }
    "/{object}/new" { get forms::blank }
    "/{object}/{id}" { get records::show, post forms::change }
    "/{object}/{id}/edit" { get forms::filled }
    "/{object}/{id}/cell" { get values::show, post values::change }
    "/{object}/{id}/move" { get boards::choose, post boards::create }
    "/{object}/{id}/favourite" { post palettes::mark }
    "/{object}/{id}/next" { get lists::next }
    "/{object}/{id}/previous" { get lists::previous }
    "/{object}/{id}/why" { get explanations::show }
    "/{object}/{id}/reveal" { get reveals::show, post reveals::create }
    "/{object}/{id}/follow-ups" { post followups::create }
    "/activity/{id}/done" { post followups::done }
    "/activity/{id}/snooze" { post followups::snooze }
    "/activity/{id}/pin" { post followups::pin }
    "/notices/{id}" { post followups::put_aside }
    "/{object}/{id}/erasure" { get erasures::show, post erasures::create }
}
