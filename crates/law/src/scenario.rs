//! Scenario files: questions with the answers a lawyer expects, and the wrong ones a naive engine would give.
//!
//! `docs/law/scenarios.md` explains the format with examples.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use toml::{Spanned, Value};

use crate::{
    Ask, Error, File, Library, Problem, Result,
    answer::{
        AgeAsk, BreachAsk, ConsentAsk, DueAsk, IdentityAsk, NoticeAsk, RefusalAsk, RetentionAsk, SeveralAsk,
        ThresholdAsk, TransferAsk, WhoAsk,
    },
    error::line_of,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    scenario: String,
    title: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for the reader of the file")]
    source: Option<String>,
    case: Vec<Spanned<Case>>,
}

macro_rules! case {
    ($($ask:ident : $type:ident => $variant:ident),+ $(,)?) => {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Case {
            name: String,
            $(#[serde(default)] $ask: Option<$type>,)+
            /// What the answer must say, by path.
            #[serde(default)]
            expect: BTreeMap<String, Spanned<Value>>,
            /// What a naive engine would say, and this one must not.
            #[serde(default)]
            wrong: BTreeMap<String, Spanned<Value>>,
            /// What a list or text of the answer must hold.
            #[serde(default)]
            contains: BTreeMap<String, Spanned<Value>>,
            /// What must not be in the answer at all.
            #[serde(default)]
            absent: Vec<Spanned<String>>,
            /// The question must be refused, with these words.
            #[serde(default)]
            error: Option<Spanned<String>>,
        }

        impl Case {
            fn ask(&self) -> Option<Ask> {
                let mut asked: Vec<Ask> = Vec::new();
                $(if let Some(ask) = &self.$ask { asked.push(Ask::$variant(ask.clone())); })+
                if asked.len() == 1 { asked.pop() } else { None }
            }
        }

        const KINDS: &str = concat!($(stringify!($ask), " "),+);
    };
}

case! {
    due: DueAsk => Due,
    breach: BreachAsk => Breach,
    retention: RetentionAsk => Retention,
    consent_age: AgeAsk => ConsentAge,
    consent: ConsentAsk => Consent,
    transfer: TransferAsk => Transfer,
    threshold: ThresholdAsk => Threshold,
    notice: NoticeAsk => Notice,
    who: WhoAsk => Who,
    identity: IdentityAsk => Identity,
    refusal: RefusalAsk => Refusal,
    several: SeveralAsk => Several,
}

/// What became of one case.
#[derive(Debug, Clone, Serialize)]
pub struct CaseResult {
    /// Its name.
    pub name: String,
    /// Its line.
    pub line: usize,
    /// How many expectations were checked.
    pub checks: usize,
    /// What is wrong, with the line of the expectation.
    pub problems: Vec<Problem>,
}

/// What became of a scenario file.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The scenario's name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Its cases.
    pub cases: Vec<CaseResult>,
}

impl Report {
    /// Whether every case holds.
    pub fn holds(&self) -> bool {
        self.cases.iter().all(|c| c.problems.is_empty())
    }

    /// Everything that is wrong.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.cases.iter().flat_map(|c| &c.problems)
    }
}

impl Library {
    /// Runs a scenario file. An error means that the file cannot be read; what does not hold is in the report.
    pub fn check(&self, file: &File) -> Result<Report> {
        let scenario: Scenario = toml::from_str(&file.text)
            .map_err(|error| Error::Problems(vec![Problem::toml(&file.name, &file.text, &error)]))?;
        let cases = scenario.case.iter().map(|case| self.case(file, case)).collect();
        Ok(Report { scenario: scenario.scenario, title: scenario.title, cases })
    }

    fn case(&self, file: &File, spanned: &Spanned<Case>) -> CaseResult {
        let case = spanned.get_ref();
        let line = line_of(&file.text, spanned.span().start);
        let mut result = CaseResult { name: case.name.clone(), line, checks: 0, problems: Vec::new() };
        let mut say = |at: usize, what: String| {
            result.problems.push(Problem::at(&file.name, &file.text, at, format!("{}: {what}", case.name)));
        };
        let Some(ask) = case.ask() else {
            say(spanned.span().start, format!("a case asks exactly one of: {KINDS}"));
            return result;
        };
        let checks = case.expect.len() + case.wrong.len() + case.contains.len() + case.absent.len();
        if checks == 0 && case.error.is_none() {
            say(spanned.span().start, "expects nothing: add expect, wrong, contains, absent or error".into());
        }
        let answer = match (self.answer(&ask), &case.error) {
            (Err(error), Some(words)) => {
                if !error.to_string().contains(words.get_ref().as_str()) {
                    say(words.span().start, format!("refused, but with other words: {error}"));
                }
                result.checks = 1;
                return result;
            }
            (Err(error), None) => {
                say(spanned.span().start, error.to_string());
                return result;
            }
            (Ok(_), Some(words)) => {
                say(words.span().start, "answered, but should be refused".into());
                return result;
            }
            (Ok(answer), None) => serde_json::to_value(&answer).unwrap_or(Json::Null),
        };
        for (path, expected) in &case.expect {
            let at = expected.span().start;
            match find(&answer, path) {
                Some(got) if same(got, expected.get_ref()) => {}
                Some(got) => say(at, format!("{path} is {}, expected {}", shown(got), plain(expected.get_ref()))),
                None => say(at, format!("the answer has no {path}, expected {}", plain(expected.get_ref()))),
            }
        }
        for (path, wrong) in &case.wrong {
            let list = match wrong.get_ref() {
                Value::Array(list) => list.clone(),
                one => vec![one.clone()],
            };
            match find(&answer, path) {
                Some(got) => {
                    if let Some(wrong_value) = list.iter().find(|value| same(got, value)) {
                        say(wrong.span().start, format!("{path} is {}, the naive answer", plain(wrong_value)));
                    }
                }
                None => say(wrong.span().start, format!("the answer has no {path}: nothing is excluded")),
            }
        }
        for (path, wanted) in &case.contains {
            let list = match wanted.get_ref() {
                Value::Array(list) => list.clone(),
                one => vec![one.clone()],
            };
            for one in list {
                if !find(&answer, path).is_some_and(|got| holds(got, &one)) {
                    say(wanted.span().start, format!("{path} does not hold {}", plain(&one)));
                }
            }
        }
        for path in &case.absent {
            if let Some(got) = find(&answer, path.get_ref()).filter(|got| !got.is_null()) {
                say(path.span().start, format!("{} is there: {}", path.get_ref(), shown(got)));
            }
        }
        result.checks = checks;
        result
    }
}

fn find<'a>(answer: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(answer, |at, step| match at {
        Json::Array(list) => list.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    })
}

/// Texts that are both instants are the same when the instants are.
fn same(got: &Json, expected: &Value) -> bool {
    match (got, expected) {
        (Json::Bool(a), Value::Boolean(b)) => a == b,
        (Json::Number(a), Value::Integer(b)) => a.as_i64() == Some(*b),
        (Json::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::String(a), Value::String(_) | Value::Datetime(_)) => {
            let b = plain(expected);
            *a == b || matches!((a.parse::<Timestamp>(), b.parse::<Timestamp>()), (Ok(x), Ok(y)) if x == y)
        }
        _ => false,
    }
}

fn holds(got: &Json, wanted: &Value) -> bool {
    match got {
        Json::String(text) => text.contains(&plain(wanted)),
        Json::Array(list) => list.iter().any(|one| same(one, wanted)),
        Json::Object(map) => map.contains_key(&plain(wanted)),
        _ => false,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Datetime(at) => at.to_string(),
        other => other.to_string(),
    }
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
