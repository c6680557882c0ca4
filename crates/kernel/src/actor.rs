//! Who acts, and by what way.

use std::fmt;

use crate::{ActorId, RoleName, SessionId, TeamId, TokenId};

/// Who acts: everything a policy may know of them. Never ambient, always handed from the edge to the gate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    /// Its id, as ledger entries name it.
    pub id: ActorId,
    /// What kind of actor it is.
    pub kind: ActorKind,
    /// Its roles, in the administrator's order.
    pub roles: Vec<RoleName>,
    /// Its team, if it has one.
    pub team: Option<TeamId>,
    /// Its team and every team below it, in ascending order.
    pub subtree: Vec<TeamId>,
}

/// The kinds of actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActorKind {
    /// A person with an account.
    User,
    /// A program with a token.
    Token,
    /// A background job of this server.
    Job,
    /// The operator at the command line of the machine.
    Operator,
}

impl ActorKind {
    /// The word in ledger entries and policies.
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Token => "token",
            Self::Job => "job",
            Self::Operator => "operator",
        }
    }
}

/// The way an act came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A signed-in session of the web pages.
    Session(SessionId),
    /// A token of the API.
    Token(TokenId),
    /// A background job, by name.
    Job(&'static str),
    /// A command on the machine.
    Command(&'static str),
    /// Nobody signed in: sign-in attempts and refusals of strangers.
    Stranger,
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(id) => write!(f, "session:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
            Self::Job(name) => write!(f, "job:{name}"),
            Self::Command(name) => write!(f, "command:{name}"),
            Self::Stranger => f.write_str("stranger"),
        }
    }
}
