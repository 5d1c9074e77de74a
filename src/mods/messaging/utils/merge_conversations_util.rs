use crate::mods::messaging::types::Conversation;

/// Puts rows into a list and sorts it: last message first. A row that is in the list already is
/// replaced by what is known of it later.
pub fn merge_conversations_util(
    list: &mut Vec<Conversation>,
    newer: impl IntoIterator<Item = Conversation>,
) {
    for row in newer {
        let known = list
            .iter()
            .position(|known| known.contact.id == row.contact.id);
        if let Some(at) = known {
            if list[at].as_of > row.as_of {
                continue;
            }
            list.remove(at);
        }
        let at = list.partition_point(|known| known.place() >= row.place());
        list.insert(at, row);
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        bases::ids::{ContactId, ConversationId},
        entities::{
            position::Position,
            states::{MessageDirection, MessageStatus},
        },
        mods::contact::types::Contact,
    };

    fn row(id: u128, minute: i64, unread_count: i32) -> Conversation {
        let at = DateTime::from_timestamp(minute * 60, 0).expect("a time");
        Conversation {
            id: ConversationId(Uuid::from_u128(id)),
            contact: Contact {
                id: ContactId(Uuid::from_u128(id)),
                first_name: String::new(),
                last_name: String::new(),
                phone: "+14155550100".to_owned(),
                phone_shown: String::new(),
                source: "inbound".to_owned(),
                created_at: at,
                last_contacted_at: None,
                opted_out_at: None,
                closed_numbers: Vec::new(),
            },
            unread_count,
            last_message_at: at,
            last_message_position: Position::default(),
            last_message_preview: None,
            last_message_text: Default::default(),
            last_message_author: None,
            undelivered: 0,
            last_message_direction: MessageDirection::Inbound,
            last_message_status: MessageStatus::Received,
            last_message_error_code: None,
            last_message_num_media: 0,
            last_message_file: None,
            phone_number_id: None,
            as_of: at,
        }
    }

    fn ids(list: &[Conversation]) -> Vec<u128> {
        list.iter().map(|row| row.id.0.as_u128()).collect()
    }

    #[test]
    fn a_row_with_a_new_message_moves_to_the_top() {
        let mut list = vec![row(1, 30, 0), row(2, 20, 0), row(3, 10, 0)];
        merge_conversations_util(&mut list, [row(3, 40, 1)]);
        assert_eq!(ids(&list), [3, 1, 2]);
        assert_eq!(list[0].unread_count, 1);
    }

    #[test]
    fn a_late_answer_does_not_undo_a_later_event() {
        let mut list = vec![row(1, 30, 2), row(2, 20, 0)];
        merge_conversations_util(&mut list, [row(1, 10, 0), row(4, 15, 0)]);
        assert_eq!(ids(&list), [1, 2, 4]);
        assert_eq!(list[0].unread_count, 2);
    }
}
