//! `ReplicationService`: where other halls call. Who passed TLS but may not is told
//! `PERMISSION_DENIED` with the reason and the way out, and stands in `status`.

use std::pin::Pin;

use pki::{Face, Identity, PeerId, Refusals};
use policy::Rights;
use record::{Class, HallId, TrustDomain};
use telemetry::Clock;
use tokio::sync::watch;
use tokio_stream::{Stream, StreamExt};
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status, Streaming};
use wire::v1;
use wire::v1::replication_service_server::{ReplicationService, ReplicationServiceServer};

use std::sync::Arc;

use crate::dial::Connections;
use crate::inbox::Inbox;
use crate::line::{LINK_MESSAGE_BYTES_MAX, Line, Outgoing, Seat};

/// The link face of a hall.
pub struct LinkFace {
    /// This hall's trust domain.
    pub domain: TrustDomain,
    /// Neighbours by configuration; they may call before the directory knows them.
    pub neighbours: Vec<HallId>,
    /// Who is a member.
    pub rights: watch::Receiver<Rights>,
    /// Where connections go.
    pub inbox: Inbox,
    /// Names of connections.
    pub connections: Connections,
    /// Where those turned away are noted.
    pub refusals: Refusals,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where pumps run.
    pub tasks: TaskTracker,
}

impl LinkFace {
    /// The service for tonic's server.
    pub fn into_server(self) -> ReplicationServiceServer<Self> {
        ReplicationServiceServer::new(self)
            .max_decoding_message_size(LINK_MESSAGE_BYTES_MAX)
            .max_encoding_message_size(LINK_MESSAGE_BYTES_MAX)
    }

    /// The caller as a hall that may have a link, or why not.
    fn admit(&self, caller: Option<&PeerId>) -> Result<HallId, Status> {
        let caller = caller.ok_or_else(|| Status::unauthenticated("no client certificate"))?;
        let refused = |reason: &'static str, zh: &str, en: &str| {
            let who = caller.identity.to_string();
            self.refusals.note(who, reason, Face::Link, self.clock.now());
            wire::status::Failure::new(Class::Denied, reason, en).in_chinese(zh).status()
        };
        let Identity::Hall { domain, hall } = &caller.identity else {
            return Err(refused(
                "not-a-hall",
                "只有政务大厅可以建立链路，请使用 gRPC 端口",
                "only halls have links; systems, departments and operators call the gRPC port",
            ));
        };
        if *domain != self.domain {
            return Err(refused(
                "wrong-domain",
                "证书属于其他信任域",
                "the certificate belongs to another trust domain",
            ));
        }
        let rights = self.rights.borrow();
        let known = rights.acts().directory().is_active(hall) || self.neighbours.contains(hall);
        if !known {
            return Err(refused(
                "not-a-member",
                "目录中没有该厅，请由根厅执行 hallway directory admit",
                "the directory does not list the hall as active; admit it at the root hall with `hallway directory admit`",
            ));
        }
        Ok(hall.clone())
    }
}

#[tonic::async_trait]
impl ReplicationService for LinkFace {
    type LinkStream = Pin<Box<dyn Stream<Item = Result<v1::LinkResponse, Status>> + Send>>;

    async fn link(
        &self,
        request: Request<Streaming<v1::LinkRequest>>,
    ) -> Result<Response<Self::LinkStream>, Status> {
        let peer = self.admit(request.extensions().get::<PeerId>())?;
        let (line, frames) = Line::new();
        let connection = self.connections.next();
        let seat = Seat {
            peer: peer.clone(),
            connection,
            inbox: self.inbox.clone(),
            stop: line.stop.clone(),
        };
        let responses = Outgoing::new(frames, line.stop.clone());
        if !self.inbox.opened(peer, connection, false, line).await {
            return Err(Status::unavailable("the hall is going down"));
        }
        let arriving = request.into_inner().map(|one| one.map(|request| request.frame));
        self.tasks.spawn(seat.listen(arriving));
        let responses = responses.map(|frame| Ok(v1::LinkResponse { frame: Some(frame) }));
        Ok(Response::new(Box::pin(responses)))
    }
}
