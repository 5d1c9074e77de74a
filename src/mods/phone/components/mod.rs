//! Lists, changes, imports and buys numbers.

mod available_number_row_component;
mod buy_dialog_component;
mod buy_search_component;
mod capabilities_component;
mod import_dialog_component;
mod number_dialog_component;
mod number_row_component;
mod remove_dialog_component;
mod voice_answer_card_component;
mod voice_answer_fields_component;

pub use buy_dialog_component::BuyDialog;
pub use import_dialog_component::ImportDialog;
pub use number_dialog_component::NumberDialog;
pub use number_row_component::NumberRow;
pub use remove_dialog_component::RemoveDialog;
pub use voice_answer_card_component::VoiceAnswerCard;
