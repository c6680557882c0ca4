//! The standing test of the one filter: for random matrices, policies, actors and rows, the SQL that a grant becomes,
//! `Condition::holds` and Cedar's own authorizer agree on every row, in both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kernel::{Actor, PurposeName, RecordId};
use model::{Catalog, Object, Value};
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use seal::{
    Fields, Gate, Stored,
    policy::{
        Act, Attr, Literal, Matrix, Policies, shipped,
        testing::{self, TestRow},
    },
};
use store::{Batch, NewRow, Step, Store};
use testkit::TestHouse;

const NOW: &str = "2026-11-23T08:00:00Z";

/// The two databases with the tables of the small catalog.
struct Bench {
    runtime: tokio::runtime::Runtime,
    stores: Vec<Store>,
    catalog: Arc<Catalog>,
    _dir: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let catalog = Arc::new(testing::catalog().unwrap());
        let objects: Vec<&Object> = catalog.objects().map(AsRef::as_ref).collect();
        let stores = runtime.block_on(async {
            let postgres = Store::connect(&TestHouse::postgres_database().await).await.unwrap();
            let stores = vec![Store::open_folder(dir.path()).unwrap(), postgres];
            for store in &stores {
                store.shape(&objects).await.unwrap();
            }
            stores
        });
        Self { runtime, stores, catalog, _dir: dir }
    }

    /// Leaves these rows alone in the tables.
    fn fill(&self, rows: &[TestRow]) {
        let now = NOW.parse().unwrap();
        for store in &self.stores {
            let mut batch = Batch::new("test.filled");
            for object in self.catalog.objects() {
                batch.push(Step::new(format!("delete from r_{}", object.name), Vec::new()));
            }
            for row in rows {
                let object = self.catalog.object(&row.object).unwrap();
                let some = |attr: &Attr| row.values.get(attr);
                batch.push(store::insert(&NewRow {
                    object,
                    id: id(row),
                    person: None,
                    subject: [9; 16],
                    owner: some(&Attr::Owner).map(|v| if let Literal::User(id) = v { *id } else { unreachable!() }),
                    team: some(&Attr::Team).map(|v| if let Literal::Team(id) = v { *id } else { unreachable!() }),
                    live: row.live_set(&self.catalog),
                    live_until: None,
                    restricted: some(&Attr::Restricted) == Some(&Literal::Bool(true)),
                    at: now,
                    cells: cells(object, row),
                    blind: Vec::new(),
                }));
            }
            self.runtime.block_on(store.write(batch)).unwrap();
        }
    }
}

fn id(row: &TestRow) -> RecordId {
    match row.values[&Attr::Id] {
        Literal::Record(id) => id,
        _ => unreachable!("a record's id"),
    }
}

fn cells(object: &Object, row: &TestRow) -> Vec<(usize, Stored)> {
    let plain = |at: usize| {
        let field = &object.fields()[at];
        let value = match row.values.get(&Attr::Field(field.name.clone()))? {
            Literal::Text(text) => Value::Text(text.to_string()),
            Literal::Bool(yes) => Value::YesNo(*yes),
            Literal::Long(n) if matches!(field.kind, model::Kind::Date) => {
                let text = format!("{:04}-{:02}-{:02}", n / 10_000, n / 100 % 100, n % 100);
                Value::Date(text.parse().unwrap())
            }
            Literal::Long(n) => Value::Number(*n),
            other => unreachable!("a field of {other}"),
        };
        Some((at, Stored::Plain(value)))
    };
    (0..object.fields().len()).filter_map(plain).collect()
}

/// Rows with ids of their own: the first few keep the ids that policies name.
fn apart(mut rows: Vec<TestRow>) -> Vec<TestRow> {
    let mut taken = BTreeSet::new();
    for (n, row) in rows.iter_mut().enumerate() {
        if !taken.insert(id(row)) {
            let mut bytes = *id(row).as_bytes();
            bytes[8..12].copy_from_slice(&[0x81, 0, 0, u8::try_from(n).unwrap()]);
            row.values.insert(Attr::Id, Literal::Record(RecordId::from_bytes(bytes)));
            taken.insert(id(row));
        }
    }
    rows
}

/// Compiles, leaving out the few policies that can never apply: those are refused for that reason alone.
fn compile(catalog: &Catalog, matrix: &str, mut expert: Vec<(String, String)>) -> Policies {
    let matrix = Matrix::parse("roles.toml", matrix).unwrap();
    loop {
        match Policies::compile(catalog, &matrix, shipped::HOUSE, &expert) {
            Ok(policies) => return policies,
            Err(problems) => {
                for problem in problems {
                    assert!(problem.what.contains("it can never apply"), "{problem}");
                    expert.retain(|(id, _)| format!("expert/{id}") != problem.place);
                }
            }
        }
    }
}

/// What the three say of every row for every act; returns how many rows SQL found and how many it left.
fn agree(
    bench: &Bench,
    gate: &Gate,
    actor: &Actor,
    purpose: &PurposeName,
    emergency: bool,
    rows: &[TestRow],
) -> [usize; 2] {
    let mut seen = [0, 0];
    let now = NOW.parse().unwrap();
    for object in bench.catalog.objects() {
        let of: BTreeMap<RecordId, &TestRow> =
            rows.iter().filter(|row| row.object == object.name).map(|row| (id(row), row)).collect();
        for act in Act::ALL {
            let asked = seal::policy::Ask { object: &object.name, act: *act, purpose, emergency };
            let decided = gate.policies().decide(actor, &asked);
            let ask = seal::Ask {
                within: None,
                actor,
                object: &object.name,
                act: *act,
                purpose: Some(purpose.as_str()),
                fields: Fields::Nothing,
                uses: &[],
                emergency,
            };
            let granted = gate.grant(&ask);
            let found: Vec<BTreeSet<RecordId>> = match &granted {
                Ok(grant) => bench
                    .stores
                    .iter()
                    .map(|store| {
                        bench.runtime.block_on(store.ids(grant, &[], 1_000, now)).unwrap().into_iter().collect()
                    })
                    .collect(),
                // Nothing is asked of a database; then nobody else may say yes for a purpose the actor has.
                Err(_) => bench.stores.iter().map(|_| BTreeSet::new()).collect(),
            };
            let usable = gate.policies().purposes_for(actor, &object.name).contains(purpose)
                || emergency && gate.policies().emergency_purposes(actor, &object.name).contains(purpose);
            for (id, row) in &of {
                let cedar = gate.policies().explain(actor, &asked, *row);
                assert_eq!(cedar.trouble, None);
                assert_eq!(decided.rows.holds(*row), cedar.allowed, "{act}: {}\n{row:?}\n{cedar}", decided.rows);
                // The gate adds two things to the policies: the purpose is the actor's, and it is live for the row.
                let expected = cedar.allowed && usable && row.live.contains(purpose);
                for (store, found) in bench.stores.iter().zip(&found) {
                    let sql = found.contains(id);
                    assert_eq!(sql, expected, "{store:?} {act} {purpose}: {}\n{row:?}\n{cedar}", decided.rows);
                    seen[usize::from(sql)] += 1;
                }
            }
            assert!(found.iter().all(|found| found.iter().all(|id| of.contains_key(id))), "a row from nowhere");
        }
    }
    seen
}

#[test]
fn sql_holds_and_cedar_agree_on_every_row_of_both_databases() {
    let bench = Bench::new();
    let mut seen = [0, 0];
    let strategy = (
        testing::matrix(),
        testing::policies(),
        vec(testing::actor(), 1..4),
        vec(testing::row(), 8..24),
        testing::purpose(),
        prop::bool::weighted(0.2),
    );
    let mut runner = TestRunner::new(ProptestConfig { cases: 40, ..ProptestConfig::default() });
    let seen_in = std::cell::RefCell::new(&mut seen);
    runner
        .run(&strategy, |(matrix, expert, actors, rows, purpose, emergency)| {
            let rows = apart(rows);
            let policies = Arc::new(compile(&bench.catalog, &matrix, expert));
            let gate = Gate::new(Arc::clone(&bench.catalog), policies);
            bench.fill(&rows);
            for actor in &actors {
                let [left, found] = agree(&bench, &gate, actor, &purpose, emergency, &rows);
                let mut seen = seen_in.borrow_mut();
                seen[0] += left;
                seen[1] += found;
            }
            Ok(())
        })
        .unwrap();
    assert!(seen.iter().all(|n| *n > 200), "a test that sees both answers: {seen:?}");
}
