//! Segments, writer, register, tree, seals, receipts, verification.
//!
//! The ledger is the truth of a hall; everything else can be deleted and rebuilt from it. One local
//! log holds this hall's own ledgers and those of every hall it carries, in the order in which they
//! arrived. An answer from [`Store::commit`] is a promise: what it names survives kill and power cut,
//! and no seal that left the process is ever contradicted.
//!
//! ```
//! use std::sync::Arc;
//!
//! use ledger::{Append, Claims, Faulty, Options, Outcome, OwnEntry, Software, Store};
//! use record::{AudienceNumber, Label, Lane, Salt, SharingClass, Timestamp};
//!
//! let options =
//!     Options::new("jilin.example".parse().unwrap(), "220100".parse().unwrap(), [7; 32]);
//! let key = Arc::new(Software::from_seed(&[1; 32]));
//! let now = Timestamp(1_700_000_000_000);
//! let (mut store, _) = Store::open(Faulty::new(1), options, key, now).unwrap();
//!
//! let reader = store.reader();
//! let ledger = reader.own_ledger(Lane::Records);
//! let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
//! let parts = vec!["head".into(), "open".into()];
//! let entry =
//!     OwnEntry::new(ledger.clone(), label, Salt([9; 32]), parts, Claims::none()).unwrap();
//! let outcomes = store.commit(vec![Append::Own(entry)], now).unwrap();
//! assert_eq!(outcomes, [Outcome::Appended { ledger: ledger.clone(), index: 0 }]);
//!
//! let seal = reader.latest_seal(&ledger).unwrap();
//! let proof = reader.inclusion(&ledger, 0, seal.size).unwrap();
//! let leaf = reader.leaf(&ledger, 0).unwrap().unwrap().hash();
//! ledger::verify_inclusion(&leaf, 0, seal.size, &proof, &seal.root).unwrap();
//! ```
//!
//! # In which order to read it
//!
//! What is signed and proven: `tree` (RFC 6962), `proof`, `note`, `seal`, `receipt`, `tiles`,
//! `tlog_proof`, and the `signer` port with its `keys`.
//!
//! What is on the disk, from the smallest: `frame` (one fact), `group` (one commit, and the unit of
//! what can be torn), `segment` (64 MiB of groups behind the heads of all ledgers). The `disk` port is
//! all they know of the machine.
//!
//! ```text
//! <log>/0000000001.seg …    the truth: written once, synced before every answer
//! <log>/spare-0 …           the reserve for a full disk
//! <log>/clean               the last stop was a clean one
//! <log>/derived/*.idx       one index per closed segment          ┐ rebuilt from segments when
//! <log>/derived/*.run       the register, merged four by four     ┘ absent, different or damaged
//! ```
//!
//! What happens in a commit: `append` and `outcome` (what is asked and answered), `store` with
//! `store/draft`, `own`, `peer`, `space`, and `catalog`, through which a group becomes visible.
//! `register` holds the claims; `files` does what no answer waits for. `writer` is the asynchronous
//! door in front of the one thread that commits.
//!
//! What is read: `reader` over `shared`; `recover` opens a log after any stop; [`verify`] checks one
//! as an auditor does.
//!
//! # What this crate does not know
//!
//! What the bytes of a part mean; who may have which part; the wire; sled. It never asks a clock and
//! draws no random number of its own: times and seeds are arguments, so the simulator drives the very
//! code that runs in production.

mod append;
mod catalog;
mod disk;
mod files;
mod frame;
mod group;
mod handles;
mod index;
mod keys;
mod note;
mod octets;
mod options;
mod outcome;
mod pages;
mod proof;
mod reader;
mod receipt;
mod recover;
mod register;
mod seal;
mod segment;
mod shared;
mod signer;
mod store;
mod tiles;
mod tlog_proof;
mod tree;
pub mod verify;
mod writer;

pub use keys::{
    ALGORITHM_COSIGNATURE, ALGORITHM_ED25519, KEY_NAME_MAX, VerifierKey, VerifierKeyError,
    holder_key_name, holding_key_name, log_key_name,
};
pub use note::{NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX, Note, NoteError, SignatureLine};
pub use proof::{
    PROOF_HASHES_MAX, ProofError, ProveError, consistency_proof, inclusion_proof, root,
    verify_consistency, verify_inclusion,
};
pub use receipt::{
    CosignatureError, Holding, HoldingError, MASK_BLOCK_ENTRIES, ParseReceiptError, Receipt,
    SignReceiptError, VerifyReceiptError, cosign, masks_root, verify_cosignature,
};
pub use seal::{ParseSealError, Seal, VerifySealError};
pub use signer::{KeyError, Refusing, SignError, Signer, Software};
pub use tiles::{TILE_HEIGHT, TILE_LEVEL_MAX, TILE_WIDTH, Tile, TileError, entry_bundle};
pub use tlog_proof::{PROOF_EXTRA_MAX, ParseTlogProofError, TlogProof, VerifyTlogProofError};
pub use tree::{
    Frontier, FrontierError, Levels, Nodes, TREE_SIZE_MAX, empty_root, leaf_hash, node_hash,
    perfect_root,
};

pub use append::{
    Append, Claims, ContinuationAct, KeyChangeAct, NextGeneration, Opening, OwnEntry, PeerEntries,
    PeerFill, RecordClaim, RotateKey,
};
pub use disk::{Disk, DiskFile, Faulty, FaultyFile, FaultyLock, Os, OsFile, OsLock};
pub use options::{
    Background, Check, Fault, Options, RECENT_BYTES, RESERVE_SEGMENTS, SEGMENT_BYTES,
    SEGMENT_INDEX_BYTES,
};
pub use outcome::{Outcome, Refusal};
pub use reader::{
    Durable, Head, LogNote, Page, Place, Position, ReadError, Reader, Stored, StoredBatch,
};
pub use store::{CommitError, Cut, Damage, OpenError, OpenReport, Store};
pub use writer::{AppendError, Appender, Limits, Queued, Started, start};
