//! Purposes: what data are used for, on which grounds, for how long, and who receives them.

use model::PurposeDef;
use seal::policy::SystemAct;

use super::{back, drawn};
use crate::{
    pages::{Answer, Desk, words},
    view::{Grid, Office, Part, Td},
};

/// `GET /admin/purposes`
pub async fn list(desk: Desk) -> Answer {
    super::entered(&desk, SystemAct::ManageObjects).await?;
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let comma = lang.t("list-comma");
    let row = |purpose: &PurposeDef| {
        let bases = purpose.bases.iter().flat_map(|(law, bases)| {
            let all = bases.iter().map(|basis| Td::Text(words::basis(lang, &catalog, law, basis)));
            all.collect::<Vec<_>>()
        });
        let receives = |name: &String| catalog.recipient(name).map(|r| desk.label(&r.label).to_owned());
        let fields = catalog.objects().map(|object| {
            let all = object.fields().iter();
            all.filter(|field| field.is_personal() && field.purposes.has(purpose.purpose)).count()
        });
        vec![
            Td::Text(desk.label(&purpose.label).to_owned()),
            Td::Text(desk.label(&purpose.description).to_owned()),
            Td::Many(bases.collect()),
            Td::Text(words::retention(lang, &purpose.retention)),
            Td::Text(purpose.recipients.iter().filter_map(receives).collect::<Vec<_>>().join(comma)),
            Td::Text(fields.sum::<usize>().to_string()),
        ]
    };
    let columns = ["purpose", "what-for", "bases-by-law", "retention", "recipients", "personal-fields"];
    let grid = Grid {
        heading: lang.t("purposes").to_owned(),
        columns: columns.map(|key| lang.t(key).to_owned()).into(),
        rows: catalog.purposes().map(row).collect(),
        empty: String::new(),
    };
    drawn(
        &desk,
        Office {
            heading: lang.t("purposes").to_owned(),
            back: back(lang, None),
            under: Some(lang.t("purposes-where").to_owned()),
            parts: vec![Part::Grid(grid)],
            ..Office::default()
        },
    )
}
