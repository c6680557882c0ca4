//! The shape of a pack: one privacy law as data.
//!
//! A pack is read with unknown keys refused, so that a misspelt key is an error with a line and not a rule that
//! silently says nothing. `docs/law/packs.md` explains every key to somebody who does not read Rust.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

mod kinds;

pub use kinds::*;

use crate::{
    condition::Condition,
    moment::{day, day_or_none},
    period::Period,
};

/// What every rule says about itself.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The citation.
    pub article: &'a str,
    /// How sure it is.
    pub status: Status,
    /// Where an unconfirmed fact was heard.
    pub heard: Option<Heard>,
    /// What exactly a lawyer should confirm, where it is not the whole rule.
    pub confirm: Option<&'a str>,
    /// First day of validity.
    pub valid_from: Option<Date>,
    /// Last day of validity.
    pub valid_to: Option<Date>,
    /// Regions it is for; empty: all.
    pub regions: &'a [String],
    /// When it applies.
    pub when: &'a Condition,
    /// What it says.
    pub text: &'a str,
    /// The same in Chinese.
    pub text_zh: Option<&'a str>,
}

impl Head<'_> {
    /// Whether the rule is in force on a day.
    pub fn in_force(&self, on: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on <= to)
    }

    /// Whether the rule is for a region (`DE-BY` is in `DE`).
    pub fn covers(&self, region: &str) -> bool {
        self.regions.is_empty() || self.regions.iter().any(|r| within(region, r))
    }
}

/// Whether `region` is `outer` or a part of it.
pub(crate) fn within(region: &str, outer: &str) -> bool {
    region.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Any kind of rule.
pub trait Rule {
    /// What it says about itself.
    fn head(&self) -> Head<'_>;
}

/// Writes the keys that all rules share into each kind, so that an unknown key is refused in every one of them
/// (serde's `flatten` would let it pass).
macro_rules! rules {
    ($($(#[$doc:meta])* $kind:ident { $($(#[$fdoc:meta])* $field:ident : $type:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $kind {
            $($(#[$fdoc])* pub $field: $type,)*
            /// The citation.
            pub article: String,
            /// How sure it is.
            pub status: Status,
            /// Where an unconfirmed fact was heard.
            #[serde(default)]
            pub heard: Option<Heard>,
            /// What a lawyer should confirm, where it is not the whole rule.
            #[serde(default)]
            pub confirm: Option<String>,
            /// First day of validity; by default the pack's.
            #[serde(default, deserialize_with = "day_or_none")]
            pub valid_from: Option<Date>,
            /// Last day of validity.
            #[serde(default, deserialize_with = "day_or_none")]
            pub valid_to: Option<Date>,
            /// Regions it is for; none named: all of the pack.
            #[serde(default)]
            pub regions: Vec<String>,
            /// When it applies.
            #[serde(default)]
            pub when: Condition,
            /// What it says, in a sentence.
            pub text: String,
            /// The same in Chinese.
            #[serde(default)]
            pub text_zh: Option<String>,
        }
        impl Rule for $kind {
            fn head(&self) -> Head<'_> {
                Head {
                    article: &self.article,
                    status: self.status,
                    heard: self.heard,
                    confirm: self.confirm.as_deref(),
                    valid_from: self.valid_from,
                    valid_to: self.valid_to,
                    regions: &self.regions,
                    when: &self.when,
                    text: &self.text,
                    text_zh: self.text_zh.as_deref(),
                }
            }
        }
        impl $kind {
            pub(crate) fn default_validity(&mut self, from: Date) {
                self.valid_from = self.valid_from.or(Some(from));
            }
        }
    )+};
}

rules! {
    /// A thing a person may ask for (or, with `push`, must be given unasked).
    Request {
        /// Its name for people.
        label: String,
        /// The same in Chinese.
        label_zh: String,
        /// Other names it answers to.
        #[serde(default)]
        also: Vec<String>,
        /// Owed without being asked (a notice).
        #[serde(default)]
        push: bool,
        /// When it may be refused or does not reach.
        #[serde(default)]
        exceptions: Vec<String>,
        /// What is owed after it was fulfilled.
        #[serde(default)]
        follow_up: Vec<String>,
        /// What must never be put into the answer.
        #[serde(default)]
        never_disclose: Vec<String>,
    }
    /// How periods are counted.
    Counting {
        /// The day of the event is day 1.
        #[serde(default)]
        first_day: bool,
        /// What to do when the month has no such day.
        #[serde(default)]
        clamp: Clamp,
        /// What to do when the last day is a day off.
        #[serde(default)]
        roll: Roll,
        /// The calendar, where it is not the region's own.
        #[serde(default)]
        calendar: Option<String>,
        /// How many days before the due date the internal target lies.
        #[serde(default)]
        internal_days_earlier: i32,
    }
    /// A limit in time for an answer.
    Deadline {
        /// The request kinds; `*` is all.
        requests: Vec<String>,
        /// What has to happen by then.
        role: Role,
        /// How long; none: promptly.
        #[serde(default)]
        period: Option<Period>,
        /// What the message must hold (an extension's notice).
        #[serde(default)]
        contains: Vec<String>,
    }
    /// What an event does to the running clock.
    Clock {
        /// The request kinds; `*` is all.
        requests: Vec<String>,
        /// What it does.
        effect: Effect,
        /// The event that begins it.
        begins: String,
        /// The event that ends it.
        #[serde(default)]
        ends: Option<String>,
        /// Whether both end days of a pause are out, or the difference counts.
        #[serde(default)]
        days: PauseDays,
    }
    /// How sure one must be of who asks.
    Identity {
        /// The request kinds; `*` is all.
        requests: Vec<String>,
        /// How sure.
        level: Level,
        /// What proves it.
        #[serde(default)]
        proof: Condition,
        /// The request to answer instead when it cannot be proven.
        #[serde(default)]
        otherwise: Option<String>,
    }
    /// Who may act for the person.
    Agent {
        /// The kind of actor: agent, parent, heir, …
        who: Vec<String>,
        /// The request kinds; `*` is all.
        requests: Vec<String>,
        /// Accepted, not a matter of this law, or refused.
        effect: AgentEffect,
        /// Proofs that are needed.
        #[serde(default)]
        needs: Vec<String>,
        /// What may be asked besides.
        #[serde(default)]
        may_ask: Vec<String>,
        /// What must not be demanded.
        #[serde(default)]
        must_not_ask: Vec<String>,
        /// A proof that makes the others unnecessary.
        #[serde(default)]
        suffices: Option<String>,
    }
    /// How a refusal must look.
    Refusal {
        /// The request kinds; `*` is all.
        requests: Vec<String>,
        /// What the letter must hold.
        contains: Vec<String>,
        /// Grounds that count.
        #[serde(default)]
        grounds: Vec<String>,
    }
    /// A lawful basis.
    Basis {
        /// Its name for people.
        label: String,
        /// The same in Chinese.
        label_zh: String,
    }
    /// A condition of valid consent, or a duty around it.
    Consent {
        /// What the consent is for; `*` is anything.
        acts: Vec<String>,
        /// What has to hold; what does not, makes the consent invalid (or breaks the duty).
        #[serde(default)]
        needs: Condition,
        /// Makes the consent invalid, or is a duty beside it.
        #[serde(default)]
        effect: ConsentEffect,
        /// How long after a refusal one may not ask again.
        #[serde(default)]
        wait: Option<Period>,
    }
    /// From which age one consents oneself.
    Age {
        /// The bands, youngest first.
        bands: Vec<Band>,
        /// The day on which an age is reached: the birthday, or the day after.
        #[serde(default)]
        reached: Reached,
    }
    /// A notice and what it must hold.
    Notice {
        /// What must be told.
        items: Vec<Item>,
        /// When it is due, in words.
        at: String,
        /// When it is due, by event: the earliest counts.
        #[serde(default)]
        periods: Vec<Period>,
    }
    /// Categories that are sensitive under this law.
    Sensitive {
        /// Their names.
        categories: Vec<String>,
    }
    /// A duty after a breach.
    Breach {
        /// To whom.
        to: String,
        /// How long; none: at once.
        #[serde(default)]
        period: Option<Period>,
        /// The generous end where the law says "about".
        #[serde(default)]
        outer: Option<Period>,
        /// What the message must hold.
        #[serde(default)]
        contains: Vec<String>,
    }
    /// A standing duty: records, assessments, audits, filings.
    Duty {
        /// Its kind.
        kind: DutyKind,
        /// What the document must hold.
        #[serde(default)]
        contains: Vec<String>,
        /// How often.
        #[serde(default)]
        cycle: Option<Period>,
        /// How long it is kept.
        #[serde(default)]
        keep: Option<Period>,
        /// By when, once the condition holds (counted from the event `reached`).
        #[serde(default)]
        period: Option<Period>,
        /// By when, on the calendar.
        #[serde(default, deserialize_with = "day_or_none")]
        by: Option<Date>,
    }
    /// A way to send data abroad, or what has to be done besides.
    Transfer {
        /// What it comes to.
        outcome: Outcome,
        /// Rules are tried from the lowest; the first that holds decides. `always` rules are duties besides.
        #[serde(default)]
        order: i32,
        /// The mechanisms that would do.
        #[serde(default)]
        mechanisms: Vec<String>,
        /// Data under it does not count toward the totals.
        #[serde(default)]
        uncounted: bool,
        /// How long, for a filing or a renewal.
        #[serde(default)]
        period: Option<Period>,
    }
    /// A total kept by the calendar.
    Counter {
        /// The fact it fills.
        fills: String,
        /// When a flow is counted.
        #[serde(default)]
        of: Condition,
        /// When it begins anew.
        resets: Resets,
    }
    /// How long a kind of record is kept, at least or at most.
    Retention {
        /// The kinds of record.
        records: Vec<String>,
        /// Whose law it is: a country or `EU`.
        order: String,
        /// At least so long.
        #[serde(default)]
        min: Option<Period>,
        /// At most so long.
        #[serde(default)]
        max: Option<Period>,
        /// Without end.
        #[serde(default)]
        permanent: bool,
        /// Where counting starts.
        starts: Starts,
        /// What the start event is, in words.
        #[serde(default)]
        event: Option<String>,
        /// A lower rank than this privacy law accepts as ground by itself: counsel decides.
        #[serde(default)]
        counsel: bool,
    }
    /// Whose retention duties stop an erasure under this law.
    Hold {
        /// Legal orders that count.
        orders: Vec<String>,
        /// The state of what is held.
        state: String,
    }
    /// Anything else the law says that people ask about.
    Remark {
        /// What it is about.
        #[serde(default)]
        about: Vec<String>,
    }
}

/// Takes over the rules of another pack.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extends {
    /// The pack.
    pub pack: String,
    /// Its sections to take.
    pub take: Vec<String>,
    /// Rules not to take, `section.name`.
    #[serde(default)]
    pub except: Vec<String>,
}

/// The rules of one kind, by name.
pub type Section<T> = BTreeMap<String, Spanned<T>>;

macro_rules! pack {
    ($($section:ident : $kind:ident),+ $(,)?) => {
        /// One law, one edition.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Pack {
            /// Its short name: `gdpr`.
            pub pack: String,
            /// Its name for people.
            pub name: String,
            /// The same in Chinese.
            pub name_zh: String,
            /// This edition of the data.
            pub version: String,
            /// The legal order: `EU`, `CN`, `US-CA`.
            pub order: String,
            /// First day on which this edition applies.
            #[serde(deserialize_with = "day")]
            pub valid_from: Date,
            /// Last day on which it applies.
            #[serde(default, deserialize_with = "day_or_none")]
            pub valid_to: Option<Date>,
            /// Calendars of the regions it covers.
            pub regions: Vec<String>,
            /// The region meant when none is stated.
            #[serde(default)]
            pub default_region: Option<String>,
            /// Rules taken from another pack.
            #[serde(default)]
            pub extends: Option<Extends>,
            /// Facts it asks for.
            #[serde(default)]
            pub fact: BTreeMap<String, Spanned<FactDef>>,
            $(
                #[doc = concat!("Its `", stringify!($section), "` rules.")]
                #[serde(default)]
                pub $section: Section<$kind>,
            )+
        }

        /// The names of all sections.
        pub const SECTIONS: &[&str] = &[$(stringify!($section)),+];

        impl Pack {
            /// Every rule: section, name, head, byte offset in its file.
            pub fn rules(&self) -> Vec<(&'static str, &str, Head<'_>, usize)> {
                let mut all = Vec::new();
                $(all.extend(self.$section.iter().map(|(name, rule)| {
                    (stringify!($section), name.as_str(), rule.get_ref().head(), rule.span().start)
                }));)+
                all.sort_by_key(|(.., at)| *at);
                all
            }

            /// Puts the pack's own start where a rule states none.
            pub(crate) fn fill_validity(&mut self) {
                let from = self.valid_from;
                $(for rule in self.$section.values_mut() {
                    rule.get_mut().default_validity(from);
                })+
            }

            /// Takes the rules of `base` that `extends` names and this pack does not have itself.
            pub(crate) fn inherit(&mut self, base: &Pack, extends: &Extends) {
                $(if extends.take.iter().any(|t| t == stringify!($section)) {
                    for (name, rule) in &base.$section {
                        let except = extends.except.iter().any(|e| {
                            e.split_once('.') == Some((stringify!($section), name.as_str()))
                        });
                        if !except && !self.$section.contains_key(name) {
                            let mut rule = rule.get_ref().clone();
                            // The base's start says nothing about this law's.
                            rule.valid_from = rule.valid_from.filter(|d| *d > base.valid_from);
                            // Its place is the line that takes it, not one of the other file.
                            self.$section.insert(name.clone(), Spanned::new(0..0, rule));
                        }
                    }
                })+
                for (name, fact) in &base.fact {
                    self.fact.entry(name.clone()).or_insert_with(|| fact.clone());
                }
            }
        }
    };
}

pack! {
    request: Request,
    counting: Counting,
    deadline: Deadline,
    clock: Clock,
    identity: Identity,
    agent: Agent,
    refusal: Refusal,
    basis: Basis,
    consent: Consent,
    age: Age,
    notice: Notice,
    sensitive: Sensitive,
    breach: Breach,
    duty: Duty,
    transfer: Transfer,
    counter: Counter,
    retention: Retention,
    hold: Hold,
    remark: Remark,
}

impl Pack {
    /// A request kind by its name or another name. Where a law was amended the same name may stand for two rules in
    /// turn: the one in force on the day is meant, else the next to come, else the last that was.
    pub fn request_kind(&self, name: &str, on: Date) -> Option<(&str, &Request)> {
        let found = self
            .request
            .iter()
            .map(|(id, rule)| (id.as_str(), rule.get_ref()))
            .filter(|(id, rule)| *id == name || rule.also.iter().any(|a| a == name));
        found.min_by_key(|(_, rule)| match rule.valid_from {
            Some(from) if from > on => (1, from),
            from => (if rule.head().in_force(on) { 0 } else { 2 }, from.unwrap_or(on)),
        })
    }

    /// Whether this edition applies on a day.
    pub fn applies(&self, on: Date) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|to| on <= to)
    }
}
