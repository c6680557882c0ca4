//! The escrow: the keys that stand directly under the root key, in one `age` file.
//!
//! With it a backup opens though the machine and its root key are gone. It is rewritten whole whenever an epoch comes or
//! goes and whenever the register beside it grows, so that a destroyed epoch's key is in no current escrow; old copies of
//! the file are the operator's to destroy.

use std::{
    fs,
    io::{BufReader, Read, Write},
    path::{Path, PathBuf},
};

use age::secrecy::{ExposeSecret, SecretString};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, Result, Tip, write_whole};

const FILE: &str = "keys.age";
const KEY_LEN: usize = 32;

/// An epoch's key in the clear.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct EpochKey {
    /// Its number.
    pub number: u32,
    /// The key.
    pub key: [u8; KEY_LEN],
    /// When it was made.
    #[zeroize(skip)]
    pub made: Timestamp,
}

/// What the file holds. Zeroed when dropped, never printed.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Escrow {
    /// Which installation's: the origin of its ledger.
    pub origin: String,
    /// When it was written.
    #[zeroize(skip)]
    pub written: Timestamp,
    /// Named secrets: `index`, `ledger`.
    pub secrets: Vec<(String, [u8; KEY_LEN])>,
    /// The epochs not destroyed.
    pub epochs: Vec<EpochKey>,
    /// How far the register beside it went; none in an escrow of an older version.
    #[zeroize(skip)]
    #[serde(default)]
    pub register: Option<Tip>,
}

impl std::fmt::Debug for Escrow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Escrow({} epochs)", self.epochs.len())
    }
}

/// Whom an escrow is written for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipients {
    /// Public keys, `age1…`: the machine that writes cannot read. The better choice.
    Keys(Vec<String>),
    /// The passphrase in this file, which the machine must keep.
    PassphraseFile(PathBuf),
}

/// What opens an escrow.
#[derive(Clone, Debug)]
pub enum Opener {
    /// A file with `AGE-SECRET-KEY-…` lines.
    IdentityFile(PathBuf),
    /// A file with the passphrase.
    PassphraseFile(PathBuf),
}

impl Escrow {
    /// Where the file is.
    pub fn path(dir: &Path) -> PathBuf {
        dir.join(FILE)
    }

    /// Writes the file, replacing the one before.
    pub fn write(&self, dir: &Path, to: &Recipients) -> Result<()> {
        let plain = Zeroizing::new(serde_json::to_vec(self).map_err(|e| Error::EscrowDamaged(e.to_string()))?);
        let encryptor = match to {
            Recipients::PassphraseFile(file) => age::Encryptor::with_user_passphrase(passphrase(file)?),
            Recipients::Keys(keys) => {
                let keys: Vec<age::x25519::Recipient> = keys.iter().map(|k| recipient(k)).collect::<Result<_>>()?;
                age::Encryptor::with_recipients(keys.iter().map(|k| k as &dyn age::Recipient))
                    .map_err(|e| Error::Age(e.to_string()))?
            }
        };
        let seal = || -> std::io::Result<Vec<u8>> {
            let mut out = encryptor.wrap_output(Vec::new())?;
            out.write_all(&plain)?;
            out.finish()
        };
        let sealed = seal().map_err(Error::file(Self::path(dir)))?;
        write_whole(&Self::path(dir), &sealed)
    }

    /// Opens the file.
    pub fn open(dir: &Path, with: &Opener) -> Result<Self> {
        let path = Self::path(dir);
        let sealed = match fs::read(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(Error::NoEscrow(path)),
            other => other.map_err(Error::file(&path))?,
        };
        let decryptor = age::Decryptor::new(&sealed[..]).map_err(closed)?;
        let mut reader = match with {
            Opener::PassphraseFile(file) => {
                let identity = age::scrypt::Identity::new(passphrase(file)?);
                decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity))
            }
            Opener::IdentityFile(file) => {
                let text = fs::File::open(file).map_err(Error::file(file))?;
                let found = age::IdentityFile::from_buffer(BufReader::new(text)).map_err(Error::file(file))?;
                let found = found.into_identities().map_err(|_| Error::Age("no identity in the file".into()))?;
                decryptor.decrypt(found.iter().map(|i| i.as_ref() as &dyn age::Identity))
            }
        }
        .map_err(closed)?;
        let mut plain = Zeroizing::new(Vec::new());
        reader
            .read_to_end(&mut plain)
            .map_err(|_| Error::EscrowDamaged("its content was changed or cut short".into()))?;
        serde_json::from_slice(&plain).map_err(|_| Error::EscrowDamaged("its content is of another version".into()))
    }

    /// A named secret.
    pub fn secret(&self, name: &str) -> Option<&[u8; KEY_LEN]> {
        self.secrets.iter().find(|(n, _)| n == name).map(|(_, key)| key)
    }
}

impl Recipients {
    /// Whether they can be written for, before anything relies on it.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Keys(keys) if keys.is_empty() => Err(Error::Age("name at least one recipient".into())),
            Self::Keys(keys) => keys.iter().try_for_each(|key| recipient(key).map(drop)),
            Self::PassphraseFile(file) => passphrase(file).map(drop),
        }
    }
}

/// Makes an identity: its file's text, to be kept away from the server, and the recipient to write for.
pub fn new_identity() -> (Zeroizing<String>, String) {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let text = format!("# public key: {recipient}\n{}\n", identity.to_string().expose_secret());
    (Zeroizing::new(text), recipient)
}

fn recipient(text: &str) -> Result<age::x25519::Recipient> {
    text.trim()
        .parse()
        .map_err(|_| Error::Age("a recipient begins with age1: see `age-keygen` or `custos backup identity`".into()))
}

fn passphrase(file: &Path) -> Result<SecretString> {
    let text = Zeroizing::new(fs::read_to_string(file).map_err(Error::file(file))?);
    let text = text.trim_end_matches(['\r', '\n']);
    if text.chars().count() < 12 {
        return Err(Error::Age(format!("{} holds no passphrase of at least 12 characters", file.display())));
    }
    Ok(SecretString::from(text.to_owned()))
}

fn closed(error: age::DecryptError) -> Error {
    match error {
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => Error::WrongPassphrase,
        age::DecryptError::ExcessiveWork { .. } => Error::EscrowDamaged("it asks for too much work to open".into()),
        _ => Error::EscrowDamaged("it is not an age file, or its head was changed".into()),
    }
}
