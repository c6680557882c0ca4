//! A lead becomes a contact, or is given up.

use axum::{body::Bytes, extract::Path, response::IntoResponse};
use domain::{BasisDraft, ConversionDraft, ConversionPlan, Error, Fate, FieldError, Look};
use kernel::{FieldName, PurposeName, RecordId};
use model::{Kind, Object, PurposeDef};
use seal::{DisclosedRow, Shown, policy::Act};

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, see_other, value},
    cells,
    records::record_id,
    sheet::typed,
    words,
};
use crate::{
    ui::{self, Cell, Link},
    view::{
        Choice, Convert, ConvertedView, Disqualify, Evidence, FateLine, FormField, Input, Origin, PurposeChoice,
        Trouble, convert, converted, disqualify,
    },
};

const LEAD: &str = "lead";

/// The acts on a lead beside those on any record, for its page.
pub fn acts(desk: &Desk, object: &Object, row: &DisclosedRow) -> Vec<Link> {
    if object.name.as_str() != LEAD || !desk.house().may(&desk.ctx, LEAD, Act::Edit) {
        return Vec::new();
    }
    let to = |key: &'static str, tail: &str| Link::new(desk.lang().t(key), path(desk, row.id, tail));
    let mut acts = vec![to("disqualify-offer", "/disqualification")];
    if desk.house().may(&domain::Ctx { purpose: None, ..desk.ctx.clone() }, "contact", Act::Create) {
        acts.insert(0, to("convert-offer", "/conversion"));
    }
    acts
}

/// `GET /lead/{id}/conversion`
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let lead = lead(&desk, &id)?;
    let plan = desk.house().conversion_plan(&desk.ctx, lead, None).await?;
    if let Some(done) = &plan.done {
        let catalog = desk.house().catalog();
        let named = |object: &str, id: RecordId| {
            let label = catalog.object(object).map_or(object, |o| desk.label(&o.label));
            Link::new(label, format!("/{object}/{id}"))
        };
        let mut became = vec![named("company", done.company), named("contact", done.contact)];
        became.extend(done.opportunity.map(|id| named("opportunity", id)));
        let undo = done.undoable.then(|| ui::Act {
            label: desk.lang().t("undo").to_owned(),
            action: path(&desk, lead, "/conversion/withdrawal"),
            fields: Vec::new(),
        });
        let view = ConvertedView { back: back(&desk, lead), became, undo };
        return Ok(converted(&desk.recorded(plan.lead.entry), &view).into_response());
    }
    let view = filled(&desk, lead, &plan, &Pairs::new(), &[]);
    Ok(convert(&desk.recorded(plan.lead.entry), &view).into_response())
}

/// `POST /lead/{id}/conversion`
pub async fn create(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let lead = lead(&desk, &id)?;
    let sent = typed(&body)?;
    let (purposes, draft) = stated(&sent);
    let mut wrong = Vec::new();
    if value(&sent, "then") != Some("preview") {
        match desk.house().convert(&desk.ctx, lead, &draft).await {
            Ok(_) => return Ok(see_other(&path(&desk, lead, "/conversion"))),
            Err(Error::Invalid(found)) => wrong = found,
            Err(other) => return Err(other.into()),
        }
    }
    let plan = desk.house().conversion_plan(&desk.ctx, lead, Some(&purposes)).await?;
    let view = filled(&desk, lead, &plan, &sent, &wrong);
    let mut shell = desk.framing(path(&desk, lead, "/conversion"));
    shell.recorded = desk.recorded(plan.lead.entry).recorded;
    Ok(convert(&shell, &view).into_response())
}

/// `POST /lead/{id}/conversion/withdrawal`
pub async fn withdraw(desk: Desk, Path(id): Path<String>) -> Answer {
    let lead = lead(&desk, &id)?;
    desk.house().take_conversion_back(&desk.ctx, lead).await?;
    Ok(see_other(&address(&format!("/lead/{lead}"), desk.purpose_pair().into_iter().chain([done()]))))
}

/// `GET /lead/{id}/disqualification`
pub async fn ask(desk: Desk, Path(id): Path<String>) -> Answer {
    let lead = lead(&desk, &id)?;
    give_up(&desk, lead, None).await
}

/// `POST /lead/{id}/disqualification`
pub async fn disqualified(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let lead = lead(&desk, &id)?;
    let sent = typed(&body)?;
    let reason = value(&sent, "reason").unwrap_or_default();
    match desk.house().disqualify(&desk.ctx, lead, reason, version(&sent)).await {
        Ok(_) => Ok(see_other(&path(&desk, lead, "/disqualification"))),
        Err(Error::Invalid(wrong)) => give_up(&desk, lead, wrong.first()).await,
        Err(other) => Err(other.into()),
    }
}

/// `POST /lead/{id}/disqualification/withdrawal`
pub async fn requalified(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let lead = lead(&desk, &id)?;
    desk.house().requalify(&desk.ctx, lead, version(&typed(&body)?)).await?;
    Ok(see_other(&address(&format!("/lead/{lead}"), desk.purpose_pair().into_iter().chain([done()]))))
}

fn done() -> (&'static str, String) {
    ("done", "changed".to_owned())
}

fn lead(desk: &Desk, id: &str) -> Result<RecordId, Fault> {
    let definition = desk.object(LEAD)?;
    record_id(&definition, id)
}

fn version(sent: &Pairs) -> i64 {
    value(sent, "version").and_then(|v| v.parse().ok()).unwrap_or(0)
}

fn path(desk: &Desk, lead: RecordId, tail: &str) -> String {
    address(&format!("/lead/{lead}{tail}"), desk.purpose_pair())
}

fn back(desk: &Desk, lead: RecordId) -> Link {
    let catalog = desk.house().catalog();
    Link::new(catalog.object(LEAD).map_or("", |o| desk.label(&o.label)), path(desk, lead, ""))
}

/// What was typed.
fn stated(sent: &Pairs) -> (Vec<PurposeName>, ConversionDraft) {
    let text = |key: &str| value(sent, key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let ticked = sent.iter().filter(|(key, _)| key == "purpose").map(|(_, name)| name);
    let purposes: Vec<PurposeName> = ticked.filter_map(|name| PurposeName::new(name).ok()).collect();
    let basis = |name: &PurposeName| {
        let basis = text(&format!("basis.{name}"))?;
        let (law, basis) = basis.split_once(':')?;
        let evidence = text(&format!("evidence.{name}"));
        Some(BasisDraft { purpose: name.to_string(), law: law.into(), basis: basis.into(), until: None, evidence })
    };
    let contact: Option<RecordId> = text("contact").and_then(|id| id.parse().ok());
    // A contact who is there already stands on grounds of their own.
    let bases = if contact.is_some() { Vec::new() } else { purposes.iter().filter_map(basis).collect() };
    let draft = ConversionDraft {
        version: version(sent),
        contact,
        company: text("company").and_then(|id| id.parse().ok()),
        company_name: text("company_name"),
        opportunity: text("opportunity"),
        purposes: purposes.clone(),
        bases,
    };
    (purposes, draft)
}

fn filled(desk: &Desk, lead: RecordId, plan: &ConversionPlan, sent: &Pairs, wrong: &[FieldError]) -> Convert {
    let lang = desk.lang();
    let row = plan.lead.rows.first();
    let typed = |key: &str| value(sent, key).map(str::to_owned);
    let line = |name: &str, label: &'static str, help: &'static str, value: String| FormField {
        name: name.into(),
        label: lang.t(label).to_owned(),
        help: Some(lang.t(help).to_owned()),
        input: Input::Line { kind: "text", value, max: Some(160) },
        ..FormField::default()
    };
    let chosen_company = typed("company").or_else(|| plan.companies.first().map(|(id, _)| id.to_string()));
    let choices = |found: &[(RecordId, domain::Title)], chosen: &str, new: &'static str, same: bool| -> Vec<Choice> {
        let one = |(id, title): &(RecordId, domain::Title)| {
            let label = match same {
                true => lang.with("convert-same", &[("who", title.text.as_str().into())]),
                false => title.text.clone(),
            };
            Choice { chosen: id.to_string() == chosen, value: id.to_string(), label }
        };
        let made = Choice { value: String::new(), label: lang.t(new).to_owned(), chosen: chosen.is_empty() };
        found.iter().map(one).chain([made]).collect()
    };
    let names = cells::Names::new();
    let fates = plan.fields.iter().filter_map(|line| {
        let field = plan.lead.object.field(&line.field)?;
        let cell = match row {
            // What is linked has a title of its own: the company is chosen above.
            Some(_) if matches!(field.kind, Kind::Link(_)) => return None,
            Some(row) => cells::cell(lang, &plan.lead, row, field, &names),
            None => Cell::empty(),
        };
        let (goes, why) = why(desk, &line.fate);
        Some(FateLine { label: desk.label(&field.label).to_owned(), cell, goes, why })
    });
    Convert {
        back: back(desk, lead),
        title: row.map_or_else(Cell::empty, |row| cells::row_title(&plan.lead, row)),
        action: path(desk, lead, "/conversion"),
        version: typed("version").or_else(|| row.map(|row| row.version.to_string())).unwrap_or_default(),
        origin: origin(desk, plan, sent, wrong),
        fates: fates.collect(),
        companies: choices(
            &plan.companies,
            chosen_company.as_deref().unwrap_or_default(),
            "convert-company-new",
            false,
        ),
        company_name: line(
            "company_name",
            "convert-company-name",
            "convert-company-help",
            typed("company_name").unwrap_or_else(|| plan.company_name.clone()),
        ),
        contacts: choices(&plan.contacts, typed("contact").as_deref().unwrap_or_default(), "convert-contact-new", true),
        opportunity: line(
            "opportunity",
            "convert-opportunity-name",
            "convert-opportunity-help",
            typed("opportunity").unwrap_or_default(),
        ),
        troubles: wrong.iter().map(|error| trouble(desk, error)).collect(),
    }
}

fn trouble(desk: &Desk, error: &FieldError) -> Trouble {
    let lang = desk.lang();
    let key = match error.code {
        "purpose_without_basis" => Some("convert-wrong-basis"),
        "converted_already" => Some("convert-wrong-already"),
        "person_has_more" => Some("convert-wrong-more"),
        "required" if error.field == "company" => Some("convert-wrong-company"),
        "conversion_final" | "conversion_used" => Some("convert-wrong-used"),
        _ => None,
    };
    let text = key.map_or_else(
        || {
            let catalog = desk.house().catalog();
            let object = catalog.object("contact").cloned();
            let cure = object.map(|object| {
                let label = words::field_label(lang, &object, &error.field).unwrap_or_default();
                let cure = words::cure(lang, &catalog, &object, error, None);
                lang.with("trouble", &[("field", label.into()), ("cure", cure.into())])
            });
            cure.unwrap_or_else(|| lang.t("invalid-other").to_owned())
        },
        |key| lang.t(key).to_owned(),
    );
    Trouble { field: None, text }
}

/// Why a value goes along or stays.
fn why(desk: &Desk, fate: &Fate) -> (bool, String) {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let told = |key: &'static str, names: &[PurposeName]| {
        let names: Vec<&PurposeName> = names.iter().collect();
        lang.with(key, &[("purposes", words::purposes(lang, &catalog, &names).into())])
    };
    match fate {
        Fate::Carried(names) => (true, told("convert-why-carried", names)),
        Fate::NotNeeded(names) => (false, told("convert-why-not-needed", names)),
        Fate::NoField => (false, lang.t("convert-why-no-field").to_owned()),
        Fate::Masked => (false, lang.t("convert-why-masked").to_owned()),
    }
}

/// The purposes of a contact: those live for this person, ticked; others with the ground they would need.
fn origin(desk: &Desk, plan: &ConversionPlan, sent: &Pairs, wrong: &[FieldError]) -> Origin {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let mut laws: Vec<&str> = catalog.laws().map(|law| law.name.as_str()).collect();
    laws.sort_by_key(|law| *law != if lang.is_zh() { "pipl" } else { "gdpr" });
    let missing = wrong.iter().any(|error| error.code == "evidence_missing");
    let choice = |purpose: &PurposeDef| {
        let name = &purpose.name;
        let live = plan.live.contains(name);
        let chosen = plan.chosen.contains(name);
        let stated = value(sent, &format!("basis.{name}")).unwrap_or_default();
        let offered: Vec<Choice> = laws
            .iter()
            .filter_map(|law| Some((law, purpose.bases.get(*law)?)))
            .flat_map(|(law, bases)| bases.iter().map(move |basis| (*law, basis)))
            .map(|(law, basis)| {
                let value = format!("{law}:{basis}");
                Choice { label: words::basis(lang, &catalog, law, basis), chosen: value == stated, value }
            })
            .collect();
        let by_consent = purpose.bases.values().flatten().any(|basis| basis == "consent");
        let evidence = value(sent, &format!("evidence.{name}")).unwrap_or_default().to_owned();
        let unproved = missing && chosen && !live && evidence.is_empty();
        PurposeChoice {
            name: name.to_string(),
            label: purpose.label.of(lang.is_zh()).to_owned(),
            help: if live { lang.t("convert-live").to_owned() } else { lang.t("convert-not-live").to_owned() },
            chosen,
            evidence: (by_consent && !live).then(|| Evidence {
                needed: purpose.consent > model::Consent::No,
                separate: purpose.consent == model::Consent::Separate,
                value: evidence,
                error: unproved.then(|| lang.t("invalid-evidence").to_owned()),
            }),
            bases: if live { Vec::new() } else { offered },
            opens: Vec::new(),
        }
    };
    let contact = catalog.object("contact");
    let purposes = contact.into_iter().flat_map(|contact| contact.purposes.iter());
    Origin {
        purposes: purposes.filter_map(|name| catalog.purpose(name)).map(choice).collect(),
        source: None,
        error: None,
    }
}

async fn give_up(desk: &Desk, lead: RecordId, wrong: Option<&FieldError>) -> Answer {
    let lang = desk.lang();
    let page = desk.house().get(&desk.ctx, LEAD, lead, &Look::default()).await?;
    let row = page.rows.first().ok_or_else(Fault::missing)?;
    let given_up =
        matches!(page.value(row, "status"), Shown::Clear(model::Value::Text(text)) if text == "disqualified");
    let reason: Option<&model::Field> = FieldName::new("disqualified_reason").ok().and_then(|n| page.object.field(&n));
    let choices = match reason.map(|field| &field.kind) {
        Some(Kind::Choice(choices)) => choices
            .iter()
            .map(|c| Choice { value: c.value.clone(), label: desk.label(&c.label).to_owned(), chosen: false })
            .collect(),
        _ => Vec::new(),
    };
    let again = ui::Act {
        label: lang.t("requalify-do").to_owned(),
        action: path(desk, lead, "/disqualification/withdrawal"),
        fields: vec![("version".to_owned(), row.version.to_string())],
    };
    let view = Disqualify {
        back: back(desk, lead),
        title: cells::row_title(&page, row),
        action: path(desk, lead, "/disqualification"),
        version: row.version.to_string(),
        reason: FormField {
            name: "reason".into(),
            label: reason.map_or_else(String::new, |field| desk.label(&field.label).to_owned()),
            required: true,
            input: Input::One(choices),
            ..FormField::default()
        },
        again: given_up.then_some(again),
        troubles: wrong.map(|error| trouble(desk, error)).into_iter().collect(),
    };
    Ok(disqualify(&desk.recorded(page.entry), &view).into_response())
}
