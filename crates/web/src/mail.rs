//! The words of mail that the house sends by itself.

use crate::Lang;

/// Subject and body of a message to whoever runs the machine, for `domain::House::start_jobs`: `kind` is `backup` for a
/// backup that failed, `drill` for a drill.
pub fn operator_mail(kind: &str, language: &str) -> (String, String) {
    let lang = Lang::of_tag(language).unwrap_or_default();
    let (subject, body) = match kind {
        "backup" => (lang.t("mail-backup-subject"), lang.t("mail-backup-body")),
        _ => (lang.t("mail-drill-subject"), lang.t("mail-drill-body")),
    };
    (subject.to_owned(), body.to_owned())
}
