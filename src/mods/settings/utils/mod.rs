mod figures_util;

pub use figures_util::figures_util;
