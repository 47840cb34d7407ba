//! How the house speaks: clock, logs, spans, metric names, status board.

mod clock;

pub use clock::{Clock, Manual, System};
