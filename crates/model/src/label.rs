//! What people read, in both languages of the house.

/// A text in English and Simplified Chinese; both are required, so that no page falls back to a field's name.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Label {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Label {
    /// The Chinese text if `zh`, else the English one.
    pub fn of(&self, zh: bool) -> &str {
        if zh { &self.zh } else { &self.en }
    }
}
