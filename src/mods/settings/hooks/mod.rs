mod use_twilio_account;
mod use_voice_answer_draft;

pub use use_twilio_account::{
    TwilioAccount, load_twilio_overview, use_twilio_account, use_twilio_account_provider,
};
pub use use_voice_answer_draft::{VoiceAnswerDraft, use_voice_answer_draft};
