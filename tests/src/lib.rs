//! The harness of the process suites: real halls, a line between them that fails on command, and
//! waiting without sleeping.
//!
//! [`halls`] makes small trees of halls and asks them through `hallway`'s commands; [`caller`] calls them
//! over gRPC; [`process`] starts `hallway serve` and runs other commands, reading the JSON that the contract
//! promises; [`proxy`] stands between two halls and cuts, stalls, throttles, delays or flips a byte;
//! [`eventually`](mod@eventually) waits for a level under a deadline. The suites are in `suites/`,
//! one test binary each; the drills (`sim`, `crash`, `bench`) are this crate's binaries.
//!
//! Absent on purpose: a mock of anything. A suite sees what an operator would see.

pub mod caller;
pub mod eventually;
pub mod halls;
pub mod process;
pub mod proxy;
pub mod sim;
