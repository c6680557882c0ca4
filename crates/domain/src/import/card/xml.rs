//! xCard (RFC 6351): the same properties as elements.

use roxmltree::{Document, Node};

use super::property::Property;
use crate::import::ReadError;

const NAMESPACE: &str = "urn:ietf:params:xml:ns:vcard-4.0";

/// The cards, each with the line on which it begins. Document types are refused by the parser, so no entity expands.
pub(super) fn cards(text: &str) -> Result<Vec<(usize, Vec<Property>)>, ReadError> {
    let document = Document::parse(text)
        .map_err(|e| ReadError::Malformed { format: "XML", line: usize::try_from(e.pos().row).unwrap_or(1) })?;
    let line = |node: &Node<'_, '_>| document.text_pos_at(node.range().start).row;
    let cards: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name((NAMESPACE, "vcard")))
        .map(|card| (usize::try_from(line(&card)).unwrap_or(1), elements(card).filter_map(property).collect()))
        .collect();
    if cards.is_empty() { Err(ReadError::NotCards { format: "XML" }) } else { Ok(cards) }
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

fn property(node: Node<'_, '_>) -> Option<Property> {
    let name = node.tag_name().name().to_ascii_uppercase();
    let mut types = Vec::new();
    let mut values: Vec<(String, String)> = Vec::new();
    for child in elements(node) {
        let tag = child.tag_name().name();
        if tag == "parameters" {
            for parameter in elements(child) {
                match parameter.tag_name().name() {
                    "type" => types.extend(elements(parameter).filter_map(|t| t.text()).map(str::to_ascii_lowercase)),
                    "pref" => types.push("pref".to_owned()),
                    _ => {}
                }
            }
        } else {
            let text = child.text().unwrap_or_default().trim().to_owned();
            // `<suffix>ing. jr</suffix><suffix>M.Sc.</suffix>` is one component with two parts.
            match values.iter_mut().find(|(t, _)| t == tag && matches!(name.as_str(), "N" | "ADR")) {
                Some((_, several)) => {
                    several.push(' ');
                    several.push_str(&text);
                }
                None => values.push((tag.to_owned(), text)),
            }
        }
    }
    // Components are elements with names; the columns know them by their place.
    let order: &[&str] = match name.as_str() {
        "N" => &["surname", "given", "additional", "prefix", "suffix"],
        "ADR" => &["pobox", "ext", "street", "locality", "region", "code", "country"],
        _ => &[],
    };
    let values = if order.is_empty() {
        values.into_iter().map(|(_, text)| text).collect()
    } else {
        let find = |tag: &&str| values.iter().find(|(t, _)| t == tag).map(|(_, text)| text.clone()).unwrap_or_default();
        order.iter().map(find).collect()
    };
    Some(Property { name, types, values, damaged: false })
}
