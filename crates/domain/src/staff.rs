//! The people who work here: who they are, how they come in, in which team, and what happens to their records when they
//! leave.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use kernel::{ActorId, FieldName, RecordId, RoleName, TeamId, Via, fill_array};
use ledger::Act as LedgerAct;
use seal::policy::SystemAct;
use store::{Account, Batch, InvitationRow, Store};

use crate::{
    Ctx, Error, FieldError, House, NewUser, Result,
    accounts::hash,
    passwords,
    records::{ListAsk, MAX_PAGE},
};

/// An invitation is good for so long.
const INVITED: SignedDuration = SignedDuration::from_hours(72);
/// A link that sets a forgotten password is good for so long.
const RESET: SignedDuration = SignedDuration::from_mins(60);
/// Records handed on in one transaction.
const CHUNK: i64 = 500;

/// Somebody who works here, as the administrator sees them.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// The account.
    pub account: Account,
    /// The roles.
    pub roles: Vec<RoleName>,
    /// The name, unless they have left and been erased.
    pub name: Option<String>,
    /// The address they sign in with.
    pub email: Option<String>,
    /// How many sessions are open.
    pub sessions: usize,
    /// Whether they have a second factor.
    pub second: bool,
}

/// A link by which somebody sets a password: told once, kept as a digest.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Whose password it sets.
    pub actor: ActorId,
    /// The secret in the link.
    pub secret: String,
    /// Good until.
    pub expires: Timestamp,
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// Signed in at.
    pub created: Timestamp,
    /// Last request, give or take five minutes.
    pub seen: Timestamp,
    /// Ends at the latest.
    pub expires: Timestamp,
    /// Whether it is the one that asks.
    pub this: bool,
}

impl House {
    /// Everybody with an account, by name. Names and addresses are read through the gate, on record.
    pub async fn staff(&self, ctx: &Ctx) -> Result<Vec<Colleague>> {
        let accounts = self.accounts(ctx).await?;
        let mut known = std::collections::HashMap::new();
        let field = |name: &str| FieldName::new(name).map_err(|e| Error::Setup(e.to_string()));
        let fields = Some(vec![field("name")?, field("email")?]);
        let mut ask = ListAsk { fields, limit: MAX_PAGE, ..ListAsk::default() };
        while !accounts.is_empty() {
            let listed = self.list(ctx, "user", &ask).await?;
            for row in &listed.page.rows {
                let text = |name: &str| match listed.page.value(row, name) {
                    seal::Shown::Clear(model::Value::Text(text)) => Some(text.clone()),
                    seal::Shown::Masked(mask) => Some(mask.clone()),
                    _ => None,
                };
                known.insert(row.id, (text("name"), text("email")));
            }
            match listed.next {
                Some(next) => ask.after = Some(next),
                None => break,
            }
        }
        let mut all = Vec::new();
        for account in accounts {
            let (name, email) = known.remove(&RecordId::from_bytes(*account.actor.as_bytes())).unwrap_or_default();
            let sessions = self.store.sessions(account.actor).await?;
            let now = ctx.at;
            all.push(Colleague {
                roles: self.actor_of(&account)?.roles,
                sessions: sessions.iter().filter(|session| !session.pending && session.expires > now).count(),
                second: self.store.second_factor(account.actor).await?.is_some_and(|factor| factor.confirmed),
                account,
                name,
                email,
            });
        }
        all.sort_by(|a, b| a.account.disabled.cmp(&b.account.disabled).then_with(|| a.name.cmp(&b.name)));
        Ok(all)
    }

    /// Makes an account without a password, and the link by which its owner sets one. The password of `user` is not
    /// looked at.
    pub async fn invite(&self, ctx: &Ctx, user: &NewUser) -> Result<Invitation> {
        // Nobody knows this password: it keeps the account closed until the link is used.
        let unknown: [u8; 32] = fill_array(self.rng());
        let password = hash(BASE64_URL_SAFE_NO_PAD.encode(unknown), fill_array(self.rng())).await?;
        let actor = self.make_user(ctx, user, password, Vec::new(), Vec::new()).await?;
        self.link_for(ctx, actor, "invite", INVITED).await
    }

    /// Makes a link by which somebody sets a new password; their sessions go on until they use it.
    pub async fn reset_link(&self, ctx: &Ctx, actor: ActorId) -> Result<Invitation> {
        self.allow(ctx, SystemAct::ManageUsers).await?;
        self.link_for(ctx, actor, "reset", RESET).await
    }

    pub(crate) async fn link_for(
        &self,
        ctx: &Ctx,
        actor: ActorId,
        kind: &str,
        good: SignedDuration,
    ) -> Result<Invitation> {
        self.store.account(actor).await?.ok_or_else(|| Error::Unknown("account".into()))?;
        let secret: [u8; 32] = fill_array(self.rng());
        let row = InvitationRow { actor, kind: kind.into(), expires: ctx.at + good };
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::AccountChanged);
        entry.records = vec![RecordId::from_bytes(*actor.as_bytes())];
        entry.why = Some(kind.into());
        let mut batch = Batch::new("account.invited");
        batch.extend(Store::put_invitation(self.keyring.digest("invitation", &secret), &row, ctx.at));
        self.commit(batch, &[entry]).await?;
        Ok(Invitation { actor, secret: BASE64_URL_SAFE_NO_PAD.encode(secret), expires: row.expires })
    }

    /// Whether a link still works, for the page that asks for the password.
    pub async fn invitation_good(&self, secret: &str) -> Result<()> {
        self.invitation(secret).await.map(|_| ())
    }

    async fn invitation(&self, secret: &str) -> Result<([u8; 32], Account)> {
        let gone = || Error::Unknown("such link, or it was used or is too old".into());
        let secret = BASE64_URL_SAFE_NO_PAD.decode(secret).map_err(|_| gone())?;
        let digest = self.keyring.digest("invitation", &secret);
        let row = self.store.invitation(digest).await?.filter(|row| row.expires > self.now()).ok_or_else(gone)?;
        let account = self.store.account(row.actor).await?.filter(|account| !account.disabled).ok_or_else(gone)?;
        Ok((digest, account))
    }

    /// Sets the password of whoever holds the link; it works once, and ends the account's sessions.
    pub async fn accept_invitation(&self, secret: &str, password: &str) -> Result<()> {
        let (digest, account) = self.invitation(secret).await?;
        let name = self.name_of(account.actor).unwrap_or_default();
        if let Some(wrong) = passwords::weak(password, &[&name]) {
            return Err(Error::Invalid(vec![wrong]));
        }
        let password = hash(password.to_owned(), fill_array(self.rng())).await?;
        let ctx = self.ctx(std::sync::Arc::new(self.actor_of(&account)?), Via::Stranger);
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::AccountChanged);
        entry.records = vec![RecordId::from_bytes(*account.actor.as_bytes())];
        entry.why = Some("password".into());
        let mut batch = Batch::new("invitation.used");
        batch.push(Store::use_invitation(digest));
        batch.push(Store::set_password(account.actor, &password));
        batch.push(Store::end_sessions(account.actor));
        match self.commit(batch, &[entry]).await {
            Err(Error::Store(store::Error::Stale)) => Err(Error::Unknown("such link, or it was used".into())),
            other => other,
        }
    }

    /// Changes one's own password: the old one is asked for, other sessions end.
    pub async fn change_password(&self, ctx: &Ctx, old: &str, new: &str, address: &str) -> Result<()> {
        let Via::Session(session) = ctx.via else { return Err(Error::SignedOut) };
        self.confirm_password(ctx, old, address).await?;
        let name = self.name_of(ctx.actor.id).unwrap_or_default();
        if let Some(wrong) = passwords::weak(new, &[&name]) {
            return Err(Error::Invalid(vec![wrong]));
        }
        let password = hash(new.to_owned(), fill_array(self.rng())).await?;
        let mut entry = self.own_entry(ctx, "password");
        entry.records = vec![RecordId::from_bytes(*ctx.actor.id.as_bytes())];
        let mut batch = Batch::new("account.password_changed");
        batch.push(Store::set_password(ctx.actor.id, &password));
        batch.push(Store::end_other_sessions(ctx.actor.id, session));
        self.commit(batch, &[entry]).await
    }

    pub(crate) fn own_entry(&self, ctx: &Ctx, why: &str) -> ledger::Entry {
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::AccountChanged);
        entry.records = vec![RecordId::from_bytes(*ctx.actor.id.as_bytes())];
        entry.why = Some(why.into());
        entry
    }

    /// Ends every session of somebody.
    pub async fn sign_out_everywhere(&self, ctx: &Ctx, actor: ActorId) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::AccountChanged);
        entry.records = vec![RecordId::from_bytes(*actor.as_bytes())];
        entry.why = Some("signed_out_everywhere".into());
        entry.policies = policies;
        let mut batch = Batch::new("sessions.ended");
        batch.push(Store::end_sessions(actor));
        self.commit(batch, &[entry]).await
    }

    /// One's own sessions.
    pub async fn own_sessions(&self, ctx: &Ctx) -> Result<Vec<OpenSession>> {
        let Via::Session(this) = ctx.via else { return Err(Error::SignedOut) };
        let rows = self.store.sessions(ctx.actor.id).await?;
        let open = rows.into_iter().filter(|row| !row.pending && row.expires > ctx.at);
        Ok(open
            .map(|row| OpenSession { created: row.created, seen: row.seen, expires: row.expires, this: row.id == this })
            .collect())
    }

    /// Ends one's own other sessions.
    pub async fn end_other_sessions(&self, ctx: &Ctx) -> Result<()> {
        let Via::Session(this) = ctx.via else { return Err(Error::SignedOut) };
        let mut batch = Batch::new("sessions.others_ended");
        batch.push(Store::end_other_sessions(ctx.actor.id, this));
        self.commit(batch, &[self.own_entry(ctx, "signed_out_elsewhere")]).await
    }

    /// How many records somebody is responsible for, object by object.
    pub async fn responsible_for(&self, ctx: &Ctx, actor: ActorId) -> Result<Vec<(kernel::ObjectName, u64)>> {
        self.allow(ctx, SystemAct::ManageUsers).await?;
        let mut counts = Vec::new();
        for object in self.catalog().objects() {
            let count = self.store.owned_count(object, actor).await?;
            if count > 0 {
                counts.push((object.name.clone(), count));
            }
        }
        Ok(counts)
    }

    /// Hands every record of somebody to somebody else. Nothing of the records is read.
    pub async fn hand_over(&self, ctx: &Ctx, from: ActorId, to: ActorId) -> Result<u64> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        let heir = self.store.account(to).await?.filter(|account| !account.disabled && to != from);
        heir.ok_or_else(|| Error::field("to", "not_a_choice", "somebody else who works here"))?;
        let mut handed = 0;
        for object in self.catalog().objects() {
            loop {
                let records = self.store.owned(object, from, CHUNK).await?;
                if records.is_empty() {
                    break;
                }
                let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Assigned);
                entry.object = Some(object.name.clone());
                entry.count = records.len() as u64;
                entry.records = records.clone();
                entry.policies = policies.clone();
                entry.why = Some("leaving".into());
                let mut batch = Batch::new("records.handed_on");
                for record in &records {
                    batch.push(Store::hand_on(object, *record, from, to, ctx.at));
                    batch.push(self.announce(&object.name, *record, ctx.at));
                }
                match self.commit(batch, &[entry]).await {
                    // Somebody changed one of them meanwhile: look again.
                    Err(Error::Store(store::Error::Stale)) => continue,
                    other => other?,
                }
                handed += records.len() as u64;
            }
        }
        Ok(handed)
    }

    /// Names and places a team. A team cannot come to stand below itself.
    pub async fn change_team(&self, ctx: &Ctx, id: TeamId, name: &str, parent: Option<TeamId>) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        let name = team_name(name)?;
        if parent.is_some_and(|parent| self.team_subtree(id).contains(&parent)) {
            return Err(Error::field("parent", "team_circle", "a team does not stand below itself"));
        }
        self.known_team(parent)?;
        self.team_changed(ctx, id, policies, Store::set_team(id, parent, name)).await
    }

    /// Removes a team that nobody and nothing is in.
    pub async fn drop_team(&self, ctx: &Ctx, id: TeamId) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        let catalog = self.catalog();
        let objects: Vec<&model::Object> = catalog.objects().map(AsRef::as_ref).collect();
        if self.store.team_in_use(id, &objects).await? {
            return Err(Error::field("team", "team_in_use", "people, teams or records are in it: move them first"));
        }
        self.team_changed(ctx, id, policies, Store::drop_team(id)).await
    }

    async fn team_changed(&self, ctx: &Ctx, id: TeamId, policies: Vec<String>, step: store::Step) -> Result<()> {
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::AccountChanged);
        entry.records = vec![RecordId::from_bytes(*id.as_bytes())];
        entry.why = Some("team".into());
        entry.policies = policies;
        let mut batch = Batch::new("team.changed");
        batch.push(step);
        match self.commit(batch, &[entry]).await {
            Err(Error::Store(store::Error::Missing(what))) => return Err(Error::Unknown(what.into())),
            other => other?,
        }
        self.load_directory().await
    }

    pub(crate) fn known_team(&self, team: Option<TeamId>) -> Result<()> {
        match team.filter(|team| self.team_name(*team).is_none()) {
            Some(_) => Err(Error::field("team", "not_a_choice", "there is no such team")),
            None => Ok(()),
        }
    }

    /// One account, for the page that changes it.
    pub async fn account(&self, ctx: &Ctx, actor: ActorId) -> Result<Account> {
        self.allow(ctx, SystemAct::ManageUsers).await?;
        self.store.account(actor).await?.ok_or_else(|| Error::Unknown("account".into()))
    }

    /// Sets roles, team, language and whether somebody may sign in. Nobody closes their own account or takes their own
    /// last right to manage users: an installation without an administrator could only be mended on the machine.
    pub async fn change_staff(&self, ctx: &Ctx, account: &Account, roles: &[RoleName]) -> Result<()> {
        let rules = self.rules();
        let mut wrong = Vec::new();
        let known = self.roles_for_people();
        if roles.is_empty() || roles.iter().any(|role| !known.contains(role)) {
            wrong.push(FieldError::new("roles", "unknown_role", "choose at least one role"));
        }
        if !["en", "zh-CN"].contains(&account.language.as_str()) {
            wrong.push(FieldError::new("language", "not_a_choice", "en or zh-CN"));
        }
        if account.actor == ctx.actor.id {
            let manages = |role: &RoleName| {
                rules.matrix().roles.get(role).is_some_and(|rules| rules.system.contains(&SystemAct::ManageUsers))
            };
            if account.disabled || !roles.iter().any(manages) {
                wrong.push(FieldError::new("roles", "own_account", "ask another administrator to do this to you"));
            }
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        self.known_team(account.team)?;
        let roles = serde_json::to_string(roles).map_err(|e| Error::Setup(e.to_string()))?;
        self.change_account(ctx, &Account { roles, ..account.clone() }).await
    }
}

fn team_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Error::field("name", "required", "1 to 80 characters"));
    }
    Ok(name)
}
