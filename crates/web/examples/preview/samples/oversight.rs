//! The pages of privacy and oversight, and the first page.

use web::{
    i18n::Ago,
    ui::{Act, Cell, Icon, Link},
    view::*,
};

use super::In;

pub(super) fn reveal_view(l: In, shown: bool) -> Reveal {
    Reveal {
        back: Link::new(l.t("Back to the contact", "返回联系人"), "/contacts/7f3c"),
        title: Cell::clear("Ada King"),
        label: l.t("E-mail", "电子邮箱"),
        cell: if shown { Cell::clear("ada.king@starway.example") } else { Cell::masked("a•••@starway.example") },
        action: "/contacts/7f3c/email/reveal".into(),
        sentences: vec![
            l.choice("answer", "To answer a question about a quote", "答复报价咨询", true),
            l.choice("call", "To call back as agreed", "按约定回电", false),
        ],
    }
}

pub(super) fn explain_view(l: In) -> Explain {
    let rule = |en: &str, zh: &str, id: &str| Rule { text: l.t(en, zh), id: id.into(), forbids: false };
    let field = |en: &str, zh: &str, level: &str, category: (&str, &str)| Explained {
        name: en.to_lowercase().replace(' ', "_"),
        label: l.t(en, zh),
        level: level.into(),
        category: l.t(category.0, category.1),
        ..Explained::default()
    };
    let care = l.t("Account care, contract, since 2026-01-10", "客户维护，履行合同所必需，自 2026-01-10 起");
    let details = ("contact details", "联系方式");
    Explain {
        back: Link::new(l.t("Back to the contact", "返回联系人"), "/contacts/7f3c"),
        title: Cell::clear("Ada King"),
        purpose: l.t("Account care", "客户维护"),
        rows: vec![rule("Sales sees the contacts of its own team.", "销售可见本团队的联系人。", "sales.contact.view")],
        fields: vec![
            Explained {
                ground: Some(care.clone()),
                until: Some("2029-03-01".into()),
                rules: vec![rule("Sales sees names in clear.", "销售可见姓名明文。", "sales.identity.clear")],
                ..field("Name", "姓名", "clear", ("identity", "身份信息"))
            },
            Explained {
                ground: Some(care),
                until: Some("2029-03-01".into()),
                rules: vec![rule(
                    "Sales sees contact details masked and may reveal those of its own contacts.",
                    "销售脱敏可见联系方式，可查看自己负责的联系人的明文。",
                    "sales.contact_details.masked",
                )],
                ..field("E-mail", "电子邮箱", "masked", details)
            },
            Explained {
                missing: Some(l.t(
                    "Needs the purpose Marketing, which ended on 2026-09-30.",
                    "需要“营销”目的，该目的已于 2026-09-30 终止。",
                )),
                rules: vec![Rule {
                    text: l.t("Nobody sees a field without a live purpose.", "没有有效目的的字段任何人不可见。"),
                    id: "house.live_purpose".into(),
                    forbids: true,
                }],
                ..field("Newsletter topics", "感兴趣的主题", "none", ("preferences", "偏好"))
            },
        ],
        others: vec![Link::new(l.t("Quoting", "报价"), "?purpose=quoting")],
    }
}

pub(super) fn ledger_view(l: In) -> Ledger {
    let line = |at: &str, who: (&str, &str), act: &str, what: (&str, &str), purpose: Option<(&str, &str)>| Line {
        day: l.0.long_date(jiff::civil::date(2026, 11, if at > "09" { 23 } else { 22 })),
        at: at.into(),
        actor: l.t(who.0, who.1),
        act: act.into(),
        what: l.t(what.0, what.1),
        href: Some("/contacts/7f3c".into()),
        purpose: purpose.map(|(en, zh)| l.t(en, zh)),
        entry: format!(
            "{:06x}",
            at.bytes().fold(7_u32, |hash, b| hash.wrapping_mul(131).wrapping_add(b.into())) & 0xff_ffff
        ),
        facts: vec![
            (l.t("Rules", "规则"), "sales.contact.view".into()),
            (l.t("Request", "请求编号"), "0193-5c41-88d0".into()),
            (l.t("Session", "会话"), "0193-4e02".into()),
        ],
        proof: Some(Link::new(l.t("Proof of inclusion", "包含证明"), "/ledger/proof")),
        ..Line::default()
    };
    let li = ("Li Na", "李娜");
    let care = Some(("account care", "客户维护"));
    let name = l.t("name", "姓名");
    let email = l.t("e-mail", "电子邮箱");
    let mobile = l.t("mobile", "手机");
    Ledger {
        checkpoint: Some(Checkpoint {
            size: 81_204,
            at: Some("13:55".into()),
            seal: Seal::Verified("13:56".into()),
            behind: 12,
        }),
        verify: Some(Act {
            label: l.t("Verify now", "立即验证"), action: "/ledger/verify".into(), fields: Vec::new()
        }),
        exports: vec![Link::new("JSON", "/ledger/export")],
        trouble: None,
        filter: ledger_filter(l),
        filtered: false,
        lines: vec![
            Line {
                clear: vec![email.clone()],
                ..line(
                    "14:08:11",
                    li,
                    "revealed",
                    ("the e-mail of contact 7f3c", "联系人 7f3c 的电子邮箱"),
                    Some(("quoting", "报价")),
                )
            },
            Line {
                clear: vec![name.clone(), l.t("company", "公司")],
                masked: vec![email.clone(), mobile.clone()],
                ..line("14:07:58", li, "viewed", ("contact 7f3c", "联系人 7f3c"), care)
            },
            Line {
                clear: vec![name],
                masked: vec![email, mobile.clone()],
                ..line("14:07:31", li, "listed", ("50 contacts", "50 个联系人"), care)
            },
            Line {
                clear: vec![mobile],
                ..line("14:05:02", ("Chen Wei", "陈伟"), "changed", ("contact 7f3c", "联系人 7f3c"), care)
            },
            line("13:40:02", ("retention", "留存期限任务"), "erased", ("contact 91aa", "联系人 91aa"), None),
            line(
                "13:12:47",
                ("Tom Adler", "Tom Adler"),
                "refused",
                ("contact 7f3c", "联系人 7f3c"),
                Some(("marketing", "营销")),
            ),
            line("09:31:20", ("import", "导入任务"), "created", ("180 contacts", "180 个联系人"), care),
            Line { href: None, ..line("09:02:11", li, "signed_in", ("", ""), None) },
            line(
                "08:58:40",
                ("Mara Feld", "Mara Feld"),
                "searched",
                ("contacts: 3 found", "联系人，找到 3 条"),
                Some(("legal duty", "法定义务")),
            ),
        ],
        pager: Pager { total: Some(81_216), next: Some("?before=81207".into()), ..Pager::default() },
    }
}

fn ledger_filter(l: In) -> FilterForm {
    let text = |name: &str, en: &str, zh: &str| FilterField {
        ops: Vec::new(),
        name: name.into(),
        label: l.t(en, zh),
        input: FilterInput::Text { value: String::new() },
    };
    FilterForm {
        action: "/ledger/filter".into(),
        reset: "/ledger".into(),
        open: true,
        fields: vec![
            text("actor", "Who", "操作者"),
            text("about", "About", "涉及对象"),
            FilterField {
                ops: Vec::new(),
                name: "act".into(),
                label: l.t("Act", "操作"),
                input: FilterInput::Choice(vec![l.choice("revealed", "revealed", "查看明文", false)]),
            },
            FilterField {
                ops: Vec::new(),
                name: "purpose".into(),
                label: l.t("Purpose", "处理目的"),
                input: FilterInput::Choice(vec![l.choice("quoting", "Quoting", "报价", false)]),
            },
            FilterField {
                ops: Vec::new(),
                name: "at".into(),
                label: l.t("When", "时间"),
                input: FilterInput::Range { date: true, from: String::new(), to: String::new() },
            },
        ],
    }
}

pub(super) fn erase_view(l: In) -> Erase {
    Erase {
        back: Link::new(l.t("Back to the contact", "返回联系人"), "/contacts/7f3c"),
        title: Cell::clear("Ada King"),
        action: "/people/91aa/erase".into(),
        goes: vec![(l.t("Contacts", "联系人"), 1), (l.t("Leads", "线索"), 1), (l.t("Activities", "跟进记录"), 12)],
        stays: vec![l.t(
            "2 orders, under commercial law until 2034-12-31, without the name.",
            "2 份订单依法保存至 2034-12-31，不含姓名。",
        )],
        backups: Some("2026-12-21".into()),
        hold: None,
        word: "91aa".into(),
        reason: String::new(),
        troubles: Vec::new(),
    }
}

pub(super) fn emergency_view(l: In) -> Emergency {
    Emergency {
        back: Link::new(l.t("Home", "工作台"), "/"),
        action: "/emergency".into(),
        scopes: vec![l.choice("contact", "Contacts", "联系人", true), l.choice("company", "Companies", "客户", false)],
        purposes: vec![l.choice("quality", "Quality and product safety", "质量与产品安全", true)],
        minutes: vec![
            l.choice("15", "15 minutes", "15 分钟", true),
            l.choice("30", "30 minutes", "30 分钟", false),
            l.choice("60", "1 hour", "1 小时", false),
        ],
        reason: String::new(),
        told: l.t("Mara Feld, DPO,", "个人信息保护负责人 Mara Feld"),
        troubles: Vec::new(),
    }
}

pub(super) fn home_view(l: In) -> Home {
    let tile = |href: &str, icon: Icon, en: &str, zh: &str, count: u64, new: Option<(&str, &str)>| Tile {
        label: l.t(en, zh),
        href: href.into(),
        icon,
        count: Some(count),
        new: new.map(|(en, zh)| Link::new(l.t(en, zh), format!("{href}/new"))),
    };
    let recent = |icon: Icon, title: &str, en: &str, zh: &str, seconds: i64| Recent {
        icon,
        title: Cell::clear(title).to("/contacts/7f3c"),
        what: l.t(en, zh),
        when: l.0.ago(Ago { seconds, on: jiff::civil::date(2026, 11, 20) }),
    };
    Home {
        today: l.0.long_date(jiff::civil::date(2026, 11, 23)),
        whose: web::view::Switches::default(),
        blocks: Vec::new(),
        arranging: false,
        tiles: vec![
            tile("/companies", Icon::Building, "Companies", "客户", 312, Some(("New company", "新建客户"))),
            tile("/contacts", Icon::User, "Contacts", "联系人", 1_234, Some(("New contact", "新建联系人"))),
            tile("/leads", Icon::UserPlus, "Leads", "线索", 87, Some(("New lead", "新建线索"))),
            tile("/opportunities", Icon::GraphUp, "Opportunities", "商机", 64, Some(("New opportunity", "新建商机"))),
            tile("/activities", Icon::Calendar, "Activities", "跟进记录", 12_480, None),
            tile("/parts", Icon::Cpu, "Parts", "料号", 2_906, None),
        ],
        notices: Vec::new(),
        recent: vec![
            recent(Icon::User, "Ada King", "Contact, viewed", "联系人 · 查看", 300),
            recent(Icon::Building, "深圳市星途电子有限公司", "Company, changed", "客户 · 修改", 7_200),
            recent(
                Icon::GraphUp,
                &l.t("Pressure sensor for pump line", "水泵产线压力传感器"),
                "Opportunity, created",
                "商机 · 新建",
                10_800,
            ),
            recent(Icon::User, "Jonas Weidmann", "Contact, viewed", "联系人 · 查看", 200_000),
            recent(Icon::Cpu, "NE-GY7001", "Part, viewed", "料号 · 查看", 260_000),
        ],
        access: vec![
            (l.t("Role", "角色"), l.t("Sales", "销售")),
            (l.t("Team", "团队"), "DACH".into()),
            (l.t("Purposes", "处理目的"), l.t("Account care, quoting", "客户维护、报价")),
        ],
        ledger: Some(Checkpoint {
            size: 81_204,
            at: Some("13:55".into()),
            seal: Seal::Verified("13:56".into()),
            behind: 12,
        }),
    }
}
