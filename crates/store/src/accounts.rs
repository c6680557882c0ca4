//! Accounts, teams, sessions, tokens, throttles: who may come in. Secrets are stored as keyed digests only.

use jiff::Timestamp;
use kernel::{ActorId, SessionId, TeamId, TokenId};

use crate::{Result, Row, Sql, Step, Store};

/// An account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its actor, also the id of its record of object `user`.
    pub actor: ActorId,
    /// JSON list of roles.
    pub roles: String,
    /// Its team.
    pub team: Option<TeamId>,
    /// `en` or `zh-CN`.
    pub language: String,
    /// May not sign in.
    pub disabled: bool,
    /// Made at.
    pub created: Timestamp,
}

/// An account with what checks a password.
#[derive(Clone, Debug)]
pub struct Login {
    /// The account.
    pub account: Account,
    /// argon2id, PHC string.
    pub password: String,
}

/// A session.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub account: Account,
    /// Signed in at.
    pub created: Timestamp,
    /// Last seen.
    pub seen: Timestamp,
    /// Ends at the latest.
    pub expires: Timestamp,
    /// Whether the second factor is still owed: it opens nothing yet.
    pub pending: bool,
    /// Whose eyes it looks through: `role:NAME` or `user:ID`.
    pub tries: Option<String>,
}

/// An API token.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Its id, also the id of the actor it acts as.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// Its role.
    pub role: String,
    /// Its purpose.
    pub purpose: String,
    /// Its team.
    pub team: Option<TeamId>,
    /// Who made it.
    pub created_by: ActorId,
    /// When.
    pub created: Timestamp,
    /// Until when it works.
    pub expires: Timestamp,
    /// Since when it does not.
    pub revoked: Option<Timestamp>,
    /// When it was used last, to the hour.
    pub used: Option<Timestamp>,
}

const ACCOUNT: &str = "a.actor, a.roles, a.team, a.language, a.disabled, a.created_at";
const SESSION: &str = "s.id, s.created_at, s.seen_at, s.expires_at, s.pending, s.tries";
const TOKEN: &str =
    "select id, name, role, purpose, team, created_by, created_at, expires_at, revoked_at, used_at from token";

impl Store {
    /// The account of a login digest.
    pub async fn login(&self, digest: [u8; 32]) -> Result<Option<Login>> {
        let rows = self
            .query(&format!("select {ACCOUNT}, a.password from account a where a.login = $1"), vec![digest.into()])
            .await?;
        rows.first().map(|row| Ok(Login { account: account(row)?, password: row[6].text()?.to_owned() })).transpose()
    }

    /// Every account, oldest first.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let rows =
            self.query(&format!("select {ACCOUNT} from account a order by a.created_at, a.actor"), Vec::new()).await?;
        rows.iter().map(account).collect()
    }

    /// One account.
    pub async fn account(&self, actor: ActorId) -> Result<Option<Account>> {
        let rows =
            self.query(&format!("select {ACCOUNT} from account a where a.actor = $1"), vec![actor.into()]).await?;
        rows.first().map(account).transpose()
    }

    /// The step that makes an account.
    pub fn put_account(account: &Account, login: [u8; 32], password: &str) -> Step {
        Step::new(
            "insert into account (actor, login, password, roles, team, language, disabled, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            vec![
                account.actor.into(),
                login.into(),
                password.into(),
                account.roles.clone().into(),
                account.team.into(),
                account.language.clone().into(),
                account.disabled.into(),
                account.created.into(),
            ],
        )
    }

    /// The step that changes roles, team, language and whether an account may sign in.
    pub fn set_account(account: &Account) -> Step {
        Step::new(
            "update account set roles = $1, team = $2, language = $3, disabled = $4 where actor = $5",
            vec![
                account.roles.clone().into(),
                account.team.into(),
                account.language.clone().into(),
                account.disabled.into(),
                account.actor.into(),
            ],
        )
        .present("the account")
    }

    /// The hash of an account's password.
    pub async fn password(&self, actor: ActorId) -> Result<Option<String>> {
        let rows = self.query("select password from account where actor = $1", vec![actor.into()]).await?;
        rows.first().map(|row| row[0].text().map(str::to_owned)).transpose()
    }

    /// The step that sets a password.
    pub fn set_password(actor: ActorId, password: &str) -> Step {
        Step::new("update account set password = $1 where actor = $2", vec![password.into(), actor.into()])
            .present("the account")
    }

    /// Every team: id, parent, name.
    pub async fn teams(&self) -> Result<Vec<(TeamId, Option<TeamId>, String)>> {
        let rows = self.query("select id, parent, name from team order by name, id", Vec::new()).await?;
        rows.iter()
            .map(|row| {
                Ok((
                    row[0].id(TeamId::from_bytes)?,
                    row[1].opt(|v| v.id(TeamId::from_bytes))?,
                    row[2].text()?.to_owned(),
                ))
            })
            .collect()
    }

    /// The step that makes a team.
    pub fn put_team(id: TeamId, parent: Option<TeamId>, name: &str) -> Step {
        Step::new(
            "insert into team (id, parent, name) values ($1, $2, $3)",
            vec![id.into(), parent.into(), name.into()],
        )
    }

    /// The session of a cookie's digest, with its account.
    pub async fn session(&self, digest: [u8; 32]) -> Result<Option<SessionRow>> {
        let rows = self
            .query(
                &format!(
                    "select {ACCOUNT}, {SESSION} from session s join account a on a.actor = s.actor where s.digest = $1"
                ),
                vec![digest.into()],
            )
            .await?;
        rows.first().map(session).transpose()
    }

    /// Every session of an actor, the one used last first.
    pub async fn sessions(&self, actor: ActorId) -> Result<Vec<SessionRow>> {
        let sql = format!(
            "select {ACCOUNT}, {SESSION} from session s join account a on a.actor = s.actor \
             where s.actor = $1 order by s.seen_at desc, s.id"
        );
        self.query(&sql, vec![actor.into()]).await?.iter().map(session).collect()
    }

    /// The step that opens a session.
    pub fn put_session(row: &SessionRow, digest: [u8; 32]) -> Step {
        Step::new(
            "insert into session (id, digest, actor, created_at, seen_at, expires_at, pending) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            vec![
                row.id.into(),
                digest.into(),
                row.account.actor.into(),
                row.created.into(),
                row.seen.into(),
                row.expires.into(),
                row.pending.into(),
            ],
        )
    }

    /// The step that opens a session whose second factor was given.
    pub fn open_session(id: SessionId, now: Timestamp, expires: Timestamp) -> Step {
        Step::new(
            "update session set pending = false, seen_at = $1, expires_at = $2 where id = $3 and pending",
            vec![now.into(), expires.into(), id.into()],
        )
        .present("the session")
    }

    /// The step that has a session look through another's eyes, or its own again.
    pub fn set_tries(id: SessionId, tries: Option<&str>) -> Step {
        Step::new("update session set tries = $1 where id = $2", vec![tries.map(str::to_owned).into(), id.into()])
            .present("the session")
    }

    /// The step that notes a session's last request.
    pub fn touch_session(id: SessionId, now: Timestamp) -> Step {
        Step::new("update session set seen_at = $1 where id = $2", vec![now.into(), id.into()])
    }

    /// The step that ends a session.
    pub fn end_session(id: SessionId) -> Step {
        Step::new("delete from session where id = $1", vec![id.into()])
    }

    /// The step that ends every session of an actor but this one.
    pub fn end_other_sessions(actor: ActorId, kept: SessionId) -> Step {
        Step::new("delete from session where actor = $1 and id <> $2", vec![actor.into(), kept.into()])
    }

    /// The step that notes a token's last request.
    pub fn touch_token(id: TokenId, now: Timestamp) -> Step {
        Step::new("update token set used_at = $1 where id = $2", vec![now.into(), id.into()])
    }

    /// The step that ends every session of an actor.
    pub fn end_sessions(actor: ActorId) -> Step {
        Step::new("delete from session where actor = $1", vec![actor.into()])
    }

    /// The token of a digest.
    pub async fn token(&self, digest: [u8; 32]) -> Result<Option<TokenRow>> {
        let rows = self.query(&format!("{TOKEN} where digest = $1"), vec![digest.into()]).await?;
        rows.first().map(token).transpose()
    }

    /// Every token, newest first.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>> {
        let rows = self.query(&format!("{TOKEN} order by created_at desc, id"), Vec::new()).await?;
        rows.iter().map(token).collect()
    }

    /// The step that makes a token.
    pub fn put_token(row: &TokenRow, digest: [u8; 32]) -> Step {
        Step::new(
            "insert into token (id, digest, name, role, purpose, team, created_by, created_at, expires_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            vec![
                row.id.into(),
                digest.into(),
                row.name.clone().into(),
                row.role.clone().into(),
                row.purpose.clone().into(),
                row.team.into(),
                row.created_by.into(),
                row.created.into(),
                row.expires.into(),
            ],
        )
    }

    /// The step that revokes a token.
    pub fn revoke_token(id: TokenId, now: Timestamp) -> Step {
        Step::new("update token set revoked_at = $1 where id = $2 and revoked_at is null", vec![now.into(), id.into()])
            .present("a token that works")
    }

    /// Failures in a row of a bucket, and until when it is refused.
    pub async fn throttle(&self, bucket: [u8; 32]) -> Result<Option<(i64, Timestamp)>> {
        let rows = self.query("select fails, until from throttle where bucket = $1", vec![bucket.into()]).await?;
        rows.first().map(|row| Ok((row[0].int()?, row[1].instant()?))).transpose()
    }

    /// The step that counts a failure after `was`; [`crate::Error::Stale`] if another was counted meanwhile.
    pub fn swap_throttle(bucket: [u8; 32], was: Option<i64>, fails: i64, until: Timestamp) -> Step {
        Step::new(
            "insert into throttle (bucket, fails, until) values ($1, $2, $3) \
             on conflict (bucket) do update set fails = excluded.fails, until = excluded.until \
             where throttle.fails = $4",
            vec![bucket.into(), fails.into(), until.into(), was.into()],
        )
        .fresh()
    }

    /// The step that takes one failure back, and its wait.
    pub fn forgive_throttle(bucket: [u8; 32], now: Timestamp) -> Step {
        Step::new(
            "update throttle set fails = fails - 1, until = $2 where bucket = $1 and fails > 0",
            vec![bucket.into(), now.into()],
        )
    }

    /// The step that forgets failures after a success.
    pub fn clear_throttle(bucket: [u8; 32]) -> Step {
        Step::new("delete from throttle where bucket = $1", vec![bucket.into()])
    }
}

fn account(row: &Row) -> Result<Account> {
    Ok(Account {
        actor: row[0].id(ActorId::from_bytes)?,
        roles: row[1].text()?.to_owned(),
        team: row[2].opt(|v| v.id(TeamId::from_bytes))?,
        language: row[3].text()?.to_owned(),
        disabled: row[4].flag()?,
        created: row[5].instant()?,
    })
}

fn session(row: &Row) -> Result<SessionRow> {
    Ok(SessionRow {
        account: account(row)?,
        id: row[6].id(SessionId::from_bytes)?,
        created: row[7].instant()?,
        seen: row[8].instant()?,
        expires: row[9].instant()?,
        pending: row[10].flag()?,
        tries: row[11].opt(|v| v.text().map(str::to_owned))?,
    })
}

fn token(row: &Row) -> Result<TokenRow> {
    Ok(TokenRow {
        id: row[0].id(TokenId::from_bytes)?,
        name: row[1].text()?.to_owned(),
        role: row[2].text()?.to_owned(),
        purpose: row[3].text()?.to_owned(),
        team: row[4].opt(|v| v.id(TeamId::from_bytes))?,
        created_by: row[5].id(ActorId::from_bytes)?,
        created: row[6].instant()?,
        expires: row[7].instant()?,
        revoked: row[8].opt(Sql::instant)?,
        used: row[9].opt(Sql::instant)?,
    })
}
