//! The only crate that knows HTTP and HTML.
//!
//! [`view`] holds one file a page: a plain struct of texts that were already granted and disclosed, and a function that
//! draws it inside the [`ui::Shell`]. Nothing here asks the domain for anything; a handler fills the struct.

pub mod api;
pub mod app;
mod health;
pub mod i18n;
mod mail;
mod metrics;
pub mod pages;
pub mod problem;
mod router;
mod serve;
pub mod ui;
pub mod view;

pub use i18n::Lang;
pub use mail::operator_mail;
pub use router::{API, OPEN_API, router};
pub use serve::serve;
pub use ui::{Page, Shell};
