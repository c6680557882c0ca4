//! What policy costs: compiling, deciding afresh and from the cache, and asking a condition of a row.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark stops at a fault and prints")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use kernel::{Actor, ActorId, ActorKind, ObjectName, PurposeName, RoleName, TeamId};
use model::Catalog;
use seal::policy::{Act, Ask, Attr, Impact, Literal, Matrix, Policies, Row, SystemAct, shipped};

struct Sample;

impl Row for Sample {
    fn get(&self, attr: &Attr) -> Option<Literal> {
        match attr {
            Attr::Owner => Some(Literal::User(ActorId::from_bytes([9; 16]))),
            Attr::Team => Some(Literal::Team(TeamId::from_bytes([4; 16]))),
            Attr::Restricted => Some(Literal::Bool(false)),
            _ => None,
        }
    }

    fn live(&self, purpose: &str) -> bool {
        purpose == "account_care"
    }
}

fn policy(c: &mut Criterion) {
    let (purposes, objects) = model::shipped();
    let catalog = Catalog::parse(&purposes, &objects).unwrap();
    let matrix = Matrix::parse("roles.toml", shipped::ROLES).unwrap();
    let compile = || Policies::compile(&catalog, &matrix, shipped::HOUSE, &[]).unwrap();
    let policies = compile();
    println!("{} policies", policies.texts().count());
    let actor = |n: u64| {
        let mut id = [1; 16];
        id[8..].copy_from_slice(&n.to_be_bytes());
        Actor {
            id: ActorId::from_bytes(id),
            kind: ActorKind::User,
            roles: vec![RoleName::new("sales_manager").unwrap(), RoleName::new("quality").unwrap()],
            team: Some(TeamId::from_bytes([1; 16])),
            subtree: (1..6).map(|n| TeamId::from_bytes([n; 16])).collect(),
        }
    };
    let object = ObjectName::new("contact").unwrap();
    let purpose = PurposeName::new("account_care").unwrap();
    let ask = Ask { object: &object, act: Act::View, purpose: &purpose, emergency: false };

    c.bench_function("compile the seeded matrix", |b| b.iter(compile));
    let mut n = 0;
    c.bench_function("decide afresh (rows and every category)", |b| {
        b.iter(|| {
            n += 1;
            policies.decide(&actor(n), &ask)
        })
    });
    let me = actor(0);
    c.bench_function("decide from the cache", |b| b.iter(|| policies.decide(black_box(&me), black_box(&ask))));
    c.bench_function("system act from the cache", |b| {
        b.iter(|| policies.system(black_box(&me), SystemAct::ReadLedger))
    });
    let decision = policies.decide(&me, &ask);
    println!("rows: {}", decision.rows);
    c.bench_function("holds, one row", |b| b.iter(|| black_box(&decision.rows).holds(black_box(&Sample))));
    c.bench_function("explain one record", |b| b.iter(|| policies.explain(&me, &ask, &Sample)));
    let mut other = matrix.clone();
    other.roles.remove("quality");
    let other = Policies::compile(&catalog, &other, shipped::HOUSE, &[]).unwrap();
    c.bench_function("impact on one actor, kept answers", |b| {
        b.iter(|| Impact::of(&policies, &other, std::slice::from_ref(&me)))
    });
}

criterion_group!(benches, policy);
criterion_main!(benches);
