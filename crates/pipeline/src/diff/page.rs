//! A comparison as something to read: causes as headings, changes as lines. The text for the terminal,
//! Markdown and the HTML page are three spellings of it.

use super::change::{Action, CauseKind, Change, Diff};
use super::words;

/// What is said of a revision that has none before it.
pub(super) const FIRST: &str = "the first publication: there is none before it to compare with";

/// Changes shown of one cause; the rest are counted.
const MOST_LINES: usize = 20;
/// The same, of a cause that is about everything.
const MOST_EXAMPLES: usize = 5;
/// Causes shown; the rest are counted.
const MOST_CAUSES: usize = 200;

/// What there is to read.
pub(super) struct Page {
    pub(super) title: String,
    /// Lines before the causes.
    pub(super) intro: Vec<String>,
    pub(super) sections: Vec<Section>,
    /// A last line, where something was cut.
    pub(super) rest: Option<String>,
}

/// One cause with its changes.
pub(super) struct Section {
    /// What kind of cause.
    pub(super) kind: &'static str,
    /// What it is about: an id, or nothing.
    pub(super) about: String,
    /// Why, in words.
    pub(super) why: String,
    /// Where to look.
    pub(super) place: String,
    /// How much it explains, in words.
    pub(super) counts: String,
    pub(super) lines: Vec<Line>,
    /// How many lines were cut.
    pub(super) more: usize,
}

/// One changed row.
pub(super) struct Line {
    pub(super) sign: char,
    pub(super) row_word: &'static str,
    pub(super) id: String,
    pub(super) text: String,
    pub(super) cells: String,
}

impl Page {
    pub(super) fn new(diff: &Diff) -> Self {
        let mut intro = Vec::new();
        let when = |name: &super::side::Name| {
            name.when.as_ref().map(|when| format!(", published {when}")).unwrap_or_default()
        };
        if diff.old.id.is_empty() {
            intro.push(format!("{}{}", diff.new.short(), when(&diff.new)));
            intro.push(FIRST.to_owned());
            return Self { title: "What changed".to_owned(), intro, sections: Vec::new(), rest: None };
        }
        intro.push(format!("from {}{}", diff.old.short(), when(&diff.old)));
        intro.push(format!("to {}{}", diff.new.short(), when(&diff.new)));
        if let (Some(old), Some(new)) = (&diff.old.as_of, &diff.new.as_of)
            && old != new
        {
            intro.push(format!("as of {old} → {new}"));
        }
        intro.push(diff.counts.in_words().unwrap_or_else(|| "nothing changed".to_owned()));
        if diff.counts.moved > 0 {
            intro.push(match diff.counts.moved {
                1 => "1 row stands in another cell and says the same".to_owned(),
                rows => format!("{} rows stand in other cells and say the same", report::words::whole(rows)),
            });
        }
        if diff.counts.below_threshold > 0 {
            let left_out =
                report::words::count(diff.counts.below_threshold, "smaller change", "smaller changes");
            intro.push(format!("{left_out} left out"));
        }
        let mut by_cause: Vec<Vec<&Change>> = vec![Vec::new(); diff.causes.len()];
        for change in &diff.changes {
            if let Some(changes) = change.causes.first().and_then(|cause| by_cause.get_mut(*cause)) {
                changes.push(change);
            }
        }
        by_cause.retain(|changes| !changes.is_empty());
        let hidden = by_cause.len().saturating_sub(MOST_CAUSES);
        let sections =
            by_cause.into_iter().take(MOST_CAUSES).map(|changes| Section::new(diff, changes)).collect();
        let rest = (hidden > 0).then(|| format!("… and {hidden} more causes: --format json tells all"));
        Self { title: "What changed".to_owned(), intro, sections, rest }
    }
}

impl Section {
    fn new(diff: &Diff, mut changes: Vec<&Change>) -> Self {
        let cause = &diff.causes[changes[0].causes[0]];
        let is_about_all = matches!(
            cause.kind,
            CauseKind::AsOf
                | CauseKind::Program
                | CauseKind::Configuration
                | CauseKind::Rates
                | CauseKind::Vocabulary
        );
        let mut counts = super::change::Counts::default();
        for change in &changes {
            counts.of(change.table).add(change.action);
        }
        let most = if is_about_all { MOST_EXAMPLES } else { MOST_LINES };
        let more = changes.len().saturating_sub(most);
        if more > 0 {
            // The largest first, of those that are cut.
            changes.sort_by(|one, other| other.relative_size().total_cmp(&one.relative_size()));
        } else {
            // What is stated before what follows from it, and what changed before what is merely new.
            changes.sort_by_key(|change| (change.action != Action::Changed, change.is_derived()));
        }
        let lines = changes.into_iter().take(most).map(|change| Line::new(diff, change)).collect();
        Self {
            kind: cause.kind.in_words(),
            about: cause.about.clone(),
            why: cause.why.clone(),
            place: cause.place.clone(),
            counts: counts.in_words().unwrap_or_default(),
            lines,
            more,
        }
    }
}

impl Line {
    fn new(diff: &Diff, change: &Change) -> Self {
        let mut phrases = words::phrases(change);
        let also = change.causes.iter().skip(1).filter_map(|cause| diff.causes.get(*cause));
        let also: Vec<String> =
            also.map(|cause| format!("{} {}", cause.kind.in_words(), cause.about)).collect();
        if !also.is_empty() {
            phrases.push(format!("also: {}", also.join(", ").trim()));
        }
        Self {
            sign: change.action.sign(),
            row_word: change.table.row_word(),
            id: change.id.clone(),
            text: phrases.join("; "),
            cells: change.cells.join(", "),
        }
    }
}

/// The text as a sentence begins.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
