//! Which tests somebody asked for.

use crate::testing::tally::Tally;

/// Words that are passed on to the test runners, and how many tests these found.
#[derive(Debug)]
pub struct Filter<'a> {
    /// The words as they were given.
    pub words: &'a [String],
    found: u64,
}

impl<'a> Filter<'a> {
    /// A filter that has found nothing yet.
    #[must_use]
    pub fn new(words: &'a [String]) -> Self {
        Self { words, found: 0 }
    }

    /// Counts what a runner found with it. Nothing may be found where other runners find
    /// something.
    pub fn note(&mut self, tally: Tally) -> Tally {
        self.found += tally.passed + tally.failed;
        tally
    }

    /// Whether it is there, and no runner found a test with it.
    #[must_use]
    pub fn found_nothing(&self) -> bool {
        !self.words.is_empty() && self.found == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_must_find_a_test_in_some_runner() {
        let words = ["typo".to_owned()];
        let mut filter = Filter::new(&words);
        filter.note(Tally::default());
        assert!(filter.found_nothing());
        filter.note(Tally {
            passed: 1,
            failed: 0,
        });
        filter.note(Tally::default());
        assert!(!filter.found_nothing());
    }

    #[test]
    fn without_a_filter_nothing_need_be_found() {
        assert!(!Filter::new(&[]).found_nothing());
    }
}
