use chrono::Utc;

use crate::faults::{FaultTarget, Occasion, PageFaults};
use crate::model::Sid;
use crate::simulation::Simulation;
use crate::store::{ListedMessage, MessageFilter};
use crate::wire::{Page, PageRequest, PageToken};

impl Simulation {
    /// Lets an armed fault keep the newest messages out of a list.
    pub(crate) fn hide_newest(&self, path: &str, account_sid: &Sid, filter: &mut MessageFilter) {
        let lag = {
            let occasion = list_occasion(path, account_sid, filter);
            self.state().faults.decide_lag(&occasion)
        };
        filter.created_until = lag.map(|age| Utc::now() - age);
    }

    /// Lets armed faults change a page that is ready: its link leads back to itself, or messages
    /// arrive and what they push down stands on the next page again.
    pub(crate) fn spoil_page(
        &self,
        path: &str,
        account_sid: &Sid,
        filter: &MessageFilter,
        request: &PageRequest,
        page: &mut Page<ListedMessage>,
    ) {
        let occasion = list_occasion(path, account_sid, filter);
        let faults: PageFaults = {
            let mut state = self.state();
            state.faults.decide_page(&occasion, page.next.is_some())
        };
        let arrived = self.arrive_while_listing(account_sid, filter, faults.arrivals);
        if page.next.is_none() {
            return;
        }
        if faults.repeat {
            // The first page has no token; one that names no message leads there too.
            let first = || PageToken::After("first".to_owned());
            page.next = Some(request.token.clone().unwrap_or_else(first));
            return;
        }
        // At least one message of the page must be behind the reader, or it never ends.
        let last = page.items.len().saturating_sub(1);
        if let Some(item) = page.items.get(last - arrived.min(last)) {
            page.next = Some(PageToken::After(item.sid().to_string()));
        }
    }
}

fn list_occasion<'a>(
    path: &'a str,
    account_sid: &'a Sid,
    filter: &'a MessageFilter,
) -> Occasion<'a> {
    let numbers = [&filter.to, &filter.from];
    Occasion {
        target: FaultTarget::ListMessages,
        account_sid: Some(account_sid.as_str()),
        numbers: numbers.into_iter().flatten().map(String::as_str).collect(),
        subject: path,
        message_sid: None,
    }
}
