//! The commands, one file each: `run(arguments, output)` asks, decides the exit code and speaks
//! through [`Output`](crate::output::Output). What can fail becomes a [`Failure`](crate::exit::Failure)
//! with its exit code.

pub mod ca;
pub mod check;
pub mod deadline;
pub mod demo;
pub mod directory;
pub mod export;
pub mod follow;
pub mod generate;
pub mod id;
pub mod import;
pub mod init;
pub mod mapping;
pub mod prove;
pub mod quarantine;
pub mod rule;
pub mod serve;
pub mod status;
pub mod submit;
pub mod verify;
