//! How the house speaks: the clock it asks, the logs it writes, the metrics it counts, and the board on
//! which every floor puts its alarms for people.
//!
//! Nothing here decides. Log events are short lower-case facts with their values as fields; bodies and
//! subjects of records are never logged. Metric names stand in one table, [`metric::ALL`], from which
//! `docs/metrics.md` is checked.

mod board;
mod clock;
mod logs;
pub mod metric;

pub use board::{Alarm, Board};
pub use clock::{Clock, Manual, System};
pub use logs::{LogFormat, LogsError, start_logs};
