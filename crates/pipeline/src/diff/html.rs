//! The comparison as one self-contained page: no script, no request to anywhere, everything escaped.

use std::fmt::Write;

use super::page::{Page, capital};

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
"#;

const STYLE: &str = "<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff; }
h2 { font-size: 1.1rem; margin: 2rem 0 .2rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem; border-top: 1px solid #ccc; overflow-wrap: anywhere; }
td:first-child, th { white-space: nowrap; overflow-wrap: normal; }
td:last-child { min-width: 14rem; }
code { font-size: .9em; }
.added { color: #0a5c2b; } .withdrawn { color: #9b1c1c; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616; } td, th { border-color: #444; } .added { color: #7ddc9f; } .withdrawn { color: #ff9d9d; } }
</style>
";

// Writing to a String cannot fail; the results are dropped below for that reason.

/// The page.
pub(super) fn render(page: &Page) -> String {
    let title = escaped(&page.title);
    let mut html = format!("{HEAD}<title>{title}</title>\n{STYLE}</head>\n<body>\n<h1>{title}</h1>\n<ul>\n");
    for line in &page.intro {
        let _ = writeln!(html, "<li>{}</li>", escaped(line));
    }
    html.push_str("</ul>\n");
    for section in &page.sections {
        let _ = write!(html, "<section>\n<h2>{}", escaped(&capital(section.kind)));
        if !section.about.is_empty() {
            let _ = write!(html, " <code>{}</code>", escaped(&section.about));
        }
        html.push_str("</h2>\n<p>");
        if !section.why.is_empty() {
            let _ = write!(html, "{}. ", escaped(&section.why));
        }
        if !section.place.is_empty() {
            let _ = write!(html, "<code>{}</code>. ", escaped(&section.place));
        }
        let _ = writeln!(html, "{}.</p>", escaped(&capital(&section.counts)));
        html.push_str("<table>\n<thead><tr><th>What</th><th>Row</th><th>Change</th><th>Cells</th></tr></thead>\n<tbody>\n");
        for line in &section.lines {
            let class = match line.sign {
                '+' => "added",
                '-' => "withdrawn",
                '=' => "renamed",
                _ => "changed",
            };
            let _ = writeln!(
                html,
                "<tr><td class=\"{class}\">{class}</td><td>{} <code>{}</code></td><td>{}</td><td><code>{}</code></td></tr>",
                line.row_word,
                escaped(&line.id),
                escaped(&line.text),
                escaped(&line.cells)
            );
        }
        html.push_str("</tbody>\n</table>\n");
        if section.more > 0 {
            let _ = writeln!(html, "<p>… and {} more</p>", section.more);
        }
        html.push_str("</section>\n");
    }
    if let Some(rest) = &page.rest {
        let _ = writeln!(html, "<p>{}</p>", escaped(rest));
    }
    html.push_str("</body>\n</html>\n");
    html
}

/// Text in which no character starts a tag, an attribute or an entity; controls that could turn the
/// direction of what follows are shown.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in crate::terminal::escaped(text).chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::page::{Line, Section};
    use super::*;

    #[test]
    fn hostile_cells_are_text() {
        let hostile = "<script>alert('x')</script>".to_owned();
        let line = Line {
            sign: '+',
            row_word: "claim",
            id: hostile.clone(),
            text: hostile.clone(),
            cells: hostile.clone(),
        };
        let section = Section {
            kind: "new claim",
            about: hostile.clone(),
            why: hostile.clone(),
            place: hostile.clone(),
            counts: String::new(),
            lines: vec![line],
            more: 0,
        };
        let page = Page { title: hostile.clone(), intro: vec![hostile], sections: vec![section], rest: None };
        let html = render(&page);
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("Content-Security-Policy"));
    }
}
