mod clean_up_sign_ins_job;

pub use clean_up_sign_ins_job::CleanUpSignInsJob;
