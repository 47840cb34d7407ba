//! Segments, writer, register, tree, seals, receipts, verification.

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
pub use writer::{AppendError, Appender, Limits, Started, start};
