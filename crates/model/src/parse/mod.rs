//! Reading definitions: `purposes.toml` first, then every object document, then the rules across them. Nothing stops
//! at the first problem.

mod field;
pub mod keys;
mod object;
mod purposes;
mod reader;
mod rules;

use std::collections::BTreeMap;

use crate::{Catalog, Document, Problem};

use reader::Problems;

pub(crate) fn catalog(purposes: &Document, objects: &[Document]) -> Result<Catalog, Vec<Problem>> {
    let mut problems = Problems::default();
    let house = purposes::read(purposes, &mut problems);
    let mut sheets = Vec::new();
    let mut all_named = true;
    for document in objects {
        match object::read(document, &house, &mut problems) {
            Some(sheet) => sheets.push(sheet),
            // What it would have defined is unknown, so nobody is blamed for referring to it.
            None => all_named = false,
        }
    }
    let built = rules::build(sheets, &house, all_named, &mut problems);
    if problems.0.is_empty() {
        return Ok(Catalog {
            objects: built,
            purposes: house.purposes,
            categories: house.categories,
            laws: house.laws,
            recipients: house.recipients,
        });
    }
    let names = std::iter::once(purposes).chain(objects).map(|document| document.name.as_str());
    let order: BTreeMap<&str, usize> = names.zip(0..).collect();
    let mut found = problems.0;
    found.sort_by(|a, b| {
        let key = |p: &Problem| (order.get(p.file.as_str()).copied(), p.line);
        key(a).cmp(&key(b)).then_with(|| a.what.cmp(&b.what))
    });
    found.dedup();
    Err(found)
}
