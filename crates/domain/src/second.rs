//! The second factor: codes of an app (RFC 6238), and recovery codes for the day the phone is gone.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ActorId, RecordId, Via, fill_array};
use ledger::Act as LedgerAct;
use seal::policy::SystemAct;
use store::{Batch, SecondFactorRow, SessionRow, Store};
use totp_rs::{Algorithm, TOTP};
use zeroize::Zeroizing;

use crate::{Ctx, Error, House, Result, accounts, tries::Bucket};

/// Recovery codes made at once.
const CODES: usize = 10;
/// Wrong codes before the password is asked for again.
const TRIES: i64 = 5;
/// Bytes of the seed that make the codes: 160 bits (RFC 4226 §4), which every app takes.
const SEED: usize = 20;
/// How long a code is good, in seconds.
const STEP: u64 = 30;

/// A second factor that is being set up.
#[derive(Debug)]
pub struct Enrolment {
    /// The key to type into an app, in base32.
    pub key: String,
    /// The same as an address that apps read from a picture.
    pub url: String,
}

impl House {
    /// Begins to set up codes for oneself, in place of what was begun and not finished.
    pub async fn begin_codes(&self, ctx: &Ctx) -> Result<Enrolment> {
        self.own_session(ctx)?;
        let actor = ctx.actor.id;
        let known = self.store.second_factor(actor).await?;
        if known.as_ref().is_some_and(|row| row.confirmed) {
            return Err(Error::field("code", "second_known", "codes are set up already"));
        }
        // A page opened twice shows the same key.
        let seed = match &known {
            Some(row) => self.root.unwrap(&seed_name(actor), &row.secret)?,
            None => {
                let seed = Zeroizing::new(fill_array::<32>(self.rng()));
                let secret = self.root.wrap(&seed_name(actor), &seed[..], self.rng())?;
                let row = SecondFactorRow { secret, confirmed: false, used_step: 0, recovery: "[]".into() };
                let mut batch = Batch::new("second_factor.begun");
                batch.push(Store::put_second_factor(actor, &row));
                self.store.write(batch).await?;
                seed
            }
        };
        let totp = totp(&seed, actor)?;
        Ok(Enrolment { key: totp.get_secret_base32(), url: totp.get_url() })
    }

    /// Finishes it with a first code, and gives the recovery codes, which are told this once.
    pub async fn finish_codes(&self, ctx: &Ctx, code: &str) -> Result<Vec<String>> {
        self.own_session(ctx)?;
        let actor = ctx.actor.id;
        let row = self.store.second_factor(actor).await?.filter(|row| !row.confirmed);
        let row = row.ok_or_else(|| Error::field("code", "second_known", "nothing was begun"))?;
        let Some(step) = self.matches(actor, &row, code)? else {
            return Err(Error::field("code", "code_wrong", "this code does not fit: wait for the next one"));
        };
        let (codes, digests) = self.recovery_codes();
        let mut batch = Batch::new("second_factor.made");
        batch.push(Store::use_code(actor, &row, step, &digests));
        self.commit(batch, &[self.own_entry(ctx, "second_factor")]).await?;
        Ok(codes)
    }

    /// Makes new recovery codes instead of those that are left; the password is asked for.
    pub async fn renew_recovery(&self, ctx: &Ctx, password: &str, address: &str) -> Result<Vec<String>> {
        self.confirm_password(ctx, password, address).await?;
        let row = self.store.second_factor(ctx.actor.id).await?.filter(|row| row.confirmed);
        let row = row.ok_or_else(|| Error::Unknown("second factor".into()))?;
        let (codes, digests) = self.recovery_codes();
        let mut batch = Batch::new("recovery.renewed");
        batch.push(Store::use_code(ctx.actor.id, &row, row.used_step, &digests));
        self.commit(batch, &[self.own_entry(ctx, "recovery")]).await?;
        Ok(codes)
    }

    /// Takes one's own second factor away; the password is asked for.
    pub async fn drop_codes(&self, ctx: &Ctx, password: &str, address: &str) -> Result<()> {
        self.confirm_password(ctx, password, address).await?;
        let mut batch = Batch::new("second_factor.dropped");
        batch.push(Store::drop_second_factor(ctx.actor.id));
        self.commit(batch, &[self.own_entry(ctx, "second_factor_dropped")]).await
    }

    /// Takes somebody's second factor away, when their phone and their codes are gone; their sessions end.
    pub async fn reset_second(&self, ctx: &Ctx, actor: ActorId) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageUsers).await?;
        self.store.account(actor).await?.ok_or_else(|| Error::Unknown("account".into()))?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::AccountChanged);
        entry.records = vec![RecordId::from_bytes(*actor.as_bytes())];
        entry.why = Some("second_factor_dropped".into());
        entry.policies = policies;
        let mut batch = Batch::new("second_factor.reset");
        batch.push(Store::drop_second_factor(actor));
        batch.push(Store::end_sessions(actor));
        self.commit(batch, &[entry]).await
    }

    /// Whether one has codes, and how many recovery codes are left.
    pub async fn own_codes(&self, ctx: &Ctx) -> Result<Option<usize>> {
        let row = self.store.second_factor(ctx.actor.id).await?.filter(|row| row.confirmed);
        row.map(|row| Ok(digests(&row.recovery)?.len())).transpose()
    }

    /// The second step of signing in: a code of the app, or a recovery code, for a session whose password was right.
    ///
    /// After a few wrong ones the session is gone and the password is asked for again, which is throttled; nobody
    /// without the password can bring this about, so it locks nobody out.
    pub async fn second_step(&self, secret: &str, code: &str, address: &str) -> Result<()> {
        let now = self.now();
        let digest = BASE64_URL_SAFE_NO_PAD.decode(secret).map_err(|_| Error::SignedOut)?;
        let digest = self.keyring.digest("session", &digest);
        let session = self.store.session(digest).await?.filter(|row| row.pending && row.expires > now);
        let session = session.filter(|row| !row.account.disabled).ok_or(Error::SignedOut)?;
        let actor = session.account.actor;
        let row = self.store.second_factor(actor).await?.ok_or(Error::SignedOut)?;
        // Whoever has the password opens as many sessions as they like: what counts is the account.
        let buckets = [
            self.bucket("throttle.code", &[actor.as_bytes(), address.as_bytes()], TRIES),
            self.bucket("throttle.code.account", &[actor.as_bytes()], TRIES * 10),
        ];
        let ctx = self.ctx(std::sync::Arc::new(self.actor_of(&session.account)?), Via::Stranger);
        let fails = self.count_sign_in(&ctx, &buckets).await?;
        if let Some(step) = self.matches(actor, &row, code)? {
            return self.stepped(&session, &row, (step, row.recovery.clone()), &buckets, address).await;
        }
        let mut left = digests(&row.recovery)?;
        let given = self.recovery_digest(code);
        if let Some(at) = left.iter().position(|digest| *digest == given) {
            left.remove(at);
            let left = serde_json::to_string(&left).map_err(|e| Error::Setup(e.to_string()))?;
            return self.stepped(&session, &row, (row.used_step, left), &buckets, address).await;
        }
        let mut batch = Batch::new("second_step.failed");
        if fails >= TRIES {
            batch.push(Store::end_session(session.id));
        }
        self.commit(batch, &[self.sign_in_failed(&ctx, "code")]).await?;
        if fails >= TRIES { Err(Error::SignedOut) } else { Err(Error::WrongPassword) }
    }

    async fn stepped(
        &self,
        session: &SessionRow,
        row: &SecondFactorRow,
        (step, recovery): (i64, String),
        buckets: &[Bucket],
        address: &str,
    ) -> Result<()> {
        let entry = self.signed_in(session, address).await?;
        let now = self.now();
        let mut batch = Batch::new("second_step.done");
        batch.extend(self.succeeded(buckets));
        batch.push(Store::use_code(session.account.actor, row, step, &recovery));
        batch.push(Store::open_session(session.id, now, now + accounts::LONGEST));
        match self.commit(batch, &[entry]).await {
            // The same code in two places at once: it works in one.
            Err(Error::Store(store::Error::Stale | store::Error::Missing(_))) => Err(Error::WrongPassword),
            other => other,
        }
    }

    /// The step whose code this is, if it is one of the last, this or the next, and was not taken before.
    fn matches(&self, actor: ActorId, row: &SecondFactorRow, code: &str) -> Result<Option<i64>> {
        let seed = self.root.unwrap(&seed_name(actor), &row.secret)?;
        let totp = totp(&seed, actor)?;
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        let now = self.now().as_second().unsigned_abs() / STEP;
        for step in [now, now.saturating_sub(1), now + 1] {
            let same = subtle::ConstantTimeEq::ct_eq(totp.generate(step * STEP).as_bytes(), code.as_bytes());
            let step = i64::try_from(step).unwrap_or(i64::MAX);
            if bool::from(same) && step > row.used_step {
                return Ok(Some(step));
            }
        }
        Ok(None)
    }

    fn recovery_codes(&self) -> (Vec<String>, String) {
        let codes: Vec<String> = (0..CODES)
            .map(|_| {
                let bytes: [u8; 10] = fill_array(self.rng());
                // Letters and digits that are not taken for each other; 32 of them, so that no code is likelier.
                let text: String = bytes
                    .iter()
                    .map(|b| char::from(b"abcdefghjkmnpqrstuvwxyz234567890"[usize::from(b % 32)]))
                    .collect();
                format!("{}-{}", &text[..5], &text[5..])
            })
            .collect();
        let digests: Vec<String> = codes.iter().map(|code| self.recovery_digest(code)).collect();
        (codes, serde_json::to_string(&digests).unwrap_or_else(|_| "[]".into()))
    }

    fn recovery_digest(&self, code: &str) -> String {
        let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        BASE64_URL_SAFE_NO_PAD.encode(self.keyring.digest("recovery", plain.as_bytes()))
    }

    fn own_session(&self, ctx: &Ctx) -> Result<()> {
        match ctx.via {
            Via::Session(_) if ctx.tries.is_none() => Ok(()),
            _ => Err(Error::SignedOut),
        }
    }

    /// Asks for the password again before something that whoever sits at an open browser should not be able to do.
    pub(crate) async fn confirm_password(&self, ctx: &Ctx, password: &str, address: &str) -> Result<()> {
        self.own_session(ctx)?;
        let buckets = [self.bucket("throttle.confirm", &[ctx.actor.id.as_bytes(), address.as_bytes()], TRIES)];
        self.count_try(&buckets).await?;
        let stored = self.store.password(ctx.actor.id).await?.ok_or(Error::SignedOut)?;
        if !accounts::verify(password.to_owned(), stored).await? {
            return Err(Error::WrongPassword);
        }
        let mut batch = Batch::new("password.asked");
        batch.extend(self.succeeded(&buckets));
        Ok(self.store.write(batch).await?)
    }
}

fn seed_name(actor: ActorId) -> String {
    format!("totp:{actor}")
}

fn digests(text: &str) -> Result<Vec<String>> {
    serde_json::from_str(text).map_err(|_| Error::Store(store::Error::Unexpected("a list of digests")))
}

fn totp(seed: &[u8; 32], actor: ActorId) -> Result<TOTP> {
    // The account's name in the app is its id's end: the address is nobody's business on a picture that is shown around.
    let id = actor.to_string();
    let name = id[id.len() - 8..].to_owned();
    TOTP::new(Algorithm::SHA1, 6, 1, STEP, seed[..SEED].to_vec(), Some("Custos".into()), name)
        .map_err(|e| Error::Setup(e.to_string()))
}
