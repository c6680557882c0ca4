//! What a command answers: words for people, JSON for programs, and the exit code.

use std::{io::Write, process::ExitCode};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

/// How to answer.
pub struct Out {
    /// In JSON.
    pub json: bool,
}

impl Out {
    /// Answers with words or JSON, and success.
    pub fn say(&self, words: impl AsRef<str>, json: &Value) -> anyhow::Result<ExitCode> {
        self.tell(words, json);
        Ok(ExitCode::SUCCESS)
    }

    /// Answers with words or JSON, and "found wrong".
    pub fn wrong(&self, words: impl AsRef<str>, json: &Value) -> anyhow::Result<ExitCode> {
        self.tell(words, json);
        Ok(ExitCode::from(1))
    }

    fn tell(&self, words: impl AsRef<str>, json: &Value) {
        if self.json {
            Self::line(&json.to_string());
        } else {
            Self::line(words.as_ref());
        }
    }

    /// A line of the answer. A reader that went away (`| head`) is no failure.
    pub fn line(text: &str) {
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// A note beside the answer, for people alone.
    pub fn note(&self, words: &str) {
        if !self.json {
            let _ = writeln!(std::io::stderr(), "{words}");
        }
    }

    /// A bar for long work; silent when the answer is JSON or nobody watches.
    pub fn bar(&self, total: u64, what: &'static str) -> ProgressBar {
        if self.json {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{msg} {bar:40} {human_pos}/{human_len} {per_sec} {eta}");
        ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(what)
    }

    /// The same for work that is measured in bytes.
    pub fn bytes(&self, what: &'static str) -> ProgressBar {
        let style = ProgressStyle::with_template("{msg} {bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
        self.bar(0, what).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}

/// Says what went wrong; 2 for misuse, else 1.
pub fn failed(error: &anyhow::Error, as_json: bool) -> ExitCode {
    let misuse = matches!(error.downcast_ref::<domain::Error>(), Some(domain::Error::Invalid(_)))
        || error.downcast_ref::<Misuse>().is_some();
    if as_json {
        let mut body = json!({ "error": format!("{error:#}") });
        if let Some(domain::Error::Invalid(fields)) = error.downcast_ref::<domain::Error>() {
            body["errors"] =
                fields.iter().map(|e| json!({ "field": e.field, "code": e.code, "detail": e.message })).collect();
        }
        Out::line(&body.to_string());
    } else {
        let _ = writeln!(std::io::stderr(), "custos: {error:#}");
    }
    ExitCode::from(if misuse { 2 } else { 1 })
}

/// The command was used wrongly.
#[derive(Debug)]
pub struct Misuse(pub String);

impl std::fmt::Display for Misuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misuse {}
