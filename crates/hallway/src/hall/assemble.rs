//! From settings to a hall that is ready: each step opens one floor on top of the one before.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;

use intake::{Bounds, Intake};
use ledger::{Appender, CommitError, Durable, Os, Reader, Store};
use link::machine::{Config, Machine};
use link::{ActsFollower, Connections, Dialler, Exchange, Inbox, LinkFace, Tools};
use outbox::{Applier, Condition, Mark, Outbox, Passing};
use pki::{Face, Identity, Listener, Tls};
use policy::Rights;
use portal::Marks;
use record::{HallId, LedgerName};
use telemetry::{Alarm, Board, Clock, System};
use tokio::sync::watch;

use super::shutdown::Floor;
use super::{HallError, Ready, keys, rotate};
use crate::config::Settings;

/// A hall that is ready to run.
pub(super) struct Hall {
    pub(super) settings: Settings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) board: Board,
    pub(super) tls: Tls,
    pub(super) faces: Faces,
    pub(super) exchange: Exchange<Os>,
    pub(super) inbox: Inbox,
    pub(super) link_face: LinkFace,
    pub(super) intake: Intake<Os>,
    pub(super) rights: watch::Receiver<Rights>,
    pub(super) log: Log,
    pub(super) links: Floor,
    pub(super) portals: Floor,
    pub(super) marks: Marks<Os>,
}

/// Ports, bound and not yet open.
pub(super) struct Faces {
    pub(super) grpc: Listener,
    pub(super) link: Listener,
}

/// The ledger and the outbox with their threads.
pub(super) struct Log {
    pub(super) reader: Reader<Os>,
    pub(super) appender: Appender,
    pub(super) durable: watch::Receiver<Durable>,
    pub(super) writer: JoinHandle<Result<Durable, CommitError>>,
    pub(super) outbox: Applier,
    pub(super) passing: Passing,
    pub(super) applier: JoinHandle<()>,
    /// What peers held when this hall went down, as far as the outbox knows.
    remembered: Vec<(HallId, LedgerName, u64)>,
}

impl Hall {
    pub(super) async fn assemble(settings: Settings) -> Result<Self, HallError> {
        let clock: Arc<dyn Clock> = Arc::new(System);
        let board = Board::default();
        let mut log = open_log(&settings, &clock, &board)?;
        let (mut rights, mut follower) = read_acts(&settings, &log.reader)?;
        if rotate::resume(&settings, &rights, &log.reader)? {
            // The next seal must be signed by the new key: open once more with it.
            drop(follower);
            log.close().await?;
            log = open_log(&settings, &clock, &board)?;
            (rights, follower) = read_acts(&settings, &log.reader)?;
        }
        let tls = open_tls(&settings, &clock)?;
        let faces = Faces {
            grpc: Listener::bind(settings.grpc_listen, Face::Portal, tls.clone()).await?,
            link: Listener::bind(settings.link_listen, Face::Link, tls.clone()).await?,
        };
        let (links, portals) = (Floor::new("links"), Floor::new("portals"));
        let ground = Ground { settings: &settings, clock: &clock, board: &board, log: &log };
        let Replication { exchange, inbox, link_face, rights } =
            ground.replication((rights, follower), &tls, &links)?;
        let intake = ground.intake(&rights);
        let marks = Marks::new(log.reader.clone(), portals.stop.clone());
        Ok(Self {
            settings,
            clock,
            board,
            tls,
            faces,
            exchange,
            inbox,
            link_face,
            intake,
            rights,
            log,
            links,
            portals,
            marks,
        })
    }

    pub(super) fn ready(&self) -> Ready {
        Ready {
            hall: self.settings.hall.to_string(),
            pid: std::process::id(),
            grpc: self.faces.grpc.address(),
            link: self.faces.link.address(),
        }
    }
}

/// What the upper floors stand on.
struct Ground<'a> {
    settings: &'a Settings,
    clock: &'a Arc<dyn Clock>,
    board: &'a Board,
    log: &'a Log,
}

/// Links: the task, its door, its face, and what the acts say as it learns it.
struct Replication {
    exchange: Exchange<Os>,
    inbox: Inbox,
    link_face: LinkFace,
    rights: watch::Receiver<Rights>,
}

impl Ground<'_> {
    fn replication(
        &self,
        (rights, follower): (Rights, ActsFollower<Os>),
        tls: &Tls,
        floor: &Floor,
    ) -> Result<Replication, HallError> {
        let Self { settings, clock, board, log } = self;
        let connections = Connections::default();
        let machine = machine(settings, &rights, log);
        let (rights_out, rights) = watch::channel(rights);
        let tools = Tools {
            hall: settings.hall.clone(),
            domain: settings.domain.clone(),
            reader: log.reader.clone(),
            appender: log.appender.clone(),
            durable: log.durable.clone(),
            outbox: log.outbox.clone(),
            holder: keys::signer(&settings.holder_key)?,
            board: Board::clone(board),
            clock: Arc::clone(clock),
            dialler: dialler(settings, tls, &connections),
        };
        let (exchange, inbox) =
            Exchange::new(tools, machine, follower, rights_out, floor.stop.clone());
        let link_face = LinkFace {
            domain: settings.domain.clone(),
            neighbours: settings.peers.iter().map(|peer| peer.hall.clone()).collect(),
            rights: rights.clone(),
            inbox: inbox.clone(),
            connections,
            refusals: tls.refusals().clone(),
            clock: Arc::clone(clock),
            tasks: floor.tasks.clone(),
        };
        Ok(Replication { exchange, inbox, link_face, rights })
    }

    fn intake(&self, rights: &watch::Receiver<Rights>) -> Intake<Os> {
        let Self { settings, clock, log, .. } = self;
        let bounds = Bounds {
            classes: settings.bounds.classes.clone(),
            audiences: settings.bounds.audiences.clone(),
            profiles: settings.bounds.profiles.clone(),
        };
        let ledger = (log.reader.clone(), log.appender.clone());
        Intake::new(settings.hall.clone(), ledger, rights.clone(), Arc::clone(clock), bounds)
    }
}

/// The outbox first, for it knows which group was acknowledged; then the ledger; then whether both
/// belong together.
fn open_log(settings: &Settings, clock: &Arc<dyn Clock>, board: &Board) -> Result<Log, HallError> {
    let directory = settings.directory.join("ledger");
    let (outbox, condition) = Outbox::open(&settings.directory.join("outbox"))?;
    let mut seed = [0; 32];
    rand::fill(&mut seed);
    let mut options = ledger::Options::new(settings.domain.clone(), settings.hall.clone(), seed);
    let mark = outbox.mark().ok().flatten();
    options.acknowledged = mark.map(|mark| mark.group);
    options.acknowledged_in = mark.map(|mark| mark.log_id);
    let signer = keys::signer(&settings.log_key)?;
    let disk = Os::new(&directory)
        .map_err(|source| HallError::Prepare { what: directory.display().to_string(), source })?;
    let (store, report) = Store::open(disk, options, signer, clock.now())?;
    tell_of_opening(&report, board, clock);
    let durable = report.durable;
    let mark = Mark { log_id: durable.log_id, group: durable.group, crc: durable.crc };
    let (outbox, condition) = outbox.adopt(mark, condition, |_| None)?;
    if let Condition::Rebuilt(reason) = condition {
        board.raise(Alarm {
            code: "outbox-rebuilt",
            subject: "outbox".to_owned(),
            message_zh: format!("发件箱已重建（{}），未丢失数据", reason.as_str()),
            message_en: format!("the outbox was rebuilt ({}), nothing is lost", reason.as_str()),
            since: clock.now(),
        });
    }
    let (remembered, passing) = (outbox.sizes().unwrap_or_default(), outbox.passing());
    let (outbox, applier) = Applier::start(outbox).map_err(|source| HallError::Prepare {
        what: "thread outbox-applier".to_owned(),
        source,
    })?;
    let (appender, reader, durable, writer) =
        ledger::start(store, Arc::clone(clock), ledger::Limits::default());
    Ok(Log { reader, appender, durable, writer, outbox, passing, applier, remembered })
}

fn tell_of_opening(report: &ledger::OpenReport, board: &Board, clock: &Arc<dyn Clock>) {
    if let Some(cut) = &report.cut {
        let ledger::Cut { segment, offset, group } = cut;
        tracing::warn!(segment, offset, group, "a torn group was cut; it was never acknowledged");
    }
    for name in &report.rebuilt {
        tracing::warn!(name, "derived file was built again");
    }
    for damage in &report.damage {
        board.raise(Alarm {
            code: "ledger-damaged",
            subject: format!("segment {}", damage.segment),
            message_zh: format!("账本损坏：{damage}；本厅只读，请执行 hallway verify"),
            message_en: format!("{damage}; the hall is read-only, see `hallway verify`"),
            since: clock.now(),
        });
    }
}

fn read_acts(
    settings: &Settings,
    reader: &Reader<Os>,
) -> Result<(Rights, ActsFollower<Os>), HallError> {
    let mut follower = ActsFollower::new(reader.clone(), settings.trust.acts()?);
    follower.advance()?;
    Ok((follower.rights(), follower))
}

fn open_tls(settings: &Settings, clock: &Arc<dyn Clock>) -> Result<Tls, HallError> {
    let files = &settings.tls;
    let mut config =
        pki::Config::new(files.certificate.clone(), files.key.clone(), files.link_roots.clone());
    config.client_roots = vec![files.client_roots.clone()];
    config.crls = files.crls.iter().filter(|path| path.exists()).cloned().collect();
    config.crl_grace = files.crl_grace;
    config.watch_interval = files.watch;
    let tls = Tls::open(config, Arc::clone(clock))?;
    let expected = Identity::hall(settings.domain.clone(), settings.hall.clone());
    let certificate = tls.identity();
    if certificate != expected {
        let certificate = certificate.to_string();
        return Err(HallError::OtherCertificate { hall: settings.hall.clone(), certificate });
    }
    Ok(tls)
}

fn dialler(settings: &Settings, tls: &Tls, connections: &Connections) -> Dialler {
    let endpoints: BTreeMap<HallId, String> = settings
        .peers
        .iter()
        .filter_map(|peer| Some((peer.hall.clone(), peer.endpoint.clone()?)))
        .collect();
    let (tls, domain) = (tls.clone(), settings.domain.clone());
    Dialler::new(tls, domain, settings.keepalive, connections.clone(), endpoints)
}

fn machine(settings: &Settings, rights: &Rights, log: &Log) -> Machine {
    let mut config = Config::new(log.reader.log_id());
    config.receipt_near = settings.receipt_neighbour;
    config.receipt_far = settings.receipt_onward;
    config.backoff_max = settings.backoff_max;
    config.refused_retry = settings.refused_retry;
    if !settings.carry_everything {
        let directory = rights.acts().directory();
        for peer in &settings.peers {
            let carry = settings.carry.iter().cloned();
            let wanted = policy::Carry::wanted(directory, &settings.hall, &peer.hall, carry);
            config.carry_from.insert(peer.hall.clone(), wanted);
        }
    }
    let heads =
        log.reader.heads().into_iter().map(|(ledger, head)| {
            (ledger, link::machine::Head { size: head.size, root: head.root })
        });
    let dialled = settings.peers.iter().filter(|peer| peer.endpoint.is_some());
    let dial = dialled.map(|peer| peer.hall.clone()).collect();
    let mut seed = [0; 8];
    rand::fill(&mut seed);
    let seed = u64::from_le_bytes(seed);
    let hall = settings.hall.clone();
    let mut machine = Machine::new(config, hall, rights.clone(), heads.collect(), dial, seed);
    for (peer, ledger, size) in &log.remembered {
        machine.recall(peer, ledger.clone(), *size);
    }
    machine
}
