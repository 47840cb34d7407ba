//! The house's tasks.

fn main() {}
