//! Reading `purposes.toml`: laws, recipients, categories, purposes.

use std::collections::BTreeMap;

use kernel::{Category, Purpose, PurposeName};

use crate::{BasisDef, CategoryDef, Consent, Document, LawDef, PurposeDef, RecipientDef};

use super::keys;
use super::reader::{Problems, Source, Table};

/// What the objects may refer to.
#[derive(Default)]
pub(super) struct House {
    pub(super) laws: Vec<LawDef>,
    pub(super) recipients: Vec<RecipientDef>,
    pub(super) categories: Vec<CategoryDef>,
    pub(super) purposes: Vec<PurposeDef>,
    /// Names of everything that is defined, though perhaps with a fault of its own.
    pub(super) category_names: Vec<String>,
    pub(super) purpose_names: Vec<String>,
    /// Whether the document could be read at all; if not, references to it are not judged.
    pub(super) legible: bool,
}

pub(super) fn read(document: &Document, problems: &mut Problems) -> House {
    let source = Source::new(document);
    let Some(toml) = source.root(problems) else { return House::default() };
    let table = Table::new(&source, 0, "", toml.get_ref()).only(keys::PURPOSES, problems);
    let mut house = House { legible: true, ..House::default() };
    let section = |key: &str, problems: &mut Problems| {
        let section = table.table(key, "", problems);
        if section.is_none() && !table.has(key) {
            table.missing(key, "purposes.toml has laws, recipients, categories and purposes", problems);
        }
        section
    };
    if let Some(laws) = section("laws", problems) {
        let laws = laws.tables("law", problems);
        house.laws = laws.into_iter().filter_map(|(name, t)| law(name, t, problems)).collect();
    }
    if let Some(recipients) = section("recipients", problems) {
        for (name, table) in recipients.tables("recipient", problems) {
            let table = table.only(keys::RECIPIENT, problems);
            if let Some(label) = table.label("label", problems) {
                house.recipients.push(RecipientDef { name: name.to_owned(), label });
            }
        }
    }
    if let Some(categories) = section("categories", problems) {
        for (name, table) in categories.tables("category", problems) {
            house.category_names.push(name.to_owned());
            house.categories.extend(category(name, table, &house.laws, problems));
        }
        if !house.category_names.iter().any(|name| name == "not_personal") {
            categories.missing("not_personal", "define the category of data that say nothing about a person", problems);
        }
    }
    if let Some(purposes) = section("purposes", problems) {
        for (name, table) in purposes.tables("purpose", problems) {
            house.purpose_names.push(name.to_owned());
            if let Some(purpose) = purpose(name, &table, &house, problems) {
                if let Some(other) = house.purposes.iter().find(|p| p.purpose == purpose.purpose) {
                    let what = format!("bit {} is taken by `{}`", purpose.purpose.number(), other.name);
                    table.tell(table.place_of("bit"), &what, problems);
                }
                house.purposes.push(purpose);
            }
        }
        if house.purpose_names.is_empty() {
            table.tell(purposes.place, "no purpose is defined", problems);
        }
    }
    house
}

fn law(name: &str, table: Table<'_, '_>, problems: &mut Problems) -> Option<LawDef> {
    let table = table.only(keys::LAW, problems);
    if let Err(bad) = PurposeName::new(name) {
        table.tell(table.place, &bad.to_string(), problems);
    }
    let label = table.label("label", problems);
    let mut bases = Vec::new();
    match table.table("bases", &format!("law `{name}`: "), problems) {
        Some(listed) => {
            for (basis, table) in listed.tables("basis", problems) {
                let table = table.only(keys::BASIS, problems);
                let label = table.words(problems);
                let article = table.text("article", problems);
                if article.is_none() && !table.has("article") {
                    table.missing("article", "say where the law has it", problems);
                }
                if let (Some(label), Some(article)) = (label, article) {
                    bases.push(BasisDef { name: basis.to_owned(), label, article: article.value });
                }
            }
        }
        None if !table.has("bases") => table.missing("bases", "say on what the law lets data be used", problems),
        None => {}
    }
    Some(LawDef { name: name.to_owned(), label: label?, bases })
}

fn category(name: &str, table: Table<'_, '_>, laws: &[LawDef], problems: &mut Problems) -> Option<CategoryDef> {
    let table = table.only(keys::CATEGORY, problems);
    let checked = Category::new(name).map_err(|bad| table.tell(table.place, &bad.to_string(), problems)).ok();
    let label = table.label("label", problems);
    let sensitive = table.texts("sensitive_in", problems).map(|at| at.value).unwrap_or_default();
    for law in &sensitive {
        if !laws.iter().any(|l| l.name == law.value) {
            table.tell(law.place, &format!("there is no law `{}`", law.value), problems);
        }
    }
    let direct = table.flag("direct", problems);
    let sensitive_in = sensitive.into_iter().map(|at| at.value).collect();
    Some(CategoryDef { name: checked?, label: label?, sensitive_in, direct })
}

fn purpose(name: &str, table: &Table<'_, '_>, house: &House, problems: &mut Problems) -> Option<PurposeDef> {
    for key in unknown(table, problems) {
        table.missing(key, why(key), problems);
    }
    let checked = PurposeName::new(name).map_err(|bad| table.tell(table.place, &bad.to_string(), problems)).ok();
    let bit = table.whole("bit", problems).and_then(|bit| {
        let purpose = u8::try_from(bit.value).ok().and_then(Purpose::new);
        if purpose.is_none() {
            table.tell(bit.place, "`bit` must be from 0 to 62, one that no purpose ever had", problems);
        }
        purpose
    });
    let label = table.has("label").then(|| table.label("label", problems)).flatten();
    let description = table.has("description").then(|| table.label("description", problems)).flatten();
    let consent = table.text("consent", problems).and_then(|at| {
        let consent = [Consent::No, Consent::Needed, Consent::Separate].into_iter().find(|c| c.word() == at.value);
        if consent.is_none() {
            table.tell(at.place, "`consent` is no, needed or separate", problems);
        }
        consent
    });
    let bases = bases(table, house, consent, problems);
    let retention = table.text("retention", problems).and_then(|at| {
        at.value.parse().map_err(|bad| table.tell(at.place, &format!("`retention`: {bad}"), problems)).ok()
    });
    let recipients = table.texts("recipients", problems);
    for recipient in recipients.iter().flat_map(|at| &at.value) {
        if !house.recipients.iter().any(|r| r.name == recipient.value) {
            let what = format!("there is no recipient `{}`: define it under [recipients]", recipient.value);
            table.tell(recipient.place, &what, problems);
        }
    }
    if let Some(empty) = recipients.as_ref().filter(|at| at.value.is_empty()) {
        table.tell(empty.place, "`recipients` is empty: name at least your own staff", problems);
    }
    let dpv = table.text("dpv", problems);
    if let Some(term) = &dpv {
        let fits = term.value.strip_prefix("dpv:").is_some_and(|t| {
            t.starts_with(|c: char| c.is_ascii_uppercase()) && t.bytes().all(|b| b.is_ascii_alphanumeric())
        });
        if !fits {
            table.tell(term.place, "`dpv` must be a purpose of the W3C vocabulary, like dpv:DirectMarketing", problems);
        }
    }
    Some(PurposeDef {
        name: checked?,
        purpose: bit?,
        label: label?,
        description: description?,
        bases: bases?,
        consent: consent?,
        retention: retention?,
        recipients: recipients?.value.into_iter().map(|at| at.value).collect(),
        dpv: dpv?.value,
    })
}

/// Reports unknown keys of a purpose and gives the missing ones.
fn unknown(table: &Table<'_, '_>, problems: &mut Problems) -> Vec<&'static str> {
    table.check_keys(keys::PURPOSE, problems);
    keys::PURPOSE.iter().copied().filter(|key| !table.has(key)).collect()
}

fn why(key: &str) -> &'static str {
    match key {
        "bit" => "give it a number from 0 to 62 that no purpose ever had",
        "label" => "write { en = \"…\", zh = \"…\" }, what people read",
        "description" => "tell the people whose data it uses what it means, in both languages",
        "bases" => "say for each law on what basis it stands",
        "consent" => "say no, needed or separate",
        "retention" => "say how long it lasts, e.g. \"3y after last_activity\"",
        "recipients" => "say who receives the data",
        _ => "name its term in the W3C Data Privacy Vocabulary",
    }
}

/// The bases per law. Every law must be named, so that nobody forgets that PIPL knows no legitimate interests.
fn bases(
    table: &Table<'_, '_>,
    house: &House,
    consent: Option<Consent>,
    problems: &mut Problems,
) -> Option<BTreeMap<String, Vec<String>>> {
    let given = table.table("bases", &table.inside("bases"), problems)?;
    let names: Vec<&str> = house.laws.iter().map(|l| l.name.as_str()).collect();
    given.check_keys(&names, problems);
    let mut bases = BTreeMap::new();
    for law in &house.laws {
        if !given.has(&law.name) {
            given.missing(
                &law.name,
                "every law needs a basis, or the purpose cannot be used where it applies",
                problems,
            );
            continue;
        }
        let Some(listed) = given.texts(&law.name, problems) else { continue };
        if listed.value.is_empty() {
            given.tell(listed.place, &format!("`{}` has no basis", law.name), problems);
        }
        for basis in &listed.value {
            if !law.bases.iter().any(|b| b.name == basis.value) {
                let known: Vec<&str> = law.bases.iter().map(|b| b.name.as_str()).collect();
                let what = format!("`{}` knows no basis `{}`; it knows {}", law.name, basis.value, known.join(", "));
                given.tell(basis.place, &what, problems);
            }
        }
        let knows_consent = law.bases.iter().any(|b| b.name == "consent");
        let only_consent = listed.value.iter().all(|b| b.value == "consent");
        if consent.is_some_and(|c| c != Consent::No) && knows_consent && !only_consent {
            let what = format!("needs consent, so `consent` must be its only basis under `{}`", law.name);
            given.tell(listed.place, &what, problems);
        }
        bases.insert(law.name.clone(), listed.value.into_iter().map(|b| b.value).collect());
    }
    Some(bases)
}
