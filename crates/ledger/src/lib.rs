//! Segments, writer, register, tree, seals, receipts, verification.
