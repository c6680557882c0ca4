//! `custos token`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use domain::NewToken;
use jiff::SignedDuration;
use kernel::{PurposeName, RoleName};
use serde_json::json;

use super::{operator, team};
use crate::{machine::Place, out::Out};

/// API tokens.
#[derive(Subcommand)]
pub enum Token {
    /// Makes a token, bound to a role and a purpose; its secret is shown once
    #[command(
        after_help = "Example:\n  custos token add \"ERP link\" --role sales --purpose quoting --team \"Sales EMEA\" --days 365"
    )]
    Add {
        /// What it is for
        name: String,
        /// Its role
        #[arg(long)]
        role: String,
        /// Its purpose
        #[arg(long)]
        purpose: String,
        /// Its team, by name
        #[arg(long)]
        team: Option<String>,
        /// How many days it works
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// Lists tokens
    List,
    /// Revokes a token
    Revoke {
        /// Its id
        id: String,
    },
}

impl Token {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let (house, ctx) = operator(place, "token").await?;
        match self {
            Self::Add { name, role, purpose, team: of, days } => {
                let token = NewToken {
                    name: name.clone(),
                    role: RoleName::new(role)?,
                    purpose: PurposeName::new(purpose)?,
                    team: team(&house, of.as_deref())?,
                    expires: ctx.now() + SignedDuration::from_hours(24 * days.clamp(&0, &3_660)),
                };
                let (id, secret) = house.add_token(&ctx, &token).await?;
                out.note(&format!("Token {id}; its secret is shown this once:"));
                out.say(&secret, &json!({ "token": id, "secret": secret, "expires": token.expires }))
            }
            Self::List => {
                let tokens = house.tokens(&ctx).await?;
                let lines: Vec<String> = tokens
                    .iter()
                    .map(|t| {
                        let state = if t.revoked.is_some() { "revoked" } else { "open" };
                        format!("{}  {:<20} {:<14} {:<16} until {} {state}", t.id, t.name, t.role, t.purpose, t.expires)
                    })
                    .collect();
                let rows: Vec<_> = tokens
                    .iter()
                    .map(|t| {
                        json!({
                            "token": t.id, "name": t.name, "role": t.role, "purpose": t.purpose,
                            "expires": t.expires, "revoked": t.revoked,
                        })
                    })
                    .collect();
                out.say(lines.join("\n"), &json!({ "tokens": rows }))
            }
            Self::Revoke { id } => {
                house.revoke_token(&ctx, id.parse()?).await?;
                out.say("Revoked.", &json!({ "revoked": id }))
            }
        }
    }
}
