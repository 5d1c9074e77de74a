mod health_reason_words_util;
mod merge_account_changes_util;

pub use health_reason_words_util::health_reason_words_util;
pub use merge_account_changes_util::merge_account_changes_util;
