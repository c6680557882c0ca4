//! Teams, invitations, second factors, and the records somebody leaves behind.

use jiff::Timestamp;
use kernel::{ActorId, RecordId, TeamId};
use model::Object;
use sea_query::{Alias, Expr, Query};
use seal::policy::Condition;

use crate::{Result, Step, Store, condition::sql, records::build, shape::table};

/// A link by which a password is set.
#[derive(Clone, Debug)]
pub struct InvitationRow {
    /// Whose password.
    pub actor: ActorId,
    /// `invite` or `reset`.
    pub kind: String,
    /// Refused from then on.
    pub expires: Timestamp,
}

/// What proves a second time who somebody is.
#[derive(Clone, Debug)]
pub struct SecondFactorRow {
    /// The seed of the codes, wrapped under the root key.
    pub secret: Vec<u8>,
    /// Whether a first code has proved that it arrived.
    pub confirmed: bool,
    /// The last step whose code was taken.
    pub used_step: i64,
    /// JSON list of digests of the recovery codes that are left.
    pub recovery: String,
}

impl Store {
    /// The step that names and places a team.
    pub fn set_team(id: TeamId, parent: Option<TeamId>, name: &str) -> Step {
        Step::new("update team set parent = $1, name = $2 where id = $3", vec![parent.into(), name.into(), id.into()])
            .present("the team")
    }

    /// The step that removes a team.
    pub fn drop_team(id: TeamId) -> Step {
        Step::new("delete from team where id = $1", vec![id.into()]).present("the team")
    }

    /// Whether an account, a token, a team below it or a record of one of these objects is in a team.
    pub async fn team_in_use(&self, id: TeamId, objects: &[&Object]) -> Result<bool> {
        let mut places = vec![
            "select 1 from account where team = $1 limit 1".to_owned(),
            "select 1 from token where team = $1 and revoked_at is null limit 1".to_owned(),
            "select 1 from team where parent = $1 limit 1".to_owned(),
        ];
        places.extend(objects.iter().map(|o| format!("select 1 from {} where team = $1 limit 1", table(&o.name))));
        for sql in places {
            if !self.query(&sql, vec![id.into()]).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The records of an object that an actor is responsible for, at most `limit`.
    pub async fn owned(&self, object: &Object, owner: ActorId, limit: i64) -> Result<Vec<RecordId>> {
        let sql = format!("select id from {} where owner = $1 order by id limit $2", table(&object.name));
        let rows = self.query(&sql, vec![owner.into(), limit.into()]).await?;
        rows.iter().map(|row| row[0].id(RecordId::from_bytes)).collect()
    }

    /// How many records of an object an actor is responsible for.
    pub async fn owned_count(&self, object: &Object, owner: ActorId) -> Result<u64> {
        let sql = format!("select count(*) from {} where owner = $1", table(&object.name));
        Ok(Self::first_int(&self.query(&sql, vec![owner.into()]).await?)?.unwrap_or(0).unsigned_abs())
    }

    /// The step that hands one record on, if it is still the former owner's.
    pub fn hand_on(object: &Object, record: RecordId, from: ActorId, to: ActorId, now: Timestamp) -> Step {
        Step::new(
            format!(
                "update {} set owner = $1, version = version + 1, updated_at = $2 where id = $3 and owner = $4",
                table(&object.name)
            ),
            vec![to.into(), now.into(), record.into(), from.into()],
        )
        .fresh()
    }

    /// How many rows of an object a condition holds of, counted up to `most`. It tells a number and nothing else.
    pub async fn count_where(
        &self,
        object: &Object,
        condition: &Condition,
        bit: &(dyn Fn(&str) -> i64 + Sync),
        most: u64,
    ) -> Result<u64> {
        let mut inner = Query::select();
        inner.expr(Expr::cust("1")).from(Alias::new(table(&object.name))).limit(most);
        if let Some(expr) = sql(condition, object, bit) {
            inner.and_where(expr);
        }
        let mut select = Query::select();
        select.expr(Expr::cust("count(*)")).from_subquery(inner, Alias::new("c"));
        let (sql, params) = build(&select);
        let rows = self.backend.scan(sql, params).await?;
        Ok(rows.first().map(|row| row[0].int()).transpose()?.unwrap_or(0).unsigned_abs())
    }

    /// The step that keeps a link; an older one of the same account stops working.
    pub fn put_invitation(digest: [u8; 32], row: &InvitationRow, now: Timestamp) -> Vec<Step> {
        vec![
            Step::new("delete from invitation where actor = $1", vec![row.actor.into()]),
            Step::new(
                "insert into invitation (digest, actor, kind, created_at, expires_at) values ($1, $2, $3, $4, $5)",
                vec![digest.into(), row.actor.into(), row.kind.clone().into(), now.into(), row.expires.into()],
            ),
        ]
    }

    /// The link of a digest.
    pub async fn invitation(&self, digest: [u8; 32]) -> Result<Option<InvitationRow>> {
        let sql = "select actor, kind, expires_at from invitation where digest = $1";
        let rows = self.query(sql, vec![digest.into()]).await?;
        rows.first()
            .map(|row| {
                Ok(InvitationRow {
                    actor: row[0].id(ActorId::from_bytes)?,
                    kind: row[1].text()?.to_owned(),
                    expires: row[2].instant()?,
                })
            })
            .transpose()
    }

    /// The step that uses a link up.
    pub fn use_invitation(digest: [u8; 32]) -> Step {
        Step::new("delete from invitation where digest = $1", vec![digest.into()]).fresh()
    }

    /// An actor's second factor.
    pub async fn second_factor(&self, actor: ActorId) -> Result<Option<SecondFactorRow>> {
        let sql = "select secret, confirmed, used_step, recovery from second_factor where actor = $1";
        let rows = self.query(sql, vec![actor.into()]).await?;
        rows.first()
            .map(|row| {
                Ok(SecondFactorRow {
                    secret: row[0].blob()?.to_vec(),
                    confirmed: row[1].flag()?,
                    used_step: row[2].int()?,
                    recovery: row[3].text()?.to_owned(),
                })
            })
            .transpose()
    }

    /// The step that keeps a second factor, instead of one there was.
    pub fn put_second_factor(actor: ActorId, row: &SecondFactorRow) -> Step {
        Step::new(
            "insert into second_factor (actor, secret, confirmed, used_step, recovery) values ($1, $2, $3, $4, $5) \
             on conflict (actor) do update set secret = excluded.secret, confirmed = excluded.confirmed, \
             used_step = excluded.used_step, recovery = excluded.recovery",
            vec![
                actor.into(),
                row.secret.clone().into(),
                row.confirmed.into(),
                row.used_step.into(),
                row.recovery.clone().into(),
            ],
        )
    }

    /// The step that takes a code once: a second use at the same time finds the row changed.
    pub fn use_code(actor: ActorId, was: &SecondFactorRow, step: i64, recovery: &str) -> Step {
        Step::new(
            "update second_factor set used_step = $1, recovery = $2, confirmed = true \
             where actor = $3 and used_step = $4 and recovery = $5",
            vec![step.into(), recovery.into(), actor.into(), was.used_step.into(), was.recovery.clone().into()],
        )
        .fresh()
    }

    /// The step that takes a second factor away.
    pub fn drop_second_factor(actor: ActorId) -> Step {
        Step::new("delete from second_factor where actor = $1", vec![actor.into()])
    }
}
