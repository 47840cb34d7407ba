//! Whether the acts held here are level with those of the peers this hall dials.
//!
//! Acts go first on a link, yet between a greeting and the last of them a ruling may still be under
//! way about what stands here already. Faces that show records hold back meanwhile; how long at most
//! is theirs to say. A hall that reaches nobody is level with nobody behind it: it serves what it has.
//!
//! Only peers that this hall dials count, its parent foremost: whoever dials in cannot keep the faces
//! closed by greeting again and again.

use record::{HallId, Lane};

use super::Machine;
use super::state::{Link, Stage};

impl Machine {
    /// Whether nothing greeted or greeting is known to have acts that are lacking here. False until
    /// the first dial has come to something.
    pub fn acts_are_level(&self) -> bool {
        self.dial
            .iter()
            .all(|peer| self.links.get(peer).is_some_and(|link| self.is_level_with(peer, link)))
    }

    fn is_level_with(&self, peer: &HallId, link: &Link) -> bool {
        match link.session.as_ref().map(|session| session.stage) {
            Some(Stage::Comparing) => false,
            Some(Stage::Ready) => !link.roads.iter().any(|(name, road)| {
                name.lane() == Lane::Acts
                    && road.theirs > self.size(name)
                    && self.follows(peer, name)
            }),
            Some(Stage::Ending) => true,
            // A dial that failed or a link that was lost has left its mark.
            None => link.opening.is_empty() && (link.attempts > 0 || !link.reason.is_empty()),
        }
    }
}
