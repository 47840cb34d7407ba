//! Segments, writer, register, tree, seals, receipts, verification.

mod keys;
mod note;
mod proof;
mod receipt;
mod seal;
mod signer;
mod tiles;
mod tlog_proof;
mod tree;
