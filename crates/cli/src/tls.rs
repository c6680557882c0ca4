//! TLS: the operator's certificate, or one made for this machine alone at the first start.

use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";

/// The server's TLS: 1.3 and 1.2, HTTP/2 and HTTP/1.1.
pub fn config(data: &Path, given: Option<(PathBuf, PathBuf)>) -> Result<Arc<ServerConfig>> {
    let (certificate, key) = match given {
        Some(given) => given,
        None => own(data)?,
    };
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(&certificate)
            .and_then(Iterator::collect)
            .with_context(|| format!("could not read the certificate {}", certificate.display()))?;
    let key = PrivateKeyDer::from_pem_file(&key)
        .with_context(|| format!("could not read the private key {}", key.display()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// A self-signed certificate for localhost, kept in the data folder.
fn own(data: &Path) -> Result<(PathBuf, PathBuf)> {
    let (certificate, key) = (data.join(CERTIFICATE), data.join(KEY));
    if !certificate.exists() || !key.exists() {
        let made = rcgen::generate_simple_self_signed(["localhost".into(), "127.0.0.1".into(), "::1".into()])?;
        fs::write(&certificate, made.cert.pem())?;
        let mut out = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&key)?;
        out.write_all(made.signing_key.serialize_pem().as_bytes())?;
    }
    Ok((certificate, key))
}
