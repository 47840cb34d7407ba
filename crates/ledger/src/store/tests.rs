//! The store: one door, one group, one answer; then the models that crash it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use record::{
    AudienceNumber, HallId, Label, Lane, Leaf, LedgerName, PartSet, Parts, Salt, SharingClass,
    Timestamp,
};

use super::*;
use crate::append::{Claims, OwnEntry, PeerEntries, PeerFill, RecordClaim};
use crate::disk::Faulty;
use crate::options::Background;
use crate::reader::{LogNote, Position};
use crate::seal::Seal;
use crate::signer::Software;
use crate::tree::Frontier;

mod crash;
mod derived;
mod model;

pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000_000);

pub(crate) fn options() -> Options {
    let mut options =
        Options::new("jilin.example".parse().unwrap(), "220100".parse().unwrap(), [9; 32]);
    options.segment_bytes = 16 << 10;
    options.reserve_segments = 1;
    options.recent_bytes = 8 << 10;
    options.background = Background::Inline;
    options
}

pub(crate) fn signer() -> Arc<dyn Signer> {
    Arc::new(Software::from_seed(&[1; 32]))
}

pub(crate) fn open(disk: &Faulty) -> (Store<Faulty>, OpenReport) {
    Store::open(disk.clone(), options(), signer(), NOW).unwrap()
}

pub(crate) fn label() -> Label {
    Label { class: SharingClass::Unconditional, audience: AudienceNumber(0) }
}

pub(crate) fn own(lane: Lane, n: u64, claims: Claims) -> OwnEntry {
    let ledger = options().first_ledger(lane);
    let parts = ["head", "open", "closed"].map(|part| Bytes::from(format!("{part} {n}")));
    let salt = Salt([u8::try_from(n % 251).unwrap(); 32]);
    OwnEntry::new(ledger, label(), salt, parts.to_vec(), claims).unwrap()
}

pub(crate) fn message(n: u64) -> Claims {
    Claims {
        message: Some(("system".to_owned(), format!("m{n}"), [u8::try_from(n % 251).unwrap(); 32])),
        record: Some(RecordClaim { record_id: format!("r{n}"), replaces: None, revision: 1 }),
        natural_key: Some(format!("k{n}")),
    }
}

/// Another hall's ledger, made whole in memory.
pub(crate) struct Other {
    pub(crate) ledger: LedgerName,
    pub(crate) entries: Vec<(Leaf, Parts)>,
    seals: Vec<Seal>,
}

impl Other {
    pub(crate) fn new(hall: &str, count: u64) -> Self {
        let ledger: LedgerName = format!("jilin.example/hallway/{hall}/records/1").parse().unwrap();
        let entry = |n: u64| {
            let parts =
                ["head", "open", "closed"].map(|part| Bytes::from(format!("{hall} {part} {n}")));
            let parts = Parts::seal_up(&Salt([7; 32]), parts).unwrap();
            (Leaf { label: label(), commitment: parts.commitment(&ledger).unwrap() }, parts)
        };
        let entries: Vec<_> = (0..count).map(entry).collect();
        let key = Software::from_seed(&[2; 32]);
        let mut frontier = Frontier::new();
        let mut seals = vec![Seal::sign(&ledger, 0, frontier.root(), &key).unwrap()];
        for (leaf, _) in &entries {
            frontier.push(leaf.hash());
            seals.push(Seal::sign(&ledger, frontier.size(), frontier.root(), &key).unwrap());
        }
        Self { ledger, entries, seals }
    }

    pub(crate) fn seal(&self, size: usize) -> Seal {
        self.seals[size].clone()
    }

    pub(crate) fn batch(&self, from: usize, to: usize, rights: PartSet) -> PeerEntries {
        let entries = self.entries[from..to].iter();
        PeerEntries {
            ledger: self.ledger.clone(),
            first: u64::try_from(from).unwrap(),
            entries: entries.map(|(leaf, parts)| (*leaf, parts.narrowed(rights))).collect(),
            seal: self.seal(to),
            via: via(),
        }
    }
}

pub(crate) fn via() -> HallId {
    "220000".parse().unwrap()
}

fn appended(outcome: &Outcome) -> u64 {
    let Outcome::Appended { index, .. } = outcome else { panic!("{outcome:?}") };
    *index
}

#[test]
fn the_register_lets_each_message_in_once() {
    let disk = Faulty::new(1);
    let (mut store, report) = open(&disk);
    assert!(report.created && report.clean && report.damage.is_empty());
    let entry = own(Lane::Records, 1, message(1));
    let ledger = entry.ledger.clone();
    let outcomes =
        store.commit(vec![Append::Own(entry.clone()), Append::Own(entry.clone())], NOW).unwrap();
    assert_eq!(appended(&outcomes[0]), 0);
    assert_eq!(outcomes[1], Outcome::Repeated { ledger: ledger.clone(), index: 0 });

    let mut other_bytes = own(Lane::Records, 2, message(1));
    other_bytes.claims.message.as_mut().unwrap().2 = [99; 32];
    let revise = |n: u64, replaces, revision| {
        let mut claims = message(n);
        claims.record = Some(RecordClaim { record_id: "r1".to_owned(), replaces, revision });
        claims.natural_key = Some("k1".to_owned());
        Append::Own(own(Lane::Records, n, claims))
    };
    let mut taken = message(7);
    taken.natural_key = Some("k1".to_owned());
    let outcomes = store
        .commit(
            vec![
                Append::Own(other_bytes),
                revise(3, Some(1), 2),
                revise(4, Some(1), 2),
                revise(5, None, 3),
                Append::Own(own(Lane::Records, 7, taken)),
                Append::Own(own(Lane::Private, 8, Claims::none())),
            ],
            NOW,
        )
        .unwrap();
    assert_eq!(outcomes[0], Outcome::OtherBytes { ledger: ledger.clone(), index: 0 });
    assert_eq!(appended(&outcomes[1]), 1);
    assert_eq!(outcomes[2], Outcome::Stale { latest: 2 });
    assert_eq!(outcomes[3], Outcome::Stale { latest: 2 });
    assert_eq!(outcomes[4], Outcome::NaturalKeyTaken { ledger: ledger.clone(), index: 0 });
    assert_eq!(appended(&outcomes[5]), 0);

    let place = store.reader().place("r1").unwrap().unwrap();
    assert_eq!((place.ledger, place.index, place.revision), (ledger.clone(), 1, 2));
    let seal = store.reader().latest_seal(&ledger).unwrap();
    assert_eq!(seal.size, 2);
    seal.verify(&signer().public()).unwrap();
    assert_eq!(seal.root, store.reader().root(&ledger, 2).unwrap());
    let stored = store.reader().entry(&ledger, 0).unwrap().unwrap();
    assert_eq!((stored.leaf, stored.parts), (entry.leaf, entry.parts));
}

#[test]
fn an_entry_and_what_stands_behind_it_enter_together_or_not_at_all() {
    let disk = Faulty::new(1);
    let (mut store, _) = open(&disk);
    let pair = |n: u64| {
        let behind = own(Lane::Records, n + 100, message(n + 100));
        own(Lane::Records, n, message(n)).followed_by(behind)
    };
    let before = store.reader().durable().group;
    let outcomes = store.commit(vec![Append::Own(pair(1)), Append::Own(pair(1))], NOW).unwrap();
    let ledger = pair(1).ledger;
    assert_eq!(appended(&outcomes[0]), 0);
    assert_eq!(outcomes[1], Outcome::Repeated { ledger: ledger.clone(), index: 0 });
    assert_eq!(store.reader().durable().group, before + 1, "one group holds both");
    let place = store.reader().place("r101").unwrap().unwrap();
    assert_eq!((place.ledger, place.index), (ledger.clone(), 1));

    // Who may not stand behind keeps the first out too, and leaves none of its claims.
    let mut taken = own(Lane::Records, 8, message(8));
    taken.claims.natural_key = Some("k101".to_owned());
    let refused = own(Lane::Records, 2, message(2)).followed_by(taken);
    let alone = own(Lane::Records, 2, message(2));
    let outcomes = store.commit(vec![Append::Own(refused), Append::Own(alone)], NOW).unwrap();
    let why = Outcome::NaturalKeyTaken { ledger: ledger.clone(), index: 1 };
    assert_eq!(outcomes[0], Outcome::Behind(Box::new(why)));
    assert_eq!(appended(&outcomes[1]), 2);
    assert_eq!(store.reader().place("r8").unwrap(), None);
    let elsewhere = own(Lane::Private, 9, message(9));
    let refused = own(Lane::Records, 3, message(3)).followed_by(elsewhere);
    let outcomes = store.commit(vec![Append::Own(refused)], NOW).unwrap();
    assert_eq!(outcomes[0], Outcome::WrongGeneration);
}

#[test]
fn peers_extend_overlap_fill_and_contradict() {
    let disk = Faulty::new(1);
    let (mut store, _) = open(&disk);
    let other = Other::new("220200", 300);
    let mut commit = |append| store.commit(vec![append], NOW).unwrap().remove(0);
    let extended = |size, fills| Outcome::Extended { size, fills };

    assert_eq!(commit(Append::Peer(other.batch(5, 9, PartSet::ALL))), Outcome::Gap { size: 0 });
    let stubs = other.batch(0, 10, PartSet::NONE);
    assert_eq!(commit(Append::Peer(stubs)), extended(10, vec![]));
    let overlap = other.batch(8, 12, PartSet::PUBLIC);
    let fills = vec![(8, PartSet::PUBLIC), (9, PartSet::PUBLIC)];
    assert_eq!(commit(Append::Peer(overlap.clone())), extended(12, fills));
    assert_eq!(commit(Append::Peer(overlap)), extended(12, vec![]));

    let fill = |index: u64, of: usize, rights| {
        let entries = vec![(index, other.entries[of].1.narrowed(rights))];
        Append::Fill(PeerFill { ledger: other.ledger.clone(), entries, via: via() })
    };
    let closed = PartSet::ALL.without(PartSet::PUBLIC);
    let new = vec![(8, PartSet::from_bits(0b100))];
    assert_eq!(commit(fill(8, 8, closed)), Outcome::Filled { new, refused: 0 });
    assert_eq!(commit(fill(8, 9, PartSet::ALL)), Outcome::Filled { new: vec![], refused: 1 });
    assert_eq!(commit(fill(99, 9, PartSet::ALL)), Outcome::Filled { new: vec![], refused: 1 });

    let mut wrong = other.batch(0, 12, PartSet::ALL);
    wrong.entries[3].0.commitment = [0; 32];
    assert_eq!(commit(Append::Peer(wrong)), Outcome::Diverges { at: 3 });
    let mut wrong = other.batch(12, 20, PartSet::ALL);
    wrong.entries[3].0.commitment = [0; 32];
    assert_eq!(commit(Append::Peer(wrong)), Outcome::Diverges { at: 20 });
    assert_eq!(commit(Append::Peer(other.batch(12, 300, PartSet::ALL))), extended(300, vec![]));

    let reader = store.reader();
    let stored = reader.entry(&other.ledger, 8).unwrap().unwrap();
    assert_eq!(stored.parts, other.entries[8].1);
    let head = reader.head(&other.ledger).unwrap();
    assert_eq!((head.size, head.stubs, head.root), (300, 8, other.seal(300).root));
    let holding = reader.holding(&other.ledger).unwrap().unwrap();
    assert_eq!((holding.whole, holding.partly, holding.stubs), (289, 3, 8));
    let lacking = reader.lacking(&other.ledger, 0, 9, &|_| PartSet::ALL).unwrap();
    assert_eq!(lacking, [0..8, 9..12]);
    let lacking = reader.lacking(&other.ledger, 2, 9, &|_| PartSet::PUBLIC).unwrap();
    assert_eq!(lacking.first(), Some(&(2..8)));
    assert_eq!(lacking.len(), 1);
}

#[test]
fn proofs_and_batches_hold_at_every_size() {
    let disk = Faulty::new(1);
    let (mut store, _) = open(&disk);
    let other = Other::new("220200", 700);
    let mut at = 0;
    for to in [1, 3, 100, 255, 256, 257, 500, 512, 699, 700] {
        store.commit(vec![Append::Peer(other.batch(at, to, PartSet::ALL))], NOW).unwrap();
        at = to;
    }
    assert!(
        disk.list("").unwrap().iter().filter(|name| segment::number_in(name).is_some()).count() > 4
    );
    let reader = store.reader();
    for size in [1, 2, 255, 256, 257, 511, 512, 513, 700] {
        let root = reader.root(&other.ledger, size).unwrap();
        assert_eq!(root, other.seal(usize::try_from(size).unwrap()).root, "{size}");
        let proof = reader.inclusion(&other.ledger, size / 2, size).unwrap();
        let leaf = other.entries[usize::try_from(size / 2).unwrap()].0.hash();
        crate::verify_inclusion(&leaf, size / 2, size, &proof, &root).unwrap();
        let proof = reader.consistency(&other.ledger, size, 700).unwrap();
        let full = reader.root(&other.ledger, 700).unwrap();
        crate::verify_consistency(size, &root, 700, &full, &proof).unwrap();
    }
    assert_eq!(reader.tile(&other.ledger, 0, 1, 256).unwrap().unwrap().len(), 256 * 32);
    assert!(reader.tile(&other.ledger, 0, 2, 256).unwrap().is_none());

    let all = |_| PartSet::ALL;
    let size = |from, entries, bytes| {
        let batch = reader.batch(&other.ledger, from, entries, bytes, &all).unwrap();
        batch.map(|batch| {
            assert_eq!(batch.seal.size, batch.first + len_u64(batch.entries.len()));
            for ((index, _), (leaf, parts)) in (batch.first..).zip(0..).zip(&batch.entries) {
                let (wanted, whole) = &other.entries[usize::try_from(index).unwrap()];
                assert_eq!((leaf, parts), (wanted, whole));
            }
            batch.seal.size
        })
    };
    assert_eq!(size(0, 4096, 1 << 20), Some(700));
    assert_eq!(size(0, 256, 1 << 20), Some(256));
    assert_eq!(size(4, 10, 1 << 20), Some(100), "the next seal, beyond the bound");
    assert_eq!(size(257, 4096, 1), Some(500));
    assert_eq!(size(700, 4096, 1), None);
    assert_eq!(reader.seal_covering(&other.ledger, 3).unwrap().unwrap().size, 100);
    assert_eq!(reader.seal_at(&other.ledger, 257).unwrap().unwrap(), other.seal(257));
    assert_eq!(reader.seal_at(&other.ledger, 258).unwrap(), None);

    let mut seen = std::collections::BTreeSet::new();
    let mut position = Position(0);
    loop {
        let page = reader.follow(position, 37).unwrap();
        assert!(page.notes.len() <= 37);
        for (_, note) in &page.notes {
            let LogNote::Entry { index, via: Some(_), .. } = note else { panic!("{note:?}") };
            assert!(seen.insert(*index));
        }
        if page.next == reader.durable().position {
            break;
        }
        position = page.next;
    }
    assert_eq!(seen.len(), 700);
    first_parts_hold(&reader, &other.entries);
}

/// From the middle of a group to the end.
fn first_parts_hold(reader: &Reader<Faulty>, entries: &[(Leaf, Parts)]) {
    let (mut heads, mut position) = (Vec::new(), Position(5));
    while position < reader.durable().position {
        let see = |_: &LedgerName, index, head: &Bytes| heads.push((index, head.clone()));
        position = reader.first_parts(position, see).unwrap();
    }
    let places: Vec<u64> = heads.iter().map(|(index, _)| *index).collect();
    assert_eq!(places, (*places.first().unwrap()..700).collect::<Vec<_>>());
    for (index, head) in heads {
        let (_, whole) = &entries[usize::try_from(index).unwrap()];
        assert_eq!(Some(&head), whole.part(0));
    }
    assert_eq!(reader.first_parts(position, |_, _, _| unreachable!("the end")).unwrap(), position);
}

#[test]
fn keys_and_generations_change_inside_the_log() {
    let disk = Faulty::new(1);
    let (mut store, _) = open(&disk);
    store.commit(vec![Append::Own(own(Lane::Records, 1, message(1)))], NOW).unwrap();
    let act = |ledger: &LedgerName| {
        OwnEntry::new(ledger.clone(), label(), Salt([3; 32]), vec!["act".into()], Claims::none())
    };
    let next: Arc<dyn Signer> = Arc::new(Software::from_seed(&[5; 32]));
    let acts = options().first_ledger(Lane::Acts);
    let rotate =
        crate::append::RotateKey { signer: Arc::clone(&next), act: Box::new(move |_| act(&acts)) };
    let late = Append::Own(own(Lane::Records, 2, message(2)));
    let outcomes = store.commit(vec![Append::Rotate(rotate), late], NOW).unwrap();
    let Outcome::Rotated { ledger, index: 0, from } = &outcomes[0] else { panic!() };
    assert_eq!(outcomes[1], Outcome::Refused(Refusal::NotLast));
    assert_eq!(from.iter().map(|(_, size)| *size).collect::<Vec<_>>(), [1, 1, 0]);
    store.reader().latest_seal(ledger).unwrap().verify(&signer().public()).unwrap();

    let continuation = crate::append::NextGeneration {
        lane: Lane::Records,
        continuation: Box::new(move |opening| {
            assert_eq!(opening.size, 1);
            act(&opening.ledger)
        }),
    };
    let outcomes = store.commit(vec![Append::NextGeneration(continuation)], NOW).unwrap();
    let Outcome::Opened { ledger, .. } = &outcomes[0] else { panic!() };
    assert!(ledger.to_string().ends_with("/records/2"));
    store.reader().latest_seal(ledger).unwrap().verify(&next.public()).unwrap();
    assert_eq!(store.reader().own_ledger(Lane::Records), *ledger);
    let late = Append::Own(own(Lane::Records, 2, message(2)));
    assert_eq!(store.commit(vec![late], NOW).unwrap(), [Outcome::WrongGeneration]);
}

#[test]
fn a_full_disk_refuses_submissions_before_links() {
    let disk = Faulty::new(1);
    let (mut store, _) = open(&disk);
    let used: usize = disk
        .list("")
        .unwrap()
        .iter()
        .filter_map(|name| disk.bytes(name))
        .map(|bytes| bytes.len())
        .sum();
    disk.set_space(Some(len_u64(used) + 4096));
    let mut n = 0;
    let refused = loop {
        n += 1;
        let outcome = store.commit(vec![Append::Own(own(Lane::Records, n, message(n)))], NOW);
        let outcome = outcome.unwrap().remove(0);
        if !matches!(outcome, Outcome::Appended { .. }) {
            break outcome;
        }
    };
    assert_eq!(refused, Outcome::Refused(Refusal::NoSpace));
    assert!(store.reader().full_since().is_some(), "who watches sees it");
    let other = Other::new("220200", 3);
    let outcomes = store
        .commit(
            vec![
                Append::Peer(other.batch(0, 3, PartSet::ALL)),
                Append::Own(own(Lane::Acts, 1, Claims::none())),
                Append::Own(own(Lane::Records, n, message(n))),
            ],
            NOW,
        )
        .unwrap();
    assert_eq!(outcomes[0], Outcome::Extended { size: 3, fills: vec![] });
    assert_eq!(appended(&outcomes[1]), 0);
    assert_eq!(outcomes[2], Outcome::Refused(Refusal::NoSpace));
    disk.set_space(None);
    let outcome = store.commit(vec![Append::Own(own(Lane::Records, n, message(n)))], NOW).unwrap();
    assert_eq!(appended(&outcome[0]), n - 1);
    assert!(store.reader().full_since().is_none(), "and sees that it is over");
}

#[test]
fn the_newest_receipt_per_holder_survives_segments_and_stops() {
    let disk = Faulty::new(1);
    let (mut store, _) = open(&disk);
    let (holder, key) = (via(), Software::from_seed(&[6; 32]));
    let (mut last, mut first) = (None, None);
    for n in 0..60 {
        store.commit(vec![Append::Own(own(Lane::Records, n, message(n)))], NOW).unwrap();
        let ledger = store.reader().own_ledger(Lane::Records);
        let holding = store.reader().holding(&ledger).unwrap().unwrap();
        assert_eq!((holding.size, holding.whole), (n + 1, n + 1));
        if n < 10 {
            let domain = &options().domain;
            let receipt = crate::Receipt::sign(&holding, &holder, domain, NOW, &key).unwrap();
            let outcomes = store.commit(vec![Append::Receipt(receipt.clone())], NOW).unwrap();
            assert_eq!(outcomes, [Outcome::Logged]);
            first.get_or_insert(receipt.clone());
            last = Some(receipt);
        }
    }
    let late = vec![Append::Receipt(first.unwrap())];
    assert_eq!(store.commit(late, NOW).unwrap(), [Outcome::Logged]);
    assert_eq!(store.reader().receipts().unwrap(), last.clone().into_iter().collect::<Vec<_>>());
    drop(store);
    disk.kill();
    let (store, _) = open(&disk);
    assert!(store.active.number > 2, "the receipt is in a closed segment");
    assert_eq!(store.reader().receipts().unwrap(), last.into_iter().collect::<Vec<_>>());
}
