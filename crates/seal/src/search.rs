//! Typed search text, kept sealed so that it never stands in an address.
//!
//! This is the one thing that opens without a grant: it is what a user typed, not what the house holds. It opens only at
//! a place of its own that no record can have, so a record's cell offered here stays shut.

use kernel::{RecordId, Rng};
use zeroize::Zeroizing;

use crate::{
    Result,
    keyring::SubjectKey,
    sealed::{Place, Sealed},
};

/// No object can be called this: names begin with a letter.
const OBJECT: &str = "#search";

fn place(id: RecordId) -> Place<'static> {
    Place { object: OBJECT, record: id, field: "#text" }
}

/// Seals a typed search under the house's key, for the handle that will name it.
pub fn seal_search(key: &SubjectKey, id: RecordId, text: &[u8], rng: &dyn Rng) -> Result<Sealed> {
    key.seal(&place(id), text, rng)
}

/// Opens what [`seal_search`] sealed for the same handle. Whoever uses the text is judged again by the gate.
pub fn open_search(key: &SubjectKey, id: RecordId, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
    key.open(&place(id), sealed)
}

#[cfg(test)]
mod tests {
    use kernel::fill_array;

    use super::*;
    use crate::{KEY_LEN, Keyring};

    struct Zeros;
    impl Rng for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn only_a_search_opens_and_only_under_its_handle() {
        let ring = Keyring::new(vec![(1, Zeroizing::new([3; KEY_LEN]))], &[4; KEY_LEN]).unwrap();
        let (key, ..) = ring.new_subject_key(fill_array(&Zeros), &Zeros).unwrap();
        let [one, two] = [1, 2].map(|n| RecordId::from_bytes([n; 16]));
        let sealed = seal_search(&key, one, "晓明".as_bytes(), &Zeros).unwrap();
        assert_eq!(&*open_search(&key, one, &sealed).unwrap(), "晓明".as_bytes());
        assert!(open_search(&key, two, &sealed).is_err());
        let cell = key.seal(&Place { object: "contact", record: one, field: "email" }, b"x", &Zeros).unwrap();
        assert!(open_search(&key, one, &cell).is_err());
    }
}
