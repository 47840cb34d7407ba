//! Identifiers with rules of their own: credit codes, organisation codes, registration numbers,
//! citizen ids, certificates, items and cases, division codes.
//!
//! Each says what is wrong with a text, and none guesses: an area is never read out of a credit code
//! (a real district hall carries the code of another), a birthday never decides anything. The types
//! take a text as it stands or not at all; [`judge`] mends one as far as that is safe, and tells.

mod certificate;
mod citizen;
mod division;
mod judge;
mod organisation;
mod registration;
mod scheme;
mod uscc;

pub use certificate::{CertificateId, CertificateIdError};
pub use citizen::{CitizenId, CitizenIdError, citizen_ids_in};
pub use division::{DivisionError, Held, check_division, held, statistics_only, successors};
pub use judge::{IdKind, IdKindError, Judgement, judge};
pub use organisation::{OrganisationCode, OrganisationCodeError};
pub use registration::{RegistrationNumber, RegistrationNumberError};
pub use scheme::{Misfit, Numbered, Scheme, schemes};
pub use uscc::{Uscc, UsccError};
