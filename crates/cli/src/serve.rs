//! `custos serve`.
#![expect(clippy::print_stdout, reason = "the address is what the operator waits for")]

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::Args;
use domain::DEMO_PASSWORD;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use web::app::App;

use crate::{commands::demo, machine::Place, out::Out, tls};

/// Serves.
#[derive(Args)]
pub struct Serve {
    /// Address and port
    #[arg(long, default_value = "127.0.0.1:8443", value_name = "ADDR")]
    listen: SocketAddr,
    /// Makes a demo company first if there is no installation, and shows its users
    #[arg(long)]
    demo: bool,
    /// Certificate chain (PEM) [default: one made for localhost]
    #[arg(long, requires = "tls_key", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Its private key (PEM)
    #[arg(long, requires = "tls_cert", value_name = "FILE")]
    tls_key: Option<PathBuf>,
}

impl Serve {
    /// Serves until SIGINT or SIGTERM.
    pub async fn run(&self, place: &Place) -> Result<ExitCode> {
        if self.demo && !place.exists().await? {
            place.init().await?;
            demo::seed(place, &Out { json: false }, 500, 1).await?;
        }
        // A limit on the size of files ends in an error of the write, as a full disk does, not in the end of the process.
        let _limits = signal(SignalKind::from_raw(SIGXFSZ))?;
        let house = place.open().await?;
        let given = self.tls_cert.clone().zip(self.tls_key.clone());
        let tls = tls::config(&place.data, given)?;
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("could not listen on {}: is something else there?", self.listen))?;
        let address = listener.local_addr()?;
        house.start_jobs(web::operator_mail);
        println!("Custos serves on https://{address} ({})", house.database());
        if self.demo {
            println!("Demo users (password of each: {DEMO_PASSWORD}):");
            for user in domain::demo::USERS {
                println!("  {:<14} {:<32} {}", user.role, user.email, user.name);
            }
        }
        let router = web::router(App::new(house.clone(), self.demo));
        web::serve(listener, tls, router, stopped()).await;
        house.settle().await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// "File size limit exceeded", on Linux and the BSDs.
const SIGXFSZ: i32 = 25;

async fn stopped() {
    let term = async {
        match signal(SignalKind::terminate()) {
            Ok(mut term) => _ = term.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = term => {}
    }
}
