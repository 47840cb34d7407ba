//! Error classes: what a failure means to whoever asked, whatever failed.
//!
//! Each operation's error has a `class()`; the wire turns classes into status codes at one place and
//! the command line into exit codes. A class says what the caller can do, never what broke inside.

/// What a failure means to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The request breaks rules; sending it again as it is will fail again.
    Invalid,
    /// The message id was acknowledged with other bytes, or the natural key is taken.
    Exists,
    /// The state forbids it now, such as a stale revision.
    Precondition,
    /// Nobody proved who asks.
    Unauthenticated,
    /// Who asks may not.
    Denied,
    /// There is no such thing, or not for the asker.
    NotFound,
    /// A limit is reached; later there is room.
    Exhausted,
    /// Not now: starting, stopping, or a neighbour is away.
    Unavailable,
    /// It took longer than it may.
    Deadline,
    /// This version does not do that.
    Unimplemented,
    /// Stored bytes are damaged.
    Corrupt,
    /// A failure of ours.
    Internal,
}

impl Class {
    /// The class as it stands in messages and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Exists => "exists",
            Self::Precondition => "precondition",
            Self::Unauthenticated => "unauthenticated",
            Self::Denied => "denied",
            Self::NotFound => "not-found",
            Self::Exhausted => "exhausted",
            Self::Unavailable => "unavailable",
            Self::Deadline => "deadline",
            Self::Unimplemented => "unimplemented",
            Self::Corrupt => "corrupt",
            Self::Internal => "internal",
        }
    }

    /// Whether the same request may succeed later.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Exhausted | Self::Unavailable | Self::Deadline)
    }
}
