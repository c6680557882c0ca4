//! The definitions that Custos ships, built into the binary.

use crate::Document;

/// `purposes.toml` and every file of `objects/`.
pub fn shipped() -> (Document, Vec<Document>) {
    (Document { name: "purposes.toml".to_owned(), text: String::new() }, Vec::new())
}
