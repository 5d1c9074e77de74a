//! Loquent's database schema, one step per file, oldest first.
//!
//! A step is never edited once it has landed. Every step works with the code before it and the
//! code after it (expand, then contract), so that a new version can start while an old one runs.
//!
//! Nor does a step keep the old version from working. `message`, `message_event`,
//! `message_attachment`, `twilio_event`, `contact` and `conversation` may have millions of rows:
//! an index on them is a [`ConcurrentIndex`], a step of its own; a constraint is added `NOT VALID`
//! and validated by a later step; a column is added without a default that has to be computed.
//! Each step gives up after a second if it cannot have its locks, and is tried again.

#![expect(
    elided_lifetimes_in_paths,
    reason = "`MigrationTrait` declares its methods so"
)]

pub use concurrent_index::{ConcurrentIndex, IndexKind};
use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigratorTrait, SchemaManager};

mod concurrent_index;
mod m20261120_080000_organization_create;
mod m20261120_080100_user_create;
mod m20261120_080200_phone_number_create;
mod m20261120_080300_contact_create;
mod m20261120_080400_conversation_create;
mod m20261120_080500_message_create;
mod m20261120_080600_twilio_event_create;
mod m20261120_080700_message_attempt_create;
mod m20261120_100000_sms_sync_run_create;
mod m20261120_100100_message_price_add;
mod m20261120_100200_message_attachment_create;
mod m20261120_110000_twilio_event_message_sid_add;
mod m20261120_120000_sms_sync_window_entry_add;
mod m20261120_120100_message_contact_of_organization;
mod m20261120_123000_message_attachment_size_add;
mod m20261120_130000_twilio_reconciliation_create;
mod m20261120_130100_message_fetch_create;
mod m20261120_130200_contact_opt_out_create;
mod m20261120_130300_message_outcome_unknown_add;
mod m20261120_140000_twilio_event_recent_index;
mod m20261120_150000_twilio_account_change_create;
mod m20261120_150100_twilio_account_check_create;
mod m20261120_150200_twilio_event_tally_create;
mod m20261120_160000_voice_answer_add;
mod m20261120_160100_redundant_foreign_keys_drop;
mod m20261120_161500_message_event_user_add;
mod m20261120_165000_sms_sync_window_page_add;
mod m20261120_175900_message_event_index_order;
mod m20261130_100000_shared_twilio_add;
mod m20261130_100100_refused_token_add;
mod m20261130_100200_contact_sender_opt_out_create;
mod m20261130_130000_message_position_add;
mod m20261130_130100_message_position_fill;
mod m20261130_130200_message_thread_index;
mod m20261130_130300_conversation_list_index;
mod m20261130_130400_conversation_unread_index;
mod m20261130_131000_twilio_event_addresses_add;
mod m20261130_131100_twilio_event_addresses_fill;
mod m20261130_131200_twilio_event_first_index;
mod m20261130_131300_twilio_event_again_index;
mod m20261130_131400_message_also_to_add;
mod m20261130_131500_unreadable_entries_add;
mod m20261130_132000_message_attachment_live_index;
mod m20261130_132100_message_attachment_import_index;
mod m20261130_140000_sign_in_device_create;
mod m20261130_140100_session_user_add;
mod m20261130_140200_master_key_check_create;
mod m20261130_140300_twilio_account_lease_create;
mod m20261130_150000_conversation_failures_dismissed_add;
mod m20261130_150100_message_failed_index;
mod m20261130_160000_message_attachment_name_add;
mod m20261130_170000_message_fetch_turns_index;
mod m20261130_180000_doubted_token_create;

/// All steps, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261120_080000_organization_create::Migration),
            Box::new(m20261120_080100_user_create::Migration),
            Box::new(m20261120_080200_phone_number_create::Migration),
            Box::new(m20261120_080300_contact_create::Migration),
            Box::new(m20261120_080400_conversation_create::Migration),
            Box::new(m20261120_080500_message_create::Migration),
            Box::new(m20261120_080600_twilio_event_create::Migration),
            Box::new(m20261120_080700_message_attempt_create::Migration),
            Box::new(m20261120_100000_sms_sync_run_create::Migration),
            Box::new(m20261120_100100_message_price_add::Migration),
            Box::new(m20261120_100200_message_attachment_create::Migration),
            Box::new(m20261120_110000_twilio_event_message_sid_add::Migration),
            Box::new(m20261120_120000_sms_sync_window_entry_add::Migration),
            Box::new(m20261120_120100_message_contact_of_organization::Migration),
            Box::new(m20261120_123000_message_attachment_size_add::Migration),
            Box::new(m20261120_130000_twilio_reconciliation_create::Migration),
            Box::new(m20261120_130100_message_fetch_create::Migration),
            Box::new(m20261120_130200_contact_opt_out_create::Migration),
            Box::new(m20261120_130300_message_outcome_unknown_add::Migration),
            Box::new(m20261120_140000_twilio_event_recent_index::Migration),
            Box::new(m20261120_150000_twilio_account_change_create::Migration),
            Box::new(m20261120_150100_twilio_account_check_create::Migration),
            Box::new(m20261120_150200_twilio_event_tally_create::Migration),
            Box::new(m20261120_160000_voice_answer_add::Migration),
            Box::new(m20261120_160100_redundant_foreign_keys_drop::Migration),
            Box::new(m20261120_161500_message_event_user_add::Migration),
            Box::new(m20261120_165000_sms_sync_window_page_add::Migration),
            Box::new(m20261120_175900_message_event_index_order::Migration),
            Box::new(m20261130_130000_message_position_add::Migration),
            Box::new(m20261130_130100_message_position_fill::Migration),
            Box::new(m20261130_130200_message_thread_index::Migration),
            Box::new(m20261130_130300_conversation_list_index::Migration),
            Box::new(m20261130_130400_conversation_unread_index::Migration),
            Box::new(m20261130_131000_twilio_event_addresses_add::Migration),
            Box::new(m20261130_131100_twilio_event_addresses_fill::Migration),
            Box::new(m20261130_131200_twilio_event_first_index::Migration),
            Box::new(m20261130_131300_twilio_event_again_index::Migration),
            Box::new(m20261130_131400_message_also_to_add::Migration),
            Box::new(m20261130_131500_unreadable_entries_add::Migration),
            Box::new(m20261130_132000_message_attachment_live_index::Migration),
            Box::new(m20261130_132100_message_attachment_import_index::Migration),
            Box::new(m20261130_160000_message_attachment_name_add::Migration),
            Box::new(m20261130_100000_shared_twilio_add::Migration),
            Box::new(m20261130_100100_refused_token_add::Migration),
            Box::new(m20261130_100200_contact_sender_opt_out_create::Migration),
            Box::new(m20261130_140000_sign_in_device_create::Migration),
            Box::new(m20261130_140100_session_user_add::Migration),
            Box::new(m20261130_140200_master_key_check_create::Migration),
            Box::new(m20261130_140300_twilio_account_lease_create::Migration),
            Box::new(m20261130_150000_conversation_failures_dismissed_add::Migration),
            Box::new(m20261130_150100_message_failed_index::Migration),
            Box::new(m20261130_170000_message_fetch_turns_index::Migration),
            Box::new(m20261130_180000_doubted_token_create::Migration),
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    /// Steps up to this one landed before the rule.
    const LAST_WITHOUT_RULE: &str = "m20261120_175900_message_event_index_order";
    const LARGE_TABLES: [&str; 6] = [
        "message",
        "message_event",
        "message_attachment",
        "twilio_event",
        "contact",
        "conversation",
    ];

    #[test]
    fn no_step_keeps_writers_out_of_a_large_table_while_it_makes_an_index() {
        let steps = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).expect("the steps");
        for step in steps {
            let path = step.expect("a step").path();
            let name = path.file_stem().expect("a name").to_string_lossy();
            if !name.starts_with("m2") || *name <= *LAST_WITHOUT_RULE {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a step").to_lowercase();
            let words: Vec<&str> = text.split_whitespace().collect();
            for (at, _) in words
                .iter()
                .enumerate()
                .filter(|(_, word)| **word == "index")
            {
                let table = words[at..]
                    .iter()
                    .take(8)
                    .skip_while(|word| **word != "on")
                    .nth(1);
                let table = table.map(|table| table.split('(').next().unwrap_or_default());
                let makes = words[..at]
                    .iter()
                    .rev()
                    .take(2)
                    .any(|word| word.ends_with("create"));
                assert!(
                    !makes || !table.is_some_and(|table| LARGE_TABLES.contains(&table)),
                    "{name}: use `ConcurrentIndex` for an index on {table:?}"
                );
            }
        }
    }
}
