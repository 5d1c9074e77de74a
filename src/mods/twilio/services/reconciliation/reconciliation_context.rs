use chrono::{DateTime, NaiveDate, Utc};
use tokio_util::sync::CancellationToken;

use super::reconciliation_lease::ComparedClaim;
use crate::{
    bases::{lease::Lease, state::AppState},
    mods::twilio::utils::HistoryOwner,
    twilio::TwilioReader,
};

/// What the steps of a reconciliation share.
pub(super) struct ReconciliationContext {
    pub state: AppState,
    pub lease: Lease,
    pub owner: HistoryOwner,
    pub claim: ComparedClaim,
    /// When the number came to us: messages from before are history.
    pub number_since: DateTime<Utc>,
    pub since: NaiveDate,
    pub reader: TwilioReader,
    pub shutdown: CancellationToken,
}
