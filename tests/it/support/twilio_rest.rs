use reqwest::Method;
use serde_json::{Value, json};
use twilio_sim::NewAccount;

use super::{Reply, TwilioAccount, World};

/// What somebody does in the account by hand, with Twilio's own API.
impl World {
    /// Makes an account at Twilio, or changes one: status, type, owner.
    pub fn make_account(&self, account: &TwilioAccount, more: &Value) {
        let mut new = json!({ "sid": account.sid, "auth_token": account.token });
        for (name, value) in more.as_object().expect("an object") {
            new[name] = value.clone();
        }
        let new: NewAccount = serde_json::from_value(new).expect("an account");
        self.simulator().add_account(new).expect("there is room");
    }

    /// A call of Twilio's REST API, past the server.
    pub async fn at_twilio(
        &self,
        account: &TwilioAccount,
        method: Method,
        path: &str,
        form: &[(&str, String)],
    ) -> Reply {
        let url = format!("{}{path}", self.simulator().base_url());
        let request = reqwest::Client::new()
            .request(method, url)
            .basic_auth(&account.sid, Some(&account.token))
            .form(form);
        Reply::of(request).await
    }

    /// A list of Event Streams: `Sinks`, `Subscriptions` …
    pub async fn list_at_twilio(
        &self,
        account: &TwilioAccount,
        path: &str,
        key: &str,
    ) -> Vec<Value> {
        let path = format!("/v1/{path}?PageSize=1000");
        let reply = self.at_twilio(account, Method::GET, &path, &[]).await;
        reply.ok()[key].as_array().expect("a list").clone()
    }

    /// A sink of another app, or one made by hand; returns its SID.
    pub async fn sink_by_hand(&self, account: &TwilioAccount, destination: &str) -> String {
        let configuration = json!({ "destination": destination, "method": "POST" });
        let form = [
            ("Description", "by hand".to_owned()),
            ("SinkConfiguration", configuration.to_string()),
            ("SinkType", "webhook".to_owned()),
        ];
        let reply = self
            .at_twilio(account, Method::POST, "/v1/Sinks", &form)
            .await;
        assert_eq!(reply.status, 201, "{}", reply.json);
        reply.json["sid"].as_str().expect("a SID").to_owned()
    }

    /// How many requests Twilio has had so far; see [`World::requests_since`].
    pub fn requests_so_far(&self) -> u64 {
        let requests = self.simulator().requests_after(0);
        requests.last().map_or(0, |request| request.seq)
    }

    /// Method and path of the requests that Twilio has had since.
    pub fn requests_since(&self, seq: u64) -> Vec<String> {
        let requests = self.simulator().requests_after(seq).into_iter();
        requests
            .map(|request| format!("{} {}", request.method, request.path))
            .collect()
    }

    /// Those of them that asked for a change.
    pub fn changes_since(&self, seq: u64) -> Vec<String> {
        let mut requests = self.requests_since(seq);
        requests.retain(|request| !request.starts_with("GET "));
        requests
    }
}
