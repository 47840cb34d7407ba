//! Proving records for operators: the bundle is made on a blocking thread from what the ledger holds
//! and signed with the log key.

use std::str::FromStr;
use std::sync::Arc;

use ledger::{Os, Reader, Signer};
use policy::Rights;
use portal::Proving;
use portal::prove::{Prover, Wanted};
use record::{Class, HallId};
use telemetry::Clock;
use tokio::sync::watch;
use wire::status::Failure;
use wire::v1;

use super::assemble::Hall;
use super::{HallError, keys};

/// What a bundle is made of.
struct Desk {
    reader: Reader<Os>,
    rights: watch::Receiver<Rights>,
    hall: HallId,
    root_key: String,
    signer: Arc<dyn Signer>,
    clock: Arc<dyn Clock>,
}

/// The proving that `OperationsService` offers.
pub(super) fn proving(hall: &Hall) -> Result<Proving, HallError> {
    let desk = Arc::new(Desk {
        reader: hall.log.reader.clone(),
        rights: hall.rights.clone(),
        hall: hall.settings.hall.clone(),
        root_key: hall.settings.trust.root_key.clone(),
        signer: keys::signer(&hall.settings.log_key)?,
        clock: Arc::clone(&hall.clock),
    });
    Ok(Arc::new(move |request: v1::ProveRequest| {
        let desk = Arc::clone(&desk);
        Box::pin(async move {
            tokio::task::spawn_blocking(move || desk.prove(&request.record_id))
                .await
                .map_err(|_| Failure::new(Class::Internal, "task-failed", "see the hall's log"))?
        })
    }))
}

impl Desk {
    fn prove(&self, record: &str) -> Result<v1::ProveResponse, Failure> {
        let wanted = Wanted::from_str(record).map_err(|error| {
            Failure::new(Class::Invalid, "record-name", error.to_string())
                .in_chinese("请给出 26 位记录编号，或 账本#序号")
        })?;
        let rights = self.rights.borrow().clone();
        let prover = Prover {
            reader: &self.reader,
            rights: &rights,
            hall: &self.hall,
            root_key: &self.root_key,
            signer: self.signer.as_ref(),
        };
        let receipts = self.reader.receipts().unwrap_or_default();
        let bundle = prover
            .prove(&wanted, &receipts, self.clock.now(), &mut |_| {})
            .map_err(|error| error.failure())?;
        let bundle_json = bundle.to_json().map_err(|error| {
            Failure::new(Class::Internal, "bundle", pki::with_causes(&error))
        })?;
        Ok(v1::ProveResponse { bundle_json })
    }
}
