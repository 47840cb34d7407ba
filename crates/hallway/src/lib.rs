//! The hallway binary as a library: configuration, assembly and commands.

pub mod birth;
pub mod cli;
pub mod client;
pub mod commands;
pub mod config;
pub mod demo;
pub mod exit;
pub mod hall;
pub mod output;
pub mod verify;
