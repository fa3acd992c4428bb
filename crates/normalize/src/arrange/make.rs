//! Columns that the sheet does not hold: cells in other words, and texts made from several cells.

use std::borrow::Cow;

use model::cell::{Batch, CellType};

use crate::mapping::BoundSheet;

/// A column that is made from others.
#[derive(Debug, Clone)]
pub(super) enum Made {
    /// A cell as the mapping words it.
    Translated {
        /// The sheet's column.
        from: usize,
        /// The contract column whose words these are.
        column: &'static str,
    },
    /// Text with cells in it.
    Template {
        /// In order.
        pieces: Vec<Piece>,
        /// What the text is for.
        spelling: Spelling,
    },
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it stands.
    Text(String),
    /// The sheet's column.
    Cell(usize),
    /// A column that was made before this one.
    Made(usize),
    /// The line or row.
    Row,
}

/// How a template's text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As the cells have it.
    Plain,
    /// As an id: no blank, and no `;`, which separates ids.
    Id,
}

impl Made {
    /// The text of a row; `made` gives the columns that were made before. A template whose cells are all empty says
    /// nothing.
    pub(super) fn text<'a>(
        &'a self,
        batch: &'a Batch,
        row: usize,
        sheet: &'a BoundSheet,
        made: impl Fn(usize) -> &'a str,
    ) -> Cow<'a, str> {
        match self {
            Self::Translated { from, column } => {
                sheet.mapping.translated(column, batch.get(row, *from).trim()).into()
            }
            Self::Template { pieces, spelling } => {
                let mut text = String::new();
                let mut says_something = false;
                for piece in pieces {
                    let cell = match piece {
                        Piece::Text(fixed) => {
                            text.push_str(fixed);
                            continue;
                        }
                        Piece::Cell(column) => Cow::from(batch.get(row, *column).trim()),
                        Piece::Made(index) => made(*index).into(),
                        Piece::Row => batch.rows[row].to_string().into(),
                    };
                    says_something |= !cell.is_empty();
                    text.push_str(&cell);
                }
                if !says_something {
                    return "".into();
                }
                match spelling {
                    Spelling::Plain => text.into(),
                    Spelling::Id => as_id(&text).into(),
                }
            }
        }
    }

    /// The type of a row's cell: that of the cell it is made from, where it is made from one.
    pub(super) fn cell_type(&self, batch: &Batch, row: usize) -> CellType {
        match self {
            Self::Translated { from, .. } => batch.cell_type(row, *from),
            Self::Template { .. } => CellType::Text,
        }
    }
}

/// The text as an id.
pub(super) fn as_id(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("-").replace(';', ",")
}

/// The parts of a template: text, and names in braces; `{{` and `}}` are braces themselves.
///
/// # Errors
/// A brace without its partner.
pub(super) fn parts(template: &str) -> Result<Vec<Part<'_>>, &'static str> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        if from.starts_with("{{") || from.starts_with("}}") {
            parts.push(Part::Text(&from[..1]));
            rest = &from[2..];
        } else {
            let end =
                from.strip_prefix('{').and_then(|name| name.find('}')).ok_or("a brace has no partner")?;
            parts.push(Part::Name(from[1..=end].trim()));
            rest = &from[end + 2..];
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}

/// A part of a template as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// As it stands.
    Text(&'a str),
    /// What stands in braces.
    Name(&'a str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates() {
        use Part::{Name, Text};
        assert_eq!(parts("{a}-{b c}"), Ok(vec![Name("a"), Text("-"), Name("b c")]));
        assert_eq!(parts("x{{y}}"), Ok(vec![Text("x"), Text("{"), Text("y"), Text("}")]));
        assert_eq!(parts("plain"), Ok(vec![Text("plain")]));
        assert!(parts("{a").is_err());
        assert!(parts("a}").is_err());
    }

    #[test]
    fn ids_have_no_blanks() {
        assert_eq!(as_id(" Экспорт товаров; 2019 "), "Экспорт-товаров,-2019");
    }
}
