//! Calendars of working days, read from data: rules where the law is a rule, lists where a government decides.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use jiff::{
    civil::{Date, Weekday, date},
    tz::{TimeZone, TimeZoneDatabase},
};
use serde::Deserialize;

use crate::{
    Problem,
    error::line_of,
    holiday::{self, Holiday},
    pack::{Heard, Status},
};

const FIRST: i16 = 2000;
const YEARS: usize = 100;

/// The file of one country (or set) with its regions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    calendar: String,
    name: String,
    zone: String,
    /// First and last year whose holidays are known; outside them only weekends count and the date is provisional.
    loaded: [i16; 2],
    #[serde(default = "saturday_sunday")]
    weekend: Vec<holiday::Day>,
    #[serde(default)]
    also: Vec<String>,
    /// A day between two holidays is a holiday (Japan).
    #[serde(default)]
    bridge: bool,
    #[serde(default)]
    source: Vec<toml::Spanned<Source>>,
    #[serde(default)]
    region: BTreeMap<String, toml::Spanned<Region>>,
    #[serde(default)]
    holiday: Vec<toml::Spanned<Holiday>>,
    /// Days of a weekend that are worked.
    #[serde(default)]
    workday: Vec<Workdays>,
}

fn saturday_sunday() -> Vec<holiday::Day> {
    vec![holiday::Day::Saturday, holiday::Day::Sunday]
}

/// Where a calendar's days come from, for all years or for some.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    #[serde(default)]
    years: Vec<i16>,
    /// The law or notice.
    pub article: String,
    /// How sure it is.
    pub status: Status,
    /// Where an unconfirmed list was heard.
    #[serde(default)]
    pub heard: Option<Heard>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Region {
    name: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    zone: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Workdays {
    #[serde(deserialize_with = "holiday::days")]
    dates: Vec<Date>,
}

/// The days off of one year, one bit a day, and the names of its holidays.
#[derive(Debug, Default)]
struct Year {
    off: [u64; 6],
    names: Vec<(Date, String)>,
}

impl Year {
    fn has(&self, day: Date) -> bool {
        let at = day.day_of_year() as usize - 1;
        self.off[at / 64] >> (at % 64) & 1 == 1
    }
    fn set(&mut self, day: Date, off: bool) {
        let at = day.day_of_year() as usize - 1;
        if off {
            self.off[at / 64] |= 1 << (at % 64);
        } else {
            self.off[at / 64] &= !(1 << (at % 64));
        }
    }
}

/// The working days of one region.
#[derive(Debug)]
pub struct Calendar {
    id: String,
    name: String,
    also: Vec<String>,
    zone: TimeZone,
    zone_name: String,
    loaded: [i16; 2],
    weekend: Vec<Weekday>,
    bridge: bool,
    sources: Vec<Source>,
    holidays: Arc<[Holiday]>,
    worked: Arc<[Date]>,
    region: Option<String>,
    years: Box<[OnceLock<Year>]>,
}

impl Calendar {
    /// Its name in questions: `DE`, `DE-BY`, `US-CA`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is a file's own calendar, not one of its regions.
    pub fn is_whole(&self) -> bool {
        self.region.is_none()
    }

    /// Other names it answers to.
    pub fn also(&self) -> &[String] {
        &self.also
    }

    /// The region's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The zone's IANA name.
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// Whether the holidays of this date's year are known.
    pub fn is_loaded(&self, day: Date) -> bool {
        (self.loaded[0]..=self.loaded[1]).contains(&day.year())
    }

    /// The first and last year whose holidays are known.
    pub fn loaded(&self) -> [i16; 2] {
        self.loaded
    }

    /// Where the days of a year come from.
    pub fn source(&self, year: i16) -> Option<&Source> {
        let own = self.sources.iter().find(|s| s.years.contains(&year));
        own.or_else(|| self.sources.iter().find(|s| s.years.is_empty()))
    }

    /// All sources, for the page that lists what is to be confirmed.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Whether one works on that day. In a year that is not loaded only weekends are off: fewer days off give the
    /// earlier, safer date.
    pub fn is_working(&self, day: Date) -> bool {
        match self.year(day.year()) {
            Some(year) => !year.has(day),
            None => !self.weekend.contains(&day.weekday()),
        }
    }

    /// The holiday's name, if the day is one (weekends have none).
    pub fn holiday(&self, day: Date) -> Option<&str> {
        self.holidays(day.year()).iter().find(|(date, _)| *date == day).map(|(_, name)| name.as_str())
    }

    /// The holidays of a year, in order, with their names.
    pub fn holidays(&self, year: i16) -> &[(Date, String)] {
        self.year(year).map_or(&[], |year| &year.names)
    }

    /// Worked out once, when first asked for.
    fn year(&self, year: i16) -> Option<&Year> {
        if !(self.loaded[0]..=self.loaded[1]).contains(&year) {
            return None;
        }
        let slot = self.years.get(usize::try_from(year - FIRST).ok()?)?;
        Some(slot.get_or_init(|| self.compute(year)))
    }

    fn compute(&self, year: i16) -> Year {
        let mut days = Year::default();
        let first = date(year, 1, 1);
        for n in 0..first.days_in_year() {
            let day = first.saturating_add(jiff::Span::new().days(n));
            days.set(day, self.weekend.contains(&day.weekday()));
        }
        let named = holiday::of_year(&self.holidays, year, self.region.as_deref(), &self.weekend, self.bridge);
        for (day, name) in named {
            days.set(day, true);
            days.names.push((day, name.to_owned()));
        }
        for day in self.worked.iter().filter(|d| d.year() == year) {
            days.set(*day, false);
        }
        days
    }
}

/// All calendars by name.
#[derive(Debug, Default)]
pub struct Calendars {
    by_name: BTreeMap<String, Arc<Calendar>>,
}

impl Calendars {
    /// The calendar of a region; names and their aliases.
    pub fn get(&self, name: &str) -> Option<&Arc<Calendar>> {
        self.by_name.get(name)
    }

    /// Every calendar once, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Calendar>> {
        self.by_name.iter().filter(|(name, c)| **name == c.id).map(|(_, c)| c)
    }

    pub(crate) fn add(&mut self, file: &str, text: &str, problems: &mut Vec<Problem>) {
        let parsed: File = match toml::from_str(text) {
            Ok(parsed) => parsed,
            Err(error) => return problems.push(Problem::toml(file, text, &error)),
        };
        let mut found = Vec::new();
        for holiday in &parsed.holiday {
            if let Err(what) = holiday.get_ref().check(parsed.region.keys()) {
                found.push(Problem::at(file, text, holiday.span().start, what));
            }
        }
        let sources: Vec<Source> = parsed.source.iter().map(|s| s.get_ref().clone()).collect();
        for source in &parsed.source {
            if (source.get_ref().status == Status::ToBeConfirmed) != source.get_ref().heard.is_some() {
                let what = "`heard` belongs to `to_be_confirmed`, and that to it";
                found.push(Problem::at(file, text, source.span().start, what));
            }
        }
        if sources.is_empty() {
            found.push(Problem::new(file, 1, "no `[[source]]`: say where the days come from"));
        }
        let [from, to] = parsed.loaded;
        if from > to || from < FIRST || usize::try_from(to - FIRST).is_ok_and(|n| n >= YEARS) {
            found.push(Problem::new(file, line_of_key(text, "loaded"), "`loaded` runs from 2000 to 2099 at most"));
        }
        let holidays: Arc<[Holiday]> = parsed.holiday.into_iter().map(toml::Spanned::into_inner).collect();
        let worked: Arc<[Date]> = parsed.workday.into_iter().flat_map(|w| w.dates).collect();
        let weekend: Vec<Weekday> = parsed.weekend.iter().map(|d| d.weekday()).collect();
        let whole = (None, parsed.name.clone(), parsed.also, None, 0);
        let regions = parsed.region.into_iter().map(|(key, region)| {
            let at = region.span().start;
            let Region { name, also, zone } = region.into_inner();
            (Some(key), name, also, zone, at)
        });
        for (region, name, also, zone, at) in std::iter::once(whole).chain(regions) {
            let zone_name = zone.unwrap_or_else(|| parsed.zone.clone());
            let Ok(zone) = database().get(&zone_name) else {
                found.push(Problem::at(file, text, at, format!("`{zone_name}` is no time zone")));
                continue;
            };
            let id = region.as_ref().map_or(parsed.calendar.clone(), |r| format!("{}-{r}", parsed.calendar));
            let calendar = Arc::new(Calendar {
                id: id.clone(),
                name,
                also: also.clone(),
                zone,
                zone_name,
                loaded: parsed.loaded,
                weekend: weekend.clone(),
                bridge: parsed.bridge,
                sources: sources.clone(),
                holidays: holidays.clone(),
                worked: worked.clone(),
                region,
                years: (0..YEARS).map(|_| OnceLock::new()).collect(),
            });
            for name in std::iter::once(id).chain(also) {
                if self.by_name.insert(name.clone(), calendar.clone()).is_some() {
                    found.push(Problem::new(file, line_of(text, at), format!("calendar `{name}` is there twice")));
                }
            }
        }
        problems.append(&mut found);
    }
}

/// The built-in zone rules; see `Cargo.toml` for why not the machine's.
fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}

fn line_of_key(text: &str, key: &str) -> usize {
    text.lines().position(|line| line.trim_start().starts_with(key)).map_or(1, |n| n + 1)
}
