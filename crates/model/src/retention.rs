//! How long a purpose lasts: `"3y after last_activity"`, `"10y after end_of_year"`, `"until withdrawn"`.

use std::{fmt, str::FromStr};

use jiff::{Span, Timestamp, tz::TimeZone};

/// A retention period.
#[derive(Clone, Debug)]
pub struct Retention {
    /// How long; nothing for `until withdrawn`.
    pub span: Span,
    /// From when.
    pub after: Anchor,
}

/// What a retention period is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// The last thing that happened with the person.
    LastActivity,
    /// The day the basis began.
    Since,
    /// The end of the calendar year of the last activity (HGB §257(5), AO §147(4)).
    EndOfYear,
    /// No period: it lasts until the person withdraws.
    Withdrawn,
}

/// A retention that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write `N` with d, w, m or y, then `after last_activity`, `after since` or `after end_of_year`, e.g. `3y after \
     last_activity`; or `until withdrawn`"
)]
pub struct BadRetention;

impl Retention {
    /// When the purpose ends by itself: the first instant at which it is no longer live; `None` for never.
    ///
    /// Counted in the calendar of UTC; a missing day becomes the last day of its month. Rules of one law about the day
    /// on which a period ends are the regulation packs' matter, this is the house's own limit.
    pub fn until(&self, since: Timestamp, last_activity: Timestamp) -> Option<Timestamp> {
        let from = match self.after {
            Anchor::Withdrawn => return None,
            Anchor::Since => since.to_zoned(TimeZone::UTC),
            Anchor::LastActivity => last_activity.max(since).to_zoned(TimeZone::UTC),
            Anchor::EndOfYear => {
                let year = last_activity.max(since).to_zoned(TimeZone::UTC).year();
                // Years of a timestamp end at 9999; one more is not in the calendar, and means never.
                jiff::civil::Date::new(year + 1, 1, 1).ok()?.to_zoned(TimeZone::UTC).ok()?
            }
        };
        from.checked_add(self.span).ok().map(|end| end.timestamp())
    }
}

impl FromStr for Retention {
    type Err = BadRetention;

    fn from_str(text: &str) -> Result<Self, BadRetention> {
        let text = text.trim();
        if text == "until withdrawn" {
            return Ok(Self { span: Span::new(), after: Anchor::Withdrawn });
        }
        let (span, anchor) = text.split_once(" after ").ok_or(BadRetention)?;
        let after = match anchor {
            "last_activity" => Anchor::LastActivity,
            "since" => Anchor::Since,
            "end_of_year" => Anchor::EndOfYear,
            _ => return Err(BadRetention),
        };
        let unit = span.chars().last().ok_or(BadRetention)?;
        let digits = span.strip_suffix(unit).ok_or(BadRetention)?;
        if digits.is_empty() || digits.len() > 5 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadRetention);
        }
        let number: i64 = digits.parse().map_err(|_| BadRetention)?;
        // 100 years is longer than any duty the packs know.
        let (most, span) = match unit {
            'd' => (36_525, Span::new().try_days(number)),
            'w' => (5_200, Span::new().try_weeks(number)),
            'm' => (1_200, Span::new().try_months(number)),
            'y' => (100, Span::new().try_years(number)),
            _ => return Err(BadRetention),
        };
        if number == 0 || number > most {
            return Err(BadRetention);
        }
        Ok(Self { span: span.map_err(|_| BadRetention)?, after })
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let anchor = match self.after {
            Anchor::Withdrawn => return f.write_str("until withdrawn"),
            Anchor::LastActivity => "last_activity",
            Anchor::Since => "since",
            Anchor::EndOfYear => "end_of_year",
        };
        let s = &self.span;
        let parts = [
            (i64::from(s.get_years()), 'y'),
            (i64::from(s.get_months()), 'm'),
            (i64::from(s.get_weeks()), 'w'),
            (i64::from(s.get_days()), 'd'),
        ];
        for (number, unit) in parts.into_iter().filter(|(n, _)| *n != 0) {
            write!(f, "{number}{unit}")?;
        }
        write!(f, " after {anchor}")
    }
}

impl PartialEq for Retention {
    fn eq(&self, other: &Self) -> bool {
        self.span.fieldwise() == other.span.fieldwise() && self.after == other.after
    }
}

impl Eq for Retention {}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn until(retention: &str, since: &str, last: &str) -> String {
        let end = retention.parse::<Retention>().unwrap().until(at(since), at(last));
        end.map_or("never".to_owned(), |t| t.to_string())
    }

    #[test]
    fn ends() {
        let (since, last) = ("2024-02-29T10:00:00Z", "2026-11-23T08:30:00Z");
        assert_eq!(until("3y after last_activity", since, last), "2029-11-23T08:30:00Z");
        assert_eq!(until("1y after since", since, last), "2025-02-28T10:00:00Z");
        assert_eq!(until("10y after end_of_year", since, last), "2037-01-01T00:00:00Z");
        assert_eq!(until("6m after last_activity", since, "2026-08-31T00:00:00Z"), "2027-02-28T00:00:00Z");
        assert_eq!(until("until withdrawn", since, last), "never");
        // Nothing has happened yet: the day the basis began counts as activity.
        assert_eq!(until("30d after last_activity", since, "1970-01-01T00:00:00Z"), "2024-03-30T10:00:00Z");
    }

    #[test]
    fn the_grammar_is_small() {
        for good in ["3y after last_activity", "18m after since", "2w after end_of_year", "until withdrawn"] {
            assert_eq!(good.parse::<Retention>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "3y",
            "3 years after since",
            "0d after since",
            "-1y after since",
            "101y after since",
            "3y after christmas",
            "y after since",
            "3é after since",
            "until forever",
            "99999999d after since",
        ] {
            assert_eq!(bad.parse::<Retention>().unwrap_err(), BadRetention, "{bad}");
        }
    }
}
