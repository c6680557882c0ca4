//! A ledger in memory: for tests, and to read how a store keeps one.

use std::collections::BTreeMap;

use crate::{Edge, Entry, Error, Row, Signer, Source, SourceError};

/// A ledger in memory. The fields are open, so that a test can tamper with each.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The entries, in order.
    pub rows: Vec<Row>,
    /// The full tiles, by level and place.
    pub tiles: BTreeMap<(u8, u64), Vec<u8>>,
    /// The edge, as its bytes.
    pub edge: Option<Vec<u8>>,
    /// The newest checkpoint.
    pub checkpoint: Option<String>,
}

impl Memory {
    /// Appends entries and signs the new head, as a store does in one transaction.
    pub fn append(&mut self, signer: &Signer, entries: &[Entry]) -> Result<(), Error> {
        let lines = entries.iter().map(Entry::to_line).collect::<Result<Vec<_>, _>>()?;
        self.append_lines(signer, lines)
    }

    /// Appends lines as they are.
    pub fn append_lines(&mut self, signer: &Signer, lines: Vec<Vec<u8>>) -> Result<(), Error> {
        let mut edge = self.edge.as_deref().map_or(Ok(Edge::empty()), Edge::from_bytes)?;
        for line in lines {
            let seq = edge.size();
            for tile in edge.append(&line) {
                self.tiles.insert((tile.level, tile.n), tile.bytes);
            }
            self.rows.push(Row { seq, body: Some(line), copied: None });
        }
        self.checkpoint = Some(signer.checkpoint(edge.size(), edge.root()));
        self.edge = Some(edge.to_bytes());
        Ok(())
    }
}

impl Source for Memory {
    fn checkpoint(&self) -> Result<Option<String>, SourceError> {
        Ok(self.checkpoint.clone())
    }

    fn edge(&self) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(self.edge.clone())
    }

    fn entries(&self, from: u64, limit: usize) -> Result<Vec<Row>, SourceError> {
        let start = self.rows.partition_point(|row| row.seq < from);
        Ok(self.rows[start..].iter().take(limit).cloned().collect())
    }

    fn tile(&self, level: u8, n: u64) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(self.tiles.get(&(level, n)).cloned())
    }
}
