//! What the forms of the tables may mean, and how the tables name it.

use model::figure::Comparator;
use model::unit::Unit;
use rust_decimal::Decimal;

use crate::quantity::Course;

/// What a form means. One form may mean several things.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// A number below a thousand, or "полтора".
    Cardinal(Decimal),
    /// A number that multiplies the words before it: "hundred", "dozen".
    Multiple(Decimal, Alone),
    /// A small number that is not meant exactly: "a couple of".
    Vague(Decimal),
    /// A power of a thousand and its relatives: "million", "crore".
    Magnitude(Decimal, Alone),
    /// A letter that is a magnitude where it is glued to digits: "5k".
    Suffix(Decimal, Suffix),
    /// The denominator of a fraction: "half", "thirds".
    Fraction(Decimal),
    /// A fraction by its own name, which needs no number before it: "half", "треть".
    Share(Decimal, Naming),
    /// How many times as much: "doubled", "втрое".
    Factor(Decimal),
    /// One of so many: "every fifth".
    Each(Decimal),
    /// A fraction that is also written together with the word behind it: "пол" in "полмиллиона".
    Prefix,
    /// A number that is also written together with the unit behind it: "пяти" in "пятипроцентный".
    UnitPrefix,
    /// The ending of a word that stands before a noun and is none.
    AdjectiveEnding,
    /// The ending of a word that ends a noun phrase: a verb.
    VerbEnding,
    /// The ending of a noun in the plural.
    PluralEnding,
    /// The ending of a word that looks like one and is none: "business".
    SingularEnding,
    /// A comparator before its figure.
    Before(Comparator),
    /// A comparator behind its figure.
    After(Comparator),
    /// Index into [`Lexicon::units`].
    Unit(u16),
    /// A verb or noun of change, and which way it goes.
    Change(Course),
    /// What tells the way of a change, and governs no levels: "lost".
    Course(Course),
    /// The same, right behind its figure only: "13 % less".
    Compared(Course),
    /// A word of the grammar itself.
    Role(Role),
}

/// Sorts of meaning. What no form behind a word can mean need not be looked for there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sorts(u128);

impl Sorts {
    pub(super) const UNIT: Self = Self(1 << 0);
    pub(super) const MAGNITUDE: Self = Self(1 << 1);
    pub(super) const BEFORE: Self = Self(1 << 2);
    pub(super) const CHANGE: Self = Self(1 << 3);
    pub(super) const COURSE: Self = Self(1 << 4);
    /// All that are never asked for alone.
    const OTHER: Self = Self(1 << 5);

    /// Words of the grammar with a role.
    pub(super) const fn of_role(role: Role) -> Self {
        Self(1 << (8 + role as u32))
    }

    /// Those of either.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether some are in both.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl Meaning {
    /// What sort of meaning it is.
    pub(super) const fn sort(self) -> Sorts {
        match self {
            Meaning::Unit(_) => Sorts::UNIT,
            Meaning::Magnitude(..) => Sorts::MAGNITUDE,
            Meaning::Before(_) => Sorts::BEFORE,
            Meaning::Change(_) => Sorts::CHANGE,
            Meaning::Course(_) => Sorts::COURSE,
            Meaning::Role(role) => Sorts::of_role(role),
            _ => Sorts::OTHER,
        }
    }
}

/// Whether a magnitude is a number by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alone {
    /// "миллион", "million" behind an article only.
    Never,
    /// "миллион рублей".
    Always,
    /// "около тысячи": only behind a comparator.
    Compared,
    /// Never, and no number at all where no money is told: "лимон".
    Priced,
    /// "hundred and five": only where a lesser number follows.
    Opening,
}

/// How the name of a part says of what it is a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// By a preposition, and behind an article only: "a third of".
    Article,
    /// By a preposition or what points to the whole: "half of", "half the".
    Bare,
    /// By the case of the word behind it: "треть экспорта".
    Case,
}

/// Where a glued letter is a magnitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suffix {
    /// Always.
    Any,
    /// Where no unit has the same letter in this place: "3.5m people", but "a 3.5m wall".
    Count,
    /// Beside money only: "$5t".
    Money,
}

/// Words that the grammar names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// May stand between a comparator and its figure: "the mark of".
    Filler,
    /// Joins parts of a number: "and".
    And,
    /// "a".
    Article,
    /// "but".
    But,
    /// Points to one thing, of which a fraction may be a part: "half the", "the third of".
    Definite,
    /// "of".
    Of,
    /// Before the whole of a share: "out of".
    OutOf,
    /// The same, where the numbers are usual ones: "one in five".
    In,
    /// Before the reach of a measurement: "±".
    Within,
    /// Between the ends of a range, besides "to": "through".
    Through,
    /// The time of day behind its hour: "p.m.".
    Clock,
    /// A part of a year behind its number: "quarter".
    YearPart,
    /// Joins alternatives: "or".
    Or,
    /// The decimal point in words.
    Point,
    /// The sign in words.
    Minus,
    /// Opens a range or a change: "from".
    From,
    /// Its second part, or the goal of a change: "to".
    To,
    /// Leads to the size of what is spoken of, which is no goal: "amounted to".
    Amounts,
    /// The step of a change: "by".
    By,
    /// Opens a range: "between".
    Between,
    /// Before what a number is divided by: "per".
    Per,
    /// What is said before a number that is a name: "article", "No.".
    Label,
    /// Before the length of time in which something happens, behind a figure: "over".
    Throughout,
    /// What is counted only whole: "people". "1.500 people" are no one and a half.
    Whole,
    /// Behind a number that says which one of several: "3 этаж".
    Ranked,
    /// Adds what follows it: "plus".
    Adds,
    /// The sign of a positive number in words.
    Plus,
    /// A zero among decimals: "oh".
    Zero,
    /// Not a definite number: "несколько".
    Many,
    /// What is counted, in the form that stands before a number that is not meant exactly: "лет сорок".
    Inverted,
    /// Behind the time between two moments: "a year earlier".
    Elapsed,
    /// Those by whom a rate is measured: "на 1000 жителей".
    Populace,
    /// What a street is called before its name: "ул.".
    Street,
    /// The same behind its name: "Street".
    StreetLast,
    /// A month.
    Month,
    /// The ending of an ordinal, glued to digits.
    Ordinal,
    /// An ordinal below twenty in words: "first".
    OrdinalWord,
    /// The ending of a cardinal in a case form, glued to digits: "2-х".
    CaseEnding,
    /// "year", behind or before a number that is one.
    Year,
    /// Before a year: "in", "since".
    Time,
    /// Before a length of time that is a period: "the first", "the past".
    Span,
    /// No noun, and no part of a noun phrase.
    Stop,
    /// A noun in the plural that does not look like one: "people".
    Plural,
    /// Behind a length: "long", "tall".
    Extent,
    /// Between the minutes and the hour: "past".
    Past,
    /// The same before both: "без".
    Without,
    /// A unit whose name is an ordinary word: "bar".
    Ordinary,
    /// A unit in the singular, which behind a hedge is one: "более часа".
    Single,
    /// A number that is another word where nothing is counted: "семью".
    Homonym,
    /// Before a number that is a name, where nothing is counted: "bus 38", "сезон 2".
    Numbered,
    /// The same behind its number: "the 38 bus", "1/8 финала".
    NumberedLast,
    /// Behind a length of time, which so is a point in it: "ago".
    Back,
    /// Of a sum of money, whose pounds are no weight: "a 10-pound note".
    Cash,
    /// Behind a year of which it is: "2019 levels".
    YearOf,
    /// Behind a number that is a year, however small: "988 году".
    Dated,
    /// Says that the number behind it is a weight.
    Weighs,
    /// Before an hour: "at".
    At,
    /// Before a bare hour too, and before a length of time: "after", "until".
    Until,
    /// A direction on the globe behind degrees: "с. ш.".
    Hemisphere,
    /// What is seen, behind its width: "4K TV".
    Picture,
    /// Before a decade: "the low 40s".
    Decade,
    /// Counts how many times as much: "times".
    Times,
    /// Between a number and what it counts, beside others: "30 more signatures".
    Further,
    /// Opens a range even under a word of change: "growth ranging from".
    Ranging,
    /// Before hours of the day: "open", "работаем".
    Hours,
    /// Before a part of what was told of: "of which a third".
    Among,
    /// Before the number of one thing, and not of several: "No.".
    NumberSign,
    /// Behind a range of numbers that say which of several: "1–4 классов".
    RankedRange,
    /// Before a price: "for R150".
    Priced,
    /// Before the length of time for which something had not been seen: "впервые за 20 лет".
    Unseen,
    /// What is given by somebody, or that it is: "заявки от 12 компаний".
    Given,
    /// What goods are counted by: "штук".
    Piece,
    /// Before those for whom something is: "for 1500 pupils".
    Towards,
    /// A saying or a name that holds a number word: "one day we", "7-Eleven".
    Saying,
}

/// A unit and what it takes to reach its code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct UnitWord {
    /// The code.
    pub(super) unit: Unit,
    /// How many of the code one of these is: 0.01 for cents.
    pub(super) factor: Decimal,
    /// Where it may stand.
    pub(super) kind: UnitKind,
}

/// What sort of unit a form names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// Money by its name: behind the number.
    Money,
    /// The same, where its name before a number is another word: "won 3".
    Behind,
    /// Money by a sign that behind a number is another unit: "N5,000".
    Before,
    /// Money by its sign or code: before or behind.
    Sign,
    /// A hundredth of money.
    Sub,
    /// Percent, percentage points, basis points.
    Share,
    /// A physical unit.
    Physical,
    /// A physical unit of one letter: glued to the digits, or where no word could go on behind it.
    Letter,
    /// A physical unit as an adjective: joined to its number, "10-метровый", "двухлитровый".
    Joined,
    /// A length of time.
    Time,
    /// Times, of code `1`: "3x", "3.5-fold".
    Times,
}

impl UnitWord {
    /// Whether it is a part of any money, and so none by itself: "centavos".
    pub(super) fn is_generic(self) -> bool {
        self.unit.code() == "*"
    }
}

impl UnitKind {
    pub(super) fn is_money(self) -> bool {
        matches!(self, UnitKind::Money | UnitKind::Behind | UnitKind::Before | UnitKind::Sign | UnitKind::Sub)
    }
}

/// The sort of unit that a table names.
pub(super) fn unit_kind(word: &str) -> Option<UnitKind> {
    Some(match word {
        "money" => UnitKind::Money,
        "behind" => UnitKind::Behind,
        "before" => UnitKind::Before,
        "sign" => UnitKind::Sign,
        "sub" => UnitKind::Sub,
        "share" => UnitKind::Share,
        "physical" => UnitKind::Physical,
        "letter" => UnitKind::Letter,
        "joined" => UnitKind::Joined,
        "time" => UnitKind::Time,
        "times" => UnitKind::Times,
        _ => return None,
    })
}

/// The meaning that a table names, with its value.
pub(super) fn word_meaning(meaning: &str, value: &str) -> Option<Meaning> {
    let number = || value.parse::<Decimal>().or_else(|_| Decimal::from_scientific(value)).ok();
    Some(match meaning {
        "cardinal" => Meaning::Cardinal(number()?),
        "multiple" => Meaning::Multiple(number()?, Alone::Never),
        "multiple_opening" => Meaning::Multiple(number()?, Alone::Opening),
        "magnitude_opening" => Meaning::Magnitude(number()?, Alone::Opening),
        "multiple_compared" => Meaning::Multiple(number()?, Alone::Compared),
        "multiple_priced" => Meaning::Multiple(number()?, Alone::Priced),
        "multiple_alone" => Meaning::Multiple(number()?, Alone::Always),
        "vague" => Meaning::Vague(number()?),
        "magnitude" => Meaning::Magnitude(number()?, Alone::Never),
        "magnitude_priced" => Meaning::Magnitude(number()?, Alone::Priced),
        "magnitude_alone" => Meaning::Magnitude(number()?, Alone::Always),
        "magnitude_compared" => Meaning::Magnitude(number()?, Alone::Compared),
        "suffix" => Meaning::Suffix(number()?, Suffix::Any),
        "suffix_count" => Meaning::Suffix(number()?, Suffix::Count),
        "suffix_money" => Meaning::Suffix(number()?, Suffix::Money),
        "fraction" => Meaning::Fraction(number()?),
        "share" => Meaning::Share(number()?, Naming::Article),
        "share_bare" => Meaning::Share(number()?, Naming::Bare),
        "share_case" => Meaning::Share(number()?, Naming::Case),
        "factor" => Meaning::Factor(number()?),
        "each" => Meaning::Each(number()?),
        "prefix" => Meaning::Prefix,
        "unit_prefix" => Meaning::UnitPrefix,
        "adjective_ending" => Meaning::AdjectiveEnding,
        "verb_ending" => Meaning::VerbEnding,
        "plural_ending" => Meaning::PluralEnding,
        "singular_ending" => Meaning::SingularEnding,
        "before" => Meaning::Before(Comparator::parse(value)?),
        "after" => Meaning::After(Comparator::parse(value)?),
        "change" => Meaning::Change(course(value)?),
        "course" => Meaning::Course(course(value)?),
        "compared" => Meaning::Compared(course(value)?),
        "word" => Meaning::Role(role(value)?),
        _ => return None,
    })
}

fn course(word: &str) -> Option<Course> {
    Some(match word {
        "up" => Course::Up,
        "down" => Course::Down,
        "either" => Course::Unsaid,
        _ => return None,
    })
}

fn role(word: &str) -> Option<Role> {
    Some(match word {
        "filler" => Role::Filler,
        "and" => Role::And,
        "article" => Role::Article,
        "but" => Role::But,
        "definite" => Role::Definite,
        "of" => Role::Of,
        "out_of" => Role::OutOf,
        "in" => Role::In,
        "within" => Role::Within,
        "through" => Role::Through,
        "clock" => Role::Clock,
        "year_part" => Role::YearPart,
        "or" => Role::Or,
        "point" => Role::Point,
        "minus" => Role::Minus,
        "from" => Role::From,
        "to" => Role::To,
        "amounts" => Role::Amounts,
        "by" => Role::By,
        "between" => Role::Between,
        "per" => Role::Per,
        "label" => Role::Label,
        "month" => Role::Month,
        "times" => Role::Times,
        "case_ending" => Role::CaseEnding,
        "ordinal" => Role::Ordinal,
        "ordinal_word" => Role::OrdinalWord,
        "year" => Role::Year,
        "time" => Role::Time,
        "span" => Role::Span,
        "throughout" => Role::Throughout,
        "whole" => Role::Whole,
        "ranked" => Role::Ranked,
        "adds" => Role::Adds,
        "plus" => Role::Plus,
        "zero" => Role::Zero,
        "many" => Role::Many,
        "inverted" => Role::Inverted,
        "elapsed" => Role::Elapsed,
        "populace" => Role::Populace,
        "street" => Role::Street,
        "street_last" => Role::StreetLast,
        "stop" => Role::Stop,
        "plural" => Role::Plural,
        "extent" => Role::Extent,
        "past" => Role::Past,
        "without" => Role::Without,
        "ordinary" => Role::Ordinary,
        "single" => Role::Single,
        "homonym" => Role::Homonym,
        "numbered" => Role::Numbered,
        "numbered_last" => Role::NumberedLast,
        "back" => Role::Back,
        "cash" => Role::Cash,
        "year_of" => Role::YearOf,
        "dated" => Role::Dated,
        "weighs" => Role::Weighs,
        "at" => Role::At,
        "until" => Role::Until,
        "ranging" => Role::Ranging,
        "hours" => Role::Hours,
        "among" => Role::Among,
        "saying" => Role::Saying,
        "towards" => Role::Towards,
        "given" => Role::Given,
        "piece" => Role::Piece,
        "unseen" => Role::Unseen,
        "number_sign" => Role::NumberSign,
        "ranked_range" => Role::RankedRange,
        "priced" => Role::Priced,
        "hemisphere" => Role::Hemisphere,
        "picture" => Role::Picture,
        "decade" => Role::Decade,
        "further" => Role::Further,
        _ => return None,
    })
}
