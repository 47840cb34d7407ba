//! The development authority and the certificates of one hall: itself, a system, a department, an
//! operator.
//!
//! A root hall makes the authority; every hall below copies certificate, key and revocation list, so
//! that it can issue too. Each copy of the list lives on by itself: who revokes for the whole family
//! copies `certs/crl.pem` to the others. The hall's certificate names localhost and 127.0.0.1 besides
//! its URI, which is all that foreign clients look at.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use pki::{Authority, AuthorityFiles, Identity, Issued, Order};
use record::{HallId, Timestamp, TrustDomain};

use super::BirthError;

/// Where the development authority lies in a data directory.
pub fn authority_files(directory: &Path) -> AuthorityFiles {
    AuthorityFiles {
        certificate: directory.join("certs/ca.pem"),
        key: directory.join("keys/ca.key"),
        crl: directory.join("certs/crl.pem"),
    }
}

/// Issues a certificate and writes it with its key.
pub fn issue(
    authority: &Authority,
    order: &Order,
    (certificate, key): (&Path, &Path),
    now: Timestamp,
) -> Result<Issued, BirthError> {
    for file in [certificate, key] {
        if let Some(parent) = file.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            make_directory(parent)?;
        }
    }
    let issued = authority.issue(order, now)?;
    issued.save(certificate, key)?;
    Ok(issued)
}

/// The authority, copied from the hall above or new, and the hall's four certificates.
pub(super) fn make(
    directory: &Path,
    above: Option<&Path>,
    domain: &TrustDomain,
    hall: &HallId,
    now: Timestamp,
) -> Result<(), BirthError> {
    make_directory(&directory.join("certs"))?;
    let files = authority_files(directory);
    let authority = match above {
        Some(above) => {
            copy(&authority_files(above), &files)?;
            Authority::load(&files)?
        }
        None => {
            let mut authority = Authority::new(domain.clone(), now)?;
            authority.save(&files, now)?;
            authority
        }
    };
    for (name, identity) in identities(domain, hall) {
        let mut order = Order::new(identity);
        if name == "hall" {
            order = order.reachable_at(&["localhost"], &[IpAddr::V4(Ipv4Addr::LOCALHOST)]);
        }
        let certificate = directory.join(format!("certs/{name}.pem"));
        let key = directory.join(format!("keys/{name}.key"));
        issue(&authority, &order, (&certificate, &key), now)?;
    }
    Ok(())
}

fn identities(domain: &TrustDomain, hall: &HallId) -> [(&'static str, Identity); 4] {
    let (domain, hall) = (domain.clone(), hall.clone());
    let word = || DEV.parse().expect("a constant of legal characters");
    [
        ("hall", Identity::hall(domain.clone(), hall.clone())),
        ("system", Identity::System { domain: domain.clone(), hall, name: word() }),
        ("department", Identity::Department { domain: domain.clone(), code: word() }),
        ("operator", Identity::Operator { domain, name: word() }),
    ]
}

/// Name of the system, department and operator that development certificates are for.
const DEV: &str = "dev";

fn copy(from: &AuthorityFiles, to: &AuthorityFiles) -> Result<(), BirthError> {
    pki::write_secret(&to.key, &text(&from.key)?)?;
    pki::write_public(&to.certificate, &text(&from.certificate)?)?;
    pki::write_public(&to.crl, &text(&from.crl)?)?;
    Ok(())
}

fn text(path: &PathBuf) -> Result<String, BirthError> {
    let read = fs::read_to_string(path);
    Ok(read.map_err(|source| pki::FileError::Read { path: path.clone(), source })?)
}

fn make_directory(path: &Path) -> Result<(), BirthError> {
    fs::create_dir_all(path)
        .map_err(|source| BirthError::Directory { path: path.to_owned(), source })
}
