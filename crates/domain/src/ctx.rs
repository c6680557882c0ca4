//! Who asks, by what way, when: handed from the edge to every act. There is no ambient current user.

use std::sync::Arc;

use jiff::Timestamp;
use kernel::{Actor, EntryId, PurposeName, RequestId, Via};
use ledger::{Act, Entry, Outcome};

/// The circumstances of one request, command or job run.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Who.
    pub actor: Arc<Actor>,
    /// By what way.
    pub via: Via,
    /// Its id in entries and logs.
    pub request: RequestId,
    /// When it began; one request sees one instant.
    pub at: Timestamp,
    /// The purpose it is bound to (a token's, or one chosen for this request).
    pub purpose: Option<PurposeName>,
    /// Whether the actor has an open emergency access.
    pub emergency: bool,
    /// The address it came from, sealed before it is recorded.
    pub address: Option<String>,
    /// Through whose eyes the actor looks, when it tries out what they may see: read only, and no more than the actor
    /// may see itself.
    pub tries: Option<Arc<Actor>>,
}

impl Ctx {
    /// Now, for this request.
    pub fn now(&self) -> Timestamp {
        self.at
    }

    /// Whose rights decide: the actor's, or those it tries out.
    pub fn eyes(&self) -> &Actor {
        self.tries.as_ref().unwrap_or(&self.actor)
    }

    /// An entry of this request with nothing but its act.
    pub fn entry(&self, id: EntryId, act: Act) -> Entry {
        Entry {
            id,
            at: self.at,
            actor: self.actor.id,
            actor_kind: self.actor.kind,
            via: self.via.to_string(),
            purpose: self.purpose.clone(),
            basis: None,
            act,
            object: None,
            records: Vec::new(),
            clear: Vec::new(),
            masked: Vec::new(),
            count: 0,
            policies: Vec::new(),
            request: self.request,
            outcome: Outcome::Done,
            why: None,
            sealed: Vec::new(),
        }
    }
}
