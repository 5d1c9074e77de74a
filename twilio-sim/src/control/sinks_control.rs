use chrono::Utc;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::ControlError;
use crate::model::{Sink, SinkStatus};
use crate::simulation::Simulation;

/// What happened to a sink at Twilio that no call of the API can do. What is left out stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChangedSink {
    /// `initialized`, `validating`, `active` or `failed`.
    pub status: Option<String>,
    /// Where it leads from now on, as if it had been made so.
    pub destination: Option<String>,
}

impl Simulation {
    /// Changes a sink behind everybody's back: it is in no log of requests.
    ///
    /// # Errors
    /// No account has the sink, or the status is unknown.
    pub fn change_sink(&self, sid: &str, changed: &ChangedSink) -> Result<(), ControlError> {
        let status = match &changed.status {
            None => None,
            Some(status) => Some(SinkStatus::parse(status).ok_or_else(|| {
                ControlError::Invalid(format!("there is no sink status {status:?}"))
            })?),
        };
        let mut state = self.state();
        let sink = state
            .accounts
            .values_mut()
            .flat_map(|account| &mut account.sinks)
            .find(|sink| sink.sid.as_str() == sid)
            .ok_or_else(|| ControlError::NotFound(format!("there is no sink {sid}")))?;
        if let Some(status) = status {
            sink.status = status;
        }
        if let Some(destination) = &changed.destination {
            sink.configuration.destination = Some(destination.clone());
            sink.configuration.given["destination"] = json!(destination);
        }
        sink.date_updated = Utc::now();
        Ok(())
    }

    /// Every sink of every account, with its subscription and types: the truth to compare with.
    #[must_use]
    pub fn sinks(&self) -> Vec<Value> {
        let state = self.state();
        let of_account = |(sid, account): (&_, &crate::store::AccountState)| -> Vec<Value> {
            let shown = |sink: &Sink| {
                let subscriptions = account.subscriptions.iter();
                let subscription = subscriptions
                    .filter(|one| one.sink_sid == sink.sid)
                    .map(|one| {
                        let types = one.events.iter();
                        let types: Vec<Value> = types
                            .map(|event| {
                                json!({
                                    "type": event.event_type,
                                    "schema_version": event.schema_version,
                                })
                            })
                            .collect();
                        json!({ "sid": one.sid, "types": types })
                    })
                    .next();
                json!({
                    "account_sid": sid,
                    "sid": sink.sid,
                    "status": sink.status,
                    "destination": sink.configuration.destination,
                    "subscription": subscription,
                })
            };
            account.sinks.iter().map(shown).collect()
        };
        state.accounts.iter().flat_map(of_account).collect()
    }
}
