//! The edge is the tree that `tlog_tiles` computes by other means.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use std::cell::RefCell;

use ledger::{Edge, Hash, TILE_BYTES};
use proptest::prelude::*;
use tlog_tiles::{Error as TlogError, HashReader, Tile, stored_hashes, tree_hash};

#[derive(Default)]
struct Stored(RefCell<Vec<Hash>>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, TlogError> {
        Ok(indexes.iter().map(|&index| self.0.borrow()[index as usize]).collect())
    }
}

#[test]
fn roots_and_tiles_agree() {
    let stored = Stored::default();
    let mut edge = Edge::empty();
    for n in 0..66_100u64 {
        let leaf = n.to_be_bytes();
        let hashes = stored_hashes(n, &leaf, &stored).unwrap();
        stored.0.borrow_mut().extend(hashes);
        for tile in edge.append(&leaf) {
            assert_eq!(tile.bytes.len(), TILE_BYTES);
            assert_eq!(tile.bytes, Tile::new(8, tile.level, tile.n, 256, false).read_data(&stored).unwrap());
        }
        if n < 1_100 || n > 65_000 && n.is_multiple_of(37) {
            assert_eq!(edge.size(), n + 1);
            assert_eq!(edge.root(), tree_hash(n + 1, &stored).unwrap());
            assert_eq!(Edge::from_bytes(&edge.to_bytes()).unwrap(), edge);
        }
    }
    assert!(edge.to_bytes().len() <= 9 + 3 * 255 * 32);
}

#[test]
fn the_empty_edge() {
    let edge = Edge::empty();
    assert_eq!(edge.root(), tlog_tiles::EMPTY_HASH);
    assert_eq!(Edge::from_bytes(&edge.to_bytes()).unwrap(), edge);
}

proptest! {
    #[test]
    fn only_whole_edges_read(bytes in prop::collection::vec(any::<u8>(), 0..400), size in 0..2_000u64) {
        let mut near = vec![1];
        near.extend_from_slice(&size.to_be_bytes());
        near.extend_from_slice(&bytes);
        for bytes in [bytes, near] {
            if let Ok(edge) = Edge::from_bytes(&bytes) {
                prop_assert_eq!(edge.to_bytes(), bytes);
            }
        }
    }
}
