//! Rulings and handovers at the door: who may, what is refused by name, and who revises afterwards.

use ledger::Append;
use record::{
    Handover, LedgerName, Member, MemberState, POWER_HAND_OVER, POWER_RULE, RecordId, Revises,
    RevisionKind,
};
use wire::v1;

use super::*;

const RECORDS: &str = "jilin.example/hallway/220000/records/1";

fn member(hall: &str, state: MemberState, powers: &[&str]) -> Act {
    Act::Member(Member {
        hall: hall.parse().unwrap(),
        state,
        name: format!("{hall} 政务大厅"),
        divisions: Vec::new(),
        parent: None,
        endpoints: Vec::new(),
        log_keys: Vec::new(),
        holder_keys: Vec::new(),
        powers: powers.iter().map(|power| (*power).to_owned()).collect(),
        pins: Vec::new(),
    })
}

/// Has the house know these acts of the root hall, which is the house itself, and of others.
fn tell(house: &House, acts: &[(&str, u64, Act)]) {
    house.rights.send_modify(|rights| {
        let mut known = rights.acts().clone();
        for (ledger, index, act) in acts {
            known.apply(&ledger.parse().unwrap(), *index, act);
        }
        *rights = Rights::new(known);
    });
}

fn revision(record: &str, revision: u32, message_id: &str) -> v1::Submission {
    let original = permits(1).remove(0);
    let mut head = wire::head_from_bytes(&original.head).unwrap();
    head.message_id = message_id.to_owned();
    head.revises = Some(Revises {
        record: record.parse().unwrap(),
        revision,
        kind: RevisionKind::Correction,
        reason: "笔误".to_owned(),
        successor: None,
        successor_number: String::new(),
    });
    v1::Submission { head: wire::head_to_bytes(&head), ..original }
}

fn ruling(record: &str) -> v1::Ruling {
    v1::Ruling {
        record_id: record.to_owned(),
        effect: v1::RulingEffect::Unpublished.into(),
        basis: "信用修复管理办法".to_owned(),
        reason: "已修复".to_owned(),
        ..v1::Ruling::default()
    }
}

async fn original(house: &House) -> String {
    let outcome = submit(house, permits(1)).await;
    acknowledged(&outcome[0]).record_id.clone()
}

fn word(outcome: Result<impl std::fmt::Debug, EnactError>) -> String {
    outcome.unwrap_err().failure().refusal().violations[0].code.clone()
}

#[tokio::test]
async fn a_ruling_is_completed_and_ends_once() {
    let house = house();
    let record = original(&house).await;
    assert_eq!(word(house.intake.rule(ruling(&record), "anna").await), "power-missing");
    tell(&house, &[(ROOT, 0, member("220000", MemberState::Active, &[POWER_RULE]))]);

    let unknown = RecordId::from_bytes([9; 16]).to_string();
    assert_eq!(word(house.intake.rule(ruling(&unknown), "anna").await), "record-unknown");
    let wordless = v1::Ruling { reason: " ".to_owned(), ..ruling(&record) };
    assert_eq!(word(house.intake.rule(wordless, "anna").await), "act-incomplete");
    let later = v1::Ruling { from: "2099-01-01".to_owned(), ..ruling(&record) };
    assert_eq!(word(house.intake.rule(later, "anna").await), "ruling-not-yet");

    let (made, index) = house.intake.rule(ruling(&record), "anna").await.unwrap();
    assert_eq!((index, made.origin.as_str()), (0, "220000"), "found in the ledger");
    assert_eq!((made.authority_name.as_str(), made.ended), ("220000 政务大厅", false));
    let end = v1::Ruling {
        ruling_id: made.id.to_string(),
        reason: "有误".to_owned(),
        ended: true,
        ..v1::Ruling::default()
    };
    assert_eq!(word(house.intake.rule(end.clone(), "anna").await), "ruling-unknown");
    tell(&house, &[(ROOT, 1, Act::Ruling(made.clone()))]);
    let (ended, index) = house.intake.rule(end.clone(), "anna").await.unwrap();
    assert_eq!(
        (index, ended.ended, ended.effect, ended.record),
        (1, true, made.effect, made.record)
    );
    tell(&house, &[(ROOT, 2, Act::Ruling(ended))]);
    assert_eq!(word(house.intake.rule(end, "anna").await), "ruling-ended");
}

#[tokio::test]
async fn the_old_steward_revises_no_more_and_repetitions_still_pass() {
    let house = house();
    let record = original(&house).await;
    let second = revision(&record, 1, "second");
    let outcome = submit(&house, vec![second.clone()]).await;
    assert_eq!(acknowledged(&outcome[0]).revision, 2);
    let asked = || v1::Handover {
        to_hall: "220100".to_owned(),
        reason: "撤并".to_owned(),
        ..v1::Handover::default()
    };
    tell(&house, &[(ROOT, 0, member("220100", MemberState::Active, &[]))]);
    assert_eq!(word(house.intake.hand_over(asked(), "anna").await), "power-missing");
    tell(&house, &[(ROOT, 1, member("220000", MemberState::Active, &[POWER_HAND_OVER]))]);
    let nowhere = v1::Handover { to_hall: "220900".to_owned(), ..asked() };
    assert_eq!(word(house.intake.hand_over(nowhere, "anna").await), "hall-unknown");
    let others =
        v1::Handover { from_hall: "220100".to_owned(), to_hall: "220000".to_owned(), ..asked() };
    assert_eq!(word(house.intake.hand_over(others, "anna").await), "hall-not-closed");

    // The root's own ledgers at index 0 and 1 are taken by the members told above.
    let told = Handover {
        from_hall: "220000".parse().unwrap(),
        to_hall: "220100".parse().unwrap(),
        records: Vec::new(),
        from: vec![(RECORDS.parse::<LedgerName>().unwrap(), 2)],
        reason: "撤并".to_owned(),
    };
    tell(&house, &[(ROOT, 2, Act::Handover(told.clone()))]);
    let outcome = submit(&house, vec![revision(&record, 2, "third"), second]).await;
    assert_eq!(refused(&outcome[0]), "steward-moved");
    assert!(acknowledged(&outcome[1]).repeated_message);
    assert_eq!(size(&house), 2);
}

#[tokio::test]
async fn a_handover_names_the_entries_at_that_moment() {
    let house = house();
    original(&house).await;
    tell(
        &house,
        &[
            (ROOT, 10, member("220100", MemberState::Active, &[])),
            (ROOT, 11, member("220000", MemberState::Active, &[POWER_HAND_OVER])),
            // What the door will write is known here already, so nobody waits for it.
            (ROOT, 0, Act::Unknown),
        ],
    );
    let asked = v1::Handover {
        to_hall: "220100".to_owned(),
        reason: "撤并".to_owned(),
        ..v1::Handover::default()
    };
    let (handover, index) = house.intake.hand_over(asked, "anna").await.unwrap();
    assert_eq!(index, 0);
    assert_eq!(handover.from, [(RECORDS.parse().unwrap(), 1)]);
    assert_eq!(handover.from_hall.as_str(), "220000");
}

#[tokio::test]
async fn the_new_steward_revises_what_it_was_given_and_a_stale_one_is_refused() {
    // 220100 originates a record and revises it; the house holds its ledger.
    let mut origin = Origin::new("220100");
    let record = RecordId::from_bytes([5; 16]);
    origin.enter(record, 1);
    origin.enter(record, 2);
    let house = house();
    origin.copy_to(&house).await;
    let from = |entry| {
        let ledger: LedgerName = "jilin.example/hallway/220100/records/1".parse().unwrap();
        Act::Handover(Handover {
            from_hall: "220100".parse().unwrap(),
            to_hall: "220000".parse().unwrap(),
            records: vec![record],
            from: vec![(ledger, entry)],
            reason: "撤并".to_owned(),
        })
    };
    let id = record.to_string();
    let before = submit(&house, vec![revision(&id, 2, "before")]).await;
    assert_eq!(refused(&before[0]), "record-unknown");
    let powers = &[POWER_HAND_OVER];
    tell(&house, &[(ROOT, 0, member("220100", MemberState::Active, powers))]);
    tell(&house, &[("jilin.example/hallway/220100/acts/1", 0, from(2))]);
    let stale = submit(&house, vec![revision(&id, 1, "stale")]).await;
    assert_eq!(refused(&stale[0]), "revision-stale");
    let taken = submit(&house, vec![revision(&id, 2, "taken"), revision(&id, 2, "late")]).await;
    assert_eq!((acknowledged(&taken[0]).revision, refused(&taken[1])), (3, "revision-stale"));
    let next = submit(&house, vec![revision(&id, 3, "next"), revision(&id, 2, "taken")]).await;
    assert_eq!(acknowledged(&next[0]).revision, 4);
    assert!(acknowledged(&next[1]).repeated_message);
    let entry = house.intake.reader.entry(&RECORDS.parse().unwrap(), 0).unwrap().unwrap();
    let head = wire::head_from_bytes(entry.parts.part(0).unwrap()).unwrap();
    let stamp = head.stamp.unwrap();
    assert_eq!(stamp.previous_commitment, Some(origin.commitment(1)), "the chain goes on");
}

/// Another hall with records of its own.
pub(super) struct Origin {
    pub(super) store: Store<Os>,
    pub(super) ledger: LedgerName,
    _dir: TempDir,
}

impl Origin {
    pub(super) fn new(hall: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut options =
            Options::new("jilin.example".parse().unwrap(), hall.parse().unwrap(), [7; 32]);
        options.background = ledger::Background::Inline;
        let disk = Os::new(dir.path().join("ledger")).unwrap();
        let signer = Arc::new(Software::from_seed(&[7; 32]));
        let (store, _) = Store::open(disk, options, signer, NOW).unwrap();
        let ledger = store.reader().own_ledger(Lane::Records);
        Self { store, ledger, _dir: dir }
    }

    pub(super) fn enter(&mut self, record: RecordId, revision: u32) {
        let mut head = wire::head_from_bytes(&permits(1)[0].head).unwrap();
        head.stamp = Some(record::Stamp {
            record,
            submitter: "/system/220100/x".to_owned(),
            revision,
            accepted_at: record.accepted_at(),
            previous_commitment: None,
        });
        let label = record::Label { class: SharingClass::Open, audience: AudienceNumber(0) };
        let (parts, salt) = (vec![wire::head_to_bytes(&head)], record::Salt([3; 32]));
        let claims = ledger::Claims::none();
        let entry = ledger::OwnEntry::new(self.ledger.clone(), label, salt, parts, claims).unwrap();
        self.store.commit(vec![Append::Own(entry)], NOW).unwrap();
    }

    fn commitment(&self, index: u64) -> record::Hash {
        self.store.reader().leaf(&self.ledger, index).unwrap().unwrap().commitment
    }

    async fn copy_to(&self, house: &House) {
        let batch =
            self.store.reader().batch(&self.ledger, 0, 4_096, 4 << 20, &|_| record::PartSet::ALL);
        let batch = batch.unwrap().unwrap();
        let (ledger, via) = (self.ledger.clone(), self.ledger.hall().clone());
        let entries =
            ledger::PeerEntries { ledger, first: 0, entries: batch.entries, seal: batch.seal, via };
        house.intake.appender.peer(entries).await.unwrap();
    }
}
