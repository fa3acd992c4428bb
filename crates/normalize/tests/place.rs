//! Reads every case of `tests/place/*.tsv`: a name, and the code of its place or `-` for none.

use normalize::place::Places;

#[test]
fn every_case_reads_as_told() {
    let places = Places::builtin();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (file, cases) in [
        ("english", include_str!("place/english.tsv")),
        ("russian", include_str!("place/russian.tsv")),
        ("none", include_str!("place/none.tsv")),
    ] {
        for case in cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (name, code) = case.split_once('\t').unwrap_or((case, "-"));
            let read = places.find(name).map_or("-", |id| places.get(id).code.as_str());
            count += 1;
            if read != code {
                wrong.push(format!("{file}: {name}: expected {code}, read {read}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 5800, "cases went missing: {count}");
}

#[test]
fn codes_and_built_in_names_find_their_place() {
    let places = Places::builtin();
    assert_eq!(places.all().len(), 253);
    assert!(places.all().is_sorted_by(|a, b| a.code < b.code));
    for place in places.all() {
        let found = |name: &str| places.find(name).map(|id| places.get(id).code.as_str());
        assert_eq!(found(&place.code), Some(place.code.as_str()));
        assert_eq!(found(&place.name), Some(place.code.as_str()));
        assert_eq!(found(&place.name.to_uppercase()), Some(place.code.as_str()));
        if let Some(alpha2) = &place.alpha2 {
            assert_eq!(found(alpha2), Some(place.code.as_str()));
            assert_eq!(found(&alpha2.to_lowercase()), None);
        }
    }
}

#[test]
fn declared_names_add_and_never_take_over() {
    let places = Places::with([("KGZ", "КР"), ("C5", "Central Asia"), ("C5", "Центральная Азия")]);
    let places = places.as_ref().map_err(ToString::to_string);
    let code = |name: &str| places.as_ref().ok().and_then(|p| p.find(name).map(|id| p.get(id).code.clone()));
    assert_eq!(code("КР").as_deref(), Some("KGZ"));
    assert_eq!(code("central asia").as_deref(), Some("C5"));
    assert_eq!(code("C5").as_deref(), Some("C5"));
    assert_eq!(code("Kyrgyz Republic").as_deref(), Some("KGZ"));
    assert!(Places::with([("KGZ", "Kazakhstan")]).is_err());
    assert!(Places::with([("KGZ", "...")]).is_err());
}

#[test]
fn an_unknown_name_has_suggestions() {
    let places = Places::builtin();
    let suggested = |name: &str| places.nearest(name).first().map(|place| place.code.clone());
    assert_eq!(suggested("Kazahstan").as_deref(), Some("KAZ"));
    assert_eq!(suggested("Кыргизстан").as_deref(), Some("KGZ"));
    assert!(places.nearest("Xqzw").is_empty());
}

#[test]
fn odd_names_are_refused_in_linear_time() {
    let places = Places::builtin();
    let started = std::time::Instant::now();
    for odd in ["Я ", "в Киргизии ", "the Republic of ", "St. ", "(", "Congo, ", "a.b."] {
        std::hint::black_box(places.find(&odd.repeat(200_000 / odd.len())));
    }
    assert!(started.elapsed().as_secs() < 10, "took {:?}", started.elapsed());
}
