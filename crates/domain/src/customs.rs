//! Fields that an administrator adds in the browser: asked in plain words, written as the same documents as everybody
//! else's definitions, and applied while the system runs.

use std::fmt::Write;

use kernel::{FieldName, Level, RoleName};
use model::{Catalog, Document};
use seal::policy::SystemAct;

use crate::{Ctx, Error, FieldError, House, Plan, Result};

/// A field as it is asked for. Texts are as typed.
#[derive(Clone, Debug, Default)]
pub struct FieldDraft {
    /// Its name in SQL, API and ledger.
    pub name: String,
    /// Its label in English.
    pub en: String,
    /// Its label in Chinese.
    pub zh: String,
    /// What values it takes.
    pub kind: String,
    /// The choices of a choice, one a line: `value | English | 中文`.
    pub choices: String,
    /// The object a link leads to.
    pub to: String,
    /// Whether it says something about a person; nothing when it was not answered.
    pub personal: Option<bool>,
    /// Why it does not.
    pub because: String,
    /// The category of data.
    pub category: String,
    /// The purposes that need it.
    pub purposes: Vec<String>,
    /// How it is masked.
    pub mask: String,
    /// `cell` or `disk`.
    pub protect: String,
    /// `none`, `exact`, `text` or `both`.
    pub find: String,
    /// Whether the default list shows it.
    pub column: bool,
    /// Whether a record must have it.
    pub required: bool,
}

/// The file name of the fields that were added in the browser.
fn layer(object: &str) -> String {
    format!("own-{object}.toml")
}

impl House {
    /// What adding a field would change. Nothing is changed; every question left open is told at once.
    pub async fn plan_field(&self, ctx: &Ctx, object: &str, draft: &FieldDraft) -> Result<Plan> {
        let document = self.with_field(ctx, object, draft).await?;
        self.plan_object(ctx, &document).await
    }

    /// Adds a field to an object, online.
    pub async fn add_field(&self, ctx: &Ctx, object: &str, draft: &FieldDraft) -> Result<Plan> {
        let document = self.with_field(ctx, object, draft).await?;
        self.apply_object(ctx, &document, false).await
    }

    /// The roles that would see values of this category of an object, and how.
    pub fn seen_by(&self, object: &str, category: &str) -> Vec<(RoleName, Level)> {
        let rules = self.rules();
        let catalog = rules.catalog();
        let (Some(object), Some(category)) = (catalog.object(object), catalog.category(category)) else {
            return Vec::new();
        };
        let level = |name: &RoleName, role: &seal::policy::RoleRules| {
            let rules = role.object(&object.name)?;
            let views = rules.scope(seal::policy::Act::View) > seal::policy::Scope::None;
            let level = rules.level(&category.name);
            (views && level > Level::None).then(|| (name.clone(), level))
        };
        rules.matrix().roles.iter().filter_map(|(name, role)| level(name, role)).collect()
    }

    /// The administrator's documents: name, version, text.
    pub async fn layers(&self, ctx: &Ctx) -> Result<Vec<(String, i64, String)>> {
        self.allow(ctx, SystemAct::ManageObjects).await?;
        Ok(self.store.definitions().await?)
    }

    async fn with_field(&self, ctx: &Ctx, object: &str, draft: &FieldDraft) -> Result<Document> {
        self.allow(ctx, SystemAct::ManageObjects).await?;
        let catalog = self.catalog();
        let definition = catalog.object(object).ok_or_else(|| Error::Unknown("such object".into()))?;
        let wrong = missing(&catalog, definition, draft);
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let name = layer(&definition.name);
        let known = self.store.definitions().await?.into_iter().find(|(layer, ..)| *layer == name);
        let before = known.map_or_else(|| format!("extend = {}\n", quoted(&definition.name)), |(.., text)| text);
        Ok(Document { name, text: format!("{before}\n{}", block(draft)) })
    }
}

/// The questions that were not answered, or not well, in the order they are asked.
fn missing(catalog: &Catalog, object: &model::Object, draft: &FieldDraft) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let mut need = |field: &str, there: bool, code: &'static str, what: &str| {
        if !there {
            wrong.push(FieldError::new(field, code, what));
        }
    };
    need("en", !draft.en.trim().is_empty(), "required", "a label in English");
    need("zh", !draft.zh.trim().is_empty(), "required", "a label in Chinese");
    let form = FieldName::new(&draft.name).is_ok();
    need("name", form, "name_form", "small letters, digits and _, beginning with a letter");
    need("name", !form || object.field(&draft.name).is_none(), "taken", "there is a field of this name");
    need("kind", !draft.kind.is_empty(), "required", "a kind");
    let choice = matches!(draft.kind.as_str(), "choice" | "many_choice");
    need("choices", !choice || !choices(&draft.choices).is_empty(), "required", "a choice on each line");
    let link = draft.kind == "link";
    need("to", !link || catalog.object(&draft.to).is_some(), "not_a_choice", "an object it leads to");
    need("personal", draft.personal.is_some(), "required", "whether it says something about a person");
    if draft.personal == Some(false) {
        need("because", !draft.because.trim().is_empty(), "required", "why it tells nothing about a person");
    }
    if draft.personal == Some(true) {
        let category = catalog.category(&draft.category).is_some_and(|known| known.name.is_personal());
        need("category", category, "category_missing", "a category of personal data");
        let known = draft.purposes.iter().all(|purpose| catalog.purpose(purpose).is_some());
        need("purposes", !draft.purposes.is_empty() && known, "purpose", "a purpose that needs it");
        need("mask", !draft.mask.is_empty(), "mask_missing", "what is seen by those who may not see it");
        need("protect", !draft.protect.is_empty(), "required", "how it is kept");
    }
    wrong
}

fn choices(text: &str) -> Vec<[String; 3]> {
    let line = |line: &str| {
        let mut parts = line.split('|').map(str::trim).filter(|part| !part.is_empty());
        let value = parts.next()?.to_owned();
        let en = parts.next().unwrap_or(&value).to_owned();
        let zh = parts.next().unwrap_or(&en).to_owned();
        Some([value, en, zh])
    };
    text.lines().filter_map(line).collect()
}

/// The field as a document has it.
fn block(draft: &FieldDraft) -> String {
    let mut out = format!("[fields.{}]\n", draft.name);
    _ = writeln!(out, "label = {{ en = {}, zh = {} }}", quoted(draft.en.trim()), quoted(draft.zh.trim()));
    let mut line = |key: &str, value: &str| _ = writeln!(out, "{key} = {value}");
    line("kind", &quoted(&draft.kind));
    match draft.kind.as_str() {
        "link" => line("to", &quoted(&draft.to)),
        "choice" | "many_choice" => {
            let all: Vec<String> = choices(&draft.choices)
                .iter()
                .map(|[value, en, zh]| {
                    format!("{{ value = {}, en = {}, zh = {} }}", quoted(value), quoted(en), quoted(zh))
                })
                .collect();
            line("choices", &format!("[{}]", all.join(", ")));
        }
        _ => {}
    }
    if draft.personal == Some(true) {
        line("category", &quoted(&draft.category));
        let purposes: Vec<String> = draft.purposes.iter().map(|purpose| quoted(purpose)).collect();
        line("purposes", &format!("[{}]", purposes.join(", ")));
        line("mask", &quoted(&draft.mask));
        line("protect", &quoted(&draft.protect));
    } else {
        line("category", &quoted("not_personal"));
        line("because", &quoted(draft.because.trim()));
    }
    if !matches!(draft.find.as_str(), "" | "none") {
        line("find", &quoted(&draft.find));
    }
    for (key, on) in [("required", draft.required), ("column", draft.column)] {
        if on {
            line(key, "true");
        }
    }
    out
}

/// A TOML string, whatever is in it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
