use std::fmt;

/// How long an import took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Took {
    pub seconds: f64,
    /// How much of all processors was in use meanwhile, by whatever program, from 0 to 1.
    pub busy: f64,
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.busy * 100.0;
        write!(f, "{:.1} s (processors {percent:.0} % busy)", self.seconds)
    }
}
