//! The comparison as Markdown: `out/changes.md`, and the body of a pull request.

use std::fmt::Write;

use super::page::{Page, capital};

// Writing to a String cannot fail; the results are dropped below for that reason.

/// The page as Markdown. What the cells say is shown as text, never as marks.
pub(super) fn render(page: &Page) -> String {
    let mut text = format!("# {}\n\n", page.title);
    for line in &page.intro {
        let _ = writeln!(text, "- {}", escaped(line));
    }
    for section in &page.sections {
        let _ = write!(text, "\n## {}", capital(section.kind));
        if !section.about.is_empty() {
            let _ = write!(text, " {}", code(&section.about));
        }
        text.push_str("\n\n");
        if !section.why.is_empty() {
            let _ = write!(text, "{}. ", escaped(&section.why));
        }
        if !section.place.is_empty() {
            let _ = write!(text, "{}. ", code(&section.place));
        }
        let _ = writeln!(text, "{}.\n", capital(&section.counts));
        for line in &section.lines {
            let _ = write!(
                text,
                "- {} {} {}: {}",
                line_word(line.sign),
                line.row_word,
                code(&line.id),
                escaped(&line.text)
            );
            if !line.cells.is_empty() {
                let _ = write!(text, " — {}", code(&line.cells));
            }
            text.push('\n');
        }
        if section.more > 0 {
            let _ = writeln!(text, "- … and {} more", section.more);
        }
    }
    if let Some(rest) = &page.rest {
        let _ = writeln!(text, "\n{}", escaped(rest));
    }
    text
}

/// A sign would start a list of its own.
fn line_word(sign: char) -> &'static str {
    match sign {
        '+' => "added",
        '-' => "withdrawn",
        '=' => "renamed",
        _ => "changed",
    }
}

/// Inline code: a fence longer than any run of backticks within.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text in which nothing is a mark, a tag, a mention or an entity.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '@' => safe.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                safe.push('\\');
                safe.push(letter);
            }
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe.replace("://", ":&#8203;//")
}

#[cfg(test)]
mod tests {
    use super::{code, escaped};

    #[test]
    fn cells_are_text() {
        assert_eq!(
            escaped("<b> [x](javascript:y) @all\n# z"),
            "&lt;b&gt; \\[x\\](javascript:y) &#64;all \\# z"
        );
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
    }
}
