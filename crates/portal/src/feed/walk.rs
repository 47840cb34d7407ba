//! A follower's walk through the log: pages in, items out, the rights of each place.
//!
//! The walk applies acts as it passes them, before the entries of the same page, so an entry is never
//! judged by rights older than itself. An act that widens what the caller sees concerns entries
//! behind the walk too: then it goes back over them once (a *review*) and hands on what is newly
//! visible and held. A walk that starts from a token does the same for the acts that came after that
//! token. So a token is one position, and nothing visible is ever missed; some of it comes twice.
//!
//! Before each step the walk learns every act that is durable here, also those it has not passed yet:
//! a ruling takes effect on all that is handed on after it is known. What a record's own later
//! revisions made of it stands in [`Marks`]. The public is shown no more than the head of what does
//! not stand or is not published any more.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Disk, LogNote, Page, Position, ReadError, Reader, Seal, Stored};
use policy::{Acts, Applied, Rights};
use record::{
    Act, Effective, Generation, Lane, LedgerName, POWER_RULE, PartSet, Parts, RecordId, Ruling,
};
use wire::v1;

use super::reading::{act, acts_behind, effective_to, holds_act, read_acts, sizes, widens};
use super::token::Token;
use super::viewer::Viewer;
use crate::marks::Marks;

/// Notes read at once: a page reads whole groups, which hold up to four times as many.
pub(super) const PAGE_NOTES: usize = 1_024;
/// Bytes of parts after which a step ends.
const STEP_BYTES: usize = 1 << 20;
/// Places of the parts.
const HEAD: usize = 0;
pub(super) const OPEN: usize = 1;
const CLOSED: usize = 2;

/// One follower's place and what it may see there.
pub(super) struct Walk<D: Disk> {
    reader: Reader<D>,
    viewer: Viewer,
    kinds: Vec<String>,
    position: Position,
    /// What of the last page stands at `position` and behind it.
    ahead: Option<Page>,
    acts: Acts,
    rights: Rights,
    review: Option<Review>,
    marks: Marks<D>,
    /// How much of each ledger that can hold acts has been learnt, and where the log was then.
    learnt: BTreeMap<LedgerName, u64>,
    learnt_at: Position,
    seals: BTreeMap<LedgerName, (u64, Seal)>,
}

/// Going back over what stands before the walk, after rights have widened.
struct Review {
    before: Rights,
    at: Position,
}

/// What one step brought.
pub(super) struct Step {
    pub(super) items: Vec<v1::FollowResponse>,
    /// There is no more until the log moves.
    pub(super) waits: bool,
}

/// Why a walk cannot go on.
#[derive(Debug)]
pub(super) enum WalkError {
    /// The token names a place beyond the end of this very log.
    Beyond,
    /// The log cannot be read.
    Read(ReadError),
}

impl From<ReadError> for WalkError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl<D: Disk> Walk<D> {
    /// A walk from a token, or from the beginning.
    pub(super) fn start(
        (reader, marks): (Reader<D>, Marks<D>),
        anchor: Acts,
        viewer: Viewer,
        kinds: Vec<String>,
        token: Option<Token>,
    ) -> Result<Self, WalkError> {
        let log_id = reader.log_id();
        let position = token.filter(|token| token.log_id == log_id).map(|token| token.position);
        let position = position.unwrap_or_default();
        if position > reader.durable().position {
            return Err(WalkError::Beyond);
        }
        // The sizes first: whatever is appended from here on is met by the walk itself.
        let learnt_at = reader.durable().position;
        let sizes = sizes(&reader);
        let acts = read_acts(&reader, anchor.clone(), &sizes, &BTreeSet::new())?;
        let mut review = None;
        if position > Position::default() && viewer.hangs_on_acts() {
            let later = acts_behind(&reader, position)?;
            if !later.is_empty() {
                let before = Rights::new(read_acts(&reader, anchor, &sizes, &later)?);
                review = Some(Review { before, at: Position::default() });
            }
        }
        let rights = Rights::new(acts.clone());
        marks.advance()?;
        let (learnt, seals) = (sizes.into_iter().collect(), BTreeMap::new());
        Ok(Self {
            reader,
            viewer,
            kinds,
            position,
            ahead: None,
            acts,
            rights,
            review,
            marks,
            learnt,
            learnt_at,
            seals,
        })
    }

    /// Whether everything before `end` has been handed on.
    pub(super) fn is_past(&self, end: Position) -> bool {
        self.review.is_none() && self.position >= end
    }

    /// Where the log is durable now.
    pub(super) fn durable_end(&self) -> Position {
        self.reader.durable().position
    }

    /// Reads on for a page, or until enough bytes are in hand.
    pub(super) fn step(&mut self) -> Result<Step, WalkError> {
        self.learn()?;
        match self.review.take() {
            Some(review) => self.step_back(review),
            None => self.step_on(),
        }
    }

    fn step_on(&mut self) -> Result<Step, WalkError> {
        let mut page = match self.ahead.take() {
            Some(page) => page,
            None => self.reader.follow(self.position, PAGE_NOTES)?,
        };
        if let Some(before) = self.pass_acts(&page.notes)?
            && self.viewer.hangs_on_acts()
            && self.position > Position::default()
        {
            self.review = Some(Review { before, at: Position::default() });
            return Ok(Step { items: Vec::new(), waits: false });
        }
        let mut step = Step { items: Vec::new(), waits: false };
        let mut bytes = 0;
        let next = page.notes.iter().skip(1).map(|(position, _)| *position).chain([page.next]);
        for (place, ((at, note), next)) in page.notes.iter().zip(next).enumerate() {
            let (ledger, index, news) = match note {
                LogNote::Entry { ledger, index, .. } => (ledger, *index, PartSet::ALL),
                LogNote::Fill { ledger, index, parts, .. } => (ledger, *index, *parts),
            };
            if let Some((stored, parts)) = self.seen(ledger, index, news)? {
                let Some(seal) = self.seal(ledger, index)? else {
                    // It is on disk and its seal is still being signed.
                    self.position = *at;
                    return Ok(Step { waits: true, ..step });
                };
                bytes += parts.len_bytes();
                step.items.push(self.item((ledger, index), &stored, &parts, (seal, next)));
            }
            self.position = next;
            if bytes >= STEP_BYTES {
                page.notes.drain(..=place);
                self.ahead = Some(page).filter(|page| !page.notes.is_empty());
                return Ok(step);
            }
        }
        step.waits = page.next <= self.position && page.next >= self.reader.durable().position;
        self.position = page.next;
        Ok(step)
    }

    /// Hands on what stands before the walk and was not visible under the rights before.
    fn step_back(&mut self, mut review: Review) -> Result<Step, WalkError> {
        let page = self.reader.follow(review.at, PAGE_NOTES)?;
        let mut step = Step { items: Vec::new(), waits: false };
        for (at, note) in page.notes {
            if at >= self.position {
                return Ok(step);
            }
            review.at = Position(at.0 + 1);
            let LogNote::Entry { ledger, index, .. } = note else { continue };
            if ledger.lane() != Lane::Records {
                continue;
            }
            let Some(leaf) = self.reader.leaf(&ledger, index)? else { continue };
            let before = self.viewer.sees(&review.before, &ledger, leaf.label);
            let gained = self.viewer.sees(&self.rights, &ledger, leaf.label).without(before);
            if gained.is_empty() {
                continue;
            }
            if let Some((stored, parts)) = self.seen(&ledger, index, gained)?
                && let Some(seal) = self.seal(&ledger, index)?
            {
                // The token stays where the walk stands: who breaks off here is told again.
                let token = (seal, self.position);
                step.items.push(self.item((&ledger, index), &stored, &parts, token));
            }
        }
        if page.next < self.position && page.next >= review.at {
            review.at = page.next;
            self.review = Some(review);
        }
        Ok(step)
    }

    /// Applies every act that is durable and new, and has the walk go back if rights have moved.
    fn learn(&mut self) -> Result<(), WalkError> {
        let now = self.durable_end();
        if now == self.learnt_at {
            return Ok(());
        }
        self.marks.advance()?;
        let mut moved = false;
        for (ledger, size) in sizes(&self.reader) {
            let from = self.learnt.insert(ledger.clone(), size).unwrap_or(0);
            let end = if ledger.lane() == Lane::Acts { size } else { size.min(1) };
            for index in (from..end).filter(|index| holds_act(&ledger, *index)) {
                if let Some(act) = act(&self.reader, &ledger, index)? {
                    let applied = self.acts.apply(&ledger, index, &act);
                    moved |= applied == Applied::Counted && widens(&act);
                }
            }
        }
        self.learnt_at = now;
        let rights = Rights::new(self.acts.clone());
        let before = std::mem::replace(&mut self.rights, rights);
        if moved && self.viewer.hangs_on_acts() && self.position > Position::default() {
            // A review under way goes on from the rights before it, from the beginning.
            let before = self.review.take().map_or(before, |review| review.before);
            self.review = Some(Review { before, at: Position::default() });
        }
        Ok(())
    }

    /// Applies the acts among these notes; gives the rights before, if rights may have moved.
    fn pass_acts(&mut self, notes: &[(Position, LogNote)]) -> Result<Option<Rights>, WalkError> {
        let mut moved = false;
        for (_, note) in notes {
            let (LogNote::Entry { ledger, index, .. } | LogNote::Fill { ledger, index, .. }) = note;
            if !holds_act(ledger, *index) {
                continue;
            }
            if let Some(act) = act(&self.reader, ledger, *index)? {
                moved |= self.acts.apply(ledger, *index, &act) == Applied::Counted && widens(&act);
            }
        }
        Ok(moved.then(|| {
            let now = Rights::new(self.acts.clone());
            std::mem::replace(&mut self.rights, now)
        }))
    }

    /// The entry and what the caller sees of it, when any of the news is among that and the kind is
    /// wanted.
    fn seen(
        &self,
        ledger: &LedgerName,
        index: u64,
        news: PartSet,
    ) -> Result<Option<(Stored, Parts)>, WalkError> {
        if ledger.lane() == Lane::Private {
            return Ok(None);
        }
        let Some(stored) = self.reader.entry(ledger, index)? else { return Ok(None) };
        let parts =
            stored.parts.narrowed(self.viewer.sees(&self.rights, ledger, stored.leaf.label));
        let parts = if self.viewer.is_public() && !self.is_public(ledger, &parts) {
            parts.narrowed(PartSet::HEAD)
        } else {
            parts
        };
        let wanted = !parts.held().intersection(news).is_empty() && self.wants(ledger, &parts);
        Ok(wanted.then_some((stored, parts)))
    }

    /// Whether the public may be shown what a record says; an act always.
    fn is_public(&self, ledger: &LedgerName, parts: &Parts) -> bool {
        ledger.lane() == Lane::Acts
            || self.effective(ledger, parts).is_none_or(|(_, effective)| effective.is_public())
    }

    /// The record that an entry is of, or a ruling about, and how it stands.
    fn effective(&self, ledger: &LedgerName, parts: &Parts) -> Option<(RecordId, Effective)> {
        let (origin, record) = match ledger.lane() {
            Lane::Records => {
                let head = wire::head_from_bytes(parts.part(HEAD)?).ok()?;
                (ledger.clone(), head.stamp?.record)
            }
            Lane::Acts => {
                let ruling = self.ruling(ledger, parts)?;
                let (domain, hall) = (ledger.domain().clone(), ruling.origin);
                let origin = LedgerName::new(domain, hall, Lane::Records, Generation(1));
                (origin, ruling.record)
            }
            Lane::Private => return None,
        };
        Some((record, self.marks.standing(&self.acts, &origin, record).effective()))
    }

    /// The ruling that an entry of an acts ledger is, when its hall has the power.
    fn ruling(&self, ledger: &LedgerName, parts: &Parts) -> Option<Ruling> {
        let Ok(Act::Ruling(ruling)) = wire::act_from_open(parts.part(OPEN)?) else { return None };
        self.acts.has_power(ledger.hall(), POWER_RULE).then_some(ruling)
    }

    /// Whether the follower asked for this kind. Whose head it may not see has no kind for it.
    fn wants(&self, ledger: &LedgerName, parts: &Parts) -> bool {
        if ledger.lane() == Lane::Acts && self.ruling(ledger, parts).is_some() {
            return true;
        }
        if self.kinds.is_empty() {
            return ledger.lane() != Lane::Acts;
        }
        let head = parts.part(HEAD).and_then(|head| wire::head_from_bytes(head).ok());
        head.is_some_and(|head| self.kinds.contains(&head.kind.to_string()))
    }

    /// The smallest seal that covers an entry; entries of one batch share it.
    fn seal(&mut self, ledger: &LedgerName, index: u64) -> Result<Option<String>, WalkError> {
        if let Some((from, seal)) = self.seals.get(ledger)
            && (*from..seal.size).contains(&index)
        {
            return Ok(Some(seal.note().to_owned()));
        }
        let Some(seal) = self.reader.seal_covering(ledger, index)? else { return Ok(None) };
        let note = seal.note().to_owned();
        self.seals.insert(ledger.clone(), (index, seal));
        Ok(Some(note))
    }

    fn item(
        &self,
        (ledger, index): (&LedgerName, u64),
        stored: &Stored,
        parts: &Parts,
        (seal, next): (String, Position),
    ) -> v1::FollowResponse {
        let part = |index| parts.part(index).cloned().unwrap_or_default();
        let [head, open, closed] = [HEAD, OPEN, CLOSED].map(part);
        v1::FollowResponse {
            ledger: ledger.to_string(),
            index,
            not_fully_understood: wire::not_fully_understood(&head, &open, &closed),
            head,
            open,
            closed,
            sharing_class: stored.leaf.label.class.as_str().to_owned(),
            seal,
            resume_token: Token { log_id: self.reader.log_id(), position: next }.to_string(),
            effective: self.effective(ledger, parts).map(effective_to),
        }
    }
}
