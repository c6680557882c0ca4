//! What is refused when a policy or matrix is saved, with the reason it gives.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use expect_test::{Expect, expect};
use seal::policy::{Matrix, Policies, shipped, testing};

fn problems(matrix: &str, house: &str, expert: &[(&str, &str)]) -> String {
    let catalog = testing::catalog().unwrap();
    let matrix = match Matrix::parse("roles.toml", matrix) {
        Ok(matrix) => matrix,
        Err(problems) => return problems.iter().map(|p| format!("{p}\n")).collect(),
    };
    let expert: Vec<(String, String)> = expert.iter().map(|(id, text)| ((*id).into(), (*text).into())).collect();
    match Policies::compile(&catalog, &matrix, house, &expert) {
        Ok(_) => "fine\n".into(),
        Err(problems) => problems.iter().map(|p| format!("{p}\n")).collect(),
    }
}

fn expert(text: &str, told: Expect) {
    told.assert_eq(&problems("", shipped::HOUSE, &[("x", text)]));
}

#[test]
fn what_the_grammar_lets_through() {
    for body in [
        "resource has amount && resource.amount >= 1000000 && resource.amount < 5000000",
        "resource has status && [\"a\", \"b\"].contains(resource.status)",
        "resource has owner && principal in resource.owner",
        "resource has team && principal.subtree.contains(resource.team)",
        "principal.subtree.contains(Team::\"01990000-0000-7002-8000-000000000001\")",
        "principal.kind like \"t*\" || [\"care\"].containsAny([context.purpose])",
        "resource.live_purposes.contains(\"care\")",
    ] {
        let text = format!("permit (principal, action == Action::\"view\", resource is Thing) when {{ {body} }};");
        assert_eq!(problems("", shipped::HOUSE, &[("x", &text)]), "fine\n", "{body}");
    }
}

#[test]
fn what_does_not_compile() {
    let bodies = [
        "if resource.restricted then false else true",
        "resource has code && resource.code like \"a*\"",
        "resource has amount && resource.amount + 1 == 2",
        "resource.live_purposes.containsAny([\"care\"])",
        "resource.live_purposes.isEmpty()",
        "resource.live_purposes == [\"care\"]",
        "resource has owner && resource.owner has team",
        "resource has owner && resource.owner.kind == \"user\"",
        "resource has owner && resource.owner in Role::\"first\"",
        "resource has team && resource.team in principal",
        "resource has code && resource has status && resource.code == resource.status",
        "resource.owner == principal",
        "resource has owner && resource.owner == Actor::\"bob\"",
        "Actor::\"01990000-0000-7001-8000-000000000001\" in Role::\"first\"",
        "resource has size && resource.size == 1",
        "resource has code && ip(resource.code).isIpv4()",
        "ip(\"10.0.0.1\").isIpv4()",
        "if context.emergency then true else false",
        "resource has \"owner\" && [resource.owner].contains(principal)",
        "resource has nothing",
        "resource.restricted && resource.flag",
    ];
    let mut told = String::new();
    for body in bodies {
        let text = format!("permit (principal, action == Action::\"view\", resource is Thing) when {{ {body} }};");
        told += &format!("{body}\n{}", problems("", shipped::HOUSE, &[("x", &text)]));
    }
    expect![[r#"
        if resource.restricted then false else true
        expert/x: for thing: `if` does not compile: write it with `&&`, `||` and `!`
        resource has code && resource.code like "a*"
        expert/x: for thing: `resource.code like "a*"`: `like` on a record does not compile
        resource has amount && resource.amount + 1 == 2
        expert/x: for thing: `resource.amount + 1` does not compile: write an attribute of the record or a known value
        resource.live_purposes.containsAny(["care"])
        expert/x: for thing: `resource.live_purposes.containsAny(["care"])` does not compile: use ==, !=, <, <=, >, >=, in, contains, has, &&, || and !
        resource.live_purposes.isEmpty()
        expert/x: for thing: `resource.live_purposes.isEmpty()` does not compile
        resource.live_purposes == ["care"]
        expert/x: for thing: `resource.live_purposes == …`: use `.contains(…)`
        resource has owner && resource.owner has team
        expert/x: for thing: `resource.owner has team` does not compile
        resource has owner && resource.owner.kind == "user"
        expert/x: for thing: `resource.owner.kind`: nothing is known of `resource.owner` but that it is itself
        resource has owner && resource.owner in Role::"first"
        expert/x: for thing: `Role::"first"`: a record is only compared with users, teams and records of its kind
        resource has team && resource.team in principal
        expert/x: for thing: `resource.team in principal` is never true: a team is only in itself
        resource has code && resource has status && resource.code == resource.status
        expert/x: for thing: `code` is compared with `status` of the same record: only known values compile
        resource.owner == principal
        expert/x: for policy `expert/x`, unable to guarantee safety of access to optional attribute `owner` on entity type `Thing`: try testing for the attribute's presence with `e has owner && ..`
        resource has owner && resource.owner == Actor::"bob"
        expert/x: for thing: `Actor::"bob"`: ids are written as 8-4-4-4-12 hexadecimal digits
        Actor::"01990000-0000-7001-8000-000000000001" in Role::"first"
        expert/x: for thing: `Actor::"01990000-0000-7001-8000-000000000001" in Role::"first"` does not compile: it is not known when the question is asked
        resource has size && resource.size == 1
        expert/x: it can never apply to anything: something in it is always false
        resource has code && ip(resource.code).isIpv4()
        expert/x: for policy `expert/x`, extension constructors may not be called with non-literal expressions: consider applying extension constructors inside attribute values when constructing entity or context data
        expert/x: for thing: `ip(resource.code).isIpv4()` does not compile
        ip("10.0.0.1").isIpv4()
        expert/x: for thing: `ip("10.0.0.1").isIpv4()` does not compile: it is not known when the question is asked
        if context.emergency then true else false
        expert/x: for thing: `if` does not compile: write it with `&&`, `||` and `!`
        resource has "owner" && [resource.owner].contains(principal)
        expert/x: for thing: `[resource.owner]`: a list holds known values only
        resource has nothing
        expert/x: it can never apply to anything: something in it is always false
        resource.restricted && resource.flag
        expert/x: for policy `expert/x`, unable to guarantee safety of access to optional attribute `flag` on entity type `Thing`: try testing for the attribute's presence with `e has flag && ..`
    "#]].assert_eq(&told);
}

#[test]
fn a_rule_on_every_object_is_checked_against_each() {
    expert(
        "forbid (principal, action == Action::\"view\", resource)\n\
         when { resource is Thing && resource has code && resource.code like \"a*\" };",
        expect![[r#"
            expert/x: for thing: `resource.code like "a*"`: `like` on a record does not compile
        "#]],
    );
}

#[test]
fn clear_comes_with_masked() {
    expert(
        "permit (principal, action == Action::\"see_clear\", resource);",
        expect![[r#"
        expert/x: a permit of `see_clear` alone gives nothing, for who sees clear sees masked too: write `action in Action::"see_clear"`
    "#]],
    );
}

#[test]
fn one_policy_without_slots() {
    expert(
        "permit (principal, action == Action::\"view\", resource is",
        expect![[r#"
        expert/x:1: unexpected end of input
    "#]],
    );
    expert(
        "permit (principal in ?principal, action == Action::\"view\", resource);",
        expect![[r#"
        expert/x: `?principal` and `?resource` are for the matrix alone
    "#]],
    );
    expert(
        "permit (principal, action == Action::\"view\", resource is Thing);\n\
         permit (principal, action == Action::\"edit\", resource is Thing);",
        expect![[r#"
            expert/x: an expert policy is exactly one `permit` or `forbid`
        "#]],
    );
    expert(
        "permit (principal, action == Action::\"exports\", resource);",
        expect![[r#"
        expert/x: for policy `expert/x`, unrecognized action `Action::"exports"`: did you mean `Action::"export"`?
    "#]],
    );
}

#[test]
fn house_rules_have_names() {
    let house = "// a comment\n\nforbid (principal, action == Action::\"view\", resource is Thing);\n";
    expect![[r#"
        house.cedar:3: a house rule has no `@id("…")`: say one
    "#]]
    .assert_eq(&problems("", house, &[]));
}

#[test]
fn a_wrong_matrix_names_its_lines() {
    let matrix = "\
[roles.Sales]
label = { en = \"Sales\", zh = \"销售\" }

[roles.sales]
purposes = [\"care\", \"care\"]
system = [\"fly\"]
colour = \"red\"

[roles.sales.objects.thing]
view = \"everywhere\"
fly = \"all\"
levels = { not_personal = \"dim\" }
";
    expect![[r#"
        roles.toml:1: `Sales` is not a name: use 1 to 48 of a-z, 0-9 and _, beginning with a letter
        roles.toml:4: role `sales`: no `label`: say { en = "…", zh = "…" }
        roles.toml:5: `purposes`: `care` is said twice
        roles.toml:6: `fly` is not one of read_ledger, verify_ledger, manage_users, manage_roles, manage_objects, manage_keys, back_up, manage_tokens, see_metrics, read_bases, change_bases, erase_person, emergency_access, explain_any
        roles.toml:7: role `sales`: unknown key `colour`: label, about, purposes, system, emergency and objects are known
        roles.toml:10: `everywhere` is not one of none, own, team, subtree, all
        roles.toml:11: unknown key `fly`: view, create, edit, delete, import, export, reveal, levels and purposes are known
        roles.toml:12: `dim` is not one of none, masked, clear
    "#]].assert_eq(&problems(matrix, shipped::HOUSE, &[]));
    let matrix = "\
[roles.sales]
label = { en = \"Sales\", zh = \"销售\" }
purposes = [\"care\", \"fun\"]

[roles.sales.objects.thing]
view = \"team\"
edit = \"all\"
levels = { shoe_size = \"clear\" }

[roles.sales.objects.shoe]
view = \"all\"

[roles.quiet]
label = { en = \"Quiet\", zh = \"静\" }
[roles.quiet.objects.thing]
view = \"all\"
";
    expect![[r#"
        roles.toml:15: role `quiet`: `thing`: it may act, but for no purpose: say `purposes`
        roles.toml:3: role `sales`: there is no purpose `fun`
        roles.toml:10: role `sales`: there is no object `shoe`
        roles.toml:8: role `sales`: `thing`: there is no category `shoe_size`
        roles.toml:7: role `sales`: `thing`: edit = "all" is wider than view = "team": nobody acts on what they may not see
    "#]].assert_eq(&problems(matrix, shipped::HOUSE, &[]));
    expect![[r#"
        roles.toml:1: unclosed table, expected `]`
    "#]]
    .assert_eq(&problems("[roles.sales\n", shipped::HOUSE, &[]));
}
