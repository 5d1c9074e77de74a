//! Pages of a list, over held and generated messages.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::history::{GeneratedHistory, HistoryPlan, HistoryShares};
use crate::model::{
    Account, AccountKind, AccountStatus, Message, MessageDirection, MessageOrigin, MessageStatus,
    Sid, SidPrefix,
};
use crate::store::{AccountState, ListedMessage, MessageFilter};
use crate::wire::{Page, PageRequest, PageToken};

const OURS: [&str; 2] = ["+14155550134", "+14155550187"];

fn account() -> AccountState {
    AccountState::new(Account {
        sid: Sid::generate(SidPrefix::Account),
        auth_token: "token".to_owned(),
        secondary_auth_token: None,
        friendly_name: String::new(),
        status: AccountStatus::Active,
        kind: AccountKind::Full,
        date_created: DateTime::UNIX_EPOCH,
        owner_sid: None,
        sinks_wait: false,
    })
}

fn message(seq: u64, from: &str, seconds: i64) -> Message {
    let created = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
    Message {
        seq,
        sid: Sid::generate(SidPrefix::Sms),
        account_sid: Sid::generate(SidPrefix::Account),
        direction: MessageDirection::Inbound,
        from: Some(from.to_owned()),
        to: OURS[0].to_owned(),
        body: seq.to_string(),
        status: MessageStatus::Received,
        error_code: None,
        error_message: None,
        num_media: 0,
        media: Vec::new(),
        num_segments: 1,
        price: None,
        messaging_service_sid: None,
        status_callback: None,
        date_created: created,
        date_sent: Some(created),
        date_updated: created,
        origin: MessageOrigin::Customer,
        history: Vec::new(),
    }
}

fn history(account: &AccountState, seed: u64, messages: u64, spare: u64) -> GeneratedHistory {
    GeneratedHistory::new(HistoryPlan {
        account_sid: account.account.sid.clone(),
        seed,
        messages,
        contacts: 5,
        numbers: OURS.map(str::to_owned).to_vec(),
        start: 0,
        span: messages + spare,
        shares: HistoryShares {
            inbound: 0.5,
            media: 0.1,
            null_body: 0.1,
            failed: 0.2,
            never_sent: 0.2,
            unknown_status: 0.1,
            bad_dates: 0.1,
        },
    })
}

fn bodies(page: &Page<ListedMessage>) -> Vec<String> {
    let body = |item: &ListedMessage| match item {
        ListedMessage::Stored(message) => message.body.clone(),
        ListedMessage::Generated { index, .. } => format!("generated {index}"),
    };
    page.items.iter().map(body).collect()
}

fn request(page_size: usize, token: Option<PageToken>) -> PageRequest {
    PageRequest {
        page_size,
        page: 0,
        token,
    }
}

#[test]
fn a_message_that_arrives_between_two_pages_hides_and_doubles_nothing() {
    let mut account = account();
    for seq in 1..=5 {
        let seconds = i64::try_from(seq).expect("small");
        account
            .messages
            .insert(message(seq, "+14155550162", seconds));
    }
    let filter = MessageFilter::default();
    let first = account.message_page(&filter, &request(2, None));
    assert_eq!(bodies(&first), ["5", "4"]);
    account.messages.insert(message(6, "+14155550162", 6));
    let second = account.message_page(&filter, &request(2, first.next));
    assert_eq!(bodies(&second), ["3", "2"]);
    let back = account.message_page(&filter, &request(2, second.previous));
    assert_eq!(bodies(&back), ["5", "4"]);
}

#[test]
fn a_filter_holds_on_every_page_and_the_last_page_has_no_next() {
    let mut account = account();
    for seq in 1..=9 {
        let from = if seq % 2 == 0 {
            "+14155550162"
        } else {
            "+14155550163"
        };
        account.messages.insert(message(seq, from, 1));
    }
    let filter = MessageFilter {
        from: Some("+14155550162".to_owned()),
        ..MessageFilter::default()
    };
    let first = account.message_page(&filter, &request(2, None));
    assert_eq!(bodies(&first), ["8", "6"]);
    let second = account.message_page(&filter, &request(2, first.next));
    assert_eq!(bodies(&second), ["4", "2"]);
    assert_eq!(second.next, None);
}

/// What a list shows of a message.
type Row = (DateTime<Utc>, Sid);

fn rows(account: &AccountState, filter: &MessageFilter) -> Vec<Row> {
    let generated = account
        .histories
        .iter()
        .flat_map(|history| history.messages())
        .filter(|one| {
            let date = |accept: &dyn Fn(DateTime<Utc>) -> bool| one.date_sent.is_some_and(accept);
            filter.to.as_ref().is_none_or(|to| *to == one.to)
                && filter.from.as_ref().is_none_or(|from| *from == one.from)
                && filter
                    .sent_from
                    .is_none_or(|from| date(&|sent| sent >= from))
                && filter
                    .sent_until
                    .is_none_or(|until| date(&|sent| sent < until))
        })
        .map(|one| (one.date_created, one.sid));
    let stored = account
        .messages
        .iter()
        .filter(|one| filter.accepts(one))
        .map(|one| (one.date_created, one.sid.clone()));
    generated.chain(stored).collect()
}

fn filters() -> impl Strategy<Value = MessageFilter> {
    let address = || {
        prop::option::of(prop::sample::select(vec![
            OURS[0].to_owned(),
            OURS[1].to_owned(),
            crate::history::customer_phone(0),
            crate::history::customer_phone(3),
            "+14155550162".to_owned(),
        ]))
    };
    let second = || prop::option::of((0_i64..150).prop_map(HistoryPlan::date));
    (address(), address(), second(), second()).prop_map(|(to, from, sent_from, sent_until)| {
        MessageFilter {
            to,
            from,
            sent_from,
            sent_until,
            created_until: None,
        }
    })
}

proptest! {
    #[test]
    fn pages_over_held_and_generated_messages_show_each_accepted_one_once_newest_first(
        seed in any::<u32>(), generated in 1_u64..120, spare in 0_u64..60,
        held in prop::collection::vec(0_i64..150, 0..20), size in 1_usize..40,
        filter in filters()
    ) {
        let mut account = account();
        for (seq, seconds) in (1..).zip(held) {
            account.messages.insert(message(seq, "+14155550162", seconds));
        }
        for seed in [u64::from(seed), u64::from(seed) + 1] {
            let history = history(&account, seed, generated, spare);
            account.histories.push(Arc::new(history));
        }
        let mut seen: Vec<Row> = Vec::new();
        let (mut token, mut previous, mut pages) = (None, None, 0);
        loop {
            let page = account.message_page(&filter, &request(size, token));
            seen.extend(page.items.iter().map(|item| match item {
                ListedMessage::Stored(message) => (message.date_created, message.sid.clone()),
                ListedMessage::Generated { history, index, .. } => {
                    let message = history.message(*index).expect("it exists");
                    (message.date_created, message.sid)
                }
            }));
            prop_assert_eq!(page.previous.is_some(), pages > 0);
            pages += 1;
            previous = page.previous.or(previous);
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        prop_assert!(seen.windows(2).all(|pair| pair[0].0 >= pair[1].0));
        let mut expected = rows(&account, &filter);
        expected.sort();
        prop_assert_eq!(pages, expected.len().div_ceil(size).max(1));
        seen.sort();
        prop_assert_eq!(seen, expected);
        let mut steps_back = 0;
        while let Some(before) = previous {
            previous = account.message_page(&filter, &request(size, Some(before))).previous;
            steps_back += 1;
        }
        prop_assert_eq!(steps_back, pages - 1);
    }
}
