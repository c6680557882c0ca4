//! Companies: who could buy electronics, with codes that hold.

use super::{
    Chance, Demo, Record,
    chance::scatter,
    codes,
    names::{self, ascii},
    staff, stream,
};

/// How many contacts companies have, over and over: few have many.
const CONTACTS: [usize; 10] = [4, 12, 1, 6, 17, 2, 9, 5, 3, 21];
const CONTACTS_PER_ROUND: usize = 80;

/// The company of a contact, and which of its people the contact is.
pub(super) fn of_contact(contact: usize) -> (usize, usize) {
    let mut place = contact % CONTACTS_PER_ROUND;
    for (at, people) in CONTACTS.iter().enumerate() {
        if place < *people {
            return (contact / CONTACTS_PER_ROUND * CONTACTS.len() + at, place);
        }
        place -= people;
    }
    (0, 0)
}

/// A contact of a company that is among the first `contacts`.
pub(super) fn contact_of(company: usize, chance: &mut Chance, contacts: usize) -> usize {
    let before: usize = CONTACTS[..company % CONTACTS.len()].iter().sum();
    let first = company / CONTACTS.len() * CONTACTS_PER_ROUND + before;
    let one = first + chance.below(CONTACTS[company % CONTACTS.len()]);
    if one < contacts { one } else { first.min(contacts - 1) }
}

/// A city: name as written there, in English, province, division code or postcode, area code.
type City = (&'static str, &'static str, &'static str, &'static str, &'static str);

const CHINESE_CITIES: [City; 16] = [
    ("深圳市", "Shenzhen", "广东省", "440300", "755"),
    ("上海市", "Shanghai", "上海市", "310000", "21"),
    ("苏州市", "Suzhou", "江苏省", "320500", "512"),
    ("东莞市", "Dongguan", "广东省", "441900", "769"),
    ("北京市", "Beijing", "北京市", "110000", "10"),
    ("杭州市", "Hangzhou", "浙江省", "330100", "571"),
    ("广州市", "Guangzhou", "广东省", "440100", "20"),
    ("南京市", "Nanjing", "江苏省", "320100", "25"),
    ("成都市", "Chengdu", "四川省", "510100", "28"),
    ("武汉市", "Wuhan", "湖北省", "420100", "27"),
    ("西安市", "Xi'an", "陕西省", "610100", "29"),
    ("厦门市", "Xiamen", "福建省", "350200", "592"),
    ("宁波市", "Ningbo", "浙江省", "330200", "574"),
    ("无锡市", "Wuxi", "江苏省", "320200", "510"),
    ("惠州市", "Huizhou", "广东省", "441300", "752"),
    ("青岛市", "Qingdao", "山东省", "370200", "532"),
];
const GERMAN_CITIES: [City; 14] = [
    ("München", "Munich", "Bayern", "80339", "89"),
    ("Stuttgart", "Stuttgart", "Baden-Württemberg", "70173", "711"),
    ("Hamburg", "Hamburg", "Hamburg", "20457", "40"),
    ("Berlin", "Berlin", "Berlin", "10117", "30"),
    ("Dresden", "Dresden", "Sachsen", "01067", "351"),
    ("Nürnberg", "Nuremberg", "Bayern", "90402", "911"),
    ("Köln", "Cologne", "Nordrhein-Westfalen", "50667", "221"),
    ("Dortmund", "Dortmund", "Nordrhein-Westfalen", "44135", "231"),
    ("Jena", "Jena", "Thüringen", "07743", "3641"),
    ("Karlsruhe", "Karlsruhe", "Baden-Württemberg", "76131", "721"),
    ("Bremen", "Bremen", "Bremen", "28195", "421"),
    ("Hannover", "Hanover", "Niedersachsen", "30159", "511"),
    ("Regensburg", "Regensburg", "Bayern", "93047", "941"),
    ("Bielefeld", "Bielefeld", "Nordrhein-Westfalen", "33602", "521"),
];
const AMERICAN_CITIES: [City; 14] = [
    ("San Jose", "San Jose", "CA", "95113", "408"),
    ("Austin", "Austin", "TX", "78701", "512"),
    ("San Diego", "San Diego", "CA", "92101", "619"),
    ("Irvine", "Irvine", "CA", "92618", "949"),
    ("Boston", "Boston", "MA", "02110", "617"),
    ("Phoenix", "Phoenix", "AZ", "85004", "602"),
    ("Raleigh", "Raleigh", "NC", "27601", "919"),
    ("Portland", "Portland", "OR", "97204", "503"),
    ("Detroit", "Detroit", "MI", "48226", "313"),
    ("Denver", "Denver", "CO", "80202", "303"),
    ("Seattle", "Seattle", "WA", "98101", "206"),
    ("Minneapolis", "Minneapolis", "MN", "55401", "612"),
    ("Chicago", "Chicago", "IL", "60601", "312"),
    ("Sunnyvale", "Sunnyvale", "CA", "94086", "669"),
];
const JAPANESE_CITIES: [City; 8] = [
    ("Yokohama", "Yokohama", "Kanagawa", "220-0012", "45"),
    ("Osaka", "Osaka", "Osaka", "530-0001", "6"),
    ("Nagoya", "Nagoya", "Aichi", "450-0002", "52"),
    ("Kyoto", "Kyoto", "Kyoto", "600-8216", "75"),
    ("Tokyo", "Tokyo", "Tokyo", "108-0075", "3"),
    ("Hamamatsu", "Hamamatsu", "Shizuoka", "430-0926", "53"),
    ("Sendai", "Sendai", "Miyagi", "980-0021", "22"),
    ("Fukuoka", "Fukuoka", "Fukuoka", "812-0011", "92"),
];

/// Halves of Chinese brands with pinyin, no two alike, so that no two domains are.
const FIRST: &str = "星xing 华hua 联lian 中zhong 瑞rui 金jin 德de 科ke 宏hong 天tian 海hai 新xin 创chuang 嘉jia 凯kai 朗lang 恒heng 盛sheng 东dong 光guang 智zhi 云yun 凌ling 博bo 优you 卓zhuo 维wei 腾teng 启qi 蓝lan";
const SECOND: &str = "途tu 芯xin 达da 创chuang 科ke 联lian 通tong 微wei 源yuan 电dian 驰chi 泰tai 讯xun 域yu 控kong 景jing 力li 能neng 佳jia 成cheng 博bo 海hai 航hang 腾teng 辰chen 翼yi 晟sheng 峰feng 纳na 尔er";
/// Halves of Western and Japanese brands.
const WESTERN: [&str; 40] = [
    "Nord", "Alpen", "Rhein", "Vega", "Orion", "Delta", "Quant", "Helio", "Tera", "Micro", "Silva", "Ferro", "Lumen",
    "Volta", "Pico", "Nova", "Astra", "Kern", "Isar", "Elbe", "Summit", "Cobalt", "Granite", "Harbor", "Redwood",
    "Pioneer", "Liberty", "Cascade", "Summa", "Vertex", "Argon", "Boreal", "Canyon", "Denali", "Ember", "Falcon",
    "Keystone", "Lakeview", "Mesa", "Prairie",
];
const JAPANESE: [&str; 30] = [
    "Asahi", "Hikari", "Fuji", "Sakura", "Minato", "Tokai", "Nihon", "Kyowa", "Daiwa", "Sanko", "Toyo", "Meiwa",
    "Hokuto", "Mizuho", "Taiyo", "Chuo", "Showa", "Eiwa", "Koyo", "Shinko", "Nanyo", "Kansai", "Akebono", "Seiko",
    "Yamato", "Izumi", "Hayabusa", "Kirin", "Tsubame", "Midori",
];

/// What a company does: Chinese, English and German word, the part of its domain, industry, type.
type Trade = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const TRADES: [Trade; 12] = [
    ("电子", "Electronics", "Elektronik", "electronics", "industrial", "oem"),
    ("汽车电子", "Automotive", "Automotive", "auto", "automotive", "oem"),
    ("光电", "Photonics", "Optoelektronik", "photonics", "lighting", "oem"),
    ("通信技术", "Communications", "Nachrichtentechnik", "com", "communication", "oem"),
    ("智能科技", "Smart Systems", "Systeme", "systems", "consumer", "design_house"),
    ("医疗设备", "Medical", "Medizintechnik", "medical", "medical", "oem"),
    ("新能源", "Energy", "Energietechnik", "energy", "energy", "oem"),
    ("精密制造", "Manufacturing Services", "Fertigungstechnik", "ems", "industrial", "ems"),
    ("自动化", "Automation", "Automation", "automation", "industrial", "oem"),
    ("电器", "Appliances", "Hausgeräte", "appliances", "appliances", "odm"),
    ("安防技术", "Security", "Sicherheitstechnik", "security", "security", "oem"),
    ("电子贸易", "Components", "Bauteile", "components", "computing", "distributor"),
];

/// Where a company is and what it is called: what its people need to know of it.
pub(super) struct Place {
    pub country: &'static str,
    pub city: City,
    pub domain: String,
    name: String,
    name_en: String,
    short: String,
    trade: Trade,
}

impl Place {
    /// What people call the company.
    pub fn short(&self) -> &str {
        &self.short
    }
}

impl Demo {
    /// A company.
    pub(super) fn place(&self, index: usize) -> Place {
        // The first two are the ones the manual speaks of.
        match index {
            0 => named("CN", &CHINESE_CITIES[0], ("星途", "Starway"), "starway.example", TRADES[0]),
            1 => named("DE", &GERMAN_CITIES[2], ("Nord", "Nord"), "nord-elektronik.example", TRADES[0]),
            _ => self.brand(self.seed, index, "example"),
        }
    }

    /// A company that is no customer yet: of another deal, and in the other domain that is nobody's (RFC 2606).
    pub(super) fn prospect(&self, index: usize) -> Place {
        self.brand(self.seed ^ 0x5EED, index, "test")
    }

    fn brand(&self, seed: u64, index: usize, top: &str) -> Place {
        let mut chance = Chance::of(seed, stream::PLACE, index);
        let country = match chance.below(100) {
            0..45 => "CN",
            45..67 => "DE",
            67..87 => "US",
            _ => "JP",
        };
        // Brands are dealt without repetition as far as they go; then the domain takes a number.
        let (brands, cities): (usize, &[City]) = match country {
            "CN" => (30 * 30, &CHINESE_CITIES),
            "DE" => (40, &GERMAN_CITIES),
            "US" => (40, &AMERICAN_CITIES),
            _ => (30, &JAPANESE_CITIES),
        };
        let all = brands * TRADES.len();
        let place = scatter(seed, index, all);
        let (trade, brand) = (TRADES[place % TRADES.len()], place / TRADES.len());
        let brand = match country {
            "CN" => {
                let half = |list: &'static str, at: usize| {
                    let both = list.split(' ').nth(at).unwrap_or(list);
                    let latin = both.find(|c: char| c.is_ascii()).unwrap_or(both.len());
                    (&both[..latin], &both[latin..])
                };
                let (first, second) = (half(FIRST, brand / 30), half(SECOND, brand % 30));
                (format!("{}{}", first.0, second.0), capital(&format!("{}{}", first.1, second.1)))
            }
            "JP" => (JAPANESE[brand].to_owned(), JAPANESE[brand].to_owned()),
            _ => (WESTERN[brand].to_owned(), WESTERN[brand].to_owned()),
        };
        let again = if index / all > 0 { (index / all + 1).to_string() } else { String::new() };
        let land = if country == "DE" { "-de" } else { "" };
        let domain = format!("{}-{}{land}{again}.{top}", ascii(&brand.1), trade.3);
        named(country, chance.pick(cities), (&brand.0, &brand.1), &domain, trade)
    }

    pub(super) fn company(&self, index: usize) -> Record {
        let place = self.place(index);
        let mut chance = self.chance(stream::COMPANY, index);
        let owner = *chance.pick(&staff::sales(place.country));
        let mut record = Record::new("company", index, owner);
        let (city, city_en, province, code, area) = place.city;
        record.set("legal_name", &*place.name);
        if place.name_en != place.name {
            record.set("legal_name_en", &*place.name_en);
        }
        record.set("short_name", &*place.short);
        record.set("type", place.trade.5);
        record.set("industry", place.trade.4);
        record.set(
            "segment",
            *chance.pick(&["strategic", "key", "key", "mid", "mid", "mid", "small", "small", "startup"]),
        );
        record.set("customer_level", *chance.pick(&["a", "b", "b", "c", "c", "c", "d"]));
        record.set("website", format!("https://www.{}", place.domain));
        let line = scatter(self.seed, index, 1_000_000);
        record.set("switchboard", switchboard(place.country, area, line));
        let day = chance.below(9_000) + 400;
        match place.country {
            "CN" => {
                record.set("uscc", codes::uscc(code, index));
                record.set("lei", codes::lei("3003", index));
                let name = names::draw(&mut chance, "CN").name();
                record.set("legal_representative", format!("{}{}", name.family, name.given));
                record.set("registered_capital", (chance.between(1, 500) * 100_000).to_string());
                record.set("capital_currency", "CNY");
                record.set("founded", self.days_ago(day).to_string());
                record.set("status", "active");
                record.set("province", province);
                let street =
                    *chance.pick(&["科技园路", "创新大道", "高新南一道", "工业园三路", "软件园中路", "滨河大道"]);
                record.set(
                    "address",
                    format!("{province}{city}{street}{}号{}栋", chance.between(1, 399), chance.between(1, 20)),
                );
                record.set("postcode", format!("{}00", &code[..4]));
            }
            "DE" => {
                record.set("vat", codes::german_vat(10_000_000 + index * 37));
                record.set("lei", codes::lei("5299", index));
                record.set("province", province);
                let street = *chance.pick(&[
                    "Industriestraße",
                    "Werner-von-Siemens-Straße",
                    "Am Technologiepark",
                    "Ringstraße",
                    "Gewerbepark",
                ]);
                record.set("address", format!("{street} {}, {code} {city}", chance.between(1, 180)));
                record.set("postcode", code);
            }
            "US" => {
                record.set("lei", codes::lei("5493", index));
                record.set("province", province);
                let street = *chance.pick(&[
                    "Technology Drive",
                    "Innovation Way",
                    "Market Street",
                    "Industrial Parkway",
                    "Research Blvd",
                ]);
                record.set("address", format!("{} {street}, {city}, {province} {code}", chance.between(100, 9_900)));
                record.set("postcode", code);
            }
            _ => {
                record.set("lei", codes::lei("3538", index));
                record.set("province", province);
                record.set(
                    "address",
                    format!(
                        "{}-{}-{} Chuo-ku, {city}",
                        chance.between(1, 9),
                        chance.between(1, 30),
                        chance.between(1, 20)
                    ),
                );
                record.set("postcode", code);
            }
        }
        record.set("country", place.country);
        record.set("city", city);
        record.set("incoterms", *chance.pick(&["EXW", "FCA", "FCA", "DAP", "DAP", "DDP", "CIP"]));
        record.set("incoterms_place", city_en);
        record.set("currency", currency(place.country));
        record.set(
            "payment_terms",
            *chance.pick(&["prepaid", "net30", "net30", "net60", "net60", "net90", "letter_of_credit"]),
        );
        record.set("credit_limit", (chance.between(1, 80) * 25_000).to_string());
        if chance.percent(20) {
            let zh = place.country == "CN";
            record.set(
                "notes",
                if zh {
                    "偏好邮件沟通，季度初下单。"
                } else {
                    "Prefers e-mail; orders at the start of the quarter."
                },
            );
        }
        record
    }
}

fn named(country: &'static str, city: &City, brand: (&str, &str), domain: &str, trade: Trade) -> Place {
    let (name, name_en, short) = match country {
        "CN" => (
            format!("{}{}{}有限公司", city.0, brand.0, trade.0),
            format!("{} {} Co., Ltd.", brand.1, trade.1),
            format!("{}{}", brand.0, trade.0),
        ),
        "DE" => {
            let form = if trade.5 == "distributor" { "GmbH & Co. KG" } else { "GmbH" };
            let name = format!("{} {} {form}", brand.0, trade.2);
            (name.clone(), name, format!("{} {}", brand.0, trade.2))
        }
        "US" => {
            let name = format!("{} {}, Inc.", brand.0, trade.1);
            (name.clone(), name, format!("{} {}", brand.0, trade.1))
        }
        _ => {
            let name = format!("{} {} K.K.", brand.0, trade.1);
            (name.clone(), name, format!("{} {}", brand.0, trade.1))
        }
    };
    Place { country, city: *city, domain: domain.to_owned(), name, name_en, short, trade }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The currency of a country.
pub(super) fn currency(country: &str) -> &'static str {
    match country {
        "CN" => "CNY",
        "DE" => "EUR",
        "JP" => "JPY",
        _ => "USD",
    }
}

/// The number of a switchboard; `line` is below a million.
fn switchboard(country: &str, area: &str, line: usize) -> String {
    match country {
        "CN" if area.len() <= 2 => format!("+86 {area} 6{:03} {:04}", line / 10_000 % 1_000, line % 10_000),
        "CN" => format!("+86 {area} 8{:03} {:04}", line / 10_000 % 1_000, line % 10_000),
        "DE" => format!("+49 {area} 9{:05}-0", line % 100_000),
        "US" => format!("+1 {area} 555 {:04}", line % 10_000),
        _ if area.len() == 1 => format!("+81 {area} 5550 {:04}", line % 10_000),
        _ => format!("+81 {area} 555 {:04}", line % 10_000),
    }
}
