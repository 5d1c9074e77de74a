mod opt_out_policy_api;

pub use opt_out_policy_api::{get_opt_out_policy_api, update_opt_out_policy_api};
