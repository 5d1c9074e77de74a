//! The inbox: the conversation list, the thread, the composer.

mod composer_component;
mod conversation_pane_component;
mod conversation_row_component;
mod delivery_error_component;
mod delivery_log_button_component;
mod delivery_log_component;
mod delivery_log_entry_component;
mod file_card_component;
mod from_picker_component;
mod inbox_provider_component;
mod list_head_component;
mod message_bubble_component;
mod message_media_component;
mod message_meta_component;
mod message_text_component;
mod messaging_component;
mod messaging_contact_list_component;
mod messaging_view;
mod new_message_dialog_component;
mod new_message_to_component;
mod no_conversation_pane_component;
mod open_conversation_component;
mod opt_out_banner_component;
mod picture_viewer_component;
mod reply_form_component;
mod segment_counter_component;
mod source_badge_component;
mod thread_head_component;
mod thread_log_component;
mod tick_component;

pub use conversation_pane_component::ConversationPane;
pub use inbox_provider_component::InboxProvider;
pub use messaging_component::Messaging;
pub use messaging_contact_list_component::MessagingContactList;
pub use no_conversation_pane_component::NoConversationPane;
