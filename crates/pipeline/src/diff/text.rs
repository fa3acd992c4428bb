//! The comparison for the terminal.

use std::fmt::Write;

use super::page::{Page, Section};

// Writing to a String cannot fail; the results are dropped below for that reason.

/// The page as lines of text. What a terminal would obey is escaped by whoever prints it.
pub(super) fn render(page: &Page) -> String {
    let mut text = String::new();
    for line in &page.intro {
        let _ = writeln!(text, "{line}");
    }
    for section in &page.sections {
        let _ = writeln!(text, "\n{}", heading(section));
        for line in &section.lines {
            let _ = write!(text, "  {} {} {}: {}", line.sign, line.row_word, line.id, line.text);
            if !line.cells.is_empty() && line.cells != section.place {
                let _ = write!(text, "  [{}]", line.cells);
            }
            text.push('\n');
        }
        if section.more > 0 {
            let _ = writeln!(text, "  … and {} more", section.more);
        }
    }
    if let Some(rest) = &page.rest {
        let _ = writeln!(text, "\n{rest}");
    }
    text
}

/// `new source `x`, why [place] — counts`.
pub(super) fn heading(section: &Section) -> String {
    let mut text = section.kind.to_owned();
    if !section.about.is_empty() {
        let _ = write!(text, " {}", section.about);
    }
    if !section.why.is_empty() {
        let _ = write!(text, ": {}", section.why);
    }
    if !section.place.is_empty() {
        let _ = write!(text, " [{}]", section.place);
    }
    let _ = write!(text, " — {}", section.counts);
    text
}
