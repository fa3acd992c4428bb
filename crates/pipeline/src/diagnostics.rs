//! Findings as text for a person, JSON for a program, or annotations for GitHub.

use std::fmt::Write;

use model::finding::{Finding, Severity};

use crate::cli::Options;
use crate::terminal::{self, escaped};

/// The form in which findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a person, as a good compiler does.
    Text,
    /// One JSON object a line.
    Json,
    /// GitHub workflow commands.
    Github,
    /// Markdown: of a diff.
    Md,
    /// A page: of a diff.
    Html,
    /// A table: of the log.
    Csv,
}

/// Findings in the order in which they are given.
pub(crate) fn render<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
    format: Format,
    coloured: Coloured,
) -> String {
    let mut text = String::new();
    for finding in findings {
        match format {
            Format::Text | Format::Md | Format::Html | Format::Csv => as_text(finding, coloured, &mut text),
            Format::Json => as_json(finding, &mut text),
            Format::Github => as_github(finding, &mut text),
        }
    }
    text
}

/// Shows findings: JSON on standard output, for programs; every other form on standard error. Quiet
/// shows only what a person must read.
pub(crate) fn show<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
    options: &Options,
) -> std::io::Result<()> {
    let must_read = |finding: &&Finding| !options.quiet || finding.severity == Severity::Error;
    show_all(findings.into_iter().filter(must_read), options)
}

/// Findings that are put into words before they are shown.
const AT_ONCE: usize = 1 << 10;

/// Shows findings that a person asked for: quiet or not.
pub(crate) fn show_all<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
    options: &Options,
) -> std::io::Result<()> {
    let mut findings = findings.into_iter().peekable();
    while findings.peek().is_some() {
        let text = render(findings.by_ref().take(AT_ONCE), options.format, options.coloured());
        match options.format {
            Format::Text | Format::Md | Format::Html | Format::Csv => terminal::complain_raw(&text),
            Format::Json | Format::Github => terminal::print(&text)?,
        }
    }
    Ok(())
}

/// Whether text carries colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coloured {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// How many findings of each severity, in words: `2 errors, 1 warning`.
pub(crate) fn counts<'f>(findings: impl IntoIterator<Item = &'f Finding, IntoIter: Clone>) -> String {
    let findings = findings.into_iter();
    let words: Vec<String> = Severity::ALL
        .iter()
        .filter_map(|severity| {
            let count = findings.clone().filter(|finding| finding.severity == *severity).count();
            (count > 0).then(|| format!("{count} {severity}{}", if count == 1 { "" } else { "s" }))
        })
        .collect();
    if words.is_empty() { "no findings".to_owned() } else { words.join(", ") }
}

// Writing to a String cannot fail; the results are dropped below for that reason.

fn as_text(finding: &Finding, coloured: Coloured, text: &mut String) {
    let (start, bold, end) = match (coloured, finding.severity) {
        (Coloured::No, _) => ("", "", ""),
        (Coloured::Yes, Severity::Error) => ("\x1b[1;31m", "\x1b[1m", "\x1b[0m"),
        (Coloured::Yes, Severity::Warning) => ("\x1b[1;33m", "\x1b[1m", "\x1b[0m"),
        (Coloured::Yes, Severity::Note) => ("\x1b[1;36m", "\x1b[1m", "\x1b[0m"),
    };
    let _ = writeln!(
        text,
        "{start}{}[{}]{end}{bold}: {}{end}",
        finding.severity,
        finding.code,
        escaped(&finding.message)
    );
    if let Some(location) = &finding.location {
        let _ = write!(text, "  --> {}", escaped(&location.to_string()));
        if !finding.id.is_empty() {
            let _ = write!(text, " ({} {})", finding.table, escaped(&finding.id));
        }
        text.push('\n');
    } else if !finding.id.is_empty() {
        let _ = writeln!(text, "  --> {} {}", finding.table, escaped(&finding.id));
    }
    for (word, line) in [("arithmetic", &finding.arithmetic), ("help", &finding.hint)] {
        if !line.is_empty() {
            let _ = writeln!(text, "   = {word}: {}", escaped(line));
        }
    }
    if !finding.claims.is_empty() {
        let _ = writeln!(text, "   = claims: {}", escaped(&finding.claims.join("; ")));
    }
}

fn as_json(finding: &Finding, text: &mut String) {
    if let Ok(json) = serde_json::to_string(finding) {
        text.push_str(&json);
        text.push('\n');
    }
}

/// A workflow command; its properties and message are escaped as GitHub's runner reads them.
fn as_github(finding: &Finding, text: &mut String) {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let message = |part: &str| part.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |part: &str| message(part).replace(':', "%3A").replace(',', "%2C");
    let mut properties = vec![format!("title={}", property(finding.code))];
    let mut place = String::new();
    if let Some(location) = &finding.location {
        properties.push(format!("file={}", property(&location.sheet.file)));
        match (&location.sheet.sheet, location.cell.split_once(':')) {
            (None, Some((line, field))) => properties.push(format!("line={line},col={field}")),
            _ => place = format!(" ({location})"),
        }
    }
    let hint = if finding.hint.is_empty() { String::new() } else { format!(" — {}", finding.hint) };
    let _ = writeln!(
        text,
        "::{command} {}::{}",
        properties.join(","),
        message(&escaped(&format!("{}{place}{hint}", finding.message)))
    );
}

#[cfg(test)]
mod tests {
    use model::cell::SheetName;
    use model::finding::Location;

    use super::*;

    fn finding() -> Finding {
        let sheet = SheetName { file: "raw/trade.csv".to_owned(), sheet: None };
        Finding::new("unknown-place", Severity::Error, "claims", "`Kirgizia` is no known place")
            .id("t1")
            .hint("did you mean Kyrgyzstan (KGZ)?")
            .at(Location { sheet, cell: "14:6".to_owned() })
    }

    #[test]
    fn text_says_where_and_how_to_mend() {
        let text = render(&[finding()], Format::Text, Coloured::No);
        assert_eq!(
            text,
            "error[unknown-place]: `Kirgizia` is no known place\n  --> raw/trade.csv:14:6 (claims t1)\n   = help: did you mean Kyrgyzstan (KGZ)?\n"
        );
    }

    #[test]
    fn github_annotates_the_line() {
        let text = render(&[finding()], Format::Github, Coloured::No);
        assert!(
            text.starts_with("::error title=unknown-place,file=raw/trade.csv,line=14,col=6::`Kirgizia`"),
            "{text}"
        );
    }
}
