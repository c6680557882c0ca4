//! Packs and answers as a person reads them.

use std::fmt::Write;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Error, Library, Result,
    pack::{Heard, Pack, Status},
};

/// A pack in a list.
#[derive(Debug, Clone, Serialize)]
pub struct PackLine {
    /// Its short name.
    pub pack: String,
    /// Its name.
    pub name: String,
    /// The same in Chinese.
    pub name_zh: String,
    /// The edition.
    pub version: String,
    /// From when it applies.
    pub valid_from: Date,
    /// Until when.
    pub valid_to: Option<Date>,
    /// Its regions.
    pub regions: Vec<String>,
    /// Its request kinds.
    pub requests: Vec<String>,
    /// How many rules.
    pub rules: usize,
    /// How many of them a lawyer has yet to confirm.
    pub to_be_confirmed: usize,
}

/// A rule as a person reads it.
#[derive(Debug, Clone, Serialize)]
pub struct RuleView {
    /// Its section: `deadline`.
    pub section: String,
    /// Its name in the section.
    pub name: String,
    /// The citation.
    pub article: String,
    /// How sure it is.
    pub status: Status,
    /// Where an unconfirmed rule was heard.
    pub heard: Option<Heard>,
    /// What to confirm.
    pub confirm: Option<String>,
    /// First day of validity.
    pub valid_from: Option<Date>,
    /// Last day of validity.
    pub valid_to: Option<Date>,
    /// When it applies.
    pub when: Vec<String>,
    /// What it says.
    pub text: String,
    /// The same in Chinese.
    pub text_zh: Option<String>,
    /// The rule as the file writes it.
    pub written: String,
}

impl Library {
    /// All editions of all packs in a list.
    pub fn pack_lines(&self) -> Vec<PackLine> {
        self.editions()
            .map(|pack| {
                let rules = pack.rules();
                let open = |(_, _, head, _): &&(_, _, crate::pack::Head<'_>, _)| {
                    head.status == Status::ToBeConfirmed || head.confirm.is_some()
                };
                PackLine {
                    pack: pack.pack.clone(),
                    name: pack.name.clone(),
                    name_zh: pack.name_zh.clone(),
                    version: pack.version.clone(),
                    valid_from: pack.valid_from,
                    valid_to: pack.valid_to,
                    regions: pack.regions.clone(),
                    requests: pack.request.keys().cloned().collect(),
                    rules: rules.len(),
                    to_be_confirmed: rules.iter().filter(open).count(),
                }
            })
            .collect()
    }

    /// The rules of a pack's newest edition in the order of its file: all, those of one section (`deadline`), or one
    /// (`deadline.answer`).
    pub fn show(&self, pack: &str, rule: Option<&str>) -> Result<Vec<RuleView>> {
        let pack = self.pack(pack)?;
        let views: Vec<RuleView> = pack
            .rules()
            .into_iter()
            .filter(|(section, name, ..)| match rule.map(|r| r.split_once('.').unwrap_or((r, ""))) {
                None => true,
                Some((s, "")) => *section == s,
                Some((s, n)) => *section == s && *name == n,
            })
            .map(|(section, name, head, _)| RuleView {
                section: section.to_owned(),
                name: name.to_owned(),
                article: head.article.to_owned(),
                status: head.status,
                heard: head.heard,
                confirm: head.confirm.map(str::to_owned),
                valid_from: head.valid_from,
                valid_to: head.valid_to,
                when: head.when.text().to_vec(),
                text: head.text.to_owned(),
                text_zh: head.text_zh.map(str::to_owned),
                written: self.written(pack, section, name),
            })
            .collect();
        match (views.is_empty(), rule) {
            (true, Some(rule)) => Err(Error::UnknownRule { pack: pack.pack.clone(), rule: rule.to_owned() }),
            _ => Ok(views),
        }
    }

    /// The lines of a rule in its own file, or in that of the pack it was taken from.
    fn written(&self, pack: &Pack, section: &str, name: &str) -> String {
        let header = format!("[{section}.{name}]");
        let text = self.text(pack);
        let lines = text.lines().skip_while(|line| line.trim() != header);
        let mut own: Vec<&str> = Vec::new();
        for (n, line) in lines.enumerate() {
            if n > 0 && (line.starts_with('[') || line.starts_with("# ----")) {
                break;
            }
            own.push(line);
        }
        if own.is_empty()
            && let Some(base) = pack.extends.as_ref().and_then(|e| self.pack(&e.pack).ok())
        {
            return self.written(base, section, name);
        }
        own.join("\n").trim_end().to_owned()
    }
}

impl RuleView {
    /// The rule in a few lines of text.
    pub fn readable(&self, whole: bool) -> String {
        let mut out = String::new();
        let mut marks = vec![status_word(self.status, self.heard).to_owned()];
        // Most rules are as old as their law; only the others say so.
        if let (true, Some(from)) = (whole, self.valid_from) {
            marks.push(format!("from {from}"));
        }
        if let Some(to) = self.valid_to {
            marks.push(format!("until {to}"));
        }
        let _ = writeln!(out, "{}.{}  {}  [{}]", self.section, self.name, self.article, marks.join(", "));
        let _ = writeln!(out, "    {}", self.text);
        if let Some(zh) = &self.text_zh {
            let _ = writeln!(out, "    {zh}");
        }
        if !self.when.is_empty() {
            let _ = writeln!(out, "    applies when: {}", self.when.join(", or "));
        }
        if let Some(confirm) = &self.confirm {
            let _ = writeln!(out, "    to confirm: {confirm}");
        }
        if whole {
            let _ = writeln!(out, "\n{}", self.written);
        }
        out
    }
}

fn status_word(status: Status, heard: Option<Heard>) -> &'static str {
    match (status, heard) {
        (Status::Law, _) => "law",
        (Status::Guideline, _) => "guideline",
        (Status::Standard, _) => "standard",
        (Status::OwnChoice, _) => "own choice",
        (Status::ToBeConfirmed, Some(Heard::Secondary)) => "TO BE CONFIRMED, secondary",
        (Status::ToBeConfirmed, _) => "TO BE CONFIRMED, from memory",
    }
}

/// Any answer as indented text: what it says first, then why.
pub fn readable<T: Serialize>(answer: &T) -> String {
    let mut out = String::new();
    if let Ok(Json::Object(mut map)) = serde_json::to_value(answer) {
        let why = map.remove("why");
        for (key, value) in &map {
            write_value(&mut out, key, value, 0);
        }
        if let Some(Json::Array(list)) = why {
            out.push_str("why:\n");
            for one in &list {
                let text = |key: &str| one.get(key).and_then(Json::as_str).unwrap_or_default();
                let _ = writeln!(out, "  - {}", text("text"));
                let status = match text("status") {
                    "to_be_confirmed" => format!("TO BE CONFIRMED, {}", text("heard")),
                    other => other.replace('_', " "),
                };
                let _ = writeln!(out, "    {} ({}; {status})", text("rule"), text("article"));
                if one.get("confirm").is_some() {
                    let _ = writeln!(out, "    to confirm: {}", text("confirm"));
                }
            }
        }
    }
    out
}

fn write_value(out: &mut String, key: &str, value: &Json, depth: usize) {
    let pad = "  ".repeat(depth);
    match value {
        Json::Null => {}
        Json::Object(map) if map.is_empty() => {}
        Json::Array(list) if list.is_empty() => {}
        // A sentence in two languages is shown in one here.
        Json::Object(map) if map.len() == 2 && map.contains_key("en") && map.contains_key("zh") => {
            let _ = writeln!(out, "{pad}{key}: {}", map["en"].as_str().unwrap_or_default());
        }
        Json::Object(map) => {
            let _ = writeln!(out, "{pad}{key}:");
            for (key, value) in map {
                write_value(out, key, value, depth + 1);
            }
        }
        Json::Array(list) if list.iter().all(|v| !v.is_object() && !v.is_array()) => {
            let words: Vec<String> = list.iter().map(word).collect();
            let _ = writeln!(out, "{pad}{key}: {}", words.join(", "));
        }
        Json::Array(list) => {
            let _ = writeln!(out, "{pad}{key}:");
            for (n, one) in list.iter().enumerate() {
                write_value(out, &(n + 1).to_string(), one, depth + 1);
            }
        }
        one => {
            let _ = writeln!(out, "{pad}{key}: {}", word(one));
        }
    }
}

fn word(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Bool(true) => "yes".into(),
        Json::Bool(false) => "no".into(),
        other => other.to_string(),
    }
}
