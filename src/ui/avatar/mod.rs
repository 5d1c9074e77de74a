//! Who somebody is, as a picture: initials on a colour of their own.

mod avatar_component;

pub use avatar_component::{Avatar, AvatarSize, hue_of};
