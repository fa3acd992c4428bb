//! The nearest of some words, for "did you mean".

/// The candidate most like `word`, where one is alike enough to be worth naming.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn suggests_only_what_is_alike() {
        let columns = ["claim_id", "source", "stated"];
        assert_eq!(nearest("Source_", columns.into_iter()), Some("source"));
        assert_eq!(nearest("zzz", columns.into_iter()), None);
    }
}
