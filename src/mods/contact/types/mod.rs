mod contact_type;
mod opt_out_policy_type;
mod opt_out_type;

pub use contact_type::Contact;
pub use opt_out_policy_type::OptOutPolicy;
pub use opt_out_type::{OPTED_OUT_ERROR, OptOutEvidence, OptOutKeyword};
