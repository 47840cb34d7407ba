//! Why a hall could not be made, and the way out.

use std::io;
use std::path::PathBuf;

use ledger::KeyError;
use pki::{AuthorityError, FileError};
use record::{HallId, TrustDomain};
use thiserror::Error;

use super::membership::EnterError;
use crate::client::ClientError;
use crate::config::ConfigError;
use crate::exit::{ConfigErrors, Exit, Failure};

/// Why a hall could not be made.
#[derive(Debug, Error)]
pub enum BirthError {
    /// The data directory cannot be made.
    #[error("make the data directory {}", path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Somebody lives there.
    #[error("{} holds a hall already; `hallway check --hall` shows it", path.display())]
    Inhabited {
        /// Where.
        path: PathBuf,
    },
    /// A configuration that is needed is not usable: the parent's, a peer's, the new one.
    #[error(transparent)]
    Configuration(#[from] ConfigErrors),
    /// A hall id is taken in this family.
    #[error("hall {hall} lives in {} already; --id names another", path.display())]
    Taken {
        /// The id.
        hall: HallId,
        /// Where it lives.
        path: PathBuf,
    },
    /// All of Jilin's ids are taken.
    #[error("find a hall id; --id names one")]
    NoIdLeft,
    /// A child lives in its parent's trust domain.
    #[error("make a hall of {asked} below one of {parent}; leave --domain away")]
    OtherDomain {
        /// What was asked for.
        asked: TrustDomain,
        /// The parent's.
        parent: TrustDomain,
    },
    /// A signing key.
    #[error("make or read the signing key {}", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: KeyError,
    },
    /// A file of keys or certificates.
    #[error("write the data directory")]
    File(#[from] FileError),
    /// The development authority.
    #[error("issue development certificates")]
    Authority(#[from] AuthorityError),
    /// Not a data directory of development.
    #[error("read {}: only `init --dev` writes it", path.display())]
    NoKin {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another hall's configuration could not be changed.
    #[error("edit {}", path.display())]
    Edit {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No free port.
    #[error("find a free port on loopback")]
    Port(#[source] io::Error),
    /// The root hall could not be asked.
    #[error(
        "have the hall admitted; later `hallway directory admit --hall ROOT --from DIR` does it"
    )]
    Ask(#[source] ClientError),
    /// The acts could not be written.
    #[error("enter the hall's Member in the root hall's acts")]
    Enter(#[from] EnterError),
}

impl BirthError {
    pub(super) fn configuration(errors: Vec<ConfigError>) -> Self {
        Self::Configuration(ConfigErrors(errors))
    }

    /// How a command ends for it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Directory { .. }
            | Self::Inhabited { .. }
            | Self::Configuration(_)
            | Self::Taken { .. }
            | Self::NoIdLeft
            | Self::OtherDomain { .. }
            | Self::Key { .. }
            | Self::File(_)
            | Self::Authority(_)
            | Self::NoKin { .. }
            | Self::Edit { .. }
            | Self::Port(_) => Exit::Usage,
            Self::Ask(error) => error.exit(),
            Self::Enter(error) => error.exit(),
        }
    }
}

impl From<BirthError> for Failure {
    fn from(error: BirthError) -> Self {
        if let BirthError::Configuration(ConfigErrors(errors)) = error {
            return Self::of_configuration(errors);
        }
        Self::new(error.exit(), error)
    }
}
