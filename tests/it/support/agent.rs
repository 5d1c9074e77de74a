use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, header::HeaderMap};
use serde_json::{Value, json};

/// Of a browser that repeats a call.
const PATIENCE: Duration = Duration::from_secs(15);

/// An answer of the API.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null where the body is not JSON.
    pub json: Value,
}

impl Reply {
    /// The JSON of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.json);
        self.json
    }

    /// `name=value` of a cookie that the answer sets, by a part of its name.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let pairs = self.headers.get_all("set-cookie").iter();
        let mut pairs = pairs.filter_map(|set| set.to_str().ok()?.split(';').next());
        pairs
            .find(|pair| pair.split('=').next().is_some_and(|own| own.contains(name)))
            .map(str::to_owned)
    }

    /// Sends a request and reads the answer.
    pub async fn of(request: RequestBuilder) -> Self {
        let answer = request.send().await.expect("an answer");
        Self {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            json: answer.json().await.unwrap_or(Value::Null),
        }
    }
}

/// A browser with a user in front of it.
#[derive(Debug, Clone)]
pub struct Agent {
    /// The server that it talks to.
    pub server: String,
    /// `name=value` of the session, once signed in.
    pub cookie: Option<String>,
    /// `name=value` of the browser, once somebody has signed in with it.
    pub device: Option<String>,
    pub email: String,
    http: Client,
}

impl Agent {
    /// A browser where nobody is signed in.
    pub fn signed_out(server: &str) -> Self {
        Self {
            server: server.to_owned(),
            cookie: None,
            device: None,
            email: String::new(),
            http: Client::new(),
        }
    }

    /// Tries to sign in; keeps the session if it works.
    pub async fn log_in(&mut self, email: &str, password: &str) -> Reply {
        let login = json!({ "email": email, "password": password, "remember": false });
        let reply = self.post("/api/auth/login", &login).await;
        if reply.status == 200 {
            self.cookie = Some(reply.set_cookie("session").expect("a session"));
            self.device = reply.set_cookie("device").or(self.device.take());
            self.email = email.to_owned();
        }
        reply
    }

    /// Changes the password; keeps the new session if it works.
    pub async fn change_password(&mut self, present: &str, new: &str) -> Reply {
        let change = json!({ "present_password": present, "new_password": new });
        let reply = self.post("/api/auth/password", &change).await;
        self.cookie = reply.set_cookie("session").or(self.cookie.take());
        reply
    }

    /// The same user at another server.
    pub fn at(&self, server: &str) -> Self {
        Self {
            server: server.to_owned(),
            ..self.clone()
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.with_cookie(self.http.get(format!("{}{path}", self.server)))).await
    }

    /// The answer as it comes, for what is not JSON.
    pub async fn get_raw(&self, path: &str) -> Response {
        let request = self.with_cookie(self.http.get(format!("{}{path}", self.server)));
        request.send().await.expect("an answer")
    }

    /// The same with headers, for parts of a file. A redirect to another host goes without the
    /// session.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = self.with_cookie(self.http.get(format!("{}{path}", self.server)));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer")
    }

    /// A POST with JSON, from a page of this server.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::of(self.request(path, Some(&self.server)).json(body)).await
    }

    /// The same while the server may be gone: the status, if there is an answer.
    pub async fn try_post(&self, path: &str, body: &Value) -> Option<u16> {
        let request = self.request(path, Some(&self.server)).json(body);
        let answer = request.timeout(PATIENCE).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    /// A PUT with JSON, from a page of this server.
    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        let request = self.http.put(format!("{}{path}", self.server));
        let request = self.with_cookie(request.header("origin", &self.server));
        Reply::of(request.json(body)).await
    }

    /// A POST without its body, from a page of the given origin.
    pub fn request(&self, path: &str, origin: Option<&str>) -> RequestBuilder {
        let mut request = self.http.post(format!("{}{path}", self.server));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        self.with_cookie(request)
    }

    fn with_cookie(&self, request: RequestBuilder) -> RequestBuilder {
        let cookies = [&self.cookie, &self.device];
        let cookies: Vec<&str> = cookies.into_iter().flatten().map(String::as_str).collect();
        if cookies.is_empty() {
            request
        } else {
            request.header("cookie", cookies.join("; "))
        }
    }
}
