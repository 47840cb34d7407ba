//! How fast one core commits: entries of 700 bytes in batches, register and fdatasync included.
//!
//! `cargo run --release -p ledger --example commit_speed -- [entries] [batch]`
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use ledger::{Append, Claims, Options, Os, OwnEntry, Reader, RecordClaim, Signer, Software, Store};
use record::{AudienceNumber, Label, Lane, LedgerName, Salt, SharingClass, Timestamp};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().map_or(Ok(default), |text| text.parse());
    let (total, batch) = (number(1_000_000)?, number(1024)?);
    let directory = tempfile::tempdir_in(".")?;
    let disk = Os::new(directory.path())?;
    let options = Options::new("jilin.example".parse()?, "220100".parse()?, [7; 32]);
    let signer: Arc<dyn Signer> = Arc::new(Software::from_seed(&[1; 32]));
    let now = Timestamp(1_700_000_000_000);
    let (mut store, _) = Store::open(disk.clone(), options.clone(), Arc::clone(&signer), now)?;
    let ledger = store.reader().own_ledger(Lane::Records);
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    let bytes = Bytes::from(vec![0x5a; 230]);
    let (mut done, mut inside) = (0, 0.0);
    while done < total {
        let mut appends = Vec::new();
        for n in done..(done + batch).min(total) {
            let claims = Claims {
                message: Some(("system".to_owned(), format!("message {n}"), [7; 32])),
                record: Some(RecordClaim {
                    record_id: format!("record {n}"),
                    replaces: None,
                    revision: 1,
                }),
                natural_key: Some(format!("natural key {n}")),
            };
            let parts = vec![bytes.clone(), bytes.clone(), bytes.clone()];
            let salt = Salt([u8::try_from(n % 251)?; 32]);
            let entry = OwnEntry::new(ledger.clone(), label, salt, parts, claims)?;
            appends.push(Append::Own(entry));
        }
        let start = Instant::now();
        store.commit(appends, now)?;
        inside += start.elapsed().as_secs_f64();
        done += batch;
        if done % (batch * 200) == 0 {
            println!("{done}: {:.0} k/s", num(done) / inside / 1000.0);
        }
    }
    println!("{total} entries in {inside:.2} s: {:.0} k/s", num(total) / inside / 1000.0);
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let lines =
            status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"));
        lines.for_each(|line| println!("{line}"));
    }
    let start = Instant::now();
    drop(store);
    let (store, report) = Store::open(disk.clone(), options.clone(), Arc::clone(&signer), now)?;
    println!("opened after a kill in {:.2?}, built again: {:?}", start.elapsed(), report.rebuilt);
    store.close()?;
    let start = Instant::now();
    let (store, report) = Store::open(disk, options, signer, now)?;
    println!("opened after a clean stop in {:.2?}, clean {}", start.elapsed(), report.clean);
    read(&store.reader(), &ledger, total)
}

/// What reading costs from a cold start.
fn read(
    reader: &Reader<Os>,
    ledger: &LedgerName,
    total: u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let holding = reader.holding(ledger)?;
    println!("holding in {:.2?}: {:?}", start.elapsed(), holding.map(|holding| holding.whole));
    let start = Instant::now();
    let proof = reader.inclusion(ledger, total / 3, total)?;
    println!("inclusion proof in {:.2?}, {} hashes", start.elapsed(), proof.len());
    let start = Instant::now();
    let batch = reader.batch(ledger, 0, 4096, 4 << 20, &|_| record::PartSet::ALL)?;
    println!("batch in {:.2?}: {:?}", start.elapsed(), batch.map(|batch| batch.entries.len()));
    Ok(())
}

/// A count as a number to divide by; it is far below 2^32.
fn num(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
