//! One holiday as data, and the holidays of a year worked out from them.

use jiff::{
    Span,
    civil::{Date, Weekday, date},
};
use serde::{Deserialize, Deserializer, de};

/// A day of the week as written in data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Day {
    pub(crate) fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}

/// Month and day, `12-25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MonthDay(i8, i8);

impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let parsed = text.split_once('-').and_then(|(m, d)| Some((m.parse().ok()?, d.parse().ok()?)));
        match parsed {
            // A leap year, so that 02-29 may be named.
            Some((m, d)) if Date::new(2024, m, d).is_ok() => Ok(Self(m, d)),
            _ => Err(de::Error::custom(format!("`{text}` is no day of the year: write 12-25"))),
        }
    }
}

impl MonthDay {
    fn of(self, year: i16) -> Option<Date> {
        Date::new(year, self.0, self.1).ok()
    }
}

/// `days = { nth = 3, weekday = "monday", month = 1 }`; `nth = -1` is the last of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nth {
    nth: i8,
    weekday: Day,
    month: i8,
}

/// The first such weekday on or after a day, or the last on or before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Near {
    weekday: Day,
    #[serde(default)]
    on_or_after: Option<MonthDay>,
    #[serde(default)]
    on_or_before: Option<MonthDay>,
}

/// What happens when a holiday falls on a day off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Substitute {
    /// On these weekdays the day is made up for.
    on: Vec<Day>,
    /// The next day that is neither weekend nor holiday; `next_day`: neither Sunday nor holiday; `previous`: the day before.
    to: To,
    /// Also when it falls together with another holiday (Korea).
    #[serde(default)]
    clash: bool,
    /// From this year on.
    #[serde(default)]
    from: Option<i16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    NextWorkingDay,
    NextDay,
    Previous,
}

/// One holiday of a calendar.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    name: String,
    /// The same day each year.
    #[serde(default)]
    fixed: Option<MonthDay>,
    /// Days after Easter Sunday (Gregorian).
    #[serde(default)]
    easter: Option<i32>,
    /// Days after Orthodox Easter Sunday.
    #[serde(default)]
    orthodox: Option<i32>,
    #[serde(default)]
    nth: Option<Nth>,
    #[serde(default)]
    near: Option<Near>,
    /// Days a government names year by year.
    #[serde(default, deserialize_with = "days")]
    dates: Vec<Date>,
    #[serde(default)]
    from: Option<i16>,
    #[serde(default)]
    to: Option<i16>,
    /// Regions that keep it; none named: all.
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    substitute: Option<Substitute>,
}

/// Reads a list of dates, bare or quoted.
pub(crate) fn days<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Date>, D::Error> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct One(#[serde(deserialize_with = "crate::moment::day")] Date);
    Ok(Vec::<One>::deserialize(from)?.into_iter().map(|one| one.0).collect())
}

impl Holiday {
    pub(crate) fn check<'a>(&self, regions: impl Iterator<Item = &'a String> + Clone) -> Result<(), String> {
        let ways = usize::from(self.fixed.is_some())
            + usize::from(self.easter.is_some())
            + usize::from(self.orthodox.is_some())
            + usize::from(self.nth.is_some())
            + usize::from(self.near.is_some())
            + usize::from(!self.dates.is_empty());
        if ways != 1 {
            return Err(format!("holiday `{}`: exactly one of fixed, easter, orthodox, nth, near, dates", self.name));
        }
        if let Some(near) = self.near
            && near.on_or_after.is_some() == near.on_or_before.is_some()
        {
            return Err(format!("holiday `{}`: one of on_or_after and on_or_before", self.name));
        }
        if let Some(nth) = self.nth
            && date(2024, 1, 1).nth_weekday_of_month(nth.nth, Weekday::Monday).is_err()
        {
            return Err(format!("holiday `{}`: nth is 1 to 4, or -1 for the last", self.name));
        }
        for name in &self.only {
            if !regions.clone().any(|r| r == name) {
                return Err(format!("holiday `{}`: no region `{name}` in this file", self.name));
            }
        }
        Ok(())
    }

    fn base(&self, year: i16) -> Vec<Date> {
        let after = |day: Date, n: i32| day.checked_add(Span::new().days(n)).ok();
        let one = if let Some(fixed) = self.fixed {
            fixed.of(year)
        } else if let Some(n) = self.easter {
            after(easter(year), n)
        } else if let Some(n) = self.orthodox {
            after(orthodox_easter(year), n)
        } else if let Some(nth) = self.nth {
            Date::new(year, nth.month, 1).and_then(|d| d.nth_weekday_of_month(nth.nth, nth.weekday.weekday())).ok()
        } else if let Some(near) = self.near {
            near.of(year)
        } else {
            return self.dates.iter().copied().filter(|d| d.year() == year).collect();
        };
        one.into_iter().collect()
    }

    fn kept(&self, year: i16, region: Option<&str>) -> bool {
        let here = self.only.is_empty() || region.is_some_and(|r| self.only.iter().any(|o| o == r));
        here && self.from.is_none_or(|from| year >= from) && self.to.is_none_or(|to| year <= to)
    }
}

impl Near {
    fn of(self, year: i16) -> Option<Date> {
        let weekday = self.weekday.weekday();
        if let Some(start) = self.on_or_after {
            let start = start.of(year)?;
            return start.checked_add(Span::new().days(i32::from(start.weekday().until(weekday)))).ok();
        }
        let end = self.on_or_before?.of(year)?;
        end.checked_sub(Span::new().days(i32::from(end.weekday().since(weekday)))).ok()
    }
}

/// The holidays of a year in order, substitutes included.
pub(crate) fn of_year<'a>(
    holidays: &'a [Holiday],
    year: i16,
    region: Option<&str>,
    weekend: &[Weekday],
    bridge: bool,
) -> Vec<(Date, &'a str)> {
    let mut days: Vec<(Date, &Holiday)> = holidays
        .iter()
        .filter(|h| h.kept(year, region))
        .flat_map(|h| h.base(year).into_iter().map(move |day| (day, h)))
        .collect();
    days.sort_by_key(|(day, _)| *day);
    let mut all: Vec<(Date, &str)> = days.iter().map(|(day, h)| (*day, h.name.as_str())).collect();
    let mut made_up: Vec<Date> = Vec::new();
    for (at, (day, holiday)) in days.iter().enumerate() {
        let Some(rule) = &holiday.substitute else { continue };
        let falls = rule.on.iter().any(|d| d.weekday() == day.weekday());
        let clash = rule.clash && days.iter().enumerate().any(|(n, (d, _))| n != at && d == day);
        // Two holidays on one day are made up for once.
        if !(falls || clash) || rule.from.is_some_and(|from| year < from) || made_up.contains(day) {
            continue;
        }
        made_up.push(*day);
        let mut to = *day;
        for _ in 0..14 {
            let next = if rule.to == To::Previous { to.yesterday() } else { to.tomorrow() };
            let Ok(next) = next else { break };
            to = next;
            let off = match rule.to {
                To::NextWorkingDay => weekend.contains(&to.weekday()),
                To::NextDay => to.weekday() == Weekday::Sunday,
                To::Previous => false,
            };
            if !off && !all.iter().any(|(d, _)| *d == to) {
                break;
            }
        }
        all.push((to, holiday.name.as_str()));
    }
    if bridge {
        // Between two holidays proper; a substitute day makes no bridge.
        let between: Vec<Date> = days
            .windows(2)
            .filter_map(|pair| {
                let middle = pair[0].0.tomorrow().ok()?;
                (middle.tomorrow().ok()? == pair[1].0).then_some(middle)
            })
            .collect();
        all.extend(between.into_iter().map(|day| (day, "bridge day")));
    }
    all.retain(|(day, _)| day.year() == year);
    all.sort_by_key(|(day, _)| *day);
    all.dedup_by_key(|(day, _)| *day);
    all
}

/// Easter Sunday of the Gregorian calendar (the anonymous computus, Nature 1876).
pub fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let (month, day) = (n / 31, n % 31 + 1);
    Date::new(year, month as i8, day as i8).unwrap_or(Date::MAX)
}

/// Easter Sunday of the Orthodox churches, as a Gregorian date (Meeus; valid 1900 to 2099).
pub fn orthodox_easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 4, y % 7, y % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let n = d + e + 114;
    let julian = Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).unwrap_or(Date::MAX);
    julian.saturating_add(Span::new().days(13))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_of_known_years() {
        for (y, m, d) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2285, 3, 22)] {
            assert_eq!(easter(y), date(y, m, d));
        }
        for (y, m, d) in [(2024, 5, 5), (2025, 4, 20), (2026, 4, 12), (2027, 5, 2)] {
            assert_eq!(orthodox_easter(y), date(y, m, d));
        }
    }
}
