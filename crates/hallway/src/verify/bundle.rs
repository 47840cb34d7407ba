//! A bundle, from the root key to the status note: acts → keys → seal → inclusion → commitments →
//! receipts → status.
//!
//! Each step uses only what the steps before have verified. Acts verify each other (a key change is
//! sealed by the key before it), so they are taken in rounds until nothing moves, and all of them once
//! more under everything that was taken: an act that a later one unmakes does not count.

use std::collections::BTreeSet;

use ed25519_dalek::{Signature, VerifyingKey};
use ledger::{Note, Receipt, Seal, TlogProof, VerifierKey};
use link::desk::doubt::is_fork;
use policy::{Acts, KeyVerdict};
use portal::bundle::{Bundle, Evidence, ProvenReceipt, StatusNote};
use record::{Effective, Head, LedgerName, RecordId, Standing, State, Successor, Timestamp};

use super::{Problem, Report, Status, missing_key};
use crate::exit::with_causes;

/// Most acts that a bundle may bring.
const ACTS_MAX: usize = 4_096;
/// Most receipts that a bundle may bring.
const RECEIPTS_MAX: usize = 1_024;
/// Most rounds over the acts: so long a chain of key changes is a life's work.
const ROUNDS_MAX: usize = 64;
/// The place of an entry's open part, which carries an act.
const OPEN: usize = 1;

/// Verifies a bundle's text; `file` names it in problems. With `pinned` trust begins at that key,
/// otherwise at the one the bundle names.
pub fn bundle(file: &str, json: &str, pinned: Option<&str>) -> Report {
    let report = Report { root_key_pinned: pinned.is_some(), ..Report::default() };
    let mut check = Check { file, report, seals: BTreeSet::new() };
    match json.parse::<Bundle>() {
        Ok(bundle) => check.all(&bundle, pinned),
        Err(error) => check.problem(None, "bundle", &with_causes(&error)),
    }
    check.report.seals = u64::try_from(check.seals.len()).unwrap_or(u64::MAX);
    check.report.concluded()
}

struct Check<'a> {
    file: &'a str,
    report: Report,
    seals: BTreeSet<String>,
}

/// The entry, verified.
struct Verified {
    evidence: Evidence,
    seal: Seal,
    head: Head,
}

impl Check<'_> {
    fn all(&mut self, bundle: &Bundle, pinned: Option<&str>) {
        if pinned.is_some_and(|key| key != bundle.root_key) {
            let what = "the bundle names another root key than the one given";
            self.problem(None, "root key", what);
        }
        let key = pinned.unwrap_or(&bundle.root_key);
        let anchor = bundle.root_ledger.parse().map_err(|error| with_causes(&error));
        let anchor = anchor.and_then(|ledger: LedgerName| {
            Acts::new(ledger, key, is_fork).map_err(|error| with_causes(&error))
        });
        let anchor = match anchor {
            Ok(anchor) => anchor,
            Err(what) => return self.problem(None, "root key", &what),
        };
        if bundle.acts.len() > ACTS_MAX || bundle.receipts.len() > RECEIPTS_MAX {
            let what = format!("more than {ACTS_MAX} acts or {RECEIPTS_MAX} receipts");
            return self.problem(None, "bundle", &what);
        }
        let acts = self.acts(bundle, anchor);
        let entry = self.entry(bundle, &acts);
        let mut holders = BTreeSet::new();
        for (number, receipt) in bundle.receipts.iter().enumerate() {
            match self.receipt(receipt, &acts, entry.as_ref()) {
                Ok(holder) if holders.insert(holder.clone()) => self.report.receipts += 1,
                Ok(holder) => {
                    let what = format!("{holder} has another one in this bundle");
                    self.problem(None, &format!("receipts[{number}]"), &what);
                }
                Err(what) => self.problem(None, &format!("receipts[{number}]"), &what),
            }
        }
        match status(bundle, &acts, entry.as_ref()) {
            Ok(status) => self.report.status = Some(status),
            Err(what) => self.problem(None, "status note", &what),
        }
    }

    /// Every act that verifies, applied; the others are problems.
    fn acts(&mut self, bundle: &Bundle, mut acts: Acts) -> Acts {
        let mut pending = Vec::new();
        let mut places = BTreeSet::new();
        for (number, proven) in bundle.acts.iter().enumerate() {
            match proven.read() {
                Ok(act) if !places.insert((act.ledger.clone(), act.index)) => {
                    self.problem(Some(&act), &format!("acts[{number}]"), "it is there twice");
                }
                Ok(act) => pending.push((number, act)),
                Err(error) => {
                    self.problem(None, &format!("acts[{number}]"), &with_causes(&error));
                }
            }
        }
        let mut taken = Vec::new();
        for _ in 0..ROUNDS_MAX {
            let before = pending.len();
            pending.retain(|(number, act)| {
                let good = sealed(act, &acts).is_ok();
                if good {
                    let open = act.parts.part(OPEN);
                    if let Some(act_said) = open.and_then(|open| wire::act_from_open(open).ok()) {
                        acts.apply(&act.ledger, act.index, &act_said);
                    }
                    taken.push((*number, act.clone()));
                }
                !good
            });
            if pending.len() == before || pending.is_empty() {
                break;
            }
        }
        for (number, act) in pending.iter().chain(&taken) {
            match sealed(act, &acts) {
                Ok(seal) => {
                    self.report.entries += 1;
                    self.seals.insert(seal.note().to_owned());
                }
                Err(what) => self.problem(Some(act), &format!("acts[{number}]"), &what),
            }
        }
        acts
    }

    fn entry(&mut self, bundle: &Bundle, acts: &Acts) -> Option<Verified> {
        let evidence = match bundle.entry.read() {
            Ok(evidence) => evidence,
            Err(error) => {
                self.problem(None, "entry", &with_causes(&error));
                return None;
            }
        };
        let seal = match sealed(&evidence, acts) {
            Ok(seal) => seal,
            Err(what) => {
                self.problem(Some(&evidence), "entry", &what);
                return None;
            }
        };
        let head = evidence.parts.part(0).and_then(|head| wire::head_from_bytes(head).ok());
        let Some(head) = head else {
            self.problem(Some(&evidence), "record", "the entry's head cannot be read");
            return None;
        };
        let id = head.stamp.as_ref().map(|stamp| stamp.record.to_string());
        if id.as_deref() != Some(&bundle.record) {
            self.problem(Some(&evidence), "record", "the entry is one of another record");
            return None;
        }
        self.report.entries += 1;
        self.seals.insert(seal.note().to_owned());
        Some(Verified { evidence, seal, head })
    }

    /// Checks a receipt and that it covers the entry; gives the holder.
    fn receipt(
        &mut self,
        proven: &ProvenReceipt,
        acts: &Acts,
        entry: Option<&Verified>,
    ) -> Result<String, String> {
        let proof: TlogProof = proven.proof.parse().map_err(|error| with_causes(&error))?;
        let receipt = Receipt::parse(&proof.checkpoint, &proven.holding_note)
            .map_err(|error| with_causes(&error))?;
        let log = log_key(acts, &receipt.ledger, receipt.size)?;
        let holder = receipt.holder.to_string();
        let known = acts.holder_keys(&receipt.holder);
        let mut why = format!("no act gives a holder key of {holder}");
        let signed = known.iter().any(|key| match receipt.verify(key, &log) {
            Ok(()) => true,
            Err(error) => {
                why = with_causes(&error);
                false
            }
        });
        if !signed {
            return Err(why);
        }
        if receipt.domain != *receipt.ledger.domain() {
            return Err("the holder is of another trust domain".to_owned());
        }
        let entry = entry.ok_or("there is no good entry that it could cover")?;
        let Evidence { ledger, index, leaf, .. } = &entry.evidence;
        if proof.index != *index || !proof.extra.is_empty() {
            return Err("its proof is about another index, or carries extra data".to_owned());
        }
        proof.verify(&leaf.to_bytes(), ledger, &log).map_err(|error| with_causes(&error))?;
        self.seals.insert(receipt.holding().seal.note().to_owned());
        Ok(holder)
    }

    fn problem(&mut self, entry: Option<&Evidence>, place: &str, what: &str) {
        self.report.problems.push(Problem {
            file: self.file.to_owned(),
            offset: None,
            ledger: entry.map(|entry| entry.ledger.to_string()),
            index: entry.map(|entry| entry.index),
            what: format!("{place}: {what}"),
            corrupt: false,
        });
    }
}

/// The seal of an entry, when the key that the acts give has sealed it.
fn sealed(entry: &Evidence, acts: &Acts) -> Result<Seal, String> {
    let (seal, _) =
        Seal::parse_cosigned(&entry.proof.checkpoint).map_err(|error| with_causes(&error))?;
    let key = log_key(acts, &entry.ledger, seal.size)?;
    if seal.note() != entry.proof.checkpoint {
        return Err("the seal carries signatures of others".to_owned());
    }
    entry.verify(&key).map_err(|error| with_causes(&error))
}

fn log_key(acts: &Acts, ledger: &LedgerName, size: u64) -> Result<[u8; 32], String> {
    match acts.key_for(ledger, size) {
        KeyVerdict::Key(key) => Ok(key),
        verdict @ (KeyVerdict::UnknownHall
        | KeyVerdict::UnknownKey
        | KeyVerdict::Pinned { .. }
        | KeyVerdict::Revoked) => Err(missing_key(verdict, ledger, size)),
    }
}

/// Checks the status note: signed by a log key of its hall, about this entry under this seal, and in
/// agreement with the head when it calls the entry current.
fn status(bundle: &Bundle, acts: &Acts, entry: Option<&Verified>) -> Result<Status, String> {
    let note = Note::parse(&bundle.status).map_err(|error| with_causes(&error))?;
    let said: StatusNote = note.text.parse().map_err(|error| with_causes(&error))?;
    if !is_signed(&note, &said, acts) {
        return Err(format!("it has no good signature by a log key of {}", said.hall));
    }
    let entry = entry.ok_or("there is no good entry that it could speak of")?;
    let Verified { evidence, seal, head } = entry;
    if said.record.to_string() != bundle.record
        || said.entry != (evidence.ledger.clone(), evidence.index)
    {
        return Err("it speaks of another record or entry".to_owned());
    }
    if (said.size, said.root) != (seal.size, seal.root) {
        return Err("it speaks of another size or root than the entry's seal".to_owned());
    }
    if said.is_current() {
        let revision = head.stamp.as_ref().map_or(0, |stamp| stamp.revision);
        if revision != said.revision || !agrees(head, &said.effective) {
            return Err(
                "it calls the entry current and says another state than its head".to_owned()
            );
        }
    }
    if let Some(ruling) = said.effective.rulings.iter().find(|id| !stands(acts, said.record, **id))
    {
        return Err(format!("it names ruling {ruling}, which no act in the bundle proves"));
    }
    let millis = i64::try_from(said.seconds.saturating_mul(1_000)).unwrap_or(i64::MAX);
    Ok(Status {
        hall: said.hall.to_string(),
        at: Timestamp(millis).to_string(),
        current: said.is_current(),
        state: said.effective.state.as_str().to_owned(),
        suspended: said.effective.suspended,
        published: said.effective.published,
        rulings: said.effective.rulings.iter().map(ToString::to_string).collect(),
        revision: said.revision,
        latest: format!("{}#{}", said.latest.0, said.latest.1),
        unseen: said.unseen,
    })
}

/// Whether some hall with the power made this ruling about the record and has not ended it.
fn stands(acts: &Acts, record: RecordId, id: RecordId) -> bool {
    acts.directory().members().any(|member| {
        let made = acts.ruling(&member.hall, id);
        made.is_some_and(|ruling| ruling.record == record && !ruling.ended)
    })
}

/// Whether a standing says at least what the last revision alone does. Earlier revisions and rulings may
/// have ended more.
fn agrees(head: &Head, said: &Effective) -> bool {
    let mut alone = Standing::default();
    if let Some(revises) = &head.revises {
        let revision = head.stamp.as_ref().map_or(0, |stamp| stamp.revision);
        alone.revise(revises.kind, revision, Successor::of(revises));
    }
    let alone = alone.effective();
    let state = match alone.state {
        State::InForce => true,
        State::Withdrawn | State::Replaced { .. } => {
            said.state == alone.state || said.state == State::Withdrawn
        }
    };
    state && (alone.published || !said.published)
}

/// Whether one of the hall's log keys, as the acts approve them, signed the note and nobody else did.
fn is_signed(note: &Note, said: &StatusNote, acts: &Acts) -> bool {
    let root = acts.root_ledger();
    if said.domain != *root.domain() || note.signatures.len() != 1 {
        return false;
    }
    let member = acts.directory().member(&said.hall);
    let listed = member.map(|member| member.log_keys.as_slice()).unwrap_or_default();
    let mut keys: Vec<VerifierKey> = listed.iter().filter_map(|key| key.parse().ok()).collect();
    if said.hall == *root.hall()
        && let KeyVerdict::Key(public) = acts.key_for(root, ledger::TREE_SIZE_MAX)
    {
        keys.push(VerifierKey::log(root.domain(), root.hall(), public));
    }
    keys.iter().filter(|key| key.name == said.key_name()).any(|key| {
        let signature = note.signature_by(key).and_then(|bytes| <&[u8; 64]>::try_from(bytes).ok());
        signature.is_some_and(|signature| {
            VerifyingKey::from_bytes(&key.public).is_ok_and(|public| {
                let signature = Signature::from_bytes(signature);
                public.verify_strict(note.text.as_bytes(), &signature).is_ok()
            })
        })
    })
}
