//! Disclosed values as cells.

use std::collections::HashMap;

use domain::Title;
use kernel::RecordId;
use model::{Field, Kind, Value};
use seal::{Disclosed, DisclosedRow, Shown};

use super::{
    Desk,
    desk::{civil, short},
};
use crate::{Lang, ui::Cell};

/// The titles of linked records.
pub type Names = HashMap<RecordId, Title>;

/// The titles of every record that a page of records links to: one disclosure for each object.
pub async fn names(desk: &Desk, page: &Disclosed) -> domain::Result<Names> {
    let mut names = Names::new();
    let mut wanted: Vec<(&str, Vec<RecordId>)> = Vec::new();
    for (column, at) in page.fields.iter().enumerate() {
        let Kind::Link(to) = &page.object.fields()[*at].kind else { continue };
        let ids = page.rows.iter().filter_map(|row| match row.values.get(column) {
            Some(Shown::Clear(Value::Link(id))) => Some(*id),
            _ => None,
        });
        match wanted.iter_mut().find(|(object, _)| *object == to.as_str()) {
            Some((_, known)) => known.extend(ids),
            None => wanted.push((to.as_str(), ids.collect())),
        }
    }
    for (object, ids) in wanted {
        names.extend(desk.house().titles(&desk.ctx, object, ids).await?);
    }
    Ok(names)
}

/// A title as a cell.
pub fn title(title: &Title) -> Cell {
    match (title.text.as_str(), title.masked) {
        ("", _) => Cell::empty(),
        (text, true) => Cell::masked(text),
        (text, false) => Cell::clear(text),
    }
}

/// The title of a row; its id where nothing of the title may be seen, so that there is something to press.
pub fn row_title(page: &Disclosed, row: &DisclosedRow) -> Cell {
    let cell = title(&Title::of(page, row));
    if cell.is_empty() { Cell::clear(short(&row.id)) } else { cell }
}

/// A value of a row.
pub fn cell(lang: Lang, page: &Disclosed, row: &DisclosedRow, field: &Field, names: &Names) -> Cell {
    match page.value(row, &field.name) {
        Shown::Empty => Cell::empty(),
        Shown::Masked(mask) => Cell::masked(mask.as_str()),
        Shown::Clear(value) => clear(lang, page, row, field, value, names),
    }
}

fn clear(lang: Lang, page: &Disclosed, row: &DisclosedRow, field: &Field, value: &Value, names: &Names) -> Cell {
    match (&field.kind, value) {
        (Kind::Link(to), Value::Link(id)) => match names.get(id) {
            Some(name) => title(name).to(format!("/{to}/{id}")),
            // Linked to something the reader may not know of.
            None => Cell::empty(),
        },
        (Kind::Money { currency }, Value::Number(n)) => match page.value(row, currency) {
            Shown::Clear(Value::Text(code)) => Cell::clear(lang.money(code, *n, decimals(*n, 2))),
            _ => Cell::clear(lang.decimal(*n, decimals(*n, 2))),
        },
        (Kind::Number { decimals, .. }, Value::Number(n)) => Cell::clear(lang.decimal(*n, *decimals)),
        (Kind::Time, Value::Time(at)) => Cell::clear(format!("{} UTC", lang.moment(civil(*at)))),
        (kind, value) => Cell::clear(kind.display(value, lang.is_zh())),
    }
}

/// How many decimals show a number whole, at least so many: unit prices have up to six.
fn decimals(millionths: i64, least: u8) -> u8 {
    let mut decimals = 6;
    let mut rest = millionths;
    while decimals > least && rest % 10 == 0 {
        rest /= 10;
        decimals -= 1;
    }
    decimals
}

/// Whether values are set in the fixed font: codes that are compared letter by letter.
pub fn is_code(field: &Field) -> bool {
    matches!(&field.kind, Kind::Text { check: Some(_), .. })
}

/// Whether values are numbers, set to the right.
pub fn is_number(field: &Field) -> bool {
    matches!(field.kind, Kind::Number { .. } | Kind::Money { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_show_every_decimal_they_have() {
        assert_eq!(decimals(1_250_000, 2), 2);
        assert_eq!(decimals(12_345, 2), 6);
        assert_eq!(decimals(412_500, 2), 4);
        assert_eq!(decimals(0, 2), 2);
    }
}
