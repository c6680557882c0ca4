//! jCard (RFC 7095): `["vcard", [["fn", {}, "text", "Ada"], …]]`, one or a list of them.

use serde_json::Value;

use super::property::Property;
use crate::import::ReadError;

/// The cards, each with its number in place of a line.
pub(super) fn cards(text: &str) -> Result<Vec<(usize, Vec<Property>)>, ReadError> {
    let value: Value =
        serde_json::from_str(text).map_err(|e| ReadError::Malformed { format: "JSON", line: e.line().max(1) })?;
    let one = [value];
    let list = match &one[0] {
        Value::Array(items) if items.first().is_some_and(|f| f.is_array()) => items.as_slice(),
        _ => one.as_slice(),
    };
    let cards: Option<Vec<_>> = list.iter().enumerate().map(|(at, card)| Some((at + 1, properties(card)?))).collect();
    cards.filter(|c| !c.is_empty()).ok_or(ReadError::NotCards { format: "JSON" })
}

fn properties(card: &Value) -> Option<Vec<Property>> {
    let [kind, list] = card.as_array()?.as_slice() else { return None };
    if !kind.as_str()?.eq_ignore_ascii_case("vcard") {
        return None;
    }
    Some(list.as_array()?.iter().filter_map(property).collect())
}

fn property(item: &Value) -> Option<Property> {
    let [name, parameters, _, values @ ..] = item.as_array()?.as_slice() else { return None };
    let types = match parameters.get("type") {
        Some(Value::String(one)) => vec![one.to_ascii_lowercase()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_ascii_lowercase).collect(),
        _ => Vec::new(),
    };
    let pref = parameters.get("pref").map(|_| "pref".to_owned());
    let values = match values {
        // A structured value is a list; several values of `org` or `categories` stand side by side.
        [Value::Array(parts)] => parts.iter().map(text).collect(),
        values => values.iter().map(text).collect(),
    };
    let types = types.into_iter().chain(pref).collect();
    Some(Property { name: name.as_str()?.to_ascii_uppercase(), types, values, damaged: false })
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(text).collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
