//! `custos object`.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::Subcommand;
use model::Document;
use serde_json::json;

use super::operator;
use crate::{machine::Place, out::Out};

/// Definitions.
#[derive(Subcommand)]
pub enum ObjectCommand {
    /// Lists objects and their fields
    List,
    /// Says what applying a file would change, and changes nothing
    Plan {
        /// A definition: new fields (`extend = "contact"`) or a new object
        file: PathBuf,
    },
    /// Adds the fields and objects of a file to the running system
    #[command(after_help = "Example:\n  custos object apply warranty.toml")]
    Apply {
        /// A definition
        file: PathBuf,
        /// Allows changes that lose data
        #[arg(long)]
        lose_data: bool,
    },
}

impl ObjectCommand {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let (house, ctx) = operator(place, "object").await?;
        match self {
            Self::List => {
                let catalog = house.catalog();
                let mut lines = Vec::new();
                let mut rows = Vec::new();
                for object in catalog.objects() {
                    lines.push(format!("{} ({})", object.name, object.label.en));
                    for field in object.fields() {
                        lines.push(format!("  {:<24} {:<12} {}", field.name, field.kind.word(), field.category));
                    }
                    let fields: Vec<_> = object
                        .fields()
                        .iter()
                        .map(|f| json!({ "name": f.name, "kind": f.kind.word(), "category": f.category }))
                        .collect();
                    rows.push(json!({ "object": object.name, "fields": fields }));
                }
                out.say(lines.join("\n"), &json!({ "objects": rows }))
            }
            Self::Plan { file } => {
                let plan = house.plan_object(&ctx, &document(file)?).await?;
                let lines: Vec<String> = plan
                    .changes
                    .iter()
                    .map(|c| if plan.losses.contains(c) { format!("LOSES DATA: {c}") } else { c.clone() })
                    .collect();
                let words = if lines.is_empty() { "Nothing would change.".into() } else { lines.join("\n") };
                out.say(words, &json!({ "changes": plan.changes, "losses": plan.losses }))
            }
            Self::Apply { file, lose_data } => {
                let plan = house.apply_object(&ctx, &document(file)?, *lose_data).await?;
                out.say(
                    format!("Applied: {}", plan.changes.join("; ")),
                    &json!({ "changes": plan.changes, "losses": plan.losses }),
                )
            }
        }
    }
}

fn document(file: &PathBuf) -> Result<Document> {
    let text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    let name = file.file_name().map_or_else(|| "layer.toml".to_owned(), |n| n.to_string_lossy().into_owned());
    Ok(Document { name, text })
}
