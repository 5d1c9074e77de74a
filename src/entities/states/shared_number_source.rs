use super::define_state::define_state;

define_state! {
    what: "a way to a number";
    /// How an organization came to a number of the shared account.
    SharedNumberSource {
        /// By the operator.
        Assigned = "assigned",
        /// By buying it.
        Bought = "bought",
    }
}
