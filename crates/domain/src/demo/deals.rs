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
        record.set("expected_close", if done { self.days_ago(close) } else { self.in_days(close) }.to_string());
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
            record.set("sop_date", self.in_days(chance.between(60, 540)).to_string());
            record.set("registered", if chance.percent(50) { "yes" } else { "no" });
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

    pub(super) fn activity(&self, index: usize) -> Record {
        let mut chance = self.chance(stream::ACTIVITY, index);
        let contact = chance.below(self.sizes.contacts);
        let company = companies::of_contact(contact).0;
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
        let days = chance.below(400);
        if kind == "task" {
            let open = chance.percent(60);
            record.set("due", if open { self.in_days(chance.below(30)) } else { self.days_ago(days) }.to_string());
            record.set("done", if open { "no" } else { "yes" });
        } else {
            let (hour, minute) = (chance.between(7, 16), chance.below(12) * 5);
            record.set("happened", format!("{}T{hour:02}:{minute:02}:00Z", self.days_ago(days)));
            record.set("done", "yes");
        }
        record
    }
}
