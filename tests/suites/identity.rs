//! Suite `identity`: who may be on a line. A wrong, expired, revoked or wrong-hall certificate is
//! refused and named in `status` on both sides; a revoked peer is cut within a second while healthy
//! links stay; certificates are renewed without dropping a link; who passes TLS but is no member is
//! told `PERMISSION_DENIED` with details. (What a client of another make sees: suite `grpcio`.)

#![cfg(test)]

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pki::{Authority, CRL_LIFE, Identity, Order};
use record::Timestamp;
use serde_json::Value;
use suites::caller::{Caller, Papers, bearer};
use suites::eventually::eventually_async;
use suites::halls::{self, DEADLINE, Grounds, configured, now};
use suites::process::Hall;
use suites::proxy::{FaultProxy, Mode};
use tonic::Code;
use wire::v1;

/// A province and a prefecture, not serving yet, in a hurry.
fn pair(grounds: &Grounds) -> (PathBuf, PathBuf) {
    let province = grounds.found("220000");
    let prefecture = grounds.join("220100", &province);
    halls::hurry(&province);
    halls::hurry(&prefecture);
    (province, prefecture)
}

/// Puts a proxy between a hall and its parent.
fn proxied(hall: &Path, parent: &Path) -> FaultProxy {
    let upstream: SocketAddr = configured(parent, "link", "listen").parse().unwrap();
    let proxy = FaultProxy::start(upstream).unwrap();
    halls::reroute(hall, proxy.address());
    proxy
}

fn hall_of(directory: &Path) -> Identity {
    bearer(&directory.join("certs/hall.pem")).identity
}

/// Gives a hall another certificate of the same name.
fn replace(hall: &Path, by: &Authority, at: Timestamp, days: u32) {
    let order = halls::on_loopback(Order::new(hall_of(hall)));
    let issued = by.issue(&Order { days, ..order }, at).unwrap();
    issued.save(&hall.join("certs/hall.pem"), &hall.join("keys/hall.key")).unwrap();
}

/// Our side dialled and was refused: the link says so, with the alert.
fn refused_with(status: &Value, peer: &str, alert: &str) -> bool {
    let words = |link: &Value| link["reason"].as_str().unwrap_or_default().contains(alert);
    halls::link(status, peer).is_some_and(|link| link["state"] == "refused" && words(link))
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused_and_named_on_both_sides() {
    let grounds = Grounds::new();
    let (province, prefecture) = pair(&grounds);
    let other = Authority::new(hall_of(&prefecture).domain().clone(), now()).unwrap();
    replace(&prefecture, &other, now(), 30);
    // Whoever asks the prefecture itself must believe its new authority; the province does not.
    let roots = prefecture.join("certs/ca.pem");
    let both = fs::read_to_string(&roots).unwrap() + other.pem();
    fs::write(&roots, both).unwrap();

    let _serving = (Hall::serve(&province).unwrap(), Hall::serve(&prefecture).unwrap());
    halls::awaited(&province, "the province names peer and reason", |status| {
        halls::refused(status, "220100", "unknown-ca").then_some(())
    });
    halls::awaited(&prefecture, "the prefecture tells the alert", |status| {
        refused_with(status, "220000", "unknown").then_some(())
    });
}

/// Time alone cuts no line, so a channel that was opened before tells what happened after.
#[tokio::test(flavor = "multi_thread")]
async fn an_expired_certificate_is_refused_and_named_on_both_sides() {
    let grounds = Grounds::new();
    let (province, prefecture) = pair(&grounds);
    let proxy = proxied(&prefecture, &province);
    proxy.set(Mode::Cut);
    let almost_a_day = i64::try_from(Duration::from_hours(24).as_millis()).unwrap() - 15_000;
    let authority = halls::authority(&province);
    replace(&prefecture, &authority, Timestamp(now().0 - almost_a_day), 1);
    let expires = bearer(&prefecture.join("certs/hall.pem")).expires;

    let _serving = (Hall::serve(&province).unwrap(), Hall::serve(&prefecture).unwrap());
    let held = Caller::dial(&prefecture, "operator").await.unwrap();
    eventually_async(DEADLINE, "the certificate expires", async || {
        (now().since(expires) > LAST_SECOND).then_some(())
    })
    .await;
    proxy.set(Mode::Pass);
    halls::awaited(&province, "the province names peer and reason", |status| {
        halls::refused(status, "220100", "expired").then_some(())
    });
    eventually_async(DEADLINE, "the prefecture tells the alert", async || {
        let status = held.status().await.expect("the old channel stays");
        let link = status.links.into_iter().find(|link| link.peer == "220000")?;
        (link.state == "refused" && link.reason.contains("expired")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_wrong_hall_at_the_right_address_is_refused_and_named_on_both_sides() {
    let grounds = Grounds::new();
    let (province, prefecture) = pair(&grounds);
    let county = grounds.join("220122", &prefecture);
    halls::hurry(&county);
    // The county dials its prefecture and reaches the province.
    halls::reroute(&county, configured(&province, "link", "listen").parse().unwrap());
    let _serving = (Hall::serve(&province).unwrap(), Hall::serve(&county).unwrap());
    halls::awaited(&county, "the county names who answered", |status| {
        let named = halls::refused(status, "220000", "wrong-hall");
        (named && refused_with(status, "220100", "wrong-hall")).then_some(())
    });
    halls::awaited(&province, "the province says that it was refused", |status| {
        halls::rows(status, "refusals").any(|row| row["reason"] == "refused-us").then_some(())
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_peer_is_cut_within_a_second_and_the_others_stay() {
    let grounds = Grounds::new();
    let (province, prefecture) = pair(&grounds);
    let other = grounds.join("220200", &province);
    halls::hurry(&other);
    let healthy = proxied(&other, &province);
    let _province = Hall::serve(&province).unwrap();
    let _others = (Hall::serve(&prefecture).unwrap(), Hall::serve(&other).unwrap());
    halls::level(&prefecture);
    halls::level(&other);
    let carried = healthy.connections();

    let watcher = Caller::dial(&province, "operator").await.unwrap();
    let mut authority = halls::authority(&province);
    assert!(authority.revoke(&bearer(&prefecture.join("certs/hall.pem")).serial, now()));
    authority.write_crl(&province.join("certs/crl.pem"), now(), CRL_LIFE).unwrap();
    let written = Instant::now();
    let cut = eventually_async(DEADLINE, "the revoked link is cut", async || {
        let status = watcher.status().await.unwrap();
        let link = status.links.into_iter().find(|link| link.peer == "220100").unwrap();
        (link.state != "live").then(|| written.elapsed())
    })
    .await;
    assert!(cut < Duration::from_secs(1), "cut after {cut:?}");
    halls::awaited(&province, "the province names peer and reason", |status| {
        halls::refused(status, "220100", "revoked").then_some(())
    });
    halls::awaited(&prefecture, "the prefecture tells the alert", |status| {
        refused_with(status, "220000", "revoked").then_some(())
    });

    // The other never noticed: the same connection, and records go over it.
    halls::submit(&other, "permit", 10, 1).ok();
    halls::level(&other);
    assert_eq!(halls::follow(&province).len(), 10);
    assert_eq!(healthy.connections(), carried);
    // What the revoked hall acknowledges goes nowhere until it has a new certificate.
    halls::submit(&prefecture, "permit", 5, 2).ok();
    replace(&prefecture, &authority, now(), 30);
    halls::level(&prefecture);
    assert_eq!(halls::follow(&province).len(), 15);
    assert_eq!(healthy.connections(), carried);
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_renewed_without_dropping_a_link() {
    let grounds = Grounds::new();
    let (province, prefecture) = pair(&grounds);
    let proxy = proxied(&prefecture, &province);
    let _serving = (Hall::serve(&province).unwrap(), Hall::serve(&prefecture).unwrap());
    halls::level(&prefecture);
    assert_eq!(proxy.connections(), 1);
    let before = Caller::dial(&province, "operator").await.unwrap();

    let authority = halls::authority(&province);
    for hall in [&province, &prefecture] {
        replace(hall, &authority, now(), 30);
        let renewed = bearer(&hall.join("certs/hall.pem")).serial;
        eventually_async(DEADLINE, "the new certificate is shown", async || {
            let caller = Caller::dial(hall, "operator").await.ok()?;
            (caller.dialled.peer.serial == renewed).then_some(())
        })
        .await;
    }
    halls::submit(&prefecture, "permit", 10, 1).ok();
    halls::level(&prefecture);
    assert_eq!(halls::follow(&province).len(), 10);
    assert_eq!(proxy.connections(), 1, "the link is the one of before");
    before.status().await.expect("so is the operator's");

    // Files that do not fit together are not taken.
    fs::write(province.join("certs/hall.pem"), "not a certificate").unwrap();
    halls::awaited(&province, "an alarm for files that are not taken", |status| {
        halls::alarmed(status, "trust-reload-failed").then_some(())
    });
    before.status().await.expect("the old certificate goes on");
}

#[tokio::test]
async fn who_is_no_member_is_denied_with_details_and_named() {
    let grounds = Grounds::new();
    let (province, _) = pair(&grounds);
    let _serving = Hall::serve(&province).unwrap();
    let domain = hall_of(&province).domain().clone();
    let stranger = Identity::hall(domain, "220700".parse().unwrap());
    let order = halls::on_loopback(Order::new(stranger));
    let issued = halls::authority(&province).issue(&order, now()).unwrap();
    let papers = Papers {
        certificate: grounds.path().join("stranger.pem"),
        key: grounds.path().join("stranger.key"),
        roots: province.join("certs/ca.pem"),
    };
    issued.save(&papers.certificate, &papers.key).unwrap();

    let address = configured(&province, "link", "listen");
    let caller = Caller::dial_at(&address, &province, &papers).await.expect("TLS believes it");
    let stream = tokio_stream::pending::<v1::LinkRequest>();
    let denied = caller.replication().link(stream).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied, "{denied}");
    assert!(denied.message().contains("admit"), "the way out: {denied}");
    let details = String::from_utf8_lossy(denied.details()).into_owned();
    assert!(details.contains("not-a-member") && details.contains("ErrorInfo"), "{details}");
    halls::awaited(&province, "the stranger is named", |status| {
        halls::refused(status, "220700", "not-a-member").then_some(())
    });
}

#[tokio::test]
async fn each_face_takes_only_those_it_is_for() {
    let grounds = Grounds::new();
    let (province, prefecture) = pair(&grounds);
    let _serving = Hall::serve(&province).unwrap();
    let one = || wire::generated(&record::Kind::Permit, 1, 1).collect::<Vec<_>>();
    // The system of another hall, a department and an operator do not submit.
    let address = configured(&province, "grpc", "listen");
    for papers in [
        Papers::of(&prefecture, "system"),
        Papers::of(&province, "department"),
        Papers::of(&province, "operator"),
    ] {
        let refused = match Caller::dial_at(&address, &province, &papers).await {
            Ok(caller) => caller.submit(one()).await.unwrap_err().code() == Code::PermissionDenied,
            Err(error) => error.alert().is_some(),
        };
        assert!(refused, "{}", papers.certificate.display());
    }
    // A system does not see the hall's affairs.
    let system = Caller::dial(&province, "system").await.unwrap();
    assert_eq!(system.status().await.unwrap_err().code(), Code::PermissionDenied);
    halls::awaited(&province, "they are named", |status| {
        let named = halls::rows(status, "refusals").filter(|row| row["face"] == "grpc");
        (named.count() > 0).then_some(())
    });
}

/// Certificates count whole seconds, and the last one is still good.
const LAST_SECOND: Duration = Duration::from_secs(1);
