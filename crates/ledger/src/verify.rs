//! Deriving everything again from what is stored, and naming the first thing that is wrong.

use std::collections::VecDeque;

use tlog_tiles::{Hash, record_hash};

use crate::{
    Act, Change, Copied, Edge, Entry, Error, Outcome, Report, Row, Source, Summary, Verifier, Wrong,
    anchor::{Anchor, Unknown, stored_leaf},
};

/// How many rows are read at once.
const BATCH: usize = 1024;

/// Verifies a ledger: that its checkpoint is signed by `key`, that the stored tiles lead up to it, that every entry is
/// there once, in order, canonical and as it was signed, that missing bodies are accounted for, and that the ledger
/// continues `trusted`, an older checkpoint that was kept elsewhere.
///
/// `progress` is told how many entries of how many were looked at.
///
/// # Errors
///
/// [`Error::Wrong`] with the first thing found wrong; any other error means that nothing is known either way.
pub fn verify(
    source: &dyn Source,
    key: &Verifier,
    trusted: Option<&str>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, Error> {
    let trusted = trusted.map(|checkpoint| key.open(checkpoint)).transpose()?;
    let Some(checkpoint) = source.checkpoint()? else {
        return nothing(source, trusted);
    };
    let (size, root) = match key.open(&checkpoint) {
        Ok(head) => head,
        Err(error) => return Err(Wrong::Checkpoint(Box::new(error)).into()),
    };
    let Some(anchor) = Anchor::find(source, size, root)? else {
        return Err(unanchored(source, size, trusted)?.into());
    };
    let mut scan = Scan { source, anchor, trusted, tree: Edge::empty(), missing: VecDeque::new(), pruned: 0 };
    progress(0, size);
    loop {
        let rows = source.entries(scan.tree.size(), BATCH)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if let Some(wrong) = scan.row(row)? {
                return Err(wrong.into());
            }
        }
        progress(scan.tree.size(), size);
    }
    match scan.end(root)? {
        Some(wrong) => Err(wrong.into()),
        None => Ok(Report { size, root, pruned: scan.pruned, continues: trusted.map(|(size, _)| size) }),
    }
}

/// A ledger without a checkpoint is empty, or wrong.
fn nothing(source: &dyn Source, trusted: Option<(u64, Hash)>) -> Result<Report, Error> {
    if !source.entries(0, 1)?.is_empty() {
        return Err(Wrong::Checkpoint(Box::new(Error::NoCheckpoint)).into());
    }
    match trusted {
        Some((trusted, _)) if trusted > 0 => Err(Wrong::Shorter { size: 0, trusted }.into()),
        _ => Ok(Report { size: 0, root: Edge::empty().root(), pruned: 0, continues: trusted.map(|(size, _)| size) }),
    }
}

/// One pass over the entries.
struct Scan<'s> {
    source: &'s dyn Source,
    anchor: Anchor<'s>,
    trusted: Option<(u64, Hash)>,
    /// The tree of the entries so far, derived anew.
    tree: Edge,
    /// Missing bodies that no entry has accounted for yet: first place and how many.
    missing: VecDeque<(u64, u64)>,
    pruned: u64,
}

impl Scan<'_> {
    fn row(&mut self, row: Row) -> Result<Option<Wrong>, Error> {
        let next = self.tree.size();
        let body = row.body.as_deref();
        if row.seq > next && next < self.anchor.size() {
            return Ok(Some(Wrong::Entry { change: Change::Cut, seq: next, found: None }));
        }
        if row.seq < next || next >= self.anchor.size() {
            return Ok(Some(self.surplus(row.seq, body)));
        }
        let expected = match self.anchor.leaf(next)? {
            Ok(hash) => hash,
            Err(Unknown { from, until }) => return Ok(Some(between(self.source, from, until)?)),
        };
        if let Some(line) = body {
            let found = record_hash(line);
            if found != expected {
                let change = self.change(next, found, expected)?;
                let found = if change == Change::Cut { None } else { Summary::read(line) };
                return Ok(Some(Wrong::Entry { change, seq: next, found }));
            }
            match Entry::parse(line) {
                Ok(entry) if row.copied.as_ref().is_some_and(|beside| *beside != Copied::of(&entry)) => {
                    return Ok(Some(Wrong::Copied { seq: next }));
                }
                Ok(entry) if entry.act == Act::Pruned && entry.outcome == Outcome::Done => self.account(entry.count),
                Ok(_) => {}
                Err(why) => return Ok(Some(Wrong::Malformed { seq: next, why: Box::new(why) })),
            }
        } else {
            self.pruned += 1;
            match self.missing.back_mut() {
                Some((first, bodies)) if *first + *bodies == next => *bodies += 1,
                _ => self.missing.push_back((next, 1)),
            }
        }
        self.tree.append_hash(expected);
        Ok(self
            .trusted
            .filter(|(size, _)| *size == next + 1)
            .and_then(|(trusted, root)| if self.tree.root() == root { None } else { Some(Wrong::Forked { trusted }) }))
    }

    /// A row too many: one whose place is taken, or one beyond the signed end.
    fn surplus(&self, seq: u64, body: Option<&[u8]>) -> Wrong {
        if self.anchor.stored_size.is_some_and(|size| size > self.anchor.size()) {
            return Wrong::Unsigned { from: self.anchor.size() };
        }
        Wrong::Entry { change: Change::Inserted, seq, found: body.and_then(Summary::read) }
    }

    /// An entry says that so many bodies before it were pruned; retention takes the oldest first.
    fn account(&mut self, mut bodies: u64) {
        while bodies > 0
            && let Some((first, missing)) = self.missing.front_mut()
        {
            let some = bodies.min(*missing);
            (*first, *missing, bodies) = (*first + some, *missing - some, bodies - some);
            if *missing == 0 {
                self.missing.pop_front();
            }
        }
    }

    /// What was done at `seq`, where `expected` was written and `found` stands. Looks through all that follows.
    fn change(&mut self, seq: u64, found: Hash, expected: Hash) -> Result<Change, Error> {
        let (mut expected_later, mut copies, mut from) = (false, 0, seq);
        loop {
            let rows = self.source.entries(from, BATCH)?;
            let Some(last) = rows.last().map(|row| row.seq) else { break };
            for hash in rows.iter().filter_map(|row| row.body.as_deref().map(record_hash)) {
                expected_later |= hash == expected;
                copies += u32::from(hash == found);
            }
            from = from.max(last) + 1;
        }
        let mut belongs_at = None;
        for later in seq + 1..self.anchor.size() {
            if let Ok(hash) = self.anchor.leaf(later)?
                && hash == found
            {
                belongs_at = Some(later);
                break;
            }
        }
        Ok(match belongs_at {
            Some(belongs_at) if expected_later && copies < 2 => Change::Reordered { belongs_at },
            _ if expected_later => Change::Inserted,
            Some(_) if copies < 2 => Change::Cut,
            _ => Change::Edited,
        })
    }

    /// After the last row.
    fn end(&mut self, root: Hash) -> Result<Option<Wrong>, Error> {
        let size = self.tree.size();
        if size < self.anchor.size() {
            return Ok(Some(Wrong::Entry { change: Change::Cut, seq: size, found: None }));
        }
        if let Some((trusted, _)) = self.trusted.filter(|(trusted, _)| *trusted > size) {
            return Ok(Some(Wrong::Shorter { size, trusted }));
        }
        if let Some(&(seq, _)) = self.missing.front() {
            return Ok(Some(Wrong::Missing { seq, bodies: self.missing.iter().map(|(_, bodies)| bodies).sum() }));
        }
        if self.tree.root() != root {
            return Ok(Some(Wrong::Range { from: 0, until: size }));
        }
        Ok(match self.anchor.damaged {
            Some((level, n)) => Some(Wrong::Tile { level, n }),
            None => self.anchor.edge_damaged.then_some(Wrong::Edge),
        })
    }
}

/// The first wrong entry of a range whose hashes were changed too: a gap shows, anything else only that it is there.
fn between(source: &dyn Source, from: u64, until: u64) -> Result<Wrong, Error> {
    let mut next = from;
    while next < until {
        let rows = source.entries(next, BATCH)?;
        if rows.is_empty() {
            return Ok(Wrong::Entry { change: Change::Cut, seq: next, found: None });
        }
        for row in rows {
            if row.seq > next && next < until {
                return Ok(Wrong::Entry { change: Change::Cut, seq: next, found: None });
            }
            next = row.seq + 1;
        }
    }
    Ok(Wrong::Range { from, until })
}

/// What is wrong where nothing stored leads up to the signed root: tiles and edge were destroyed together with an entry.
fn unanchored(source: &dyn Source, size: u64, trusted: Option<(u64, Hash)>) -> Result<Wrong, Error> {
    let mut tree = Edge::empty();
    let mut good = 0;
    while tree.size() < size {
        let rows = source.entries(tree.size(), BATCH)?;
        if rows.is_empty() {
            return Ok(Wrong::Entry { change: Change::Cut, seq: tree.size(), found: None });
        }
        for row in rows.iter().take((size - tree.size()) as usize) {
            let seq = tree.size();
            if row.seq != seq {
                let change = if row.seq > seq { Change::Cut } else { Change::Inserted };
                return Ok(Wrong::Entry { change, seq: row.seq.min(seq), found: None });
            }
            let stored = stored_leaf(source, seq)?;
            match (row.body.as_deref(), stored) {
                (Some(line), Some(stored)) if record_hash(line) != stored => {
                    let found = Summary::read(line);
                    return Ok(Wrong::Entry { change: Change::Edited, seq, found });
                }
                (Some(line), _) => tree.append(line),
                (None, Some(stored)) => tree.append_hash(stored),
                (None, None) => return Ok(Wrong::Range { from: good, until: size }),
            };
            if trusted.is_some_and(|(size, root)| size == tree.size() && root == tree.root()) {
                good = tree.size();
            }
        }
    }
    Ok(Wrong::Range { from: good, until: size })
}
