//! How a hall comes into the directory, which is the root hall's acts.
//!
//! A root hall that runs is asked with its own operator's certificate. One that does not run has its
//! log opened here, as `serve` would, under the same lock, so the two can never write at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger::{
    Append, Claims, CommitError, Disk, Durable, OpenError, Options, Os, Outcome, OwnEntry, Store,
};
use outbox::{Mark, Note, Outbox, OutboxError};
use rand::TryRng;
use rand::rngs::SysRng;
use record::{
    Act, AudienceNumber, HallId, Label, Lane, Member, MemberState, POWER_HAND_OVER, POWER_RULE,
    PartsError, RecordId, Salt, SharingClass, Stamp, Timestamp,
};
use telemetry::Clock;
use thiserror::Error;
use wire::v1;

use super::{BirthError, hall_keys, naming, signer};
use crate::client::{Access, CallError, ClientError, Role, reachable, request};
use crate::config::{self, Settings};
use crate::exit::Exit;

/// How a hall came into the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It is the root hall and entered itself.
    OwnRoot {
        /// Index of its Member.
        index: u64,
    },
    /// The running root hall entered it.
    Asked {
        /// Index of its Member.
        index: u64,
    },
    /// It was entered in the ledger of a root hall that does not run.
    Entered {
        /// Index of its Member.
        index: u64,
    },
}

impl Admission {
    /// Index of the Member in the root hall's acts.
    pub fn index(self) -> u64 {
        match self {
            Self::OwnRoot { index } | Self::Asked { index } | Self::Entered { index } => index,
        }
    }

    /// The way, as one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnRoot { .. } => "root",
            Self::Asked { .. } => "asked",
            Self::Entered { .. } => "entered",
        }
    }
}

/// A hall's Member as its own configuration and keys have it.
pub fn member_of(settings: &Settings, parent: Option<HallId>) -> Result<Member, BirthError> {
    let keys = hall_keys(settings)?;
    // The root hall gives powers to others; its own it has from birth.
    let powers = match parent {
        None => vec![POWER_RULE.to_owned(), POWER_HAND_OVER.to_owned()],
        Some(_) => Vec::new(),
    };
    Ok(Member {
        hall: settings.hall.clone(),
        state: MemberState::Active,
        name: settings.name.clone(),
        divisions: naming::divisions_of(&settings.hall),
        parent,
        endpoints: vec![reachable(settings.link_listen).to_string()],
        log_keys: vec![keys.log],
        holder_keys: vec![keys.holder],
        powers,
        pins: Vec::new(),
    })
}

/// Has `member` admitted by the root hall in `root`, whether it runs or not.
pub async fn admit(
    root: &Path,
    member: Member,
    clock: &Arc<dyn Clock>,
) -> Result<Admission, BirthError> {
    match ask(root, &member).await {
        Ok(index) => Ok(Admission::Asked { index }),
        Err(ClientError::Dial { source, .. }) if source.refusal().is_none() => {
            let settings = config::read(root).map_err(BirthError::configuration)?;
            let index = enter(&settings, member, clock.now())?;
            Ok(Admission::Entered { index })
        }
        Err(error) => Err(BirthError::Ask(error)),
    }
}

async fn ask(root: &Path, member: &Member) -> Result<u64, ClientError> {
    let line = Access::new(root, Role::Operator).dial().await?;
    let admit = v1::AdmitRequest { member: Some(to_wire(member)) };
    let answer = line.operations().admit(request(admit)).await;
    Ok(answer.map_err(CallError::of("admit the hall"))?.into_inner().index)
}

/// A Member as it travels.
fn to_wire(member: &Member) -> v1::Member {
    let Member { hall, name, divisions, parent, endpoints, log_keys, holder_keys, powers, .. } =
        member.clone();
    v1::Member {
        hall: hall.to_string(),
        state: v1::MemberState::Active.into(),
        name,
        divisions,
        parent: parent.map(|parent| parent.to_string()).unwrap_or_default(),
        endpoints,
        log_keys,
        holder_keys,
        powers,
        pins: Vec::new(),
    }
}

/// Where a hall's log lies; what [`Os`] is opened on.
pub fn ledger_directory(directory: &Path) -> PathBuf {
    directory.join("ledger")
}

/// Enters a Member in the acts of a hall that does not run; its index.
pub fn enter(settings: &Settings, member: Member, now: Timestamp) -> Result<u64, EnterError> {
    let log_key = signer(&settings.log_key).map_err(|error| EnterError::Key(Box::new(error)))?;
    let path = ledger_directory(&settings.directory);
    let disk = Os::new(path.clone()).map_err(|source| EnterError::Directory { path, source })?;
    let options = Options::new(settings.domain.clone(), settings.hall.clone(), random()?);
    let (mut store, report) = Store::open(disk, options, Arc::new(log_key), now)?;
    if let Some(damage) = report.damage.first() {
        return Err(EnterError::Damaged(damage.clone()));
    }
    let entry = entry(&store, settings, &Act::Member(member), now)?;
    let outcome = store.commit(vec![Append::Own(entry)], now)?.pop();
    let Some(Outcome::Appended { index, .. }) = outcome else {
        return Err(EnterError::Refused { outcome: Box::new(outcome) });
    };
    let durable = store.close()?;
    if report.created {
        begin_outbox(&settings.directory, durable)?;
    }
    Ok(index)
}

/// The outbox of a log that was made just now, so that `serve` does not take it for lost.
fn begin_outbox(directory: &Path, durable: Durable) -> Result<(), EnterError> {
    let Durable { log_id, group, crc, .. } = durable;
    let (outbox, _) = Outbox::open(&directory.join("outbox"))?;
    outbox.apply(&[Note::Acknowledged(Mark { log_id, group, crc })])?;
    Ok(outbox.sync()?)
}

fn entry<D: Disk>(
    store: &Store<D>,
    settings: &Settings,
    act: &Act,
    now: Timestamp,
) -> Result<OwnEntry, EnterError> {
    let stamp = Stamp {
        record: RecordId::new(now, random()?),
        submitter: format!("/hall/{}", settings.hall),
        revision: 1,
        accepted_at: now,
        previous_commitment: None,
    };
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    let parts = wire::act_to_parts(act, &stamp).to_vec();
    let ledger = store.reader().own_ledger(Lane::Acts);
    Ok(OwnEntry::new(ledger, label, Salt(random()?), parts, Claims::none())?)
}

fn random<const N: usize>() -> Result<[u8; N], EnterError> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(EnterError::Random)?;
    Ok(bytes)
}

/// Why a Member was not entered.
#[derive(Debug, Error)]
pub enum EnterError {
    /// The log key is not usable.
    #[error("take the log key")]
    Key(#[source] Box<BirthError>),
    /// The directory of the log cannot be made.
    #[error("make {}", path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The log could not be opened. When another process has it, that hall runs and does not answer.
    #[error("open the log of a hall that does not answer")]
    Open(#[from] OpenError),
    /// The log is damaged.
    #[error("open the log; `hallway verify` shows what is affected")]
    Damaged(#[source] ledger::Damage),
    /// The write failed.
    #[error("write the act")]
    Commit(#[from] CommitError),
    /// The outbox of a new log could not be made.
    #[error("begin the outbox")]
    Outbox(#[from] outbox::OpenError),
    /// The outbox of a new log could not be written.
    #[error("begin the outbox")]
    Mark(#[from] OutboxError),
    /// The store did not take it.
    #[error("write the act: {outcome:?}")]
    Refused {
        /// What it said.
        outcome: Box<Option<Outcome>>,
    },
    /// The act does not fit.
    #[error("write the act")]
    Parts(#[from] PartsError),
    /// The system gave no random bytes.
    #[error("draw random bytes")]
    Random(#[source] rand::rngs::SysError),
}

impl EnterError {
    /// How a command ends for it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Key(_)
            | Self::Directory { .. }
            | Self::Open(OpenError::OtherHall { .. } | OpenError::Newer { .. }) => Exit::Usage,
            Self::Open(OpenError::Damaged(_)) | Self::Damaged(_) => Exit::Corrupt,
            Self::Open(OpenError::Locked) => Exit::Unreachable,
            Self::Open(OpenError::Disk { .. })
            | Self::Commit(_)
            | Self::Outbox(_)
            | Self::Mark(_)
            | Self::Refused { .. }
            | Self::Parts(_)
            | Self::Random(_) => Exit::No,
        }
    }
}
