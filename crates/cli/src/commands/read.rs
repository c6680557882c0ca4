//! `custos export`, `search` and `explain`: reading from the machine, in a role that is named, through the same gate.

use std::{process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use clap::Args;
use domain::{Ctx, House, ListAsk, MAX_PAGE};
use kernel::{Actor, FieldName, RecordId};
use seal::{Disclosed, Shown};
use serde_json::{Map, Value, json};

use super::{operator, team};
use crate::{machine::Place, out::Out};

/// In which role a command reads.
#[derive(Args)]
pub struct Acting {
    /// The role to act in; what it may not see is not seen
    #[arg(long)]
    role: String,
    /// The team to act in, by name, with the teams below it
    #[arg(long)]
    team: Option<String>,
    /// The purpose; none takes the role's first
    #[arg(long)]
    purpose: Option<String>,
}

impl Acting {
    async fn ctx(&self, house: &Arc<House>, command: &'static str) -> Result<Ctx> {
        let mut ctx = house.command(command, &self.role)?;
        let of = team(house, self.team.as_deref())?;
        let subtree = of.map_or_else(Vec::new, |t| house.team_subtree(t));
        ctx.actor = Arc::new(Actor { team: of, subtree, ..(*ctx.actor).clone() });
        Ok(ctx)
    }
}

/// Writes records as CSV.
#[derive(Args)]
pub struct Export {
    /// The object
    object: String,
    #[command(flatten)]
    acting: Acting,
    /// Fields, separated by commas [default: the list's columns]
    #[arg(long)]
    fields: Option<String>,
}

impl Export {
    /// Streams pages of the export, each with its entry.
    pub async fn run(&self, place: &Place) -> Result<ExitCode> {
        let house = place.open().await?;
        let fields = self.fields.as_deref().map(names).transpose()?;
        let mut ask = ListAsk {
            purpose: self.acting.purpose.clone(),
            fields,
            limit: MAX_PAGE,
            export: true,
            sort: Some(("created_at".into(), false)),
            ..ListAsk::default()
        };
        let mut first = true;
        loop {
            let ctx = self.acting.ctx(&house, "export").await?;
            let listed = house.list(&ctx, &self.object, &ask).await?;
            let page = &listed.page;
            if first {
                let mut head = vec!["id".to_owned()];
                head.extend(page.fields.iter().map(|at| page.object.fields()[*at].name.to_string()));
                Out::line(&csv_line(&head));
                first = false;
            }
            for row in &page.rows {
                let mut cells = vec![row.id.to_string()];
                cells.extend(page.fields.iter().zip(&row.values).map(|(at, shown)| match shown {
                    Shown::Clear(value) => page.object.fields()[*at].kind.show(value),
                    Shown::Masked(mask) => mask.clone(),
                    Shown::Empty => String::new(),
                }));
                Out::line(&csv_line(&cells));
            }
            match listed.next {
                Some(next) => ask.after = Some(next),
                None => return Ok(ExitCode::SUCCESS),
            }
        }
    }
}

/// A CSV line (RFC 4180). A cell that a spreadsheet would run as a formula gets a leading apostrophe.
fn csv_line(cells: &[String]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| {
            let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
            let cell = if risky { format!("'{cell}") } else { cell.clone() };
            if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
        })
        .collect();
    cells.join(",")
}

/// Searches.
#[derive(Args)]
pub struct Search {
    /// The object
    object: String,
    /// Any part of a name, address, number; pinyin and initials too
    text: String,
    #[command(flatten)]
    acting: Acting,
}

impl Search {
    /// One settled query is one entry.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let house = place.open().await?;
        domain::ready(&house).await?;
        let ctx = self.acting.ctx(&house, "search").await?;
        let ask = ListAsk { q: Some(self.text.clone()), purpose: self.acting.purpose.clone(), ..ListAsk::default() };
        let listed = house.list(&ctx, &self.object, &ask).await?;
        let rows: Vec<Value> = listed.page.rows.iter().map(|row| shown(&listed.page, row)).collect();
        let lines: Vec<String> = rows.iter().map(ToString::to_string).collect();
        out.say(lines.join("\n"), &json!({ "records": rows }))
    }
}

fn shown(page: &Disclosed, row: &seal::DisclosedRow) -> Value {
    let mut fields = Map::new();
    for (at, shown) in page.fields.iter().zip(&row.values) {
        let field = &page.object.fields()[*at];
        match shown {
            Shown::Clear(value) => _ = fields.insert(field.name.to_string(), field.kind.show(value).into()),
            Shown::Masked(mask) => _ = fields.insert(field.name.to_string(), mask.as_str().into()),
            Shown::Empty => {}
        }
    }
    json!({ "id": row.id, "fields": fields })
}

fn names(list: &str) -> Result<Vec<FieldName>> {
    list.split(',').map(|name| FieldName::new(name.trim()).map_err(Into::into)).collect()
}

/// Explains.
#[derive(Args)]
pub struct Explain {
    /// The object
    object: String,
    /// The record
    id: RecordId,
    /// Whose access, by the address they sign in with
    #[arg(long)]
    user: String,
    /// For which purpose [default: their role's first]
    #[arg(long)]
    purpose: Option<String>,
}

impl Explain {
    /// Names the policies that decide.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let (house, ctx) = operator(place, "explain").await?;
        let account = house.account_of(&ctx, &self.user).await?.context("there is no account with this address")?;
        let told = house.explain(&ctx, Some(account.actor), &self.object, self.id, self.purpose.as_deref()).await?;
        let mut lines = vec![format!(
            "{} for {} ({})",
            if told.allowed { "may see it" } else { "may not see it" },
            told.purpose,
            if told.purpose_live { "live for this person" } else { "not live for this person" }
        )];
        lines.extend(told.permitted_by.iter().map(|p| format!("  permitted by {p}")));
        lines.extend(told.forbidden_by.iter().map(|p| format!("  forbidden by {p}")));
        lines.extend(told.levels.iter().map(|(category, level)| format!("  {category}: {}", level.word())));
        out.say(lines.join("\n"), &web::api::records::explanation(&told))
    }
}
