//! Which ledgers a link carries.
//!
//! Acts always: a hall that lacks them cannot judge rights or keys. Private never: it goes to
//! keepers by another road. Records of the halls that a side wants on this link. Carrying is about
//! sequences; which bytes come with them is for [`parts`](crate::parts) alone.

use std::collections::BTreeSet;

use record::{HallId, Lane, LedgerName};

use crate::directory::Directory;

/// What one side wants on a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carry {
    /// Acts and all records.
    Everything,
    /// Acts, and the records of some halls.
    Some {
        /// Which.
        halls: BTreeSet<HallId>,
    },
}

impl Carry {
    /// What `hall` wants from `peer` by default: from below the whole subtree of the peer, from
    /// above and across the records `configured`. Its own records too: a peer that is ahead in them
    /// is how a restored hall learns what it lost.
    pub fn wanted(
        directory: &Directory,
        hall: &HallId,
        peer: &HallId,
        configured: impl IntoIterator<Item = HallId>,
    ) -> Self {
        let mut halls: BTreeSet<HallId> = configured.into_iter().collect();
        halls.insert(hall.clone());
        if directory.path_up(peer).contains(hall) {
            halls.extend(directory.subtree(peer));
        }
        Self::Some { halls }
    }

    /// Whether the ledger travels.
    pub fn carries(&self, ledger: &LedgerName) -> bool {
        match (ledger.lane(), self) {
            (Lane::Acts, _) | (Lane::Records, Self::Everything) => true,
            (Lane::Records, Self::Some { halls }) => halls.contains(ledger.hall()),
            (Lane::Private, _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{hall, world};

    fn ledger(text: &str) -> LedgerName {
        text.parse().unwrap()
    }

    #[test]
    fn a_subtree_comes_up_and_what_is_configured_comes_down() {
        let acts = world(&[("p", None), ("a", Some("p")), ("a1", Some("a")), ("b", Some("p"))]);
        let directory = acts.directory();
        let up = Carry::wanted(directory, &hall("p"), &hall("a"), []);
        for (name, carried) in [
            ("d/hallway/a/records/1", true),
            ("d/hallway/a1/records/7", true),
            ("d/hallway/p/records/1", true),
            ("d/hallway/b/records/1", false),
            ("d/hallway/b/acts/1", true),
            ("d/hallway/a/private/1", false),
        ] {
            assert_eq!(up.carries(&ledger(name)), carried, "{name}");
        }
        let down = Carry::wanted(directory, &hall("a"), &hall("p"), [hall("b")]);
        assert!(down.carries(&ledger("d/hallway/b/records/1")));
        assert!(!down.carries(&ledger("d/hallway/p/records/1")));
        assert!(Carry::Everything.carries(&ledger("d/hallway/x/records/1")));
        assert!(!Carry::Everything.carries(&ledger("d/hallway/x/private/1")));
    }
}
