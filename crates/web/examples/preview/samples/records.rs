//! A contact, its forms, a conflict.

use web::{
    ui::{Cell, Icon, Link, Shown},
    view::*,
};

use super::{In, lists::purposes};

pub(super) fn ada(l: In) -> Record {
    let detail = |en: &str, zh: &str, cell: Cell| Detail { label: l.t(en, zh), cell, ..Detail::default() };
    let masked = |en: &str, zh: &str, text: &str| Detail {
        reveal: Some("/contacts/7f3c/email/reveal".into()),
        why: Some("/contacts/7f3c/why#email".into()),
        ..detail(en, zh, Cell::masked(text))
    };
    let purpose = |en: &str, zh: &str, basis: (&str, &str), live, until: Option<&str>| PurposeLine {
        label: l.t(en, zh),
        live,
        basis: l.t(basis.0, basis.1),
        since: "2026-01-10".into(),
        until: until.map(str::to_owned),
    };
    Record {
        favourite: None,
        object: l.t("Contact", "联系人"),
        icon: Icon::User,
        back: Link::new(l.t("Contacts", "联系人"), "/contacts#r-7f3c"),
        neighbours: (Some("/contacts/7f3b".into()), Some("/contacts/7f3d".into())),
        title: Cell::clear("Ada King"),
        under: vec![
            (l.t("Company", "公司"), Cell::clear("Starway Ltd").to("/companies/31")),
            (l.t("Owner", "负责人"), Cell::clear(l.t("Li Na", "李娜"))),
        ],
        purposes: Some(Purposes {
            items: vec![
                purpose("Account care", "客户维护", ("contract", "履行合同所必需"), true, Some("2029-03-01")),
                purpose("Quoting", "报价", ("contract", "履行合同所必需"), true, None),
                purpose("Marketing", "营销", ("consent", "个人同意"), false, Some("2026-09-30")),
            ],
            kept_until: Some(("2029-03-01".into(), l.t("3 years after the last activity", "最近一次跟进后 3 年"))),
            laws: vec!["UK GDPR".into(), "GDPR (DE)".into()],
            source: Some(l.t("Trade fair electronica, 2026-01", "2026-01 慕尼黑电子展")),
            href: Some("/people/91aa".into()),
        }),
        used_for: purposes(l),
        held: None,
        groups: vec![
            Group {
                label: l.t("Name", "姓名"),
                details: vec![
                    detail("Given name", "名", Cell::clear("Ada")),
                    detail("Family name", "姓", Cell::clear("King")),
                    detail("Address as", "称谓", Cell::empty()),
                    detail("Alias", "别名", Cell::empty()),
                ],
            },
            Group {
                label: l.t("Contact details", "联系方式"),
                details: vec![
                    masked("E-mail", "电子邮箱", "a•••@starway.example"),
                    masked("Mobile", "手机", "+44 ••• ••42"),
                    detail("Office phone", "办公电话", Cell::clear("+44 20 7946 0012")),
                    detail("WeChat", "微信号", Cell { shown: Shown::Absent, ..Cell::default() }),
                ],
            },
            Group {
                label: l.t("Employment", "任职信息"),
                details: vec![
                    detail("Company", "公司", Cell::clear("Starway Ltd").to("/companies/31")),
                    detail("Job title", "职务", Cell::clear("Head of purchasing")),
                    detail("Department", "部门", Cell::clear("Electronics")),
                ],
            },
        ],
        timeline: Timeline::default(),
        related: vec![
            Related {
                open: None,
                label: l.t("Opportunities", "商机"),
                icon: Icon::GraphUp,
                count: Some(3),
                href: "/opportunities?contact=7f3c".into(),
                new: Some(Link::new(l.t("New opportunity", "新建商机"), "/opportunities/new")),
                rows: vec![
                    RelatedRow {
                        title: Cell::clear(l.t("Pressure sensor for pump line", "水泵产线压力传感器"))
                            .to("/opportunities/1"),
                        cells: vec![Cell::clear(l.t("Design-in", "设计导入")), Cell::clear("EUR 300,000")],
                    },
                    RelatedRow {
                        title: Cell::clear(l.t("Gateway, second source", "网关第二货源")).to("/opportunities/2"),
                        cells: vec![Cell::clear(l.t("Quote", "报价")), Cell::clear("EUR 1,100,000")],
                    },
                ],
            },
            Related {
                open: None,
                label: l.t("Activities", "跟进记录"),
                icon: Icon::Calendar,
                count: Some(12),
                href: "/activities?contact=7f3c".into(),
                new: None,
                rows: Vec::new(),
            },
        ],
        edit: Some("/contacts/7f3c/edit".into()),
        more: vec![
            Link::new(l.t("Export data of this person", "导出此人的信息"), "/people/91aa/export"),
            Link::new(l.t("Erase person …", "擦除个人信息…"), "/people/91aa/erase"),
        ],
        why: "/contacts/7f3c/why".into(),
        history: vec![
            l.t("Created 2026-01-10, changed 2026-11-20 by Li Na", "2026-01-10 新建，李娜于 2026-11-20 修改"),
        ],
    }
}

pub(super) fn held(l: In) -> Record {
    let mut view = ada(l);
    view.title = Cell::clear("欧阳静");
    view.held = Some(Held {
        reason: l
            .t("She disputes the phone number; it is kept but not used.", "本人对手机号码提出异议，仅保存，不使用。"),
        until: Some("2026-12-15".into()),
    });
    view
}

fn contact_fields(l: In) -> Vec<FormGroup> {
    let line = |name: &str, en: &str, zh: &str, kind, value: &str, required| FormField {
        name: name.into(),
        label: l.t(en, zh),
        required,
        input: Input::Line { kind, value: value.into(), max: Some(200) },
        ..FormField::default()
    };
    vec![
        FormGroup {
            label: Some(l.t("Name", "姓名")),
            fields: vec![
                line("family_name", "Family name", "姓", "text", "", true),
                line("given_name", "Given name", "名", "text", "", true),
                FormField {
                    name: "salutation".into(),
                    label: l.t("Address as", "称谓"),
                    input: Input::One(vec![
                        l.choice("ms", "Ms", "女士", false),
                        l.choice("mr", "Mr", "先生", false),
                        l.choice("eng", "Engineer", "工", false),
                    ]),
                    ..FormField::default()
                },
                FormField {
                    name: "company".into(),
                    label: l.t("Company", "公司"),
                    required: true,
                    input: Input::Record { value: "Starway Ltd".into(), id: "31".into(), matches: Vec::new() },
                    help: Some(l.t("As it stands in the list of companies.", "请填写客户列表中的名称。")),
                    ..FormField::default()
                },
            ],
        },
        FormGroup {
            label: Some(l.t("Contact details", "联系方式")),
            fields: vec![
                line("email", "E-mail", "电子邮箱", "email", "", false),
                FormField {
                    help: Some(l.t("With country code: +44 20 7946 0012", "带国家代码：+86 138 0013 8000")),
                    ..line("mobile", "Mobile", "手机", "tel", "", false)
                },
                FormField {
                    name: "pcn".into(),
                    label: l.t("Wants product change notices", "接收产品变更通知（PCN）"),
                    input: Input::YesNo(Some(true)),
                    ..FormField::default()
                },
            ],
        },
    ]
}

fn origin(l: In) -> Origin {
    Origin {
        purposes: vec![
            PurposeChoice {
                name: "account_care".into(),
                label: l.t("Account care", "客户维护"),
                help: l.t("Kept until 3 years after the last activity.", "留存至最近一次跟进后 3 年。"),
                chosen: true,
                bases: vec![
                    l.choice("contract", "Contract", "履行合同所必需", true),
                    l.choice("interest", "Legitimate interest", "正当利益", false),
                ],
                ..PurposeChoice::default()
            },
            PurposeChoice {
                name: "quoting".into(),
                label: l.t("Quoting", "报价"),
                help: l.t("Kept until 2 years after the last quote.", "留存至最近一次报价后 2 年。"),
                bases: vec![l.choice("contract", "Contract", "履行合同所必需", true)],
                ..PurposeChoice::default()
            },
            PurposeChoice {
                name: "marketing".into(),
                label: l.t("Newsletter and invitations", "资讯与活动邀请"),
                help: l.t("Kept until consent is withdrawn.", "留存至撤回同意为止。"),
                chosen: true,
                bases: vec![l.choice("consent", "Consent", "个人同意", true)],
                evidence: Some(Evidence { needed: true, separate: true, ..Evidence::default() }),
                opens: vec![l.t("Newsletter language", "资讯语言"), l.t("Topics", "感兴趣的主题")],
            },
        ],
        source: Some(FormField {
            name: "source".into(),
            label: l.t("Where do these data come from?", "信息来自哪里？"),
            required: true,
            input: Input::Line { kind: "text", value: String::new(), max: Some(500) },
            help: Some(l.t("For example: trade fair 2026-10, form v3.", "例如：2026-10 展会，登记表第 3 版。")),
            ..FormField::default()
        }),
        error: None,
    }
}

pub(super) fn new_contact(l: In) -> Form {
    Form {
        heading: l.t("New contact", "新建联系人"),
        back: Link::new(l.t("Contacts", "联系人"), "/contacts"),
        action: "/contacts".into(),
        version: None,
        carried: Vec::new(),
        groups: contact_fields(l),
        origin: Some(origin(l)),
        troubles: Vec::new(),
        and_new: true,
    }
}

pub(super) fn edit_contact(l: In) -> Form {
    let mut groups = contact_fields(l);
    let names = ["King", "Ada"];
    for (field, name) in groups.iter_mut().flat_map(|group| &mut group.fields).zip(names) {
        field.input = Input::Line { kind: "text", value: name.into(), max: Some(200) };
    }
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        match field.name.as_str() {
            "email" => field.mask = Some("a•••@starway.example".into()),
            "mobile" => {
                field.mask = Some("+44 ••• ••42".into());
                field.help = None;
                field.input = Input::Line { kind: "tel", value: "020 7946".into(), max: Some(40) };
                field.error = Some(l.0.invalid("phone_form", None).unwrap_or_default());
            }
            "company" => {
                field.input = Input::Record {
                    value: "Starway".into(),
                    id: String::new(),
                    matches: vec![
                        Choice { value: "31".into(), label: "Starway Ltd, London".into(), chosen: false },
                        Choice { value: "77".into(), label: "Starway Components BV".into(), chosen: false },
                    ],
                };
                field.error = Some(l.t("Two companies fit.", "有两个公司符合。"));
            }
            _ => {}
        }
    }
    Form {
        heading: l.t("Edit contact", "编辑联系人"),
        back: Link::new(l.t("Back to the contact", "返回联系人"), "/contacts/7f3c"),
        action: "/contacts/7f3c".into(),
        version: Some("8".into()),
        carried: Vec::new(),
        groups,
        origin: None,
        troubles: vec![
            Trouble {
                field: Some("company".into()),
                text: l.t("Company: two companies fit, choose one.", "公司：有两个符合，请选择其一"),
            },
            Trouble {
                field: Some("mobile".into()),
                text: l.t(
                    "Mobile: write it with the country code, as +49 30 1234567.",
                    "手机：请带国家代码填写，例如 +86 138 0013 8000",
                ),
            },
        ],
        and_new: false,
    }
}

pub(super) fn conflict_view(l: In) -> Conflict {
    Conflict {
        back: Link::new(l.t("Back to the contact", "返回联系人"), "/contacts/7f3c"),
        who: l.t("Chen Wei", "陈伟"),
        at: "14:05".into(),
        action: "/contacts/7f3c".into(),
        version: "9".into(),
        contested: vec![
            Contested {
                name: "mobile".into(),
                label: l.t("Mobile", "手机"),
                was: Cell::masked("138****8000"),
                now: Cell::masked("139****1111"),
                yours: Cell::masked("138****8001"),
            },
            Contested {
                name: "department".into(),
                label: l.t("Department", "部门"),
                was: Cell::empty(),
                now: Cell::clear("Electronics"),
                yours: Cell::clear("Purchasing"),
            },
        ],
        kept: vec![
            Kept { label: l.t("Job title", "职务"), value: Cell::clear("Head of purchasing"), yours: true },
            Kept { label: l.t("Office phone", "办公电话"), value: Cell::clear("+44 20 7946 0012"), yours: false },
        ],
        carried: vec![("job_title".into(), "Head of purchasing".into())],
        again: "/contacts/7f3c/edit".into(),
    }
}
