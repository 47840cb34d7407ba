//! Configuration enters here and nowhere else: defaults ← `hallway.toml` ← `HALLWAY_*`.
//!
//! [`raw`] is what the file may say, unknown keys refused by name; [`Settings`] is what the hall runs on
//! and cannot be invalid. Paths in the file are relative to the hall's data directory. Environment
//! variables replace single keys: `HALLWAY_LINK__LISTEN=127.0.0.1:9000` stands for `[link] listen`.

pub mod raw;
mod read;
mod settings;
mod template;

pub use raw::Raw;
pub use read::{ConfigError, FILE, effective, read};
pub use settings::{Bounds, Peer, Settings, Tls, Trust};
pub use template::{Template, render};

#[cfg(test)]
mod tests;
