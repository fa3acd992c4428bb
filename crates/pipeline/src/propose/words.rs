//! Words in headers and cells of foreign tables, in lower case, that tell what a column is for.

use std::collections::BTreeSet;

use normalize::place::Places;

/// Organisations that are declared as places; more are names of people or firms.
pub(super) const BODIES: usize = 80;

/// What organisations that give are called.
const BODY_WORDS: [&str; 28] = [
    "bank",
    "fund",
    "union",
    "agency",
    "organi",
    "development",
    "programme",
    "program",
    "association",
    "commission",
    "foundation",
    "council",
    "institut",
    "corporation",
    "facility",
    "partnership",
    "nations",
    "group",
    "банк",
    "фонд",
    "союз",
    "агентств",
    "организац",
    "программ",
    "ассоциац",
    "комисси",
    "корпорац",
    "совет",
];

/// What columns of claims are called.
pub(super) const OF_CLAIMS: [(&str, &[&str]); 7] = [
    ("indicator", &["indicator", "series", "measure", "показатель", "индикатор"]),
    ("partner", &["partner", "counterpart", "recipient", "destination", "партн", "контрагент", "получател"]),
    ("reporter", &["reporter", "country", "state", "economy", "donor", "страна", "государств", "регион"]),
    ("period", &["period", "year", "date", "quarter", "month", "период", "год", "дата", "квартал", "месяц"]),
    ("unit", &["unit", "currency", "ед.", "единиц", "валюта"]),
    ("asserted_by", &["said by", "speaker", "кто сказал"]),
    ("note", &["note", "comment", "remark", "примечан", "коммент"]),
];

/// What names a thing that was promised.
pub(super) const TITLES: [&str; 19] = [
    "title",
    "project",
    "agreement",
    "treaty",
    "document",
    "pledge",
    "commitment",
    "programme",
    "contract",
    "activity",
    "measure",
    "initiative",
    "name",
    "наименован",
    "назван",
    "проект",
    "договор",
    "соглашен",
    "документ",
];

/// Who promises.
pub(super) const PARTIES: [&str; 17] = [
    "donor",
    "creditor",
    "lender",
    "funder",
    "investor",
    "provider",
    "part",
    "country",
    "state",
    "contractor",
    "донор",
    "кредитор",
    "инвестор",
    "сторон",
    "стран",
    "государств",
    "исполнител",
];

/// To whom.
pub(super) const COUNTERPARTIES: [&str; 9] = [
    "recipient",
    "beneficiary",
    "counterpart",
    "borrower",
    "partner",
    "получател",
    "заемщик",
    "заёмщик",
    "партн",
];

/// Where organisations stand beside countries.
pub(super) const GIVERS: [&str; 10] = [
    "donor",
    "creditor",
    "lender",
    "funder",
    "provider",
    "agency",
    "донор",
    "кредитор",
    "parties",
    "стороны",
];

/// When it was promised.
pub(super) const ANNOUNCED: [&str; 13] = [
    "signed",
    "signature",
    "announced",
    "approv",
    "committed on",
    "start",
    "date",
    "year",
    "подписан",
    "начал",
    "утвержд",
    "дата",
    "год",
];

/// When it is due.
pub(super) const DEADLINES: [&str; 10] = [
    "deadline",
    "completion",
    "end date",
    "closing",
    "due",
    "target year",
    "until",
    "окончан",
    "заверш",
    "срок",
];

/// When it came into force.
pub(super) const IN_FORCE: [&str; 4] = ["force", "effective", "вступил", "вступлен"];

/// How much was promised, the likeliest first.
pub(super) const AMOUNTS: [&str; 13] = [
    "committed",
    "commitment",
    "pledged",
    "amount",
    "value",
    "cost",
    "sum",
    "total",
    "объем",
    "объём",
    "сумма",
    "стоимость",
    "инвестиц",
];

/// Where it stands.
pub(super) const STATUSES: [&str; 4] = ["status", "state of", "статус", "состояни"];

/// What publishes.
pub(super) const PUBLISHERS: [&str; 5] = ["publisher", "outlet", "published by", "издател", "издание"];

/// Statuses as registers word them, and as the contract does; the first that a cell starts with.
pub(super) const STATUS_WORDS: [(&str, &str); 47] = [
    ("not in force", "signed"),
    ("not yet in force", "signed"),
    ("in force", "in_force"),
    ("active", "in_force"),
    ("valid", "in_force"),
    ("effective", "in_force"),
    ("signed", "signed"),
    ("ratified", "in_force"),
    ("ongoing", "under_way"),
    ("in progress", "under_way"),
    ("under way", "under_way"),
    ("underway", "under_way"),
    ("implementation", "under_way"),
    ("under implementation", "under_way"),
    ("disbursing", "under_way"),
    ("partially", "partially_met"),
    ("partly", "partially_met"),
    ("completed", "met"),
    ("complete", "met"),
    ("closed", "met"),
    ("delivered", "met"),
    ("done", "met"),
    ("fulfilled", "met"),
    ("announced", "announced"),
    ("approved", "announced"),
    ("committed", "announced"),
    ("pipeline", "proposed"),
    ("planned", "proposed"),
    ("proposed", "proposed"),
    ("suspended", "suspended"),
    ("on hold", "suspended"),
    ("cancelled", "cancelled"),
    ("canceled", "cancelled"),
    ("withdrawn", "cancelled"),
    ("terminated", "cancelled"),
    ("expired", "cancelled"),
    ("не вступил", "signed"),
    ("действу", "in_force"),
    ("вступил", "in_force"),
    ("подписан", "signed"),
    ("реализуется", "under_way"),
    ("в процессе", "under_way"),
    ("заверш", "met"),
    ("выполнен", "met"),
    ("планируется", "proposed"),
    ("приостанов", "suspended"),
    ("утратил", "cancelled"),
];

/// What sort of promise a register holds, by a word in its headers or its name.
pub(super) const KINDS: [(&str, &str); 16] = [
    ("memorand", "memorandum"),
    ("меморандум", "memorandum"),
    ("roadmap", "roadmap"),
    ("дорожн", "roadmap"),
    ("pledge", "pledge"),
    ("treat", "agreement"),
    ("agreement", "agreement"),
    ("contract", "agreement"),
    ("document", "agreement"),
    ("договор", "agreement"),
    ("соглашен", "agreement"),
    ("документ", "agreement"),
    ("donor", "pledge"),
    ("кредит", "pledge"),
    ("commit", "pledge"),
    ("project", "programme"),
];

/// First words of rows that sum up others.
pub(super) const TOTALS: [&str; 6] = ["Total", "Sum", "Итого", "Всего", "Note", "Примечание"];

/// Which way a flow goes, by the words that its cells start with.
const DIRECTIONS: [&str; 16] = [
    "export",
    "import",
    "re-export",
    "re-import",
    "inflow",
    "outflow",
    "inward",
    "outward",
    "immigration",
    "emigration",
    "экспорт",
    "импорт",
    "реэкспорт",
    "реимпорт",
    "приток",
    "отток",
];

/// Whether cells say which way a flow goes, and nothing else.
pub(super) fn is_direction(texts: &BTreeSet<String>) -> bool {
    let says_so = |text: &String| {
        let text = text.to_lowercase();
        text.split_whitespace().count() <= 2 && DIRECTIONS.iter().any(|word| text.starts_with(word))
    };
    !texts.is_empty() && texts.iter().all(says_so)
}

/// Whether a header names numbers that count or name rows.
pub(super) fn is_number_name(name: &str) -> bool {
    let name = name.to_lowercase();
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric() && c != '№').filter(|w| !w.is_empty()).collect();
    matches!(
        words.as_slice(),
        ["id" | "code" | "№" | "no" | "nr" | "код" | "номер" | "number" | "#"]
            | ["№", ..]
            | ["n", "п", "п"]
            | ["п", "п"]
    ) || matches!(words.last(), Some(&("id" | "code" | "код")))
}

/// Whether a column repeats another one in codes.
pub(super) fn is_code(name: &str) -> bool {
    let name = name.to_lowercase();
    ["code", "iso", "код"].iter().any(|word| name.contains(word))
}

pub(super) fn is_total(text: &str) -> bool {
    TOTALS.iter().any(|total| text.starts_with(total))
}

/// Whether the header holds one of the words.
pub(super) fn says(name: &str, words: &[&str]) -> bool {
    let name = name.to_lowercase();
    words.iter().any(|word| name.contains(word))
}

/// Whether a name that is no place is that of an organisation, and not of a place that is nearly it or of several.
pub(super) fn is_body(name: &str, places: &Places) -> bool {
    let is_several = split_parties(name).len() > 1;
    places.find(name).is_none() && !is_several && (says(name, &BODY_WORDS) || places.nearest(name).is_empty())
}

/// The names that stand in one cell: "Peru; Chile", "Peru and Chile", "Перу – Чили".
pub(super) fn split_parties(cell: &str) -> Vec<&str> {
    [";", " and ", " & ", " и ", " – ", " — ", " - ", " / "]
        .into_iter()
        .find(|mark| cell.contains(mark))
        .map_or(vec![cell.trim()], |mark| {
            cell.split(mark).map(str::trim).filter(|name| !name.is_empty()).collect()
        })
}
