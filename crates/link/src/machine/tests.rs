//! Machines of several halls against each other, in memory, and what they promise together.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test picks the few frames it asserts on")]

mod flows;
mod level;
mod post;
mod roads;
mod seeds;
mod single;
mod store;
mod world;
