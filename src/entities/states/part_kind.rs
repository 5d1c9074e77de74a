use super::define_state::define_state;

define_state! {
    what: "a kind of a part";
    /// A part of the history that is read page by page, one after the other.
    PartKind {
        /// Everything of its side, without a filter by date, from its beginning to where the next
        /// part of this kind begins.
        All = "all",
        /// What was sent in its days.
        Dates = "dates",
        /// What has no date, and so matches no date filter.
        Undated = "undated",
    }
}
