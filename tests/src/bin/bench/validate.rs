//! What judging a permit costs beside hashing it: both on one core, in the same run, turn by turn.
//!
//! The judged path is the hall's own: bytes to message to body, every rule of cn-2.1, body to
//! message to bytes. The bytes that are hashed are the two parts that come out. Rounds alternate
//! between both so that a busy machine slows both alike, and the median round counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use record::{Date, Kind, Profile};
use serde::Serialize;
use sha2::{Digest, Sha256};
use wire::{body_from_parts, body_to_parts, v1};

#[derive(Debug, Serialize)]
pub(super) struct Report {
    measure: &'static str,
    profile: &'static str,
    records: usize,
    rounds: usize,
    bytes_per_record: usize,
    validate_ns: u64,
    sha256_ns: u64,
    records_per_s: u64,
    sha256_ratio: f64,
}

pub(super) fn measure(records: usize) -> Result<Report> {
    ensure!(records > 0, "at least one record");
    let permits: Vec<_> = wire::generated(&Kind::Permit, records, 1).collect();
    let today = Date::new(2026, 1, 1).context("a day")?;
    let bytes: usize = permits.iter().map(|one| one.open.len() + one.closed.len()).sum();
    let (mut judging, mut hashing) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        judging.push(timed(&permits, |permit| judged(permit, today))?);
        hashing.push(timed(&permits, |permit| {
            hashed(permit);
            Ok(())
        })?);
    }
    let (judging, hashing) = (median(judging), median(hashing));
    let count = u64::try_from(records)?;
    let a_record =
        |time: Duration| -> Result<u64> { Ok(u64::try_from(time.as_nanos())?.div_ceil(count)) };
    Ok(Report {
        measure: "validate",
        profile: Profile::Cn21.as_str(),
        records,
        rounds: ROUNDS,
        bytes_per_record: bytes / records,
        validate_ns: a_record(judging)?,
        sha256_ns: a_record(hashing)?,
        records_per_s: u64::try_from(
            u128::from(count) * 1_000_000_000 / judging.as_nanos().max(1),
        )?,
        sha256_ratio: (judging.as_secs_f64() / hashing.as_secs_f64() * 100.0).round() / 100.0,
    })
}

fn judged(permit: &v1::Submission, today: Date) -> Result<()> {
    let body = body_from_parts(&permit.open, &permit.closed)?.context("a body")?;
    let found = body.validate(today, Profile::Cn21);
    ensure!(found.is_empty(), "an invented permit is valid: {found:?}");
    black_box(body_to_parts(&body).context("both parts")?);
    Ok(())
}

fn hashed(permit: &v1::Submission) {
    black_box(Sha256::new().chain_update(&permit.open).chain_update(&permit.closed).finalize());
}

fn timed(
    permits: &[v1::Submission],
    work: impl Fn(&v1::Submission) -> Result<()>,
) -> Result<Duration> {
    let started = Instant::now();
    for permit in permits {
        work(permit)?;
    }
    Ok(started.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Rounds of each, turn by turn.
const ROUNDS: usize = 15;
