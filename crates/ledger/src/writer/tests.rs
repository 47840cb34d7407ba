//! The writer's thread: answers after the commit, two queues by weight, an orderly end.

use std::time::Duration;

use record::{Lane, PartSet};
use telemetry::Manual;

use super::*;
use crate::append::Claims;
use crate::disk::{Faulty, Os};
use crate::options::{Background, Options};
use crate::store::tests::{NOW, Other, message, open, options, own, signer};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(Manual::new(NOW))
}

#[test]
fn many_callers_share_commits_and_each_gets_its_own_answer() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Os::new(directory.path()).unwrap();
    let options = Options { background: Background::Thread, ..options() };
    let (store, _) = Store::open(disk.clone(), options.clone(), signer(), NOW).unwrap();
    let (appender, reader, mut durable, thread) = start(store, clock(), Limits::default());
    let other = Other::new("220200", 200);
    runtime().block_on(async {
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..8 {
            let appender = appender.clone();
            callers.spawn(async move {
                let mut indexes = Vec::new();
                for n in 0..50 {
                    let n = caller * 50 + n;
                    let twice = vec![own(Lane::Records, n, message(n)); 2];
                    let outcomes = appender.own(twice).await.unwrap();
                    let (Outcome::Appended { index, .. }, Outcome::Repeated { index: again, .. }) =
                        (&outcomes[0], &outcomes[1])
                    else {
                        panic!("{outcomes:?}")
                    };
                    assert_eq!(index, again);
                    indexes.push(*index);
                }
                indexes
            });
        }
        for from in (0..200).step_by(20) {
            let outcome = appender.peer(other.batch(from, from + 20, PartSet::ALL)).await;
            assert!(matches!(outcome, Ok(Outcome::Extended { .. })));
        }
        let mut indexes: Vec<_> = callers.join_all().await.concat();
        indexes.sort_unstable();
        assert_eq!(indexes, (0..400).collect::<Vec<_>>());
        let level = durable.wait_for(|durable| durable.position.0 >= 600);
        tokio::time::timeout(Duration::from_secs(20), level).await.unwrap().unwrap();
    });
    drop(appender);
    let end = thread.join().unwrap().unwrap();
    assert_eq!(end, reader.durable());
    let (store, report) = Store::open(disk, options, signer(), NOW).unwrap();
    assert!(report.clean && report.durable == end);
    assert_eq!(store.reader().head(&other.ledger).unwrap().size, 200);
}

#[test]
fn after_a_failed_commit_nothing_is_answered_and_the_thread_ends() {
    let disk = Faulty::new(1);
    let (store, _) = open(&disk);
    let (appender, reader, _durable, thread) = start(store, clock(), Limits::default());
    disk.fail_at(0);
    runtime().block_on(async {
        let entry = || vec![own(Lane::Records, 1, Claims::none())];
        assert_eq!(appender.own(entry()).await, Err(AppendError::Stopped));
        assert_eq!(appender.own(entry()).await, Err(AppendError::Stopped));
    });
    assert!(matches!(thread.join().unwrap(), Err(CommitError::Disk { .. })));
    assert!(reader.heads().is_empty());
}

#[test]
fn a_full_queue_makes_its_callers_wait_and_no_others() {
    let disk = Faulty::new(1);
    let (store, _) = open(&disk);
    let limits = Limits { own_bytes: 1, ..Limits::default() };
    let (appender, _, _, thread) = start(store, clock(), limits);
    runtime().block_on(async {
        let entries: Vec<_> = (0..9).map(|n| own(Lane::Records, n, message(n))).collect();
        let outcomes = appender.own(entries).await.unwrap();
        assert_eq!(outcomes.len(), 9);
        appender.close();
        let late = appender.own(vec![own(Lane::Records, 99, message(99))]).await;
        assert_eq!(late, Err(AppendError::Stopped));
    });
    thread.join().unwrap().unwrap();
}
