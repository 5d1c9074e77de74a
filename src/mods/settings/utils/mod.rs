mod health_reason_words_util;
mod host_of_url_util;
mod merge_account_changes_util;
mod sms_words_util;
mod voice_words_util;

pub use health_reason_words_util::health_reason_words_util;
pub use host_of_url_util::host_of_url_util;
pub use merge_account_changes_util::merge_account_changes_util;
pub use sms_words_util::sms_words_util;
pub use voice_words_util::voice_words_util;
