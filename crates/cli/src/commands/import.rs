//! `custos import`.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::Args;
use domain::{
    BasisDraft, ImportAsk,
    import::{self, Options},
};
use serde_json::json;

use crate::{
    machine::Place,
    out::{Misuse, Out},
};

/// Reads a file of records.
#[derive(Args)]
pub struct Import {
    /// contact, company, lead, part, …
    object: String,
    /// CSV, vCard, LDIF, jCard or xCard
    file: PathBuf,
    /// What people's data are used for; several may be given
    #[arg(long)]
    purpose: Vec<String>,
    /// The ground of each purpose, in the same order (one for all if one is given)
    #[arg(long)]
    basis: Vec<String>,
    /// The law the grounds are from
    #[arg(long, default_value = "gdpr")]
    law: String,
    /// Where people's data came from
    #[arg(long)]
    source: Option<String>,
    /// What proves consent
    #[arg(long)]
    evidence: Option<String>,
    /// Sends a column to a field: `Column=field`, or `Column=` to leave it out
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    maps: Vec<String>,
    /// A value for every row: `field=value`
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    sets: Vec<String>,
    /// The encoding, if the guess is wrong
    #[arg(long)]
    encoding: Option<String>,
    /// The delimiter, if the guess is wrong
    #[arg(long)]
    delimiter: Option<char>,
    /// The country of phone numbers without a country code (DE, CN, …)
    #[arg(long)]
    region: Option<String>,
    /// Takes rows with cells that do not fit, without those cells
    #[arg(long)]
    leave_out_bad_cells: bool,
    /// Checks everything and writes nothing
    #[arg(long)]
    dry_run: bool,
    /// The team the records belong to, by name
    #[arg(long)]
    team: Option<String>,
}

impl Import {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let bytes = fs::read(&self.file).with_context(|| format!("could not read {}", self.file.display()))?;
        let options = Options { encoding: self.encoding.clone(), delimiter: self.delimiter, ..Options::default() };
        let sheet = import::read(&bytes, &options).map_err(|e| domain::Error::File(e.to_string()))?;
        let house = place.open().await?;
        domain::ready(&house).await?;
        let mut ctx = house.command("import", "import")?;
        if let Some(team) = super::team(&house, self.team.as_deref())? {
            let actor = kernel::Actor { team: Some(team), ..(*ctx.actor).clone() };
            ctx.actor = std::sync::Arc::new(actor);
        }
        let catalog = house.catalog();
        let object = catalog
            .object(&self.object)
            .ok_or_else(|| Misuse(format!("there is no object `{}`; see `custos object list`", self.object)))?;
        let mut mapping = import::guess(&sheet, object);
        for map in &self.maps {
            let (column, field) = map.split_once('=').ok_or_else(|| Misuse("--map takes COLUMN=FIELD".into()))?;
            let target = match field {
                "" => None,
                "full_name" => Some(import::Target::FullName),
                name => Some(import::Target::Field(
                    object
                        .field(name)
                        .map(|f| f.name.clone())
                        .ok_or_else(|| Misuse(format!("there is no field {name}")))?,
                )),
            };
            mapping.send(column, target).map_err(|p| Misuse(p.to_string()))?;
        }
        for set in &self.sets {
            let (name, value) = set.split_once('=').ok_or_else(|| Misuse("--set takes FIELD=VALUE".into()))?;
            let field = object.field(name).ok_or_else(|| Misuse(format!("there is no field {name}")))?;
            mapping.fixed.push((field.name.clone(), value.to_owned()));
        }
        mapping.region = self.region.clone();
        if self.leave_out_bad_cells {
            mapping.bad_cells = import::BadCells::LeaveOut;
        }
        let ask = ImportAsk {
            object: self.object.clone(),
            bases: self.bases()?,
            source: self.source.clone(),
            dry_run: self.dry_run,
        };
        out.note(&format!(
            "{} in {}{}, {} rows",
            sheet.format,
            sheet.encoding,
            sheet.delimiter.map_or_else(String::new, |d| format!(", delimiter {d:?}")),
            sheet.rows.len()
        ));
        let bar = out.bar(sheet.rows.len() as u64, "importing");
        let done = house.import(&ctx, &ask, &sheet, &mapping, &|n| bar.set_position(n as u64)).await?;
        bar.finish_and_clear();
        if !out.json {
            for (column, field) in &done.columns {
                out.note(&format!("  {column} → {field}"));
            }
            for left in &done.left_out {
                out.note(&format!("  {left}"));
            }
            for problem in &done.problems {
                out.note(&format!("  {}{problem}", if problem.refused { "refused: " } else { "" }));
            }
        }
        let verb = if self.dry_run { "would be made" } else { "made" };
        let problems: Vec<_> = done
            .problems
            .iter()
            .map(
                |p| json!({ "line": p.line, "column": p.column, "code": p.code, "what": p.what, "refused": p.refused }),
            )
            .collect();
        let body = json!({
            "rows": done.rows, "created": done.created, "refused": done.refused, "problems": problems,
            "left_out": done.left_out, "encoding": sheet.encoding, "dry_run": self.dry_run,
            "columns": done.columns.iter().map(|(c, f)| json!({ "column": c, "field": f })).collect::<Vec<_>>(),
        });
        out.say(format!("{} {verb}, {} refused, of {} rows.", done.created, done.refused, done.rows), &body)
    }

    fn bases(&self) -> Result<Vec<BasisDraft>> {
        if self.basis.len() > 1 && self.basis.len() != self.purpose.len() {
            return Err(Misuse("give one --basis for all purposes, or one for each".into()).into());
        }
        if self.basis.is_empty() && !self.purpose.is_empty() {
            return Err(Misuse("say --basis: on which ground are the data used?".into()).into());
        }
        Ok(self
            .purpose
            .iter()
            .enumerate()
            .map(|(at, purpose)| BasisDraft {
                purpose: purpose.clone(),
                law: self.law.clone(),
                basis: self.basis.get(at).or(self.basis.first()).cloned().unwrap_or_default(),
                until: None,
                evidence: self.evidence.clone(),
            })
            .collect())
    }
}
