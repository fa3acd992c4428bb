//! Places: countries by ISO 3166-1, and declared groups of countries.

/// A country or a declared group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1 alpha-3 code, or the code of a declared group (`EAEU`, `World`).
    pub code: String,
    /// ISO 3166-1 alpha-2 code; a group has none.
    pub alpha2: Option<String>,
    /// Common English name.
    pub name: String,
}

impl Place {
    /// The ISO 3166-1 alpha-3 code; a group has none.
    pub fn alpha3(&self) -> Option<&str> {
        self.alpha2.is_some().then_some(self.code.as_str())
    }
}

/// A place as its index in the run's list of places, which is sorted by code: comparing indices
/// compares codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceId(pub u16);
