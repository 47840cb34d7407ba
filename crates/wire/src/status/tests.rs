//! Statuses carry their details and stay within trailers.

use record::Kind;
use tonic_types::StatusExt as _;

use super::*;
use crate::{check, generated};

fn violations() -> Vec<Violation> {
    let mut submission = generated(&Kind::Permit, 1, 1).next().unwrap();
    submission.sharing_class.clear();
    submission.open.clear();
    check(&submission, record::Timestamp(1_800_000_000_000)).unwrap_err()
}

#[test]
fn violations_travel_as_bad_request() {
    let status = Failure::of_violations(violations()).status();
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_error_details();
    let fields: Vec<_> =
        details.bad_request().unwrap().field_violations.iter().map(|one| &*one.field).collect();
    assert_eq!(fields, ["open.body", "sharing_class"]);
    assert_eq!(details.error_info().unwrap().domain, DOMAIN);
    let localized = details.localized_message().unwrap();
    assert!(localized.locale == "zh-CN" && localized.message.contains("共享类别"));
    assert!(details.retry_info().is_none());
}

#[test]
fn limits_say_when_to_try_again() {
    let failure = Failure::new(Class::Exhausted, "submit-rate", "too many records a second")
        .with("limit", "submit_rate")
        .retry_after(Duration::from_secs(3));
    let details = failure.status().get_error_details();
    assert_eq!(details.retry_info().unwrap().retry_delay, Some(Duration::from_secs(3)));
    let info = details.error_info().unwrap();
    assert_eq!((&*info.reason, &*info.metadata["limit"]), ("submit-rate", "submit_rate"));
    assert_eq!(details.localized_message().unwrap().message, general(Class::Exhausted));
}

#[test]
fn a_status_stays_within_trailers_and_a_refusal_tells_all() {
    let one = violations().remove(0);
    let many = Failure::of_violations(vec![one; 200]);
    let status = many.status();
    assert!(status.details().len() < 6 * 1024, "{} bytes", status.details().len());
    assert!(status.message().chars().count() <= MESSAGE_CHARS_MAX + 1);
    let refusal = many.refusal();
    assert_eq!((refusal.violations.len(), refusal.code), (200, 3));
}

#[test]
fn a_refusal_always_says_why() {
    let refusal = Failure::new(Class::Exists, "message-id-taken", "other bytes").refusal();
    assert_eq!((refusal.code, refusal.violations[0].code.as_str()), (6, "message-id-taken"));
    assert!(!refusal.violations[0].message_zh.is_empty());
}
