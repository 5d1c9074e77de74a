mod answer_kind_type;
mod routing_words_type;
mod twilio_overview_type;

pub use answer_kind_type::AnswerKind;
pub use routing_words_type::RoutingWords;
pub use twilio_overview_type::TwilioOverview;
