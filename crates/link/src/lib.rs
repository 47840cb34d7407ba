//! Replication with neighbours: a pure machine, and the tasks that drive it.
//!
//! [`machine`] holds all that is decided: who is sent what, when, over which link; what a frame of a
//! peer means; when to dial, want, prove, give up for a while. It has no clock, no socket and no disk.
//! [`desk`] is what its actions come down to between ledger and acts, shared with the simulator.
//! [`Exchange`] is the one task that waits for events and has actions done; [`Dialler`] and
//! [`LinkFace`] are its two ways to peers, [`Inbox`] the one door into it.
//!
//! Read in this order: `machine/event.rs` and `machine/action.rs` (the language), `machine.rs`,
//! `exchange.rs`, `line.rs`.

pub mod desk;
mod dial;
mod exchange;
mod inbox;
mod line;
pub mod machine;
mod service;

pub use dial::{Connections, Dialler};
pub use exchange::{ActsError, ActsFollower, DESK_TASKS_MAX, Exchange, Tools};
pub use inbox::{EVENTS_QUEUE_ITEMS, Inbox, View};
pub use line::{FRAMES_QUEUE_ITEMS, LINK_MESSAGE_BYTES_MAX};
pub use service::LinkFace;
