use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::RemoveSubscription;
use crate::{
    bases::error::AppError,
    entities::states::AccountChangeKind,
    mods::{
        account::services::account_changes::{
            AccountAccess, AccountAction, Action, Outcome, Values, changed_since, created, gone,
            values,
        },
        twilio::utils::create_event_subscription_util,
    },
    twilio::{
        EventSubscription, TwilioError, TwilioHost, TwilioWriter, list_event_subscriptions,
        list_subscribed_types, twilio_error_to_app_error,
    },
};

/// Makes the subscription that leads our event types to a sink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateSubscription {
    /// None in a plan that creates the sink too; known when the call is made.
    pub sink_sid: Option<String>,
    /// Each with the version of its schema; none lets Twilio take the newest.
    pub types: BTreeMap<String, Option<u32>>,
}

#[typetag::serde(name = "create_subscription")]
#[async_trait]
impl Action for CreateSubscription {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::SubscriptionCreated
    }

    fn summary(&self) -> String {
        format!("Subscription with {} event types", self.types.len())
    }

    fn target(&self) -> (&'static str, Option<&str>) {
        ("Subscriptions", None)
    }

    fn after(&self) -> Option<Values> {
        let sink = self.sink_sid.clone();
        let mut after = values([(
            "sink_sid",
            sink.unwrap_or_else(|| "the new sink".to_owned()),
        )]);
        after.extend(self.types.iter().map(|(event_type, version)| {
            let version = version.map_or("newest version".to_owned(), |v| format!("version {v}"));
            (event_type.clone(), version)
        }));
        Some(after)
    }

    fn learn_sink(&mut self, sink: &str) {
        self.sink_sid.get_or_insert_with(|| sink.to_owned());
    }

    async fn execute(
        &self,
        _account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        let sink = self.sink_sid.as_deref().unwrap_or_default();
        created(&create_event_subscription_util(writer, sink, &self.types).await?)
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let reader = account.reader(TwilioHost::Events)?;
        let all = list_event_subscriptions(&reader).await?;
        let ours = all
            .into_iter()
            .find(|one| Some(&one.sink_sid) == self.sink_sid.as_ref());
        Ok(ours.map(|one| Outcome::created(one.sid)))
    }

    async fn undo(
        &self,
        account: &AccountAccess,
        resource_sid: &str,
    ) -> Result<Vec<AccountAction>, AppError> {
        let path = format!("/v1/Subscriptions/{resource_sid}");
        let there: EventSubscription = account
            .fetch_or_say(TwilioHost::Events, &path)
            .await?
            .ok_or_else(|| gone("subscription"))?;
        if Some(&there.sink_sid) != self.sink_sid.as_ref() {
            return Err(changed_since("subscription's sink", &there.sink_sid));
        }
        let types = async {
            let reader = account.reader(TwilioHost::Events)?;
            list_subscribed_types(&reader, resource_sid).await
        };
        let types = types
            .await
            .map_err(|error| twilio_error_to_app_error(&error))?;
        // Types that somebody else wants from it would be lost with it.
        let foreign = types
            .iter()
            .find(|one| !self.types.contains_key(&one.event_type));
        if let Some(foreign) = foreign {
            return Err(changed_since("subscription's types", &foreign.event_type));
        }
        Ok(vec![Box::new(RemoveSubscription {
            subscription_sid: there.sid,
            sink_sid: there.sink_sid,
            types: types.into_iter().map(|one| one.event_type).collect(),
        })])
    }
}
