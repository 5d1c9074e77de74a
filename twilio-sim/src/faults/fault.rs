use serde::{Deserialize, Serialize};

use crate::faults::FaultTarget;

/// Longest wait of any kind.
const LONGEST_MS: u64 = 10 * 60 * 1_000;
/// Most copies of an event, and most messages that arrive at once.
const MOST: u32 = 100;

/// One thing that can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The answer takes longer. It adds up with other faults.
    Latency {
        /// At least this long.
        ms: u64,
        /// And up to this much more.
        #[serde(default)]
        jitter_ms: u64,
    },
    /// 429, code 20429; nothing is done.
    RateLimit {
        /// `Retry-After` in seconds; no such header unless given.
        #[serde(default)]
        retry_after_s: Option<u64>,
    },
    /// 5xx, code 20500; nothing is done.
    ServerError {
        /// 500 to 599; 500 unless given.
        #[serde(default = "internal_error")]
        status: u16,
    },
    /// No answer, and nothing is done. After this time it is a 503.
    Hang {
        /// Ten minutes unless given.
        #[serde(default = "longest")]
        ms: u64,
    },
    /// The connection breaks in the middle of the answer's body. What was asked for is done.
    Cut,
    /// 401, code 20003.
    Unauthorized,
    /// 404, code 20404.
    NotFound,
    /// 200 with a page of HTML instead of the file.
    WrongType,
    /// The redirect to the bytes leads to `localhost`, which is not the media host.
    ForeignRedirect,
    /// Messages are missing from the list while they are young; only those of generated histories
    /// are old from the start.
    ListLag {
        /// Age at which they appear.
        ms: u64,
    },
    /// A page's link to the next page leads to the page itself.
    RepeatPage,
    /// Messages arrive while a page is read, and what they push down stands on the next page again.
    Arrivals {
        /// Messages for each page.
        count: u32,
    },
    /// What was asked for is done (a message is created, a number is bought), and the answer is 5xx
    /// all the same.
    ProcessedThenError {
        /// 500 to 599; 500 unless given.
        #[serde(default = "internal_error")]
        status: u16,
    },
    /// What was asked for is done, and there is no answer. After this time it is a 503.
    ProcessedThenHang {
        /// Ten minutes unless given.
        #[serde(default = "longest")]
        ms: u64,
    },
    /// The message's callbacks and events go out before the create call is answered.
    AnswerAfterEvents {
        /// Longest wait for them; 10 seconds unless given.
        #[serde(default = "ten_seconds")]
        max_wait_ms: u64,
    },
    /// The event or callback is never sent.
    Drop,
    /// The event or callback is sent again, with the same id.
    Duplicate {
        /// Further copies; one unless given.
        #[serde(default = "one")]
        copies: u32,
        /// Each within this time after the original is due.
        #[serde(default)]
        within_ms: u64,
    },
    /// The event or callback is sent later.
    Delay {
        /// At least this much.
        ms: u64,
        /// And up to this much more.
        #[serde(default)]
        jitter_ms: u64,
    },
    /// The event or callback is sent at any time within a window, so that others overtake it.
    Reorder {
        /// The window.
        within_ms: u64,
    },
}

fn internal_error() -> u16 {
    500
}

fn longest() -> u64 {
    LONGEST_MS
}

fn ten_seconds() -> u64 {
    10_000
}

fn one() -> u32 {
    1
}

impl Fault {
    /// Its name, as in `kind`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Latency { .. } => "latency",
            Self::RateLimit { .. } => "rate_limit",
            Self::ServerError { .. } => "server_error",
            Self::Hang { .. } => "hang",
            Self::Cut => "cut",
            Self::Unauthorized => "unauthorized",
            Self::NotFound => "not_found",
            Self::WrongType => "wrong_type",
            Self::ForeignRedirect => "foreign_redirect",
            Self::ListLag { .. } => "list_lag",
            Self::RepeatPage => "repeat_page",
            Self::Arrivals { .. } => "arrivals",
            Self::ProcessedThenError { .. } => "processed_then_error",
            Self::ProcessedThenHang { .. } => "processed_then_hang",
            Self::AnswerAfterEvents { .. } => "answer_after_events",
            Self::Drop => "drop",
            Self::Duplicate { .. } => "duplicate",
            Self::Delay { .. } => "delay",
            Self::Reorder { .. } => "reorder",
        }
    }

    /// True if it takes the place of the answer, so that only one such fault can happen at once.
    pub(crate) fn replaces_answer(self) -> bool {
        !matches!(
            self,
            Self::Latency { .. } | Self::ListLag { .. } | Self::RepeatPage | Self::Arrivals { .. }
        )
    }

    /// Whether it can happen there.
    pub(crate) fn can_hit(self, target: FaultTarget) -> bool {
        match self {
            Self::Drop | Self::Duplicate { .. } | Self::Delay { .. } | Self::Reorder { .. } => {
                target.is_delivery()
            }
            Self::ListLag { .. } | Self::RepeatPage | Self::Arrivals { .. } => {
                target == FaultTarget::ListMessages
            }
            Self::WrongType => target == FaultTarget::Cdn,
            Self::ForeignRedirect => target == FaultTarget::MediaBytes,
            Self::ProcessedThenError { .. } | Self::ProcessedThenHang { .. } => target.is_change(),
            Self::AnswerAfterEvents { .. } => target == FaultTarget::CreateMessage,
            Self::Unauthorized => target.is_rest(),
            Self::Latency { .. }
            | Self::RateLimit { .. }
            | Self::ServerError { .. }
            | Self::Hang { .. }
            | Self::Cut
            | Self::NotFound => target.is_rest() || target == FaultTarget::Cdn,
        }
    }

    /// Whether its numbers are within their limits.
    pub(crate) fn is_within_limits(self) -> bool {
        let waits = |times: &[u64]| times.iter().all(|ms| *ms <= LONGEST_MS);
        match self {
            Self::Latency { ms, jitter_ms } | Self::Delay { ms, jitter_ms } => {
                waits(&[ms, jitter_ms])
            }
            Self::Hang { ms } | Self::ProcessedThenHang { ms } | Self::ListLag { ms } => {
                waits(&[ms])
            }
            Self::AnswerAfterEvents { max_wait_ms } => waits(&[max_wait_ms]),
            Self::Reorder { within_ms } => waits(&[within_ms]),
            Self::Duplicate { copies, within_ms } => copies <= MOST && waits(&[within_ms]),
            Self::Arrivals { count } => count <= MOST,
            Self::ServerError { status } | Self::ProcessedThenError { status } => {
                (500..=599).contains(&status)
            }
            Self::RateLimit { .. }
            | Self::Cut
            | Self::Unauthorized
            | Self::NotFound
            | Self::WrongType
            | Self::ForeignRedirect
            | Self::RepeatPage
            | Self::Drop => true,
        }
    }
}
