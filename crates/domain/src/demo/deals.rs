//! Opportunities and activities, linked to companies, contacts and parts.

use super::{Demo, Record, companies, staff, stream};

const APPLICATIONS: [(&str, &str); 14] = [
    ("水泵控制器", "Pump controller"),
    ("车载充电机", "On-board charger"),
    ("智能电表", "Smart meter"),
    ("网关", "Sensor gateway"),
    ("伺服驱动器", "Servo drive"),
    ("监护仪", "Patient monitor"),
    ("LED 驱动电源", "LED driver"),
    ("储能变流器", "Storage inverter"),
    ("扫地机器人", "Robot vacuum"),
    ("车身域控制器", "Body domain controller"),
    ("工业相机", "Industrial camera"),
    ("电动工具", "Power tool"),
    ("门禁终端", "Access terminal"),
    ("变频空调", "Inverter air conditioner"),
];
/// Stage and the probability that goes with it.
const STAGES: [(&str, usize); 12] = [
    ("inquiry", 10),
    ("inquiry", 10),
    ("sample", 25),
    ("sample", 25),
    ("design_in", 45),
    ("design_in", 50),
    ("design_win", 75),
    ("ramp", 85),
    ("production", 100),
    ("production", 100),
    ("lost", 0),
    ("end_of_life", 100),
];

impl Demo {
    pub(super) fn opportunity(&self, index: usize) -> Record {
        let mut chance = self.chance(stream::OPPORTUNITY, index);
        let company = chance.below(self.sizes.companies);
        let place = self.place(company);
        let owner = *self.chance(stream::COMPANY, company).pick(&staff::sales(place.country));
        let mut record = Record::new("opportunity", index, owner);
        let (zh, en) = *chance.pick(&APPLICATIONS);
        let application = if place.country == "CN" { zh } else { en };
        record.set("name", format!("{} {application}", place.short()));
        record.links.push(("company", "company", company));
        record.links.push(("contact", "contact", companies::contact_of(company, &mut chance, self.sizes.contacts)));
        if self.sizes.parts > 0 {
            record.links.push(("part", "part", chance.below(self.sizes.parts)));
        }
        let (stage, probability) = *chance.pick(&STAGES);
        record.set("stage", stage);
        record.set("probability", probability.to_string());
        record.set("application", application);
        let close = chance.between(10, 300);
        let done = matches!(stage, "lost" | "production" | "end_of_life");
        let decided = done || matches!(stage, "design_win" | "ramp");
        record.set("expected_close", if decided { self.days_ago(close) } else { self.in_days(close) }.to_string());
        record.set("last_activity", self.days_ago(20 + close / 3).to_string());
        if stage == "lost" {
            record.set("loss_reason", *chance.pick(&["price", "price", "delivery", "performance", "cancelled"]));
            record.set("competitor", *chance.pick(&["Meridian Devices", "Torvald Semiconductor", "远山微电子"]));
        }
        if !matches!(stage, "inquiry" | "lost") {
            let before = chance.between(20, 300);
            record.set("sample_sent", self.days_ago(if done { close + before } else { before }).to_string());
        }
        let volume = [1_000, 5_000, 20_000, 50_000, 120_000, 400_000][chance.below(6)];
        // Target price in ten-thousandths; the amount is that of the first year.
        let price = chance.between(500, 90_000);
        record.set("annual_volume", volume.to_string());
        record.set("target_price", format!("{}.{:04}", price / 10_000, price % 10_000));
        let amount = volume * price / 100;
        record.set("amount", format!("{}.{:02}", amount / 100, amount % 100));
        record.set("currency", companies::currency(place.country));
        if matches!(stage, "design_in" | "design_win" | "ramp") {
            let away = chance.between(60, 540);
            let start = if stage == "ramp" { self.days_ago(away / 6) } else { self.in_days(away) };
            record.set("sop_date", start.to_string());
            record.set("registered", if chance.percent(50) { "yes" } else { "no" });
        }
        if matches!(stage, "production" | "end_of_life") {
            record.set("sop_date", self.days_ago(close + 400).to_string());
        }
        if stage == "end_of_life" {
            record.set("end_date", self.days_ago(close / 2).to_string());
        }
        if !done {
            let steps = if place.country == "CN" {
                ["寄送样品", "安排技术评审", "提交报价", "跟进认证报告"]
            } else {
                ["Send samples", "Arrange a design review", "Send the quote", "Follow up on the qualification report"]
            };
            record.set("next_step", *chance.pick(&steps));
        }
        record
    }

    /// Every opportunity has a line, every second one two.
    pub(super) fn line(&self, index: usize) -> Record {
        let mut chance = self.chance(stream::LINE, index);
        let deals = self.sizes.opportunities;
        let deal = if index < deals { index } else { (index - deals) * 2 % deals };
        let of = self.opportunity(deal);
        let mut record = Record::new("opportunity_line", index, of.owner);
        record.links.push(("opportunity", "opportunity", deal));
        let part = chance.below(self.sizes.parts.max(1));
        record.set("mpn", self.part(part).text("mpn").unwrap_or("NE-100").to_owned());
        if self.sizes.parts > 0 {
            record.links.push(("part", "part", part));
        }
        let units = [2_000, 8_000, 24_000, 60_000, 150_000, 480_000][chance.below(6)];
        record.set("annual_units", units.to_string());
        // In millionths: small parts cost less than a cent.
        let price = [4_125, 18_400, 96_500, 412_500, 1_280_000, 7_450_000][chance.below(6)] + chance.below(2_000);
        record.set("unit_price", format!("{}.{:06}", price / 1_000_000, price % 1_000_000));
        record.set("currency", of.text("currency").unwrap_or("EUR").to_owned());
        record.set("share", [100, 100, 60, 40][chance.below(4)].to_string());
        record.set("ramp", *chance.pick(&["none", "half_year", "year", "year", "two_years"]));
        record.set("years", chance.between(3, 8).to_string());
        if of.text("sop_date").is_none() {
            record.set("sop_date", self.in_days(chance.between(120, 700)).to_string());
        }
        record
    }

    /// Who owns an opportunity: a place among the users.
    pub(crate) fn opportunity_owner(&self, index: usize) -> usize {
        self.opportunity(index).owner
    }

    /// The stages an opportunity went through and when it came to each, oldest first, its present one last.
    pub fn stage_path(&self, index: usize) -> Vec<(&'static str, jiff::civil::Date)> {
        const PATH: [&str; 7] = ["inquiry", "sample", "design_in", "design_win", "ramp", "production", "end_of_life"];
        let mut chance = self.chance(stream::STAGES, index);
        let record = self.opportunity(index);
        let now = record.text("stage").unwrap_or("inquiry");
        let mut path: Vec<&'static str> = match PATH.iter().position(|stage| *stage == now) {
            Some(at) => PATH[..=at].to_vec(),
            None => PATH[..chance.between(1, 3)].to_vec(),
        };
        if now == "lost" {
            path.push("lost");
        }
        let mut ago = chance.between(3, 70);
        let mut dated = Vec::with_capacity(path.len());
        for stage in path.into_iter().rev() {
            dated.push((stage, self.days_ago(ago)));
            ago += chance.between(10, 120);
        }
        dated.reverse();
        dated
    }

    pub(super) fn activity(&self, index: usize) -> Record {
        let mut chance = self.chance(stream::ACTIVITY, index);
        let mut contact = chance.below(self.sizes.contacts);
        let mut company = companies::of_contact(contact).0;
        // Half of what is done is about a project, with the people and the company of it.
        let deal = (self.sizes.opportunities > 0 && chance.percent(50)).then(|| chance.below(self.sizes.opportunities));
        if let Some(deal) = deal {
            for (field, _, number) in &self.opportunity(deal).links {
                match *field {
                    "contact" => contact = *number,
                    "company" => company = *number,
                    _ => {}
                }
            }
        }
        let place = self.place(company);
        let owner = *self.chance(stream::COMPANY, company).pick(&staff::sales(place.country));
        let mut record = Record::new("activity", index, owner);
        let zh = place.country == "CN";
        let kind = *chance.pick(&["call", "call", "mail", "mail", "meeting", "visit", "note", "task"]);
        let subjects: [&str; 3] = match (kind, zh) {
            ("call", true) => ["电话确认交期", "询问样品测试结果", "回复报价问题"],
            ("call", false) => {
                ["Confirmed the delivery date", "Asked about the sample test", "Answered questions on the quote"]
            }
            ("mail", true) => ["发送规格书与报价", "发送 PCN 通知", "发送认证资料"],
            ("mail", false) => ["Sent datasheet and quote", "Sent the PCN", "Sent certification documents"],
            ("meeting" | "visit", true) => ["技术交流会", "产线参观", "年度业务回顾"],
            ("meeting" | "visit", false) => ["Design review", "Line tour", "Annual business review"],
            ("task", true) => ["寄送评估板", "更新年度预测", "跟进 8D 报告"],
            ("task", false) => ["Send the evaluation board", "Update the forecast", "Follow up on the 8D report"],
            (_, true) => ["偏好邮件联系", "关注车规等级", "下季度有新项目"],
            (_, false) => ["Prefers e-mail", "Cares about automotive grade", "New project next quarter"],
        };
        record.set("kind", kind);
        record.set("subject", *chance.pick(&subjects));
        if chance.percent(60) {
            let bodies: [&str; 3] = if zh {
                ["客户反馈样品温升正常，等待可靠性报告。", "目标价仍有差距，需申请特价。", "量产时间可能推迟一个季度。"]
            } else {
                [
                    "Samples stay cool; waiting for the reliability report.",
                    "Still above the target price; a special price is needed.",
                    "Start of production may slip by a quarter.",
                ]
            };
            record.set("body", *chance.pick(&bodies));
        }
        record.links.push(("contact", "contact", contact));
        record.links.push(("company", "company", company));
        record.links.extend(deal.map(|deal| ("opportunity", "opportunity", deal)));
        // Most of it was done in the last quarter.
        let days = if chance.percent(60) { chance.below(91) } else { chance.below(400) };
        if kind == "task" {
            let open = chance.percent(60);
            let due = match open {
                true if chance.percent(20) => self.days_ago(1 + days % 9),
                true => self.in_days(chance.below(30)),
                false => self.days_ago(days),
            };
            record.set("due", due.to_string());
            record.set("done", if open { "no" } else { "yes" });
        } else {
            let (hour, minute) = (chance.between(7, 16), chance.below(12) * 5);
            record.set("happened", format!("{}T{hour:02}:{minute:02}:00Z", self.days_ago(days)));
            record.set("done", "yes");
        }
        record
    }
}
