//! Every key that a definition may have; what is not here is an error. `docs/definitions.md` explains each of them.

/// Keys of a document that defines an object.
pub const OBJECT: &[&str] =
    &["name", "order", "label", "plural", "icon", "person", "about", "title", "purposes", "groups", "fields"];
/// Keys of a document that adds fields to an object.
pub const EXTENSION: &[&str] = &["extend", "groups", "fields"];
/// Keys of `[groups.*]`.
pub const GROUP: &[&str] = &["label"];
/// Keys of `[fields.*]`.
pub const FIELD: &[&str] = &[
    "label", "help", "kind", "category", "because", "purposes", "mask", "protect", "find", "required", "unique",
    "group", "column", "max", "min", "decimals", "check", "choices", "list", "currency", "to",
];
/// Keys of every label.
pub const LABEL: &[&str] = &["en", "zh"];
/// Keys of one of `choices`.
pub const CHOICE: &[&str] = &["value", "en", "zh"];
/// Keys of `purposes.toml`.
pub const PURPOSES: &[&str] = &["laws", "recipients", "categories", "purposes"];
/// Keys of `[laws.*]`.
pub const LAW: &[&str] = &["label", "bases"];
/// Keys of `[laws.*.bases]`.
pub const BASIS: &[&str] = &["en", "zh", "article"];
/// Keys of `[recipients.*]`.
pub const RECIPIENT: &[&str] = &["label"];
/// Keys of `[categories.*]`.
pub const CATEGORY: &[&str] = &["label", "sensitive_in", "direct"];
/// Keys of `[purposes.*]`.
pub const PURPOSE: &[&str] = &["bit", "label", "description", "bases", "consent", "retention", "recipients", "dpv"];

/// Every table with its keys.
pub const EVERY: &[(&str, &[&str])] = &[
    ("object", OBJECT),
    ("extension", EXTENSION),
    ("group", GROUP),
    ("field", FIELD),
    ("label", LABEL),
    ("choice", CHOICE),
    ("purposes", PURPOSES),
    ("law", LAW),
    ("basis", BASIS),
    ("recipient", RECIPIENT),
    ("category", CATEGORY),
    ("purpose", PURPOSE),
];

/// Words that pages, API and tables of the house use themselves; no field may take them.
pub const RESERVED_FIELDS: &[&str] = &[
    "act",
    "basis",
    "bases",
    "changed_at",
    "changed_by",
    "created_at",
    "created_by",
    "cursor",
    "erased_at",
    "live_until",
    "updated_at",
    "fields",
    "id",
    "level",
    "limit",
    "live_purposes",
    "object",
    "owner",
    "person",
    "purpose",
    "purposes",
    "q",
    "restricted",
    "rowid",
    "sort",
    "source",
    "team",
    "title",
    "version",
];

/// Words of the house that no object may take.
pub const RESERVED_OBJECTS: &[&str] = &[
    "actor",
    "basis",
    "category",
    "checkpoint",
    "consent",
    "entry",
    "explain",
    "field",
    "grant",
    "hold",
    "job",
    "keyring",
    "ledger",
    "me",
    "notice",
    "object",
    "openapi",
    "pack",
    "people",
    "person",
    "policy",
    "purpose",
    "request",
    "role",
    "search",
    "session",
    "setting",
    "system",
    "team",
    "token",
];
