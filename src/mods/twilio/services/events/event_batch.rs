//! The stored events of one transaction, understood and assigned to organizations.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;

use crate::{
    bases::ids::TwilioEventId,
    entities::{position::Position, states::MessageDirection},
    mods::{
        phone::services::OwnNumber,
        twilio::utils::{InboundEvent, ParsedEvent, StatusEvent, parse_twilio_event_util},
    },
};

#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Stored {
    pub(super) id: TwilioEventId,
    pub(super) account_sid: String,
    pub(super) event_id: String,
    pub(super) event_type: String,
    pub(super) payload: String,
    pub(super) attempts: i32,
    pub(super) received_at: DateTime<Utc>,
    /// Its place in the order of arrival.
    pub(super) position: Position,
}

/// How one event ended.
pub(super) enum Outcome {
    Processed,
    /// The same, with something that somebody may want to know.
    Noted(String),
    /// Not for us, with the reason.
    Ignored(String),
    /// Cannot ever be processed, with the reason.
    Parked(String),
    /// Has to wait for a send that is under way.
    Waits,
}

/// The events of a transaction, sorted by what they ask for.
pub(super) struct Batch<'a> {
    pub(super) inbound: Vec<(&'a Stored, InboundEvent, Option<OwnNumber>)>,
    pub(super) statuses: Vec<(&'a Stored, StatusEvent, Option<OwnStatus>)>,
    pub(super) outcomes: HashMap<TwilioEventId, Outcome>,
}

/// Whose message a status is about, and which way it goes.
#[derive(Clone, Copy)]
pub(super) struct OwnStatus {
    pub(super) number: OwnNumber,
    pub(super) direction: MessageDirection,
}

impl<'a> Batch<'a> {
    pub(super) fn parse(events: &'a [Stored]) -> Self {
        let mut batch = Self {
            inbound: Vec::new(),
            statuses: Vec::new(),
            outcomes: HashMap::new(),
        };
        for stored in events {
            match parse_twilio_event_util(&stored.event_type, &stored.payload, stored.received_at) {
                Ok(ParsedEvent::Inbound(event)) => {
                    batch.note_cut(stored, event.is_cut);
                    batch.inbound.push((stored, event, None));
                }
                Ok(ParsedEvent::Status(event)) => {
                    batch.note_cut(stored, event.is_cut);
                    batch.statuses.push((stored, event, None));
                }
                Ok(ParsedEvent::Other) => {
                    batch.outcomes.insert(
                        stored.id,
                        Outcome::Ignored("not a message event".to_owned()),
                    );
                }
                Err(error) => {
                    batch
                        .outcomes
                        .insert(stored.id, Outcome::Parked(error.to_string()));
                }
            }
        }
        batch
    }

    fn note_cut(&mut self, stored: &Stored, is_cut: bool) {
        if is_cut {
            let note = "its text is longer than a text can be; the end of it is only here";
            self.outcomes
                .insert(stored.id, Outcome::Noted(note.to_owned()));
        }
    }

    pub(super) fn addresses(&self) -> Vec<String> {
        let inbound = self.inbound.iter().map(|(_, event, _)| event.to.clone());
        let statuses = self
            .statuses
            .iter()
            .flat_map(|(_, event, _)| [event.from.clone(), event.to.clone()]);
        BTreeSet::from_iter(inbound.chain(statuses))
            .into_iter()
            .collect()
    }

    /// A status of a message of ours goes to its organization; else it goes to the owner of `from`,
    /// else of `to`. Inbound goes to the owner of `to`. News of the time of a number's former owner
    /// goes to nobody.
    pub(super) fn assign_organizations(
        &mut self,
        numbers: &HashMap<(String, String), OwnNumber>,
        own_messages: &HashMap<TwilioEventId, OwnNumber>,
    ) {
        let owner = |stored: &Stored, address: &str, at: DateTime<Utc>| {
            numbers
                .get(&(stored.account_sid.clone(), address.to_owned()))
                .copied()
                .filter(|own| own.since.is_none_or(|since| at > since))
        };
        for (stored, event, own) in &mut self.inbound {
            *own = owner(stored, &event.to, event.at);
        }
        for (stored, event, own) in &mut self.statuses {
            let sent = own_messages.get(&stored.id).copied();
            let outbound = sent
                .or_else(|| owner(stored, &event.from, event.at))
                .map(|number| (number, MessageDirection::Outbound));
            let inbound = || {
                owner(stored, &event.to, event.at).map(|number| (number, MessageDirection::Inbound))
            };
            *own = outbound
                .or_else(inbound)
                .map(|(number, direction)| OwnStatus { number, direction });
        }
        let inbound = self
            .inbound
            .iter()
            .map(|(stored, _, own)| (stored.id, own.is_none()));
        let statuses = self
            .statuses
            .iter()
            .map(|(stored, _, own)| (stored.id, own.is_none()));
        let unknown = inbound
            .chain(statuses)
            .filter(|(_, is_unknown)| *is_unknown);
        for (id, _) in Vec::from_iter(unknown) {
            let reason = "no organization has imported the number".to_owned();
            self.outcomes.insert(id, Outcome::Ignored(reason));
        }
    }

    /// The numbers that the events are of.
    pub(super) fn numbers(&self) -> impl Iterator<Item = OwnNumber> {
        let inbound = self.inbound.iter().filter_map(|(_, _, own)| *own);
        let statuses = self.statuses.iter().filter_map(|(_, _, own)| *own);
        inbound.chain(statuses.map(|own| own.number))
    }

    pub(super) fn inbound_of_organizations(
        &self,
    ) -> impl Iterator<Item = (&'a Stored, &InboundEvent, OwnNumber)> {
        self.inbound
            .iter()
            .filter_map(|(stored, event, own)| Some((*stored, event, (*own)?)))
    }

    pub(super) fn statuses_of_organizations(
        &self,
    ) -> impl Iterator<Item = (&'a Stored, &StatusEvent, OwnStatus)> {
        self.statuses
            .iter()
            .filter(|(stored, _, _)| !matches!(self.outcomes.get(&stored.id), Some(Outcome::Waits)))
            .filter_map(|(stored, event, own)| Some((*stored, event, (*own)?)))
    }
}
