//! `custos policy`.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::Subcommand;
use serde_json::json;

use super::operator;
use crate::{machine::Place, out::Out};

/// Policies.
#[derive(Subcommand)]
pub enum Policy {
    /// Saves an expert policy in Cedar, or the role matrix under the id `matrix`; refused if it cannot become a filter
    Save {
        /// Its id
        id: String,
        /// A file of Cedar policies (or roles.toml for `matrix`)
        file: PathBuf,
    },
    /// Writes schema, policies and entities, so that an outside Cedar can decide again
    Export {
        /// An empty or new folder
        dir: PathBuf,
    },
}

impl Policy {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let (house, ctx) = operator(place, "policy").await?;
        match self {
            Self::Save { id, file } => {
                let text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
                house.save_policy(&ctx, id, &text).await?;
                out.say("Saved.", &json!({ "policy": id }))
            }
            Self::Export { dir } => {
                house.export_policies(&ctx, dir).await?;
                out.say(format!("Wrote schema, policies and entities to {}.", dir.display()), &json!({ "folder": dir }))
            }
        }
    }
}
