//! Facts about the installation, the administrator's layers, and what spans requests.

use jiff::Timestamp;
use kernel::{ActorId, JobId, RecordId};

use crate::{Result, Sql, Step, Store};

/// A policy as it was once saved.
#[derive(Clone, Debug)]
pub struct PolicyVersion {
    /// Its number, from 1.
    pub version: i64,
    /// Its text; empty when it was removed then.
    pub body: String,
    /// When it was saved.
    pub at: Timestamp,
    /// By whom.
    pub by: ActorId,
}

impl Store {
    /// A fact by name.
    pub async fn meta(&self, name: &str) -> Result<Option<String>> {
        let rows = self.query("select body from meta where name = $1", vec![name.into()]).await?;
        rows.first().map(|row| row[0].text().map(str::to_owned)).transpose()
    }

    /// The step that states a fact.
    pub fn set_meta(name: &str, body: &str) -> Step {
        Step::new(
            "insert into meta (name, body) values ($1, $2) on conflict (name) do update set body = excluded.body",
            vec![name.into(), body.into()],
        )
    }

    /// The step that states a fact in place of `was`, what was read of it; [`crate::Error::Stale`] if somebody else
    /// stated it meanwhile.
    pub fn swap_meta(name: &str, was: Option<&str>, body: &str) -> Step {
        Step::new(
            "insert into meta (name, body) values ($1, $2) \
             on conflict (name) do update set body = excluded.body where meta.body = $3",
            vec![name.into(), body.into(), was.into()],
        )
        .fresh()
    }

    /// The administrator's layers of definitions: name, version, text.
    pub async fn definitions(&self) -> Result<Vec<(String, i64, String)>> {
        self.documents("select name, version, body from definition order by name").await
    }

    /// The saved policies: id, version, text.
    pub async fn policies(&self) -> Result<Vec<(String, i64, String)>> {
        self.documents("select id, version, body from policy order by id").await
    }

    async fn documents(&self, sql: &str) -> Result<Vec<(String, i64, String)>> {
        let rows = self.query(sql, Vec::new()).await?;
        rows.iter().map(|row| Ok((row[0].text()?.to_owned(), row[1].int()?, row[2].text()?.to_owned()))).collect()
    }

    /// The step that saves a layer of definitions.
    pub fn put_definition(name: &str, body: &str, now: Timestamp) -> Step {
        Step::new(
            "insert into definition (name, version, body, changed_at) values ($1, 1, $2, $3) \
             on conflict (name) do update set version = definition.version + 1, body = excluded.body, \
             changed_at = excluded.changed_at",
            vec![name.into(), body.into(), now.into()],
        )
    }

    /// The step that saves a policy.
    pub fn put_policy(id: &str, body: &str, now: Timestamp) -> Step {
        Step::new(
            "insert into policy (id, version, body, changed_at) values ($1, 1, $2, $3) \
             on conflict (id) do update set version = policy.version + 1, body = excluded.body, \
             changed_at = excluded.changed_at",
            vec![id.into(), body.into(), now.into()],
        )
    }

    /// The step that removes an expert policy.
    pub fn drop_policy(id: &str) -> Step {
        Step::new("delete from policy where id = $1", vec![id.into()]).present("the policy")
    }

    /// The step that keeps a version of a policy: the one just saved, or an empty one when it was removed.
    pub fn keep_version(id: &str, body: &str, now: Timestamp, by: ActorId) -> Step {
        Step::new(
            "insert into policy_version (id, version, body, changed_at, changed_by) \
             select $1, coalesce(max(version), 0) + 1, $2, $3, $4 from policy_version where id = $1",
            vec![id.into(), body.into(), now.into(), by.into()],
        )
    }

    /// The versions of a policy, newest first.
    pub async fn policy_versions(&self, id: &str) -> Result<Vec<PolicyVersion>> {
        let rows = self
            .query(
                "select version, body, changed_at, changed_by from policy_version where id = $1 order by version desc",
                vec![id.into()],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok(PolicyVersion {
                    version: row[0].int()?,
                    body: row[1].text()?.to_owned(),
                    at: row[2].instant()?,
                    by: row[3].id(ActorId::from_bytes)?,
                })
            })
            .collect()
    }

    /// One number that changes whenever definitions or policies do, on any node.
    pub async fn rules_version(&self) -> Result<i64> {
        let rows = self
            .query(
                "select cast(coalesce((select sum(version) from definition), 0) * 1000000 \
                 + (select count(*) from policy_version) as bigint)",
                Vec::new(),
            )
            .await;
        match rows {
            Ok(rows) => rows.first().map_or(Ok(0), |row| row[0].int()),
            Err(error) => Err(error),
        }
    }

    /// The step that tells other nodes and the search index that a record changed.
    pub fn announce(id: JobId, object: &str, record: RecordId, now: Timestamp) -> Step {
        Step::new(
            "insert into change (id, object, record, at) values ($1, $2, $3, $4)",
            vec![id.into(), object.into(), record.into(), now.into()],
        )
    }

    /// Changes announced since `since`, oldest first.
    pub async fn announced(&self, since: Timestamp, limit: i64) -> Result<Vec<(JobId, String, RecordId, Timestamp)>> {
        let rows = self
            .query(
                "select id, object, record, at from change where at >= $1 order by at, id limit $2",
                vec![since.into(), limit.into()],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok((
                    row[0].id(JobId::from_bytes)?,
                    row[1].text()?.to_owned(),
                    row[2].id(RecordId::from_bytes)?,
                    row[3].instant()?,
                ))
            })
            .collect()
    }

    /// The steps that sweep what spans requests once it is old.
    pub fn sweep(
        now: Timestamp,
        change_before: Timestamp,
        day_before: Timestamp,
        month_before: Timestamp,
    ) -> Vec<Step> {
        let mut steps = Self::sweep_bulk(day_before, month_before);
        steps.extend([
            Step::new("delete from change where at < $1", vec![change_before.into()]),
            Step::new("delete from idempotency where at < $1", vec![day_before.into()]),
            Step::new("delete from handle where at < $1", vec![month_before.into()]),
            Step::new("delete from session where expires_at < $1", vec![now.into()]),
            Step::new("delete from throttle where until < $1", vec![day_before.into()]),
        ]);
        steps
    }

    /// What was made under an Idempotency-Key: digest of the request, object, record.
    pub async fn idempotent(&self, key: [u8; 32]) -> Result<Option<(Vec<u8>, String, RecordId)>> {
        let rows =
            self.query("select request, object, record from idempotency where key = $1", vec![key.into()]).await?;
        rows.first()
            .map(|row| Ok((row[0].blob()?.to_vec(), row[1].text()?.to_owned(), row[2].id(RecordId::from_bytes)?)))
            .transpose()
    }

    /// The step that remembers what was made under an Idempotency-Key.
    pub fn put_idempotent(key: [u8; 32], request: [u8; 32], object: &str, record: RecordId, now: Timestamp) -> Step {
        Step::new(
            "insert into idempotency (key, request, object, record, at) values ($1, $2, $3, $4, $5)",
            vec![key.into(), request.into(), object.into(), record.into(), now.into()],
        )
    }

    /// A stored search: its sealed body.
    pub async fn handle(&self, id: RecordId) -> Result<Option<Vec<u8>>> {
        let rows = self.query("select body from handle where id = $1", vec![id.into()]).await?;
        rows.first().map(|row| row[0].blob().map(<[u8]>::to_vec)).transpose()
    }

    /// The step that stores a search.
    pub fn put_handle(id: RecordId, actor: ActorId, body: Vec<u8>, now: Timestamp) -> Step {
        Step::new(
            "insert into handle (id, actor, body, at) values ($1, $2, $3, $4)",
            vec![id.into(), actor.into(), body.into(), now.into()],
        )
    }

    /// The step that opens an emergency access.
    pub fn put_emergency(id: RecordId, actor: ActorId, reason: Vec<u8>, since: Timestamp, until: Timestamp) -> Step {
        Step::new(
            "insert into emergency (id, actor, reason, since, until) values ($1, $2, $3, $4, $5)",
            vec![id.into(), actor.into(), reason.into(), since.into(), until.into()],
        )
    }

    /// Until when an actor's emergency access is open, if one is.
    pub async fn emergency(&self, actor: ActorId, now: Timestamp) -> Result<Option<Timestamp>> {
        let rows = self
            .query(
                "select until from emergency where actor = $1 and since <= $2 and until > $2 order by until desc limit 1",
                vec![actor.into(), now.into()],
            )
            .await?;
        rows.first().map(|row| row[0].instant()).transpose()
    }

    /// Emergency accesses no privacy officer has taken note of: id, actor, since, until.
    pub async fn emergencies_unseen(&self) -> Result<Vec<(RecordId, ActorId, Timestamp, Timestamp)>> {
        let rows = self
            .query("select id, actor, since, until from emergency where seen_by is null order by since", Vec::new())
            .await?;
        rows.iter()
            .map(|row| {
                Ok((
                    row[0].id(RecordId::from_bytes)?,
                    row[1].id(ActorId::from_bytes)?,
                    row[2].instant()?,
                    row[3].instant()?,
                ))
            })
            .collect()
    }

    /// The step by which a privacy officer takes note.
    pub fn see_emergency(id: RecordId, by: ActorId) -> Step {
        Step::new("update emergency set seen_by = $1 where id = $2 and seen_by is null", vec![by.into(), id.into()])
            .present("an emergency access nobody has taken note of")
    }

    /// A value of a query that answers with one integer.
    pub(crate) fn first_int(rows: &[Vec<Sql>]) -> Result<Option<i64>> {
        rows.first().map(|row| row[0].int()).transpose()
    }
}
