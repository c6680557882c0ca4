//! A named transaction as a list of steps: all of them happen or none.

use std::sync::Arc;

use crate::{Error, Sql};

/// One statement with its parameters and what it must do.
#[derive(Debug, Clone)]
pub struct Step {
    pub(crate) sql: Arc<str>,
    pub(crate) params: Vec<Sql>,
    pub(crate) expect: Expect,
}

/// What a step must have done for the transaction to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    Anything,
    /// Exactly one row, or the change is stale.
    Fresh,
    /// Exactly one row, or what it refers to is missing.
    Present(&'static str),
}

impl Expect {
    pub(crate) fn check(self, rows: u64) -> Result<(), Error> {
        match self {
            Self::Anything => Ok(()),
            _ if rows == 1 => Ok(()),
            Self::Fresh => Err(Error::Stale),
            Self::Present(what) => Err(Error::Missing(what)),
        }
    }
}

impl Step {
    /// A statement with `$1`, `$2`, … in the order of `params`.
    pub fn new(sql: impl Into<Arc<str>>, params: Vec<Sql>) -> Self {
        Self { sql: sql.into(), params, expect: Expect::Anything }
    }

    /// Must change exactly one row, else the whole transaction is [`Error::Stale`].
    #[must_use]
    pub fn fresh(mut self) -> Self {
        self.expect = Expect::Fresh;
        self
    }

    /// Must change exactly one row, else the whole transaction is [`Error::Missing`].
    #[must_use]
    pub fn present(mut self, what: &'static str) -> Self {
        self.expect = Expect::Present(what);
        self
    }
}

/// A named transaction.
#[derive(Debug, Clone)]
pub struct Batch {
    pub(crate) name: &'static str,
    pub(crate) steps: Vec<Step>,
}

impl Batch {
    /// An empty transaction with the name it has in logs and metrics.
    pub fn new(name: &'static str) -> Self {
        Self { name, steps: Vec::new() }
    }

    /// Adds a step.
    pub fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Adds steps.
    pub fn extend(&mut self, steps: impl IntoIterator<Item = Step>) {
        self.steps.extend(steps);
    }

    /// The steps alone, to become part of another transaction.
    pub fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// How many steps it has.
    pub fn len(&self) -> usize {
        self.steps.len()
    }
}
