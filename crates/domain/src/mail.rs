//! Mail that leaves the house: links and plain words, never a value of a record. The address alone is personal; it is
//! read through the gate, by the job `mail`, when a message goes.

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use kernel::{ActorId, FieldName, JobId, RecordId};
use ledger::Act as LedgerAct;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::header::ContentType,
    transport::smtp::authentication::Credentials,
};
use seal::policy::SystemAct;
use serde::{Deserialize, Serialize};
use store::{Batch, MailRow, Store};

use crate::{Ctx, Error, FieldError, House, Look, Result};

/// The facts in which settings and password are kept.
const SETTINGS: &str = "mail";
const PASSWORD: &str = "mail_password";
/// After each failure the next try waits longer, in minutes; after the last the message is given up.
const WAITS: [i64; 6] = [1, 5, 30, 120, 480, 1_440];
/// Messages sent in one go.
const CHUNK: i64 = 20;
/// How long a server may take to answer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// How the connection to the server is kept from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (port 465).
    #[default]
    Tls,
    /// TLS after a plain greeting, or nothing (port 587).
    StartTls,
    /// None: for a server on the same machine.
    None,
}

/// How mail leaves.
#[derive(Clone, Debug, Serialize, Deserialize, Default)]
pub struct MailSettings {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// The name to sign in with; none signs in nowhere.
    pub user: String,
    /// The address that mail comes from.
    pub from: String,
    /// Where this house is reached: links begin with it.
    pub public: String,
}

/// The words of a message to whoever runs the machine, from its kind (`backup`, `drill`) and the reader's language:
/// subject and body.
pub type Wording = fn(kind: &str, language: &str) -> (String, String);

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// To whom.
    pub actor: ActorId,
    /// What it is: `invite`, `reset`, `test`, `backup`, `drill`.
    pub kind: String,
    /// Made at.
    pub made: Timestamp,
    /// Sent at.
    pub sent: Option<Timestamp>,
    /// Tried so often.
    pub tries: i64,
    /// Why the last try failed, as a word.
    pub failed: Option<String>,
    /// Whether it was given up.
    pub given_up: bool,
}

impl House {
    /// How mail leaves, and whether a password is kept; none was set up without a server.
    pub async fn mail_settings(&self) -> Result<Option<(MailSettings, bool)>> {
        let Some(text) = self.store.meta(SETTINGS).await? else { return Ok(None) };
        let settings = serde_json::from_str(&text).map_err(|_| Error::Setup("the mail settings are damaged".into()))?;
        Ok(Some((settings, self.store.meta(PASSWORD).await?.is_some())))
    }

    /// Sets how mail leaves; an empty password keeps the one there is.
    pub async fn set_mail(&self, ctx: &Ctx, settings: &MailSettings, password: &str) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        let mut wrong = Vec::new();
        let mut need = |field: &str, good: bool| {
            if !good {
                wrong.push(FieldError::new(field, "mail_setting", "cannot be taken as it is"));
            }
        };
        need("host", !settings.host.trim().is_empty() && !settings.host.contains(char::is_whitespace));
        need("port", settings.port > 0);
        need("from", settings.from.parse::<lettre::Address>().is_ok());
        need("public", settings.public.starts_with("https://") && !settings.public.ends_with('/'));
        // A password is not sent where anybody on the way may read it.
        let near = matches!(settings.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        need("security", settings.security != Security::None || near);
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let text = serde_json::to_string(settings).map_err(|e| Error::Setup(e.to_string()))?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::SettingChanged);
        entry.policies = policies;
        entry.why = Some("mail".into());
        let mut batch = Batch::new("mail.set");
        batch.push(Store::set_meta(SETTINGS, &text));
        if !password.is_empty() {
            let wrapped = self.root.wrap(PASSWORD, password.as_bytes(), self.rng())?;
            batch.push(Store::set_meta(PASSWORD, &BASE64_STANDARD.encode(wrapped)));
        }
        self.commit(batch, &[entry]).await
    }

    /// Puts a message to somebody who works here on its way. Its words carry links, no value of a record.
    pub async fn post_mail(&self, ctx: &Ctx, to: ActorId, kind: &str, subject: &str, body: &str) -> Result<()> {
        self.allow(ctx, SystemAct::ManageUsers).await?;
        self.post(to, kind, subject, body).await
    }

    /// Puts a message on its way to everybody who runs the machine and may sign in: something went wrong that nobody
    /// watches. A line leads to `path`. Whatever keeps it from leaving is said in the log.
    pub(crate) async fn tell_operators(&self, kind: &str, wording: Wording, path: &str) {
        if let Err(error) = self.post_to_operators(kind, wording, path).await {
            tracing::error!(target: "custos::mail", %error, kind, "the operators could not be told");
        }
    }

    async fn post_to_operators(&self, kind: &str, wording: Wording, path: &str) -> Result<()> {
        let Some((settings, _)) = self.mail_settings().await? else { return Ok(()) };
        for account in self.store.accounts().await? {
            let may = self.rules().policies().system(&self.actor_of(&account)?, SystemAct::BackUp).is_some();
            if may && !account.disabled {
                let (subject, body) = wording(kind, &account.language);
                self.post(account.actor, kind, &subject, &format!("{body}\n\n{}{path}\n", settings.public)).await?;
            }
        }
        Ok(())
    }

    async fn post(&self, to: ActorId, kind: &str, subject: &str, body: &str) -> Result<()> {
        let at = self.now();
        let id = JobId::new(at, self.rng());
        // A link's secret opens an account: what waits is wrapped as keys are.
        let words = format!("{subject}\n{body}");
        let words = self.root.wrap(&mail_name(id), words.as_bytes(), self.rng())?;
        let mut batch = Batch::new("mail.posted");
        batch.push(Store::put_mail(id, to, kind, words, at));
        self.store.write(batch).await?;
        Ok(())
    }

    /// The newest messages, sent and waiting.
    pub async fn outgoing(&self, ctx: &Ctx) -> Result<Vec<Outgoing>> {
        self.allow(ctx, SystemAct::ManageUsers).await?;
        let rows = self.store.mails(50).await?;
        Ok(rows
            .into_iter()
            .map(|row| Outgoing {
                given_up: row.sent.is_none() && row.next.is_none(),
                actor: row.actor,
                kind: row.kind,
                made: row.made,
                sent: row.sent,
                tries: row.tries,
                failed: row.failed,
            })
            .collect())
    }

    /// Sends what is due; how many messages left. A message that fails is tried again later.
    pub async fn send_mail(&self) -> Result<usize> {
        let due = self.store.mails_due(self.now(), CHUNK).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let Some((settings, _)) = self.mail_settings().await? else { return Ok(0) };
        let transport = self.transport(&settings).await?;
        let mut sent = 0;
        for row in due {
            let done = self.send_one(&settings, &transport, &row).await;
            let now = self.now();
            let mut batch = Batch::new("mail.tried");
            let mut entries = Vec::new();
            match done {
                Ok(()) => {
                    sent += 1;
                    batch.push(Store::mail_sent(row.id, now));
                    let ctx = self.job("mail", "mail")?;
                    let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Sent);
                    entry.records = vec![RecordId::from_bytes(*row.actor.as_bytes())];
                    entry.why = Some(row.kind.clone());
                    entries.push(entry);
                }
                Err(why) => {
                    let wait = usize::try_from(row.tries).ok().and_then(|tries| WAITS.get(tries));
                    let next = wait.map(|minutes| now + SignedDuration::from_mins(*minutes));
                    tracing::warn!(target: "custos::mail", id = %row.id, why, "a message could not be sent");
                    batch.extend(Store::mail_failed(row.id, why, next));
                }
            }
            self.commit(batch, &entries).await?;
        }
        Ok(sent)
    }

    async fn send_one(
        &self,
        settings: &MailSettings,
        transport: &AsyncSmtpTransport<Tokio1Executor>,
        row: &MailRow,
    ) -> std::result::Result<(), &'static str> {
        let words = self.root.unwrap_secret(&mail_name(row.id), &row.words).map_err(|_| "damaged")?;
        let words = std::str::from_utf8(&words).map_err(|_| "damaged")?;
        let (subject, body) = words.split_once('\n').ok_or("damaged")?;
        let ctx = self.job("mail", "mail").map_err(|_| "role")?;
        let look = Look { fields: Some(vec![FieldName::new("email").map_err(|_| "role")?]), ..Look::default() };
        let record = RecordId::from_bytes(*row.actor.as_bytes());
        let page = self.get(&ctx, "user", record, &look).await.map_err(|_| "address")?;
        let address = match page.rows.first().map(|row| page.value(row, "email")) {
            Some(seal::Shown::Clear(model::Value::Text(text))) => text.clone(),
            _ => return Err("address"),
        };
        let message = Message::builder()
            .from(settings.from.parse().map_err(|_| "from")?)
            .to(address.parse().map_err(|_| "address")?)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body.to_owned())
            .map_err(|_| "message")?;
        // What the server says may quote the address: of it only the kind is kept.
        transport.send(message).await.map(|_| ()).map_err(|error| match () {
            () if error.is_permanent() => "refused",
            () if error.is_transient() => "later",
            () if error.is_timeout() => "timeout",
            () => "unreachable",
        })
    }

    async fn transport(&self, settings: &MailSettings) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
        let bad = |_| Error::Setup("the mail server's name cannot be taken".into());
        let builder = match settings.security {
            Security::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&settings.host).map_err(bad)?,
            Security::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&settings.host).map_err(bad)?,
            Security::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host),
        };
        let mut builder = builder.port(settings.port).timeout(Some(PATIENCE));
        if !settings.user.is_empty()
            && let Some(kept) = self.store.meta(PASSWORD).await?
        {
            let damaged = || Error::Setup("the mail password is damaged: set it again".into());
            let wrapped = BASE64_STANDARD.decode(kept).map_err(|_| damaged())?;
            let password = self.root.unwrap_secret(PASSWORD, &wrapped)?;
            let password = String::from_utf8(password.to_vec()).map_err(|_| damaged())?;
            builder = builder.credentials(Credentials::new(settings.user.clone(), password));
        }
        Ok(builder.build())
    }
}

fn mail_name(id: JobId) -> String {
    format!("mail:{id}")
}
