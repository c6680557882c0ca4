//! The reader on real files that nobody on this project wrote, on made-up nuisances, and on noise.

mod files;
mod mapping;
mod noise;
mod nuisances;
mod speed;

use super::*;

fn plain(text: &str) -> Sheet {
    read(text.as_bytes(), &Options::default()).unwrap()
}

fn codes(sheet: &Sheet) -> Vec<(usize, &'static str, bool)> {
    sheet.problems.iter().map(|p| (p.line, p.code, p.refused)).collect()
}

fn cells(sheet: &Sheet) -> Vec<String> {
    sheet.rows.iter().map(|row| format!("{}: {}", row.line, row.cells.join("|"))).collect()
}

/// The objects as shipped.
fn objects() -> impl Iterator<Item = &'static model::Object> {
    static CATALOG: std::sync::LazyLock<model::Catalog> = std::sync::LazyLock::new(|| {
        let (purposes, objects) = model::shipped();
        model::Catalog::parse(&purposes, &objects).unwrap()
    });
    CATALOG.objects().map(|o| &**o)
}

fn object(name: &str) -> &'static model::Object {
    objects().find(|o| o.name.as_str() == name).unwrap()
}
