//! An event as Twilio posted it.

use sea_orm::entity::prelude::*;

use crate::{
    bases::ids::TwilioEventId,
    entities::{
        position::Position,
        states::{TwilioEventState, Word},
    },
};

/// An event as Twilio posted it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "twilio_event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: TwilioEventId,
    pub account_sid: String,
    pub event_id: String,
    pub event_type: String,
    pub payload: String,
    pub state: Word<TwilioEventState>,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub next_attempt_at: DateTimeUtc,
    pub received_at: DateTimeUtc,
    pub processed_at: Option<DateTimeUtc>,
    pub message_sid: Option<String>,
    /// The addresses that it names.
    pub from_address: Option<String>,
    pub to_address: Option<String>,
    /// Its place in the order of arrival.
    pub position: Position,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
