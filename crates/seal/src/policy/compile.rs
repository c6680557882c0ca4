//! From matrix, house rules and expert policies to one checked set.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    str::FromStr,
};

use cedar_policy::{
    ActionConstraint, Effect, EntityUid, Policy, PolicyId, PolicySet, ResourceConstraint, SlotId, Template,
    ValidationMode, ValidationWarning, Validator, pst,
};
use kernel::{Actor, ActorId, ActorKind, Category, ObjectName, RoleName, TeamId};
use miette::Diagnostic;
use model::Catalog;

use super::{
    Act, Ask, Decision, Matrix, PolicyProblem, SystemAct,
    cache::Cache,
    decide::{AskKey, SystemKey},
    entity::{self, Fault},
    grammar::Reader,
    rules::{self, About, Rule},
    schema::{Shape, World},
};

/// The longest text of house rules, and of one expert policy, in bytes.
const LONGEST: usize = 64 * 1024;

/// Every rule of the house, checked and ready to be asked; immutable, so share it in an `Arc`.
pub struct Policies {
    pub(super) version: u64,
    pub(super) world: World,
    pub(super) matrix: Matrix,
    pub(super) parts: HashMap<(About, ObjectName), Part>,
    pub(super) system: Part,
    /// Everything at once: what the independent second opinion of [`Policies::explain`] asks.
    pub(super) all: PolicySet,
    pub(super) words: BTreeMap<String, String>,
    /// The text of every policy with its links filled in, by id.
    pub(super) texts: BTreeMap<String, String>,
    pub(super) decisions: Cache<AskKey, Decision>,
    pub(super) systems: Cache<SystemKey, Option<Vec<String>>>,
}

/// The policies that one kind of question meets.
#[derive(Default)]
pub(super) struct Part {
    templates: Vec<(Template, Rule)>,
    statics: Vec<Policy>,
    /// Whether a house rule or expert policy among them asks for the category.
    pub(super) by_category: bool,
}

/// Which templates of a part a question meets, by place: what else than these differs from category to category is said
/// by [`Part::by_category`].
pub(super) type Met = Vec<usize>;

impl Part {
    /// The templates that can concern this actor and question.
    pub(super) fn met(&self, roles: &[RoleName], ask: &Ask<'_>, category: Option<&Category>) -> Met {
        let meets = |rule: &Rule| rule.when.meets(ask, category) && rule.links.values().any(|r| roles.contains(r));
        self.templates.iter().enumerate().filter(|(_, (_, rule))| meets(rule)).map(|(at, _)| at).collect()
    }

    /// These templates, linked to those of the roles that have them, and the other policies.
    pub(super) fn set(&self, roles: &[RoleName], met: &Met) -> Result<PolicySet, Fault> {
        let mut set = PolicySet::new();
        for (template, rule) in met.iter().filter_map(|at| self.templates.get(*at)) {
            set.add_template(template.clone())?;
            for (link, role) in rule.links.iter().filter(|(_, role)| roles.contains(role)) {
                link_to(&mut set, template.id().clone(), link, role)?;
            }
        }
        for policy in &self.statics {
            set.add(policy.clone())?;
        }
        Ok(set)
    }

    /// Every template and policy, for questions without purpose.
    pub(super) fn whole(&self, roles: &[RoleName]) -> Result<PolicySet, Fault> {
        let has = |rule: &Rule| rule.links.values().any(|role| roles.contains(role));
        let met = self.templates.iter().enumerate().filter(|(_, (_, rule))| has(rule)).map(|(at, _)| at).collect();
        self.set(roles, &met)
    }
}

fn link_to(set: &mut PolicySet, template: PolicyId, link: &str, role: &RoleName) -> Result<(), Fault> {
    let role = HashMap::from([(SlotId::principal(), entity::uid("Role", role)?)]);
    Ok(set.link(template, PolicyId::new(link), role)?)
}

/// A house rule or an expert's policy.
struct Written {
    policy: Policy,
    place: String,
    line: Option<usize>,
}

impl Policies {
    /// Compiles everything, or tells every problem.
    ///
    /// `house` is the text of `house.cedar`: each policy has an `@id("…")`, and may have a `@why("…")` in words.
    /// `expert` are further policies by id, one `permit` or `forbid` each.
    pub fn compile(
        catalog: &Catalog,
        matrix: &Matrix,
        house: &str,
        expert: &[(String, String)],
    ) -> Result<Self, Vec<PolicyProblem>> {
        let world = World::of(catalog)?;
        let mut problems = matrix.problems(&world);
        let mut written = of_definitions(&world, &mut problems);
        written.append(&mut read_house(house, &mut problems));
        for (id, text) in expert {
            read_expert(id, text, &mut written, &mut problems);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let rules = rules::of(matrix, &world);
        let mut all = PolicySet::new();
        let fault = |e: Fault| vec![PolicyProblem::new("policies", None, e.to_string())];
        let templates =
            rules.iter().map(|rule| add_rule(&mut all, rule).map_err(fault)).collect::<Result<Vec<Template>, _>>()?;
        let never = validate(&world, &written, &mut problems);
        for one in &written {
            check(&world, one, &mut problems);
        }
        // A policy that is wrong in some other way is told so, and not also that it never applies.
        for problem in never {
            if !problems.iter().any(|other| (&other.place, other.line) == (&problem.place, problem.line)) {
                problems.push(problem);
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        for one in &written {
            all.add(one.policy.clone()).map_err(|error| fault(error.into()))?;
        }
        let (parts, system) = partition(&world, &rules, templates, &written);
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let mut words = BTreeMap::new();
        for rule in &rules {
            for (link, role) in &rule.links {
                texts.insert(link.clone(), format!("@id(\"{link}\")\n{}", rule.linked(role)));
                words.insert(link.clone(), format!("the role {role} {}", rule.words));
            }
        }
        for one in &written {
            let id = one.policy.id().to_string();
            texts.insert(id.clone(), text_with_id(&one.policy).map_err(fault)?);
            let what = if one.policy.effect() == Effect::Forbid { "forbids" } else { "permits" };
            let said = one.policy.annotation("why").filter(|why| !why.is_empty()).map(str::to_owned);
            words.insert(id.clone(), said.unwrap_or_else(|| format!("the policy {id} {what} it")));
        }
        let version = version(&world, matrix, &texts);
        let policies = Self {
            version,
            world,
            matrix: matrix.clone(),
            parts,
            system,
            all,
            words,
            texts,
            decisions: Cache::new(),
            systems: Cache::new(),
        };
        if !expert.is_empty() {
            policies.try_out(&written)?;
        }
        Ok(policies)
    }

    /// A number that differs when anything differs: definitions, matrix, house rules, expert policies.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The matrix it was compiled from.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// The schema generated from the definitions, in Cedar's own syntax.
    pub fn schema(&self) -> &str {
        &self.world.text
    }

    /// Every policy with its links filled in, by id.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(id, text)| (id.as_str(), text.as_str()))
    }

    /// Asks every object and act on behalf of two telling actors, past the cache. [`check`] lets nothing through that
    /// could fail here; this is the second lock on the same door.
    fn try_out(&self, written: &[Written]) -> Result<(), Vec<PolicyProblem>> {
        let roles: Vec<RoleName> = self.matrix.roles.keys().cloned().collect();
        let team = |n: u8| TeamId::from_bytes([n; 16]);
        let actor = |roles: Vec<RoleName>, team: Option<TeamId>, subtree: Vec<TeamId>| Actor {
            id: ActorId::from_bytes([7; 16]),
            kind: ActorKind::User,
            roles,
            team,
            subtree,
        };
        let actors = [actor(Vec::new(), None, Vec::new()), actor(roles, Some(team(1)), vec![team(1), team(2)])];
        let mut problems = BTreeSet::new();
        for actor in &actors {
            for shape in self.world.shapes.values() {
                // One purpose of the object, which its rules let through furthest, and one that is not.
                let (own, other): (Vec<_>, Vec<_>) =
                    self.world.purposes.iter().partition(|p| shape.purposes.contains(p));
                for purpose in own.into_iter().take(1).chain(other.into_iter().take(1)) {
                    for act in Act::ALL {
                        let ask = Ask { object: &shape.name, act: *act, purpose, emergency: false };
                        if let Err(error) = self.find(actor, &ask) {
                            problems.insert(blame(written, &error.to_string()));
                        }
                    }
                }
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.into_iter().collect()) }
    }
}

fn blame(written: &[Written], error: &str) -> PolicyProblem {
    let author = written.iter().find(|w| error.contains(&format!("`{}`", w.policy.id())));
    match author {
        Some(one) => PolicyProblem::new(&one.place, one.line, error),
        None => PolicyProblem::new("policies", None, error),
    }
}

fn add_rule(all: &mut PolicySet, rule: &Rule) -> Result<Template, Fault> {
    let template = Template::parse(Some(PolicyId::new(&rule.id)), rule.template())?;
    all.add_template(template.clone())?;
    for (link, role) in &rule.links {
        link_to(all, template.id().clone(), link, role)?;
    }
    Ok(template)
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count()
}

/// A diagnostic's own words, its advice, and its line in the text.
fn told(error: &impl Diagnostic, text: &str) -> (String, Option<usize>) {
    let line = error.labels().and_then(|mut labels| labels.next()).map(|label| line_at(text, label.offset()));
    let what = match error.help() {
        Some(help) => format!("{error}: {help}"),
        None => error.to_string(),
    };
    (what, line)
}

fn read(place: &str, text: &str, problems: &mut Vec<PolicyProblem>) -> Option<PolicySet> {
    if text.len() > LONGEST {
        problems.push(PolicyProblem::new(place, None, format!("it is longer than {LONGEST} bytes")));
        return None;
    }
    match PolicySet::from_str(text) {
        Ok(set) if set.num_of_templates() == 0 => Some(set),
        Ok(_) => {
            problems.push(PolicyProblem::new(place, None, "`?principal` and `?resource` are for the matrix alone"));
            None
        }
        Err(errors) => {
            for error in errors.iter() {
                let (what, line) = told(error, text);
                problems.push(PolicyProblem::new(place, line, what));
            }
            None
        }
    }
}

/// What the definitions say themselves: each object is used for its own purposes only.
fn of_definitions(world: &World, problems: &mut Vec<PolicyProblem>) -> Vec<Written> {
    let mut written = Vec::new();
    for shape in world.shapes.values() {
        let names: Vec<&str> = shape.purposes.iter().map(|p| p.as_str()).collect();
        let why = format!("a {} is used for {} only", shape.name, names.join(", "));
        let mut text = format!("@why(\"{why}\")\nforbid (principal, action, resource is {})", shape.entity);
        if !names.is_empty() {
            text += &format!("\nunless {{ [\"{}\"].contains(context.purpose) }}", names.join("\", \""));
        }
        let place = format!("definition/{}", shape.name);
        match Policy::parse(Some(PolicyId::new(&place)), text + ";") {
            Ok(policy) => written.push(Written { policy, place, line: None }),
            Err(errors) => problems.push(PolicyProblem::new(place, None, errors.to_string())),
        }
    }
    written
}

fn read_house(text: &str, problems: &mut Vec<PolicyProblem>) -> Vec<Written> {
    const PLACE: &str = "house.cedar";
    let Some(set) = read(PLACE, text, problems) else { return Vec::new() };
    let mut written = Vec::new();
    for policy in set.policies() {
        // Where the policy begins: its text is a slice of the whole.
        let line = policy.to_cedar().and_then(|own| text.find(own.as_str())).map(|at| line_at(text, at));
        match policy.annotation("id").map(good_id) {
            Some(Ok(id)) => {
                let policy = policy.new_id(PolicyId::new(format!("house/{id}")));
                written.push(Written { policy, place: PLACE.into(), line });
            }
            Some(Err(what)) => problems.push(PolicyProblem::new(PLACE, line, what)),
            None => problems.push(PolicyProblem::new(PLACE, line, "a house rule has no `@id(\"…\")`: say one")),
        }
    }
    written.sort_by_key(|one| one.line);
    written
}

fn read_expert(id: &str, text: &str, written: &mut Vec<Written>, problems: &mut Vec<PolicyProblem>) {
    let place = format!("expert/{id}");
    if let Err(what) = good_id(id) {
        problems.push(PolicyProblem::new("expert", None, what));
        return;
    }
    let Some(set) = read(&place, text, problems) else { return };
    let mut policies = set.policies();
    match (policies.next(), policies.next()) {
        (Some(policy), None) => {
            let policy = policy.new_id(PolicyId::new(&place));
            written.push(Written { policy, place, line: None });
        }
        _ => problems.push(PolicyProblem::new(place, None, "an expert policy is exactly one `permit` or `forbid`")),
    }
}

fn good_id(id: &str) -> Result<&str, String> {
    let good = (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if good { Ok(id) } else { Err("a policy's id is 1 to 64 of a-z, 0-9, _ and -".into()) }
}

/// Strict validation: types, known names, and a `has` before every attribute that may be missing. Answers with the
/// policies that never apply. What comes from the matrix is valid by the way it is made, which tests hold it to; to
/// validate it again would be most of the time that compiling takes.
fn validate(world: &World, written: &[Written], problems: &mut Vec<PolicyProblem>) -> Vec<PolicyProblem> {
    let mut set = PolicySet::new();
    for one in written {
        if let Err(error) = set.add(one.policy.clone()) {
            problems.push(PolicyProblem::new(&one.place, one.line, error.to_string()));
        }
    }
    let result = Validator::new(world.schema.clone()).validate(&set, ValidationMode::Strict);
    let find = |id: &PolicyId| written.iter().find(|one| one.policy.id() == id);
    for error in result.validation_errors() {
        let (what, _) = told(error, "");
        match find(error.policy_id()) {
            Some(one) => problems.push(PolicyProblem::new(&one.place, one.line, what)),
            None => problems.push(PolicyProblem::new("policies", None, what)),
        }
    }
    let never = result.validation_warnings().filter(|warning| {
        matches!(warning, ValidationWarning::ImpossiblePolicy(_) | ValidationWarning::InvalidActionApplication(_))
    });
    let never: BTreeSet<PolicyProblem> = never
        .filter_map(|warning| find(warning.policy_id()))
        .map(|one| {
            let what = "it can never apply to anything: something in it is always false";
            PolicyProblem::new(&one.place, one.line, what)
        })
        .collect();
    never.into_iter().collect()
}

/// That a policy can only leave a condition, for every object it may speak of.
fn check(world: &World, one: &Written, problems: &mut Vec<PolicyProblem>) {
    let mut problem = |what: String| problems.push(PolicyProblem::new(&one.place, one.line, what));
    if let (Effect::Permit, ActionConstraint::Eq(action)) = (one.policy.effect(), one.policy.action_constraint())
        && entity::action("see_clear").is_ok_and(|clear| clear == action)
    {
        problem(
            "a permit of `see_clear` alone gives nothing, for who sees clear sees masked too: write `action in \
             Action::\"see_clear\"`"
                .into(),
        );
    }
    let body = match one.policy.to_pst() {
        Ok(pst) => pst,
        Err(error) => return problem(error.to_string()),
    };
    let shapes: Vec<&Shape> = world.shapes.values().filter(|shape| concerns(&one.policy, shape)).collect();
    let refusals: BTreeMap<String, &ObjectName> = shapes
        .iter()
        .filter_map(|shape| Reader::check(shape, body.body().clauses()).err().map(|what| (what, &shape.name)))
        .collect();
    for (what, object) in refusals {
        problem(format!("for {object}: {what}"));
    }
}

/// Whether the scope of a policy lets records of the object through.
fn concerns(policy: &Policy, shape: &Shape) -> bool {
    let named = |uid: &EntityUid| uid.type_name().to_string() == shape.entity;
    match policy.resource_constraint() {
        ResourceConstraint::Any => true,
        ResourceConstraint::In(uid) | ResourceConstraint::Eq(uid) => named(&uid),
        ResourceConstraint::Is(ty) | ResourceConstraint::IsIn(ty, _) => ty.to_string() == shape.entity,
    }
}

/// Whether the scope of a policy lets one of these actions through.
fn speaks_of(policy: &Policy, actions: &[&str]) -> bool {
    let named = |uid: &EntityUid| actions.contains(&uid.id().unescaped());
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(uid) => named(&uid),
        // `see_masked` is in `see_clear`.
        ActionConstraint::In(uids) => uids.iter().any(named),
    }
}

/// Whether `category` occurs in it at all; better once too often than once too seldom.
fn asks_for_category(policy: &Policy) -> bool {
    policy.to_json().map_or(true, |json| json.to_string().contains("\"category\""))
}

fn partition(
    world: &World,
    rules: &[Rule],
    templates: Vec<Template>,
    written: &[Written],
) -> (HashMap<(About, ObjectName), Part>, Part) {
    let mut parts: HashMap<(About, ObjectName), Part> = HashMap::new();
    let mut system = Part::default();
    let words: Vec<&str> = SystemAct::ALL.iter().map(|a| a.word()).collect();
    system.statics = written.iter().map(|one| &one.policy).filter(|p| speaks_of(p, &words)).cloned().collect();
    for shape in world.shapes.values() {
        for about in Act::ALL.iter().map(|act| About::Act(*act)).chain([About::Level]) {
            let actions: &[&str] = match about {
                About::Act(act) => &[act.word()],
                _ => &["see_masked", "see_clear"],
            };
            let statics = written.iter().map(|one| &one.policy);
            let statics: Vec<Policy> =
                statics.filter(|p| speaks_of(p, actions) && concerns(p, shape)).cloned().collect();
            let by_category = about == About::Level && statics.iter().any(asks_for_category);
            parts.insert((about, shape.name.clone()), Part { templates: Vec::new(), statics, by_category });
        }
    }
    for (rule, template) in rules.iter().zip(templates) {
        let one = (template, rule.clone());
        match (&rule.object, rule.about) {
            (_, About::System) => system.templates.push(one),
            (Some(object), about) => {
                if let Some(part) = parts.get_mut(&(about, object.clone())) {
                    part.templates.push(one);
                }
            }
            (None, about) => {
                for (_, part) in parts.iter_mut().filter(|((of, _), _)| *of == about) {
                    part.templates.push(one.clone());
                }
            }
        }
    }
    (parts, system)
}

/// The text of a policy as written, with the id that the ledger and explanations use.
fn text_with_id(policy: &Policy) -> Result<String, Fault> {
    let body = policy.to_pst()?.body().clone();
    let mut annotations = body.annotations.clone();
    annotations.insert("id".into(), policy.id().to_string().into());
    let body = pst::StaticPolicy::try_from(body.with_annotations(annotations))?;
    let policy = Policy::from_pst(pst::Policy::Static(body))?;
    policy.to_cedar().ok_or_else(|| "a policy has no text".into())
}

fn version(world: &World, matrix: &Matrix, texts: &BTreeMap<String, String>) -> u64 {
    let mut digest = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    let mut add = |text: &str| {
        digest.update(&(text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    };
    add(&world.text);
    add(&matrix.to_toml());
    for shape in world.shapes.values() {
        add(&shape.name);
        shape.categories.iter().for_each(|category| add(category));
        shape.purposes.iter().for_each(|purpose| add(purpose));
    }
    world.purposes.iter().for_each(|purpose| add(purpose));
    for (id, text) in texts {
        add(id);
        add(text);
    }
    let mut first = [0; 8];
    first.copy_from_slice(&digest.finish().as_ref()[..8]);
    u64::from_be_bytes(first)
}
