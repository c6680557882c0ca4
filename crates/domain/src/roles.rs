//! Changing who may do what: what a change would give and take, shown before it happens; the versions that were; and
//! looking through somebody's eyes.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Actor, ActorId, ActorKind, Category, ObjectName, PurposeSet, RecordId, RoleName, Via};
use ledger::Act as LedgerAct;
use seal::policy::{Condition, Effect, Impact, ImpactScope, Matrix, MatrixChange, ObjectKey, Policies, SystemAct};
use store::{Batch, PolicyVersion, Store};

use crate::{
    Ctx, Error, House, Result,
    rules::{MATRIX, compile, parse_matrix},
};

/// The roles of jobs and commands, into which neither a person nor a token is put.
pub const MACHINE_ROLES: &[&str] =
    &["index", "import", "retention", "backup", "figures", "directory", "mail", "operator"];
/// Counting records stops here: "10,000 or more" says enough.
pub const MOST_TOLD: u64 = 10_000;

/// What somebody gains or loses, whatever the purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// An act on records of an object.
    Act(ObjectName, seal::policy::Act),
    /// A category of an object masked at least.
    Masked(ObjectName, Category),
    /// A category of an object in clear.
    Clear(ObjectName, Category),
    /// An act on the system.
    System(SystemAct),
}

impl Right {
    fn of(scope: &ImpactScope) -> Self {
        match scope {
            ImpactScope::Act(object, _, act) => Self::Act(object.clone(), *act),
            ImpactScope::Masked(object, _, category) => Self::Masked(object.clone(), category.clone()),
            ImpactScope::Clear(object, _, category) => Self::Clear(object.clone(), category.clone()),
            ImpactScope::System(act) => Self::System(*act),
        }
    }

    /// The object it is about.
    pub fn object(&self) -> Option<&ObjectName> {
        match self {
            Self::Act(object, _) | Self::Masked(object, _) | Self::Clear(object, _) => Some(object),
            Self::System(_) => None,
        }
    }
}

/// One right, who gains and who loses it, and on how many records.
#[derive(Clone, Debug)]
pub struct Shift {
    /// Which right.
    pub right: Right,
    /// Who gains it, on some record or purpose.
    pub gain: BTreeSet<ActorId>,
    /// Who loses it.
    pub lose: BTreeSet<ActorId>,
    /// Records that somebody gains it on, counted up to [`MOST_TOLD`].
    pub gained: u64,
    /// Records that somebody loses it on.
    pub lost: u64,
}

/// What saving a policy would do.
#[derive(Clone, Debug)]
pub struct Review {
    /// The cells of the matrix that change; none for an expert policy.
    pub cells: Vec<MatrixChange>,
    /// Who gains and loses what.
    pub shifts: Vec<Shift>,
    /// People whose rights were compared.
    pub people: usize,
    /// The version that is in force; 0 when it is the shipped one, or none.
    pub version: i64,
}

/// Both sides of one right while they are gathered.
#[derive(Default)]
struct Sides {
    gain: BTreeSet<ActorId>,
    lose: BTreeSet<ActorId>,
    gained: Vec<Condition>,
    lost: Vec<Condition>,
}

impl House {
    /// What saving this policy (`matrix`, or the name of an expert policy; no text removes one) would give and take.
    /// Nothing is saved; a policy that does not compile is refused with the reasons.
    pub async fn review_policy(&self, ctx: &Ctx, id: &str, text: Option<&str>) -> Result<Review> {
        self.allow(ctx, SystemAct::ManageRoles).await?;
        let (matrix, policies) = self.would_be(id, text).await?;
        let rules = self.rules();
        let cells = matrix.diff(rules.matrix());
        let touched = touched(rules.matrix(), &cells);
        let mut actors = Vec::new();
        for account in self.store.accounts().await? {
            let actor = self.actor_of(&account)?;
            let concerned = id != MATRIX || actor.roles.iter().any(|role| touched.roles.contains(role.as_str()));
            if !account.disabled && concerned {
                actors.push(actor);
            }
        }
        let people = actors.len();
        let (old, new) = (std::sync::Arc::clone(rules.policies()), policies);
        let only = (id == MATRIX).then_some(touched.objects).flatten();
        // Compiling each question takes a while: not on a thread that serves.
        let found = tokio::task::spawn_blocking(move || Impact::among(&old, &new, &actors, only.as_ref())).await;
        let found = found.map_err(|_| Error::Setup("the effect could not be worked out".into()))?;
        let mut sides: BTreeMap<Right, Sides> = BTreeMap::new();
        for impact in found {
            let side = sides.entry(Right::of(&impact.scope)).or_default();
            if impact.effect != Effect::Loses {
                side.gain.insert(impact.actor);
                side.gained.push(impact.after.clone().and(impact.before.clone().not()));
            }
            if impact.effect != Effect::Gains {
                side.lose.insert(impact.actor);
                side.lost.push(impact.before.and(impact.after.not()));
            }
        }
        let mut shifts = Vec::new();
        for (right, side) in sides {
            let gained = self.told(&right, side.gained).await?;
            let lost = self.told(&right, side.lost).await?;
            shifts.push(Shift { right, gain: side.gain, lose: side.lose, gained, lost });
        }
        Ok(Review { cells, shifts, people, version: self.policy_version(id).await? })
    }

    /// How many records fulfil one of the conditions.
    async fn told(&self, right: &Right, conditions: Vec<Condition>) -> Result<u64> {
        let catalog = self.catalog();
        let Some(object) = right.object().and_then(|name| catalog.object(name)) else { return Ok(0) };
        let mut each = conditions;
        each.dedup();
        let bit = |name: &str| catalog.purpose(name).map_or(0, |p| PurposeSet::EMPTY.with(p.purpose).bits());
        Ok(self.store.count_where(object, &Condition::any(each), &bit, MOST_TOLD).await?)
    }

    /// The matrix and policies as they would be with this text.
    async fn would_be(&self, id: &str, text: Option<&str>) -> Result<(Matrix, Policies)> {
        let mut matrix = self.shipped.matrix.clone();
        let mut expert = Vec::new();
        for (other, _, body) in self.store.policies().await? {
            match other == MATRIX {
                true => matrix = body,
                false if other != id => expert.push((other, body)),
                false => {}
            }
        }
        match (id == MATRIX, text) {
            (true, Some(text)) => matrix = text.to_owned(),
            (true, None) => matrix = self.shipped.matrix.clone(),
            (false, Some(text)) => expert.push((policy_name(id)?.to_owned(), text.to_owned())),
            (false, None) => {}
        }
        let matrix = parse_matrix(&matrix)?;
        let policies = compile(&self.catalog(), &matrix, &self.shipped.house, &expert)?;
        Ok((matrix, policies))
    }

    async fn policy_version(&self, id: &str) -> Result<i64> {
        let versions = self.store.policy_versions(id).await?;
        Ok(versions.first().map_or(0, |version| version.version))
    }

    /// Saves a policy after compiling it with all others; a policy that cannot become a filter is refused with the
    /// reason. With `seen`, only if that version is still the one in force.
    pub async fn put_policy(&self, ctx: &Ctx, id: &str, text: Option<&str>, seen: Option<i64>) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageRoles).await?;
        self.would_be(id, text).await?;
        let version = self.policy_version(id).await?;
        if seen.is_some_and(|seen| seen != version) {
            return Err(Error::Conflict { version });
        }
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::PolicyChanged);
        entry.policies = policies;
        entry.why = Some(id.to_owned());
        let mut batch = Batch::new("policy.saved");
        match text {
            Some(text) => batch.push(Store::put_policy(id, text, ctx.at)),
            None => batch.push(Store::drop_policy(id)),
        }
        batch.push(Store::keep_version(id, text.unwrap_or_default(), ctx.at, ctx.actor.id));
        match self.commit(batch, &[entry]).await {
            // The primary key of versions: somebody saved at the same time.
            Err(Error::Taken) => return Err(Error::Conflict { version: version + 1 }),
            Err(Error::Store(store::Error::Missing(what))) => return Err(Error::Unknown(what.into())),
            other => other?,
        }
        self.reload_rules().await
    }

    /// The versions of a policy, newest first.
    pub async fn policy_history(&self, ctx: &Ctx, id: &str) -> Result<Vec<PolicyVersion>> {
        self.allow(ctx, SystemAct::ManageRoles).await?;
        Ok(self.store.policy_versions(id).await?)
    }

    /// The expert policies in force: name and text.
    pub async fn expert_policies(&self, ctx: &Ctx) -> Result<Vec<(String, String)>> {
        self.allow(ctx, SystemAct::ManageRoles).await?;
        let all = self.store.policies().await?;
        Ok(all.into_iter().filter(|(id, ..)| id != MATRIX).map(|(id, _, text)| (id, text)).collect())
    }

    /// How many people have each role.
    pub async fn members(&self, ctx: &Ctx) -> Result<BTreeMap<RoleName, usize>> {
        self.allow(ctx, SystemAct::ManageRoles).await?;
        let mut members = BTreeMap::new();
        for account in self.store.accounts().await? {
            if !account.disabled {
                for role in self.actor_of(&account)?.roles {
                    *members.entry(role).or_default() += 1;
                }
            }
        }
        Ok(members)
    }

    /// Looks through the eyes of a role (`role:sales`) or a person (`user:ID`) from now on: read only, and no more than
    /// the actor may see itself. On record.
    pub async fn try_as(&self, ctx: &Ctx, whose: &str) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageRoles).await?;
        let Via::Session(session) = ctx.via else { return Err(Error::SignedOut) };
        let tried = self.tried(whose, &ctx.actor).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Tried);
        entry.policies = policies;
        entry.records = vec![RecordId::from_bytes(*tried.id.as_bytes())];
        entry.why = Some(whose.split(':').take(2).collect::<Vec<_>>().join(":"));
        let mut batch = Batch::new("session.tries");
        batch.push(Store::set_tries(session, Some(whose)));
        self.commit(batch, &[entry]).await
    }

    /// Looks through one's own eyes again.
    pub async fn stop_trying(&self, ctx: &Ctx) -> Result<()> {
        let Via::Session(session) = ctx.via else { return Err(Error::SignedOut) };
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Tried);
        entry.why = Some("ended".into());
        let mut batch = Batch::new("session.tries_no_more");
        batch.push(Store::set_tries(session, None));
        self.commit(batch, &[entry]).await
    }

    /// Whose eyes a session looks through.
    pub(crate) async fn tried(&self, whose: &str, looker: &Actor) -> Result<Actor> {
        let unknown = || Error::Unknown("role or person to try as".into());
        if let Some(id) = whose.strip_prefix("user:") {
            return self.actor(id.parse().map_err(|_| unknown())?).await;
        }
        let role = whose.strip_prefix("role:").and_then(|role| RoleName::new(role).ok()).ok_or_else(unknown)?;
        if !self.rules().matrix().roles.contains_key(&role) {
            return Err(unknown());
        }
        Ok(Actor { kind: ActorKind::User, roles: vec![role], ..looker.clone() })
    }
}

/// The roles and, if it can be told, the objects that changes of the matrix touch.
struct Touched {
    roles: BTreeSet<String>,
    objects: Option<BTreeSet<ObjectName>>,
}

fn touched(now: &Matrix, cells: &[MatrixChange]) -> Touched {
    let mut roles = BTreeSet::new();
    let mut objects = Some(BTreeSet::new());
    for cell in cells {
        let mut parts = cell.place.split('/');
        roles.extend(parts.next().map(str::to_owned));
        let place = parts.next().unwrap_or_default();
        match place.parse::<ObjectKey>() {
            Ok(ObjectKey::Named(name)) if parts.next().is_some() && place != "system" => {
                objects.iter_mut().for_each(|set| _ = set.insert(name.clone()));
            }
            // Names and words change nobody's rights; anything else may touch every object.
            _ if matches!(place, "label" | "about" | "system") => {}
            _ => objects = None,
        }
    }
    // A role that is renamed or dropped is somebody's still.
    roles.retain(|role| now.roles.contains_key(role.as_str()) || !role.is_empty());
    Touched { roles, objects }
}

/// A name for an expert policy, as ids of policies and the ledger have it.
fn policy_name(id: &str) -> Result<&str> {
    let good = id.len() <= 48
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    good.then_some(id).ok_or_else(|| Error::field("name", "name_form", "small letters, digits, _ and -"))
}
