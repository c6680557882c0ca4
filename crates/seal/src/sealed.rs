//! One sealed value: the envelope, and the place it is bound to.
//!
//! Envelope, version 1: `01 | key version (u32, big-endian) | nonce (12) | ciphertext and tag (16)`.
//! Authenticated data: `custos.cell.1\0 object \0 record (16 bytes) field \0 key version (u32)`. A cell copied to
//! another object, record or field does not open. `docs/envelope.md` says the same for people who decrypt an export.

use std::fmt;

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use kernel::{RecordId, Rng, fill_array};
use zeroize::Zeroizing;

use crate::{Error, Result};

/// The version of the envelope that this crate writes.
const VERSION: u8 = 1;
/// The key version: a subject has one key for life; rotation re-wraps it and leaves cells alone.
const KEY_VERSION: u32 = 1;
const HEAD: usize = 1 + 4 + NONCE_LEN;

/// Where a value lives; part of what is authenticated.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The object's name.
    pub object: &'a str,
    /// The record's id.
    pub record: RecordId,
    /// The field's name.
    pub field: &'a str,
}

impl Place<'_> {
    fn context(&self, key_version: u32) -> Vec<u8> {
        let mut context = Vec::with_capacity(40 + self.object.len() + self.field.len());
        context.extend_from_slice(b"custos.cell.1\0");
        context.extend_from_slice(self.object.as_bytes());
        context.push(0);
        context.extend_from_slice(self.record.as_bytes());
        context.extend_from_slice(self.field.as_bytes());
        context.push(0);
        context.extend_from_slice(&key_version.to_be_bytes());
        context
    }
}

/// A value as stored: ciphertext. Nothing outside this crate can turn it back.
///
/// ```compile_fail
/// // A sealed value has no way to plaintext without a grant.
/// fn leak(s: &seal::Sealed, k: &seal::SubjectKey, p: &seal::Place<'_>) { let _ = k.open(p, s); }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Takes stored bytes as they are; whether they open shows when they are disclosed.
    pub fn from_stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to store, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn seal(key: &LessSafeKey, place: &Place<'_>, plain: &[u8], rng: &dyn Rng) -> Result<Self> {
        let nonce = fill_array::<NONCE_LEN>(rng);
        let mut bytes = Vec::with_capacity(HEAD + plain.len() + 16);
        bytes.push(VERSION);
        bytes.extend_from_slice(&KEY_VERSION.to_be_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(plain);
        let tag = key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place.context(KEY_VERSION)),
                &mut bytes[HEAD..],
            )
            .map_err(|_| Error::BadEnvelope)?;
        bytes.extend_from_slice(tag.as_ref());
        Ok(Self(bytes))
    }

    pub(crate) fn open(&self, key: &LessSafeKey, place: &Place<'_>) -> Result<Zeroizing<Vec<u8>>> {
        let (head, body) = self.0.split_first_chunk::<HEAD>().ok_or(Error::BadEnvelope)?;
        let [version, k0, k1, k2, k3, nonce @ ..] = *head;
        if version != VERSION {
            return Err(Error::BadEnvelope);
        }
        let mut body = Zeroizing::new(body.to_vec());
        let context = place.context(u32::from_be_bytes([k0, k1, k2, k3]));
        let len = key
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut body)
            .map_err(|_| Error::BadEnvelope)?
            .len();
        body.truncate(len);
        Ok(body)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}
