use std::ops::Range;

use crate::history::message_outline::SENT_WITHIN;
use crate::history::{GeneratedHistory, HistoryPlan, ListOrder, customer_with_phone, merge_sorted};
use crate::store::MessageFilter;

/// The generated messages that a filter accepts, found without looking at the others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HistorySelection<'a> {
    history: &'a GeneratedHistory,
    filter: &'a MessageFilter,
    inbound: Option<bool>,
    number: Option<usize>,
    customer: Option<u64>,
}

impl<'a> HistorySelection<'a> {
    /// `None` if the filter accepts no message of the history.
    pub fn new(history: &'a GeneratedHistory, filter: &'a MessageFilter) -> Option<Self> {
        let mut selection = Self {
            history,
            filter,
            inbound: None,
            number: None,
            customer: None,
        };
        for (address, inbound_if_ours) in [(&filter.to, true), (&filter.from, false)] {
            if let Some(address) = address {
                selection.narrow(address, inbound_if_ours)?;
            }
        }
        Some(selection)
    }

    fn narrow(&mut self, address: &str, inbound_if_ours: bool) -> Option<()> {
        let plan = self.history.plan();
        let ours = plan.numbers.iter().position(|number| number == address);
        let inbound = if ours.is_some() {
            self.number = ours;
            inbound_if_ours
        } else {
            let customer =
                customer_with_phone(address).filter(|customer| *customer < plan.contacts)?;
            self.customer = Some(customer);
            !inbound_if_ours
        };
        (self.inbound.is_none_or(|known| known == inbound)).then(|| self.inbound = Some(inbound))
    }

    /// Messages with numbers within a range.
    pub fn messages(
        self,
        within: Range<u64>,
        order: ListOrder,
    ) -> Box<dyn Iterator<Item = u64> + 'a> {
        let range = self.narrowed_by_date(within);
        let candidates = self.candidates(range, order);
        Box::new(candidates.filter(move |index| self.accepts(*index)))
    }

    fn narrowed_by_date(&self, within: Range<u64>) -> Range<u64> {
        let plan = self.history.plan();
        // The creation time decides the place, and a message is sent a little later.
        let start = self.filter.sent_from.map_or(0, |from| {
            plan.created_before(from.timestamp().saturating_sub_unsigned(SENT_WITHIN + 1))
        });
        let end = self.filter.sent_until.map_or(plan.messages, |until| {
            plan.created_before(until.timestamp().saturating_add(1))
        });
        let start = within.start.max(start);
        start..within.end.min(end).max(start)
    }

    fn accepts(&self, index: u64) -> bool {
        let plan = self.history.plan();
        if self
            .inbound
            .is_some_and(|inbound| inbound != plan.is_inbound(index))
        {
            return false;
        }
        if self.filter.sent_from.is_none() && self.filter.sent_until.is_none() {
            return true;
        }
        let sent = plan.outline(index).sent.map(HistoryPlan::date);
        sent.is_some_and(|sent| {
            self.filter.sent_from.is_none_or(|from| sent >= from)
                && self.filter.sent_until.is_none_or(|until| sent < until)
        })
    }

    /// Messages of the wanted number and customer.
    fn candidates(self, range: Range<u64>, order: ListOrder) -> Box<dyn Iterator<Item = u64> + 'a> {
        let plan = self.history.plan();
        match (self.number, self.customer) {
            (None, None) => directed(range, order),
            (Some(number), None) => directed(
                plan.places_of_number(number, &range)
                    .map(move |place| plan.message_of_number(number, place)),
                order,
            ),
            (Some(number), Some(customer)) => pair(plan, number, customer, range, order),
            (None, Some(customer)) => Box::new(merge_sorted(
                (0..plan.numbers.len())
                    .map(|number| pair(plan, number, customer, range.clone(), order))
                    .collect(),
                order,
            )),
        }
    }
}

fn pair(
    plan: &HistoryPlan,
    number: usize,
    customer: u64,
    range: Range<u64>,
    order: ListOrder,
) -> Box<dyn Iterator<Item = u64> + '_> {
    let places = plan.places_of_number(number, &range);
    let messages = plan
        .places_of_customer(number, customer, places)
        .map(move |place| plan.message_of_number(number, place));
    directed(messages, order)
}

fn directed<'a>(
    messages: impl DoubleEndedIterator<Item = u64> + 'a,
    order: ListOrder,
) -> Box<dyn Iterator<Item = u64> + 'a> {
    match order {
        ListOrder::NewestFirst => Box::new(messages.rev()),
        ListOrder::OldestFirst => Box::new(messages),
    }
}
