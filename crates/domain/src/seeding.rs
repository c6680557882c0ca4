//! Fills an installation with the demo company of [`crate::demo`], through the same checks as anybody's records.

use std::collections::HashMap;

use kernel::{FieldName, RecordId, RoleName, TeamId};
use ledger::Act as LedgerAct;
use seal::policy::Act;
use store::{Batch, Store};

use crate::{
    BasisDraft, Ctx, Draft, Error, House, NewUser, Result,
    demo::{Demo, Person, Record, Sizes, TEAMS, USERS},
    importing::finished,
    writing::Prepared,
};

/// Records written in one transaction.
const CHUNK: usize = 500;
/// The password of every demo user; the sign-in page of a demo says so.
pub const DEMO_PASSWORD: &str = "custos-demo-2026";

/// What was made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seeded {
    /// Records of all objects.
    pub records: usize,
    /// Users.
    pub users: usize,
}

type Made = HashMap<(&'static str, usize), RecordId>;
/// A chunk on its way to the database: the task, and which demo record became which.
type Written = (tokio::task::JoinHandle<Result<()>>, Vec<(usize, RecordId)>);

impl House {
    /// Makes the demo company with `contacts` contacts. `progress` hears records done and how many there will be.
    pub async fn seed(&self, contacts: usize, seed: u64, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Seeded> {
        let operator = self.command("demo", "operator")?;
        let ctx = self.command("demo", "import")?;
        if !self.store.accounts().await?.is_empty() {
            return Err(Error::Setup("this installation has users already; a demo wants an empty one".into()));
        }
        let sizes = Sizes::for_contacts(contacts);
        let today = jiff::tz::TimeZone::UTC.to_datetime(self.now()).date();
        let demo = Demo::new(seed).on(today).sized(sizes);
        let mut teams: Vec<TeamId> = Vec::new();
        for team in TEAMS {
            teams.push(self.add_team(&operator, team.name, team.parent.map(|at| teams[at])).await?);
        }
        let mut users = Vec::new();
        for user in USERS {
            let made = NewUser {
                name: user.name.into(),
                email: user.email.into(),
                password: DEMO_PASSWORD.into(),
                roles: vec![RoleName::new(user.role).map_err(|e| Error::Setup(e.to_string()))?],
                team: Some(teams[user.team]),
                language: if user.language == "zh" { "zh-CN".into() } else { user.language.into() },
            };
            users.push(self.add_user(&operator, &made).await?);
        }
        let catalog = self.catalog();
        for (name, rows) in [("contact", sizes.contacts), ("lead", sizes.leads)] {
            if let Some(object) = catalog.object(name) {
                self.fit_blind(object, rows as u64).await?;
            }
        }
        let total = sizes.parts
            + sizes.companies
            + sizes.contacts
            + sizes.leads
            + sizes.opportunities
            + sizes.lines
            + sizes.activities;
        let mut seeding = Seeding { house: self, ctx: &ctx, teams, users, made: Made::new(), done: 0, total, progress };
        seeding.plain("part", demo.parts()).await?;
        seeding.plain("company", demo.companies()).await?;
        seeding.people("contact", demo.contacts()).await?;
        seeding.people("lead", demo.leads()).await?;
        seeding.plain("opportunity", demo.opportunities()).await?;
        seeding.stages(&demo).await?;
        seeding.plain("opportunity_line", demo.lines()).await?;
        seeding.plain("activity", demo.activities()).await?;
        let done = Seeded { records: seeding.done, users: USERS.len() };
        let mut entry = ctx.entry(self.new_entry(self.now()), LedgerAct::Imported);
        entry.count = done.records as u64;
        entry.why = Some("demo".into());
        self.record(entry).await?;
        self.settle().await?;
        Ok(done)
    }
}

struct Seeding<'a> {
    house: &'a House,
    ctx: &'a Ctx,
    teams: Vec<TeamId>,
    users: Vec<kernel::ActorId>,
    made: Made,
    done: usize,
    total: usize,
    progress: &'a (dyn Fn(usize, usize) + Sync),
}

impl Seeding<'_> {
    async fn plain(&mut self, object: &'static str, records: impl Iterator<Item = Record>) -> Result<()> {
        self.all(object, records.map(|record| (record, None, Vec::new()))).await
    }

    /// Where the opportunities stood before they stand where they do.
    async fn stages(&self, demo: &Demo) -> Result<()> {
        let mut batch = Batch::new("demo.stages");
        for index in 0..demo.sizes().opportunities {
            let Some(id) = self.made.get(&(crate::OPPORTUNITY, index)) else { continue };
            let owner = self.users[demo.opportunity_owner(index)];
            for (stage, day) in demo.stage_path(index) {
                let at = day.to_zoned(jiff::tz::TimeZone::UTC).map_or(self.ctx.at, |zoned| zoned.timestamp());
                batch.push(Store::put_stage(self.house.new_record(at), *id, stage, owner, at));
            }
        }
        Ok(self.house.store.write(batch).await?)
    }

    async fn people(&mut self, object: &'static str, people: impl Iterator<Item = Person>) -> Result<()> {
        let stated = people.map(|person| {
            let bases = person.bases.iter().map(|basis| BasisDraft {
                purpose: basis.purpose.into(),
                law: basis.law.into(),
                basis: basis.basis.into(),
                until: None,
                evidence: Some(basis.evidence.clone()),
            });
            let bases = bases.collect();
            (person.record, Some(person.source), bases)
        });
        self.all(object, stated).await
    }

    async fn all(
        &mut self,
        object: &'static str,
        records: impl Iterator<Item = (Record, Option<String>, Vec<BasisDraft>)>,
    ) -> Result<()> {
        let catalog = self.house.catalog();
        let definition = catalog.object(object).ok_or_else(|| Error::Setup(format!("no object {object}")))?;
        let mut chunk: Vec<Prepared> = Vec::with_capacity(CHUNK);
        let mut indices: Vec<(usize, RecordId)> = Vec::with_capacity(CHUNK);
        let mut writing = None;
        let mut records = records.peekable();
        while let Some((record, source, bases)) = records.next() {
            let draft = self.draft(&record, source, bases)?;
            let made = self.house.prepare(self.ctx, object, &draft, Act::Import, LedgerAct::Imported).await?;
            indices.push((record.index, made.written.id));
            chunk.push(made);
            if chunk.len() == CHUNK || records.peek().is_none() {
                self.done += chunk.len();
                let task = self.house.write_chunk(definition, std::mem::take(&mut chunk));
                let before = writing.replace((task, std::mem::take(&mut indices)));
                self.written(object, before).await?;
                (self.progress)(self.done, self.total);
            }
        }
        self.written(object, writing).await
    }

    /// Only what is written can be linked to.
    async fn written(&mut self, object: &'static str, chunk: Option<Written>) -> Result<()> {
        if let Some((task, indices)) = chunk {
            finished(task).await?;
            self.made.extend(indices.into_iter().map(|(index, id)| ((object, index), id)));
        }
        Ok(())
    }

    fn draft(&self, record: &Record, source: Option<String>, bases: Vec<BasisDraft>) -> Result<Draft> {
        let name = |name: &str| FieldName::new(name).map_err(|e| Error::Setup(e.to_string()));
        let mut fields = Vec::with_capacity(record.fields.len() + record.links.len());
        for (field, text) in &record.fields {
            fields.push((name(field)?, text.clone()));
        }
        for (field, object, index) in &record.links {
            if let Some(id) = self.made.get(&(*object, *index)) {
                fields.push((name(field)?, id.to_string()));
            }
        }
        Ok(Draft {
            fields,
            owner: Some(self.users[record.owner]),
            team: Some(self.teams[record.team]),
            source,
            bases,
            person: None,
        })
    }
}
