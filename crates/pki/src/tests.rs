//! Real sockets, real certificates: who gets in, who does not, and what both sides are told.

mod doors;
mod links;
mod reloads;
mod town;
