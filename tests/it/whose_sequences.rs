//! Two organizations and one Twilio account, in any order of what may happen: nobody is ever shown
//! a text, a call, a number or an event of an account that is not its present one.
//!
//! `WHOSE_SEED` repeats a run, `WHOSE_SEQUENCES` makes it longer.

use std::{collections::BTreeSet, env};

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    support::{Agent, CUSTOMER, MAIN_LINE, TwilioAccount, World, eventually, new_sid},
    whose_number::{call, connect, give, import, inbox, newcomer, number, text},
};

/// Things that happen in one sequence.
const STEPS: usize = 30;

/// What somebody does.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Connects the account with the token that it has now.
    Connect,
    /// The same with one that it had before: Twilio refuses that.
    ConnectVoid,
    /// Connects an account of its own instead.
    Switch,
    Disconnect,
    /// Lets Loquent look at the account.
    Check,
    Import,
    Remove,
    /// Imports the history, in which there is one more text.
    History,
    /// The account gets another token; nobody tells Loquent.
    Rotate,
    /// A customer texts and calls; most often, as it shows whose the number is.
    Text,
}

impl Step {
    fn any(rng: &mut StdRng) -> Self {
        match rng.random_range(0..14) {
            0 | 1 => Self::Connect,
            2 => Self::ConnectVoid,
            3 => Self::Switch,
            4 => Self::Disconnect,
            5 => Self::Check,
            6 | 7 => Self::Import,
            8 => Self::Remove,
            9 => Self::History,
            10 => Self::Rotate,
            _ => Self::Text,
        }
    }
}

/// Which account an organization uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Account {
    None,
    Other,
    /// The one that it is about, with the token of this turn.
    It(usize),
    /// The same, and Loquent knows that the token is void.
    Refused(usize),
}

/// An organization, and what is to be expected of it.
struct Member {
    admin: Agent,
    own: TwilioAccount,
    forward_to: &'static str,
    account: Account,
    has_number: bool,
    /// The texts that it may have been shown.
    texts: BTreeSet<String>,
}

impl Member {
    fn is_present(&self) -> bool {
        matches!(self.account, Account::It(_))
    }

    fn is_owner(&self) -> bool {
        self.is_present() && self.has_number
    }
}

struct Sequence<'a> {
    world: &'a World,
    account: TwilioAccount,
    number_sid: String,
    tokens: Vec<String>,
    members: Vec<Member>,
    /// The texts that Twilio lists.
    history: BTreeSet<String>,
    count: usize,
}

impl<'a> Sequence<'a> {
    async fn new(world: &'a World) -> Self {
        let account = TwilioAccount::new();
        world.make_account(&account, &json!({}));
        let number_sid = give(world, &account, MAIN_LINE);
        let mut members = Vec::new();
        for forward_to in ["+14155550601", "+14155550602"] {
            let (_, admin) = newcomer(world).await;
            let own = TwilioAccount::new();
            world.make_account(&own, &json!({}));
            members.push(Member {
                admin,
                own,
                forward_to,
                account: Account::None,
                has_number: false,
                texts: BTreeSet::new(),
            });
        }
        Self {
            world,
            tokens: vec![account.token.clone()],
            account,
            number_sid,
            members,
            history: BTreeSet::new(),
            count: 0,
        }
    }

    fn turn(&self) -> usize {
        self.tokens.len() - 1
    }

    async fn take(&mut self, step: Step, who: usize) {
        let turn = self.turn();
        let admin = self.members[who].admin.clone();
        match step {
            Step::Connect => {
                connect(&admin, &self.account).await.ok();
                for member in &mut self.members {
                    if let Account::It(of) = member.account
                        && of != turn
                    {
                        member.account = Account::Refused(of);
                    }
                }
                self.members[who].account = Account::It(turn);
            }
            Step::ConnectVoid => {
                let void = self.account.with_token(&format!("{:032x}", 0xdead));
                assert_eq!(connect(&admin, &void).await.status, 400);
            }
            Step::Switch => {
                connect(&admin, &self.members[who].own).await.ok();
                self.members[who].account = Account::Other;
            }
            Step::Disconnect => {
                admin.post("/api/twilio/disconnect", &json!({})).await.ok();
                self.members[who].account = Account::None;
            }
            Step::Check => {
                admin
                    .post("/api/twilio/check-health", &json!({}))
                    .await
                    .ok();
                if let Account::It(of) = self.members[who].account
                    && of != turn
                {
                    self.members[who].account = Account::Refused(of);
                }
            }
            Step::Import => self.import(who, &admin).await,
            Step::Remove => {
                if let Some(number) = number(&admin).await {
                    let which = json!({ "phone_number_id": number["id"] });
                    let path = "/api/twilio/remove-phone-number";
                    assert_eq!(admin.post(path, &which).await.status, 200);
                }
                self.members[who].has_number = false;
            }
            Step::History => self.import_history(who, &admin).await,
            Step::Rotate => {
                let token = format!("{:032x}", 0xf00d_0000 + self.tokens.len());
                self.account = self.account.with_token(&token);
                self.world.make_account(&self.account, &json!({}));
                self.tokens.push(token);
            }
            Step::Text => self.text().await,
        }
    }

    async fn import(&mut self, who: usize, admin: &Agent) {
        let reply = import(admin, &self.number_sid).await;
        let other = 1 - who;
        let is_accepted = self.members[who].account == Account::It(self.turn());
        let is_taken = self.members[other].is_owner();
        let refused = reply.json["refused"].as_array().map_or(0, Vec::len);
        assert_eq!(
            (reply.status == 200, refused == 0),
            (
                is_accepted || self.members[who].account == Account::Other,
                !(is_accepted && is_taken) && self.members[who].account != Account::Other
            ),
            "{}",
            reply.json
        );
        if is_accepted && !is_taken {
            self.members[who].has_number = true;
            self.members[other].has_number = false;
            let number = number(admin).await.expect("it is imported");
            let path = format!("/api/phones/{}", number["id"].as_str().expect("an id"));
            let forward = json!({
                "voice_answer": { "kind": "forward", "to": self.members[who].forward_to },
            });
            admin.put(&path, &forward).await.ok();
        }
    }

    async fn import_history(&mut self, who: usize, admin: &Agent) {
        self.count += 1;
        let body = format!("past {}", self.count);
        let now = chrono::Utc::now();
        let message = json!([{
            "account_sid": self.account.sid, "sid": new_sid(), "direction": "inbound",
            "from": CUSTOMER, "to": MAIN_LINE, "status": "received", "body": body,
            "date_created": now, "date_sent": now,
        }]);
        let messages = serde_json::from_value(message).expect("messages");
        self.world
            .simulator()
            .load_messages(messages)
            .expect("it is loaded");
        self.history.insert(body);
        let Some(number) = number(admin).await else {
            return;
        };
        let which = json!({ "phone_number_id": number["id"] });
        let reply = admin.post("/api/twilio/sync-message-history", &which).await;
        if !self.members[who].is_owner() {
            assert_eq!(reply.status, 409, "{}", reply.json);
            return;
        }
        if self.members[who].account == Account::It(self.turn()) {
            assert!([200, 202].contains(&reply.status), "{}", reply.json);
            eventually("the import ends", async || {
                let last = number_of(admin).await["last_sync"]["state"].clone();
                (last == "done").then_some(())
            })
            .await;
            let history = self.history.clone();
            self.members[who].texts.extend(history);
        } else {
            // Twilio refuses its token; it must not go on with the next one.
            let path = "/api/twilio/cancel-message-history-sync";
            admin.post(path, &which).await.ok();
        }
    }

    async fn text(&mut self) {
        self.count += 1;
        let body = format!("live {}", self.count);
        let is_stored = text(self.world, &self.account, &body).await == 200;
        self.world.rows.all_events_processed().await;
        let answer = call(self.world, &self.account).await.unwrap_or_default();
        for member in &mut self.members {
            let is_owner = member.is_owner();
            if is_stored && is_owner {
                member.texts.insert(body.clone());
            }
            let is_answered = answer.contains(member.forward_to);
            assert_eq!(is_answered, is_owner && !answer.is_empty(), "{answer}");
        }
        let is_known = |member: &Member| member.account == Account::It(self.turn());
        if self.members.iter().any(is_known) {
            assert!(is_stored, "the token is known");
        }
    }

    async fn check(&self) {
        for member in &self.members {
            let shown: BTreeSet<String> = inbox(&member.admin).await.into_iter().collect();
            assert_eq!(shown, member.texts, "{}", member.forward_to);
            let number = number(&member.admin).await;
            assert_eq!(number.is_some(), member.has_number, "{number:?}");
            if let Some(number) = number {
                let is_suspended = number["suspended"] != Value::Null;
                assert_eq!(is_suspended, !member.is_present(), "{number}");
            }
            if !member.is_present() {
                let events = member.admin.get("/api/twilio/events").await.ok();
                assert_eq!(events["events"], json!([]), "{}", member.forward_to);
            }
        }
    }
}

/// The number of an organization that has one.
async fn number_of(admin: &Agent) -> Value {
    number(admin).await.expect("a number")
}

#[tokio::test]
async fn nobody_is_shown_anything_of_an_account_that_is_not_its_present_one() {
    let number = |name: &str| env::var(name).ok()?.parse::<u64>().ok();
    let seed = number("WHOSE_SEED").unwrap_or_else(rand::random);
    let world = World::with_direct_twilio(Vec::new()).await;
    for place in 0..number("WHOSE_SEQUENCES").unwrap_or(8) {
        let mut rng = StdRng::seed_from_u64(seed.wrapping_add(place));
        println!("WHOSE_SEED={}", seed.wrapping_add(place));
        let mut sequence = Sequence::new(&world).await;
        for _ in 0..STEPS {
            let (step, who) = (Step::any(&mut rng), rng.random_range(0..2));
            println!("{who} {step:?}");
            sequence.take(step, who).await;
            sequence.check().await;
        }
        let removed = world.simulator().remove_phone_number(MAIN_LINE);
        removed.expect("it was there");
    }
}
