//! The published format of sealed values and wrapped keys: a vector made by this crate from fixed bytes, which
//! `docs/envelope.py` opens with another library. The bytes never change; a change here breaks stored data.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Mutex;

use expect_test::expect_file;
use kernel::{RecordId, Rng};
use seal::{Epoch, KEY_LEN, Keyring, Place, RootKey, epoch_name, object_subject};
use zeroize::Zeroizing;

/// Counts up, so that every key and nonce differs and each run makes the same.
struct Counting(Mutex<u8>);

impl Rng for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let mut next = self.0.lock().unwrap();
        for byte in bytes {
            *byte = *next;
            *next = next.wrapping_add(1);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn the_published_vector_holds() {
    let rng = Counting(Mutex::new(0));
    let root_bytes: [u8; KEY_LEN] = std::array::from_fn(|n| 0xa0 ^ n as u8);
    let root = RootKey::new(root_bytes);
    let epoch: Epoch = 3;
    let epoch_key = kernel::fill_array::<KEY_LEN>(&rng);
    let index_key = kernel::fill_array::<KEY_LEN>(&rng);
    let wrapped_epoch = root.wrap(&epoch_name(epoch), &epoch_key, &rng).unwrap();
    let wrapped_index = root.wrap("index", &index_key, &rng).unwrap();
    assert_eq!(*root.unwrap("index", &wrapped_index).unwrap(), index_key);
    assert!(root.unwrap("ledger", &wrapped_index).is_err(), "a key opens under its own name only");
    let ring = Keyring::new(vec![(epoch, Zeroizing::new(epoch_key))], &index_key).unwrap();

    let person = *b"\x01\x9a\xc1\x00\x00\x00\x70\x00\x80\x00\x00\x00\x00\x00\x00\x01";
    let record = RecordId::from_bytes(*b"\x01\x9a\xc1\x00\x00\x01\x70\x00\x80\x00\x00\x00\x00\x00\x00\x02");
    let (key, at, wrapped) = ring.new_subject_key(person, &rng).unwrap();
    assert_eq!(at, epoch);
    let text = "ada@starway.example";
    let cell = key.seal(&Place { object: "contact", record, field: "email" }, text.as_bytes(), &rng).unwrap();

    let vector = serde_json::json!({
        "root_key": hex(&root_bytes),
        "epoch": epoch,
        "wrapped_epoch_key": hex(&wrapped_epoch),
        "wrapped_index_key": hex(&wrapped_index),
        "subject": hex(&person),
        "wrapped_subject_key": hex(&wrapped),
        "object": "contact",
        "record": hex(record.as_bytes()),
        "field": "email",
        "cell": hex(cell.as_bytes()),
        "plain": text,
        "object_subject_of_part": hex(&object_subject("part")),
        "exact_key": text,
        "blind_bits": 12,
        "blind": ring.blind("contact", "email", text, 12),
    });
    expect_file!["../../../docs/envelope.json"].assert_eq(&format!("{vector:#}\n"));
}

#[test]
fn the_manual_quotes_the_example_whole() {
    let read =
        |name: &str| std::fs::read_to_string(format!("{}/../../docs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (manual, example) = (read("envelope.md"), read("envelope.py"));
    assert!(manual.contains(&example), "docs/envelope.md must hold docs/envelope.py as it is");
}
