//! How a hall comes into being: what `hallway init` does, as a library that the demonstration and the
//! suites use too.
//!
//! A data directory is made in one order: keys, trust, certificates, configuration, neighbours, and
//! membership last, so that whatever fails before leaves nothing in anybody's directory. A root hall
//! enters its own Member as entry 0 of its acts; every other hall is entered in the root hall's acts,
//! by asking the root hall when it runs and by opening its ledger when it does not.
//!
//! With `dev` there is a development authority whose key is copied to every hall of the family, and a
//! file `dev.toml` says where the family lives. Deliberately absent: a production authority. Without
//! `dev`, certificates and membership come from outside, and `init` says what is missing.

mod certificates;
mod error;
mod keys;
mod kin;
mod membership;
mod naming;
mod neighbours;
mod ports;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use record::{HallId, Lane, LedgerName, TrustDomain};
use telemetry::Clock;

use crate::config::{self, Settings, Template, render};

pub use certificates::{authority_files, issue};
pub use error::BirthError;
pub use keys::{KeyPair, hall_keys, signer};
pub use kin::Kin;
pub use membership::{Admission, EnterError, admit, enter, ledger_directory, member_of};
pub use neighbours::{amend, befriend};
pub use ports::free_port;

/// What is to be born.
#[derive(Clone, Debug, Default)]
pub struct Birth {
    /// The data directory; made when absent.
    pub directory: PathBuf,
    /// Development: an authority, certificates, free ports on loopback.
    pub dev: bool,
    /// The data directory of the hall above.
    pub parent: Option<PathBuf>,
    /// Data directories of neighbours across.
    pub peers: Vec<PathBuf>,
    /// Hall id; otherwise the directory's name, or one of Jilin's.
    pub id: Option<HallId>,
    /// Name for people.
    pub name: Option<String>,
    /// Trust domain; a hall with a parent has its parent's.
    pub domain: Option<TrustDomain>,
    /// The root hall's acts ledger and first log key, when the hall joins a domain whose root is
    /// elsewhere.
    pub root: Option<(LedgerName, String)>,
}

/// What was born.
#[derive(Clone, Debug)]
pub struct Born {
    /// Its data directory, absolute.
    pub directory: PathBuf,
    /// Its settings, read back.
    pub settings: Settings,
    /// Its log key as a C2SP verifier key.
    pub log_key: String,
    /// Its holder key as a C2SP verifier key.
    pub holder_key: String,
    /// How it came into the directory; none when its root hall is elsewhere.
    pub admission: Option<Admission>,
}

/// Makes a hall's data directory.
pub async fn give(birth: &Birth, clock: &Arc<dyn Clock>) -> Result<Born, BirthError> {
    let directory = empty_directory(&birth.directory)?;
    let family = Family::of(birth)?;
    let id = match &birth.id {
        Some(id) => id.clone(),
        None => naming::choose(&directory, family.parent(), family.kin.as_ref())?,
    };
    let domain = family.domain(birth, &id)?;
    let keys = KeyPair::make(&directory, &domain, &id)?;
    let trust = match (&family.parent, &birth.root) {
        (Some(parent), _) => (parent.trust.root_ledger.clone(), parent.trust.root_key.clone()),
        (None, Some(root)) => root.clone(),
        (None, None) => {
            let ledger =
                LedgerName::new(domain.clone(), id.clone(), Lane::Acts, record::Generation(1));
            (ledger, keys.log.clone())
        }
    };
    if birth.dev {
        let above = family.parent.as_ref().map(|parent| parent.directory.as_path());
        certificates::make(&directory, above, &domain, &id, clock.now())?;
    }
    let [grpc, link] = if birth.dev { ports::two_free()? } else { DEFAULT_PORTS };
    let name = birth.name.clone().unwrap_or_else(|| naming::name_of(&id));
    let template = Template {
        hall: id.to_string(),
        name,
        domain: domain.to_string(),
        root_ledger: trust.0.to_string(),
        root_key: trust.1,
        grpc: SocketAddr::from(([127, 0, 0, 1], grpc)).to_string(),
        link: SocketAddr::from(([127, 0, 0, 1], link)).to_string(),
        peers: Vec::new(),
    };
    pki::write_public(&directory.join(FILE), &render(&template))?;
    let settings = config::read(&directory).map_err(BirthError::configuration)?;
    family.introduce(birth, &settings)?;
    let settings = config::read(&directory).map_err(BirthError::configuration)?;
    let admission = join(birth, &settings, clock).await?;
    Ok(Born { directory, settings, log_key: keys.log, holder_key: keys.holder, admission })
}

/// The configuration's name in a data directory.
const FILE: &str = "hallway.toml";
/// Ports of a hall that is not for development.
const DEFAULT_PORTS: [u16; 2] = [7400, 7401];

/// Those who are there already.
struct Family {
    parent: Option<Settings>,
    peers: Vec<Settings>,
    kin: Option<Kin>,
}

impl Family {
    fn of(birth: &Birth) -> Result<Self, BirthError> {
        let read = |path: &PathBuf| config::read(path).map_err(BirthError::configuration);
        let parent = birth.parent.as_ref().map(read).transpose()?;
        let peers = birth.peers.iter().map(read).collect::<Result<_, _>>()?;
        let kin = match &parent {
            Some(parent) => {
                let above = Kin::read(&parent.directory)?;
                Some(Kin::read(&above.root)?)
            }
            None => None,
        };
        Ok(Self { parent, peers, kin })
    }

    fn parent(&self) -> Option<&HallId> {
        self.parent.as_ref().map(|parent| &parent.hall)
    }

    /// The trust domain, in which nobody may have the id already.
    fn domain(&self, birth: &Birth, id: &HallId) -> Result<TrustDomain, BirthError> {
        if let Some(path) = self.kin.as_ref().and_then(|kin| kin.halls.get(id.as_str())) {
            return Err(BirthError::Taken { hall: id.clone(), path: path.clone() });
        }
        let root = birth.root.as_ref().map(|(ledger, _)| ledger.domain());
        let above = self.parent.as_ref().map(|parent| &parent.domain).or(root);
        match (above, &birth.domain) {
            (Some(above), Some(asked)) if above != asked => {
                Err(BirthError::OtherDomain { asked: asked.clone(), parent: above.clone() })
            }
            (Some(above), _) => Ok(above.clone()),
            (None, Some(asked)) => Ok(asked.clone()),
            (None, None) => Ok(naming::default_domain()),
        }
    }

    /// Tells the neighbours' configurations of each other, and the family where the newcomer lives.
    fn introduce(&self, birth: &Birth, settings: &Settings) -> Result<(), BirthError> {
        let directory = &settings.directory;
        if let Some(parent) = &self.parent {
            befriend(directory, parent)?;
        }
        for peer in &self.peers {
            befriend(directory, peer)?;
            befriend(&peer.directory, settings)?;
        }
        if !birth.dev {
            return Ok(());
        }
        let (parent, root) = match (&self.parent, &self.kin) {
            (Some(parent), Some(kin)) => (Some(parent.directory.clone()), kin.root.clone()),
            (Some(_) | None, _) => (None, directory.clone()),
        };
        Kin::new(root, parent).write(directory)?;
        Kin::born(settings)
    }
}

/// Enters the newcomer where members stand.
async fn join(
    birth: &Birth,
    settings: &Settings,
    clock: &Arc<dyn Clock>,
) -> Result<Option<Admission>, BirthError> {
    let parent = birth.parent.as_ref().map(|path| config::read(path));
    let parent = parent.transpose().map_err(BirthError::configuration)?;
    let member = member_of(settings, parent.map(|parent| parent.hall))?;
    match (&birth.parent, &birth.root) {
        (None, None) => {
            let index = enter(settings, member, clock.now())?;
            Ok(Some(Admission::OwnRoot { index }))
        }
        (Some(_), _) => {
            let kin = Kin::read(&settings.directory)?;
            admit(&kin.root, member, clock).await.map(Some)
        }
        (None, Some(_)) => Ok(None),
    }
}

/// The directory, absolute, made when absent; no hall lives there yet.
fn empty_directory(path: &Path) -> Result<PathBuf, BirthError> {
    let failed = |source| BirthError::Directory { path: path.to_owned(), source };
    fs::create_dir_all(path).map_err(failed)?;
    let directory = fs::canonicalize(path).map_err(failed)?;
    if directory.join(FILE).exists() {
        return Err(BirthError::Inhabited { path: directory });
    }
    Ok(directory)
}

#[cfg(test)]
mod tests;
