mod opt_out_policy_service;
mod record_opt_outs_service;
mod resolve_contacts_service;
mod update_contacts_last_contacted_batch_service;

pub use opt_out_policy_service::{find_opt_out_policy_service, update_opt_out_policy_service};
pub use record_opt_outs_service::{OptOutChange, record_opt_outs_service};
pub use resolve_contacts_service::{UnresolvedContact, resolve_contacts_service};
pub use update_contacts_last_contacted_batch_service::update_contacts_last_contacted_batch_service;
