//! A stored value as the cell it is: a number as its format has it, an error by its name. Where values are stored is
//! each format's own part.

use model::cell::CellType;

use crate::error::Error;
use crate::flaw::Code;
use crate::format::{self, Epoch, Format};
use crate::grid::Grid;

/// Pushes a number as it is written in XML: a figure, a percentage, a date.
pub(crate) fn push_written(
    grid: &mut Grid<'_>,
    row: u32,
    column: usize,
    written: &str,
    format: Format,
    epoch: Epoch,
) -> Result<(), Error> {
    if format == Format::Number && format::is_shortest(written) {
        return grid.push(row, column, CellType::Number, written);
    }
    if written.is_empty() {
        return Ok(());
    }
    match written.parse::<f64>() {
        Ok(number) if number.is_finite() => {
            if number.abs() >= 1e15 && format::significant_digits(written) > 15 {
                grid.flaw(Code::TooManyDigits, row, column, written);
            }
            push_number(grid, row, column, number, format, epoch)
        }
        _ => {
            grid.flaw(Code::ImpossibleNumber, row, column, written);
            grid.push(row, column, CellType::Error, written)
        }
    }
}

/// Pushes a number as it is stored: a figure, a percentage, a date.
pub(crate) fn push_number(
    grid: &mut Grid<'_>,
    row: u32,
    column: usize,
    number: f64,
    format: Format,
    epoch: Epoch,
) -> Result<(), Error> {
    if !number.is_finite() {
        grid.flaw(Code::ImpossibleNumber, row, column, number.to_string());
        return grid.push(row, column, CellType::Error, &number.to_string());
    }
    let date = match format {
        Format::Number => return grid.push(row, column, CellType::Number, &format::shortest(number)),
        Format::Percent => return grid.push(row, column, CellType::Number, &format::percent(number)),
        Format::Date => format::date(number, epoch),
        Format::Duration => format::duration(number),
    };
    match date {
        Ok(text) => grid.push(row, column, CellType::Date, &text),
        Err(code) => {
            grid.flaw(code, row, column, format!("serial {}", format::shortest(number)));
            grid.push(row, column, CellType::Number, &format::shortest(number))
        }
    }
}

/// Pushes the text of a cell; an empty one is no cell.
pub(crate) fn push_text(grid: &mut Grid<'_>, row: u32, column: usize, text: &str) -> Result<(), Error> {
    if text.is_empty() { Ok(()) } else { grid.push(row, column, CellType::Text, text) }
}

/// Pushes a boolean.
pub(crate) fn push_truth(grid: &mut Grid<'_>, row: u32, column: usize, truth: bool) -> Result<(), Error> {
    grid.push(row, column, CellType::Boolean, if truth { "true" } else { "false" })
}

/// Pushes an error value by the name that a spreadsheet shows.
pub(crate) fn push_error(grid: &mut Grid<'_>, row: u32, column: usize, name: &str) -> Result<(), Error> {
    grid.flaw(Code::ErrorCell, row, column, name);
    grid.push(row, column, CellType::Error, name)
}

/// The name of an error value by its code in XLS and XLSB (MS-XLS 2.5.10).
pub(crate) fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}

/// The number that four bytes hold: a whole number of 30 bits or the upper half of a float, over 100 where a bit says
/// so (MS-XLS 2.5.217).
pub(crate) fn compact_number(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from((bits as i32) >> 2)
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}

#[cfg(test)]
mod tests {
    use super::compact_number;

    #[test]
    fn numbers_of_four_bytes() {
        for (bits, number) in
            [(0x3ff0_0000, 1.0), (0x3ff0_0001, 0.01), (1235 << 2 | 2, 1235.0), (1235 << 2 | 3, 12.35)]
        {
            assert_eq!(compact_number(bits), number, "{bits:x}");
        }
        assert_eq!(compact_number((-5_i32 << 2) as u32 | 2), -5.0);
    }
}
