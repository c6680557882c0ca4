//! Accounts, sessions, tokens: who comes in, and that it is on record.

use std::sync::{Arc, OnceLock};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, ActorId, ActorKind, PurposeName, RecordId, RoleName, SessionId, TeamId, TokenId, Via, fill_array};
use ledger::Act as LedgerAct;
use seal::policy::SystemAct;
use store::{Account, Batch, SessionRow, Store, TokenRow};

use crate::{
    BasisDraft, Ctx, Draft, Error, FieldError, House, Result, passwords, records::ListAsk, roles::MACHINE_ROLES,
};

/// A session ends so long after the last request.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// And at the latest so long after signing in.
pub(crate) const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// A session's last request is noted at most this often.
const TOUCH: SignedDuration = SignedDuration::from_mins(5);
/// So long a code may take after the password.
const FOR_CODE: SignedDuration = SignedDuration::from_mins(5);
/// A token's last request is noted at most this often.
const NOTED: SignedDuration = SignedDuration::from_hours(1);
/// Failures before waiting begins.
const FREE_FAILS: i64 = 5;
/// The least length of a password, in characters (NIST SP 800-63B-4 §3.1.1.2 for single-factor use).
pub const MIN_PASSWORD: usize = 15;

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name colleagues see.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// Roles.
    pub roles: Vec<RoleName>,
    /// Team.
    pub team: Option<TeamId>,
    /// `en` or `zh-CN`.
    pub language: String,
}

/// Someone who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The circumstances of requests under this session.
    pub ctx: Ctx,
    /// Their language.
    pub language: String,
}

/// A fresh session: the secret goes into a cookie and is not stored.
#[derive(Debug)]
pub struct FreshSession {
    /// The cookie's value.
    pub secret: String,
    /// When it ends at the latest.
    pub expires: Timestamp,
    /// The account's language.
    pub language: String,
    /// Whether a code or a key is owed before it opens anything.
    pub second: bool,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for, in words without personal data.
    pub name: String,
    /// Its role.
    pub role: RoleName,
    /// Its purpose.
    pub purpose: PurposeName,
    /// Its team.
    pub team: Option<TeamId>,
    /// When it ends.
    pub expires: Timestamp,
}

impl House {
    /// Makes a user: a record of object `user`, and an account to sign in with.
    pub async fn add_user(&self, ctx: &Ctx, user: &NewUser) -> Result<ActorId> {
        let wrong = passwords::weak(&user.password, &[&user.name, &user.email]);
        let password = hash(user.password.clone(), fill_array(self.rng())).await?;
        self.make_user(ctx, user, password, wrong.into_iter().collect(), Vec::new()).await
    }

    /// The same with a password that is hashed already, and what is written along with the account.
    pub(crate) async fn make_user(
        &self,
        ctx: &Ctx,
        user: &NewUser,
        password: String,
        mut wrong: Vec<FieldError>,
        along: Vec<store::Step>,
    ) -> Result<ActorId> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        let known = self.roles_for_people();
        if user.roles.is_empty() || user.roles.iter().any(|r| !known.contains(r)) {
            let known: Vec<&str> = known.iter().map(|r| r.as_str()).collect();
            wrong.push(FieldError::new("roles", "unknown_role", format!("one or more of {}", known.join(", "))));
        }
        if !["en", "zh-CN"].contains(&user.language.as_str()) {
            wrong.push(FieldError::new("language", "not_a_choice", "en or zh-CN"));
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let name = |n: &str| kernel::FieldName::new(n).map_err(|e| Error::Setup(e.to_string()));
        let draft = Draft {
            fields: vec![(name("name")?, user.name.clone()), (name("email")?, user.email.clone())],
            team: user.team,
            source: Some("entered by the administrator".into()),
            bases: vec![BasisDraft {
                purpose: "staff".into(),
                law: "gdpr".into(),
                basis: "contract".into(),
                ..BasisDraft::default()
            }],
            ..Draft::default()
        };
        let login = self.login_digest(&user.email);
        if self.store.login(login).await?.is_some() {
            return Err(Error::field("email", "taken", "there is an account with this address"));
        }
        let made = self.prepare(ctx, "user", &draft, seal::policy::Act::Create, LedgerAct::Created).await?;
        let actor = ActorId::from_bytes(*made.written.id.as_bytes());
        let account = Account {
            actor,
            roles: role_text(&user.roles),
            team: user.team,
            language: user.language.clone(),
            disabled: false,
            created: ctx.at,
        };
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::AccountChanged);
        entry.records = vec![made.written.id];
        entry.policies = policies;
        entry.why = Some("made".into());
        let mut batch = Batch::new("account.made");
        batch.extend(made.steps);
        batch.push(Store::put_account(&account, login, &password));
        batch.extend(along);
        self.commit(batch, &[made.entry, entry]).await?;
        self.load_directory().await?;
        Ok(actor)
    }

    /// Every account.
    pub async fn accounts(&self, ctx: &Ctx) -> Result<Vec<Account>> {
        self.allow(ctx, SystemAct::ManageUsers).await?;
        Ok(self.store.accounts().await?)
    }

    /// The roles that people and tokens may have.
    pub fn roles_for_people(&self) -> Vec<RoleName> {
        let rules = self.rules();
        let of_jobs = |name: &RoleName| MACHINE_ROLES.contains(&name.as_str());
        rules.matrix().roles.keys().filter(|name| !of_jobs(name)).cloned().collect()
    }

    /// Sets roles, team, language or whether an account may sign in; ends its sessions.
    pub async fn change_account(&self, ctx: &Ctx, account: &Account) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        let roles = self.actor_of(account)?.roles;
        let known = self.roles_for_people();
        if roles.is_empty() || roles.iter().any(|role| !known.contains(role)) {
            return Err(Error::field("roles", "unknown_role", "choose at least one role, none of jobs alone"));
        }
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::AccountChanged);
        let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        entry.why = Some(format!("roles:{}", names.join(",")));
        entry.records = vec![RecordId::from_bytes(*account.actor.as_bytes())];
        entry.policies = policies;
        let mut batch = Batch::new("account.changed");
        batch.push(Store::set_account(account));
        batch.push(Store::end_sessions(account.actor));
        self.commit(batch, &[entry]).await
    }

    /// Sets a password and ends the account's sessions.
    pub async fn set_password(&self, ctx: &Ctx, email: &str, password: &str) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        if let Some(wrong) = passwords::weak(password, &[email]) {
            return Err(Error::Invalid(vec![wrong]));
        }
        let login = self
            .store
            .login(self.login_digest(email))
            .await?
            .ok_or_else(|| Error::Unknown("account with this address".into()))?;
        let password = hash(password.to_owned(), fill_array(self.rng())).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::AccountChanged);
        entry.records = vec![RecordId::from_bytes(*login.account.actor.as_bytes())];
        entry.policies = policies;
        entry.why = Some("password".into());
        let mut batch = Batch::new("account.password_set");
        batch.push(Store::set_password(login.account.actor, &password));
        batch.push(Store::end_sessions(login.account.actor));
        self.commit(batch, &[entry]).await
    }

    /// The account that signs in with this address.
    pub async fn account_of(&self, ctx: &Ctx, email: &str) -> Result<Option<Account>> {
        self.allow(ctx, SystemAct::ManageUsers).await?;
        Ok(self.store.login(self.login_digest(email)).await?.map(|login| login.account))
    }

    /// Makes a team.
    pub async fn add_team(&self, ctx: &Ctx, name: &str, parent: Option<TeamId>) -> Result<TeamId> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(Error::field("name", "required", "1 to 80 characters"));
        }
        let id = TeamId::new(ctx.at, self.rng());
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::SettingChanged);
        entry.why = Some("team".into());
        entry.policies = policies;
        let mut batch = Batch::new("team.made");
        batch.push(Store::put_team(id, parent, name));
        self.commit(batch, &[entry]).await?;
        self.load_directory().await?;
        Ok(id)
    }

    /// Signs in. Unknown address and wrong password take the same way, the same time and the same answer.
    pub async fn sign_in(&self, email: &str, password: &str, address: &str) -> Result<FreshSession> {
        let now = self.now();
        let login = self.login_digest(email);
        // Two buckets: the pair of address and login slows a guesser down without locking the owner out elsewhere, and
        // the address alone slows one who tries many logins.
        let buckets = [
            self.bucket("throttle.pair", &[&login, address.as_bytes()], FREE_FAILS),
            self.bucket("throttle.address", &[address.as_bytes()], FREE_FAILS * 10),
        ];
        let stranger = Actor {
            id: ActorId::from_bytes([0; 16]),
            kind: ActorKind::User,
            roles: Vec::new(),
            team: None,
            subtree: Vec::new(),
        };
        let mut ctx = self.ctx(Arc::new(stranger), Via::Stranger);
        ctx.at = now;
        self.count_sign_in(&ctx, &buckets).await?;
        let found = self.store.login(login).await?;
        let stored = match &found {
            Some(login) => login.password.clone(),
            None => dummy(self).await?,
        };
        let right = verify(password.to_owned(), stored).await?;
        let account = match found {
            Some(login) if right && !login.account.disabled => login.account,
            _ => {
                self.record(self.sign_in_failed(&ctx, "wrong")).await?;
                return Err(Error::WrongPassword);
            }
        };
        let mut batch = Batch::new("session.opened");
        batch.extend(self.succeeded(&buckets));
        let second = self.store.second_factor(account.actor).await?.is_some_and(|factor| factor.confirmed);
        self.open_session(batch, account, second, address).await
    }

    /// Opens a session for an account whose first factor was right; `pending` while the second is owed.
    pub(crate) async fn open_session(
        &self,
        mut batch: Batch,
        account: Account,
        pending: bool,
        address: &str,
    ) -> Result<FreshSession> {
        let now = self.now();
        let secret = fill_array::<32>(self.rng());
        let expires = now + if pending { FOR_CODE } else { LONGEST };
        let language = account.language.clone();
        let row = SessionRow {
            id: SessionId::new(now, self.rng()),
            account,
            created: now,
            seen: now,
            expires,
            pending,
            tries: None,
        };
        batch.push(Store::put_session(&row, self.keyring.digest("session", &secret)));
        if pending {
            self.store.write(batch).await?;
        } else {
            let entry = self.signed_in(&row, address).await?;
            self.commit(batch, &[entry]).await?;
        }
        Ok(FreshSession { secret: BASE64_URL_SAFE_NO_PAD.encode(secret), expires, language, second: pending })
    }

    /// The entry of a session that has opened.
    pub(crate) async fn signed_in(&self, row: &SessionRow, address: &str) -> Result<ledger::Entry> {
        let ctx = self.ctx(Arc::new(self.actor_of(&row.account)?), Via::Session(row.id));
        let actor = row.account.actor;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::SignedIn);
        if let Some(key) = self.store.subject_key(*self.person_of_account(actor).await?.as_bytes()).await? {
            entry.sealed = self.sealed_words(
                RecordId::from_bytes(*actor.as_bytes()),
                Some(&(key.epoch, key.subject, key.wrapped)),
                "address",
                address,
            )?;
        }
        Ok(entry)
    }

    pub(crate) async fn person_of_account(&self, actor: ActorId) -> Result<kernel::PersonId> {
        let catalog = self.catalog();
        let user = catalog.object("user").ok_or_else(|| Error::Setup("object `user` is not defined".into()))?;
        let record = RecordId::from_bytes(*actor.as_bytes());
        Ok(self.store.person_of(user, record).await?.unwrap_or(kernel::PersonId::from_bytes([0; 16])))
    }

    /// Who a session's cookie belongs to.
    pub async fn session(&self, secret: &str, purpose: Option<&str>) -> Result<SignedIn> {
        let secret = BASE64_URL_SAFE_NO_PAD.decode(secret).map_err(|_| Error::SignedOut)?;
        let now = self.now();
        let row = self.store.session(self.keyring.digest("session", &secret)).await?.ok_or(Error::SignedOut)?;
        if row.pending || row.expires <= now || row.seen + IDLE <= now || row.account.disabled {
            return Err(Error::SignedOut);
        }
        if row.seen + TOUCH <= now {
            let mut batch = Batch::new("session.seen");
            batch.push(Store::touch_session(row.id, now));
            self.store.write(batch).await?;
        }
        let actor = self.actor_of(&row.account)?;
        let mut ctx = self.ctx(Arc::new(actor), Via::Session(row.id));
        ctx.purpose = purpose
            .map(PurposeName::new)
            .transpose()
            .map_err(|e| Error::field("purpose", "unknown_purpose", e.to_string()))?;
        ctx.tries = match &row.tries {
            Some(word) => Some(Arc::new(self.tried(word, &ctx.actor).await?)),
            None => None,
        };
        ctx.emergency = ctx.tries.is_none() && self.store.emergency(row.account.actor, now).await?.is_some();
        Ok(SignedIn { ctx, language: row.account.language })
    }

    /// Ends the session.
    pub async fn sign_out(&self, ctx: &Ctx) -> Result<()> {
        let Via::Session(id) = ctx.via else { return Err(Error::SignedOut) };
        let mut batch = Batch::new("session.ended");
        batch.push(Store::end_session(id));
        let entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::SignedOut);
        self.commit(batch, &[entry]).await
    }

    /// Makes an API token; the secret is told once and not stored.
    pub async fn add_token(&self, ctx: &Ctx, token: &NewToken) -> Result<(TokenId, String)> {
        let policies = self.allow(ctx, SystemAct::ManageTokens).await?;
        let mut wrong = Vec::new();
        if !self.roles_for_people().contains(&token.role) {
            wrong.push(FieldError::new("role", "unknown_role", "there is no such role, or it is one of jobs alone"));
        }
        if self.catalog().purpose(&token.purpose).is_none() {
            wrong.push(FieldError::new("purpose", "unknown_purpose", "there is no such purpose"));
        }
        if token.expires <= ctx.at {
            wrong.push(FieldError::new("expires", "in_the_past", "must lie in the future"));
        }
        if token.name.trim().is_empty() || token.name.chars().count() > 80 {
            wrong.push(FieldError::new("name", "required", "1 to 80 characters"));
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let secret = fill_array::<32>(self.rng());
        let id = TokenId::new(ctx.at, self.rng());
        let row = TokenRow {
            id,
            name: token.name.trim().to_owned(),
            role: token.role.to_string(),
            purpose: token.purpose.to_string(),
            team: token.team,
            created_by: ctx.actor.id,
            created: ctx.at,
            expires: token.expires,
            revoked: None,
            used: None,
        };
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::TokenIssued);
        entry.records = vec![RecordId::from_bytes(*id.as_bytes())];
        entry.policies = policies;
        entry.why = Some(format!("role:{}:{}", row.role, row.purpose));
        let mut batch = Batch::new("token.issued");
        batch.push(Store::put_token(&row, self.keyring.digest("token", &secret)));
        self.commit(batch, &[entry]).await?;
        Ok((id, format!("custos_{}", BASE64_URL_SAFE_NO_PAD.encode(secret))))
    }

    /// Every token.
    pub async fn tokens(&self, ctx: &Ctx) -> Result<Vec<TokenRow>> {
        self.allow(ctx, SystemAct::ManageTokens).await?;
        Ok(self.store.tokens().await?)
    }

    /// Revokes a token.
    pub async fn revoke_token(&self, ctx: &Ctx, id: TokenId) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageTokens).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::TokenRevoked);
        entry.records = vec![RecordId::from_bytes(*id.as_bytes())];
        entry.policies = policies;
        let mut batch = Batch::new("token.revoked");
        batch.push(Store::revoke_token(id, ctx.at));
        match self.commit(batch, &[entry]).await {
            Err(Error::Store(store::Error::Missing(what))) => Err(Error::Unknown(what.into())),
            other => other,
        }
    }

    /// Who a token belongs to: an actor of its own, in one role, for one purpose.
    pub async fn token(&self, secret: &str) -> Result<Ctx> {
        let secret = secret.strip_prefix("custos_").ok_or(Error::SignedOut)?;
        let secret = BASE64_URL_SAFE_NO_PAD.decode(secret).map_err(|_| Error::SignedOut)?;
        let row = self.store.token(self.keyring.digest("token", &secret)).await?.ok_or(Error::SignedOut)?;
        let now = self.now();
        if row.expires <= now || row.revoked.is_some() {
            return Err(Error::SignedOut);
        }
        if row.used.is_none_or(|used| used + NOTED <= now) {
            let mut batch = Batch::new("token.used");
            batch.push(Store::touch_token(row.id, now));
            self.store.write(batch).await?;
        }
        let role = RoleName::new(&row.role).map_err(|_| Error::SignedOut)?;
        let actor = Actor {
            id: ActorId::from_bytes(*row.id.as_bytes()),
            kind: ActorKind::Token,
            roles: vec![role],
            team: row.team,
            subtree: self.subtree(row.team),
        };
        let mut ctx = self.ctx(Arc::new(actor), Via::Token(row.id));
        ctx.purpose = Some(PurposeName::new(&row.purpose).map_err(|_| Error::SignedOut)?);
        Ok(ctx)
    }

    /// The actor of an account, with its team's subtree.
    pub(crate) fn actor_of(&self, account: &Account) -> Result<Actor> {
        let roles: Vec<RoleName> = serde_json::from_str(&account.roles)
            .map_err(|_| Error::Store(store::Error::Unexpected("a list of roles")))?;
        Ok(Actor {
            id: account.actor,
            kind: ActorKind::User,
            roles,
            team: account.team,
            subtree: self.subtree(account.team),
        })
    }

    /// The actor behind an account, for explaining what they may see.
    pub async fn actor(&self, id: ActorId) -> Result<Actor> {
        let account = self.store.account(id).await?.ok_or_else(|| Error::Unknown("account".into()))?;
        self.actor_of(&account)
    }

    pub(crate) fn login_digest(&self, email: &str) -> [u8; 32] {
        self.keyring.digest("login", email.trim().to_lowercase().as_bytes())
    }

    /// Colleagues' names, read by the job `directory`.
    pub(crate) async fn read_user_names(&self) -> Result<std::collections::HashMap<ActorId, String>> {
        let mut names = std::collections::HashMap::new();
        let ctx = self.job("directory", "directory")?;
        let mut ask = ListAsk {
            fields: Some(vec![kernel::FieldName::new("name").map_err(|e| Error::Setup(e.to_string()))?]),
            limit: crate::records::MAX_PAGE,
            ..ListAsk::default()
        };
        if self.store.accounts().await?.is_empty() {
            return Ok(names);
        }
        loop {
            let listed = self.list(&ctx, "user", &ask).await?;
            for row in &listed.page.rows {
                if let seal::Shown::Clear(model::Value::Text(name)) = listed.page.value(row, "name") {
                    names.insert(ActorId::from_bytes(*row.id.as_bytes()), name.clone());
                }
            }
            match listed.next {
                Some(next) => ask.after = Some(next),
                None => return Ok(names),
            }
        }
    }
}

fn role_text(roles: &[RoleName]) -> String {
    serde_json::to_string(roles).unwrap_or_else(|_| "[]".into())
}

/// The hash against which a password for an unknown address is checked, so that it takes as long as a known one.
async fn dummy(house: &House) -> Result<String> {
    static DUMMY: OnceLock<String> = OnceLock::new();
    if let Some(dummy) = DUMMY.get() {
        return Ok(dummy.clone());
    }
    let made = hash("nobody signs in with this".into(), fill_array(house.rng())).await?;
    Ok(DUMMY.get_or_init(|| made).clone())
}

/// argon2id with the crate's defaults (19 MiB, 2 passes, 1 lane: the OWASP minimum), off the async threads.
pub(crate) async fn hash(password: String, salt: [u8; 16]) -> Result<String> {
    let hashed = tokio::task::spawn_blocking(move || {
        let salt = SaltString::encode_b64(&salt).ok()?;
        Argon2::default().hash_password(password.as_bytes(), &salt).ok().map(|hash| hash.to_string())
    });
    hashed.await.ok().flatten().ok_or_else(|| Error::Setup("the password could not be hashed".into()))
}

pub(crate) async fn verify(password: String, stored: String) -> Result<bool> {
    let checked = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&stored)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    checked.await.map_err(|_| Error::Setup("the password could not be checked".into()))
}
