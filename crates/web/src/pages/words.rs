//! What the domain answers, in words of both languages: errors, grounds, periods, rules.

use domain::FieldError;
use kernel::{FieldName, ObjectName, PurposeName};
use model::{Anchor, Catalog, Object, Retention};

use crate::{Lang, app::App, problem::Told};

/// What is wrong with a field and how to mend it. `typed` is what stood in the box: it gives the limit, and is never
/// repeated.
pub fn cure(lang: Lang, catalog: &Catalog, object: &Object, wrong: &FieldError, typed: Option<&str>) -> String {
    let field = object.field(&wrong.field);
    let code = match wrong.code {
        "no_such_record" => "no_record",
        "source_missing" => "source",
        "basis_missing" => "purpose",
        "evidence_missing" => "evidence",
        code => code,
    };
    if code == "no_live_purpose" {
        let names = field.map(|field| purposes(lang, catalog, &catalog.names_of(field.purposes))).unwrap_or_default();
        return lang.with("invalid-no-live-purpose", &[("limit", names.into())]);
    }
    let limit = field
        .zip(typed)
        .and_then(|(field, typed)| field.kind.parse(typed).err())
        .and_then(|invalid| invalid.limit().map(str::to_owned));
    lang.invalid(code, limit.as_deref()).unwrap_or_else(|| lang.t("invalid-other").to_owned())
}

/// The label of a field, or of the part of a form that is no field.
pub fn field_label(lang: Lang, object: &Object, name: &str) -> Option<String> {
    let built_in = match name {
        "owner" => Some("owner"),
        "team" => Some("team"),
        "created_at" => Some("created-at"),
        "updated_at" => Some("updated-at"),
        "source" => Some("source"),
        "bases" => Some("purposes"),
        _ => None,
    };
    let field = object.field(name).map(|field| field.label.of(lang.is_zh()).to_owned());
    field.or_else(|| built_in.and_then(|key| lang.find(key)).map(str::to_owned))
}

/// What exactly was refused, if there is more to say than the status.
pub fn detail(app: &App, lang: Lang, told: &Told, field: Option<&(ObjectName, FieldName)>) -> Option<String> {
    let catalog = app.house.catalog();
    if let Some((object, field)) = field {
        let label = field_label(lang, catalog.object(object)?, field)?;
        return Some(lang.with("error-field", &[("field", label.into())]));
    }
    if told.fields.is_empty() {
        return match told.code {
            "purpose_refused" => Some(lang.t("error-purpose").to_owned()),
            "personal_address" => Some(lang.t("error-personal-address").to_owned()),
            _ => None,
        };
    }
    let words = told.fields.iter().map(|wrong| {
        let code = lang.invalid(wrong.code, None);
        code.unwrap_or_else(|| lang.t("invalid-other").to_owned())
    });
    let mut words: Vec<String> = words.collect();
    words.dedup();
    Some(words.join(lang.gap()))
}

/// The label of a purpose.
pub fn purpose(lang: Lang, catalog: &Catalog, name: &str) -> String {
    catalog.purpose(name).map_or_else(|| name.to_owned(), |purpose| purpose.label.of(lang.is_zh()).to_owned())
}

/// The labels of purposes, as a list in words.
pub fn purposes(lang: Lang, catalog: &Catalog, names: &[&PurposeName]) -> String {
    let labels: Vec<String> = names.iter().map(|name| purpose(lang, catalog, name)).collect();
    labels.join(lang.t("list-comma"))
}

/// The label of a basis, with its law: `Consent · GDPR (European Union)`.
pub fn basis(lang: Lang, catalog: &Catalog, law: &str, basis: &str) -> String {
    let zh = lang.is_zh();
    let Some(def) = catalog.law(law) else { return basis.to_owned() };
    let name = def.bases.iter().find(|b| b.name == basis).map_or(basis, |b| b.label.of(zh));
    format!("{name} · {}", def.label.of(zh))
}

/// A period in words: `3 years after the last activity`.
pub fn retention(lang: Lang, retention: &Retention) -> String {
    let span = &retention.span;
    let (n, key) = match (span.get_years(), span.get_months(), span.get_weeks(), span.get_days()) {
        (years, ..) if years != 0 => (i64::from(years), "span-years"),
        (_, months, ..) if months != 0 => (i64::from(months), "span-months"),
        (_, _, weeks, _) if weeks != 0 => (i64::from(weeks), "span-weeks"),
        (.., days) => (i64::from(days), "span-days"),
    };
    let span = || lang.with(key, &[("n", n.into())]);
    let key = match retention.after {
        Anchor::LastActivity => "kept-after-activity",
        Anchor::Since => "kept-after-since",
        Anchor::EndOfYear => "kept-after-year",
        Anchor::Withdrawn => return lang.t("kept-until-withdrawn").to_owned(),
    };
    lang.with(key, &[("span", span().into())])
}

/// A rule of the policy in words. `told` is `id: words`, as the policy itself says it in English; rules that follow from
/// the role matrix are said anew in the reader's language, an expert's policy in its own words.
pub fn rule(app: &App, lang: Lang, told: &str) -> (String, String) {
    let (id, words) = told.split_once(": ").unwrap_or((told, told));
    let made = match id.strip_prefix("house/").unwrap_or(id) {
        "live_purpose" => Some(lang.t("rule-live-purpose").to_owned()),
        "restricted" => Some(lang.t("rule-restricted").to_owned()),
        "emergency_reads" => Some(lang.t("rule-emergency-reads").to_owned()),
        _ => of_matrix(app, lang, id),
    };
    (made.unwrap_or_else(|| words.to_owned()), id.to_owned())
}

/// The words of `sales/contact/view/team`.
fn of_matrix(app: &App, lang: Lang, id: &str) -> Option<String> {
    let zh = lang.is_zh();
    let rules = app.house.rules();
    let parts: Vec<&str> = id.split('/').collect();
    let role = rules.matrix().roles.get(*parts.first()?)?.label.of(zh);
    if parts.get(3) == Some(&"emergency") {
        return Some(lang.with("rule-emergency", &[("role", role.into())]));
    }
    let object = rules.catalog().object(parts.get(1)?)?;
    let plural = object.plural.of(zh);
    let plural = if zh { plural.to_owned() } else { plural.to_lowercase() };
    let scope = match parts.last()?.split('#').next()? {
        "own" => "scope-own",
        "team" => "scope-team",
        "subtree" => "scope-subtree",
        "all" => "scope-all",
        _ => return None,
    };
    let act = match *parts.get(2)? {
        "view" => "rule-view",
        "create" => "rule-create",
        "edit" => "rule-edit",
        "delete" => "rule-delete",
        "import" => "rule-import",
        "export" => "rule-export",
        "reveal" => "rule-reveal",
        "masked" => "rule-masked",
        "clear" => "rule-clear",
        _ => return None,
    };
    let what = lang.with(scope, &[("objects", plural.into())]);
    Some(lang.with(act, &[("role", role.into()), ("what", what.into())]))
}

/// A prepared sentence for revealing, by purpose.
pub fn need(lang: Lang, catalog: &Catalog, name: &str) -> String {
    match name {
        "account_care" => lang.t("need-account-care").to_owned(),
        "quoting" => lang.t("need-quoting").to_owned(),
        "order_fulfilment" => lang.t("need-order-fulfilment").to_owned(),
        "quality_safety" => lang.t("need-quality-safety").to_owned(),
        "legal_duty" => lang.t("need-legal-duty").to_owned(),
        other => lang.with("need-purpose", &[("purpose", purpose(lang, catalog, other).into())]),
    }
}
