//! A believable company's data, made up: for trials, screenshots and benchmarks.
//!
//! Everything follows from a seed and a day, on every machine alike, and each record from its number alone, so that a
//! million contacts are made one at a time. The first records are the same however many are asked for. Names are
//! common ones put together by chance, domains end in `.example` (RFC 2606), American numbers have the exchange 555,
//! and registration codes carry right check digits but were never given to anybody on purpose. China's number plan
//! has no range for fiction: never call or write to what stands here.

mod chance;
mod codes;
mod companies;
mod deals;
mod names;
mod parts;
mod people;
mod staff;

#[cfg(test)]
mod tests;

use jiff::{ToSpan, civil::Date};

use chance::Chance;
pub use staff::{TEAMS, Team, USERS, User};

/// The day on which the demo lives unless told otherwise.
const TODAY: Date = jiff::civil::date(2026, 11, 23);

/// How many records of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Contacts.
    pub contacts: usize,
    /// Leads.
    pub leads: usize,
    /// Companies; enough that every contact has one.
    pub companies: usize,
    /// Opportunities.
    pub opportunities: usize,
    /// Part lines of opportunities.
    pub lines: usize,
    /// Activities.
    pub activities: usize,
    /// Parts.
    pub parts: usize,
}

impl Sizes {
    /// A company of this many contacts, at least one.
    pub fn for_contacts(contacts: usize) -> Self {
        let contacts = contacts.max(1);
        Self {
            contacts,
            leads: contacts.div_ceil(5),
            companies: companies::of_contact(contacts - 1).0 + 1,
            // A small company has projects and calls enough to fill a page too.
            opportunities: contacts.div_ceil(8).max(72),
            lines: contacts.div_ceil(8).max(72) * 3 / 2,
            activities: contacts.div_ceil(2).max(900),
            parts: (contacts / 10).clamp(24, 600),
        }
    }
}

/// A record: texts for fields, and links to other demo records.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The object it is of.
    pub object: &'static str,
    /// Its number among the records of the object, from 0.
    pub index: usize,
    /// Values as text, each one its field takes.
    pub fields: Vec<(&'static str, String)>,
    /// Field, object and number of the record it links to.
    pub links: Vec<(&'static str, &'static str, usize)>,
    /// Who owns it: a place in [`USERS`].
    pub owner: usize,
    /// The owner's team: a place in [`TEAMS`].
    pub team: usize,
}

impl std::fmt::Debug for Record {
    /// Says which record, not what it holds: made-up people are treated as people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record({} {}, {} fields)", self.object, self.index, self.fields.len())
    }
}

impl Record {
    fn new(object: &'static str, index: usize, owner: usize) -> Self {
        let team = USERS[owner].team;
        Self { object, index, fields: Vec::with_capacity(16), links: Vec::new(), owner, team }
    }

    fn set(&mut self, field: &'static str, text: impl Into<String>) {
        self.fields.push((field, text.into()));
    }

    /// The text of a field, if it has one.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }
}

/// A record about a person, with why the person's data may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The contact or lead.
    pub record: Record,
    /// The laws that protect the person.
    pub laws: Vec<&'static str>,
    /// Where the data came from.
    pub source: String,
    /// The day of the last dealing with the person, from which retention runs.
    pub last_activity: Date,
    /// What the data may be used for.
    pub bases: Vec<Basis>,
}

/// One purpose that lives for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The purpose.
    pub purpose: &'static str,
    /// The law the basis is from.
    pub law: &'static str,
    /// The basis.
    pub basis: &'static str,
    /// Since when.
    pub since: Date,
    /// What shows it.
    pub evidence: String,
}

/// The source of all demo data.
#[derive(Debug, Clone, Copy)]
pub struct Demo {
    seed: u64,
    today: Date,
    sizes: Sizes,
}

impl Demo {
    /// A demo company with 1 000 contacts on 2026-11-23.
    pub fn new(seed: u64) -> Self {
        Self { seed, today: TODAY, sizes: Sizes::for_contacts(1_000) }
    }

    /// The same company on another day: every date moves along.
    #[must_use]
    pub fn on(self, today: Date) -> Self {
        Self { today, ..self }
    }

    /// The same company with other sizes. They decide only how many there are and to what opportunities and activities
    /// link; a company or contact of some number stays what it is.
    #[must_use]
    pub fn sized(self, sizes: Sizes) -> Self {
        Self { sizes, ..self }
    }

    /// The sizes.
    pub fn sizes(&self) -> &Sizes {
        &self.sizes
    }

    /// The parts.
    pub fn parts(self) -> impl Iterator<Item = Record> {
        (0..self.sizes.parts).map(move |i| self.part(i))
    }

    /// The companies.
    pub fn companies(self) -> impl Iterator<Item = Record> {
        (0..self.sizes.companies).map(move |i| self.company(i))
    }

    /// The contacts.
    pub fn contacts(self) -> impl Iterator<Item = Person> {
        (0..self.sizes.contacts).map(move |i| self.contact(i))
    }

    /// The leads.
    pub fn leads(self) -> impl Iterator<Item = Person> {
        (0..self.sizes.leads).map(move |i| self.lead(i))
    }

    /// The opportunities.
    pub fn opportunities(self) -> impl Iterator<Item = Record> {
        (0..self.sizes.opportunities).map(move |i| self.opportunity(i))
    }

    /// The part lines.
    pub fn lines(self) -> impl Iterator<Item = Record> {
        (0..self.sizes.lines).map(move |i| self.line(i))
    }

    /// The activities.
    pub fn activities(self) -> impl Iterator<Item = Record> {
        (0..self.sizes.activities).map(move |i| self.activity(i))
    }

    fn chance(&self, stream: u64, index: usize) -> Chance {
        Chance::of(self.seed, stream, index)
    }

    fn days_ago(&self, days: usize) -> Date {
        self.today.saturating_sub(i32::try_from(days).unwrap_or(i32::MAX).days())
    }

    fn in_days(&self, days: usize) -> Date {
        self.today.saturating_add(i32::try_from(days).unwrap_or(i32::MAX).days())
    }
}

/// Streams of chance, one for each kind of record and draw, so that a new field changes no other record.
mod stream {
    pub const COMPANY: u64 = 1;
    pub const CONTACT: u64 = 2;
    pub const LEAD: u64 = 3;
    pub const OPPORTUNITY: u64 = 4;
    pub const ACTIVITY: u64 = 5;
    pub const PART: u64 = 6;
    pub const CONTACT_NAME: u64 = 7;
    pub const LEAD_NAME: u64 = 8;
    pub const PLACE: u64 = 9;
    pub const BASES: u64 = 10;
    pub const LINE: u64 = 11;
    pub const STAGES: u64 = 12;
}
