//! Own entries: the register check, then the next index. Generations and key changes are own entries
//! with a consequence.

use record::{COMMIT_BYTES_MAX, COMMIT_ENTRIES_MAX, Generation, Lane, LedgerName};

use super::draft::Draft;
use super::{CommitError, Outcome};
use crate::append::{Claims, NextGeneration, Opening, OwnEntry, RotateKey};
use crate::disk::Disk;
use crate::frame::Key;
use crate::options::Options;
use crate::outcome::Refusal;
use crate::reader::ReadError;
use crate::register::{self, Fingerprint, MESSAGE, NATURAL_KEY, RECORD, Value};
use crate::signer::Signer;

/// The keys a new entry adds to the register, or why it is no new entry.
type Checked = Result<Vec<Key>, Outcome>;

impl<D: Disk> Draft<'_, D> {
    /// Checks and appends an own entry.
    pub(super) fn own(&mut self, entry: &OwnEntry) -> Result<Outcome, CommitError> {
        if self.own.get(&entry.ledger.lane()) != Some(&entry.ledger) {
            return Ok(Outcome::WrongGeneration);
        }
        let keys = match self.check(&entry.claims)? {
            Ok(keys) => keys,
            Err(outcome) => return Ok(outcome),
        };
        let behind = match &entry.behind {
            Some(behind) if behind.ledger != entry.ledger => return Ok(Outcome::WrongGeneration),
            Some(behind) => match self.check(&behind.claims)? {
                Ok(keys) => Some((behind, keys)),
                Err(outcome) => return Ok(Outcome::Behind(Box::new(outcome))),
            },
            None => None,
        };
        let more = behind.as_ref().map_or(0, |(behind, _)| behind.parts.len_bytes());
        let bytes = self.own_bytes + entry.parts.len_bytes() + more;
        let count = self.own_entries + 1 + usize::from(behind.is_some());
        if count > COMMIT_ENTRIES_MAX || self.own_entries > 0 && bytes > COMMIT_BYTES_MAX {
            return Ok(Outcome::Refused(Refusal::CommitFull));
        }
        self.own_bytes = bytes;
        let outcome = self.append(entry, keys);
        if let Some((behind, keys)) = behind {
            self.append(behind, keys);
        }
        Ok(outcome)
    }

    fn append(&mut self, entry: &OwnEntry, keys: Vec<Key>) -> Outcome {
        self.own_entries += 1;
        let ledger = entry.ledger.clone();
        let index = self.size(&ledger);
        register::note(&mut self.claims, &ledger, index, &keys);
        self.entry(&ledger, None, entry.leaf, keys, &entry.parts);
        Outcome::Appended { ledger, index }
    }

    fn check(&self, claims: &Claims) -> Result<Checked, ReadError> {
        let mut keys = Vec::new();
        if let Some((submitter, message_id, content)) = &claims.message {
            let fingerprint = register::message(&self.fingerprint_key, submitter, message_id);
            let extra = register::content(&self.fingerprint_key, content);
            if let Some(value) = self.claim(&fingerprint)? {
                let (ledger, index) = self.place(value);
                return Ok(Err(if value.extra == extra {
                    Outcome::Repeated { ledger, index }
                } else {
                    Outcome::OtherBytes { ledger, index }
                }));
            }
            keys.push(Key { kind: MESSAGE, fingerprint, extra });
        }
        let mut record_check = 0;
        if let Some(record) = &claims.record {
            let fingerprint = register::record(&self.fingerprint_key, &record.record_id);
            record_check = register::check(&fingerprint);
            let latest = self.claim(&fingerprint)?.map(|value| revision(value.extra));
            match (record.replaces, latest) {
                (None, None) => {}
                (Some(_), None) => return Ok(Err(Outcome::UnknownRecord)),
                (Some(old), Some(latest)) if old == latest && record.revision > latest => {}
                (_, Some(latest)) => return Ok(Err(Outcome::Stale { latest })),
            }
            keys.push(Key { kind: RECORD, fingerprint, extra: u64::from(record.revision) });
        }
        if let Some(text) = &claims.natural_key {
            let fingerprint = register::natural_key(&self.fingerprint_key, text);
            match self.claim(&fingerprint)? {
                None => keys.push(Key { kind: NATURAL_KEY, fingerprint, extra: record_check }),
                // A revision of the record that has the key already.
                Some(value) if value.extra == record_check && record_check != 0 => {}
                Some(value) => {
                    let (ledger, index) = self.place(value);
                    return Ok(Err(Outcome::NaturalKeyTaken { ledger, index }));
                }
            }
        }
        Ok(Ok(keys))
    }

    fn claim(&self, fingerprint: &Fingerprint) -> Result<Option<Value>, ReadError> {
        match self.claims.find(fingerprint) {
            Some(value) => Ok(Some(value)),
            None => self.shared.claim(fingerprint),
        }
    }

    fn place(&self, value: Value) -> (LedgerName, u64) {
        value.entry(&self.shared.options.domain, &self.shared.options.hall)
    }

    /// Opens the next generation of a lane with its continuation as entry 0.
    pub(super) fn next_generation(&mut self, next: NextGeneration) -> Result<Outcome, CommitError> {
        let Some(previous) = self.own.get(&next.lane).cloned() else {
            return Ok(Outcome::WrongGeneration);
        };
        let Some(generation) = previous.generation().0.checked_add(1).map(Generation) else {
            return Ok(Outcome::WrongGeneration);
        };
        let Options { domain, hall, .. } = &self.shared.options;
        let ledger = LedgerName::new(domain.clone(), hall.clone(), next.lane, generation);
        let frontier = self.frontier(&previous);
        let opening = Opening {
            ledger: ledger.clone(),
            size: frontier.size(),
            root: frontier.root(),
            previous,
        };
        let entry = match (next.continuation)(&opening) {
            Ok(entry) if entry.ledger == ledger => entry,
            Ok(_) | Err(_) => return Ok(Outcome::Refused(Refusal::BadAct)),
        };
        let keys = match self.check(&entry.claims)? {
            Ok(keys) => keys,
            Err(outcome) => return Ok(outcome),
        };
        self.own.insert(next.lane, ledger.clone());
        self.append(&entry, keys);
        let root = self.frontier(&ledger).root();
        Ok(Outcome::Opened { ledger, lane: next.lane, root })
    }

    /// Appends the act of a key change and seals everything with the old key.
    pub(super) fn rotate(
        &mut self,
        rotate: RotateKey,
        old: &dyn Signer,
    ) -> Result<Outcome, CommitError> {
        if old.sign(PROBE).is_err() {
            return Ok(Outcome::Refused(Refusal::Unsigned));
        }
        let Some(acts) = self.own.get(&Lane::Acts).cloned() else {
            return Ok(Outcome::WrongGeneration);
        };
        let mut from = Vec::new();
        for ledger in self.own.values().cloned().collect::<Vec<_>>() {
            let size = self.size(&ledger) + u64::from(ledger == acts);
            from.push((ledger, size));
        }
        let entry = match (rotate.act)(&from) {
            Ok(entry) if entry.ledger == acts => entry,
            Ok(_) | Err(_) => return Ok(Outcome::Refused(Refusal::BadAct)),
        };
        let keys = match self.check(&entry.claims)? {
            Ok(keys) => keys,
            Err(outcome) => return Ok(outcome),
        };
        let index = self.size(&acts);
        self.append(&entry, keys);
        self.seal_all(old)?;
        Ok(Outcome::Rotated { ledger: acts, index, from })
    }
}

fn revision(extra: u64) -> u32 {
    u32::try_from(extra).unwrap_or(u32::MAX)
}

/// What an old key signs to show that it still can, before anything hangs on it.
const PROBE: &[u8] = b"hallway/v1/key change follows\n";
