//! What changes between two catalogs, and what would lose data.

use std::fmt;

use kernel::{FieldName, ObjectName};

use crate::{
    Anchor, Catalog, CategoryDef, Choice, Field, Group, Kind, Label, LawDef, Object, PurposeDef, Retention, Subject,
};

/// One difference between two catalogs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changes.
    pub what: What,
    /// Whether stored values would be lost or become unreadable.
    pub loses_data: bool,
}

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An object is new.
    ObjectAdded(ObjectName),
    /// An object is gone, with its records.
    ObjectRemoved(ObjectName),
    /// An object differs in one aspect.
    ObjectChanged(ObjectName, Aspect),
    /// A field is new.
    FieldAdded(ObjectName, FieldName),
    /// A field is gone, with its values.
    FieldRemoved(ObjectName, FieldName),
    /// A field differs in one aspect.
    FieldChanged(ObjectName, FieldName, Aspect),
    /// A purpose, category or law is new; the text names it, e.g. ``purpose `warranty` ``.
    Added(String),
    /// A purpose, category or law is gone.
    Removed(String),
    /// A purpose, category or law differs in one aspect.
    Changed(String, Aspect),
}

/// One aspect, before and after, as definitions write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aspect {
    /// The key: `kind`, `purposes`, `mask`, …
    pub key: &'static str,
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
        write!(f, "{} from {} to {}", self.key, said(&self.from), said(&self.to))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::ObjectAdded(object) => write!(f, "add object `{object}`")?,
            What::ObjectRemoved(object) => write!(f, "remove object `{object}` and its records")?,
            What::ObjectChanged(object, aspect) => write!(f, "change `{object}`: {aspect}")?,
            What::FieldAdded(object, field) => write!(f, "add field `{object}.{field}`")?,
            What::FieldRemoved(object, field) => write!(f, "remove field `{object}.{field}` and its values")?,
            What::FieldChanged(object, field, aspect) => write!(f, "change `{object}.{field}`: {aspect}")?,
            What::Added(thing) => write!(f, "add {thing}")?,
            What::Removed(thing) => write!(f, "remove {thing}")?,
            What::Changed(thing, aspect) => write!(f, "change {thing}: {aspect}")?,
        }
        if self.loses_data { f.write_str(" (loses data)") } else { Ok(()) }
    }
}

impl Catalog {
    /// What changes from `old` to `new`, in the order of objects and fields; what goes comes first.
    ///
    /// "Loses data" is said of a change after which a stored value is gone, can no longer be read or shown, or lives
    /// shorter: a removed object, field, choice, purpose or category, another kind, a narrower limit, a shorter
    /// retention. Moving a field between cell and disk rewrites its values and loses none.
    pub fn compare(old: &Self, new: &Self) -> Vec<Change> {
        let mut changes = Changes(Vec::new());
        changes.objects(old, new);
        changes.house(old, new);
        changes.0
    }
}

struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, what: What, loses_data: bool) {
        self.0.push(Change { what, loses_data });
    }

    fn objects(&mut self, old: &Catalog, new: &Catalog) {
        for object in old.objects().filter(|o| new.object(&o.name).is_none()) {
            self.add(What::ObjectRemoved(object.name.clone()), true);
        }
        for object in new.objects() {
            match old.object(&object.name) {
                None => self.add(What::ObjectAdded(object.name.clone()), false),
                Some(before) => self.object(old, before, new, object),
            }
        }
    }

    fn object(&mut self, old: &Catalog, before: &Object, new: &Catalog, object: &Object) {
        let name = &object.name;
        let (old_groups, new_groups) = groups(&before.groups, &object.groups);
        let aspects = [
            ("label", label(&before.label), label(&object.label), false),
            ("plural", label(&before.plural), label(&object.plural), false),
            ("icon", before.icon.clone(), object.icon.clone(), false),
            ("order", before.order.to_string(), object.order.to_string(), false),
            // Records would have to move to other persons' keys.
            ("about", subject(&before.subject), subject(&object.subject), true),
            ("title", list(&before.title), list(&object.title), false),
            ("purposes", list(&before.purposes), list(&object.purposes), false),
            ("groups", old_groups, new_groups, false),
        ];
        for (key, from, to, loses) in aspects {
            if from != to {
                self.add(What::ObjectChanged(name.clone(), Aspect { key, from, to }), loses);
            }
        }
        for field in before.fields().iter().filter(|f| object.field(&f.name).is_none()) {
            self.add(What::FieldRemoved(name.clone(), field.name.clone()), true);
        }
        for field in object.fields() {
            match before.field(&field.name) {
                None => self.add(What::FieldAdded(name.clone(), field.name.clone()), false),
                Some(before) => self.field(name, (old, before), (new, field)),
            }
        }
    }

    fn field(&mut self, object: &ObjectName, (old, before): (&Catalog, &Field), (new, field): (&Catalog, &Field)) {
        let purposes = |catalog: &Catalog, field: &Field| {
            if field.is_personal() { list(&catalog.names_of(field.purposes)) } else { String::new() }
        };
        let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let help = |help: &Option<Label>| help.as_ref().map(label).unwrap_or_default();
        // A value lives as long as one of its field's purposes.
        let fewer = !before.purposes.without(field.purposes).is_empty();
        let aspects = [
            ("label", label(&before.label), label(&field.label), false),
            ("help", help(&before.help), help(&field.help), false),
            ("kind", kind(&before.kind), kind(&field.kind), !holds(&before.kind, &field.kind)),
            ("category", before.category.to_string(), field.category.to_string(), false),
            ("because", text(&before.because), text(&field.because), false),
            ("purposes", purposes(old, before), purposes(new, field), fewer),
            ("mask", before.mask.word().to_owned(), field.mask.word().to_owned(), false),
            ("protect", before.protect.word().to_owned(), field.protect.word().to_owned(), false),
            ("find", before.find.word().to_owned(), field.find.word().to_owned(), false),
            ("required", yes(before.required), yes(field.required), false),
            ("unique", yes(before.unique), yes(field.unique), false),
            ("group", text(&before.group), text(&field.group), false),
            ("column", yes(before.column), yes(field.column), false),
        ];
        for (key, from, to, loses) in aspects {
            if from != to {
                self.add(What::FieldChanged(object.clone(), field.name.clone(), Aspect { key, from, to }), loses);
            }
        }
    }

    fn house(&mut self, old: &Catalog, new: &Catalog) {
        let purposes = |catalog: &Catalog| {
            let one = |p: &PurposeDef| {
                let bases: Vec<String> =
                    p.bases.iter().map(|(law, bases)| format!("{law}: {}", bases.join(" "))).collect();
                let aspects = vec![
                    ("bit", p.purpose.number().to_string()),
                    ("label", label(&p.label)),
                    ("description", label(&p.description)),
                    ("bases", bases.join("; ")),
                    ("consent", p.consent.word().to_owned()),
                    ("retention", p.retention.to_string()),
                    ("recipients", p.recipients.join(", ")),
                    ("dpv", p.dpv.clone()),
                ];
                (p.name.to_string(), aspects)
            };
            catalog.purposes().map(one).collect::<Vec<_>>()
        };
        self.things("purpose", purposes(old), purposes(new));
        let categories = |catalog: &Catalog| {
            let one = |c: &CategoryDef| {
                let direct = if c.direct { "yes" } else { "no" }.to_owned();
                let aspects =
                    vec![("label", label(&c.label)), ("sensitive_in", c.sensitive_in.join(", ")), ("direct", direct)];
                (c.name.to_string(), aspects)
            };
            catalog.categories().map(one).collect::<Vec<_>>()
        };
        self.things("category", categories(old), categories(new));
        let laws = |catalog: &Catalog| {
            let one = |l: &LawDef| {
                let bases: Vec<&str> = l.bases.iter().map(|b| b.name.as_str()).collect();
                (l.name.clone(), vec![("label", label(&l.label)), ("bases", bases.join(", "))])
            };
            catalog.laws().map(one).collect::<Vec<_>>()
        };
        self.things("law", laws(old), laws(new));
        let recipients = |catalog: &Catalog| {
            let one = |r: &crate::RecipientDef| (r.name.clone(), vec![("label", label(&r.label))]);
            catalog.recipients.iter().map(one).collect::<Vec<_>>()
        };
        self.things("recipient", recipients(old), recipients(new));
    }

    /// Purposes, categories, laws and recipients alike: names with their aspects.
    fn things(&mut self, word: &str, old: Vec<Thing>, new: Vec<Thing>) {
        for (name, _) in old.iter().filter(|(name, _)| !new.iter().any(|(other, _)| other == name)) {
            self.add(What::Removed(format!("{word} `{name}`")), word != "recipient");
        }
        for (name, aspects) in new {
            let named = format!("{word} `{name}`");
            let Some((_, before)) = old.iter().find(|(other, _)| *other == name) else {
                self.add(What::Added(named), false);
                continue;
            };
            for ((key, from), (_, to)) in before.iter().zip(aspects) {
                if *from != to {
                    let loses = match *key {
                        // Stored sets of live purposes would mean another purpose.
                        "bit" => true,
                        "retention" => shorter(from, &to),
                        _ => false,
                    };
                    self.add(What::Changed(named.clone(), Aspect { key, from: from.clone(), to }), loses);
                }
            }
        }
    }
}

type Thing = (String, Vec<(&'static str, String)>);

/// Whether every value of one kind is a value of another in the same bytes and columns.
fn holds(before: &Kind, after: &Kind) -> bool {
    let all = |old: &[Choice], new: &[Choice]| old.iter().all(|c| new.iter().any(|n| n.value == c.value));
    let wider = |old: Option<i64>, new: Option<i64>, fits: fn(&i64, &i64) -> bool| match (old, new) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => fits(&new, &old),
    };
    match (before, after) {
        (Kind::Text { max: old, check: a }, Kind::Text { max: new, check: b }) => old <= new && (a == b || b.is_none()),
        (Kind::Text { max: old, .. } | Kind::LongText { max: old }, Kind::LongText { max: new }) => old <= new,
        (Kind::Email | Kind::Phone | Kind::Url | Kind::Choice(_), Kind::Text { max, check: None }) => *max >= 2000,
        (Kind::Choice(old) | Kind::ManyChoice(old), Kind::ManyChoice(new)) | (Kind::Choice(old), Kind::Choice(new)) => {
            all(old, new)
        }
        (Kind::Number { decimals: d, min: least, max: most }, Kind::Number { decimals, min, max }) => {
            d <= decimals && wider(*least, *min, i64::le) && wider(*most, *max, i64::ge)
        }
        (Kind::Number { .. }, Kind::Money { .. }) => true,
        // Another currency field makes other amounts of the same digits.
        (before, after) => before == after,
    }
}

/// Whether a retention ends sooner than another could; differently anchored ones cannot be compared, so they count.
fn shorter(from: &str, to: &str) -> bool {
    let (Ok(from), Ok(to)) = (from.parse::<Retention>(), to.parse::<Retention>()) else { return true };
    match (from.after, to.after) {
        (_, Anchor::Withdrawn) => false,
        (a, b) if a != b => true,
        _ => {
            let epoch = jiff::Timestamp::UNIX_EPOCH;
            to.until(epoch, epoch) < from.until(epoch, epoch)
        }
    }
}

fn label(label: &Label) -> String {
    format!("\"{}\" / \"{}\"", label.en, label.zh)
}

fn list<T: std::fmt::Display>(names: &[T]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Names of groups, or where these are the same their labels.
fn groups(before: &[Group], after: &[Group]) -> (String, String) {
    let names = |groups: &[Group]| groups.iter().map(|g| g.name.clone()).collect::<Vec<_>>().join(", ");
    let labels = |groups: &[Group]| groups.iter().map(|g| label(&g.label)).collect::<Vec<_>>().join(", ");
    if names(before) == names(after) { (labels(before), labels(after)) } else { (names(before), names(after)) }
}

fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Person => "a person".to_owned(),
        Subject::About(link) => format!("the person of `{link}`"),
        Subject::Nobody => "nobody".to_owned(),
    }
}

/// A kind with its limits, as a reader compares them.
fn kind(kind: &Kind) -> String {
    let word = kind.word();
    let millionths = |n: &Option<i64>| n.map(crate::kind::number::show).unwrap_or_else(|| "any".to_owned());
    match kind {
        Kind::Text { max, check: Some(check) } => format!("{word} (max {max}, {})", check.word()),
        Kind::Text { max, check: None } | Kind::LongText { max } => format!("{word} (max {max})"),
        Kind::Choice(choices) | Kind::ManyChoice(choices) => {
            let values: Vec<&str> = choices.iter().map(|c| c.value.as_str()).collect();
            format!("{word} ({})", values.join(", "))
        }
        Kind::Number { decimals, min, max } => {
            format!("{word} ({decimals} decimals, {} to {})", millionths(min), millionths(max))
        }
        Kind::Money { currency } => format!("{word} (currency {currency})"),
        Kind::Link(to) => format!("{word} (to {to})"),
        _ => word.to_owned(),
    }
}
