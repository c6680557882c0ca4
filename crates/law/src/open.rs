//! What a lawyer has yet to confirm.

use std::fmt::Write;

use serde::Serialize;

use crate::{
    Library,
    pack::{Heard, Status},
};

/// A fact to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenPoint {
    /// The pack, or `calendars`.
    pub pack: String,
    /// The rule.
    pub rule: String,
    /// Its citation.
    pub article: String,
    /// Where it was heard.
    pub heard: Option<Heard>,
    /// What is to be confirmed.
    pub what: String,
}

impl Library {
    /// Everything that is to be confirmed, by pack and in the order of the files.
    pub fn open_points(&self) -> Vec<OpenPoint> {
        let mut all = Vec::new();
        for pack in self.packs() {
            for (section, name, head, _) in pack.rules() {
                if head.status == Status::ToBeConfirmed || head.confirm.is_some() {
                    all.push(OpenPoint {
                        pack: pack.pack.clone(),
                        rule: format!("{section}.{name}"),
                        article: head.article.to_owned(),
                        heard: head.heard,
                        what: match head.confirm {
                            Some(confirm) => format!("{} To confirm: {confirm}.", head.text),
                            None => head.text.to_owned(),
                        },
                    });
                }
            }
            for (name, notice) in &pack.notice {
                for item in notice.get_ref().items.iter().filter(|i| i.heard.is_some()) {
                    all.push(OpenPoint {
                        pack: pack.pack.clone(),
                        rule: format!("notice.{name}.{}", item.id),
                        article: item.article.clone(),
                        heard: item.heard,
                        what: item.text.clone(),
                    });
                }
            }
        }
        for calendar in self.calendars().iter().filter(|c| c.is_whole()) {
            for source in calendar.sources().iter().filter(|s| s.status == Status::ToBeConfirmed) {
                let [from, to] = calendar.loaded();
                all.push(OpenPoint {
                    pack: "calendars".into(),
                    rule: calendar.id().to_owned(),
                    article: source.article.clone(),
                    heard: source.heard,
                    what: format!("Working days of {}, {from} to {to}.", calendar.name()),
                });
            }
        }
        all
    }
}

/// The page of `docs/law` that lists them for a signature.
pub fn open_points_page(library: &Library) -> String {
    let points = library.open_points();
    let mut page = String::from(
        "# Facts to be confirmed\n\n\
         Every fact below was not read in a source of law when its pack was written: it comes from general knowledge \
         (memory) or from a firm's or guide's summary (secondary). Each answer that rests on one names it under \
         `to_be_confirmed`. A lawyer of the jurisdiction confirms or corrects it, signs here, and the pack's `status` \
         changes with the signature.\n\n\
         This page is made from the packs (`custos law to-confirm --page`); a test fails when it falls behind.\n",
    );
    let mut packs: Vec<&str> = Vec::new();
    for point in &points {
        if !packs.contains(&point.pack.as_str()) {
            packs.push(&point.pack);
        }
    }
    for name in packs {
        let title = library.pack(name).map_or("Calendars", |p| p.name.as_str());
        let own: Vec<&OpenPoint> = points.iter().filter(|p| p.pack == name).collect();
        let _ =
            write!(page, "\n## {title}\n\n{} facts. Reviewed by: ____________________ on: ____________\n\n", own.len());
        page.push_str("| Rule | Article | Heard | What it says | Confirmed |\n|---|---|---|---|---|\n");
        for point in own {
            let heard = match point.heard {
                Some(Heard::Memory) => "memory",
                Some(Heard::Secondary) => "secondary",
                None => "in part",
            };
            let cell = |text: &str| text.replace('|', "\\|");
            let _ =
                writeln!(page, "| `{}` | {} | {heard} | {} | |", point.rule, cell(&point.article), cell(&point.what));
        }
    }
    page
}
