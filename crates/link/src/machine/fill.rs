//! Parts that come later. Every new part, by whatever road, is pushed to each live peer that
//! carries the leaf, may have the part and did not send it; the load narrows by rights and skips
//! what cannot be handed over. What a push misses, the receiver's want brings.

use std::ops::Range;

use record::{COMMIT_ENTRIES_MAX, HallId, LedgerName, PartSet, Parts};
use wire::frame::{Fill, Frame, WANT_RANGES_MAX};

use super::Machine;
use super::action::Action;
use super::config::PUSH_RANGES_MAX;
use super::event::Ticket;
use super::schedule::{Class, Work};
use super::sender::class;
use super::state::Ledger;
use super::ticket::{At, Pending};

impl Machine {
    pub(super) fn fill(&mut self, peer: &HallId, fill: Fill) {
        let frame = Frame::Fill(fill);
        let cost = frame.cost();
        let (Some(connection), Frame::Fill(fill)) = (self.take_credit(peer, cost), frame) else {
            return;
        };
        let mut fill = fill;
        let name = fill.ledger.clone();
        // Parts of leaves that never came are nobody's fault: their batch was turned away.
        let reaches = self.ledgers.get(&name).map_or(0, Ledger::reaches);
        fill.entries.retain(|(index, _)| *index < reaches);
        if fill.entries.is_empty() || self.is_own(&name) || self.declines_fill(peer, &name) {
            self.give_credit(peer, connection, cost);
            return;
        }
        let via = peer.clone();
        if let Some(ledger) = self.ledgers.get_mut(&name) {
            ledger.filling += 1;
        }
        let at = At { peer: via.clone(), connection, ledger: name };
        let ticket = self.ticket(Pending::Fill { at, cost });
        self.out.push(Action::TakeFill { ticket, via, fill });
    }

    pub(super) fn took_fill(&mut self, ticket: Ticket, new: &[(u64, PartSet)], refused: u64) {
        let Some(Pending::Fill { at, cost }) = self.pending.remove(&ticket) else { return };
        if let Some(ledger) = self.ledgers.get_mut(&at.ledger) {
            ledger.filling = ledger.filling.saturating_sub(1);
        }
        if refused > 0 {
            let what = format!("{refused} parts do not match their leaves");
            self.damaged(&at.peer, &at.ledger, &what);
        }
        if !new.is_empty() {
            let indices: Vec<u64> = new.iter().map(|(index, _)| *index).collect();
            self.push_parts(&at.ledger, &indices, &at.peer);
            self.unsigned(&at.ledger);
        }
        self.filled(&at, new.len());
        self.give_credit(&at.peer, at.connection, cost);
        self.drained();
    }

    /// Parts became new here: to everybody who has the leaf and did not send them.
    pub(super) fn push_parts(&mut self, name: &LedgerName, new: &[u64], via: &HallId) {
        if new.is_empty() || self.is_frozen(name) {
            return;
        }
        for peer in self.carriers(name) {
            if peer == *via || peer == *name.hall() {
                continue;
            }
            if let Some(road) = self.road_mut(&peer, name) {
                for index in new {
                    // What is being read may have been read before the part was there.
                    if *index < road.next || *index < road.theirs || road.loading.is_some() {
                        road.push.insert(*index..index + 1, PUSH_RANGES_MAX);
                    }
                }
            }
            self.stir(&peer, name);
        }
    }

    /// Entries came with parts: to those who are known to lack them.
    pub(super) fn push_unmet(&mut self, name: &LedgerName, range: &Range<u64>, via: &HallId) {
        for peer in self.carriers(name) {
            let Some(road) = self.road_mut(&peer, name) else { continue };
            if peer == *via {
                continue;
            }
            let hits = road.unmet.overlap(range);
            if hits.is_empty() {
                continue;
            }
            road.unmet.remove(range);
            for hit in hits {
                road.push.insert(hit, PUSH_RANGES_MAX);
            }
            self.stir(&peer, name);
        }
    }

    /// Begins to push; entries that the peer does not have yet come with their batch.
    pub(super) fn load_push(
        &mut self,
        peer: &HallId,
        class: Class,
        name: &LedgerName,
        bytes: u64,
    ) -> bool {
        if self.is_frozen(name) {
            return false;
        }
        let Some(link) = self.links.get_mut(peer) else { return false };
        let Some(connection) = link.ready().map(|session| session.connection) else { return false };
        let Some(road) = link.roads.get_mut(name) else { return false };
        if road.loading.is_some() || road.parked.is_some() {
            return false;
        }
        let ranges = road.push.take_below(road.next.max(road.theirs), WANT_RANGES_MAX);
        if ranges.is_empty() {
            return false;
        }
        let (peer, ledger) = (peer.clone(), name.clone());
        let at = At { peer: peer.clone(), connection, ledger: ledger.clone() };
        let ticket = self.ticket(Pending::Push { at, class, reserved: bytes });
        self.out.push(Action::LoadParts { ticket, peer, ledger, ranges, bytes });
        true
    }

    pub(super) fn loaded_parts(
        &mut self,
        ticket: Ticket,
        entries: Vec<(u64, Parts)>,
        refused: u64,
        rest: Vec<Range<u64>>,
    ) {
        match self.pending.remove(&ticket) {
            Some(Pending::Push { at, class, reserved }) => {
                if self.release(&at, class, reserved).is_none() {
                    return;
                }
                self.send_fills(&at, class, &at.parts(), entries);
                if let Some(road) = self.road_mut(&at.peer, &at.ledger) {
                    for range in rest {
                        road.push.insert(range, PUSH_RANGES_MAX);
                    }
                }
                self.stir(&at.peer, &at.ledger);
            }
            Some(Pending::Serve { at, id, reserved }) => {
                let class = class(&at.ledger, u64::MAX);
                if self.release(&at, class, reserved).is_some() {
                    let (sent, too_large) = self.send_fills(&at, class, &at.parts(), entries);
                    self.serve_on(&at, id, sent, refused.saturating_add(too_large), rest);
                }
            }
            Some(
                Pending::Load { .. }
                | Pending::Take(_)
                | Pending::Fill { .. }
                | Pending::Prove { .. }
                | Pending::Examine { .. }
                | Pending::Check { .. },
            )
            | None => {}
        }
    }

    /// Stages parts as fills; says how many entries went and how many are too large for the peer.
    fn send_fills(
        &mut self,
        at: &At,
        class: Class,
        work: &Work,
        entries: Vec<(u64, Parts)>,
    ) -> (u64, u64) {
        let record_bytes = self.session(&at.peer).map_or(0, |session| session.record_bytes);
        let fits = |parts: &Parts| {
            u64::try_from(parts.len_bytes()).is_ok_and(|bytes| bytes <= record_bytes)
        };
        let all = entries.len();
        let mut entries: Vec<_> =
            entries.into_iter().filter(|(_, parts)| fits(parts) && !parts.is_stub()).collect();
        let sent = entries.len();
        if let Some(road) = self.road_mut(&at.peer, &at.ledger) {
            for (index, _) in &entries {
                road.unmet.remove(&(*index..index.saturating_add(1)));
            }
        }
        while !entries.is_empty() {
            let after = entries.split_off(entries.len().min(COMMIT_ENTRIES_MAX));
            let fill = Fill { ledger: at.ledger.clone(), entries };
            self.stage(at, class, Some(work), Frame::Fill(fill));
            entries = after;
        }
        let count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
        (count(sent), count(all - sent))
    }
}
