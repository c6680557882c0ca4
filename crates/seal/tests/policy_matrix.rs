//! The access matrix of the seeded roles as one reviewed text file, asked of the compiled policies, not copied from the
//! matrix. To accept a change, run with `UPDATE_EXPECT=1` and read the difference.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::{collections::BTreeMap, fmt::Write};

use expect_test::expect_file;
use kernel::{Actor, ActorId, ActorKind, Category, Level, PurposeName, RoleName, TeamId};
use model::Catalog;
use seal::policy::{Act, Ask, Attr, Literal, Matrix, Policies, Row, SystemAct, shipped};

const ME: ActorId = ActorId::from_bytes([1; 16]);

fn team(n: u8) -> TeamId {
    TeamId::from_bytes([n; 16])
}

fn shipped() -> (Catalog, Policies) {
    let (purposes, objects) = model::shipped();
    let catalog = Catalog::parse(&purposes, &objects).unwrap();
    let matrix = Matrix::parse("roles.toml", shipped::ROLES).unwrap();
    let policies = match Policies::compile(&catalog, &matrix, shipped::HOUSE, &[]) {
        Ok(policies) => policies,
        Err(problems) => panic!("{problems:#?}"),
    };
    (catalog, policies)
}

fn actor(role: &RoleName) -> Actor {
    let kind = if ["index", "import", "retention", "figures"].contains(&role.as_str()) {
        ActorKind::Job
    } else {
        ActorKind::User
    };
    Actor { id: ME, kind, roles: vec![role.clone()], team: Some(team(1)), subtree: vec![team(1), team(2)] }
}

/// A record that is mine, my team's, a team's below mine, or somebody else's.
struct Sample {
    owner: ActorId,
    team: TeamId,
    live: bool,
    restricted: bool,
}

impl Row for Sample {
    fn get(&self, attr: &Attr) -> Option<Literal> {
        match attr {
            Attr::Owner => Some(Literal::User(self.owner)),
            Attr::Team => Some(Literal::Team(self.team)),
            Attr::Restricted => Some(Literal::Bool(self.restricted)),
            _ => None,
        }
    }

    fn live(&self, _: &str) -> bool {
        self.live
    }
}

const SCOPES: [&str; 4] = ["own", "team", "subtree", "all"];

fn samples(live: bool, restricted: bool) -> [Sample; 4] {
    let other = ActorId::from_bytes([9; 16]);
    [(ME, 9), (other, 1), (other, 2), (other, 9)].map(|(owner, n)| Sample { owner, team: team(n), live, restricted })
}

/// The widest scope of which a test is true, and that it is true of all narrower ones.
fn scope(test: impl Fn(&Sample) -> bool) -> Option<&'static str> {
    let held: Vec<bool> = samples(true, false).iter().map(&test).collect();
    let wide = held.iter().take_while(|h| **h).count();
    assert!(held[wide..].iter().all(|h| !h), "a scope holds the narrower ones: {held:?}");
    wide.checked_sub(1).map(|at| SCOPES[at])
}

fn ask<'a>(object: &'a kernel::ObjectName, act: Act, purpose: &'a PurposeName, emergency: bool) -> Ask<'a> {
    Ask { object, act, purpose, emergency }
}

#[test]
fn the_access_matrix() {
    let (catalog, policies) = shipped();
    let mut text = String::from(
        "# What each seeded role may do, asked of the compiled policies: acts with the widest scope, then levels while \
         viewing.\n# Checked by policy_matrix.rs.\n",
    );
    for (role, rules) in &policies.matrix().roles {
        let actor = actor(role);
        writeln!(text, "\n{role}: {}", rules.about.as_deref().unwrap_or_default()).unwrap();
        let system: Vec<&str> =
            SystemAct::ALL.iter().filter(|a| policies.system(&actor, **a).is_some()).map(|a| a.word()).collect();
        if !system.is_empty() {
            writeln!(text, "  system       {}", system.join(" ")).unwrap();
        }
        for object in catalog.objects() {
            // Purposes with the same answer share their lines.
            let mut answers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for purpose in catalog.purposes() {
                let lines = lines(&policies, &actor, &object.name, &purpose.name);
                if !lines.is_empty() {
                    answers.entry(lines).or_default().push(&purpose.name);
                }
            }
            for (lines, purposes) in answers {
                writeln!(text, "  {:<12} for {}\n{lines}", object.name.as_str(), purposes.join(" ")).unwrap();
            }
        }
    }
    let blank: Vec<&str> = text.lines().map(str::trim_end).collect();
    expect_file!["./access-matrix.txt"].assert_eq(&(blank.join("\n") + "\n"));
}

fn lines(policies: &Policies, actor: &Actor, object: &kernel::ObjectName, purpose: &PurposeName) -> String {
    let mut out = String::new();
    let acts: Vec<String> = Act::ALL
        .iter()
        .filter_map(|act| {
            let decision = policies.decide(actor, &ask(object, *act, purpose, false));
            scope(|row| decision.rows.holds(row)).map(|scope| format!("{act}={scope}"))
        })
        .collect();
    let emergency = policies.decide(actor, &ask(object, Act::View, purpose, true));
    let usual = policies.decide(actor, &ask(object, Act::View, purpose, false));
    if !acts.is_empty() {
        write!(out, "    {}", acts.join(" ")).unwrap();
    }
    let mut levels: BTreeMap<(Level, &str), Vec<&Category>> = BTreeMap::new();
    for category in usual.masked.keys() {
        for level in [Level::Masked, Level::Clear] {
            if let Some(scope) = scope(|row| usual.level(category, row) >= level)
                && (level == Level::Clear || !usual.clear.contains_key(category))
            {
                levels.entry((level, scope)).or_default().push(category);
            }
        }
    }
    for ((level, scope), categories) in levels.iter().rev() {
        let names: Vec<&str> = categories.iter().map(|c| c.as_str()).collect();
        write!(out, "\n    {} {scope}: {}", level.word(), names.join(" ")).unwrap();
    }
    if emergency.rows != usual.rows && !emergency.clear.is_empty() {
        let all = emergency.clear.keys().map(|c| c.as_str()).collect::<Vec<_>>().join(" ");
        write!(out, "\n    emergency: clear {all}").unwrap();
    }
    out.trim_start_matches('\n').to_owned()
}

#[test]
fn nobody_reads_without_a_live_purpose_or_past_a_restriction() {
    let (catalog, policies) = shipped();
    for role in policies.matrix().roles.keys() {
        for object in catalog.objects() {
            for purpose in catalog.purposes() {
                for act in [Act::View, Act::Edit, Act::Export, Act::Reveal] {
                    for emergency in [false, true] {
                        let decision = policies.decide(&actor(role), &ask(&object.name, act, &purpose.name, emergency));
                        for row in samples(false, false) {
                            assert!(!decision.rows.holds(&row), "{role} {act} {}", object.name);
                        }
                        for row in samples(true, true) {
                            let held = decision.rows.holds(&row);
                            assert!(!held || purpose.name.as_str() == "legal_duty", "{role} {act} {}", object.name);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn who_runs_or_audits_the_system_reads_no_records() {
    let (catalog, policies) = shipped();
    for role in ["administrator", "auditor"] {
        let actor = actor(&RoleName::new(role).unwrap());
        // Colleagues' accounts are what the administrator runs; they are no customer data.
        for object in catalog.objects().filter(|o| o.name.as_str() != "user") {
            for purpose in catalog.purposes() {
                for act in Act::ALL {
                    for emergency in [false, true] {
                        let decision = policies.decide(&actor, &ask(&object.name, *act, &purpose.name, emergency));
                        assert_eq!(*decision, seal::policy::Decision::nothing());
                    }
                }
            }
            assert!(policies.purposes_for(&actor, &object.name).is_empty());
        }
    }
}

#[test]
fn the_shipped_matrix_survives_being_written() {
    let matrix = Matrix::parse("roles.toml", shipped::ROLES).unwrap();
    let again = Matrix::parse("roles.toml", &matrix.to_toml()).unwrap();
    assert_eq!(again, matrix);
    assert_eq!(again.to_toml(), matrix.to_toml());
    assert!(again.diff(&matrix).is_empty());
}
