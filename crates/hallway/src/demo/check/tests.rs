//! The judge is tried: two real data directories, put in order or out of it by hand, and each word of
//! the verdict must say exactly what was done to them.

use std::path::Path;
use std::sync::Arc;

use ledger::{Append, Claims, Options, Outcome, OwnEntry, PeerEntries, Receipt, Store};
use link::desk::evidence;
use record::{
    AudienceNumber, COMMIT_BYTES_MAX, COMMIT_ENTRIES_MAX, Generation, Label, PartSet, RecordId,
    Salt, Stamp,
};
use telemetry::{Clock, System};

use super::*;
use crate::birth::{self, Birth, signer};
use crate::demo::plan::{Letter, Source};

/// A province and a county whose records it has.
struct Bench {
    halls: Vec<Settings>,
    _ground: tempfile::TempDir,
}

impl Bench {
    /// Both are born; the county knows the acts, nothing was submitted.
    async fn new() -> Self {
        let ground = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(System);
        let mut halls: Vec<Settings> = Vec::new();
        for hall in ["220000", "220122"] {
            let birth = Birth {
                directory: ground.path().join(hall),
                dev: true,
                parent: halls.first().map(|root| root.directory.clone()),
                ..Birth::default()
            };
            halls.push(birth::give(&birth, &clock).await.unwrap().settings);
        }
        let bench = Self { halls, _ground: ground };
        bench.hand_over(0, 1, Lane::Acts, |may| may);
        bench
    }

    fn write(&self, hall: usize, appends: Vec<Append>) -> Vec<Outcome> {
        let settings = &self.halls[hall];
        let options = Options::new(settings.domain.clone(), settings.hall.clone(), [7; 32]);
        let signer = Arc::new(signer(&settings.log_key).unwrap());
        let disk = open::disk(settings).unwrap();
        let (mut store, _) = Store::open(disk, options, signer, System.now()).unwrap();
        let outcomes = store.commit(appends, System.now()).unwrap();
        store.close().unwrap();
        outcomes
    }

    /// Accepts letters at the county, as its intake would.
    fn submit(&self, letters: &[Letter]) -> Vec<Acknowledged> {
        let ledger = self.ledger(1, Lane::Records);
        let ids: Vec<RecordId> = (0..).zip(letters).map(|(n, _)| record_id(n)).collect();
        let entry = |(letter, record): (&Letter, &RecordId)| {
            let sent = &letter.submission;
            let stamp = Stamp {
                record: *record,
                submitter: "/system/220122/dev".to_owned(),
                revision: 1,
                accepted_at: System.now(),
                previous_commitment: None,
            };
            let head = wire::stamped(&sent.head, &stamp);
            let parts = wire::entry_parts(head, sent.open.clone(), sent.closed.clone());
            let class = sent.sharing_class.parse().unwrap();
            let label = Label { class, audience: AudienceNumber(sent.audience) };
            let salt = Salt(rand::random());
            let entry = OwnEntry::new(ledger.clone(), label, salt, parts, Claims::none());
            Append::Own(entry.unwrap())
        };
        let outcomes = self.write(1, letters.iter().zip(&ids).map(entry).collect());
        let place = |((letter, record), outcome): ((&Letter, RecordId), Outcome)| {
            let Outcome::Appended { index, .. } = outcome else { panic!("{outcome:?}") };
            let (letter, ledger) = (letter.clone(), ledger.clone());
            Acknowledged { letter, record, revision: 1, ledger, index }
        };
        letters.iter().zip(ids).zip(outcomes).map(place).collect()
    }

    /// Brings a lane from one hall to another, with the parts that `of` makes of its rights.
    fn hand_over(&self, from: usize, to: usize, lane: Lane, of: impl Fn(PartSet) -> PartSet) {
        let opened = self.open();
        let rights = rights(&opened).unwrap();
        let ledger = self.ledger(from, lane);
        let (from, hall) = (&opened[from], self.halls[to].hall.clone());
        let may = |label| of(rights.parts(&ledger, label, &hall));
        let batch =
            from.reader.batch(&ledger, 0, COMMIT_ENTRIES_MAX, COMMIT_BYTES_MAX, &may).unwrap();
        let (batch, via) = (batch.unwrap(), from.hall.clone());
        drop(opened);
        let (first, entries, seal) = (batch.first, batch.entries, batch.seal);
        let outcomes =
            self.write(to, vec![Append::Peer(PeerEntries { ledger, first, entries, seal, via })]);
        assert!(matches!(outcomes[..], [Outcome::Extended { .. }]), "{outcomes:?}");
    }

    /// The province signs for what it has of the county's records, and the county logs it.
    fn receipt(&self) {
        let province = &self.halls[0];
        let key = signer(&province.holder_key).unwrap();
        let holder =
            evidence::Holder { domain: &province.domain, hall: &province.hall, signer: &key };
        let ledger = self.ledger(1, Lane::Records);
        let reader = Open::of(province).unwrap();
        let made = evidence::make(&reader.reader, holder, &ledger, System.now()).unwrap().unwrap();
        drop(reader);
        let receipt = Receipt::parse(&made.cosigned_seal, &made.holding_note).unwrap();
        self.write(1, vec![Append::Receipt(receipt)]);
    }

    fn open(&self) -> Vec<Open> {
        self.halls.iter().map(|hall| Open::of(hall).unwrap()).collect()
    }

    fn ledger(&self, hall: usize, lane: Lane) -> LedgerName {
        let settings = &self.halls[hall];
        LedgerName::new(settings.domain.clone(), settings.hall.clone(), lane, Generation(1))
    }

    fn check(&self, book: &[Acknowledged]) -> Findings {
        check(&self.halls, book).unwrap()
    }
}

fn record_id(number: u8) -> RecordId {
    RecordId::new(System.now(), [number; 10])
}

fn letters(seed: u64) -> Vec<Letter> {
    let sources = Source::all(160, seed);
    sources.iter().find(|source| source.hall == "220122").unwrap().originals()
}

fn faults(findings: &Findings) -> Vec<&'static str> {
    let hit = findings.faults().into_iter().filter(|(_, count)| *count > 0);
    hit.map(|(word, _)| word).collect()
}

#[tokio::test]
async fn what_is_in_order_is_found_in_order() {
    let bench = Bench::new().await;
    let book = bench.submit(&letters(1));
    bench.hand_over(1, 0, Lane::Records, |may| may);
    bench.receipt();
    let findings = bench.check(&book);
    assert!(findings.is_verified(), "{findings:?}");
    assert_eq!((findings.replicated, findings.receipts_final), (40, 1));
    assert!(findings.withheld > 0 && findings.withheld < 40, "{findings:?}");
    assert_eq!(findings.verified[0], 2 * 40 + 2 * 2, "entries of both halls, acts included");
}

#[tokio::test]
async fn a_copy_that_is_not_there_is_lost_and_has_no_receipt() {
    let bench = Bench::new().await;
    let book = bench.submit(&letters(1));
    let findings = bench.check(&book);
    assert_eq!((faults(&findings), findings.lost), (vec!["lost"], 40));
    assert_eq!((findings.replicated, findings.receipts_final, findings.receipts_due), (0, 0, 1));
    assert!(!findings.is_verified());
}

#[tokio::test]
async fn parts_too_few_starve_and_parts_too_many_leak() {
    let bench = Bench::new().await;
    let book = bench.submit(&letters(1));
    bench.hand_over(1, 0, Lane::Records, |may| may.intersection(PartSet::HEAD));
    let findings = bench.check(&book);
    assert_eq!(faults(&findings), ["starved"]);
    assert_eq!(findings.starved + findings.withheld, 40);

    let bench = Bench::new().await;
    let book = bench.submit(&letters(1));
    bench.hand_over(1, 0, Lane::Records, |_| PartSet::ALL);
    let findings = bench.check(&book);
    assert_eq!(faults(&findings), ["leaked"]);
    let entries = findings.problems.iter().filter(|what| what.contains("forbidden")).count();
    let salts = findings.leaked - u64::try_from(entries).unwrap();
    assert!(entries > 0 && salts > 0, "both the entries and the raw bytes tell: {findings:?}");
}

#[tokio::test]
async fn an_origin_that_says_otherwise_than_it_said_is_found_out() {
    let bench = Bench::new().await;
    let mut book = bench.submit(&letters(1));
    bench.hand_over(1, 0, Lane::Records, |may| may);
    bench.receipt();
    let other = letters(2).remove(3);
    let kept = std::mem::replace(&mut book[3].letter, other);
    assert_eq!(faults(&bench.check(&book)), ["lost"], "other bytes than were submitted");
    book[3].letter = kept;
    let last = book.pop().unwrap();
    assert_eq!(faults(&bench.check(&book)), ["duplicated"], "an entry nobody was told of");
    book.extend([last.clone(), last]);
    assert!(faults(&bench.check(&book)).contains(&"duplicated"), "one place for two messages");
    book.pop();
    book[5].revision = 2;
    assert!(faults(&bench.check(&book)).contains(&"out_of_order"), "revision 2 without a first");
}

#[tokio::test]
async fn two_histories_under_one_key_diverge() {
    let bench = Bench::new().await;
    bench.submit(&letters(1));
    bench.hand_over(1, 0, Lane::Records, |may| may);
    forget(&bench.halls[1].directory);
    bench.hand_over(0, 1, Lane::Acts, |may| may);
    let book = bench.submit(&letters(2));
    assert!(faults(&bench.check(&book)).contains(&"diverged"));
}

fn forget(directory: &Path) {
    std::fs::remove_dir_all(birth::ledger_directory(directory)).unwrap();
}
