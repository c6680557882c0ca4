//! The period engine: from a start to an end, with each step told.

use jiff::{
    Span, Timestamp,
    civil::{Date, Weekday},
};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    calendar::Calendar,
    moment::{Moment, When, start_of_day},
    pack::{Clamp, Counting, Roll},
    text::Said,
};

/// A length with its unit and start.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// How many.
    pub count: i32,
    /// Of what.
    pub unit: Unit,
    /// The event it runs from, where it is not the matter's own start.
    #[serde(default)]
    pub from: Option<String>,
    /// The counting rule; `standard` by default.
    #[serde(default = "standard")]
    pub counting: String,
    /// A number the administrator promised: if stated and smaller, it counts instead.
    #[serde(default)]
    pub promised: Option<String>,
}

fn standard() -> String {
    "standard".into()
}

/// Units of length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Elapsed hours, whatever the clocks do.
    Hours,
    /// Days.
    CalendarDays,
    /// Working days of the calendar.
    BusinessDays,
    /// Months by date number.
    Months,
    /// Years by date number.
    Years,
}

impl Unit {
    pub(crate) fn words(self, count: i32) -> Said {
        let (one, many, zh) = match self {
            Self::Hours => ("hour", "hours", "小时"),
            Self::CalendarDays => ("calendar day", "calendar days", "日"),
            Self::BusinessDays => ("working day", "working days", "个工作日"),
            Self::Months => ("month", "months", "个月"),
            Self::Years => ("year", "years", "年"),
        };
        Said::new(format!("{count} {}", if count == 1 { one } else { many }), format!("{count}{zh}"))
    }
}

/// Where a period starts: an instant, and its date in the region.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// The local date.
    pub date: Date,
    /// The instant; only hours need it.
    pub at: Option<Timestamp>,
}

impl Start {
    /// The start for a moment stated by a person.
    pub fn of(moment: Moment, calendar: &Calendar) -> Result<Self> {
        Ok(Self { date: moment.date(calendar.zone()), at: Some(moment.instant(calendar.zone())?) })
    }

    /// The start of a day.
    pub fn day(date: Date) -> Self {
        Self { date, at: None }
    }
}

/// A period worked out.
#[derive(Debug, Clone)]
pub struct Reckoned {
    /// The end before any move.
    pub raw: Date,
    /// The end.
    pub end: When,
    /// The last working day at or before the raw end (the internal target).
    pub safe: Date,
    /// Days off that moved the end.
    pub moved: bool,
    /// Whether holidays decided (so that the calendar is a reason).
    pub used_calendar: bool,
    /// A year that is not loaded, if one was touched.
    pub missing_year: Option<i16>,
}

/// How to count: the rule and the calendar it uses.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The counting rule.
    pub counting: &'a Counting,
    /// Its calendar.
    pub calendar: &'a Calendar,
}

/// Works out a period of `count` `unit`s from a start; `out` days are left out of the count (pauses).
pub fn reckon(rules: Rules<'_>, count: i32, unit: Unit, start: Start, out: i32) -> Result<Reckoned> {
    let Rules { counting, calendar } = rules;
    let zone = calendar.zone();
    if unit == Unit::Hours {
        let from = match start.at {
            Some(at) => at,
            None => start_of_day(start.date, zone)?,
        };
        let end = from
            .checked_add(Span::new().hours(i64::from(count)))?
            .checked_add(Span::new().hours(24 * i64::from(out)))?;
        let end = When::at(end, zone);
        return Ok(Reckoned {
            raw: end.date(),
            end,
            safe: end.date(),
            moved: false,
            used_calendar: false,
            missing_year: None,
        });
    }
    let mut seen = Seen { calendar, missing: None };
    let raw = match unit {
        Unit::BusinessDays => {
            let first = if counting.first_day { start.date } else { start.date.tomorrow()? };
            seen.count(first, count)?
        }
        Unit::CalendarDays => add(start.date, Span::new().days(count - i32::from(counting.first_day)))?,
        Unit::Months => months(counting, start.date, count)?,
        Unit::Years | Unit::Hours => months(counting, start.date, count.saturating_mul(12))?,
    };
    let raw = add(raw, Span::new().days(out))?;
    let used = unit == Unit::BusinessDays;
    let (mut end, mut safe) = (raw, raw);
    let rolls = counting.roll == Roll::NextWorkingDay || (used && out > 0);
    if rolls {
        while !seen.works(end) {
            end = end.tomorrow()?;
        }
        while !seen.works(safe) && safe > start.date {
            safe = safe.yesterday()?;
        }
    }
    Ok(Reckoned {
        raw,
        end: When::end_of(end, zone)?,
        safe: add(safe, Span::new().days(-counting.internal_days_earlier))?.max(start.date.min(safe)),
        moved: end != raw,
        used_calendar: used || end != raw,
        missing_year: seen.missing,
    })
}

fn add(day: Date, span: Span) -> Result<Date> {
    Ok(day.checked_add(span)?)
}

fn months(counting: &Counting, start: Date, count: i32) -> Result<Date> {
    let mut end = add(start, Span::new().months(count))?;
    if counting.clamp == Clamp::NextMonth && end.day() != start.day() {
        end = end.tomorrow()?;
    }
    if counting.first_day { Ok(end.yesterday()?) } else { Ok(end) }
}

/// Asks the calendar and remembers whether it knew.
struct Seen<'a> {
    calendar: &'a Calendar,
    missing: Option<i16>,
}

impl Seen<'_> {
    fn works(&mut self, day: Date) -> bool {
        if !self.calendar.is_loaded(day) {
            self.missing.get_or_insert(day.year());
        }
        self.calendar.is_working(day)
    }

    /// The `count`th working day from `day` on, itself included.
    fn count(&mut self, mut day: Date, count: i32) -> Result<Date> {
        let mut left = count;
        loop {
            if self.works(day) {
                left -= 1;
            }
            if left <= 0 {
                return Ok(day);
            }
            day = day.tomorrow()?;
        }
    }
}

/// How a weekday is called.
pub(crate) fn weekday(day: Date) -> Said {
    let (en, zh) = match day.weekday() {
        Weekday::Monday => ("Monday", "星期一"),
        Weekday::Tuesday => ("Tuesday", "星期二"),
        Weekday::Wednesday => ("Wednesday", "星期三"),
        Weekday::Thursday => ("Thursday", "星期四"),
        Weekday::Friday => ("Friday", "星期五"),
        Weekday::Saturday => ("Saturday", "星期六"),
        Weekday::Sunday => ("Sunday", "星期日"),
    };
    Said::new(en, zh)
}
