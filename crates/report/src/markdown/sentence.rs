//! What is known of a series in words: the figure as its source hedged it, when it holds, how it
//! grew, and what is disputed about it.

use model::claim::{ClaimKind, Measure};
use model::figure::Comparator;
use model::observation::{Formula, Observation};
use model::period::Precision;
use model::place::PlaceId;
use model::unit::Unit;

use super::View;
use super::escape::text;
use super::page::Page;
use super::series::{Headline, Series, headline};
use crate::{figures, words};

impl View<'_> {
    /// The observation at `index`.
    pub(crate) fn observation(&self, index: u32) -> Observation {
        self.knowledge.observations.get(index)
    }

    /// The label of a series and its places: `Trade turnover, Kyrgyzstan and Russia`.
    pub(crate) fn subject(&self, of: &Series) -> String {
        let indicator = &self.facts.indicators[of.indicator as usize];
        let reporter = self.place_name(of.reporter);
        let forecast = if of.kind == ClaimKind::Forecast { " (forecast)" } else { "" };
        let places = match of.partner {
            Some(partner) if indicator.symmetric => format!("{reporter} and {}", self.place_name(partner)),
            Some(partner) => format!("{reporter} (partner: {})", self.place_name(partner)),
            None => reporter,
        };
        format!("{}, {places}{forecast}", text(&indicator.label))
    }

    /// The subject of the series that an observation belongs to.
    pub(crate) fn subject_of(&self, observation: &Observation) -> String {
        self.subject(&Series::of(&observation.series))
    }

    /// The figure of a claim as its source hedged it: `more than $2 billion`, `up 13.6 %`.
    pub(crate) fn claim_figure(&self, claim: u32) -> String {
        let claims = &self.facts.claims;
        let (index, figure) = (claim as usize, &claims.figure);
        let (lower, upper) = (figure.lower[index], figure.upper[index]);
        let unit = claims.unit_of(index);
        let stated = Stated {
            comparator: figure.comparator[index],
            value: figure.value[index],
            bounds: (lower, upper),
            unit,
        };
        stated.words(claims.measure[index])
    }

    /// The figure of an observation: the best claim's, or the derived one with its interval.
    pub(crate) fn figure(&self, observation: &Observation) -> String {
        match observation.best_claim {
            Some(claim) => self.claim_figure(claim),
            None => derived_figure(observation),
        }
    }

    /// The figure of an observation without the interval of a derived one, for a table that has it
    /// in a column of its own.
    pub(crate) fn figure_alone(&self, observation: &Observation) -> String {
        match observation.formula {
            Some(_) => derived_parts(observation).0,
            None => self.figure(observation),
        }
    }

    /// When an observation holds, and whether that was inferred: `in 2025 (period inferred)`.
    pub(crate) fn when(&self, observation: &Observation) -> String {
        format!("{}{}", words::when(&observation.period), self.inferred(observation))
    }

    fn inferred(&self, observation: &Observation) -> &'static str {
        if observation.period.precision == Precision::Inferred { " (period inferred)" } else { "" }
    }

    /// The series that an id names, in words: `Trade turnover, Kyrgyzstan and Russia, 2024` for
    /// `trade_turnover.KGZ.RUS:2024`. `None` where the text is no such id.
    pub(crate) fn series_in_words(&self, id: &str) -> Option<String> {
        let (series, period) = id.split_once(':').map_or((id, ""), |(series, period)| (series, period));
        let (series, forecast) = suffix(series, ".forecast");
        let (series, growth) = suffix(series, ".growth");
        let (series, change) = suffix(series, ".change");
        let mut parts = series.rsplitn(3, '.');
        let (last, middle, first) = (parts.next()?, parts.next()?, parts.next());
        let place = |code: &str| {
            let found = self.facts.places.binary_search_by(|place| place.code.as_str().cmp(code)).ok()?;
            u16::try_from(found).ok().map(PlaceId)
        };
        let (indicator, reporter, partner) = match (first, place(middle)) {
            (Some(indicator), Some(reporter)) => (indicator, reporter, Some(place(last)?)),
            _ => (series.rsplit_once('.')?.0, place(last)?, None),
        };
        let known = &self.facts.indicators;
        let indicator = known.binary_search_by(|known| known.indicator.as_str().cmp(indicator)).ok()?;
        let kind = if forecast { ClaimKind::Forecast } else { ClaimKind::Actual };
        let subject = self.subject(&Series::bare(indicator as u32, reporter, partner, kind));
        let measure = if growth {
            ", growth"
        } else if change {
            ", change"
        } else {
            ""
        };
        let period = if period.is_empty() { String::new() } else { format!(", {}", text(period)) };
        Some(format!("{subject}{measure}{period}"))
    }

    /// How a derived value follows, in figures: `$4.1 billion / (1 + 13.6 %)`.
    pub(crate) fn derivation(&self, formula: &Formula) -> String {
        let of = |index: u32| self.bare_figure(&self.observation(index));
        match *formula {
            Formula::BaseFromGrowth { level, growth } => format!("{} / (1 + {})", of(level), of(growth)),
            Formula::LevelFromGrowth { base, growth } => format!("{} × (1 + {})", of(base), of(growth)),
            Formula::GrowthFromLevels { level, base } => format!("{} / {} − 1", of(level), of(base)),
        }
    }

    /// The amount of an observation without "up" or "down", hedged.
    fn bare_figure(&self, observation: &Observation) -> String {
        let Some(claim) = observation.best_claim else { return derived_figure(observation) };
        let (index, figure) = (claim as usize, &self.facts.claims.figure);
        Stated {
            comparator: figure.comparator[index],
            value: figure.value[index],
            bounds: (figure.lower[index], figure.upper[index]),
            unit: self.facts.claims.unit_of(index),
        }
        .words(Measure::Level)
    }
}

impl Series {
    /// The series of one observation, without its observations.
    fn of(series: &model::observation::Series) -> Self {
        Self::bare(series.indicator, series.reporter, series.partner, series.kind)
    }
}

/// A stated figure: its hedge, its number and the interval of its words.
struct Stated {
    comparator: Comparator,
    value: f64,
    bounds: (f64, f64),
    unit: Unit,
}

impl Stated {
    fn words(&self, measure: Measure) -> String {
        let (lower, upper) = self.bounds;
        if self.comparator == Comparator::Range || self.value.is_nan() {
            let range = model::observation::Interval { lower, lower_open: false, upper, upper_open: false };
            let span = figures::span(&range, None, self.unit);
            return if measure == Measure::Growth { format!("a change of {span}") } else { span };
        }
        let step = match self.comparator {
            Comparator::Equal => figures::stated_step(self.value, lower, upper),
            _ => None,
        };
        match measure {
            Measure::Level => words::hedged(self.comparator, &figures::amount(self.value, step, self.unit)),
            Measure::Growth => {
                let size = figures::amount(self.value.abs(), step, self.unit);
                words::growth(self.comparator, self.value, &size)
            }
            Measure::Change => {
                let sign = if self.value > 0.0 { "+" } else { "" };
                let amount = figures::amount(self.value, step, self.unit);
                format!("a change of {}", words::hedged(self.comparator, &format!("{sign}{amount}")))
            }
        }
    }
}

/// A derived value with no more digits than its interval supports, and that interval where it is
/// closed: `$3.6 billion` and `$3.56–3.65 billion`. One open to a side is told by its bound alone.
fn derived_parts(observation: &Observation) -> (String, Option<String>) {
    let (value, interval, unit) = (observation.value, observation.interval, observation.series.unit);
    let bounds = figures::span(&interval, figures::bounds_step(&interval), unit);
    let closed = interval.lower.is_finite() && interval.upper.is_finite();
    let growth = observation.series.measure == Measure::Growth;
    if !closed || value.is_nan() {
        return (if growth { format!("a change of {bounds}") } else { bounds }, None);
    }
    let step = figures::supported_step(value, &interval);
    let point = match growth {
        true if interval.lower >= 0.0 => format!("up {}", figures::amount(value, step, unit)),
        true if interval.upper <= 0.0 => format!("down {}", figures::amount(-value, step, unit)),
        true => format!("a change of {}", figures::amount(value, step, unit)),
        false => figures::amount(value, step, unit),
    };
    (point, Some(bounds))
}

/// A derived value with the interval behind it: `$3.6 billion ($3.56–3.65 billion)`.
fn derived_figure(observation: &Observation) -> String {
    match derived_parts(observation) {
        (point, Some(bounds)) => format!("{point} ({bounds})"),
        (point, None) => point,
    }
}

/// Cuts `ending` off, and says whether it was there.
fn suffix<'a>(text: &'a str, ending: &str) -> (&'a str, bool) {
    text.strip_suffix(ending).map_or((text, false), |rest| (rest, true))
}

/// The headline of a series as one list item: the latest figure, its growth, what was before, what
/// came since, and what is disputed.
pub(crate) fn headline_sentence(page: &mut Page<'_, '_>, series: &Series) -> Option<String> {
    let view = page.view;
    let observations = view.series.observations(view.knowledge, series);
    let chosen = headline(view.knowledge, view.facts, &observations);
    let main = chosen.main?;
    let mut sentence = format!("**{}:** {}", view.subject(series), cited(page, main));
    sentence.push_str(&growth_clause(page, &chosen));
    sentence.push_str(&later_clause(page, &chosen.later));
    sentence.push('.');
    sentence.push_str(&dispute(page, main));
    Some(sentence)
}

/// An observation's figure with when it holds and its footnotes.
pub(crate) fn cited(page: &mut Page<'_, '_>, index: u32) -> String {
    let view = page.view;
    let observation = &view.observation(index);
    let against = match observation.series.measure {
        Measure::Level => String::new(),
        _ => words::against(&observation.period, observation.base_period.as_ref()),
    };
    let (figure, when) = (view.figure(observation), words::when(&observation.period));
    let inferred = view.inferred(observation);
    format!("{figure} {when}{against}{inferred}{}", page.cite_figure(index))
}

fn growth_clause(page: &mut Page<'_, '_>, chosen: &Headline) -> String {
    let view = page.view;
    let Some(growth) = chosen.growth else {
        return match chosen.earlier {
            Some(earlier) => format!("; earlier, {}", cited(page, earlier)),
            None => String::new(),
        };
    };
    let observation = &view.observation(growth);
    let against = words::against(&observation.period, observation.base_period.as_ref());
    let figure = view.figure(observation);
    match chosen.earlier {
        Some(earlier) if observation.formula.is_some() => {
            let before = cited(page, earlier);
            format!(", {figure}{against} by our arithmetic, from {before}")
        }
        _ => format!(", {figure}{against}{}", page.cite_figure(growth)),
    }
}

fn later_clause(page: &mut Page<'_, '_>, later: &[u32]) -> String {
    let Some((&first, rest)) = later.split_first() else { return String::new() };
    let mut clause = format!("; then {}", cited(page, first));
    for &growth in rest {
        let observation = &page.view.observation(growth);
        let against = words::against(&observation.period, observation.base_period.as_ref());
        let notes = page.cite_figure(growth);
        clause.push_str(&format!(", {}{against}{notes}", page.view.figure(observation)));
    }
    clause
}

/// That another source says otherwise, where one does.
fn dispute(page: &mut Page<'_, '_>, main: u32) -> String {
    let view = page.view;
    let observation = &view.observation(main);
    if !observation.conflict {
        return String::new();
    }
    let claims = view.knowledge.claims_of(observation);
    let bounds = &view.facts.claims.figure;
    let apart = |claim: &&u32| {
        let (lower, upper) = (bounds.lower[**claim as usize], bounds.upper[**claim as usize]);
        upper < observation.interval.lower || lower > observation.interval.upper
    };
    let other = claims.iter().find(apart).copied();
    let period = words::span(&observation.period);
    match other {
        Some(claim) => {
            let figure = view.claim_figure(claim);
            format!(" **Disputed for {period}:** another source says {figure}{}.", page.cite_claim(claim))
        }
        None => format!(" **Disputed for {period}.**"),
    }
}
