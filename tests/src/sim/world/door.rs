//! The one door of a simulated hall: what waits becomes one group, the group takes its time, then
//! the answers go out together with the news of what grew.

use std::collections::VecDeque;

use ledger::{Append, Claims, Outcome, OwnEntry, RotateKey};
use link::desk::door;
use link::machine::{Event, Ticket};
use record::{
    Act, AudienceNumber, KeyChange, Label, Lane, LedgerName, PartsError, RecordId, Salt,
    SharingClass, Stamp, Timestamp,
};

use super::super::clients::MessageNumber;
use super::super::hall::{Work, own_ledger, told};
use super::super::net::Node;
use super::{Happening, World};

/// Most pieces of work in one group.
const GROUP_MAX: usize = 64;

/// Whom an outcome is for.
pub(super) enum Answered {
    /// A client.
    Client(MessageNumber, Outcome),
    /// The machine, about a batch of this ledger.
    Batch(Ticket, LedgerName, Outcome),
    /// The machine, about a fill of so many entries.
    Fill(Ticket, Outcome, u64),
    /// Nobody.
    Nobody,
}

/// Whom an outcome will be for.
enum Waiting {
    Client(MessageNumber),
    Batch(Ticket, LedgerName),
    Fill(Ticket, u64),
    Nobody,
}

impl World {
    /// Lets a hall commit soon, unless it is about to.
    pub(super) fn want_commit(&mut self, node: Node) {
        let soon = self.now + self.dice.below(3);
        let Some(hall) = self.halls.get_mut(node) else { return };
        let life = hall.life;
        if let Some(running) = &mut hall.running
            && !running.busy
        {
            running.busy = true;
            self.queue.push(soon, Happening::Commit(node, life));
        }
    }

    /// Makes one group of what waits.
    pub(super) fn commit(&mut self, node: Node) {
        let Some(hall) = self.halls.get_mut(node) else { return };
        let (life, at) = (hall.life, hall.clock(&self.setup, self.now));
        let takes = hall.commit_takes;
        let Some(running) = &mut hall.running else { return };
        let some = running.door.len().min(GROUP_MAX);
        let work: VecDeque<Work> = running.door.drain(..some).collect();
        let (appends, waiting) = self.appends(node, work, at);
        let Some(running) = self.running(node) else { return };
        if appends.is_empty() {
            running.busy = false;
            return;
        }
        let outcomes = match running.store.commit(appends, at) {
            Ok(outcomes) => outcomes,
            Err(error) => return self.failed(node, &told(&"commit", &error)),
        };
        let answers = waiting.into_iter().zip(outcomes).map(|(waiting, outcome)| match waiting {
            Waiting::Client(message) => Answered::Client(message, outcome),
            Waiting::Batch(ticket, ledger) => Answered::Batch(ticket, ledger, outcome),
            Waiting::Fill(ticket, count) => Answered::Fill(ticket, outcome, count),
            Waiting::Nobody => Answered::Nobody,
        });
        let answers: Vec<Answered> = answers.collect();
        let done = self.now + self.dice.between(1, takes.max(1));
        self.queue.push(done, Happening::Answer(node, life, answers));
    }

    /// The group is durable: clients, machine and policy learn of it.
    pub(super) fn answer(&mut self, node: Node, answers: Vec<Answered>) {
        let Some(hall) = self.halls.get_mut(node) else { return };
        let life = hall.life;
        let Some(running) = &mut hall.running else { return };
        running.busy = false;
        hall.answered_group = Some(running.reader.durable().group);
        let more = !running.door.is_empty();
        let news = match running.news() {
            Ok(news) => news,
            Err(what) => return self.failed(node, &what),
        };
        let answered: Vec<Event> =
            answers.into_iter().filter_map(|answer| self.answer_one(node, answer)).collect();
        // Two roads in production, in no order.
        let (first, second) =
            if self.dice.chance(500) { (news, answered) } else { (answered, news) };
        for event in first.into_iter().chain(second) {
            if self.lives(node, life) {
                self.tell(node, event);
            }
        }
        if more {
            self.want_commit(node);
        }
    }

    fn answer_one(&mut self, node: Node, answered: Answered) -> Option<Event> {
        match answered {
            Answered::Client(message, outcome) => {
                self.trace.note(self.now, format_args!("{node} answers {message} {outcome:?}"));
                let cloned = self.is_cloned(node);
                if let Err(what) = self.clients.answered(message, &outcome)
                    && !cloned
                {
                    self.tally.doubled(&mut self.trace, format_args!("{what}"));
                }
                None
            }
            Answered::Batch(ticket, ledger, outcome) => {
                let head = self.running(node)?.head(&ledger);
                Some(Event::Taken { ticket, outcome: door::taken(outcome, head) })
            }
            Answered::Fill(ticket, outcome, count) => {
                let (new, refused) = door::took_fill(outcome, count);
                Some(Event::TookFill { ticket, new, refused })
            }
            Answered::Nobody => None,
        }
    }

    fn appends(
        &mut self,
        node: Node,
        mut work: VecDeque<Work>,
        at: Timestamp,
    ) -> (Vec<Append>, Vec<Waiting>) {
        let (mut appends, mut waiting) = (Vec::new(), Vec::new());
        while let Some(one) = work.pop_front() {
            let (append, waits) = match one {
                Work::Message(message) => {
                    let Some(entry) = self.entry_of(node, message, at) else { continue };
                    (Append::Own(entry), Waiting::Client(message))
                }
                Work::Batch(ticket, entries) => {
                    let ledger = entries.ledger.clone();
                    (Append::Peer(entries), Waiting::Batch(ticket, ledger))
                }
                Work::Fill(ticket, fill, count) => {
                    (Append::Fill(fill), Waiting::Fill(ticket, count))
                }
                Work::Receipt(receipt) => (Append::Receipt(*receipt), Waiting::Nobody),
                Work::Act(act) => {
                    let Some(entry) = self.act_of(node, &act, at) else { continue };
                    (Append::Own(entry), Waiting::Nobody)
                }
                Work::Rotate => {
                    let Some(rotate) = self.rotation(node, at) else { continue };
                    // A key change is the last thing of its commit.
                    if let Some(running) = self.running(node) {
                        for left in work.drain(..).rev() {
                            running.door.push_front(left);
                        }
                    }
                    (Append::Rotate(rotate), Waiting::Nobody)
                }
            };
            appends.push(append);
            waiting.push(waits);
        }
        (appends, waiting)
    }

    fn entry_of(&mut self, node: Node, message: MessageNumber, at: Timestamp) -> Option<OwnEntry> {
        let lane = self.clients.messages.get(message)?.lane;
        let ledger = self.running(node)?.reader.own_ledger(lane);
        let salt = self.dice.bytes();
        self.clients.entry(message, ledger, at, salt)
    }

    fn act_of(&mut self, node: Node, act: &Act, at: Timestamp) -> Option<OwnEntry> {
        let ledger = self.running(node)?.reader.own_ledger(Lane::Acts);
        own_act(ledger, act, at, self.dice.bytes(), self.dice.bytes()).ok()
    }

    fn rotation(&mut self, node: Node, at: Timestamp) -> Option<RotateKey> {
        let (record, salt) = (self.dice.bytes(), self.dice.bytes());
        let hall = self.halls.get(node)?;
        let keys = hall.keys.clone();
        let ledger = own_ledger(&self.setup, &hall.id, Lane::Acts);
        let acts = hall.running.as_ref()?.rights.acts();
        let size = hall.running.as_ref()?.head(&ledger).size;
        if acts.key_for(&ledger, size + 1) == policy::KeyVerdict::Key(keys.next_log().public()) {
            return None;
        }
        Some(RotateKey {
            signer: keys.next_log(),
            act: Box::new(move |sizes| {
                // `from` is the first size of the new key alone, one beyond what is sealed.
                let from = sizes.iter().map(|(ledger, size)| (ledger.clone(), size + 1)).collect();
                let change = KeyChange { new_key: keys.next_log_text(), from };
                own_act(ledger, &Act::KeyChange(change), at, record, salt)
            }),
        })
    }
}

fn own_act(
    ledger: LedgerName,
    act: &Act,
    at: Timestamp,
    record: [u8; 10],
    salt: [u8; 32],
) -> Result<OwnEntry, PartsError> {
    let stamp = Stamp {
        record: RecordId::new(at, record),
        submitter: format!("/hall/{}", ledger.hall().as_str()),
        revision: 1,
        accepted_at: at,
        previous_commitment: None,
    };
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    let parts = wire::act_to_parts(act, &stamp).to_vec();
    OwnEntry::new(ledger, label, Salt(salt), parts, Claims::none())
}
