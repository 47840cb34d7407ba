//! Where a development family lives: the file `dev.toml` in each data directory.
//!
//! Every hall's file names its root hall's directory and its parent's; the root's also lists all
//! halls born below it. A running hall never reads it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::BirthError;
use crate::config::Settings;

/// What `dev.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kin {
    /// The root hall's data directory.
    pub root: PathBuf,
    /// The parent's data directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<PathBuf>,
    /// In the root's file, every hall's data directory by hall id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub halls: BTreeMap<String, PathBuf>,
}

impl Kin {
    pub(super) fn new(root: PathBuf, parent: Option<PathBuf>) -> Self {
        Self { root, parent, halls: BTreeMap::new() }
    }

    /// Reads the file in a data directory.
    pub fn read(directory: &Path) -> Result<Self, BirthError> {
        let path = directory.join(FILE);
        let failed =
            |source: Box<dyn Error + Send + Sync>| BirthError::NoKin { path: path.clone(), source };
        let text = fs::read_to_string(&path).map_err(|error| failed(error.into()))?;
        toml::from_str(&text).map_err(|error| failed(error.into()))
    }

    /// Notes a newcomer in the root's file.
    pub(super) fn born(settings: &Settings) -> Result<(), BirthError> {
        let root = Self::read(&settings.directory)?.root;
        let mut kin = Self::read(&root)?;
        kin.halls.insert(settings.hall.to_string(), settings.directory.clone());
        kin.write(&root)
    }

    pub(super) fn write(&self, directory: &Path) -> Result<(), BirthError> {
        let path = directory.join(FILE);
        let text = toml::to_string(self)
            .map_err(|source| BirthError::NoKin { path: path.clone(), source: source.into() })?;
        pki::write_public(&path, &format!("{HEAD}{text}"))?;
        Ok(())
    }
}

const FILE: &str = "dev.toml";
const HEAD: &str = "# Where this development family lives. `hallway init --dev` writes it; `serve` never reads it.\n";
