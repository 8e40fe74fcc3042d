//! The CPU time that a benchmark spends.

/// Milliseconds of CPU, in user and system mode, that this process has used; to the nearest ten.
pub fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks: f64 = after_name.split_whitespace().skip(11).take(2).map(|n| n.parse::<f64>().unwrap()).sum();
    ticks * 10.0
}
