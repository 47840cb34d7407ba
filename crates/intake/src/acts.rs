//! Operators' acts: judged against what the acts say already, entered in this hall's acts lane.
//! `acts/ruling.rs` and `acts/handover.rs` have the two that are about records.

mod handover;
mod ruling;

pub use handover::HANDOVER_READ_WAIT;

use ledger::{Claims, Disk, Outcome, OwnEntry, RotateKey, Signer, VerifierKey};
use record::{
    Act, AudienceNumber, Class, Date, KeyChange, Label, Lane, LedgerName, Member, RecordId, Salt,
    SharingClass, Stamp, Timestamp,
};
use thiserror::Error;
use wire::status::Failure;

use std::sync::Arc;

use crate::search::SearchError;
use crate::submit::{Intake, stopped};

/// Why an act was not entered.
#[derive(Debug, Error)]
pub enum EnactError {
    /// Only the root hall writes the directory.
    #[error("write a Member act at {here}; the root hall is {root}")]
    NotRoot {
        /// This hall.
        here: String,
        /// The root hall.
        root: String,
    },
    /// It names a parent that is no member.
    #[error("admit {hall} under {parent}, which is no member")]
    NoParent {
        /// The new hall.
        hall: String,
        /// Its parent.
        parent: String,
    },
    /// A key is no verifier key of that hall.
    #[error("admit {hall} with key {key:?}, which is no verifier key of it")]
    Key {
        /// The hall.
        hall: String,
        /// The key.
        key: String,
    },
    /// Audience 0 is the class's default.
    #[error("define audience 0, which is the class's default; numbers start at 1")]
    AudienceZero,
    /// An act that only the hall itself writes.
    #[error("enter an act of kind {0} by hand")]
    NotByHand(&'static str),
    /// The new key is not approved by the root.
    #[error("change to key {0}, which the root hall has not approved; admit it first")]
    NotApproved(String),
    /// The hall's Member does not list the power.
    #[error("act with power {power:?}, which the root hall has not given {hall}")]
    PowerMissing {
        /// This hall.
        hall: String,
        /// The power.
        power: &'static str,
    },
    /// A ruling or handover without a word it needs.
    #[error("enter an act without {field}")]
    Incomplete {
        /// What is missing.
        field: &'static str,
    },
    /// The act cannot be read.
    #[error("read the act: {0}")]
    Malformed(String),
    /// A ruling is entered when its day has come.
    #[error("enter a ruling that holds from {from}; enter it on that day")]
    NotYet {
        /// Its day.
        from: Date,
    },
    /// The record has no name of this form.
    #[error("name a record by something else than its id of 26 characters")]
    RecordName,
    /// No head of the record's original is held here.
    #[error("rule about record {record}, whose original is not seen here; name its origin")]
    RecordUnknown {
        /// The record.
        record: String,
    },
    /// The record was not found for a reason of ours.
    #[error("look for the record")]
    Search(#[source] SearchError),
    /// This hall has made no such ruling.
    #[error("end ruling {ruling}, which is none of this hall")]
    RulingUnknown {
        /// The ruling.
        ruling: String,
    },
    /// It has ended before.
    #[error("end ruling {ruling}, which has ended")]
    RulingEnded {
        /// The ruling.
        ruling: String,
    },
    /// No active hall of that name, or the same one.
    #[error("act about hall {hall}, which is no other active member")]
    HallUnknown {
        /// The hall.
        hall: String,
    },
    /// Only the steward hands over.
    #[error("hand over at {here} what {from} is the steward of")]
    NotSteward {
        /// This hall.
        here: String,
        /// The steward.
        from: String,
    },
    /// The root hands over for closed halls only.
    #[error("hand over for hall {hall}, which is active; close it first")]
    NotClosed {
        /// The hall.
        hall: String,
    },
    /// The door said no.
    #[error("enter the act: {0}")]
    Refused(String),
    /// The writer has stopped.
    #[error("enter the act: the hall is going down")]
    Stopped,
}

impl EnactError {
    /// What a caller is told.
    pub fn failure(&self) -> Failure {
        let (class, reason) = match self {
            Self::NotRoot { .. } => (Class::Precondition, "not-the-root"),
            Self::NoParent { .. } => (Class::Precondition, "parent-unknown"),
            Self::Key { .. } => (Class::Invalid, "verifier-key"),
            Self::AudienceZero => (Class::Invalid, "audience-zero"),
            Self::NotByHand(_) => (Class::Denied, "not-by-hand"),
            Self::NotApproved(_) => (Class::Precondition, "key-not-approved"),
            Self::PowerMissing { .. } => (Class::Denied, "power-missing"),
            Self::Incomplete { .. } => (Class::Invalid, "act-incomplete"),
            Self::Malformed(_) => (Class::Invalid, "act-malformed"),
            Self::NotYet { .. } => (Class::Precondition, "ruling-not-yet"),
            Self::RecordName => (Class::Invalid, "record-name"),
            Self::RecordUnknown { .. } => (Class::Precondition, "record-unknown"),
            Self::Search(_) => (Class::Unavailable, "search-failed"),
            Self::RulingUnknown { .. } => (Class::NotFound, "ruling-unknown"),
            Self::RulingEnded { .. } => (Class::Precondition, "ruling-ended"),
            Self::HallUnknown { .. } => (Class::Precondition, "hall-unknown"),
            Self::NotSteward { .. } => (Class::Denied, "not-the-steward"),
            Self::NotClosed { .. } => (Class::Precondition, "hall-not-closed"),
            Self::Refused(_) => (Class::Unavailable, "door-refused"),
            Self::Stopped => return stopped(),
        };
        Failure::new(class, reason, self.to_string())
    }
}

impl<D: Disk> Intake<D> {
    /// Enters an act of an operator; its index in this hall's acts.
    pub async fn enact(&self, act: Act, operator: &str) -> Result<u64, EnactError> {
        self.judge_act(&act)?;
        self.enter(&act, operator).await
    }

    /// Enters an act that has been judged.
    async fn enter(&self, act: &Act, operator: &str) -> Result<u64, EnactError> {
        let entry = self.act_entry(act, operator)?;
        let outcomes = self.appender.own(vec![entry]).await.map_err(|_| EnactError::Stopped)?;
        let Some(Outcome::Appended { index, .. }) = outcomes.first() else {
            return Err(EnactError::Refused(format!("{outcomes:?}")));
        };
        tracing::info!(act = act.name(), operator, index, "act entered");
        Ok(*index)
    }

    /// Changes the log key of this hall, once the root hall has approved it.
    pub async fn rotate(
        &self,
        signer: Arc<dyn Signer>,
        operator: &str,
    ) -> Result<Vec<(LedgerName, u64)>, EnactError> {
        let ledger = self.reader.own_ledger(Lane::Acts);
        let key = VerifierKey::log(ledger.domain(), &self.hall, signer.public()).to_string();
        let approved = {
            let rights = self.rights.borrow();
            let member = rights.acts().directory().member(&self.hall);
            member.is_some_and(|member| member.log_keys.contains(&key))
        };
        if !approved {
            return Err(EnactError::NotApproved(key));
        }
        let (now, who) = (self.clock.now(), operator.to_owned());
        let act = Box::new(move |sizes: &[(LedgerName, u64)]| {
            let from = sizes.iter().map(|(name, size)| (name.clone(), size + 1)).collect();
            let act = Act::KeyChange(KeyChange { new_key: key, from });
            entry_of(&act, &who, ledger, now)
        });
        let outcome = self.appender.rotate(RotateKey { signer, act }).await;
        let outcome = outcome.map_err(|_| EnactError::Stopped)?;
        let Outcome::Rotated { from, .. } = outcome else {
            return Err(EnactError::Refused(format!("{outcome:?}")));
        };
        Ok(from)
    }

    fn judge_act(&self, act: &Act) -> Result<(), EnactError> {
        match act {
            Act::Member(member) => self.judge_member(member),
            Act::Audience(audience) if audience.number == AudienceNumber(0) => {
                Err(EnactError::AudienceZero)
            }
            Act::Audience(_) => Ok(()),
            Act::KeyChange(_)
            | Act::Continuation(_)
            | Act::ForkProof(_)
            | Act::Ruling(_)
            | Act::Handover(_)
            | Act::Unknown => Err(EnactError::NotByHand(act.name())),
        }
    }

    fn judge_member(&self, member: &Member) -> Result<(), EnactError> {
        let rights = self.rights.borrow();
        let (root, directory) = (rights.acts().root_hall(), rights.acts().directory());
        if *root != self.hall {
            return Err(EnactError::NotRoot {
                here: self.hall.to_string(),
                root: root.to_string(),
            });
        }
        let known = |parent| directory.member(parent).is_some() || parent == root;
        if let Some(parent) = member.parent.as_ref().filter(|parent| !known(parent)) {
            let (hall, parent) = (member.hall.to_string(), parent.to_string());
            return Err(EnactError::NoParent { hall, parent });
        }
        let domain = rights.acts().root_ledger().domain();
        let names =
            |key: &str, name: String| key.parse::<VerifierKey>().is_ok_and(|key| key.name == name);
        let log = ledger::log_key_name(domain, &member.hall);
        let holder = ledger::holder_key_name(domain, &member.hall);
        let wrong = member.log_keys.iter().find(|key| !names(key, log.clone()));
        let wrong = wrong.or(member.holder_keys.iter().find(|key| !names(key, holder.clone())));
        match wrong {
            Some(key) => Err(EnactError::Key { hall: member.hall.to_string(), key: key.clone() }),
            None => Ok(()),
        }
    }

    fn act_entry(&self, act: &Act, operator: &str) -> Result<OwnEntry, EnactError> {
        let ledger = self.reader.own_ledger(Lane::Acts);
        entry_of(act, operator, ledger, self.clock.now())
            .map_err(|error| EnactError::Refused(error.to_string()))
    }
}

/// An act as an entry of an acts ledger, ready for the door.
fn entry_of(
    act: &Act,
    who: &str,
    ledger: LedgerName,
    now: Timestamp,
) -> Result<OwnEntry, record::PartsError> {
    let (mut salt, mut id) = ([0; 32], [0; 10]);
    rand::fill(&mut salt);
    rand::fill(&mut id);
    let stamp = Stamp {
        record: RecordId::new(now, id),
        submitter: who.to_owned(),
        revision: 1,
        accepted_at: now,
        previous_commitment: None,
    };
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    let parts = wire::act_to_parts(act, &stamp).to_vec();
    OwnEntry::new(ledger, label, Salt(salt), parts, Claims::none())
}
