//! Checks a whole log by itself, as an auditor does: every checksum, every commitment, every root,
//! every signature, with the keys the auditor names.
//!
//! It reads segments alone and trusts nothing derived. One forward pass keeps a tree's frontier per
//! ledger and, for entries whose parts came later, nothing but their leaves, read back from the log.
//! A torn last group is no problem, unless the mark of a clean stop says that it was acknowledged.
//! Behind damage the pass goes on with the next whole group (`verify/damage.rs`).

use std::collections::BTreeMap;
use std::io;

use record::{Hash, Leaf, LedgerName, Parts};

use crate::disk::{Disk, read_up_to};
use crate::frame::{Body, Frame, Span};
use crate::octets::to_usize;
use crate::receipt::Receipt;
use crate::recover::clean_mark;
use crate::seal::Seal;
use crate::segment::{self, End, Scan};
use crate::tree::Frontier;

mod damage;

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries checked.
    pub entries: u64,
    /// Seals checked.
    pub seals: u64,
    /// Receipts checked.
    pub receipts: u64,
    /// Everything that is not as it should be; at most [`PROBLEMS_MAX`].
    pub problems: Vec<Problem>,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// At which byte.
    pub offset: u64,
    /// Whose entry, when known.
    pub ledger: Option<LedgerName>,
    /// Which entry or size, when known.
    pub index: Option<u64>,
    /// What is wrong.
    pub what: String,
}

/// Problems after which a verification says no more.
pub const PROBLEMS_MAX: usize = 1000;

/// Verifies the log in a directory. `keys` gives the log key that seals a ledger at a size; a seal
/// without a known key is a problem. Takes no lock, so it may run beside a living hall, whose newest
/// group it may then not see.
pub fn directory<D: Disk>(disk: &D, keys: &dyn Fn(&LedgerName, u64) -> Option<[u8; 32]>) -> Report {
    let mut pass = Pass {
        disk,
        keys,
        report: Report::default(),
        ledgers: BTreeMap::new(),
        file: String::new(),
    };
    let names = match disk.list("") {
        Ok(names) => names,
        Err(error) => {
            pass.problem(0, None, format!("the directory cannot be listed: {error}"));
            return pass.report;
        }
    };
    let numbers: Vec<u64> = names.iter().filter_map(|name| segment::number_in(name)).collect();
    let mut before = None;
    for number in &numbers {
        before = pass.segment(*number, numbers.last() == Some(number), before);
    }
    if numbers.is_empty() {
        pass.problem(0, None, "there is no segment".to_owned());
    }
    pass.report
}

/// Last group, its checksum and the next position of the segment before.
type Before = Option<(u64, u64, u32, u64)>;

struct Pass<'a, D> {
    disk: &'a D,
    keys: &'a dyn Fn(&LedgerName, u64) -> Option<[u8; 32]>,
    report: Report,
    ledgers: BTreeMap<LedgerName, Tree>,
    file: String,
}

/// A ledger on the way.
#[derive(Default)]
struct Tree {
    frontier: Frontier,
    /// Where each withheld or partial entry is, so that its fills can be checked: index → place.
    open: BTreeMap<u64, (u64, Span)>,
    /// Damage took leaves: where the entries go on. No root can be computed any more.
    broken: Option<u64>,
}

impl Tree {
    /// The index that comes next.
    fn next(&self) -> u64 {
        self.broken.unwrap_or_else(|| self.frontier.size())
    }
}

impl<D: Disk> Pass<'_, D> {
    fn segment(&mut self, number: u64, newest: bool, before: Before) -> Before {
        self.file = segment::file_name(number);
        let file = match self.disk.open(&self.file) {
            Ok(file) => file,
            Err(error) => {
                self.problem(0, None, format!("the segment cannot be opened: {error}"));
                return None;
            }
        };
        let mut scan = match Scan::new(&file) {
            Ok(Some(scan)) => scan,
            Ok(None) => {
                self.problem(0, None, "the header is damaged".to_owned());
                return None;
            }
            Err(error) => {
                self.problem(0, None, format!("the header cannot be read: {error}"));
                return None;
            }
        };
        self.header(&scan, number, before);
        if let Err(error) = self.groups(&mut scan, number, newest) {
            self.problem(scan.offset, None, format!("the segment cannot be read: {error}"));
        }
        Some((number, scan.group, scan.crc, scan.position))
    }

    /// Every group, those behind damage too, and how they end.
    fn groups(
        &mut self,
        scan: &mut Scan<'_, D::File>,
        number: u64,
        newest: bool,
    ) -> io::Result<()> {
        loop {
            while let Some((offset, group)) = scan.next_group()? {
                match group.frames(offset) {
                    Some(frames) => {
                        for (span, frame) in frames {
                            self.frame(number, span, frame);
                        }
                    }
                    None => self.problem(offset, None, "the group cannot be decoded".to_owned()),
                }
            }
            let at = scan.offset;
            match scan.step_over()? {
                Some(gap) => self.damaged(number, at, gap.remains.as_ref()),
                None => break,
            }
        }
        let promised = clean_mark(self.disk, &scan.header.identity.log_id)?;
        let promised = newest && promised.is_some_and(|(group, _)| group > scan.group);
        if promised || scan.end()? != End::Clean && !newest {
            let remains = scan.remains()?;
            self.damaged(number, scan.offset, remains.as_ref());
        }
        Ok(())
    }

    fn header(&mut self, scan: &Scan<'_, D::File>, number: u64, before: Before) {
        let header = &scan.header;
        if header.number != number {
            self.problem(0, None, format!("it is segment {} under another name", header.number));
        }
        if let Some((last, group, crc, position)) = before {
            let follows = (last + 1, group, crc, position);
            if follows != (number, header.last_group, header.last_crc, header.position) {
                self.problem(0, None, "it does not continue the segment before".to_owned());
            }
        }
        for head in &header.heads {
            let tree = self.ledgers.entry(head.ledger.clone()).or_default();
            let begins = before.is_none() && tree.frontier.size() < head.frontier.size();
            if begins || tree.broken.take().is_some() {
                tree.frontier = head.frontier.clone();
            } else if tree.frontier != head.frontier {
                let at = Some((head.ledger.clone(), head.frontier.size()));
                tree.frontier = head.frontier.clone();
                self.problem(0, at, "the header has another tree of the ledger".to_owned());
            }
        }
    }

    fn frame(&mut self, segment: u64, span: Span, frame: Frame) {
        let Frame { ledger, body, .. } = frame;
        match body {
            Body::Entry { index, leaf, parts, .. } => {
                self.entry(segment, span, (ledger, index), &leaf, &parts);
            }
            Body::Fill { index, parts } => self.fill(span, &ledger, index, &parts),
            Body::Seal { size, note } => self.seal(span, &ledger, size, &note),
            Body::Receipt { cosigned_seal, holding_note } => {
                self.receipt(span, &ledger, &cosigned_seal, &holding_note);
            }
            Body::Unknown { .. } => {}
        }
    }

    fn entry(
        &mut self,
        segment: u64,
        span: Span,
        (ledger, index): (LedgerName, u64),
        leaf: &Leaf,
        parts: &Parts,
    ) {
        self.report.entries += 1;
        let tree = self.ledgers.entry(ledger.clone()).or_default();
        let size = tree.next();
        if index != size || tree.broken.is_some() {
            tree.broken = Some(index + 1);
        } else {
            tree.frontier.push(leaf.hash());
        }
        if parts.count() != Some(parts.slots().iter().filter_map(record::Slot::bytes).count()) {
            tree.open.insert(index, (segment, span));
        }
        let at = Some((ledger.clone(), index));
        if index != size {
            let lost = Some((ledger.clone(), size));
            self.problem(span.offset.into(), lost, format!("entry {index} stands in its place"));
        }
        if !fits(parts, &ledger, leaf) {
            self.problem(span.offset.into(), at, "the parts do not fit their leaf".to_owned());
        }
    }

    fn fill(&mut self, span: Span, ledger: &LedgerName, index: u64, parts: &Parts) {
        let at = Some((ledger.clone(), index));
        let place = self.ledgers.get(ledger).and_then(|tree| tree.open.get(&index)).copied();
        match place.and_then(|(segment, span)| self.leaf_at(segment, span)) {
            Some(leaf) if parts.count().is_some() && fits(parts, ledger, &leaf) => {}
            Some(_) => {
                self.problem(span.offset.into(), at, "the parts do not fit their leaf".to_owned());
            }
            None => {
                let what = "there is no entry that lacks parts";
                self.problem(span.offset.into(), at, what.to_owned());
            }
        }
    }

    fn leaf_at(&self, segment: u64, span: Span) -> Option<Leaf> {
        let file = self.disk.open(&segment::file_name(segment)).ok()?;
        let len = to_usize(u64::from(span.len));
        match Body::alone(read_up_to(&file, span.offset.into(), len).ok()?.into())? {
            Body::Entry { leaf, .. } => Some(leaf),
            Body::Fill { .. } | Body::Seal { .. } | Body::Receipt { .. } | Body::Unknown { .. } => {
                None
            }
        }
    }

    fn seal(&mut self, span: Span, ledger: &LedgerName, size: u64, note: &str) {
        if self.ledgers.get(ledger).is_some_and(|tree| tree.broken.is_some()) {
            return; // the damage that broke it is named
        }
        self.report.seals += 1;
        let ours: Option<(u64, Hash)> =
            self.ledgers.get(ledger).map(|tree| (tree.frontier.size(), tree.frontier.root()));
        let what = match Seal::parse(note) {
            Err(error) => format!("the seal cannot be read: {error}"),
            Ok(seal) if seal.ledger != *ledger || seal.size != size => {
                "the seal is of another ledger or size".to_owned()
            }
            Ok(seal) if ours == Some((size, seal.root)) => {
                match (self.keys)(ledger, size).map(|key| seal.verify(&key)) {
                    Some(Ok(())) => return,
                    Some(Err(error)) => error.to_string(),
                    None => "no key is known that seals this ledger".to_owned(),
                }
            }
            Ok(_) => {
                if let Some(tree) = self.ledgers.get_mut(ledger) {
                    tree.broken = Some(tree.next()); // said once; no later root can be right
                }
                "the seal has another root than the entries".to_owned()
            }
        };
        self.problem(span.offset.into(), Some((ledger.clone(), size)), what);
    }

    fn receipt(&mut self, span: Span, ledger: &LedgerName, seal: &str, holding: &str) {
        self.report.receipts += 1;
        let what = match Receipt::parse(seal, holding) {
            Ok(receipt) if receipt.ledger == *ledger => return,
            Ok(_) => "the receipt is of another ledger".to_owned(),
            Err(error) => format!("the receipt cannot be read: {error}"),
        };
        self.problem(span.offset.into(), Some((ledger.clone(), 0)), what);
    }

    fn problem(&mut self, offset: u64, at: Option<(LedgerName, u64)>, what: String) {
        if self.report.problems.len() < PROBLEMS_MAX {
            let (ledger, index) = at.unzip();
            let file = self.file.clone();
            self.report.problems.push(Problem { file, offset, ledger, index, what });
        }
    }
}

fn fits(parts: &Parts, ledger: &LedgerName, leaf: &Leaf) -> bool {
    parts.commitment(ledger).is_none_or(|commitment| commitment == leaf.commitment)
}

#[cfg(test)]
mod tests;
