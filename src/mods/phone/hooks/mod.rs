//! The answer that callers hear, while it is being changed.

mod use_voice_answer_draft;

pub use use_voice_answer_draft::{VoiceAnswerDraft, use_voice_answer_draft};
