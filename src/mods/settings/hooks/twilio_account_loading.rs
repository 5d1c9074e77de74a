use dioxus::prelude::*;

use futures::future::LocalBoxFuture;

use super::TwilioAccount;
use crate::{
    bases::{browser, error::AppError},
    mods::{
        account::{
            TWILIO_FORMS,
            api::list_account_changes_api,
            types::{AccountChangePage, TwilioHealth},
        },
        settings::{api::get_twilio_overview_api, utils::merge_account_changes_util},
        twilio::api::check_twilio_health_api,
    },
    ui::call_in_chunk,
};

/// The page, with the last event and the count of today, is read again at most this often while
/// texts come in.
const EVENTS_PAUSE_MS: u32 = 2_000;

/// How what is known is read again.
impl TwilioAccount {
    /// Gets everything again and waits for it.
    pub async fn reload(mut self) {
        match get_twilio_overview_api().await {
            Ok(mut overview) => {
                let activity = {
                    let known = self.overview.peek();
                    merge_account_changes_util(&known.activity, overview.activity.clone())
                };
                overview.activity = activity;
                if *self.overview.peek() != overview {
                    self.overview.set(overview);
                }
            }
            Err(error) => {
                if !self.session.ended_by(&error) {
                    tracing::warn!(%error, "the Twilio account could not be read again");
                }
            }
        }
    }

    /// Adds the part of the account activity that is older than what is shown.
    pub async fn load_more(mut self) {
        let before = self.overview.peek().activity.next_before.clone();
        let Some(before) = before.filter(|_| !*self.loading_more.peek()) else {
            return;
        };
        self.loading_more.set(true);
        let older = call_in_chunk(
            TWILIO_FORMS,
            older_changes::open_chunk_twilio_forms,
            before.clone(),
        );
        match older.await.unwrap_or(Err(AppError::Unavailable)) {
            Ok(older) => {
                let mut overview = self.overview.write();
                // Unless the list was read again meanwhile and ends elsewhere.
                if overview.activity.next_before.as_ref() == Some(&before) {
                    overview.activity.changes.extend(older.changes);
                    overview.activity.next_before = older.next_before;
                }
            }
            Err(error) => self.outcomes.tell_failure("No older changes.", &error),
        }
        self.loading_more.set(false);
    }

    pub(super) async fn read_while_stale(mut self) {
        loop {
            self.reload().await;
            let (_, once_more) = *self.reading.peek();
            self.reading.set((once_more, false));
            if !once_more {
                return;
            }
        }
    }

    pub(super) async fn look_at_twilio(mut self) {
        if *self.checking.peek() {
            return;
        }
        self.checking.set(true);
        let health = call_in_chunk(TWILIO_FORMS, health_check::open_chunk_twilio_forms, ());
        match health.await.unwrap_or(Err(AppError::Unavailable)) {
            Ok(health) => {
                self.overview.write().health = health;
                self.reload().await;
            }
            Err(error) => self.outcomes.tell_failure("Not checked.", &error),
        }
        self.checking.set(false);
    }

    pub(super) fn refresh_events(mut self) {
        if *self.events_stale.peek() {
            return;
        }
        self.events_stale.set(true);
        spawn(async move {
            browser::sleep(EVENTS_PAUSE_MS).await;
            self.events_stale.set(false);
            self.refresh();
        });
    }
}

/// What only a button asks for is in the chunk of the forms.
mod older_changes {
    use super::{AccountChangePage, AppError, LocalBoxFuture, list_account_changes_api};

    pub fn open_chunk_twilio_forms(
        before: String,
    ) -> LocalBoxFuture<'static, Result<AccountChangePage, AppError>> {
        Box::pin(list_account_changes_api(Some(before)))
    }
}

/// See [`older_changes`].
mod health_check {
    use super::{AppError, LocalBoxFuture, TwilioHealth, check_twilio_health_api};

    pub fn open_chunk_twilio_forms(
        (): (),
    ) -> LocalBoxFuture<'static, Result<TwilioHealth, AppError>> {
        Box::pin(check_twilio_health_api())
    }
}
