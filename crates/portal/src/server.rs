//! The gRPC face as a whole: services, health, reflection v1 and v1alpha, HTTP/2 settings, an orderly
//! end. Streams watch the stop token themselves; whoever is left after the grace is cut, for an idle
//! HTTP/2 connection would otherwise hold a graceful shutdown open for ever.

use std::time::Duration;

use pki::Incoming;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use tonic::service::RoutesBuilder;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic_health::ServingStatus;
use tower::layer::util::{Identity, Stack};

use crate::deadline::DeadlineLayer;

/// How long connections may take to end by themselves.
pub const GRACE: Duration = Duration::from_secs(3);
/// Requests of one connection under way at once, HTTP/2 streams.
pub const STREAMS_PER_CONNECTION_MAX: u32 = 256;
/// Silence after which a caller is probed.
const KEEPALIVE: Duration = Duration::from_secs(20);

/// Why a face could not be served.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The schema does not load.
    #[error("load the schema for reflection")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The transport failed.
    #[error("serve gRPC")]
    Transport(#[from] tonic::transport::Error),
}

/// Services under their deadline, ready to be served.
pub type Faces = Router<Stack<DeadlineLayer, Identity>>;

/// Adds health and reflection to the services that `add` puts in, and gives the whole.
pub async fn routes(
    deadline: Duration,
    serving: &[&'static str],
    add: impl FnOnce(&mut RoutesBuilder),
) -> Result<Faces, ServeError> {
    let mut routes = RoutesBuilder::default();
    let (health, service) = tonic_health::server::health_reporter();
    for name in serving {
        health.set_service_status(*name, ServingStatus::Serving).await;
    }
    add(&mut routes);
    routes
        .add_service(service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?);
    Ok(Server::builder()
        .layer(DeadlineLayer(deadline))
        .max_concurrent_streams(STREAMS_PER_CONNECTION_MAX)
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE))
        .add_routes(routes.routes()))
}

/// Serves until `stop`, then for at most [`GRACE`] more.
pub async fn serve(
    router: Faces,
    incoming: Incoming,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    let serving = router.serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned());
    let cut = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = serving => Ok(ended?),
        () = cut => Ok(()),
    }
}

fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(wire::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}
