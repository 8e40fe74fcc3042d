//! The CPU time that a benchmark spends.

use rustix::time::ClockId;
use rustix::time::clock_gettime;

/// Milliseconds of CPU, in user and system mode, that this process has used.
pub fn cpu_ms() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec as f64 * 1e3 + spent.tv_nsec as f64 / 1e6
}
