//! sled: what links remember. The only crate that knows sled.
