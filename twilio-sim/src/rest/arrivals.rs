use crate::control::{CustomerMessage, ExternalMessage};
use crate::history::customer_phone;
use crate::model::Sid;
use crate::simulation::Simulation;
use crate::store::MessageFilter;

/// Customers whose messages arrive while a list is read.
const CUSTOMERS: u64 = 50;
const BODY: &str = "This came while the list was read";

impl Simulation {
    /// Lets messages arrive that belong to the list that is being read, and gives the number of
    /// those that the list shows.
    pub(crate) fn arrive_while_listing(
        &self,
        account_sid: &Sid,
        filter: &MessageFilter,
        count: u32,
    ) -> usize {
        (0..count)
            .filter_map(|_| self.arrive(account_sid, filter))
            .filter(|sid| {
                self.message(sid.as_str())
                    .is_some_and(|message| filter.accepts(&message))
            })
            .count()
    }

    fn arrive(&self, account_sid: &Sid, filter: &MessageFilter) -> Option<Sid> {
        let (number, customer) = {
            let mut state = self.state();
            let customer = customer_phone(state.next_message_seq() % CUSTOMERS);
            let account = state.accounts.get(account_sid)?;
            let first = account.phone_numbers.last()?.phone_number.clone();
            let own = |address: &Option<String>| {
                address
                    .clone()
                    .filter(|address| account.phone_number(address).is_some())
            };
            if let Some(from) = own(&filter.from) {
                let to = filter.to.clone().unwrap_or(customer);
                drop(state);
                return self
                    .send_externally(ExternalMessage {
                        account_sid: account_sid.clone(),
                        from,
                        to,
                        body: BODY.to_owned(),
                    })
                    .ok();
            }
            let number = own(&filter.to).unwrap_or(first);
            (number, filter.from.clone().unwrap_or(customer))
        };
        self.send_as_customer(CustomerMessage {
            from: customer,
            to: number,
            body: BODY.to_owned(),
            media_urls: Vec::new(),
        })
        .ok()
    }
}
