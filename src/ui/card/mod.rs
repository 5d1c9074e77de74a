//! A part of a page with its title.

mod card_component;

pub use card_component::Card;
