mod demo_login_type;
mod demo_number_type;
mod demo_script_type;
mod demo_user_type;
mod seeded_demo_type;

pub use demo_login_type::DemoLogin;
pub use demo_number_type::DemoNumber;
pub use demo_script_type::{DemoEnding, DemoEnds, DemoLine, DemoScript, DemoSpeaker};
pub use demo_user_type::DemoUser;
pub use seeded_demo_type::SeededDemo;
