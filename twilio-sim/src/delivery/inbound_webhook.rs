use crate::delivery::{Delivery, DeliveryTarget, Keyword, Payload};
use crate::model::Message;
use crate::store::{AccountState, DeliveredItem, Uploads};

impl AccountState {
    /// The request that tells a number's own webhook of a text, as a number without Event Streams
    /// gets it. `None` if texts lead nowhere, or to an application, which the simulator has none of.
    ///
    /// `api_base_url` is what the addresses of the files begin with.
    pub(crate) fn inbound_webhook(
        &self,
        message: &Message,
        generation: u64,
        keyword: Option<Keyword>,
        uploads: &Uploads,
        api_base_url: &str,
    ) -> Option<Delivery> {
        let (url, is_get) = self.inbound_url(&message.to)?;
        let mut form = text_fields(message, keyword);
        let media = self.media_of_message(message.sid.as_str(), uploads);
        for (n, file) in media.unwrap_or_default().iter().enumerate() {
            let address = format!(
                "{api_base_url}/2010-04-01/Accounts/{}/Messages/{}/Media/{}",
                message.account_sid, message.sid, file.sid
            );
            form.push((format!("MediaUrl{n}"), address));
            let content_type = file.file.content_type().to_owned();
            form.push((format!("MediaContentType{n}"), content_type));
        }
        Some(Delivery {
            generation,
            account_sid: message.account_sid.clone(),
            target: DeliveryTarget::InboundWebhook,
            url,
            payload: if is_get {
                Payload::Query(form)
            } else {
                Payload::Form(form)
            },
            items: vec![DeliveredItem {
                event_id: None,
                kind: "received".to_owned(),
                message_sid: Some(message.sid.clone()),
            }],
            attempts: 0,
            first_attempt: None,
            is_copy: false,
        })
    }

    /// Where texts to a number lead: to its Messaging Service, else by its own webhook.
    fn inbound_url(&self, number: &str) -> Option<(String, bool)> {
        let of_service = self
            .messaging_service_of(number)
            .and_then(|service| service.inbound_request_url.clone());
        if let Some(url) = of_service {
            return Some((url, false));
        }
        let settings = &self.phone_number(number)?.settings;
        let url = settings.get("sms_url");
        let leads_here = !url.is_empty() && settings.get("sms_application_sid").is_empty();
        leads_here.then(|| (url.to_owned(), settings.is_get("sms_method")))
    }
}

/// The form of a text, without its files.
fn text_fields(message: &Message, keyword: Option<Keyword>) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = [
        ("ToCountry", "US".to_owned()),
        ("ToState", String::new()),
        ("SmsMessageSid", message.sid.to_string()),
        ("NumMedia", message.num_media.to_string()),
        ("ToCity", String::new()),
        ("FromZip", String::new()),
        ("SmsSid", message.sid.to_string()),
        ("FromState", String::new()),
        ("SmsStatus", message.status.as_str().to_owned()),
        ("FromCity", String::new()),
        ("Body", message.body.clone()),
        ("FromCountry", "US".to_owned()),
        ("To", message.to.clone()),
        ("ToZip", String::new()),
        ("NumSegments", message.num_segments.to_string()),
        ("MessageSid", message.sid.to_string()),
        ("AccountSid", message.account_sid.to_string()),
        ("From", message.from.clone().unwrap_or_default()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    if let Some(service) = &message.messaging_service_sid {
        form.push(("MessagingServiceSid".to_owned(), service.to_string()));
    }
    if let Some(keyword) = keyword {
        form.push(("OptOutType".to_owned(), keyword.opt_out_type().to_owned()));
    }
    form
}
