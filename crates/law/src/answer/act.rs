//! Who may act, is the identity proven, may a refusal be sent?

use serde::{Deserialize, Serialize};

use super::{Applies, DueAsk, Event};
use crate::{
    Error, Library, Result,
    condition::{Facts, Truth},
    library::Ground,
    moment::{Moment, When},
    pack::{AgentEffect, Level},
    text::{Said, Why, unconfirmed},
};

/// May this actor act for the person?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhoAsk {
    /// The pack.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The request kind.
    pub request: String,
    /// When it was received.
    pub received: Moment,
    /// Who acts: `agent`, `parent`, `heir`, `organisation`, …
    pub who: String,
    /// What was shown.
    #[serde(default)]
    pub proofs: Vec<String>,
    /// What the controller demands.
    #[serde(default)]
    pub demanded: Vec<String>,
    /// Facts of the case.
    #[serde(default)]
    pub facts: Facts,
}

/// Whether an actor may act.
#[derive(Debug, Clone, Serialize)]
pub struct WhoAnswer {
    /// Accepted as it stands.
    pub accept: bool,
    /// What the law says to this kind of actor; none: nothing.
    pub effect: Option<AgentEffect>,
    /// Proofs still missing.
    pub missing: Vec<String>,
    /// What may be asked besides.
    pub may_ask: Vec<String>,
    /// What must not be demanded.
    pub must_not_ask: Vec<String>,
    /// The rules.
    pub why: Vec<Why>,
    /// Rules that a lawyer has yet to confirm.
    pub to_be_confirmed: Vec<String>,
    /// The pack.
    pub pack: String,
}

/// Is the identity proven?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityAsk {
    /// The pack.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The request kind.
    pub request: String,
    /// When it was received.
    pub received: Moment,
    /// The day asked about.
    pub on: Moment,
    /// What was matched: `data_points`, `declaration`, `doubt`, …
    #[serde(default)]
    pub facts: Facts,
}

/// What to do about a request whose author must be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// Answer it.
    Answer,
    /// Ask for more proof; the clock runs on unless the due date says otherwise.
    AskMore,
    /// Deny it, and answer the lesser request instead.
    AnswerInstead,
    /// Deny it.
    Deny,
}

/// Whether the identity is proven, and what to do.
#[derive(Debug, Clone, Serialize)]
pub struct IdentityAnswer {
    /// How sure one must be; none: the law says nothing.
    pub level: Option<Level>,
    /// Whether it is proven.
    pub proven: Applies,
    /// Whether proof may be asked for at all.
    pub may_ask: bool,
    /// What to do.
    pub next: NextStep,
    /// The lesser request to answer instead.
    pub instead: Option<String>,
    /// What must never be in the answer.
    pub never_disclose: Vec<String>,
    /// By when the request is due whatever the proof.
    pub due: Option<When>,
    /// The rules.
    pub why: Vec<Why>,
    /// Rules that a lawyer has yet to confirm.
    pub to_be_confirmed: Vec<String>,
    /// The pack.
    pub pack: String,
}

/// May this refusal be sent?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusalAsk {
    /// The pack.
    pub pack: String,
    /// The version the matter was opened with.
    #[serde(default)]
    pub version: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The request kind.
    pub request: String,
    /// When it was received.
    pub received: Moment,
    /// What the draft holds.
    #[serde(default)]
    pub contains: Vec<String>,
    /// What happened in the matter.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Facts of the case.
    #[serde(default)]
    pub facts: Facts,
}

/// Whether a refusal may be sent.
#[derive(Debug, Clone, Serialize)]
pub struct RefusalAnswer {
    /// Complete: may be sent.
    pub may_be_sent: bool,
    /// By when it must leave.
    pub by: Option<When>,
    /// What it must hold.
    pub contains: Vec<String>,
    /// What the draft lacks.
    pub missing: Vec<String>,
    /// Grounds that count.
    pub grounds: Vec<String>,
    /// The rules.
    pub why: Vec<Why>,
    /// Rules that a lawyer has yet to confirm.
    pub to_be_confirmed: Vec<String>,
    /// The pack.
    pub pack: String,
}

impl Library {
    /// May this actor act for the person?
    pub fn who(&self, ask: &WhoAsk) -> Result<WhoAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.received, &ask.facts)?;
        let request = kind(ground, &ask.request)?;
        let mut answer = WhoAnswer {
            accept: false,
            effect: None,
            missing: Vec::new(),
            may_ask: Vec::new(),
            must_not_ask: Vec::new(),
            why: Vec::new(),
            to_be_confirmed: Vec::new(),
            pack: ground.pack.pack.clone(),
        };
        let mut known: Vec<&str> =
            ground.pack.agent.values().flat_map(|a| &a.get_ref().who).map(String::as_str).collect();
        known.sort_unstable();
        known.dedup();
        let matching = ground
            .live(&ground.pack.agent)
            .filter(|(_, r, _)| r.who.contains(&ask.who) && meant(&r.requests, &request));
        // The rule for exactly this request counts before the one for all.
        let Some((name, rule, _)) = matching.min_by_key(|(_, r, _)| r.requests.iter().any(|r| r == "*")) else {
            if known.contains(&ask.who.as_str()) {
                return Ok(answer);
            }
            let known = known.join(", ");
            return Err(Error::UnknownRule {
                pack: ground.pack.pack.clone(),
                rule: format!("agent for `{}` (there are {known})", ask.who),
            });
        };
        if let Some(demand) = ask.demanded.iter().find(|d| rule.must_not_ask.contains(d)) {
            return Err(Error::Forbidden {
                pack: ground.pack.pack.clone(),
                article: rule.article.clone(),
                text: format!("`{demand}` must not be demanded"),
            });
        }
        let enough = rule.suffices.as_ref().is_some_and(|s| ask.proofs.contains(s));
        if !enough {
            answer.missing = rule.needs.iter().filter(|n| !ask.proofs.contains(n)).cloned().collect();
            answer.may_ask.clone_from(&rule.may_ask);
        }
        answer.must_not_ask.clone_from(&rule.must_not_ask);
        answer.effect = Some(rule.effect);
        answer.accept = rule.effect == AgentEffect::Accept && answer.missing.is_empty();
        answer.why.push(ground.why("agent", name, rule));
        answer.to_be_confirmed = unconfirmed(&answer.why);
        Ok(answer)
    }

    /// Is the identity proven, and what if not?
    pub fn identity(&self, ask: &IdentityAsk) -> Result<IdentityAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.received, &ask.facts)?;
        let request = kind(ground, &ask.request)?;
        let due = self.due(&DueAsk {
            pack: ask.pack.clone(),
            version: ask.version.clone(),
            request: request.clone(),
            received: ask.received,
            region: ask.region.clone(),
            events: Vec::new(),
            facts: ask.facts.clone(),
        })?;
        let mut why = Vec::new();
        let mut answer = IdentityAnswer {
            level: None,
            proven: Applies::Yes,
            may_ask: false,
            next: NextStep::Answer,
            instead: None,
            never_disclose: ground.pack.request[&request].get_ref().never_disclose.clone(),
            due: due.due,
            why: Vec::new(),
            to_be_confirmed: Vec::new(),
            pack: ground.pack.pack.clone(),
        };
        let matching = ground.live(&ground.pack.identity).filter(|(_, r, _)| meant(&r.requests, &request));
        if let Some((name, rule, _)) = matching.min_by_key(|(_, r, _)| r.requests.iter().any(|r| r == "*")) {
            answer.level = Some(rule.level);
            let proven = rule.proof.of(|fact| ground.fact(fact));
            answer.proven = Applies::of(&proven);
            answer.may_ask = rule.level != Level::Forbidden;
            why.push(ground.why("identity", name, rule));
            let last_day = answer.due.is_some_and(|due| ask.on.date(ground.calendar.zone()) >= due.date());
            answer.next = match (&proven, last_day, &rule.otherwise) {
                _ if rule.level == Level::Forbidden => NextStep::Answer,
                (Truth::Yes, ..) => NextStep::Answer,
                (_, false, _) => NextStep::AskMore,
                (_, true, Some(_)) => NextStep::AnswerInstead,
                (_, true, None) => NextStep::Deny,
            };
            if answer.next == NextStep::AnswerInstead {
                answer.instead.clone_from(&rule.otherwise);
            }
            if last_day
                && answer.next != NextStep::Answer
                && let Some(last) = why.pop()
            {
                why.push(last.here(Said::new(
                    "The clock did not wait: this is the last day.",
                    "期间未曾停止：今日为最后一日。",
                )));
            }
        }
        why.extend(due.why);
        answer.to_be_confirmed = unconfirmed(&why);
        answer.why = why;
        Ok(answer)
    }

    /// May this refusal be sent?
    pub fn refusal(&self, ask: &RefusalAsk) -> Result<RefusalAnswer> {
        let ground = self.ground(&ask.pack, ask.version.as_deref(), ask.region.as_deref(), ask.received, &ask.facts)?;
        let request = kind(ground, &ask.request)?;
        let due = self.due(&DueAsk {
            pack: ask.pack.clone(),
            version: ask.version.clone(),
            request: request.clone(),
            received: ask.received,
            region: ask.region.clone(),
            events: ask.events.clone(),
            facts: ask.facts.clone(),
        })?;
        let mut why = Vec::new();
        let (mut contains, mut grounds): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for (name, rule, _) in ground.live(&ground.pack.refusal).filter(|(_, r, _)| meant(&r.requests, &request)) {
            contains.extend(rule.contains.iter().filter(|c| !contains.contains(c)).cloned().collect::<Vec<_>>());
            grounds.extend(rule.grounds.iter().cloned());
            why.push(ground.why("refusal", name, rule));
        }
        why.extend(due.why);
        let missing: Vec<String> = contains.iter().filter(|c| !ask.contains.contains(c)).cloned().collect();
        Ok(RefusalAnswer {
            may_be_sent: missing.is_empty(),
            by: due.refusal_by.or(due.due),
            contains,
            missing,
            grounds,
            to_be_confirmed: unconfirmed(&why),
            why,
            pack: ground.pack.pack.clone(),
        })
    }
}

fn meant(requests: &[String], request: &str) -> bool {
    requests.iter().any(|r| r == request || r == "*")
}

fn kind(ground: Ground<'_>, request: &str) -> Result<String> {
    ground.pack.request_kind(request, ground.on).map(|(name, _)| name.to_owned()).ok_or_else(|| Error::UnknownRequest {
        pack: ground.pack.pack.clone(),
        request: request.to_owned(),
        known: ground.pack.request.keys().cloned().collect::<Vec<_>>().join(", "),
    })
}
