//! Real data directories: what was written reads back, and fits together.

use pki::{Authority, Bearer, Identity, read_certificates};
use record::Timestamp;
use telemetry::Manual;

use super::*;

fn clock() -> Arc<dyn Clock> {
    Arc::new(Manual::new(Timestamp(1_763_856_000_000)))
}

fn dev(directory: PathBuf) -> Birth {
    Birth { directory, dev: true, ..Birth::default() }
}

async fn born(birth: Birth) -> Born {
    give(&birth, &clock()).await.unwrap()
}

#[tokio::test]
async fn a_root_hall_reads_back_and_stands_in_its_own_acts() {
    let dir = tempfile::tempdir().unwrap();
    let root = born(dev(dir.path().join("220000"))).await;
    let settings = &root.settings;
    assert_eq!((settings.hall.as_str(), settings.name.as_str()), ("220000", "吉林省政务大厅"));
    assert_eq!(settings.trust.root_ledger.to_string(), "jilin.example/hallway/220000/acts/1");
    assert_eq!(settings.trust.root_key, root.log_key);
    assert_ne!(settings.grpc_listen.port(), settings.link_listen.port());
    assert_eq!(root.admission, Some(Admission::OwnRoot { index: 0 }));
    for (name, path) in [
        ("hall", "/hall/220000"),
        ("system", "/system/220000/dev"),
        ("department", "/department/dev"),
        ("operator", "/operator/dev"),
    ] {
        let file = root.directory.join(format!("certs/{name}.pem"));
        let bearer = Bearer::read(&read_certificates(&file).unwrap()[0]).unwrap();
        assert_eq!(bearer.identity.path(), path);
        assert!(root.directory.join(format!("keys/{name}.key")).exists());
    }
    let again = give(&dev(dir.path().join("220000")), &clock()).await.unwrap_err();
    assert!(matches!(again, BirthError::Inhabited { .. }), "{again}");
}

#[tokio::test]
async fn a_family_shares_root_authority_and_directory() {
    let dir = tempfile::tempdir().unwrap();
    let root = born(dev(dir.path().join("220000"))).await;
    let child = Birth { parent: Some(root.directory.clone()), ..dev(dir.path().join("220100")) };
    let child = born(child).await;
    assert_eq!(child.admission, Some(Admission::Entered { index: 1 }), "the root does not run");
    assert_eq!(child.settings.trust.root_key, root.log_key);
    let up = &child.settings.peers[0];
    assert_eq!(up.hall.as_str(), "220000");
    assert_eq!(up.endpoint, Some(root.settings.link_listen.to_string()));

    let across = Birth {
        parent: Some(child.directory.clone()),
        peers: vec![root.directory.clone()],
        ..dev(dir.path().join("县 大厅"))
    };
    let across = born(across).await;
    assert_eq!(across.settings.hall.as_str(), "220102", "the first free seat below 220100");
    assert_eq!(across.admission.map(Admission::index), Some(2));
    let peers: Vec<&str> = across.settings.peers.iter().map(|one| one.hall.as_str()).collect();
    assert_eq!(peers, ["220100", "220000"]);
    let root_now = config::read(&root.directory).unwrap();
    assert_eq!(root_now.peers[0].hall.as_str(), "220102", "both sides know of each other");

    let kin = Kin::read(&across.directory).unwrap();
    assert_eq!((kin.root, kin.parent), (root.directory.clone(), Some(child.directory.clone())));
    let authority = Authority::load(&authority_files(&across.directory)).unwrap();
    let stranger = Identity::hall("other.example".parse().unwrap(), "a".parse().unwrap());
    assert!(authority.issue(&pki::Order::new(stranger), Timestamp(0)).is_err());

    let twice = Birth { id: Some("220100".parse().unwrap()), ..dev(dir.path().join("x")) };
    let twice = Birth { parent: Some(root.directory), ..twice };
    let twice = give(&twice, &clock()).await.unwrap_err();
    assert!(matches!(twice, BirthError::Taken { .. }), "{twice}");
}

#[tokio::test]
async fn a_hall_whose_root_is_elsewhere_waits_for_certificates_and_admission() {
    let dir = tempfile::tempdir().unwrap();
    let root = born(dev(dir.path().join("220000"))).await;
    let trust = root.settings.trust;
    let hall = Birth {
        id: Some("220102".parse().unwrap()),
        root: Some((trust.root_ledger, trust.root_key.clone())),
        ..Birth { directory: dir.path().join("hall"), ..Birth::default() }
    };
    let hall = born(hall).await;
    assert_eq!(hall.settings.trust.root_key, trust.root_key);
    assert_eq!(hall.admission, None);
    assert!(!hall.directory.join("certs").exists());
    assert_eq!(hall.settings.grpc_listen.port(), 7400);
}

/// People edit the file; `init --peer` must not undo that.
#[tokio::test]
async fn editing_a_neighbour_keeps_its_comments() {
    let dir = tempfile::tempdir().unwrap();
    let root = born(dev(dir.path().join("220000"))).await;
    let path = root.directory.join("hallway.toml");
    let before = fs::read_to_string(&path).unwrap();
    befriend(&root.directory, &root.settings).unwrap();
    befriend(&root.directory, &root.settings).unwrap();
    let after = fs::read_to_string(&path).unwrap();
    assert!(after.starts_with(before.trim_end()), "{after}");
    assert_eq!(after.matches("[[peer]]").count(), 1, "{after}");
}
