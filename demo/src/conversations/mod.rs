//! What is said in the demo, as text files in the form that `parse_demo_scripts_util` describes.

/// Every conversation: those of today, those of the week with two long threads, those of the month.
pub(super) const DEMO_SCRIPTS: [&str; 3] = [
    include_str!("today.txt"),
    include_str!("week.txt"),
    include_str!("month.txt"),
];
