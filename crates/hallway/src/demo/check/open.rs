//! A stopped hall's log, open for reading. The signer refuses to sign, so that nothing can be sealed
//! by accident: whoever checks is not the hall.

use std::sync::Arc;

use ledger::{Options, Os, Reader, Refusing, Signer as _, Store};
use record::{HallId, LedgerName};
use telemetry::{Clock as _, System};

use super::CheckError;
use crate::birth::{ledger_directory, signer};
use crate::config::{Settings, Trust};

/// A log that is open.
pub(super) struct Open {
    /// Whose it is.
    pub(super) hall: HallId,
    /// What the hall trusts from birth.
    pub(super) trust: Trust,
    /// Its segments.
    pub(super) disk: Os,
    /// Reads it.
    pub(super) reader: Reader<Os>,
    _store: Store<Os>,
}

impl Open {
    /// Opens the log of the hall with these settings.
    pub(super) fn of(settings: &Settings) -> Result<Self, CheckError> {
        let disk = disk(settings)?;
        let public = signer(&settings.log_key)?.public();
        let options = Options::new(settings.domain.clone(), settings.hall.clone(), [0; 32]);
        let signer = Arc::new(Refusing::new(public));
        let opened = Store::open(disk.clone(), options, signer, System.now());
        let (store, _) = opened
            .map_err(|source| CheckError::Open { hall: settings.hall.to_string(), source })?;
        Ok(Self {
            hall: settings.hall.clone(),
            trust: settings.trust.clone(),
            disk,
            reader: store.reader(),
            _store: store,
        })
    }

    /// Entries of a ledger here.
    pub(super) fn size(&self, ledger: &LedgerName) -> u64 {
        self.reader.head(ledger).map_or(0, |head| head.size)
    }
}

/// The directory of a hall's segments.
pub(super) fn disk(settings: &Settings) -> Result<Os, CheckError> {
    let path = ledger_directory(&settings.directory);
    Os::new(path.clone()).map_err(|source| CheckError::Directory { path, source })
}
