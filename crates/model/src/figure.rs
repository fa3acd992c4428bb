//! Figures: what a text states about a number, with its hedge, and the interval it leaves open.

use rust_decimal::Decimal;

use crate::unit::Unit;
use crate::vocabulary;

vocabulary! {
    /// How a stated figure relates to the true one.
    Comparator {
        Equal = "=": "the figure as stated, within half a unit of its last stated digit",
        Greater = ">": "more than, over, exceeded",
        GreaterOrEqual = ">=": "at least, no less than",
        Less = "<": "less than, under, below",
        LessOrEqual = "<=": "up to, at most, no more than",
        NearlyBelow = "<~": "nearly, almost, close to",
        About = "~": "about, around, roughly",
        Range = "range": "between two figures",
    }
}

impl Comparator {
    /// The usual English words for the hedge; empty for a plain figure and a range.
    pub const fn hedge(self) -> &'static str {
        match self {
            Comparator::Equal | Comparator::Range => "",
            Comparator::Greater => "more than",
            Comparator::GreaterOrEqual => "at least",
            Comparator::Less => "less than",
            Comparator::LessOrEqual => "up to",
            Comparator::NearlyBelow => "nearly",
            Comparator::About => "about",
        }
    }
}

/// A figure as its words state it, exact, in base units (dollars, not billions).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The hedge.
    pub comparator: Comparator,
    /// What is stated: one number, or the two ends of a range.
    pub stated: Stated,
    /// The unit, where the words name one.
    pub unit: Option<Unit>,
    /// The head noun of counted things, as written: "projects".
    pub noun: Option<String>,
}

/// The number or numbers of a quantity, in base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stated {
    /// One number.
    Point {
        /// The number, magnitude multiplied out.
        value: Decimal,
        /// Half a unit of the last stated digit, in base units; zero for an exact count.
        half_unit: Decimal,
    },
    /// Two ends, both included.
    Range {
        /// The lower end.
        lower: Decimal,
        /// The upper end.
        upper: Decimal,
    },
}

impl Quantity {
    /// The stated number; a range has none.
    pub fn value(&self) -> Option<Decimal> {
        match self.stated {
            Stated::Point { value, .. } => Some(value),
            Stated::Range { .. } => None,
        }
    }
}

/// How far "nearly" and "about" reach, as fractions of the stated figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerances {
    /// "nearly X" starts at X less this fraction. Default 0.10.
    pub nearly: Decimal,
    /// "about X" reaches this fraction to both sides. Default 0.05.
    pub about: Decimal,
}

impl Default for Tolerances {
    fn default() -> Self {
        Self { nearly: Decimal::new(10, 2), about: Decimal::new(5, 2) }
    }
}

/// A closed, half-open or unbounded interval of exact decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// The lower bound; `None` is minus infinity.
    pub lower: Option<Decimal>,
    /// Whether the lower bound itself is excluded.
    pub lower_open: bool,
    /// The upper bound; `None` is infinity.
    pub upper: Option<Decimal>,
    /// Whether the upper bound itself is excluded.
    pub upper_open: bool,
}

impl Quantity {
    /// The interval that the words leave open, by the table of comparators in the documentation.
    /// For a negative figure "nearly" lies towards zero's far side: the interval is mirrored. An end beyond what a decimal holds is
    /// open: a wider interval, never a wrong one.
    pub fn bounds(&self, tolerances: &Tolerances) -> Bounds {
        let (value, half) = match self.stated {
            Stated::Range { lower, upper } => {
                return Bounds {
                    lower: Some(lower),
                    lower_open: false,
                    upper: Some(upper),
                    upper_open: false,
                };
            }
            Stated::Point { value, half_unit } => (value, half_unit),
        };
        let bounds = |lower, lower_open, upper, upper_open| Bounds { lower, lower_open, upper, upper_open };
        let around =
            |reach: Decimal| bounds(value.checked_sub(reach), false, value.checked_add(reach), false);
        let share = |share: Decimal| value.abs().checked_mul(share).unwrap_or(Decimal::MAX);
        let less = value.checked_mul(tolerances.nearly).and_then(|reach| value.checked_sub(reach));
        match self.comparator {
            Comparator::Equal | Comparator::Range => around(half),
            Comparator::Greater => bounds(Some(value), true, None, false),
            Comparator::GreaterOrEqual => bounds(Some(value), false, None, false),
            Comparator::Less => bounds(None, false, Some(value), true),
            Comparator::LessOrEqual => bounds(None, false, Some(value), false),
            Comparator::NearlyBelow if value.is_sign_negative() => bounds(Some(value), true, less, false),
            Comparator::NearlyBelow => bounds(less, false, Some(value), true),
            Comparator::About => around(share(tolerances.about).max(half)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_figure_is_too_large_for_its_bounds() {
        for comparator in Comparator::ALL {
            for value in [Decimal::MAX, Decimal::MIN] {
                let stated = Stated::Point { value, half_unit: Decimal::MAX };
                let quantity = Quantity { comparator: *comparator, stated, unit: None, noun: None };
                let tolerances = Tolerances { nearly: Decimal::TEN, about: Decimal::TEN };
                let bounds = quantity.bounds(&tolerances);
                assert!(bounds.lower.is_none_or(|lower| lower <= value), "{comparator}");
                assert!(bounds.upper.is_none_or(|upper| upper >= value), "{comparator}");
            }
        }
    }
}
