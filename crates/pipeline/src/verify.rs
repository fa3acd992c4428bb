//! `pipeline verify`: everything that is kept and published against its hashes. What is damaged is named, and
//! mended from wherever its content still is: the store, the check-out, or the inputs.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;

use crate::cli::Options;
use crate::config::Config;
use crate::failure::in_words;
use crate::history::{now, tell_healed};
use crate::inputs::Inputs;
use crate::store::{Damage, Digest, Guard, Mended, Store};
use crate::{run, signals, terminal};

/// Reads all that is kept and compares it with its hashes; mends what it can.
pub(crate) fn verify(options: &Options) -> Result<ExitCode> {
    let config = options.configuration()?;
    let store = Store::open(&config.workspace)?.stopped_by(signals::heeded()?);
    let guard = store.lock(&now())?;
    let damages = {
        // The sheets may be refused, or gone: then nothing can be made again, and verify says what is lost.
        let why_not = RefCell::new(None);
        let make_again = |lost: &BTreeSet<Digest>| {
            Ok(made_again(&config, &store, &guard, lost).unwrap_or_else(|error| {
                why_not.replace(Some(error));
                BTreeSet::new()
            }))
        };
        let damages = store.verify(&guard, &make_again)?;
        if let Some(error) = why_not.take() {
            terminal::complain(&format!("nothing could be made again from the inputs: {}", in_words(&error)));
        }
        damages
    };
    for damage in &damages {
        terminal::complain(&damaged(damage));
    }
    let lost = damages.iter().filter(|damage| damage.mended.is_lost()).count();
    if damages.iter().all(|damage| damage.mended != Mended::No) {
        tell_healed(&store.heal(&guard)?, options);
    }
    let revisions = store.revisions()?.len();
    let kept = report::words::count(revisions, "revision", "revisions");
    options.say(&match (damages.len(), lost) {
        (0, _) => format!("{kept}: every file is what its manifest says"),
        (found, 0) => format!("{kept}: {found} damaged, all mended"),
        (found, lost) => format!("{kept}: {found} damaged, {lost} of them lost"),
    });
    // 74 where a content is lost, 1 where something was damaged and is whole again.
    Ok(match (damages.len(), lost) {
        (0, _) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::from(1),
        _ => ExitCode::from(74),
    })
}

/// Evaluates the inputs as they are now, by the day of the published revision too, and keeps what is asked
/// for: a content is known by its hash, whatever became of the inputs meanwhile.
fn made_again(
    config: &Config,
    store: &Store,
    guard: &Guard,
    lost: &BTreeSet<Digest>,
) -> Result<BTreeSet<Digest>> {
    let inputs = Inputs::copied(config, store)?;
    let given = store.head()?.and_then(|head| head.journal.as_of.parse::<NaiveDate>().ok());
    let mut made = BTreeSet::new();
    for as_of in [None, given] {
        let left: BTreeSet<Digest> = lost.difference(&made).copied().collect();
        if !left.is_empty() {
            made.extend(run::drafted(config, store, guard, &inputs, as_of)?.supply(&left)?);
        }
    }
    Ok(made)
}

fn damaged(damage: &Damage) -> String {
    let of = if damage.of.is_empty() { String::new() } else { format!(" ({})", damage.of.join(", ")) };
    let mended = match damage.mended {
        Mended::FromStore => "mended from the store",
        Mended::FromCheckOut => "mended from the check-out",
        Mended::FromInputs => "made again from the inputs",
        Mended::No => {
            "lost: it is nowhere else, and the inputs no longer give it; move .pipeline, curated and out away, and run again"
        }
        Mended::NoButOlder => "lost: it is nowhere else; the published revision does not need it",
    };
    format!("damaged: {}{of}: {mended}", damage.path)
}
