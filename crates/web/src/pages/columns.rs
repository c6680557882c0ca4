//! Columns, groups, sums and length of a list: chosen in a form, carried by the address.

use axum::{body::Bytes, extract::Path};
use domain::{groups_by, sums_up};
use model::Kind;

use super::{
    Answer, Desk,
    address::{address, see_other, value, without},
    asked::{Asked, PAGE, PLACE},
    desk::list_path,
    lists::{Columns, Shown},
    sheet::typed,
};
use crate::view::{Choice, ShapeForm};

/// How many rows a page may have.
const SIZES: [u64; 4] = [25, 50, 100, 200];

/// `POST /{object}/columns`
pub async fn create(desk: Desk, Path(object): Path<String>, body: Bytes) -> Answer {
    let asked = Asked::read(&desk, &object).await?;
    let sent = typed(&body)?;
    let place = |name: &str| value(&sent, &format!("place.{name}")).and_then(|n| n.parse::<u32>().ok()).unwrap_or(99);
    let mut chosen: Vec<&str> = sent.iter().filter(|(key, _)| key == "column").map(|(_, name)| name.as_str()).collect();
    // What has the same number stands in the order of the form.
    chosen.sort_by_key(|name| place(name));
    let usual = Columns::named(&bare(&desk, &object).await?, &desk).names(&asked.definition);
    let cols = (chosen != usual).then(|| chosen.join(","));
    let word = |key: &str| value(&sent, key).filter(|word| !word.is_empty()).map(str::to_owned);
    let limit = word("limit").filter(|n| *n != PAGE.to_string());
    Ok(see_other(&asked.anew(&[
        ("cols", cols),
        ("group", word("group")),
        ("totals", word("totals")),
        ("limit", limit),
    ])))
}

/// The same list with its usual columns.
async fn bare(desk: &Desk, object: &str) -> Result<Asked, super::Fault> {
    Asked::of(desk, object, &Vec::new()).await
}

/// The form, with what is on.
pub fn shape(desk: &Desk, asked: &Asked) -> Option<ShapeForm> {
    let object = &asked.definition;
    let lang = desk.lang();
    let now = Columns::named(asked, desk).names(object);
    let visible = desk.house().visible(&desk.ctx, &object.name);
    let label = |name: &str| super::words::field_label(lang, object, name).unwrap_or_else(|| name.to_owned());
    let choice = |name: &str, chosen: bool| Choice { value: name.to_owned(), label: label(name), chosen };
    let offered = visible.iter().map(|at| &object.fields()[*at]);
    let offered = offered.filter(|f| !object.title.contains(&f.name) && !matches!(f.kind, Kind::File));
    let rest = offered.map(|f| f.name.as_str()).chain(Shown::BUILT_IN.iter().map(|(word, ..)| *word));
    let mut columns: Vec<Choice> = now.iter().map(|name| choice(name, true)).collect();
    columns.extend(rest.filter(|name| !now.contains(name)).map(|name| choice(name, false)));
    let may = |name: &kernel::FieldName| desk.house().may_use(&desk.ctx, &object.name, name);
    let by = asked.layout("group").unwrap_or_default();
    let fields =
        || object.fields().iter().filter(|f| groups_by(object, &f.name) && f.choices().len() <= 40 && may(&f.name));
    let mut groups =
        vec![Choice { value: String::new(), label: lang.t("group-nothing").to_owned(), chosen: by.is_empty() }];
    groups.extend(fields().map(|f| choice(&f.name, by == f.name.as_str())));
    groups.push(choice("owner", by == "owner"));
    let sums = object.fields().iter().any(|f| sums_up(object, &f.name) && may(&f.name));
    Some(ShapeForm {
        action: address(&format!("{}/columns", list_path(object)), asked.said(without(&asked.pairs, PLACE))),
        reset: asked.anew(&[("cols", None), ("group", None), ("totals", None), ("limit", None)]),
        columns,
        groups,
        totals: sums.then(|| asked.layout("totals").is_some()),
        sizes: SIZES
            .iter()
            .map(|n| Choice { value: n.to_string(), label: n.to_string(), chosen: asked.ask.limit == *n })
            .collect(),
    })
}
