//! The desk: what performing an [`Action`](crate::machine::Action) comes down to between the ledger
//! and the acts. Plain functions over a [`Reader`](ledger::Reader), the acts or
//! [`Rights`](policy::Rights) of the moment, and keys; each reads, verifies or signs, none waits,
//! decides or remembers.
//!
//! The tasks of production and the simulator call the same ones, so what the simulator shows holds
//! for both. In order: [`hand`] narrows what is handed to a peer; [`door`] verifies what a peer
//! brings, before the one door; [`doubt`] makes and judges proofs; [`evidence`] makes and verifies
//! receipts; [`reading`] reads acts for the policy as they become durable.
//!
//! Deliberately absent: threads, queues and the store itself. Who calls decides when, and writes.

pub mod door;
pub mod doubt;
pub mod evidence;
pub mod hand;
pub mod reading;
