mod count_segments_util;

pub use count_segments_util::{SegmentCount, SmsEncoding, count_segments_util};
