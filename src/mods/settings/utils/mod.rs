mod figures_util;
mod merge_event_page_util;
mod reconciliation_words_util;

pub use figures_util::figures_util;
pub use merge_event_page_util::merge_event_page_util;
pub use reconciliation_words_util::reconciliation_words_util;
