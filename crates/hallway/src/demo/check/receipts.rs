//! At the origins: a receipt of every other hall, verified with the keys of the directory, that covers
//! the whole ledger and names its root.

use ledger::Receipt;
use link::desk::evidence;
use policy::Rights;
use record::Lane;
use wire::frame::SignedReceipt;

use super::open::Open;
use super::{CheckError, Findings};

/// Counts final receipts of records ledgers that have entries, and how many there must be.
pub(super) fn check(
    opened: &[Open],
    rights: &Rights,
    findings: &mut Findings,
) -> Result<(), CheckError> {
    for origin in opened {
        let ledger = origin.reader.own_ledger(Lane::Records);
        let size = origin.size(&ledger);
        if size == 0 {
            continue;
        }
        let root = origin.reader.root(&ledger, size)?;
        let receipts = origin.reader.receipts()?;
        for holder in opened.iter().filter(|holder| holder.hall != origin.hall) {
            findings.receipts_due += 1;
            let last = |receipt: &&Receipt| {
                receipt.holder == holder.hall
                    && receipt.ledger == ledger
                    && receipt.size == size
                    && receipt.holding().root == root
            };
            let receipt = receipts.iter().find(last);
            if receipt
                .is_some_and(|receipt| evidence::check(rights.acts(), &signed(receipt)).is_some())
            {
                findings.receipts_final += 1;
            } else {
                let hall = &holder.hall;
                findings.problem(|| format!("{ledger} has no final receipt of {hall}"));
            }
        }
    }
    Ok(())
}

/// A receipt as it travels.
fn signed(receipt: &Receipt) -> SignedReceipt {
    SignedReceipt {
        holder: receipt.holder.clone(),
        ledger: receipt.ledger.clone(),
        size: receipt.size,
        cosigned_seal: receipt.cosigned_seal.clone(),
        holding_note: receipt.holding_note.clone(),
    }
}
