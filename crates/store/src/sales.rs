//! What sales keeps beside records: conversions of leads.

use jiff::Timestamp;
use kernel::{ActorId, RecordId, TeamId};
use model::Object;
use seal::Subject;

use crate::{
    Result, Row, Sql, Step, Store,
    shape::{column, table},
};

/// A conversion as stored.
#[derive(Clone, Debug)]
pub struct ConversionRow {
    /// Its id.
    pub id: RecordId,
    /// The lead.
    pub lead: RecordId,
    /// The contact.
    pub contact: RecordId,
    /// The company.
    pub company: RecordId,
    /// The opportunity, if one was made.
    pub opportunity: Option<RecordId>,
    /// Whether the contact was made, not linked.
    pub contact_made: bool,
    /// Whether the company was.
    pub company_made: bool,
    /// Ids of the bases stated with it, by commas.
    pub bases: String,
    /// The lead's status before.
    pub status: String,
    /// Who converted.
    pub actor: ActorId,
    /// When.
    pub at: Timestamp,
}

const CONVERSION: &str = "select id, lead, contact, company, opportunity, contact_made, company_made, bases, status, \
                          actor, at from conversion";

impl Store {
    /// The conversion of a lead that stands.
    pub async fn conversion(&self, lead: RecordId) -> Result<Option<ConversionRow>> {
        let rows =
            self.query(&format!("{CONVERSION} where lead = $1 and undone_at is null"), vec![lead.into()]).await?;
        rows.first().map(conversion).transpose()
    }

    /// The step that records a conversion.
    pub fn put_conversion(row: &ConversionRow) -> Step {
        Step::new(
            "insert into conversion (id, lead, contact, company, opportunity, contact_made, company_made, bases, status, \
             actor, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            vec![
                row.id.into(),
                row.lead.into(),
                row.contact.into(),
                row.company.into(),
                row.opportunity.into(),
                row.contact_made.into(),
                row.company_made.into(),
                row.bases.clone().into(),
                row.status.clone().into(),
                row.actor.into(),
                row.at.into(),
            ],
        )
    }

    /// The step that takes a conversion back; one that was taken back already fails the transaction.
    pub fn undo_conversion(id: RecordId, at: Timestamp) -> Step {
        Step::new(
            "update conversion set undone_at = $1 where id = $2 and undone_at is null",
            vec![at.into(), id.into()],
        )
        .fresh()
    }

    /// Whether any record of an object but these links to one by this field; says nothing of which.
    pub async fn is_linked(&self, object: &Object, field: usize, to: RecordId, but: &[RecordId]) -> Result<bool> {
        let name = column(&object.fields()[field].name);
        let mut params: Vec<Sql> = vec![to.into()];
        params.extend(but.iter().map(|id| Sql::from(*id)));
        let holes: Vec<String> = (2..=params.len()).map(|n| format!("${n}")).collect();
        let but = if holes.is_empty() { String::new() } else { format!(" and id not in ({})", holes.join(", ")) };
        let sql = format!("select 1 from {} where {name} = $1{but} limit 1", table(&object.name));
        Ok(!self.query(&sql, params).await?.is_empty())
    }

    /// The step that notes that an opportunity came to a stage.
    pub fn put_stage(id: RecordId, record: RecordId, stage: &str, actor: ActorId, at: Timestamp) -> Step {
        Step::new(
            "insert into stage_change (id, record, stage, actor, at) values ($1, $2, $3, $4, $5)",
            vec![id.into(), record.into(), stage.into(), actor.into(), at.into()],
        )
    }

    /// The step that forgets the stages of a record that is deleted.
    pub fn drop_stages(record: RecordId) -> Step {
        Step::new("delete from stage_change where record = $1", vec![record.into()])
    }

    /// The stages a record came to, oldest first: which, by whom, when.
    pub async fn stages(&self, record: RecordId) -> Result<Vec<(String, ActorId, Timestamp)>> {
        let sql = "select stage, actor, at from stage_change where record = $1 order by at, id";
        let rows = self.query(sql, vec![record.into()]).await?;
        rows.iter()
            .map(|row| Ok((row[0].text()?.to_owned(), row[1].id(ActorId::from_bytes)?, row[2].instant()?)))
            .collect()
    }

    /// The step that gives the records which link to one by this field to another owner or team.
    pub fn hand_over(
        object: &Object,
        field: usize,
        to: RecordId,
        owner: Option<Option<ActorId>>,
        team: Option<Option<TeamId>>,
    ) -> Step {
        let mut params: Vec<Sql> = Vec::new();
        let mut sets = vec!["version = version + 1".to_owned()];
        if let Some(owner) = owner {
            params.push(owner.into());
            sets.push(format!("owner = ${}", params.len()));
        }
        if let Some(team) = team {
            params.push(team.into());
            sets.push(format!("team = ${}", params.len()));
        }
        // SQLite numbers parameters by where they stand first: the last one comes last.
        params.push(to.into());
        let name = column(&object.fields()[field].name);
        let (table, sets, last) = (table(&object.name), sets.join(", "), params.len());
        Step::new(format!("update {table} set {sets} where {name} = ${last}"), params)
    }

    /// The step that moves a date of a record forward, never back; it counts as no change of the record.
    pub fn push_date(object: &Object, field: usize, record: RecordId, day: &str) -> Step {
        let name = column(&object.fields()[field].name);
        Step::new(
            format!("update {} set {name} = $1 where id = $2 and ({name} is null or {name} < $1)", table(&object.name)),
            vec![day.into(), record.into()],
        )
    }

    /// How many people there are one of whose purposes ends in this time; says nothing of whom.
    pub async fn people_ending(&self, from: Timestamp, to: Timestamp) -> Result<u64> {
        let sql = "select count(*) from person where erased_at is null and live_until > $1 and live_until <= $2";
        let rows = self.query(sql, vec![from.into(), to.into()]).await?;
        rows.first().map_or(Ok(0), |row| Ok(row[0].int()?.unsigned_abs()))
    }

    /// How somebody arranged their first page.
    pub async fn home_order(&self, actor: ActorId) -> Result<Option<String>> {
        let rows = self.query("select blocks from home_order where actor = $1", vec![actor.into()]).await?;
        rows.first().map(|row| row[0].text().map(str::to_owned)).transpose()
    }

    /// The step that keeps it.
    pub fn set_home_order(actor: ActorId, blocks: &str) -> Step {
        Step::new(
            "insert into home_order (actor, blocks) values ($1, $2) \
             on conflict (actor) do update set blocks = excluded.blocks",
            vec![actor.into(), blocks.into()],
        )
    }

    /// The step that makes a record one about another person; its cells must be sealed under that person's key already.
    pub fn rehome(object: &Object, record: RecordId, subject: Subject, person: &crate::PersonRow) -> Step {
        Step::new(
            format!(
                "update {} set person = $1, subject = $2, live_purposes = $3, live_until = $4, restricted = $5 where id = $6",
                table(&object.name)
            ),
            vec![
                person.id.into(),
                subject.into(),
                person.live.bits().into(),
                person.live_until.into(),
                person.restricted.into(),
                record.into(),
            ],
        )
    }
}

fn conversion(row: &Row) -> Result<ConversionRow> {
    Ok(ConversionRow {
        id: row[0].id(RecordId::from_bytes)?,
        lead: row[1].id(RecordId::from_bytes)?,
        contact: row[2].id(RecordId::from_bytes)?,
        company: row[3].id(RecordId::from_bytes)?,
        opportunity: row[4].opt(|v| v.id(RecordId::from_bytes))?,
        contact_made: row[5].flag()?,
        company_made: row[6].flag()?,
        bases: row[7].text()?.to_owned(),
        status: row[8].text()?.to_owned(),
        actor: row[9].id(ActorId::from_bytes)?,
        at: row[10].instant()?,
    })
}
