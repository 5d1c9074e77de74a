use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// A message SID that nothing else has.
pub fn new_sid() -> String {
    format!("SM{}", Uuid::new_v4().simple())
}

/// An event of Event Streams about one message, in the form of Twilio's schemas.
#[derive(Debug, Clone)]
pub struct TwilioEvent {
    /// `EZ…`.
    pub id: String,
    /// The account that it claims to be of.
    pub account_sid: String,
    /// `SM…`.
    pub message_sid: String,
    /// The part of the type after `com.twilio.messaging.`.
    pub kind: &'static str,
    pub from: String,
    pub to: String,
    pub body: Option<String>,
    pub at: DateTime<Utc>,
    pub error_code: Option<u32>,
    pub status_callback: Option<String>,
}

impl TwilioEvent {
    /// A customer's text.
    pub fn inbound(account_sid: &str, from: &str, to: &str, body: &str) -> Self {
        Self {
            id: format!("EZ{}", Uuid::new_v4().simple()),
            account_sid: account_sid.to_owned(),
            message_sid: new_sid(),
            kind: "inbound-message.received",
            from: from.to_owned(),
            to: to.to_owned(),
            body: Some(body.to_owned()),
            at: Utc::now(),
            error_code: None,
            status_callback: None,
        }
    }

    /// News of a message that the account sent; `status` is `sent`, `delivered`, `failed` or
    /// `undelivered`.
    pub fn status(account_sid: &str, sid: &str, from: &str, to: &str, status: &str) -> Self {
        let kind = match status {
            "sent" => "message.sent",
            "delivered" => "message.delivered",
            "failed" => "message.failed",
            "undelivered" => "message.undelivered",
            "read" => "message.read",
            other => panic!("there is no event for {other}"),
        };
        Self {
            message_sid: sid.to_owned(),
            kind,
            body: None,
            ..Self::inbound(account_sid, from, to, "")
        }
    }

    /// The same at another time.
    pub fn at(mut self, at: DateTime<Utc>) -> Self {
        self.at = at;
        self
    }

    /// The same about another message.
    pub fn about(mut self, message_sid: &str) -> Self {
        self.message_sid = message_sid.to_owned();
        self
    }

    /// As Twilio writes it.
    pub fn json(&self) -> Value {
        let event_type = format!("com.twilio.messaging.{}", self.kind);
        let at = self.at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let is_inbound = self.kind.starts_with("inbound");
        let mut data = json!({
            "messageSid": self.message_sid,
            "timestamp": at,
            "accountSid": self.account_sid,
            "eventName": event_type,
            "from": self.from,
            "to": self.to,
        });
        if let Some(body) = &self.body {
            data["body"] = json!(body);
        }
        if is_inbound {
            data["numMedia"] = json!(0);
            data["numSegments"] = json!(1);
            data["recipients"] = json!([self.to]);
        } else {
            let status = self.kind.rsplit('.').next().unwrap_or_default();
            data["apiVersion"] = json!("2010-04-01");
            data["messageStatus"] = json!(status.to_uppercase());
            data["numberOfSegments"] = json!(1);
        }
        if let Some(code) = self.error_code {
            data["errorCode"] = json!(code);
        }
        if let Some(url) = &self.status_callback {
            data["statusCallBackUrl"] = json!(url);
        }
        let (account, sid) = (&self.account_sid, &self.message_sid);
        json!({
            "specversion": "1.0",
            "type": event_type,
            "source": format!("/2010-04-01/Accounts/{account}/Messages/{sid}.json"),
            "id": self.id,
            "dataschema": "https://events-schemas.twilio.com/Messaging.MessageStatus/7",
            "datacontenttype": "application/json",
            "time": at,
            "data": data,
        })
    }
}
