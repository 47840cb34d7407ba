//! Counting what this hall holds beyond its rights of today, ledger by ledger.
//!
//! A narrowed right ends sending and showing at once; the bytes stay until an erasure. Whoever answers
//! for them asks how many there are. It looks at every entry, so it is asked for by name and runs on
//! a blocking thread, and no other answer waits for it.

use ledger::{Disk, ReadError, Reader};
use policy::Rights;
use record::{Class, Lane, LedgerName};
use tonic::Status;
use wire::status::Failure;
use wire::v1;

/// What counting needs.
pub(super) struct Retained<D: Disk> {
    pub(super) reader: Reader<D>,
    pub(super) rights: Rights,
}

impl<D: Disk> Retained<D> {
    /// Adds the count to each ledger.
    pub(super) async fn count(
        self,
        ledgers: Vec<v1::LedgerStatus>,
    ) -> Result<Vec<v1::LedgerStatus>, Status> {
        let counted = tokio::task::spawn_blocking(move || {
            let of = |one: v1::LedgerStatus| {
                let retained = one.name.parse().ok().map(|name| self.of(&name)).transpose()?;
                Ok(v1::LedgerStatus { retained, ..one })
            };
            ledgers.into_iter().map(of).collect::<Result<Vec<_>, ReadError>>()
        });
        let failed = |what: String| Failure::new(Class::Internal, "count-retained", what).status();
        let counted = counted.await.map_err(|error| failed(error.to_string()))?;
        counted.map_err(|error| failed(error.to_string()))
    }

    fn of(&self, ledger: &LedgerName) -> Result<u64, ReadError> {
        let me = self.reader.own_ledger(Lane::Acts).hall().clone();
        if *ledger.hall() == me || ledger.lane() != Lane::Records {
            return Ok(0);
        }
        self.reader.retained(ledger, &|label| self.rights.parts(ledger, label, &me))
    }
}
