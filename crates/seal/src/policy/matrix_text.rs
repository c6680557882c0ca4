//! The matrix as TOML: reading with the line of every mistake, and the one canonical way of writing it.

use std::{collections::BTreeMap, fmt::Write, str::FromStr};

use kernel::{Level, PurposeName, RoleName};
use model::Label;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Act, CategoryKey, Matrix, ObjectKey, ObjectRules, PolicyProblem, Purposes, RoleRules, Scope, SystemAct};

pub(super) fn parse(file: &str, text: &str) -> Result<Matrix, Vec<PolicyProblem>> {
    let mut reader = Reader { file, text, problems: Vec::new(), lines: BTreeMap::new() };
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let line = error.span().map(|span| reader.line(span.start));
            return Err(vec![PolicyProblem::new(file, line, error.message().to_owned())]);
        }
    };
    let mut roles = BTreeMap::new();
    for (key, value) in document.get_ref() {
        match key.get_ref().as_ref() {
            "roles" => roles = reader.roles(value),
            other => reader.problem(key.span().start, format!("unknown key `{other}`: only `roles` is known here")),
        }
    }
    if reader.problems.is_empty() {
        Ok(Matrix { roles, file: file.to_owned(), lines: reader.lines })
    } else {
        reader.problems.sort();
        Err(reader.problems)
    }
}

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    problems: Vec<PolicyProblem>,
    lines: BTreeMap<String, usize>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        1 + self.text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count()
    }

    fn problem(&mut self, at: usize, what: String) {
        let line = self.line(at);
        self.problems.push(PolicyProblem::new(self.file, Some(line), what));
    }

    fn place(&mut self, path: String, at: usize) {
        let line = self.line(at);
        self.lines.insert(path, line);
    }

    fn table<'v, 'i>(&mut self, value: &'v Value<'i>, what: &str) -> Option<&'v DeTable<'i>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.problem(value.span().start, format!("{what} is a table"));
        None
    }

    fn text(&mut self, value: &Value<'_>, what: &str) -> Option<String> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(text.to_string());
        }
        self.problem(value.span().start, format!("{what} is text"));
        None
    }

    /// A word of a closed list, or a name.
    fn word<T: FromStr>(&mut self, value: &Value<'_>, what: &str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.text(value, what)?;
        self.parsed(&text, value.span().start)
    }

    fn parsed<T: FromStr>(&mut self, text: &str, at: usize) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        text.parse().map_err(|error: T::Err| self.problem(at, error.to_string())).ok()
    }

    fn list<T: FromStr>(&mut self, value: &Value<'_>, what: &str) -> Vec<T>
    where
        T::Err: std::fmt::Display,
    {
        let DeValue::Array(items) = value.get_ref() else {
            self.problem(value.span().start, format!("{what} is a list"));
            return Vec::new();
        };
        items.iter().filter_map(|item| self.word(item, what)).collect()
    }

    fn purposes(&mut self, value: &Value<'_>, what: &str) -> Purposes {
        if let DeValue::Array(items) = value.get_ref()
            && let [only] = &items[..]
            && only.get_ref().as_str() == Some("*")
        {
            return Purposes::Any;
        }
        let list: Vec<PurposeName> = self.list(value, what);
        let mut once: Vec<PurposeName> = Vec::new();
        for purpose in list {
            if once.contains(&purpose) {
                self.problem(value.span().start, format!("{what}: `{purpose}` is said twice"));
            } else {
                once.push(purpose);
            }
        }
        Purposes::These(once)
    }

    fn roles(&mut self, value: &Value<'_>) -> BTreeMap<RoleName, RoleRules> {
        let mut roles = BTreeMap::new();
        let Some(table) = self.table(value, "`roles`") else { return roles };
        for (key, value) in table {
            let Some(name) = self.parsed::<RoleName>(key.get_ref(), key.span().start) else { continue };
            self.place(name.to_string(), key.span().start);
            if let Some(role) = self.role(&name, key.span().start, value) {
                roles.insert(name, role);
            }
        }
        roles
    }

    fn role(&mut self, name: &RoleName, at: usize, value: &Value<'_>) -> Option<RoleRules> {
        let table = self.table(value, "a role")?;
        let mut label = None;
        let mut role = RoleRules {
            label: Label { en: name.to_string(), zh: name.to_string() },
            about: None,
            purposes: Purposes::default(),
            system: Default::default(),
            emergency: Purposes::default(),
            objects: BTreeMap::new(),
        };
        for (key, value) in table {
            let start = key.span().start;
            self.place(format!("{name}/{}", key.get_ref()), start);
            match key.get_ref().as_ref() {
                "label" => label = self.label(value),
                "about" => role.about = self.text(value, "`about`"),
                "purposes" => role.purposes = self.purposes(value, "`purposes`"),
                "system" => role.system = self.list::<SystemAct>(value, "`system`").into_iter().collect(),
                "emergency" => role.emergency = self.purposes(value, "`emergency`"),
                "objects" => {
                    let Some(objects) = self.table(value, "`objects`") else { continue };
                    for (key, value) in objects {
                        let start = key.span().start;
                        let Some(object) = self.parsed::<ObjectKey>(key.get_ref(), start) else { continue };
                        self.place(format!("{name}/{object}"), start);
                        if let Some(rules) = self.object(name, &object, value) {
                            role.objects.insert(object, rules);
                        }
                    }
                }
                other => self.problem(
                    start,
                    format!(
                        "role `{name}`: unknown key `{other}`: label, about, purposes, system, emergency and objects \
                         are known"
                    ),
                ),
            }
        }
        if role.system.remove(&SystemAct::EmergencyAccess) {
            let what = "`emergency_access` comes with `emergency = [purposes]`: say it there".to_owned();
            self.problem(at, format!("role `{name}`: {what}"));
        }
        match label {
            Some(label) => role.label = label,
            None => self.problem(at, format!("role `{name}`: no `label`: say {{ en = \"…\", zh = \"…\" }}")),
        }
        Some(role)
    }

    fn label(&mut self, value: &Value<'_>) -> Option<Label> {
        let table = self.table(value, "`label`")?;
        let mut label = Label { en: String::new(), zh: String::new() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "en" => label.en = self.text(value, "`en`")?,
                "zh" => label.zh = self.text(value, "`zh`")?,
                other => self.problem(key.span().start, format!("`label` has `en` and `zh`, not `{other}`")),
            }
        }
        (!label.en.is_empty() && !label.zh.is_empty()).then_some(label)
    }

    fn object(&mut self, role: &RoleName, object: &ObjectKey, value: &Value<'_>) -> Option<ObjectRules> {
        let table = self.table(value, "an object's rules")?;
        let mut rules = ObjectRules::default();
        for (key, value) in table {
            let start = key.span().start;
            self.place(format!("{role}/{object}/{}", key.get_ref()), start);
            match key.get_ref().as_ref() {
                "purposes" => rules.purposes = Some(self.purposes(value, "`purposes`")),
                "levels" => {
                    let Some(levels) = self.table(value, "`levels`") else { continue };
                    for (key, value) in levels {
                        let category = self.parsed::<CategoryKey>(key.get_ref(), key.span().start);
                        let level = self.level(value);
                        rules.levels.extend(category.zip(level));
                    }
                }
                act => {
                    let Ok(act) = act.parse::<Act>() else {
                        let known: Vec<&str> = Act::ALL.iter().map(|a| a.word()).collect();
                        let known = known.join(", ");
                        self.problem(start, format!("unknown key `{act}`: {known}, levels and purposes are known"));
                        continue;
                    };
                    let scope = self.word::<Scope>(value, "a scope");
                    rules.scopes.extend(scope.filter(|s| *s > Scope::None).map(|s| (act, s)));
                }
            }
        }
        Some(rules)
    }

    fn level(&mut self, value: &Value<'_>) -> Option<Level> {
        let word = self.text(value, "a level")?;
        let level = [Level::None, Level::Masked, Level::Clear].into_iter().find(|l| l.word() == word);
        if level.is_none() {
            self.problem(value.span().start, format!("`{word}` is not one of none, masked, clear"));
        }
        level
    }
}

pub(super) fn write(matrix: &Matrix) -> String {
    let mut out = String::new();
    for (name, role) in &matrix.roles {
        let _ = writeln!(out, "{}[roles.{name}]", if out.is_empty() { "" } else { "\n" });
        let _ = writeln!(out, "label = {{ en = {}, zh = {} }}", quoted(&role.label.en), quoted(&role.label.zh));
        if let Some(about) = &role.about {
            let _ = writeln!(out, "about = {}", quoted(about));
        }
        let _ = writeln!(out, "purposes = {}", purposes(&role.purposes));
        if !role.system.is_empty() {
            let acts: Vec<&str> = role.system.iter().map(|a| a.word()).collect();
            let _ = writeln!(out, "system = {}", words(&acts));
        }
        if !role.emergency.is_empty() {
            let _ = writeln!(out, "emergency = {}", purposes(&role.emergency));
        }
        for (object, rules) in &role.objects {
            let _ = match object {
                ObjectKey::Any => writeln!(out, "\n[roles.{name}.objects.\"*\"]"),
                ObjectKey::Named(object) => writeln!(out, "\n[roles.{name}.objects.{object}]"),
            };
            if let Some(own) = &rules.purposes {
                let _ = writeln!(out, "purposes = {}", purposes(own));
            }
            for (act, scope) in rules.scopes.iter().filter(|(_, s)| **s > Scope::None) {
                let _ = writeln!(out, "{act} = \"{scope}\"");
            }
            if !rules.levels.is_empty() {
                let level = |(category, level): (&CategoryKey, &Level)| match category {
                    CategoryKey::Any => format!("\"*\" = \"{}\"", level.word()),
                    CategoryKey::Named(category) => format!("{category} = \"{}\"", level.word()),
                };
                let levels: Vec<String> = rules.levels.iter().map(level).collect();
                let _ = writeln!(out, "levels = {{ {} }}", levels.join(", "));
            }
        }
    }
    out
}

fn purposes(purposes: &Purposes) -> String {
    match purposes {
        Purposes::Any => "[\"*\"]".to_owned(),
        Purposes::These(list) => words(&list.iter().map(|p| p.as_str()).collect::<Vec<_>>()),
    }
}

fn words(words: &[&str]) -> String {
    format!("[{}]", words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
