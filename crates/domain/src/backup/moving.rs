//! Moving house: from the embedded database to PostgreSQL and back, with ledger, keys and history.

use std::fs;

use backup::Progress;
use ledger::Verifier;
use model::Object;
use store::Store;

use super::{blocking, restoring::partial_of};
use crate::{
    Error, Result, Setup,
    house::{INDEX_KEY, ORIGIN, ledger_of},
    rules::Rules,
};

/// Carries the installation `from` to `to`, which is empty or what a stopped move left; says how many entries the ledger
/// has there, verified from the first. Nobody may write meanwhile; afterwards the old place does not open any more.
pub async fn move_house(from: &Setup, to: &Setup, progress: Progress) -> Result<u64> {
    let (old, signer) = ledger_of(from).await?;
    let rules = Rules::load(&old, &from.shipped).await?;
    let catalog = rules.catalog();
    let objects: Vec<&Object> = catalog.objects().map(AsRef::as_ref).collect();
    let key = Verifier::from_vkey(&signer.verifier_key())?;
    let trusted = old.head().await?.1;
    let still = old.still().await?;
    match (&from.database, &to.database) {
        (None, Some(url)) => {
            let new = Store::connect(url).await?;
            fresh(&new, &old).await?;
            new.take_over(&objects, &from.data, progress).await?;
            let entries = verified(&new, key, trusted).await?;
            still.leave("postgres").await?;
            new.take_secrets(&from.data).await?;
            Ok(entries)
        }
        (Some(_), None) => {
            if to.data.exists() && fs::read_dir(&to.data).is_ok_and(|mut e| e.next().is_some()) {
                return Err(Error::Setup(format!("{} is not empty: move to a new folder", to.data.display())));
            }
            let partial = partial_of(&to.data);
            let file = |source| Error::Backup(backup::Error::File { path: partial.clone(), source });
            fs::create_dir_all(&partial).map_err(file)?;
            old.carry_to(&objects, &partial, progress).await?;
            let entries = verified(&Store::open_folder(&partial)?, key, trusted).await?;
            still.leave("folder").await?;
            fs::rename(&partial, &to.data).map_err(file)?;
            Ok(entries)
        }
        _ => Err(Error::Setup("a move goes from a folder to PostgreSQL or back".into())),
    }
}

/// Refuses a database that holds an installation, or the beginning of another one.
pub(super) async fn fresh(new: &Store, old: &Store) -> Result<()> {
    if new.secret(INDEX_KEY).await?.is_some() {
        return Err(Error::Setup("that database holds a Custos installation already".into()));
    }
    let begun = new.meta(ORIGIN).await?;
    if begun.is_some() && begun != old.meta(ORIGIN).await? {
        return Err(Error::Setup("that database holds the beginning of another installation: take a fresh one".into()));
    }
    Ok(())
}

/// Verifies a ledger in its new place from its first entry, and that it continues the checkpoint it left with.
pub(super) async fn verified(store: &Store, key: Verifier, trusted: Option<String>) -> Result<u64> {
    let snapshot = store.snapshot().await?;
    let report = blocking(move || Ok(ledger::verify(&snapshot, &key, trusted.as_deref(), &mut |_, _| {})?)).await?;
    Ok(report.size)
}
