//! Replication with neighbours: a pure machine and the tasks that drive it.

pub mod machine;
