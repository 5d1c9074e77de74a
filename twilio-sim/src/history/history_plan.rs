use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::history::Draw;
use crate::model::Sid;

/// Messages that follow each other between a number and the same customer: a short conversation.
pub(crate) const CONVERSATION: u64 = 4;

/// How often what happens, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HistoryShares {
    pub inbound: f64,
    pub media: f64,
    pub null_body: f64,
    /// Of the outbound messages: failed or undelivered.
    pub failed: f64,
    /// Of the outbound messages: scheduled, canceled or accepted, and never sent.
    pub never_sent: f64,
    pub unknown_status: f64,
    pub bad_dates: f64,
}

/// Which messages a history has: where number `i` of them stands in time, and between whom.
///
/// Of as many neighbours as there are numbers, each number has exactly one, so the messages of one
/// number are found by arithmetic. The same holds for the customers of a number, four messages at
/// a time.
#[derive(Debug, Clone)]
pub(crate) struct HistoryPlan {
    pub account_sid: Sid,
    pub seed: u64,
    pub messages: u64,
    pub contacts: u64,
    pub numbers: Vec<String>,
    /// First second.
    pub start: i64,
    /// Seconds from the first to the end; at least one for each message.
    pub span: u64,
    pub shares: HistoryShares,
}

impl HistoryPlan {
    /// The source of everything that belongs to a message.
    pub fn source(&self, index: u64) -> Draw {
        self.root().fork(1).fork(index)
    }

    /// The source of the SIDs: another for another account or seed.
    pub fn sid_source(&self) -> Draw {
        self.root().fork(2).fork_by_text(self.account_sid.as_str())
    }

    fn root(&self) -> Draw {
        Draw::new(self.seed)
    }

    /// The second in which a message was created. Later messages have later seconds.
    pub fn created(&self, index: u64) -> i64 {
        let cell = self.cell_start(index);
        let jitter = self.source(index).fork(0).below(self.span / self.messages);
        self.start
            .saturating_add(i64::try_from(cell + jitter).unwrap_or(i64::MAX))
    }

    /// The number of messages that were created before a second.
    pub fn created_before(&self, second: i64) -> u64 {
        let Ok(offset) = u64::try_from(second.saturating_sub(self.start)) else {
            return 0;
        };
        let guess = u128::from(offset) * u128::from(self.messages) / u128::from(self.span);
        let mut count = u64::try_from(guess).unwrap_or(u64::MAX).min(self.messages);
        while count > 0 && self.created(count - 1) >= second {
            count -= 1;
        }
        while count < self.messages && self.created(count) < second {
            count += 1;
        }
        count
    }

    fn cell_start(&self, index: u64) -> u64 {
        let wide = u128::from(index) * u128::from(self.span) / u128::from(self.messages);
        u64::try_from(wide).unwrap_or(u64::MAX)
    }

    /// Which of the numbers a message belongs to.
    pub fn number_of(&self, index: u64) -> usize {
        let numbers = self.number_count();
        let (block, place) = (index / numbers, index % numbers);
        usize::try_from((place + self.rotation(block)) % numbers).unwrap_or(0)
    }

    /// The customer that a message is exchanged with.
    pub fn customer_of(&self, index: u64) -> u64 {
        let number = self.number_of(index);
        let conversation = index / self.number_count() / CONVERSATION;
        let (round, place) = (conversation / self.contacts, conversation % self.contacts);
        let place = (place + self.customer_rotation(number, round)) % self.contacts;
        self.scatter(place)
    }

    /// The message with this place among those of a number.
    pub fn message_of_number(&self, number: usize, place: u64) -> u64 {
        let numbers = self.number_count();
        let rotation = self.rotation(place);
        place * numbers + (number as u64 + numbers - rotation) % numbers
    }

    /// The places, among the messages of a number, of those within a range of messages.
    pub fn places_of_number(&self, number: usize, range: &Range<u64>) -> Range<u64> {
        let below = |bound: u64| {
            let block = bound / self.number_count();
            block + u64::from(self.message_of_number(number, block) < bound)
        };
        below(range.start)..below(range.end)
    }

    /// The places, among the messages of a number and within a range of them, of those exchanged
    /// with a customer.
    pub fn places_of_customer(
        &self,
        number: usize,
        customer: u64,
        places: Range<u64>,
    ) -> impl DoubleEndedIterator<Item = u64> {
        let spot = self.gather(customer);
        let round_of = |place: u64| place / CONVERSATION / self.contacts;
        let rounds = round_of(places.start)..round_of(places.end) + 1;
        rounds
            .flat_map(move |round| {
                let rotation = self.customer_rotation(number, round);
                let place = (spot + self.contacts - rotation) % self.contacts;
                let first = (round * self.contacts + place) * CONVERSATION;
                first..first + CONVERSATION
            })
            .filter(move |place| places.contains(place))
    }

    fn number_count(&self) -> u64 {
        self.numbers.len() as u64
    }

    fn rotation(&self, block: u64) -> u64 {
        self.root().fork(3).fork(block).below(self.number_count())
    }

    fn customer_rotation(&self, number: usize, round: u64) -> u64 {
        self.root()
            .fork(4)
            .fork(number as u64)
            .fork(round)
            .below(self.contacts)
    }

    /// Neighbours in time are not neighbours in the list of customers: halves of the list are
    /// interleaved.
    fn scatter(&self, place: u64) -> u64 {
        let half = self.contacts.div_ceil(2);
        if place < half {
            place * 2
        } else {
            (place - half) * 2 + 1
        }
    }

    fn gather(&self, customer: u64) -> u64 {
        let half = self.contacts.div_ceil(2);
        if customer.is_multiple_of(2) {
            customer / 2
        } else {
            half + customer / 2
        }
    }

    /// A second as a date.
    pub fn date(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SidPrefix;
    use proptest::prelude::*;

    fn plan(seed: u64, messages: u64, contacts: u64, numbers: usize, spare: u64) -> HistoryPlan {
        HistoryPlan {
            account_sid: Sid::from_number(SidPrefix::Account, 1),
            seed,
            messages,
            contacts,
            numbers: (0..numbers)
                .map(|number| format!("+1415555{number:04}"))
                .collect(),
            start: 1_600_000_000,
            span: messages + spare,
            shares: HistoryShares {
                inbound: 0.5,
                media: 0.0,
                null_body: 0.0,
                failed: 0.0,
                never_sent: 0.0,
                unknown_status: 0.0,
                bad_dates: 0.0,
            },
        }
    }

    proptest! {
        #[test]
        fn later_messages_are_created_in_later_seconds_and_are_found_by_them(
            seed in any::<u64>(), messages in 1_u64..300, spare in 0_u64..5_000
        ) {
            let plan = plan(seed, messages, 3, 2, spare);
            let created: Vec<i64> = (0..messages).map(|index| plan.created(index)).collect();
            prop_assert!(created.windows(2).all(|pair| pair[0] < pair[1]));
            for second in plan.start - 2..plan.start + i64::try_from(plan.span).unwrap_or(0) + 2 {
                let expected = created.iter().filter(|one| **one < second).count() as u64;
                prop_assert_eq!(plan.created_before(second), expected);
            }
        }

        #[test]
        fn the_messages_of_a_number_and_of_a_customer_are_found_by_arithmetic(
            seed in any::<u64>(), messages in 1_u64..200, contacts in 1_u64..9,
            numbers in 1_usize..5, cut in 0_u64..200
        ) {
            let plan = plan(seed, messages, contacts, numbers, 10);
            let range = cut.min(messages)..messages;
            for number in 0..numbers {
                let places = plan.places_of_number(number, &range);
                let found: Vec<u64> = places
                    .clone()
                    .map(|place| plan.message_of_number(number, place))
                    .collect();
                let expected: Vec<u64> = range
                    .clone()
                    .filter(|index| plan.number_of(*index) == number)
                    .collect();
                prop_assert_eq!(&found, &expected);
                for customer in 0..contacts {
                    let found: Vec<u64> = plan
                        .places_of_customer(number, customer, places.clone())
                        .map(|place| plan.message_of_number(number, place))
                        .collect();
                    let expected: Vec<u64> = expected
                        .iter()
                        .copied()
                        .filter(|index| plan.customer_of(*index) == customer)
                        .collect();
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }
}
