//! The rules in force: definitions and policies, shipped and the administrator's, compiled together.

use std::sync::Arc;

use ledger::Act;
use model::{Catalog, Document};
use seal::{
    Gate,
    policy::{Matrix, Policies, SystemAct},
};
use store::{Batch, Store};

use crate::{Ctx, Error, House, Result, house::Shipped};

/// One version of definitions and policies.
pub struct Rules {
    gate: Gate,
    matrix: Matrix,
    /// The number in the database by which another node's change is noticed.
    version: i64,
}

/// The id under which an edited role matrix is stored.
pub(crate) const MATRIX: &str = "matrix";

impl Rules {
    /// Reads and compiles what is in force.
    pub(crate) async fn load(store: &Store, shipped: &Shipped) -> Result<Self> {
        let version = store.rules_version().await?;
        let layers = store.definitions().await?.into_iter().map(|(name, _, text)| Document { name, text });
        let catalog = catalog(shipped, layers.collect())?;
        let mut matrix = shipped.matrix.clone();
        let mut expert = Vec::new();
        for (id, _, text) in store.policies().await? {
            if id == MATRIX { matrix = text } else { expert.push((id, text)) }
        }
        let matrix = parse_matrix(&matrix)?;
        let policies = compile(&catalog, &matrix, &shipped.house, &expert)?;
        Ok(Self { gate: Gate::new(Arc::new(catalog), Arc::new(policies)), matrix, version })
    }

    /// The gate over them.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The definitions.
    pub fn catalog(&self) -> &Arc<Catalog> {
        self.gate.catalog()
    }

    /// The policies.
    pub fn policies(&self) -> &Arc<Policies> {
        self.gate.policies()
    }

    /// The role matrix.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }
}

/// Whether a system act changes nothing.
fn reads(act: SystemAct) -> bool {
    matches!(
        act,
        SystemAct::ReadLedger
            | SystemAct::VerifyLedger
            | SystemAct::ReadBases
            | SystemAct::ExplainAny
            | SystemAct::SeeMetrics
    )
}

fn catalog(shipped: &Shipped, layers: Vec<Document>) -> Result<Catalog> {
    let mut objects = shipped.objects.clone();
    objects.extend(layers);
    Catalog::parse(&shipped.purposes, &objects)
        .map_err(|problems| Error::Rules(problems.iter().map(ToString::to_string).collect()))
}

pub(crate) fn parse_matrix(text: &str) -> Result<Matrix> {
    Matrix::parse("roles.toml", text)
        .map_err(|problems| Error::Rules(problems.iter().map(ToString::to_string).collect()))
}

pub(crate) fn compile(
    catalog: &Catalog,
    matrix: &Matrix,
    house: &str,
    expert: &[(String, String)],
) -> Result<Policies> {
    Policies::compile(catalog, matrix, house, expert)
        .map_err(|problems| Error::Rules(problems.iter().map(ToString::to_string).collect()))
}

/// What applying a layer of definitions would do.
#[derive(Debug)]
pub struct Plan {
    /// Each change in words.
    pub changes: Vec<String>,
    /// Those of them that lose data.
    pub losses: Vec<String>,
}

impl House {
    /// Takes over what another node or the command line changed since. Cheap when nothing did.
    pub async fn refresh_rules(&self) -> Result<bool> {
        if self.store.rules_version().await? == self.rules().version {
            return Ok(false);
        }
        self.reload_rules().await?;
        Ok(true)
    }

    pub(crate) async fn reload_rules(&self) -> Result<()> {
        let rules = Rules::load(&self.store, &self.shipped).await?;
        *self.rules.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(rules);
        self.shape().await?;
        self.load_blind().await?;
        Ok(())
    }

    /// Whether the actor may do a system act; a refusal is recorded. Whoever looks through another's eyes may only read,
    /// and only what both may.
    pub async fn allow(&self, ctx: &Ctx, act: SystemAct) -> Result<Vec<String>> {
        let rules = self.rules();
        let may = |actor| rules.policies().system(actor, act);
        let tried = match &ctx.tries {
            None => true,
            Some(tried) => reads(act) && may(tried.as_ref()).is_some(),
        };
        match may(&ctx.actor).filter(|_| tried) {
            Some(policies) => Ok(policies),
            None => {
                self.record_refusal(ctx, None, &[], act.word()).await?;
                Err(Error::NotForRole(act.word()))
            }
        }
    }

    /// What applying this layer would change.
    pub async fn plan_object(&self, ctx: &Ctx, layer: &Document) -> Result<Plan> {
        self.allow(ctx, SystemAct::ManageObjects).await?;
        self.plan(layer).await.map(|(plan, _)| plan)
    }

    pub(crate) async fn plan(&self, layer: &Document) -> Result<(Plan, Catalog)> {
        let mut layers: Vec<Document> = self
            .store
            .definitions()
            .await?
            .into_iter()
            .filter(|(name, ..)| *name != layer.name)
            .map(|(name, _, text)| Document { name, text })
            .collect();
        layers.push(layer.clone());
        let new = catalog(&self.shipped, layers)?;
        let changes = Catalog::compare(&self.catalog(), &new);
        let words = |losing: bool| {
            changes.iter().filter(|c| !losing || c.loses_data).map(ToString::to_string).collect::<Vec<_>>()
        };
        Ok((Plan { changes: words(false), losses: words(true) }, new))
    }

    /// Applies a layer of definitions to the running system. What loses data needs `lose_data`.
    pub async fn apply_object(&self, ctx: &Ctx, layer: &Document, lose_data: bool) -> Result<Plan> {
        let policies = self.allow(ctx, SystemAct::ManageObjects).await?;
        let (plan, new) = self.plan(layer).await?;
        if !plan.losses.is_empty() && !lose_data {
            return Err(Error::LosesData(plan.losses));
        }
        // The policies in force must still compile over the new definitions.
        let mut expert = Vec::new();
        for (id, _, text) in self.store.policies().await? {
            if id != MATRIX {
                expert.push((id, text));
            }
        }
        compile(&new, self.rules().matrix(), &self.shipped.house, &expert)?;
        let objects: Vec<&model::Object> = new.objects().map(AsRef::as_ref).collect();
        self.store.shape(&objects).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), Act::DefinitionChanged);
        entry.policies = policies;
        entry.count = plan.changes.len() as u64;
        entry.why = Some(layer.name.clone());
        let mut batch = Batch::new("definition.applied");
        batch.push(Store::put_definition(&layer.name, &layer.text, ctx.at));
        self.commit(batch, &[entry]).await?;
        self.reload_rules().await?;
        Ok(plan)
    }

    /// Saves a policy, whatever version is in force; see [`House::put_policy`].
    pub async fn save_policy(&self, ctx: &Ctx, id: &str, text: &str) -> Result<()> {
        self.put_policy(ctx, id, Some(text), None).await
    }
}

/// Records of each object that an export of the policies holds as entities.
const EXPORTED: u64 = 500;

impl House {
    /// Writes schema, policies and entities (every account, and records with the attributes that policies know, none of
    /// them personal), so that an outside Cedar can decide again.
    pub async fn export_policies(&self, ctx: &Ctx, dir: &std::path::Path) -> Result<()> {
        let policies = self.allow(ctx, SystemAct::ManageRoles).await?;
        let rules = self.rules();
        let mut actors = Vec::new();
        for account in self.store.accounts().await? {
            actors.push(self.actor_of(&account)?);
        }
        let job = self.job("policy_export", "index")?;
        let mut fetched = Vec::new();
        for object in rules.catalog().objects() {
            let ask = self.ask(&job, &object.name, seal::policy::Act::View, None);
            let Ok(grant) = rules.gate().grant(&ask) else { continue };
            let sort = store::Sort { by: store::Target::Id, descending: false };
            let page = store::Page { sort, after: None, limit: EXPORTED };
            let rows = self.store.page(&grant, &[], &page, ctx.at).await?;
            fetched.push((grant, rows));
        }
        let seen: Vec<(&kernel::ObjectName, _)> = fetched
            .iter()
            .flat_map(|(grant, rows)| rows.iter().map(|row| (&grant.object().name, row.seen(grant))))
            .collect();
        let records: Vec<seal::policy::Record<'_>> =
            seen.iter().map(|(object, row)| seal::policy::Record { object, row }).collect();
        let failed = |e: std::io::Error| Error::Setup(format!("could not write {}: {e}", dir.display()));
        rules.policies().export(&actors, &records).map_err(failed)?.write(dir).map_err(failed)?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), Act::Exported);
        entry.why = Some("policies".into());
        entry.policies = policies;
        self.record(entry).await
    }
}
