use super::define_state::define_state;

define_state! {
    what: "a role";
    /// What a member may do; each role may do all that the ones before it may.
    #[derive(PartialOrd, Ord)]
    Role {
        /// Answers customers.
        Agent = "agent",
        /// Also connects Twilio and manages numbers.
        Admin = "admin",
        /// Also manages the organization.
        Owner = "owner",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_in_json_and_in_texts() {
        assert_eq!(serde_json::to_value(Role::Admin).ok(), Some("admin".into()));
        assert_eq!("admin".parse(), Ok(Role::Admin));
        let error = "boss".parse::<Role>().expect_err("no role");
        let words = "a role is one of: agent, admin, owner; not \"boss\"";
        assert_eq!(error.to_string(), words);
    }
}
