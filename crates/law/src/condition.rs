//! Conditions over stated facts: how a pack says when a rule applies.
//!
//! A condition is a list of alternatives, each a text of tests joined by `&`:
//! `when = ["persons >= 1000", "sensitive & !encrypted"]`. A fact nobody stated makes the answer unknown, never no.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A fact as stated: yes or no, a whole number, or a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// Yes or no.
    YesNo(bool),
    /// A whole number.
    Number(i64),
    /// A word out of a list.
    Word(String),
}

impl Fact {
    /// Reads a fact as typed on a command line.
    pub fn read(text: &str) -> Self {
        match text {
            "true" | "yes" => Self::YesNo(true),
            "false" | "no" => Self::YesNo(false),
            _ => text.replace('_', "").parse().map_or_else(|_| Self::Word(text.to_owned()), Self::Number),
        }
    }

    pub(crate) fn kind(&self) -> FactKind {
        match self {
            Self::YesNo(_) => FactKind::YesNo,
            Self::Number(_) => FactKind::Number,
            Self::Word(_) => FactKind::Word,
        }
    }
}

/// What kind of fact a pack asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Yes or no.
    YesNo,
    /// A whole number.
    Number,
    /// A word.
    Word,
}

/// Facts by name.
pub type Facts = BTreeMap<String, Fact>;

/// Yes, no, or unknown for want of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// The condition holds.
    Yes,
    /// It does not.
    No,
    /// It depends on facts nobody stated: their names.
    Unknown(Vec<String>),
}

impl Truth {
    /// Holds, or cannot be excluded.
    pub fn possible(&self) -> bool {
        *self != Self::No
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Eq,
    Ne,
    Ge,
    Gt,
    Le,
    Lt,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Test {
    fact: String,
    op: Op,
    value: Fact,
}

/// Alternatives of tests; an empty condition always holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Condition {
    alternatives: Vec<Vec<Test>>,
    text: Vec<String>,
}

impl TryFrom<Vec<String>> for Condition {
    type Error = String;
    fn try_from(text: Vec<String>) -> Result<Self, String> {
        let alternatives = text
            .iter()
            .map(|one| one.split('&').map(|test| Test::parse(test.trim())).collect())
            .collect::<Result<_, _>>()?;
        Ok(Self { alternatives, text })
    }
}

impl Test {
    fn parse(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is no test: write `fact`, `!fact`, `fact >= 5` (also > < <= == !=)");
        // Two-character signs first: `>=` begins with `>`.
        let signs = [(">=", Op::Ge), ("<=", Op::Le), ("==", Op::Eq), ("!=", Op::Ne), (">", Op::Gt), ("<", Op::Lt)];
        let test = match signs.into_iter().find_map(|(sign, op)| text.split_once(sign).map(|cut| (cut, op))) {
            Some(((fact, value), op)) => Self { fact: fact.trim().into(), op, value: Fact::read(value.trim()) },
            None => match text.strip_prefix('!') {
                Some(fact) => Self { fact: fact.trim().into(), op: Op::Eq, value: Fact::YesNo(false) },
                None => Self { fact: text.into(), op: Op::Eq, value: Fact::YesNo(true) },
            },
        };
        let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
        let ordered = !matches!(test.op, Op::Eq | Op::Ne);
        if test.fact.is_empty()
            || !test.fact.chars().all(name)
            || (ordered && test.value.kind() != FactKind::Number)
            || test.value == Fact::Word(String::new())
        {
            return Err(bad());
        }
        Ok(test)
    }

    fn holds(&self, stated: &Fact) -> bool {
        match (self.op, stated, &self.value) {
            (Op::Eq, a, b) => a == b,
            (Op::Ne, a, b) => a != b,
            (Op::Ge, Fact::Number(a), Fact::Number(b)) => a >= b,
            (Op::Gt, Fact::Number(a), Fact::Number(b)) => a > b,
            (Op::Le, Fact::Number(a), Fact::Number(b)) => a <= b,
            (Op::Lt, Fact::Number(a), Fact::Number(b)) => a < b,
            // Kinds are checked when a pack loads and when facts are stated; nothing else reaches here.
            _ => false,
        }
    }
}

impl Condition {
    /// Whether the condition holds for what `fact` tells.
    pub fn of(&self, fact: impl Fn(&str) -> Option<Fact>) -> Truth {
        if self.alternatives.is_empty() {
            return Truth::Yes;
        }
        let mut unknown = Vec::new();
        for tests in &self.alternatives {
            let mut missing = Vec::new();
            let mut refuted = false;
            for test in tests {
                match fact(&test.fact) {
                    Some(stated) if test.holds(&stated) => {}
                    Some(_) => refuted = true,
                    None => missing.push(test.fact.clone()),
                }
            }
            match (refuted, missing.is_empty()) {
                (false, true) => return Truth::Yes,
                (false, false) => {
                    unknown.extend(missing.into_iter().filter(|m| !unknown.contains(m)).collect::<Vec<_>>())
                }
                (true, _) => {}
            }
        }
        if unknown.is_empty() { Truth::No } else { Truth::Unknown(unknown) }
    }

    /// Whether the rule has no condition at all.
    pub fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// The facts it asks for, with the kind of value each is compared to.
    pub(crate) fn asks(&self) -> impl Iterator<Item = (&str, FactKind)> {
        self.alternatives.iter().flatten().map(|test| (test.fact.as_str(), test.value.kind()))
    }

    /// The alternatives as written.
    pub fn text(&self) -> &[String] {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(condition: &[&str], facts: &[(&str, Fact)]) -> Truth {
        let condition = Condition::try_from(condition.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        condition.of(|name| facts.iter().find(|(n, _)| *n == name).map(|(_, f)| f.clone()))
    }

    #[test]
    fn at_least_and_more_than_differ_at_the_number() {
        let ten = [("n", Fact::Number(10))];
        assert_eq!(of(&["n >= 10"], &ten), Truth::Yes);
        assert_eq!(of(&["n > 10"], &ten), Truth::No);
        assert_eq!(of(&["n <= 10"], &ten), Truth::Yes);
        assert_eq!(of(&["n < 10"], &ten), Truth::No);
    }

    #[test]
    fn a_fact_nobody_stated_is_unknown_unless_it_cannot_matter() {
        assert_eq!(of(&["a & b"], &[("a", Fact::YesNo(true))]), Truth::Unknown(vec!["b".into()]));
        assert_eq!(of(&["a & b"], &[("a", Fact::YesNo(false))]), Truth::No);
        assert_eq!(of(&["a", "b"], &[("a", Fact::YesNo(true))]), Truth::Yes);
        assert_eq!(of(&["!a"], &[("a", Fact::YesNo(false))]), Truth::Yes);
        assert_eq!(of(&["kind == bank"], &[("kind", Fact::Word("bank".into()))]), Truth::Yes);
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        for text in ["", "n >= many", "a b", "n ==", "Persons"] {
            assert!(Condition::try_from(vec![text.to_owned()]).is_err(), "{text}");
        }
    }
}
