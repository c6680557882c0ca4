//! What is refused when a policy or matrix is saved, with the reason it gives.

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
        "resource has owner && resource.owner == User::\"bob\"",
        "User::\"01990000-0000-7001-8000-000000000001\" in Role::\"first\"",
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
    expect![[r#""#]].assert_eq(&told);
}

#[test]
fn a_rule_on_every_object_is_checked_against_each() {
    expert(
        "forbid (principal, action == Action::\"view\", resource)\n\
         when { resource is Thing && resource has code && resource.code like \"a*\" };",
        expect![[r#""#]],
    );
}

#[test]
fn clear_comes_with_masked() {
    expert("permit (principal, action == Action::\"see_clear\", resource);", expect![[r#""#]]);
}

#[test]
fn one_policy_without_slots() {
    expert("permit (principal, action == Action::\"view\", resource is", expect![[r#""#]]);
    expert("permit (principal in ?principal, action == Action::\"view\", resource);", expect![[r#""#]]);
    expert(
        "permit (principal, action == Action::\"view\", resource is Thing);\n\
         permit (principal, action == Action::\"edit\", resource is Thing);",
        expect![[r#""#]],
    );
    expert("permit (principal, action == Action::\"fly\", resource);", expect![[r#""#]]);
}

#[test]
fn house_rules_have_names() {
    let house = "// a comment\n\nforbid (principal, action == Action::\"view\", resource is Thing);\n";
    expect![[r#""#]].assert_eq(&problems("", house, &[]));
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
    expect![[r#""#]].assert_eq(&problems(matrix, shipped::HOUSE, &[]));
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
    expect![[r#""#]].assert_eq(&problems(matrix, shipped::HOUSE, &[]));
    expect![[r#""#]].assert_eq(&problems("[roles.sales\n", shipped::HOUSE, &[]));
}
