//! A province (the root hall) and a county with real stores in temporary directories: acts, records,
//! replication and receipts as the links make them.

use std::sync::Arc;

use ledger::{Append, Background, Claims, Options, Os, Outcome, OwnEntry, PeerEntries, Reader};
use ledger::{Receipt, RecordClaim, RotateKey, Signer, Software, Store, VerifierKey};
use link::desk::doubt::is_fork;
use link::desk::evidence::{Holder, make};
use link::desk::reading::Bookmark;
use policy::{Acts, Rights};
use portal::bundle::Bundle;
use portal::prove::{ProveRecordError, Prover, Wanted};
use record::{
    Act, AudienceNumber, Generator, HallId, KeyChange, Kind, Label, Lane, LedgerName, Member,
    MemberState, RecordId, Revises, RevisionKind, Salt, SharingClass, Stamp, Timestamp,
    TrustDomain,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub(super) const NOW: Timestamp = Timestamp(1_700_000_000_000);
pub(super) const PROVINCE: &str = "220000";
pub(super) const COUNTY: &str = "220102";

/// One hall.
pub(super) struct Hall {
    pub(super) id: HallId,
    pub(super) directory: TempDir,
    pub(super) store: Store<Os>,
    pub(super) log: Arc<dyn Signer>,
    pub(super) holder: Arc<dyn Signer>,
}

/// Both halls.
pub(super) struct Town {
    pub(super) province: Hall,
    pub(super) county: Hall,
}

pub(super) fn domain() -> TrustDomain {
    "jilin.example".parse().unwrap()
}

pub(super) fn ledger(hall: &str, lane: &str) -> LedgerName {
    format!("jilin.example/hallway/{hall}/{lane}/1").parse().unwrap()
}

fn key(seed: u8) -> Arc<dyn Signer> {
    Arc::new(Software::from_seed(&[seed; 32]))
}

/// The root key as operators configure it.
pub(super) fn root_key() -> String {
    VerifierKey::log(&domain(), &PROVINCE.parse().unwrap(), key(1).public()).to_string()
}

pub(super) fn label(class: SharingClass) -> Label {
    Label { class, audience: AudienceNumber(0) }
}

impl Hall {
    fn new(name: &str, seed: u8) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let hall: HallId = name.parse().unwrap();
        let mut options = Options::new(domain(), hall.clone(), [seed; 32]);
        options.segment_bytes = 1 << 20;
        options.background = Background::Inline;
        let disk = Os::new(directory.path().join("ledger")).unwrap();
        let (log, holder) = (key(seed), key(seed + 100));
        let (store, _) = Store::open(disk, options, Arc::clone(&log), NOW).unwrap();
        Self { id: hall, directory, store, log, holder }
    }

    pub(super) fn reader(&self) -> Reader<Os> {
        self.store.reader()
    }

    pub(super) fn rights(&self) -> Rights {
        let mut acts = Acts::new(ledger(PROVINCE, "acts"), &root_key(), is_fork).unwrap();
        Bookmark::new().read_all(&self.reader(), &mut acts).unwrap();
        Rights::new(acts)
    }

    pub(super) fn commit(&mut self, append: Append) -> Outcome {
        self.store.commit(vec![append], NOW).unwrap().remove(0)
    }

    /// Enters an act.
    pub(super) fn act(&mut self, act: &Act) -> Outcome {
        let entry = act_entry(act, ledger(self.id.as_str(), "acts"));
        self.commit(Append::Own(entry))
    }

    /// Enters a permit, or a revision of one.
    pub(super) fn record(
        &mut self,
        number: u8,
        class: SharingClass,
        revises: Option<(u32, RevisionKind)>,
    ) -> RecordId {
        let id = RecordId::from_bytes([number; 16]);
        let mut draft = Generator::new(&Kind::Permit, 7).unwrap().draft(number.into());
        let revision = revises.map_or(1, |(replaced, _)| replaced + 1);
        draft.head.message_id = format!("m-{number}-{revision}");
        draft.head.revises = revises.map(|(revision, kind)| Revises {
            record: id,
            revision,
            kind,
            reason: "测试".to_owned(),
            successor: None,
            successor_number: String::new(),
        });
        draft.head.stamp = Some(Stamp {
            record: id,
            submitter: "/system/220102/permits".to_owned(),
            revision,
            accepted_at: NOW,
            previous_commitment: None,
        });
        let (open, closed) = wire::body_to_parts(&draft.body).unwrap();
        let parts = vec![wire::head_to_bytes(&draft.head), open, closed];
        let claim = RecordClaim {
            record_id: id.to_string(),
            replaces: revises.map(|(replaced, _)| replaced),
            revision,
        };
        let claims = Claims { record: Some(claim), ..Claims::none() };
        let at = ledger(self.id.as_str(), "records");
        let entry = OwnEntry::new(at, label(class), Salt([number; 32]), parts, claims).unwrap();
        let outcome = self.commit(Append::Own(entry));
        assert!(matches!(outcome, Outcome::Appended { .. }), "{outcome:?}");
        id
    }

    /// Takes what another hall has of a ledger, narrowed as its link would.
    pub(super) fn take(&mut self, from: &Self, ledger: &LedgerName) {
        let rights = from.rights();
        let first = self.reader().head(ledger).map_or(0, |head| head.size);
        let may = |label| rights.parts(ledger, label, &self.id);
        let batch = from.reader().batch(ledger, first, 4_096, 4 << 20, &may).unwrap();
        let Some(batch) = batch else { return };
        let (ledger, via) = (ledger.clone(), from.id.clone());
        let entries = batch.entries;
        let append = PeerEntries { ledger, first, entries, seal: batch.seal, via };
        let outcome = self.commit(Append::Peer(append));
        assert!(matches!(outcome, Outcome::Extended { .. }), "{outcome:?}");
    }

    /// Signs a receipt for what is held of a ledger.
    pub(super) fn receipt(&self, ledger: &LedgerName) -> Receipt {
        let (domain, hall, signer) = (&domain(), &self.id, &*self.holder);
        let made = make(&self.reader(), Holder { domain, hall, signer }, ledger, NOW);
        let made = made.unwrap().unwrap();
        Receipt::parse(&made.cosigned_seal, &made.holding_note).unwrap()
    }

    pub(super) fn prove(&self, wanted: &str) -> Result<Bundle, ProveRecordError> {
        let wanted: Wanted = wanted.parse().unwrap();
        let (reader, rights, root_key) = (self.reader(), self.rights(), root_key());
        let marks = portal::Marks::new(reader.clone(), CancellationToken::new());
        let prover = Prover {
            reader: &reader,
            marks: &marks,
            rights: &rights,
            hall: &self.id,
            root_key: &root_key,
            signer: &*self.log,
        };
        prover.prove(&wanted, &reader.receipts().unwrap(), NOW, &mut |_| {})
    }

    fn member(&self, parent: Option<&str>, more_keys: &[Arc<dyn Signer>]) -> Act {
        let mut publics = vec![self.log.public()];
        publics.extend(more_keys.iter().map(|key| key.public()));
        let vkey = |public| VerifierKey::log(&domain(), &self.id, public).to_string();
        let holder = VerifierKey::holder(&domain(), &self.id, self.holder.public());
        Act::Member(Member {
            hall: self.id.clone(),
            state: MemberState::Active,
            name: self.id.to_string(),
            divisions: Vec::new(),
            parent: parent.map(|parent| parent.parse().unwrap()),
            endpoints: Vec::new(),
            log_keys: publics.into_iter().map(vkey).collect(),
            holder_keys: vec![holder.to_string()],
            powers: Vec::new(),
            pins: Vec::new(),
        })
    }
}

fn act_entry(act: &Act, ledger: LedgerName) -> OwnEntry {
    let stamp = Stamp {
        record: RecordId::from_bytes([250; 16]),
        submitter: "/operator/test".to_owned(),
        revision: 1,
        accepted_at: NOW,
        previous_commitment: None,
    };
    let parts = wire::act_to_parts(act, &stamp).to_vec();
    let salt = Salt([9; 32]);
    OwnEntry::new(ledger, label(SharingClass::Open), salt, parts, Claims::none()).unwrap()
}

impl Town {
    /// Both halls are members, and know it.
    pub(super) fn new() -> Self {
        let (mut province, county) = (Hall::new(PROVINCE, 1), Hall::new(COUNTY, 2));
        province.act(&province.member(None, &[]));
        province.act(&county.member(Some(PROVINCE), &[]));
        let mut town = Self { province, county };
        town.exchange();
        town
    }

    /// Acts both ways, the county's records up, a receipt back down.
    pub(super) fn exchange(&mut self) {
        self.county.take(&self.province, &ledger(PROVINCE, "acts"));
        self.province.take(&self.county, &ledger(COUNTY, "acts"));
        let records = ledger(COUNTY, "records");
        self.province.take(&self.county, &records);
        if self.county.reader().head(&records).is_some_and(|head| head.size > 0) {
            let receipt = self.province.receipt(&records);
            self.county.commit(Append::Receipt(receipt));
        }
    }

    /// The county changes its log key, as the root hall approves it.
    pub(super) fn rotate_county(&mut self) {
        let next = key(3);
        let member = self.county.member(Some(PROVINCE), &[Arc::clone(&next)]);
        self.province.act(&member);
        self.exchange();
        let new_key = VerifierKey::log(&domain(), &self.county.id, next.public()).to_string();
        let at = self.county.reader().own_ledger(Lane::Acts);
        let act = Box::new(move |sizes: &[(LedgerName, u64)]| {
            let from = sizes.iter().map(|(name, size)| (name.clone(), size + 1)).collect();
            Ok(act_entry(&Act::KeyChange(KeyChange { new_key, from }), at))
        });
        let outcome =
            self.county.commit(Append::Rotate(RotateKey { signer: Arc::clone(&next), act }));
        assert!(matches!(outcome, Outcome::Rotated { .. }), "{outcome:?}");
        self.county.log = next;
    }
}
