//! A full disk and a data directory of a newer version: a clear error with the way out, nothing
//! acknowledged touched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bytes::Bytes;
use prost::Message;
use record::Kind;
use rustix::fs::{FallocateFlags, fallocate, statvfs};
use suites::caller::{Caller, acknowledged, refusal};
use suites::eventually::eventually_async;
use suites::halls::{self, DEADLINE, Grounds};
use suites::process::{Hall, ProcessError, run};
use tonic::Code;
use wire::v1;

/// A file system of its own, small and in memory; gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, megabytes: u32) -> Self {
        fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"]).arg(at);
        let answer = run(&mut mount).unwrap();
        assert_eq!(
            answer.code,
            Some(0),
            "this test mounts a small disk, so run it as root: {}",
            answer.stderr
        );
        Self(at.to_owned())
    }

    /// Takes all but `left` bytes of what is free.
    fn fill(&self, left: u64) -> PathBuf {
        let about = statvfs(&self.0).unwrap();
        let filler = self.0.join("filler");
        let file = fs::File::create(&filler).unwrap();
        let free = about.f_bavail * about.f_frsize;
        fallocate(&file, FallocateFlags::empty(), 0, free - left).unwrap();
        filler
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a hall may be just ending.
        drop(run(Command::new("umount").arg("--lazy").arg(&self.0)));
    }
}

/// Records of a registered kind, large enough to fill a segment soon.
fn bulky(rows: usize, seed: u64) -> Vec<v1::Submission> {
    let payload = Bytes::from(vec![0x5a; 900 << 10]);
    let rows = wire::generated(&Kind::Permit, rows, seed).map(|submission| {
        let mut head = v1::Head::decode(&*submission.head).unwrap();
        head.kind = "survey.test".to_owned();
        let body = v1::Opaque { schema: "survey/1".to_owned(), payload: payload.clone() };
        let open = v1::Open { body: Some(v1::open::Body::Opaque(body)) };
        let (head, open) = (head.encode_to_vec().into(), open.encode_to_vec().into());
        v1::Submission { head, open, closed: Bytes::new(), ..submission }
    });
    rows.collect()
}

/// A segment is preallocated, so a full disk is met where the next one would begin.
#[tokio::test]
async fn a_full_disk_refuses_submissions_and_recovers_when_there_is_space() {
    let grounds = Grounds::new();
    let disk = SmallDisk::mount(&grounds.path().join("small"), 512);
    let province = grounds.found("220000");
    let made = grounds.join("220100", &province);
    let prefecture = disk.0.join("220100");
    halls::copy(&made, &prefecture).unwrap();
    halls::hurry(&province);
    halls::hurry(&prefecture);
    let _province = Hall::serve(&province).unwrap();
    let serving = Hall::serve(&prefecture).unwrap();
    halls::level(&prefecture);
    let caller = Caller::dial(&prefecture, "system").await.unwrap();
    let filler = disk.fill(1 << 20);

    // Eight a message, until the segment is full; all that is acknowledged stays.
    let mut acknowledged_here = 0;
    let mut full = None;
    for seed in 1..40 {
        let outcomes = caller.submit(bulky(8, seed)).await.unwrap();
        acknowledged_here += outcomes.iter().filter(|one| acknowledged(one).is_some()).count();
        full = outcomes.iter().find_map(refusal).map(|(code, codes)| (code, codes.join(",")));
        if full.is_some() {
            break;
        }
    }
    assert_eq!(full, Some((Code::ResourceExhausted, "disk-full".to_owned())));
    assert!(acknowledged_here > 30, "{acknowledged_here} records of 900 KiB in a segment");

    // What others bring still finds room in the reserve.
    let above = Caller::dial(&province, "system").await.unwrap();
    let from_above = above.submit(wire::generated(&Kind::Penalty, 10, 3).collect()).await.unwrap();
    assert!(from_above.iter().all(|one| acknowledged(one).is_some()));
    let count = async |ledger: &str| {
        let seen = caller.seen().await.unwrap();
        let seen = seen.iter().filter(|one| one.ledger.contains(ledger));
        seen.count()
    };
    eventually_async(DEADLINE, "links go on", async || {
        (count("/220000/").await == 10).then_some(())
    })
    .await;
    assert_eq!(count("/220100/").await, acknowledged_here, "nothing acknowledged is gone");

    fs::remove_file(filler).unwrap();
    eventually_async(DEADLINE, "submissions are taken again", async || {
        let outcomes = caller.submit(bulky(1, 99)).await.unwrap();
        outcomes.iter().all(|one| acknowledged(one).is_some()).then_some(())
    })
    .await;
    assert_eq!(count("/220100/").await, acknowledged_here + 1);
    serving.down();
    halls::verify(&prefecture).ok();
}

#[tokio::test]
async fn the_directory_of_a_newer_version_is_refused_with_the_way_out() {
    let grounds = Grounds::new();
    let hall = grounds.found("220000");
    let serving = Hall::serve(&hall).unwrap();
    halls::submit(&hall, "permit", 10, 1).ok();
    serving.down();

    // The version is the eighth byte of every segment.
    let segments = halls::segments(&hall);
    let before = fs::read(&segments[0]).unwrap();
    assert_eq!((&before[..5], before[7]), (&b"HWSEG"[..], 1));
    let mut newer = before.clone();
    newer[7] = 2;
    fs::write(&segments[0], &newer).unwrap();
    let Err(ProcessError::NotReady { said, .. }) = Hall::serve(&hall) else {
        unreachable!("a hall does not serve what it cannot read");
    };
    assert!(said.contains("newer") && said.contains("version"), "{said}");
    assert_eq!(fs::read(&segments[0]).unwrap(), newer, "nothing was touched");

    fs::write(&segments[0], before).unwrap();
    let _serving = Hall::serve(&hall).unwrap();
    let caller = Caller::dial(&hall, "system").await.unwrap();
    assert_eq!(caller.seen().await.unwrap().len(), 10);
}
