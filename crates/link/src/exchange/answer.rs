//! Asking the desk: reads, proofs and receipts run on blocking threads, a bounded number at a time,
//! and come back as events. A read that fails is logged and answered as "nothing", which the machine
//! asks for again in its own time.

use std::sync::Arc;

use ledger::{Claims, Disk, OwnEntry};
use policy::Rights;
use record::{Act, AudienceNumber, ForkProof, Label, Lane, RecordId, Salt, SharingClass, Stamp};

use super::{Exchange, Tools};
use crate::desk::{doubt, evidence, hand};
use crate::machine::{Action, Event, Verdict};

impl<D: Disk> Exchange<D> {
    pub(super) fn ask_desk(&self, action: Action) {
        let (tools, desk) = (Arc::clone(&self.tools), Arc::clone(&self.desk));
        let rights = self.rights.borrow().clone();
        self.answer(async move {
            let _turn = desk.acquire_owned().await.ok()?;
            tokio::task::spawn_blocking(move || tools.at_the_desk(&rights, action)).await.ok()?
        });
    }

    /// Enters a proven fork into this hall's acts; the acts follower reads it back from there.
    pub(super) fn declare_fork(&self, fork: ForkProof) {
        let tools = Arc::clone(&self.tools);
        self.answer(async move {
            let ledger = fork.ledger.clone();
            match tools.act_entry(&Act::ForkProof(fork)) {
                Some(entry) => match tools.appender.own(vec![entry]).await {
                    Ok(_) => tracing::error!(%ledger, "fork proven and declared"),
                    Err(error) => tracing::error!(%error, %ledger, "fork is not declared"),
                },
                None => tracing::error!(%ledger, "fork proof is no entry"),
            }
            None
        });
    }
}

impl<D: Disk> Tools<D> {
    fn at_the_desk(&self, rights: &Rights, action: Action) -> Option<Event> {
        match action {
            Action::Load { ticket, peer, ledger, from, bytes, record_bytes } => {
                let to = hand::Peer { hall: &peer, record_bytes };
                let batch = hand::batch(&self.reader, rights, to, &ledger, from, bytes);
                Some(Event::Loaded { ticket, batch: readable(batch).flatten() })
            }
            Action::LoadParts { ticket, peer, ledger, ranges, bytes } => {
                let to = hand::Peer { hall: &peer, record_bytes: u64::MAX };
                let found = hand::parts(&self.reader, rights, to, &ledger, &ranges, bytes);
                let hand::Found { entries, refused, rest } = readable(found).unwrap_or_default();
                Some(Event::LoadedParts { ticket, entries, refused, rest })
            }
            Action::FindLacking { ledger, from } => {
                let ranges = hand::lacking(&self.reader, rights, &self.hall, &ledger, from);
                let ranges = readable(ranges).unwrap_or_default();
                Some(Event::Lacking { ledger, ranges })
            }
            Action::Prove { ticket, prove } => {
                let proof = readable(doubt::prove(&self.reader, &prove)).flatten();
                Some(Event::Proved { ticket, proof })
            }
            Action::Examine { ticket, proof } => {
                let verdict = doubt::examine(&self.reader, rights.acts(), &proof);
                let verdict = readable(verdict).unwrap_or(Verdict::Worthless);
                Some(Event::Examined { ticket, verdict })
            }
            Action::MakeReceipt { ledger } => {
                let holder = evidence::Holder {
                    domain: &self.domain,
                    hall: &self.hall,
                    signer: self.holder.as_ref(),
                };
                let made = evidence::make(&self.reader, holder, &ledger, self.clock.now());
                let receipt = readable(made).flatten()?;
                let signed_at = evidence::check(rights.acts(), &receipt)?.at;
                Some(Event::Receipted { receipt, signed_at })
            }
            Action::CheckReceipt { ticket, receipt } => {
                let signed_at = evidence::check(rights.acts(), &receipt).map(|receipt| receipt.at);
                Some(Event::ReceiptChecked { ticket, signed_at })
            }
            Action::Dial { .. }
            | Action::Send { .. }
            | Action::Close { .. }
            | Action::Take { .. }
            | Action::TakeFill { .. }
            | Action::DeclareFork { .. }
            | Action::KeepReceipt { .. }
            | Action::Remember { .. }
            | Action::Alarm { .. }
            | Action::Settle { .. } => None,
        }
    }

    /// An act of this hall as an entry, ready for the door.
    fn act_entry(&self, act: &Act) -> Option<OwnEntry> {
        let mut salt = [0; 32];
        let mut id = [0; 10];
        rand::fill(&mut salt);
        rand::fill(&mut id);
        let now = self.clock.now();
        let stamp = Stamp {
            record: RecordId::new(now, id),
            submitter: format!("hall/{}", self.hall),
            revision: 1,
            accepted_at: now,
            previous_commitment: None,
        };
        let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
        let parts = wire::act_to_parts(act, &stamp).to_vec();
        let ledger = self.reader.own_ledger(Lane::Acts);
        OwnEntry::new(ledger, label, Salt(salt), parts, Claims::none()).ok()
    }
}

fn readable<T, E: std::error::Error + 'static>(read: Result<T, E>) -> Option<T> {
    read.inspect_err(|error| {
        let error: &dyn std::error::Error = error;
        tracing::error!(error, "desk could not read");
    })
    .ok()
}
