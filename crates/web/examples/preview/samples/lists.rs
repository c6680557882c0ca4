//! Lists: contacts, parts, nothing.

use web::{
    ui::{Cell, Icon, Link},
    view::*,
};

use super::In;

pub(super) fn purposes(l: In) -> Switch {
    let item = |en: &str, zh: &str, name: &str, current| SwitchItem {
        link: Link::new(l.t(en, zh), format!("?purpose={name}")),
        current,
    };
    Switch {
        current: l.t("Account care", "客户维护"),
        items: vec![
            item("Account care", "客户维护", "account_care", true),
            item("Quoting", "报价", "quoting", false),
            item("Quality and product safety", "质量与产品安全", "quality", false),
        ],
    }
}

type Person = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const PEOPLE: [Person; 20] = [
    (
        "Ada King",
        "Starway Ltd",
        "Head of purchasing",
        "a•••@starway.example",
        "+44 ••• ••42",
        "Li Na|李娜",
        "2026-11-20",
    ),
    ("王晓明", "深圳市星途电子有限公司", "采购经理", "w•••@xingtu.example", "138****8000", "Li Na|李娜", "2026-11-19"),
    (
        "Jonas Weidmann",
        "Halvorsen Antriebe AG",
        "Design engineer",
        "j•••@halvorsen.example",
        "+49 ••• ••07",
        "Chen Wei|陈伟",
        "2026-11-19",
    ),
    (
        "欧阳静",
        "苏州启明半导体有限公司",
        "质量工程师",
        "o•••@qiming.example",
        "139****1206",
        "Li Na|李娜",
        "2026-11-18",
    ),
    ("Ingrid Sørensen", "Fjordlys AS", "", "i•••@fjordlys.example", "", "Chen Wei|陈伟", "2026-11-17"),
    (
        "Marek Nowicki",
        "Polmet Systemy Sp. z o.o.",
        "Buyer",
        "m•••@polmet.example",
        "+48 ••• ••91",
        "Li Na|李娜",
        "2026-11-16",
    ),
    ("刘洋", "广州恒讯科技有限公司", "研发总监", "l•••@hengxun.example", "136****5521", "Li Na|李娜", "2026-11-13"),
    (
        "Chiara Bellandi",
        "Officine Bellandi S.r.l.",
        "Owner",
        "c•••@bellandi.example",
        "+39 ••• ••18",
        "Chen Wei|陈伟",
        "2026-11-12",
    ),
    (
        "田中さくら",
        "カナメ電装株式会社",
        "購買課",
        "t•••@kaname.example",
        "+81 ••• ••33",
        "Chen Wei|陈伟",
        "2026-11-11",
    ),
    (
        "Peter Lindqvist",
        "Nordvik Power AB",
        "Component engineer",
        "p•••@nordvik.example",
        "+46 ••• ••54",
        "Li Na|李娜",
        "2026-11-10",
    ),
    (
        "陈思远",
        "杭州云栈物联网有限公司",
        "硬件工程师",
        "c•••@yunzhan.example",
        "150****7718",
        "Li Na|李娜",
        "2026-11-09",
    ),
    (
        "Sofia Marques",
        "Atlântica Sensores Lda.",
        "Quality manager",
        "s•••@atlantica.example",
        "",
        "Chen Wei|陈伟",
        "2026-11-06",
    ),
    (
        "Thomas Brandl",
        "Brandl Messtechnik",
        "Managing director",
        "t•••@brandl.example",
        "+43 ••• ••60",
        "Li Na|李娜",
        "2026-11-05",
    ),
    ("赵敏", "成都芯和微电子有限公司", "采购工程师", "z•••@xinhe.example", "186****0937", "Li Na|李娜", "2026-11-05"),
    (
        "Eva Horáková",
        "Elmont s.r.o.",
        "Logistics",
        "e•••@elmont.example",
        "+420 ••• ••22",
        "Chen Wei|陈伟",
        "2026-11-04",
    ),
    (
        "Lucas Fournier",
        "Capteurs du Rhône SAS",
        "R&D manager",
        "l•••@capteurs.example",
        "+33 ••• ••75",
        "Li Na|李娜",
        "2026-11-03",
    ),
    (
        "孙丽",
        "宁波海川汽车电子有限公司",
        "供应链经理",
        "s•••@haichuan.example",
        "137****6640",
        "Chen Wei|陈伟",
        "2026-11-02",
    ),
    ("Aoife Byrne", "Liffey Instruments", "Buyer", "a•••@liffey.example", "+353 ••• ••81", "Li Na|李娜", "2026-10-30"),
    ("Nils Aaltonen", "Pohjola Drives Oy", "", "n•••@pohjola.example", "+358 ••• ••13", "Chen Wei|陈伟", "2026-10-29"),
    ("周文博", "武汉光谷智造有限公司", "FAE", "z•••@guanggu.example", "133****2219", "Li Na|李娜", "2026-10-28"),
];

pub(super) fn contacts(l: In) -> List {
    let column = |en: &str, zh: &str, phone: bool| Column {
        label: l.t(en, zh),
        sort: Some(format!("?sort={}", en.to_lowercase().replace(' ', "_"))),
        phone,
        ..Column::default()
    };
    let masked = |text: &str| if text.is_empty() { Cell::empty() } else { Cell::masked(text) };
    let rows = PEOPLE
        .iter()
        .enumerate()
        .map(|(i, (name, company, role, email, phone, owner, date))| {
            let (en, zh) = owner.split_once('|').unwrap_or((owner, owner));
            Row {
                id: format!("{i:04}"),
                href: format!("/contacts/{i:04}"),
                cells: vec![
                    Cell::clear(*name),
                    Cell::clear(*company).to(format!("/companies/{i:04}")),
                    if role.is_empty() { Cell::empty() } else { Cell::clear(*role) },
                    masked(email),
                    masked(phone),
                    Cell::clear(l.t(en, zh)),
                    Cell::clear(*date),
                ],
                opened: i == 3,
            }
        })
        .collect();
    List {
        title: l.t("Contacts", "联系人"),
        icon: Icon::User,
        views: views(l, "All contacts", "全部联系人"),
        layouts: Vec::new(),
        shape: Some(shape(l)),
        bulk: Some(Bulk { action: "/contacts/bulk".into(), query: String::new() }),
        groups: Vec::new(),
        purpose: purposes(l),
        chips: Vec::new(),
        clear: Some("/contacts".into()),
        filter: Some(contact_filter(l)),
        columns: vec![
            Column { sorted: None, ..column("Name", "姓名", true) },
            column("Company", "公司", true),
            column("Job title", "职务", false),
            Column { sort: None, ..column("E-mail", "电子邮箱", true) },
            Column { sort: None, ..column("Mobile", "手机", false) },
            column("Owner", "负责人", false),
            Column { sorted: Some(Direction::Down), number: true, ..column("Last activity", "最近跟进", true) },
        ],
        rows,
        pager: Pager {
            range: Some((1, 50)),
            total: Some(1_234),
            next: Some("?cursor=b2Zm".into()),
            ..Pager::default()
        },
        new: Some(Link::new(l.t("New contact", "新建联系人"), "/contacts/new")),
        import: Some("/contacts/import".into()),
        export: None,
    }
}

fn views(l: In, en: &str, zh: &str) -> ViewMenu {
    let item = |en: &str, zh: &str, current| SwitchItem { link: Link::new(l.t(en, zh), "?view=mine"), current };
    ViewMenu {
        current: l.t(en, zh),
        items: vec![item(en, zh, true), item("Late next step", "下一步已逾期", false)],
        undo: "/contacts".into(),
        ..ViewMenu::default()
    }
}

fn shape(l: In) -> ShapeForm {
    ShapeForm {
        action: "/contacts/columns".into(),
        reset: "/contacts".into(),
        columns: vec![l.choice("company", "Company", "公司", true), l.choice("city", "City", "城市", false)],
        groups: vec![l.choice("", "nothing", "不分组", true), l.choice("owner", "Owner", "负责人", false)],
        totals: Some(false),
        sizes: vec![l.choice("50", "50", "50", true), l.choice("100", "100", "100", false)],
    }
}

fn contact_filter(l: In) -> FilterForm {
    let ops = vec![
        l.choice("contains", "contains", "包含", true),
        l.choice("starts", "starts with", "开头为", false),
        l.choice("eq", "is", "等于", false),
    ];
    let field = |name: &str, en: &str, zh: &str, input| FilterField {
        name: name.into(),
        label: l.t(en, zh),
        ops: if matches!(input, FilterInput::Text { .. }) { ops.clone() } else { Vec::new() },
        input,
    };
    FilterForm {
        action: "/contacts/filter".into(),
        reset: "/contacts".into(),
        open: false,
        fields: vec![
            field("name", "Name", "姓名", FilterInput::Text { value: String::new() }),
            field("company", "Company", "公司", FilterInput::Text { value: "Starway".into() }),
            field(
                "owner",
                "Owner",
                "负责人",
                FilterInput::Choice(vec![
                    l.choice("me", "Me", "我", true),
                    l.choice("team", "My team", "我的团队", false),
                ]),
            ),
            field(
                "last",
                "Last activity",
                "最近跟进",
                FilterInput::Range { date: true, from: "2026-10-01".into(), to: String::new() },
            ),
            field(
                "volume",
                "Annual volume",
                "年用量",
                FilterInput::Range { date: false, from: String::new(), to: String::new() },
            ),
            field("pcn", "Wants PCNs", "接收 PCN", FilterInput::YesNo(None)),
        ],
    }
}

pub(super) fn filtered(l: In) -> List {
    let mut view = contacts(l);
    view.rows.truncate(9);
    view.views = ViewMenu {
        changes: 2,
        save: Some("/contacts/views/1".into()),
        save_as: Some("/contacts/views".into()),
        team: true,
        ..views(l, "My contacts", "我的联系人")
    };
    view.chips = vec![
        Chip { text: l.t("Owner is me", "负责人是我"), without: "?q=1".into() },
        Chip { text: l.t("Company contains “Starway”", "公司包含“星途”"), without: "?q=2".into() },
        Chip { text: l.t("Last activity from 2026-10-01", "最近跟进自 2026-10-01 起"), without: "?q=3".into() },
    ];
    if let Some(filter) = &mut view.filter {
        filter.open = true;
    }
    view.pager = Pager { range: Some((1, 9)), total: Some(9), next: None, ..Pager::default() };
    view
}

pub(super) fn parts(l: In) -> List {
    let data = [
        ("NE-TH3021", "Humidity and temperature sensor|温湿度传感器", "Active|量产", 1_250_000, "DFN-6"),
        ("NE-PR1108", "Barometric pressure sensor|气压传感器", "Active|量产", 980_000, "LGA-8"),
        ("NE-GY7001", "Gyroscope, three axes|三轴陀螺仪", "NRND|不推荐用于新设计", 3_420_000, "LGA-16"),
        ("NE-CU4400", "Current sensor, 50 A|电流传感器 50 A", "Active|量产", 2_115_500, "SOIC-8"),
        ("NE-LX0210", "Ambient light sensor|环境光传感器", "Last buy|最后采购", 412_000, "ODFN-6"),
        ("NE-HX5512", "Hall switch|霍尔开关", "Active|量产", 96_250, "SOT-23"),
        ("NE-MC9032", "Motor controller, 32 bit|32 位电机控制器", "Sampling|送样", 4_890_000, "QFN-48"),
    ];
    let pick = |text: &str| text.split_once('|').map_or_else(|| text.to_owned(), |(en, zh)| l.t(en, zh));
    let column = |en: &str, zh: &str, phone| Column {
        label: l.t(en, zh),
        sort: Some("?sort=x".into()),
        phone,
        ..Column::default()
    };
    List {
        title: l.t("Parts", "料号"),
        icon: Icon::Cpu,
        views: views(l, "All parts", "全部料号"),
        layouts: Vec::new(),
        shape: None,
        bulk: None,
        groups: Vec::new(),
        purpose: Switch::default(),
        columns: vec![
            Column { sorted: Some(Direction::Up), ..column("Part number", "料号", true) },
            column("Description", "描述", true),
            column("Lifecycle", "生命周期", true),
            Column { code: true, ..column("Package", "封装", false) },
            Column { number: true, ..column("List price, EUR", "目录价（欧元）", true) },
        ],
        rows: data
            .iter()
            .map(|(number, what, state, price, package)| Row {
                id: (*number).to_owned(),
                href: format!("/parts/{number}"),
                cells: vec![
                    Cell::clear(*number),
                    Cell::clear(pick(what)),
                    Cell::clear(pick(state)),
                    Cell::clear(*package),
                    Cell::clear(l.0.decimal(*price, 4)),
                ],
                opened: false,
            })
            .collect(),
        chips: vec![Chip { text: l.t("Manufacturer is Nord", "制造商为 Nord"), without: "/parts".into() }],
        clear: Some("/parts".into()),
        pager: Pager { range: Some((1, 7)), total: Some(7), next: None, ..Pager::default() },
        new: Some(Link::new(l.t("New part", "新建料号"), "/parts/new")),
        filter: None,
        import: None,
        export: Some("/parts/export".into()),
    }
}

pub(super) fn nothing(l: In, filtered: bool) -> List {
    let mut view = contacts(l);
    view.rows.clear();
    if filtered {
        view.chips = vec![Chip { text: l.t("Owner is me", "负责人是我"), without: "/contacts".into() }];
    } else {
        view.title = l.t("Leads", "线索");
        view.icon = Icon::UserPlus;
        view.views = views(l, "All leads", "全部线索");
        view.new = Some(Link::new(l.t("New lead", "新建线索"), "/leads/new"));
        view.filter = None;
    }
    view
}

pub(super) fn found(l: In) -> Search {
    let hit = |title: &str, more: String| RelatedRow {
        title: Cell::clear(title).to("/contacts/0001"),
        cells: vec![Cell::clear(more)],
    };
    let group = |icon: Icon, en: &str, zh: &str, rows: Vec<RelatedRow>| Related {
        open: None,
        label: l.t(en, zh),
        icon,
        count: Some(rows.len() as u64),
        href: "/contacts?q=8c11".into(),
        new: None,
        rows,
    };
    Search {
        text: "wxm".into(),
        groups: vec![
            group(Icon::User, "Contacts", "联系人", vec![hit("王晓明", "深圳市星途电子有限公司".into())]),
            group(Icon::Cpu, "Parts", "料号", vec![hit("WXM-32F1", l.t("Active", "量产"))]),
        ],
        filled: Some(83),
    }
}
