//! `custos law`: what the law asks for, by when, and why.
//!
//! Only reads arguments and prints; every answer is made in the crate `law`.

use std::{io::Write, path::PathBuf};

use ::law::{
    AgeAsk, Answer, Ask, BreachAsk, ConsentAsk, DueAsk, Error, Event, Fact, Facts, File, Files, IdentityAsk, Library,
    Moment, NoticeAsk, RecordItem, RefusalAsk, RetentionAsk, SeveralAsk, ThresholdAsk, TransferAsk, WhoAsk,
};
use clap::{Args, Subcommand};

/// Ask what a privacy law wants: dates, duties, conditions, each with its article.
#[derive(Debug, Args)]
pub struct LawCommand {
    /// A folder of own packs (and `calendars/`) on top of the built-in ones.
    #[arg(long, global = true, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// When is an answer due? Name several laws by repeating --pack: the strictest leads.
    Due {
        #[command(flatten)]
        on: On,
        /// The request kind: access, delete, …
        #[arg(long)]
        request: String,
        /// When it was received: 2026-01-31, or with time and offset.
        #[arg(long)]
        received: Moment,
    },
    /// What does a breach ask for, of whom, by when?
    Breach {
        #[command(flatten)]
        on: On,
        /// When it became known.
        #[arg(long)]
        known: Moment,
    },
    /// What may be erased, what must be kept, until when?
    Retention {
        #[command(flatten)]
        on: On,
        /// When it was asked.
        #[arg(long)]
        asked: Moment,
        /// KIND@DATE or KIND@DATE@ORDER+ORDER: a record, its date, and the legal orders invoked for it.
        #[arg(long = "record", value_name = "RECORD", value_parser = record, required = true)]
        records: Vec<RecordItem>,
    },
    /// Who consents at that age?
    ConsentAge {
        #[command(flatten)]
        on: On,
        /// The day of birth.
        #[arg(long)]
        born: Moment,
        /// The day of the consent.
        #[arg(long)]
        at: Moment,
    },
    /// Is a consent valid, and when may one ask again?
    Consent {
        #[command(flatten)]
        on: On,
        /// The day of the consent.
        #[arg(long)]
        at: Moment,
        /// One tick box: the things it is for, joined by `+`.
        #[arg(long = "tick", value_name = "ACT+ACT")]
        ticks: Vec<String>,
        /// When the person said no.
        #[arg(long)]
        refused_at: Option<Moment>,
        /// When one wants to ask again.
        #[arg(long)]
        ask_again_at: Option<Moment>,
    },
    /// May data go abroad, and how?
    Transfer {
        #[command(flatten)]
        on: On,
        /// The day.
        #[arg(long)]
        at: Moment,
    },
    /// Which standing duties begin at these numbers?
    Threshold {
        #[command(flatten)]
        on: On,
        /// The day.
        #[arg(long)]
        at: Moment,
    },
    /// What must a notice tell?
    Notice {
        #[command(flatten)]
        on: On,
        /// The day.
        #[arg(long)]
        at: Moment,
        /// What the draft tells already.
        #[arg(long = "told", value_name = "ITEM")]
        told: Vec<String>,
    },
    /// May this actor act for the person?
    Who {
        #[command(flatten)]
        on: On,
        #[arg(long)]
        request: String,
        #[arg(long)]
        received: Moment,
        /// Who acts: agent, parent, heir, …
        #[arg(long)]
        who: String,
        /// What was shown.
        #[arg(long = "proof", value_name = "PROOF")]
        proofs: Vec<String>,
        /// What one would demand.
        #[arg(long = "demand", value_name = "PROOF")]
        demanded: Vec<String>,
    },
    /// Is the identity proven well enough, and what if not?
    Identity {
        #[command(flatten)]
        on: On,
        #[arg(long)]
        request: String,
        #[arg(long)]
        received: Moment,
        /// The day asked about.
        #[arg(long)]
        at: Moment,
    },
    /// May this refusal be sent, and by when?
    Refusal {
        #[command(flatten)]
        on: On,
        #[arg(long)]
        request: String,
        #[arg(long)]
        received: Moment,
        /// What the draft holds: reasons, complaint, court, …
        #[arg(long = "contains", value_name = "PART")]
        contains: Vec<String>,
    },
    /// List the packs.
    Packs,
    /// Read a pack, one of its sections (`deadline`) or one rule (`deadline.answer`).
    Show { pack: String, rule: Option<String> },
    /// Run scenario files; without any, the built-in ones.
    Check { files: Vec<PathBuf> },
    /// List the facts that a lawyer has yet to confirm.
    ToConfirm {
        /// As the page of the manual.
        #[arg(long)]
        page: bool,
    },
}

/// Where and on what facts a question stands.
#[derive(Debug, Args)]
struct On {
    /// The pack: gdpr, pipl, … or PACK:REGION.
    #[arg(long = "pack", value_name = "PACK", required = true)]
    packs: Vec<String>,
    /// The region: DE, DE-BY, GB-SCT, …
    #[arg(long)]
    region: Option<String>,
    /// The version of the pack the matter was opened with.
    #[arg(long)]
    version: Option<String>,
    /// NAME=VALUE, or PACK.NAME=VALUE with several packs: a fact or an option of the pack.
    #[arg(long = "fact", visible_alias = "option", value_name = "NAME=VALUE", value_parser = fact)]
    facts: Vec<(String, Fact)>,
    /// KIND@TIME, or KIND:CONTENT+CONTENT@TIME: what happened.
    #[arg(long = "event", value_name = "EVENT")]
    events: Vec<Event>,
}

/// One law of a question, its prefixes taken apart.
struct One {
    pack: String,
    region: Option<String>,
    facts: Facts,
}

impl On {
    fn each(&self) -> Vec<One> {
        let several = self.packs.len() > 1;
        let one = |named: &String| {
            let (pack, region) = match named.split_once(':') {
                Some((pack, region)) => (pack.to_owned(), Some(region.to_owned())),
                None => (named.clone(), if several { None } else { self.region.clone() }),
            };
            let others = |name: &str| self.packs.iter().any(|p| name.starts_with(&format!("{}.", base(p))));
            let facts = self.facts.iter().filter_map(|(name, fact)| {
                let own = name.strip_prefix(&format!("{pack}."));
                match own {
                    Some(own) => Some((own.to_owned(), fact.clone())),
                    None if others(name) => None,
                    None => Some((name.clone(), fact.clone())),
                }
            });
            One { facts: facts.collect(), region, pack }
        };
        self.packs.iter().map(one).collect()
    }
}

fn base(pack: &str) -> &str {
    pack.split(':').next().unwrap_or(pack)
}

fn fact(text: &str) -> Result<(String, Fact), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), Fact::read(value)))
}

fn record(text: &str) -> Result<RecordItem, String> {
    let mut parts = text.splitn(3, '@');
    let (Some(kind), Some(date)) = (parts.next(), parts.next()) else {
        return Err("write KIND@DATE or KIND@DATE@ORDER".into());
    };
    Ok(RecordItem {
        record: kind.to_owned(),
        date: date.parse().map_err(|_| format!("`{date}` is no date: write 2026-01-31"))?,
        orders: parts.next().map(|o| o.split('+').map(str::to_owned).collect()).unwrap_or_default(),
        fiscal_year_end: None,
        litigation: false,
    })
}

/// Runs the command. 0: done; 1: something found wrong (a check that fails, a question the law forbids); 2: misuse.
pub fn run(command: LawCommand, json: bool) -> anyhow::Result<i32> {
    let out = &mut std::io::stdout().lock();
    let own = command.folder.as_deref().map_or_else(|| Ok(Files::default()), Files::from_folder);
    let library = own.and_then(|own| Library::load(&Files::shipped().with(own)));
    match library.and_then(|library| answer(&library, command.what, json, out)) {
        // Somebody who reads only the first lines (`| head`) has not misused anything.
        Ok(Err(error)) if broken_pipe(&error) => Ok(0),
        Ok(code) => code,
        Err(error) => {
            writeln!(std::io::stderr(), "{error}")?;
            Ok(if matches!(error, Error::Problems(_) | Error::Forbidden { .. }) { 1 } else { 2 })
        }
    }
}

fn broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}

/// The outer result is the law's (printed as misuse), the inner one that of writing.
fn answer(library: &Library, what: What, json: bool, out: &mut impl Write) -> Result<anyhow::Result<i32>, Error> {
    let asked = match what {
        What::Packs => return Ok(packs(library, json, out)),
        What::Show { pack, rule } => return show(library, &pack, rule.as_deref(), json, out),
        What::Check { files } => return check(library, &files, json, out),
        What::ToConfirm { page } => return Ok(to_confirm(library, page, json, out)),
        asked => ask(asked),
    };
    let asked = match asked {
        Ok(asked) => asked,
        Err(words) => {
            return Ok(writeln!(std::io::stderr(), "{words}").map(|()| 2).map_err(Into::into));
        }
    };
    let answer = library.answer(&asked)?;
    // An event without effect and a letter that lacks a part are findings, not failures.
    let wrong = match &answer {
        Answer::Due(due) => !due.refused.is_empty(),
        Answer::Refusal(refusal) => !refusal.may_be_sent,
        _ => false,
    };
    Ok(print(&answer, json, out).map(|()| i32::from(wrong)))
}

fn print(answer: &Answer, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    match json {
        true => writeln!(out, "{}", serde_json::to_string_pretty(answer)?)?,
        false => write!(out, "{}", ::law::readable(answer))?,
    }
    Ok(())
}

fn ask(what: What) -> Result<Ask, String> {
    let single = |on: &On| -> Result<One, String> {
        let mut each = on.each();
        match each.len() {
            1 => each.pop().ok_or_else(String::new),
            _ => Err("this question takes one --pack".into()),
        }
    };
    Ok(match what {
        What::Due { on, request, received } => {
            let mut due: Vec<DueAsk> = on
                .each()
                .into_iter()
                .map(|One { pack, region, facts }| DueAsk {
                    pack,
                    region,
                    facts,
                    version: on.version.clone(),
                    request: request.clone(),
                    received,
                    events: on.events.clone(),
                })
                .collect();
            if due.len() == 1 { Ask::Due(due.remove(0)) } else { Ask::Several(SeveralAsk { due, breach: Vec::new() }) }
        }
        What::Breach { on, known } => {
            let mut breach: Vec<BreachAsk> = on
                .each()
                .into_iter()
                .map(|One { pack, region, facts }| BreachAsk {
                    pack,
                    region,
                    facts,
                    version: on.version.clone(),
                    known,
                    events: on.events.clone(),
                })
                .collect();
            if breach.len() == 1 {
                Ask::Breach(breach.remove(0))
            } else {
                Ask::Several(SeveralAsk { due: Vec::new(), breach })
            }
        }
        What::Retention { on, asked, records } => {
            let One { pack, region, facts } = single(&on)?;
            Ask::Retention(RetentionAsk { pack, region, facts, version: on.version, asked, records })
        }
        What::ConsentAge { on, born, at } => {
            let One { pack, region, facts } = single(&on)?;
            let Moment::Day(born) = born else { return Err("--born is a date".into()) };
            Ask::ConsentAge(AgeAsk { pack, region, facts, version: on.version, born, on: at })
        }
        What::Consent { on, at, ticks, refused_at, ask_again_at } => {
            let One { pack, region, facts } = single(&on)?;
            let ticks = ticks.iter().map(|t| t.split('+').map(str::to_owned).collect()).collect();
            let version = on.version;
            Ask::Consent(ConsentAsk { pack, region, facts, version, on: at, ticks, refused_at, ask_again_at })
        }
        What::Transfer { on, at } => {
            let One { pack, region, facts } = single(&on)?;
            Ask::Transfer(TransferAsk { pack, region, facts, version: on.version, on: at, flows: Vec::new() })
        }
        What::Threshold { on, at } => {
            let One { pack, region, facts } = single(&on)?;
            Ask::Threshold(ThresholdAsk { pack, region, facts, version: on.version, on: at, events: on.events })
        }
        What::Notice { on, at, told } => {
            let One { pack, region, facts } = single(&on)?;
            Ask::Notice(NoticeAsk { pack, region, facts, version: on.version, on: at, told, events: on.events })
        }
        What::Who { on, request, received, who, proofs, demanded } => {
            let One { pack, region, facts } = single(&on)?;
            let version = on.version;
            Ask::Who(WhoAsk { pack, region, facts, version, request, received, who, proofs, demanded })
        }
        What::Identity { on, request, received, at } => {
            let One { pack, region, facts } = single(&on)?;
            Ask::Identity(IdentityAsk { pack, region, facts, version: on.version, request, received, on: at })
        }
        What::Refusal { on, request, received, contains } => {
            let One { pack, region, facts } = single(&on)?;
            let (version, events) = (on.version, on.events);
            Ask::Refusal(RefusalAsk { pack, region, facts, version, request, received, contains, events })
        }
        What::Packs | What::Show { .. } | What::Check { .. } | What::ToConfirm { .. } => {
            return Err("not a question".into());
        }
    })
}

fn packs(library: &Library, json: bool, out: &mut impl Write) -> anyhow::Result<i32> {
    let lines = library.pack_lines();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&lines)?)?;
        return Ok(0);
    }
    for line in lines {
        writeln!(out, "{:8}  {}", line.pack, line.name)?;
        writeln!(
            out,
            "          version {}, from {}; {} rules, {} to be confirmed; regions {}",
            line.version,
            line.valid_from,
            line.rules,
            line.to_be_confirmed,
            line.regions.join(" ")
        )?;
        writeln!(out, "          requests: {}", line.requests.join(", "))?;
    }
    Ok(0)
}

fn show(
    library: &Library,
    pack: &str,
    rule: Option<&str>,
    json: bool,
    out: &mut impl Write,
) -> Result<anyhow::Result<i32>, Error> {
    let views = library.show(pack, rule)?;
    let whole = rule.is_some_and(|r| r.contains('.'));
    let write = |out: &mut dyn Write| -> anyhow::Result<i32> {
        if json {
            writeln!(out, "{}", serde_json::to_string_pretty(&views)?)?;
            return Ok(0);
        }
        for view in &views {
            writeln!(out, "{}", view.readable(whole))?;
        }
        Ok(0)
    };
    Ok(write(out))
}

fn check(library: &Library, paths: &[PathBuf], json: bool, out: &mut impl Write) -> Result<anyhow::Result<i32>, Error> {
    let mut files = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read(path.clone(), source))?;
        files.push(File { name: path.display().to_string(), text });
    }
    if paths.is_empty() {
        files = ::law::shipped_scenarios();
    }
    let mut reports = Vec::new();
    let mut unreadable = Vec::new();
    for file in &files {
        match library.check(file) {
            Ok(report) => reports.push(report),
            Err(Error::Problems(problems)) => unreadable.extend(problems),
            Err(other) => return Err(other),
        }
    }
    let good = unreadable.is_empty() && reports.iter().all(::law::Report::holds);
    let write = |out: &mut dyn Write| -> anyhow::Result<i32> {
        if json {
            let all = serde_json::json!({ "holds": good, "scenarios": reports, "unreadable": unreadable });
            writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
        } else {
            for problem in &unreadable {
                writeln!(out, "{problem}")?;
            }
            for report in &reports {
                let checks: usize = report.cases.iter().map(|c| c.checks).sum();
                let word = if report.holds() { "holds" } else { "FAILS" };
                let cases = report.cases.len();
                writeln!(out, "{word}  {}  {} ({cases} cases, {checks} checks)", report.scenario, report.title)?;
                for problem in report.problems() {
                    writeln!(out, "       {problem}")?;
                }
            }
        }
        Ok(i32::from(!good))
    };
    Ok(write(out))
}

fn to_confirm(library: &Library, page: bool, json: bool, out: &mut impl Write) -> anyhow::Result<i32> {
    let points = library.open_points();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&points)?)?;
    } else if page {
        write!(out, "{}", ::law::open_points_page(library))?;
    } else {
        for point in &points {
            writeln!(out, "{}/{}  {}\n    {}", point.pack, point.rule, point.article, point.what)?;
        }
    }
    Ok(0)
}
