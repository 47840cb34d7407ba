//! Whether this hall may revise a record, and which revision it would replace.
//!
//! The register knows the records that this hall wrote. One that was handed over to it (移交) is
//! found, the first time, in the ledgers of the stewards before; from then on the register knows it
//! too.

use ledger::{Disk, Reader};
use policy::Acts;
use record::{Class, HallId, Hash, LedgerName, Revises};
use wire::status::Failure;

use crate::search::{self, SearchError};

/// What a revision stands on.
pub(crate) enum Ground {
    /// A record that the register knows, or nobody does: it judges.
    Registered {
        /// The commitment of the revision that is replaced, when it is the latest.
        previous: Option<Stood>,
    },
    /// A record taken over, at the revision that is replaced.
    TakenOver { previous: Stood },
    /// Another hall is the steward by now; only a repetition may still pass.
    Moved(Failure),
    /// A record taken over whose latest revision is another.
    Stale(Failure),
}

/// The revision that is replaced: what it commits to, and where it stands.
pub(crate) struct Stood {
    pub(crate) commitment: Hash,
    pub(crate) ledger: LedgerName,
    pub(crate) index: u64,
}

/// Finds the ground of a revision.
pub(crate) fn ground<D: Disk>(
    revises: &Revises,
    reader: &Reader<D>,
    acts: &Acts,
    here: &HallId,
) -> Result<Ground, Failure> {
    let record = revises.record;
    let place = reader.place(&record.to_string()).map_err(|error| unreadable(&error))?;
    let stewards = acts.stewards();
    if !stewards.is_empty() {
        let origins = stewards.origins(here, record);
        let is_ours = |origin: &&HallId| stewards.steward(origin, record) == *here;
        if place.is_some() && !origins.iter().any(|origin| is_ours(&origin)) {
            return Ok(Ground::Moved(moved(&stewards.steward(here, record))));
        }
        if place.is_none() {
            for origin in origins.iter().filter(|origin| *origin != here).filter(is_ours) {
                if let Some(ground) = taken_over(revises, reader, acts, origin)? {
                    return Ok(ground);
                }
            }
        }
    }
    let Some(place) = place.filter(|place| place.revision == revises.revision) else {
        return Ok(Ground::Registered { previous: None });
    };
    let leaf = reader.leaf(&place.ledger, place.index).map_err(|error| unreadable(&error))?;
    let stood = |leaf: record::Leaf| Stood {
        commitment: leaf.commitment,
        ledger: place.ledger.clone(),
        index: place.index,
    };
    Ok(Ground::Registered { previous: leaf.map(stood) })
}

fn taken_over<D: Disk>(
    revises: &Revises,
    reader: &Reader<D>,
    acts: &Acts,
    origin: &HallId,
) -> Result<Option<Ground>, Failure> {
    let chain = acts.stewards().chain(origin, revises.record);
    let counts = |ledger: &_, index| chain.iter().any(|tenure| tenure.covers(ledger, index));
    let found = search::latest(reader, revises.record, counts).map_err(|error| match &error {
        SearchError::Read(error) => unreadable(error),
        SearchError::TooMany => {
            Failure::new(Class::Exhausted, "search-too-long", error.to_string())
        }
    })?;
    let Some(found) = found else { return Ok(None) };
    if found.revision != revises.revision {
        return Ok(Some(Ground::Stale(crate::outcome::stale(found.revision))));
    }
    tracing::info!(record = %revises.record, ledger = %found.ledger, index = found.index,
        "a record handed over is revised here from now on");
    let search::Found { ledger, index, commitment, .. } = found;
    Ok(Some(Ground::TakenOver { previous: Stood { commitment, ledger, index } }))
}

fn moved(steward: &HallId) -> Failure {
    Failure::new(
        Class::Precondition,
        "steward-moved",
        format!("the record was handed over; hall {steward} revises it now"),
    )
    .in_chinese(format!("该记录已移交，现由 {steward} 修订"))
    .with("steward", steward.to_string())
}

fn unreadable(error: &ledger::ReadError) -> Failure {
    let error: &dyn std::error::Error = error;
    tracing::error!(error, "revision is not readable");
    Failure::new(Class::Corrupt, "ledger-unreadable", "the revised record cannot be read")
}
