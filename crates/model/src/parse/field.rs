//! Reading one field, and the rules that it must keep by itself.

use kernel::{Category, FieldName, ObjectName, PurposeSet};

use crate::{Check, Choice, Field, Find, Kind, Label, Mask, Protect, lists};

use super::{
    keys,
    object::purposes,
    purposes::House,
    reader::{Place, Problems, Table, nearest},
};

/// A field with the lines that rules across documents point at.
pub(super) struct Draft<'d> {
    pub(super) field: Field,
    pub(super) kind_place: Place<'d>,
    pub(super) category_place: Place<'d>,
    pub(super) purposes_place: Place<'d>,
    pub(super) group_place: Place<'d>,
}

/// The words of [`Kind`].
const KINDS: &[&str] = &[
    "text",
    "long_text",
    "email",
    "phone",
    "url",
    "choice",
    "many_choice",
    "number",
    "money",
    "date",
    "time",
    "yes_no",
    "link",
    "file",
];

/// Keys that belong to some kinds alone.
const OF_KINDS: &[(&str, &[&str])] = &[
    ("max", &["text", "long_text", "number"]),
    ("min", &["number"]),
    ("decimals", &["number"]),
    ("check", &["text"]),
    ("choices", &["choice", "many_choice"]),
    ("list", &["choice", "many_choice"]),
    ("currency", &["money"]),
    ("to", &["link"]),
];

/// A plain text column of personal data is a code or a term, not prose. Also the `max` of a text that gives none.
const LONGEST_ON_DISK: usize = 120;

pub(super) fn read<'d>(
    name: FieldName,
    table: Table<'_, 'd>,
    origin: &str,
    house: &House,
    problems: &mut Problems,
) -> Option<Draft<'d>> {
    table.check_keys(keys::FIELD, problems);
    let label = table.label("label", problems);
    let help = table.has("help").then(|| table.label("help", problems)).flatten();
    let kind = kind(&table, problems);
    let category = category(&table, house, problems);
    let personal = category.as_ref().is_none_or(Category::is_personal);
    let because = table.text("because", problems);
    let purposes = field_purposes(&table, personal, house, problems);
    if category.is_some() && !personal && !table.has("because") {
        table.missing("because", "say why it tells nothing about a person", problems);
    } else if let Some(because) = because.as_ref().filter(|_| category.is_some() && personal) {
        table.tell(
            because.place,
            "`because` belongs to fields that are not personal; purposes are its reason",
            problems,
        );
    }
    let mask = word(&table, "mask", &Mask::EVERY.map(|m| (m.word(), m)), problems);
    if mask.is_none() && personal && !table.has("mask") {
        table.missing("mask", "say what an actor sees who may not see it in the clear, e.g. \"all\"", problems);
    }
    let protect = word(&table, "protect", &[Protect::Cell, Protect::Disk].map(|p| (p.word(), p)), problems);
    if protect.is_none() && personal && !table.has("protect") {
        table.missing("protect", "say \"cell\" (a ciphertext of its own) or \"disk\" (a plain column)", problems);
    }
    let finds = [Find::None, Find::Exact, Find::Text, Find::Both].map(|f| (f.word(), f));
    let find = word(&table, "find", &finds, problems).unwrap_or(Find::None);
    let group = table.text("group", problems);
    let field = Field {
        name,
        label: label?,
        help,
        kind: kind?,
        category: category?,
        purposes: if personal { purposes? } else { PurposeSet::ALL },
        mask: match mask {
            Some(mask) => mask,
            None if personal => return None,
            None => Mask::All,
        },
        protect: match protect {
            Some(protect) => protect,
            None if personal => return None,
            None => Protect::Disk,
        },
        find,
        required: table.flag("required", problems),
        unique: table.flag("unique", problems),
        group: group.map(|at| at.value),
        because: because.map(|at| at.value),
        column: table.flag("column", problems),
        origin: origin.to_owned(),
    };
    rules(&field, &table, house, problems);
    Some(Draft {
        field,
        kind_place: table.place_of("kind"),
        category_place: table.place_of("category"),
        purposes_place: table.place_of("purposes"),
        group_place: table.place_of("group"),
    })
}

/// One of a few words.
fn word<T: Copy>(table: &Table<'_, '_>, key: &str, known: &[(&str, T)], problems: &mut Problems) -> Option<T> {
    let at = table.text(key, problems)?;
    let found = known.iter().find(|(word, _)| *word == at.value).map(|(_, value)| *value);
    if found.is_none() {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        table.tell(at.place, &format!("`{key}` is one of: {}", words.join(", ")), problems);
    }
    found
}

fn category(table: &Table<'_, '_>, house: &House, problems: &mut Problems) -> Option<Category> {
    let known = || house.category_names.join(", ");
    let Some(at) = table.text("category", problems) else {
        if !table.has("category") {
            table.missing("category", &format!("say what kind of data it is: {}", known()), problems);
        }
        return None;
    };
    if house.legible && !house.category_names.contains(&at.value) {
        let what = format!("there is no category `{}` in purposes.toml; there are {}", at.value, known());
        table.tell(at.place, &what, problems);
        return None;
    }
    Category::new(&at.value).ok()
}

fn field_purposes(table: &Table<'_, '_>, personal: bool, house: &House, problems: &mut Problems) -> Option<PurposeSet> {
    let listed = table.texts("purposes", problems);
    match listed {
        None if personal && !table.has("purposes") => {
            table.missing("purposes", "say what it is needed for", problems);
            None
        }
        None => None,
        Some(at) if !personal => {
            table.tell(at.place, "`purposes` belong to personal fields: leave them out, or say its category", problems);
            None
        }
        Some(at) if at.value.is_empty() => {
            table.tell(at.place, "`purposes` is empty: say what it is needed for, or leave the field out", problems);
            None
        }
        Some(at) => Some(purposes(table, at.value, house, problems).1),
    }
}

fn kind(table: &Table<'_, '_>, problems: &mut Problems) -> Option<Kind> {
    let Some(at) = table.text("kind", problems) else {
        if !table.has("kind") {
            table.missing("kind", &format!("say what values it takes: {}", KINDS.join(", ")), problems);
        }
        return None;
    };
    let word = at.value.as_str();
    if !KINDS.contains(&word) {
        let hint = match nearest(word, KINDS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", KINDS.join(", ")),
        };
        table.tell(at.place, &format!("there is no kind `{word}`: {hint}"), problems);
        return None;
    }
    for (key, _) in OF_KINDS.iter().filter(|(key, kinds)| table.has(key) && !kinds.contains(&word)) {
        table.tell(table.place_of(key), &format!("`{key}` does not belong to kind `{word}`"), problems);
    }
    match word {
        "text" => {
            let max = length(table, LONGEST_ON_DISK, 2_000, problems)?;
            let checks = Check::EVERY.map(|c| (c.word(), c));
            let check = match self::word(table, "check", &checks, problems) {
                None if table.has("check") => return None,
                check => check,
            };
            Some(Kind::Text { max, check })
        }
        "long_text" => Some(Kind::LongText { max: length(table, 10_000, 100_000, problems)? }),
        "email" => Some(Kind::Email),
        "phone" => Some(Kind::Phone),
        "url" => Some(Kind::Url),
        "choice" => choices(table, problems).map(Kind::Choice),
        "many_choice" => choices(table, problems).map(Kind::ManyChoice),
        "number" => number(table, problems),
        "money" => match table.text("currency", problems) {
            Some(at) => {
                let name = FieldName::new(&at.value);
                let currency = name.map_err(|bad| table.tell(at.place, &bad.to_string(), problems)).ok()?;
                Some(Kind::Money { currency })
            }
            None if table.has("currency") => None,
            None => {
                table.missing("currency", "name the choice field that says in which currency", problems);
                None
            }
        },
        "date" => Some(Kind::Date),
        "time" => Some(Kind::Time),
        "yes_no" => Some(Kind::YesNo),
        "file" => Some(Kind::File),
        _ => match table.text("to", problems) {
            Some(at) => {
                let name = ObjectName::new(&at.value);
                name.map_err(|bad| table.tell(at.place, &bad.to_string(), problems)).ok().map(Kind::Link)
            }
            None if table.has("to") => None,
            None => {
                table.missing("to", "name the object it leads to", problems);
                None
            }
        },
    }
}

/// `max` of a text: from 1 to `most`.
fn length(table: &Table<'_, '_>, usual: usize, most: usize, problems: &mut Problems) -> Option<usize> {
    let Some(at) = table.whole("max", problems) else { return (!table.has("max")).then_some(usual) };
    let max = usize::try_from(at.value).ok().filter(|max| (1..=most).contains(max));
    if max.is_none() {
        table.tell(at.place, &format!("`max` is from 1 to {most} characters"), problems);
    }
    max
}

fn number(table: &Table<'_, '_>, problems: &mut Problems) -> Option<Kind> {
    let decimals = match table.whole("decimals", problems) {
        Some(at) => match u8::try_from(at.value) {
            Ok(decimals @ 0..=6) => decimals,
            _ => {
                table.tell(at.place, "`decimals` is from 0 to 6", problems);
                return None;
            }
        },
        None => 0,
    };
    let (min, max) = (table.number("min", problems), table.number("max", problems));
    if let (Some(min), Some(max)) = (&min, &max)
        && min.value > max.value
    {
        table.tell(max.place, "`max` is less than `min`", problems);
    }
    Some(Kind::Number { decimals, min: min.map(|at| at.value), max: max.map(|at| at.value) })
}

fn choices(table: &Table<'_, '_>, problems: &mut Problems) -> Option<Vec<Choice>> {
    if let Some(list) = table.text("list", problems) {
        if table.has("choices") {
            table.tell(table.place_of("choices"), "give `choices` or a `list`, not both", problems);
        }
        let found = lists::list(&list.value);
        if found.is_none() {
            table.tell(
                list.place,
                &format!("there is no list `{}`; there are {}", list.value, lists::NAMES.join(", ")),
                problems,
            );
        }
        return found;
    }
    if !table.has("choices") {
        table.missing("choices", "list them as { value = \"…\", en = \"…\", zh = \"…\" }", problems);
        return None;
    }
    let items = table.items("choices", problems)?;
    if items.is_empty() {
        table.tell(table.place_of("choices"), "`choices` is empty", problems);
        return None;
    }
    let mut choices: Vec<Choice> = Vec::new();
    for item in items {
        item.check_keys(keys::CHOICE, problems);
        let value = item.text("value", problems);
        if value.is_none() && !item.has("value") {
            item.missing("value", "say what is stored", problems);
        }
        let label: Option<Label> = item.words(problems);
        let (Some(value), Some(label)) = (value, label) else { continue };
        let fits =
            value.value.len() <= 48 && value.value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        if !fits {
            item.tell(
                value.place,
                "a `value` has 1 to 48 letters, digits and _ - . ; its label says the rest",
                problems,
            );
        }
        if choices.iter().any(|c| c.value.eq_ignore_ascii_case(&value.value)) {
            item.tell(value.place, &format!("choice `{}` is listed twice", value.value), problems);
        }
        choices.push(Choice { value: value.value, label });
    }
    Some(choices)
}

/// What a field must keep whatever object it stands in.
fn rules(field: &Field, table: &Table<'_, '_>, house: &House, problems: &mut Problems) {
    let mut tell = |key: &str, what: String| table.tell(table.place_of(key), &what, problems);
    let (kind, word) = (&field.kind, field.kind.word());
    let on_disk = field.protect == Protect::Disk;
    if !field.mask.fits(kind) {
        tell("mask", format!("mask `{}` does not fit kind `{word}`", field.mask.word()));
    }
    if matches!(kind, Kind::Link(_)) && !on_disk {
        tell("protect", "a link is followed in SQL and its id says nothing by itself: protect = \"disk\"".to_owned());
    }
    if field.is_personal() && on_disk {
        let direct = house.categories.iter().any(|c| c.name == field.category && c.direct);
        match kind {
            Kind::Email | Kind::Phone | Kind::Url => {
                tell("protect", format!("a personal {word} is a direct identifier: protect = \"cell\""));
            }
            Kind::LongText { .. } => {
                tell("protect", "nobody knows what people write into free text: protect = \"cell\"".to_owned());
            }
            Kind::File => tell("protect", "a personal file is kept sealed: protect = \"cell\"".to_owned()),
            Kind::Text { .. } if direct => {
                let what = format!("text of category `{}` identifies by itself: protect = \"cell\"", field.category);
                tell("protect", what);
            }
            Kind::Text { max, .. } if *max > LONGEST_ON_DISK => {
                let what =
                    format!("personal text on `disk` has a `max` of at most {LONGEST_ON_DISK}; longer is free text");
                tell("protect", format!("{what}: protect = \"cell\""));
            }
            _ => {}
        }
    }
    if field.find.exact() {
        if !matches!(kind, Kind::Text { .. } | Kind::Email | Kind::Phone | Kind::Url) {
            tell("find", format!("kind `{word}` has few values, whose keyed hashes could be counted: no exact find"));
        } else if on_disk {
            tell("find", "a plain column is looked up as it is; exact find is for cells".to_owned());
        }
    }
    if field.find.text() && kind.column() != crate::Column::Text || field.find.text() && !field.choices().is_empty() {
        tell("find", format!("kind `{word}` is filtered, not searched: no text find"));
    }
    if field.unique {
        if field.is_personal() || !on_disk {
            let what =
                "`unique` is for plain fields that are not personal: its refusal would tell that somebody exists";
            tell("unique", what.to_owned());
        } else if matches!(
            kind,
            Kind::LongText { .. } | Kind::Choice(_) | Kind::ManyChoice(_) | Kind::YesNo | Kind::File
        ) {
            tell("unique", format!("kind `{word}` cannot be unique"));
        }
    }
    if field.column && matches!(kind, Kind::LongText { .. } | Kind::File) {
        tell("column", format!("kind `{word}` is too long for a list"));
    }
}
