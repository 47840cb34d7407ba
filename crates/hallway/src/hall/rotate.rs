//! Changing the log key in two steps: make the new key and show it, so that the root hall can approve
//! it; once approved, change to it. The new key waits in `log.key.next` beside the old one, which is
//! kept as `log.key.previous`.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use intake::Intake;
use ledger::{Os, Reader, Software, VerifierKey};
use policy::{KeyVerdict, Rights};
use portal::Rotation;
use record::{Class, HallId, Lane, TrustDomain};
use tokio::sync::watch;
use wire::status::Failure;
use wire::v1;

use super::{HallError, keys};
use crate::config::Settings;

/// The rotation that `OperationsService` offers.
pub(super) fn rotation(
    settings: &Settings,
    intake: &Intake<Os>,
    rights: &watch::Receiver<Rights>,
) -> Rotation {
    let (path, hall, domain) =
        (settings.log_key.clone(), settings.hall.clone(), settings.domain.clone());
    let (intake, rights) = (intake.clone(), rights.clone());
    Arc::new(move |operator| {
        let (path, intake) = (path.clone(), intake.clone());
        let (hall, domain, rights) = (hall.clone(), domain.clone(), rights.borrow().clone());
        Box::pin(async move { rotate(&path, (&domain, &hall), &rights, &intake, &operator).await })
    })
}

async fn rotate(
    path: &Path,
    (domain, hall): (&TrustDomain, &HallId),
    rights: &Rights,
    intake: &Intake<Os>,
    operator: &str,
) -> Result<v1::RotateResponse, Failure> {
    let next = path.with_extension("key.next");
    if !next.exists() {
        make(&next)?;
    }
    let signer = keys::signer(&next).map_err(|error| failed(&error))?;
    let new_key = VerifierKey::log(domain, hall, signer.public()).to_string();
    let member = rights.acts().directory().member(hall);
    if !member.is_some_and(|member| member.log_keys.contains(&new_key)) {
        let state = "waiting-for-approval".to_owned();
        return Ok(v1::RotateResponse { new_key, state });
    }
    intake.rotate(signer, operator).await.map_err(|error| error.failure())?;
    finish(path).map_err(|error| failed(&error))?;
    Ok(v1::RotateResponse { new_key, state: "changed".to_owned() })
}

/// Puts the key files in order at a start, when the change reached the ledger and the process ended
/// before the files were renamed; true when it did so.
pub(super) fn resume(
    settings: &Settings,
    rights: &Rights,
    reader: &Reader<Os>,
) -> Result<bool, HallError> {
    let next = settings.log_key.with_extension("key.next");
    if !next.exists() {
        return Ok(false);
    }
    let ledger = reader.own_ledger(Lane::Acts);
    let size = reader.head(&ledger).map_or(0, |head| head.size);
    let new = keys::signer(&next)?.public();
    if rights.acts().key_for(&ledger, size + 1) != KeyVerdict::Key(new) {
        return Ok(false);
    }
    finish(&settings.log_key).map_err(|source| HallError::Prepare {
        what: settings.log_key.display().to_string(),
        source,
    })?;
    Ok(true)
}

/// The change is in the ledger; from here on a restart must find the new key.
fn finish(path: &Path) -> io::Result<()> {
    fs::rename(path, path.with_extension("key.previous"))?;
    fs::rename(path.with_extension("key.next"), path)
}

fn make(path: &Path) -> Result<(), Failure> {
    let key = Software::generate().map_err(|error| failed(&error))?;
    let pem = key.to_pkcs8_pem().map_err(|error| failed(&error))?;
    pki::write_secret(path, &pem).map_err(|error| failed(&error))
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Failure {
    tracing::error!(error, "key change failed");
    Failure::new(Class::Internal, "key-change", pki::with_causes(error))
}
