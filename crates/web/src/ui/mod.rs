//! The frame around every page and the pieces pages are made of. `docs/design.md` tells the design system.

pub mod assets;
mod cell;
mod icons;
mod page;
mod parts;
mod shell;

pub use cell::{Cell, Shown};
pub use icons::Icon;
pub use page::{CONTENT_SECURITY_POLICY, Page, SECURITY_HEADERS};
pub use parts::{
    Act, Link, Message, State, Tone, badge, button_link, empty, head, post, post_button, strip, swapped, why_link,
};
pub use shell::{
    Density, Look, NavGroup, NavItem, PREFERENCES, Recorded, SEARCH, SIGN_IN, SIGN_OUT, Shell, Theme, User, bare,
    brand, framed,
};
