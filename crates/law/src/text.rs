//! Sentences in English and Chinese, and the reasons an answer gives.

use serde::Serialize;

use crate::pack::{Head, Heard, Status};

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Said {
    pub(crate) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// One reason of an answer.
#[derive(Debug, Clone, Serialize)]
pub struct Why {
    /// The rule: `gdpr/deadline.answer`, or `calendar/DE`.
    pub rule: String,
    /// Its citation.
    pub article: String,
    /// How sure it is.
    pub status: Status,
    /// Where an unconfirmed rule was heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard: Option<Heard>,
    /// What a lawyer should confirm, where it is not the whole rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// What it says and what it did here.
    pub text: String,
    /// The same in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_zh: Option<String>,
}

impl Why {
    pub(crate) fn new(pack: &str, section: &str, name: &str, head: Head<'_>) -> Self {
        Self {
            rule: format!("{pack}/{section}.{name}"),
            article: head.article.to_owned(),
            status: head.status,
            heard: head.heard,
            confirm: head.confirm.map(str::to_owned),
            text: head.text.to_owned(),
            text_zh: head.text_zh.map(str::to_owned),
        }
    }

    /// Adds what the rule did in this case.
    pub(crate) fn here(mut self, said: Said) -> Self {
        self.text.push(' ');
        self.text.push_str(&said.en);
        if let Some(zh) = &mut self.text_zh {
            zh.push_str(&said.zh);
        }
        self
    }
}

/// The rules of an answer that a lawyer has yet to confirm.
pub(crate) fn unconfirmed(why: &[Why]) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    for one in why.iter().filter(|w| w.status == Status::ToBeConfirmed || w.confirm.is_some()) {
        if !rules.contains(&one.rule) {
            rules.push(one.rule.clone());
        }
    }
    rules
}
