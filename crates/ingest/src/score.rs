//! How well rows of cells make a table: rows of one width, cells that read as something, columns whose cells agree.

use crate::detect::Rows;

/// What a cell looks like, as far as telling a good cut from a bad one needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Looks {
    /// Nothing, or a word for nothing.
    Empty,
    /// A number, with sign, separators, percent or currency.
    Number,
    /// A date, a time, or both.
    Date,
    /// An address: URL or e-mail.
    Address,
    /// Words.
    Words,
    /// A text with marks that words do not have: a bad cut, or a strange cell.
    Odd,
}

/// From 0 to 1, higher for a better table.
pub(crate) fn table(rows: &Rows, quote: Option<u8>) -> f64 {
    if rows.len() == 0 {
        return 0.0;
    }
    let width = usual_width(rows);
    let fitting: Vec<usize> = (0..rows.len()).filter(|&row| rows.width(row) == width).collect();
    let fit = fitting.len() as f64 / rows.len() as f64;
    let mut known = 0.0;
    let mut agreement = 0.0;
    for column in 0..width {
        let mut counts = [0usize; 6];
        let mut sum = 0.0;
        for &row in &fitting {
            let cell = rows.cell(row, column);
            let looks = looks(cell);
            counts[looks as usize] += 1;
            sum += plausibility(cell, looks, quote);
        }
        let filled: usize = counts[1..].iter().sum();
        let most = counts[1..].iter().max().copied().unwrap_or(0);
        if filled > 0 {
            known += sum / fitting.len() as f64;
            agreement += most as f64 / filled as f64;
        } else if column + 1 == width {
            // A trailing delimiter is no column, and no fault.
            known += 0.9;
            agreement += 0.9;
        }
    }
    let known = known / width as f64;
    let agreement = agreement / width as f64;
    let shape = if width == 1 { lone(rows) } else { 1.0 - 0.5 / width as f64 };
    let broken = rows.cells.broken.len() as f64 / rows.len() as f64;
    fit * shape * known * (0.5 + 0.5 * agreement) / (1.0 + 0.5 * broken)
}

/// The width that most rows have, wider ones before narrower.
pub(crate) fn usual_width(rows: &Rows) -> usize {
    let mut counts = std::collections::BTreeMap::new();
    for row in 0..rows.len() {
        *counts.entry(rows.width(row)).or_insert(0usize) += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(width, count)| (count * width.saturating_sub(1).clamp(1, 2), width))
        .map_or(1, |most| most.0)
}

/// What a table of one column earns: much for being all numbers, dates or addresses, little for words, and next to
/// nothing where its cells hold what usually delimits.
fn lone(rows: &Rows) -> f64 {
    let first = usize::from(rows.len() > 1);
    let cells = || (first..rows.len()).map(|row| rows.cell(row, 0));
    let delimits = |cell: &[u8]| cell.iter().any(|byte| matches!(byte, b',' | b';' | b'\t' | b'|'));
    let strong = cells()
        .filter(|cell| match looks(cell) {
            Looks::Number | Looks::Date => !delimits(cell),
            Looks::Address => true,
            _ => false,
        })
        .count();
    let counted = rows.len() - first;
    if strong * 10 >= counted * 8 {
        0.9
    } else if cells().filter(|cell| delimits(cell)).count() * 5 > counted {
        0.05
    } else {
        0.35
    }
}

fn plausibility(cell: &[u8], looks: Looks, quote: Option<u8>) -> f64 {
    let edge =
        |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'"' | b'\'') && Some(*byte) != quote);
    if edge(cell.first()) && edge(cell.last()) {
        return 0.1;
    }
    let loose = cell.first() == Some(&b' ') || cell.last() == Some(&b' ');
    let base = match looks {
        Looks::Odd => 0.3,
        Looks::Words => 0.9,
        _ => 1.0,
    };
    if loose { base * 0.9 } else { base }
}

/// What the cell looks like.
pub(crate) fn looks(cell: &[u8]) -> Looks {
    let text = cell.trim_ascii();
    let Some(&first) = text.first() else { return Looks::Empty };
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic() || **byte >= 0x80).count();
    let others = text.len() - digits - letters;
    if matches!(text, b"NA" | b"N/A" | b"n/a" | b"null" | b"NULL" | b"-" | b"NaN" | b"nan") {
        return Looks::Empty;
    }
    if digits > 0 && letters <= 3 && others <= digits + 2 {
        let marks = text.iter().filter(|byte| !byte.is_ascii_alphanumeric());
        let separators = marks.clone().filter(|byte| matches!(byte, b'-' | b'/' | b':')).count();
        if separators >= 1 && digits >= 3 && first.is_ascii_digit() {
            return Looks::Date;
        }
        if marks
            .clone()
            .all(|byte| matches!(byte, b'.' | b',' | b' ' | b'-' | b'+' | b'%' | b'$' | b'(' | b')' | 0x80..))
        {
            return Looks::Number;
        }
    }
    if text.starts_with(b"http://") || text.starts_with(b"https://") || text.starts_with(b"www.") {
        return Looks::Address;
    }
    if memchr::memchr(b'@', text).is_some_and(|at| at > 0 && text[at..].contains(&b'.'))
        && !text.contains(&b' ')
    {
        return Looks::Address;
    }
    let odd = text.iter().any(|byte| {
        matches!(byte, b';' | b'|' | b'\t' | b'"' | b'^' | b'~' | b'\\' | b'{' | b'}' | b'<' | b'>' | 0..=31)
    });
    if odd || letters + digits == 0 { Looks::Odd } else { Looks::Words }
}
