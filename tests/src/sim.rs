//! The deterministic simulator: halls with the real ledger on a faulty disk, the real link machines
//! and the real policy, in one thread, without a clock, under everything that goes wrong.
//!
//! A seed decides a [`plan`]: a part of Jilin's tree, lateral roads, weather, a script of
//! submissions, acts and faults. A [`world`] lets it happen in one order: one [`queue`], one source
//! of chance ([`dice`]), wires that deliver in order until they are cut ([`net`]). Each [`hall`] is
//! what production runs but for threads, sockets and sled: actions are performed by the same
//! functions (`link::desk`), frames travel as bytes, disks forget what was not synced. After a while
//! all faults stop; the world runs until it is quiet, and is judged from outside ([`judge`]) by what
//! [`clients`] were told and the disks hold.
//!
//! Equal seeds give equal traces, on every machine and in any number of threads. A simulator that
//! cannot fail proves nothing, so defects can be planted ([`Break`]); each must be found.
//!
//! Deliberately absent: time that passes, sled (a hall starts each life without memory of its peers,
//! which is the harder case), TLS, and lies of halls that hold keys other than forks.

pub mod brief;
pub mod clients;
pub mod dice;
pub mod hall;
pub mod judge;
pub mod keys;
pub mod net;
pub mod plan;
pub mod queue;
pub mod run;
pub mod trace;
pub mod world;

pub use judge::Tally;
pub use run::{Break, Outcome, Sum, run_seed, run_seeds};
