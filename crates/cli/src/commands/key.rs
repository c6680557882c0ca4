//! `custos key`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use serde_json::json;

use super::operator;
use crate::{machine::Place, out::Out};

/// Keys.
#[derive(Subcommand)]
pub enum Key {
    /// How many keys each epoch wraps
    List,
    /// Starts a new epoch and re-wraps every key under it; safe while serving, resumable
    Rotate,
}

impl Key {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let (house, ctx) = operator(place, "key").await?;
        match self {
            Self::List => {
                let keys = house.keys(&ctx).await?;
                let lines: Vec<String> = keys.iter().map(|(epoch, n)| format!("epoch {epoch}: {n} keys")).collect();
                let rows: Vec<_> = keys.iter().map(|(epoch, n)| json!({ "epoch": epoch, "keys": n })).collect();
                out.say(lines.join("\n"), &json!({ "epochs": rows }))
            }
            Self::Rotate => {
                let total = house.keys(&ctx).await?.iter().map(|(_, n)| n).sum();
                let bar = out.bar(total, "re-wrapping");
                let done = house.rotate(&ctx, &|n| bar.set_position(n)).await?;
                bar.finish_and_clear();
                house.settle().await?;
                out.say(
                    format!("Epoch {}; {} keys re-wrapped.", done.epoch, done.keys),
                    &json!({ "epoch": done.epoch, "keys": done.keys }),
                )
            }
        }
    }
}
