//! What holds for every pack, every request and every day.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions clippy takes for tests")]

use jiff::{
    Span,
    civil::{Date, date},
};
use law::{DueAsk, Event, Fact, Library, Moment, Rules, Start, Unit, reckon};
use proptest::prelude::*;

fn library() -> &'static Library {
    static LIBRARY: std::sync::OnceLock<Library> = std::sync::OnceLock::new();
    LIBRARY.get_or_init(|| Library::shipped().unwrap())
}

/// Every pack with every request kind it names and one of its regions, Länder included.
fn questions() -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for pack in library().packs() {
        let inside = |c: &str| pack.regions.iter().any(|r| c == r || c.starts_with(&format!("{r}-")));
        for calendar in library().calendars().iter().filter(|c| inside(c.id())) {
            for (name, request) in &pack.request {
                if !request.get_ref().push {
                    all.push((pack.pack.clone(), calendar.id().to_owned(), name.clone()));
                }
            }
        }
    }
    all
}

fn ask(question: &(String, String, String), received: Date) -> DueAsk {
    DueAsk {
        pack: question.0.clone(),
        version: None,
        region: Some(question.1.clone()),
        request: question.2.clone(),
        received: Moment::Day(received),
        events: Vec::new(),
        facts: law::Facts::new(),
    }
}

prop_compose! {
    fn any_day()(n in 0i32..3650) -> Date {
        date(2024, 1, 1).checked_add(Span::new().days(n)).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn due_is_never_before_received(pick in any::<prop::sample::Index>(), received in any_day()) {
        let all = questions();
        let answer = library().due(&ask(pick.get(&all), received)).unwrap();
        for when in [answer.due, answer.extended_due, answer.confirm_by, answer.refusal_by, answer.extension_notice_by] {
            prop_assert!(when.is_none_or(|w| w.date() >= received));
        }
        prop_assert!(answer.earliest_internal.is_none_or(|d| d >= received && Some(d) <= answer.due.map(|w| w.date())));
    }

    #[test]
    fn an_extension_never_shortens(pick in any::<prop::sample::Index>(), received in any_day(), late in 0i32..5) {
        let all = questions();
        let mut question = ask(pick.get(&all), received);
        let plain = library().due(&question).unwrap();
        prop_assert!(plain.extended_due.is_none() || plain.extended_due >= plain.due);
        if let Some(by) = plain.extension_notice_by {
            let at = by.date().checked_sub(Span::new().days(late)).unwrap().max(received);
            question.events.push(Event {
                kind: "extension_notice".into(),
                at: Moment::Day(at),
                contains: None,
                until: Some(Moment::Day(by.date())),
            });
            prop_assert!(library().due(&question).unwrap().due >= plain.due);
        }
    }

    #[test]
    fn a_pause_never_shortens(received in any_day(), asked in 0i32..20, answered in 0i32..20) {
        let mut question = ask(&("uk_gdpr".into(), "GB-ENG".into(), "access".into()), received);
        let plain = library().due(&question).unwrap();
        let asked = received.checked_add(Span::new().days(asked)).unwrap();
        let answered = asked.checked_add(Span::new().days(answered)).unwrap();
        for (kind, day) in [("clarification_asked", asked), ("clarification_received", answered)] {
            let event = Event { kind: kind.into(), at: Moment::Day(day), contains: None, until: None };
            question.events.push(event);
        }
        prop_assert!(library().due(&question).unwrap().due >= plain.due);
    }

    #[test]
    fn counts_of_working_days_add_up(
        pick in any::<prop::sample::Index>(), start in any_day(), a in 1i32..40, b in 1i32..40,
    ) {
        let calendars: Vec<_> = library().calendars().iter().collect();
        let calendar = pick.get(&calendars);
        let pack = library().pack("pipl").unwrap();
        let rules = Rules { counting: pack.counting["workdays"].get_ref(), calendar };
        let after = |from: Date, n: i32| reckon(rules, n, Unit::BusinessDays, Start::day(from), 0).unwrap().end.date();
        prop_assert_eq!(after(after(start, a), b), after(start, a + b));
        prop_assert!(calendar.is_working(after(start, a)));
    }

    #[test]
    fn hours_are_elapsed_time(pick in any::<prop::sample::Index>(), day in any_day(), hour in 0i8..24, n in 1i32..200) {
        let calendars: Vec<_> = library().calendars().iter().collect();
        let calendar = pick.get(&calendars);
        let pack = library().pack("gdpr").unwrap();
        let rules = Rules { counting: pack.counting["hours"].get_ref(), calendar };
        let known = Moment::Local(day.at(hour, 30, 0, 0));
        let start = Start::of(known, calendar).unwrap();
        let end = reckon(rules, n, Unit::Hours, start, 0).unwrap().end.until();
        prop_assert_eq!(end.as_second() - start.at.unwrap().as_second(), i64::from(n) * 3600);
    }

    #[test]
    fn a_later_receipt_is_never_due_earlier(pick in any::<prop::sample::Index>(), received in any_day()) {
        let all = questions();
        let question = pick.get(&all);
        let today = library().due(&ask(question, received)).unwrap();
        let next = library().due(&ask(question, received.tomorrow().unwrap())).unwrap();
        if today.active && !today.provisional && !next.provisional {
            prop_assert!(next.due >= today.due);
        }
    }
}

#[test]
fn every_pack_answers_every_request_it_names() {
    for question in questions() {
        // A day on which all nine laws are live.
        let answer = library().due(&ask(&question, date(2027, 6, 1))).unwrap();
        let live = answer.active == (question.2 != "human_review_before");
        assert!(live, "{question:?}");
        let says = answer.due.is_some() || answer.promptly.is_some() || answer.confirm_by.is_some();
        assert!(says || !answer.active, "{question:?}");
        assert!(!answer.why.is_empty());
    }
}

#[test]
fn the_strictest_of_several_limits_leads() {
    let mut question = ask(&("pipl".into(), "CN".into(), "correct".into()), date(2026, 2, 9));
    question.facts.insert("cn.app".into(), Fact::YesNo(true));
    let answer = library().due(&question).unwrap();
    assert_eq!(answer.limits.len(), 2);
    assert_eq!(answer.due, answer.limits.values().map(|l| l.due).min());
    assert_eq!(answer.limits["gbt_answer"].due.to_string(), "2026-03-11");
    question.facts.insert("cn.promised_days".into(), Fact::Number(5));
    assert_eq!(library().due(&question).unwrap().due.unwrap().to_string(), "2026-02-14");
}
