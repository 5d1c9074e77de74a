/// Where a number's calls or texts lead, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingWords {
    /// The class of the dot beside it, which only repeats the word.
    pub dot: &'static str,
    pub word: &'static str,
    pub detail: String,
}

impl RoutingWords {
    /// It is as it should be.
    pub fn good(word: &'static str, detail: String) -> Self {
        Self {
            dot: "dot dot--success",
            word,
            detail,
        }
    }

    /// Somebody should look at it.
    pub fn warning(word: &'static str, detail: String) -> Self {
        Self {
            dot: "dot dot--warning",
            word,
            detail,
        }
    }

    /// Loquent has no part in it.
    pub fn other(word: &'static str, detail: String) -> Self {
        Self {
            dot: "dot dot--none",
            word,
            detail,
        }
    }
}
