//! What the steps of a run share.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Value};
use tokio_util::sync::CancellationToken;

use super::{DatabasePatience, RunStop};
use crate::{
    bases::{
        ids::OrganizationId,
        lease::{EXTEND, Guard, Lease},
        state::AppState,
    },
    mods::{account::services::resolve_twilio_credentials_service, twilio::utils::HistoryOwner},
    twilio::TwilioReader,
};

/// A run that reads Twilio's list of a number's messages: whose list, how, and under which lease.
pub struct ListRun {
    pub state: AppState,
    pub lease: Lease,
    /// What else must hold for the run to store anything: the claim of its number.
    pub guard: Guard,
    pub owner: HistoryOwner,
    /// The first day that is wanted.
    pub since: Option<NaiveDate>,
    pub reader: TwilioReader,
    /// Pages under way at once.
    pub pages_at_once: usize,
    /// A longer list is a loop.
    pub most_pages: u32,
    pub shutdown: CancellationToken,
}

impl ListRun {
    /// Renews the lease, and stops if it is lost. A database that restarts is waited for.
    pub async fn renew(&self, conn: &impl ConnectionTrait) -> Result<(), RunStop> {
        let patience = DatabasePatience::new(&self.shutdown);
        loop {
            match self.lease.renew(conn, self.guard.clone()).await {
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

    /// Writes what came of a page and renews the lease; stops if it or the guard is lost. The
    /// values of `set` begin at `$3`. `unreadable` entries are noted once, whoever sees them.
    pub async fn count_page<const N: usize>(
        &self,
        conn: &impl ConnectionTrait,
        set: &str,
        values: [Value; N],
        unreadable: &[String],
    ) -> Result<(), RunStop> {
        let mut set = format!("{EXTEND}, {set}");
        let mut values = Vec::from(values);
        if !unreadable.is_empty() {
            tracing::warn!(count = unreadable.len(), run_id = %self.lease.id, "entries of Twilio's list cannot be read");
            values.push(unreadable.to_vec().into());
            set.push_str(&format!(
                ", unreadable = ARRAY (
                    SELECT DISTINCT entry FROM unnest(unreadable || ${}::text[]) AS entry
                    LIMIT 1000)",
                values.len() + 2
            ));
        }
        let guard = self.guard.clone();
        if self.lease.update(conn, &set, values, guard).await? {
            Ok(())
        } else {
            Err(RunStop::NotOurs)
        }
    }
}

/// A reader of the organization's Twilio account.
pub async fn open_reader(
    state: &AppState,
    organization: OrganizationId,
) -> Result<TwilioReader, RunStop> {
    let credentials =
        resolve_twilio_credentials_service(&state.db, &state.config, organization).await?;
    let (http, url) = (state.http.clone(), &state.config.twilio_api_base_url);
    Ok(TwilioReader::new(http, url, credentials)?)
}
