//! What a restore from an older copy must do again: erasures, ended bases, restrictions.

use jiff::Timestamp;
use kernel::{BasisId, PersonId};
use model::Object;

use crate::{Result, Sql, Step, Store, shape::table};

impl Store {
    /// Everybody who was erased, and when.
    pub async fn erasures(&self) -> Result<Vec<(PersonId, Timestamp)>> {
        let rows = self.backend.scan("select person, at from erasure order by at, person".into(), Vec::new()).await?;
        rows.iter().map(|row| Ok((row[0].id(PersonId::from_bytes)?, row[1].instant()?))).collect()
    }

    /// The bases that ended of people who are not erased.
    pub async fn ended_bases(&self) -> Result<Vec<(PersonId, BasisId, Timestamp)>> {
        let sql = "select basis.person, basis.id, basis.ended_at from basis join person on person.id = basis.person \
                   where basis.ended_at is not null and person.erased_at is null order by basis.ended_at, basis.id";
        let rows = self.backend.scan(sql.into(), Vec::new()).await?;
        let read =
            |row: &Vec<Sql>| Ok((row[0].id(PersonId::from_bytes)?, row[1].id(BasisId::from_bytes)?, row[2].instant()?));
        rows.iter().map(read).collect()
    }

    /// Whose data may only be stored.
    pub async fn restricted_people(&self) -> Result<Vec<PersonId>> {
        let sql = "select id from person where restricted and erased_at is null order by id";
        let rows = self.backend.scan(sql.into(), Vec::new()).await?;
        rows.iter().map(|row| row[0].id(PersonId::from_bytes)).collect()
    }

    /// The steps that restrict a person's data to storage, or lift that.
    pub fn set_restricted<'a>(
        person: PersonId,
        restricted: bool,
        objects: impl IntoIterator<Item = &'a Object>,
    ) -> Vec<Step> {
        let set = |name: &str, key: &str| {
            Step::new(
                format!("update {name} set restricted = $1 where {key} = $2"),
                vec![restricted.into(), person.into()],
            )
        };
        let mut steps = vec![set("person", "id")];
        steps.extend(objects.into_iter().map(|object| set(&table(&object.name), "person")));
        steps
    }

    /// When each epoch was made and destroyed, oldest first.
    pub async fn epoch_times(&self) -> Result<Vec<(seal::Epoch, Timestamp, Option<Timestamp>)>> {
        let sql = "select number, created_at, destroyed_at from keyring.epoch order by number";
        let rows = self.query(sql, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                let number = u32::try_from(row[0].int()?).map_err(|_| crate::Error::Unexpected("an epoch"))?;
                Ok((number, row[1].instant()?, row[2].opt(Sql::instant)?))
            })
            .collect()
    }
}
