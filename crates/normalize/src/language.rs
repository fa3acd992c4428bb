//! The languages whose word tables are built in. The words themselves lie in the tables of each
//! grammar; nothing here knows a word.

/// A language with word tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Language {
    /// English.
    En,
    /// Russian.
    Ru,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Language::En, Language::Ru];

    /// The language of a BCP 47 primary tag (`en`, `ru`); `None` where it has no tables.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag {
            "en" => Some(Language::En),
            "ru" => Some(Language::Ru),
            _ => None,
        }
    }

    /// The language in whose script a word is written: Cyrillic is Russian's, any other English's.
    pub(crate) fn by_script(word: &str) -> Self {
        let is_cyrillic = word.chars().any(|c| matches!(c, '\u{400}'..='\u{52f}'));
        if is_cyrillic { Language::Ru } else { Language::En }
    }

    /// The BCP 47 primary tag.
    pub const fn as_str(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Ru => "ru",
        }
    }
}

/// A set of languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Languages(u8);

impl Languages {
    /// Every language.
    pub const ALL: Languages = Languages(0b11);
    /// No language.
    pub const NONE: Languages = Languages(0);

    /// One language alone.
    pub const fn only(language: Language) -> Self {
        Languages(1 << language as u8)
    }

    /// This set and `language`.
    #[must_use]
    pub const fn with(self, language: Language) -> Self {
        Languages(self.0 | 1 << language as u8)
    }

    /// Whether `language` is in the set.
    pub const fn contains(self, language: Language) -> bool {
        self.0 & (1 << language as u8) != 0
    }

    /// Whether the two sets share a language.
    pub const fn meets(self, other: Languages) -> bool {
        self.0 & other.0 != 0
    }

    /// The set of a comma-separated list of tags (`en,ru`); the first tag without tables is the error.
    pub fn parse(tags: &str) -> Result<Self, &str> {
        tags.split(',').map(str::trim).try_fold(Self::NONE, |set, tag| {
            Language::parse(tag).map(|language| set.with(language)).ok_or(tag)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        assert_eq!(Languages::parse("en,ru"), Ok(Languages::ALL));
        assert_eq!(Languages::parse("ru"), Ok(Languages::only(Language::Ru)));
        assert_eq!(Languages::parse("en, de"), Err("de"));
        assert!(!Languages::only(Language::Ru).contains(Language::En));
    }
}
