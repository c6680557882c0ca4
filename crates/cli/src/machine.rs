//! The machine's own clock, chance and folders: read here and nowhere below.

use std::{
    fs,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use domain::{House, Setup, Shipped};
use jiff::Timestamp;
use kernel::{Clock, Rng, fill_array};
use seal::{KEY_LEN, RootKey};
use zeroize::Zeroizing;

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's randomness.
pub struct SystemRng(SystemRandom);

impl Rng for SystemRng {
    #[expect(clippy::panic, reason = "without randomness no key may be made: there is nothing safe to go on with")]
    fn fill(&self, bytes: &mut [u8]) {
        if self.0.fill(bytes).is_err() {
            panic!("the operating system gives no random bytes");
        }
    }
}

const ROOT_KEY: &str = "root.key";

/// Where an installation lives and which database it uses.
#[derive(Clone, Debug, clap::Args)]
pub struct Place {
    /// The data folder
    #[arg(long, value_name = "DIR", env = "CUSTOS_DATA", default_value = "data", global = true)]
    pub data: PathBuf,
    /// PostgreSQL instead of the folder's own database: postgres://user@host/name
    #[arg(long, value_name = "URL", env = "CUSTOS_DATABASE", global = true, hide_env_values = true)]
    pub database: Option<String>,
    /// File with the root key [default: root.key in the data folder]; CUSTOS_ROOT_KEY holds it as 64 hex digits instead
    #[arg(long, value_name = "FILE", env = "CUSTOS_ROOT_KEY_FILE", global = true)]
    pub root_key: Option<PathBuf>,
}

impl Place {
    fn setup(&self, root: RootKey) -> Setup {
        Setup {
            data: self.data.clone(),
            database: self.database.clone(),
            root,
            clock: Arc::new(SystemClock),
            rng: Arc::new(SystemRng(SystemRandom::new())),
            shipped: Shipped::product(),
        }
    }

    fn key_file(&self) -> PathBuf {
        self.root_key.clone().unwrap_or_else(|| self.data.join(ROOT_KEY))
    }

    /// Makes an installation: the folder (0700), a root key (0600) unless one is given, keys and tables.
    pub async fn init(&self) -> Result<()> {
        make_folder(&self.data)?;
        let file = self.key_file();
        if read_env_key()?.is_none() && !file.exists() {
            make_root(&file)?;
        }
        House::init(&self.setup(self.root()?)).await?;
        Ok(())
    }

    /// Whether there is an installation.
    pub async fn exists(&self) -> Result<bool> {
        if !self.data.is_dir() || (read_env_key()?.is_none() && !self.key_file().exists()) {
            return Ok(false);
        }
        Ok(House::exists(&self.setup(self.root()?)).await?)
    }

    /// Opens the installation.
    pub async fn open(&self) -> Result<Arc<House>> {
        Ok(House::open(self.given()?).await?)
    }

    /// What the installation is opened with.
    pub fn given(&self) -> Result<Setup> {
        if !self.data.is_dir() {
            bail!("there is no data folder {}: run `custos init --data {0}` first", self.data.display());
        }
        Ok(self.setup(self.root()?))
    }

    /// The same keys at another place.
    pub fn elsewhere(&self, data: PathBuf, database: Option<String>) -> Result<Setup> {
        Ok(Self { data, database, root_key: self.root_key.clone() }.setup(self.root()?))
    }

    /// The root key's file, if it lies in the data folder.
    pub fn own_key_file(&self) -> Option<PathBuf> {
        let file = self.data.join(ROOT_KEY);
        (self.root_key.is_none() && file.exists()).then_some(file)
    }

    /// What a restored installation is opened with: the root key that is given, else a new one that comes to lie in its
    /// folder. `partial` is where the folder grows until it is whole.
    pub fn restoring(&self, to: &Path, partial: &Path, database: Option<String>) -> Result<Setup> {
        let given = read_env_key()?.is_some() || self.root_key.is_some();
        let file = partial.join(ROOT_KEY);
        if !given {
            make_folder(partial)?;
            if !file.exists() {
                make_root(&file)?;
            }
        }
        let root_key = self.root_key.clone().or((!given).then_some(file));
        let new = Self { data: to.to_owned(), database, root_key };
        Ok(new.setup(new.root()?))
    }

    fn root(&self) -> Result<RootKey> {
        if let Some(key) = read_env_key()? {
            return Ok(key);
        }
        let file = self.key_file();
        let text = fs::read_to_string(&file).with_context(|| {
            format!("could not read the root key {}: run `custos init`, or name it with --root-key", file.display())
        })?;
        let mode = fs::metadata(&file)?.permissions().mode();
        if mode & 0o077 != 0 {
            bail!("{} can be read by others (mode {:o}): chmod 600 it", file.display(), mode & 0o777);
        }
        parse_key(&Zeroizing::new(text)).with_context(|| format!("{} holds no root key", file.display()))
    }
}

/// Makes a root key (0600) where there is none; whole or not at all.
fn make_root(file: &Path) -> Result<()> {
    let key = Zeroizing::new(fill_array::<KEY_LEN>(&SystemRng(SystemRandom::new())));
    let mut hex = Zeroizing::new(String::with_capacity(2 * KEY_LEN + 1));
    for byte in key.iter() {
        hex.push_str(&format!("{byte:02x}"));
    }
    hex.push('\n');
    // A full disk must not leave half a key under the key's name; and a key that is there is never replaced.
    let fresh = file.with_extension("new");
    let made = || -> std::io::Result<()> {
        let mut out = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        out.write_all(hex.as_bytes())?;
        out.sync_all()?;
        fs::hard_link(&fresh, file)
    };
    let made = made().with_context(|| format!("could not make {}", file.display()));
    drop(fs::remove_file(&fresh));
    made
}

/// Makes a folder that only its owner may enter; keeps one that is there.
pub fn make_folder(dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(dir).with_context(|| format!("could not make the folder {}", dir.display()))?;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the one place where this setting is read")]
fn read_env_key() -> Result<Option<RootKey>> {
    match std::env::var("CUSTOS_ROOT_KEY") {
        Ok(text) => parse_key(&Zeroizing::new(text)).context("CUSTOS_ROOT_KEY is not a root key").map(Some),
        Err(_) => Ok(None),
    }
}

fn parse_key(text: &str) -> Result<RootKey> {
    let text = text.trim();
    if text.len() != 2 * KEY_LEN || !text.is_ascii() {
        bail!("a root key is {} hex digits", 2 * KEY_LEN);
    }
    let mut key = Zeroizing::new([0; KEY_LEN]);
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).context("a root key is made of hex digits")?;
    }
    Ok(RootKey::new(*key))
}
