//! What there would be without Custos: axum and rusqlite over TLS, a point read of a plain row, no policy, no sealing,
//! no ledger. The same TLS, the same client, the same machine, the same run.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Path as At, State},
    routing::get,
};
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{Run, work};

type Pool = Arc<Mutex<Vec<Connection>>>;

/// Records per second over eight connections, from a process of its own as ours is.
pub async fn records_per_second(run: &Run, data: &Path) -> f64 {
    let file = run.cache.join(format!("bare-{}.db", run.contacts));
    let ids = fill(&file, run.contacts);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg("--bare-server")
        .args([&file, data])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let paths: Vec<String> = ids.iter().map(|id| format!("/contact/{id}")).collect();
    let n = if run.quick { 4_000 } else { 40_000 };
    let rate = work::rate(line.trim().parse().unwrap(), "", &paths, 8, n).await;
    child.kill().unwrap();
    child.wait().unwrap();
    rate
}

/// Serves until it is killed; prints its address.
pub async fn serve(file: &Path, data: &Path) {
    let router =
        Router::new().route("/contact/{id}", get(one)).with_state((Pool::default(), Arc::new(file.to_owned())));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    web::serve(listener, tls(data), router, std::future::pending()).await;
}

async fn one(State((pool, file)): State<(Pool, Arc<std::path::PathBuf>)>, At(id): At<i64>) -> Json<Value> {
    let taken = pool.lock().unwrap().pop();
    let connection = taken.unwrap_or_else(|| Connection::open(&*file).unwrap());
    let row = connection
        .prepare_cached("select family_name, given_name, email, mobile, job_title from contact where id = ?1")
        .unwrap()
        .query_row([id], |row| {
            Ok(json!({
                "id": id,
                "family_name": row.get::<_, String>(0)?,
                "given_name": row.get::<_, String>(1)?,
                "email": row.get::<_, String>(2)?,
                "mobile": row.get::<_, String>(3)?,
                "job_title": row.get::<_, String>(4)?,
            }))
        })
        .unwrap();
    pool.lock().unwrap().push(connection);
    Json(row)
}

fn fill(file: &Path, contacts: usize) -> Vec<i64> {
    let ids: Vec<i64> = (0..contacts as i64).collect();
    if file.exists() {
        return ids;
    }
    let mut connection = Connection::open(file).unwrap();
    connection
        .execute_batch(
            "pragma journal_mode = wal; create table contact (id integer primary key, family_name text, \
             given_name text, email text, mobile text, job_title text)",
        )
        .unwrap();
    let tx = connection.transaction().unwrap();
    for id in &ids {
        tx.execute(
            "insert into contact values (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                id,
                format!("Family{id}"),
                format!("Given{id}"),
                format!("p{id}@starway.example"),
                format!("+86138{id:08}"),
                "Engineer",
            ),
        )
        .unwrap();
    }
    tx.commit().unwrap();
    ids
}

fn tls(data: &Path) -> Arc<rustls::ServerConfig> {
    use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(data.join("tls.crt")).unwrap().collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(data.join("tls.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    Arc::new(config)
}
