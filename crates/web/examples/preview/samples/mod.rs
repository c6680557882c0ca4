//! Believable pages: a maker of sensors in Hamburg with customers in Europe and China. Nobody here exists.

mod lists;
mod oversight;
mod records;

use lists::{filtered, found, nothing, parts};
use oversight::*;
use records::*;
use web::{
    Lang, Page, Shell,
    ui::{Act, Icon, Look, Message, NavGroup, NavItem, Recorded, Theme, Tone, User},
    view::*,
};

/// A text in either language.
#[derive(Clone, Copy)]
struct In(Lang);

impl In {
    fn t(self, en: &str, zh: &str) -> String {
        if self.0.is_zh() { zh } else { en }.to_owned()
    }

    fn choice(self, value: &str, en: &str, zh: &str, chosen: bool) -> Choice {
        Choice { value: value.to_owned(), label: self.t(en, zh), chosen }
    }
}

/// Every page, by name.
pub fn pages(lang: Lang, theme: Theme) -> Vec<(&'static str, Page)> {
    let l = In(lang);
    let at = |here: &str| shell(lang, theme, here);
    let guest = Shell { user: None, nav: Vec::new(), recorded: None, ..at("/sign-in") };
    let mut saved = at("/contacts/7f3c");
    saved.messages = vec![Message {
        tone: Tone::Ok,
        text: l.t("Saved. Mobile changed.", "已保存，手机号码已修改。"),
        undo: Some(Act {
            label: l.t("Undo", "撤销"),
            action: "/contacts/7f3c/undo".into(),
            fields: vec![("version".into(), "8".into())],
        }),
    }];
    let failure = |status: u16, detail: Option<String>| Problem {
        status,
        detail,
        request: Some("0193-5c41-88d0".into()),
        emergency: Some("/emergency".into()),
    };
    let unrecorded = |here: &str| Shell { recorded: None, ..at(here) };
    vec![
        ("sign-in", sign_in(&guest, &SignIn { next: "/".into(), ..SignIn::default() })),
        (
            "sign-in-wrong",
            sign_in(
                &guest,
                &SignIn {
                    email: "li.na@nord.example".into(),
                    trouble: Some(SignInTrouble::Wrong),
                    next: "/".into(),
                    ..SignIn::default()
                },
            ),
        ),
        ("home", home(&unrecorded("/"), &home_view(l))),
        ("list", list(&at("/contacts"), &contacts(lang))),
        ("list-filter", list(&at("/contacts"), &filtered(l))),
        ("list-parts", list(&unrecorded("/parts"), &parts(l))),
        ("list-empty", list(&unrecorded("/leads"), &nothing(l, false))),
        ("list-nothing", list(&at("/contacts"), &nothing(l, true))),
        ("search", search(&at("/search"), &found(l))),
        ("record", record(&at("/contacts/7f3c"), &ada(l))),
        ("record-saved", record(&saved, &held(l))),
        ("form-new", form(&unrecorded("/contacts/new"), &new_contact(l))),
        ("form-edit", form(&at("/contacts/7f3c/edit"), &edit_contact(l))),
        ("conflict", conflict(&at("/contacts/7f3c/edit"), &conflict_view(l))),
        ("reveal", reveal(&at("/contacts/7f3c/email"), &reveal_view(l, false))),
        ("revealed", reveal(&at("/contacts/7f3c/email"), &reveal_view(l, true))),
        ("explain", explain(&at("/contacts/7f3c/why"), &explain_view(l))),
        ("ledger", ledger(&at("/ledger"), &ledger_view(l))),
        ("erase", erase(&at("/people/91aa/erase"), &erase_view(l))),
        ("emergency", emergency(&unrecorded("/emergency"), &emergency_view(l))),
        ("error-403", problem(&unrecorded("/"), &failure(403, None))),
        ("error-404", problem(&unrecorded("/"), &failure(404, None))),
        (
            "error-422",
            problem(
                &unrecorded("/"),
                &failure(
                    422,
                    Some(l.t("Sorting by E-mail is not open to your role.", "你的角色不能按“电子邮箱”排序。")),
                ),
            ),
        ),
        ("error-500", problem(&unrecorded("/"), &failure(500, None))),
    ]
}

/// A list of contacts, for measuring.
#[allow(dead_code, reason = "used by the benchmark")]
pub fn contacts(lang: Lang) -> List {
    lists::contacts(In(lang))
}

/// A record, for measuring.
#[allow(dead_code, reason = "used by the benchmark")]
pub fn person(lang: Lang) -> Record {
    ada(In(lang))
}

/// The frame of a signed-in sales person.
pub fn shell(lang: Lang, theme: Theme, here: &str) -> Shell {
    let l = In(lang);
    let item = |href: &str, icon: &str, en: &str, zh: &str| NavItem {
        label: l.t(en, zh),
        href: href.into(),
        icon: Icon::named(icon),
        current: if href == "/" { here == "/" } else { here.starts_with(href) },
    };
    Shell {
        look: Look { lang: l.0, theme, ..Look::default() },
        house: "Nord Elektronik GmbH".into(),
        user: Some(User { name: l.t("Li Na", "李娜"), role: l.t("Sales, DACH team", "销售 · DACH 团队") }),
        nav: vec![
            NavGroup {
                label: None,
                items: vec![
                    item("/", "home", "Home", "工作台"),
                    item("/companies", "building", "Companies", "客户"),
                    item("/contacts", "user", "Contacts", "联系人"),
                    item("/leads", "user-plus", "Leads", "线索"),
                    item("/opportunities", "graph-up", "Opportunities", "商机"),
                    item("/activities", "calendar", "Activities", "跟进记录"),
                    item("/parts", "cpu", "Parts", "料号"),
                ],
            },
            NavGroup {
                label: Some(l.t("Oversight", "监督")),
                items: vec![
                    item("/ledger", "ledger", "Ledger", "审计账本"),
                    item("/emergency", "alarm", "Emergency access", "紧急访问"),
                ],
            },
        ],
        here: here.into(),
        csrf: "c5b1f0".into(),
        messages: Vec::new(),
        recorded: Some(Recorded {
            entry: "9c1f04".into(),
            href: Some("/ledger/9c1f04".into()),
            at: "2026-11-23 14:08".into(),
        }),
    }
}
