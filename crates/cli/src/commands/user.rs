//! `custos user` and `custos team`.

use std::{io::Read, process::ExitCode};

use anyhow::{Context, Result};
use clap::Subcommand;
use domain::NewUser;
use kernel::RoleName;
use serde_json::json;

use super::{operator, team};
use crate::{machine::Place, out::Out};

/// Users.
#[derive(Subcommand)]
pub enum User {
    /// Adds a user; the password is read from standard input
    #[command(
        after_help = "Example:\n  custos user add \"Ada King\" ada@nord.example --role sales --team \"Sales EMEA\" < password.txt"
    )]
    Add {
        /// The name colleagues see
        name: String,
        /// The address to sign in with
        email: String,
        /// A role; several may be given
        #[arg(long, required = true)]
        role: Vec<String>,
        /// The team, by name
        #[arg(long)]
        team: Option<String>,
        /// en or zh-CN
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// Lists accounts
    List,
    /// Sets a password, read from standard input, and ends the user's sessions
    Password {
        /// The address they sign in with
        email: String,
    },
    /// Changes roles or team, closes or opens an account; ends the user's sessions
    Change {
        /// The address they sign in with
        email: String,
        /// New roles, instead of those they have
        #[arg(long)]
        role: Vec<String>,
        /// New team, by name
        #[arg(long)]
        team: Option<String>,
        /// Closes the account
        #[arg(long, conflicts_with = "enable")]
        disable: bool,
        /// Opens it again
        #[arg(long)]
        enable: bool,
    },
    /// Makes a link by which somebody sets a password; it works once, within an hour
    Link {
        /// The address they sign in with
        email: String,
    },
    /// Takes the second factor away, when phone and recovery codes are lost; ends the user's sessions
    ResetSecond {
        /// The address they sign in with
        email: String,
    },
    /// Ends every session of a user
    SignOut {
        /// The address they sign in with
        email: String,
    },
    /// Hands every record of somebody to somebody else; reads none of them
    HandOver {
        /// The address of who leaves
        from: String,
        /// The address of who takes over
        to: String,
    },
}

impl User {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let (house, ctx) = operator(place, "user").await?;
        match self {
            Self::Add { name, email, role, team: of, language } => {
                let user = NewUser {
                    name: name.clone(),
                    email: email.clone(),
                    password: password()?,
                    roles: roles(role)?,
                    team: team(&house, of.as_deref())?,
                    language: language.clone(),
                };
                let id = house.add_user(&ctx, &user).await?;
                out.say(format!("Added user {id}."), &json!({ "actor": id }))
            }
            Self::List => {
                let accounts = house.accounts(&ctx).await?;
                let mut lines = Vec::new();
                let mut rows = Vec::new();
                for account in accounts {
                    let name = house.name_of(account.actor).unwrap_or_default();
                    let team = account.team.and_then(|t| house.team_name(t)).unwrap_or_default();
                    let state = if account.disabled { "closed" } else { "open" };
                    lines.push(format!("{}  {:<24} {:<28} {:<16} {state}", account.actor, name, account.roles, team));
                    rows.push(json!({
                        "actor": account.actor, "name": name, "team": team, "disabled": account.disabled,
                        "roles": serde_json::from_str::<serde_json::Value>(&account.roles).unwrap_or_default(),
                    }));
                }
                out.say(lines.join("\n"), &json!({ "users": rows }))
            }
            Self::Password { email } => {
                house.set_password(&ctx, email, &password()?).await?;
                out.say("Password set; the user's sessions have ended.", &json!({ "done": true }))
            }
            Self::Change { email, role, team: to, disable, enable } => {
                let mut account =
                    house.account_of(&ctx, email).await?.context("there is no account with this address")?;
                if !role.is_empty() {
                    account.roles = serde_json::to_string(&roles(role)?)?;
                }
                if to.is_some() {
                    account.team = team(&house, to.as_deref())?;
                }
                if *disable || *enable {
                    account.disabled = *disable;
                }
                house.change_account(&ctx, &account).await?;
                out.say("Changed; the user's sessions have ended.", &json!({ "actor": account.actor }))
            }
            Self::Link { email } => {
                let link = house.reset_link(&ctx, actor(&house, &ctx, email).await?).await?;
                let path = format!("/invitation/{}", link.secret);
                let words = format!("Open this path of the server, once, until {}:\n{path}", link.expires);
                out.say(words, &json!({ "path": path, "expires": link.expires }))
            }
            Self::ResetSecond { email } => {
                house.reset_second(&ctx, actor(&house, &ctx, email).await?).await?;
                out.say("Taken away; the user's sessions have ended.", &json!({ "done": true }))
            }
            Self::SignOut { email } => {
                house.sign_out_everywhere(&ctx, actor(&house, &ctx, email).await?).await?;
                out.say("Signed out everywhere.", &json!({ "done": true }))
            }
            Self::HandOver { from, to } => {
                let (from, to) = (actor(&house, &ctx, from).await?, actor(&house, &ctx, to).await?);
                let records = house.hand_over(&ctx, from, to).await?;
                out.say(format!("Handed over {records} records."), &json!({ "records": records }))
            }
        }
    }
}

async fn actor(house: &domain::House, ctx: &domain::Ctx, email: &str) -> Result<kernel::ActorId> {
    Ok(house.account_of(ctx, email).await?.context("there is no account with this address")?.actor)
}

fn roles(names: &[String]) -> Result<Vec<RoleName>> {
    Ok(names.iter().map(|name| RoleName::new(name)).collect::<Result<_, _>>()?)
}

fn password() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().take(4_096).read_to_string(&mut text).context("could not read the password")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Teams.
#[derive(Subcommand)]
pub enum Team {
    /// Adds a team
    Add {
        /// Its name
        name: String,
        /// The team above it, by name
        #[arg(long)]
        parent: Option<String>,
    },
    /// Lists teams
    List,
}

impl Team {
    /// Runs it.
    pub async fn run(&self, place: &Place, out: &Out) -> Result<ExitCode> {
        let (house, ctx) = operator(place, "team").await?;
        match self {
            Self::Add { name, parent } => {
                let parent = team(&house, parent.as_deref())?;
                let id = house.add_team(&ctx, name, parent).await?;
                out.say(format!("Added team {id}."), &json!({ "team": id }))
            }
            Self::List => {
                let teams = house.teams();
                let lines: Vec<String> = teams.iter().map(|(id, _, name)| format!("{id}  {name}")).collect();
                let rows: Vec<_> = teams
                    .iter()
                    .map(|(id, parent, name)| json!({ "team": id, "parent": parent, "name": name }))
                    .collect();
                out.say(lines.join("\n"), &json!({ "teams": rows }))
            }
        }
    }
}
