//! `/`: a customer's handset, with the controls of the simulator and its log.

mod handset_router;

pub(crate) use handset_router::handset_router;
