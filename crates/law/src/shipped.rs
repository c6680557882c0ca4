//! The files built into the program. A test holds this list against the folder.

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../regulations/", $folder, $name)))),*]
    };
}

/// Packs.
pub(crate) const PACKS: &[(&str, &str)] = files!["":];

/// Calendars.
pub(crate) const CALENDARS: &[(&str, &str)] = files!["calendars/":];
