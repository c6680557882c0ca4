//! Dates, numbers and names as each language writes them. Canonical text of stored values is `model`'s; this is for
//! reading.

use jiff::civil::{Date, DateTime, Weekday};

use super::Lang;

/// `1234567` as `1,234,567`, in both languages.
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How long ago something was, for [`Lang::ago`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ago {
    /// Seconds since; negative counts as now.
    pub seconds: i64,
    /// The day it was, written out when it is more than a day ago.
    pub on: Date,
}

impl Lang {
    /// A whole number, grouped.
    pub fn number(self, n: i64) -> String {
        grouped(n)
    }

    /// A fixed-point number of millionths with `decimals` digits after the point (half away from zero): `12,345.60`.
    pub fn decimal(self, millionths: i64, decimals: u8) -> String {
        let decimals = u32::from(decimals.min(6));
        let unit = 10_i128.pow(6 - decimals);
        let value = i128::from(millionths);
        let rounded = (value.abs() + unit / 2) / unit;
        let scale = 10_i128.pow(decimals);
        let whole = grouped(i64::try_from(rounded / scale).unwrap_or(i64::MAX));
        let sign = if value < 0 && rounded != 0 { "-" } else { "" };
        if decimals == 0 {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{:0width$}", rounded % scale, width = decimals as usize)
        }
    }

    /// An amount with its ISO 4217 code: `EUR 1,234.50` in English, `¥1,234.50` for yuan in Chinese.
    pub fn money(self, currency: &str, millionths: i64, decimals: u8) -> String {
        let amount = self.decimal(millionths, decimals);
        match (self, currency) {
            (Self::Zh, "CNY") => format!("¥{amount}"),
            _ => format!("{currency} {amount}"),
        }
    }

    /// A number for cards and tiles: `12.3k` and `1.2M`, `1.23万` and `1.23亿`; exact below ten thousand.
    pub fn short(self, n: i64) -> String {
        let (unit, word, decimals) = match (self, n.unsigned_abs()) {
            (_, ..10_000) => return grouped(n),
            (Self::En, ..1_000_000) => (1_000, "k", 1),
            (Self::En, ..1_000_000_000) => (1_000_000, "M", 1),
            (Self::En, _) => (1_000_000_000, "B", 1),
            (Self::Zh, ..100_000_000) => (10_000, "万", 2),
            (Self::Zh, _) => (100_000_000, "亿", 2),
        };
        let scale = 10_i64.pow(decimals);
        let scaled = i64::try_from(i128::from(n) * i128::from(scale) / unit).unwrap_or(i64::MAX);
        let text = format!("{}.{:0width$}", grouped(scaled / scale), (scaled % scale).abs(), width = decimals as usize);
        format!("{}{word}", text.trim_end_matches('0').trim_end_matches('.'))
    }

    /// A day: `2026-11-23`.
    pub fn date(self, date: Date) -> String {
        date.to_string()
    }

    /// A day with its weekday: `Mon 2026-11-23`, `2026年11月23日 周一`.
    pub fn long_date(self, date: Date) -> String {
        match self {
            Self::En => format!("{} {date}", self.weekday(date.weekday())),
            Self::Zh => format!("{}年{}月{}日 {}", date.year(), date.month(), date.day(), self.weekday(date.weekday())),
        }
    }

    /// A weekday, short: `Mon`, `周一`.
    pub fn weekday(self, day: Weekday) -> &'static str {
        let words = match self {
            Self::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            Self::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        };
        usize::try_from(day.to_monday_zero_offset()).ok().and_then(|i| words.get(i)).copied().unwrap_or_default()
    }

    /// A time of day: `14:08`.
    pub fn time(self, at: DateTime) -> String {
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// A time of day to the second: `14:08:11`.
    pub fn seconds(self, at: DateTime) -> String {
        format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
    }

    /// A moment: `2026-11-23 14:08`.
    pub fn moment(self, at: DateTime) -> String {
        format!("{} {}", at.date(), self.time(at))
    }

    /// A range of days: `2026-11-01 – 2026-11-30`, in Chinese with `～`.
    pub fn range(self, from: Date, to: Date) -> String {
        match self {
            Self::En => format!("{from} – {to}"),
            Self::Zh => format!("{from} ～ {to}"),
        }
    }

    /// How long ago: `just now`, `5 minutes ago`, `2 hours ago`, then the day.
    pub fn ago(self, ago: Ago) -> String {
        match ago.seconds {
            ..60 => self.t("ago-now").to_owned(),
            60..3_600 => self.with("ago-minutes", &[("n", (ago.seconds / 60).into())]),
            3_600..86_400 => self.with("ago-hours", &[("n", (ago.seconds / 3_600).into())]),
            _ => self.date(ago.on),
        }
    }

    /// Days to a date that bites: `3 days left`, `today`, `2 days late`. Always shown beside the date itself.
    pub fn days_left(self, days: i64) -> String {
        match days {
            0 => self.t("days-today").to_owned(),
            1.. => self.with("days-left", &[("n", days.into())]),
            _ => self.with("days-late", &[("n", (-days).into())]),
        }
    }
}

/// A person's name as its script writes it, whatever the language of the page: 王晓明 (family first, no space), Ada King
/// (given first).
pub fn person_name(family: &str, given: &str) -> String {
    let (family, given) = (family.trim(), given.trim());
    if family.is_empty() || given.is_empty() {
        return format!("{family}{given}");
    }
    match text_lang(family) {
        Some("zh-CN") => format!("{family}{given}"),
        // Japanese and Korean names keep the order; only Japanese is set with a space.
        Some("ko") => format!("{family}{given}"),
        Some(_) => format!("{family} {given}"),
        None => format!("{given} {family}"),
    }
}

/// The language tag that a value's script asks for, so that Han glyphs come out in the right shapes: kana `ja`, hangul
/// `ko`, other Han `zh-CN`; `None` for everything else, which needs no mark.
pub fn text_lang(text: &str) -> Option<&'static str> {
    let mut han = false;
    for c in text.chars() {
        match c {
            '\u{3040}'..='\u{30FF}' => return Some("ja"),
            '\u{AC00}'..='\u{D7AF}' => return Some("ko"),
            '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => han = true,
            _ => {}
        }
    }
    han.then_some("zh-CN")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_are_grouped_and_shortened() {
        assert_eq!(grouped(-1_234_567), "-1,234,567");
        assert_eq!(Lang::En.decimal(12_345_600_000, 2), "12,345.60");
        assert_eq!(Lang::En.decimal(-4_999, 2), "0.00");
        assert_eq!(Lang::En.decimal(-5_000, 2), "-0.01");
        assert_eq!(Lang::Zh.short(12_345), "1.23万");
        assert_eq!(Lang::Zh.short(123_450_000), "1.23亿");
        assert_eq!(Lang::En.short(9_999), "9,999");
        assert_eq!(Lang::En.short(1_200_000), "1.2M");
        assert_eq!(Lang::Zh.money("CNY", 1_234_560_000, 2), "¥1,234.56");
        assert_eq!(Lang::En.money("CNY", 1_234_560_000, 2), "CNY 1,234.56");
    }

    #[test]
    fn days_read_as_each_language_writes_them() {
        let monday = date(2026, 11, 23);
        assert_eq!(Lang::En.long_date(monday), "Mon 2026-11-23");
        assert_eq!(Lang::Zh.long_date(monday), "2026年11月23日 周一");
        assert_eq!(Lang::Zh.range(date(2026, 11, 1), date(2026, 11, 30)), "2026-11-01 ～ 2026-11-30");
        assert_eq!(Lang::Zh.days_left(3), "还剩 3 天");
        assert_eq!(Lang::En.days_left(-1), "1 day late");
        assert_eq!(Lang::En.ago(Ago { seconds: 300, on: monday }), "5 minutes ago");
        assert_eq!(Lang::Zh.ago(Ago { seconds: 7_200, on: monday }), "2 小时前");
        assert_eq!(Lang::Zh.ago(Ago { seconds: 90_000, on: monday }), "2026-11-23");
    }

    #[test]
    fn names_keep_the_order_of_their_script() {
        assert_eq!(person_name("王", "晓明"), "王晓明");
        assert_eq!(person_name("King", "Ada"), "Ada King");
        assert_eq!(person_name("田中", "さくら"), "田中さくら");
        assert_eq!(person_name("", "Ada"), "Ada");
        assert_eq!(text_lang("株式会社カスタス"), Some("ja"));
        assert_eq!(text_lang("Ada King"), None);
    }
}
