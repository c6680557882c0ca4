//! Points in time as people state them, and deadlines as laws give them.

use std::{cmp::Ordering, fmt, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Result};

/// When something happened: a bare date, a local time of the region asked about, or an instant with its offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A date in the region's own zone; stands for its first moment where hours count.
    Day(Date),
    /// A clock reading in the region's own zone.
    Local(DateTime),
    /// An instant, with the offset it was written in.
    Instant(Timestamp, Offset),
}

impl Moment {
    /// The date of this moment in `zone`.
    pub fn date(self, zone: &TimeZone) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Local(at) => at.date(),
            Self::Instant(at, _) => zone.to_datetime(at).date(),
        }
    }

    /// The instant of this moment; a clock reading that occurs twice means the earlier one (the safe reading).
    pub fn instant(self, zone: &TimeZone) -> Result<Timestamp> {
        match self {
            Self::Day(date) => start_of_day(date, zone),
            Self::Local(at) => Ok(zone.to_ambiguous_zoned(at).compatible()?.timestamp()),
            Self::Instant(at, _) => Ok(at),
        }
    }

    /// The earliest date of this moment over the zones in play: the region's, the one it was written in, and UTC.
    pub fn earliest_date(self, zone: &TimeZone) -> Date {
        match self {
            Self::Instant(at, offset) => {
                let written = offset.to_datetime(at).date();
                let utc = Offset::UTC.to_datetime(at).date();
                self.date(zone).min(written).min(utc)
            }
            _ => self.date(zone),
        }
    }
}

pub(crate) fn start_of_day(date: Date, zone: &TimeZone) -> Result<Timestamp> {
    Ok(date.to_zoned(zone.clone())?.timestamp())
}

impl FromStr for Moment {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::BadTime(text.chars().take(40).collect());
        let text = text.trim();
        if text.len() <= 10 {
            return Ok(Self::Day(text.parse().map_err(|_| bad())?));
        }
        // `2026-01-31T10:00+01:00[Europe/Berlin]`: the offset decides; the zone's name adds nothing.
        let plain = text.split('[').next().unwrap_or(text);
        let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(plain).map_err(|_| bad())?;
        let at = DateTime::from_parts(pieces.date(), pieces.time().unwrap_or(Time::midnight()));
        match pieces.to_numeric_offset() {
            Some(offset) => Ok(Self::Instant(offset.to_timestamp(at).map_err(|_| bad())?, offset)),
            None if plain.ends_with(['Z', 'z']) => {
                Ok(Self::Instant(Offset::UTC.to_timestamp(at).map_err(|_| bad())?, Offset::UTC))
            }
            None => Ok(Self::Local(at)),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{date}"),
            Self::Local(at) => write!(f, "{at}"),
            Self::Instant(at, offset) => write!(f, "{}", at.display_with_offset(*offset)),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        time_text(from)?.parse().map_err(de::Error::custom)
    }
}

/// Reads a date that TOML writes bare (`2026-01-31`) or quoted, and JSON quoted.
pub(crate) fn day<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Date, D::Error> {
    let text = time_text(from)?;
    text.parse().map_err(|_| de::Error::custom(format!("`{text}` is no date: write 2026-01-31")))
}

/// As [`day`], for a key that may be missing.
pub(crate) fn day_or_none<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Date>, D::Error> {
    day(from).map(Some)
}

fn time_text<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<String, D::Error> {
    struct Text;
    impl<'de> de::Visitor<'de> for Text {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a date or time such as 2026-01-31 or 2026-01-31T10:00:00+01:00")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<String, E> {
            Ok(text.to_owned())
        }
        // A bare TOML date arrives as a map of one entry.
        fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> std::result::Result<String, A::Error> {
            match map.next_entry::<String, String>()? {
                Some((key, text)) if key.contains("datetime") => Ok(text),
                _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
            }
        }
    }
    from.deserialize_any(Text)
}

/// Until when: a day of a zone (to its end), or an instant.
#[derive(Debug, Clone, Copy)]
pub struct When {
    day: Option<Date>,
    /// The last instant that is still in time, to the second.
    until: Timestamp,
    offset: Offset,
}

impl When {
    /// A deadline that ends with a day.
    pub fn end_of(day: Date, zone: &TimeZone) -> Result<Self> {
        let next = start_of_day(day.tomorrow()?, zone)?;
        let until = next.checked_sub(jiff::SignedDuration::from_secs(1))?;
        Ok(Self { day: Some(day), until, offset: zone.to_offset(until) })
    }

    /// A deadline that ends at an instant, shown in a zone.
    pub fn at(until: Timestamp, zone: &TimeZone) -> Self {
        Self { day: None, until, offset: zone.to_offset(until) }
    }

    /// The last instant that is in time.
    pub fn until(self) -> Timestamp {
        self.until
    }

    /// The date, where the law counts days.
    pub fn day(self) -> Option<Date> {
        self.day
    }

    /// The local date on which it ends.
    pub fn date(self) -> Date {
        self.day.unwrap_or_else(|| self.offset.to_datetime(self.until).date())
    }
}

impl PartialEq for When {
    fn eq(&self, other: &Self) -> bool {
        self.until == other.until
    }
}
impl Eq for When {}
impl PartialOrd for When {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for When {
    fn cmp(&self, other: &Self) -> Ordering {
        self.until.cmp(&other.until)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day {
            Some(day) => write!(f, "{day}"),
            None => write!(f, "{}", self.until.display_with_offset(self.offset)),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_of_time() {
        for text in ["2026-01-31", "2026-01-31T10:00:00", "2026-01-31T10:00:00+01:00", "2026-01-31T10:00:00Z"] {
            let moment: Moment = text.parse().unwrap();
            let shown = moment.to_string();
            assert_eq!(moment, shown.parse().unwrap(), "{text} came back as {shown}");
        }
        let short: Moment = "2026-01-31T10:00+01:00[Europe/Berlin]".parse().unwrap();
        assert_eq!(short, "2026-01-31T10:00:00+01:00".parse().unwrap());
        assert!("2026-02-30".parse::<Moment>().is_err());
        assert!("tomorrow".parse::<Moment>().is_err());
    }
}
