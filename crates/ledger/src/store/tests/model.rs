//! A log as a few vectors: what the store must agree with, whatever happened to its disk.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;
use crate::octets::to_usize;

/// One commit.
pub(super) type Step = Vec<Act>;

/// One append, as plain data.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Own(Lane, u64, bool),
    Peer(usize, usize, PartSet),
    Fill(usize, PartSet),
}

/// Steps drawn from a seed.
pub(super) fn steps(seed: u64, count: usize) -> Vec<Step> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut sent = 0;
    let mut n = 0;
    let mut act = || {
        let rights = PartSet::from_bits(random.random_range(0..8));
        match random.random_range(0..10) {
            0..5 => {
                n += 1;
                let lane = Lane::ALL[random.random_range(0..3_usize)];
                Act::Own(lane, n, random.random_range(0..4) > 0)
            }
            5..8 => {
                let from = sent - random.random_range(0..=sent.min(9));
                let to = (from + random.random_range(1..40)).min(OTHERS);
                sent = sent.max(to);
                Act::Peer(from, to.max(from), rights)
            }
            _ => Act::Fill(random.random_range(0..sent.max(1)), rights),
        }
    };
    let mut sizes = StdRng::seed_from_u64(seed + 1);
    (0..count).map(|_| (0..sizes.random_range(1..5)).map(|_| act()).collect()).collect()
}

/// What has been acknowledged.
#[derive(Default)]
pub(super) struct Model {
    own: BTreeMap<LedgerName, Vec<Option<(Leaf, Parts)>>>,
    messages: BTreeMap<u64, (LedgerName, u64)>,
    peer_size: u64,
    held: BTreeMap<u64, PartSet>,
    seals: Vec<Seal>,
    done: usize,
}

impl Model {
    /// Carries the steps out on a new log; false when the disk died on the way.
    pub(super) fn run(&mut self, disk: &Faulty, steps: &[Step]) -> bool {
        let opened = Store::open(disk.clone(), options(), signer(), NOW);
        let Ok((mut store, _)) = opened else { return false };
        self.go_on(&mut store, steps)
    }

    /// Carries on where the log was left; what was not acknowledged is asked again.
    pub(super) fn resume(&mut self, store: &mut Store<Faulty>, steps: &[Step]) {
        assert!(self.go_on(store, steps));
    }

    fn go_on(&mut self, store: &mut Store<Faulty>, steps: &[Step]) -> bool {
        let other = other();
        while let Some(step) = steps.get(self.done) {
            let appends = step.iter().map(|act| append(act, other)).collect();
            let Ok(outcomes) = store.commit(appends, NOW) else { return false };
            for (act, outcome) in step.iter().zip(&outcomes) {
                self.learn(act, outcome, other);
            }
            for (ledger, _) in store.reader().heads() {
                self.seals.extend(store.reader().latest_seal(&ledger));
            }
            self.done += 1;
        }
        true
    }

    fn learn(&mut self, act: &Act, outcome: &Outcome, other: &Other) {
        match (act, outcome) {
            (
                Act::Own(lane, n, _),
                Outcome::Appended { ledger, index } | Outcome::Repeated { ledger, index },
            ) => {
                let entry = own(*lane, *n, Claims::none());
                let entries = self.own.entry(ledger.clone()).or_default();
                let at = usize::try_from(*index).unwrap();
                entries.resize(entries.len().max(at + 1), None);
                assert!(
                    entries[at].is_none() || matches!(outcome, Outcome::Repeated { .. }),
                    "index {index} was given twice"
                );
                entries[at] = Some((entry.leaf, entry.parts));
                if let Some(before) = self.messages.insert(*n, (ledger.clone(), *index)) {
                    assert_eq!(before, (ledger.clone(), *index), "equal answers");
                }
            }
            (Act::Peer(from, to, rights), Outcome::Extended { size, .. }) => {
                self.peer_size = self.peer_size.max(*size);
                for at in *from..*to {
                    let held = self.held.entry(len_u64(at)).or_default();
                    *held = held.union(other.entries[at].1.narrowed(*rights).held());
                }
            }
            (Act::Fill(at, rights), Outcome::Filled { refused: 0, .. }) => {
                let held = self.held.entry(len_u64(*at)).or_default();
                *held = held.union(other.entries[*at].1.narrowed(*rights).held());
            }
            (Act::Peer(..), Outcome::Gap { .. }) | (Act::Fill(..), Outcome::Filled { .. }) => {}
            (act, outcome) => panic!("{act:?} became {outcome:?}"),
        }
    }

    /// Compares a store with everything that was acknowledged.
    pub(super) fn check(&self, store: &Store<Faulty>, what: &str) {
        let reader = store.reader();
        let other = other();
        for (ledger, entries) in &self.own {
            for (index, entry) in (0..).zip(entries) {
                let Some((leaf, parts)) = entry else { continue };
                let stored = reader.entry(ledger, index).unwrap().expect(what);
                assert_eq!((&stored.leaf, &stored.parts), (leaf, parts), "{what}");
            }
        }
        let size = reader.head(&other.ledger).map_or(0, |head| head.size);
        assert!(size >= self.peer_size, "{what}");
        let (mut whole, mut stubs) = (0, 0);
        for index in 0..size {
            let stored = reader.entry(&other.ledger, index).unwrap().unwrap();
            let (leaf, parts) = &other.entries[to_usize(index)];
            let held = stored.parts.held();
            assert_eq!(stored.leaf, *leaf, "{what}");
            assert_eq!(stored.parts, parts.narrowed(held), "{what}");
            let promised = self.held.get(&index).copied().unwrap_or_default();
            assert!(promised.without(held).is_empty(), "{what}");
            whole += u64::from(held == PartSet::first(3));
            stubs += u64::from(held.is_empty());
        }
        if let Some(holding) = reader.holding(&other.ledger).unwrap() {
            assert_eq!((holding.whole, holding.stubs), (whole, stubs), "{what}");
        }
        for seal in &self.seals {
            assert_eq!(reader.root(&seal.ledger, seal.size).unwrap(), seal.root, "{what}");
            assert_eq!(reader.seal_at(&seal.ledger, seal.size).unwrap().as_ref(), Some(seal));
        }
        for (ledger, head) in reader.heads() {
            assert_eq!(reader.latest_seal(&ledger).unwrap().size, head.size, "{what}");
        }
        self.once(store, what);
    }

    /// No index and no message is there twice.
    fn once(&self, store: &Store<Faulty>, what: &str) {
        let reader = store.reader();
        let mut next: BTreeMap<LedgerName, u64> = BTreeMap::new();
        let page = reader.follow(Position(0), usize::MAX).unwrap();
        assert_eq!(page.next, reader.durable().position, "{what}");
        let mut leaves = BTreeMap::new();
        for (_, note) in page.notes {
            if let LogNote::Entry { ledger, index, .. } = note {
                let wanted = next.entry(ledger.clone()).or_default();
                assert_eq!(*wanted, index, "{what}");
                *wanted += 1;
                if ledger.hall().as_str() == "220100" {
                    let leaf = reader.leaf(&ledger, index).unwrap().unwrap();
                    assert!(leaves.insert(leaf.commitment, index).is_none(), "{what}: doubled");
                }
            }
        }
        for (n, (ledger, index)) in &self.messages {
            let place = reader.place(&format!("r{n}")).unwrap().expect(what);
            assert_eq!((&place.ledger, place.index), (ledger, *index), "{what}");
        }
    }
}

fn append(act: &Act, other: &Other) -> Append {
    match act {
        Act::Own(lane, n, natural) => {
            let mut claims = message(*n);
            if !natural {
                claims.natural_key = None;
            }
            Append::Own(own(*lane, *n, claims))
        }
        Act::Peer(from, to, rights) => Append::Peer(other.batch(*from, *to, *rights)),
        Act::Fill(at, rights) => {
            let entries = vec![(len_u64(*at), other.entries[*at].1.narrowed(*rights))];
            Append::Fill(PeerFill { ledger: other.ledger.clone(), entries, via: via() })
        }
    }
}

const OTHERS: usize = 400;

/// The other hall's ledger, made once for all tests.
fn other() -> &'static Other {
    static OTHER: std::sync::OnceLock<Other> = std::sync::OnceLock::new();
    OTHER.get_or_init(|| Other::new("220200", len_u64(OTHERS)))
}
