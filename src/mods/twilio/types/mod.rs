mod phone_number_type;

pub use phone_number_type::PhoneNumber;
