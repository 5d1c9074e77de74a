use crate::mods::messaging::types::Message;

/// Puts messages into a thread, oldest first. One that is there already is replaced by what is
/// known of it later: an answer that was slow does not undo what an event has said since.
pub fn merge_messages_util(thread: &mut Vec<Message>, newer: impl IntoIterator<Item = Message>) {
    for message in newer {
        if let Some(at) = thread.iter().position(|known| known.id == message.id) {
            if thread[at].as_of > message.as_of {
                continue;
            }
            thread.remove(at);
        }
        let at = thread.partition_point(|known| known.place() <= message.place());
        thread.insert(at, message);
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::{
        bases::ids::{ContactId, MessageId},
        entities::{
            position::Position,
            states::{MessageDirection, MessageStatus},
        },
    };

    fn message(id: u128, status: MessageStatus, as_of: i64) -> Message {
        Message {
            id: MessageId(Uuid::from_u128(id)),
            contact_id: ContactId(Uuid::from_u128(9)),
            phone_number_id: None,
            direction: MessageDirection::Outbound,
            body: Some("hello".to_owned()),
            links: Vec::new(),
            from_address: String::new(),
            to_address: String::new(),
            also_to: Vec::new(),
            status,
            external_id: None,
            source: None,
            num_media: 0,
            is_loading: false,
            is_checking: false,
            delay_reason: None,
            attachments: Vec::new(),
            num_segments: None,
            error_code: None,
            error_message: None,
            error_help: None,
            sent_by_name: None,
            attempt: 1,
            can_retry: false,
            client_key: None,
            created_at: time(id as i64),
            stated_at: None,
            position: Position::default(),
            sent_at: None,
            delivered_at: None,
            as_of: time(as_of),
        }
    }

    fn time(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    #[test]
    fn what_is_known_later_holds_in_whatever_order_it_comes() {
        use MessageStatus::{Delivered, Sent};
        for order in [[(Sent, 1), (Delivered, 2)], [(Delivered, 2), (Sent, 1)]] {
            let mut thread = Vec::new();
            for (status, as_of) in order {
                merge_messages_util(&mut thread, [message(1, status, as_of)]);
            }
            assert_eq!(thread.len(), 1);
            assert_eq!(thread[0].status, Delivered, "{order:?}");
        }
    }

    #[test]
    fn a_message_takes_its_place_by_time_and_is_never_doubled() {
        let mut thread = vec![
            message(1, MessageStatus::Sent, 1),
            message(3, MessageStatus::Sent, 1),
        ];
        let late = message(2, MessageStatus::Sent, 1);
        merge_messages_util(&mut thread, [late.clone(), late]);
        let order: Vec<u128> = thread
            .iter()
            .map(|message| message.id.0.as_u128())
            .collect();
        assert_eq!(order, [1, 2, 3]);
    }

    #[test]
    fn messages_of_one_second_stand_by_their_positions() {
        let of = |id: u128, millis: i64, position: i64| Message {
            created_at: DateTime::from_timestamp_millis(millis).expect("a time"),
            position: Position(position),
            ..message(id, MessageStatus::Sent, 1)
        };
        let mut thread = vec![of(2, 5_700, 10), of(1, 5_000, 30)];
        merge_messages_util(&mut thread, [of(3, 5_000, -4), of(4, 6_000, -9)]);
        let order: Vec<u128> = thread.iter().map(|m| m.id.0.as_u128()).collect();
        assert_eq!(order, [3, 2, 1, 4]);
    }
}
