//! Running a hall: open the faces, start the exchange, wait for the end, go down from the top. Faces
//! stop accepting and end their streams; links say goodbye; the ledger commits what is queued and
//! closes; the outbox takes the last mark.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use ledger::{CommitError, Durable};
use link::machine::{Event, LinkState};
use outbox::{Mark, Note};
use portal::{FeedFace, ImportFace, Limits, OperationsFace, QuarantineFace, SubmissionFace};
use record::HallId;
use telemetry::metric::{self, Metrics};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::assemble::{Hall, Log};
use super::shutdown::Floor;
use super::{HallError, rotate};

/// How often the writer's thread is looked after, and the acknowledged mark goes to the outbox.
const PULSE: Duration = Duration::from_millis(200);
/// How often gauges are set.
const GAUGES: Duration = Duration::from_secs(5);

impl Hall {
    pub(super) async fn run(self) -> Result<(), HallError> {
        let span = tracing::info_span!("hall", hall = %self.settings.hall);
        self.run_in_span().instrument(span).await
    }

    async fn run_in_span(self) -> Result<(), HallError> {
        let grpc = self.grpc_router().await?;
        let Self {
            log,
            links,
            portals,
            exchange,
            link_face,
            faces,
            tls,
            settings,
            inbox,
            marks,
            ..
        } = self;
        portals.tasks.spawn_blocking(move || read(&marks));
        let dialled = settings.peers.iter().filter(|peer| peer.endpoint.is_some());
        let dial: Vec<HallId> = dialled.map(|peer| peer.hall.clone()).collect();
        let link =
            portal::routes(settings.deadline, &["hallway.v1.ReplicationService"], |routes| {
                routes.add_service(link_face.into_server());
            })
            .await?;
        links.tasks.spawn(exchange.run());
        links.tasks.spawn(tls.clone().watch(links.stop.clone()));
        links.tasks.spawn(hang_ups(tls.clone(), links.stop.clone()));
        for (floor, listener, router) in [(&portals, faces.grpc, grpc), (&links, faces.link, link)]
        {
            let incoming = listener.open(&floor.tasks, floor.stop.clone());
            floor.tasks.spawn(portal::serve(router, incoming, floor.stop.clone()));
        }
        tracing::info!("hall serves");
        let outcome = tokio::select! {
            () = asked_to_stop() => Ok(()),
            () = pulse(&log, &tls, &inbox, &dial) => Ok(()),
        };
        tracing::info!("hall goes down");
        portals.go_down().await;
        links.go_down().await;
        log.close().await.and(outcome)
    }

    /// The gRPC face with all its services.
    async fn grpc_router(&self) -> Result<portal::Faces, HallError> {
        let limits = Limits::new(
            self.settings.concurrent_requests,
            self.settings.records_per_second,
            self.tls.refusals().clone(),
            Arc::clone(&self.clock),
        );
        let Floor { tasks, stop, .. } = &self.portals;
        let submission = SubmissionFace {
            hall: self.settings.hall.clone(),
            intake: self.intake.clone(),
            limits: limits.clone(),
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let operations = OperationsFace {
            reader: self.log.reader.clone(),
            inbox: self.inbox.clone(),
            intake: self.intake.clone(),
            rights: self.rights.clone(),
            tls: self.tls.clone(),
            board: self.board.clone(),
            clock: Arc::clone(&self.clock),
            metrics: Metrics::start()?,
            limits: limits.clone(),
            rotation: rotate::rotation(&self.settings, &self.intake, &self.rights),
            proving: super::proving::proving(self)?,
        };
        let feed = FeedFace {
            domain: self.settings.domain.clone(),
            hall: self.settings.hall.clone(),
            reader: self.log.reader.clone(),
            durable: self.log.durable.clone(),
            anchor: self.settings.trust.acts()?,
            marks: self.marks.clone(),
            level: self.exchange.level(),
            places: Arc::new(Semaphore::new(self.settings.feeds)),
            limits: limits.clone(),
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let names = [
            "",
            "hallway.v1.SubmissionService",
            "hallway.v1.ImportService",
            "hallway.v1.QuarantineService",
            "hallway.v1.FeedService",
            "hallway.v1.OperationsService",
        ];
        let (import, quarantine) = self.importing(&limits);
        let router = portal::routes(self.settings.deadline, &names, |routes| {
            routes
                .add_service(submission.into_server())
                .add_service(import.into_server())
                .add_service(quarantine.into_server())
                .add_service(feed.into_server())
                .add_service(operations.into_server());
        });
        Ok(router.await?)
    }

    /// The faces to importers and to whoever decides about what they could not enter.
    fn importing(&self, limits: &Limits) -> (ImportFace<ledger::Os>, QuarantineFace<ledger::Os>) {
        let Floor { tasks, stop, .. } = &self.portals;
        let import = ImportFace {
            hall: self.settings.hall.clone(),
            intake: self.intake.clone(),
            limits: limits.clone(),
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        (import, QuarantineFace { intake: self.intake.clone(), limits: limits.clone() })
    }
}

/// Reads the marks of the whole log once, so that the first feed need not wait for it.
fn read(marks: &portal::Marks<ledger::Os>) {
    if let Err(error) = marks.advance() {
        let error: &dyn std::error::Error = &error;
        tracing::error!(error, "the log is not readable for marks");
    }
}

async fn asked_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be heard; stop the process with SIGKILL");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// SIGHUP reads certificates, roots and revocation lists again.
async fn hang_ups(tls: pki::Tls, stop: CancellationToken) {
    let Ok(mut hang_up) = signal(SignalKind::hangup()) else { return };
    while let Some(Some(())) = stop.run_until_cancelled(hang_up.recv()).await {
        let tls = tls.clone();
        let reload = tokio::task::spawn_blocking(move || tls.reload().map(drop));
        if let Ok(Err(error)) = reload.await {
            tracing::error!(error = pki::with_causes(&error), "trust material not reloaded");
        }
    }
}

/// Ends when the writer's thread has ended: then nothing can be promised any more. Until then keeps
/// the outbox's mark and the gauges current, and has refused links tried again after a reload.
async fn pulse(log: &Log, tls: &pki::Tls, inbox: &link::Inbox, dial: &[HallId]) {
    let (mut marked, mut trusted) = (0, tls.generation());
    let mut gauged = tokio::time::Instant::now() - GAUGES;
    while !log.writer.is_finished() {
        let durable = *log.durable.borrow();
        if durable.group != marked {
            marked = durable.group;
            log.outbox.note(Note::Acknowledged(mark(&durable)));
        }
        if trusted != tls.generation() {
            // Whom we or they refused may be let in now.
            trusted = tls.generation();
            let _told = inbox.tell(Event::Reloaded { dial: dial.to_vec() }).await;
        }
        if gauged.elapsed() >= GAUGES {
            gauged = tokio::time::Instant::now();
            gauges(&durable, tls, inbox, &log.outbox).await;
        }
        tokio::time::sleep(PULSE).await;
    }
}

/// Sets the gauges that nobody else sets when something happens.
async fn gauges(durable: &Durable, tls: &pki::Tls, inbox: &link::Inbox, outbox: &outbox::Applier) {
    metrics::gauge!(metric::LEDGER_DURABLE_GROUPS).set(number(durable.group));
    let depths = [("link-events", inbox.depth()), ("outbox-notes", outbox.depth())];
    for (queue, depth) in depths {
        let depth = u64::try_from(depth).unwrap_or(u64::MAX);
        metrics::gauge!(metric::QUEUE_DEPTH_ITEMS, "queue" => queue).set(number(depth));
    }
    let standing = tls.standing();
    let left = standing.bearer.expires.since(telemetry::Clock::now(&telemetry::System));
    metrics::gauge!(metric::PKI_CERTIFICATE_EXPIRY_SECONDS, "name" => "hall")
        .set(left.as_secs_f64());
    let Some(view) = inbox.look().await else { return };
    for link in view.links {
        let peer = link.peer.to_string();
        metrics::gauge!(metric::LINK_LAG_ENTRIES, "peer" => peer.clone())
            .set(number(link.lag_entries));
        for state in LinkState::ALL {
            let is = if state == link.state { 1.0 } else { 0.0 };
            let labels = [("peer", peer.clone()), ("state", state.as_str().to_owned())];
            metrics::gauge!(metric::LINK_STATE, &labels).set(is);
        }
    }
}

/// Gauges are floats; counts beyond 2^53 do not occur.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "there is no other way")]
fn number(count: u64) -> f64 {
    count as f64
}

fn mark(durable: &Durable) -> Mark {
    Mark { log_id: durable.log_id, group: durable.group, crc: durable.crc }
}

impl Log {
    /// Lets the writer commit what is queued, then gives the outbox the last mark.
    pub(super) async fn close(self) -> Result<(), HallError> {
        let Self { appender, writer, outbox, applier, reader, durable, .. } = self;
        appender.close();
        drop((reader, durable));
        let closed = tokio::task::spawn_blocking(move || joined(writer))
            .await
            .map_err(|_| HallError::WriterPanicked)?;
        if let Ok(durable) = &closed {
            outbox.note(Note::Acknowledged(mark(durable)));
        }
        drop((appender, outbox));
        let flushed = tokio::task::spawn_blocking(move || applier.join()).await;
        if !matches!(flushed, Ok(Ok(()))) {
            tracing::warn!("the outbox did not end in order; it is rebuilt at the next start");
        }
        closed.map(|_| ())
    }
}

fn joined(writer: JoinHandle<Result<Durable, CommitError>>) -> Result<Durable, HallError> {
    match writer.join() {
        Ok(outcome) => outcome.map_err(HallError::Writer),
        Err(_) => Err(HallError::WriterPanicked),
    }
}
