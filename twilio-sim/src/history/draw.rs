/// A source of numbers that depends on nothing but its seed, today and in every later version:
/// SplitMix64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The source of a seed.
    pub fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0x5851_f42d_4c95_7f2d))
    }

    /// A source of its own for one thing or purpose. It does not move this one.
    pub fn fork(self, label: u64) -> Self {
        Self(mix(self.0 ^ mix(label.wrapping_add(1))))
    }

    /// A source for a text, for instance a SID.
    pub fn fork_by_text(self, text: &str) -> Self {
        text.bytes()
            .fold(self, |source, byte| source.fork(u64::from(byte)))
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// The next number, from 0 to `limit` - 1; 0 if the limit is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(limit);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// The next number, from 0 up to and without 1.
    pub fn share(&mut self) -> f64 {
        // 53 bits fill the mantissa of a double.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of the items. The list must not be empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let index = self.below(items.len() as u64);
        items[usize::try_from(index).unwrap_or(0)]
    }
}

fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_seed_others() {
        let numbers = |seed| {
            let mut source = Draw::new(seed);
            [source.next(), source.next(), source.fork(3).next()]
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
    }

    #[test]
    fn numbers_are_spread_evenly_below_their_limit() {
        let mut counts = [0_u32; 10];
        let mut source = Draw::new(1);
        for _ in 0..10_000 {
            counts[usize::try_from(source.below(10)).expect("small")] += 1;
        }
        assert!(
            counts.iter().all(|count| (850..1_150).contains(count)),
            "{counts:?}"
        );
        assert_eq!(source.below(0), 0);
        assert!((0..1_000).all(|_| source.share() < 1.0));
    }
}
