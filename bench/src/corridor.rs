//! What the generated sheets speak of: places with their names, indicators, publishers.

/// A place and how texts call it.
pub(crate) struct Place {
    pub(crate) code: &'static str,
    pub(crate) names: &'static [&'static str],
}

const fn place(code: &'static str, names: &'static [&'static str]) -> Place {
    Place { code, names }
}

pub(crate) const PLACES: [Place; 24] = [
    place("KGZ", &["Kyrgyzstan", "Kyrgyz Republic", "KGZ", "Киргизия", "Кыргызстан"]),
    place("RUS", &["Russia", "Russian Federation", "RUS", "Россия"]),
    place("KAZ", &["Kazakhstan", "Republic of Kazakhstan", "Казахстан"]),
    place("UZB", &["Uzbekistan", "Узбекистан"]),
    place("TJK", &["Tajikistan", "Таджикистан"]),
    place("TKM", &["Turkmenistan", "Туркменистан"]),
    place("BLR", &["Belarus", "Беларусь", "Белоруссия"]),
    place("ARM", &["Armenia", "Армения"]),
    place("AZE", &["Azerbaijan", "Азербайджан"]),
    place("GEO", &["Georgia", "Грузия"]),
    place("TUR", &["Türkiye", "Turkey", "Турция"]),
    place("CHN", &["China", "CHN", "КНР", "Китай"]),
    place("IND", &["India", "Индия"]),
    place("IRN", &["Iran", "Иран"]),
    place("KOR", &["South Korea", "Republic of Korea", "Южная Корея"]),
    place("JPN", &["Japan", "Япония"]),
    place("MNG", &["Mongolia", "Монголия"]),
    place("PAK", &["Pakistan", "Пакистан"]),
    place("ARE", &["United Arab Emirates", "UAE", "ОАЭ"]),
    place("DEU", &["Germany", "Германия"]),
    place("FRA", &["France", "Франция"]),
    place("ITA", &["Italy", "Италия"]),
    place("GBR", &["United Kingdom", "UK", "Великобритания"]),
    place("USA", &["United States", "USA", "США"]),
];

/// Pairs of two different places, in either order.
pub(crate) const PAIRS: u64 = (PLACES.len() * (PLACES.len() - 1)) as u64;

/// The pair at `index`, which is below [`PAIRS`].
pub(crate) fn pair(index: u64) -> (&'static Place, &'static Place) {
    let others = PLACES.len() as u64 - 1;
    let (reporter, other) = (index / others, index % others);
    let partner = if other < reporter { other } else { other + 1 };
    (&PLACES[reporter as usize], &PLACES[partner as usize])
}

/// Every name with the code it stands for.
pub(crate) fn names() -> impl Iterator<Item = Vec<String>> {
    PLACES
        .iter()
        .flat_map(|place| place.names.iter().map(|name| vec![(*name).to_owned(), place.code.to_owned()]))
}

/// Something measured, and how large it is in a year.
pub(crate) struct Indicator {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) topic: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) is_stock: bool,
    pub(crate) is_symmetric: bool,
    /// The indicator of which it is a part, by place in the list.
    pub(crate) part_of: Option<usize>,
    /// The usual value of a year, by its decimal logarithm, from and to.
    pub(crate) size: (f64, f64),
    /// Of a counted thing, what is counted.
    pub(crate) noun: &'static str,
}

const fn flow(
    id: &'static str,
    label: &'static str,
    topic: &'static str,
    unit: &'static str,
    size: (f64, f64),
) -> Indicator {
    Indicator { id, label, topic, unit, is_stock: false, is_symmetric: false, part_of: None, size, noun: "" }
}

const fn stock(
    id: &'static str,
    label: &'static str,
    topic: &'static str,
    unit: &'static str,
    size: (f64, f64),
) -> Indicator {
    Indicator { is_stock: true, ..flow(id, label, topic, unit, size) }
}

const fn counted(
    id: &'static str,
    label: &'static str,
    topic: &'static str,
    noun: &'static str,
    size: (f64, f64),
) -> Indicator {
    Indicator { noun, ..stock(id, label, topic, "1", size) }
}

pub(crate) const INDICATORS: [Indicator; 24] = [
    Indicator { is_symmetric: true, ..flow("trade_turnover", "Trade turnover", "trade", "USD", (7.5, 11.5)) },
    flow("goods_exports", "Exports of goods", "trade", "USD", (7.0, 11.0)),
    Indicator {
        part_of: Some(1),
        ..flow("machinery_exports", "Exports of machinery", "trade", "USD", (6.5, 10.5))
    },
    Indicator { part_of: Some(1), ..flow("food_exports", "Exports of food", "trade", "USD", (6.5, 10.5)) },
    flow("services_exports", "Exports of services", "trade", "USD", (6.0, 10.0)),
    stock("foreign_trade_share", "Share of foreign trade", "trade", "%", (0.5, 1.6)),
    Indicator {
        is_symmetric: true,
        ..stock("own_currency_share", "Settlements in own currencies", "finance", "%", (0.8, 1.6))
    },
    stock("investment_stock", "Investment stock", "investment", "USD", (7.0, 11.0)),
    flow("investment_inflow", "Investment inflow", "investment", "USD", (6.0, 9.5)),
    flow("fund_financing", "Financing by the fund", "investment", "USD", (6.0, 8.5)),
    counted("joint_ventures", "Joint ventures", "investment", "enterprises", (1.0, 3.5)),
    counted("fund_projects", "Projects of the fund", "investment", "projects", (1.5, 3.5)),
    flow("remittances", "Remittances", "migration", "USD", (6.5, 9.5)),
    counted("labour_migrants", "Labour migrants", "migration", "workers", (3.0, 5.8)),
    flow("gas_exports", "Natural gas exports", "energy", "m3", (7.0, 10.0)),
    flow("electricity_exports", "Electricity exports", "energy", "kW.h", (7.0, 9.8)),
    flow("coal_exports", "Coal exports", "energy", "t", (4.0, 6.8)),
    stock("oil_share", "Oil needs covered", "energy", "%", (0.8, 1.6)),
    counted("students", "Students in the partner", "education", "students", (2.0, 4.5)),
    counted("teachers", "Teachers from the partner", "education", "teachers", (1.5, 3.0)),
    counted("schools", "Schools built together", "education", "schools", (1.0, 2.3)),
    flow("aid_grants", "Grants", "aid", "USD", (5.5, 8.0)),
    counted("buses", "Buses given", "aid", "buses", (1.5, 3.0)),
    counted("treaties", "Treaties in force", "diplomacy", "treaties", (1.3, 2.5)),
];

/// Who publishes: name, the beginning of its ids, kind of source.
pub(crate) const PUBLISHERS: [(&str, &str, &str); 9] = [
    ("National Statistical Committee", "stat", "official_statistics"),
    ("Customs Service", "customs", "official_statistics"),
    ("Ministry of Foreign Affairs", "mfa", "official_statement"),
    ("Office of the President", "president", "official_statement"),
    ("Wire of the North", "wire-north", "wire"),
    ("Wire of the South", "wire-south", "wire"),
    ("The Steppe Times", "times", "press"),
    ("Trade House", "house", "press_release"),
    ("Daily Digest", "digest", "aggregator"),
];
