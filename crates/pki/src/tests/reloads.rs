//! New certificates, roots and lists while lines are up.

use std::time::Duration;

use rustls::HandshakeKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic_health::ServingStatus;

use crate::tests::doors::Foreigner;
use crate::tests::town::{DAY, Door, Town, check, eventually, watch};
use crate::{Face, Freshness};

const A_SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_reload_cuts_the_revoked_and_nobody_else() {
    let mut town = Town::new("jilin.example");
    let (upper, good, bad) =
        (town.member("/hall/a"), town.member("/hall/b"), town.member("/hall/c"));
    let door = Door::open(&upper, Face::Link).await;
    let (kept, lost) = (door.dial(&good).await.unwrap(), door.dial(&bad).await.unwrap());
    let (mut living, mut dying) = (watch(&kept.channel).await, watch(&lost.channel).await);

    let before = upper.bearer().serial;
    town.issue("/hall/a");
    town.revoke(&bad.bearer().serial);
    let reloaded = upper.reload().unwrap();
    assert_eq!(reloaded.cut.iter().map(|p| &p.identity).collect::<Vec<_>>(), [&bad.identity()]);
    assert!(reloaded.read.iter().any(|line| line.contains("CRL 2, 1 revoked")), "{reloaded:?}");
    timeout(A_SECOND, dying.message()).await.expect("cut at once").unwrap_err();
    door.refused("spiffe://jilin.example/hall/c", "revoked").await;

    door.announce(ServingStatus::NotServing).await;
    let news = timeout(A_SECOND, living.message()).await.unwrap();
    assert!(news.unwrap().is_some(), "the healthy stream goes on");
    assert!(!kept.ended.is_cancelled());
    let error = door.dial(&bad).await.unwrap_err();
    assert_eq!(error.alert(), Some("certificate-revoked"));
    let again = door.dial(&good).await.unwrap();
    assert_ne!(again.peer.serial, before, "the new certificate is shown");
    assert_eq!(again.peer.serial, upper.bearer().serial);
}

/// A handshake that was judged before a reload and ends after it is judged once more.
#[tokio::test]
async fn a_reload_during_a_handshake_misses_nobody() {
    let mut town = Town::new("jilin.example");
    let (upper, lower) = (town.member("/hall/a"), town.member("/hall/b"));
    let door = Door::open(&upper, Face::Link).await;
    let _line = door.dial(&lower).await.unwrap();
    let (judged_at, mut late) = (upper.generation(), upper.0.connections.all().remove(0));
    late.cut = CancellationToken::new();
    town.revoke(&lower.bearer().serial);
    upper.reload().unwrap();
    let _place = upper.enter(&late, judged_at);
    assert!(late.cut.is_cancelled());
}

#[tokio::test]
async fn the_watch_cuts_within_a_second_on_both_sides() {
    let mut town = Town::new("jilin.example");
    let (upper, lower) = (town.member("/hall/a"), town.member("/hall/b"));
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    for tls in [&upper, &lower] {
        tasks.spawn(tls.clone().watch(stop.clone()));
    }
    let door = Door::open(&upper, Face::Link).await;
    let line = door.dial(&lower).await.unwrap();
    let _stream = watch(&line.channel).await;
    town.revoke(&upper.bearer().serial);
    timeout(A_SECOND, line.ended.cancelled()).await.expect("the dialler cuts a revoked server");

    let line = door.dial_as(&town.open_without_crl("/hall/d"), &upper.identity()).await.unwrap();
    let mut stream = watch(&line.channel).await;
    town.revoke(&serial_of(&door, "/hall/d"));
    timeout(A_SECOND, stream.message()).await.expect("the door cuts a revoked caller").unwrap_err();
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}

fn serial_of(door: &Door, path: &str) -> crate::Serial {
    let seen = door.seen.lock().unwrap();
    seen.iter().find(|peer| peer.identity.path() == path).unwrap().serial.clone()
}

#[tokio::test]
async fn a_root_that_is_gone_cuts_who_it_vouched_for() {
    let (town, other) = (Town::new("jilin.example"), Town::new("jilin.example"));
    let roots = town.path("roots.pem");
    let both = format!("{}{}", town.authority.pem(), other.authority.pem());
    crate::write_public(&roots, &both).unwrap();
    let mut config = town.issue("/hall/a");
    config.link_roots = vec![roots.clone()];
    let upper = town.open(config);
    let door = Door::open(&upper, Face::Link).await;
    let mut config = other.issue("/hall/b");
    config.link_roots = vec![roots.clone()];
    let (old, new) = (other.open(config), town.member("/hall/c"));
    let (lost, kept) = (door.dial(&old).await.unwrap(), door.dial(&new).await.unwrap());
    check(&lost.channel).await.unwrap();

    crate::write_public(&roots, town.authority.pem()).unwrap();
    assert_eq!(upper.reload().unwrap().cut.len(), 1);
    timeout(A_SECOND, lost.ended.cancelled()).await.unwrap();
    door.refused("spiffe://jilin.example/hall/b", "unknown-ca").await;
    check(&kept.channel).await.unwrap();
}

#[tokio::test]
async fn files_that_do_not_fit_change_nothing_but_the_alarm() {
    let mut town = Town::new("jilin.example");
    let config = town.issue("/hall/a");
    let upper = town.open(config.clone());
    let door = Door::open(&upper, Face::Link).await;
    let before = upper.bearer();
    let alarms = || upper.standing().alarms.into_iter().map(|alarm| alarm.code).collect::<Vec<_>>();
    assert!(alarms().is_empty());

    let wrong_key = std::fs::read_to_string(town.issue("/hall/b").key).unwrap();
    let right_key = std::fs::read_to_string(&config.key).unwrap();
    crate::write_secret(&config.key, &wrong_key).unwrap();
    let error = upper.reload().unwrap_err();
    assert!(error.to_string().contains("-hall-a.key"), "{error}");
    assert_eq!(alarms(), ["trust-reload-failed"]);
    crate::write_secret(&config.key, &right_key).unwrap();
    upper.reload().unwrap();
    assert!(alarms().is_empty());

    let forged = Town::new("jilin.example");
    std::fs::copy(forged.path("ca.crl"), town.path("ca.crl")).unwrap();
    upper.reload().unwrap(); // of an authority nobody asks: it can revoke nothing here
    town.write_crl(30 * DAY);
    let flipped = flip_last(&std::fs::read(town.path("ca.crl")).unwrap());
    std::fs::write(town.path("ca.crl"), flipped).unwrap();
    upper.reload().unwrap_err();

    assert_eq!(upper.bearer(), before);
    check(&door.dial(&town.open_without_crl("/hall/c")).await.unwrap().channel).await.unwrap();
}

/// The list as DER with a bit of its signature flipped.
fn flip_last(pem: &[u8]) -> Vec<u8> {
    use rustls_pki_types::CertificateRevocationListDer;
    use rustls_pki_types::pem::PemObject;
    let mut der = CertificateRevocationListDer::from_pem_slice(pem).unwrap().to_vec();
    *der.last_mut().unwrap() ^= 1;
    der
}

#[tokio::test]
async fn an_old_list_is_used_for_a_grace_and_then_stands_for_unknown() {
    let mut town = Town::new("jilin.example");
    let (good, bad) = (town.member("/hall/b"), town.member("/hall/c"));
    assert!(town.authority.revoke(&bad.bearer().serial, crate::tests::town::FOUNDED));
    town.write_crl(DAY);
    let upper = town.member("/hall/a");
    let door = Door::open(&upper, Face::Link).await;
    let freshness = || upper.standing().crls[0].freshness;
    let alarms = || upper.standing().alarms.into_iter().map(|alarm| alarm.code).collect::<Vec<_>>();
    assert_eq!((freshness(), alarms()), (Freshness::Fresh, vec![]));
    let line = door.dial(&good).await.unwrap();
    let mut stream = watch(&line.channel).await;

    town.clock.advance(2 * DAY);
    assert_eq!((freshness(), alarms()), (Freshness::Grace, vec!["crl-grace"]));
    check(&door.dial(&good).await.unwrap().channel).await.unwrap();
    let error = door.dial(&bad).await.unwrap_err();
    assert_eq!(error.alert(), Some("certificate-revoked"), "an old list still revokes");

    town.clock.advance(7 * DAY);
    assert_eq!((freshness(), alarms()), (Freshness::Expired, vec!["crl-expired"]));
    upper.reload().unwrap();
    let caller = town.open_without_crl("/hall/d");
    let error = door.dial(&caller).await.unwrap_err();
    assert_eq!(error.alert(), Some("unknown-ca"), "{error}");
    door.refused("spiffe://jilin.example/hall/d", "crl-expired").await;
    door.announce(ServingStatus::NotServing).await;
    let news = timeout(A_SECOND, stream.message()).await.unwrap();
    assert!(news.unwrap().is_some(), "time alone cuts nobody");

    town.write_crl(DAY);
    upper.reload().unwrap();
    check(&door.dial(&caller).await.unwrap().channel).await.unwrap();
    assert!(alarms().is_empty());
}

/// rustls does not judge a certificate again when a session is resumed. A client that wants to
/// resume gets no ticket, so that revocation finds it at its next connection.
#[tokio::test]
async fn sessions_are_never_resumed() {
    let mut town = Town::new("jilin.example");
    let upper = town.member("/hall/a");
    let door = Door::open(&upper, Face::Portal).await;
    let foreigner = Foreigner::new(&town, Some(town.issue("/operator/wang")));
    for _ in 0..3 {
        let mut stream = foreigner.connect(door.address).await.unwrap();
        assert!(stream.read_u8().await.is_ok(), "the server speaks first");
        assert_eq!(stream.get_ref().1.handshake_kind(), Some(HandshakeKind::Full));
        stream.shutdown().await.unwrap();
    }
    town.revoke(&foreigner.serial());
    upper.reload().unwrap();
    let mut stream = foreigner.connect(door.address).await.unwrap();
    let error = stream.read_u8().await.unwrap_err();
    assert!(error.to_string().contains("CertificateRevoked"), "{error}");
    door.refused("spiffe://jilin.example/operator/wang", "revoked").await;
    eventually("no line is left", || upper.connected().is_empty()).await;
}
