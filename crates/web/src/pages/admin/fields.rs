//! Objects and the fields an administrator adds to them, asked in plain words.

use axum::{body::Bytes, extract::Path};
use domain::{FieldDraft, Plan};
use kernel::Level;
use model::{Field, Mask, Object};
use seal::policy::SystemAct;

use super::{back, drawn, line, matrix, one, troubles, values};
use crate::{
    Lang,
    pages::{
        Answer, Desk,
        address::{Pairs, see_other, value},
        sheet::typed,
        words,
    },
    ui::{Link, Tone},
    view::{Choice, FormField, Grid, Input, Office, Part, Sheet, Td, Trouble},
};

const PAGE: &str = "/admin/objects";
/// Kinds offered, the usual ones first; money and files need more than one question.
const KINDS: [&str; 11] =
    ["text", "long_text", "choice", "many_choice", "number", "date", "yes_no", "email", "phone", "url", "link"];

/// `GET /admin/objects`
pub async fn list(desk: Desk) -> Answer {
    super::entered(&desk, SystemAct::ManageObjects).await?;
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let row = |object: &std::sync::Arc<Object>| {
        let personal = object.fields().iter().filter(|field| field.is_personal()).count();
        vec![
            Td::Link(Link::new(desk.label(&object.plural), format!("{PAGE}/{}", object.name))),
            Td::Text(object.fields().len().to_string()),
            Td::Text(personal.to_string()),
            Td::Code(object.name.to_string()),
        ]
    };
    let grid = Grid {
        heading: lang.t("objects").to_owned(),
        columns: ["object", "fields", "personal-fields", "name"].map(|key| lang.t(key).to_owned()).into(),
        rows: catalog.objects().map(row).collect(),
        empty: String::new(),
    };
    drawn(
        &desk,
        Office {
            heading: lang.t("objects").to_owned(),
            back: back(lang, None),
            under: Some(lang.t("objects-about").to_owned()),
            parts: vec![Part::Grid(grid)],
            ..Office::default()
        },
    )
}

/// `GET /admin/objects/{object}`
pub async fn show(desk: Desk, Path(object): Path<String>) -> Answer {
    super::entered(&desk, SystemAct::ManageObjects).await?;
    let lang = desk.lang();
    let object = desk.object(&object)?;
    let catalog = desk.house().catalog();
    let row = |field: &Field| {
        let why = match &field.because {
            Some(because) => because.clone(),
            None => words::purposes(lang, &catalog, &catalog.names_of(field.purposes)),
        };
        vec![
            Td::Text(desk.label(&field.label).to_owned()),
            Td::Text(kind(lang, field.kind.word())),
            Td::Text(matrix::category_label(&desk, &field.category)),
            Td::Text(why),
            Td::Text(if field.is_personal() { mask(lang, field.mask.word()) } else { String::new() }),
            Td::Code(field.name.to_string()),
        ]
    };
    let columns = ["field", "field-kind", "field-category", "field-why", "field-mask", "name"];
    let grid = Grid {
        heading: lang.t("fields").to_owned(),
        columns: columns.map(|key| lang.t(key).to_owned()).into(),
        rows: object.fields().iter().map(row).collect(),
        empty: String::new(),
    };
    drawn(
        &desk,
        Office {
            heading: desk.label(&object.plural).to_owned(),
            back: back(lang, Some(("objects", PAGE))),
            links: vec![Link::new(lang.t("field-new"), format!("{PAGE}/{}/new", object.name))],
            parts: vec![Part::Grid(grid)],
            ..Office::default()
        },
    )
}

/// `GET /admin/objects/{object}/new`
pub async fn blank(desk: Desk, Path(object): Path<String>) -> Answer {
    super::entered(&desk, SystemAct::ManageObjects).await?;
    let object = desk.object(&object)?;
    drawn(&desk, form(&desk, &object, &Pairs::new(), Vec::new(), None))
}

/// `POST /admin/objects/{object}/new`: shows what would come of it, and adds it when it was shown.
pub async fn create(desk: Desk, Path(object): Path<String>, body: Bytes) -> Answer {
    let object = desk.object(&object)?;
    let sent = typed(&body)?;
    let draft = draft(&sent);
    if value(&sent, "step") == Some("add") {
        return match desk.house().add_field(&desk.ctx, &object.name, &draft).await {
            Ok(_) => Ok(see_other(&format!("{PAGE}/{}?done=created", object.name))),
            Err(error) => drawn(&desk, form(&desk, &object, &sent, troubles(&desk, error)?, None)),
        };
    }
    match desk.house().plan_field(&desk.ctx, &object.name, &draft).await {
        Ok(plan) => drawn(&desk, form(&desk, &object, &sent, Vec::new(), Some((&draft, &plan)))),
        Err(error) => drawn(&desk, form(&desk, &object, &sent, troubles(&desk, error)?, None)),
    }
}

fn draft(sent: &Pairs) -> FieldDraft {
    let text = |key: &str| value(sent, key).unwrap_or_default().trim().to_owned();
    let en = text("en");
    let name = text("name");
    FieldDraft {
        // Without a name of its own a field is called after its label.
        name: if name.is_empty() { called(&en) } else { name },
        en,
        zh: text("zh"),
        kind: text("kind"),
        choices: text("choices"),
        to: text("to"),
        personal: match value(sent, "personal") {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        },
        because: text("because"),
        category: text("category"),
        purposes: values(sent, "purposes"),
        mask: text("mask"),
        protect: text("protect"),
        find: text("find"),
        column: value(sent, "column") == Some("true"),
        required: value(sent, "required") == Some("true"),
    }
}

/// `Visitor badge` becomes `visitor_badge`.
fn called(label: &str) -> String {
    let words = label.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_");
    name.chars().take(40).collect()
}

fn form(
    desk: &Desk,
    object: &Object,
    sent: &Pairs,
    wrong: Vec<Trouble>,
    preview: Option<(&FieldDraft, &Plan)>,
) -> Office {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let text = |key: &str| value(sent, key).unwrap_or_default();
    let error = |name: &str| {
        wrong.iter().find(|trouble| trouble.field.as_deref() == Some(name)).map(|trouble| trouble.text.clone())
    };
    let choice =
        |key: &str, value: &str, label: String| Choice { chosen: text(key) == value, value: value.to_owned(), label };
    let kinds = KINDS.iter().map(|word| choice("kind", word, kind(lang, word))).collect();
    let objects = catalog.objects().map(|to| choice("to", &to.name, desk.label(&to.label).to_owned())).collect();
    let categories = catalog.categories().filter(|category| category.name.is_personal());
    let categories = categories.map(|c| choice("category", &c.name, desk.label(&c.label).to_owned())).collect();
    let chosen = values(sent, "purposes");
    let offered = catalog.purposes().filter(|purpose| object.purposes.contains(&purpose.name));
    let purposes = offered.map(|purpose| Choice {
        value: purpose.name.to_string(),
        label: desk.label(&purpose.label).to_owned(),
        chosen: chosen.iter().any(|one| one == purpose.name.as_str()),
    });
    let masks = Mask::EVERY.map(|one| choice("mask", one.word(), mask(lang, one.word()))).into();
    let protects =
        [("cell", "protect-cell"), ("disk", "protect-disk")].map(|(w, key)| choice("protect", w, lang.t(key).into()));
    let finds = [("none", "find-none"), ("exact", "find-exact"), ("text", "find-text"), ("both", "find-both")];
    let finds = finds.map(|(word, key)| choice("find", word, lang.t(key).to_owned()));
    let helped = |field: FormField, help: &'static str| FormField { help: Some(lang.t(help).to_owned()), ..field };
    let optional = |name: &str, label: &'static str| FormField {
        required: false,
        ..line(name, lang.t(label), "text", text(name))
    };
    let yes_no = |name: &str, label: &'static str, required: bool, or: Option<bool>| FormField {
        name: name.into(),
        label: lang.t(label).to_owned(),
        required,
        input: Input::YesNo(match text(name) {
            "true" => Some(true),
            "false" => Some(false),
            _ => or,
        }),
        ..FormField::default()
    };
    let mut fields = vec![
        line("en", lang.t("label-en"), "text", text("en")),
        line("zh", lang.t("label-zh"), "text", text("zh")),
        helped(optional("name", "field-name"), "field-name-help"),
        one("kind", lang.t("field-kind"), true, kinds),
        helped(
            FormField {
                name: "choices".into(),
                label: lang.t("field-choices").to_owned(),
                input: Input::Long { value: text("choices").to_owned() },
                ..FormField::default()
            },
            "field-choices-help",
        ),
        helped(one("to", lang.t("field-to"), false, objects), "field-to-help"),
        helped(yes_no("personal", "field-personal", true, None), "field-personal-help"),
        helped(optional("because", "field-because"), "field-because-help"),
        helped(one("category", lang.t("field-category"), false, categories), "field-category-help"),
        helped(
            FormField {
                name: "purposes".into(),
                label: lang.t("field-purposes").to_owned(),
                input: Input::Many(purposes.collect()),
                ..FormField::default()
            },
            "field-purposes-help",
        ),
        helped(one("mask", lang.t("field-mask"), false, masks), "field-mask-help"),
        helped(one("protect", lang.t("field-protect"), false, protects.into()), "field-protect-help"),
        one("find", lang.t("field-find"), false, finds.into()),
        yes_no("column", "field-column", false, Some(false)),
        yes_no("required", "field-required", false, Some(false)),
    ];
    for field in &mut fields {
        field.error = error(&field.name);
    }
    let sheet = Sheet {
        heading: lang.t("field-new").to_owned(),
        help: Some(lang.t("field-new-help").to_owned()),
        action: format!("{PAGE}/{}/new", object.name),
        fields,
        button: lang.t(if preview.is_some() { "preview-again" } else { "preview" }).to_owned(),
        other: preview.map(|_| ("step".to_owned(), "add".to_owned(), lang.t("field-add").to_owned())),
        ..Sheet::default()
    };
    let mut parts = vec![Part::Desk(Box::new(sheet))];
    if let Some((draft, plan)) = preview {
        parts.splice(0..0, previewed(desk, object, draft, plan));
    }
    Office {
        heading: lang.with("field-heading", &[("object", desk.inside(&object.label).into())]),
        back: Some(Link::new(desk.label(&object.plural), format!("{PAGE}/{}", object.name))),
        troubles: wrong,
        parts,
        ..Office::default()
    }
}

/// What the field would be, and who would see it.
fn previewed(desk: &Desk, object: &Object, draft: &FieldDraft, plan: &Plan) -> Vec<Part> {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let rules = desk.house().rules();
    let personal = draft.personal == Some(true);
    let category = if personal { draft.category.as_str() } else { "not_personal" };
    let seers = desk.house().seen_by(&object.name, category);
    let told = |level: Level| {
        let names = seers.iter().filter(|(_, of)| *of == level);
        let label = |(name, _): &(kernel::RoleName, Level)| {
            rules.matrix().roles.get(name).map(|role| desk.label(&role.label).to_owned())
        };
        let names: Vec<String> = names.filter_map(label).collect();
        if names.is_empty() { lang.t("review-none").to_owned() } else { names.join(lang.t("list-comma")) }
    };
    let purposes: Vec<String> = draft.purposes.iter().map(|name| words::purpose(lang, &catalog, name)).collect();
    let mut facts = vec![
        (lang.t("label-en").to_owned(), draft.en.clone()),
        (lang.t("label-zh").to_owned(), draft.zh.clone()),
        (lang.t("field-name").to_owned(), draft.name.clone()),
        (lang.t("field-kind").to_owned(), kind(lang, &draft.kind)),
    ];
    if personal {
        facts.push((lang.t("field-purposes").to_owned(), purposes.join(lang.t("list-comma"))));
        facts.push((lang.t("field-mask").to_owned(), mask(lang, &draft.mask)));
    } else {
        facts.push((lang.t("field-because").to_owned(), draft.because.clone()));
    }
    facts.push((lang.t("seen-clear").to_owned(), told(Level::Clear)));
    facts.push((lang.t("seen-masked").to_owned(), told(Level::Masked)));
    let mut parts = vec![Part::Facts { heading: lang.t("preview").to_owned(), facts }];
    if plan.losses.is_empty() {
        parts.push(Part::Note(Tone::Accent, lang.t("plan-online").to_owned()));
    }
    parts
}

fn kind(lang: Lang, word: &str) -> String {
    lang.find(&format!("kind-{}", word.replace('_', "-"))).unwrap_or(word).to_owned()
}

fn mask(lang: Lang, word: &str) -> String {
    lang.find(&format!("mask-{}", word.replace('_', "-"))).unwrap_or(word).to_owned()
}
