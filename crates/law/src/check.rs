//! What a pack must satisfy beyond its grammar: every name it uses exists, every request it names has an answer.

use std::collections::BTreeMap;

use crate::{
    Problem,
    calendar::Calendars,
    condition::{Condition, FactKind},
    error::line_of,
    pack::{Pack, Request, Role, SECTIONS, Status},
    period::Period,
};

struct Check<'a> {
    file: &'a str,
    text: &'a str,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn say(&mut self, at: usize, what: impl Into<String>) {
        self.problems.push(Problem::new(self.file, line_of(self.text, at), what));
    }
}

/// Everything that is wrong with a pack.
pub(crate) fn pack(file: &str, text: &str, pack: &Pack, calendars: &Calendars) -> Vec<Problem> {
    let mut check = Check { file, text, problems: Vec::new() };
    heads(&mut check, pack, calendars);
    names(&mut check, pack, calendars);
    for (at, place, period) in periods(pack) {
        if !pack.counting.contains_key(&period.counting) {
            check.say(at, format!("{place}: no counting rule `{}`", period.counting));
        }
        if let Some(name) = &period.promised
            && pack.fact.get(name).is_none_or(|f| f.get_ref().kind != FactKind::Number)
        {
            check.say(at, format!("{place}: promised `{name}` is no number among the facts"));
        }
        if period.count < 0 {
            check.say(at, format!("{place}: count is negative"));
        }
    }
    for (at, place, condition) in conditions(pack) {
        for (fact, kind) in condition.asks() {
            match pack.fact.get(fact) {
                None => check.say(at, format!("{place}: asks for `{fact}`, which is not among the facts")),
                Some(def) if def.get_ref().kind != kind => {
                    check.say(at, format!("{place}: compares `{fact}` to something of another kind"));
                }
                Some(_) => {}
            }
        }
    }
    check.problems
}

fn heads(check: &mut Check<'_>, pack: &Pack, calendars: &Calendars) {
    for (section, name, head, at) in pack.rules() {
        let place = format!("{section}.{name}");
        match (head.status == Status::ToBeConfirmed, head.heard.is_some()) {
            (true, false) => check.say(at, format!("{place}: to be confirmed, so say `heard` (memory or secondary)")),
            (false, true) => check.say(at, format!("{place}: `heard` is for rules to be confirmed")),
            _ => {}
        }
        if head.article.trim().is_empty() || head.text.trim().is_empty() {
            check.say(at, format!("{place}: article and text must not be empty"));
        }
        if let (Some(from), Some(to)) = (head.valid_from, head.valid_to)
            && from > to
        {
            check.say(at, format!("{place}: ends before it begins"));
        }
        for region in head.regions {
            if calendars.get(region).is_none() {
                check.say(at, format!("{place}: no calendar for the region `{region}`"));
            }
        }
    }
}

fn names(check: &mut Check<'_>, pack: &Pack, calendars: &Calendars) {
    for region in pack.regions.iter().chain(&pack.default_region) {
        if calendars.get(region).is_none() {
            check.say(0, format!("no calendar for the region `{region}`"));
        }
    }
    for section in pack.extends.iter().flat_map(|e| &e.take) {
        if !SECTIONS.contains(&section.as_str()) {
            check.say(0, format!("extends: no section `{section}`: there are {}", SECTIONS.join(", ")));
        }
    }
    for (name, counting) in &pack.counting {
        if let Some(calendar) = &counting.get_ref().calendar
            && calendars.get(calendar).is_none()
        {
            check.say(counting.span().start, format!("counting.{name}: no calendar `{calendar}`"));
        }
    }
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, request) in &pack.request {
        for called in std::iter::once(name).chain(&request.get_ref().also) {
            // One name for two rules is right only if the one ends before the other begins.
            let apart = |other: &str| {
                let (a, b) = (request.get_ref(), pack.request[other].get_ref());
                let before =
                    |x: &Request, y: &Request| x.valid_to.zip(y.valid_from).is_some_and(|(to, from)| to < from);
                before(a, b) || before(b, a)
            };
            if let Some(other) = seen.insert(called, name)
                && !apart(other)
            {
                check.say(request.span().start, format!("request.{name}: `{called}` is also a name of {other}"));
            }
        }
        let answered = pack.deadline.values().map(|d| d.get_ref()).any(|d| {
            matches!(d.role, Role::Answer | Role::Confirm) && d.requests.iter().any(|r| r == name || r == "*")
        });
        if !request.get_ref().push && !answered {
            check.say(request.span().start, format!("request.{name}: no deadline answers it"));
        }
    }
    for (at, place, requests) in requests(pack) {
        for request in requests.iter().filter(|r| *r != "*") {
            if !pack.request.contains_key(request) {
                check.say(at, format!("{place}: no request `{request}`"));
            }
        }
    }
    for (name, counter) in &pack.counter {
        let fills = &counter.get_ref().fills;
        if pack.fact.get(fills).is_none_or(|f| f.get_ref().kind != FactKind::Number) {
            check.say(counter.span().start, format!("counter.{name}: `{fills}` is no number among the facts"));
        }
    }
    for (name, age) in &pack.age {
        let bands = &age.get_ref().bands;
        if bands.is_empty() || bands.windows(2).any(|pair| pair[0].under >= pair[1].under) {
            check.say(age.span().start, format!("age.{name}: bands rise from the youngest"));
        }
    }
    for (name, fact) in &pack.fact {
        let fact_def = fact.get_ref();
        if fact_def.default.as_ref().is_some_and(|d| d.kind() != fact_def.kind) {
            check.say(fact.span().start, format!("fact.{name}: the default is of another kind"));
        }
    }
}

fn requests(pack: &Pack) -> Vec<(usize, String, &[String])> {
    let mut all: Vec<(usize, String, &[String])> = Vec::new();
    for (name, r) in &pack.deadline {
        all.push((r.span().start, format!("deadline.{name}"), &r.get_ref().requests));
    }
    for (name, r) in &pack.clock {
        all.push((r.span().start, format!("clock.{name}"), &r.get_ref().requests));
    }
    for (name, r) in &pack.identity {
        all.push((r.span().start, format!("identity.{name}"), &r.get_ref().requests));
        if let Some(other) = &r.get_ref().otherwise {
            all.push((r.span().start, format!("identity.{name}"), std::slice::from_ref(other)));
        }
    }
    for (name, r) in &pack.agent {
        all.push((r.span().start, format!("agent.{name}"), &r.get_ref().requests));
    }
    for (name, r) in &pack.refusal {
        all.push((r.span().start, format!("refusal.{name}"), &r.get_ref().requests));
    }
    all
}

/// Every period of a pack: offset, place, period.
fn periods(pack: &Pack) -> Vec<(usize, String, &Period)> {
    let mut all = Vec::new();
    macro_rules! of {
        ($($section:ident . $field:ident),+ $(,)?) => {$(
            for (name, rule) in &pack.$section {
                for period in rule.get_ref().$field.iter() {
                    all.push((rule.span().start, format!(concat!(stringify!($section), ".{}"), name), period));
                }
            }
        )+};
    }
    of!(
        deadline.period,
        consent.wait,
        notice.periods,
        breach.period,
        breach.outer,
        duty.cycle,
        duty.keep,
        duty.period,
        transfer.period,
        retention.min,
        retention.max,
    );
    all
}

fn conditions(pack: &Pack) -> Vec<(usize, String, &Condition)> {
    let mut all: Vec<(usize, String, &Condition)> = pack
        .rules()
        .into_iter()
        .map(|(section, name, head, at)| (at, format!("{section}.{name}"), head.when))
        .collect();
    for (name, rule) in &pack.identity {
        all.push((rule.span().start, format!("identity.{name}"), &rule.get_ref().proof));
    }
    for (name, rule) in &pack.consent {
        all.push((rule.span().start, format!("consent.{name}"), &rule.get_ref().needs));
    }
    for (name, rule) in &pack.counter {
        all.push((rule.span().start, format!("counter.{name}"), &rule.get_ref().of));
    }
    for (name, rule) in &pack.notice {
        for item in &rule.get_ref().items {
            all.push((rule.span().start, format!("notice.{name}: {}", item.id), &item.when));
        }
    }
    all
}

/// The events a pack has rules for.
pub(crate) fn events(pack: &Pack) -> Vec<String> {
    let mut all: Vec<String> = periods(pack).into_iter().filter_map(|(_, _, p)| p.from.clone()).collect();
    for clock in pack.clock.values() {
        all.push(clock.get_ref().begins.clone());
        all.extend(clock.get_ref().ends.clone());
    }
    if pack.deadline.values().any(|d| d.get_ref().role == Role::Extension) {
        all.push("extension_notice".into());
    }
    all
}
