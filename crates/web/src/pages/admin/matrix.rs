//! The cells of a role's matrix as a form, and a form as a matrix.

use kernel::{Category, Level, RoleName};
use model::Object;
use seal::policy::{Act, CategoryKey, Matrix, ObjectKey, ObjectRules, Purposes, RoleRules, Scope, SystemAct};

use super::values;
use crate::{
    Lang,
    pages::{
        Desk, Fault,
        address::{Pairs, value},
        words,
    },
    view::{Choice, FormField, Grid, Input, Td},
};

/// The table: a row for each object, an act in each column, the levels of its categories unfolded beside them.
pub fn grid(desk: &Desk, role: &RoleRules) -> Grid {
    let lang = desk.lang();
    let mut columns = vec![lang.t("object").to_owned()];
    columns.extend(Act::ALL.iter().map(|one| act(lang, *one)));
    columns.push(lang.t("levels").to_owned());
    let rows = rows_of(desk, role).into_iter().map(|(key, label, categories)| {
        let none = ObjectRules::default();
        let rules = role.objects.get(&key).unwrap_or(&none);
        let mut cells = vec![Td::Text(label.clone())];
        cells.extend(Act::ALL.iter().map(|one| Td::Select {
            name: format!("a.{key}.{one}"),
            label: lang.with("right-act", &[("act", act(lang, *one).into()), ("object", label.clone().into())]),
            told: false,
            choices: Scope::ALL.map(|scope| scope_choice(lang, scope, rules.scope(*one))).into(),
        }));
        let level = |name: &CategoryKey| {
            let chosen = match name {
                CategoryKey::Any => rules.levels.get(&CategoryKey::Any).copied().unwrap_or(Level::None),
                CategoryKey::Named(name) => rules.level(name),
            };
            Td::Select {
                name: format!("l.{key}.{name}"),
                label: category(desk, name),
                told: true,
                choices: [Level::None, Level::Masked, Level::Clear].map(|one| level_choice(lang, one, chosen)).into(),
            }
        };
        cells.push(Td::Many(categories.iter().map(level).collect()));
        cells
    });
    Grid { heading: lang.t("matrix").to_owned(), columns, rows: rows.collect(), empty: String::new() }
}

/// The rows of a role: every object that it names or could name, and `*` where it has a rule for the rest.
fn rows_of(desk: &Desk, role: &RoleRules) -> Vec<(ObjectKey, String, Vec<CategoryKey>)> {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let rest = role.objects.get(&ObjectKey::Any);
    let mut rows = Vec::new();
    for object in catalog.objects() {
        let key = ObjectKey::Named(object.name.clone());
        // Under a rule for the rest, an object without rules of its own follows that; a row would cut it off.
        if rest.is_none() || role.objects.contains_key(&key) {
            rows.push((key, desk.label(&object.plural).to_owned(), categories(object)));
        }
    }
    if let Some(rules) = rest {
        let mut named: Vec<CategoryKey> = rules.levels.keys().cloned().collect();
        named.sort_by_key(|key| *key == CategoryKey::Any);
        rows.push((ObjectKey::Any, lang.t("objects-rest").to_owned(), named));
    }
    rows
}

fn categories(object: &Object) -> Vec<CategoryKey> {
    let mut found: Vec<CategoryKey> = Vec::new();
    for field in object.fields() {
        let key = CategoryKey::Named(field.category.clone());
        if !found.contains(&key) {
            found.push(key);
        }
    }
    found
}

/// The fields under the table: purposes and acts on the system.
pub fn fields(desk: &Desk, role: &RoleRules) -> Vec<FormField> {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let purposes = catalog.purposes().map(|purpose| Choice {
        value: purpose.name.to_string(),
        label: desk.label(&purpose.label).to_owned(),
        chosen: role.purposes.has(&purpose.name),
    });
    let acts = SystemAct::ALL.iter().filter(|one| **one != SystemAct::EmergencyAccess);
    let acts = acts.map(|one| Choice {
        value: one.word().into(),
        label: system(lang, *one),
        chosen: role.system.contains(one),
    });
    let field = |name: &str, label: &'static str, choices: Vec<Choice>| FormField {
        name: name.into(),
        label: lang.t(label).to_owned(),
        input: Input::Many(choices),
        ..FormField::default()
    };
    vec![field("purposes", "role-purposes", purposes.collect()), field("system", "role-system", acts.collect())]
}

/// The matrix with a role as the form has it. Cells that were not sent stay as they are.
pub fn edited(desk: &Desk, before: &Matrix, name: &RoleName, sent: &Pairs) -> Result<Matrix, Fault> {
    let mut matrix = before.clone();
    let role = before.roles.get(name).ok_or_else(Fault::missing)?;
    for (key, _, categories) in rows_of(desk, role) {
        let none = ObjectRules::default();
        let was = role.objects.get(&key).unwrap_or(&none).clone();
        let mut rules = was.clone();
        for act in Act::ALL {
            let Some(word) = value(sent, &format!("a.{key}.{act}")) else { continue };
            let scope: Scope = word.parse().map_err(|_| Fault::missing())?;
            if scope != was.scope(*act) {
                rules.scopes.insert(*act, scope);
            }
        }
        for category in categories {
            let Some(word) = value(sent, &format!("l.{key}.{category}")) else { continue };
            let level = [Level::None, Level::Masked, Level::Clear].into_iter().find(|level| level.word() == word);
            let level = level.ok_or_else(Fault::missing)?;
            let now = match &category {
                CategoryKey::Any => was.levels.get(&CategoryKey::Any).copied().unwrap_or(Level::None),
                CategoryKey::Named(name) => was.level(name),
            };
            if level != now {
                rules.levels.insert(category, level);
            }
        }
        if rules != was
            && let Some(place) = matrix.rules_mut(name, key)
        {
            *place = rules;
        }
    }
    if let Some(role) = matrix.roles.get_mut(name) {
        let chosen = values(sent, "purposes");
        let all = desk.house().catalog();
        let all: Vec<_> = all.purposes().map(|purpose| purpose.name.clone()).collect();
        let is = |purpose: &kernel::PurposeName| chosen.iter().any(|one| one == purpose.as_str());
        // Their order is an order of preference, and stays.
        if all.iter().any(|purpose| is(purpose) != role.purposes.has(purpose)) {
            let kept = match &role.purposes {
                Purposes::Any => all.clone(),
                Purposes::These(list) => list.clone(),
            };
            let mut list: Vec<_> = kept.into_iter().filter(is).collect();
            list.extend(all.into_iter().filter(|purpose| is(purpose) && !list.contains(purpose)).collect::<Vec<_>>());
            role.purposes = Purposes::These(list);
        }
        let acts = values(sent, "system");
        role.system.retain(|act| *act == SystemAct::EmergencyAccess);
        role.system.extend(acts.iter().filter_map(|word| word.parse::<SystemAct>().ok()));
    }
    Ok(matrix)
}

fn scope_choice(lang: Lang, scope: Scope, chosen: Scope) -> Choice {
    Choice { value: scope.word().into(), label: scope_word(lang, scope).to_owned(), chosen: scope == chosen }
}

fn level_choice(lang: Lang, level: Level, chosen: Level) -> Choice {
    Choice { value: level.word().into(), label: level_word(lang, level).to_owned(), chosen: level == chosen }
}

fn scope_word(lang: Lang, scope: Scope) -> &'static str {
    lang.t(match scope {
        Scope::None => "reach-none",
        Scope::Own => "reach-own",
        Scope::Team => "reach-team",
        Scope::Subtree => "reach-subtree",
        Scope::All => "reach-all",
    })
}

/// A level as a word.
pub fn level_word(lang: Lang, level: Level) -> &'static str {
    lang.t(match level {
        Level::None => "level-none",
        Level::Masked => "level-masked",
        Level::Clear => "level-clear",
    })
}

/// An act on records as a word.
pub fn act(lang: Lang, act: Act) -> String {
    let key = format!("can-{act}");
    lang.find(&key).unwrap_or(act.word()).to_owned()
}

/// An act on the system in words.
pub fn system(lang: Lang, act: SystemAct) -> String {
    let key = format!("can-{}", act.word().replace('_', "-"));
    lang.find(&key).unwrap_or(act.word()).to_owned()
}

fn category(desk: &Desk, key: &CategoryKey) -> String {
    match key {
        CategoryKey::Any => desk.lang().t("categories-rest").to_owned(),
        CategoryKey::Named(name) => category_label(desk, name),
    }
}

/// The label of a category.
pub fn category_label(desk: &Desk, name: &Category) -> String {
    let catalog = desk.house().catalog();
    catalog.category(name).map_or_else(|| name.to_string(), |category| desk.label(&category.label).to_owned())
}

/// A place of the matrix (`sales/contact/levels/identity`) in words.
pub fn place(desk: &Desk, place: &str) -> String {
    let lang = desk.lang();
    let rules = desk.house().rules();
    let catalog = desk.house().catalog();
    let mut parts = place.split('/');
    let role = parts.next().unwrap_or_default();
    let label = rules.matrix().roles.iter().find(|(name, _)| name.as_str() == role);
    let mut told = vec![label.map_or_else(|| role.to_owned(), |(_, role)| desk.label(&role.label).to_owned())];
    for part in parts {
        let object = catalog.object(part).map(|object| desk.label(&object.plural).to_owned());
        let word = match part {
            "levels" => continue,
            "*" => lang.t("objects-rest").to_owned(),
            "purposes" => lang.t("role-purposes").to_owned(),
            "system" => lang.t("role-system").to_owned(),
            other => object.unwrap_or_else(|| {
                let act = lang.find(&format!("can-{}", other.replace('_', "-"))).map(str::to_owned);
                let category = Category::new(other).ok().map(|name| category_label(desk, &name));
                act.or(category).unwrap_or_else(|| other.to_owned())
            }),
        };
        told.push(word);
    }
    told.join(" › ")
}

/// What stands in a cell, in words.
pub fn word(desk: &Desk, text: &str) -> String {
    let lang = desk.lang();
    if let Ok(scope) = text.parse::<Scope>() {
        return scope_word(lang, scope).to_owned();
    }
    match text {
        "masked" => lang.t("level-masked").to_owned(),
        "clear" => lang.t("level-clear").to_owned(),
        "yes" => lang.t("yes").to_owned(),
        _ => {
            let catalog = desk.house().catalog();
            let names = text.split(", ").map(|name| words::purpose(lang, &catalog, name));
            names.collect::<Vec<_>>().join(lang.t("list-comma"))
        }
    }
}
