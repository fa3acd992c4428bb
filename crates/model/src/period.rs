//! Periods: the days that a figure speaks of.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::vocabulary;

vocabulary! {
    /// How a figure relates to its period.
    Role {
        During = "during": "a flow, or a state, over the whole period",
        AsOf = "as_of": "a stock at the end of the period",
        Since = "since": "accumulated from the start on",
        By = "by": "a deadline: at the end of the period at the latest",
    }
}

vocabulary! {
    /// How finely a period is stated.
    Precision {
        Day = "day": "to the day",
        Month = "month": "to the month",
        Quarter = "quarter": "to the quarter",
        Year = "year": "to the year",
        Inferred = "inferred": "not stated: the curator inferred it from the context",
    }
}

/// A span of days, both ends included, `None` where it is open.
///
/// Equality compares every field; two periods *meet* when `start`, `end` and `role` agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// The first day.
    pub start: Option<NaiveDate>,
    /// The last day.
    pub end: Option<NaiveDate>,
    /// How the figure relates to the span.
    pub role: Role,
    /// How finely the span is stated.
    pub precision: Precision,
    /// An academic year, labelled `AY2024-2025` instead of by its months.
    pub academic: bool,
}

impl Period {
    /// What periods stand in order by: first day, last day and role. An absent first day comes before all others, an
    /// absent last day after them.
    pub fn order(&self) -> impl Ord + Copy + use<> {
        (self.start, self.end.is_none(), self.end, self.role)
    }

    /// The calendar year `year`, stated to the year. `None` outside the years 1 to 9999.
    pub fn year(year: i32) -> Option<Self> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        Some(Self {
            start: NaiveDate::from_ymd_opt(year, 1, 1),
            end: NaiveDate::from_ymd_opt(year, 12, 31),
            role: Role::During,
            precision: Precision::Year,
            academic: false,
        })
    }

    /// The period in which a flow was counted, where the text only says by when: "by the end of 2024"
    /// said of a flow is the year 2024, the last unit of the stated precision. Others are as they are.
    #[must_use]
    pub fn as_flow(&self) -> Self {
        let (Role::By, None, Some(end)) = (self.role, self.start, self.end) else { return *self };
        let first_month = match self.precision {
            Precision::Year => Some(1),
            Precision::Quarter => Some(end.month0() / 3 * 3 + 1),
            Precision::Month => Some(end.month()),
            Precision::Day | Precision::Inferred => None,
        };
        let start = first_month.map_or(Some(end), |month| NaiveDate::from_ymd_opt(end.year(), month, 1));
        Self { start, role: Role::During, ..*self }
    }

    /// The label by which tables and ids name the span: `2024`, `2024-Q1`, `2024-05`, `2024-05-17`,
    /// `2024-01/2024-04`, `AY2024-2025`; otherwise `start/end` with `..` for an open side.
    pub fn label(&self) -> String {
        let (Some(start), Some(end)) = (self.start, self.end) else {
            let side = |date: Option<NaiveDate>| date.map_or("..".to_owned(), |d| d.to_string());
            return format!("{}/{}", side(self.start), side(self.end));
        };
        if start == end {
            return start.to_string();
        }
        if start.day() != 1 || !is_month_end(end) {
            return format!("{start}/{end}");
        }
        let month = |date: NaiveDate| format!("{:04}-{:02}", date.year(), date.month());
        match (start.year() == end.year(), start.month(), end.month()) {
            _ if self.academic => format!("AY{:04}-{:04}", start.year(), end.year()),
            (true, 1, 12) => format!("{:04}", start.year()),
            (true, first, last) if first == last => month(start),
            (true, first, last) if first % 3 == 1 && last == first + 2 => {
                format!("{:04}-Q{}", start.year(), last / 3)
            }
            _ => format!("{}/{}", month(start), month(end)),
        }
    }

    /// The same span `years` later (earlier where negative): a month's end stays a month's end.
    /// `None` where the calendar ends.
    pub fn shifted_by_years(&self, years: i32) -> Option<Self> {
        let shift = |date: NaiveDate| {
            let months = Months::new(years.unsigned_abs() * 12);
            let moved =
                if years < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) }?;
            if is_month_end(date) { last_of_month(moved) } else { Some(moved) }
        };
        Some(Self {
            start: self.start.map(shift).map_or(Some(None), |d| d.map(Some))?,
            end: self.end.map(shift).map_or(Some(None), |d| d.map(Some))?,
            ..*self
        })
    }

    /// The length in whole months, where both ends are stated and fall on month boundaries.
    pub fn months(&self) -> Option<i32> {
        let (start, end) = (self.start?, self.end?);
        if start.day() != 1 || !is_month_end(end) {
            return None;
        }
        Some((end.year() - start.year()) * 12 + end.month() as i32 - start.month() as i32 + 1)
    }
}

/// Whether `date` is the last day of its month.
pub fn is_month_end(date: NaiveDate) -> bool {
    date.checked_add_days(Days::new(1)).is_none_or(|next| next.day() == 1)
}

/// The last day of the month that holds `date`.
pub fn last_of_month(date: NaiveDate) -> Option<NaiveDate> {
    date.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: (i32, u32, u32), end: (i32, u32, u32)) -> Period {
        let date = |(y, m, d)| NaiveDate::from_ymd_opt(y, m, d);
        Period {
            start: date(start),
            end: date(end),
            role: Role::During,
            precision: Precision::Day,
            academic: false,
        }
    }

    #[test]
    fn labels() {
        let cases = [
            (span((2024, 1, 1), (2024, 12, 31)), "2024"),
            (span((2024, 1, 1), (2024, 3, 31)), "2024-Q1"),
            (span((2024, 10, 1), (2024, 12, 31)), "2024-Q4"),
            (span((2024, 2, 1), (2024, 4, 30)), "2024-02/2024-04"),
            (span((2024, 5, 1), (2024, 5, 31)), "2024-05"),
            (span((2024, 5, 17), (2024, 5, 17)), "2024-05-17"),
            (span((2024, 1, 1), (2024, 4, 30)), "2024-01/2024-04"),
            (span((2024, 1, 1), (2032, 12, 31)), "2024-01/2032-12"),
            (span((2024, 5, 17), (2024, 6, 30)), "2024-05-17/2024-06-30"),
            (Period { academic: true, ..span((2024, 9, 1), (2025, 8, 31)) }, "AY2024-2025"),
            (Period { end: None, ..span((2014, 1, 1), (2014, 1, 1)) }, "2014-01-01/.."),
            (Period { start: None, ..span((2030, 12, 31), (2030, 12, 31)) }, "../2030-12-31"),
        ];
        for (period, label) in cases {
            assert_eq!(period.label(), label);
        }
    }

    #[test]
    fn a_deadline_is_a_flow_over_its_last_unit() {
        let by = |end, precision| {
            let open = Period { start: None, role: Role::By, precision, ..span(end, end) };
            open.as_flow().label()
        };
        assert_eq!(by((2024, 12, 31), Precision::Year), "2024");
        assert_eq!(by((2024, 6, 30), Precision::Quarter), "2024-Q2");
        assert_eq!(by((2024, 5, 31), Precision::Month), "2024-05");
        assert_eq!(by((2024, 5, 17), Precision::Day), "2024-05-17");
    }

    #[test]
    fn a_year_earlier_keeps_month_ends() {
        let leap = span((2024, 2, 1), (2024, 2, 29));
        assert_eq!(leap.shifted_by_years(-1).map(|p| p.label()), Some("2023-02".to_owned()));
        let plain = span((2023, 2, 1), (2023, 2, 28));
        assert_eq!(plain.shifted_by_years(1).map(|p| p.label()), Some("2024-02".to_owned()));
    }
}
