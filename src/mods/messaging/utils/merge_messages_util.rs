use crate::mods::messaging::types::{Message, MessageStatus};

/// Puts messages into a thread, oldest first. One that is there already only moves forward: an
/// answer that was slow does not undo what an event has said since.
pub fn merge_messages_util(thread: &mut Vec<Message>, newer: impl IntoIterator<Item = Message>) {
    let mut added = false;
    for message in newer {
        match thread.iter_mut().find(|known| known.id == message.id) {
            Some(known) => move_forward(known, message),
            None => {
                thread.push(message);
                added = true;
            }
        }
    }
    if added {
        thread.sort_by_key(|message| (message.created_at, message.id));
    }
}

fn move_forward(known: &mut Message, message: Message) {
    let behind = |message: &Message| (message.attempt, rank(message.status));
    if behind(&message) < behind(known) {
        return;
    }
    let body = known.body.take();
    *known = message;
    known.body = known.body.take().or(body);
}

/// The order of statuses within one attempt.
fn rank(status: MessageStatus) -> u8 {
    match status {
        MessageStatus::Queued => 0,
        MessageStatus::Sending => 1,
        MessageStatus::Sent => 2,
        MessageStatus::Delivered
        | MessageStatus::Undelivered
        | MessageStatus::Failed
        | MessageStatus::Received => 3,
        MessageStatus::Read => 4,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        bases::ids::{ContactId, MessageId},
        mods::messaging::types::MessageDirection,
    };

    fn message(id: u128, status: MessageStatus, attempt: i32) -> Message {
        Message {
            id: MessageId(Uuid::from_u128(id)),
            contact_id: ContactId(Uuid::from_u128(9)),
            phone_number_id: None,
            direction: MessageDirection::Outbound,
            body: Some("hello".to_owned()),
            from_address: String::new(),
            to_address: String::new(),
            status,
            external_id: None,
            source: None,
            num_media: 0,
            is_loading: false,
            is_checking: false,
            attachments: Vec::new(),
            num_segments: None,
            error_code: None,
            error_message: None,
            error_help: None,
            sent_by_name: None,
            attempt,
            can_retry: false,
            client_key: None,
            created_at: DateTime::from_timestamp(id as i64, 0).expect("a time"),
            sent_at: None,
            delivered_at: None,
        }
    }

    #[test]
    fn statuses_only_move_forward_within_an_attempt() {
        use MessageStatus::{Delivered, Failed, Queued, Sent};
        for (known, later, expected) in [
            ((Queued, 1), (Sent, 1), Sent),
            ((Delivered, 1), (Sent, 1), Delivered),
            ((Failed, 1), (Queued, 2), Queued),
            ((Queued, 2), (Failed, 1), Queued),
        ] {
            let mut thread = vec![message(1, known.0, known.1)];
            merge_messages_util(&mut thread, [message(1, later.0, later.1)]);
            assert_eq!(thread.len(), 1);
            assert_eq!(thread[0].status, expected, "{known:?} then {later:?}");
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
    fn a_body_that_is_known_is_not_lost() {
        let mut thread = vec![message(1, MessageStatus::Sent, 1)];
        let mut status = message(1, MessageStatus::Delivered, 1);
        status.body = None;
        merge_messages_util(&mut thread, [status]);
        assert_eq!(thread[0].body.as_deref(), Some("hello"));
        assert_eq!(thread[0].status, MessageStatus::Delivered);
    }
}
