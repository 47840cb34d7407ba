//! Who sees what in a feed.
//!
//! | caller | sees |
//! |---|---|
//! | a system of this hall | acts, and of records what this hall is entitled to |
//! | a department | head and open part of what is open (主动公开), acts among it |
//! | an operator, other halls and their systems | acts |
//!
//! What this hall only carries for others nobody sees here, nor the private lane. Deliberately absent
//! until Cedar: what a department may see for a stated purpose.

use pki::Identity;
use policy::Rights;
use record::{HallId, Label, Lane, LedgerName, PartSet, SharingClass};

/// A caller, as far as it matters for what is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Viewer {
    /// A system of this hall.
    System { hall: HallId },
    /// A department.
    Department,
    /// Everybody else.
    ActsAlone,
}

impl Viewer {
    pub(super) fn of(caller: &Identity, here: &HallId) -> Self {
        match caller {
            Identity::System { hall, .. } if hall == here => Self::System { hall: hall.clone() },
            Identity::Department { .. } => Self::Department,
            Identity::System { .. } | Identity::Hall { .. } | Identity::Operator { .. } => {
                Self::ActsAlone
            }
        }
    }

    /// The parts of an entry that the caller may see.
    pub(super) fn sees(&self, rights: &Rights, ledger: &LedgerName, label: Label) -> PartSet {
        match (ledger.lane(), self) {
            (Lane::Acts | Lane::Records, Self::System { hall }) => {
                rights.entitled(ledger, label, hall)
            }
            (Lane::Acts, Self::ActsAlone) => PartSet::PUBLIC,
            (Lane::Acts | Lane::Records, Self::Department) => {
                if label.class == SharingClass::Open {
                    PartSet::PUBLIC
                } else {
                    PartSet::NONE
                }
            }
            (Lane::Private, _) | (Lane::Records, Self::ActsAlone) => PartSet::NONE,
        }
    }

    /// Whether the caller is shown what publication allows, and no more.
    pub(super) fn is_public(&self) -> bool {
        match self {
            Self::Department => true,
            Self::System { .. } | Self::ActsAlone => false,
        }
    }

    /// Whether acts can widen what the caller sees.
    pub(super) fn hangs_on_acts(&self) -> bool {
        match self {
            Self::System { .. } => true,
            Self::Department | Self::ActsAlone => false,
        }
    }
}
