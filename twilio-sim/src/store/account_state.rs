use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::history::GeneratedHistory;
use crate::model::{Account, MessagingService, PhoneNumber, Sid, Sink, SinkStatus, Subscription};
use crate::store::{HistoryChange, MessageStore};

/// An account with everything in it.
#[derive(Debug)]
pub(crate) struct AccountState {
    pub account: Account,
    /// Newest first, as they are listed.
    pub phone_numbers: Vec<PhoneNumber>,
    pub messaging_services: Vec<MessagingService>,
    pub messages: MessageStore,
    /// Messages of the past that are computed when they are asked for.
    pub histories: Vec<Arc<GeneratedHistory>>,
    /// Generated messages that the API redacted or deleted.
    pub history_changes: HashMap<Sid, HistoryChange>,
    /// Newest first, as they are listed.
    pub sinks: Vec<Sink>,
    /// Newest first, as they are listed.
    pub subscriptions: Vec<Subscription>,
    /// Pairs of our number and a phone that texted STOP to it.
    pub opt_outs: HashSet<(String, String)>,
}

impl AccountState {
    /// An empty account.
    pub fn new(account: Account) -> Self {
        Self {
            account,
            phone_numbers: Vec::new(),
            messaging_services: Vec::new(),
            messages: MessageStore::default(),
            histories: Vec::new(),
            history_changes: HashMap::new(),
            sinks: Vec::new(),
            subscriptions: Vec::new(),
            opt_outs: HashSet::new(),
        }
    }

    /// What was done to a generated message.
    pub fn history_change(&self, sid: &Sid) -> Option<HistoryChange> {
        self.history_changes.get(sid).copied()
    }

    /// The number with its details.
    pub fn phone_number(&self, phone_number: &str) -> Option<&PhoneNumber> {
        self.phone_numbers
            .iter()
            .find(|number| number.phone_number == phone_number)
    }

    /// The Messaging Service whose pool holds the number.
    pub fn messaging_service_of(&self, phone_number: &str) -> Option<&MessagingService> {
        self.messaging_services
            .iter()
            .find(|service| service.phone_numbers.iter().any(|one| one == phone_number))
    }

    /// The sink, if it takes events now.
    pub fn active_sink(&self, sink_sid: &str) -> Option<&Sink> {
        self.sinks
            .iter()
            .find(|sink| sink.sid.as_str() == sink_sid && sink.status == SinkStatus::Active)
    }

    /// Opts a phone out of a number; of the whole pool, if the number is in a Messaging Service.
    pub fn opt_out(&mut self, our_number: &str, phone: &str) {
        for number in self.opt_out_group(our_number) {
            self.opt_outs.insert((number, phone.to_owned()));
        }
    }

    /// Takes an opt-out back.
    pub fn opt_in(&mut self, our_number: &str, phone: &str) {
        for number in self.opt_out_group(our_number) {
            self.opt_outs.remove(&(number, phone.to_owned()));
        }
    }

    /// True if the phone has opted out of texts from the number.
    pub fn has_opted_out(&self, our_number: &str, phone: &str) -> bool {
        self.opt_outs
            .contains(&(our_number.to_owned(), phone.to_owned()))
    }

    fn opt_out_group(&self, our_number: &str) -> Vec<String> {
        self.messaging_service_of(our_number).map_or_else(
            || vec![our_number.to_owned()],
            |service| service.phone_numbers.clone(),
        )
    }
}
