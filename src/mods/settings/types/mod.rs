mod twilio_overview_type;

pub use twilio_overview_type::TwilioOverview;
