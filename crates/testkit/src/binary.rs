//! The real binary: run as a command, served over TLS, killed.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, OnceLock},
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
};

/// A running `custos serve`; killed, without a chance to tidy up, when it is dropped.
pub struct Custos {
    child: Child,
    /// `127.0.0.1:port`.
    pub address: String,
}

impl Custos {
    /// Runs a command on a data folder and waits for it.
    pub fn run(data: &Path, args: &[&str]) -> Output {
        Self::fed(data, args, "")
    }

    /// The folder for temporary files of every command on a data folder.
    pub fn temporary(data: &Path) -> PathBuf {
        let folder = data.with_extension("tmp");
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    /// The help of a command.
    pub fn help(path: &[String]) -> String {
        let out = Command::new(binary()).args(path).arg("--help").output().expect("the binary");
        String::from_utf8(out.stdout).expect("a text")
    }

    /// The same with a text on its standard input.
    pub fn fed(data: &Path, args: &[&str], input: &str) -> Output {
        let mut child = Command::new(binary())
            .args(args)
            .arg("--data")
            .arg(data)
            .env("TMPDIR", Self::temporary(data))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary");
        // A command that refuses at once reads nothing.
        let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
        child.wait_with_output().expect("an end")
    }

    /// Starts a command whose output nobody reads, and kills it (`-9`) after a while; whether it had ended by itself.
    pub fn killed(data: &Path, args: &[&str], after: Duration) -> bool {
        let mut child = Command::new(binary())
            .args(args)
            .arg("--data")
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary");
        std::thread::sleep(after);
        let ended = child.try_wait().expect("a child").is_some();
        let _ = child.kill();
        let _ = child.wait();
        ended
    }

    /// Runs a command that can write no file beyond `blocks` of 1024 bytes: what a full disk does, without root.
    pub fn cramped(data: &Path, args: &[&str], blocks: u64) -> Output {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        Command::new("bash")
            .args(["-c", &script])
            .arg(binary())
            .args(args)
            .arg("--data")
            .arg(data)
            .stdin(Stdio::null())
            .output()
            .expect("bash")
    }

    /// Runs a command that must succeed, and gives its JSON.
    pub fn json(data: &Path, args: &[&str]) -> serde_json::Value {
        let out = Self::run(data, &[args, &["--json"]].concat());
        let said = String::from_utf8_lossy(&out.stdout);
        assert!(out.status.success(), "custos {args:?}: {said} {}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_str(&said).expect("JSON")
    }

    /// Serves a data folder on a free port; returns when it says that it does. What it logs goes to `log`.
    pub fn serve(data: &Path, log: &Path, args: &[&str]) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(log).expect("a log");
        let mut child = Command::new(binary())
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(args)
            .env("TMPDIR", Self::temporary(data))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary");
        let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines();
        let line = lines.next().expect("an address").expect("a line");
        let address = line.split("https://").nth(1).and_then(|rest| rest.split(' ').next()).expect("an address");
        Self { child, address: address.to_owned() }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Custos {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The binary of this build, made if it is not there or older than its sources; or the one `CUSTOS_TEST_BINARY` names.
#[expect(clippy::disallowed_methods, reason = "the harness is where a test learns of its surroundings")]
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(given) = std::env::var_os("CUSTOS_TEST_BINARY") {
            return given.into();
        }
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "cli", "--bin", "custos"]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
        let built = build.args(["--manifest-path", manifest]).status().expect("cargo");
        assert!(built.success(), "the binary does not build");
        let test = std::env::current_exe().expect("a path");
        test.parent().and_then(Path::parent).expect("the folder of the build").join("custos")
    })
}

/// One connection to a server, kept open.
pub struct Client {
    stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
    host: String,
    token: String,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

impl Client {
    /// Connects; takes whatever certificate the server shows.
    pub fn connect(address: &str, token: &str) -> std::io::Result<Self> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
            .with_no_client_auth();
        let tcp = TcpStream::connect(address)?;
        tcp.set_nodelay(true)?;
        tcp.set_read_timeout(Some(Duration::from_secs(20)))?;
        let name = ServerName::try_from("localhost").expect("a name");
        let tls = ClientConnection::new(Arc::new(config), name).expect("a configuration");
        let stream = BufReader::new(StreamOwned::new(tls, tcp));
        Ok(Self { stream, host: address.to_owned(), token: token.to_owned() })
    }

    /// One request and its whole answer; an error if the connection ended before.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&serde_json::Value>,
    ) -> std::io::Result<Answer> {
        let body = body.map(ToString::to_string).unwrap_or_default();
        let kind = if body.is_empty() { "" } else { "application/json" };
        self.send(method, path, kind, headers, &body)
    }

    /// One request with any body and its whole answer.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> std::io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n", self.host, body.len());
        if !self.token.is_empty() {
            head += &format!("authorization: Bearer {}\r\n", self.token);
        }
        if !kind.is_empty() {
            head += &format!("content-type: {kind}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let out = self.stream.get_mut();
        out.write_all(format!("{head}\r\n{body}").as_bytes())?;
        out.flush()?;
        self.answer()
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line)? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    fn answer(&mut self) -> std::io::Result<Answer> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, v)| v.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, headers, body })
    }
}

/// Takes every certificate: the server of a test has made its own a moment ago.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
