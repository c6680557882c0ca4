//! The definitions that Custos ships, built into the binary.

use crate::Document;

/// `purposes.toml` and every file of `objects/`.
pub fn shipped() -> (Document, Vec<Document>) {
    macro_rules! documents {
        ($($name:literal),+ $(,)?) => {
            vec![$(document($name, include_str!(concat!("../../../objects/", $name)))),+]
        };
    }
    let objects = documents![
        "activity.toml",
        "company.toml",
        "contact.toml",
        "lead.toml",
        "opportunity.toml",
        "opportunity_line.toml",
        "part.toml",
        "user.toml"
    ];
    (document("purposes.toml", include_str!("../../../purposes.toml")), objects)
}

fn document(name: &str, text: &str) -> Document {
    Document { name: name.to_owned(), text: text.to_owned() }
}
