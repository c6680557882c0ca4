//! `custos`: serve, and everything an operator does from the machine.
//!
//! Exit code 0: done. 1: found wrong, or refused. 2: misuse.

mod commands;
mod law;
mod machine;
mod out;
mod serve;
mod tls;

use clap::{Parser, Subcommand};

use machine::Place;

/// The system's allocator makes threads wait for each other; see docs/decisions/0022-allocator-and-sqlite-flags.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Custos: a CRM in which no personal datum is kept without a purpose, read without a permission, or read without a
/// record.
#[derive(Parser)]
#[command(name = "custos", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    place: Place,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
    /// What is logged: error, warn, info, debug, trace, or a filter of tracing
    #[arg(long, global = true, default_value = "warn", env = "CUSTOS_LOG")]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a new installation
    #[command(
        after_help = "Examples:\n  custos init --data /srv/custos\n  custos init --data /srv/custos --database postgres://custos@db/custos"
    )]
    Init,
    /// Serves pages and API over TLS
    #[command(
        after_help = "Examples:\n  custos serve --data /srv/custos --listen 0.0.0.0:8443\n  custos serve --data demo --demo"
    )]
    Serve(serve::Serve),
    /// Fills an empty installation with a made-up company
    #[command(after_help = "Example:\n  custos demo --data demo --contacts 1000 --seed 1")]
    Demo(commands::demo::Demo),
    /// Users: add, list, change, password
    #[command(subcommand)]
    User(commands::user::User),
    /// Teams: add, list
    #[command(subcommand)]
    Team(commands::user::Team),
    /// API tokens: add, list, revoke
    #[command(subcommand)]
    Token(commands::token::Token),
    /// Reads a file of records: CSV in any encoding, vCard, LDIF
    #[command(
        after_help = "Examples:\n  custos import contact fair.csv --purpose account_care --basis legitimate_interests --source \"trade fair 2026-10\" --dry-run\n  custos import contact cards.vcf --purpose marketing --basis consent --evidence \"form v3, 2026-10-02\" --source \"web form\"\n  custos import company customers.csv --source \"old CRM\""
    )]
    Import(commands::import::Import),
    /// Writes records as CSV, in the role you name, on record
    #[command(
        after_help = "Example:\n  custos export contact --role sales_manager --team \"Sales\" --fields family_name,email > contacts.csv"
    )]
    Export(commands::read::Export),
    /// Searches records by any part of their text, in the role you name
    #[command(after_help = "Example:\n  custos search contact wangxm --role sales_manager --team Sales")]
    Search(commands::read::Search),
    /// Why may somebody see a record, or not
    #[command(after_help = "Example:\n  custos explain contact 0190… --user li.na@custos.example")]
    Explain(commands::read::Explain),
    /// Definitions: show, plan, apply
    #[command(subcommand)]
    Object(commands::object::ObjectCommand),
    /// Policies: save, export
    #[command(subcommand)]
    Policy(commands::policy::Policy),
    /// Keys: list, rotate
    #[command(subcommand)]
    Key(commands::key::Key),
    /// People: show, add and end bases, erase
    #[command(subcommand)]
    Person(commands::person::Person),
    /// What privacy laws ask for: dates, duties, conditions, each with its article
    #[command(
        after_help = "Examples:\n  custos law due --pack gdpr --request access --received 2026-01-31T10:00:00+01:00 --region DE\n  custos law packs\n  custos law show pipl"
    )]
    Law(law::LawCommand),
    /// Backups: set up, make, check, restore, drill, forget
    #[command(subcommand)]
    Backup(commands::backup::Backup),
    /// Moves the installation to PostgreSQL, or back into a folder; stop the server first
    #[command(
        after_help = "Examples:\n  custos move --data /srv/custos --to postgres://custos@localhost/custos\n  custos move --data /srv/custos --database postgres://custos@localhost/custos --to /srv/folder"
    )]
    Move(commands::moving::Move),
    /// The ledger: list, verify, prove, export, key
    #[command(subcommand)]
    Ledger(commands::ledger::LedgerCommand),
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_new(&cli.log).unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(true).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return out::failed(&error.into(), cli.json),
    };
    let json = cli.json;
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => out::failed(&error, json),
    }
}

async fn run(cli: Cli) -> anyhow::Result<std::process::ExitCode> {
    let out = out::Out { json: cli.json };
    let place = &cli.place;
    match cli.command {
        Command::Init => commands::init(place, &out).await,
        Command::Serve(serve) => serve.run(place).await,
        Command::Demo(demo) => demo.run(place, &out).await,
        Command::User(user) => user.run(place, &out).await,
        Command::Team(team) => team.run(place, &out).await,
        Command::Token(token) => token.run(place, &out).await,
        Command::Import(import) => import.run(place, &out).await,
        Command::Export(export) => export.run(place).await,
        Command::Search(search) => search.run(place, &out).await,
        Command::Explain(explain) => explain.run(place, &out).await,
        Command::Object(object) => object.run(place, &out).await,
        Command::Policy(policy) => policy.run(place, &out).await,
        Command::Key(key) => key.run(place, &out).await,
        Command::Person(person) => person.run(place, &out).await,
        Command::Law(law) => Ok(std::process::ExitCode::from(u8::try_from(law::run(law, cli.json)?).unwrap_or(1))),
        Command::Backup(backup) => backup.run(place, &out).await,
        Command::Move(moving) => moving.run(place, &out).await,
        Command::Ledger(ledger) => ledger.run(place, &out).await,
    }
}
