//! Memory of a process.

use std::fs;

/// The largest resident size that a process ever had, in kB (`VmHWM` of `/proc`).
#[must_use]
pub fn peak_memory_kb(pid: u32) -> Option<u64> {
    high_water_mark(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?)
}

fn high_water_mark(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_and_not_the_current_size() {
        let status = "Name:\tloquent\nVmHWM:\t   81234 kB\nVmRSS:\t   70000 kB\n";
        assert_eq!(high_water_mark(status), Some(81_234));
    }
}
