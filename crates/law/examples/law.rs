//! `custos law` by itself: `cargo run -p law --example law -- due --pack gdpr --request access …`.

#[path = "../../cli/src/law.rs"]
mod command;

#[derive(clap::Parser)]
struct Try {
    #[command(flatten)]
    law: command::LawCommand,
    #[arg(long, global = true)]
    json: bool,
}

fn main() -> anyhow::Result<std::process::ExitCode> {
    let Try { law, json } = clap::Parser::parse();
    let code = command::run(law, json)?;
    Ok(std::process::ExitCode::from(u8::try_from(code).unwrap_or(2)))
}
