//! The command line's way into a running hall: its gRPC face, dialled with one of the certificates
//! in its data directory.
//!
//! Address, trust roots, trust domain and hall id come from `hallway.toml`; the certificate is
//! `certs/<role>.pem` with `keys/<role>.key`, or any other that is named. The hall's own identity is
//! pinned, so a wrong hall at the right address is refused.

mod call;
mod submit;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use pki::{Dial, DialError, Identity, MaterialError, Tls};
use telemetry::System;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use tonic::Request;
use tonic::transport::Channel;
use wire::v1::feed_service_client::FeedServiceClient;
use wire::v1::import_service_client::ImportServiceClient;
use wire::v1::operations_service_client::OperationsServiceClient;
use wire::v1::quarantine_service_client::QuarantineServiceClient;
use wire::v1::submission_service_client::SubmissionServiceClient;

use crate::config::{self, ConfigError, Settings};
use crate::exit::{ConfigErrors, Exit, Failure};

pub use call::CallError;
pub use submit::{
    IN_FLIGHT_RECORDS, MESSAGE_BYTES, MESSAGE_RECORDS, Row, SubmitError, Unanswered, one_by_one,
    streamed,
};

/// Largest answer taken from a hall.
pub const ANSWER_BYTES_MAX: usize = 64 << 20;
/// How long a unary call may take.
pub const CALL_DEADLINE: Duration = Duration::from_mins(1);

/// Whose certificate is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A system of the hall: submits and follows.
    System,
    /// A department: follows.
    Department,
    /// An operator: watches and steers.
    Operator,
}

impl Role {
    /// The role as it stands in file names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Department => "department",
            Self::Operator => "operator",
        }
    }
}

/// Which hall, and as whom.
#[derive(Clone, Debug)]
pub struct Access {
    /// The hall's data directory.
    pub hall: PathBuf,
    /// Whose certificate is shown.
    pub role: Role,
    /// Another certificate than the role's.
    pub certificate: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
}

impl Access {
    /// With the certificate that `init --dev` made for the role.
    pub fn new(hall: impl Into<PathBuf>, role: Role) -> Self {
        Self { hall: hall.into(), role, certificate: None, key: None }
    }

    /// Dials the hall.
    pub async fn dial(&self) -> Result<Line, ClientError> {
        let settings = config::read(&self.hall).map_err(ClientError::configuration)?;
        let certificate = self.certificate.clone().unwrap_or_else(|| {
            settings.directory.join(format!("certs/{}.pem", self.role.as_str()))
        });
        let key = self.key.clone().unwrap_or_else(|| match &self.certificate {
            Some(other) => other.with_extension("key"),
            None => settings.directory.join(format!("keys/{}.key", self.role.as_str())),
        });
        let tls = Tls::open(trust_material(&settings, &certificate, &key), Arc::new(System))
            .map_err(|source| ClientError::Material { certificate, source })?;
        let hall = Identity::hall(settings.domain.clone(), settings.hall.clone());
        let address = reachable(settings.grpc_listen).to_string();
        let dialled = tls
            .dial(&address, &Dial::new(hall))
            .await
            .map_err(|source| ClientError::Dial { address, source: Box::new(source) })?;
        let (channel, ended) = (dialled.channel, dialled.ended);
        Ok(Line { channel, identity: tls.identity(), settings, ended })
    }
}

/// A line to a hall's gRPC face.
#[derive(Clone, Debug)]
pub struct Line {
    /// For generated clients.
    pub channel: Channel,
    /// Who we are on it.
    pub identity: Identity,
    /// The hall's settings.
    pub settings: Settings,
    /// Cancelled when the line is gone.
    pub ended: CancellationToken,
}

impl Line {
    /// To submit.
    pub fn submission(&self) -> SubmissionServiceClient<Channel> {
        let client = SubmissionServiceClient::new(self.channel.clone());
        client.max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    /// To follow.
    pub fn feed(&self) -> FeedServiceClient<Channel> {
        let client = FeedServiceClient::new(self.channel.clone());
        client.max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    /// To import.
    pub fn import(&self) -> ImportServiceClient<Channel> {
        let client = ImportServiceClient::new(self.channel.clone());
        client.max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    /// To decide about what waits in quarantine.
    pub fn quarantine(&self) -> QuarantineServiceClient<Channel> {
        let client = QuarantineServiceClient::new(self.channel.clone());
        client.max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    /// To watch and steer.
    pub fn operations(&self) -> OperationsServiceClient<Channel> {
        let client = OperationsServiceClient::new(self.channel.clone());
        client.max_decoding_message_size(ANSWER_BYTES_MAX)
    }
}

/// A unary request under [`CALL_DEADLINE`].
pub fn request<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(CALL_DEADLINE);
    request
}

/// Where to dial what listens here: a wildcard address is reached over loopback.
pub fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip =
        if listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
    SocketAddr::new(ip, listen.port())
}

/// What a dialling tool of this hall trusts; revocation lists that are not there yet are left out.
fn trust_material(settings: &Settings, certificate: &Path, key: &Path) -> pki::Config {
    let roots = settings.tls.link_roots.clone();
    let mut material = pki::Config::new(certificate.to_owned(), key.to_owned(), roots);
    material.client_roots.clear();
    material.crls = settings.tls.crls.iter().filter(|path| path.exists()).cloned().collect();
    material.crl_grace = settings.tls.crl_grace;
    material
}

/// Why a hall could not be asked.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Its configuration is not usable.
    #[error(transparent)]
    Configuration(ConfigErrors),
    /// A key file cannot be read.
    #[error("read {}", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// There is no usable certificate.
    #[error(
        "use the certificate {}; `hallway ca issue` makes one, --certificate names another",
        certificate.display()
    )]
    Material {
        /// Which file.
        certificate: PathBuf,
        /// What is wrong.
        #[source]
        source: MaterialError,
    },
    /// The hall did not answer, or somebody refused somebody.
    #[error("reach the hall at {address} ({})", source.reason())]
    Dial {
        /// Its address.
        address: String,
        /// What is wrong.
        #[source]
        source: Box<DialError>,
    },
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl ClientError {
    fn configuration(errors: Vec<ConfigError>) -> Self {
        Self::Configuration(ConfigErrors(errors))
    }

    /// How a command ends for it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Configuration(_) | Self::Key { .. } | Self::Material { .. } => Exit::Usage,
            Self::Dial { source, .. } => Exit::of_dial(source),
            Self::Call(call) => call.exit(),
        }
    }

    /// Whether it is worth asking again a little later.
    pub fn is_unreachable(&self) -> bool {
        self.exit() == Exit::Unreachable
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let exit = error.exit();
        match error {
            ClientError::Configuration(ConfigErrors(errors)) => Self::of_configuration(errors),
            ClientError::Call(call) => call.into(),
            ClientError::Dial { source, .. } if exit == Exit::Refused => {
                let chinese = format!("证书未被接受（{}）", source.reason());
                Self::new(exit, source).in_chinese(chinese)
            }
            error @ (ClientError::Key { .. }
            | ClientError::Material { .. }
            | ClientError::Dial { .. }) => Self::new(exit, error),
        }
    }
}
