//! A province, the root hall, whose feed is followed, and a county whose ledgers it takes.

use std::sync::Arc;

use bytes::Bytes;
use ledger::{
    Append, Background, Claims, Options, Os, Outcome, OwnEntry, PeerEntries, PeerFill, Signer,
    Software, Store, VerifierKey,
};
use link::desk::doubt::is_fork;
use pki::{PeerId, Refusals, Serial};
use policy::Acts;
use record::{
    Act, Audience, AudienceNumber, Effect, HallId, Head, Kind, Label, LedgerName, Member,
    MemberState, PartSet, RecordId, Revises, RevisionKind, Ruling, Salt, SharingClass, Stamp, Term,
    Timestamp, Who,
};
use telemetry::Manual;
use tempfile::TempDir;
use tokio::sync::{Semaphore, watch};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::{Request, Status};
use wire::v1;
use wire::v1::feed_service_server::FeedService;

use crate::feed::FeedFace;
use crate::limits::Limits;
use crate::marks::Marks;

pub(super) const NOW: Timestamp = Timestamp(1_700_000_000_000);
pub(super) const SYSTEM: &str = "spiffe://d/system/p/permits";

type Items = ReceiverStream<Result<v1::FollowResponse, Status>>;

pub(super) struct Hall {
    _directory: TempDir,
    pub(super) store: Store<Os>,
    log: Arc<dyn Signer>,
    id: HallId,
}

pub(super) struct Town {
    pub(super) province: Hall,
    pub(super) county: Hall,
    durable: watch::Sender<ledger::Durable>,
    pub(super) gate: watch::Sender<bool>,
    pub(super) stop: CancellationToken,
    pub(super) face: FeedFace<Os>,
}

pub(super) fn ledger(hall: &str, lane: &str) -> LedgerName {
    format!("d/hallway/{hall}/{lane}/1").parse().unwrap()
}

pub(super) fn label(class: SharingClass, audience: u32) -> Label {
    Label { class, audience: AudienceNumber(audience) }
}

impl Hall {
    pub(super) fn new(name: &str, seed: u8) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let hall: HallId = name.parse().unwrap();
        let mut options = Options::new("d".parse().unwrap(), hall.clone(), [seed; 32]);
        options.segment_bytes = 1 << 20;
        options.background = Background::Inline;
        let log: Arc<dyn Signer> = Arc::new(Software::from_seed(&[seed; 32]));
        let disk = Os::new(directory.path().join("ledger")).unwrap();
        let (store, _) = Store::open(disk, options, Arc::clone(&log), NOW).unwrap();
        Self { _directory: directory, store, log, id: hall }
    }

    pub(super) fn commit(&mut self, append: Append) -> Outcome {
        self.store.commit(vec![append], NOW).unwrap().remove(0)
    }

    pub(super) fn act(&mut self, act: &Act) {
        let parts = wire::act_to_parts(act, &stamp(0)).to_vec();
        self.own("acts", label(SharingClass::Open, 0), parts);
    }

    /// Enters a permit whose parts tell its number.
    pub(super) fn record(&mut self, number: u8, label: Label) {
        let head = Head {
            message_id: format!("m{number}"),
            kind: Kind::Permit,
            revises: None,
            natural_key: None,
            authority: None,
            division: None,
            happened_at: Some(NOW),
            stamp: Some(stamp(number)),
        };
        self.own("records", label, vec![wire::head_to_bytes(&head), open(number), closed(number)]);
    }

    /// Enters a revision of a record, without a body; a replacement names document `新1`.
    pub(super) fn revise(&mut self, number: u8, revision: u32, kind: RevisionKind) {
        let record = RecordId::from_bytes([number; 16]);
        let revises = Revises {
            record,
            revision: revision - 1,
            kind,
            reason: "复核".to_owned(),
            successor: None,
            successor_number: match kind {
                RevisionKind::Replacement => "新1".to_owned(),
                RevisionKind::Correction
                | RevisionKind::Withdrawal
                | RevisionKind::CreditRepair
                | RevisionKind::Progress
                | RevisionKind::Expiry => String::new(),
            },
        };
        let head = Head {
            message_id: format!("m{number}-{revision}"),
            kind: Kind::Permit,
            revises: Some(revises),
            natural_key: None,
            authority: None,
            division: None,
            happened_at: Some(NOW),
            stamp: Some(Stamp { revision, ..stamp(number) }),
        };
        self.own("records", label(SharingClass::Open, 0), vec![wire::head_to_bytes(&head)]);
    }

    /// A ruling of this hall about a record of the county.
    pub(super) fn rule(&mut self, number: u8, effect: Effect, ended: bool) {
        self.act(&Act::Ruling(Ruling {
            id: RecordId::from_bytes([number + 100; 16]),
            record: RecordId::from_bytes([number; 16]),
            origin: "a".parse().unwrap(),
            effect,
            authority_code: String::new(),
            authority_name: "p".to_owned(),
            basis: "b".to_owned(),
            reason: "r".to_owned(),
            document_number: String::new(),
            from: "2023-11-14".parse().unwrap(),
            ended,
        }));
    }

    /// Gives this hall, the root, the power to rule.
    pub(super) fn empower(&mut self) {
        let Act::Member(member) = self.member(None) else { return };
        let powers = vec!["rule".to_owned()];
        self.act(&Act::Member(Member { powers, ..member }));
    }

    fn own(&mut self, lane: &str, label: Label, parts: Vec<Bytes>) {
        let at = ledger(self.id.as_str(), lane);
        let entry = OwnEntry::new(at, label, Salt([3; 32]), parts, Claims::none()).unwrap();
        let outcome = self.commit(Append::Own(entry));
        assert!(matches!(outcome, Outcome::Appended { .. }), "{outcome:?}");
    }

    fn member(&self, parent: Option<&str>) -> Act {
        let key = VerifierKey::log(&"d".parse().unwrap(), &self.id, self.log.public());
        member(self.id.as_str(), parent, vec![key.to_string()])
    }
}

/// Parts with a field that no schema of ours has: they must come out as they went in.
pub(super) fn open(number: u8) -> Bytes {
    Bytes::from(vec![0xfa, 0x3f, 1, number])
}

pub(super) fn closed(number: u8) -> Bytes {
    Bytes::from(vec![0xfa, 0x3f, 2, number, 0])
}

fn stamp(number: u8) -> Stamp {
    Stamp {
        record: RecordId::from_bytes([number; 16]),
        submitter: "/system/a/permits".to_owned(),
        revision: 1,
        accepted_at: NOW,
        previous_commitment: None,
    }
}

fn member(hall: &str, parent: Option<&str>, log_keys: Vec<String>) -> Act {
    Act::Member(Member {
        hall: hall.parse().unwrap(),
        state: MemberState::Active,
        name: hall.to_owned(),
        divisions: Vec::new(),
        parent: parent.map(|parent| parent.parse().unwrap()),
        endpoints: Vec::new(),
        log_keys,
        holder_keys: Vec::new(),
        powers: Vec::new(),
        pins: Vec::new(),
    })
}

/// Audience 5 of the county is these halls.
pub(super) fn audience(halls: &[&str]) -> Act {
    let term = |hall: &&str| Term { who: Who::Hall(hall.parse().unwrap()), parts: PartSet::ALL };
    Act::Audience(Audience {
        number: AudienceNumber(5),
        title: String::new(),
        terms: halls.iter().map(term).collect(),
    })
}

impl Town {
    /// Province p with counties a and b; of b only its Member is known.
    pub(super) fn new() -> Self {
        let (mut province, county) = (Hall::new("p", 1), Hall::new("a", 2));
        province.act(&province.member(None));
        province.act(&county.member(Some("p")));
        province.act(&member("b", Some("p"), Vec::new()));
        let key = VerifierKey::log(&"d".parse().unwrap(), &province.id, province.log.public());
        let anchor = Acts::new(ledger("p", "acts"), &key.to_string(), is_fork).unwrap();
        let reader = province.store.reader();
        let (durable, awaited) = watch::channel(reader.durable());
        let stop = CancellationToken::new();
        let clock = Arc::new(Manual::new(NOW));
        let marks = Marks::new(reader.clone(), stop.clone());
        let (gate, level) = watch::channel(true);
        let face = FeedFace {
            domain: "d".parse().unwrap(),
            hall: province.id.clone(),
            reader,
            durable: awaited,
            anchor,
            marks,
            level,
            places: Arc::new(Semaphore::new(2)),
            limits: Limits::new(8, None, Refusals::default(), clock),
            tasks: TaskTracker::new(),
            stop: stop.clone(),
        };
        Self { province, county, durable, gate, stop, face }
    }

    /// The province takes what the county has, with these parts, and says that it is durable.
    pub(super) fn take(&mut self, parts: PartSet) {
        for lane in ["acts", "records"] {
            let ledger = ledger("a", lane);
            let first = self.province.store.reader().head(&ledger).map_or(0, |head| head.size);
            let parts = if lane == "acts" { PartSet::ALL } else { parts };
            let reader = self.county.store.reader();
            let batch = reader.batch(&ledger, first, 4_096, 4 << 20, &|_| parts);
            let batch = batch.ok().flatten();
            if let Some(batch) = batch {
                let (seal, via) = (batch.seal, self.county.id.clone());
                let append = PeerEntries { ledger, first, entries: batch.entries, seal, via };
                let outcome = self.province.commit(Append::Peer(append));
                assert!(matches!(outcome, Outcome::Extended { .. }), "{outcome:?}");
            }
        }
        self.tell();
    }

    /// Parts of the county's record come later.
    pub(super) fn fill(&mut self, index: u64) {
        let ledger = ledger("a", "records");
        let parts = self.county.store.reader().entry(&ledger, index).unwrap().unwrap().parts;
        let via = self.county.id.clone();
        let fill = PeerFill { ledger, entries: vec![(index, parts)], via };
        let outcome = self.province.commit(Append::Fill(fill));
        assert!(matches!(outcome, Outcome::Filled { .. }), "{outcome:?}");
        self.tell();
    }

    pub(super) fn tell(&self) {
        self.durable.send_replace(self.province.store.reader().durable());
    }

    pub(super) async fn follow(
        &self,
        who: &str,
        request: v1::FollowRequest,
    ) -> Result<Items, Status> {
        let mut request = Request::new(request);
        request.extensions_mut().insert(PeerId {
            identity: who.parse().unwrap(),
            serial: Serial::from_bytes(&[1]),
            remote: None,
        });
        Ok(self.face.follow(request).await?.into_inner())
    }

    /// Everything up to now.
    pub(super) async fn seen(
        &self,
        who: &str,
        token: &str,
        kinds: &[&str],
    ) -> Vec<v1::FollowResponse> {
        let request = v1::FollowRequest {
            resume_token: token.to_owned(),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            until_now: true,
        };
        let items = self.follow(who, request).await.unwrap();
        items.map(Result::unwrap).collect().await
    }
}
