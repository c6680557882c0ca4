//! The ledger, for those who read it.

use ::ledger::{Act as LedgerAct, Entry, Outcome, Wrong};
use axum::{
    body::Bytes,
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use domain::{FieldError, Inquiry, Proven, Sequenced};
use kernel::{ActorKind, FieldName};
use seal::policy::{Act, SystemAct};

use super::{
    Answer, Desk, Fault,
    address::{address, see_other, without},
    desk::{civil, short},
    sheet::typed,
    words,
};
use crate::{
    api,
    ui::{self, Link},
    view::{Checkpoint, Choice, FilterField, FilterForm, FilterInput, Ledger, Line, Pager, Seal, ledger},
};

/// Keys of the filter, as the address has them.
const KEYS: &[&str] = &["q", "actor", "record", "act", "object", "purpose", "field", "at.ge", "at.le"];
/// Acts offered by the filter: those that happen to records and to access.
const ACTS: &[LedgerAct] = &[
    LedgerAct::Viewed,
    LedgerAct::Listed,
    LedgerAct::Searched,
    LedgerAct::Counted,
    LedgerAct::Revealed,
    LedgerAct::Exported,
    LedgerAct::Imported,
    LedgerAct::Created,
    LedgerAct::Changed,
    LedgerAct::Deleted,
    LedgerAct::Erased,
    LedgerAct::Expired,
    LedgerAct::Refused,
    LedgerAct::SignedIn,
    LedgerAct::SignInFailed,
    LedgerAct::BasisAdded,
    LedgerAct::BasisEnded,
    LedgerAct::EmergencyOpened,
];

/// `GET /ledger`
pub async fn show(desk: Desk) -> Answer {
    page(desk, Seal::Unchecked).await
}

/// `POST /ledger/filter`
pub async fn filter(mut desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let kept = sent.into_iter().filter(|(key, text)| KEYS.contains(&key.as_str()) && !text.trim().is_empty());
    let kept: Vec<(String, String)> = kept.map(|(key, text)| (key, text.trim().to_owned())).collect();
    // What is no inquiry may be somebody's name: it is answered here, with what was typed, and goes into no address.
    if asked(&kept).is_err() {
        desk.pairs = kept;
        let mut answer = page(desk, Seal::Unchecked).await?;
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(answer);
    }
    let catalog = desk.house().catalog();
    let known = |(key, name): &(String, String)| match key.as_str() {
        "object" => catalog.object(name).is_some(),
        "purpose" => catalog.purpose(name).is_some(),
        "field" => catalog.objects().any(|object| object.field(name).is_some()),
        _ => true,
    };
    let kept = kept.into_iter().filter(known);
    Ok(see_other(&address("/ledger", kept)))
}

/// `POST /ledger/verification`
pub async fn verify(desk: Desk) -> Answer {
    let seal = match desk.house().verify_ledger(&desk.ctx, None, |_, _| {}).await {
        Ok(_) => Seal::Verified(desk.moment(desk.ctx.at)),
        Err(domain::Error::Ledger(::ledger::Error::Wrong(wrong))) => Seal::Broken(place(&wrong)),
        Err(other) => return Err(other.into()),
    };
    page(desk, seal).await
}

/// `GET /ledger/{seq}/proof`
pub async fn proof(desk: Desk, Path(seq): Path<String>) -> Answer {
    let seq = seq.parse::<u64>().map_err(|_| Fault::missing())?;
    let proof = desk.house().prove(&desk.ctx, seq).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"entry-{seq}.proof.txt\"")),
    ];
    Ok((headers, proof.to_string()).into_response())
}

/// The first entry that a verification found wrong, as far as it can tell.
fn place(wrong: &Wrong) -> String {
    match wrong {
        Wrong::Entry { seq, .. }
        | Wrong::Malformed { seq, .. }
        | Wrong::Copied { seq }
        | Wrong::Missing { seq, .. } => seq.to_string(),
        Wrong::Range { from, until } => format!("{from}–{until}"),
        _ => "?".to_owned(),
    }
}

async fn page(desk: Desk, seal: Seal) -> Answer {
    let (inquiry, trouble) = match asked(&desk.pairs) {
        Ok(inquiry) => (inquiry, None),
        // A text that is no inquiry asks for nothing: the form says what is wrong with it.
        Err(wrong) => (Inquiry::default(), Some(wrong)),
    };
    let found = match trouble {
        None => desk.house().inquire(&desk.ctx, &inquiry).await?,
        Some(_) => domain::Inquired { entries: Vec::new(), next: None },
    };
    desk.house().allow(&desk.ctx, SystemAct::ReadLedger).await?;
    let verifies = desk.house().may_system(&desk.ctx, SystemAct::VerifyLedger);
    let verify = ui::Act {
        label: desk.lang().t("ledger-verify").to_owned(),
        action: "/ledger/verification".into(),
        fields: Vec::new(),
    };
    let turned = |seq: u64| {
        let pairs = without(&desk.pairs, &["cursor"]);
        address("/ledger", pairs.into_iter().chain([("cursor".to_owned(), seq.to_string())]))
    };
    let view = Ledger {
        checkpoint: if verifies { checkpoint(&desk, seal).await? } else { None },
        verify: verifies.then_some(verify),
        exports: if verifies { exports(&desk) } else { Vec::new() },
        trouble: trouble.map(|wrong| desk.lang().with("ledger-q-wrong", &[("word", wrong.field.into())])),
        filter: form(&desk),
        filtered: desk.pairs.iter().any(|(key, _)| KEYS.contains(&key.as_str())),
        lines: found.entries.iter().map(|one| line(&desk, one, verifies)).collect(),
        pager: Pager { next: found.next.map(turned), ..Pager::default() },
    };
    let mut shell = desk.shell();
    shell.here = address("/ledger", desk.pairs.iter().map(|(key, value)| (key, value)));
    Ok(ledger(&shell, &view).into_response())
}

/// `GET /ledger/export`
pub async fn export(desk: Desk) -> Answer {
    let inquiry = asked(&desk.pairs).map_err(|wrong| Fault::from(domain::Error::Invalid(vec![wrong])))?;
    let proven = desk.house().export_inquiry(&desk.ctx, &inquiry).await?;
    let (kind, name, body) = if desk.asked("as") == Some("csv") {
        ("text/csv; charset=utf-8", "ledger.csv", csv(&proven))
    } else {
        let file = api::ledger::file(&desk.app, &proven)?;
        ("application/json", "ledger.json", serde_json::to_string_pretty(&file).unwrap_or_default())
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, body).into_response())
}

/// The entries as a table, each with its proof: what stands in the proof is what is proved.
fn csv(proven: &[Proven]) -> String {
    let mut out = String::from("seq,at,actor,actor_kind,act,object,records,purpose,clear,masked,outcome,proof\r\n");
    let names = |names: &[FieldName]| names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ");
    for Proven { one, proof } in proven {
        let entry = &one.entry;
        let records: Vec<String> = entry.records.iter().map(ToString::to_string).collect();
        let cells = [
            one.seq.to_string(),
            entry.at.to_string(),
            entry.actor.to_string(),
            entry.actor_kind.word().to_owned(),
            entry.act.word().to_owned(),
            entry.object.as_ref().map(ToString::to_string).unwrap_or_default(),
            records.join(" "),
            entry.purpose.as_ref().map(ToString::to_string).unwrap_or_default(),
            names(&entry.clear),
            names(&entry.masked),
            entry.outcome.word().to_owned(),
            proof.to_string(),
        ];
        let quoted = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        out += &quoted.join(",");
        out += "\r\n";
    }
    out
}

/// The two forms of the file, with the inquiry that is shown.
fn exports(desk: &Desk) -> Vec<Link> {
    let kept = without(&desk.pairs, &["cursor", "done"]);
    let link = |label: &'static str, form: &str| {
        let pairs = kept.iter().cloned().chain([("as".to_owned(), form.to_owned())]);
        Link::new(desk.lang().t(label), address("/ledger/export", pairs))
    };
    vec![link("ledger-export-json", "json"), link("ledger-export-csv", "csv")]
}

/// What the address asks for.
fn asked(pairs: &[(String, String)]) -> Result<Inquiry, FieldError> {
    let mut inquiry = Inquiry::default();
    inquiry.filter.limit = 50;
    for (key, value) in pairs {
        match key.as_str() {
            "q" => inquiry.read(value)?,
            "at.ge" => inquiry.add("from", value, false)?,
            "at.le" => inquiry.add("to", value, false)?,
            "cursor" => inquiry.filter.before = value.parse().ok(),
            "actor" | "record" | "act" | "object" | "purpose" | "field" => inquiry.add(key, value, false)?,
            _ => {}
        }
    }
    Ok(inquiry)
}

/// The newest checkpoint, for those who verify.
pub async fn checkpoint(desk: &Desk, seal: Seal) -> Result<Option<Checkpoint>, Fault> {
    let (size, signed) = desk.house().ledger_head(&desk.ctx).await?;
    // The second line of a checkpoint is how many entries it covers (C2SP tlog-checkpoint).
    let covered = signed.as_deref().and_then(|text| text.lines().nth(1)).and_then(|line| line.parse::<u64>().ok());
    Ok(covered.map(|covered| Checkpoint { size: covered, at: None, seal, behind: size.saturating_sub(covered) }))
}

fn form(desk: &Desk) -> FilterForm {
    let lang = desk.lang();
    let now = |key: &str| desk.asked(key).unwrap_or_default().to_owned();
    let choice = |key: &str, value: String, label: String| Choice { chosen: now(key) == value, value, label };
    let field = |name: &str, label: &'static str, input| FilterField {
        name: name.to_owned(),
        label: lang.t(label).to_owned(),
        ops: Vec::new(),
        input,
    };
    let people = desk.house().colleagues().into_iter().map(|(id, name)| choice("actor", id.to_string(), name));
    let acts = ACTS.iter().map(|act| choice("act", act.word().to_owned(), act_word(desk, *act)));
    let catalog = desk.house().catalog();
    let objects = catalog.objects().map(|o| choice("object", o.name.to_string(), desk.label(&o.plural).to_owned()));
    let purposes = catalog.purposes().map(|p| choice("purpose", p.name.to_string(), desk.label(&p.label).to_owned()));
    FilterForm {
        action: "/ledger/filter".into(),
        reset: "/ledger".into(),
        open: false,
        fields: vec![
            field("actor", "ledger-who", FilterInput::Choice(people.collect())),
            field("act", "ledger-act", FilterInput::Choice(acts.collect())),
            field("object", "ledger-object", FilterInput::Choice(objects.collect())),
            field("purpose", "purpose", FilterInput::Choice(purposes.collect())),
            field("field", "field", FilterInput::Text { value: now("field") }),
            field("q", "ledger-q", FilterInput::Text { value: now("q") }),
            field("record", "ledger-record", FilterInput::Text { value: now("record") }),
            field("at", "ledger-when", FilterInput::Range { date: true, from: now("at.ge"), to: now("at.le") }),
        ],
    }
}

/// An act as one word of a list.
fn act_word(desk: &Desk, act: LedgerAct) -> String {
    let key = format!("act-name-{}", act.word().replace('_', "-"));
    desk.lang().find(&key).unwrap_or(act.word()).to_owned()
}

/// An entry as a line.
pub fn line(desk: &Desk, one: &Sequenced, verifies: bool) -> Line {
    let lang = desk.lang();
    let entry = &one.entry;
    let at = civil(entry.at);
    let catalog = desk.house().catalog();
    let labels = |names: &[FieldName]| -> Vec<String> {
        let object = entry.object.as_ref().and_then(|object| catalog.object(object));
        let label = |name: &FieldName| match object {
            Some(object) => words::field_label(lang, object, name).unwrap_or_else(|| name.to_string()),
            None => name.to_string(),
        };
        names.iter().map(label).collect()
    };
    Line {
        day: format!("{} UTC", lang.long_date(at.date())),
        at: lang.seconds(at),
        actor: actor(desk, entry),
        act: entry.act.word().to_owned(),
        what: what(desk, entry),
        href: href(desk, entry),
        clear: labels(&entry.clear),
        masked: labels(&entry.masked),
        purpose: entry.purpose.as_ref().map(|name| words::purpose(lang, &catalog, name)),
        facts: facts(desk, one),
        entry: short(&entry.id),
        proof: verifies.then(|| Link::new(lang.t("ledger-proof"), format!("/ledger/{}/proof", one.seq))),
    }
}

fn actor(desk: &Desk, entry: &Entry) -> String {
    let lang = desk.lang();
    let name = || entry.via.split_once(':').map_or_else(|| entry.via.clone(), |(_, name)| name.to_owned());
    match entry.actor_kind {
        ActorKind::Job => lang.with("actor-job", &[("name", name().into())]),
        ActorKind::Operator => lang.with("actor-operator", &[("name", name().into())]),
        ActorKind::Token => lang.with("actor-token", &[("name", short(&entry.actor).into())]),
        ActorKind::User if entry.via == "stranger" => lang.t("actor-stranger").to_owned(),
        ActorKind::User => desk.name(entry.actor),
    }
}

/// What it was done to: `contact 7f3c2a10`, `50 contacts`.
fn what(desk: &Desk, entry: &Entry) -> String {
    let lang = desk.lang();
    match entry.why.as_deref() {
        Some("ledger") => return lang.with("what-ledger", &[("n", entry.count.into())]),
        Some("bases") => return lang.t("what-bases").to_owned(),
        Some("erasure") => return lang.with("what-erasure", &[("n", entry.count.into())]),
        _ => {}
    }
    let catalog = desk.house().catalog();
    let object = entry.object.as_ref().and_then(|name| catalog.object(name));
    let what = match (object, &entry.records[..]) {
        (Some(object), [record]) => {
            lang.with("what-one", &[("object", desk.inside(&object.label).into()), ("id", short(record).into())])
        }
        (Some(object), _) => {
            lang.with("what-many", &[("n", entry.count.into()), ("objects", desk.inside(&object.plural).into())])
        }
        (None, [record]) => lang.with("what-id", &[("id", short(record).into())]),
        (None, _) => String::new(),
    };
    if entry.why.as_deref() == Some("explanation") { lang.with("what-why", &[("what", what.into())]) } else { what }
}

fn href(desk: &Desk, entry: &Entry) -> Option<String> {
    let (Some(object), [record]) = (&entry.object, &entry.records[..]) else { return None };
    let ctx = domain::Ctx { purpose: None, ..desk.ctx.clone() };
    desk.house().may(&ctx, object, Act::View).then(|| format!("/{object}/{record}"))
}

fn facts(desk: &Desk, one: &Sequenced) -> Vec<(String, String)> {
    let lang = desk.lang();
    let entry = &one.entry;
    let refused = (entry.outcome == Outcome::Refused).then(|| lang.t("outcome-refused").to_owned());
    let records = match &entry.records[..] {
        [record] => Some(record.to_string()),
        _ => None,
    };
    [
        (lang.t("fact-number"), Some(one.seq.to_string())),
        (lang.t("fact-entry"), Some(entry.id.to_string())),
        (lang.t("fact-record"), records),
        (lang.t("fact-outcome"), refused),
        (lang.t("fact-why"), entry.why.clone()),
        (lang.t("basis"), entry.basis.clone()),
        (lang.t("fact-rules"), Some(entry.policies.join(" ")).filter(|text| !text.is_empty())),
        (lang.t("fact-via"), Some(entry.via.clone())),
        (lang.t("fact-request"), Some(entry.request.to_string())),
    ]
    .into_iter()
    .filter_map(|(label, text)| Some((label.to_owned(), text?)))
    .collect()
}
