//! Who may do what: parts() and its tables, the directory, the keys. Pure.
