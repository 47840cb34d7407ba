//! Limits at the gRPC face, each with a name that a refused caller is told.
//!
//! | limit | default | beyond it |
//! |---|---|---|
//! | `concurrent_requests` | 256 | waits [`WAIT`], then `RESOURCE_EXHAUSTED` with a retry hint |
//! | `records_per_second` (per caller) | none | `RESOURCE_EXHAUSTED` with a hint when the message fits |
//! | `deadline_seconds` a call | 30 | `DEADLINE_EXCEEDED` |
//! | `message_bytes` | [`MESSAGE_BYTES_MAX`] | `OUT_OF_RANGE`, from gRPC itself |
//! | `submissions` a message | 64 | `INVALID_ARGUMENT` |

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pki::{Face, Identity, PeerId, Refusals};
use record::{Class, Timestamp};
use telemetry::Clock;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::{Extensions, Status};
use wire::status::Failure;

/// Largest message at the gRPC face: 64 records of the largest size would be more, one is always less.
pub const MESSAGE_BYTES_MAX: usize = 8 << 20;
/// How long a caller waits for a place before it is told to come back.
pub const WAIT: Duration = Duration::from_secs(1);
/// Callers whose rate is remembered; beyond it the memory starts anew.
const CALLERS_MAX: usize = 10_000;

/// The limits of one hall's gRPC face. Clones share the counts.
#[derive(Clone)]
pub struct Limits {
    places: Arc<Semaphore>,
    records_per_second: Option<u32>,
    buckets: Arc<Mutex<BTreeMap<String, Bucket>>>,
    refusals: Refusals,
    clock: Arc<dyn Clock>,
}

/// What a caller may still submit now, in thousandths of records.
#[derive(Clone, Copy)]
struct Bucket {
    left: u64,
    at: Timestamp,
}

impl Limits {
    /// Limits with these numbers; refused callers are noted in `refusals`.
    pub fn new(
        concurrent_requests: usize,
        records_per_second: Option<u32>,
        refusals: Refusals,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let places = Arc::new(Semaphore::new(concurrent_requests));
        Self { places, records_per_second, buckets: Arc::default(), refusals, clock }
    }

    /// A place among the requests under way, held until dropped.
    pub async fn place(&self) -> Result<OwnedSemaphorePermit, Status> {
        let place = Arc::clone(&self.places).acquire_owned();
        match tokio::time::timeout(WAIT, place).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(exhausted("concurrent_requests").into()),
        }
    }

    /// Counts records against a caller's rate.
    pub fn spend(&self, caller: &str, records: usize) -> Result<(), Failure> {
        let Some(rate) = self.records_per_second.map(u64::from) else { return Ok(()) };
        let now = self.clock.now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= CALLERS_MAX {
            buckets.clear();
        }
        let bucket =
            buckets.entry(caller.to_owned()).or_insert(Bucket { left: saved_up(rate), at: now });
        let waited = u64::try_from(now.since(bucket.at).as_millis()).unwrap_or(u64::MAX);
        let grown = bucket.left.saturating_add(waited.saturating_mul(rate));
        let cost = u64::try_from(records).unwrap_or(u64::MAX).saturating_mul(1_000);
        bucket.left = grown.min(saved_up(rate));
        bucket.at = now;
        match bucket.left.checked_sub(cost) {
            Some(left) => {
                bucket.left = left;
                Ok(())
            }
            None => {
                let wait = (cost - bucket.left).div_ceil(rate.max(1));
                let failure = exhausted("records_per_second");
                Err(failure.retry_after(Duration::from_millis(wait)))
            }
        }
    }

    /// The caller, if it may use this service; otherwise named in `status` and told why.
    pub fn caller(
        &self,
        extensions: &Extensions,
        may: impl FnOnce(&Identity) -> bool,
        who: &'static str,
    ) -> Result<Identity, Status> {
        let peer = extensions
            .get::<PeerId>()
            .ok_or_else(|| Status::unauthenticated("no client certificate"))?;
        if may(&peer.identity) {
            return Ok(peer.identity.clone());
        }
        let name = peer.identity.to_string();
        self.refusals.note(name.clone(), "not-allowed", Face::Portal, self.clock.now());
        Err(Failure::new(
            Class::Denied,
            "not-allowed",
            format!("{name} may not use this service; it is for {who}"),
        )
        .in_chinese(format!("{name} 无权使用此服务"))
        .with("caller", name)
        .status())
    }
}

/// A second's worth may be saved up, and one message always fits; in thousandths of records.
fn saved_up(rate: u64) -> u64 {
    rate.max(64) * 1_000
}

fn exhausted(limit: &'static str) -> Failure {
    Failure::new(Class::Exhausted, "limit-reached", format!("limit {limit} is reached; try again"))
        .with("limit", limit)
}

#[cfg(test)]
mod tests {
    use telemetry::Manual;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_full_house_sends_callers_away_by_the_name_of_the_limit() {
        let clock = Arc::new(Manual::default());
        let limits = Limits::new(1, None, Refusals::default(), clock);
        let held = limits.place().await.unwrap();
        let refused = limits.place().await.unwrap_err();
        assert_eq!(refused.code(), tonic::Code::ResourceExhausted);
        assert!(refused.message().contains("concurrent_requests"));
        drop(held);
        assert!(limits.place().await.is_ok());
    }

    #[test]
    fn a_rate_is_kept_per_caller_and_grows_back() {
        let clock = Manual::default();
        let limits = Limits::new(1, Some(100), Refusals::default(), Arc::new(clock.clone()));
        assert!(limits.spend("a", 64).is_ok());
        assert!(limits.spend("a", 64).is_err());
        assert!(limits.spend("b", 64).is_ok());
        clock.advance(Duration::from_millis(280));
        assert!(limits.spend("a", 64).is_ok());
    }
}
