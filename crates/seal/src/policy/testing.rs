//! Random matrices, policies, actors and rows over a small catalog, for the standing test that `holds`, SQL and Cedar
//! agree on every row. Behind the feature `testing`.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Actor, ActorId, ActorKind, FieldName, ObjectName, PurposeName, PurposeSet, RecordId, RoleName, TeamId};
use model::{Catalog, Document, Problem};
use proptest::{
    collection::{btree_set, vec},
    prelude::*,
    sample::{select, subsequence},
};

use super::{Act, Attr, Literal, Row};

const PURPOSES: &str = r#"
[laws.gdpr]
label = { en = "GDPR", zh = "GDPR" }
[laws.gdpr.bases]
contract = { en = "Contract", zh = "合同", article = "Art. 6(1)(b)" }
consent = { en = "Consent", zh = "同意", article = "Art. 6(1)(a)" }

[recipients.staff]
label = { en = "Own staff", zh = "本公司员工" }

[categories.not_personal]
label = { en = "Not personal", zh = "非个人信息" }
[categories.contact_details]
label = { en = "Contact details", zh = "联系方式" }
direct = true
[categories.employment]
label = { en = "Employment", zh = "工作信息" }

[purposes.care]
bit = 0
label = { en = "Care", zh = "维护" }
description = { en = "Care for customers.", zh = "维护客户。" }
bases = { gdpr = ["contract"] }
consent = "no"
retention = "3y after last_activity"
recipients = ["staff"]
dpv = "dpv:CustomerManagement"
[purposes.marketing]
bit = 1
label = { en = "Marketing", zh = "营销" }
description = { en = "Send news.", zh = "发送资讯。" }
bases = { gdpr = ["consent"] }
consent = "needed"
retention = "3y after last_activity"
recipients = ["staff"]
dpv = "dpv:DirectMarketing"
[purposes.legal_duty]
bit = 2
label = { en = "Legal duty", zh = "法定义务" }
description = { en = "Keep what the law asks.", zh = "履行法定义务。" }
bases = { gdpr = ["contract"] }
consent = "no"
retention = "10y after last_activity"
recipients = ["staff"]
dpv = "dpv:LegalObligation"
"#;

const THING: &str = r#"
name = "thing"
order = 1
label = { en = "Thing", zh = "物" }
plural = { en = "Things", zh = "物" }
icon = "box"
title = ["code"]
purposes = ["care", "marketing", "legal_duty"]

[fields.code]
label = { en = "Code", zh = "编码" }
kind = "text"
category = "not_personal"
because = "It names a thing."
[fields.status]
label = { en = "Status", zh = "状态" }
kind = "choice"
choices = [
  { value = "a", en = "A", zh = "甲" }, { value = "b", en = "B", zh = "乙" }, { value = "c", en = "C", zh = "丙" },
]
category = "not_personal"
because = "It describes a thing."
[fields.amount]
label = { en = "Amount", zh = "数量" }
kind = "number"
decimals = 2
category = "not_personal"
because = "It describes a thing."
[fields.since]
label = { en = "Since", zh = "自" }
kind = "date"
category = "not_personal"
because = "It describes a thing."
[fields.flag]
label = { en = "Flag", zh = "标记" }
kind = "yes_no"
category = "not_personal"
because = "It describes a thing."
"#;

const HUMAN: &str = r#"
name = "human"
order = 2
label = { en = "Human", zh = "人" }
plural = { en = "Humans", zh = "人" }
icon = "user"
person = true
title = ["nick"]
purposes = ["care", "marketing"]

[fields.nick]
label = { en = "Name", zh = "姓名" }
kind = "text"
category = "contact_details"
purposes = ["care", "marketing"]
mask = "all"
protect = "cell"
[fields.job]
label = { en = "Job", zh = "职务" }
kind = "text"
max = 60
category = "employment"
purposes = ["care"]
mask = "all"
protect = "disk"
"#;

/// The small catalog: `thing` is about nobody and has an attribute of every type, `human` is a person.
pub fn catalog() -> Result<Catalog, Vec<Problem>> {
    let document = |name: &str, text: &str| Document { name: name.into(), text: text.into() };
    let objects = [document("thing.toml", THING), document("human.toml", HUMAN)];
    Catalog::parse(&document("purposes.toml", PURPOSES), &objects)
}

const ROLES: [&str; 3] = ["first", "second", "third"];
const PURPOSE_NAMES: [&str; 3] = ["care", "marketing", "legal_duty"];

fn id(kind: u8, n: u8) -> [u8; 16] {
    [0x01, 0x99, 0, 0, 0, 0, 0x70, kind, 0x80, 0, 0, 0, 0, 0, 0, n]
}

fn user(n: u8) -> ActorId {
    ActorId::from_bytes(id(1, n))
}

fn team(n: u8) -> TeamId {
    TeamId::from_bytes(id(2, n))
}

fn record(n: u8) -> RecordId {
    RecordId::from_bytes(id(3, n))
}

/// An actor of three users, three roles and four teams.
pub fn actor() -> impl Strategy<Value = Actor> {
    let kinds = [ActorKind::User, ActorKind::Token, ActorKind::Job, ActorKind::Operator];
    let roles = subsequence(ROLES.to_vec(), 0..=ROLES.len());
    (0..3u8, select(kinds.to_vec()), roles, proptest::option::of(0..4u8), btree_set(0..4u8, 0..3)).prop_map(
        |(n, kind, roles, own, below)| {
            let mut subtree: BTreeSet<u8> = if own.is_some() { below } else { BTreeSet::new() };
            subtree.extend(own);
            Actor {
                id: user(n),
                kind,
                roles: roles.into_iter().filter_map(|r| RoleName::new(r).ok()).collect(),
                team: own.map(team),
                subtree: subtree.into_iter().map(team).collect(),
            }
        },
    )
}

/// A row with every attribute, or a few, of the small catalog's objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestRow {
    /// Of which object.
    pub object: ObjectName,
    /// Its attributes but the live purposes.
    pub values: BTreeMap<Attr, Literal>,
    /// Its live purposes.
    pub live: BTreeSet<PurposeName>,
}

impl TestRow {
    /// The set as it is stored, by a catalog's bits.
    pub fn live_set(&self, catalog: &Catalog) -> PurposeSet {
        self.live.iter().filter_map(|p| Some(catalog.purpose(p)?.purpose)).collect()
    }
}

impl Row for TestRow {
    fn get(&self, attr: &Attr) -> Option<Literal> {
        self.values.get(attr).cloned()
    }

    fn live(&self, purpose: &str) -> bool {
        self.live.contains(purpose)
    }
}

/// A row of `thing` or `human`; about half of the optional attributes are there.
pub fn row() -> impl Strategy<Value = TestRow> {
    let fields = (
        proptest::option::of(select(vec!["a", "b", "c"])),
        proptest::option::of(-2..3i64),
        proptest::option::of(select(vec![20_200_101i64, 20_260_630])),
        proptest::option::of(any::<bool>()),
        proptest::option::of(select(vec!["x", "y"])),
    );
    let common = (
        any::<bool>(),
        0..3u8,
        proptest::option::of(0..3u8),
        proptest::option::of(0..4u8),
        any::<bool>(),
        btree_set(select(PURPOSE_NAMES.to_vec()), 0..=3),
    );
    (common, fields).prop_map(|((thing, n, owner, own, restricted, live), (status, amount, since, flag, code))| {
        let mut values =
            BTreeMap::from([(Attr::Id, Literal::Record(record(n))), (Attr::Restricted, Literal::Bool(restricted))]);
        values.extend(owner.map(|n| (Attr::Owner, Literal::User(user(n)))));
        values.extend(own.map(|n| (Attr::Team, Literal::Team(team(n)))));
        let mut field = |name: &str, value: Option<Literal>| {
            values.extend(FieldName::new(name).ok().map(Attr::Field).zip(value));
        };
        if thing {
            field("status", status.map(|s| Literal::Text(s.into())));
            field("amount", amount.map(|a| Literal::Long(a * 1_000_000)));
            field("since", since.map(Literal::Long));
            field("flag", flag.map(Literal::Bool));
            field("code", code.map(|c| Literal::Text(c.into())));
        }
        let name = if thing { "thing" } else { "human" };
        let live = live.into_iter().filter_map(|p| PurposeName::new(p).ok()).collect();
        TestRow { object: object(name), values, live }
    })
}

#[expect(clippy::expect_used, reason = "both names are literals above and fit")]
fn object(name: &str) -> ObjectName {
    ObjectName::new(name).expect("a literal")
}

/// A purpose of the small catalog.
pub fn purpose() -> impl Strategy<Value = PurposeName> {
    select(PURPOSE_NAMES.to_vec()).prop_filter_map("a name", |p| PurposeName::new(p).ok())
}

/// An act.
pub fn act() -> impl Strategy<Value = Act> {
    select(Act::ALL.to_vec())
}

fn listed(words: &BTreeSet<&str>) -> String {
    let words: Vec<String> = words.iter().map(|w| format!("\"{w}\"")).collect();
    format!("[{}]", words.join(", "))
}

/// The text of a matrix with the three roles.
pub fn matrix() -> impl Strategy<Value = String> {
    let scopes = ["none", "own", "team", "subtree", "all"];
    let rules = (0..5usize, vec(0..5usize, 6), vec(0..4usize, 3), btree_set(select(PURPOSE_NAMES.to_vec()), 1..=3));
    let rules = rules.prop_map(move |(view, others, levels, purposes)| {
        let mut text = format!("view = \"{}\"\n", scopes[view]);
        for (act, scope) in ["create", "edit", "delete", "import", "export", "reveal"].iter().zip(others) {
            let widest = if matches!(*act, "create" | "import") { 4 } else { view };
            text += &format!("{act} = \"{}\"\n", scopes[scope.min(widest)]);
        }
        let levels: Vec<String> = ["not_personal", "contact_details", "\"*\""]
            .iter()
            .zip(levels)
            .filter(|(_, level)| *level < 3)
            .map(|(category, level)| format!("{category} = \"{}\"", ["none", "masked", "clear"][level]))
            .collect();
        text + &format!("levels = {{ {} }}\npurposes = {}\n", levels.join(", "), listed(&purposes))
    });
    let role = (rules.clone(), rules, btree_set(select(PURPOSE_NAMES.to_vec()), 0..=2));
    vec(role, 3).prop_map(|roles| {
        let mut text = String::new();
        for (name, (thing, human, emergency)) in ROLES.iter().zip(roles) {
            text += &format!(
                "[roles.{name}]\nlabel = {{ en = \"{name}\", zh = \"{name}\" }}\nemergency = {}\n\
                 [roles.{name}.objects.thing]\n{thing}[roles.{name}.objects.human]\n{human}",
                listed(&emergency)
            );
        }
        text
    })
}

/// An expression inside the grammar, guarded as strict validation wants it.
fn expression() -> impl Strategy<Value = String> {
    let fixed = [
        "resource has owner && resource.owner == principal",
        "resource has owner && principal != resource.owner",
        "resource has owner && principal in resource.owner",
        "resource has owner",
        "resource has team && resource.team in principal.subtree",
        "resource has team && principal.subtree.contains(resource.team)",
        "principal has team && resource has team && resource.team == principal.team",
        "resource has team && principal has team && !(principal.team == resource.team)",
        "!(resource has team && resource.team in principal.subtree)",
        "resource.live_purposes.contains(context.purpose)",
        "resource.live_purposes.contains(\"marketing\")",
        "resource.restricted",
        "resource.restricted == false",
        "resource has flag && resource.flag",
        "resource has flag && resource.flag != true",
        "resource has status && [\"a\", \"b\"].contains(resource.status)",
        "resource has code && resource.code != \"x\"",
        "resource has since && resource.since >= 20260101",
        "context.emergency",
        "context.purpose == \"care\"",
        "[\"care\", \"legal_duty\"].contains(context.purpose)",
        "principal.kind == \"user\"",
        "principal.kind like \"t*\"",
        "principal in Role::\"first\"",
        "principal has team",
    ];
    let atom = prop_oneof![
        6 => select(fixed.to_vec()).prop_map(str::to_owned),
        1 => (0..3u8).prop_map(|n| format!("resource has owner && resource.owner == Actor::\"{}\"", user(n))),
        1 => btree_set(0..4u8, 1..3).prop_map(|teams| {
            let list: Vec<String> = teams.into_iter().map(|n| format!("Team::\"{}\"", team(n))).collect();
            format!("resource has team && resource.team in [{}]", list.join(", "))
        }),
        1 => select(vec!["a", "b", "z"]).prop_map(|s| format!("resource has status && resource.status == \"{s}\"")),
        2 => (select(vec!["<", "<=", ">", ">=", "==", "!="]), -2..3i64, any::<bool>()).prop_map(|(op, n, turned)| {
            let n = n * 1_000_000;
            if turned {
                format!("resource has amount && {n} {op} resource.amount")
            } else {
                format!("resource has amount && resource.amount {op} {n}")
            }
        }),
    ];
    atom.prop_map(|atom| format!("({atom})")).prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.prop_map(|a| format!("!{a}")),
        ]
    })
}

/// The text of one expert policy inside the grammar. A few can never apply, and are rightly refused.
pub fn policy() -> impl Strategy<Value = String> {
    let actions = vec![
        "action",
        "action == Action::\"view\"",
        "action in [Action::\"view\", Action::\"edit\", Action::\"export\"]",
        "action in Action::\"see_clear\"",
        "action == Action::\"see_masked\"",
        "action in [Action::\"view\", Action::\"see_clear\"]",
    ];
    let principals = vec!["principal", "principal in Role::\"second\"", "principal is Actor"];
    let clauses = vec((any::<bool>(), expression()), 0..3);
    (any::<bool>(), select(principals), select(actions), any::<Option<bool>>(), 0..3u8, clauses).prop_map(
        |(permit, principal, action, thing, n, clauses)| {
            // System acts share no attribute with records: a policy on both could say nothing of either.
            let resource = match (thing, n) {
                (None, 0) if action != "action" => "resource".to_owned(),
                (Some(true), 0) => format!("resource == Thing::\"{}\"", record(n)),
                (Some(false), _) => "resource is Human".to_owned(),
                _ => "resource is Thing".to_owned(),
            };
            let effect = if permit { "permit" } else { "forbid" };
            let mut text = format!("{effect} ({principal}, {action}, {resource})");
            if n == 2 && action.contains("see_") && !action.contains("view") {
                text += "\nwhen { context.category == \"employment\" || context.act == \"reveal\" }";
            }
            for (when, expression) in clauses {
                text += &format!("\n{} {{ {expression} }}", if when { "when" } else { "unless" });
            }
            text + ";"
        },
    )
}

/// Expert policies by id.
pub fn policies() -> impl Strategy<Value = Vec<(String, String)>> {
    vec(policy(), 0..4).prop_map(|list| list.into_iter().enumerate().map(|(n, text)| (format!("p{n}"), text)).collect())
}
