//! Why somebody may see something, what a change gives and takes, what the system lets whom do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use expect_test::expect;
use kernel::{Actor, ActorId, ActorKind, ObjectName, PurposeName, RoleName, TeamId};
use model::Catalog;
use seal::policy::{Act, Ask, Attr, Impact, Literal, Matrix, ObjectKey, Policies, Row, Scope, SystemAct, shipped};

const ME: ActorId = ActorId::from_bytes([1; 16]);

fn catalog() -> Catalog {
    let (purposes, objects) = model::shipped();
    Catalog::parse(&purposes, &objects).unwrap()
}

fn compile(matrix: &Matrix, expert: &[(&str, &str)]) -> Policies {
    let expert: Vec<(String, String)> = expert.iter().map(|(id, text)| ((*id).into(), (*text).into())).collect();
    match Policies::compile(&catalog(), matrix, shipped::HOUSE, &expert) {
        Ok(policies) => policies,
        Err(problems) => panic!("{problems:#?}"),
    }
}

fn matrix() -> Matrix {
    Matrix::parse("roles.toml", shipped::ROLES).unwrap()
}

fn actor(roles: &[&str]) -> Actor {
    let team = TeamId::from_bytes([1; 16]);
    let roles = roles.iter().map(|r| RoleName::new(r).unwrap()).collect();
    Actor { id: ME, kind: ActorKind::User, roles, team: Some(team), subtree: vec![team] }
}

struct Contact {
    team: u8,
    live: &'static [&'static str],
    restricted: bool,
}

impl Row for Contact {
    fn get(&self, attr: &Attr) -> Option<Literal> {
        match attr {
            Attr::Team => Some(Literal::Team(TeamId::from_bytes([self.team; 16]))),
            Attr::Restricted => Some(Literal::Bool(self.restricted)),
            _ => None,
        }
    }

    fn live(&self, purpose: &str) -> bool {
        self.live.contains(&purpose)
    }
}

fn name<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

fn explain(policies: &Policies, actor: &Actor, purpose: &str, act: Act, emergency: bool, row: &Contact) -> String {
    let (object, purpose): (ObjectName, PurposeName) = (name("contact"), name(purpose));
    policies.explain(actor, &Ask { object: &object, act, purpose: &purpose, emergency }, row).to_string()
}

#[test]
fn why_sales_sees_a_contact_of_its_team() {
    let policies = compile(&matrix(), &[]);
    let row = Contact { team: 1, live: &["account_care"], restricted: false };
    expect![[r#"
        allowed
          permitted by sales/contact/view/team: the role sales may view contact records of its own and of its team, for account_care, quoting, order_fulfilment
        communication: clear
          by sales/contact/clear/team: the role sales may see communication, contact_details, employment, identity of contact records of its own and of its team clear, for account_care, quoting, order_fulfilment
        contact_details: clear
          by sales/contact/clear/team: the role sales may see communication, contact_details, employment, identity of contact records of its own and of its team clear, for account_care, quoting, order_fulfilment
        employment: clear
          by sales/contact/clear/team: the role sales may see communication, contact_details, employment, identity of contact records of its own and of its team clear, for account_care, quoting, order_fulfilment
        identity: clear
          by sales/contact/clear/team: the role sales may see communication, contact_details, employment, identity of contact records of its own and of its team clear, for account_care, quoting, order_fulfilment
        records: not restricted and live_purposes contains "account_care" and (owner == user 01010101-0101-0101-0101-010101010101 or team == team 01010101-0101-0101-0101-010101010101)
    "#]].assert_eq(&explain(&policies, &actor(&["sales"]), "account_care", Act::View, false, &row));
}

#[test]
fn why_not() {
    let policies = compile(&matrix(), &[]);
    let sales = actor(&["sales"]);
    let mut told = String::new();
    let mut tell = |what: &str, purpose: &str, act, row: Contact| {
        let text = explain(&policies, &sales, purpose, act, false, &row);
        let lines: Vec<&str> = text.lines().take_while(|line| !line.contains(": none")).collect();
        told += &format!("{what}\n{}\n", lines.join("\n"));
    };
    let live = &["account_care"];
    tell("another team's", "account_care", Act::View, Contact { team: 9, live, restricted: false });
    tell("no live purpose", "quoting", Act::View, Contact { team: 1, live, restricted: false });
    tell("restricted", "account_care", Act::Edit, Contact { team: 1, live, restricted: true });
    tell("not theirs to use", "marketing", Act::View, Contact { team: 1, live: &["marketing"], restricted: false });
    tell("not a purpose", "fun", Act::View, Contact { team: 1, live, restricted: false });
    expect![[r#"
        another team's
        refused
          nothing permits it
        no live purpose
        refused
          forbidden by house/live_purpose: a record is read, changed or taken out only for a purpose that is live for its person
        restricted
        refused
          forbidden by house/restricted: processing is restricted for this person (GDPR art. 18): only a legal duty goes on
        not theirs to use
        refused
          nothing permits it
        not a purpose
        refused: there is no purpose fun
    "#]].assert_eq(&told);
}

#[test]
fn revealing_shows_what_is_masked() {
    let policies = compile(&matrix(), &[]);
    let row = Contact { team: 9, live: &["quality_safety"], restricted: false };
    let level = |act, emergency| {
        let text = explain(&policies, &actor(&["quality"]), "quality_safety", act, emergency, &row);
        text.lines().find(|line| line.starts_with("contact_details")).unwrap().to_owned()
    };
    assert_eq!(level(Act::View, false), "contact_details: masked");
    assert_eq!(level(Act::Reveal, false), "contact_details: clear");
    assert_eq!(level(Act::View, true), "contact_details: clear");
    assert_eq!(level(Act::Export, false), "contact_details: none");
}

#[test]
fn an_expert_policy_takes_a_category_away() {
    let rule = "@why(\"notes stay with those who wrote them\")\n\
                forbid (principal, action in Action::\"see_clear\", resource is Contact)\n\
                when { context.category == \"communication\" }\n\
                unless { resource has owner && resource.owner == principal };";
    let policies = compile(&matrix(), &[("notes", rule)]);
    let row = Contact { team: 1, live: &["account_care"], restricted: false };
    let text = explain(&policies, &actor(&["sales"]), "account_care", Act::View, false, &row);
    let notes: Vec<&str> = text.lines().skip_while(|l| !l.starts_with("communication")).take(2).collect();
    expect![[r#"
        communication: none
          by expert/notes: notes stay with those who wrote them"#]]
    .assert_eq(&notes.join("\n"));
    let (object, purpose) = (name("contact"), name("account_care"));
    let ask = Ask { object: &object, act: Act::View, purpose: &purpose, emergency: false };
    let decision = policies.decide(&actor(&["sales"]), &ask);
    let conditions = format!(
        "rows: {}\nnotes: {}\nby: {}",
        decision.rows,
        decision.clear[&name::<kernel::Category>("communication")],
        decision.policies.join(" ")
    );
    expect![[r#"
        rows: not restricted and live_purposes contains "account_care" and (owner == user 01010101-0101-0101-0101-010101010101 or team == team 01010101-0101-0101-0101-010101010101)
        notes: owner == user 01010101-0101-0101-0101-010101010101 and not restricted and live_purposes contains "account_care"
        by: expert/notes house/live_purpose house/restricted sales/contact/clear/team sales/contact/view/team"#]].assert_eq(&conditions);
}

#[test]
fn a_change_says_who_gains_and_who_loses() {
    let old = compile(&matrix(), &[]);
    let mut edited = matrix();
    let sales = name("sales");
    edited.rules_mut(&sales, ObjectKey::Named(name("contact"))).unwrap().scopes.insert(Act::Export, Scope::Own);
    edited.rules_mut(&sales, ObjectKey::Named(name("part"))).unwrap().scopes.remove(&Act::View);
    edited.rules_mut(&sales, ObjectKey::Named(name("lead"))).unwrap().scopes.insert(Act::Edit, Scope::Own);
    edited.roles.get_mut(&sales).unwrap().system.insert(SystemAct::SeeMetrics);
    let diff: Vec<String> = edited.diff(&matrix()).iter().map(ToString::to_string).collect();
    expect![[r#"
        sales/contact/export: none → own
        sales/lead/edit: team → own
        sales/part/view: all → none
        sales/system/see_metrics: none → yes"#]]
    .assert_eq(&diff.join("\n"));
    let rule = "forbid (principal, action == Action::\"edit\", resource is Contact)\n\
                when { resource has team && resource.team == Team::\"01010101-0101-0101-0101-010101010101\" };";
    let new = compile(&edited, &[("freeze", rule)]);
    assert_ne!(old.version(), new.version());
    let found = Impact::of(&old, &new, &[actor(&["sales"]), actor(&["auditor"])]);
    let only = |i: &&Impact| !i.to_string().contains("quoting") && !i.to_string().contains("order_fulfilment");
    let told: Vec<String> = found.iter().filter(only).map(ToString::to_string).collect();
    expect![[r#"
        01010101-0101-0101-0101-010101010101 gains see_metrics
        01010101-0101-0101-0101-010101010101 loses edit contact for account_care: not restricted and live_purposes contains "account_care" and (owner == user 01010101-0101-0101-0101-010101010101 or team == team 01010101-0101-0101-0101-010101010101) → not restricted and live_purposes contains "account_care" and (owner == user 01010101-0101-0101-0101-010101010101 or team == team 01010101-0101-0101-0101-010101010101) and not (team == team 01010101-0101-0101-0101-010101010101)
        01010101-0101-0101-0101-010101010101 gains export contact for account_care: never → owner == user 01010101-0101-0101-0101-010101010101 and not restricted and live_purposes contains "account_care"
        01010101-0101-0101-0101-010101010101 loses edit lead for account_care: not restricted and live_purposes contains "account_care" and (owner == user 01010101-0101-0101-0101-010101010101 or team == team 01010101-0101-0101-0101-010101010101) → owner == user 01010101-0101-0101-0101-010101010101 and not restricted and live_purposes contains "account_care"
        01010101-0101-0101-0101-010101010101 loses view part for account_care: not restricted and live_purposes contains "account_care" → never
        01010101-0101-0101-0101-010101010101 loses masked commercial of part for account_care: not restricted and live_purposes contains "account_care" → never
        01010101-0101-0101-0101-010101010101 loses clear commercial of part for account_care: not restricted and live_purposes contains "account_care" → never
        01010101-0101-0101-0101-010101010101 loses masked not_personal of part for account_care: not restricted and live_purposes contains "account_care" → never
        01010101-0101-0101-0101-010101010101 loses clear not_personal of part for account_care: not restricted and live_purposes contains "account_care" → never"#]].assert_eq(&told.join("\n"));
    assert!(Impact::of(&old, &compile(&matrix(), &[]), &[actor(&["sales", "quality"])]).is_empty());
}

#[test]
fn purposes_in_order_of_preference() {
    let policies = compile(&matrix(), &[]);
    let of = |roles: &[&str], object: &str| {
        let list = policies.purposes_for(&actor(roles), &name(object));
        list.iter().map(|p| p.as_str().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of(&["sales"], "contact"), "account_care quoting order_fulfilment");
    assert_eq!(of(&["marketing", "sales"], "contact"), "marketing account_care quoting order_fulfilment");
    assert_eq!(of(&["auditor"], "contact"), "");
    assert_eq!(of(&["sales"], "nothing"), "");
    assert_eq!(policies.emergency_purposes(&actor(&["quality"]), &name("contact")), [name("quality_safety")]);
}

#[test]
fn system_acts() {
    let policies = compile(&matrix(), &[]);
    assert_eq!(
        policies.system(&actor(&["auditor"]), SystemAct::ReadLedger),
        Some(vec!["auditor/system/read_ledger".to_owned()])
    );
    assert_eq!(policies.system(&actor(&["administrator"]), SystemAct::ReadLedger), None);
    assert_eq!(policies.system(&actor(&[]), SystemAct::ManageUsers), None);
    assert!(policies.system(&actor(&["quality"]), SystemAct::EmergencyAccess).is_some());
}

#[test]
fn two_roles_do_not_lend_each_other_their_purposes() {
    let policies = compile(&matrix(), &[]);
    let both = actor(&["sales", "marketing"]);
    let (object, purpose) = (name("contact"), name("marketing"));
    let ask = |act| Ask { object: &object, act, purpose: &purpose, emergency: false };
    let details = name::<kernel::Category>("contact_details");
    let row = Contact { team: 1, live: &["marketing", "account_care"], restricted: false };
    assert_eq!(policies.decide(&both, &ask(Act::View)).level(&details, &row), kernel::Level::Masked);
    assert!(!policies.decide(&both, &ask(Act::Edit)).rows.holds(&row), "sales may edit, but not for marketing");
}

#[test]
fn what_the_seeded_matrix_becomes_is_strictly_valid() {
    let export = compile(&matrix(), &[]).export(&[], &[]).unwrap();
    let (schema, _) = Schema::from_cedarschema_str(&export.schema).unwrap();
    let result =
        Validator::new(schema).validate(&export.policies.parse::<PolicySet>().unwrap(), ValidationMode::Strict);
    assert!(result.validation_passed_without_warnings(), "{result}");
}

#[test]
fn the_exported_files_are_three() {
    let dir = tempfile::tempdir().unwrap();
    compile(&matrix(), &[]).export(&[actor(&["sales"])], &[]).unwrap().write(dir.path()).unwrap();
    for file in ["schema.cedarschema", "policies.cedar", "entities.json"] {
        assert!(std::fs::metadata(dir.path().join(file)).unwrap().len() > 100, "{file}");
    }
}
