//! What happened to a record, as its page shows it.

use domain::{ACTIVITY, EntryFilter, FollowUp, History, House, Listed, Past};
use jiff::civil::Date;
use kernel::RecordId;
use model::{Kind, Object, Value};
use seal::{
    Disclosed, DisclosedRow, Shown,
    policy::{Act, SystemAct},
};

use super::{
    Desk, Fault,
    address::address,
    cells::{self, Names},
    desk::{civil, list_path},
    ledger::line,
    words,
};
use crate::{
    ui::{self, Cell, Icon, Link, State},
    view::{Choice, FormField, Input, Item, LogBox, Step, SwitchItem, Timeline, Trouble},
};

/// How many lines of the ledger the tab of accesses shows; the rest is on the ledger's page.
const ACCESSES: u64 = 30;
/// From so many days before it is due a task is told as soon.
const SOON: i32 = 2;

/// Which part of the timeline is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Everything but accesses.
    All,
    /// What was done.
    Activity,
    /// How the record changed.
    Changes,
    /// Who has seen it.
    Accesses,
}

impl Tab {
    const ALL: [(&'static str, Self, &'static str); 4] = [
        ("all", Self::All, "tab-all"),
        ("activity", Self::Activity, "tab-activity"),
        ("changes", Self::Changes, "tab-changes"),
        ("accesses", Self::Accesses, "tab-accesses"),
    ];

    /// The tab of the address. What was done is shown unless another one was asked for: the rest is a reading of its own.
    pub fn asked(desk: &Desk) -> Self {
        let asked = desk.asked("tab");
        Self::ALL.iter().find(|(word, ..)| asked == Some(*word)).map_or(Self::Activity, |(_, tab, _)| *tab)
    }
}

/// What was typed into the box and refused.
#[derive(Default)]
pub struct Typed {
    /// What was typed.
    pub sent: FollowUp,
    /// What is wrong with it: the box and the words.
    pub wrong: Vec<(String, String)>,
}

/// The timeline of a record that was just shown.
pub async fn filled(desk: &Desk, object: &Object, id: RecordId, typed: &Typed) -> Result<Timeline, Fault> {
    let house = desk.house();
    let tab = Tab::asked(desk);
    let reads = house.may_system(&desk.ctx, SystemAct::ReadLedger);
    let linked = house.activity_link(&desk.ctx, &object.name).is_some();
    let mut view = Timeline { tabs: tabs(desk, object, id, tab, linked, reads), ..Timeline::default() };
    if tab == Tab::Accesses && reads {
        let filter = EntryFilter { record: Some(id), limit: ACCESSES, ..EntryFilter::default() };
        let found = house.entries(&desk.ctx, &filter).await?;
        view.accesses = Some(found.iter().map(|one| line(desk, one, false)).collect());
        return Ok(view);
    }
    let activities = match tab {
        Tab::Changes => None,
        _ => house.activities(&desk.ctx, &object.name, id).await?,
    };
    let mut items: Vec<(bool, jiff::Timestamp, Item)> = Vec::new();
    if let Some(listed) = &activities {
        let seen = Seen::read(desk, listed, address(&path(desk, object, id), [("tab", word(tab))])).await?;
        view.next = seen.next();
        items.extend(seen.done());
    }
    if matches!(tab, Tab::All | Tab::Changes) {
        items.extend(changes(desk, &house.history(&desk.ctx, &object.name, id).await?).await?);
    }
    items.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)));
    view.items = items.into_iter().map(|(_, _, item)| item).collect();
    let may_log = linked && house.may(&house.suited(&desk.ctx, ACTIVITY), ACTIVITY, Act::Create);
    view.log = may_log.then(|| log(desk, object, id, typed)).flatten();
    Ok(view)
}

fn word(tab: Tab) -> &'static str {
    Tab::ALL.iter().find(|(_, known, _)| *known == tab).map_or("all", |(word, ..)| word)
}

fn path(desk: &Desk, object: &Object, id: RecordId) -> String {
    address(&format!("{}/{id}", list_path(object)), desk.purpose_pair())
}

fn tabs(desk: &Desk, object: &Object, id: RecordId, now: Tab, linked: bool, reads: bool) -> Vec<SwitchItem> {
    let path = format!("{}/{id}", list_path(object));
    let offered = Tab::ALL.into_iter().filter(|(_, tab, _)| match tab {
        Tab::Accesses => reads,
        Tab::Activity => linked,
        Tab::All | Tab::Changes => true,
    });
    offered
        .map(|(word, tab, label)| {
            let href = address(&path, desk.purpose_pair().into_iter().chain([("tab", word.to_owned())]));
            SwitchItem { link: Link::new(desk.lang().t(label), format!("{href}#timeline")), current: tab == now }
        })
        .collect()
}

/// A page of activities.
struct Seen<'a> {
    desk: &'a Desk,
    page: &'a Disclosed,
    names: Names,
    edits: bool,
    here: String,
}

impl<'a> Seen<'a> {
    async fn read(desk: &'a Desk, listed: &'a Listed, here: String) -> Result<Self, Fault> {
        let ctx = desk.house().suited(&desk.ctx, ACTIVITY);
        let edits = desk.house().may(&ctx, ACTIVITY, Act::Edit);
        Ok(Self { desk, page: &listed.page, names: cells::names(desk, &listed.page).await?, edits, here })
    }

    fn cell(&self, row: &DisclosedRow, name: &str) -> Cell {
        self.page
            .object
            .field(name)
            .map_or_else(Cell::empty, |field| cells::cell(self.desk.lang(), self.page, row, field, &self.names))
    }

    fn yes(&self, row: &DisclosedRow, name: &str) -> bool {
        matches!(self.page.value(row, name), Shown::Clear(Value::YesNo(true)))
    }

    fn due(&self, row: &DisclosedRow) -> Option<Date> {
        match self.page.value(row, "due") {
            Shown::Clear(Value::Date(date)) if !self.yes(row, "done") => Some(*date),
            _ => None,
        }
    }

    fn title(&self, row: &DisclosedRow) -> Cell {
        cells::row_title(self.page, row).to(format!("/{ACTIVITY}/{}", row.id))
    }

    fn who(&self, row: &DisclosedRow) -> String {
        row.owner.map_or_else(String::new, |owner| self.desk.name(owner))
    }

    fn act(&self, row: &DisclosedRow, label: &'static str, tail: &str, more: &[(&str, &str)]) -> ui::Act {
        let own = [("version", row.version.to_string()), ("back", self.here.clone())];
        let more = more.iter().map(|(key, value)| (*key, (*value).to_owned()));
        ui::Act {
            label: self.desk.lang().t(label).to_owned(),
            action: format!("/{ACTIVITY}/{}/{tail}", row.id),
            fields: own.into_iter().chain(more).map(|(key, value)| (key.to_owned(), value)).collect(),
        }
    }

    /// Open tasks, the one due first at the top.
    fn next(&self) -> Vec<Step> {
        let today = House::day_of(self.desk.ctx.at);
        let mut open: Vec<(Date, &DisclosedRow)> =
            self.page.rows.iter().filter_map(|row| Some((self.due(row)?, row))).collect();
        open.sort_by_key(|(due, row)| (*due, row.id));
        let step = |(due, row): (Date, &DisclosedRow)| {
            let (state, when) = told(self.desk, due, today);
            let acts = vec![
                self.act(row, "task-done", "done", &[]),
                self.act(row, "snooze-day", "snooze", &[("days", "1")]),
                self.act(row, "snooze-week", "snooze", &[("days", "7")]),
            ];
            let mine = self.edits && House::is_mine(&self.desk.ctx, row.owner);
            Step { state, when, title: self.title(row), who: self.who(row), acts: if mine { acts } else { Vec::new() } }
        };
        open.into_iter().map(step).collect()
    }

    /// What was done.
    fn done(&self) -> Vec<(bool, jiff::Timestamp, Item)> {
        let kinds = self.page.object.field("kind");
        let rows = self.page.rows.iter().filter(|row| self.due(row).is_none());
        rows.map(|row| {
            let kind = match self.page.value(row, "kind") {
                Shown::Clear(Value::Text(kind)) => kind.as_str(),
                _ => "",
            };
            let at = match self.page.value(row, "happened") {
                Shown::Clear(Value::Time(at)) => *at,
                _ => row.created,
            };
            let label = kinds.and_then(|field| field.choices().iter().find(|choice| choice.value == kind));
            let pinned = self.yes(row, "pinned");
            let pin =
                if pinned { self.act(row, "unpin", "pin", &[]) } else { self.act(row, "pin", "pin", &[("on", "1")]) };
            let item = Item::Activity {
                icon: icon(kind),
                kind: label.map_or_else(String::new, |choice| self.desk.label(&choice.label).to_owned()),
                title: self.title(row),
                body: self.cell(row, "body"),
                meta: [self.who(row), self.desk.moment(at)]
                    .into_iter()
                    .filter(|s| !s.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · "),
                pinned,
                pin: (self.edits && House::is_mine(&self.desk.ctx, row.owner)).then_some(pin),
            };
            (pinned, at, item)
        })
        .collect()
    }
}

/// How a due date stands to today, as a state and in words.
pub fn told(desk: &Desk, due: Date, today: Date) -> (State, String) {
    let days = (due - today).get_days();
    let date = desk.lang().date(due);
    match days {
        ..0 => (State::Late, desk.lang().with("due-late", &[("n", (-days).into()), ("date", date.into())])),
        0 => (State::Soon, desk.lang().t("due-today").to_owned()),
        _ => {
            let state = if days <= SOON { State::Soon } else { State::OnTime };
            (state, desk.lang().with("due-in", &[("n", days.into()), ("date", date.into())]))
        }
    }
}

fn icon(kind: &str) -> Icon {
    match kind {
        "call" => Icon::Phone,
        "meeting" | "visit" => Icon::Community,
        "mail" => Icon::Mail,
        "task" => Icon::ClipboardCheck,
        _ => Icon::ChatLines,
    }
}

/// Changes as items: those that one person made within an hour are one.
async fn changes(desk: &Desk, history: &History) -> Result<Vec<(bool, jiff::Timestamp, Item)>, Fault> {
    let lang = desk.lang();
    let object = &history.object;
    let names = linked(desk, history).await?;
    let mut groups: Vec<Vec<&Past>> = Vec::new();
    for change in &history.changes {
        let near = |group: &&mut Vec<&Past>| {
            group.last().is_some_and(|last| {
                last.actor == change.actor
                    && last.act == change.act
                    && last.at.as_second() - change.at.as_second() < 3_600
            })
        };
        match groups.last_mut().filter(near) {
            Some(group) => group.push(change),
            None => groups.push(vec![change]),
        }
    }
    let items = groups.into_iter().filter_map(|group| {
        let last = group.first()?;
        let mut fields: Vec<(String, Cell, Cell)> = Vec::new();
        // The same field changed twice is told once: from the oldest value to the newest.
        let mut told: Vec<usize> = Vec::new();
        for change in &group {
            for (at, before, after) in &change.fields {
                let field = &object.fields()[*at];
                match told.iter().position(|known| known == at) {
                    Some(place) => fields[place].1 = value(desk, field, before, &names),
                    None => {
                        told.push(*at);
                        let label = desk.label(&field.label).to_owned();
                        fields.push((label, value(desk, field, before, &names), value(desk, field, after, &names)));
                    }
                }
            }
        }
        let who = desk.name(last.actor);
        let key = match last.act {
            ::ledger::Act::Assigned => "change-assigned",
            ::ledger::Act::Merged => "change-merged",
            _ => "change-by",
        };
        let n = group.len().max(fields.len());
        let label = lang.with(key, &[("n", n.into()), ("who", who.into())]);
        let open = fields.len() == 1;
        Some((false, last.at, Item::Changes { label, when: desk.moment(last.at), fields, open }))
    });
    Ok(items.collect())
}

/// The titles of records that old and new values link to.
async fn linked(desk: &Desk, history: &History) -> Result<Names, Fault> {
    let mut names = Names::new();
    for (at, field) in history.object.fields().iter().enumerate() {
        let Kind::Link(to) = &field.kind else { continue };
        let values = history.changes.iter().flat_map(|change| &change.fields).filter(|(known, ..)| *known == at);
        let ids = values.flat_map(|(_, before, after)| [before, after]).filter_map(|shown| match shown {
            Shown::Clear(Value::Link(id)) => Some(*id),
            _ => None,
        });
        names.extend(desk.house().titles(&desk.ctx, to, ids).await?);
    }
    Ok(names)
}

fn value(desk: &Desk, field: &model::Field, shown: &Shown, names: &Names) -> Cell {
    match shown {
        Shown::Empty => Cell::empty(),
        Shown::Masked(mask) => Cell::masked(mask.as_str()),
        Shown::Clear(value) => match (&field.kind, value) {
            (Kind::Link(to), Value::Link(id)) => {
                names.get(id).map_or_else(Cell::empty, |name| cells::title(name).to(format!("/{to}/{id}")))
            }
            (Kind::Time, Value::Time(at)) => Cell::clear(format!("{} UTC", desk.lang().moment(civil(*at)))),
            (kind, value) => Cell::clear(kind.display(value, desk.lang().is_zh())),
        },
    }
}

/// The box, with what was typed.
fn log(desk: &Desk, object: &Object, id: RecordId, typed: &Typed) -> Option<LogBox> {
    let lang = desk.lang();
    let catalog = desk.house().catalog();
    let kinds = catalog.object(ACTIVITY)?.field("kind")?.choices();
    let chosen = if typed.sent.kind.is_empty() { "call" } else { &typed.sent.kind };
    let error = |name: &str| typed.wrong.iter().find(|(at, _)| at == name).map(|(_, words)| words.clone());
    let field = |name: &str, label: &'static str, help: Option<&'static str>, required, input| FormField {
        name: name.to_owned(),
        label: lang.t(label).to_owned(),
        help: help.map(|help| lang.t(help).to_owned()),
        required,
        input,
        error: error(name),
        ..FormField::default()
    };
    let line = |value: &str| Input::Line { kind: "text", value: value.to_owned(), max: Some(200) };
    let choice = |choice: &model::Choice| Choice {
        value: choice.value.clone(),
        label: desk.label(&choice.label).to_owned(),
        chosen: choice.value == chosen,
    };
    Some(LogBox {
        action: address(&format!("{}/{id}/follow-ups", list_path(object)), desk.purpose_pair()),
        kinds: kinds.iter().filter(|kind| kind.value != "task").map(choice).collect(),
        fields: vec![
            field("text", "log-text", Some("log-text-help"), true, Input::Long { value: typed.sent.text.clone() }),
            field("next", "log-next", None, false, line(&typed.sent.next)),
            field("next_on", "log-next-on", None, false, Input::Date(typed.sent.next_on.clone())),
        ],
        troubles: typed
            .wrong
            .iter()
            .map(|(name, text)| Trouble { text: text.clone(), field: Some(name.clone()) })
            .collect(),
    })
}

/// The words for what is wrong with a follow-up: the box, and the cure.
pub fn cure(desk: &Desk, error: &domain::FieldError) -> (String, String) {
    // Each box is kept in a field of an activity, whose purposes and limits the words tell.
    let field = match error.field.as_str() {
        "text" => "body",
        "next" => "subject",
        "next_on" => "due",
        other => other,
    };
    let catalog = desk.house().catalog();
    let words = catalog.object(ACTIVITY).map_or_else(
        || error.message.clone(),
        |activity| {
            let error = domain::FieldError { field: field.to_owned(), ..error.clone() };
            words::cure(desk.lang(), &catalog, activity, &error, None)
        },
    );
    (error.field.clone(), words)
}
