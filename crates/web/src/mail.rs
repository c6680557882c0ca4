//! The words of mail that the house sends by itself.

use crate::Lang;

/// Subject and body of a message to whoever runs the machine, for `domain::House::start_jobs`: `kind` is `backup` or
/// `drill`.
pub fn operator_mail(kind: &str, language: &str) -> (String, String) {
    let lang = Lang::of_tag(language).unwrap_or_default();
    let text = |part: &str| lang.with(&format!("mail-{kind}-{part}"), &[]);
    (text("subject"), text("body"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_words_in_every_language() {
        for lang in Lang::ALL {
            for key in ["backup", "drill"].iter().flat_map(|k| [format!("mail-{k}-subject"), format!("mail-{k}-body")])
            {
                assert!(lang.find(&key).is_some(), "{} {key}", lang.tag());
            }
        }
    }
}
