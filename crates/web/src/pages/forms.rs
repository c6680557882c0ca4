//! The forms of a new and a changed record, and the conflict of two who change the same.

use axum::{
    body::Bytes,
    extract::Path,
    response::{IntoResponse, Response},
};
use domain::{BasisDraft, Draft, Edit, Error, FieldError, Look};
use kernel::{FieldName, RecordId};
use model::{Consent, Kind, Object, Subject};
use seal::policy::Act;

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, see_other, value},
    cells::{self, Names},
    desk::{civil, list_path},
    sheet::{Sheet, typed},
    words,
};
use crate::{
    ui::{Cell, Link},
    view::{
        Choice, Conflict, Contested, Evidence, Form, FormField, Input, Kept, Origin, PurposeChoice, conflict, form,
    },
};

/// `GET /{object}/new`
pub async fn blank(desk: Desk, Path(object): Path<String>) -> Answer {
    let definition = opened(&desk, &object, Act::Create).await?;
    let fields = desk.house().writable(&desk.ctx, &object, Act::Create);
    let mut sheet = Sheet::blank(definition, &fields);
    preset(&desk, &mut sheet).await?;
    let origin = origin(&desk, &sheet.definition, &Pairs::new(), &[]);
    let view = of_new(&desk, &sheet, origin);
    Ok(form(&desk.shell(), &view).into_response())
}

/// `POST /{object}`
pub async fn create(desk: Desk, Path(object): Path<String>, body: Bytes) -> Answer {
    let definition = opened(&desk, &object, Act::Create).await?;
    let sent = typed(&body)?;
    let fields = desk.house().writable(&desk.ctx, &object, Act::Create);
    let mut sheet = Sheet::blank(definition, &fields);
    let taken = sheet.take(&desk, &sent).await?;
    let (source, bases) = stated(&sheet.definition, &sent);
    let fields = taken.fields.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect();
    let draft = Draft { fields, source, bases, ..Draft::default() };
    let wrong = match desk.house().create(&desk.ctx, &object, &draft).await {
        Ok(written) => return Ok(made(&desk, &sheet.definition, written.id, &sent)),
        Err(Error::Invalid(wrong)) => wrong,
        Err(Error::Taken) => {
            sheet.trouble(desk.lang().t("invalid-unique"));
            Vec::new()
        }
        Err(other) => return Err(other.into()),
    };
    sheet.wrong(&desk, &wrong);
    let origin = origin(&desk, &sheet.definition, &sent, &wrong);
    let view = of_new(&desk, &sheet, origin);
    Ok(form(&desk.framing(format!("/{object}/new")), &view).into_response())
}

/// `GET /{object}/{id}/edit`
pub async fn filled(desk: Desk, Path((object, id)): Path<(String, String)>) -> Answer {
    let definition = opened(&desk, &object, Act::Edit).await?;
    let id = id.parse().map_err(|_| Error::NotFound(definition.name.clone()))?;
    let page = desk.house().get(&desk.ctx, &object, id, &Look::default()).await?;
    let row = page.rows.first().ok_or_else(Fault::missing)?;
    if !desk.house().may_here(&desk.ctx, &object, id, Act::Edit).await? {
        return Err(desk.house().refuse(&desk.ctx, &definition.name, &[id], Act::Edit).await.into());
    }
    let names = cells::names(&desk, &page).await?;
    let fields = desk.house().writable(&desk.ctx, &object, Act::Edit);
    let sheet = Sheet::of(&page, row, &fields, &names, &desk.house().subject_links(&page.object));
    Ok(form(&desk.recorded(page.entry), &of_change(&desk, &sheet, id, row.version)).into_response())
}

/// `POST /{object}/{id}`
pub async fn change(desk: Desk, Path((object, id)): Path<(String, String)>, body: Bytes) -> Answer {
    let definition = opened(&desk, &object, Act::Edit).await?;
    let id: RecordId = id.parse().map_err(|_| Error::NotFound(definition.name.clone()))?;
    let mut sent = typed(&body)?;
    settle(&mut sent);
    let version = value(&sent, "version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let fields = desk.house().writable(&desk.ctx, &object, Act::Edit);
    let mut sheet = Sheet::sent_back(definition, &fields, &sent);
    let taken = sheet.take(&desk, &sent).await?;
    let changed = sheet.changed(taken);
    if changed.is_empty() {
        return Ok(see_other(&record_path(&desk, &sheet.definition, id, "same")));
    }
    save(&desk, sheet, id, version, changed).await
}

/// Saves; a stale save merges what only one side changed and asks about the rest.
async fn save(desk: &Desk, mut sheet: Sheet, id: RecordId, version: i64, changed: Vec<(FieldName, String)>) -> Answer {
    let object = sheet.definition.name.clone();
    let edit = Edit { fields: changed.clone(), version, ..Edit::default() };
    let wrong = match desk.house().change(&desk.ctx, &object, id, &edit).await {
        Ok(_) => return Ok(see_other(&record_path(desk, &sheet.definition, id, "changed"))),
        Err(Error::Conflict { .. }) => return met(desk, sheet, id, changed).await,
        Err(Error::Invalid(wrong)) => wrong,
        Err(Error::Taken) => {
            sheet.trouble(desk.lang().t("invalid-unique"));
            Vec::new()
        }
        Err(other) => return Err(other.into()),
    };
    sheet.wrong(desk, &wrong);
    let shell = desk.framing(format!("/{object}/{id}/edit"));
    Ok(form(&shell, &of_change(desk, &sheet, id, version)).into_response())
}

/// Somebody else saved first.
pub async fn met(desk: &Desk, sheet: Sheet, id: RecordId, changed: Vec<(FieldName, String)>) -> Answer {
    let object = sheet.definition.name.clone();
    let page = desk.house().get(&desk.ctx, &object, id, &Look::default()).await?;
    let row = page.rows.first().ok_or_else(Fault::missing)?;
    let names = cells::names(desk, &page).await?;
    let fields = desk.house().writable(&desk.ctx, &object, Act::Edit);
    let now = Sheet::of(&page, row, &fields, &names, &desk.house().subject_links(&page.object));
    let differs = |name: &FieldName| sheet.held(name) != now.held(name);
    let (contested, mine): (Vec<_>, Vec<_>) = changed
        .iter()
        .cloned()
        .partition(|(name, text)| differs(name) && now.held(name).map(|(held, _)| held) != Some(text.as_str()));
    if contested.is_empty() {
        return Box::pin(save(desk, sheet, id, row.version, mine)).await;
    }
    let view = Met { desk, sheet: &sheet, now: &now, page: &page, names: &names };
    let lang = desk.lang();
    let last = desk.house().last_change(id).await?;
    let view = Conflict {
        back: Link::new(desk.label(&sheet.definition.label), record_path(desk, &sheet.definition, id, "")),
        who: last.map_or_else(|| lang.t("somebody").to_owned(), |(actor, _)| desk.name(actor)),
        at: last.map_or_else(|| desk.moment(row.updated), |(_, at)| format!("{} UTC", lang.time(civil(at)))),
        action: record_path(desk, &sheet.definition, id, ""),
        version: row.version.to_string(),
        contested: contested.iter().map(|(name, text)| view.contested(name, text)).collect(),
        kept: view.kept(&mine, &contested),
        carried: view.carried(&changed),
        again: address(&format!("/{object}/{id}/edit"), desk.purpose_pair()),
    };
    Ok(conflict(&desk.recorded(page.entry), &view).into_response())
}

/// Both sides of a conflict.
struct Met<'a> {
    desk: &'a Desk,
    sheet: &'a Sheet,
    now: &'a Sheet,
    page: &'a seal::Disclosed,
    names: &'a Names,
}

impl Met<'_> {
    fn label(&self, name: &str) -> String {
        words::field_label(self.desk.lang(), &self.sheet.definition, name).unwrap_or_default()
    }

    fn now_cell(&self, name: &str) -> Cell {
        let (Some(field), Some(row)) = (self.page.object.field(name), self.page.rows.first()) else {
            return Cell::empty();
        };
        cells::cell(self.desk.lang(), self.page, row, field, self.names)
    }

    /// A text that stood or stands in a box, as a value.
    fn typed_cell(&self, name: &str, text: &str) -> Cell {
        let Some(field) = self.sheet.definition.field(name) else { return Cell::empty() };
        match (&field.kind, field.kind.parse(text)) {
            _ if text.trim().is_empty() => Cell::empty(),
            (Kind::Link(_), _) => Cell::clear(self.sheet.shown(name).unwrap_or_default()),
            (kind, Ok(value)) => Cell::clear(kind.display(&value, self.desk.lang().is_zh())),
            (_, Err(_)) => Cell::clear(text),
        }
    }

    fn contested(&self, name: &FieldName, text: &str) -> Contested {
        let was = match self.sheet.held(name) {
            Some((mask, true)) => Cell::masked(mask),
            // The title of what was linked is not carried along, its id says nothing.
            Some(_) if matches!(self.sheet.definition.field(name).map(|f| &f.kind), Some(Kind::Link(_))) => {
                Cell::empty()
            }
            Some((was, false)) => self.typed_cell(name, was),
            None => Cell::empty(),
        };
        Contested {
            name: name.to_string(),
            label: self.label(name),
            was,
            now: self.now_cell(name),
            yours: self.typed_cell(name, text),
        }
    }

    /// What only one side changed.
    fn kept(&self, mine: &[(FieldName, String)], contested: &[(FieldName, String)]) -> Vec<Kept> {
        let own = mine.iter().map(|(name, text)| Kept {
            label: self.label(name),
            value: self.typed_cell(name, text),
            yours: true,
        });
        let told = |name: &FieldName| mine.iter().chain(contested).any(|(known, _)| known == name);
        let theirs = self.now.names().filter(|name| !told(name) && self.sheet.held(name) != self.now.held(name));
        let theirs = theirs.map(|name| Kept { label: self.label(name), value: self.now_cell(name), yours: false });
        own.chain(theirs.collect::<Vec<_>>()).collect()
    }

    /// What was typed and what is stored now, for the form of the choice: sent back it is a change of what is now.
    fn carried(&self, changed: &[(FieldName, String)]) -> Pairs {
        let mut carried = Pairs::new();
        for (name, text) in changed {
            match self.sheet.definition.field(name).map(|field| &field.kind) {
                Some(Kind::Link(_)) => {
                    let title = self.sheet.shown(name).unwrap_or_default().to_owned();
                    carried.push((format!("{name}.id"), text.clone()));
                    carried.push((format!("{name}.for"), title.clone()));
                    carried.push((name.to_string(), title));
                }
                Some(Kind::ManyChoice(_)) => {
                    carried.extend(text.split(',').map(|one| (name.to_string(), one.to_owned())));
                }
                _ => carried.push((name.to_string(), text.clone())),
            }
            if let Some((held, masked)) = self.now.held(name) {
                carried.push((format!("{}.{name}", if masked { "mask" } else { "was" }), held.to_owned()));
            }
        }
        carried
    }
}

/// Drops what a conflict was decided against: the value that is stored now stays.
fn settle(sent: &mut Pairs) {
    let given_up: Vec<String> = sent
        .iter()
        .filter(|(_, choice)| choice == "now")
        .filter_map(|(key, _)| Some(key.strip_prefix("choose.")?.to_owned()))
        .collect();
    sent.retain(|(key, _)| {
        let name = key.strip_prefix("was.").or_else(|| key.strip_prefix("mask.")).unwrap_or(key);
        !given_up.iter().any(|gone| gone == name)
    });
}

/// The object of a form, if it has forms at all and the actor may use them.
async fn opened(desk: &Desk, object: &str, act: Act) -> Result<std::sync::Arc<Object>, Fault> {
    let definition = desk.object(object)?;
    if !desk.has_form(&definition) {
        return Err(Fault::missing());
    }
    // Editing is judged for the record; that there is nothing to see there is told first.
    if act == Act::Create && !desk.house().may(&desk.ctx, object, act) {
        return Err(desk.house().refuse(&desk.ctx, &definition.name, &[], act).await.into());
    }
    Ok(definition)
}

/// Links that the address sets: `/opportunity/new?company=…`.
async fn preset(desk: &Desk, sheet: &mut Sheet) -> Result<(), Fault> {
    let definition = std::sync::Arc::clone(&sheet.definition);
    for field in definition.fields() {
        if let (Kind::Link(to), Some(id)) = (&field.kind, desk.asked(&field.name).and_then(|id| id.parse().ok())) {
            let names = desk.house().titles(&desk.ctx, to, [id]).await?;
            sheet.preset(&names, &field.name, id);
        }
    }
    Ok(())
}

fn record_path(desk: &Desk, definition: &Object, id: RecordId, done: &str) -> String {
    let done = (!done.is_empty()).then(|| ("done", done.to_owned()));
    address(&format!("{}/{id}", list_path(definition)), desk.purpose_pair().into_iter().chain(done))
}

fn made(desk: &Desk, definition: &Object, id: RecordId, sent: &Pairs) -> Response {
    if value(sent, "then") == Some("new") {
        return see_other(&format!("{}/new?done=created", list_path(definition)));
    }
    see_other(&record_path(desk, definition, id, "created"))
}

fn of_new(desk: &Desk, sheet: &Sheet, origin: Option<Origin>) -> Form {
    let path = list_path(&sheet.definition);
    Form {
        heading: desk.new_label(&sheet.definition),
        back: Link::new(desk.label(&sheet.definition.plural), path.clone()),
        action: address(&path, desk.purpose_pair()),
        version: None,
        carried: Vec::new(),
        groups: sheet.groups(desk),
        origin,
        troubles: sheet.troubles(),
        and_new: true,
    }
}

fn of_change(desk: &Desk, sheet: &Sheet, id: RecordId, version: i64) -> Form {
    let path = record_path(desk, &sheet.definition, id, "");
    Form {
        heading: desk.lang().with("edit-object", &[("object", desk.inside(&sheet.definition.label).into())]),
        back: Link::new(desk.label(&sheet.definition.label), path.clone()),
        action: path,
        version: Some(version.to_string()),
        carried: sheet.carried(),
        groups: sheet.groups(desk),
        origin: None,
        troubles: sheet.troubles(),
        and_new: false,
    }
}

/// What a new person's data are for, as it was typed: source and bases.
fn stated(definition: &Object, sent: &Pairs) -> (Option<String>, Vec<BasisDraft>) {
    if definition.subject != Subject::Person {
        return (None, Vec::new());
    }
    let text = |key: &str| value(sent, key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let bases = sent.iter().filter(|(key, _)| key == "purpose").map(|(_, purpose)| {
        let basis = text(&format!("basis.{purpose}")).unwrap_or_default();
        let (law, basis) = basis.split_once(':').unwrap_or_default();
        BasisDraft {
            purpose: purpose.clone(),
            law: law.to_owned(),
            basis: basis.to_owned(),
            until: None,
            evidence: text(&format!("evidence.{purpose}")),
        }
    });
    (text("source"), bases.collect())
}

/// The part of a person's form that says what the data are for.
fn origin(desk: &Desk, definition: &Object, sent: &Pairs, wrong: &[FieldError]) -> Option<Origin> {
    if definition.subject != Subject::Person {
        return None;
    }
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let (source, bases) = stated(definition, sent);
    let found = |code: &str| wrong.iter().find(|error| error.code == code);
    let said = |error: &FieldError| words::cure(lang, &catalog, definition, error, None);
    let usual = desk.house().usable_purposes(&desk.ctx, definition).first().cloned();
    // The law that readers of the language mostly work under is offered first.
    let mut laws: Vec<&str> = catalog.laws().map(|law| law.name.as_str()).collect();
    laws.sort_by_key(|law| *law != if lang.is_zh() { "pipl" } else { "gdpr" });
    let choice = |name: &kernel::PurposeName| {
        let purpose = catalog.purpose(name)?;
        let stated = bases.iter().find(|draft| draft.purpose == name.as_str());
        let offered: Vec<Choice> = laws
            .iter()
            .filter_map(|law| Some((law, purpose.bases.get(*law)?)))
            .flat_map(|(law, bases)| bases.iter().map(move |basis| (*law, basis)))
            .map(|(law, basis)| Choice {
                value: format!("{law}:{basis}"),
                label: words::basis(lang, &catalog, law, basis),
                chosen: stated.is_some_and(|draft| draft.law == law && draft.basis == *basis),
            })
            .collect();
        let by_consent = purpose.bases.values().flatten().any(|basis| basis == "consent");
        let unproved = stated.is_some_and(|draft| draft.basis == "consent" && draft.evidence.is_none());
        let opens = definition
            .fields()
            .iter()
            .filter(|field| field.is_personal() && field.purposes == kernel::PurposeSet::EMPTY.with(purpose.purpose));
        Some(PurposeChoice {
            name: name.to_string(),
            label: purpose.label.of(lang.is_zh()).to_owned(),
            help: lang.with("kept-for", &[("period", words::retention(lang, &purpose.retention).into())]),
            chosen: if sent.is_empty() { usual.as_ref() == Some(name) } else { stated.is_some() },
            bases: offered,
            evidence: by_consent.then(|| Evidence {
                needed: purpose.consent > Consent::No,
                separate: purpose.consent == Consent::Separate,
                value: stated.and_then(|draft| draft.evidence.clone()).unwrap_or_default(),
                error: unproved.then(|| lang.t("invalid-evidence").to_owned()),
            }),
            opens: opens.map(|field| desk.label(&field.label).to_owned()).collect(),
        })
    };
    Some(Origin {
        purposes: definition.purposes.iter().filter_map(choice).collect(),
        source: Some(FormField {
            name: "source".into(),
            label: lang.t("source-question").to_owned(),
            help: Some(lang.t("source-help").to_owned()),
            required: true,
            input: Input::Line { kind: "text", value: source.unwrap_or_default(), max: Some(500) },
            error: found("source_missing").map(said),
            ..FormField::default()
        }),
        error: found("basis_missing").or_else(|| found("basis_not_allowed")).or_else(|| found("unknown_law")).map(said),
    })
}
