//! All packs and calendars, loaded and checked, and the ground every answer stands on.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::civil::Date;
use toml::Spanned;

use crate::{
    Error, Problem, Result,
    calendar::{Calendar, Calendars},
    check,
    condition::{Fact, Facts, Truth},
    moment::Moment,
    pack::{Counting, Pack, Rule, Section, within},
    period::{Period, Reckoned, Rules, Start, reckon},
    shipped,
    text::Why,
};

/// A file of packs or calendars: a name for errors, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// The files a library is loaded from.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Packs.
    pub packs: Vec<File>,
    /// Calendars.
    pub calendars: Vec<File>,
}

impl Files {
    /// The files built into the program.
    pub fn shipped() -> Self {
        let own = |list: &[(&str, &str)]| {
            list.iter().map(|(name, text)| File { name: (*name).into(), text: (*text).into() }).collect()
        };
        Self { packs: own(shipped::PACKS), calendars: own(shipped::CALENDARS) }
    }

    /// Reads `*.toml` of a folder as packs, and of its `calendars` folder as calendars.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        let calendars = folder.join("calendars");
        let calendars = if calendars.is_dir() { toml_files(&calendars)? } else { Vec::new() };
        Ok(Self { packs: toml_files(folder)?, calendars })
    }

    /// Puts another layer on top: a file of the same name replaces, a new one is added.
    pub fn with(mut self, layer: Self) -> Self {
        for (mine, theirs) in [(&mut self.packs, layer.packs), (&mut self.calendars, layer.calendars)] {
            for file in theirs {
                match mine.iter_mut().find(|f| f.name == file.name) {
                    Some(old) => *old = file,
                    None => mine.push(file),
                }
            }
        }
        self
    }
}

fn toml_files(folder: &Path) -> Result<Vec<File>> {
    let failed = |at: &Path| {
        let at = at.to_owned();
        move |source| Error::Read(at, source)
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_some_and(|e| e == "toml") && path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push(File { name, text: std::fs::read_to_string(&path).map_err(failed(&path))? });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// All packs and calendars.
#[derive(Debug)]
pub struct Library {
    calendars: Calendars,
    /// Editions by pack, oldest first.
    packs: BTreeMap<String, Vec<Arc<Pack>>>,
    events: Vec<String>,
    /// The text of each edition, to show rules as they are written.
    texts: BTreeMap<(String, String), String>,
}

impl Library {
    /// Loads and checks; every mistake of every file is reported at once.
    pub fn load(files: &Files) -> Result<Self> {
        let mut problems = Vec::new();
        let mut calendars = Calendars::default();
        for file in &files.calendars {
            calendars.add(&file.name, &file.text, &mut problems);
        }
        let mut parsed: Vec<(&File, Pack)> = Vec::new();
        for file in &files.packs {
            match toml::from_str::<Pack>(&file.text) {
                Ok(pack) => parsed.push((file, pack)),
                Err(error) => problems.push(Problem::toml(&file.name, &file.text, &error)),
            }
        }
        // Packs that take nothing from others come first, so that an extension finds its base.
        parsed.sort_by_key(|(_, pack)| (pack.extends.is_some(), pack.valid_from));
        let mut packs: BTreeMap<String, Vec<Arc<Pack>>> = BTreeMap::new();
        let mut texts = BTreeMap::new();
        for (file, mut pack) in parsed {
            let mut found = Vec::new();
            if let Some(extends) = pack.extends.take() {
                match packs.get(&extends.pack).and_then(|editions| editions.last()) {
                    Some(base) => pack.inherit(base, &extends),
                    None => found.push(Problem::new(&file.name, 1, format!("extends: no pack `{}`", extends.pack))),
                }
                pack.extends = Some(extends);
            }
            pack.fill_validity();
            found.extend(check::pack(&file.name, &file.text, &pack, &calendars));
            let editions = packs.entry(pack.pack.clone()).or_default();
            if editions.iter().any(|e| e.version == pack.version || e.valid_from == pack.valid_from) {
                found.push(Problem::new(&file.name, 1, "another edition has the same `version` or `valid_from`"));
            }
            problems.append(&mut found);
            texts.insert((pack.pack.clone(), pack.version.clone()), file.text.clone());
            editions.push(Arc::new(pack));
        }
        if !problems.is_empty() {
            problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
            return Err(Error::Problems(problems));
        }
        let mut events: Vec<String> = packs.values().flatten().flat_map(|p| check::events(p)).collect();
        events.sort();
        events.dedup();
        Ok(Self { calendars, packs, events, texts })
    }

    /// The library built into the program.
    pub fn shipped() -> Result<Self> {
        Self::load(&Files::shipped())
    }

    /// All packs, newest edition of each.
    pub fn packs(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.packs.values().filter_map(|editions| editions.last())
    }

    /// All editions of all packs.
    pub fn editions(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.packs.values().flatten()
    }

    /// The text of an edition.
    pub(crate) fn text(&self, pack: &Pack) -> &str {
        self.texts.get(&(pack.pack.clone(), pack.version.clone())).map_or("", String::as_str)
    }

    /// The calendars.
    pub fn calendars(&self) -> &Calendars {
        &self.calendars
    }

    /// The events that some pack has a rule for.
    pub fn events(&self) -> &[String] {
        &self.events
    }

    /// The newest edition of a pack.
    pub fn pack(&self, name: &str) -> Result<&Arc<Pack>> {
        self.packs.get(name).and_then(|e| e.last()).ok_or_else(|| Error::UnknownPack {
            pack: name.to_owned(),
            known: self.packs.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }

    /// The edition for a matter that began on a day: the version it was opened with if stated, else the newest that
    /// had begun by then. A matter keeps that edition, whatever comes later.
    pub fn edition(&self, name: &str, version: Option<&str>, on: impl Fn(&Pack) -> Result<Date>) -> Result<&Arc<Pack>> {
        let newest = self.pack(name)?;
        let editions = &self.packs[name];
        if let Some(version) = version {
            return editions.iter().find(|e| e.version == version).ok_or_else(|| Error::UnknownVersion {
                pack: name.to_owned(),
                version: version.to_owned(),
                known: editions.iter().map(|e| e.version.as_str()).collect::<Vec<_>>().join(", "),
            });
        }
        let on = on(newest)?;
        Ok(editions.iter().rev().find(|e| e.applies(on)).or_else(|| editions.first()).unwrap_or(newest))
    }

    pub(crate) fn region<'a>(&'a self, pack: &Pack, region: Option<&str>) -> Result<&'a Arc<Calendar>> {
        let known = || pack.regions.join(", ");
        let Some(name) = region.or(pack.default_region.as_deref()) else {
            return Err(Error::RegionNeeded { pack: pack.pack.clone(), known: known() });
        };
        self.calendars
            .get(name)
            .filter(|c| pack.regions.iter().any(|r| within(c.id(), r)))
            .ok_or_else(|| Error::UnknownRegion { pack: pack.pack.clone(), region: name.to_owned(), known: known() })
    }

    /// The ground for a question: edition, region, day and facts.
    pub(crate) fn ground<'a>(
        &'a self,
        pack: &str,
        version: Option<&str>,
        region: Option<&str>,
        start: Moment,
        facts: &'a Facts,
    ) -> Result<Ground<'a>> {
        let on = |pack: &Pack| Ok(start.date(self.region(pack, region)?.zone()));
        let pack = self.edition(pack, version, on)?;
        let calendar = self.region(pack, region)?;
        for (name, fact) in facts {
            let Some(def) = pack.fact.get(name) else {
                return Err(Error::UnknownFact {
                    pack: pack.pack.clone(),
                    fact: name.clone(),
                    known: pack.fact.keys().cloned().collect::<Vec<_>>().join(", "),
                });
            };
            if def.get_ref().kind != fact.kind() {
                let expected = format!("of the kind {:?}: {}", def.get_ref().kind, def.get_ref().text);
                return Err(Error::FactKind { fact: name.clone(), expected });
            }
        }
        Ok(Ground { library: self, pack, calendar, on: start.date(calendar.zone()), facts })
    }
}

/// What an answer stands on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub library: &'a Library,
    pub pack: &'a Arc<Pack>,
    pub calendar: &'a Arc<Calendar>,
    pub on: Date,
    pub facts: &'a Facts,
}

impl<'a> Ground<'a> {
    /// A fact as stated, or the pack's default.
    pub fn fact(&self, name: &str) -> Option<Fact> {
        self.facts.get(name).cloned().or_else(|| self.pack.fact.get(name)?.get_ref().default.clone())
    }

    /// The rules of a section that are in force here, unless their condition is refuted.
    pub fn live<T: Rule>(&self, section: &'a Section<T>) -> impl Iterator<Item = (&'a str, &'a T, Truth)> {
        self.rules(section).filter(|(_, _, truth)| truth.possible())
    }

    /// The rules of a section that are in force here, with the truth of their conditions.
    pub fn rules<T: Rule>(&self, section: &'a Section<T>) -> impl Iterator<Item = (&'a str, &'a T, Truth)> {
        section.iter().filter_map(|(name, rule)| {
            let rule = Spanned::get_ref(rule);
            let head = rule.head();
            if !head.in_force(self.on) || !head.covers(self.calendar.id()) {
                return None;
            }
            Some((name.as_str(), rule, head.when.of(|fact| self.fact(fact))))
        })
    }

    /// The reason a rule gives.
    pub fn why<T: Rule>(&self, section: &str, name: &str, rule: &T) -> Why {
        Why::new(&self.pack.pack, section, name, rule.head())
    }

    /// The counting rule of a period, and its calendar.
    pub fn counting(&self, period: &Period) -> Option<(&'a Counting, Rules<'a>)> {
        let counting = self.pack.counting.get(&period.counting)?.get_ref();
        let calendar = match &counting.calendar {
            Some(name) => self.library.calendars.get(name)?,
            None => self.calendar,
        };
        Some((counting, Rules { counting, calendar }))
    }

    /// The number that counts: what was promised, where that is stricter.
    pub fn count(&self, period: &Period) -> i32 {
        let promised = period.promised.as_deref().and_then(|name| match self.fact(name) {
            Some(Fact::Number(n)) => i32::try_from(n).ok(),
            _ => None,
        });
        promised.filter(|n| *n > 0).map_or(period.count, |n| n.min(period.count))
    }

    /// Works a period out.
    pub fn reckon(&self, period: &Period, start: Start, out: i32) -> Result<Reckoned> {
        // A pack whose periods name a missing counting rule does not load.
        let (_, rules) = self.counting(period).ok_or(Error::OutOfRange)?;
        reckon(rules, self.count(period), period.unit, start, out)
    }
}
