//! Digests of a hall's heads in 256 buckets. Two halls whose digests of a bucket are equal hold the
//! same ledgers at the same sizes in it, so nothing of it needs to be said.
//!
//! ```text
//! bucket = first byte of SHA-256(ledger name)
//! digest = first 8 bytes of SHA-256(for each ledger, by name: u16 length ‖ name ‖ u64 size ‖ root)
//! ```
//!
//! An empty bucket is eight zero bytes. Ledgers of the private lane and of size 0 are not said.

use record::LedgerName;
use sha2::{Digest, Sha256};
use wire::frame::BUCKETS;

use super::event::Head;

/// The digests, one per bucket.
pub(crate) type Digests = [[u8; 8]; BUCKETS];

/// The bucket of a ledger.
pub(crate) fn bucket(ledger: &LedgerName) -> usize {
    let hash = Sha256::digest(ledger.to_string().as_bytes());
    hash.first().copied().map_or(0, usize::from)
}

/// The digests of heads that come in the order of their names.
pub(crate) fn digests<'a>(
    heads: impl IntoIterator<Item = (&'a LedgerName, &'a Head)>,
) -> Box<Digests> {
    let mut open: Vec<Option<Sha256>> = vec![None; BUCKETS];
    for (ledger, head) in heads {
        let name = ledger.to_string();
        let Some(hash) = open.get_mut(bucket(ledger)) else { continue };
        let hash = hash.get_or_insert_with(Sha256::new);
        hash.update(u16::try_from(name.len()).unwrap_or(u16::MAX).to_be_bytes());
        hash.update(name.as_bytes());
        hash.update(head.size.to_be_bytes());
        hash.update(head.root);
    }
    let mut digests = Box::new([[0; 8]; BUCKETS]);
    for (digest, hash) in digests.iter_mut().zip(open) {
        if let Some(hash) = hash {
            for (to, from) in digest.iter_mut().zip(hash.finalize()) {
                *to = from;
            }
        }
    }
    digests
}

/// Whether bucket `index` differs.
pub(crate) fn differs(ours: &Digests, theirs: &Digests, index: usize) -> bool {
    ours.get(index) != theirs.get(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bucket_of_a_changed_head_differs() {
        let names: Vec<LedgerName> =
            (10..60).map(|n| format!("d/hallway/h{n}/records/1").parse().unwrap()).collect();
        let mut heads: Vec<Head> = names.iter().map(|_| Head { size: 1, root: [3; 32] }).collect();
        let before = digests(names.iter().zip(&heads));
        heads[7].size = 2;
        let after = digests(names.iter().zip(&heads));
        let changed: Vec<usize> = (0..BUCKETS).filter(|at| differs(&before, &after, *at)).collect();
        assert_eq!(changed, [bucket(&names[7])]);
    }

    #[test]
    fn digests_are_frozen() {
        let ledger: LedgerName = "jilin.example/hallway/220100/records/1".parse().unwrap();
        let found = digests([(&ledger, &Head { size: 7, root: [9; 32] })]);
        let at = bucket(&ledger);
        assert_eq!((at, found[at]), (149, 0x71bd_55a2_23df_1768_u64.to_be_bytes()));
        assert_eq!(found.iter().filter(|digest| **digest != [0; 8]).count(), 1);
    }
}
