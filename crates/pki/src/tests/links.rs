//! The link door and the connector: each refusal is named on both sides.

use std::collections::BTreeSet;

use crate::tests::town::{DAY, Door, FOUNDED, LONG_AGO, Town, check, eventually, noted};
use crate::{Face, Serial};

#[tokio::test]
async fn a_good_link_knows_both_sides() {
    let town = Town::new("jilin.example");
    let (upper, lower) = (town.member("/hall/a"), town.member("/hall/b"));
    let door = Door::open(&upper, Face::Link).await;
    let line = door.dial(&lower).await.unwrap();
    check(&line.channel).await.unwrap();

    assert_eq!(line.peer.identity, upper.identity());
    assert_eq!(line.peer.serial, upper.bearer().serial);
    let seen = door.seen.lock().unwrap().clone();
    assert_eq!(seen[0].identity.to_string(), "spiffe://jilin.example/hall/b");
    assert_eq!(seen[0].serial, lower.bearer().serial);
    assert!(seen[0].remote.is_some());
    assert_eq!(upper.connected(), [(seen[0].clone(), Face::Link)]);
    assert_eq!(lower.connected(), [(line.peer.clone(), Face::Dial)]);
    assert!(upper.refusals().list().is_empty() && lower.refusals().list().is_empty());

    let ended = line.ended.clone();
    drop(line);
    eventually("the line is gone", || upper.connected().is_empty()).await;
    assert!(ended.is_cancelled());
}

#[tokio::test]
async fn a_stranger_of_another_authority_is_refused() {
    let (town, rogue) = (Town::new("jilin.example"), Town::new("jilin.example"));
    let door = Door::open(&town.member("/hall/a"), Face::Link).await;
    let mut config = rogue.issue("/hall/b");
    config.link_roots = vec![town.path("ca.pem")];
    let stranger = rogue.open(config);

    let error = door.dial(&stranger).await.unwrap_err();
    assert_eq!(error.alert(), Some("unknown-ca"), "{error}");
    noted(&stranger, "spiffe://jilin.example/hall/a", "unknown-ca").await;
    door.refused("spiffe://jilin.example/hall/b", "unknown-ca").await;
}

#[tokio::test]
async fn an_expired_hall_is_refused() {
    let town = Town::new("jilin.example");
    let door = Door::open(&town.member("/hall/a"), Face::Link).await;
    let expired = town.open(town.issue_at("/hall/b", LONG_AGO));
    let error = door.dial(&expired).await.unwrap_err();
    assert_eq!(error.reason(), "certificate-expired", "{error}");
    door.refused("spiffe://jilin.example/hall/b", "expired").await;
    let alarms = expired.standing().alarms;
    assert_eq!(alarms.iter().map(|alarm| alarm.code).collect::<Vec<_>>(), ["certificate-expired"]);
}

#[tokio::test]
async fn a_revoked_hall_is_refused() {
    let mut town = Town::new("jilin.example");
    let lower = town.member("/hall/b");
    town.revoke(&lower.bearer().serial);
    let door = Door::open(&town.member("/hall/a"), Face::Link).await;
    let error = door.dial(&lower).await.unwrap_err();
    assert_eq!(error.alert(), Some("certificate-revoked"), "{error}");
    door.refused("spiffe://jilin.example/hall/b", "revoked").await;
}

#[tokio::test]
async fn a_hall_that_is_not_admitted_is_refused_and_cut() {
    let town = Town::new("jilin.example");
    let (upper, lower) = (town.member("/hall/a"), town.member("/hall/b"));
    let door = Door::open(&upper, Face::Link).await;
    let line = door.dial(&lower).await.unwrap();
    check(&line.channel).await.unwrap();
    let cut = upper.admit_halls(Some(BTreeSet::from(["c".parse().unwrap()])));
    assert_eq!(cut.len(), 1);
    eventually("the line is cut", || line.ended.is_cancelled()).await;

    let error = door.dial(&lower).await.unwrap_err();
    assert_eq!(error.alert(), Some("access-denied"), "{error}");
    door.refused("spiffe://jilin.example/hall/b", "wrong-hall").await;
    upper.admit_halls(Some(BTreeSet::from(["b".parse().unwrap()])));
    check(&door.dial(&lower).await.unwrap().channel).await.unwrap();
}

#[tokio::test]
async fn whoever_is_no_hall_is_refused_at_the_link_door() {
    let town = Town::new("jilin.example");
    let door = Door::open(&town.member("/hall/a"), Face::Link).await;
    for path in ["/system/a/window", "/department/11220000MB1519938C", "/operator/wang"] {
        let error = door.dial(&town.member(path)).await.unwrap_err();
        assert_eq!(error.alert(), Some("access-denied"), "{error}");
        door.refused(&format!("spiffe://jilin.example{path}"), "not-a-hall").await;
    }
}

#[tokio::test]
async fn a_hall_of_another_trust_domain_is_refused_though_its_root_is_known() {
    let (town, other) = (Town::new("jilin.example"), Town::new("liaoning.example"));
    let mut config = town.issue("/hall/a");
    config.link_roots.push(other.path("ca.pem"));
    let door = Door::open(&town.open(config), Face::Link).await;
    let mut config = other.issue("/hall/b");
    config.link_roots.push(town.path("ca.pem"));
    let error = door.dial(&other.open(config)).await.unwrap_err();
    assert_eq!(error.alert(), Some("access-denied"), "{error}");
    door.refused("spiffe://liaoning.example/hall/b", "wrong-domain").await;
}

#[tokio::test]
async fn a_server_that_is_somebody_else_is_refused_by_the_dialler() {
    let (mut town, rogue) = (Town::new("jilin.example"), Town::new("jilin.example"));
    let lower = town.member("/hall/b");
    let door = Door::open(&town.member("/hall/a"), Face::Link).await;

    let error = door.dial_as(&lower, &town.id("/hall/c")).await.unwrap_err();
    assert_eq!(error.reason(), "wrong-hall", "{error}");
    assert_eq!(error.peer(), Some(&town.id("/hall/a")));
    noted(&lower, "spiffe://jilin.example/hall/a", "wrong-hall").await;
    let error = door.dial_as(&lower, &"spiffe://x.example/hall/a".parse().unwrap()).await;
    assert_eq!(error.unwrap_err().reason(), "wrong-domain");

    let false_door = Door::open(&rogue.member("/hall/a"), Face::Link).await;
    let error = false_door.dial(&lower).await.unwrap_err();
    assert_eq!(error.reason(), "unknown-ca", "{error}");
    false_door.refused("127.0.0.1", "refused-us").await;

    town.revoke(&door.tls.bearer().serial);
    lower.reload().unwrap();
    let error = door.dial(&lower).await.unwrap_err();
    assert_eq!(error.reason(), "revoked", "{error}");
}

#[tokio::test]
async fn a_client_certificate_does_not_serve() {
    let town = Town::new("jilin.example");
    let door = Door::open(&town.member("/operator/wang"), Face::Portal).await;
    let error = door.dial(&town.member("/hall/b")).await.unwrap_err();
    assert_eq!(error.reason(), "wrong-usage", "{error}");
}

#[tokio::test]
async fn an_authority_comes_back_from_its_files() {
    let mut town = Town::new("jilin.example");
    let serial: Serial = "0102".parse().unwrap();
    town.revoke(&serial);
    let loaded = crate::Authority::load(&town.files()).unwrap();
    assert_eq!(loaded.domain().as_str(), "jilin.example");
    assert_eq!(loaded.crl_number(), 2);
    assert_eq!(loaded.revoked().iter().collect::<Vec<_>>(), [(&serial, &FOUNDED)]);
    town.authority = loaded;
    let (upper, lower) = (town.member("/hall/a"), town.member("/hall/b"));
    let door = Door::open(&upper, Face::Link).await;
    check(&door.dial(&lower).await.unwrap().channel).await.unwrap();

    let mut order = crate::Order::new("spiffe://other.example/hall/a".parse().unwrap());
    assert!(town.authority.issue(&order, FOUNDED).is_err(), "another trust domain");
    order = crate::Order::new(town.id("/operator/wang")).reachable_at(&["localhost"], &[]);
    assert!(town.authority.issue(&order, FOUNDED).is_err(), "an operator does not serve");
    assert_eq!(lower.bearer().expires, FOUNDED.after(90 * DAY));
}
