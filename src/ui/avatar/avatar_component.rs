use dioxus::prelude::*;
use uuid::Uuid;

use crate::ui::Icon;

/// How large an avatar is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AvatarSize {
    Small,
    #[default]
    Medium,
    Large,
}

/// The hue (1 to 6) that identifies a person or a number: always the same for the same id.
pub fn hue_of(id: Uuid) -> u8 {
    // FNV-1a: ids that differ in few bits, as those made in one second do, spread over all hues.
    let hash = id.as_bytes().iter().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    ((hash >> 16) % 6) as u8 + 1
}

/// Initials on the person's hue, or a figure where no name is known. The name is always beside
/// it, so it says nothing to assistive technology.
#[component]
pub fn Avatar(
    initials: Option<String>,
    #[props(default)] hue: Option<u8>,
    #[props(default)] size: AvatarSize,
) -> Element {
    let class = match size {
        AvatarSize::Small => "avatar avatar--sm",
        AvatarSize::Medium => "avatar",
        AvatarSize::Large => "avatar avatar--lg",
    };
    // Without a name there is no person yet whom a hue could identify.
    let hue = hue
        .filter(|_| initials.is_some())
        .map(|hue| hue.to_string());
    rsx! {
        span { class, "data-hue": hue, aria_hidden: "true",
            match initials {
                Some(initials) => rsx! { "{initials}" },
                None => rsx! {
                    Icon { name: "user" }
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_one_of_six_hues_and_all_six_are_used() {
        let hues: std::collections::BTreeSet<u8> = (0..200_u128)
            .map(|n| hue_of(Uuid::from_u128(n * 7_919)))
            .collect();
        assert_eq!(hues.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    }
}
