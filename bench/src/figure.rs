//! Figures in words: a true value, rounded and hedged as a text would, never beyond what its words
//! allow.

use crate::draw::Draw;

/// How the words relate to the value: which way it is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hedge {
    Nearest(&'static str),
    Down(&'static str),
    Up(&'static str),
    /// Rounded to two digits at least, for its interval is narrow.
    About(&'static str),
    Nearly(&'static str),
    Range,
}

use Hedge::{About, Down, Nearest, Nearly, Range, Up};

const HEDGES: [Hedge; 24] = [
    Nearest(""),
    Nearest(""),
    Nearest(""),
    Nearest(""),
    Nearest(""),
    Nearest(""),
    Nearest(""),
    Nearest(""),
    Nearest("reached "),
    Nearest("reached "),
    Down("more than "),
    Down("more than "),
    Down("over "),
    Down("exceeded "),
    Down("at least "),
    Up("less than "),
    Up("up to "),
    About("about "),
    About("roughly "),
    About("around "),
    Nearly("nearly "),
    Nearly("almost "),
    Range,
    Range,
];

/// A number of two digits at least and the words for a thousandth of it.
struct Magnitude {
    size: f64,
    words: &'static [&'static str],
}

const MAGNITUDES: [Magnitude; 4] = [
    Magnitude { size: 1e12, words: &["trillion"] },
    Magnitude { size: 1e9, words: &["billion", "billion", "bn"] },
    Magnitude { size: 1e6, words: &["million", "million", "mln"] },
    Magnitude { size: 1e3, words: &["thousand"] },
];

/// The value of an indicator in words. A counted thing is a whole number.
pub(crate) fn words(value: f64, unit: &str, noun: &str, draw: &mut Draw) -> String {
    let hedge = *draw.pick(&HEDGES);
    let magnitude = MAGNITUDES.iter().find(|magnitude| value >= magnitude.size && unit != "%" && unit != "1");
    let (size, word) = magnitude.map_or((1.0, ""), |magnitude| (magnitude.size, *draw.pick(magnitude.words)));
    let amount = if unit == "1" { value.round().max(1.0) } else { value / size };
    let digits = 2 + draw.below(3) as i32;
    let decimals = if unit == "1" { 0 } else { (digits - 1 - amount.log10().floor() as i32).max(0) };
    let step = match (unit, hedge) {
        ("1", Nearest(_) | Range) => 1.0,
        ("1", _) => 10f64.powi((amount.log10().floor() as i32 - 1).max(0)),
        _ => 10f64.powi(-decimals),
    };
    let number = |steps: f64| grouped(steps * step, decimals);
    let (low, high) = ((amount / step).floor(), (amount / step).ceil());
    let (prefix, number) = match hedge {
        Nearest(word) => (word, number((amount / step).round())),
        Down(word) => (word, number(low)),
        Up(word) => (word, number(high + f64::from(u8::from(low == high)))),
        About(word) => (word, number((amount / step).round())),
        Nearly(word) => (word, number(high)),
        Range => {
            let (low, high) = (number((low - 1.0).max(0.0)), number(high + 1.0));
            return if draw.permille(500) {
                in_unit("between ", &format!("{low} and {high}"), word, unit, noun, Style::Long)
            } else {
                in_unit("", &format!("{low}–{high}"), word, unit, noun, Style::Long)
            };
        }
    };
    in_unit(prefix, &number, word, unit, noun, *draw.pick(&STYLES))
}

/// A growth in percent, to one decimal.
pub(crate) fn growth(percent: f64, draw: &mut Draw) -> String {
    if draw.permille(700) { format!("{percent:.1}%") } else { format!("{percent:.1} percent") }
}

/// How a unit is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Sign,
    Code,
    Long,
    Russian,
}

const STYLES: [Style; 8] = [
    Style::Sign,
    Style::Sign,
    Style::Sign,
    Style::Long,
    Style::Long,
    Style::Long,
    Style::Code,
    Style::Russian,
];

fn in_unit(prefix: &str, number: &str, word: &str, unit: &str, noun: &str, style: Style) -> String {
    let spaced = if word.is_empty() { String::new() } else { format!(" {word}") };
    match (unit, style) {
        ("USD", Style::Sign) => format!("{prefix}${number}{spaced}"),
        ("USD", Style::Code) => format!("{prefix}USD {number}{spaced}"),
        ("USD", Style::Russian) => russian(prefix, number, word, "долларов США"),
        ("USD", Style::Long) => format!("{prefix}{number}{spaced} US dollars"),
        ("%", Style::Sign | Style::Code) => format!("{prefix}{number}%"),
        ("%", _) => format!("{prefix}{number} percent"),
        ("m3", _) => format!("{prefix}{number}{spaced} cubic meters"),
        ("kW.h", _) => format!("{prefix}{number}{spaced} kWh"),
        ("t", _) => format!("{prefix}{number}{spaced} tonnes"),
        _ => format!("{prefix}{number} {noun}"),
    }
}

fn russian(prefix: &str, number: &str, word: &str, unit: &str) -> String {
    let prefix = match prefix {
        "more than " | "over " | "exceeded " => "более ",
        "at least " => "не менее ",
        "less than " => "менее ",
        "up to " => "до ",
        "about " | "roughly " | "around " => "около ",
        "nearly " | "almost " => "почти ",
        _ => "",
    };
    let word = match word {
        "trillion" => " трлн",
        "billion" | "bn" => " млрд",
        "million" | "mln" => " млн",
        "thousand" => " тыс.",
        _ => "",
    };
    let number = number.replace(',', " ").replace('.', ",");
    format!("{prefix}{number}{word} {unit}")
}

/// A number with its thousands apart.
fn grouped(number: f64, decimals: i32) -> String {
    let text = format!("{number:.*}", decimals.max(0) as usize);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !part.is_empty() {
        grouped.push('.');
        grouped.push_str(part);
    }
    grouped
}
