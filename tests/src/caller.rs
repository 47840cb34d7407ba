//! A gRPC client of a hall, as a system, department, operator or another hall would be one.
//!
//! The command line is one client of a hall; this is the other, for what the command line never
//! sends: broken frames, too many records, a certificate of one's own. It also keeps its channel,
//! so that a hall can be watched whose certificate no new connection would accept any more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use pki::{Bearer, Config, Dial, DialError, Dialled, Tls};
use prost::Message;
use telemetry::System;
use tokio_stream::StreamExt;
use tonic::Status;
use tonic::transport::Channel;
use wire::v1;
use wire::v1::feed_service_client::FeedServiceClient;
use wire::v1::operations_service_client::OperationsServiceClient;
use wire::v1::replication_service_client::ReplicationServiceClient;
use wire::v1::submission_service_client::SubmissionServiceClient;

use crate::halls::configured;

/// A line to a hall.
#[derive(Debug)]
pub struct Caller {
    /// The connection.
    pub dialled: Dialled,
}

/// Which certificate is shown, and which roots are believed.
#[derive(Debug, Clone)]
pub struct Papers {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// The roots.
    pub roots: PathBuf,
}

impl Papers {
    /// Those that `init --dev` made in a hall's directory: `system`, `department`, `operator` or
    /// `hall`.
    pub fn of(hall: &Path, role: &str) -> Self {
        Self {
            certificate: hall.join(format!("certs/{role}.pem")),
            key: hall.join(format!("keys/{role}.key")),
            roots: hall.join("certs/ca.pem"),
        }
    }
}

impl Caller {
    /// Calls the gRPC face of the hall in `hall` with the papers of `role`.
    pub async fn dial(hall: &Path, role: &str) -> Result<Self> {
        let address = configured(hall, "grpc", "listen");
        Ok(Self::dial_at(&address, hall, &Papers::of(hall, role)).await?)
    }

    /// Calls whatever listens at `address`, which must be the hall in `hall`.
    pub async fn dial_at(address: &str, hall: &Path, papers: &Papers) -> Result<Self, DialError> {
        let mut config =
            Config::new(papers.certificate.clone(), papers.key.clone(), papers.roots.clone());
        config.client_roots.clear();
        let tls = Tls::open(config, Arc::new(System)).expect("papers made for tests are in order");
        let expected = bearer(&hall.join("certs/hall.pem")).identity;
        Ok(Self { dialled: tls.dial(address, &Dial::new(expected)).await? })
    }

    /// To submit.
    pub fn submission(&self) -> SubmissionServiceClient<Channel> {
        SubmissionServiceClient::new(self.dialled.channel.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
            .max_encoding_message_size(ANSWER_BYTES_MAX)
    }

    /// To follow.
    pub fn feed(&self) -> FeedServiceClient<Channel> {
        FeedServiceClient::new(self.dialled.channel.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    /// To watch.
    pub fn operations(&self) -> OperationsServiceClient<Channel> {
        OperationsServiceClient::new(self.dialled.channel.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    /// To replicate.
    pub fn replication(&self) -> ReplicationServiceClient<Channel> {
        ReplicationServiceClient::new(self.dialled.channel.clone())
    }

    /// Submits in one message.
    pub async fn submit(&self, all: Vec<v1::Submission>) -> Result<Vec<v1::Outcome>, Status> {
        let request = v1::SubmitRequest { submissions: all };
        Ok(self.submission().submit(request).await?.into_inner().outcomes)
    }

    /// Submits one record.
    pub async fn submit_one(&self, one: v1::Submission) -> Result<v1::Outcome> {
        let outcomes = self.submit(vec![one]).await?;
        outcomes.into_iter().next().context("an outcome for the record")
    }

    /// All entries that the feed shows now, by ledger and index. A feed hands on at least once (an
    /// entry comes again when parts of it came later); here the last one counts.
    pub async fn seen(&self) -> Result<Vec<Seen>> {
        let request = v1::FollowRequest { until_now: true, ..v1::FollowRequest::default() };
        let mut stream = self.feed().follow(request).await?.into_inner();
        let mut seen = BTreeMap::new();
        while let Some(item) = stream.next().await {
            let one = Seen::read(item?)?;
            seen.insert((one.ledger.clone(), one.index), one);
        }
        Ok(seen.into_values().collect())
    }

    /// The hall's status.
    pub async fn status(&self) -> Result<v1::StatusResponse, Status> {
        Ok(self.operations().status(v1::StatusRequest::default()).await?.into_inner())
    }
}

/// One item of a feed: where the entry stands and what its head says.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Ledger.
    pub ledger: String,
    /// Index.
    pub index: u64,
    /// Message id.
    pub message_id: String,
    /// Stamp of the accepting hall.
    pub stamp: v1::Stamp,
    /// The head, byte for byte.
    pub head: Vec<u8>,
    /// The open part, byte for byte.
    pub open: Vec<u8>,
    /// The closed part, byte for byte.
    pub closed: Vec<u8>,
    /// The seal over it.
    pub seal: String,
    /// How its record stands.
    pub effective: Option<v1::Effective>,
    /// Whether its parts say more than the hall has words for.
    pub not_fully_understood: bool,
}

impl Seen {
    fn read(item: v1::FollowResponse) -> Result<Self> {
        let head = v1::Head::decode(&*item.head).context("read a head")?;
        Ok(Self {
            ledger: item.ledger,
            index: item.index,
            message_id: head.message_id,
            stamp: head.stamp.context("a head in a ledger is stamped")?,
            head: item.head.to_vec(),
            open: item.open.to_vec(),
            closed: item.closed.to_vec(),
            seal: item.seal,
            effective: item.effective,
            not_fully_understood: item.not_fully_understood,
        })
    }
}

/// Whom a certificate names.
#[track_caller]
pub fn bearer(certificate: &Path) -> Bearer {
    let chain = pki::read_certificates(certificate).expect("the certificate can be read");
    let leaf = chain.first().expect("a file of certificates has one");
    Bearer::read(leaf).expect("the certificate names somebody")
}

/// The acknowledgement of an outcome.
pub fn acknowledged(outcome: &v1::Outcome) -> Option<&v1::Acknowledgement> {
    match outcome.outcome.as_ref()? {
        v1::outcome::Outcome::Acknowledgement(acknowledgement) => Some(acknowledgement),
        v1::outcome::Outcome::Refusal(_) => None,
    }
}

/// The refusal of an outcome: its gRPC code and the codes of what was violated.
pub fn refusal(outcome: &v1::Outcome) -> Option<(tonic::Code, Vec<&str>)> {
    match outcome.outcome.as_ref()? {
        v1::outcome::Outcome::Refusal(refusal) => {
            let codes = refusal.violations.iter().map(|one| one.code.as_str());
            Some((tonic::Code::from_i32(refusal.code), codes.collect()))
        }
        v1::outcome::Outcome::Acknowledgement(_) => None,
    }
}

/// Answers are never larger.
const ANSWER_BYTES_MAX: usize = 64 << 20;
