//! `custos person`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use domain::BasisDraft;
use kernel::PersonId;
use serde_json::json;

use super::operator;
use crate::{
    machine::Place,
    out::{Misuse, Out},
};

/// People.
#[derive(Subcommand)]
pub enum Person {
    /// A person's bases and what is live
    Show {
        /// The person's id (not the contact's)
        id: PersonId,
    },
    /// Adds a basis
    #[command(
        after_help = "Example:\n  custos person add-basis ID --purpose marketing --law gdpr --basis consent --evidence \"double opt-in 2026-10-01, wording v3\""
    )]
    AddBasis {
        /// The person's id
        id: PersonId,
        /// The purpose
        #[arg(long)]
        purpose: String,
        /// Under which law
        #[arg(long)]
        law: String,
        /// Which ground
        #[arg(long)]
        basis: String,
        /// What proves it
        #[arg(long)]
        evidence: Option<String>,
        /// Where the data came from
        #[arg(long)]
        source: Option<String>,
    },
    /// Ends a basis; what lost its last purpose is erased
    EndBasis {
        /// The person's id
        id: PersonId,
        /// The basis's id
        basis: kernel::BasisId,
    },
    /// Erases a person: the key is destroyed, rows, history and backups become unreadable
    Erase {
        /// The person's id
        id: PersonId,
        /// Says that it cannot be undone
        #[arg(long)]
        yes: bool,
    },
}

impl Person {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let (house, ctx) = operator(place, "person").await?;
        match self {
            Self::Show { id } => {
                let person = house.person(&ctx, *id).await?;
                let mut lines = vec![match person.erased {
                    Some(at) => {
                        let gone = person
                            .gone_by
                            .map_or(String::new(), |by| format!("; gone from every backup by {}", day(by)));
                        format!("erased {at}{gone}")
                    }
                    None => format!("live: {}", person.live.join(", ")),
                }];
                let mut rows = Vec::new();
                for b in &person.bases {
                    let end = match (b.ended, b.until) {
                        (Some(at), _) => format!("ended {at}"),
                        (None, Some(at)) => format!("until {at}"),
                        (None, None) => "open".into(),
                    };
                    lines.push(format!("{}  {:<18} {}:{}  since {}  {end}", b.id, b.purpose, b.law, b.basis, b.since));
                    rows.push(json!({
                        "id": b.id, "purpose": b.purpose, "law": b.law, "basis": b.basis, "since": b.since,
                        "until": b.until, "ended": b.ended,
                    }));
                }
                let body = json!({ "id": id, "live": person.live, "erased": person.erased, "gone_by": person.gone_by, "bases": rows });
                out.say(lines.join("\n"), &body)
            }
            Self::AddBasis { id, purpose, law, basis, evidence, source } => {
                let draft = BasisDraft {
                    purpose: purpose.clone(),
                    law: law.clone(),
                    basis: basis.clone(),
                    until: None,
                    evidence: evidence.clone(),
                };
                let made = house.add_basis(&ctx, *id, &draft, source.as_deref()).await?;
                out.say(format!("Added basis {made}."), &json!({ "basis": made }))
            }
            Self::EndBasis { id, basis } => {
                house.end_basis(&ctx, *id, *basis).await?;
                out.say("Ended.", &json!({ "basis": basis }))
            }
            Self::Erase { id, yes } => {
                if !yes {
                    return Err(Misuse("erasing cannot be undone: say --yes".into()).into());
                }
                let erased = house.erase(&ctx, *id).await?;
                out.say(
                    match erased.gone_by {
                        Some(at) => format!(
                            "Erased: {} records emptied, the key is destroyed. Gone from every backup by {}.",
                            erased.records,
                            day(at)
                        ),
                        None => format!("Erased: {} records emptied, the key is destroyed.", erased.records),
                    },
                    &json!({
                        "person": id, "records": erased.records, "epoch": erased.epoch, "gone_by": erased.gone_by,
                    }),
                )
            }
        }
    }
}

/// The day by whose end an instant has passed, in UTC.
fn day(at: jiff::Timestamp) -> jiff::civil::Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}
