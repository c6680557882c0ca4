//! Checkpoints: the head of the tree, signed.

use ed25519_dalek::{Signer as _, SigningKey};
use signed_note::{Note, StandardVerifier, VerifierList, is_key_name_valid, key_id, new_ed25519_verifier_key};
use tlog_tiles::{Checkpoint, Hash};
use zeroize::Zeroize;

use crate::Error;

/// The byte for Ed25519 before a public key ([C2SP signed-note](https://c2sp.org/signed-note)).
const ED25519: u8 = 1;

/// Signs checkpoints. The key is wiped from memory when this is dropped, and never printed.
pub struct Signer {
    origin: String,
    id: u32,
    key: SigningKey,
}

impl Signer {
    /// The signer of a ledger. `origin` names the ledger and its key: a host, perhaps with a path, without scheme.
    pub fn new(origin: &str, mut seed: [u8; 32]) -> Result<Self, Error> {
        if !is_key_name_valid(origin) || origin.chars().any(char::is_control) {
            seed.zeroize();
            return Err(Error::Origin(origin.to_owned()));
        }
        let key = SigningKey::from_bytes(&seed);
        seed.zeroize();
        let mut public = vec![ED25519];
        public.extend_from_slice(key.verifying_key().as_bytes());
        Ok(Self { origin: origin.to_owned(), id: key_id(origin, &public), key })
    }

    /// The signed checkpoint of a tree ([C2SP tlog-checkpoint](https://c2sp.org/tlog-checkpoint)).
    pub fn checkpoint(&self, size: u64, root: Hash) -> String {
        use base64::{Engine as _, prelude::BASE64_STANDARD};
        let text = format!("{}\n{size}\n{root}\n", self.origin);
        let mut signature = self.id.to_be_bytes().to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n— {} {}\n", self.origin, BASE64_STANDARD.encode(signature))
    }

    /// The public key, as anyone who verifies needs it: `<origin>+<id>+<base64>`.
    pub fn verifier_key(&self) -> String {
        new_ed25519_verifier_key(&self.origin, &self.key.verifying_key())
    }

    /// The verifier of this signer's checkpoints.
    pub fn verifier(&self) -> Result<Verifier, Error> {
        Verifier::from_vkey(&self.verifier_key())
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({}+{:08x})", self.origin, self.id)
    }
}

/// Checks checkpoints against the ledger's public keys.
#[derive(Clone)]
pub struct Verifier {
    keys: Vec<StandardVerifier>,
    text: String,
}

impl Verifier {
    /// The verifier of a key as [`Signer::verifier_key`] gives it. Several, one on a line, if the key was rotated: a
    /// checkpoint signed by any of them counts.
    pub fn from_vkey(text: &str) -> Result<Self, Error> {
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let keys = lines()
            .map(|line| StandardVerifier::new(line).map_err(|_| Error::VerifierKey))
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(Error::VerifierKey);
        }
        Ok(Self { keys, text: lines().map(|line| format!("{line}\n")).collect() })
    }

    /// The keys, one on a line.
    pub fn vkey(&self) -> &str {
        &self.text
    }

    /// Size and root of a checkpoint, if one of the keys signed it and its origin is the key's name.
    pub fn open(&self, checkpoint: &str) -> Result<(u64, Hash), Error> {
        let note = Note::from_bytes(checkpoint.as_bytes()).map_err(|_| Error::Checkpoint)?;
        let head = Checkpoint::from_bytes(note.text()).map_err(|_| Error::Checkpoint)?;
        let known = VerifierList::new(self.keys.iter().map(|key| Box::new(key.clone()) as Box<_>).collect());
        let (signatures, _) = note.verify(&known).map_err(|_| Error::Signature)?;
        if !signatures.iter().any(|signature| signature.name() == head.origin()) {
            return Err(Error::OtherOrigin(head.origin().chars().take(200).collect()));
        }
        Ok((head.size(), *head.hash()))
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verifier({})", self.text.trim_end())
    }
}

/// Size and root of a checkpoint whose signature nobody looked at.
pub(crate) fn read_unverified(checkpoint: &str) -> Result<(u64, Hash), Error> {
    let note = Note::from_bytes(checkpoint.as_bytes()).map_err(|_| Error::Checkpoint)?;
    let head = Checkpoint::from_bytes(note.text()).map_err(|_| Error::Checkpoint)?;
    Ok((head.size(), *head.hash()))
}
