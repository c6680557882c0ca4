//! One entry has one form.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::entry;
use jiff::Timestamp;
use kernel::{ActorId, ActorKind, EntryId, FieldName, ObjectName, PersonId, PurposeName, RecordId, RequestId};
use ledger::{Act, Entry, Error, MAX_LINE, MAX_RECORDS, Outcome, SealedPart};
use proptest::{collection::vec, option, prelude::*};

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_]{0,20}"
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let fields = || vec(name().prop_map(|n| FieldName::new(&n).unwrap()), 0..4);
    let kinds = prop::sample::select(vec![ActorKind::User, ActorKind::Token, ActorKind::Job, ActorKind::Operator]);
    let part = (any::<[u8; 16]>(), any::<String>(), vec(any::<u8>(), 0..40))
        .prop_map(|(about, name, bytes)| SealedPart { about: PersonId::from_bytes(about), name, bytes });
    let who = (
        any::<[u8; 16]>(),
        -62_167_219_200_000_000..=253_402_300_799_999_999i64,
        any::<[u8; 16]>(),
        kinds,
        any::<String>(),
    );
    let what = (
        option::of(name()),
        option::of(any::<String>()),
        prop::sample::select(Act::ALL),
        option::of(name()),
        vec(any::<[u8; 16]>(), 0..5),
    );
    let how = (fields(), fields(), any::<u64>(), vec(any::<String>(), 0..3), any::<[u8; 16]>());
    let end = (any::<bool>(), option::of(any::<String>()), vec(part, 0..3));
    (who, what, how, end).prop_map(
        |((id, at, actor, actor_kind, via), (purpose, basis, act, object, records), how, (done, why, sealed))| {
            let (clear, masked, count, policies, request) = how;
            Entry {
                id: EntryId::from_bytes(id),
                at: Timestamp::from_microsecond(at).unwrap(),
                actor: ActorId::from_bytes(actor),
                actor_kind,
                via,
                purpose: purpose.map(|n| PurposeName::new(&n).unwrap()),
                basis,
                act,
                object: object.map(|n| ObjectName::new(&n).unwrap()),
                records: records.into_iter().map(RecordId::from_bytes).collect(),
                clear,
                masked,
                count,
                policies,
                request: RequestId::from_bytes(request),
                outcome: if done { Outcome::Done } else { Outcome::Refused },
                why,
                sealed,
            }
        },
    )
}

proptest! {
    #[test]
    fn a_line_reads_back(entry in any_entry()) {
        let line = entry.to_line().unwrap();
        prop_assert!(!line.contains(&b'\n'));
        prop_assert_eq!(Entry::parse(&line).unwrap(), entry);
    }

    #[test]
    fn a_line_is_what_any_json_writer_writes(entry in any_entry()) {
        let line = entry.to_line().unwrap();
        let value: serde_json::Value = serde_json::from_slice(&line).unwrap();
        prop_assert_eq!(serde_json::to_vec(&value).unwrap(), line);
    }

    #[test]
    fn no_bytes_make_the_reader_stumble(bytes in vec(any::<u8>(), 0..200)) {
        prop_assert!(Entry::parse(&bytes).is_err());
    }

    #[test]
    fn one_changed_byte_is_another_entry_or_none(entry in any_entry(), at in any::<prop::sample::Index>(), flip in 1..=255u8) {
        let mut line = entry.to_line().unwrap();
        let at = at.index(line.len());
        line[at] ^= flip;
        if let Ok(other) = Entry::parse(&line) {
            prop_assert_ne!(other, entry);
        }
    }
}

#[test]
fn the_line_is_this() {
    let text = String::from_utf8(entry(7).to_line().unwrap()).unwrap();
    let expected = concat!(
        r#"{"id":"01010101-0101-0101-0000-000000000007","at":"2025-10-09T08:53:20.007021Z","#,
        r#""actor":"02020202-0202-0202-0000-000000000002","actor_kind":"user","#,
        r#""via":"session:0199c1f0-0000-7000-8000-000000000001","purpose":"account_care","basis":"contract","#,
        r#""act":"changed","object":"contact","records":["03030303-0303-0303-0000-000000000007"],"#,
        r#""clear":["family_name","job_title"],"masked":["email"],"count":1,"policies":["sales-own-contacts"],"#,
        r#""request":"04040404-0404-0404-0000-000000000007","outcome":"done","#,
        r#""sealed":[{"about":"05050505-0505-0505-0000-000000000007","name":"change:phone:old","bytes":"BwAAAAAAAAA="}]}"#,
    );
    assert_eq!(text, expected);
}

#[test]
fn other_forms_of_the_same_entry_are_refused() {
    let text = String::from_utf8(entry(7).to_line().unwrap()).unwrap();
    for (from, to) in [
        (":", ": "),
        ("20.007021Z", "20.0070210Z"),
        ("T08:53:20.007021Z", "T09:53:20.007021+01:00"),
        ("\"count\":1", "\"count\":1,\"why\":null"),
        ("\"masked\":[\"email\"]", "\"masked\":[\"\\u0065mail\"]"),
        ("01010101-0101-0101-0000-000000000007", "01010101010101010000000000000007"),
        (",\"outcome\":\"done\"", ""),
        ("\"outcome\":\"done\"", "\"outcome\":\"done\",\"outcome\":\"done\""),
        ("\"act\":\"changed\"", "\"act\":\"unheard_of\""),
        ("AAA=\"", "AAB=\""),
        ("\"count\"", "\"extra\":1,\"count\""),
    ] {
        let other = text.replacen(from, to, 1);
        assert_ne!(other, text, "{from}");
        let error = Entry::parse(other.as_bytes()).unwrap_err();
        assert!(matches!(error, Error::NotCanonical | Error::NotAnEntry { .. }), "{from}: {error}");
        assert!(!error.to_string().contains("unheard"));
    }
}

#[test]
fn a_thousand_records_fit() {
    let mut long = entry(1);
    long.records = vec![long.records[0]; MAX_RECORDS];
    let line = long.to_line().unwrap();
    assert!(line.len() < 40_000, "{}", line.len());
    long.records = vec![long.records[0]; 1_700];
    assert!(matches!(long.to_line(), Err(Error::TooLong { bytes }) if bytes > MAX_LINE));
}

#[test]
fn every_act_has_its_own_word() {
    for &act in Act::ALL {
        assert_eq!(Act::parse(act.word()), Some(act));
        assert!(act.word().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    }
    assert_eq!(Act::parse("Viewed"), None);
}

#[test]
fn a_time_that_rfc_3339_cannot_write_is_refused() {
    let mut early = entry(1);
    early.at = Timestamp::MIN;
    assert!(matches!(early.to_line(), Err(Error::Year)));
}

#[test]
fn the_manual_shows_what_is_written() {
    let manual = include_str!("../../../docs/ledger.md");
    let line = String::from_utf8(entry(7).to_line().unwrap()).unwrap();
    assert!(manual.contains(&line));
    let checkpoint = common::ledger(600).checkpoint.unwrap();
    assert!(manual.contains(&checkpoint), "{checkpoint}");
    let key = common::signer().verifier_key();
    assert!(manual.contains(&key), "{key}");
}
