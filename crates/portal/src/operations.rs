//! `OperationsService`: what operators see and steer. It shows what other floors know and hands acts
//! to the intake; it decides nothing.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use intake::Intake;
use ledger::{Disk, Reader};
use link::Inbox;
use pki::{Identity, Tls};
use policy::Rights;
use record::Class;
use telemetry::metric::Metrics;
use telemetry::{Board, Clock};
use tokio::sync::watch;
use tonic::{Extensions, Request, Response, Status};
use wire::status::Failure;
use wire::v1;
use wire::v1::operations_service_server::{OperationsService, OperationsServiceServer};

use crate::limits::{Limits, MESSAGE_BYTES_MAX};

mod retained;
mod state;

use retained::Retained;

/// Makes and remembers a new log key; the binary knows where keys lie.
pub type Rotation = Arc<
    dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<v1::RotateResponse, Failure>> + Send>>
        + Send
        + Sync,
>;
/// Proves one record; none when there is no such record here.
pub type Proving = Arc<
    dyn Fn(
            v1::ProveRequest,
        ) -> Pin<Box<dyn Future<Output = Result<v1::ProveResponse, Failure>> + Send>>
        + Send
        + Sync,
>;

/// The face to operators.
pub struct OperationsFace<D: Disk> {
    /// What the ledger holds.
    pub reader: Reader<D>,
    /// How links stand.
    pub inbox: Inbox,
    /// Where acts go.
    pub intake: Intake<D>,
    /// What the acts say.
    pub rights: watch::Receiver<Rights>,
    /// Certificates, refusals.
    pub tls: Tls,
    /// Alarms.
    pub board: Board,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Numbers for machines.
    pub metrics: Metrics,
    /// Limits.
    pub limits: Limits,
    /// Changes the log key.
    pub rotation: Rotation,
    /// Proves records.
    pub proving: Proving,
}

impl<D: Disk> OperationsFace<D> {
    /// The service for tonic's server.
    pub fn into_server(self) -> OperationsServiceServer<Self> {
        OperationsServiceServer::new(self)
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
            .max_encoding_message_size(MESSAGE_BYTES_MAX)
    }

    fn operator(&self, extensions: &Extensions) -> Result<String, Status> {
        let may = |identity: &Identity| matches!(identity, Identity::Operator { .. });
        Ok(self.limits.caller(extensions, may, "operators")?.path())
    }

    fn rights(&self) -> Rights {
        self.rights.borrow().clone()
    }

    async fn enter(
        &self,
        open: Result<record::Act, wire::ReadError>,
        who: &str,
    ) -> Result<u64, Status> {
        let act = open.map_err(|error| {
            Failure::new(Class::Invalid, "act-malformed", error.to_string())
                .with("field", error.field())
                .status()
        })?;
        self.intake.enact(act, who).await.map_err(|error| error.failure().status())
    }
}

#[tonic::async_trait]
impl<D: Disk> OperationsService for OperationsFace<D> {
    async fn status(
        &self,
        request: Request<v1::StatusRequest>,
    ) -> Result<Response<v1::StatusResponse>, Status> {
        self.operator(request.extensions())?;
        let view = self.inbox.look().await;
        let mut state = self.state(view.as_ref());
        if request.get_ref().count_retained {
            let counter = Retained { reader: self.reader.clone(), rights: self.rights() };
            state.ledgers = counter.count(state.ledgers).await?;
        }
        Ok(Response::new(state))
    }

    async fn directory(
        &self,
        request: Request<v1::DirectoryRequest>,
    ) -> Result<Response<v1::DirectoryResponse>, Status> {
        self.operator(request.extensions())?;
        let rights = self.rights();
        let members = rights.acts().directory().members().map(wire::member_to).collect();
        let root_ledger = rights.acts().root_ledger().to_string();
        Ok(Response::new(v1::DirectoryResponse { members, root_ledger }))
    }

    async fn admit(
        &self,
        request: Request<v1::AdmitRequest>,
    ) -> Result<Response<v1::AdmitResponse>, Status> {
        let who = self.operator(request.extensions())?;
        let member = request.into_inner().member.unwrap_or_default();
        let act = wire::act_from(v1::act::Act::Member(member));
        Ok(Response::new(v1::AdmitResponse { index: self.enter(act, &who).await? }))
    }

    async fn set_audience(
        &self,
        request: Request<v1::SetAudienceRequest>,
    ) -> Result<Response<v1::SetAudienceResponse>, Status> {
        let who = self.operator(request.extensions())?;
        let audience = request.into_inner().audience.unwrap_or_default();
        let act = wire::act_from(v1::act::Act::Audience(audience));
        Ok(Response::new(v1::SetAudienceResponse { index: self.enter(act, &who).await? }))
    }

    async fn rule(
        &self,
        request: Request<v1::RuleRequest>,
    ) -> Result<Response<v1::RuleResponse>, Status> {
        let who = self.operator(request.extensions())?;
        let asked = request.into_inner().ruling.unwrap_or_default();
        let ruled = self.intake.rule(asked, &who).await;
        let (ruling, index) = ruled.map_err(|error| error.failure().status())?;
        Ok(Response::new(v1::RuleResponse { ruling: Some(wire::ruling_to(&ruling)), index }))
    }

    async fn hand_over(
        &self,
        request: Request<v1::HandOverRequest>,
    ) -> Result<Response<v1::HandOverResponse>, Status> {
        let who = self.operator(request.extensions())?;
        let asked = request.into_inner().handover.unwrap_or_default();
        let handed = self.intake.hand_over(asked, &who).await;
        let (handover, index) = handed.map_err(|error| error.failure().status())?;
        let handover = Some(wire::handover_to(&handover));
        Ok(Response::new(v1::HandOverResponse { handover, index }))
    }

    async fn rotate(
        &self,
        request: Request<v1::RotateRequest>,
    ) -> Result<Response<v1::RotateResponse>, Status> {
        let who = self.operator(request.extensions())?;
        let rotated = (self.rotation)(who).await;
        rotated.map(Response::new).map_err(|error| error.status())
    }

    async fn reload(
        &self,
        request: Request<v1::ReloadRequest>,
    ) -> Result<Response<v1::ReloadResponse>, Status> {
        self.operator(request.extensions())?;
        let tls = self.tls.clone();
        let reloaded = tokio::task::spawn_blocking(move || tls.reload())
            .await
            .map_err(|_| Status::internal("the reload failed"))?;
        let reloaded = reloaded.map_err(|error| {
            Failure::new(Class::Precondition, "reload-failed", pki::with_causes(&error)).status()
        })?;
        let cut = u32::try_from(reloaded.cut.len()).unwrap_or(u32::MAX);
        Ok(Response::new(v1::ReloadResponse { read: reloaded.read, cut }))
    }

    async fn metrics(
        &self,
        request: Request<v1::MetricsRequest>,
    ) -> Result<Response<v1::MetricsResponse>, Status> {
        self.operator(request.extensions())?;
        Ok(Response::new(v1::MetricsResponse { text: self.metrics.render() }))
    }

    async fn prove(
        &self,
        request: Request<v1::ProveRequest>,
    ) -> Result<Response<v1::ProveResponse>, Status> {
        self.operator(request.extensions())?;
        let proven = (self.proving)(request.into_inner()).await;
        proven.map(Response::new).map_err(|error| error.status())
    }
}
