//! Reading the ledger: searching entries, and a snapshot for verification and export.

use jiff::Timestamp;
use kernel::{ActorId, EntryId, RecordId};
use ledger::SourceError;

use crate::{Result, Sql, Step, Store, backend::Backend, log};

/// Which entries to find; every part that is set must hold.
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    /// By whom.
    pub actor: Option<ActorId>,
    /// Which act, by its word.
    pub act: Option<String>,
    /// Not this act.
    pub not_act: Option<String>,
    /// On which object.
    pub object: Option<String>,
    /// Naming this record.
    pub record: Option<RecordId>,
    /// From this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// Older than this position.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u64,
}

impl Store {
    /// Entries, newest first: position and line.
    pub async fn entries(&self, filter: &EntryFilter) -> Result<Vec<(u64, Vec<u8>)>> {
        let mut params: Vec<Sql> = Vec::new();
        let mut conditions = vec!["body is not null".to_owned()];
        let mut add = |sql: &str, value: Sql| {
            params.push(value);
            conditions.push(sql.replace('?', &format!("${}", params.len())));
        };
        if let Some(actor) = filter.actor {
            add("actor = ?", actor.into());
        }
        if let Some(act) = &filter.act {
            add("act = ?", act.as_str().into());
        }
        if let Some(act) = &filter.not_act {
            add("act <> ?", act.as_str().into());
        }
        if let Some(object) = &filter.object {
            add("object = ?", object.as_str().into());
        }
        if let Some(from) = filter.from {
            add("at >= ?", from.into());
        }
        if let Some(to) = filter.to {
            add("at < ?", to.into());
        }
        if let Some(before) = filter.before {
            add("seq < ?", (before as i64).into());
        }
        if let Some(record) = filter.record {
            match &self.backend {
                Backend::Sqlite(_) => add("instr(records, ?) > 0", record.into()),
                Backend::Postgres(_) => add("position(?::bytea in records) > 0", record.as_bytes().to_vec().into()),
            }
        }
        params.push((filter.limit as i64).into());
        let sql = format!(
            "select seq, body from ledger.entry where {} order by seq desc limit ${}",
            conditions.join(" and "),
            params.len()
        );
        let rows = self.backend.scan_ledger(sql, params).await?;
        rows.iter().map(|row| Ok((row[0].int()?.unsigned_abs(), row[1].blob()?.to_vec()))).collect()
    }

    /// The step that remembers which entry changed a record.
    pub fn put_history(record: RecordId, entry: EntryId, at: Timestamp) -> Step {
        Step::new(
            "insert into history (record, at, entry) values ($1, $2, $3)",
            vec![record.into(), at.into(), entry.into()],
        )
    }

    /// The lines of the entries that changed a record, newest first. Lines whose retention has ended are left out.
    pub async fn history(&self, record: RecordId, limit: u64) -> Result<Vec<Vec<u8>>> {
        let rows = self
            .query(
                "select entry from history where record = $1 order by at desc, entry desc limit $2",
                vec![record.into(), (limit as i64).into()],
            )
            .await?;
        let ids: Vec<Sql> = rows.into_iter().filter_map(|row| row.into_iter().next()).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let holes: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select body from ledger.entry where id in ({}) and body is not null order by seq desc",
            holes.join(", ")
        );
        let rows = self.backend.scan_ledger(sql, ids).await?;
        rows.iter().map(|row| Ok(row[0].blob()?.to_vec())).collect()
    }

    /// How many entries are sequenced, and the checkpoint over them.
    pub async fn head(&self) -> Result<(u64, Option<String>)> {
        let rows = self
            .backend
            .scan_ledger("select size, checkpoint from ledger.head where one = 1".into(), Vec::new())
            .await?;
        match rows.first() {
            None => Ok((0, None)),
            Some(row) => Ok((row[0].int()?.unsigned_abs(), Some(row[1].text()?.to_owned()))),
        }
    }

    /// Entries written with their change that wait to be sequenced.
    pub async fn waiting_entries(&self) -> Result<u64> {
        let rows = self.query("select count(*) from outbox", Vec::new()).await?;
        Ok(Self::first_int(&rows)?.unwrap_or(0).unsigned_abs())
    }

    /// A view of the whole ledger at this moment, for [`ledger::verify`], proofs and export.
    ///
    /// It answers synchronously; use it on a thread that may block, inside a Tokio runtime.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let (size, checkpoint) = self.head().await?;
        let edge = self.backend.scan_ledger(log::EDGE.into(), Vec::new()).await?;
        let leaves = self.backend.scan_ledger(log::LEAVES.into(), Vec::new()).await?;
        if self.head().await?.0 != size {
            // The ledger grew between the reads: take them again.
            return Box::pin(self.snapshot()).await;
        }
        let edge = (!edge.is_empty()).then(|| match log::edge_of(&edge, &leaves) {
            Ok(edge) if edge.size() == size => edge.to_bytes(),
            // Edge, leaves or the size beside them were edited by hand: no edge at all says so.
            _ => Vec::new(),
        });
        // Rows beyond the head can be there only if someone put them there: the head is written with its entries.
        // Those that honest writers append from now on lie beyond `top` and are left out of the view.
        let top = self
            .backend
            .scan_ledger("select max(seq) from ledger.entry".into(), Vec::new())
            .await?
            .first()
            .and_then(|row| row[0].int().ok())
            .map_or(0, |top| top.unsigned_abs() + 1);
        let (now, _) = self.head().await?;
        let visible = if top > now { u64::MAX } else { size };
        Ok(Snapshot {
            backend: self.backend.clone(),
            runtime: tokio::runtime::Handle::current(),
            visible,
            checkpoint,
            edge,
        })
    }
}

/// The ledger at one moment.
pub struct Snapshot {
    backend: Backend,
    runtime: tokio::runtime::Handle,
    visible: u64,
    checkpoint: Option<String>,
    edge: Option<Vec<u8>>,
}

impl Snapshot {
    fn read(&self, sql: &str, params: Vec<Sql>) -> std::result::Result<Vec<Vec<Sql>>, SourceError> {
        match &self.backend {
            Backend::Sqlite(db) => db.read_ledger(sql, &params).map_err(Into::into),
            Backend::Postgres(db) => self.runtime.block_on(db.read(sql, &params)).map_err(Into::into),
        }
    }
}

impl ledger::Source for Snapshot {
    fn checkpoint(&self) -> std::result::Result<Option<String>, SourceError> {
        Ok(self.checkpoint.clone())
    }

    fn edge(&self) -> std::result::Result<Option<Vec<u8>>, SourceError> {
        Ok(self.edge.clone())
    }

    fn entries(&self, from: u64, limit: usize) -> std::result::Result<Vec<ledger::Row>, SourceError> {
        let rows = self.read(
            "select seq, body, id, at, actor, act, object, records from ledger.entry where seq >= $1 order by seq limit $2",
            vec![i64::try_from(from)?.into(), i64::try_from(limit)?.into()],
        )?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let seq = row[0].int()?.unsigned_abs();
            if seq < self.visible {
                // Whatever else somebody put there is not what was signed, and is found so.
                let bytes = |v: &Sql| match v {
                    Sql::Blob(bytes) => bytes.clone(),
                    Sql::Text(text) => text.clone().into_bytes(),
                    Sql::Int(_) | Sql::Null => Vec::new(),
                };
                let text = |v: &Sql| v.text().map(str::to_owned).unwrap_or_default();
                let copied = ledger::Copied {
                    id: bytes(&row[2]),
                    at: row[3].int().unwrap_or_default(),
                    actor: bytes(&row[4]),
                    act: text(&row[5]),
                    object: (!row[6].is_null()).then(|| text(&row[6])),
                    records: bytes(&row[7]),
                };
                let body = (!row[1].is_null()).then(|| bytes(&row[1]));
                out.push(ledger::Row { seq, body, copied: Some(copied) });
            }
        }
        Ok(out)
    }

    fn tile(&self, level: u8, n: u64) -> std::result::Result<Option<Vec<u8>>, SourceError> {
        let rows = self.read(
            "select hashes from ledger.tile where level = $1 and n = $2",
            vec![i64::from(level).into(), i64::try_from(n)?.into()],
        )?;
        Ok(rows.first().map(|row| row[0].blob().map(<[u8]>::to_vec)).transpose()?)
    }
}
