//! Hashes that are known to be right, because they lead up to the signed root.

use tlog_tiles::{Error as TlogError, Hash, HashReader, record_hash, split_stored_hash_index};

use crate::{
    Edge, Error, Source, TILE_BYTES,
    edge::{full_tiles, split, subtree_root, tile_root, widths},
};

/// The tree of a checkpoint, read downwards: each tile is believed only if its root is the hash above it.
pub(crate) struct Anchor<'s> {
    source: &'s dyn Source,
    edge: Edge,
    /// The last tile read of each level.
    cache: Vec<Option<(u64, Belief)>>,
    /// The first stored tile that did not lead up, though what it stands for does or is unknown.
    pub damaged: Option<(u8, u64)>,
    /// Whether the stored edge is another than the tree's.
    pub edge_damaged: bool,
    /// The size that the stored edge gives.
    pub stored_size: Option<u64>,
}

/// What is known of a tile.
#[derive(Clone)]
enum Belief {
    Known(Vec<Hash>),
    /// Neither the stored tile nor what lies below it has the hash above. The outermost such tile.
    Unknown(u8, u64),
}

/// A tile with nothing to believe in it.
pub(crate) struct Unknown {
    /// The first entry below it.
    pub from: u64,
    /// One after the last entry below it.
    pub until: u64,
}

impl<'s> Anchor<'s> {
    /// The anchor of a signed head; `None` if nothing stored leads up to it.
    pub fn find(source: &'s dyn Source, size: u64, root: Hash) -> Result<Option<Self>, Error> {
        let stored = source.edge()?.and_then(|bytes| Edge::from_bytes(&bytes).ok());
        let stored_size = stored.as_ref().map(Edge::size);
        let right = |edge: &Edge| edge.size() == size && edge.root() == root;
        let (edge, edge_damaged) = match stored {
            Some(edge) if right(&edge) => (Some(edge), false),
            _ => match edge_of_tiles(source, size)? {
                Some(edge) if right(&edge) => (Some(edge), true),
                _ => (edge_of_rows(source, size)?.filter(right), true),
            },
        };
        Ok(edge.map(|edge| Self { source, cache: Vec::new(), edge, damaged: None, edge_damaged, stored_size }))
    }

    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The hash of an entry.
    pub fn leaf(&mut self, seq: u64) -> Result<Result<Hash, Unknown>, Error> {
        let size = self.size();
        Ok(match self.tile(0, seq >> 8)? {
            Belief::Known(hashes) => Ok(hashes[(seq & 255) as usize]),
            Belief::Unknown(level, n) => {
                let bits = 8 * (u32::from(*level) + 1);
                Err(Unknown { from: n << bits, until: ((n + 1) << bits).min(size) })
            }
        })
    }

    fn tile(&mut self, level: u8, n: u64) -> Result<&Belief, Error> {
        let at = usize::from(level);
        if self.cache.len() <= at {
            self.cache.resize(at + 1, None);
        }
        if self.cache[at].as_ref().is_none_or(|(have, _)| *have != n) {
            let belief = if n >= full_tiles(self.size(), level) {
                Belief::Known(self.edge.unfinished(level).to_vec())
            } else {
                match self.tile(level + 1, n >> 8)? {
                    Belief::Known(hashes) => {
                        let above = hashes[(n & 255) as usize];
                        self.below(level, n, above)?
                    }
                    unknown @ Belief::Unknown(..) => unknown.clone(),
                }
            };
            self.cache[at] = Some((n, belief));
        }
        match &self.cache[at] {
            Some((_, belief)) => Ok(belief),
            None => Err(Error::Unanchored),
        }
    }

    /// A full tile whose root must be `above`: the stored one, or one made again from what lies below it.
    fn below(&mut self, level: u8, n: u64, above: Hash) -> Result<Belief, Error> {
        let stored = self.source.tile(level, n)?.filter(|bytes| bytes.len() == TILE_BYTES).map(|bytes| split(&bytes));
        let good = |hashes: &Vec<Hash>| subtree_root(hashes) == above;
        if let Some(hashes) = stored.clone().filter(good) {
            return Ok(Belief::Known(hashes));
        }
        self.damaged.get_or_insert((level, n));
        let mut again = match level {
            0 => leaves(self.source, n << 8, (n + 1) << 8)?,
            _ => roots(self.source, level - 1, n << 8, (n + 1) << 8)?,
        };
        if level > 0 && !again.as_ref().is_some_and(good) {
            again = by_vote(self.source, level, n, stored)?;
        }
        Ok(match again.filter(good) {
            Some(hashes) => Belief::Known(hashes),
            None => Belief::Unknown(level, n),
        })
    }

    /// Reads hashes for the proofs of `tlog_tiles`, which want a reader behind a shared reference.
    pub fn reader(self) -> Reader<'s> {
        Reader(std::cell::RefCell::new(self))
    }
}

/// The hashes of a full tile above level 0 as most of its witnesses have each: the tile itself, the tile below, the rows.
/// So one that is damaged here, another there and an entry edited elsewhere do not hide each other.
fn by_vote(source: &dyn Source, level: u8, n: u64, stored: Option<Vec<Hash>>) -> Result<Option<Vec<Hash>>, Error> {
    (n << 8..(n + 1) << 8)
        .map(|below| {
            let listed = stored.as_ref().map(|hashes| hashes[(below & 255) as usize]);
            let tile = source.tile(level - 1, below)?.and_then(|bytes| tile_root(&bytes));
            let rows = root_of_rows(source, level - 1, below)?;
            Ok(if listed.is_some() && (listed == tile || listed == rows) { listed } else { rows.or(tile) })
        })
        .collect()
}

/// The root of a full tile, made from the rows below it; where bodies are missing, from the stored tile.
fn root_of_rows(source: &dyn Source, level: u8, n: u64) -> Result<Option<Hash>, Error> {
    let hashes = match level {
        0 => leaves(source, n << 8, (n + 1) << 8)?,
        _ => (n << 8..(n + 1) << 8).map(|below| root_of_rows(source, level - 1, below)).collect::<Result<_, _>>()?,
    };
    match hashes {
        Some(hashes) => Ok(Some(subtree_root(&hashes))),
        None => Ok(source.tile(level, n)?.and_then(|bytes| tile_root(&bytes))),
    }
}

/// The hashes of rows `from` to `until`; `None` unless each is there with its body.
fn leaves(source: &dyn Source, from: u64, until: u64) -> Result<Option<Vec<Hash>>, Error> {
    let mut hashes = Vec::new();
    while from + (hashes.len() as u64) < until {
        let next = from + hashes.len() as u64;
        let rows = source.entries(next, (until - next) as usize)?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in rows {
            let next = from + hashes.len() as u64;
            if next == until {
                break;
            }
            match row.body {
                Some(body) if row.seq == next => hashes.push(record_hash(&body)),
                _ => return Ok(None),
            }
        }
    }
    Ok(Some(hashes))
}

/// The roots of the stored tiles `from` to `until` of a level; `None` unless all are there.
fn roots(source: &dyn Source, level: u8, from: u64, until: u64) -> Result<Option<Vec<Hash>>, Error> {
    (from..until).map(|n| Ok(source.tile(level, n)?.and_then(|bytes| tile_root(&bytes)))).collect()
}

/// The edge that the stored full tiles and the rows after them make; the caller compares its root.
pub(crate) fn edge_of_tiles(source: &dyn Source, size: u64) -> Result<Option<Edge>, Error> {
    let mut levels = Vec::new();
    for (level, width) in widths(size).enumerate() {
        let until = size >> (8 * level);
        let from = until - width as u64;
        let hashes = match level {
            0 => leaves(source, from, until)?,
            _ => roots(source, level as u8 - 1, from, until)?,
        };
        match hashes {
            Some(hashes) => levels.push(hashes),
            None => return Ok(None),
        }
    }
    Ok(Edge::from_levels(size, levels).ok())
}

/// The edge that the rows alone make, pruned ones by their stored tile; the caller compares its root.
fn edge_of_rows(source: &dyn Source, size: u64) -> Result<Option<Edge>, Error> {
    let mut edge = Edge::empty();
    while edge.size() < size {
        let rows = source.entries(edge.size(), 1024)?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in rows {
            if edge.size() == size {
                break;
            }
            if row.seq != edge.size() {
                return Ok(None);
            }
            let hash = match row.body {
                Some(body) => record_hash(&body),
                None => match stored_leaf(source, row.seq)? {
                    Some(hash) => hash,
                    None => return Ok(None),
                },
            };
            edge.append_hash(hash);
        }
    }
    Ok(Some(edge))
}

/// The hash of an entry as the stored tile or edge has it, believed or not.
pub(crate) fn stored_leaf(source: &dyn Source, seq: u64) -> Result<Option<Hash>, Error> {
    let place = (seq & 255) as usize;
    if let Some(bytes) = source.tile(0, seq >> 8)? {
        return Ok(split(&bytes).get(place).copied());
    }
    let edge = source.edge()?.and_then(|bytes| Edge::from_bytes(&bytes).ok());
    Ok(edge.filter(|edge| edge.size() >> 8 == seq >> 8).and_then(|edge| edge.unfinished(0).get(place).copied()))
}

/// An anchor as a reader of stored hashes.
pub(crate) struct Reader<'s>(std::cell::RefCell<Anchor<'s>>);

impl HashReader for Reader<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, TlogError> {
        let mut anchor = self.0.borrow_mut();
        indexes
            .iter()
            .map(|&index| {
                let (height, n) = split_stored_hash_index(index);
                let within = height % 8;
                let first = n << within;
                match anchor.tile(height / 8, first >> 8) {
                    Ok(Belief::Known(hashes)) => {
                        let first = (first & 255) as usize;
                        let subtree = hashes.get(first..first + (1 << within)).ok_or(TlogError::IndexesNotInTree)?;
                        Ok(subtree_root(subtree))
                    }
                    _ => Err(TlogError::InconsistentTile),
                }
            })
            .collect()
    }
}
