//! Days off that are known from elsewhere.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions clippy takes for tests")]

use std::{collections::BTreeSet, path::PathBuf};

use jiff::civil::{Date, date};
use law::{Calendar, Library};

fn library() -> &'static Library {
    static LIBRARY: std::sync::OnceLock<Library> = std::sync::OnceLock::new();
    LIBRARY.get_or_init(|| Library::shipped().unwrap())
}

fn calendar(id: &str) -> &'static Calendar {
    library().calendars().get(id).unwrap()
}

fn off(id: &str, year: i16) -> Vec<String> {
    calendar(id).holidays(year).iter().map(|(day, _)| day.to_string()[5..].to_owned()).collect()
}

#[test]
fn the_published_lists_of_china_and_japan_agree() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/reference/holidays"));
    for (id, year) in [("CN", 2024), ("CN", 2025), ("JP", 2024), ("JP", 2025)] {
        let path = folder.join(format!("{id}-{year}.json"));
        // The reference data lie beside the repository and may be absent.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let data: serde_json::Value = serde_json::from_str(&text).unwrap();
        let days = data["dates"].as_array().unwrap();
        let of = |kind: &str| -> BTreeSet<Date> {
            let own = days.iter().filter(|d| d["type"] == kind);
            let listed = own.map(|d| d["date"].as_str().unwrap().parse().unwrap());
            // The list errs once: the vernal equinox of 2025 was announced for 20 March, a Thursday.
            listed.map(|day| if id == "JP" && day == date(2025, 3, 21) { date(2025, 3, 20) } else { day }).collect()
        };
        let calendar = calendar(id);
        for day in of("public_holiday") {
            assert!(!calendar.is_working(day), "{id} {day} is a holiday");
        }
        for day in of("transfer_workday") {
            assert!(calendar.is_working(day), "{id} {day} is worked");
        }
        let mut day = date(year, 1, 1);
        while day.year() == year {
            let weekend = day.weekday().to_sunday_zero_offset() % 6 == 0;
            let expected = of("transfer_workday").contains(&day) || (!weekend && !of("public_holiday").contains(&day));
            assert_eq!(calendar.is_working(day), expected, "{id} {day}");
            day = day.tomorrow().unwrap();
        }
    }
}

#[test]
fn china_2026_as_announced() {
    let china = calendar("CN");
    for day in [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ] {
        assert!(china.is_working(day), "{day}");
    }
    for (from, to) in [
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 4, 4), date(2026, 4, 6)),
        (date(2026, 5, 1), date(2026, 5, 5)),
        (date(2026, 6, 19), date(2026, 6, 21)),
        (date(2026, 9, 25), date(2026, 9, 27)),
        (date(2026, 10, 1), date(2026, 10, 7)),
    ] {
        let mut day = from;
        while day <= to {
            assert!(!china.is_working(day), "{day}");
            day = day.tomorrow().unwrap();
        }
    }
    assert!(!china.is_loaded(date(2027, 1, 4)));
    assert_eq!(china.source(2026).unwrap().status, law::Status::Law);
    assert_eq!(china.source(2025).unwrap().status, law::Status::ToBeConfirmed);
}

#[test]
fn nine_days_of_california() {
    assert_eq!(off("CA-9", 2026), ["01-01", "01-19", "02-16", "05-25", "07-04", "09-07", "11-11", "11-26", "12-25"]);
    // A Sunday moves to Monday, a Saturday is not observed on Friday.
    assert!(!calendar("CA-9").is_working(date(2028, 1, 1)) && calendar("CA-9").is_working(date(2027, 12, 31)));
    assert!(!calendar("CA-9").is_working(date(2027, 7, 5)));
}

#[test]
fn substitutes_of_the_united_kingdom() {
    assert!(off("GB-ENG", 2026).contains(&"12-28".to_owned()));
    // Christmas on a Saturday, Boxing Day on a Sunday: Monday and Tuesday.
    assert!(["12-27", "12-28"].iter().all(|d| off("GB-ENG", 2027).contains(&(*d).to_owned())));
    // Christmas on a Sunday: Boxing Day keeps its Monday, the substitute is the Tuesday.
    assert!(["12-26", "12-27"].iter().all(|d| off("GB-ENG", 2033).contains(&(*d).to_owned())));
    assert!(off("GB-SCT", 2026).contains(&"01-02".to_owned()) && !off("GB-ENG", 2026).contains(&"01-02".to_owned()));
    assert!(off("GB-NIR", 2026).contains(&"07-13".to_owned()));
    assert_eq!(calendar("GB-WLS").id(), "GB-ENG");
}

#[test]
fn german_laender_differ() {
    let day = |id: &str, d: &str| off(id, 2026).contains(&d.to_owned());
    assert!(day("DE-BY", "06-04") && !day("DE-BE", "06-04") && !day("DE", "06-04"));
    assert!(day("DE-BE", "03-08") && !day("DE-BY", "03-08"));
    assert!(day("DE-SN", "11-18") && !day("DE-TH", "11-18"));
    assert!(day("DE-NI", "10-31") && !day("DE-NW", "10-31"));
    assert_eq!(off("DE", 2026).len(), 9);
    assert_eq!(library().calendars().iter().filter(|c| c.id().starts_with("DE-")).count(), 16);
}

#[test]
fn korea_and_japan_make_up_for_lost_days() {
    assert!(["05-06", "10-08"].iter().all(|d| off("KR", 2025).contains(&(*d).to_owned())));
    assert!(["03-02", "05-25", "08-17", "10-05"].iter().all(|d| off("KR", 2026).contains(&(*d).to_owned())));
    // 2026-09-22 lies between two holidays; 2026-05-06 makes up for Sunday 3 May.
    assert!(["09-22", "05-06"].iter().all(|d| off("JP", 2026).contains(&(*d).to_owned())));
    assert!(off("JP-ADM", 2026).contains(&"12-30".to_owned()) && !off("JP", 2026).contains(&"12-30".to_owned()));
}

#[test]
fn every_zone_is_known_and_every_calendar_says_its_source() {
    for calendar in library().calendars().iter() {
        assert!(!calendar.sources().is_empty(), "{}", calendar.id());
        let [from, to] = calendar.loaded();
        for year in from..=to {
            assert!(calendar.source(year).is_some(), "{} {year}", calendar.id());
            assert!(calendar.holidays(year).len() >= 3, "{} {year}", calendar.id());
        }
    }
}
