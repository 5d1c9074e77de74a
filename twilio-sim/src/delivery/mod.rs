//! What Twilio does by itself: messages move on, events and callbacks go out and are retried.

mod attempt_delivery;
mod attempt_verdict;
mod batch_windows;
mod delivery_item;
mod delivery_worker;
mod due_queue;
mod inbound_webhook;
mod keyword_reply;
mod lifecycle_plan;
mod lifecycle_worker;
mod receive_inbound;
mod retry_delay;
mod send_outbound;
mod status_callback;

pub(crate) use batch_windows::BatchWindows;
pub(crate) use delivery_item::{Delivery, DeliveryTarget, Payload};
pub(crate) use delivery_worker::run_delivery_worker;
pub(crate) use due_queue::DueQueue;
pub(crate) use keyword_reply::{Keyword, keyword_of};
pub(crate) use lifecycle_plan::{Finish, LifecycleStep};
pub(crate) use lifecycle_worker::run_lifecycle_worker;
pub(crate) use receive_inbound::InboundMessage;
pub(crate) use send_outbound::{OutboundMessage, media_of, new_message_sid};
