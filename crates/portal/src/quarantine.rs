//! `QuarantineService`: rows that wait for a person, to operators.

use intake::Intake;
use ledger::Disk;
use pki::Identity;
use tonic::{Extensions, Request, Response, Status};
use wire::v1;
use wire::v1::quarantine_service_server::{QuarantineService, QuarantineServiceServer};

use crate::limits::{Limits, MESSAGE_BYTES_MAX};

/// The face to whoever decides about quarantined rows.
pub struct QuarantineFace<D: Disk> {
    /// Where items lie and decisions go.
    pub intake: Intake<D>,
    /// Limits.
    pub limits: Limits,
}

impl<D: Disk> QuarantineFace<D> {
    /// The service for tonic's server.
    pub fn into_server(self) -> QuarantineServiceServer<Self> {
        QuarantineServiceServer::new(self)
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
            .max_encoding_message_size(MESSAGE_BYTES_MAX)
    }

    fn operator(&self, extensions: &Extensions) -> Result<String, Status> {
        let may = |identity: &Identity| matches!(identity, Identity::Operator { .. });
        Ok(self.limits.caller(extensions, may, "operators")?.path())
    }
}

#[tonic::async_trait]
impl<D: Disk> QuarantineService for QuarantineFace<D> {
    async fn list_quarantine(
        &self,
        request: Request<v1::ListQuarantineRequest>,
    ) -> Result<Response<v1::ListQuarantineResponse>, Status> {
        self.operator(request.extensions())?;
        Ok(Response::new(self.intake.quarantined(request.into_inner()).await?))
    }

    async fn show_quarantine(
        &self,
        request: Request<v1::ShowQuarantineRequest>,
    ) -> Result<Response<v1::ShowQuarantineResponse>, Status> {
        self.operator(request.extensions())?;
        Ok(Response::new(self.intake.quarantined_item(&request.into_inner().item).await?))
    }

    async fn decide_quarantine(
        &self,
        request: Request<v1::DecideQuarantineRequest>,
    ) -> Result<Response<v1::DecideQuarantineResponse>, Status> {
        let operator = self.operator(request.extensions())?;
        Ok(Response::new(self.intake.decide(&operator, request.into_inner()).await?))
    }
}
