//! `custos demo`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::{machine::Place, out::Out};

/// Fills an empty installation with a made-up company.
#[derive(Args)]
pub struct Demo {
    /// How many contacts
    #[arg(long, default_value_t = 500)]
    contacts: usize,
    /// The same seed makes the same company
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Demo {
    /// Makes the installation too if there is none.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        if !place.exists().await? {
            place.init().await?;
        }
        let made = seed(place, out, self.contacts, self.seed).await?;
        out.say(
            format!(
                "Made {} records and {} users (password of each: {}).",
                made.records,
                made.users,
                domain::DEMO_PASSWORD
            ),
            &json!({ "records": made.records, "users": made.users }),
        )
    }
}

/// Seeds with a progress bar.
pub async fn seed(place: &Place, out: &Out, contacts: usize, seed: u64) -> Result<domain::Seeded> {
    let house = place.open().await?;
    let bar = out.bar(0, "demo");
    let made = house
        .seed(contacts, seed, &|done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        })
        .await?;
    bar.finish_and_clear();
    Ok(made)
}
