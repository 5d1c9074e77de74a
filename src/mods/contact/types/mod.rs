mod contact_type;

pub use contact_type::Contact;
