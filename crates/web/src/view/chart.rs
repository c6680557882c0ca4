//! Charts drawn here, as SVG without a style of its own: sizes are attributes, colours are classes. Behind each stands a
//! table of the same numbers, which is what screen readers, printers and those who want to know exactly get.

use maud::{Markup, html};

use crate::ui::Shell;

/// The most series that can be told apart.
pub const SERIES: usize = 6;
const WIDTH: i64 = 640;
const HEIGHT: i64 = 220;
const LEFT: i64 = 56;
const BOTTOM: i64 = 24;
const TOP: i64 = 12;

/// A number and how it reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// How much, in any one unit for the whole chart; never below zero.
    pub value: i64,
    /// What the table says.
    pub text: String,
    /// The list of what it counts.
    pub href: Option<String>,
}

/// One series: a point for each column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Its points.
    pub points: Vec<Point>,
}

/// Columns of stacked bars.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// What it shows, in a sentence: the name of the picture.
    pub says: String,
    /// What the columns are: `Week`, `Quarter`.
    pub over: String,
    /// The columns.
    pub columns: Vec<String>,
    /// At most as many as there are colours for.
    pub series: Vec<Series>,
    /// The marks of the upright axis: a value and its text.
    pub marks: Vec<(i64, String)>,
    /// Whether the series stand beside each other instead of upon each other: parts of one whole are stacked, two
    /// views of one number are not.
    pub beside: bool,
}

/// Even marks of an axis that holds `most`: at most five, on round numbers.
pub fn marks(most: i64) -> Vec<i64> {
    let most = most.max(1);
    let mut step = 1_i64;
    'found: loop {
        for factor in [1, 2, 5] {
            if step.saturating_mul(factor) >= (most.saturating_add(3)).div_euclid(4) {
                step = step.saturating_mul(factor);
                break 'found;
            }
        }
        step = step.saturating_mul(10);
    }
    let top = most.div_euclid(step) + i64::from(most % step != 0);
    (0..=top).map(|n| n * step).collect()
}

impl Chart {
    /// The highest column.
    pub fn most(&self) -> i64 {
        let column = |at: usize| {
            let points = self.series.iter().filter_map(|series| series.points.get(at)).map(|point| point.value);
            if self.beside { points.max().unwrap_or(0) } else { points.sum() }
        };
        (0..self.columns.len()).map(column).max().unwrap_or(0)
    }

    /// Draws it: picture, legend, table.
    pub fn draw(&self, shell: &Shell) -> Markup {
        html! {
            figure.chart {
                (self.picture())
                figcaption {
                    @if self.series.len() > 1 { ul.legend { @for (at, series) in self.series.iter().take(SERIES).enumerate() {
                        li { (swatch(at)) (series.name) }
                    } } }
                }
                details.behind {
                    summary { (shell.t("chart-table")) }
                    (self.table())
                }
            }
        }
    }

    fn picture(&self) -> Markup {
        let top = self.marks.last().map_or(1, |(value, _)| *value).max(1);
        let height = HEIGHT - TOP - BOTTOM;
        let tall = |value: i64| i64::try_from(i128::from(value) * i128::from(height) / i128::from(top)).unwrap_or(0);
        let columns = i64::try_from(self.columns.len()).unwrap_or(1).max(1);
        let step = (WIDTH - LEFT) / columns;
        let wide = (step * 2 / 3).clamp(2, 56);
        let each = if self.beside { wide / i64::try_from(self.series.len()).unwrap_or(1).max(1) } else { wide };
        let left = |at: usize| LEFT + i64::try_from(at).unwrap_or(0) * step + (step - wide) / 2;
        // Labels of many columns would run into each other: every second or third is enough.
        let every = usize::try_from((columns * 56 / (WIDTH - LEFT)).max(0)).unwrap_or(0) + 1;
        html! {
            svg role="img" aria-label=(self.says) viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } class="bars" {
                @for (value, text) in &self.marks {
                    @let y = HEIGHT - BOTTOM - tall(*value);
                    line class="grid" x1=(LEFT) x2=(WIDTH) y1=(y) y2=(y) {}
                    text class="mark-text" x=(LEFT - 8) y=(y + 4) text-anchor="end" { (text) }
                }
                @for at in 0..self.columns.len() {
                    @for (nth, y, h) in self.bars(at, &tall) {
                        @let beside = if self.beside { i64::try_from(nth).unwrap_or(0) * each } else { 0 };
                        rect class={ "s" (nth + 1) } x=(left(at) + beside) y=(y) width=(each) height=(h) rx="1" {}
                    }
                    @if at % every == 0 {
                        text class="mark-text" x=(left(at) + wide / 2) y=(HEIGHT - 6) text-anchor="middle" { (self.columns[at]) }
                    }
                }
            }
        }
    }

    /// The bars of a column: series, top and height.
    fn bars(&self, at: usize, tall: &impl Fn(i64) -> i64) -> Vec<(usize, i64, i64)> {
        let mut foot = HEIGHT - BOTTOM;
        let mut bars = Vec::new();
        for (nth, series) in self.series.iter().take(SERIES).enumerate() {
            let value = series.points.get(at).map_or(0, |point| point.value);
            let h = tall(value);
            if value > 0 {
                // A hair of ground between two parts, so that they are two without colour as well.
                let gap = i64::from(!self.beside && h > 3);
                let h = h.max(1);
                bars.push((nth, foot - h, h - gap));
            }
            if !self.beside {
                foot -= h;
            }
        }
        bars
    }

    fn table(&self) -> Markup {
        html! {
            div.scroll {
                table.plain {
                    thead { tr {
                        th scope="col" { (self.over) }
                        @for series in &self.series { th.number scope="col" { (series.name) } }
                    } }
                    tbody { @for (at, column) in self.columns.iter().enumerate() { tr {
                        th scope="row" { (column) }
                        @for series in &self.series {
                            td.number { @if let Some(point) = series.points.get(at) { (point.draw()) } }
                        }
                    } } }
                }
            }
        }
    }
}

impl Point {
    /// The number as a cell has it: a link to what it counts, if there is a list.
    pub fn draw(&self) -> Markup {
        html! {
            @match &self.href {
                Some(href) => a href=(href) { (self.text) },
                None => (self.text),
            }
        }
    }
}

/// The colour of a series, beside its name.
fn swatch(at: usize) -> Markup {
    html! {
        svg aria-hidden="true" class="swatch" viewBox="0 0 12 12" width="12" height="12" {
            rect class={ "s" (at + 1) } x="0" y="0" width="12" height="12" rx="2" {}
        }
    }
}

/// A bar in a cell of a table: `value` of `most`.
pub fn meter(value: i64, most: i64) -> Markup {
    let most = most.max(1);
    let wide = i64::try_from(i128::from(value.max(0)) * 160 / i128::from(most)).unwrap_or(0).min(160);
    html! {
        svg aria-hidden="true" class="meter" viewBox="0 0 160 12" width="160" height="12" preserveAspectRatio="none" {
            rect class="track" x="0" y="0" width="160" height="12" rx="2" {}
            rect class="s1" x="0" y="0" width=(wide) height="12" rx="2" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_hold_the_highest() {
        assert_eq!(marks(0), [0, 1]);
        assert_eq!(marks(4), [0, 1, 2, 3, 4]);
        assert_eq!(marks(17), [0, 5, 10, 15, 20]);
        assert_eq!(marks(1_000_000), [0, 500_000, 1_000_000]);
        for most in [3, 9, 11, 99, 101, 12_345, 7_654_321] {
            let marks = marks(most);
            assert!(marks.len() <= 6 && *marks.last().unwrap() >= most, "{most}: {marks:?}");
        }
    }

    #[test]
    fn stacked_bars_stand_on_each_other_and_fit() {
        let point = |value| Point { value, text: value.to_string(), href: None };
        let series = |name: &str, value| Series { name: name.into(), points: vec![point(value)] };
        let chart = Chart {
            columns: vec!["1".into()],
            series: vec![series("a", 60), series("b", 40)],
            marks: vec![(0, "0".into()), (100, "100".into())],
            ..Chart::default()
        };
        assert_eq!(chart.most(), 100);
        let height = HEIGHT - TOP - BOTTOM;
        let bars = chart.bars(0, &|value| value * height / 100);
        assert_eq!(bars.len(), 2);
        let (_, y, h) = bars[0];
        assert!(y + h <= HEIGHT - BOTTOM && bars[1].1 >= TOP, "{bars:?}");
        assert!(bars[1].1 + bars[1].2 <= y, "{bars:?}");
    }
}
