//! A whole installation for a test.

use std::{future::Future, path::PathBuf, sync::Arc};

use domain::{BasisDraft, Ctx, Draft, House, NewUser, Setup, Shipped};
use kernel::{FieldName, RecordId, RoleName, TeamId};
use model::Document;
use seal::RootKey;
use store::{EntryFilter, Store};

use crate::{Seeded, TestClock};

/// The password of every test user.
pub const PASSWORD: &str = "correct horse battery staple";

/// An installation in a folder of its own or a database of its own, gone when the test ends.
pub struct TestHouse {
    /// The running system.
    pub house: Arc<House>,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Its data folder.
    pub dir: tempfile::TempDir,
    /// Its PostgreSQL address, if it runs there.
    pub database: Option<String>,
    rng: Arc<Seeded>,
    shipped: Shipped,
}

impl TestHouse {
    /// One on SQLite.
    pub async fn sqlite() -> Self {
        Self::made(None, Shipped::product()).await
    }

    /// One on PostgreSQL, in a fresh database.
    pub async fn postgres() -> Self {
        Self::made(Some(fresh_database().await), Shipped::product()).await
    }

    /// The address of a fresh PostgreSQL database with nothing in it.
    pub async fn postgres_database() -> String {
        fresh_database().await
    }

    /// One with an administrator's layer on top of the shipped definitions.
    pub async fn with_layer(name: &str, text: &str) -> Self {
        let mut shipped = Shipped::product();
        shipped.objects.push(Document { name: name.into(), text: text.into() });
        Self::made(None, shipped).await
    }

    async fn made(database: Option<String>, shipped: Shipped) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(TestClock::at("2026-11-23T08:00:00Z"));
        let rng = Arc::new(Seeded::new(7));
        let setup = setup(&dir, &database, &clock, &rng, &shipped);
        House::init(&setup).await.expect("a new installation");
        let house = House::open(setup).await.expect("an installation");
        Self { house, clock, dir, database, rng, shipped }
    }

    /// Opens the same installation anew, as a restart would.
    pub async fn reopened(self) -> Self {
        let Self { house, clock, dir, database, rng, shipped } = self;
        drop(house);
        let setup = setup(&dir, &database, &clock, &rng, &shipped);
        let house = House::open(setup).await.expect("the same installation");
        Self { house, clock, dir, database, rng, shipped }
    }

    /// What this installation is opened with, for a second node or a command.
    pub fn setup(&self) -> Setup {
        setup(&self.dir, &self.database, &self.clock, &self.rng, &self.shipped)
    }

    /// The operator's circumstances.
    pub fn operator(&self) -> Ctx {
        self.house.command("test", "operator").expect("the role operator")
    }

    /// A user of a role in a team, signed in.
    pub async fn user(&self, role: &str, team: Option<TeamId>) -> Ctx {
        let tail = team.map_or(String::new(), |t| t.to_string()[24..].to_owned());
        let email = format!("{role}{tail}@custos.example");
        let user = NewUser {
            name: format!("{role} user"),
            email: email.clone(),
            password: PASSWORD.into(),
            roles: vec![RoleName::new(role).expect("a role")],
            team,
            language: "en".into(),
        };
        self.house.add_user(&self.operator(), &user).await.expect("a user");
        self.sign_in(&email).await
    }

    /// Signs a user in and gives the circumstances of the session.
    pub async fn sign_in(&self, email: &str) -> Ctx {
        let fresh = self.house.sign_in(email, PASSWORD, "192.0.2.1").await.expect("the right password");
        self.house.session(&fresh.secret, None).await.expect("a session").ctx
    }

    /// The circumstances of a later request of the same user.
    pub fn again(&self, ctx: &Ctx) -> Ctx {
        let mut next = self.house.ctx(Arc::clone(&ctx.actor), ctx.via);
        next.purpose = ctx.purpose.clone();
        next.emergency = ctx.emergency;
        next
    }

    /// A team.
    pub async fn team(&self, name: &str, parent: Option<TeamId>) -> TeamId {
        self.house.add_team(&self.operator(), name, parent).await.expect("a team")
    }

    /// A contact made by this user, with these purposes live.
    pub async fn contact(&self, ctx: &Ctx, fields: &[(&str, &str)], purposes: &[&str]) -> RecordId {
        let draft = Draft {
            fields: fields.iter().map(|(n, v)| (field(n), (*v).to_owned())).collect(),
            source: Some("trade fair 2026-10".into()),
            bases: purposes.iter().map(|p| basis(p)).collect(),
            ..Draft::default()
        };
        self.house.create(&self.again(ctx), "contact", &draft).await.expect("a contact").id
    }

    /// The newest entries of the ledger, newest first, read from the database itself: a read through the house would be
    /// on record and find itself.
    pub async fn entries(&self, n: u64) -> Vec<ledger::Entry> {
        entries(&self.setup(), n).await
    }

    /// The last entries of the ledger, oldest first, as one readable line each.
    pub async fn ledger_tail(&self, n: u64) -> Vec<String> {
        let entries = self.entries(n).await;
        entries
            .iter()
            .rev()
            .map(|entry| {
                let mut line = format!("{} {}", entry.actor_kind.word(), entry.act.word());
                if let Some(object) = &entry.object {
                    line += &format!(" {object}");
                }
                if entry.count > 0 {
                    line += &format!(" x{}", entry.count);
                }
                let join = |names: &[FieldName]| names.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", ");
                if !entry.clear.is_empty() {
                    line += &format!(": {}", join(&entry.clear));
                }
                if !entry.masked.is_empty() {
                    line += &format!("; masked {}", join(&entry.masked));
                }
                if let Some(purpose) = &entry.purpose {
                    line += &format!(" for {purpose}");
                }
                if let Some(why) = &entry.why {
                    line += &format!(" ({why})");
                }
                line
            })
            .collect()
    }
}

fn setup(
    dir: &tempfile::TempDir,
    database: &Option<String>,
    clock: &Arc<TestClock>,
    rng: &Arc<Seeded>,
    shipped: &Shipped,
) -> Setup {
    Setup {
        data: dir.path().to_owned(),
        database: database.clone(),
        root: RootKey::new([42; 32]),
        clock: Arc::clone(clock) as _,
        rng: Arc::clone(rng) as _,
        shipped: shipped.clone(),
    }
}

/// A basis that the purpose usually stands on under the GDPR.
pub fn basis(purpose: &str) -> BasisDraft {
    let consent = purpose == "marketing";
    let basis = match purpose {
        "marketing" => "consent",
        "order_fulfilment" | "staff" => "contract",
        "legal_duty" => "legal_duty",
        _ => "legitimate_interests",
    };
    BasisDraft {
        purpose: purpose.into(),
        law: "gdpr".into(),
        basis: basis.into(),
        until: None,
        evidence: consent.then(|| "double opt-in 2026-10-01, wording v3".into()),
    }
}

/// A field's name.
pub fn field(name: &str) -> FieldName {
    FieldName::new(name).expect("a field name")
}

/// Runs one story on both databases.
pub async fn both<F, Fut>(story: F)
where
    F: Fn(TestHouse) -> Fut,
    Fut: Future<Output = ()>,
{
    story(TestHouse::sqlite().await).await;
    story(TestHouse::postgres().await).await;
}

#[expect(clippy::disallowed_methods, reason = "the harness is where a test learns of its surroundings")]
async fn fresh_database() -> String {
    let admin =
        std::env::var("CUSTOS_TEST_POSTGRES").unwrap_or_else(|_| "postgres://postgres@127.0.0.1:54329/postgres".into());
    let (client, connection) = match tokio_postgres::connect(&admin, tokio_postgres::NoTls).await {
        Ok(connected) => connected,
        Err(error) => panic!("PostgreSQL does not answer at {admin} ({error}): run tools/postgres"),
    };
    tokio::spawn(connection);
    let name = format!(
        "custos_test_{}_{}",
        std::process::id(),
        std::time::UNIX_EPOCH.elapsed().expect("a time after 1970").as_nanos()
    );
    client.batch_execute(&format!("create database {name}")).await.expect("a fresh database");
    let at = admin.rfind('/').expect("an address with a database");
    format!("{}/{name}", &admin[..at])
}

/// A file of the shared test data beside the repository.
pub fn shared_data(path: &str) -> PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let file = PathBuf::from(root).join(path);
    assert!(file.exists(), "the shared test data are missing: {}", file.display());
    file
}

/// The newest entries of an installation's ledger, newest first.
pub async fn entries(setup: &Setup, n: u64) -> Vec<ledger::Entry> {
    let store = match &setup.database {
        Some(url) => Store::connect(url).await.expect("the database"),
        None => Store::open_folder(&setup.data).expect("the folder"),
    };
    let filter = EntryFilter { limit: n, ..EntryFilter::default() };
    let rows = store.entries(&filter).await.expect("the ledger");
    rows.iter().map(|(_, line)| ledger::Entry::parse(line).expect("an entry")).collect()
}
