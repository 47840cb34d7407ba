//! The harness (halls as real processes, a small CA, a fault proxy, a simulator) and its suites.
