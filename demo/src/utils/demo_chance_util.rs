use sha2::{Digest, Sha256};

/// Another one gives other SIDs and other moments.
const SEED: &str = "loquent demo 1";

/// A number below `limit` that looks thrown but is the same on every run; `limit` is not 0.
pub fn demo_chance_util(label: &str, limit: u64) -> u64 {
    let hash = hash(label);
    u64::from_be_bytes([
        hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7],
    ]) % limit
}

/// A SID in Twilio's form, two letters and 32 hexadecimal digits, the same on every run.
pub fn demo_sid_util(prefix: &str, label: &str) -> String {
    format!(
        "{prefix}{}",
        hex::encode(&hash(&format!("{prefix} {label}"))[..16])
    )
}

fn hash(label: &str) -> [u8; 32] {
    Sha256::digest(format!("{SEED}: {label}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_label_gives_the_same_sid_and_another_one_another() {
        assert_eq!(demo_sid_util("SM", "a"), demo_sid_util("SM", "a"));
        assert_ne!(demo_sid_util("SM", "a"), demo_sid_util("SM", "b"));
        assert_eq!(demo_sid_util("SM", "a").len(), 34);
        assert!((0..50).all(|n| demo_chance_util(&n.to_string(), 7) < 7));
    }
}
