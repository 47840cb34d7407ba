//! Identifiers with rules of their own: credit codes, citizen ids, division codes.
//!
//! Each says what is wrong with a text, and none guesses: an area is never read out of a credit code
//! (a real district hall carries the code of another), a birthday never decides anything.

mod certificate;
mod citizen;
mod division;
mod organisation;
mod registration;
mod uscc;

pub use certificate::{CertificateId, CertificateIdError};
pub use citizen::{CitizenId, CitizenIdError, citizen_ids_in};
pub use division::{DivisionError, check_division};
pub use organisation::{OrganisationCode, OrganisationCodeError};
pub use registration::{RegistrationNumber, RegistrationNumberError};
pub use uscc::{Uscc, UsccError};
