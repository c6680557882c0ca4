//! What part lines come to, quarter by quarter and currency by currency: units by share, ramp and years from the start
//! of production, times price, times probability. Nothing is invented: a line without a start or a probability is told
//! of and not counted, and no currency is turned into another.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use kernel::{ActorId, FieldName, RecordId};

use super::{
    OPPORTUNITY,
    figures::{By, FigureAsk, Key},
};
use crate::{Compare, Ctx, House, Result, WrittenFilter};

/// The object of parts in a project.
pub const LINE: &str = "opportunity_line";
/// A whole, in millionths of a percent.
const WHOLE: i128 = 100_000_000;
/// One, in millionths.
const ONE: i128 = 1_000_000;

/// A quarter of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// The year.
    pub year: i16,
    /// 1 to 4.
    pub quarter: i8,
}

impl Quarter {
    /// The quarter of a day.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), quarter: (day.month() - 1) / 3 + 1 }
    }

    /// The one after so many.
    #[must_use]
    pub fn plus(self, n: i32) -> Self {
        Self::nth(self.number() + n)
    }

    fn number(self) -> i32 {
        i32::from(self.year) * 4 + i32::from(self.quarter) - 1
    }

    fn nth(n: i32) -> Self {
        let year = i16::try_from(n.div_euclid(4)).unwrap_or(i16::MAX);
        Self { year, quarter: i8::try_from(n.rem_euclid(4)).unwrap_or(0) + 1 }
    }
}

impl std::fmt::Display for Quarter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} Q{}", self.year, self.quarter)
    }
}

/// A part line as the forecast sees it; numbers in millionths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Units a year.
    pub annual_units: i64,
    /// For one piece.
    pub unit_price: i64,
    /// Our share in percent.
    pub share: i64,
    /// In percent, if it is known.
    pub probability: Option<i64>,
    /// Start of production, if it is known.
    pub start: Option<Date>,
    /// Years of production; none goes on.
    pub years: Option<i64>,
    /// Months from start to full production.
    pub ramp: i32,
    /// The currency.
    pub currency: String,
}

impl Line {
    /// What a year of full production is worth.
    pub fn yearly(&self) -> i64 {
        let whole = i128::from(self.annual_units) * i128::from(self.unit_price) / ONE;
        narrow(whole * i128::from(self.share) / WHOLE)
    }

    /// What it is worth in a quarter: whole, and weighted by its probability.
    pub fn worth(&self, quarter: Quarter) -> (i64, i64) {
        let (Some(start), Some(probability)) = (self.start, self.probability) else { return (0, 0) };
        let first = i32::from(start.year()) * 12 + i32::from(start.month()) - 1;
        let last = self.years.map(|years| first + i32::try_from(years).unwrap_or(100) * 12);
        let ramp = self.ramp.max(1);
        let months = quarter.number() * 3..quarter.number() * 3 + 3;
        let running = months.filter(|month| *month >= first && last.is_none_or(|last| *month < last));
        let parts: i32 = running.map(|month| (month - first + 1).min(ramp)).sum();
        let whole = i128::from(self.yearly()) * i128::from(parts) / (12 * i128::from(ramp));
        (narrow(whole), narrow(whole * i128::from(probability) / WHOLE))
    }
}

fn narrow(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A forecast.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// The quarters, in order.
    pub quarters: Vec<Quarter>,
    /// By currency: whole and weighted worth of each quarter.
    pub currencies: BTreeMap<String, Vec<(i64, i64)>>,
    /// Lines that count.
    pub counted: u64,
    /// Lines left out because no start of production is known.
    pub without_start: u64,
    /// Lines left out because no probability is known.
    pub without_probability: u64,
}

impl Forecast {
    /// The forecast of these lines over so many quarters.
    pub fn of(lines: &[(Line, u64)], from: Quarter, quarters: usize) -> Self {
        let quarters: Vec<Quarter> = (0..quarters).map(|n| from.plus(i32::try_from(n).unwrap_or(0))).collect();
        let mut out = Self { quarters, ..Self::default() };
        for (line, times) in lines {
            match (line.start, line.probability) {
                (None, _) => out.without_start += times,
                (_, None) => out.without_probability += times,
                (Some(_), Some(_)) => {
                    out.counted += times;
                    let sums = out.currencies.entry(line.currency.clone()).or_default();
                    sums.resize(out.quarters.len(), (0, 0));
                    for (sum, quarter) in sums.iter_mut().zip(&out.quarters) {
                        let (whole, weighted) = line.worth(*quarter);
                        let times = i64::try_from(*times).unwrap_or(i64::MAX);
                        sum.0 = sum.0.saturating_add(whole.saturating_mul(times));
                        sum.1 = sum.1.saturating_add(weighted.saturating_mul(times));
                    }
                }
            }
        }
        out
    }
}

/// Whose opportunities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Scope {
    /// Those of one owner; none takes all that the actor may see.
    pub owner: Option<ActorId>,
    /// One opportunity alone.
    pub opportunity: Option<RecordId>,
}

impl Scope {
    /// The filters of a list of the same records.
    pub fn filters(&self, opportunity: &str) -> Vec<WrittenFilter> {
        let eq = |field: &str, value: String| WrittenFilter { field: field.into(), compare: Compare::Eq, value };
        let owner = self.owner.map(|owner| eq("owner", owner.to_string()));
        let one = self.opportunity.map(|id| eq(opportunity, id.to_string()));
        owner.into_iter().chain(one).collect()
    }
}

impl House {
    /// The forecast of the part lines of open and running opportunities.
    pub async fn forecast(&self, ctx: &Ctx, scope: Scope, quarters: usize) -> Result<Forecast> {
        let lines = self.lines(ctx, scope).await?;
        let today = jiff::tz::TimeZone::UTC.to_datetime(ctx.at).date();
        Ok(Forecast::of(&lines, Quarter::of(today), quarters))
    }

    /// The part lines of opportunities that are neither lost nor ended; equal ones once, with how many there are.
    async fn lines(&self, ctx: &Ctx, scope: Scope) -> Result<Vec<(Line, u64)>> {
        let mut filters = scope.filters("id");
        filters.push(WrittenFilter { field: "stage".into(), compare: Compare::In, value: RUNNING.join(",") });
        let by = ["id", "probability", "sop_date"].map(By::column).to_vec();
        let deals = self.figures(ctx, OPPORTUNITY, &FigureAsk { filters, by, sum: Vec::new() }).await?;
        let deals: HashMap<RecordId, (Option<i64>, Option<Date>)> = deals
            .iter()
            .filter_map(|deal| match deal.keys.as_slice() {
                [id, probability, start] => Some((id.record()?, (probability.number(), start.text().parse().ok()))),
                _ => None,
            })
            .collect();
        let columns = [
            "opportunity",
            "annual_units",
            "unit_price",
            "currency",
            "share",
            "probability",
            "sop_date",
            "years",
            "ramp",
        ];
        // A line belongs to whom its opportunity belongs: the opportunities have been chosen by owner already.
        let filters = Scope { owner: None, ..scope }.filters("opportunity");
        let ask = FigureAsk { filters, by: columns.map(By::column).to_vec(), sum: Vec::new() };
        let groups = self.figures(ctx, LINE, &ask).await?;
        let mut lines = Vec::new();
        for group in groups {
            let [deal, units, price, currency, share, probability, start, years, ramp] = group.keys.as_slice() else {
                continue;
            };
            let Some((of_deal, start_of_deal)) = deal.record().and_then(|id| deals.get(&id)) else { continue };
            lines.push((
                Line {
                    annual_units: units.number().unwrap_or(0),
                    unit_price: price.number().unwrap_or(0),
                    share: share.number().unwrap_or(100_000_000),
                    probability: probability.number().or(*of_deal),
                    start: start.text().parse().ok().or(*start_of_deal),
                    years: years.number().map(|years| years / 1_000_000),
                    ramp: months(ramp),
                    currency: currency.text().to_owned(),
                },
                group.count,
            ));
        }
        Ok(lines)
    }
}

/// The stages in which a project brings or may bring turnover.
pub const RUNNING: [&str; 6] = ["inquiry", "sample", "design_in", "design_win", "ramp", "production"];

fn months(ramp: &Key) -> i32 {
    match ramp.text() {
        "half_year" => 6,
        "year" => 12,
        "two_years" => 24,
        _ => 1,
    }
}

/// A field's name from a literal.
pub(super) fn fields(names: &[&str]) -> Result<Vec<FieldName>> {
    names.iter().map(|name| super::conversion::name(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line {
            annual_units: 12_000 * 1_000_000,
            unit_price: 412_500,
            share: 50_000_000,
            probability: Some(40_000_000),
            start: Some(jiff::civil::date(2027, 2, 15)),
            years: Some(2),
            ramp: 1,
            currency: "EUR".into(),
        }
    }

    fn q(year: i16, quarter: i8) -> Quarter {
        Quarter { year, quarter }
    }

    #[test]
    fn a_line_is_worth_units_times_share_times_price_times_probability() {
        let line = line();
        // 12 000 × 50 % × 0.4125 = 2 475 a year, 206.25 a month.
        assert_eq!(line.yearly(), 2_475_000_000);
        assert_eq!(line.worth(q(2026, 4)), (0, 0));
        assert_eq!(line.worth(q(2027, 1)), (412_500_000, 165_000_000), "two months of the first quarter");
        assert_eq!(line.worth(q(2027, 2)), (618_750_000, 247_500_000));
        assert_eq!(line.worth(q(2029, 1)), (206_250_000, 82_500_000), "one month of the last");
        assert_eq!(line.worth(q(2029, 2)), (0, 0));
        let whole: i64 = (0..12).map(|n| line.worth(q(2027, 1).plus(n)).0).sum();
        assert_eq!(whole, 2 * line.yearly());
    }

    #[test]
    fn a_ramp_rises_month_by_month() {
        let line = Line { ramp: 12, start: Some(jiff::civil::date(2027, 1, 1)), ..line() };
        // (1 + 2 + 3) twelfths of a month's 206.25.
        assert_eq!(line.worth(q(2027, 1)).0, 103_125_000);
        assert_eq!(line.worth(q(2028, 1)).0, 618_750_000);
    }

    #[test]
    fn what_is_not_known_is_told_and_not_counted() {
        let lines = [
            (line(), 2),
            (Line { start: None, ..line() }, 3),
            (Line { probability: None, ..line() }, 1),
            (Line { currency: "CNY".into(), ..line() }, 1),
        ];
        let forecast = Forecast::of(&lines, q(2027, 2), 2);
        assert_eq!((forecast.counted, forecast.without_start, forecast.without_probability), (3, 3, 1));
        assert_eq!(forecast.currencies["EUR"], [(1_237_500_000, 495_000_000); 2]);
        assert_eq!(forecast.currencies["CNY"], [(618_750_000, 247_500_000); 2], "no currency is turned into another");
    }

    #[test]
    fn quarters_go_on_over_the_year() {
        assert_eq!(q(2026, 4).plus(1), q(2027, 1));
        assert_eq!(q(2026, 1).plus(-1), q(2025, 4));
        assert_eq!(Quarter::of(jiff::civil::date(2026, 11, 23)).to_string(), "2026 Q4");
    }
}
