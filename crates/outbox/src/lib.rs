//! The outbox (发件箱): what links remember between two runs of a hall, in sled 0.34.7.
//!
//! It holds, per (peer, ledger), the size the peer holds durably; the newest receipt per (ledger,
//! holder) that passed here; and the mark: the log id, number and CRC of a group that the ledger has
//! acknowledged. Pointers, never payloads, and never a key per record: the number of keys follows
//! halls and ledgers, not traffic.
//!
//! Nothing here is a promise. Peers' sizes come back with the next greeting, receipts with the
//! greeting after that, the mark with the next commit. So whatever is wrong with the directory —
//! absent, of another log, *ahead* of the ledger, or refused by sled — is answered in one way: it is
//! moved aside, a new one is begun, and [`Condition`] says so for the operator's eyes.
//!
//! What sled 0.34.7 needs to be trusted even that far: `flush` does not survive a power cut, so a
//! second descriptor on its file is synced after it; `snap.*.generating` left by a kill makes it
//! refuse for ever, so such files go first; values stay under 64 KiB, for larger ones become files
//! that nobody syncs; a directory is opened by one process, so the command line asks the hall.
//!
//! Read in this order: [`Outbox`] (open, adopt, look up), `keys` (the layout), [`Applier`] (the
//! thread that writes).
//!
//! ```
//! use outbox::{Condition, Note, Outbox};
//! let dir = tempfile::tempdir()?;
//! let (outbox, condition) = Outbox::open(&dir.path().join("outbox"))?;
//! assert_eq!(condition, Condition::New);
//! let ledger = "jilin.example/hallway/220100/records/1".parse()?;
//! outbox.apply(&[Note::Durable { peer: "220000".parse()?, ledger, size: 7 }])?;
//! assert_eq!(outbox.sizes()?.first().map(|(_, _, size)| *size), Some(7));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod applier;
mod keys;
mod note;
mod open;
mod store;

pub use applier::{Applier, NOTES_QUEUE_ITEMS};
pub use note::{KeptReceipt, Mark, Note};
pub use open::{Condition, OpenError, Reason};
pub use store::{Outbox, OutboxError, Passing};

#[cfg(test)]
mod tests;
