//! The hallway binary as a library: configuration, assembly and commands, so that suites can use them.
