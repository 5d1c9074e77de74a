//! What the steps of an import share.

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    DatabasePatience, RunStop, import_lease::while_claimed, import_reporter::ImportReporter,
};
use crate::{
    bases::{lease::Lease, state::AppState},
    mods::twilio::utils::HistoryOwner,
    twilio::TwilioReader,
};

/// What the steps of an import share.
pub struct ImportContext {
    pub state: AppState,
    pub lease: Lease,
    pub owner: HistoryOwner,
    pub since: Option<NaiveDate>,
    /// The smallest id that a message of this run can have: ids begin with their time.
    pub first_id: Uuid,
    pub reader: TwilioReader,
    pub reporter: ImportReporter,
    pub shutdown: CancellationToken,
}

impl ImportContext {
    /// Renews the lease, and stops if it is lost. A database that restarts is waited for.
    pub async fn renew(&self, conn: &impl ConnectionTrait) -> Result<(), RunStop> {
        let patience = DatabasePatience::new(&self.shutdown);
        loop {
            let guard = while_claimed(&self.state.config);
            match self.lease.renew(conn, guard).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(RunStop::NotOurs),
                Err(error) => {
                    patience
                        .after(error.into(), "renewing a lease failed")
                        .await?
                }
            }
        }
    }
}
