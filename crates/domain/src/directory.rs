//! Who works here: teams and colleagues' names, for owners and mentions.
//!
//! Names of users are records like any other (object `user`); the job `directory` reads them through the gate once and
//! after each change, and keeps them in memory.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{PoisonError, RwLock},
};

use kernel::{ActorId, TeamId};

use crate::{House, Result};

#[derive(Default)]
pub(crate) struct Directory {
    inner: RwLock<Inner>,
}

#[derive(Default, Clone)]
struct Inner {
    teams: BTreeMap<TeamId, (Option<TeamId>, String)>,
    names: HashMap<ActorId, String>,
}

impl Directory {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn all_teams(&self) -> Vec<TeamId> {
        self.read().teams.keys().copied().collect()
    }

    pub(crate) fn subtree(&self, top: TeamId) -> Vec<TeamId> {
        let inner = self.read();
        let mut found = vec![top];
        let mut at = 0;
        while at < found.len() {
            let parent = found[at];
            for (id, (of, _)) in &inner.teams {
                if *of == Some(parent) && !found.contains(id) {
                    found.push(*id);
                }
            }
            at += 1;
        }
        found.sort();
        found
    }
}

impl House {
    /// Reads teams and colleagues' names anew.
    pub(crate) async fn load_directory(&self) -> Result<()> {
        let mut inner = Inner::default();
        for (id, parent, name) in self.store.teams().await? {
            inner.teams.insert(id, (parent, name));
        }
        *self.directory.inner.write().unwrap_or_else(PoisonError::into_inner) = inner;
        let names = self.read_user_names().await?;
        self.directory.inner.write().unwrap_or_else(PoisonError::into_inner).names = names;
        Ok(())
    }

    /// A colleague's name; `None` for one who has none or has left.
    pub fn name_of(&self, actor: ActorId) -> Option<String> {
        self.directory.read().names.get(&actor).cloned()
    }

    /// Every colleague with a name, by name.
    pub fn colleagues(&self) -> Vec<(ActorId, String)> {
        let mut all: Vec<_> = self.directory.read().names.iter().map(|(id, name)| (*id, name.clone())).collect();
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    }

    /// A team's name.
    pub fn team_name(&self, team: TeamId) -> Option<String> {
        self.directory.read().teams.get(&team).map(|(_, name)| name.clone())
    }

    /// Every team: id, parent, name.
    pub fn teams(&self) -> Vec<(TeamId, Option<TeamId>, String)> {
        self.directory.read().teams.iter().map(|(id, (parent, name))| (*id, *parent, name.clone())).collect()
    }
}

impl House {
    /// A team and every team below it.
    pub fn team_subtree(&self, team: TeamId) -> Vec<TeamId> {
        self.directory.subtree(team)
    }
}
