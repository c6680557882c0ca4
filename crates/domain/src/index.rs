//! The in-memory index of searchable text: names, addresses, numbers, titles.
//!
//! Sealed text has no index on any disk. At start the job `index` opens the searchable fields through the gate into one
//! arena per field, normalised (case and width folded, Chinese also as pinyin and initials, numbers as digits), and
//! searches by scanning it. Hits are ids; what is shown of them passes the gate like any read.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use kernel::RecordId;
use memchr::memmem;
use model::{Kind, Object};
use pinyin::ToPinyin;

/// Between two texts of an arena; no normalised text contains it.
const END: u8 = b'\n';
/// A typed search looks at no more hits than this: whoever gets so many types another letter.
pub(crate) const MOST_TYPED: usize = 5_000;
/// Bytes of text under one signature; a block ends with a text.
const BLOCK: usize = 512;
/// Bits of a signature, of which a block of names or addresses sets about two fifths.
const SIGNATURE: usize = 2_048;
/// An arena with more dead bytes than live ones is rewritten.
const MIN_WASTE: usize = 1 << 20;

/// A record's texts: the position of a field, and what stands in it, or none.
pub(crate) type Texts = Vec<(usize, Option<String>)>;

/// The start of a text that is not there.
const NOWHERE: u32 = u32::MAX;

/// The place of a person's whole name, which no single field holds.
pub(crate) const TITLE: usize = usize::MAX;

/// The fields whose texts together are a person's name; none where one field names the record.
pub(crate) fn title_of(object: &Object) -> Vec<usize> {
    let at = |name: &kernel::FieldName| object.fields().iter().position(|f| f.name == *name && f.find.text());
    let title: Vec<usize> = object.title.iter().filter_map(at).collect();
    if title.len() == 2 && title.len() == object.title.len() { title } else { Vec::new() }
}

/// One field's texts, one after the other.
#[derive(Default)]
struct Arena {
    bytes: Vec<u8>,
    /// Start of each text and whose it is, ascending by start.
    starts: Vec<(u32, u32)>,
    /// Parts of `bytes` under a signature each, so that a scan leaves most of them out.
    blocks: Vec<Block>,
    /// The signatures of 64 blocks after those of 64 others, turned: for each bit a word with the blocks that have it set.
    /// What is looked for is a few bits, and so a few words of each (Goodwin and others, BitFunnel, SIGIR 2017).
    slices: Vec<u64>,
    /// Where a record's text stands, by slot; [`NOWHERE`] for one that has none.
    of: Vec<u32>,
    dead: usize,
    /// Slots by sort key, kept from the first sort on.
    order: Option<Vec<(Box<[u8]>, u32)>>,
}

/// A part of an arena that begins and ends with a text.
struct Block {
    start: u32,
    /// Its first text's place in `starts`.
    text: u32,
}

/// One object's records.
#[derive(Default)]
struct Shelf {
    ids: Vec<RecordId>,
    slots: HashMap<RecordId, u32>,
    fields: BTreeMap<usize, Arena>,
    /// Records this process wrote itself since the change feed was last followed.
    own: std::collections::HashSet<RecordId>,
}

/// The index of every object.
#[derive(Default)]
pub(crate) struct Index {
    shelves: RwLock<HashMap<String, Shelf>>,
    ready: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

impl Index {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<String, Shelf>> {
        self.shelves.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, HashMap<String, Shelf>> {
        self.shelves.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether every record is in it; else how many of how many are.
    pub(crate) fn progress(&self) -> Result<(), (u64, u64)> {
        if self.ready.load(Ordering::Acquire) {
            Ok(())
        } else {
            Err((self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed)))
        }
    }

    pub(crate) fn expect(&self, total: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        self.ready.store(false, Ordering::Release);
    }

    pub(crate) fn advance(&self, by: u64) {
        self.done.fetch_add(by, Ordering::Relaxed);
    }

    /// Records that were read into it.
    pub(crate) fn filled(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Says that every record is in it, and gives back what growing took more than it holds.
    pub(crate) fn finish(&self) {
        for shelf in self.write().values_mut() {
            shelf.ids.shrink_to_fit();
            shelf.slots.shrink_to_fit();
            for arena in shelf.fields.values_mut() {
                arena.bytes.shrink_to_fit();
                arena.starts.shrink_to_fit();
                arena.blocks.shrink_to_fit();
                arena.slices.shrink_to_fit();
                arena.of.shrink_to_fit();
            }
        }
        self.ready.store(true, Ordering::Release);
    }

    /// Puts records' texts in place of whatever is there.
    pub(crate) fn put(&self, object: &Object, records: Vec<(RecordId, Texts)>) {
        let title = title_of(object);
        let mut shelves = self.write();
        let shelf = shelves.entry(object.name.to_string()).or_default();
        for (id, texts) in records {
            let slot = match shelf.slots.get(&id) {
                Some(slot) => *slot,
                None => {
                    let slot = u32::try_from(shelf.ids.len()).unwrap_or(u32::MAX);
                    shelf.ids.push(id);
                    shelf.slots.insert(id, slot);
                    slot
                }
            };
            let renamed = texts.iter().any(|(field, _)| title.contains(field));
            for (field, text) in texts {
                let arena = shelf.fields.entry(field).or_default();
                arena.remove(slot, &shelf.ids);
                if let Some(text) = text {
                    arena.add(slot, &text, &shelf.ids);
                }
            }
            if renamed {
                let whole = shelf.whole_title(slot, &title);
                let arena = shelf.fields.entry(TITLE).or_default();
                arena.remove(slot, &shelf.ids);
                if let Some(whole) = whole {
                    arena.add(slot, &whole, &shelf.ids);
                }
            }
        }
    }

    /// Notes that the index already knows of a change this process made.
    pub(crate) fn own(&self, object: &str, id: RecordId) {
        if let Some(shelf) = self.write().get_mut(object) {
            shelf.own.insert(id);
        }
    }

    /// Whether the index already knows of the last change of a record; asked once per change.
    pub(crate) fn fresh(&self, object: &str, id: RecordId) -> bool {
        self.write().get_mut(object).is_some_and(|shelf| shelf.own.remove(&id))
    }

    /// Takes a record out.
    pub(crate) fn remove(&self, object: &str, id: RecordId) {
        if let Some(shelf) = self.write().get_mut(object)
            && let Some(slot) = shelf.slots.get(&id).copied()
        {
            for arena in shelf.fields.values_mut() {
                arena.remove(slot, &shelf.ids);
            }
        }
    }

    /// The records whose text in one of the fields matches, in the order they came into the index, with the fields that
    /// matched; of at most `most` matches.
    pub(crate) fn search(
        &self,
        object: &str,
        fields: &[usize],
        how: Match,
        needle: &str,
        most: usize,
    ) -> Vec<(RecordId, Vec<usize>)> {
        let needle = fold(needle);
        let shelves = self.read();
        let Some(shelf) = shelves.get(object) else { return Vec::new() };
        let mut hits: Vec<(u32, usize)> = Vec::new();
        for field in fields {
            let Some(arena) = shelf.fields.get(field) else { continue };
            arena.scan(how, needle.as_bytes(), |slot| {
                hits.push((slot, *field));
                hits.len() < most
            });
        }
        hits.sort_unstable();
        hits.dedup();
        let of = |all: &[(u32, usize)]| (shelf.ids[all[0].0 as usize], all.iter().map(|(_, field)| *field).collect());
        hits.chunk_by(|(one, _), (two, _)| one == two).map(of).collect()
    }

    /// The first records, in the order they came into the index, that match after `after`; at most `most`.
    pub(crate) fn typed(
        &self,
        object: &str,
        fields: &[usize],
        needle: &str,
        after: Option<RecordId>,
        most: usize,
    ) -> Vec<(RecordId, Vec<usize>)> {
        let from = after.and_then(|id| self.read().get(object)?.slots.get(&id).copied());
        let found = self.search(object, fields, Match::Contains, needle, MOST_TYPED);
        let shelves = self.read();
        let Some(shelf) = shelves.get(object) else { return Vec::new() };
        let later = |id: &RecordId| from.is_none_or(|from| shelf.slots.get(id).is_some_and(|slot| *slot > from));
        found.into_iter().filter(|(id, _)| later(id)).take(most).collect()
    }

    /// Calls `each` with records in the order of a field, from after `after`, until it says stop. Records without a
    /// value are left out. `false` if the field is not indexed.
    pub(crate) fn walk(
        &self,
        object: &str,
        field: usize,
        descending: bool,
        after: Option<RecordId>,
        most: usize,
    ) -> Option<Vec<RecordId>> {
        self.sort(object, field);
        let shelves = self.read();
        let shelf = shelves.get(object)?;
        let arena = shelf.fields.get(&field)?;
        let order = arena.order.as_ref()?;
        let at = after.and_then(|id| {
            let slot = shelf.slots.get(&id)?;
            let key = arena.key(*slot)?;
            order.binary_search_by(|(k, s)| (&**k, shelf.ids[*s as usize]).cmp(&(key, id))).ok()
        });
        if after.is_some() && at.is_none() {
            return Some(Vec::new());
        }
        let id = |(_, slot): &(Box<[u8]>, u32)| shelf.ids[*slot as usize];
        Some(match (descending, at) {
            (false, None) => order.iter().take(most).map(id).collect(),
            (false, Some(at)) => order[at + 1..].iter().take(most).map(id).collect(),
            (true, None) => order.iter().rev().take(most).map(id).collect(),
            (true, Some(at)) => order[..at].iter().rev().take(most).map(id).collect(),
        })
    }

    /// Makes the sort order of a field, once.
    fn sort(&self, object: &str, field: usize) {
        if self.read().get(object).and_then(|s| s.fields.get(&field)).is_none_or(|a| a.order.is_some()) {
            return;
        }
        let mut shelves = self.write();
        let Some(shelf) = shelves.get_mut(object) else { return };
        let ids = &shelf.ids;
        let Some(arena) = shelf.fields.get_mut(&field) else { return };
        if arena.order.is_none() {
            let mut order: Vec<(Box<[u8]>, u32)> =
                (0..arena.of.len() as u32).filter_map(|slot| Some((arena.key(slot)?.into(), slot))).collect();
            order.sort_unstable_by(|a, b| (&a.0, ids[a.1 as usize]).cmp(&(&b.0, ids[b.1 as usize])));
            arena.order = Some(order);
        }
    }
}

impl Shelf {
    /// A name in every order and spelling it is typed in: 王晓明, wangxiaoming, wxm; King Ada, Ada King.
    fn whole_title(&self, slot: u32, title: &[usize]) -> Option<String> {
        let [family, given] = title else { return None };
        let spellings = |field: &usize| -> Option<Vec<String>> {
            let text = String::from_utf8(self.fields.get(field)?.text(slot)?.to_vec()).ok()?;
            Some(text.split('\t').map(str::to_owned).collect())
        };
        let (family, given) = match (spellings(family), spellings(given)) {
            (Some(family), Some(given)) => (family, given),
            // Of whom one name is known is found by that one.
            (one, other) => return one.or(other).map(|names| names.join("\t")),
        };
        let at = |all: &[String], n: usize| all.get(n).or(all.first()).cloned().unwrap_or_default();
        // Names that have a pinyin are written without a space; others are typed in either order.
        let out: Vec<String> = if family.len() > 1 || given.len() > 1 {
            (0..3).map(|n| at(&family, n) + &at(&given, n)).collect()
        } else {
            vec![format!("{} {}", family[0], given[0]), format!("{} {}", given[0], family[0])]
        };
        Some(out.join("\t"))
    }
}

/// How a text matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// Anywhere, also in pinyin and initials.
    Contains,
    /// From its beginning.
    Starts,
    /// Whole.
    Equals,
}

impl Arena {
    fn add(&mut self, slot: u32, text: &str, ids: &[RecordId]) {
        let start = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.starts.push((start, slot));
        let at = slot as usize;
        if self.of.len() <= at {
            self.of.resize(at + 1, NOWHERE);
        }
        self.of[at] = start;
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(END);
        self.sign(start, text.as_bytes());
        if self.order.is_some()
            && let Some(key) = self.key(slot).map(Box::from)
            && let Some(order) = &mut self.order
        {
            let id = ids[slot as usize];
            let at = order.partition_point(|(k, s)| (k, ids[*s as usize]) < (&key, id));
            order.insert(at, (key, slot));
        }
    }

    fn remove(&mut self, slot: u32, ids: &[RecordId]) {
        let Some(key) = self.key(slot).map(Box::<[u8]>::from) else { return };
        if let Some(order) = &mut self.order
            && let Ok(at) = order.binary_search_by(|(k, s)| (k, ids[*s as usize]).cmp(&(&key, ids[slot as usize])))
        {
            order.remove(at);
        }
        let Some(start) = self.start(slot) else { return };
        self.of[slot as usize] = NOWHERE;
        let len = memchr::memchr(END, &self.bytes[start..]).unwrap_or(0);
        // What was taken out leaves no copy in memory, and cannot be found by a scan.
        self.bytes[start..start + len].fill(0);
        self.dead += len + 1;
        if self.dead > MIN_WASTE && self.dead * 2 > self.bytes.len() {
            self.compact();
        }
    }

    /// Notes what a text at `start`, the last one, holds.
    fn sign(&mut self, start: u32, text: &[u8]) {
        if self.blocks.last().is_none_or(|block| (start - block.start) as usize >= BLOCK) {
            if self.blocks.len().is_multiple_of(64) {
                self.slices.resize(self.slices.len() + SIGNATURE, 0);
            }
            let text = self.starts.partition_point(|(other, _)| *other < start);
            self.blocks.push(Block { start, text: u32::try_from(text).unwrap_or(u32::MAX) });
        }
        let at = self.blocks.len() - 1;
        for bit in grams(text) {
            self.slices[at / 64 * SIGNATURE + bit] |= 1 << (at % 64);
        }
    }

    /// The blocks that may hold a needle, 64 in a word.
    fn candidates(&self, needle: &[u8]) -> Vec<u64> {
        let wanted: Vec<usize> = grams(needle).collect();
        let all = |of: &[u64]| wanted.iter().fold(u64::MAX, |all, bit| all & of[*bit]);
        self.slices.chunks_exact(SIGNATURE).map(all).collect()
    }

    fn compact(&mut self) {
        let mut bytes = Vec::with_capacity(self.bytes.len() - self.dead);
        let mut starts = Vec::with_capacity(self.starts.len());
        for (start, slot) in &self.starts {
            if self.of[*slot as usize] != *start {
                continue;
            }
            let from = *start as usize;
            let len = memchr::memchr(END, &self.bytes[from..]).unwrap_or(0);
            let to = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            bytes.extend_from_slice(&self.bytes[from..=from + len]);
            starts.push((to, *slot));
            self.of[*slot as usize] = to;
        }
        self.bytes.fill(0);
        self.bytes = bytes;
        self.starts = starts;
        self.dead = 0;
        self.blocks.clear();
        self.slices.clear();
        for at in 0..self.starts.len() {
            let start = self.starts[at].0;
            let len = memchr::memchr(END, &self.bytes[start as usize..]).unwrap_or(0);
            let text = self.bytes[start as usize..start as usize + len].to_vec();
            self.sign(start, &text);
        }
    }

    fn text(&self, slot: u32) -> Option<&[u8]> {
        let start = self.start(slot)?;
        let len = memchr::memchr(END, &self.bytes[start..])?;
        Some(&self.bytes[start..start + len])
    }

    fn start(&self, slot: u32) -> Option<usize> {
        self.of.get(slot as usize).filter(|start| **start != NOWHERE).map(|start| *start as usize)
    }

    /// What a text sorts by: its pinyin where it has one, else itself.
    fn key(&self, slot: u32) -> Option<&[u8]> {
        let text = self.text(slot)?;
        let mut parts = text.split(|b| *b == b'\t');
        let plain = parts.next()?;
        Some(parts.next().unwrap_or(plain))
    }

    fn scan(&self, how: Match, needle: &[u8], mut each: impl FnMut(u32) -> bool) {
        if needle.is_empty() || needle.contains(&END) {
            return;
        }
        let finder = memmem::Finder::new(needle);
        let candidates = self.candidates(needle);
        let may = |at: usize| candidates[at / 64] & (1 << (at % 64)) != 0;
        let mut at = 0;
        while at < self.blocks.len() {
            // The rest of a word without a candidate is left out at once.
            match (candidates[at / 64] >> (at % 64)).trailing_zeros() as usize {
                64 => {
                    at = (at / 64 + 1) * 64;
                    continue;
                }
                gap => at += gap,
            }
            if at >= self.blocks.len() {
                return;
            }
            let first = at;
            while at < self.blocks.len() && may(at) {
                at += 1;
            }
            let end = self.blocks.get(at).map_or((self.bytes.len(), self.starts.len()), Block::at);
            if !self.scan_in(self.blocks[first].at(), end, how, &finder, &mut each) {
                return;
            }
        }
    }

    /// Scans a part that begins and ends with a text; `false` when `each` has enough.
    fn scan_in(
        &self,
        (mut from, mut text): (usize, usize),
        (until, texts): (usize, usize),
        how: Match,
        finder: &memmem::Finder<'_>,
        each: &mut impl FnMut(u32) -> bool,
    ) -> bool {
        let needle = finder.needle();
        while let Some(at) = finder.find(&self.bytes[from..until]) {
            let at = from + at;
            text += self.starts[text..texts].partition_point(|(start, _)| *start as usize <= at) - 1;
            let (start, slot) = self.starts[text];
            let start = start as usize;
            let end = start + memchr::memchr(END, &self.bytes[start..]).unwrap_or(0);
            let before = at == start || self.bytes[at - 1] == b'\t';
            let after = at + needle.len() == end || self.bytes[at + needle.len()] == b'\t';
            let hit = match how {
                Match::Contains => true,
                Match::Starts => before,
                Match::Equals => before && after,
            };
            if hit {
                if !each(slot) {
                    return false;
                }
                from = end;
            } else {
                from = at + 1;
            }
        }
        true
    }
}

impl Block {
    fn at(&self) -> (usize, usize) {
        (self.start as usize, self.text as usize)
    }
}

/// The bits that the pairs and groups of three bytes of a text set in a signature: two for a pair, which may be all that
/// was typed, one for three.
fn grams(text: &[u8]) -> impl Iterator<Item = usize> {
    // Multiplied by a number without a pattern, the upper bits are spread: the golden ratio (Knuth, The Art of Computer
    // Programming 3, 6.4) and, unlike it, one of MurmurHash3.
    let bit = |gram: u32, by: u32| ((u64::from(gram.wrapping_mul(by)) * SIGNATURE as u64) >> 32) as usize;
    let pair = move |two: &[u8]| {
        let gram = u32::from_be_bytes([1, 0, two[0], two[1]]);
        [bit(gram, 0x9e37_79b1), bit(gram, 0x85eb_ca6b)]
    };
    let three = move |three: &[u8]| bit(u32::from_be_bytes([0, three[0], three[1], three[2]]), 0x9e37_79b1);
    text.windows(2).flat_map(pair).chain(text.windows(3).map(three))
}

/// The text of a value as the index keeps it; `None` for a kind that is not searched.
pub(crate) fn text(kind: &Kind, shown: &str) -> Option<String> {
    let plain = match kind {
        Kind::Phone => {
            let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
            if digits.is_empty() { return None } else { digits }
        }
        _ => fold(shown),
    };
    if plain.is_empty() {
        return None;
    }
    let mut full = String::new();
    let mut initials = String::new();
    for c in plain.chars() {
        match c.to_pinyin() {
            Some(p) => {
                full.push_str(p.plain());
                initials.push_str(p.first_letter());
            }
            None => {
                full.push(c);
                initials.push(c);
            }
        }
    }
    if full == plain {
        // Part numbers and the like are also found without their dashes.
        let bare: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
        return Some(if bare == plain || bare.is_empty() { plain } else { format!("{plain}\t{plain}\t{bare}") });
    }
    Some(format!("{plain}\t{full}\t{initials}"))
}

/// Case and width folded, white space and control characters as single spaces.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        };
        if c == ' ' && out.ends_with(' ') {
            continue;
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use model::Kind;

    use super::*;

    fn id(n: u8) -> RecordId {
        RecordId::from_bytes([n; 16])
    }

    fn contact() -> std::sync::Arc<Object> {
        let (purposes, objects) = model::shipped();
        let catalog = model::Catalog::parse(&purposes, &objects).unwrap();
        std::sync::Arc::clone(catalog.object("contact").unwrap())
    }

    fn shelf(texts: &[(u8, &str)]) -> Index {
        let index = Index::default();
        let kind = Kind::LongText { max: 100 };
        index.put(&contact(), texts.iter().map(|(n, t)| (id(*n), vec![(0, text(&kind, t))])).collect());
        index
    }

    fn hits(index: &Index, how: Match, needle: &str) -> Vec<RecordId> {
        index.search("contact", &[0], how, needle, 100).into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn chinese_is_found_by_characters_pinyin_and_initials() {
        let index = shelf(&[(1, "王晓明"), (2, "Ada King"), (3, "李明")]);
        for needle in ["晓明", "xiaoming", "wxm", "WangXiao"] {
            assert_eq!(hits(&index, Match::Contains, needle), [id(1)], "{needle}");
        }
        assert_eq!(hits(&index, Match::Contains, "明"), [id(1), id(3)]);
        assert_eq!(hits(&index, Match::Starts, "king"), []);
        assert_eq!(hits(&index, Match::Equals, "ＡＤＡ　KING"), [id(2)]);
    }

    #[test]
    fn a_whole_name_is_found_across_its_fields() {
        let index = Index::default();
        let object = contact();
        let kind = Kind::LongText { max: 100 };
        let [family, given] = title_of(&object)[..] else { panic!("two fields name a person") };
        let name = |n, f: &str, g: &str| (id(n), vec![(family, text(&kind, f)), (given, text(&kind, g))]);
        index.put(&object, vec![name(1, "王", "晓明"), name(2, "King", "Ada")]);
        let hits = |needle: &str| {
            index
                .search("contact", &[TITLE], Match::Contains, needle, 9)
                .into_iter()
                .map(|(id, _)| id)
                .collect::<Vec<_>>()
        };
        for needle in ["王晓明", "wxm", "wangxiaoming"] {
            assert_eq!(hits(needle), [id(1)], "{needle}");
        }
        for needle in ["ada king", "king ada", "King A"] {
            assert_eq!(hits(needle), [id(2)], "{needle}");
        }
        index.put(&object, vec![(id(2), vec![(family, text(&kind, "Byron"))])]);
        assert_eq!(hits("ada king"), []);
        assert_eq!(hits("ada byron"), [id(2)]);
        index.remove("contact", id(2));
        assert_eq!(hits("byron"), []);
    }

    #[test]
    fn a_removed_text_is_not_found_and_leaves_no_bytes() {
        let index = shelf(&[(1, "Ada"), (2, "Bob")]);
        index.remove("contact", id(1));
        assert_eq!(hits(&index, Match::Contains, "ada"), []);
        assert_eq!(hits(&index, Match::Contains, "bob"), [id(2)]);
        let shelves = index.read();
        let arena = &shelves["contact"].fields[&0];
        assert!(memmem::find(&arena.bytes, b"ada").is_none());
    }

    #[test]
    fn a_scan_that_leaves_blocks_out_finds_what_a_look_at_every_text_finds() {
        let object = contact();
        let index = Index::default();
        let mut seed = 7u64;
        let mut draw = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let syllables = ["wang", "king", "li", "mül", "ler", "晓", "明", "schm", "idt", "8613", "qq", ".com", "@", "a"];
        let mut word = |n: u64| (0..=draw(n)).map(|_| syllables[draw(14) as usize]).collect::<String>();
        let of = |n: u32| RecordId::from_bytes(u128::from(n).to_be_bytes());
        let kind = Kind::LongText { max: 100 };
        let mut texts: BTreeMap<u32, String> = BTreeMap::new();
        let put = |texts: &mut BTreeMap<u32, String>, n: u32, text_: String| {
            index.put(&object, vec![(of(n), vec![(0, text(&kind, &text_))])]);
            texts.insert(n, text_);
        };
        for n in 0..4_000 {
            put(&mut texts, n, word(6));
        }
        // Enough is taken out and written anew to have the arena rewritten.
        for n in 0..3_000 {
            put(&mut texts, n, format!("{}{}", word(6), "x".repeat(400)));
        }
        for n in 0..3_500 {
            if n % 2 == 0 {
                index.remove("contact", of(n));
                texts.remove(&n);
            } else {
                put(&mut texts, n, word(6));
            }
        }
        {
            let shelves = index.read();
            let arena = &shelves["contact"].fields[&0];
            assert!(arena.blocks.len() > 20 && arena.dead < MIN_WASTE, "{} blocks", arena.blocks.len());
        }
        for needle in
            ["king", "kingli", "晓明", "xiaoming", "schmidt", "qq.com", "8613a", "li", "q", "müller", "zzz", "wm"]
        {
            let folded = fold(needle);
            let naive: Vec<RecordId> = texts
                .iter()
                .filter(|(_, t)| text(&kind, t).is_some_and(|t| t.contains(&folded)))
                .map(|(n, _)| of(*n))
                .collect();
            let mut found: Vec<RecordId> = index
                .search("contact", &[0], Match::Contains, needle, usize::MAX)
                .into_iter()
                .map(|(id, _)| id)
                .collect();
            found.sort();
            assert_eq!(found, naive, "{needle}");
        }
    }

    #[test]
    fn the_order_survives_changes() {
        let index = shelf(&[(1, "b"), (2, "王"), (3, "a"), (4, "a")]);
        let all = |index: &Index| index.walk("contact", 0, false, None, 10).unwrap();
        assert_eq!(all(&index), [id(3), id(4), id(1), id(2)]);
        let kind = Kind::LongText { max: 100 };
        index.put(&contact(), vec![(id(3), vec![(0, text(&kind, "c"))])]);
        assert_eq!(all(&index), [id(4), id(1), id(3), id(2)]);
        assert_eq!(index.walk("contact", 0, false, Some(id(1)), 10).unwrap(), [id(3), id(2)]);
        assert_eq!(index.walk("contact", 0, true, Some(id(1)), 10).unwrap(), [id(4)]);
    }

    #[test]
    fn part_numbers_are_found_without_dashes() {
        let index = shelf(&[(1, "STM32-F103/C8")]);
        assert_eq!(hits(&index, Match::Contains, "stm32f103c8"), [id(1)]);
    }
}
