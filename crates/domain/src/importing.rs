//! Importing a file: read, mapped and checked by [`crate::import`], written here in chunks through the same checks as a
//! single record.
//!
//! Every row ends as created or as refused with its reason; nothing is dropped silently. The ledger gets one entry for
//! each record and one for the import as a whole. Run twice it makes nothing new: what is there already ([`crate::same`])
//! is refused as a duplicate.

use std::collections::HashSet;

use kernel::{FieldName, RecordId};
use ledger::Act as LedgerAct;
use model::{Kind, Object, Value};
use seal::{Ask, Fields, policy::Act};
use store::Batch;

use crate::{
    BasisDraft, Ctx, Draft, Error, House, Result,
    import::{self, Mapping, Problem, Sheet},
    index::{self, Match},
    same::{Marks, Seen},
    writing::{Prepared, Values},
};

/// Records written in one transaction.
const CHUNK: usize = 500;

/// What is said about the people of a file.
#[derive(Clone, Debug, Default)]
pub struct ImportAsk {
    /// The object.
    pub object: String,
    /// What their data are used for, and on which grounds.
    pub bases: Vec<BasisDraft>,
    /// Where their data came from.
    pub source: Option<String>,
    /// Checks everything and writes nothing.
    pub dry_run: bool,
}

/// What an import came to.
#[derive(Debug, Default)]
pub struct Imported {
    /// Rows in the file.
    pub rows: usize,
    /// Records made (or that would be made, in a dry run).
    pub created: usize,
    /// Rows refused.
    pub refused: usize,
    /// Every reason, and what is good to know of rows that were taken.
    pub problems: Vec<Problem>,
    /// What the file holds and no field is for, in words.
    pub left_out: Vec<String>,
    /// The column of each field, in words.
    pub columns: Vec<(String, String)>,
}

impl House {
    /// Writes the rows of a sheet. `progress` hears rows done.
    pub async fn import(
        &self,
        ctx: &Ctx,
        ask: &ImportAsk,
        sheet: &Sheet,
        mapping: &Mapping,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Imported> {
        let catalog = self.catalog();
        let object = catalog
            .object(&ask.object)
            .ok_or_else(|| Error::Unknown(format!("object `{}`", crate::records::short(&ask.object))))?;
        let names: Vec<FieldName> = mapping
            .columns
            .iter()
            .flatten()
            .filter_map(|target| match target {
                import::Target::Field(name) => Some(name.clone()),
                import::Target::FullName => None,
            })
            .collect();
        if names.is_empty() && !mapping.columns.contains(&Some(import::Target::FullName)) {
            return Err(Error::File(format!(
                "no column of this file is known as a field of {}; columns: {}",
                object.name,
                mapping.names.join(", ")
            )));
        }
        // Rows that the reader could not make out are rows all the same.
        let unread = sheet.problems.iter().filter(|p| p.refused).map(|p| p.line).collect::<HashSet<_>>().len();
        let mut done = Imported {
            rows: sheet.rows.len() + unread,
            problems: sheet.problems.iter().chain(&mapping.problems).cloned().collect(),
            left_out: sheet.left_out.iter().chain(&mapping.left_out).map(ToString::to_string).collect(),
            columns: mapping
                .names
                .iter()
                .zip(&mapping.columns)
                .filter_map(|(name, target)| Some((name.clone(), target.as_ref()?.to_string())))
                .collect(),
            ..Imported::default()
        };
        done.refused += unread;
        // The stated source and bases are the same for every row: told once, not for each.
        if object.subject == model::Subject::Person
            && let Err(wrong) = self.new_person_with(ctx, ask.source.as_deref(), &ask.bases)
        {
            return Err(Error::Invalid(wrong));
        }
        let rows = self.rows_of(object).await? + sheet.rows.len() as u64;
        if !ask.dry_run {
            self.fit_blind(object, rows).await?;
        }

        let mut seen = Seen::default();
        let mut writing: Option<tokio::task::JoinHandle<Result<()>>> = None;
        for (at, chunk) in sheet.rows.chunks(CHUNK).enumerate() {
            let prepared = self.prepare_chunk(ctx, ask, object, mapping, chunk, &mut seen, &mut done).await?;
            if let Some(before) = writing.take() {
                finished(before).await?;
            }
            done.created += prepared.len();
            if !ask.dry_run && !prepared.is_empty() {
                writing = Some(self.write_chunk(object, prepared));
            }
            progress(((at + 1) * CHUNK).min(sheet.rows.len()));
        }
        if let Some(last) = writing.take() {
            finished(last).await?;
        }
        if !ask.dry_run {
            let mut entry = ctx.entry(self.new_entry(self.now()), LedgerAct::Imported);
            entry.object = Some(object.name.clone());
            entry.count = done.created as u64;
            entry.clear = names;
            entry.why = Some("summary".into());
            self.record(entry).await?;
        }
        Ok(done)
    }

    async fn rows_of(&self, object: &Object) -> Result<u64> {
        Ok(self.store.rows(object).await?)
    }

    #[expect(clippy::too_many_arguments, reason = "the loop above, split so that its steps can be read")]
    async fn prepare_chunk(
        &self,
        ctx: &Ctx,
        ask: &ImportAsk,
        object: &Object,
        mapping: &Mapping,
        rows: &[import::Row],
        seen: &mut Seen,
        done: &mut Imported,
    ) -> Result<Vec<Prepared>> {
        let mut parsed: Vec<(usize, Values)> = Vec::with_capacity(rows.len());
        for row in rows {
            match import::to_fields(row, mapping, object) {
                Err(problems) => {
                    done.refused += 1;
                    done.problems.extend(problems);
                }
                Ok(fields) => {
                    done.problems.extend(fields.problems);
                    let mut values = Values::new();
                    for (name, value) in fields.values {
                        if let Some(at) = object.fields().iter().position(|f| f.name == name) {
                            values.insert(at, Some(value));
                        }
                    }
                    for link in fields.links {
                        self.link(object, &link, row.line, &mut values, done);
                    }
                    parsed.push((row.line, values));
                }
            }
        }
        let there = self.there_already(ctx, object, &ask.bases, &parsed).await?;
        let mut prepared = Vec::with_capacity(parsed.len());
        for (at, (line, values)) in parsed.into_iter().enumerate() {
            if let Some(same) = there.of(object, at, &values).or_else(|| seen.of(object, &values)) {
                done.refused += 1;
                done.problems.push(same.told(object, line));
                continue;
            }
            let names: Vec<FieldName> = values.keys().map(|at| object.fields()[*at].name.clone()).collect();
            let gate_ask = Ask { fields: Fields::Named(&names), ..self.ask(ctx, &object.name, Act::Import, None) };
            let grant = self.granted(ctx, &gate_ask, &[]).await?;
            let draft = Draft { source: ask.source.clone(), bases: ask.bases.clone(), ..Draft::default() };
            let marks = Marks::of(object, &values);
            match self.prepare_values(ctx, &grant, &draft, values, Vec::new(), LedgerAct::Imported).await {
                Ok(made) => {
                    seen.add(marks);
                    prepared.push(made);
                }
                Err(Error::Invalid(wrong)) => {
                    done.refused += 1;
                    done.problems.extend(wrong.into_iter().map(|e| Problem {
                        line,
                        column: Some(e.field),
                        code: e.code,
                        what: e.message,
                        refused: true,
                    }));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(prepared)
    }

    /// Looks the other record up by its title; one that is not there is noted and the row taken without it.
    fn link(&self, object: &Object, link: &import::Link, line: usize, values: &mut Values, done: &mut Imported) {
        let catalog = self.catalog();
        let Some((at, field)) = object.fields().iter().enumerate().find(|(_, f)| f.name == link.field) else { return };
        let Kind::Link(to) = &field.kind else { return };
        let found = catalog.object(to).and_then(|other| {
            let titles: Vec<usize> =
                (0..other.fields().len()).filter(|at| other.title.contains(&other.fields()[*at].name)).collect();
            self.index.search(to, &titles, Match::Equals, &link.title, 2).first().map(|(id, _)| *id)
        });
        match found {
            Some(id) => _ = values.insert(at, Some(Value::Link(id))),
            None => done.problems.push(Problem {
                line,
                column: Some(link.field.to_string()),
                code: "no_such_record",
                what: format!("there is no {to} of this name; the row is taken without it (import {to} first)"),
                refused: false,
            }),
        }
    }

    /// Writes a chunk in one transaction in the background, and brings it into the index.
    pub(crate) fn write_chunk(&self, object: &Object, prepared: Vec<Prepared>) -> tokio::task::JoinHandle<Result<()>> {
        let mut batch = Batch::new("records.imported");
        let mut entries = Vec::with_capacity(prepared.len());
        let mut texts: Vec<(RecordId, index::Texts)> = Vec::with_capacity(prepared.len());
        for made in prepared {
            batch.extend(made.steps);
            entries.push(made.entry);
            texts.push((made.written.id, made.texts));
        }
        for (id, _) in &texts {
            self.index.own(&object.name, *id);
        }
        self.index.put(object, texts);
        let store = std::sync::Arc::clone(&self.store);
        tokio::spawn(async move {
            for entry in &entries {
                batch.push(store.entry_step(entry)?);
            }
            store.write(batch).await?;
            store.sequence().await?;
            Ok(())
        })
    }
}

pub(crate) async fn finished(task: tokio::task::JoinHandle<Result<()>>) -> Result<()> {
    task.await.map_err(|_| Error::Setup("writing a chunk was interrupted".into()))?
}
