//! The right edge of the Merkle tree: all a writer keeps in memory.

use tlog_tiles::{EMPTY_HASH, HASH_SIZE, Hash, Tile, node_hash, record_hash};

use crate::Error;

/// Hashes in a full tile (tiles have height 8).
pub const TILE_WIDTH: usize = 256;
/// Bytes of a full tile.
pub const TILE_BYTES: usize = TILE_WIDTH * HASH_SIZE;
/// First byte of a stored edge.
const VERSION: u8 = 1;
/// No ledger is larger; it keeps the arithmetic of a damaged edge in bounds.
const MAX_SIZE: u64 = 1 << 56;

/// A tile that an appended entry completed; it never changes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullTile {
    /// Its level: 0 has the hashes of entries, 1 those of tiles of level 0, and so on.
    pub level: u8,
    /// Its place in the level, from 0.
    pub n: u64,
    /// 256 hashes of 32 bytes.
    pub bytes: Vec<u8>,
}

/// The right edge of the tree: its size and the unfinished tile of each level.
///
/// The unfinished tile of level 0 has the hash of every entry after the last full tile, so that [`verify`](crate::verify())
/// can name a wrong one there too. Stored beside the checkpoint in every commit: at most 8 160 bytes a level, two levels
/// up to 65 536 entries and three up to 16 million.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    size: u64,
    /// Hashes of the unfinished tile of each level, fewer than 256 each; no empty level on top.
    levels: Vec<Vec<Hash>>,
    /// Roots of the complete subtrees, largest first, one for each bit set in `size`.
    peaks: Vec<Hash>,
}

impl Default for Edge {
    fn default() -> Self {
        Self::empty()
    }
}

impl Edge {
    /// The edge of a ledger without entries.
    pub const fn empty() -> Self {
        Self { size: 0, levels: Vec::new(), peaks: Vec::new() }
    }

    /// How many entries there are.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree (RFC 6962 §2.1).
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let smallest = peaks.next().unwrap_or(EMPTY_HASH);
        peaks.fold(smallest, |right, left| node_hash(left, right))
    }

    /// Appends an entry by its line; returns the tiles it completes, lowest first (mostly none).
    pub fn append(&mut self, leaf: &[u8]) -> Vec<FullTile> {
        self.append_hash(record_hash(leaf))
    }

    /// Appends an entry by its leaf hash.
    pub fn append_hash(&mut self, leaf: Hash) -> Vec<FullTile> {
        let mut full = Vec::new();
        self.push(0, leaf);
        let mut node = leaf;
        // As in a binary counter: each trailing one of the old size is a complete subtree that the new one joins.
        for height in 1..=self.size.trailing_ones() as usize {
            let Some(left) = self.peaks.pop() else { break };
            node = node_hash(left, node);
            if height % 8 == 0 {
                let level = height / 8 - 1;
                full.push(FullTile {
                    level: level as u8,
                    n: self.size >> height,
                    bytes: join(&std::mem::take(&mut self.levels[level])),
                });
                self.push(level + 1, node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
        full
    }

    fn push(&mut self, level: usize, hash: Hash) {
        if self.levels.len() == level {
            self.levels.push(Vec::with_capacity(TILE_WIDTH));
        }
        self.levels[level].push(hash);
    }

    /// The stored form: a version byte, the size (big-endian), then the hashes of each level's unfinished tile, lowest
    /// level first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let hashes: usize = self.levels.iter().map(Vec::len).sum();
        let mut bytes = Vec::with_capacity(9 + hashes * HASH_SIZE);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        for hash in self.levels.iter().flatten() {
            bytes.extend_from_slice(&hash.0);
        }
        bytes
    }

    /// The edge of its stored form. That the form is right says nothing about the content: compare
    /// [`root`](Self::root) with the checkpoint.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (&version, rest) = bytes.split_first().ok_or(Error::Edge)?;
        let (size, rest) = rest.split_first_chunk::<8>().ok_or(Error::Edge)?;
        let size = u64::from_be_bytes(*size);
        if version != VERSION || size > MAX_SIZE || !rest.len().is_multiple_of(HASH_SIZE) {
            return Err(Error::Edge);
        }
        let mut hashes = split(rest).into_iter();
        let levels = widths(size).map(|width| hashes.by_ref().take(width).collect()).collect();
        match hashes.next() {
            Some(_) => Err(Error::Edge),
            None => Self::from_levels(size, levels),
        }
    }

    /// The edge with these unfinished tiles, lowest level first.
    pub(crate) fn from_levels(size: u64, levels: Vec<Vec<Hash>>) -> Result<Self, Error> {
        if size > MAX_SIZE || !levels.iter().map(Vec::len).eq(widths(size)) {
            return Err(Error::Edge);
        }
        let mut peaks = Vec::new();
        for level in levels.iter().rev() {
            let mut rest = level.as_slice();
            while !rest.is_empty() {
                let (subtree, after) = rest.split_at(1 << rest.len().ilog2());
                peaks.push(subtree_root(subtree));
                rest = after;
            }
        }
        Ok(Self { size, levels, peaks })
    }

    /// The hashes of the unfinished tile of a level; empty if the level has none.
    pub fn unfinished(&self, level: u8) -> &[Hash] {
        self.levels.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// How many levels of tiles there are.
    pub fn levels(&self) -> u8 {
        self.levels.len() as u8
    }
}

/// How many full tiles a level has in a ledger of this size.
pub(crate) const fn full_tiles(size: u64, level: u8) -> u64 {
    match 8 * (level as u32 + 1) {
        bits if bits < 64 => size >> bits,
        _ => 0,
    }
}

/// The widths of the unfinished tiles in a ledger of this size, lowest level first.
pub(crate) fn widths(size: u64) -> impl Iterator<Item = usize> {
    (0..8).map(move |level| size >> (8 * level)).take_while(|&hashes| hashes > 0).map(|hashes| (hashes & 255) as usize)
}

/// The root of the complete subtree over these hashes, a power of two of them.
pub(crate) fn subtree_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => EMPTY_HASH,
        [one] => *one,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node_hash(subtree_root(left), subtree_root(right))
        }
    }
}

/// The root of a full tile.
pub(crate) fn tile_root(bytes: &[u8]) -> Option<Hash> {
    (bytes.len() == TILE_BYTES).then(|| Tile::subtree_hash(bytes))
}

pub(crate) fn join(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

pub(crate) fn split(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks::<HASH_SIZE>().0.iter().map(|hash| Hash(*hash)).collect()
}
