use std::collections::HashMap;

use futures::future::try_join_all;
use serde::Deserialize;

use super::{TwilioError, TwilioReader, list_twilio_pages};

/// Messaging Services whose numbers are looked up; an account with more is looked at in part.
const MOST_SERVICES: usize = 50;

/// A Messaging Service ([Service]).
///
/// [Service]: https://www.twilio.com/docs/messaging/api/service-resource
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MessagingService {
    pub sid: String,
    #[serde(default)]
    pub friendly_name: String,
    /// Texts still go to the webhook of the number.
    #[serde(default)]
    pub use_inbound_webhook_on_number: bool,
}

#[derive(Deserialize)]
struct Member {
    phone_number: String,
}

/// The Messaging Service of each number (E.164) that is in one.
pub async fn list_messaging_services(
    reader: &TwilioReader,
) -> Result<HashMap<String, MessagingService>, TwilioError> {
    let services: Vec<MessagingService> =
        list_twilio_pages(reader, "/v1/Services?PageSize=100", "services").await?;
    let members = services
        .into_iter()
        .take(MOST_SERVICES)
        .map(|service| async {
            let first = format!("/v1/Services/{}/PhoneNumbers?PageSize=1000", service.sid);
            let members: Vec<Member> = list_twilio_pages(reader, &first, "phone_numbers").await?;
            let of_service = members
                .into_iter()
                .map(move |member| (member.phone_number, service.clone()));
            Ok::<_, TwilioError>(of_service.collect::<Vec<_>>())
        });
    Ok(try_join_all(members).await?.into_iter().flatten().collect())
}
