//! Names from definitions: cheap to copy, checked once.

use std::{borrow::Borrow, fmt, ops::Deref, str::FromStr};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A name is 1 to 48 characters of `a-z`, `0-9` and `_`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a name: use 1 to 48 of a-z, 0-9 and _, beginning with a letter")]
pub struct BadName(pub String);

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "SmolStr", into = "SmolStr")]
        pub struct $name(SmolStr);

        impl $name {
            /// The checked name.
            pub fn new(text: &str) -> Result<Self, BadName> {
                let good = (1..=48).contains(&text.len())
                    && text.starts_with(|c: char| c.is_ascii_lowercase())
                    && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                if good { Ok(Self(text.into())) } else { Err(BadName(text.chars().take(64).collect())) }
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<SmolStr> for $name {
            type Error = BadName;
            fn try_from(text: SmolStr) -> Result<Self, BadName> {
                Self::new(&text)
            }
        }

        impl From<$name> for SmolStr {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl FromStr for $name {
            type Err = BadName;
            fn from_str(text: &str) -> Result<Self, BadName> {
                Self::new(text)
            }
        }

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }
    )+};
}

names! {
    /// A kind of record: `contact`, `company`, …
    ObjectName,
    /// A field of an object: `email`, …
    FieldName,
    /// A category of data: `contact_details`, `employment`, `not_personal`, …
    Category,
    /// A purpose of processing: `account_care`, …
    PurposeName,
    /// A role: `sales`, `dpo`, …
    RoleName,
}

impl Category {
    /// Whether values of this category say nothing about a person.
    pub fn is_personal(&self) -> bool {
        self.as_str() != "not_personal"
    }
}
