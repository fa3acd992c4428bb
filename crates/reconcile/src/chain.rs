//! Items that each name at most one other: the text that a source repeats, the promise that is
//! announced again, the claim that is superseded. Walking from name to name ends, or closes a circle.
//!
//! What a name means, and what a circle stands for, the callers decide.

/// A list of items, each with the one that it names.
pub(crate) struct Chains {
    next: Vec<Option<u32>>,
    circular: Vec<bool>,
}

impl Chains {
    /// The chains of items of which the first names the first of `next`, and so on.
    pub(crate) fn new(next: Vec<Option<u32>>) -> Self {
        let circular = on_circles(&next);
        Self { next, circular }
    }

    /// Whether walking from `item` comes back to it.
    pub(crate) fn is_circular(&self, item: u32) -> bool {
        self.circular[item as usize]
    }

    /// The items that come after `item`, the nearest first, each once and never itself.
    pub(crate) fn after(&self, item: u32) -> impl Iterator<Item = u32> {
        let mut current = item;
        let mut closing = self.is_circular(item).then_some(item);
        std::iter::from_fn(move || {
            let next = self.next[current as usize].filter(|&next| closing != Some(next))?;
            if closing.is_none() && self.is_circular(next) {
                closing = Some(next);
            }
            current = next;
            Some(next)
        })
    }

    /// For each item the one in which its chain ends: of a circle the least on it.
    pub(crate) fn ends(&self) -> Vec<u32> {
        let mut ends: Vec<Option<u32>> = vec![None; self.next.len()];
        for start in 0..self.next.len() as u32 {
            let mut path = Vec::new();
            let mut current = start;
            let end = loop {
                if let Some(known) = ends[current as usize] {
                    break known;
                }
                path.push(current);
                if self.is_circular(current) {
                    let least = self.after(current).fold(current, u32::min);
                    path.extend(self.after(current));
                    break least;
                }
                match self.next[current as usize] {
                    Some(next) => current = next,
                    None => break current,
                }
            };
            for item in path {
                ends[item as usize] = Some(end);
            }
        }
        ends.into_iter().zip(0..).map(|(end, own)| end.unwrap_or(own)).collect()
    }
}

/// For each item whether it lies on a circle.
fn on_circles(next: &[Option<u32>]) -> Vec<bool> {
    let mut walk_of = vec![u32::MAX; next.len()];
    let mut circular = vec![false; next.len()];
    for start in 0..next.len() as u32 {
        let mut current = Some(start);
        while let Some(item) = current.filter(|&item| walk_of[item as usize] == u32::MAX) {
            walk_of[item as usize] = start;
            current = next[item as usize];
        }
        // A walk that ends on an item of its own has closed a circle there.
        while let Some(item) = current {
            let item = item as usize;
            if walk_of[item] != start || circular[item] {
                break;
            }
            circular[item] = true;
            current = next[item];
        }
    }
    circular
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `1 2 -`: the first item names the second, the second the third, the third none.
    fn chains(text: &str) -> Chains {
        Chains::new(text.split_whitespace().map(|next| next.parse().ok()).collect())
    }

    #[test]
    fn circles_are_found_and_tails_are_not() {
        // Each case: what each item names, which lie on a circle, and where each one's chain ends.
        let cases = [
            ("- - -", "...", [0, 1, 2].as_slice()),
            ("1 2 -", "...", &[2, 2, 2]),
            ("- 0 1", "...", &[0, 0, 0]),
            ("0 -", "o.", &[0, 1]),
            ("1 0", "oo", &[0, 0]),
            ("1 2 3 1", ".ooo", &[1, 1, 1, 1]),
            ("2 0 1 0 3", "ooo..", &[0, 0, 0, 0, 0]),
            ("4 - 1 2 3", ".....", &[1, 1, 1, 1, 1]),
            ("- 3 3 2", "..oo", &[0, 2, 2, 2]),
        ];
        for (names, circular, ends) in cases {
            let chains = chains(names);
            let found: String =
                (0..ends.len() as u32).map(|item| if chains.is_circular(item) { 'o' } else { '.' }).collect();
            assert_eq!((found.as_str(), chains.ends().as_slice()), (circular, ends), "{names}");
        }
    }

    #[test]
    fn what_comes_after_comes_once() {
        let cases = [
            ("1 2 -", 0, [1, 2].as_slice()),
            ("1 2 -", 2, &[]),
            ("0", 0, &[]),
            ("1 2 0", 1, &[2, 0]),
            ("1 2 3 1", 0, &[1, 2, 3]),
            ("1 1", 0, &[1]),
        ];
        for (names, item, expected) in cases {
            assert_eq!(chains(names).after(item).collect::<Vec<_>>(), expected, "{names} after {item}");
        }
    }
}
