//! The register against a map, through sorting, merging and rebuilding.

use super::*;
use crate::disk::Faulty;
use crate::handles::Handles;
use crate::octets::len_u64;

fn ledger() -> LedgerName {
    "jilin.example/hallway/220100/records/7".parse().unwrap()
}

fn key(n: u64) -> Fingerprint {
    record(&[3; 32], &format!("record {n}"))
}

fn run(handles: &Arc<Handles<Faulty>>, segment: u64, table: &Table) -> Arc<Run<Faulty>> {
    let cover = Cover { from: segment, to: segment, group: segment, crc: 5 };
    let mut rows = table.sorted().into_iter();
    let next = || Ok(rows.next());
    write(handles, &[7; 16], cover, len_u64(table.len()), next).unwrap();
    Arc::new(Run::open(handles, &[7; 16], (segment, segment)).unwrap())
}

#[test]
fn runs_find_what_is_there_and_the_newest_wins() {
    let handles = Arc::new(Handles::new(Faulty::new(1)));
    let mut runs = Vec::new();
    for segment in 0..4 {
        let mut table = Table::new();
        for n in (0..3000).filter(|n| n % 4 == segment || n % 100 == 0) {
            let keys = [Key { kind: RECORD, fingerprint: key(n), extra: segment }];
            note(&mut table, &ledger(), n, &keys);
        }
        runs.push(run(&handles, segment, &table));
    }
    let merged = Arc::new(merge(&handles, &[7; 16], &runs).unwrap());
    assert_eq!(merged.segments(), (0, 3));
    for n in 0..3000 {
        let wanted = if n % 100 == 0 { 3 } else { n % 4 };
        for runs in [runs.as_slice(), &[Arc::clone(&merged)]] {
            let value = in_runs(runs, &key(n)).unwrap().unwrap();
            assert_eq!(value.extra, wanted, "{n}");
            let (domain, hall) = ("jilin.example".parse().unwrap(), "220100".parse().unwrap());
            assert_eq!(value.entry(&domain, &hall), (ledger(), n));
        }
    }
    assert!((3000..9000).all(|n| in_runs(&runs, &key(n)).unwrap().is_none()));
    let mut register = Register { tables: Vec::new(), runs: Arc::new(runs) };
    assert_eq!(register.due().unwrap().len(), 4);
    register.take_up(Run::open(&handles, &[7; 16], (0, 3)).unwrap());
    assert_eq!(register.runs.len(), 1);
    assert!(register.due().is_none());
}

#[test]
fn an_empty_run_and_other_claims_are_fine() {
    let handles = Arc::new(Handles::new(Faulty::new(1)));
    let empty = run(&handles, 1, &Table::new());
    assert!(in_runs(&[empty], &key(1)).unwrap().is_none());
    let mut table = Table::new();
    let first = Key { kind: MESSAGE, fingerprint: message(&[3; 32], "a", "b"), extra: 1 };
    note(&mut table, &ledger(), 1, &[first]);
    note(&mut table, &ledger(), 2, &[Key { extra: 2, ..first }]);
    let kept = table.find(&first.fingerprint).unwrap();
    assert_eq!(kept.extra, 1, "a message stays with whoever came first");
    assert_ne!(message(&[3; 32], "a", "bc"), message(&[3; 32], "ab", "c"));
    assert_ne!(record(&[3; 32], "a"), natural_key(&[3; 32], "a"));
    assert_ne!(record(&[3; 32], "a"), record(&[4; 32], "a"));
}
