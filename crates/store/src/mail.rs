//! Messages on their way out.

use jiff::Timestamp;
use kernel::{ActorId, JobId};

use crate::{Result, Row, Sql, Step, Store};

/// A message.
#[derive(Clone, Debug)]
pub struct MailRow {
    /// Its id.
    pub id: JobId,
    /// To whom.
    pub actor: ActorId,
    /// What it is.
    pub kind: String,
    /// Subject and body, wrapped under the root key; emptied once it has left.
    pub words: Vec<u8>,
    /// Made at.
    pub made: Timestamp,
    /// When it is tried next; none when it has left or was given up.
    pub next: Option<Timestamp>,
    /// Tried so often.
    pub tries: i64,
    /// Why the last try failed.
    pub failed: Option<String>,
    /// When it left.
    pub sent: Option<Timestamp>,
}

const MAIL: &str = "select id, actor, kind, words, made_at, next_at, tries, failed, sent_at from mail";

impl Store {
    /// The step that puts a message on its way.
    pub fn put_mail(id: JobId, actor: ActorId, kind: &str, words: Vec<u8>, now: Timestamp) -> Step {
        Step::new(
            "insert into mail (id, actor, kind, words, made_at, next_at, tries) values ($1, $2, $3, $4, $5, $6, 0)",
            vec![id.into(), actor.into(), kind.into(), words.into(), now.into(), now.into()],
        )
    }

    /// Messages to be tried now, oldest first.
    pub async fn mails_due(&self, now: Timestamp, limit: i64) -> Result<Vec<MailRow>> {
        let sql = format!("{MAIL} where next_at <= $1 order by next_at, id limit $2");
        self.query(&sql, vec![now.into(), limit.into()]).await?.iter().map(mail).collect()
    }

    /// The newest messages.
    pub async fn mails(&self, limit: i64) -> Result<Vec<MailRow>> {
        let sql = format!("{MAIL} order by made_at desc, id limit $1");
        self.query(&sql, vec![limit.into()]).await?.iter().map(mail).collect()
    }

    /// The step that notes that a message has left; its words are forgotten.
    pub fn mail_sent(id: JobId, now: Timestamp) -> Step {
        Step::new(
            "update mail set sent_at = $1, next_at = null, failed = null, tries = tries + 1, words = $2 where id = $3",
            vec![now.into(), Vec::<u8>::new().into(), id.into()],
        )
    }

    /// The steps that note a failure and when it is tried again; of what is given up the words are forgotten.
    pub fn mail_failed(id: JobId, why: &str, next: Option<Timestamp>) -> Vec<Step> {
        let mut steps = vec![Step::new(
            "update mail set failed = $1, next_at = $2, tries = tries + 1 where id = $3",
            vec![why.into(), next.into(), id.into()],
        )];
        if next.is_none() {
            let nothing = Vec::<u8>::new();
            steps.push(Step::new("update mail set words = $1 where id = $2", vec![nothing.into(), id.into()]));
        }
        steps
    }
}

fn mail(row: &Row) -> Result<MailRow> {
    Ok(MailRow {
        id: row[0].id(JobId::from_bytes)?,
        actor: row[1].id(ActorId::from_bytes)?,
        kind: row[2].text()?.to_owned(),
        words: row[3].blob()?.to_vec(),
        made: row[4].instant()?,
        next: row[5].opt(Sql::instant)?,
        tries: row[6].int()?,
        failed: row[7].opt(|v| v.text().map(str::to_owned))?,
        sent: row[8].opt(Sql::instant)?,
    })
}
