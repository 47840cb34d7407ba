//! What the machine shows: links, ledgers, parked ledgers, receipts. Read-only, computed when asked,
//! for status pages and metrics; nothing decides by it.

use std::time::Duration;

use record::{HallId, LedgerName, Timestamp};
use wire::frame::HeldReason;

use super::config::LIVE_LAG;
use super::ranges::count;
use super::state::{Frozen, Ledger, Link, Road, Stage};
use super::{Machine, travels};

/// The state of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkState {
    /// A connection is being made.
    Dialing,
    /// A connection is there; heads are being compared.
    Greeting,
    /// One side is far behind the other.
    CatchingUp,
    /// Both are level, or nearly.
    Live,
    /// This hall goes down.
    Draining,
    /// No connection; the next dial, or the peer's, is awaited.
    Backoff,
    /// Identity or policy said no; tried again slowly.
    Refused,
}

impl LinkState {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Dialing,
        Self::Greeting,
        Self::CatchingUp,
        Self::Live,
        Self::Draining,
        Self::Backoff,
        Self::Refused,
    ];

    /// The stable word for status and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dialing => "dialing",
            Self::Greeting => "greeting",
            Self::CatchingUp => "catching-up",
            Self::Live => "live",
            Self::Draining => "draining",
            Self::Backoff => "backoff",
            Self::Refused => "refused",
        }
    }
}

/// One link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// The peer.
    pub peer: HallId,
    /// Its state.
    pub state: LinkState,
    /// Entries that the peer carries and does not hold durably yet.
    pub lag_entries: u64,
    /// How long the oldest of them has been durable here.
    pub lag: Duration,
    /// How long the oldest data sent and not yet durable at the peer is under way.
    pub oldest_unacknowledged: Duration,
    /// Why the link is not live; empty when it is.
    pub reason: String,
}

/// How a ledger stands at this hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerState {
    /// This hall writes it.
    Own,
    /// As far as anybody says it goes.
    Following,
    /// A peer has more of it.
    CatchingUp,
    /// It waits.
    Held(HeldReason),
    /// It is forked.
    Frozen,
}

impl LedgerState {
    /// The stable word for status.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Following => "following",
            Self::CatchingUp => "catching-up",
            Self::Held(_) => "held",
            Self::Frozen => "frozen",
        }
    }
}

/// Parts that this hall may have and lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LackView {
    /// How many entries, as last found; at least so many.
    pub entries: u64,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// One ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerView {
    /// Its name.
    pub ledger: LedgerName,
    /// Durable size.
    pub size: u64,
    /// How it stands.
    pub state: LedgerState,
    /// What is wanted of it.
    pub lack: LackView,
}

/// A ledger that waits or is frozen on one link, here or there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedView {
    /// The peer.
    pub peer: HallId,
    /// The ledger.
    pub ledger: LedgerName,
    /// A stable word.
    pub reason: &'static str,
}

/// The newest receipt of a holder for a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptView {
    /// Who holds.
    pub holder: HallId,
    /// The ledger.
    pub ledger: LedgerName,
    /// Its size.
    pub size: u64,
    /// When the holder signed.
    pub signed_at: Timestamp,
}

impl Machine {
    /// All links, by peer.
    pub fn links(&self, now: Timestamp) -> Vec<LinkView> {
        self.links.iter().map(|(peer, link)| self.link_view(peer, link, now)).collect()
    }

    /// All ledgers that travel, by name.
    pub fn ledgers(&self) -> Vec<LedgerView> {
        let travelling = self.ledgers.iter().filter(|(name, _)| travels(name));
        travelling.map(|(name, ledger)| self.ledger_view(name, ledger)).collect()
    }

    /// Ledgers that wait at a peer, or here on one link alone.
    pub fn parked(&self) -> Vec<ParkedView> {
        let mut parked = Vec::new();
        for (peer, link) in &self.links {
            for (ledger, road) in &link.roads {
                let reason = match road.parked {
                    Some(reason) => reason.as_str(),
                    None if road.paused => "damaged",
                    None if road.doubt.is_some() => "in-doubt",
                    None => continue,
                };
                parked.push(ParkedView { peer: peer.clone(), ledger: ledger.clone(), reason });
            }
        }
        parked
    }

    /// Newest receipts, by ledger and holder.
    pub fn receipts(&self) -> Vec<ReceiptView> {
        let view = |kept: &super::receipt::Kept| ReceiptView {
            holder: kept.receipt.holder.clone(),
            ledger: kept.receipt.ledger.clone(),
            size: kept.receipt.size,
            signed_at: kept.signed_at,
        };
        self.receipts.values().map(view).collect()
    }

    fn link_view(&self, peer: &HallId, link: &Link, now: Timestamp) -> LinkView {
        let (mut lag_entries, mut lag_since, mut apart) = (0_u64, None::<Timestamp>, 0_u64);
        for (name, ledger) in &self.ledgers {
            let carried = match &link.session {
                Some(session) => session.carries.carries(name),
                None => travels(name),
            };
            if !carried || name.hall() == peer || ledger.frozen != Frozen::No {
                continue;
            }
            let theirs = link.roads.get(name).map_or(0, |road| road.theirs);
            let lag = ledger.head.size.saturating_sub(theirs);
            if lag > 0 {
                lag_entries = lag_entries.saturating_add(lag);
                lag_since = earlier(lag_since, ledger.growth.above(theirs));
            }
            apart = apart.max(lag);
        }
        for (name, road) in &link.roads {
            if self.follows(peer, name) {
                apart = apart.max(road.theirs.saturating_sub(self.size(name)));
            }
        }
        let oldest = link
            .roads
            .values()
            .fold(None, |oldest, road: &Road| earlier(oldest, road.sent.oldest()));
        let age = |since: Option<Timestamp>| since.map(|at| now.since(at)).unwrap_or_default();
        LinkView {
            peer: peer.clone(),
            state: self.link_state(link, apart),
            lag_entries,
            lag: age(lag_since),
            oldest_unacknowledged: age(oldest),
            reason: link.reason.clone(),
        }
    }

    fn link_state(&self, link: &Link, apart: u64) -> LinkState {
        let Some(session) = &link.session else {
            return if self.draining {
                LinkState::Draining
            } else if !link.opening.is_empty() {
                LinkState::Greeting
            } else if link.refused {
                LinkState::Refused
            } else if link.dialling {
                LinkState::Dialing
            } else {
                LinkState::Backoff
            };
        };
        if self.draining || session.stage == Stage::Ending {
            LinkState::Draining
        } else if session.stage == Stage::Comparing {
            LinkState::Greeting
        } else if apart > LIVE_LAG {
            LinkState::CatchingUp
        } else {
            LinkState::Live
        }
    }

    /// Whether we would take a ledger from a peer.
    pub(super) fn follows(&self, peer: &HallId, name: &LedgerName) -> bool {
        !self.is_own(name)
            && !self.is_frozen(name)
            && self.config.carry_from(peer).carries(name)
            && self.ledgers.get(name).is_none_or(|ledger| ledger.held.is_none())
    }

    fn ledger_view(&self, name: &LedgerName, ledger: &Ledger) -> LedgerView {
        let size = ledger.head.size;
        let ahead = |link: &Link| {
            link.ready().is_some() && link.roads.get(name).is_some_and(|road| road.theirs > size)
        };
        let state = match (ledger.frozen, ledger.held) {
            (Frozen::Declared | Frozen::Proven, _) => LedgerState::Frozen,
            (Frozen::No, _) if self.is_own(name) => LedgerState::Own,
            (Frozen::No, Some((reason, _))) => LedgerState::Held(reason),
            (Frozen::No, None) if self.links.values().any(ahead) => LedgerState::CatchingUp,
            (Frozen::No, None) => LedgerState::Following,
        };
        let lack = LackView { entries: count(&ledger.lack.ranges), since: ledger.lack.since };
        LedgerView { ledger: name.clone(), size, state, lack }
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}
