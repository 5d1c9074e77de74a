use super::define_state::define_state;

define_state! {
    what: "the shared account";
    /// How much of the operator's Twilio account an organization may use.
    SharedTwilio {
        /// Nothing.
        None = "none",
        /// The numbers that were given to it, and those that it buys itself.
        Assigned = "assigned",
        /// All numbers that were not given to another organization.
        Whole = "whole",
    }
}
