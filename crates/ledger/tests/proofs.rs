//! Proofs hold for what is in the ledger, and for nothing else.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::{entry, ledger, signer};
use ledger::{Error, Proof, check_proof, prove};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_entry_can_be_proved(size in 1..800u64, at in any::<prop::sample::Index>()) {
        let ledger = ledger(size);
        let seq = at.index(size as usize) as u64;
        let key = signer().verifier().unwrap();
        let proof = prove(&ledger, seq).unwrap();
        prop_assert_eq!(check_proof(&proof, &key).unwrap(), entry(seq));

        let text = proof.to_string();
        let read: Proof = text.parse().unwrap();
        prop_assert_eq!(&read, &proof);

        let mut other = proof.clone();
        other.entry = Some(entry(seq + 1).to_line().unwrap());
        prop_assert!(matches!(check_proof(&other, &key), Err(Error::ProofFails)));
        other = proof.clone();
        other.seq ^= 1;
        prop_assert!(size == 1 || matches!(check_proof(&other, &key), Err(Error::ProofFails)));
        other = proof.clone();
        other.path.push(other.path.first().copied().unwrap_or_default());
        prop_assert!(matches!(check_proof(&other, &key), Err(Error::ProofFails)));
        other = proof;
        other.checkpoint = common::ledger(size + 1).checkpoint.unwrap();
        prop_assert!(check_proof(&other, &key).is_err());
    }

    #[test]
    fn no_text_makes_the_reader_stumble(text in "(c2sp.org/tlog-proof@v1\n)?(extra [a-z=]{0,8}\n)?(index [0-9]{1,21}\n)?[^\u{0}]{0,60}\n\n.{0,40}") {
        let _ = text.parse::<Proof>();
    }
}

#[test]
fn the_text_is_that_of_c2sp() {
    let ledger = ledger(3);
    let proof = prove(&ledger, 2).unwrap().to_string();
    let lines: Vec<_> = proof.lines().collect();
    assert_eq!(lines[0], "c2sp.org/tlog-proof@v1");
    assert!(lines[1].starts_with("extra eyJpZCI6"));
    assert_eq!(lines[2], "index 2");
    assert_eq!(lines[3].len(), 44);
    assert_eq!(lines[4], "");
    assert_eq!(lines[5..7], [common::ORIGIN, "3"]);
    assert!(proof.ends_with(ledger.checkpoint.as_deref().unwrap()));
}

#[test]
fn a_pruned_entry_is_proved_with_a_copy() {
    let mut ledger = ledger(300);
    ledger.rows[7].body = None;
    let key = signer().verifier().unwrap();
    let mut proof = prove(&ledger, 7).unwrap();
    assert_eq!(proof.entry, None);
    assert!(matches!(check_proof(&proof, &key), Err(Error::ProofWithoutEntry)));
    proof.entry = Some(entry(7).to_line().unwrap());
    assert_eq!(check_proof(&proof, &key).unwrap(), entry(7));
}

#[test]
fn what_is_not_there_or_not_right_is_not_proved() {
    let mut ledger = ledger(300);
    assert!(matches!(prove(&ledger, 300), Err(Error::NoEntry { seq: 300, size: 300 })));
    ledger.rows[8].body = Some(entry(9).to_line().unwrap());
    assert!(matches!(prove(&ledger, 8), Err(Error::Unanchored)));
    assert!(prove(&ledger, 9).is_ok());
}
