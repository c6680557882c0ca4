//! A list that leaves as a file: under the permission to export, for a reason that is typed and kept sealed in the
//! ledger, page by page through the gate, every page on record before it is opened.

use kernel::{PersonId, RecordId};
use ledger::{Act as LedgerAct, SealedPart};
use model::{Field, Kind, Value};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use seal::{Ask, Disclosed, Fields, Place, Shown, object_subject, policy::Act};

use crate::{Ctx, Error, FieldError, House, ListAsk, Result, house::HOUSE, records::MAX_PAGE};

/// The most rows of one file.
pub const MAX_EXPORT: u64 = 100_000;
/// The shortest reason, in characters.
const LEAST_REASON: usize = 8;
/// The widest cell of a sheet, in characters: Excel's own limit.
const WIDEST: usize = 32_767;

/// An export under way.
#[derive(Debug)]
pub struct Export {
    object: String,
    ask: ListAsk,
    left: u64,
}

impl House {
    /// How many rows a list would export.
    pub async fn export_count(&self, ctx: &Ctx, object: &str, ask: &ListAsk) -> Result<u64> {
        Ok(self.matching(ctx, object, ask, Act::Export).await?.len() as u64)
    }

    /// Begins an export: the permission is asked, the reason recorded. Nothing has left yet.
    pub async fn begin_export(&self, ctx: &Ctx, object: &str, ask: &ListAsk, reason: &str) -> Result<Export> {
        let reason = reason.trim();
        if reason.chars().count() < LEAST_REASON {
            let short = FieldError::new("reason", "reason_short", "say in a sentence what the file is for");
            return Err(Error::Invalid(vec![short]));
        }
        let gate_ask = Ask { fields: Fields::Nothing, ..self.ask(ctx, object, Act::Export, ask.purpose.as_deref()) };
        let grant = self.granted(ctx, &gate_ask, &[]).await?;
        let mut entry = ctx.entry(self.new_entry(ctx.at), LedgerAct::Exported);
        // The words lie at the place of this entry: its id, which no record has.
        let place = Place { object: "ledger", record: RecordId::from_bytes(*entry.id.as_bytes()), field: "reason" };
        let words: String = reason.chars().take(2_000).collect();
        let sealed = self.house_key().await?.seal(&place, words.as_bytes(), self.rng())?;
        entry.object = Some(grant.object().name.clone());
        entry.purpose = Some(grant.purpose_name().clone());
        entry.policies = grant.policies().to_vec();
        entry.why = Some("reason_given".into());
        entry.sealed = vec![SealedPart {
            about: PersonId::from_bytes(object_subject(HOUSE)),
            name: "reason".into(),
            bytes: sealed.into_bytes(),
        }];
        self.record(entry).await?;
        let ask = ListAsk { export: true, count: false, limit: MAX_PAGE, after: None, before: None, ..ask.clone() };
        Ok(Export { object: object.to_owned(), ask, left: MAX_EXPORT })
    }

    /// The next rows; none at the end. A page is on record before it is opened.
    pub async fn next_export(&self, ctx: &Ctx, export: &mut Export) -> Result<Option<Disclosed>> {
        if export.left == 0 {
            return Ok(None);
        }
        let ask = ListAsk { limit: MAX_PAGE.min(export.left), ..export.ask.clone() };
        let listed = self.list(ctx, &export.object, &ask).await?;
        export.left -= (listed.page.rows.len() as u64).min(export.left);
        match listed.next {
            Some(next) => export.ask.after = Some(next),
            None => export.left = 0,
        }
        Ok(Some(listed.page))
    }
}

/// A value as a file has it: what an import reads back.
fn text(field: &Field, shown: &Shown) -> String {
    match shown {
        Shown::Clear(value) => field.kind.show(value),
        Shown::Masked(mask) => mask.clone(),
        Shown::Empty => String::new(),
    }
}

/// Rows as CSV (RFC 4180), with a byte order mark so that spreadsheets see UTF-8.
#[derive(Debug, Default)]
pub struct Csv {
    begun: bool,
}

impl Csv {
    /// The bytes of a page; those of the first begin with the heads.
    pub fn page(&mut self, heads: impl Fn(&Field) -> String, page: &Disclosed) -> Result<Vec<u8>> {
        let failed = |_| Error::Setup("a line of CSV could not be written".into());
        let mut bytes = Vec::new();
        if !self.begun {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bytes);
        let fields: Vec<&Field> = page.fields.iter().map(|at| &page.object.fields()[*at]).collect();
        if !self.begun {
            let heads = fields.iter().map(|field| harmless(heads(field)));
            writer.write_record(std::iter::once("id".to_owned()).chain(heads)).map_err(failed)?;
            self.begun = true;
        }
        for row in &page.rows {
            let cells = fields.iter().zip(&row.values).map(|(field, shown)| harmless(text(field, shown)));
            writer.write_record(std::iter::once(row.id.to_string()).chain(cells)).map_err(failed)?;
        }
        writer.into_inner().map_err(|_| Error::Setup("a line of CSV could not be written".into()))
    }
}

/// A text that no spreadsheet takes for a formula (OWASP, CSV injection). A sign before a digit is a number and stays.
fn harmless(text: String) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some('=' | '@' | '\t' | '\r'), _) => format!("'{text}"),
        (Some('+' | '-'), Some(next)) if !next.is_ascii_digit() => format!("'{text}"),
        _ => text,
    }
}

/// Rows as a workbook. It is kept in memory until it is whole: a temporary file would be plaintext on a disk.
pub struct Xlsx {
    book: Workbook,
    sheet: Worksheet,
    row: u32,
    day: Format,
    time: Format,
}

impl Default for Xlsx {
    fn default() -> Self {
        Self {
            book: Workbook::new(),
            sheet: Worksheet::new(),
            row: 0,
            day: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        }
    }
}

impl std::fmt::Debug for Xlsx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Xlsx({} rows)", self.row)
    }
}

impl Xlsx {
    /// Adds a page.
    pub fn page(&mut self, heads: impl Fn(&Field) -> String, page: &Disclosed) -> Result<()> {
        self.add(heads, page).map_err(|error| Error::Setup(format!("the workbook could not be written: {error}")))
    }

    fn add(&mut self, heads: impl Fn(&Field) -> String, page: &Disclosed) -> std::result::Result<(), XlsxError> {
        let fields: Vec<&Field> = page.fields.iter().map(|at| &page.object.fields()[*at]).collect();
        if self.row == 0 {
            let bold = Format::new().set_bold();
            self.sheet.write_string_with_format(0, 0, "id", &bold)?;
            for (column, field) in (1..).zip(&fields) {
                self.sheet.write_string_with_format(0, column, heads(field), &bold)?;
            }
            self.sheet.set_freeze_panes(1, 0)?;
            self.row = 1;
        }
        for row in &page.rows {
            self.sheet.write_string(self.row, 0, row.id.to_string())?;
            for ((column, field), shown) in (1..).zip(&fields).zip(&row.values) {
                self.cell(column, field, shown)?;
            }
            self.row += 1;
        }
        Ok(())
    }

    fn cell(&mut self, column: u16, field: &Field, shown: &Shown) -> std::result::Result<(), XlsxError> {
        let at = self.row;
        match (&field.kind, shown) {
            (_, Shown::Empty) => {}
            (Kind::Number { .. } | Kind::Money { .. }, Shown::Clear(Value::Number(n))) => {
                self.sheet.write_number(at, column, *n as f64 / 1e6)?;
            }
            (_, Shown::Clear(Value::Date(day))) if day.year() >= 1900 => {
                let (year, month, day) =
                    (day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs());
                self.sheet.write_datetime_with_format(
                    at,
                    column,
                    ExcelDateTime::from_ymd(year, month, day)?,
                    &self.day,
                )?;
            }
            (_, Shown::Clear(Value::Time(instant))) => {
                let time = ExcelDateTime::from_timestamp(instant.as_second())?;
                self.sheet.write_datetime_with_format(at, column, time, &self.time)?;
            }
            (_, shown) => {
                let text: String = text(field, shown).chars().take(WIDEST).collect();
                self.sheet.write_string(at, column, text)?;
            }
        }
        Ok(())
    }

    /// The whole file.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.book.push_worksheet(self.sheet);
        self.book.save_to_buffer().map_err(|error| Error::Setup(format!("the workbook could not be written: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_leaves_as_text_and_a_phone_number_as_it_is() {
        for (text, told) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-cmd|x", "'-cmd|x"),
            ("+86 138 0013 8000", "+86 138 0013 8000"),
            ("-5", "-5"),
            ("王晓明", "王晓明"),
        ] {
            assert_eq!(harmless(text.to_owned()), told);
        }
    }
}
