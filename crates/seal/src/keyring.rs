//! Keys: root → epochs → one key per subject (a person, or an object for sealed values that are nobody's).
//!
//! Only wrapped keys are stored. Wrapping is AES-256-GCM with the identity of the wrapped key as authenticated data, so
//! that a wrapped key moved to another subject or epoch does not open. See `docs/envelope.md` for the bytes.

use std::{collections::BTreeMap, fmt, sync::RwLock};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hmac,
};
use kernel::{Rng, fill_array};
use zeroize::Zeroizing;

use crate::{Error, Result, Sealed, sealed::Place};

/// Length of every key, in bytes.
pub const KEY_LEN: usize = 32;

/// The number of an epoch; rotation counts up.
pub type Epoch = u32;

/// 16 bytes naming whose key it is: a person's id, or [`object_subject`] of an object.
pub type Subject = [u8; 16];

/// The subject that stands for the sealed values of an object that are nobody's.
///
/// The first 16 bytes of SHA-256 over `custos.object` and the object's name, with the version bits of a UUIDv8, so
/// that it never equals a person's UUIDv7.
pub fn object_subject(object: &str) -> Subject {
    let hash = digest::digest(&digest::SHA256, format!("custos.object\0{object}").as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hash.as_ref()[..16]);
    id[6] = (id[6] & 0x0f) | 0x80;
    id[8] = (id[8] & 0x3f) | 0x80;
    id
}

/// The key above all keys, from a file or the environment. Zeroed when dropped, never printed.
pub struct RootKey(Zeroizing<[u8; KEY_LEN]>);

impl RootKey {
    /// The root key with these bytes.
    pub fn new(bytes: [u8; KEY_LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Wraps a secret that stands directly under the root: an epoch key, or a named key such as `index`.
    pub fn wrap(&self, name: &str, secret: &[u8], rng: &dyn Rng) -> Result<Vec<u8>> {
        wrap(&aead(&self.0)?, name.as_bytes(), secret, rng)
    }

    /// Opens what [`RootKey::wrap`] made under the same name.
    pub fn unwrap(&self, name: &str, wrapped: &[u8]) -> Result<Zeroizing<[u8; KEY_LEN]>> {
        unwrap(&aead(&self.0)?, name.as_bytes(), wrapped)
    }

    /// The same of any length: a password of another server, the words of a message that waits.
    pub fn unwrap_secret(&self, name: &str, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        opened(&aead(&self.0)?, name.as_bytes(), wrapped)
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(…)")
    }
}

/// The name under which an epoch key is wrapped by the root key.
pub fn epoch_name(epoch: Epoch) -> String {
    format!("epoch:{epoch}")
}

/// The open epoch keys and the index key, held in memory while the server runs.
pub struct Keyring {
    epochs: RwLock<BTreeMap<Epoch, LessSafeKey>>,
    index: hmac::Key,
}

impl Keyring {
    /// A keyring over opened epoch keys. `index` keys the blind hashes.
    pub fn new(epochs: Vec<(Epoch, Zeroizing<[u8; KEY_LEN]>)>, index: &[u8; KEY_LEN]) -> Result<Self> {
        let epochs = epochs.iter().map(|(n, key)| Ok((*n, aead(key)?))).collect::<Result<BTreeMap<_, _>>>()?;
        Ok(Self { epochs: RwLock::new(epochs), index: hmac::Key::new(hmac::HMAC_SHA256, index) })
    }

    /// Adds an epoch, made by a rotation here or on another node.
    pub fn add_epoch(&self, epoch: Epoch, key: &[u8; KEY_LEN]) -> Result<()> {
        self.write().insert(epoch, aead(key)?);
        Ok(())
    }

    /// Forgets an epoch whose key has been destroyed.
    pub fn drop_epoch(&self, epoch: Epoch) {
        self.write().remove(&epoch);
    }

    /// The epoch under which new keys are wrapped: the newest.
    pub fn current_epoch(&self) -> Result<Epoch> {
        self.read().keys().next_back().copied().ok_or(Error::NoEpoch(0))
    }

    /// Whether the epoch's key is here.
    pub fn has_epoch(&self, epoch: Epoch) -> bool {
        self.read().contains_key(&epoch)
    }

    /// A fresh key for a subject, and its wrapped form under the current epoch.
    pub fn new_subject_key(&self, subject: Subject, rng: &dyn Rng) -> Result<(SubjectKey, Epoch, Vec<u8>)> {
        let bytes = Zeroizing::new(fill_array::<KEY_LEN>(rng));
        let epoch = self.current_epoch()?;
        let wrapped = self.wrap_subject(epoch, subject, &bytes[..], rng)?;
        Ok((SubjectKey { key: aead(&bytes)? }, epoch, wrapped))
    }

    /// Opens a stored subject key. The result seals; only this crate opens with it.
    pub fn subject_key(&self, epoch: Epoch, subject: Subject, wrapped: &[u8]) -> Result<SubjectKey> {
        Ok(SubjectKey { key: aead(&*self.unwrap_subject(epoch, subject, wrapped)?)? })
    }

    /// The same subject key wrapped under the current epoch instead: what a rotation writes.
    pub fn rewrap(&self, epoch: Epoch, subject: Subject, wrapped: &[u8], rng: &dyn Rng) -> Result<(Epoch, Vec<u8>)> {
        let bytes = self.unwrap_subject(epoch, subject, wrapped)?;
        let current = self.current_epoch()?;
        Ok((current, self.wrap_subject(current, subject, &bytes[..], rng)?))
    }

    /// The blind hash of a field's exact key, truncated to `bits` (1 to 62).
    ///
    /// Truncated on purpose: [`blind_bits`] keeps so many coincidences that the column alone identifies nobody.
    pub fn blind(&self, object: &str, field: &str, exact_key: &str, bits: u32) -> i64 {
        let tag = hmac::sign(&self.index, format!("{object}\0{field}\0{exact_key}").as_bytes());
        let mut head = [0; 8];
        head.copy_from_slice(&tag.as_ref()[..8]);
        (u64::from_be_bytes(head) >> (64 - bits.clamp(1, 62))) as i64
    }

    /// A keyed digest of a secret a client presents (session, token, one-time handle), for look-up without storing it.
    pub fn digest(&self, domain: &str, secret: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.index);
        context.update(domain.as_bytes());
        context.update(&[0]);
        context.update(secret);
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        out
    }

    fn wrap_subject(&self, epoch: Epoch, subject: Subject, key: &[u8], rng: &dyn Rng) -> Result<Vec<u8>> {
        wrap(self.read().get(&epoch).ok_or(Error::NoEpoch(epoch))?, &subject_context(epoch, subject), key, rng)
    }

    fn unwrap_subject(&self, epoch: Epoch, subject: Subject, wrapped: &[u8]) -> Result<Zeroizing<[u8; KEY_LEN]>> {
        unwrap(self.read().get(&epoch).ok_or(Error::NoEpoch(epoch))?, &subject_context(epoch, subject), wrapped)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<Epoch, LessSafeKey>> {
        self.epochs.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<Epoch, LessSafeKey>> {
        self.epochs.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} epochs)", self.read().len())
    }
}

/// How many bits of a blind hash to keep for `rows` rows: the most that leave at least two expected coincidences.
///
/// CipherSweet's rule, 2 ≤ C < √R with C = R / 2^bits (<https://ciphersweet.paragonie.com/internals/blind-index>).
/// Below 8 rows the rule has no solution and one bit is kept.
pub fn blind_bits(rows: u64) -> u32 {
    (rows / 2).max(2).ilog2()
}

/// Whether hashes of `bits` still obey the rule at `rows` rows, or must be made anew.
pub fn blind_fits(bits: u32, rows: u64) -> bool {
    rows < 8 || (u128::from(rows) < 1u128 << (2 * bits) && rows >> bits >= 2)
}

/// The open key of one subject. Seals for anybody; opens only inside this crate, for a grant.
pub struct SubjectKey {
    key: LessSafeKey,
}

impl SubjectKey {
    /// Seals `plain` for one place; only there it opens again.
    pub fn seal(&self, place: &Place<'_>, plain: &[u8], rng: &dyn Rng) -> Result<Sealed> {
        Sealed::seal(&self.key, place, plain, rng)
    }

    pub(crate) fn open(&self, place: &Place<'_>, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
        sealed.open(&self.key, place)
    }
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectKey(…)")
    }
}

pub(crate) fn aead(key: &[u8; KEY_LEN]) -> Result<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| Error::WrongKey)
}

fn subject_context(epoch: Epoch, subject: Subject) -> Vec<u8> {
    let mut context = b"custos.subject.1\0".to_vec();
    context.extend_from_slice(&epoch.to_be_bytes());
    context.extend_from_slice(&subject);
    context
}

fn wrap(key: &LessSafeKey, context: &[u8], secret: &[u8], rng: &dyn Rng) -> Result<Vec<u8>> {
    let nonce = fill_array::<NONCE_LEN>(rng);
    let mut body = Zeroizing::new(secret.to_vec());
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut *body)
        .map_err(|_| Error::WrongKey)?;
    Ok([&nonce[..], &body[..]].concat())
}

fn unwrap(key: &LessSafeKey, context: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; KEY_LEN]>> {
    let plain = opened(key, context, wrapped)?;
    let bytes: [u8; KEY_LEN] = plain[..].try_into().map_err(|_| Error::WrongKey)?;
    Ok(Zeroizing::new(bytes))
}

fn opened(key: &LessSafeKey, context: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (nonce, body) = wrapped.split_first_chunk::<NONCE_LEN>().ok_or(Error::WrongKey)?;
    let mut body = Zeroizing::new(body.to_vec());
    let length = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(context), &mut body)
        .map_err(|_| Error::WrongKey)?
        .len();
    body.truncate(length);
    Ok(body)
}
