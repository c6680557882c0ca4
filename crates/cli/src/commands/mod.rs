//! One file a command.

pub mod backup;
pub mod demo;
pub mod import;
pub mod key;
pub mod ledger;
pub mod moving;
pub mod object;
pub mod person;
pub mod policy;
pub mod read;
pub mod token;
pub mod user;

use std::{process::ExitCode, sync::Arc};

use anyhow::Result;
use domain::{Ctx, House};
use kernel::TeamId;
use serde_json::json;

use crate::{
    machine::Place,
    out::{Misuse, Out},
};

/// `custos init`.
pub async fn init(place: &Place, out: &Out) -> Result<ExitCode> {
    place.init().await?;
    let house = place.open().await?;
    out.say(
        format!(
            "Made an installation in {} on {}.\nKeep a copy of its root key apart from its backups.\nNext: custos user add NAME EMAIL --role administrator --data {0}",
            place.data.display(),
            house.database()
        ),
        &json!({ "data": place.data, "database": house.database(), "ledger_key": house.ledger_key()? }),
    )
}

/// Opens the installation and gives the operator's circumstances.
pub(crate) async fn operator(place: &Place, command: &'static str) -> Result<(Arc<House>, Ctx)> {
    let house = place.open().await?;
    let ctx = house.command(command, "operator")?;
    Ok((house, ctx))
}

/// A team by name.
pub(crate) fn team(house: &House, name: Option<&str>) -> Result<Option<TeamId>> {
    let Some(name) = name else { return Ok(None) };
    let teams = house.teams();
    let mut found = teams.iter().filter(|(_, _, n)| n.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (Some((id, ..)), None) => Ok(Some(*id)),
        (Some(_), Some(_)) => Err(Misuse("several teams have this name".into()).into()),
        (None, _) => {
            let all: Vec<&str> = teams.iter().map(|(_, _, n)| n.as_str()).collect();
            Err(Misuse(format!("there is no team of this name; there are {}", all.join(", "))).into())
        }
    }
}
