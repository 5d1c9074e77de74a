use crate::history::Draw;
use crate::history::history_plan::HistoryShares;
use crate::model::delivery_error_text;

/// Errors of messages that the carrier gave back.
const UNDELIVERED: [u32; 6] = [30003, 30004, 30005, 30006, 30007, 30034];
/// Errors of messages that never reached the carrier.
const FAILED: [u32; 5] = [30001, 30002, 30007, 30008, 21610];
/// Statuses of messages that wait or were taken back.
const NEVER_SENT: [&str; 3] = ["scheduled", "canceled", "accepted"];
/// Statuses that Twilio does not have today.
const UNKNOWN: [&str; 2] = ["archived", "pending_review"];

/// How a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DeliveryFate {
    pub status: &'static str,
    pub error: Option<(u32, &'static str)>,
    /// Whether it has a `date_sent`.
    pub sent: bool,
}

impl DeliveryFate {
    /// The fate of a message.
    pub fn of(mut source: Draw, inbound: bool, shares: &HistoryShares) -> Self {
        let plain = |status, sent| Self {
            status,
            error: None,
            sent,
        };
        if source.share() < shares.unknown_status {
            return plain(source.pick(&UNKNOWN), true);
        }
        if inbound {
            return plain("received", true);
        }
        let lot = source.share();
        if lot < shares.never_sent {
            return plain(source.pick(&NEVER_SENT), false);
        }
        let with_error = |status, sent, code| Self {
            status,
            error: delivery_error_text(code).map(|text| (code, text)),
            sent,
        };
        if lot < shares.never_sent + shares.failed {
            if source.below(2) == 0 {
                return with_error("undelivered", true, source.pick(&UNDELIVERED));
            }
            // Some fail after they were sent; most never are.
            return with_error("failed", source.below(4) == 0, source.pick(&FAILED));
        }
        match source.below(100) {
            0 | 1 => plain("sent", true),
            2 => plain("read", true),
            _ => plain("delivered", true),
        }
    }
}
