//! Tables of objects, made and grown from their definitions.
//!
//! Additions run online: a new object is a new table, a new field a new column. Nothing is dropped here; losing data is
//! an act of its own, asked for by name.

use model::{Column, Field, Find, Kind, Object, Protect};

use crate::{Result, Store, backend::Dialect};

/// The table of an object.
pub(crate) fn table(object: &str) -> String {
    format!("r_{object}")
}

/// The column of a field.
pub(crate) fn column(field: &str) -> String {
    format!("f_{field}")
}

/// The column of a field's blind hash.
pub(crate) fn blind_column(field: &str) -> String {
    format!("h_{field}")
}

/// Columns that every object's table has, with their types and what they mean.
pub(crate) const FIXED: &[(&str, &str, &str)] = &[
    ("id", "uuid primary key", "the record"),
    ("person", "uuid", "the person it is about, if any"),
    ("subject", "uuid not null", "whose key its cells are sealed under: the person, or the object's stand-in"),
    ("version", "bigint not null", "counted up by each change; a stale write is refused"),
    ("owner", "uuid", "the actor responsible"),
    ("team", "uuid", "the team responsible"),
    ("live_purposes", "bigint not null", "the person's live purposes; all bits when about nobody"),
    ("live_until", "timestamptz", "when the next of them ends; the row is not read after that until it is recomputed"),
    ("restricted", "boolean not null", "processing restricted for its person"),
    ("created_at", "timestamptz not null", "when it was made"),
    ("updated_at", "timestamptz not null", "when it was last changed"),
];

impl Store {
    /// Makes or grows the tables of these objects. Returns what was added, in words.
    pub async fn shape(&self, objects: &[&Object]) -> Result<Vec<String>> {
        let mut statements = Vec::new();
        let mut added = Vec::new();
        for object in objects {
            let known = self.columns(&table(&object.name)).await?;
            if known.is_empty() {
                statements.extend(create(object, self.dialect()));
                added.push(format!("object {}", object.name));
                continue;
            }
            for field in object.fields() {
                if !known.contains(&column(&field.name)) {
                    statements.extend(add(object, field, self.dialect()));
                    added.push(format!("field {}.{}", object.name, field.name));
                }
            }
        }
        if !statements.is_empty() {
            self.define(statements).await?;
        }
        Ok(added)
    }

    /// The columns a table has now; empty if there is no such table.
    pub(crate) async fn columns(&self, table: &str) -> Result<Vec<String>> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "select name from pragma_table_info($1)",
            Dialect::Postgres => {
                "select column_name::text from information_schema.columns \
                 where table_schema = 'custos' and table_name = $1::text"
            }
        };
        self.query(sql, vec![table.into()]).await?.iter().map(|row| row[0].text().map(str::to_owned)).collect()
    }
}

fn create(object: &Object, dialect: Dialect) -> Vec<String> {
    let name = table(&object.name);
    let mut columns: Vec<String> = FIXED.iter().map(|(name, kind, _)| format!("{name} {kind}")).collect();
    for field in object.fields() {
        columns.push(format!("{} {}", column(&field.name), kind(field, dialect)));
        if field.find.exact() && field.protect == Protect::Cell {
            columns.push(format!("{} bigint", blind_column(&field.name)));
        }
    }
    let mut statements = vec![
        format!("create table {name} ({})", columns.join(", ")),
        format!("create index {name}_person on {name} (person)"),
        format!("create index {name}_live_until on {name} (live_until)"),
        format!("create index {name}_owner on {name} (owner, updated_at, id)"),
        format!("create index {name}_created on {name} (created_at, id)"),
        format!("create index {name}_updated on {name} (updated_at, id)"),
    ];
    statements.extend(object.fields().iter().filter_map(|field| index(object, field, dialect)));
    statements
}

fn add(object: &Object, field: &Field, dialect: Dialect) -> Vec<String> {
    let name = table(&object.name);
    let mut statements =
        vec![format!("alter table {name} add column {} {}", column(&field.name), kind(field, dialect))];
    if field.find.exact() && field.protect == Protect::Cell {
        statements.push(format!("alter table {name} add column {} bigint", blind_column(&field.name)));
    }
    statements.extend(index(object, field, dialect));
    statements
}

fn kind(field: &Field, dialect: Dialect) -> &'static str {
    if field.protect == Protect::Cell {
        return "bytea";
    }
    match (field.kind.column(), dialect) {
        // Byte order on both, so that both sort alike whatever the locale of the server.
        (Column::Text, Dialect::Postgres) => "text collate \"C\"",
        (Column::Text, Dialect::Sqlite) => "text",
        (Column::Bigint, _) => "bigint",
        (Column::Boolean, _) => "boolean",
        (Column::Date, _) => "date",
        (Column::Timestamp, _) => "timestamptz",
        (Column::Uuid, _) => "uuid",
    }
}

fn index(object: &Object, field: &Field, dialect: Dialect) -> Option<String> {
    let name = table(&object.name);
    if field.protect == Protect::Cell {
        let blind = blind_column(&field.name);
        return field.find.exact().then(|| format!("create index {name}_{blind} on {name} ({blind})"));
    }
    let column = column(&field.name);
    if field.unique {
        return Some(format!("create unique index {name}_{column} on {name} ({column})"));
    }
    let wanted = field.column || field.find != Find::None || matches!(field.kind, Kind::Link(_));
    // Nulls come first ascending on SQLite; the same order is asked of PostgreSQL, so that the index serves the sort.
    let nulls = match dialect {
        Dialect::Sqlite => "",
        Dialect::Postgres => " nulls first",
    };
    wanted.then(|| format!("create index {name}_{column} on {name} ({column}{nulls}, id)"))
}
