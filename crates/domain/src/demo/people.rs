//! Contacts and leads: people who work for companies, and why their data may be kept.

use super::{
    Basis, Chance, Demo, Person, Record,
    chance::scatter,
    companies::{self, Place},
    names::{self, Name},
    staff, stream,
};

/// What people do: function, department and titles in Chinese, English and German.
struct Work {
    function: &'static str,
    department: [&'static str; 3],
    titles: [[&'static str; 3]; 3],
}

const WORK: [Work; 7] = [
    Work {
        function: "purchasing",
        department: ["采购部", "Purchasing", "Einkauf"],
        titles: [
            ["采购工程师", "采购经理", "采购总监"],
            ["Buyer", "Purchasing Manager", "Head of Procurement"],
            ["Einkauf Elektronik", "Leitung Einkauf", "Strategischer Einkauf"],
        ],
    },
    Work {
        function: "engineering",
        department: ["研发部", "R&D", "Entwicklung"],
        titles: [
            ["硬件工程师", "研发经理", "首席架构师"],
            ["Hardware Engineer", "Design Lead", "VP Engineering"],
            ["Hardwareentwicklung", "Teamleitung Hardware", "Leitung Entwicklung"],
        ],
    },
    Work {
        function: "quality",
        department: ["质量部", "Quality", "Qualität"],
        titles: [
            ["质量工程师", "质量经理", "SQE 主管"],
            ["Quality Engineer", "Quality Manager", "Supplier Quality Lead"],
            ["Qualitätssicherung", "Leitung Qualität", "Lieferantenqualität"],
        ],
    },
    Work {
        function: "production",
        department: ["生产部", "Production", "Fertigung"],
        titles: [
            ["工艺工程师", "生产经理", "厂长"],
            ["Process Engineer", "Production Manager", "Plant Manager"],
            ["Prozesstechnik", "Fertigungsleitung", "Werksleitung"],
        ],
    },
    Work {
        function: "logistics",
        department: ["物流部", "Logistics", "Logistik"],
        titles: [
            ["计划员", "物流经理", "供应链总监"],
            ["Planner", "Logistics Manager", "Supply Chain Director"],
            ["Disposition", "Leitung Logistik", "Leitung Supply Chain"],
        ],
    },
    Work {
        function: "management",
        department: ["总经办", "Management", "Geschäftsleitung"],
        titles: [
            ["副总经理", "总经理", "董事长助理"],
            ["General Manager", "COO", "Managing Director"],
            ["Prokura", "Geschäftsführung", "Assistenz der Geschäftsführung"],
        ],
    },
    Work {
        function: "finance",
        department: ["财务部", "Finance", "Buchhaltung"],
        titles: [
            ["会计", "财务经理", "财务总监"],
            ["Accountant", "Finance Manager", "CFO"],
            ["Buchhaltung", "Leitung Finanzen", "Kreditorenbuchhaltung"],
        ],
    },
];
/// How often each kind of work is met, places in [`WORK`].
const WORK_SHARES: [usize; 16] = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6];

/// Where people's data comes from, in Chinese and English.
const SOURCES: [(&str, &str); 8] = [
    ("慕尼黑上海电子展 2026，来访登记表", "electronica 2026, Munich, visitor form"),
    ("官网送样申请", "Sample request on our web site"),
    ("本人在拜访时交换的名片", "Business card handed over at a visit"),
    ("客户在询价邮件中提供", "Inquiry by e-mail"),
    ("原 ERP 系统迁移（客户主数据）", "Taken over from the former ERP system"),
    ("线上研讨会报名", "Registration for a webinar"),
    ("代理商转介，已告知本人", "Referred by a distributor, person informed"),
    ("SEMICON China 2026，扫码登记", "embedded world 2026, Nuremberg, badge scan"),
];

impl Demo {
    pub(super) fn contact(&self, index: usize) -> Person {
        let (company, place_in_company) = companies::of_contact(index);
        let place = self.place(company);
        let mut chance = self.chance(stream::CONTACT, index);
        let owner = *self.chance(stream::COMPANY, company).pick(&staff::sales(place.country));
        let mut record = Record::new("contact", index, owner);
        let (name, country) = self.contact_name(index, &place);
        let (local, again) = (local_part(&name), self.namesakes(index, place_in_company, &place));
        let style = usize::from(name.family.is_ascii() || place.country != "CN");
        let german = usize::from(place.country == "DE" && country == "DE");
        // The two people whom the manual speaks of have everything a page can show.
        let shown = index < 2;
        let drawn = (*chance.pick(&WORK_SHARES), chance.below(3));
        let (work, rank) = if shown { (index, index + 1) } else { drawn };
        let work = &WORK[work];
        record.set("family_name", &*name.family);
        record.set("given_name", &*name.given);
        if place.country == "CN" && !name.family.is_ascii() && chance.percent(25) {
            let english =
                if name.female { ["Amy", "Grace", "Lily", "Vivian"] } else { ["Kevin", "Leo", "Jason", "Eric"] };
            record.set("alias", *chance.pick(&english));
        }
        if chance.percent(55) || shown {
            let by_name = if name.female { "ms" } else { "mr" };
            let salutation = match (country, work.function) {
                ("CN", "engineering") => "engineer",
                ("DE", "engineering") if chance.percent(30) => "doctor",
                _ => by_name,
            };
            record.set("salutation", salutation);
        }
        record.links.push(("company", "company", company));
        record.set("job_title", work.titles[style + german][rank]);
        record.set("department", work.department[style + german]);
        record.set("function", work.function);
        record.set("country", country);
        let again = if again > 0 { (again + 1).to_string() } else { String::new() };
        record.set("email", format!("{local}{again}@{}", place.domain));
        if chance.percent(if country == "CN" { 95 } else { 60 }) || shown {
            record.set("mobile", mobile(country, self.seed, index, &mut chance));
        }
        if country == "CN" && chance.percent(50) {
            record.set("wechat", format!("wx_{}{:02}", local.replace(['.', '-'], ""), chance.below(100)));
        }
        record.set("language", language(country));
        if chance.percent(15) {
            let zh = style == 0;
            record.set("notes", *chance.pick(&if zh { CHINESE_NOTES } else { ENGLISH_NOTES }));
        }
        let person = self.person(record, country, index, stream::CONTACT);
        with_delivery(person, &place, &mut chance)
    }

    /// The name of a contact and the country the contact works in; the first two are the ones the manual speaks of.
    fn contact_name(&self, index: usize, place: &Place) -> (Name, &'static str) {
        match index {
            0 => (known("王", "晓明", "wang", "xiaoming", false), "CN"),
            1 => (known("King", "Ada", "king", "ada", true), "GB"),
            _ => (names::draw(&mut self.chance(stream::CONTACT_NAME, index), place.country).name(), place.country),
        }
    }

    /// How many colleagues before this one have the same name in Latin letters.
    fn namesakes(&self, index: usize, place_in_company: usize, place: &Place) -> usize {
        let address = |at: usize| match at {
            0 | 1 => ("", ""),
            _ => names::draw(&mut self.chance(stream::CONTACT_NAME, at), place.country).address(),
        };
        // 丽 and 莉 are both li: what is compared is the address.
        let own = address(index);
        (index - place_in_company..index).filter(|at| index > 1 && address(*at) == own).count()
    }

    pub(super) fn lead(&self, index: usize) -> Person {
        // Leads come from companies that are not customers yet.
        let place = self.prospect(index);
        let mut chance = self.chance(stream::LEAD, index);
        let owner = *chance.pick(&staff::sales(place.country));
        let mut record = Record::new("lead", index, owner);
        let name = names::draw(&mut self.chance(stream::LEAD_NAME, index), place.country).name();
        let country = place.country;
        let zh = country == "CN" && !name.family.is_ascii();
        let work = &WORK[*chance.pick(&WORK_SHARES)];
        record.set("family_name", &*name.family);
        record.set("given_name", &*name.given);
        record.set("company_name", place.short());
        let style = usize::from(!zh) + usize::from(country == "DE");
        record.set("job_title", *chance.pick(&work.titles[style]));
        record.set("country", country);
        record.set("email", format!("{}@{}", local_part(&name), place.domain));
        if chance.percent(70) {
            record.set("mobile", mobile(country, self.seed ^ 0x5EED, index, &mut chance));
        }
        record.set("language", language(country));
        record
            .set("status", *chance.pick(&["new", "new", "new", "contacted", "contacted", "qualified", "disqualified"]));
        if record.text("status") == Some("disqualified") {
            let reasons = ["no_need", "no_budget", "wrong_person", "out_of_reach"];
            let reason = reasons[index % reasons.len()];
            record.set("disqualified_reason", reason);
        }
        record.set(
            "channel",
            *chance.pick(&["fair", "fair", "website", "sample_request", "referral", "distributor", "seminar"]),
        );
        record.set("rating", *chance.pick(&["hot", "warm", "warm", "cold", "cold"]));
        let wish = if zh {
            ["需要 60V MOSFET 样品，年用量约 20 万颗", "咨询 LTE 模组认证情况", "寻找 MCU 替代料"]
        } else {
            [
                "Samples of a 60 V MOSFET, about 200 k a year",
                "Asks about certification of the LTE module",
                "Looks for a second source of an MCU",
            ]
        };
        record.set("interest", *chance.pick(&wish));
        self.person(record, country, index, stream::LEAD)
    }

    /// Purposes, each with its basis under the law of the person's country.
    fn person(&self, record: Record, country: &'static str, index: usize, kind: u64) -> Person {
        let mut chance = self.chance(stream::BASES ^ kind << 8, index);
        let lead = record.object == "lead";
        let law = match country {
            "CN" => "pipl",
            "US" => "ccpa",
            // Everybody else's data is handled by the establishment in Germany (GDPR art. 3(1)).
            _ => "gdpr",
        };
        let zh = law == "pipl";
        let began = chance.between(20, if lead { 200 } else { 600 });
        let last = chance.below(began.min(300));
        let (source_zh, source_en) = *chance.pick(&SOURCES);
        let mut purposes: Vec<&'static str> = vec!["account_care"];
        if chance.percent(60) {
            purposes.push("quoting");
        }
        if !lead {
            let orders = chance.percent(40);
            for (purpose, live) in
                [("order_fulfilment", orders), ("quality_safety", chance.percent(25)), ("legal_duty", orders)]
            {
                purposes.extend(live.then_some(purpose));
            }
        }
        if chance.percent(30) || (index == 1 && !lead) {
            purposes.push("marketing");
        }
        let bases = purposes
            .into_iter()
            .map(|purpose| {
                let since = self.days_ago(began.saturating_sub(chance.below(10)).max(last));
                let basis = basis(law, purpose);
                Basis { purpose, law, basis, since, evidence: evidence(basis, since, zh) }
            })
            .collect();
        Person {
            record,
            laws: vec![law],
            source: if zh { source_zh } else { source_en }.to_owned(),
            last_activity: self.days_ago(last),
            bases,
        }
    }
}

/// People who get samples or goods have an address for them.
fn with_delivery(mut person: Person, place: &Place, chance: &mut Chance) -> Person {
    let needs = |p: &str| matches!(p, "quoting" | "order_fulfilment" | "quality_safety");
    if chance.percent(30) && person.bases.iter().any(|b| needs(b.purpose)) {
        let (city, _, province, ..) = place.city;
        let text = match place.country {
            "CN" => format!("{province}{city}高新园区{}号 {} 收货部", chance.between(1, 300), place.short()),
            _ => format!("{}\nGoods receipt, gate {}\n{city}, {province}", place.short(), chance.between(1, 9)),
        };
        person.record.set("delivery_address", text);
    }
    person
}

fn known(family: &str, given: &str, family_latin: &str, given_latin: &str, female: bool) -> Name {
    let latin = (family_latin.to_owned(), given_latin.to_owned());
    Name { family: family.to_owned(), given: given.to_owned(), latin, female }
}

fn local_part(name: &Name) -> String {
    format!("{}.{}", name.latin.1, name.latin.0)
}

fn language(country: &str) -> &'static str {
    match country {
        "CN" => "zh",
        "DE" => "de",
        "JP" => "ja",
        _ => "en",
    }
}

/// A mobile number that no other contact has.
fn mobile(country: &str, seed: u64, index: usize, chance: &mut Chance) -> String {
    let line = scatter(seed, index, 99_999_989);
    match country {
        "CN" => {
            let begins = *chance.pick(&["138", "139", "136", "137", "159", "186", "188", "177"]);
            format!("+86 {begins} {:04} {:04}", line / 10_000, line % 10_000)
        }
        "DE" => format!("+49 1522 {:03} {:04}", line / 10_000 % 1_000, line % 10_000),
        "GB" => format!("+44 7700 900{:03}", line % 1_000),
        "JP" => format!("+81 90 {:04} {:04}", 1_000 + line / 10_000 % 9_000, line % 10_000),
        _ => {
            const AREAS: [&str; 16] = [
                "408", "512", "619", "949", "617", "602", "919", "503", "313", "303", "206", "612", "312", "669",
                "415", "650",
            ];
            let line = scatter(seed, index, 159_899);
            format!("+1 {} 555 {:04}", AREAS[line / 10_000 % 16], line % 10_000)
        }
    }
}

fn basis(law: &str, purpose: &str) -> &'static str {
    match (law, purpose) {
        (_, "legal_duty") => "legal_duty",
        ("ccpa", "marketing") => "notice_opt_out",
        ("ccpa", _) => "business_purpose",
        (_, "marketing") => "consent",
        (_, "order_fulfilment") | ("pipl", "quality_safety") => "contract",
        ("pipl", _) => "consent",
        _ => "legitimate_interests",
    }
}

fn evidence(basis: &str, since: jiff::civil::Date, zh: bool) -> String {
    let text = match (basis, zh) {
        ("consent", true) => "电子同意书 v3，本人勾选",
        ("consent", false) => "Consent form v3, ticked by the person",
        ("contract", true) => "框架采购合同",
        ("contract", false) => "Framework purchase agreement",
        ("legal_duty", true) => "发票留存义务",
        ("legal_duty", false) => "Duty to keep invoices",
        ("notice_opt_out", _) => "Notice at collection v2, no opt-out",
        ("business_purpose", _) => "Notice at collection v2",
        _ => "Balancing test B2B contacts, 2025-01",
    };
    format!("{text}, {since}")
}

const CHINESE_NOTES: [&str; 4] = ["请在周三下午联系", "需要英文规格书", "由其审核 PCN", "项目会议请提前两天预约"];
const ENGLISH_NOTES: [&str; 4] =
    ["Wants PCNs by e-mail", "Decides on second sources", "Call in the morning, CET", "Needs datasheets in English"];
