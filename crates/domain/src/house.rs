//! The running system: one value that holds the store, the keys, the rules and the index, and is handed around.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock, atomic::AtomicI64},
};

use jiff::Timestamp;
use kernel::{
    Actor, ActorId, ActorKind, Clock, EntryId, JobId, PersonId, RecordId, RequestId, Rng, RoleName, TeamId, Via,
    fill_array,
};
use ledger::{Act as LedgerAct, Entry, Signer};
use model::{Catalog, Document};
use seal::{Gate, KEY_LEN, Keyring, RootKey, epoch_name, object_subject};
use store::{Batch, Store, WrappedKey};
use zeroize::Zeroizing;

use crate::{Ctx, Error, Result, directory::Directory, index::Index, rules::Rules};

/// What a house is opened with.
pub struct Setup {
    /// The data folder.
    pub data: PathBuf,
    /// A PostgreSQL address, or none for the folder's own database.
    pub database: Option<String>,
    /// The root key.
    pub root: RootKey,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub rng: Arc<dyn Rng>,
    /// The shipped definitions and policies.
    pub shipped: Shipped,
}

/// The definitions and policies that come with the product.
#[derive(Clone)]
pub struct Shipped {
    /// purposes.toml.
    pub purposes: Document,
    /// objects/*.toml.
    pub objects: Vec<Document>,
    /// policies/roles.toml.
    pub matrix: String,
    /// policies/house.cedar.
    pub house: String,
}

impl Shipped {
    /// Those built into the binary.
    pub fn product() -> Self {
        let (purposes, objects) = model::shipped();
        let (matrix, house) = (seal::policy::shipped::ROLES.to_owned(), seal::policy::shipped::HOUSE.to_owned());
        Self { purposes, objects, matrix, house }
    }
}

/// The running system.
pub struct House {
    pub(crate) data: PathBuf,
    pub(crate) store: Arc<Store>,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) root: RootKey,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) shipped: Shipped,
    pub(crate) rules: RwLock<Arc<Rules>>,
    pub(crate) index: Index,
    pub(crate) directory: Directory,
    /// When the next purpose of anybody ends, in microseconds: from then on the sweep runs before anything is read.
    pub(crate) next_end: AtomicI64,
    pub(crate) blind: RwLock<HashMap<String, u32>>,
}

/// The names of secrets in the keyring, and of the fact that says which ledger this is.
pub(crate) const INDEX_KEY: &str = "index";
pub(crate) const LEDGER_KEY: &str = "ledger";
pub(crate) const ORIGIN: &str = "ledger_origin";

impl House {
    /// Makes a new installation: keys, the first epoch, tables. Refuses a place that holds one already.
    pub async fn init(setup: &Setup) -> Result<()> {
        let store = connect(setup).await?;
        if store.secret(INDEX_KEY).await?.is_some() {
            return Err(Error::Setup("this place holds a Custos installation already".into()));
        }
        let rng = setup.rng.as_ref();
        let now = setup.clock.now();
        let mut batch = Batch::new("house.made");
        for name in [INDEX_KEY, LEDGER_KEY] {
            let secret = Zeroizing::new(fill_array::<KEY_LEN>(rng));
            batch.push(Store::put_secret(name, setup.root.wrap(name, &secret[..], rng)?));
        }
        let epoch = Zeroizing::new(fill_array::<KEY_LEN>(rng));
        batch.push(Store::put_epoch(1, setup.root.wrap(&epoch_name(1), &epoch[..], rng)?, now));
        let mark: [u8; 4] = fill_array(rng);
        let mark: String = mark.iter().map(|b| format!("{b:02x}")).collect();
        batch.push(Store::set_meta(ORIGIN, &format!("custos/{mark}")));
        store.write(batch).await?;
        store.settle().await?;
        Ok(())
    }

    /// Whether the place holds an installation.
    pub async fn exists(setup: &Setup) -> Result<bool> {
        Ok(connect(setup).await?.secret(INDEX_KEY).await?.is_some())
    }

    /// Opens an installation: checks the root key, brings tables up to the definitions, finishes what a stop left
    /// undone.
    pub async fn open(setup: Setup) -> Result<Arc<Self>> {
        let (store, signer) = ledger_of(&setup).await?;
        if let Some(to) = store.moved().await? {
            return Err(Error::Setup(format!(
                "this installation has moved to another database ({to}); if the move was stopped, run `custos move` again"
            )));
        }
        let index_key = secret(&setup, &store, INDEX_KEY).await?;
        let mut epochs = Vec::new();
        for (number, wrapped) in store.epochs().await? {
            epochs.push((number, setup.root.unwrap(&epoch_name(number), &wrapped).map_err(|_| wrong_root())?));
        }
        let keyring = Keyring::new(epochs, &index_key)?;
        store.start_ledger(signer).await?;
        let rules = Rules::load(&store, &setup.shipped).await?;
        let house = Arc::new(Self {
            data: setup.data,
            store: Arc::new(store),
            keyring: Arc::new(keyring),
            root: setup.root,
            clock: setup.clock,
            rng: setup.rng,
            shipped: setup.shipped,
            rules: RwLock::new(Arc::new(rules)),
            index: Index::default(),
            directory: Directory::default(),
            next_end: AtomicI64::new(i64::MIN),
            blind: RwLock::default(),
        });
        house.shape().await?;
        house.load_blind().await?;
        house.resume_erasures().await?;
        house.sweep().await?;
        house.load_directory().await?;
        Ok(house)
    }

    /// Makes missing tables, columns and object keys.
    pub(crate) async fn shape(&self) -> Result<Vec<String>> {
        let rules = self.rules();
        let objects: Vec<&model::Object> = rules.catalog().objects().map(AsRef::as_ref).collect();
        let added = self.store.shape(&objects).await?;
        let mut batch = Batch::new("object_keys.made");
        for object in &objects {
            self.need_object_key(&object.name, &mut batch).await?;
        }
        for name in [HOUSE] {
            self.need_object_key(name, &mut batch).await?;
        }
        if !batch.is_empty() {
            self.store.write(batch).await?;
        }
        Ok(added)
    }

    async fn need_object_key(&self, name: &str, batch: &mut Batch) -> Result<()> {
        let subject = object_subject(name);
        if self.store.subject_key(subject).await?.is_none() {
            let (_, epoch, wrapped) = self.keyring.new_subject_key(subject, self.rng.as_ref())?;
            batch.push(Store::put_subject_key(&WrappedKey { subject, epoch, wrapped }));
        }
        Ok(())
    }

    /// The rules in force; hold the value for the length of one act.
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The gate in force.
    pub fn gate(&self) -> Gate {
        self.rules().gate().clone()
    }

    /// The definitions in force.
    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(self.rules().catalog())
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The source of chance.
    pub fn rng(&self) -> &dyn Rng {
        self.rng.as_ref()
    }

    /// Which database it runs on, for people.
    pub fn database(&self) -> &'static str {
        self.store.database()
    }

    /// Whether the database answers.
    pub async fn alive(&self) -> Result<()> {
        Ok(self.store.alive().await?)
    }

    /// The circumstances of an act that begins now.
    pub fn ctx(&self, actor: Arc<Actor>, via: Via) -> Ctx {
        let at = self.now();
        Ctx {
            actor,
            via,
            request: RequestId::new(at, self.rng()),
            at,
            purpose: None,
            emergency: false,
            address: None,
            tries: None,
        }
    }

    /// The circumstances of a job of this server, in the role made for it.
    pub(crate) fn job(&self, name: &'static str, role: &str) -> Result<Ctx> {
        self.machine(ActorKind::Job, role, Via::Job(name))
    }

    /// The circumstances of a command on the machine, in the role made for it.
    pub fn command(&self, name: &'static str, role: &str) -> Result<Ctx> {
        self.machine(ActorKind::Operator, role, Via::Command(name))
    }

    fn machine(&self, kind: ActorKind, role: &str, via: Via) -> Result<Ctx> {
        let role = RoleName::new(role).map_err(|e| Error::Setup(e.to_string()))?;
        // Jobs and commands have fixed ids, so that their entries are found by them.
        let id = ActorId::from_bytes(object_subject(&format!("{}:{role}", kind.word())));
        let teams = self.directory.all_teams();
        Ok(self.ctx(Arc::new(Actor { id, kind, roles: vec![role], team: None, subtree: teams }), via))
    }

    /// Writes a transaction with its entries and sequences them, in a task that a lost client cannot cancel.
    pub(crate) async fn commit(&self, mut batch: Batch, entries: &[Entry]) -> Result<()> {
        for entry in entries {
            batch.push(self.store.entry_step(entry)?);
            // A record's history is found by this table, not by reading the ledger.
            if CHANGES.contains(&entry.act) {
                batch.extend(entry.records.iter().map(|id| Store::put_history(*id, entry.id, entry.at)));
            }
        }
        let store = Arc::clone(&self.store);
        let done = tokio::spawn(async move {
            store.write(batch).await?;
            store.sequence().await
        });
        match done.await {
            Ok(done) => Ok(done?),
            Err(_) => Err(Error::Store(store::Error::Closed)),
        }
    }

    /// Records an entry that belongs to no transaction; durable when this returns.
    pub(crate) async fn record(&self, entry: Entry) -> Result<()> {
        Ok(self.store.append(entry).await?)
    }

    pub(crate) fn new_entry(&self, now: Timestamp) -> EntryId {
        EntryId::new(now, self.rng())
    }

    pub(crate) fn new_record(&self, now: Timestamp) -> RecordId {
        RecordId::new(now, self.rng())
    }

    pub(crate) fn new_person(&self, now: Timestamp) -> PersonId {
        PersonId::new(now, self.rng())
    }

    pub(crate) fn announce(&self, object: &str, record: RecordId, now: Timestamp) -> store::Step {
        Store::announce(JobId::new(now, self.rng()), object, record, now)
    }

    /// The subtree of a team, itself included, ascending.
    pub(crate) fn subtree(&self, team: Option<TeamId>) -> Vec<TeamId> {
        team.map_or_else(Vec::new, |team| self.directory.subtree(team))
    }

    /// Leaves the files small and whole; call before the process ends.
    pub async fn settle(&self) -> Result<()> {
        Ok(self.store.settle().await?)
    }
}

/// The acts that a record's history tells.
const CHANGES: &[LedgerAct] = &[LedgerAct::Changed, LedgerAct::Assigned, LedgerAct::Converted, LedgerAct::Merged];

/// The object under whose key the house seals what is its own: reasons, stored searches, addresses of strangers.
pub(crate) const HOUSE: &str = "house";

/// The store of an installation and its ledger's signer; nothing runs yet and nothing is written.
pub(crate) async fn ledger_of(setup: &Setup) -> Result<(Store, Signer)> {
    let store = connect(setup).await?;
    let key = secret(setup, &store, LEDGER_KEY).await?;
    let origin = store.meta(ORIGIN).await?.ok_or_else(nothing_here)?;
    Ok((store, Signer::new(&origin, *key)?))
}

async fn secret(setup: &Setup, store: &Store, name: &str) -> Result<Zeroizing<[u8; KEY_LEN]>> {
    let wrapped = store.secret(name).await?.ok_or_else(nothing_here)?;
    setup.root.unwrap(name, &wrapped).map_err(|_| wrong_root())
}

fn nothing_here() -> Error {
    Error::Setup("there is no Custos installation here: run `custos init` first".into())
}

fn wrong_root() -> Error {
    Error::Setup("the root key is not the one this installation was made with: nothing was opened".into())
}

pub(crate) async fn connect(setup: &Setup) -> Result<Store> {
    match &setup.database {
        Some(url) => Ok(Store::connect(url).await?),
        None => {
            if !setup.data.is_dir() {
                return Err(Error::Setup(format!("there is no folder {}: run `custos init`", setup.data.display())));
            }
            Ok(Store::open_folder(&setup.data)?)
        }
    }
}
