use std::collections::{BTreeMap, HashMap};

use sea_orm::ConnectionTrait;

use super::{
    conversation_row::{ConversationRow, select_conversation},
    find_messages_by_ids,
};
use crate::{
    bases::{
        error::AppError,
        ids::{ContactId, MessageId, OrganizationId},
        realtime::{BrowserEvent, EventKind, RealtimeNotice},
        sql::{self, column},
    },
    mods::messaging::types::{Conversation, ConversationRead, MessageChange, MessageRemoval},
};

/// The browser events for notices of this room, in the order of the notices. Two queries for each
/// organization, whatever the number of notices.
pub async fn load_message_changes_service(
    conn: &impl ConnectionTrait,
    notices: &[RealtimeNotice],
) -> Result<Vec<(OrganizationId, BrowserEvent)>, AppError> {
    let mut wanted: BTreeMap<OrganizationId, Vec<MessageId>> = BTreeMap::new();
    let of_messages = |notice: &&RealtimeNotice| {
        matches!(
            notice.kind,
            EventKind::MessageNew | EventKind::MessageStatus
        )
    };
    for notice in notices.iter().filter(of_messages) {
        wanted
            .entry(notice.organization_id)
            .or_default()
            .push(MessageId(notice.id));
    }
    let mut loaded: HashMap<MessageId, MessageChange> = HashMap::new();
    for (organization, ids) in wanted {
        loaded.extend(load(conn, organization, &ids).await?);
    }
    Ok(notices
        .iter()
        .filter_map(|notice| {
            let event = match notice.kind {
                EventKind::ConversationRead => {
                    let payload = ConversationRead {
                        contact_id: ContactId(notice.id),
                    };
                    BrowserEvent::new(notice.kind, &payload)
                }
                EventKind::MessageRemoved => {
                    let payload = MessageRemoval {
                        message_id: MessageId(notice.id),
                    };
                    BrowserEvent::new(notice.kind, &payload)
                }
                EventKind::MessageNew | EventKind::MessageStatus => {
                    BrowserEvent::new(notice.kind, loaded.get(&MessageId(notice.id))?)
                }
                _ => return None,
            };
            Some((notice.organization_id, event))
        })
        .collect())
}

async fn load(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<(MessageId, MessageChange)>, AppError> {
    let messages = find_messages_by_ids(conn, organization, ids).await?;
    let conversations: HashMap<ContactId, Conversation> = sql::rows::<ConversationRow>(
        conn,
        format!(
            "{} WHERE c.organization_id = $1 AND c.contact_id = ANY ($2)",
            select_conversation()
        ),
        [
            organization.into(),
            column(&messages, |message| message.contact_id),
        ],
    )
    .await?
    .into_iter()
    .map(Conversation::from)
    .map(|conversation| (conversation.contact.id, conversation))
    .collect();
    Ok(messages
        .into_iter()
        .filter_map(|message| {
            let conversation = conversations.get(&message.contact_id)?.clone();
            Some((
                message.id,
                MessageChange {
                    message,
                    conversation,
                },
            ))
        })
        .collect())
}
