//! Who is on the other end: certificates, rustls configs, reload, CRL, listener, connector.
//!
//! Every connection of a hall is mutual TLS 1.3, and every certificate names exactly one
//! [`Identity`]. TLS says who is on the line; whose the data is, seals say.
//!
//! ```text
//!   files ─► material ──► tls ──► listener ─► tonic server        (link, portal)
//!             │  ▲         │ └──► connector ─► tonic channel       (dial)
//!      judge ◄┘  │         │
//!   (chain, CRL, │         ├──► live       every connection, to be cut
//!    door)    reload       └──► refusals   the last hundred turned away
//! ```
//!
//! To read in this order: [`identity`](Identity) (who), `judge`, `demand` and `reason` (whether, and
//! why not), `witness` (how rustls asks), `material`, `tls`, `reload`, `standing` (what is trusted,
//! and how that changes), `live`, `listener`, `connector` (the lines themselves). `authority` and
//! `profile` make certificates for development; nothing else needs them.
//!
//! # What holds
//!
//! * A certificate is judged at the start of *every* connection: sessions are never resumed.
//! * After a reload, whoever is revoked or no longer vouched for is cut within a second; nobody else
//!   notices. Time alone never cuts a line.
//! * New files are taken together or not at all.
//! * Who is refused is named in log and [`Refusals`], with a word; the other side gets the alert.
//! * No handshake and no dial waits without a deadline; handshakes, connections, files and refusals
//!   are bounded.
//!
//! Deliberately absent: OCSP, name constraints, passwords on keys, TLS 1.2, tonic's own TLS.

mod authority;
mod connector;
mod demand;
mod dial_error;
mod files;
mod identity;
mod judge;
mod listener;
mod live;
mod material;
mod profile;
mod reason;
mod refusals;
mod reload;
mod revocation;
mod standing;
mod tls;
mod witness;

pub use authority::{Authority, AuthorityError, AuthorityFiles, BACKDATE, CRL_LIFE, Issued, Order};
pub use connector::{DIAL_DEADLINE, Dial, Dialled, KEEP_ALIVE};
pub use dial_error::{DialError, Stage};
pub use files::{
    CERTIFICATES_MAX, FILE_BYTES_MAX, FileError, read_certificates, read_crls, read_key,
    write_public, write_secret,
};
pub use identity::{Bearer, Identity, IdentityError, PeerId, SERIAL_MAX, Serial, WORD_MAX, Word};
pub use listener::{BindError, Incoming, Listener, READY_MAX, TlsConnection};
pub use material::{
    CONNECTIONS_MAX, CRL_GRACE, Config, HANDSHAKE_TIMEOUT, HANDSHAKES_MAX, MaterialError,
    WATCH_INTERVAL,
};
pub use profile::Profile;
pub use reason::Reason;
pub use refusals::{Face, REFUSALS_MAX, Refusal, Refusals};
pub use reload::Reloaded;
pub use revocation::{Freshness, RevocationError};
pub use standing::{Alarm, CrlStanding, EXPIRY_WARNING, Standing};
pub use tls::{Tls, with_causes};

#[cfg(test)]
mod tests;
