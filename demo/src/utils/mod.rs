mod demo_chance_util;
mod parse_demo_scripts_util;
mod play_demo_script_util;
mod simulator_client_util;

pub use demo_chance_util::{demo_chance_util, demo_sid_util};
pub use parse_demo_scripts_util::parse_demo_scripts_util;
pub use play_demo_script_util::{PlayedMessage, connected_at, play_demo_script_util};
pub use simulator_client_util::{SimulatorClient, SimulatorError};
