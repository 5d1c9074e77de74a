use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::delivery::BatchWindows;
use crate::faults::{FaultBook, FaultPlan};
use crate::media::CdnRequest;
use crate::model::{ArmedOutcome, OutcomeKind, PhoneNumber, Sid};
use crate::store::{AccountState, DeliveryAttempt, FirstAttempts, RequestRecord, RingLog, Uploads};
use crate::timing::Timing;

/// Entries kept of each log: enough for a load test, and bounded memory.
const LOG_LENGTH: usize = 50_000;

/// Everything the simulator remembers.
#[derive(Debug)]
pub(crate) struct State {
    pub accounts: BTreeMap<Sid, AccountState>,
    /// Which account owns a phone number.
    pub owners: HashMap<String, Sid>,
    /// Names of customers' phones, for the handset page.
    pub handset_names: BTreeMap<String, String>,
    /// Outcomes that wait for the next messages, oldest first.
    pub outcomes: VecDeque<ArmedOutcome>,
    pub timing: Timing,
    pub faults: FaultBook,
    pub first_attempts: FirstAttempts,
    pub batch_windows: BatchWindows,
    pub uploads: Uploads,
    pub requests: RingLog<RequestRecord>,
    pub attempts: RingLog<DeliveryAttempt>,
    pub cdn_requests: RingLog<CdnRequest>,
    /// Raised by a reset, so that what was under way before it is dropped.
    pub generation: u64,
    last_message_seq: u64,
}

impl State {
    /// An empty Twilio.
    pub fn new(timing: Timing) -> Self {
        Self {
            accounts: BTreeMap::new(),
            owners: HashMap::new(),
            handset_names: BTreeMap::new(),
            outcomes: VecDeque::new(),
            timing,
            faults: FaultBook::new(),
            first_attempts: FirstAttempts::default(),
            batch_windows: BatchWindows::default(),
            uploads: Uploads::default(),
            requests: RingLog::new(LOG_LENGTH),
            attempts: RingLog::new(LOG_LENGTH),
            cdn_requests: RingLog::new(LOG_LENGTH),
            generation: 0,
            last_message_seq: 0,
        }
    }

    /// Forgets everything but the numbering of the logs.
    pub fn reset(&mut self, timing: Timing) {
        self.accounts.clear();
        self.owners.clear();
        self.handset_names.clear();
        self.outcomes.clear();
        self.requests.clear();
        self.attempts.clear();
        self.cdn_requests.clear();
        self.faults.arm(FaultPlan::default());
        self.first_attempts.clear();
        self.batch_windows.clear();
        self.uploads.clear();
        self.timing = timing;
        self.generation += 1;
    }

    /// The number of the next message.
    pub fn next_message_seq(&mut self) -> u64 {
        self.last_message_seq += 1;
        self.last_message_seq
    }

    /// The account that owns a phone number.
    pub fn owner_of(&self, phone_number: &str) -> Option<&AccountState> {
        self.accounts.get(self.owners.get(phone_number)?)
    }

    /// Whether Twilio can sell a number: nobody has it, and no customer's phone does.
    pub fn is_for_sale(&self, phone_number: &str) -> bool {
        !self.owners.contains_key(phone_number) && !self.handset_names.contains_key(phone_number)
    }

    /// Takes a number away from its account.
    pub fn take_phone_number(
        &mut self,
        account_sid: &Sid,
        is_it: impl Fn(&PhoneNumber) -> bool,
    ) -> Option<PhoneNumber> {
        let account = self.accounts.get_mut(account_sid)?;
        let place = account.phone_numbers.iter().position(is_it)?;
        let number = account.phone_numbers.remove(place);
        for service in &mut account.messaging_services {
            service
                .phone_numbers
                .retain(|one| *one != number.phone_number);
        }
        self.owners.remove(&number.phone_number);
        Some(number)
    }

    /// Takes the first outcome that is armed for a message to `to`.
    pub fn take_outcome(&mut self, to: &str) -> Option<OutcomeKind> {
        let position = self
            .outcomes
            .iter()
            .position(|outcome| outcome.to.as_ref().is_none_or(|only| only == to))?;
        self.outcomes.remove(position).map(|outcome| outcome.kind)
    }
}
