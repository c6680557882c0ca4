//! The same list in this process, with the ledger's recorder and with one that records nothing. No such recorder is in
//! the product; this one lives here.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use kernel::{Actor, ActorId, ActorKind, EntryId, RequestId, RoleName, Via};
use seal::{
    Ask, Circumstances, Fields, Gate, KEY_LEN, Keyring, Recorder, RootKey, epoch_name,
    policy::{Act, Matrix, Policies, shipped},
};
use store::{Page, Sort, Store, Target};

use crate::Run;

struct Nothing;

impl Recorder for Nothing {
    async fn record(&self, _: ledger::Entry) -> Result<(), ledger::SourceError> {
        Ok(())
    }
}

/// p95 of a list of 50 with the ledger and without it.
pub async fn list_with_and_without(run: &Run, data: &Path) -> (Duration, Duration) {
    let store = Store::open_folder(data).unwrap();
    let hex = std::fs::read_to_string(data.join("root.key")).unwrap();
    let mut root = [0; KEY_LEN];
    for (at, byte) in root.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    }
    let root = RootKey::new(root);
    let mut epochs = Vec::new();
    for (n, wrapped) in store.epochs().await.unwrap() {
        epochs.push((n, root.unwrap(&epoch_name(n), &wrapped).unwrap()));
    }
    let secret = async |name: &str| root.unwrap(name, &store.secret(name).await.unwrap().unwrap()).unwrap();
    let keyring = Keyring::new(epochs, &*secret("index").await).unwrap();
    let signer =
        ledger::Signer::new(&store.meta("ledger_origin").await.unwrap().unwrap(), *secret("ledger").await).unwrap();
    store.start_ledger(signer).await.unwrap();
    let (purposes, objects) = model::shipped();
    let catalog = Arc::new(model::Catalog::parse(&purposes, &objects).unwrap());
    let matrix = Matrix::parse("roles.toml", shipped::ROLES).unwrap();
    let policies = Arc::new(Policies::compile(&catalog, &matrix, shipped::HOUSE, &[]).unwrap());
    let gate = Gate::new(catalog, policies);
    let subtree = store.teams().await.unwrap().into_iter().map(|(id, ..)| id).collect();
    let actor = Actor {
        id: ActorId::from_bytes([9; 16]),
        kind: ActorKind::User,
        roles: vec![RoleName::new("sales_manager").unwrap()],
        team: None,
        subtree,
    };
    let n = if run.quick { 200 } else { 2_000 };
    // Taken in turns, so that whatever else the machine does touches both alike.
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for i in 0..n {
        with.push(one(&store, &gate, &keyring, &actor, &store, i).await);
        without.push(one(&store, &gate, &keyring, &actor, &Nothing, i + n).await);
    }
    (p95(with), p95(without))
}

async fn one(
    store: &Store,
    gate: &Gate,
    keyring: &Keyring,
    actor: &Actor,
    recorder: &impl Recorder,
    i: u32,
) -> Duration {
    let started = Instant::now();
    let at = jiff::Timestamp::now();
    let ask = Ask {
        within: None,
        actor,
        object: "contact",
        act: Act::View,
        purpose: None,
        fields: Fields::Listed,
        uses: &[],
        emergency: false,
    };
    let grant = gate.grant(&ask).unwrap();
    let page = Page { sort: Sort { by: Target::Updated, descending: true }, after: None, limit: 50 };
    let rows = store.page(&grant, &[], &page, at).await.unwrap();
    let mut id = [8; 16];
    id[..4].copy_from_slice(&i.to_be_bytes());
    id[4..12].copy_from_slice(&kernel::micros(at).to_be_bytes());
    let circumstances = Circumstances {
        entry: EntryId::from_bytes(id),
        at,
        request: RequestId::from_bytes(id),
        via: Via::Command("bench"),
    };
    let listed = seal::disclose(grant, rows, keyring, recorder, ledger::Act::Listed, circumstances).await.unwrap();
    assert_eq!(listed.rows.len(), 50);
    started.elapsed()
}

fn p95(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() * 95 / 100]
}
