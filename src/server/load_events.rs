use crate::{
    bases::{
        db::Db,
        error::AppError,
        ids::OrganizationId,
        realtime::{BrowserEvent, EventKind, RealtimeNotice},
    },
    mods::{
        messaging::services::load_message_changes_service,
        twilio::services::history::load_import_events_service,
    },
};

/// Events, each with the organization whose browsers get it.
pub type LoadedEvents = Vec<(OrganizationId, BrowserEvent)>;

/// Notices by the room that knows their rows.
#[derive(Default)]
struct Sorted {
    of_messages: Vec<RealtimeNotice>,
    of_imports: Vec<RealtimeNotice>,
    /// Their events carry no payload: they go to all browsers of the organization, and not all may
    /// see what happened. Those that may fetch it.
    bare: Vec<RealtimeNotice>,
}

/// Turns notices between nodes into the events that browsers get.
pub async fn load_events(db: &Db, notices: Vec<RealtimeNotice>) -> Result<LoadedEvents, AppError> {
    let sorted = sort(notices);
    let (of_messages, of_imports) = futures::try_join!(
        load_message_changes_service(db, &sorted.of_messages),
        load_import_events_service(db, &sorted.of_imports)
    )?;
    let bare = sorted.bare.into_iter().map(|notice| {
        let event = BrowserEvent::new(notice.kind, &());
        (notice.organization_id, event)
    });
    Ok(of_messages
        .into_iter()
        .chain(of_imports)
        .chain(bare)
        .collect())
}

fn sort(notices: Vec<RealtimeNotice>) -> Sorted {
    let mut sorted = Sorted::default();
    for notice in notices {
        match notice.kind {
            EventKind::MessageNew
            | EventKind::MessageStatus
            | EventKind::MessageRemoved
            | EventKind::ConversationRead => sorted.of_messages.push(notice),
            EventKind::ImportProgress => sorted.of_imports.push(notice),
            EventKind::MessagesImported | EventKind::TwilioAccount | EventKind::Reconciliation => {
                sorted.bare.push(notice);
            }
            // The link's own, and what the listener handles itself.
            EventKind::Hello
            | EventKind::Heartbeat
            | EventKind::Resync
            | EventKind::AccessEnded => {}
            EventKind::Unknown => {
                tracing::debug!("a newer node published an unknown kind of event")
            }
        }
    }
    sorted
}
