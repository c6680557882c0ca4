//! Calendars: a list whose records stand on the day of one of their fields, a month or a week of them.

use axum::response::IntoResponse;
use domain::{Compare, ListAsk, WrittenFilter};
use jiff::civil::{Date, Weekday};
use kernel::FieldName;
use model::{Field, Kind, Object, Protect, Value};
use seal::{Shown, policy::Act};

use super::{
    Answer, Desk, Fault,
    address::address,
    asked::Asked,
    boards, cells,
    desk::{civil, list_path},
    filters, lists, views,
};
use crate::{
    ui::Link,
    view::{Calendar, CalendarDay, SwitchItem, calendar},
};

/// How many records of a month or week are drawn.
const MOST: u64 = 500;
/// How many of them on one day of a month; a week has room for more.
const A_DAY: usize = 5;
const A_DAY_OF_WEEK: usize = 40;

/// The fields that can place a record on a day.
pub fn days<'a>(desk: &'a Desk, object: &'a Object) -> impl Iterator<Item = &'a Field> {
    let fits = |field: &&Field| field.protect == Protect::Disk && matches!(field.kind, Kind::Date | Kind::Time);
    object.fields().iter().filter(fits).filter(|field| desk.house().may_use(&desk.ctx, &object.name, &field.name))
}

/// What is shown: a month, or the week of a day.
#[derive(Clone, Copy)]
enum Span {
    Month(Date),
    Week(Date),
}

impl Span {
    /// Reads `2026-11` or `2026-11-23`; anything else is the present month.
    fn of(text: Option<&str>, today: Date) -> Self {
        let month = |text: &str| format!("{text}-01").parse::<Date>().ok();
        match text {
            Some(text) if text.len() == 7 => month(text).map(Self::Month),
            Some(text) => text.parse().ok().map(|day| Self::Week(monday(day))),
            None => None,
        }
        .unwrap_or(Self::Month(today.first_of_month()))
    }

    fn word(self) -> String {
        match self {
            Self::Month(first) => first.strftime("%Y-%m").to_string(),
            Self::Week(first) => first.to_string(),
        }
    }

    /// The span after (1) or before (-1) it.
    fn moved(self, by: i32) -> Self {
        let later = |day: Date, span: jiff::Span| day.checked_add(span).unwrap_or(day);
        match self {
            Self::Month(first) => Self::Month(later(first, jiff::Span::new().months(by))),
            Self::Week(first) => Self::Week(later(first, jiff::Span::new().weeks(by))),
        }
    }

    /// The first and last day drawn: whole weeks.
    fn ends(self) -> (Date, Date) {
        let later = |day: Date, n: i32| day.checked_add(jiff::Span::new().days(n)).unwrap_or(day);
        match self {
            Self::Month(first) => (monday(first), later(monday(first.last_of_month()), 6)),
            Self::Week(first) => (first, later(first, 6)),
        }
    }

    fn has(self, day: Date) -> bool {
        match self {
            Self::Month(first) => day.first_of_month() == first,
            Self::Week(_) => true,
        }
    }
}

fn monday(day: Date) -> Date {
    let back = i32::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
}

/// `GET /{object}?layout=calendar`
pub async fn show(desk: &Desk, asked: &Asked) -> Answer {
    let object = &asked.definition;
    let lang = desk.lang();
    let by = asked.layout("by").unwrap_or_default();
    let all: Vec<&Field> = days(desk, object).collect();
    let by = *all.iter().find(|field| field.name.as_str() == by).or(all.first()).ok_or_else(Fault::missing)?;
    let today = civil(desk.ctx.at).date();
    let span = Span::of(asked.layout("month"), today);
    let (first, last) = span.ends();
    let visible = desk.house().visible(&desk.ctx, &object.name);
    let seen = |name: &FieldName| visible.iter().any(|at| object.fields()[*at].name == *name);
    let names = object.title.iter().filter(|name| seen(name)).cloned().chain([by.name.clone()]);
    let mut fields: Vec<FieldName> = Vec::new();
    for name in names {
        if !fields.contains(&name) {
            fields.push(name);
        }
    }
    let edge = |day: Date, end: &str| {
        if matches!(by.kind, Kind::Time) { filters::edge(&day.to_string(), end) } else { day.to_string() }
    };
    let filter = |compare, value| WrittenFilter { field: by.name.to_string(), compare, value };
    let mut ask = ListAsk {
        fields: Some(fields),
        sort: Some((by.name.to_string(), false)),
        limit: MOST,
        count: false,
        after: None,
        before: None,
        ..asked.ask.clone()
    };
    ask.filters.extend([filter(Compare::Ge, edge(first, "ge")), filter(Compare::Le, edge(last, "le"))]);
    let listed = desk.house().list(&desk.ctx, &object.name, &ask).await?;
    let page = &listed.page;
    let carried = lists::carried(desk, asked);
    let mut placed: Vec<(Date, crate::ui::Cell)> = Vec::new();
    for row in &page.rows {
        let (day, time) = match page.value(row, &by.name) {
            Shown::Clear(Value::Date(day)) => (*day, None),
            Shown::Clear(Value::Time(at)) => (civil(*at).date(), Some(lang.time(civil(*at)))),
            _ => continue,
        };
        let mut cell = cells::row_title(page, row);
        if let (Some(time), false) = (&time, cell.is_masked()) {
            cell = crate::ui::Cell::clear(format!("{time} {}", cell.text()));
        }
        let href = address(&format!("{}/{}", list_path(object), row.id), carried.iter().cloned());
        placed.push((day, cell.to(href)));
    }
    let most = if matches!(span, Span::Week(_)) { A_DAY_OF_WEEK } else { A_DAY };
    let mut weeks: Vec<Vec<CalendarDay>> = Vec::new();
    let mut day = first;
    while day <= last {
        let entries: Vec<_> = placed.iter().filter(|(on, _)| *on == day).map(|(_, cell)| cell.clone()).collect();
        let (from, to) = (format!("{}.ge", by.name), format!("{}.le", by.name));
        let of_day = [
            ("layout", None),
            ("by", None),
            ("month", None),
            (from.as_str(), Some(edge(day, "ge"))),
            (to.as_str(), Some(edge(day, "le"))),
        ];
        if day.weekday() == Weekday::Monday || weeks.is_empty() {
            weeks.push(Vec::new());
        }
        if let Some(week) = weeks.last_mut() {
            week.push(CalendarDay {
                number: day.day().to_string(),
                date: lang.long_date(day),
                href: asked.anew(&of_day),
                inside: span.has(day),
                today: day == today,
                more: entries.len().saturating_sub(most),
                entries: entries.into_iter().take(most).collect(),
            });
        }
        day = match day.tomorrow() {
            Ok(next) => next,
            Err(_) => break,
        };
    }
    let to = |span: Span| asked.anew(&[("month", Some(span.word()))]);
    let (month, week) = match span {
        // The week of today, if it lies in the month; else the month's first.
        Span::Month(first) => (span, Span::Week(monday(if span.has(today) { today } else { first }))),
        Span::Week(first) => (Span::Month(first.first_of_month()), span),
    };
    let now =
        if matches!(span, Span::Week(_)) { Span::Week(monday(today)) } else { Span::Month(today.first_of_month()) };
    let is_week = matches!(span, Span::Week(_));
    let spans = [(month, "calendar-month", !is_week), (week, "calendar-week", is_week)];
    let chips = asked.chips(desk).await?;
    let may_create = desk.has_form(object) && desk.house().may(&desk.ctx, &object.name, Act::Create);
    let view = Calendar {
        title: desk.label(&object.plural).to_owned(),
        views: views::menu(desk, asked),
        layouts: boards::layouts(desk, asked),
        by: boards::by_switch(desk, asked, &all, by),
        spans: spans
            .into_iter()
            .map(|(span, label, current)| SwitchItem { link: Link::new(lang.t(label), to(span)), current })
            .collect(),
        purpose: lists::switch(desk, object, &listed.purpose, |name| asked.anew(&[("purpose", Some(name.to_owned()))])),
        clear: (!chips.is_empty()).then(|| asked.cleared()),
        chips,
        filter: filters::form(desk, asked),
        heading: match span {
            Span::Month(first) => lang.with(
                "calendar-heading",
                &[
                    ("year", first.strftime("%Y").to_string().into()),
                    ("month", u64::from(first.month().unsigned_abs()).into()),
                ],
            ),
            Span::Week(_) => lang.range(first, last),
        },
        steps: [to(span.moved(-1)), to(now), to(span.moved(1))],
        weekdays: [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            Weekday::Saturday,
            Weekday::Sunday,
        ]
        .map(|day| lang.weekday(day)),
        weeks,
        cut: listed.next.is_some(),
        new: may_create.then(|| Link::new(desk.new_label(object), format!("{}/new", list_path(object)))),
    };
    Ok(calendar(&desk.recorded(listed.page.entry), &view).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_drawn_in_whole_weeks_and_moves_over_the_year() {
        let today: Date = "2026-11-23".parse().unwrap();
        let span = Span::of(None, today);
        assert_eq!(span.word(), "2026-11");
        assert_eq!(span.ends(), ("2026-10-26".parse().unwrap(), "2026-12-06".parse().unwrap()));
        assert_eq!(span.moved(2).word(), "2027-01");
        let week = Span::of(Some("2026-11-25"), today);
        assert_eq!(week.word(), "2026-11-23");
        assert_eq!(week.moved(-1).word(), "2026-11-16");
        assert_eq!(Span::of(Some("nonsense"), today).word(), "2026-11");
        assert_eq!(Span::of(Some("2026-13"), today).word(), "2026-11");
    }
}
