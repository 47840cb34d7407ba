//! Performing what machines ask for, as the tasks of production do: wires at once and in order,
//! reading and verifying a little later, writing through the one door.

use ledger::ReadError;
use link::desk::{door, doubt, evidence, hand};
use link::machine::{Action, Connection, Event, Ticket};
use prost::Message as _;
use record::{Act, HallId, LedgerName, Timestamp};
use wire::frame::{Batch, Fill, Frame, SignedReceipt};
use wire::v1;

use super::super::hall::{Hall, Running, Setup, Work, told};
use super::super::net::{End, Node};
use super::super::queue::Moment;
use super::{Happening, World};

impl World {
    /// Starts an action: what concerns the wires at once, the rest soon.
    pub(super) fn begin_action(&mut self, node: Node, life: u32, action: Action) {
        match action {
            Action::Dial { peer } => self.dial(node, life, &peer),
            Action::Send { connection, frame, .. } => self.send(node, life, connection.0, frame),
            Action::Close { connection, .. } => {
                let ends = self.net.close(connection.0, self.now);
                self.lose(connection.0, ends, "closed");
            }
            Action::Take { .. } | Action::TakeFill { .. } => {
                // In the order of the actions, or later batches find a gap.
                let soon = self.now + self.dice.below(3);
                let Some(running) = self.running(node) else { return };
                running.last_take = running.last_take.max(soon);
                let at = running.last_take;
                self.queue.push(at, Happening::Act(node, life, Box::new(action)));
            }
            Action::Load { .. }
            | Action::LoadParts { .. }
            | Action::FindLacking { .. }
            | Action::Prove { .. }
            | Action::Examine { .. }
            | Action::DeclareFork { .. }
            | Action::MakeReceipt { .. }
            | Action::CheckReceipt { .. }
            | Action::KeepReceipt { .. } => {
                let at = self.now + self.dice.below(3);
                self.queue.push(at, Happening::Act(node, life, Box::new(action)));
            }
            Action::Remember { .. } | Action::Alarm { .. } | Action::Settle { .. } => {}
        }
    }

    /// Performs what takes time.
    pub(super) fn perform(&mut self, node: Node, action: Action) {
        match action {
            Action::Take { ticket, via, batch } => self.take(node, ticket, &via, batch),
            Action::TakeFill { ticket, via, fill } => self.take_fill(node, ticket, &via, fill),
            Action::DeclareFork { fork } => {
                self.enqueue(node, Work::Act(Box::new(Act::ForkProof(*fork))));
            }
            Action::KeepReceipt { receipt } => self.keep(node, &receipt),
            Action::CheckReceipt { ticket, receipt } => {
                let Some(hall) = self.halls.get(node) else { return };
                let Some(running) = &hall.running else { return };
                let checked = self.checked.check(running.rights.acts(), &receipt);
                let signed_at = checked.map(|receipt| receipt.at);
                self.tell(node, Event::ReceiptChecked { ticket, signed_at });
            }
            reads @ (Action::Load { .. }
            | Action::LoadParts { .. }
            | Action::FindLacking { .. }
            | Action::Prove { .. }
            | Action::Examine { .. }
            | Action::MakeReceipt { .. }) => {
                let Some(hall) = self.halls.get(node) else { return };
                let Some(running) = &hall.running else { return };
                match read(hall, running, &self.setup, self.now, reads) {
                    Ok(Some(event)) => self.tell(node, event),
                    Ok(None) => {}
                    Err(error) => self.failed(node, &told(&"read", &error)),
                }
            }
            Action::Dial { .. }
            | Action::Send { .. }
            | Action::Close { .. }
            | Action::Remember { .. }
            | Action::Alarm { .. }
            | Action::Settle { .. } => {}
        }
    }

    /// Puts work before the door.
    pub(super) fn enqueue(&mut self, node: Node, work: Work) {
        if let Some(running) = self.running(node) {
            running.door.push_back(work);
            self.want_commit(node);
        }
    }

    fn take(&mut self, node: Node, ticket: Ticket, via: &HallId, batch: Batch) {
        let Some(running) = self.running(node) else { return };
        match door::batch(running.rights.acts(), via, batch) {
            Ok(entries) => self.enqueue(node, Work::Batch(ticket, entries)),
            Err(doubt) => {
                self.tell(node, Event::Taken { ticket, outcome: door::refused(doubt) });
            }
        }
    }

    fn take_fill(&mut self, node: Node, ticket: Ticket, via: &HallId, fill: Fill) {
        let count = u64::try_from(fill.entries.len()).unwrap_or(0);
        self.enqueue(node, Work::Fill(ticket, door::fill(via, fill), count));
    }

    /// The origin logs receipts for its own ledgers; what only passes is for sled, and here forgotten.
    fn keep(&mut self, node: Node, receipt: &SignedReceipt) {
        let Some(hall) = self.halls.get(node) else { return };
        let Some(running) = &hall.running else { return };
        if *receipt.ledger.hall() != hall.id || receipt.holder == hall.id {
            return;
        }
        if let Some(receipt) = self.checked.check(running.rights.acts(), receipt) {
            self.enqueue(node, Work::Receipt(Box::new(receipt)));
        }
    }

    fn dial(&mut self, node: Node, life: u32, peer: &HallId) {
        let way = self.dice.between(1, self.weather.delay_max.max(2));
        let (near, far) = (self.now + 2 * way, self.now + way);
        let to = self.place_of(node, peer).filter(|to| self.net.reaches(node, *to));
        let up = to.and_then(|to| self.halls.get(to)).filter(|hall| hall.running.is_some());
        let name = self.halls.get(node).map(|hall| hall.id.clone());
        let (Some(to), Some(name)) =
            (up.map(|hall| End { node: hall.node, life: hall.life }), name)
        else {
            let reason = "unreachable".to_owned();
            let event = Event::DialFailed { peer: peer.clone(), refused: false, reason };
            self.queue.push(near, Happening::Machine(node, life, Box::new(event)));
            return;
        };
        let wire = self.net.connect((End { node, life }, near), (to, far));
        let opened =
            |peer, dialled| Box::new(Event::Opened { peer, connection: Connection(wire), dialled });
        self.queue.push(far, Happening::Machine(to.node, to.life, opened(name, false)));
        self.queue.push(near, Happening::Machine(node, life, opened(peer.clone(), true)));
    }

    fn send(&mut self, node: Node, life: u32, wire: u64, frame: Frame) {
        if self.dice.chance(self.weather.cut) {
            self.cut(wire);
        }
        let sent = self.net.send(wire, node, self.now, self.weather, &mut self.dice);
        let Some((to, at)) = sent else { return };
        let Some(hall) = self.halls.get_mut(node).filter(|hall| hall.life == life) else { return };
        promise(hall, &frame);
        let name = hall.id.clone();
        let data =
            matches!(frame, Frame::Batch(_) | Frame::Fill(_) | Frame::Proof(_) | Frame::Receipt(_));
        let mut bytes = v1::Frame::from(frame).encode_to_vec();
        if data && self.dice.chance(self.weather.damage) {
            let at = self.dice.index(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << self.dice.below(8);
            }
        }
        let bytes = bytes::Bytes::from(bytes);
        if data && self.dice.chance(self.weather.double) {
            let again = Happening::Deliver(wire, to, name.clone(), bytes.clone());
            self.queue.push(at, again);
        }
        self.queue.push(at, Happening::Deliver(wire, to, name, bytes));
    }

    /// Where a dial for a hall's name ends up: a cloned hall is somewhere else for some.
    fn place_of(&self, from: Node, hall: &HallId) -> Option<Node> {
        let to = self.names.get(hall).copied()?;
        for clone in &self.clones {
            if clone.real == to && clone.with == from {
                return Some(clone.twin);
            }
            let parted = clone.real == from && clone.with == to;
            if parted || clone.twin == from && clone.with != to {
                return None;
            }
        }
        Some(to)
    }
}

/// What a frame says about durability, to be held against the disk after the next crash.
fn promise(hall: &mut Hall, frame: &Frame) {
    match frame {
        Frame::Durable(durable) => hall.promise(&durable.ledger, durable.size),
        Frame::Heads(heads) => {
            for head in &heads.heads {
                hall.promise(&head.ledger, head.size);
            }
        }
        Frame::Batch(batch) => {
            let count = u64::try_from(batch.entries.len()).unwrap_or(0);
            hall.promise(&batch.ledger, batch.first + count);
        }
        Frame::Receipt(receipt) if receipt.holder == hall.id => {
            hall.promise(&receipt.ledger, receipt.size);
        }
        Frame::Receipt(_)
        | Frame::Hello(_)
        | Frame::Fill(_)
        | Frame::Want(_)
        | Frame::WantAnswer(_)
        | Frame::Prove(_)
        | Frame::Proof(_)
        | Frame::Credit(_)
        | Frame::Held(_)
        | Frame::Bye(_) => {}
    }
}

/// Performs what only reads.
fn read(
    hall: &Hall,
    running: &Running,
    setup: &Setup,
    now: Moment,
    action: Action,
) -> Result<Option<Event>, ReadError> {
    let (reader, rights) = (&running.reader, &running.rights);
    match action {
        Action::Load { ticket, peer, ledger, from, bytes, record_bytes } => {
            let peer = hand::Peer { hall: &peer, record_bytes };
            let batch = hand::batch(reader, rights, peer, &ledger, from, bytes)?;
            Ok(Some(Event::Loaded { ticket, batch }))
        }
        Action::LoadParts { ticket, peer, ledger, ranges, bytes } => {
            let peer = hand::Peer { hall: &peer, record_bytes: u64::MAX };
            let found = hand::parts(reader, rights, peer, &ledger, &ranges, bytes)?;
            let hand::Found { entries, refused, rest } = found;
            Ok(Some(Event::LoadedParts { ticket, entries, refused, rest }))
        }
        Action::FindLacking { ledger, from } => {
            let ranges = hand::lacking(reader, rights, &hall.id, &ledger, from)?;
            Ok(Some(Event::Lacking { ledger, ranges }))
        }
        Action::Prove { ticket, prove } => {
            Ok(Some(Event::Proved { ticket, proof: doubt::prove(reader, &prove)? }))
        }
        Action::Examine { ticket, proof } => {
            let verdict = doubt::examine(reader, rights.acts(), &proof)?;
            Ok(Some(Event::Examined { ticket, verdict }))
        }
        Action::MakeReceipt { ledger } => receipt(hall, running, setup, now, &ledger),
        Action::Dial { .. }
        | Action::Send { .. }
        | Action::Close { .. }
        | Action::Take { .. }
        | Action::TakeFill { .. }
        | Action::DeclareFork { .. }
        | Action::CheckReceipt { .. }
        | Action::KeepReceipt { .. }
        | Action::Remember { .. }
        | Action::Alarm { .. }
        | Action::Settle { .. } => Ok(None),
    }
}

fn receipt(
    hall: &Hall,
    running: &Running,
    setup: &Setup,
    now: Moment,
    ledger: &LedgerName,
) -> Result<Option<Event>, ReadError> {
    let signer = &*hall.keys.holder;
    let holder = evidence::Holder { domain: &setup.domain, hall: &hall.id, signer };
    let at = hall.clock(setup, now);
    // Notes carry whole seconds.
    let signed_at = Timestamp(at.0.div_euclid(1_000) * 1_000);
    match evidence::make(&running.reader, holder, ledger, at) {
        Ok(receipt) => Ok(receipt.map(|receipt| Event::Receipted { receipt, signed_at })),
        Err(evidence::MakeReceiptError::Read(error)) => Err(error),
        Err(evidence::MakeReceiptError::Sign(_)) => Ok(None),
    }
}
