mod use_plan_dialog;
mod use_reconciliations;
mod use_sms_syncs;
mod use_twilio_account;
mod use_twilio_events;
mod use_voice_answer_draft;

pub use use_plan_dialog::{PlanDialogState, PlanPhase, use_plan_dialog, use_plan_dialog_provider};
pub use use_reconciliations::{Reconciliations, use_reconciliations};
pub use use_sms_syncs::{SmsSyncs, SyncAction, use_sms_syncs};
pub use use_twilio_account::{
    TwilioAccount, load_twilio_overview, use_twilio_account, use_twilio_account_provider,
};
pub use use_twilio_events::{TwilioEvents, use_twilio_events};
pub use use_voice_answer_draft::{VoiceAnswerDraft, use_voice_answer_draft};
