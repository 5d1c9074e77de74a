use crate::{
    mods::account::services::account_changes::AccountAccess,
    twilio::{EventSink, TwilioError, TwilioHost, list_event_sinks},
};

/// All event sinks of the organization's account, those of others included.
pub async fn list_event_sinks_util(account: &AccountAccess) -> Result<Vec<EventSink>, TwilioError> {
    list_event_sinks(&account.reader(TwilioHost::Events)?).await
}
