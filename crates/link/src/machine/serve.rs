//! Serving wants: parts in bounded loads under credit, sharing the link with everything else, and an
//! answer after the last fill. What cannot be handed over is remembered for the connection: when it
//! comes, it is pushed.

use std::ops::Range;

use record::HallId;
use wire::frame::{Frame, Want, WantAnswer};

use super::action::Action;
use super::config::{PUSH_RANGES_MAX, WANTS_SERVED_MAX};
use super::ranges::count;
use super::schedule::Work;
use super::sender::class;
use super::state::Serving;
use super::ticket::{At, Pending};
use super::{Machine, travels};

impl Machine {
    pub(super) fn want(&mut self, peer: &HallId, want: Want) {
        let Want { id, ledger, ranges } = want;
        let size = self.size(&ledger);
        let silent = !travels(&ledger) || self.is_frozen(&ledger);
        let Some(session) = self.session_mut(peer) else { return };
        let full = session.serving.len() >= WANTS_SERVED_MAX || session.serving.contains_key(&id);
        let clip = |range: &Range<u64>| range.start..range.end.min(size);
        let here: Vec<Range<u64>> =
            ranges.iter().map(clip).filter(|range| range.start < range.end).collect();
        let beyond = count(&ranges).saturating_sub(count(&here));
        if silent || full || here.is_empty() {
            let refused = count(&ranges);
            self.send(peer, Frame::WantAnswer(WantAnswer { id, ledger, sent: 0, refused }));
            return;
        }
        let class = class(&ledger, u64::MAX);
        session.schedule.add(class, Work::Want(id));
        let serving = Serving { ledger: ledger.clone(), ranges: here, sent: 0, refused: beyond };
        session.serving.insert(id, serving);
        if let Some(link) = self.links.get_mut(peer) {
            let road = link.roads.entry(ledger).or_default();
            for range in ranges {
                road.unmet.insert(range, PUSH_RANGES_MAX);
            }
        }
        self.stirred.insert(peer.clone());
    }

    pub(super) fn load_want(&mut self, peer: &HallId, id: u64, bytes: u64) -> bool {
        let Some(session) = self.session_mut(peer) else { return false };
        let connection = session.connection;
        let Some(serving) = session.serving.get_mut(&id) else { return false };
        let (ledger, ranges) = (serving.ledger.clone(), std::mem::take(&mut serving.ranges));
        let at = At { peer: peer.clone(), connection, ledger: ledger.clone() };
        let ticket = self.ticket(Pending::Serve { at, id, reserved: bytes });
        let peer = peer.clone();
        self.out.push(Action::LoadParts { ticket, peer, ledger, ranges, bytes });
        true
    }

    /// A part of a want is served; the answer goes behind its fills.
    pub(super) fn serve_on(
        &mut self,
        at: &At,
        id: u64,
        sent: u64,
        refused: u64,
        rest: Vec<Range<u64>>,
    ) {
        let class = class(&at.ledger, u64::MAX);
        let Some(session) = self.session_at(&at.peer, at.connection) else { return };
        let Some(serving) = session.serving.get_mut(&id) else { return };
        serving.sent = serving.sent.saturating_add(sent);
        serving.refused = serving.refused.saturating_add(refused);
        if !rest.is_empty() {
            serving.ranges = rest;
            session.schedule.add(class, Work::Want(id));
            return;
        }
        let Some(done) = session.serving.remove(&id) else { return };
        session.schedule.rest(&Work::Want(id));
        let (ledger, sent, refused) = (done.ledger, done.sent, done.refused);
        self.stage(at, class, None, Frame::WantAnswer(WantAnswer { id, ledger, sent, refused }));
    }
}
