//! Proving records for operators: the bundle is made on a blocking thread from what the ledger holds
//! and signed with the log key.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use ledger::{Os, Reader, Receipt, Signer};
use link::desk::evidence::{self, Holder};
use outbox::{KeptReceipt, Passing};
use policy::Rights;
use portal::prove::{Prover, Wanted};
use portal::{Marks, Proving};
use record::{Class, HallId, Lane, LedgerName};
use telemetry::Clock;
use tokio::sync::watch;
use wire::status::Failure;
use wire::v1;

use super::assemble::Hall;
use super::{HallError, keys};

/// What a bundle is made of.
struct Desk {
    reader: Reader<Os>,
    marks: Marks<Os>,
    passing: Passing,
    rights: watch::Receiver<Rights>,
    hall: HallId,
    root_key: String,
    /// Read anew for each proof, so that a change of the key is followed.
    log_key: PathBuf,
    holder: Arc<dyn Signer>,
    clock: Arc<dyn Clock>,
}

/// The proving that `OperationsService` offers.
pub(super) fn proving(hall: &Hall) -> Result<Proving, HallError> {
    let desk = Arc::new(Desk {
        reader: hall.log.reader.clone(),
        marks: hall.marks.clone(),
        passing: hall.log.passing.clone(),
        rights: hall.rights.clone(),
        hall: hall.settings.hall.clone(),
        root_key: hall.settings.trust.root_key.clone(),
        log_key: hall.settings.log_key.clone(),
        holder: keys::signer(&hall.settings.holder_key)?,
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
        let signer = keys::signer(&self.log_key).map_err(|error| failed(&error))?;
        let prover = Prover {
            reader: &self.reader,
            marks: &self.marks,
            rights: &rights,
            hall: &self.hall,
            root_key: &self.root_key,
            signer: signer.as_ref(),
        };
        let receipts = self.receipts()?;
        let bundle = prover
            .prove(&wanted, &receipts, self.clock.now(), &mut |_| {})
            .map_err(|error| error.failure())?;
        let bundle_json = bundle.to_json().map_err(|error| failed(&error))?;
        Ok(v1::ProveResponse { bundle_json })
    }

    /// Those logged for this hall's ledgers, those that passed here on the way to their origins, and
    /// this hall's own for the records it holds of others.
    fn receipts(&self) -> Result<Vec<Receipt>, Failure> {
        let mut receipts = self.reader.receipts().map_err(|error| failed(&error))?;
        let passing = self.passing.receipts().map_err(|error| failed(&error))?;
        let parsed = |kept: &KeptReceipt| Receipt::parse(&kept.cosigned_seal, &kept.holding_note);
        receipts.extend(passing.iter().filter_map(|kept| parsed(kept).ok()));
        let others = |(ledger, _): &(LedgerName, ledger::Head)| {
            ledger.lane() == Lane::Records && *ledger.hall() != self.hall
        };
        for (ledger, _) in self.reader.heads().into_iter().filter(others) {
            let holder =
                Holder { domain: ledger.domain(), hall: &self.hall, signer: self.holder.as_ref() };
            let made = evidence::make(&self.reader, holder, &ledger, self.clock.now());
            if let Some(own) = made.map_err(|error| failed(&error))? {
                receipts.extend(Receipt::parse(&own.cosigned_seal, &own.holding_note).ok());
            }
        }
        Ok(receipts)
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Failure {
    tracing::error!(error, "record not proven");
    Failure::new(Class::Internal, "proof", pki::with_causes(error))
}
