//! What a door asks of who stands before it, once its certificate is believed.
//!
//! The link door lets in halls of our trust domain, the portal everybody who belongs to us, and
//! whoever dials wants one hall and no other. What they may do inside is not decided here.

use std::collections::BTreeSet;

use record::HallId;

use crate::identity::Identity;
use crate::judge::Role;
use crate::reason::Reason;
use crate::refusals::Face;

/// What a door asks of who stands before it.
#[derive(Clone, Debug)]
pub(crate) enum Demand {
    /// A hall of our trust domain, of these if they are listed.
    Link { own: Identity, admitted: Option<BTreeSet<HallId>> },
    /// A department, an operator, a system of our hall, or our hall's own tools.
    Portal { own: Identity },
    /// This one and nobody else.
    Exactly { expected: Identity },
}

impl Demand {
    pub(crate) fn role(&self) -> Role {
        match self {
            Self::Link { .. } | Self::Portal { .. } => Role::Client,
            Self::Exactly { .. } => Role::Server,
        }
    }

    pub(crate) fn face(&self) -> Face {
        match self {
            Self::Link { .. } => Face::Link,
            Self::Portal { .. } => Face::Portal,
            Self::Exactly { .. } => Face::Dial,
        }
    }

    pub(crate) fn met_by(&self, identity: &Identity) -> Result<(), Reason> {
        let own = match self {
            Self::Link { own, .. } | Self::Portal { own } | Self::Exactly { expected: own } => own,
        };
        if identity.domain() != own.domain() {
            return Err(Reason::WrongDomain);
        }
        let met = match (self, identity) {
            (Self::Link { admitted, .. }, Identity::Hall { hall, .. }) => {
                let listed = admitted.as_ref().is_none_or(|halls| halls.contains(hall));
                listed && identity != own
            }
            (
                Self::Link { .. } | Self::Exactly { .. },
                Identity::System { .. } | Identity::Department { .. } | Identity::Operator { .. },
            ) => return Err(Reason::NotAHall),
            (Self::Portal { .. }, Identity::Department { .. } | Identity::Operator { .. }) => true,
            (Self::Portal { .. }, Identity::Hall { .. } | Identity::System { .. }) => {
                identity.hall_id() == own.hall_id()
            }
            (Self::Exactly { .. }, Identity::Hall { .. }) => identity == own,
        };
        if met { Ok(()) } else { Err(Reason::WrongHall) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Reason::{NotAHall, WrongDomain, WrongHall};

    #[test]
    fn doors_ask_for_the_right_people() {
        let id = |path: &str| format!("spiffe://d{path}").parse::<Identity>().unwrap();
        let own = id("/hall/a");
        let link = Demand::Link { own: own.clone(), admitted: None };
        let listed = Demand::Link {
            own: own.clone(),
            admitted: Some(BTreeSet::from(["b".parse().unwrap()])),
        };
        let portal = Demand::Portal { own: own.clone() };
        let exactly = Demand::Exactly { expected: id("/hall/b") };
        let foreign: Identity = "spiffe://e/hall/b".parse().unwrap();
        for (demand, identity, expected) in [
            (&link, id("/hall/b"), Ok(())),
            (&link, id("/hall/a"), Err(WrongHall)),
            (&link, id("/system/b/x"), Err(NotAHall)),
            (&link, id("/operator/x"), Err(NotAHall)),
            (&link, foreign.clone(), Err(WrongDomain)),
            (&listed, id("/hall/b"), Ok(())),
            (&listed, id("/hall/c"), Err(WrongHall)),
            (&portal, id("/system/a/x"), Ok(())),
            (&portal, id("/system/b/x"), Err(WrongHall)),
            (&portal, id("/department/x"), Ok(())),
            (&portal, id("/operator/x"), Ok(())),
            (&portal, id("/hall/a"), Ok(())),
            (&portal, id("/hall/b"), Err(WrongHall)),
            (&portal, foreign.clone(), Err(WrongDomain)),
            (&exactly, id("/hall/b"), Ok(())),
            (&exactly, id("/hall/c"), Err(WrongHall)),
            (&exactly, id("/department/x"), Err(NotAHall)),
            (&exactly, foreign, Err(WrongDomain)),
        ] {
            assert_eq!(demand.met_by(&identity), expected, "{identity}");
        }
    }
}
