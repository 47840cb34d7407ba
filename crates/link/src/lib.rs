//! Replication with one neighbour: pure machines and the tasks that drive them.
