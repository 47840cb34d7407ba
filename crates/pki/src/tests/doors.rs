//! The portal, callers who do not speak our language, and lines that go nowhere.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::tests::town::{Door, Town, check, eventually};
use crate::{Bearer, Config, Dial, Face, Serial, read_certificates, read_key};

/// A client that is not ours: checks host names, likes to resume, may come without certificate.
pub(crate) struct Foreigner {
    tls: Arc<ClientConfig>,
    serial: Option<Serial>,
}

impl Foreigner {
    pub(crate) fn new(town: &Town, credential: Option<Config>) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        for root in read_certificates(&town.path("ca.pem")).unwrap() {
            roots.add(root).unwrap();
        }
        let time = town.member("/hall/time").client(&town.id("/hall/time")).0;
        let builder = ClientConfig::builder_with_details(provider, Arc::clone(&time.time_provider))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_root_certificates(roots);
        let (mut tls, serial) = match credential {
            Some(at) => {
                let chain = read_certificates(&at.certificate).unwrap();
                let serial = Bearer::read(&chain[0]).unwrap().serial;
                let tls = builder.with_client_auth_cert(chain, read_key(&at.key).unwrap());
                (tls.unwrap(), Some(serial))
            }
            None => (builder.with_no_client_auth(), None),
        };
        tls.alpn_protocols = vec![b"h2".to_vec()];
        Self { tls: Arc::new(tls), serial }
    }

    pub(crate) fn serial(&self) -> Serial {
        self.serial.clone().unwrap()
    }

    pub(crate) async fn connect(&self, to: SocketAddr) -> std::io::Result<TlsStream<TcpStream>> {
        let tcp = TcpStream::connect(to).await?;
        let name = "localhost".try_into().unwrap();
        TlsConnector::from(Arc::clone(&self.tls)).connect(name, tcp).await
    }
}

#[tokio::test]
async fn the_portal_lets_in_ours_and_nobody_elses() {
    let town = Town::new("jilin.example");
    let door = Door::open(&town.member("/hall/a"), Face::Portal).await;
    for path in ["/system/a/window", "/department/11220000MB1519938C", "/operator/wang", "/hall/a"]
    {
        let line = door.dial(&town.member(path)).await.unwrap();
        check(&line.channel).await.unwrap();
        assert_eq!(door.seen.lock().unwrap().last().unwrap().identity, town.id(path));
    }
    for path in ["/system/b/window", "/hall/b"] {
        let error = door.dial(&town.member(path)).await.unwrap_err();
        assert_eq!(error.alert(), Some("access-denied"), "{error}");
        door.refused(&format!("spiffe://jilin.example{path}"), "wrong-hall").await;
    }
}

#[tokio::test]
async fn the_doors_have_roots_of_their_own() {
    let (town, clients) = (Town::new("jilin.example"), Town::new("jilin.example"));
    let mut config = town.issue("/hall/a");
    config.client_roots = vec![clients.path("ca.pem")];
    let hall = town.open(config);
    let (link, portal) =
        (Door::open(&hall, Face::Link).await, Door::open(&hall, Face::Portal).await);
    let mut config = clients.issue("/operator/wang");
    config.link_roots = vec![town.path("ca.pem")];
    check(&portal.dial(&clients.open(config)).await.unwrap().channel).await.unwrap();
    let mut config = clients.issue("/hall/b");
    config.link_roots = vec![town.path("ca.pem")];
    let error = link.dial(&clients.open(config)).await.unwrap_err();
    assert_eq!(error.alert(), Some("unknown-ca"), "a client authority makes no halls");
    let error = portal.dial(&town.member("/operator/li")).await.unwrap_err();
    assert_eq!(error.alert(), Some("unknown-ca"), "the halls' authority makes no operators");
}

#[tokio::test]
async fn who_shows_no_certificate_is_refused() {
    let town = Town::new("jilin.example");
    let door = Door::open(&town.member("/hall/a"), Face::Portal).await;
    let mut stream = Foreigner::new(&town, None).connect(door.address).await.unwrap();
    let error = stream.read_u8().await.unwrap_err();
    assert!(error.to_string().contains("CertificateRequired"), "{error}");
    door.refused("127.0.0.1", "no-certificate").await;
}

#[tokio::test]
async fn who_does_not_speak_tls_is_refused() {
    let town = Town::new("jilin.example");
    let door = Door::open(&town.member("/hall/a"), Face::Portal).await;
    let mut plain = TcpStream::connect(door.address).await.unwrap();
    let more_than_one_read = [b"GET / HTTP/1.1\r\n".to_vec(), vec![b'x'; 20_000]].concat();
    plain.write_all(&more_than_one_read).await.unwrap();
    let mut answer = Vec::new();
    plain.read_to_end(&mut answer).await.expect("closed gently, not reset");
    assert!(!answer.is_empty(), "the alert arrives");
    door.refused("127.0.0.1", "wrong-protocol").await;
}

#[tokio::test]
async fn a_slow_handshake_ends_and_keeps_nobody_waiting() {
    let town = Town::new("jilin.example");
    let mut config = town.issue("/hall/a");
    config.handshake_timeout = Duration::from_millis(300);
    let door = Door::open(&town.open(config), Face::Link).await;
    let mut loris = TcpStream::connect(door.address).await.unwrap();
    loris.write_all(&[0x16, 0x03]).await.unwrap();
    check(&door.dial(&town.member("/hall/b")).await.unwrap().channel).await.unwrap();
    assert_eq!(loris.read(&mut [0; 16]).await.unwrap_or(0), 0, "closed");
    door.refused("127.0.0.1", "handshake-timeout").await;
}

#[tokio::test]
async fn connections_are_bounded() {
    let town = Town::new("jilin.example");
    let mut config = town.issue("/hall/a");
    config.connections_max = 1;
    let hall = town.open(config);
    let door = Door::open(&hall, Face::Link).await;
    let lower = town.member("/hall/b");
    let line = door.dial(&lower).await.unwrap();
    door.dial(&lower).await.unwrap_err();
    door.refused("127.0.0.1", "too-many-connections").await;
    drop(line);
    eventually("the place is free", || hall.connected().is_empty()).await;
    check(&door.dial(&lower).await.unwrap().channel).await.unwrap();
}

#[tokio::test]
async fn no_dial_hangs() {
    let town = Town::new("jilin.example");
    let lower = town.member("/hall/b");
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let mut dial = Dial::new(town.id("/hall/a"));
    dial.deadline = Duration::from_millis(200);
    let start = Instant::now();
    let error = lower.dial(&address, &dial).await.unwrap_err();
    assert_eq!(error.reason(), "timeout", "{error}");
    assert!(start.elapsed() < Duration::from_secs(2));
    drop(silent);
    let error = lower.dial(&address, &dial).await.unwrap_err();
    assert_eq!(error.reason(), "unreachable", "{error}");
    assert!(lower.refusals().list().is_empty(), "nobody refused anybody");
}

/// The address is free: whoever answers is known by identity, also behind a proxy.
#[tokio::test]
async fn a_line_may_lead_through_a_proxy() {
    let town = Town::new("jilin.example");
    let door = Door::open(&town.member("/hall/a"), Face::Link).await;
    let proxy = TcpListener::bind("[::1]:0").await.unwrap();
    let to = proxy.local_addr().unwrap();
    let behind = door.address;
    let pump = async move {
        let (mut near, _) = proxy.accept().await.unwrap();
        let mut far = TcpStream::connect(behind).await.unwrap();
        tokio::io::copy_bidirectional(&mut near, &mut far).await.ok();
    };
    let through = async {
        let tcp = TcpStream::connect(to).await.unwrap();
        let dial = Dial::new(town.id("/hall/a"));
        let line = town.member("/hall/b").dial_over(tcp, &dial).await.unwrap();
        check(&line.channel).await.unwrap();
    };
    tokio::select! {
        () = pump => {}
        () = through => {}
    }
    assert_eq!(door.seen.lock().unwrap().len(), 1);
}
