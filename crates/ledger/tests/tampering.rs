//! No edit, cut, insert, reorder or checkpoint swap passes, and the first wrong entry is named.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use std::sync::LazyLock;

use common::{ORIGIN, check, entry, ledger, signer, wrong};
use ledger::{Act, Change, Edge, Error, Row, Signer, Wrong, memory::Memory};
use proptest::prelude::*;

/// Two full tiles and a tail.
const SIZE: u64 = 600;
static LEDGER: LazyLock<Memory> = LazyLock::new(|| ledger(SIZE));

fn renumber(ledger: &mut Memory) {
    for (seq, row) in (0..).zip(&mut ledger.rows) {
        row.seq = seq;
    }
}

fn line(i: u64) -> Option<Vec<u8>> {
    Some(entry(i).to_line().unwrap())
}

#[track_caller]
fn assert_entry(ledger: &Memory, expected: Change, at: u64) {
    match wrong(ledger, None) {
        Wrong::Entry { change, seq, .. } => assert_eq!((change, seq), (expected, at)),
        other => panic!("expected {expected:?} at {at}, got {other}"),
    }
}

#[test]
fn untouched_ledgers_of_every_small_size_pass() {
    let mut ledger = Memory::default();
    assert_eq!(check(&ledger, None).unwrap().size, 0);
    let signer = signer();
    for i in 0..530 {
        ledger.append(&signer, &[entry(i)]).unwrap();
        let report = check(&ledger, None).unwrap();
        assert_eq!((report.size, report.pruned, report.continues), (i + 1, 0, None));
    }
}

#[test]
fn an_empty_signed_ledger_passes() {
    let mut empty = Memory::default();
    empty.append(&signer(), &[]).unwrap();
    assert_eq!(check(&empty, None).unwrap().size, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_edit_is_named(seq in 0..SIZE, at in any::<prop::sample::Index>(), flip in 1..=255u8) {
        let mut ledger = LEDGER.clone();
        let body = ledger.rows[seq as usize].body.as_mut().unwrap();
        let at = at.index(body.len());
        body[at] ^= flip;
        assert_entry(&ledger, Change::Edited, seq);
    }

    #[test]
    fn a_cut_is_named(seq in 0..SIZE, more in 0..3u64, close in any::<bool>()) {
        let mut ledger = LEDGER.clone();
        ledger.rows.drain(seq as usize..(seq + 1 + more).min(SIZE) as usize);
        if close {
            renumber(&mut ledger);
        }
        assert_entry(&ledger, Change::Cut, seq);
    }

    #[test]
    fn an_insert_is_named(seq in 0..=SIZE, of in 0..2 * SIZE, close in any::<bool>()) {
        // Of an entry that was never written, or a copy of one that was.
        prop_assume!(of != seq);
        let mut ledger = LEDGER.clone();
        ledger.rows.insert(seq as usize, Row { seq, body: line(of), copied: None });
        if close {
            renumber(&mut ledger);
        }
        assert_entry(&ledger, Change::Inserted, seq);
    }

    #[test]
    fn a_swap_is_named(a in 0..SIZE, b in 0..SIZE) {
        prop_assume!(a < b);
        let mut ledger = LEDGER.clone();
        ledger.rows.swap(a as usize, b as usize);
        renumber(&mut ledger);
        assert_entry(&ledger, Change::Reordered { belongs_at: b }, a);
    }

    #[test]
    fn a_move_is_named(from in 0..SIZE, to in 0..SIZE) {
        prop_assume!(from != to);
        let mut ledger = LEDGER.clone();
        let row = ledger.rows.remove(from as usize);
        ledger.rows.insert(to as usize, row);
        renumber(&mut ledger);
        let belongs_at = if from < to { from + 1 } else { from };
        assert_entry(&ledger, Change::Reordered { belongs_at }, from.min(to));
    }

    #[test]
    fn any_two_changes_are_found_at_the_first(a in 0..SIZE, b in 0..SIZE, first in 0..3, second in 0..3) {
        prop_assume!(a < b);
        let mut ledger = LEDGER.clone();
        for (seq, what) in [(b, second), (a, first)] {
            match what {
                0 => ledger.rows[seq as usize].body = line(seq + 5_000),
                1 => drop(ledger.rows.remove(seq as usize)),
                _ => ledger.rows.insert(seq as usize, Row { seq, body: line(seq + 9_000), copied: None }),
            }
        }
        renumber(&mut ledger);
        prop_assert_eq!(wrong(&ledger, None).seq(), Some(a));
    }

    #[test]
    fn an_edit_with_its_tile_is_found_among_256(seq in 0..512u64) {
        let mut ledger = LEDGER.clone();
        ledger.rows[seq as usize].body = line(9_999);
        let forged = rebuilt(&ledger);
        ledger.tiles.insert((0, seq >> 8), forged.tiles[&(0, seq >> 8)].clone());
        let Wrong::Range { from, until } = wrong(&ledger, None) else { panic!() };
        prop_assert_eq!((from, until), (seq & !255, (seq | 255) + 1));
    }

    #[test]
    fn an_edit_with_all_hashes_is_found_without_the_key(seq in 0..SIZE) {
        let mut ledger = LEDGER.clone();
        ledger.rows[seq as usize].body = line(9_999);
        let forged = rebuilt(&ledger);
        ledger.tiles = forged.tiles;
        ledger.edge = forged.edge;
        let Wrong::Range { from, until } = wrong(&ledger, None) else { panic!() };
        prop_assert!((from..until).contains(&seq));
        // An older checkpoint narrows it down.
        let older = common::ledger(seq / 2).checkpoint.unwrap();
        let Wrong::Range { from, .. } = wrong(&ledger, Some(&older)) else { panic!() };
        prop_assert_eq!(from, seq / 2);
    }

    #[test]
    fn a_damaged_tile_is_not_blamed_on_an_entry(level0 in 0..2u64, at in 0..8192usize, gone in any::<bool>()) {
        let mut ledger = LEDGER.clone();
        if gone {
            ledger.tiles.remove(&(0, level0));
        } else {
            ledger.tiles.get_mut(&(0, level0)).unwrap()[at] ^= 1;
        }
        let found = matches!(wrong(&ledger, None), Wrong::Tile { level: 0, n } if n == level0);
        prop_assert!(found);
        ledger.rows[590].body = line(0);
        prop_assert_eq!(wrong(&ledger, None).seq(), Some(590));
    }

    #[test]
    fn a_damaged_edge_is_not_blamed_on_an_entry(at in any::<prop::sample::Index>(), gone in any::<bool>()) {
        let mut ledger = LEDGER.clone();
        let edge = ledger.edge.as_mut().unwrap();
        let at = at.index(edge.len());
        edge[at] ^= 1;
        if gone {
            ledger.edge = None;
        }
        prop_assert!(matches!(wrong(&ledger, None), Wrong::Edge));
        ledger.rows[300].body = line(0);
        prop_assert_eq!(wrong(&ledger, None).seq(), Some(300));
    }
}

/// The tiles and the edge that someone without the key makes to fit the rows.
fn rebuilt(ledger: &Memory) -> Memory {
    let mut forged = Memory::default();
    let lines = ledger.rows.iter().map(|row| row.body.clone().unwrap()).collect();
    forged.append_lines(&Signer::new(ORIGIN, [8; 32]).unwrap(), lines).unwrap();
    forged
}

#[test]
fn what_stands_there_now_is_told() {
    let mut ledger = LEDGER.clone();
    ledger.rows[595].body = line(0);
    let text = wrong(&ledger, None).to_string();
    let id = entry(0).id;
    assert_eq!(text, format!("entry 595 was edited (now: {id}, 2025-10-09T08:53:20Z, changed)"));
}

#[test]
fn a_checkpoint_of_another_key_is_refused() {
    let mut ledger = LEDGER.clone();
    ledger.checkpoint = rebuilt(&ledger).checkpoint;
    assert!(matches!(wrong(&ledger, None), Wrong::Checkpoint(why) if matches!(*why, Error::Signature)));
}

#[test]
fn a_checkpoint_of_another_ledger_is_refused() {
    let mut ledger = LEDGER.clone();
    let edge = Edge::from_bytes(ledger.edge.as_ref().unwrap()).unwrap();
    ledger.checkpoint = Some(Signer::new("other.example", [7; 32]).unwrap().checkpoint(edge.size(), edge.root()));
    assert!(matches!(wrong(&ledger, None), Wrong::Checkpoint(_)));
}

#[test]
fn a_changed_or_missing_checkpoint_is_refused() {
    let mut ledger = LEDGER.clone();
    let text = ledger.checkpoint.clone().unwrap();
    for other in [text.replace("600", "599"), text.replace("600", "0600"), text.replace('\n', "\r\n"), String::new()] {
        ledger.checkpoint = Some(other);
        assert!(matches!(wrong(&ledger, None), Wrong::Checkpoint(_)));
    }
    ledger.checkpoint = None;
    assert!(matches!(wrong(&ledger, None), Wrong::Checkpoint(_)));
}

#[test]
fn an_older_checkpoint_put_back_is_found() {
    for older in [0, 1, 255, 256, 511, 512, 599] {
        let mut ledger = LEDGER.clone();
        ledger.checkpoint = common::ledger(older).checkpoint;
        let found = wrong(&ledger, None);
        assert!(matches!(found, Wrong::Unsigned { from } if from == older), "{older}: {found}");
    }
}

#[test]
fn an_older_state_put_back_is_found_with_a_trusted_checkpoint_only() {
    let older = ledger(300);
    let newer = LEDGER.checkpoint.as_deref();
    assert!(check(&older, None).is_ok());
    assert!(matches!(wrong(&older, newer), Wrong::Shorter { size: 300, trusted: 600 }));
    assert!(matches!(wrong(&Memory::default(), newer), Wrong::Shorter { size: 0, trusted: 600 }));
}

#[test]
fn a_past_signed_anew_is_found_with_a_trusted_checkpoint_only() {
    let mut forged = Memory::default();
    let entries: Vec<_> = (0..600).map(|i| entry(if i == 299 { 9_999 } else { i })).collect();
    forged.append(&signer(), &entries).unwrap();
    assert!(check(&forged, None).is_ok());
    for (size, good) in [(0, true), (299, true), (300, false), (512, false), (600, false)] {
        let trusted = ledger(size).checkpoint.unwrap();
        match check(&forged, Some(&trusted)) {
            Ok(report) => assert_eq!((report.continues, good), (Some(size), true)),
            Err(Error::Wrong(wrong)) => {
                assert!(!good && matches!(*wrong, Wrong::Forked { trusted } if trusted == size))
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn a_trusted_checkpoint_must_be_signed_too() {
    let forged = rebuilt(&LEDGER).checkpoint.unwrap();
    assert!(matches!(check(&*LEDGER, Some(&forged)), Err(Error::Signature)));
}

#[test]
fn pruned_bodies_must_be_accounted_for() {
    let mut ledger = ledger(600);
    for seq in [3, 4, 5, 200, 300] {
        ledger.rows[seq].body = None;
    }
    assert!(matches!(wrong(&ledger, None), Wrong::Missing { seq: 3, bodies: 5 }));
    let pruned = |id, count| ledger::Entry { act: Act::Pruned, count, ..entry(id) };
    ledger.append(&signer(), &[pruned(600, 4)]).unwrap();
    assert!(matches!(wrong(&ledger, None), Wrong::Missing { seq: 300, bodies: 1 }));
    ledger.append(&signer(), &[pruned(601, 1)]).unwrap();
    assert_eq!(check(&ledger, None).unwrap().pruned, 5);
    // An entry accounts for what was pruned before it only.
    ledger.append(&signer(), &(602..610).map(entry).collect::<Vec<_>>()).unwrap();
    ledger.rows[605].body = None;
    assert!(matches!(wrong(&ledger, None), Wrong::Missing { seq: 605, bodies: 1 }));
    // Other entries stay checked.
    ledger.rows[201].body = line(0);
    assert_entry(&ledger, Change::Edited, 201);
}

#[test]
fn a_signed_line_that_is_not_canonical_is_named() {
    let mut ledger = ledger(10);
    let spaced = String::from_utf8(line(10).unwrap()).unwrap().replace(",\"actor\"", ", \"actor\"");
    ledger.append_lines(&signer(), vec![spaced.into_bytes()]).unwrap();
    assert!(matches!(wrong(&ledger, None), Wrong::Malformed { seq: 10, why } if matches!(*why, Error::NotCanonical)));
}
