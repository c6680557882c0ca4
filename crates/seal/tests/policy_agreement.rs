//! The standing test: for random matrices, policies, actors and rows, `Condition::holds` and Cedar's own authorizer
//! agree on every row, act and level. The store adds SQL as a third voice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision as CedarDecision, Entities, EntityUid, PolicySet, Request, Schema, ValidationMode,
    Validator,
};
use kernel::{Actor, PurposeName};
use proptest::{collection::vec, prelude::*};
use seal::policy::{
    Act, Ask, Matrix, Policies, Record, shipped,
    testing::{self, TestRow},
};

/// Compiles, leaving out the few policies that can never apply: those are refused for that reason alone.
fn compile(matrix: &str, mut expert: Vec<(String, String)>) -> Policies {
    let catalog = testing::catalog().unwrap();
    let matrix = Matrix::parse("roles.toml", matrix).unwrap();
    loop {
        let problems = match Policies::compile(&catalog, &matrix, shipped::HOUSE, &expert) {
            Ok(policies) => return policies,
            Err(problems) => problems,
        };
        for problem in problems {
            assert!(problem.what.contains("it can never apply"), "{problem}\n{expert:#?}");
            expert.retain(|(id, _)| format!("expert/{id}") != problem.place);
        }
    }
}

fn agree(policies: &Policies, actor: &Actor, row: &TestRow, purpose: &PurposeName, emergency: bool) {
    for act in Act::ALL {
        let ask = Ask { object: &row.object, act: *act, purpose, emergency };
        let decision = policies.decide(actor, &ask);
        let cedar = policies.explain(actor, &ask, row);
        assert_eq!(cedar.trouble, None);
        assert_eq!(decision.rows.holds(row), cedar.allowed, "{act}: {}\n{row:?}\n{cedar}", decision.rows);
        for (category, (level, _)) in &cedar.levels {
            assert_eq!(decision.level(category, row), *level, "{act} {category}\n{row:?}\n{cedar}");
        }
        for (category, clear) in &decision.clear {
            let masked = &decision.masked[category];
            assert!(!clear.holds(row) || masked.holds(row) && decision.rows.holds(row), "clear implies masked");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn holds_and_cedar_agree_on_every_row(
        matrix in testing::matrix(),
        expert in testing::policies(),
        actors in vec(testing::actor(), 1..3),
        rows in vec(testing::row(), 1..8),
        purpose in testing::purpose(),
        emergency in prop::bool::weighted(0.2),
    ) {
        let policies = compile(&matrix, expert);
        for actor in &actors {
            for row in &rows {
                agree(&policies, actor, row, &purpose, emergency);
            }
        }
    }

    #[test]
    fn an_outside_cedar_decides_the_same_from_the_exported_files(
        matrix in testing::matrix(),
        expert in testing::policies(),
        actor in testing::actor(),
        row in testing::row(),
        purpose in testing::purpose(),
    ) {
        let policies = compile(&matrix, expert);
        let record = Record { object: &row.object, row: &row };
        let export = policies.export(std::slice::from_ref(&actor), &[record]).unwrap();
        let (schema, _) = Schema::from_cedarschema_str(&export.schema).unwrap();
        let set = PolicySet::from_str(&export.policies).unwrap();
        prop_assert!(Validator::new(schema.clone()).validate(&set, ValidationMode::Strict).validation_passed());
        let entities = Entities::from_json_str(&export.entities, Some(&schema)).unwrap();
        let me: EntityUid = format!("Actor::\"{}\"", actor.id).parse().unwrap();
        let id = row.values[&seal::policy::Attr::Id].to_string().replace("record ", "");
        let ty = if row.object.as_str() == "thing" { "Thing" } else { "Human" };
        let it: EntityUid = format!("{ty}::\"{id}\"").parse().unwrap();
        for act in Act::ALL {
            let action: EntityUid = format!("Action::\"{act}\"").parse().unwrap();
            let context = serde_json::json!({ "purpose": purpose.as_str(), "emergency": false });
            let context = Context::from_json_value(context, Some((&schema, &action))).unwrap();
            let request = Request::new(me.clone(), action, it.clone(), context, Some(&schema)).unwrap();
            let theirs = Authorizer::new().is_authorized(&request, &set, &entities).decision();
            let ask = Ask { object: &row.object, act: *act, purpose: &purpose, emergency: false };
            let ours = policies.decide(&actor, &ask).rows.holds(&row);
            prop_assert_eq!(ours, theirs == CedarDecision::Allow, "{} {:?}", act, row);
        }
    }

    #[test]
    fn a_matrix_written_and_read_is_the_same(matrix in testing::matrix()) {
        let matrix = Matrix::parse("roles.toml", &matrix).unwrap();
        prop_assert_eq!(Matrix::parse("roles.toml", &matrix.to_toml()).unwrap(), matrix);
    }
}
