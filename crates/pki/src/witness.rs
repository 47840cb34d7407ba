//! The verifier of one handshake: judges the certificate it is shown and remembers what it saw.
//!
//! rustls tells a server only that a handshake failed, and the client only an alert. Each handshake
//! therefore gets a witness of its own, who can say afterwards who stood there and why they were
//! refused, and who keeps the chain by which a live connection is judged again after a reload.

use std::sync::{Arc, OnceLock};

use record::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use crate::demand::Demand;
use crate::judge::Verdict;
use crate::material::Material;

/// Sees one handshake.
#[derive(Debug)]
pub(crate) struct Witness {
    material: Arc<Material>,
    demand: Demand,
    testimony: OnceLock<Testimony>,
}

/// What it saw.
#[derive(Clone, Debug)]
pub(crate) struct Testimony {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) at: Timestamp,
    pub(crate) verdict: Verdict,
}

impl Witness {
    pub(crate) fn new(material: Arc<Material>, demand: Demand) -> Arc<Self> {
        Arc::new(Self { material, demand, testimony: OnceLock::new() })
    }

    /// What it saw; nothing if no certificate was shown.
    pub(crate) fn testimony(&self) -> Option<&Testimony> {
        self.testimony.get()
    }

    pub(crate) fn demand(&self) -> &Demand {
        &self.demand
    }

    fn hear(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let chain = std::iter::once(leaf).chain(intermediates).take(CHAIN_MAX);
        let chain: Vec<_> = chain.map(|der| der.clone().into_owned()).collect();
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let at = Timestamp(seconds.saturating_mul(1000));
        let verdict = self.material.judge(&chain, &self.demand, at);
        let outcome = match &verdict {
            Ok(_) => Ok(()),
            Err(refused) => Err(Error::InvalidCertificate(refused.reason.certificate_error())),
        };
        // A handshake shows one certificate; a second one would not change the first testimony.
        match self.testimony.set(Testimony { chain, at, verdict }) {
            Ok(()) => outcome,
            Err(_) => Err(Error::General("a second certificate in one handshake".into())),
        }
    }

    fn signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.material.provider().signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn schemes(&self) -> Vec<SignatureScheme> {
        self.material.provider().signature_verification_algorithms.supported_schemes()
    }
}

/// Longest chain looked at.
const CHAIN_MAX: usize = 8;

impl ClientCertVerifier for Witness {
    /// None: which authorities we trust is not told to strangers, and clients have one certificate.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.hear(leaf, intermediates, now).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General(NOT_SPOKEN.into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.hear(leaf, intermediates, now).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General(NOT_SPOKEN.into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}

const NOT_SPOKEN: &str = "TLS 1.2 is not spoken here";
