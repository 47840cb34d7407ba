//! The hallway binary as a library: configuration, assembly and commands.

pub mod config;
