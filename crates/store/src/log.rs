//! The ledger's writer: entries in, durable groups out.
//!
//! Reads wait here for their entry. While one group is being made durable the next gathers, so that one flush serves
//! many readers. Entries of changes are written with their change into `outbox` and sequenced from there.

use std::sync::{Arc, OnceLock};

use ledger::{Edge, Entry, Hash, Signer};
use tokio::sync::{mpsc, oneshot};

use crate::{Batch, Error, Result, Row, Sql, Step, Store, backend::Backend};

/// How many entries are sequenced. Both databases' appenders run this inside their transaction.
pub(crate) const SIZE: &str = "select size from ledger.head where one = 1";
/// The edge as last written in whole, and the leaves since: read only by a writer that does not know them.
pub(crate) const EDGE: &str = "select edge from ledger.head where one = 1";
pub(crate) const LEAVES: &str = "select hash from ledger.leaf order by seq";
/// Entries taken into one transaction at most.
const GROUP: usize = 512;
/// Entries that may wait; more make their callers wait.
const QUEUE: usize = 4096;

/// An entry ready to append.
struct Line {
    entry: Entry,
    body: Vec<u8>,
}

/// Entries that become durable together.
pub(crate) struct Group {
    lines: Vec<Line>,
    /// Whether some may be in the ledger already: they came from the outbox and the server stopped in between.
    again: bool,
    /// The edge after the last group of this node, so that it is read back only when another node wrote.
    edge: Option<Edge>,
    signer: Arc<Signer>,
}

/// A statement with its parameters.
pub(crate) type Bound = (String, Vec<Sql>);

impl Group {
    /// The query for entries that are in the ledger already, if that is possible at all.
    pub(crate) fn known_query(&self) -> Option<Bound> {
        if !self.again {
            return None;
        }
        let holes: Vec<String> = (1..=self.lines.len()).map(|n| format!("${n}")).collect();
        Some((
            format!("select id from ledger.entry where id in ({})", holes.join(", ")),
            self.lines.iter().map(|line| line.entry.id.into()).collect(),
        ))
    }

    /// Whether the edge must be read back: this node did not write the last group.
    pub(crate) fn stale(&self, size: &[Row]) -> Result<bool> {
        Ok(match &self.edge {
            Some(edge) => edge.size() != size_of(size)?,
            None => true,
        })
    }

    /// Gives each entry its place in the tree and says what to write. `fetch` reads inside the same transaction.
    pub(crate) fn sequence(mut self, fetch: impl Fn(&str, &[Sql]) -> Result<Vec<Row>>) -> Result<(Self, Vec<Bound>)> {
        let size = fetch(SIZE, &[])?;
        let mut edge = match self.edge.take() {
            Some(edge) if edge.size() == size_of(&size)? => edge,
            _ => edge_of(&fetch(EDGE, &[])?, &fetch(LEAVES, &[])?)?,
        };
        if let Some((sql, params)) = self.known_query() {
            let known = fetch(&sql, &params)?;
            let known: Vec<&[u8]> = known.iter().map(|row| row[0].blob()).collect::<Result<_>>()?;
            self.lines.retain(|line| !known.contains(&&line.entry.id.as_bytes()[..]));
        }
        let mut out = Vec::with_capacity(2 * self.lines.len() + 2);
        let mut tiles = Vec::new();
        let mut leaves = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let entry = &line.entry;
            let seq = Sql::Int(i64::try_from(edge.size()).map_err(|_| Error::Unexpected("a ledger of this size"))?);
            let copied = ledger::Copied::of(entry);
            out.push((
                "insert into ledger.entry (seq, id, at, actor, act, object, records, body) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8)"
                    .to_owned(),
                vec![
                    seq.clone(),
                    copied.id.into(),
                    copied.at.into(),
                    copied.actor.into(),
                    copied.act.into(),
                    copied.object.into(),
                    copied.records.into(),
                    line.body.clone().into(),
                ],
            ));
            let full = edge.append(&line.body);
            if full.is_empty()
                && let Some(hash) = edge.unfinished(0).last()
            {
                leaves.push((
                    "insert into ledger.leaf (seq, hash) values ($1, $2)".to_owned(),
                    vec![seq, hash.0.to_vec().into()],
                ));
            }
            tiles.extend(full);
        }
        let (size, checkpoint) = (edge.size() as i64, self.signer.checkpoint(edge.size(), edge.root()));
        if self.lines.is_empty() {
            // All of it was there already.
        } else if tiles.is_empty() && edge.size() > leaves.len() as u64 {
            out.append(&mut leaves);
            out.push((
                "update ledger.head set size = $1, checkpoint = $2 where one = 1".to_owned(),
                vec![size.into(), checkpoint.into()],
            ));
        } else {
            // The first group, or one that completed a tile: the edge is written in whole and covers every leaf.
            out.extend(tiles.into_iter().map(|tile| {
                (
                    "insert into ledger.tile (level, n, hashes) values ($1, $2, $3)".to_owned(),
                    vec![i64::from(tile.level).into(), (tile.n as i64).into(), tile.bytes.into()],
                )
            }));
            out.push(("delete from ledger.leaf".to_owned(), Vec::new()));
            out.push((
                "insert into ledger.head (one, size, edge, checkpoint) values (1, $1, $2, $3) \
                 on conflict (one) do update set size = excluded.size, edge = excluded.edge, \
                 checkpoint = excluded.checkpoint"
                    .to_owned(),
                vec![size.into(), edge.to_bytes().into(), checkpoint.into()],
            ));
        }
        self.edge = Some(edge);
        Ok((self, out))
    }
}

fn size_of(rows: &[Row]) -> Result<u64> {
    Ok(rows.first().map_or(Ok(0), |row| row[0].int())?.unsigned_abs())
}

/// The edge of what [`EDGE`] and [`LEAVES`] found.
pub(crate) fn edge_of(edge: &[Row], leaves: &[Row]) -> Result<Edge> {
    let mut edge = match edge.first() {
        Some(row) => Edge::from_bytes(row[0].blob()?)?,
        None => Edge::empty(),
    };
    for row in leaves {
        let hash = row[0].blob()?.try_into().map_err(|_| Error::Unexpected("a hash of 32 bytes"))?;
        edge.append_hash(Hash(hash));
    }
    Ok(edge)
}

enum Message {
    /// Append this entry and say when it is durable.
    Entry(Box<Entry>, oneshot::Sender<Result<()>>),
    /// Sequence what the outbox holds and say when it is done.
    Outbox(oneshot::Sender<Result<()>>),
}

/// The way into the ledger.
pub(crate) struct Log {
    sender: mpsc::Sender<Message>,
    signer: Arc<Signer>,
}

impl Log {
    /// Starts the thread that writes groups. It is a thread, not a task: what waits for an entry waits for the disk, and
    /// a thread that hears of it and writes it itself saves two handings-over for each.
    pub(crate) fn start(backend: Backend, signer: Signer) -> Result<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let signer = Arc::new(signer);
        let runtime = tokio::runtime::Handle::current();
        let writing = run(backend, Arc::clone(&signer), receiver);
        std::thread::Builder::new()
            .name("custos-ledger".into())
            .spawn(move || runtime.block_on(writing))
            .map_err(|e| Error::Unavailable(e.to_string()))?;
        Ok(Self { sender, signer })
    }

    async fn ask(&self, message: impl FnOnce(oneshot::Sender<Result<()>>) -> Message) -> Result<()> {
        let (answer, wait) = oneshot::channel();
        self.sender.send(message(answer)).await.map_err(|_| Error::Closed)?;
        wait.await.map_err(|_| Error::Closed)?
    }
}

/// Set once keys are known; see [`Store::start_ledger`].
pub(crate) type LogCell = OnceLock<Log>;

async fn run(backend: Backend, signer: Arc<Signer>, mut receiver: mpsc::Receiver<Message>) {
    let mut edge = None;
    while let Some(first) = receiver.recv().await {
        let mut lines = Vec::new();
        let mut waiting = Vec::new();
        let mut drains = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next.take() {
            match message {
                Message::Entry(entry, answer) => match entry.to_line() {
                    Ok(body) => {
                        lines.push(Line { entry: *entry, body });
                        waiting.push(answer);
                    }
                    Err(error) => drop(answer.send(Err(error.into()))),
                },
                Message::Outbox(answer) => drains.push(answer),
            }
            if lines.len() < GROUP {
                next = receiver.try_recv().ok();
            }
        }
        if !lines.is_empty() {
            let group = Group { lines, again: false, edge: edge.take(), signer: Arc::clone(&signer) };
            let done = match backend.append(group).await {
                Ok(group) => {
                    edge = group.edge;
                    Ok(())
                }
                Err(error) => Err(error),
            };
            answer_all(waiting, done);
        }
        if !drains.is_empty() {
            let done = drain(&backend, &signer, &mut edge).await;
            answer_all(drains, done);
        }
    }
}

fn answer_all(waiting: Vec<oneshot::Sender<Result<()>>>, done: Result<()>) {
    match done {
        Ok(()) => waiting.into_iter().for_each(|w| drop(w.send(Ok(())))),
        Err(error) => {
            tracing::error!(target: "custos::ledger", %error, "could not write the ledger");
            let mut waiting = waiting.into_iter();
            if let Some(first) = waiting.next() {
                drop(first.send(Err(error)));
            }
            waiting.for_each(|w| drop(w.send(Err(Error::Closed))));
        }
    }
}

async fn drain(backend: &Backend, signer: &Arc<Signer>, edge: &mut Option<Edge>) -> Result<()> {
    loop {
        let rows = backend.point(&format!("select id, line from outbox order by id limit {GROUP}"), &[]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::with_capacity(rows.len());
        let mut batch = Batch::new("outbox.sequenced");
        for row in &rows {
            let body = row[1].blob()?.to_vec();
            lines.push(Line { entry: Entry::parse(&body)?, body });
        }
        // By id: a lower one may still be on its way to being committed.
        let holes: Vec<String> = (1..=rows.len()).map(|n| format!("${n}")).collect();
        batch.push(Step::new(
            format!("delete from outbox where id in ({})", holes.join(", ")),
            rows.iter().map(|row| row[0].clone()).collect(),
        ));
        let group = Group { lines, again: true, edge: edge.take(), signer: Arc::clone(signer) };
        *edge = backend.append(group).await?.edge;
        backend.write(batch).await?;
        if rows.len() < GROUP {
            return Ok(());
        }
    }
}

impl Store {
    /// Starts the ledger's writer; before this nothing can be disclosed or changed.
    pub async fn start_ledger(&self, signer: Signer) -> Result<()> {
        if self.log.set(Log::start(self.backend.clone(), signer)?).is_err() {
            return Err(Error::Unexpected("a ledger that is started once"));
        }
        // What a stopped server left behind comes first.
        self.sequence().await
    }

    /// The step that writes an entry with the change it belongs to.
    pub fn entry_step(&self, entry: &Entry) -> Result<Step> {
        Ok(Step::new("insert into outbox (id, line) values ($1, $2)", vec![entry.id.into(), entry.to_line()?.into()]))
    }

    /// Sequences the entries of committed changes; returns when they are in the tree.
    pub async fn sequence(&self) -> Result<()> {
        self.log()?.ask(Message::Outbox).await
    }

    /// Appends an entry; returns when it is durable.
    pub async fn append(&self, entry: Entry) -> Result<()> {
        self.log()?.ask(|answer| Message::Entry(Box::new(entry), answer)).await
    }

    /// The verifier key of the ledger's signer.
    pub fn ledger_key(&self) -> Result<String> {
        Ok(self.log()?.signer.verifier_key())
    }

    fn log(&self) -> Result<&Log> {
        self.log.get().ok_or(Error::Closed)
    }
}

impl seal::Recorder for Store {
    async fn record(&self, entry: Entry) -> std::result::Result<(), ledger::SourceError> {
        self.append(entry).await.map_err(Into::into)
    }
}
