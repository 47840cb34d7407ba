//! Which key seals a ledger at a size.
//!
//! 1. A first generation opens under the oldest key that the root hall approved in the hall's
//!    `Member`; the root hall's own acts under the key that operators configured.
//! 2. A `KeyChange` of the hall puts a new key in place from the size it names per ledger. A ledger
//!    of a later generation than the one it names was opened after it and is all under the new key;
//!    one of an earlier generation had ended before. A change never reaches back before another,
//!    nor to the seal of the entry it stands in.
//! 3. A generation that follows a pinned one opens under the newest key of the Member that first
//!    pinned (or of the next one that lists any): the key before may be lost or stolen, so nothing
//!    sealed by it can name the next.
//! 4. Only approved keys count. The list that counts is the newest; for a pinned ledger also the one
//!    before the pin, so a compromised key that was struck off still proves what it sealed in time.
//!
//! An unknown key is one the root hall has not approved yet: the ledger is held until acts move.
//!
//! Deliberately absent: the root hall's offline recovery key. A stolen root key is answered by
//! configuring the next root ledger with its key.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{HallId, KeyChange, Lane, LedgerName, Member, MemberState, Pin};

use crate::acts::{Acts, Anchor, log_key};
use crate::vkey::{HOLDER_ALGORITHM, Vkey};

/// What is known about the key of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyVerdict {
    /// This key signs it.
    Key([u8; 32]),
    /// No member writes this ledger, or it is of another trust domain.
    UnknownHall,
    /// The hall changed to a key that the root hall has not approved: wait for acts.
    UnknownKey,
    /// The root hall ended the ledger at a smaller size; nothing beyond counts.
    Pinned {
        /// The last size that counts.
        size: u64,
        /// The root at that size.
        root: record::Hash,
    },
    /// The hall is revoked or its key was struck off, and no pin covers this size.
    Revoked,
}

/// Every hall's keys.
#[derive(Debug)]
pub(crate) struct Keys {
    rings: BTreeMap<HallId, Ring>,
}

/// The keys of one hall.
#[derive(Debug)]
struct Ring {
    revoked: bool,
    /// Approved log keys, oldest Member first.
    lists: Vec<Vec<[u8; 32]>>,
    holders: Vec<[u8; 32]>,
    /// Per pinned ledger, the first Member that pinned it.
    pinned_by: BTreeMap<LedgerName, usize>,
    changes: Vec<Change>,
}

/// A `KeyChange` and where it stands.
#[derive(Debug)]
struct Change {
    at: LedgerName,
    index: u64,
    key: [u8; 32],
    from: Vec<(LedgerName, u64)>,
}

impl Acts {
    /// The key that did seal a ledger at this size, whatever became of hall, ledger and key since;
    /// what a fork proof is judged by.
    pub(crate) fn sealing_key(&self, ledger: &LedgerName, size: u64) -> KeyVerdict {
        match self.key_for(ledger, size) {
            KeyVerdict::Pinned { .. } | KeyVerdict::Revoked => self.key_ever(ledger, size),
            verdict @ (KeyVerdict::Key(_) | KeyVerdict::UnknownHall | KeyVerdict::UnknownKey) => {
                verdict
            }
        }
    }
}

impl Keys {
    /// Reads the Members of every hall, oldest first.
    pub(crate) fn new(anchor: &Anchor, histories: &BTreeMap<HallId, Vec<Arc<Member>>>) -> Self {
        let ring = |(hall, history): (&HallId, &Vec<Arc<Member>>)| {
            (hall.clone(), Ring::new(anchor, hall, history))
        };
        Self { rings: histories.iter().map(ring).collect() }
    }

    /// Adds a key change that counts; they come oldest first per hall.
    pub(crate) fn change(&mut self, at: &LedgerName, index: u64, change: &KeyChange) {
        if let Some(ring) = self.rings.get_mut(at.hall())
            && let Some(key) = log_key(&change.new_key, at)
        {
            ring.changes.push(Change { at: at.clone(), index, key, from: change.from.clone() });
        }
    }

    pub(crate) fn key_for(
        &self,
        anchor: &Anchor,
        ledger: &LedgerName,
        size: u64,
        pin: Option<&Pin>,
    ) -> KeyVerdict {
        if ledger.domain() != anchor.root.domain() {
            return KeyVerdict::UnknownHall;
        }
        let anchored = ledger.hall() == anchor.root.hall() && ledger.lane() == Lane::Acts;
        let Some(ring) = self.rings.get(ledger.hall()) else {
            let verdict =
                if anchored { KeyVerdict::Key(anchor.key) } else { KeyVerdict::UnknownHall };
            return verdict;
        };
        match pin {
            Some(pin) if size > pin.size => {
                return KeyVerdict::Pinned { size: pin.size, root: pin.root };
            }
            None if ring.revoked => return KeyVerdict::Revoked,
            Some(_) | None => {}
        }
        match ring.key_at(anchor, ledger, size) {
            Some(key) if anchored && key == anchor.key => KeyVerdict::Key(key),
            Some(key) => ring.judge(ledger, key),
            None if ring.was_ever_given_keys() => KeyVerdict::Revoked,
            None => KeyVerdict::UnknownKey,
        }
    }

    /// The key by the rules of time alone, when it was ever approved.
    pub(crate) fn key_ever(&self, anchor: &Anchor, ledger: &LedgerName, size: u64) -> KeyVerdict {
        let ring = self.rings.get(ledger.hall());
        let key = ring.and_then(|ring| {
            let key = ring.key_at(anchor, ledger, size)?;
            (key == anchor.key || ring.approved_ever(key)).then_some(key)
        });
        key.map_or(KeyVerdict::UnknownKey, KeyVerdict::Key)
    }

    pub(crate) fn holder_keys(&self, hall: &HallId) -> &[[u8; 32]] {
        self.rings.get(hall).map_or(&[], |ring| &ring.holders)
    }
}

impl Ring {
    fn new(anchor: &Anchor, hall: &HallId, history: &[Arc<Member>]) -> Self {
        let domain = anchor.root.domain().clone();
        let named_after =
            LedgerName::new(domain, hall.clone(), Lane::Acts, anchor.root.generation());
        let log_keys = |member: &Arc<Member>| {
            member.log_keys.iter().filter_map(|text| log_key(text, &named_after)).collect()
        };
        let mut pinned_by = BTreeMap::new();
        for (at, member) in history.iter().enumerate() {
            for pin in &member.pins {
                pinned_by.entry(pin.ledger.clone()).or_insert(at);
            }
        }
        let newest = history.last();
        let holder_name = format!("{}/hallway/{hall}/holder", anchor.root.domain());
        let holder = |text: &String| {
            let key: Vkey = text.parse().ok()?;
            (key.name == holder_name && key.algorithm == HOLDER_ALGORITHM).then_some(key.public)
        };
        Self {
            revoked: newest.is_some_and(|member| member.state == MemberState::Revoked),
            lists: history.iter().map(log_keys).collect(),
            holders: newest
                .map(|member| member.holder_keys.iter().filter_map(holder).collect())
                .unwrap_or_default(),
            pinned_by: newest
                .map(|member| {
                    let kept =
                        |ledger: &LedgerName| member.pins.iter().any(|p| p.ledger == *ledger);
                    pinned_by.into_iter().filter(|(ledger, _)| kept(ledger)).collect()
                })
                .unwrap_or_default(),
            changes: Vec::new(),
        }
    }

    /// The key in place at this size; none when the one that opened the ledger was struck off.
    fn key_at(&self, anchor: &Anchor, ledger: &LedgerName, size: u64) -> Option<[u8; 32]> {
        let reopened = self.reopened(ledger);
        let anchored = ledger.hall() == anchor.root.hall()
            && ledger.lane() == Lane::Acts
            && (*ledger == anchor.root || reopened.is_none())
            && ledger.generation() >= anchor.root.generation();
        let mut key = match reopened {
            _ if anchored => Some(anchor.key),
            Some((_, by)) => self.lists.iter().skip(by).find_map(|list| list.last()).copied(),
            None => self.oldest(ledger),
        };
        let pinned = reopened.map(|(generation, _)| generation);
        let rows: Vec<([u8; 32], u64)> = self
            .changes
            .iter()
            .filter_map(|change| Some((change.key, change.from(ledger, pinned)?)))
            .collect();
        if rows.first().is_some_and(|(first, _)| Some(*first) == key) && !anchored {
            // The list starts with what a change brought in: what stood before it was struck off.
            key = key.filter(|_| reopened.is_some());
        }
        let mut floor = 0;
        for (next, from) in rows {
            floor = from.max(floor);
            if size >= floor {
                key = Some(next);
            }
        }
        key
    }

    /// Approved now, or once and covered by the pin, or once.
    fn judge(&self, ledger: &LedgerName, key: [u8; 32]) -> KeyVerdict {
        let now = self.lists.last().is_some_and(|list| list.contains(&key));
        let before = self.before_pin(ledger).is_some_and(|list| list.contains(&key));
        match now || before {
            true => KeyVerdict::Key(key),
            false if self.approved_ever(key) => KeyVerdict::Revoked,
            false => KeyVerdict::UnknownKey,
        }
    }

    fn approved_ever(&self, key: [u8; 32]) -> bool {
        self.lists.iter().any(|list| list.contains(&key))
    }

    fn was_ever_given_keys(&self) -> bool {
        self.lists.iter().any(|list| !list.is_empty())
    }

    /// The oldest key of the list that counts for this ledger.
    fn oldest(&self, ledger: &LedgerName) -> Option<[u8; 32]> {
        let newest = self.lists.last().map(Vec::as_slice);
        self.before_pin(ledger).or(newest)?.first().copied()
    }

    /// The list that counted before the root hall pinned this ledger.
    fn before_pin(&self, ledger: &LedgerName) -> Option<&[[u8; 32]]> {
        let before = self.pinned_by.get(ledger)?.checked_sub(1)?;
        self.lists.get(before).map(Vec::as_slice)
    }

    /// The newest pinned generation before this one in its lane, and the Member that pinned it.
    fn reopened(&self, ledger: &LedgerName) -> Option<(u32, usize)> {
        let earlier = |pinned: &LedgerName| {
            let same = pinned.domain() == ledger.domain() && pinned.hall() == ledger.hall();
            same && pinned.lane() == ledger.lane() && pinned.generation() < ledger.generation()
        };
        let pins = self.pinned_by.iter().filter(|(pinned, _)| earlier(pinned));
        pins.map(|(pinned, by)| (pinned.generation().0, *by)).max()
    }
}

impl Change {
    /// From which size of `ledger` the new key seals; none when this change does not concern it.
    /// `pinned` is the newest pinned generation before the ledger's own.
    fn from(&self, ledger: &LedgerName, pinned: Option<u32>) -> Option<u64> {
        let lane = ledger.lane();
        let listed = self.from.iter().find(|(named, _)| named == ledger).map(|(_, from)| *from);
        if *ledger == self.at {
            // The seal over the change itself is the old key's last duty.
            let own = self.index.saturating_add(2);
            return Some(listed.map_or(own, |from| from.max(own)));
        }
        if listed.is_some() {
            return listed;
        }
        let of_lane = |name: &&LedgerName| name.hall() == ledger.hall() && name.lane() == lane;
        let named = self.from.iter().map(|(name, _)| name).chain([&self.at]).filter(of_lane);
        match named.map(|name| name.generation().0).max() {
            Some(open) => {
                let opened_after = ledger.generation().0 > open;
                (opened_after && pinned.is_none_or(|pinned| open > pinned)).then_some(0)
            }
            None => pinned.is_none().then_some(0),
        }
    }
}
