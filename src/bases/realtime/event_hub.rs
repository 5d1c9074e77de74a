use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::broadcast;
use uuid::Uuid;

use super::{BrowserEvent, heard_notices::HeardNotices};
use crate::bases::ids::OrganizationId;

/// Events that a slow socket may be behind before it is told to fetch everything again.
const CHANNEL_CAPACITY: usize = 512;

/// Fans events out to the sockets of an organization on this node.
///
/// Events are serialized once, whatever the number of sockets.
#[derive(Clone, Default)]
pub struct EventHub {
    channels: Arc<Mutex<HashMap<OrganizationId, broadcast::Sender<Next>>>>,
    heard: Arc<Mutex<HeardNotices>>,
}

/// One socket's place in the hub; its organization's channel goes with the last of them.
pub struct Subscription {
    organization: OrganizationId,
    receiver: Option<broadcast::Receiver<Next>>,
    hub: EventHub,
}

/// What a socket gets next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// A serialized [`BrowserEvent`].
    Event(Arc<str>),
    /// The access of a user, or of a session, has ended; the id is of the notice.
    AccessEnded(Uuid),
    /// The socket has missed events: it was too slow, or the node did not hear them itself.
    Missed,
    /// The hub is gone.
    Closed,
}

impl EventHub {
    /// Sends an event to every socket of the organization on this node.
    pub fn publish(&self, organization: OrganizationId, event: &BrowserEvent) {
        if !self.has_listeners(organization) {
            return;
        }
        match serde_json::to_string(event) {
            Ok(text) => self.send(organization, Next::Event(text.into())),
            Err(error) => {
                tracing::error!(%error, kind = ?event.kind, "event is not JSON")
            }
        }
    }

    /// Tells every socket on this node that events may have been missed.
    pub fn publish_resync(&self) {
        self.heard().note_gap();
        let organizations: Vec<_> = self.lock().keys().copied().collect();
        for organization in organizations {
            self.send(organization, Next::Missed);
        }
    }

    /// Something has happened in an organization. To be noted before it is asked whether anybody
    /// listens: whoever begins to listen later asks what was missed.
    pub fn note(&self, organization: OrganizationId) {
        self.heard().note(organization);
    }

    /// Where the events stand now: what is read after this holds all that came before it.
    pub fn position(&self) -> String {
        self.heard().position()
    }

    /// Whether something has happened in the organization since a position, or may have. To be
    /// asked after [`Self::subscribe`].
    pub fn has_missed(&self, organization: OrganizationId, position: &str) -> bool {
        self.heard().has_missed(organization, position)
    }

    /// Tells the sockets of the organization on this node whose access has ended.
    pub fn end_access(&self, organization: OrganizationId, id: Uuid) {
        self.send(organization, Next::AccessEnded(id));
    }

    fn send(&self, organization: OrganizationId, next: Next) {
        let sender = self.lock().get(&organization).cloned();
        // An error only says that nobody listens any more.
        drop(sender.map(|sender| sender.send(next)));
    }

    /// Whether a socket of the organization is on this node.
    pub fn has_listeners(&self, organization: OrganizationId) -> bool {
        self.lock().contains_key(&organization)
    }

    /// Begins to listen to an organization's events.
    pub fn subscribe(&self, organization: OrganizationId) -> Subscription {
        let receiver = self
            .lock()
            .entry(organization)
            .or_insert_with(|| broadcast::channel(CHANNEL_CAPACITY).0)
            .subscribe();
        Subscription {
            organization,
            receiver: Some(receiver),
            hub: self.clone(),
        }
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, HeardNotices> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OrganizationId, broadcast::Sender<Next>>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscription {
    /// Waits for the next event. Safe to cancel.
    pub async fn next(&mut self) -> Next {
        let Some(receiver) = &mut self.receiver else {
            return Next::Closed;
        };
        match receiver.recv().await {
            Ok(next) => next,
            Err(broadcast::error::RecvError::Lagged(_)) => Next::Missed,
            Err(broadcast::error::RecvError::Closed) => Next::Closed,
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        drop(self.receiver.take());
        let mut channels = self.hub.lock();
        if channels
            .get(&self.organization)
            .is_some_and(|sender| sender.receiver_count() == 0)
        {
            channels.remove(&self.organization);
        }
    }
}

impl fmt::Debug for EventHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventHub")
            .field("organizations", &self.lock().len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bases::realtime::EventKind;

    #[tokio::test]
    async fn another_organization_hears_nothing_and_the_last_listener_closes_the_channel() {
        let hub = EventHub::default();
        let (a, b) = (OrganizationId::new(), OrganizationId::new());
        let mut in_a = hub.subscribe(a);
        let mut in_b = hub.subscribe(b);
        hub.publish(a, &BrowserEvent::new(EventKind::MessageNew, &1));
        hub.publish(b, &BrowserEvent::new(EventKind::MessageStatus, &2));
        assert_eq!(
            in_a.next().await,
            Next::Event(r#"{"event_type":"messaging.message.new","payload":1}"#.into())
        );
        assert_eq!(
            in_b.next().await,
            Next::Event(r#"{"event_type":"messaging.message.status","payload":2}"#.into())
        );
        drop((in_a, in_b));
        assert!(hub.lock().is_empty());
    }

    #[tokio::test]
    async fn a_slow_listener_is_told_that_it_missed_events() {
        let hub = EventHub::default();
        let organization = OrganizationId::new();
        let mut slow = hub.subscribe(organization);
        for n in 0..=CHANNEL_CAPACITY {
            hub.publish(organization, &BrowserEvent::new(EventKind::MessageNew, &n));
        }
        assert_eq!(slow.next().await, Next::Missed);
    }
}
