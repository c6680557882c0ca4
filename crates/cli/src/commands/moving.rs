//! `custos move`.

use std::{fs, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use clap::Args;
use domain::move_house;
use serde_json::json;

use crate::{machine::Place, out::Out};

/// Moves.
#[derive(Args)]
pub struct Move {
    /// Where to: postgres://user@host/name, or a new folder
    #[arg(long, value_name = "PLACE")]
    to: String,
}

impl Move {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let from = place.given()?;
        let to = if self.to.contains("://") {
            place.elsewhere(place.data.clone(), Some(self.to.clone()))?
        } else {
            place.elsewhere(std::path::absolute(PathBuf::from(&self.to))?, None)?
        };
        let bar = out.bar(0, "carrying rows");
        let moving = bar.clone();
        let entries = move_house(
            &from,
            &to,
            Arc::new(move |done, of| {
                moving.set_length(of);
                moving.set_position(done);
            }),
        )
        .await?;
        bar.finish_and_clear();
        if to.database.is_none()
            && let Some(key) = place.own_key_file()
        {
            let target = to.data.join("root.key");
            fs::copy(&key, &target).with_context(|| format!("could not copy the root key to {}", target.display()))?;
        }
        out.say(
            format!(
                "Moved to {}. The ledger there holds {entries} entries, verified from the first; the old place opens no more.",
                self.to.split('@').next_back().unwrap_or_default()
            ),
            &json!({ "entries": entries }),
        )
    }
}
