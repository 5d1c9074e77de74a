/// Whether a `resync` of the server is to be acted on at once. What is shown is fetched again with
/// each, so during a flood there is a pause after it, and all that come in the pause are one.
#[cfg_attr(
    not(any(feature = "web", test)),
    expect(dead_code, reason = "only a browser hears of a flood")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResyncPause {
    /// There is no pause.
    Quiet,
    /// One was acted on a moment ago.
    JustDone,
    /// Another came since: it is acted on when the pause is over.
    Waiting,
}

#[cfg(any(feature = "web", test))]
impl ResyncPause {
    /// A `resync` came: whether to act on it now, and begin a pause.
    pub(super) fn hear(&mut self) -> bool {
        let is_due = *self == Self::Quiet;
        *self = if is_due {
            Self::JustDone
        } else {
            Self::Waiting
        };
        is_due
    }

    /// The pause is over: whether to act on one that came in it, and begin another pause.
    pub(super) fn end(&mut self) -> bool {
        let is_due = *self == Self::Waiting;
        *self = if is_due { Self::JustDone } else { Self::Quiet };
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_acted_on_at_once_and_then_once_in_each_pause() {
        let mut pause = ResyncPause::Quiet;
        assert!(pause.hear(), "the first at once");
        assert_eq!([pause.hear(), pause.hear(), pause.hear()], [false; 3]);
        assert!(pause.end(), "those of the pause once, at its end");
        assert!(!pause.hear(), "the next pause has begun");
        assert!(pause.end());
        assert!(!pause.end(), "nothing came in the last one");
        assert!(pause.hear(), "after the flood at once again");
    }
}
