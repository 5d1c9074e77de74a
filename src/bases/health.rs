//! What does not work on this node, and since when.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How often a lasting problem is logged again.
const SAY_AGAIN: Duration = Duration::from_secs(60);

/// A part of the node that can fail while the rest works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Events from Twilio are stored.
    Storing,
    /// Stored events are processed.
    Processing,
    /// Notices of all nodes are received.
    Listening,
    /// Files of messages are stored.
    Files,
    /// This machine's clock is right.
    Clock,
}

impl Part {
    /// Whether the node cannot serve without it, so that others should get its requests.
    pub fn is_vital(self) -> bool {
        matches!(self, Self::Storing | Self::Processing)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Storing => "events are not being stored",
            Self::Processing => "events are not being processed",
            Self::Listening => "browsers get no events",
            Self::Files => "files cannot be stored",
            Self::Clock => "the clocks differ",
        })
    }
}

/// The node's troubles. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<BTreeMap<Part, Trouble>>>);

#[derive(Debug)]
struct Trouble {
    why: String,
    since: Instant,
    said: Instant,
}

impl Health {
    /// The part works (again).
    pub fn works(&self, part: Part) {
        if let Some(trouble) = self.lock().remove(&part) {
            let seconds = trouble.since.elapsed().as_secs();
            tracing::info!(?part, seconds, "works again");
        }
    }

    /// The part fails. Logged at once, then once in a while.
    pub fn fails(&self, part: Part, why: &str) {
        let now = Instant::now();
        let mut troubles = self.lock();
        let trouble = troubles.entry(part).or_insert_with(|| Trouble {
            why: String::new(),
            since: now,
            said: now,
        });
        if trouble.why.is_empty() || now - trouble.said >= SAY_AGAIN {
            trouble.said = now;
            let seconds = trouble.since.elapsed().as_secs();
            tracing::warn!(why, seconds, "{part}");
        }
        why.clone_into(&mut trouble.why);
    }

    /// What does not work, in words, and whether the node can still serve.
    pub fn report(&self) -> (bool, Vec<String>) {
        let troubles = self.lock();
        let is_ready = !troubles.keys().any(|part| part.is_vital());
        let words = troubles.iter().map(|(part, trouble)| {
            let seconds = trouble.since.elapsed().as_secs();
            format!("{part}, for {seconds} s: {}", trouble.why)
        });
        (is_ready, words.collect())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Part, Trouble>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_without_a_vital_part_is_not_ready() {
        let health = Health::default();
        health.fails(Part::Files, "the disk is full");
        let (is_ready, words) = health.report();
        assert!(is_ready && words.len() == 1, "{words:?}");
        health.fails(Part::Storing, "the database is away");
        assert!(!health.report().0);
        health.works(Part::Storing);
        health.works(Part::Files);
        assert_eq!(health.report(), (true, Vec::new()));
    }
}
