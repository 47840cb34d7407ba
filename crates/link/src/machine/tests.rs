//! Machines of several halls against each other, in memory, and what they promise together.

mod flows;
mod post;
mod roads;
mod seeds;
mod single;
mod world;
