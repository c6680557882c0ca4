//! People, their bases, and the live purposes that every record about them carries.

use jiff::Timestamp;
use kernel::{BasisId, PersonId, Purpose, PurposeSet, RecordId};
use model::{Object, Protect};

use crate::{
    Error, Result, Row, Sql, Step, Store,
    shape::{blind_column, column, table},
};

/// A person as stored.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// The person.
    pub id: PersonId,
    /// JSON: law → why it applies.
    pub laws: String,
    /// Purposes live when last computed.
    pub live: PurposeSet,
    /// When the next of them ends.
    pub live_until: Option<Timestamp>,
    /// From when retention counts.
    pub last_activity: Timestamp,
    /// Processing restricted.
    pub restricted: bool,
    /// Added at.
    pub created: Timestamp,
    /// Erased at.
    pub erased: Option<Timestamp>,
}

/// A basis as stored; what it says in words stays sealed.
#[derive(Clone, Debug)]
pub struct BasisRow {
    /// Its id.
    pub id: BasisId,
    /// Whose.
    pub person: PersonId,
    /// For which purpose.
    pub purpose: Purpose,
    /// Under which law.
    pub law: String,
    /// Which ground.
    pub basis: String,
    /// Live from.
    pub since: Timestamp,
    /// Agreed end.
    pub until: Option<Timestamp>,
    /// Ended.
    pub ended: Option<Timestamp>,
    /// Where the data came from, sealed under the person's key.
    pub source: Option<Vec<u8>>,
    /// What proves it, sealed under the person's key.
    pub evidence: Option<Vec<u8>>,
}

const PERSON: &str =
    "select id, laws, live_purposes, live_until, last_activity, restricted, created_at, erased_at from person";
const BASIS: &str = "select id, person, purpose, law, basis, since, until, ended_at, source, evidence from basis";

impl Store {
    /// A person.
    pub async fn person(&self, id: PersonId) -> Result<Option<PersonRow>> {
        let rows = self.query(&format!("{PERSON} where id = $1"), vec![id.into()]).await?;
        rows.first().map(person).transpose()
    }

    /// People one of whose live purposes has ended by `now`, oldest first.
    pub async fn people_due(&self, now: Timestamp, limit: i64) -> Result<Vec<PersonRow>> {
        let rows = self
            .query(
                &format!("{PERSON} where live_until <= $1 and erased_at is null order by live_until limit $2"),
                vec![now.into(), limit.into()],
            )
            .await?;
        rows.iter().map(person).collect()
    }

    /// When the next purpose of anybody ends.
    pub async fn next_end(&self) -> Result<Option<Timestamp>> {
        let rows = self
            .query(
                "select live_until from person where live_until is not null and erased_at is null \
                 order by live_until limit 1",
                Vec::new(),
            )
            .await?;
        rows.first().map(|row| row[0].instant()).transpose()
    }

    /// The step that adds a person.
    pub fn put_person(row: &PersonRow) -> Step {
        Step::new(
            "insert into person (id, laws, live_purposes, live_until, last_activity, restricted, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            vec![
                row.id.into(),
                row.laws.clone().into(),
                row.live.bits().into(),
                row.live_until.into(),
                row.last_activity.into(),
                row.restricted.into(),
                row.created.into(),
            ],
        )
    }

    /// The bases of a person, oldest first.
    pub async fn bases(&self, person: PersonId) -> Result<Vec<BasisRow>> {
        let rows = self.query(&format!("{BASIS} where person = $1 order by since, id"), vec![person.into()]).await?;
        rows.iter().map(basis).collect()
    }

    /// The step that adds a basis.
    pub fn put_basis(row: &BasisRow) -> Step {
        Step::new(
            "insert into basis (id, person, purpose, law, basis, since, until, ended_at, source, evidence) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            vec![
                row.id.into(),
                row.person.into(),
                i64::from(row.purpose.number()).into(),
                row.law.clone().into(),
                row.basis.clone().into(),
                row.since.into(),
                row.until.into(),
                row.ended.into(),
                row.source.clone().into(),
                row.evidence.clone().into(),
            ],
        )
    }

    /// The step that ends a basis that has not ended.
    pub fn end_basis(id: BasisId, at: Timestamp) -> Step {
        Step::new("update basis set ended_at = $1 where id = $2 and ended_at is null", vec![at.into(), id.into()])
            .present("a basis that has not ended")
    }

    /// The steps that set what is live for a person, on the person and on every record about them.
    pub fn set_live<'a>(
        person: PersonId,
        live: PurposeSet,
        until: Option<Timestamp>,
        last_activity: Timestamp,
        objects: impl IntoIterator<Item = &'a Object>,
    ) -> Vec<Step> {
        let mut steps = vec![Step::new(
            "update person set live_purposes = $1, live_until = $2, last_activity = $3 where id = $4",
            vec![live.bits().into(), until.into(), last_activity.into(), person.into()],
        )];
        steps.extend(objects.into_iter().map(|object| {
            Step::new(
                format!("update {} set live_purposes = $1, live_until = $2 where person = $3", table(&object.name)),
                vec![live.bits().into(), until.into(), person.into()],
            )
        }));
        steps
    }

    /// The step that empties fields of an object's records about a person: values whose last purpose has ended, or
    /// everything at erasure. Their blind hashes go with them.
    pub fn empty_fields(object: &Object, person: PersonId, fields: &[usize], now: Timestamp) -> Option<Step> {
        if fields.is_empty() {
            return None;
        }
        let mut sets = Vec::new();
        let mut full = Vec::new();
        for at in fields {
            let field = &object.fields()[*at];
            sets.push(format!("{} = null", column(&field.name)));
            full.push(format!("{} is not null", column(&field.name)));
            if field.find.exact() && field.protect == Protect::Cell {
                sets.push(format!("{} = null", blind_column(&field.name)));
            }
        }
        Some(Step::new(
            format!(
                "update {} set version = version + 1, updated_at = $1, {} where person = $2 and ({})",
                table(&object.name),
                sets.join(", "),
                full.join(" or ")
            ),
            vec![now.into(), person.into()],
        ))
    }

    /// The records of an object about a person, with those of these fields that hold a value.
    pub async fn records_about(
        &self,
        object: &Object,
        person: PersonId,
        fields: &[usize],
    ) -> Result<Vec<(RecordId, Vec<usize>)>> {
        let mut columns = vec!["id".to_owned()];
        for at in fields {
            columns.push(format!("({} is not null)", column(&object.fields()[*at].name)));
        }
        let rows = self
            .query(
                &format!("select {} from {} where person = $1 order by id", columns.join(", "), table(&object.name)),
                vec![person.into()],
            )
            .await?;
        rows.iter()
            .map(|row| {
                let mut full = Vec::new();
                for (at, cell) in fields.iter().zip(&row[1..]) {
                    if cell.flag()? {
                        full.push(*at);
                    }
                }
                Ok((row[0].id(RecordId::from_bytes)?, full))
            })
            .collect()
    }

    /// The steps that register an erasure before anything is destroyed, so that a stop in the middle is finished later.
    pub fn begin_erasure(person: PersonId, at: Timestamp) -> Vec<Step> {
        vec![
            Step::new(
                "insert into erasure (person, at, done) values ($1, $2, $3) on conflict (person) do nothing",
                vec![person.into(), at.into(), false.into()],
            ),
            Step::new(
                "update person set erased_at = $1, live_purposes = 0, live_until = null where id = $2 and erased_at is null",
                vec![at.into(), person.into()],
            ),
        ]
    }

    /// The steps that finish it: bases emptied of words, the register closed.
    pub fn finish_erasure(person: PersonId, at: Timestamp) -> Vec<Step> {
        vec![
            Step::new(
                "update basis set ended_at = coalesce(ended_at, $1), source = null, evidence = null where person = $2",
                vec![at.into(), person.into()],
            ),
            Step::new("update erasure set done = $1 where person = $2", vec![true.into(), person.into()]),
        ]
    }

    /// Erasures that were begun and not finished.
    pub async fn unfinished_erasures(&self) -> Result<Vec<PersonId>> {
        let rows = self.query("select person from erasure where not done", Vec::new()).await?;
        rows.iter().map(|row| row[0].id(PersonId::from_bytes)).collect()
    }

    /// The person a record is about, whatever may be read of it.
    pub async fn person_of(&self, object: &Object, record: RecordId) -> Result<Option<PersonId>> {
        let rows = self
            .query(&format!("select person from {} where id = $1", table(&object.name)), vec![record.into()])
            .await?;
        rows.first().map_or(Ok(None), |row| row[0].opt(|v| v.id(PersonId::from_bytes)))
    }

    /// How many records an object has, for planning hashes and for the operator; says nothing of any of them.
    pub async fn rows(&self, object: &Object) -> Result<u64> {
        let rows = self.backend.scan(format!("select count(*) from {}", table(&object.name)), Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| Ok(row[0].int()?.unsigned_abs()))
    }

    /// How many people there are and how many were erased.
    pub async fn people_count(&self) -> Result<(u64, u64)> {
        let rows = self.backend.scan("select count(*), count(erased_at) from person".into(), Vec::new()).await?;
        rows.first().map_or(Ok((0, 0)), |row| Ok((row[0].int()?.unsigned_abs(), row[1].int()?.unsigned_abs())))
    }
}

fn person(row: &Row) -> Result<PersonRow> {
    Ok(PersonRow {
        id: row[0].id(PersonId::from_bytes)?,
        laws: row[1].text()?.to_owned(),
        live: PurposeSet::from_bits(row[2].int()?),
        live_until: row[3].opt(Sql::instant)?,
        last_activity: row[4].instant()?,
        restricted: row[5].flag()?,
        created: row[6].instant()?,
        erased: row[7].opt(Sql::instant)?,
    })
}

fn basis(row: &Row) -> Result<BasisRow> {
    let number = u8::try_from(row[2].int()?).map_err(|_| Error::Unexpected("a purpose"))?;
    Ok(BasisRow {
        id: row[0].id(BasisId::from_bytes)?,
        person: row[1].id(PersonId::from_bytes)?,
        purpose: Purpose::new(number).ok_or(Error::Unexpected("a purpose"))?,
        law: row[3].text()?.to_owned(),
        basis: row[4].text()?.to_owned(),
        since: row[5].instant()?,
        until: row[6].opt(Sql::instant)?,
        ended: row[7].opt(Sql::instant)?,
        source: row[8].opt(|v| v.blob().map(<[u8]>::to_vec))?,
        evidence: row[9].opt(|v| v.blob().map(<[u8]>::to_vec))?,
    })
}
