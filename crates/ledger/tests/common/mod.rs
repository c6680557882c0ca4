//! Ledgers to test with.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(dead_code, reason = "each test file uses a part")]

use std::str::FromStr as _;

use jiff::Timestamp;
use kernel::{ActorId, ActorKind, EntryId, FieldName, ObjectName, PersonId, PurposeName, RecordId, RequestId};
use ledger::{Act, Entry, Error, Outcome, Report, SealedPart, Signer, Source, Wrong, memory::Memory, verify};

pub const ORIGIN: &str = "custos.example/ledger";

pub fn signer() -> Signer {
    Signer::new(ORIGIN, [7; 32]).unwrap()
}

fn bytes(kind: u8, i: u64) -> [u8; 16] {
    let mut bytes = [kind; 16];
    bytes[8..].copy_from_slice(&i.to_be_bytes());
    bytes
}

/// Entry number `i`: much like those that a server writes.
pub fn entry(i: u64) -> Entry {
    let name = |text| FieldName::from_str(text).unwrap();
    let changed = i.is_multiple_of(7);
    Entry {
        id: EntryId::from_bytes(bytes(1, i)),
        at: Timestamp::from_microsecond(1_760_000_000_000_000 + i as i64 * 1_003).unwrap(),
        actor: ActorId::from_bytes(bytes(2, i % 5)),
        actor_kind: ActorKind::User,
        via: "session:0199c1f0-0000-7000-8000-000000000001".to_owned(),
        purpose: Some(PurposeName::new("account_care").unwrap()),
        basis: Some("contract".to_owned()),
        act: if changed { Act::Changed } else { Act::Viewed },
        object: Some(ObjectName::new("contact").unwrap()),
        records: vec![RecordId::from_bytes(bytes(3, i))],
        clear: vec![name("family_name"), name("job_title")],
        masked: vec![name("email")],
        count: 1,
        policies: vec!["sales-own-contacts".to_owned()],
        request: RequestId::from_bytes(bytes(4, i)),
        outcome: Outcome::Done,
        why: None,
        sealed: if changed {
            let about = PersonId::from_bytes(bytes(5, i));
            vec![SealedPart { about, name: "change:phone:old".to_owned(), bytes: i.to_le_bytes().to_vec() }]
        } else {
            Vec::new()
        },
    }
}

/// A signed ledger of so many entries.
pub fn ledger(size: u64) -> Memory {
    let mut ledger = Memory::default();
    ledger.append(&signer(), &(0..size).map(entry).collect::<Vec<_>>()).unwrap();
    ledger
}

pub fn check(source: &dyn Source, trusted: Option<&str>) -> Result<Report, Error> {
    verify(source, &signer().verifier().unwrap(), trusted, &mut |_, _| ())
}

/// What verification finds wrong.
#[track_caller]
pub fn wrong(source: &dyn Source, trusted: Option<&str>) -> Wrong {
    match check(source, trusted) {
        Err(Error::Wrong(wrong)) => *wrong,
        other => panic!("expected a finding, got {other:?}"),
    }
}
