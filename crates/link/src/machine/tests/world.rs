//! Halls in memory: each a machine and plain vectors for ledgers, joined by queues. Seals are words
//! (`seal <size> <root> <hand>`); an origin that signs with two hands is forked. Rights are the real
//! ones. No sockets, no sleeps: time moves to the next timer when nothing is under way.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use policy::{Acts, KeyVerdict, Rights, Vkey};
use record::{
    Act, Audience, AudienceNumber, ForkProof, HallId, Hash, Label, Leaf, LedgerName, Member,
    MemberState, PartSet, Parts, Salt, SharingClass, Term, Timestamp, Who,
};
use sha2::{Digest, Sha256};
use wire::frame::{Frame, SignedReceipt};

use super::super::*;
use super::post::Post;
use super::store::seal;

pub(super) fn hall(name: &str) -> HallId {
    name.parse().unwrap()
}

pub(super) fn ledger(hall: &str) -> LedgerName {
    format!("d/hallway/{hall}/records/1").parse().unwrap()
}

pub(super) fn label(class: SharingClass, audience: u32) -> Label {
    Label { class, audience: AudienceNumber(audience) }
}

pub(super) const OPEN_TO_ALL: Label =
    Label { class: SharingClass::Unconditional, audience: AudienceNumber(0) };

pub(super) fn size(len: usize) -> u64 {
    u64::try_from(len).unwrap()
}

pub(super) fn place(index: u64) -> usize {
    usize::try_from(index).unwrap()
}

pub(super) fn root(leaves: &[(Leaf, Parts)]) -> Hash {
    let mut hash = Sha256::new();
    for (leaf, _) in leaves {
        hash.update(leaf.to_bytes());
    }
    hash.finalize().into()
}

fn verifier(_: &ForkProof, _: &dyn Fn(&LedgerName, u64) -> KeyVerdict) -> bool {
    true
}

/// Acts of a tree of halls; the first is the root.
pub(super) fn tree(halls: &[(&str, Option<&str>)]) -> Acts {
    let top = halls[0].0;
    let key = Vkey { name: format!("d/hallway/{top}"), algorithm: 1, public: [1; 32] };
    let acts = format!("d/hallway/{top}/acts/1").parse().unwrap();
    let mut acts = Acts::new(acts, &key.to_string(), verifier).unwrap();
    for (index, (name, parent)) in (0..).zip(halls) {
        admit(&mut acts, index, name, *parent, MemberState::Active);
    }
    acts
}

pub(super) fn admit(
    acts: &mut Acts,
    index: u64,
    name: &str,
    parent: Option<&str>,
    state: MemberState,
) {
    let member = Member {
        hall: hall(name),
        state,
        name: name.to_owned(),
        divisions: Vec::new(),
        parent: parent.map(hall),
        endpoints: Vec::new(),
        log_keys: Vec::new(),
        holder_keys: Vec::new(),
        powers: Vec::new(),
        pins: Vec::new(),
    };
    let to = acts.root_ledger().clone();
    acts.apply(&to, index, &Act::Member(member));
}

/// Lets `who`, too, have everything under the audience `number` of `origin`.
pub(super) fn allow(acts: &mut Acts, index: u64, origin: &str, number: u32, who: Who) {
    let known = acts.audience(&hall(origin), AudienceNumber(number));
    let mut terms = known.map(|audience| audience.terms.clone()).unwrap_or_default();
    terms.push(Term { who, parts: PartSet::ALL });
    let audience = Audience { number: AudienceNumber(number), title: String::new(), terms };
    let to = format!("d/hallway/{origin}/acts/1").parse().unwrap();
    acts.apply(&to, index, &Act::Audience(audience));
}

pub(super) struct Place {
    pub(super) machine: Machine,
    pub(super) rights: Rights,
    pub(super) ledgers: BTreeMap<LedgerName, Vec<(Leaf, Parts)>>,
    pub(super) alarms: BTreeSet<(AlarmCode, String)>,
    pub(super) kept: BTreeMap<(HallId, LedgerName), u64>,
    pub(super) remembered: BTreeMap<(HallId, LedgerName), u64>,
    pub(super) signed: usize,
    pub(super) forks: Vec<LedgerName>,
    /// Ledgers whose seals' keys are unknown here.
    pub(super) puzzled: BTreeSet<LedgerName>,
}

/// What happens to a frame on its way; none swallows it.
pub(super) type Meddler = fn(&HallId, &HallId, Frame) -> Option<Frame>;

pub(super) struct World {
    pub(super) places: BTreeMap<HallId, Place>,
    /// Both ends of each connection that stands.
    pub(super) wires: BTreeMap<(HallId, Connection), (HallId, Connection)>,
    pub(super) cut: BTreeSet<(HallId, HallId)>,
    pub(super) queue: Post,
    pub(super) now: Timestamp,
    pub(super) meddler: Meddler,
    /// Data frames by sender and receiver.
    pub(super) batches: Vec<(HallId, HallId, LedgerName, Range<u64>)>,
    pub(super) fills: usize,
    pub(super) wants: usize,
    connections: u64,
}

impl World {
    pub(super) fn new(acts: &Acts, dials: &[(&str, &str)]) -> Self {
        Self::with(acts, dials, |_, _| {})
    }

    pub(super) fn with(
        acts: &Acts,
        dials: &[(&str, &str)],
        adjust: impl Fn(&HallId, &mut Config),
    ) -> Self {
        let mut world = Self {
            places: BTreeMap::new(),
            wires: BTreeMap::new(),
            cut: BTreeSet::new(),
            queue: Post::new(1),
            now: Timestamp(1_000_000),
            meddler: |_, _, frame| Some(frame),
            batches: Vec::new(),
            fills: 0,
            wants: 0,
            connections: 0,
        };
        for me in acts.directory().active().cloned().collect::<Vec<_>>() {
            let mut config = Config::new([7; 16]);
            adjust(&me, &mut config);
            let mine = dials.iter().filter(|(from, _)| hall(from) == me);
            let dial = mine.map(|(_, to)| hall(to)).collect();
            let rights = Rights::new(acts.clone());
            let machine = Machine::new(config, me.clone(), rights.clone(), Vec::new(), dial, 1);
            let place = Place {
                machine,
                rights,
                ledgers: BTreeMap::new(),
                alarms: BTreeSet::new(),
                kept: BTreeMap::new(),
                remembered: BTreeMap::new(),
                signed: 0,
                forks: Vec::new(),
                puzzled: BTreeSet::new(),
            };
            world.places.insert(me, place);
        }
        world
    }

    pub(super) fn at(&mut self, name: &str) -> &mut Place {
        self.places.get_mut(&hall(name)).unwrap()
    }

    /// The hall submits entries of its own, each with three parts.
    pub(super) fn submit(&mut self, name: &str, count: usize, label: Label) {
        self.write(name, &ledger(name), count, label, "");
    }

    pub(super) fn write(
        &mut self,
        at: &str,
        to: &LedgerName,
        count: usize,
        label: Label,
        hand: &str,
    ) {
        let place = self.at(at);
        let entries = place.ledgers.entry(to.clone()).or_default();
        for _ in 0..count {
            let text = |part| Bytes::from(format!("{to} {} {part} {hand}", entries.len()));
            let salt = Salt([u8::try_from(entries.len() % 251).unwrap(); 32]);
            let parts = Parts::seal_up(&salt, ["head", "open", "closed"].map(text)).unwrap();
            let commitment = parts.commitment(to).unwrap();
            entries.push((Leaf { label, commitment }, parts));
        }
        let head = Head { size: size(entries.len()), root: root(entries) };
        self.queue.push(hall(at), Event::Grown { ledger: to.clone(), head });
    }

    /// New acts reach every hall, or those named.
    pub(super) fn acts_move(&mut self, acts: &Acts, at: &[&str]) {
        let rights = Rights::new(acts.clone());
        for (name, place) in &mut self.places {
            if at.is_empty() || at.contains(&name.as_str()) {
                place.rights = rights.clone();
                self.queue.push(name.clone(), Event::ActsMoved { rights: rights.clone() });
            }
        }
    }

    pub(super) fn cut(&mut self, one: &str, other: &str) {
        let (one, other) = (hall(one), hall(other));
        let between = |(near, _): &(HallId, Connection), (far, _): &(HallId, Connection)| {
            (near == &one && far == &other) || (near == &other && far == &one)
        };
        let ends: Vec<_> =
            self.wires.iter().filter(|(a, b)| between(a, b)).map(|(a, _)| a.clone()).collect();
        self.cut.insert((one.clone(), other.clone()));
        self.cut.insert((other, one));
        for end in ends {
            self.hang_up(&end);
        }
    }

    pub(super) fn mend(&mut self, one: &str, other: &str) {
        self.cut.remove(&(hall(one), hall(other)));
        self.cut.remove(&(hall(other), hall(one)));
    }

    fn hang_up(&mut self, end: &(HallId, Connection)) {
        let Some(other) = self.wires.remove(end) else { return };
        self.wires.remove(&other);
        for ((at, connection), (peer, _)) in [(end.clone(), other.clone()), (other, end.clone())] {
            let reason = "cut".to_owned();
            self.queue.push(at, Event::Lost { peer, connection, reason });
        }
    }

    /// A process starts anew on what is durable.
    pub(super) fn restart(&mut self, name: &str, dial: &[&str]) {
        let me = hall(name);
        for end in self.wires.keys().filter(|(at, _)| *at == me).cloned().collect::<Vec<_>>() {
            self.hang_up(&end);
        }
        self.queue.forget(&me);
        let place = self.at(name);
        let head = |entries: &Vec<_>| Head { size: size(entries.len()), root: root(entries) };
        let heads = place.ledgers.iter().map(|(name, all)| (name.clone(), head(all))).collect();
        let dial = dial.iter().map(|name| hall(name)).collect();
        place.machine =
            Machine::new(Config::new([7; 16]), me, place.rights.clone(), heads, dial, 2);
    }

    /// Lets everything happen that happens within a time.
    pub(super) fn run(&mut self, span: Duration) {
        let end = self.now.after(span);
        let mut steps = 0_u64;
        loop {
            while let Some((at, event)) = self.queue.pop() {
                steps += 1;
                assert!(steps < 3_000_000, "no end: {event:?}");
                self.step(&at, event);
            }
            let wakes = self
                .places
                .iter()
                .filter_map(|(at, place)| place.machine.wakes_at().map(|when| (when, at.clone())));
            let Some((when, at)) = wakes.min() else { break };
            if when > end {
                break;
            }
            self.now = self.now.max(when);
            self.queue.push(at, Event::Tick);
        }
        self.now = end;
    }

    pub(super) fn step(&mut self, at: &HallId, event: Event) {
        let actions = self.places.get_mut(at).unwrap().machine.on(event, self.now);
        for action in actions {
            self.perform(at, action);
        }
    }

    fn perform(&mut self, at: &HallId, action: Action) {
        match action {
            Action::Dial { peer } => self.dial(at, &peer),
            Action::Send { peer, connection, frame } => self.carry(at, &peer, connection, frame),
            Action::Close { connection, .. } => self.hang_up(&(at.clone(), connection)),
            Action::Remember { peer, ledger, size } => {
                self.place(at).remembered.insert((peer, ledger), size);
            }
            Action::Alarm { code, subject, .. } => {
                self.place(at).alarms.insert((code, subject));
            }
            Action::Settle { code, subject } => {
                self.place(at).alarms.remove(&(code, subject));
            }
            Action::DeclareFork { fork } => self.place(at).forks.push(fork.ledger),
            Action::KeepReceipt { receipt } => {
                let key = (receipt.holder, receipt.ledger);
                self.place(at).kept.insert(key, receipt.size);
            }
            other => {
                let event = self.answer(at, other);
                self.queue.push(at.clone(), event);
            }
        }
    }

    fn place(&mut self, at: &HallId) -> &mut Place {
        self.places.get_mut(at).unwrap()
    }

    fn dial(&mut self, at: &HallId, peer: &HallId) {
        let (at, peer) = (at.clone(), peer.clone());
        if self.cut.contains(&(at.clone(), peer.clone())) {
            let reason = "unreachable".to_owned();
            self.queue.push(at, Event::DialFailed { peer, refused: false, reason });
            return;
        }
        let (here, there) = (Connection(self.connections), Connection(self.connections + 1));
        self.connections += 2;
        self.wires.insert((at.clone(), here), (peer.clone(), there));
        self.wires.insert((peer.clone(), there), (at.clone(), here));
        let opened = |peer: &HallId, connection, dialled| Event::Opened {
            peer: peer.clone(),
            connection,
            dialled,
        };
        self.queue.push(at.clone(), opened(&peer, here, true));
        self.queue.push(peer, opened(&at, there, false));
    }

    fn carry(&mut self, at: &HallId, peer: &HallId, connection: Connection, frame: Frame) {
        let Some((to, there)) = self.wires.get(&(at.clone(), connection)).cloned() else { return };
        assert_eq!(&to, peer);
        let frame = wire::v1::Frame::from(frame);
        let frame = Frame::try_from(frame).unwrap();
        let Some(frame) = (self.meddler)(at, peer, frame) else { return };
        match &frame {
            Frame::Batch(batch) => {
                let range = batch.first..batch.first + size(batch.entries.len());
                self.batches.push((at.clone(), to.clone(), batch.ledger.clone(), range));
            }
            Frame::Fill(fill) => self.fills += fill.entries.len(),
            Frame::Want(_) => self.wants += 1,
            _ => {}
        }
        let arrived = Event::Arrived { peer: at.clone(), connection: there, frame };
        self.queue.push(to, arrived);
    }

    /// The store, the door and the signer of a hall.
    fn answer(&mut self, at: &HallId, action: Action) -> Event {
        let now = self.now;
        let place = self.place(at);
        match action {
            Action::Load { ticket, peer, ledger, from, bytes, record_bytes } => {
                let batch = place.batch(&peer, &ledger, from, bytes, record_bytes);
                Event::Loaded { ticket, batch }
            }
            Action::LoadParts { ticket, peer, ledger, ranges, bytes } => {
                let (entries, refused, rest) = place.parts(&peer, &ledger, ranges, bytes);
                Event::LoadedParts { ticket, entries, refused, rest }
            }
            Action::Take { ticket, batch, .. } => {
                let outcome = place.take(&batch);
                if let Taken::Durable { head, .. } = outcome {
                    let ledger = batch.ledger.clone();
                    self.queue.push(at.clone(), Event::Grown { ledger, head });
                }
                Event::Taken { ticket, outcome }
            }
            Action::TakeFill { ticket, fill, .. } => {
                let (new, refused) = place.take_fill(&fill);
                Event::TookFill { ticket, new, refused }
            }
            Action::FindLacking { ledger, from } => {
                let ranges = place.lacking(at, &ledger, from);
                Event::Lacking { ledger, ranges }
            }
            Action::Prove { ticket, prove } => Event::Proved { ticket, proof: place.prove(&prove) },
            Action::Examine { ticket, proof } => {
                Event::Examined { ticket, verdict: place.examine(&proof) }
            }
            Action::MakeReceipt { ledger } => {
                place.signed += 1;
                let entries = &place.ledgers[&ledger];
                let whole = entries.iter().filter(|(_, parts)| !parts.is_stub()).count();
                let receipt = SignedReceipt {
                    holder: at.clone(),
                    ledger,
                    size: size(entries.len()),
                    cosigned_seal: seal(entries),
                    holding_note: format!("{whole} {}", now.0),
                };
                Event::Receipted { receipt, signed_at: now }
            }
            Action::CheckReceipt { ticket, receipt } => {
                let at = receipt.holding_note.split(' ').nth(1).and_then(|at| at.parse().ok());
                Event::ReceiptChecked { ticket, signed_at: at.map(Timestamp) }
            }
            other => panic!("{other:?} has no answer"),
        }
    }

    /// Whether every hall holds exactly the parts that it may of all ledgers, or who lacks what.
    pub(super) fn complete(&self) -> Result<(), String> {
        for (origin, source) in &self.places {
            let name = ledger(origin.as_str());
            let Some(truth) = source.ledgers.get(&name) else { continue };
            for (at, place) in &self.places {
                let none = Vec::new();
                let held = place.ledgers.get(&name).unwrap_or(&none);
                if held.len() != truth.len() {
                    return Err(format!("{at} holds {} of {} of {name}", held.len(), truth.len()));
                }
                for (index, ((leaf, parts), (_, mine))) in truth.iter().zip(held).enumerate() {
                    let may = place.rights.parts(&name, leaf.label, at);
                    let may = may.intersection(parts.held());
                    if at != origin && mine.held() != may {
                        let has = mine.held();
                        return Err(format!("{at}: {name} {index} has {has:?} of {may:?}"));
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn link(&self, at: &str, peer: &str) -> LinkView {
        let views = self.places[&hall(at)].machine.links(self.now);
        views.into_iter().find(|view| view.peer == hall(peer)).unwrap()
    }
}
