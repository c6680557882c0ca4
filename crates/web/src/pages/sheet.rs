//! What a form of a record holds: which fields, what stands in their boxes, what was typed and what that comes to.

use std::{collections::BTreeMap, sync::Arc};

use axum::body::Bytes;
use domain::{FieldError, ListAsk, Title};
use kernel::{FieldName, RecordId};
use model::{Field, Kind, Object, Value};
use seal::{Disclosed, DisclosedRow, Shown};

use super::{
    Desk, Fault,
    address::{Pairs, value},
    cells::Names,
    words,
};
use crate::{
    api::records::pairs,
    problem::Problem,
    view::{Choice, FormField, FormGroup, Input, Trouble},
};

/// How many records are offered when a typed title fits several.
const OFFERED: u64 = 8;
/// Stands for a text that names no record, so that the domain refuses it with everything else.
const NOBODY: &str = "?";

/// A form's body: pairs in order, line ends as one character.
pub fn typed(body: &Bytes) -> Result<Pairs, Fault> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::bad("form", "the form is not text"))?;
    let mut sent = pairs(Some(text))?;
    for (_, text) in &mut sent {
        if text.contains('\r') {
            *text = text.replace("\r\n", "\n");
        }
    }
    Ok(sent)
}

/// Records whose title fits what was typed: the one that is called exactly so, else every hit up to `most`.
pub async fn candidates(desk: &Desk, object: &str, text: &str, most: u64) -> Result<Vec<(RecordId, String)>, Fault> {
    let catalog = desk.house().catalog();
    let Some(definition) = catalog.object(object) else { return Ok(Vec::new()) };
    let mut ctx = desk.ctx.clone();
    if !ctx.purpose.as_ref().is_none_or(|purpose| definition.purposes.contains(purpose)) {
        ctx.purpose = None;
    }
    if !desk.house().may(&ctx, object, seal::policy::Act::View) {
        return Ok(Vec::new());
    }
    let ask =
        ListAsk { fields: Some(definition.title.clone()), q: Some(text.to_owned()), limit: most, ..ListAsk::default() };
    let page = desk.house().list(&ctx, object, &ask).await?.page;
    let all: Vec<_> = page.rows.iter().map(|row| (row.id, Title::of(&page, row).text)).collect();
    let fold = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    let same: Vec<_> = all.iter().filter(|(_, title)| fold(title) == fold(text)).cloned().collect();
    Ok(if same.len() == 1 { same } else { all })
}

/// The text of a value as a box takes it: what is sent back unchanged is the same text.
fn box_text(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::YesNo, Value::YesNo(yes)) => yes.to_string(),
        // The box of the browser knows no zone and no seconds: UTC is meant, and the help says so.
        (Kind::Time, Value::Time(at)) => super::desk::civil(*at).strftime("%Y-%m-%dT%H:%M").to_string(),
        _ => kind.show(value),
    }
}

/// What a box sent, as the kind reads it.
fn sent_text(kind: &Kind, text: &str) -> String {
    match kind {
        Kind::Time if text.len() == "2026-11-23T14:08".len() && text.contains('T') => format!("{text}:00Z"),
        _ => text.to_owned(),
    }
}

/// One field of a form in the making.
#[derive(Clone, Debug, Default)]
struct Slot {
    /// What stands in the box; for a link, the title.
    text: String,
    /// For a link: the record meant, and what it may be when that is not one.
    id: String,
    matches: Vec<Choice>,
    /// The mask of a value that may not be seen.
    mask: Option<String>,
    /// What the box held when the form was opened: the text that is compared with what is sent.
    was: Option<String>,
    error: Option<String>,
}

/// A form.
pub struct Sheet {
    /// The object.
    pub definition: Arc<Object>,
    slots: BTreeMap<usize, Slot>,
    troubles: Vec<Trouble>,
}

/// What was typed, ready for the domain.
#[derive(Default)]
pub struct Sent {
    /// Every field with what was typed, as the domain parses it.
    pub fields: Vec<(FieldName, String)>,
}

impl Sheet {
    /// An empty form of these fields, by position.
    pub fn blank(definition: Arc<Object>, fields: &[usize]) -> Self {
        let offered = |at: &&usize| !matches!(definition.fields()[**at].kind, Kind::File);
        let slots = fields.iter().filter(offered).map(|at| (*at, Slot::default())).collect();
        Self { slots, definition, troubles: Vec::new() }
    }

    /// A form of what a record holds, as far as it was disclosed.
    ///
    /// `fixed` are the fields that say whom the record is about: its values are sealed under that person's key.
    pub fn of(page: &Disclosed, row: &DisclosedRow, fields: &[usize], names: &Names, fixed: &[FieldName]) -> Self {
        let mut sheet = Self::blank(Arc::clone(&page.object), fields);
        sheet.slots.retain(|at, _| page.fields.contains(at));
        sheet.slots.retain(|at, _| !fixed.contains(&page.object.fields()[*at].name));
        for (at, slot) in &mut sheet.slots {
            let field = &page.object.fields()[*at];
            match page.value(row, &field.name) {
                Shown::Empty => slot.was = Some(String::new()),
                Shown::Masked(mask) => slot.mask = Some(mask.clone()),
                Shown::Clear(Value::Link(id)) => {
                    slot.id = id.to_string();
                    slot.was = Some(slot.id.clone());
                    slot.text = names.get(id).map_or_else(String::new, |title: &Title| title.text.clone());
                }
                Shown::Clear(value) => {
                    slot.text = box_text(&field.kind, value);
                    slot.was = Some(slot.text.clone());
                }
            }
        }
        // Linked to something the reader may not know of: it can be neither told nor typed over.
        sheet.slots.retain(|_, slot| slot.id.is_empty() || !slot.text.is_empty());
        sheet
    }

    /// The form as it was opened and sent: which fields it had is told by what they held then.
    pub fn sent_back(definition: Arc<Object>, fields: &[usize], sent: &Pairs) -> Self {
        let mut sheet = Self::blank(definition, fields);
        let definition = Arc::clone(&sheet.definition);
        sheet.slots.retain(|at, slot| {
            let name = definition.fields()[*at].name.as_str();
            slot.was = value(sent, &format!("was.{name}")).map(str::to_owned);
            slot.mask = value(sent, &format!("mask.{name}")).map(str::to_owned);
            slot.was.is_some() || slot.mask.is_some()
        });
        sheet
    }

    /// Takes what was typed; links typed by title are looked up.
    pub async fn take(&mut self, desk: &Desk, sent: &Pairs) -> Result<Sent, Fault> {
        let mut out = Sent::default();
        let definition = Arc::clone(&self.definition);
        for (at, slot) in &mut self.slots {
            let field = &definition.fields()[*at];
            let name = field.name.as_str();
            let all: Vec<&str> = sent.iter().filter(|(key, _)| key == name).map(|(_, text)| text.as_str()).collect();
            slot.text = if matches!(field.kind, Kind::ManyChoice(_)) {
                all.join(",")
            } else {
                all.first().copied().unwrap_or_default().to_owned()
            };
            let text = match &field.kind {
                Kind::Link(to) => link(desk, to, slot, sent, name).await?,
                kind => sent_text(kind, &slot.text),
            };
            out.fields.push((field.name.clone(), text));
        }
        Ok(out)
    }

    /// What differs from what the boxes held; an empty box over a mask keeps the value.
    pub fn changed(&self, sent: Sent) -> Vec<(FieldName, String)> {
        let slots = self.slots.values();
        sent.fields
            .into_iter()
            .zip(slots)
            .filter(|((_, text), slot)| match (&slot.was, &slot.mask) {
                (_, Some(_)) => !text.trim().is_empty(),
                (Some(was), None) => was.trim() != slot.compared(text).trim(),
                (None, None) => !text.trim().is_empty(),
            })
            .map(|(pair, _)| pair)
            .collect()
    }

    /// The names of its fields.
    pub fn names(&self) -> impl Iterator<Item = &FieldName> {
        self.slots.keys().map(|at| &self.definition.fields()[*at].name)
    }

    /// What a box held when the form was opened, and whether that was a mask.
    pub fn held(&self, name: &str) -> Option<(&str, bool)> {
        let slot = self.slot(name)?;
        match (&slot.mask, &slot.was) {
            (Some(mask), _) => Some((mask, true)),
            (None, was) => was.as_deref().map(|was| (was, false)),
        }
    }

    /// What stands in a box now; for a link, the title.
    pub fn shown(&self, name: &str) -> Option<&str> {
        self.slot(name).map(|slot| slot.text.as_str())
    }

    /// Sets what stands in a box before anything is typed: a link from the address.
    pub fn preset(&mut self, names: &Names, name: &str, id: RecordId) {
        let at = self.definition.fields().iter().position(|field| field.name.as_str() == name);
        if let Some(slot) = at.and_then(|at| self.slots.get_mut(&at))
            && let Some(title) = names.get(&id)
        {
            slot.id = id.to_string();
            slot.text.clone_from(&title.text);
        }
    }

    /// Marks what the domain found wrong.
    pub fn wrong(&mut self, desk: &Desk, errors: &[FieldError]) {
        let lang = desk.lang();
        let catalog = desk.house().catalog();
        for error in errors {
            let at = self.definition.fields().iter().position(|field| field.name.as_str() == error.field);
            let slot = at.and_then(|at| self.slots.get_mut(&at));
            let cure = match &slot {
                Some(slot) if !slot.matches.is_empty() => lang.t("invalid-several-records").to_owned(),
                Some(slot) if !slot.text.is_empty() && error.code == "link_form" => {
                    lang.t("invalid-no-record").to_owned()
                }
                _ => {
                    let text = slot.as_ref().map(|slot| slot.text.as_str());
                    words::cure(lang, &catalog, &self.definition, error, text)
                }
            };
            let label = words::field_label(lang, &self.definition, &error.field);
            let text = label.map_or_else(
                || cure.clone(),
                |label| lang.with("trouble", &[("field", label.into()), ("cure", cure.as_str().into())]),
            );
            let place = match error.field.as_str() {
                "bases" => Some("used-for".to_owned()),
                name => slot.is_some().then(|| name.to_owned()).or_else(|| (name == "source").then(|| name.to_owned())),
            };
            if let Some(slot) = slot {
                slot.error = Some(cure);
            }
            self.troubles.push(Trouble { field: place, text });
        }
    }

    /// Adds something wrong with the whole.
    pub fn trouble(&mut self, text: &str) {
        self.troubles.push(Trouble { field: None, text: text.to_owned() });
    }

    /// What is wrong, for the summary.
    pub fn troubles(&self) -> Vec<Trouble> {
        self.troubles.clone()
    }

    /// What the boxes held when the form was opened, to be sent along: `was.NAME`, and masks as `mask.NAME`.
    pub fn carried(&self) -> Pairs {
        self.slots
            .iter()
            .filter_map(|(at, slot)| {
                let name = &self.definition.fields()[*at].name;
                match (&slot.mask, &slot.was) {
                    (Some(mask), _) => Some((format!("mask.{name}"), mask.clone())),
                    (None, Some(was)) => Some((format!("was.{name}"), was.clone())),
                    (None, None) => None,
                }
            })
            .collect()
    }

    /// The fields in their groups.
    pub fn groups(&self, desk: &Desk) -> Vec<FormGroup> {
        let object = &self.definition;
        let mut groups: Vec<FormGroup> = Vec::new();
        let of_group = |group: Option<&str>| -> Vec<FormField> {
            self.slots
                .iter()
                .filter(|(at, _)| object.fields()[**at].group.as_deref() == group)
                .filter(|(at, _)| !self.beside_amount(**at))
                .map(|(at, slot)| self.field(desk, &object.fields()[*at], slot))
                .collect()
        };
        let bare = of_group(None);
        if !bare.is_empty() {
            groups.push(FormGroup { label: None, fields: bare });
        }
        for group in &object.groups {
            let fields = of_group(Some(&group.name));
            if !fields.is_empty() {
                groups.push(FormGroup { label: Some(desk.label(&group.label).to_owned()), fields });
            }
        }
        groups
    }

    /// Whether a field is the currency of the first amount that stands in the form: it is chosen there.
    fn beside_amount(&self, at: usize) -> bool {
        self.amount_of(self.definition.fields()[at].name.as_str()).is_some()
    }

    fn amount_of(&self, currency: &str) -> Option<usize> {
        self.slots.keys().copied().find(
            |at| matches!(&self.definition.fields()[*at].kind, Kind::Money { currency: of } if of.as_str() == currency),
        )
    }

    fn slot(&self, name: &str) -> Option<&Slot> {
        let at = self.definition.fields().iter().position(|field| field.name.as_str() == name)?;
        self.slots.get(&at)
    }

    fn field(&self, desk: &Desk, field: &Field, slot: &Slot) -> FormField {
        let mut help = field.help.as_ref().map(|help| desk.label(help).to_owned());
        if matches!(field.kind, Kind::Time) && help.is_none() {
            help = Some(desk.lang().t("time-help").to_owned());
        }
        FormField {
            name: field.name.to_string(),
            label: desk.label(&field.label).to_owned(),
            help,
            required: field.required,
            input: self.input(desk, field, slot),
            error: slot.error.clone(),
            mask: slot.mask.clone(),
            autocomplete: None,
        }
    }

    fn input(&self, desk: &Desk, field: &Field, slot: &Slot) -> Input {
        let line = |kind, max: Option<usize>| Input::Line {
            kind,
            value: slot.text.clone(),
            max: max.and_then(|max| u32::try_from(max).ok()),
        };
        match &field.kind {
            Kind::Text { max, .. } => line("text", Some(*max)),
            Kind::LongText { .. } => Input::Long { value: slot.text.clone() },
            Kind::Email => line("email", Some(254)),
            Kind::Phone => line("tel", Some(40)),
            Kind::Url => line("url", Some(2_000)),
            Kind::Choice(choices) => Input::One(choices_of(desk, choices, &slot.text)),
            Kind::ManyChoice(choices) => Input::Many(choices_of(desk, choices, &slot.text)),
            Kind::Number { .. } => line("number", None),
            Kind::Money { currency } => {
                let of = self.definition.field(currency);
                match (of, self.slot(currency), self.amount_of(currency)) {
                    (Some(of), Some(now), Some(at)) if self.definition.fields()[at].name == field.name => {
                        Input::Money {
                            value: slot.text.clone(),
                            currency: currency.to_string(),
                            currencies: std::iter::once(Choice { chosen: now.text.is_empty(), ..Choice::default() })
                                .chain(choices_of(desk, of.choices(), &now.text))
                                .map(|choice| Choice { label: choice.value.clone(), ..choice })
                                .collect(),
                        }
                    }
                    _ => line("number", None),
                }
            }
            Kind::Date => Input::Date(slot.text.clone()),
            Kind::Time => Input::Time(slot.text.clone()),
            Kind::YesNo => Input::YesNo(match slot.text.as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            }),
            Kind::Link(_) => {
                Input::Record { value: slot.text.clone(), id: slot.id.clone(), matches: slot.matches.clone() }
            }
            Kind::File => Input::Fixed(String::new()),
        }
    }
}

impl Slot {
    /// What is compared with `was`: a time as its box writes it.
    fn compared<'a>(&'a self, sent: &'a str) -> &'a str {
        if sent.ends_with(":00Z") { &self.text } else { sent }
    }
}

fn choices_of(desk: &Desk, choices: &[model::Choice], text: &str) -> Vec<Choice> {
    let chosen: Vec<&str> = text.split(',').collect();
    choices
        .iter()
        .map(|choice| Choice {
            value: choice.value.clone(),
            label: desk.label(&choice.label).to_owned(),
            chosen: chosen.contains(&choice.value.as_str()),
        })
        .collect()
}

/// The record that a box means: the one found by this very text before, or the one that is called so now.
async fn link(desk: &Desk, to: &str, slot: &mut Slot, sent: &Pairs, name: &str) -> Result<String, Fault> {
    let text = slot.text.trim().to_owned();
    if text.is_empty() {
        slot.id.clear();
        return Ok(String::new());
    }
    let of = |part: &str| value(sent, &format!("{name}.{part}")).unwrap_or_default().trim();
    if !of("id").is_empty() && of("for") == text {
        slot.id = of("id").to_owned();
        return Ok(slot.id.clone());
    }
    let found = candidates(desk, to, &text, OFFERED).await?;
    match &found[..] {
        [(id, title)] => {
            slot.id = id.to_string();
            slot.text.clone_from(title);
            Ok(slot.id.clone())
        }
        several => {
            slot.matches = several
                .iter()
                .map(|(id, title)| Choice { value: id.to_string(), label: title.clone(), chosen: false })
                .collect();
            Ok(NOBODY.to_owned())
        }
    }
}
