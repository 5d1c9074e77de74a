use crate::delivery::{Delivery, DeliveryTarget, Payload};
use crate::model::Message;
use crate::store::DeliveredItem;

impl Message {
    /// The form that tells the message's current status to its `StatusCallback`.
    pub(crate) fn status_callback_delivery(&self, generation: u64) -> Option<Delivery> {
        let url = self.status_callback.clone()?;
        let mut form = vec![
            ("ApiVersion", "2010-04-01".to_owned()),
            ("AccountSid", self.account_sid.to_string()),
            ("MessageSid", self.sid.to_string()),
            ("SmsSid", self.sid.to_string()),
            ("MessageStatus", self.status.as_str().to_owned()),
            ("SmsStatus", self.status.as_str().to_owned()),
            ("From", self.from.clone().unwrap_or_default()),
            ("To", self.to.clone()),
        ];
        if let Some(code) = self.error_code {
            form.push(("ErrorCode", code.to_string()));
        }
        if let Some(service) = &self.messaging_service_sid {
            form.push(("MessagingServiceSid", service.to_string()));
        }
        Some(Delivery {
            generation,
            account_sid: self.account_sid.clone(),
            target: DeliveryTarget::StatusCallback,
            url,
            payload: Payload::Form(
                form.into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            ),
            items: vec![DeliveredItem {
                event_id: None,
                kind: self.status.as_str().to_owned(),
                message_sid: Some(self.sid.clone()),
            }],
            attempts: 0,
            first_attempt: None,
            is_copy: false,
        })
    }
}
