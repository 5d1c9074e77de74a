//! The parts of Settings → Twilio that show and change the Twilio account. They read one store,
//! `use_twilio_account`, which holds facts of the rooms account, phone and twilio.

mod activity;
mod connection;
mod effects_section_component;
mod forwarding;
mod health;
mod numbers_section_component;
mod page_index_component;
mod voice_answer_section_component;

pub use activity::ActivitySection;
pub use connection::ConnectionSection;
pub use effects_section_component::EffectsSection;
pub use forwarding::ForwardingSection;
pub use health::HealthSection;
pub use numbers_section_component::NumbersSection;
pub use page_index_component::PageIndex;
pub use voice_answer_section_component::VoiceAnswerSection;
