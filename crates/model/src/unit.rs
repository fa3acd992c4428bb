//! Units of measure, by their standard codes.

/// A unit by its code: ISO 4217 for money (`USD`), `%` for percent, `pp` for percentage points,
/// UCUM for physical units (`m3`, `kW.h`), and `1` for counted things.
///
/// Codes are entries of tables built into the program, so a unit is a copyable reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit(pub &'static str);

impl Unit {
    /// Counted things: the noun says which.
    pub const COUNT: Unit = Unit("1");
    /// Percent.
    pub const PERCENT: Unit = Unit("%");
    /// Percentage points.
    pub const PERCENTAGE_POINT: Unit = Unit("pp");

    /// Whether the unit is money: an ISO 4217 code is three capital letters, and no UCUM code in use is.
    pub fn is_currency(self) -> bool {
        self.0.len() == 3 && self.0.bytes().all(|byte| byte.is_ascii_uppercase())
    }

    /// The code itself.
    pub const fn code(self) -> &'static str {
        self.0
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.0)
    }
}
