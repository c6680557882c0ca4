//! What happens to a running clock: pauses, restarts, and suspensions that are only a defence.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{ClockState, Event};
use crate::{
    Result,
    condition::Truth,
    library::Ground,
    pack::{Clock, Effect, PauseDays},
    period::Start,
    text::{Said, Why},
};

/// The clock after all events.
pub(super) struct Running {
    /// Where counting starts.
    pub start: Start,
    /// Whether an event moved the start.
    pub restarted: bool,
    /// Days that do not count.
    pub out: i32,
    /// Days that would not count under the generous reading.
    pub defence: i32,
    /// What it does now.
    pub state: ClockState,
}

/// Plays the events.
pub(super) fn play(
    ground: Ground<'_>,
    request: &str,
    start: Start,
    events: &[Event],
    why: &mut Vec<Why>,
) -> Result<Running> {
    let mut run = Running { start, restarted: false, out: 0, defence: 0, state: ClockState::Running };
    let rules: Vec<(&str, &Clock)> = ground
        .live(&ground.pack.clock)
        .filter(|(_, rule, truth)| *truth == Truth::Yes && rule.requests.iter().any(|r| r == request || r == "*"))
        .map(|(name, rule, _)| (name, rule))
        .collect();
    // Restarts come first: a pause before the new start has nothing to stop.
    for (name, rule) in rules.iter().filter(|(_, r)| r.effect == Effect::Restart) {
        let (pairs, open) = spans(ground, rule, events);
        let latest = events
            .iter()
            .filter(|e| Some(&e.kind) == rule.ends.as_ref())
            .map(|e| Start::of(e.at, ground.calendar))
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .max_by_key(|s| s.date);
        if let Some(later) = latest.filter(|s| s.date > run.start.date) {
            (run.start, run.restarted) = (later, true);
            let said = Said::new(format!("The clock starts on {}.", later.date), format!("期间自{}起算。", later.date));
            why.push(ground.why("clock", name, *rule).here(said));
        } else if let Some(since) = open {
            run.state = ClockState::Waiting;
            why.push(ground.why("clock", name, *rule).here(waiting(since)));
        } else if !pairs.is_empty() {
            why.push(ground.why("clock", name, *rule));
        }
    }
    let mut out: BTreeSet<Date> = BTreeSet::new();
    for (name, rule) in rules.iter().filter(|(_, r)| r.effect != Effect::Restart) {
        let (pairs, open) = spans(ground, rule, events);
        let mut days: BTreeSet<Date> = BTreeSet::new();
        for (from, to) in &pairs {
            let mut day = match rule.days {
                PauseDays::BothOut => *from,
                PauseDays::Difference => from.tomorrow()?,
            };
            while day <= *to {
                if day >= run.start.date {
                    days.insert(day);
                }
                day = day.tomorrow()?;
            }
        }
        let count = i32::try_from(days.len()).unwrap_or(i32::MAX);
        match rule.effect {
            Effect::Pause if !pairs.is_empty() => {
                out.append(&mut days);
                let said = Said::new(format!("{count} days do not count."), format!("其中{count}日不计入。"));
                why.push(ground.why("clock", name, *rule).here(said));
            }
            Effect::Note if !pairs.is_empty() => {
                run.defence = run.defence.max(count);
                let said = Said::new(
                    format!("A suspension of {count} days is possible as a defence; the strict date stays."),
                    format!("可主张中止{count}日作为抗辩；严格期限不变。"),
                );
                why.push(ground.why("clock", name, *rule).here(said));
            }
            Effect::None if !pairs.is_empty() || open.is_some() => why.push(ground.why("clock", name, *rule)),
            _ => {}
        }
        if let (Effect::Pause, Some(since)) = (rule.effect, open) {
            run.state = ClockState::Paused;
            why.push(ground.why("clock", name, *rule).here(waiting(since)));
        }
    }
    run.out = i32::try_from(out.len()).unwrap_or(i32::MAX);
    Ok(run)
}

fn waiting(since: Date) -> Said {
    Said::new(
        format!("The clock stands since {since}; the date shown is the one without the pause, and provisional."),
        format!("自{since}起期间停止计算；所示日期未计入停止天数，为暂定日期。"),
    )
}

/// The finished spans of a rule in order, and the beginning of one still open.
fn spans(ground: Ground<'_>, rule: &Clock, events: &[Event]) -> (Vec<(Date, Date)>, Option<Date>) {
    let date = |event: &Event| event.at.date(ground.calendar.zone());
    let mut events: Vec<(Date, bool)> = events
        .iter()
        .filter_map(|e| match () {
            () if e.kind == rule.begins => Some((date(e), true)),
            () if Some(&e.kind) == rule.ends.as_ref() => Some((date(e), false)),
            () => None,
        })
        .collect();
    // On one day the question comes before its answer.
    events.sort_by_key(|(day, begins)| (*day, !begins));
    let (mut pairs, mut open) = (Vec::new(), None);
    for (day, begins) in events {
        match (begins, open) {
            (true, None) => open = Some(day),
            (false, Some(from)) => {
                pairs.push((from, day));
                open = None;
            }
            _ => {}
        }
    }
    (pairs, open)
}
