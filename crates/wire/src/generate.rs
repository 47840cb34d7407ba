//! Invented records as submissions, for the `generate` command, the demonstration and drills.

use record::jilin::HallSeat;
use record::{Draft, Generator, Kind};

use crate::convert::{body_to_parts, head_to_bytes};
use crate::v1;

/// `rows` valid, invented submissions of one kind from all of Jilin, the same for the same seed;
/// none at all for acts and registered kinds.
pub fn generated(
    kind: &Kind,
    rows: usize,
    seed: u64,
) -> impl Iterator<Item = v1::Submission> + use<> {
    Generator::new(kind, seed).into_iter().flatten().take(rows).map(|draft| submission(&draft))
}

/// The same from one seat's authorities only.
pub fn generated_at(
    seat: &'static HallSeat,
    kind: &Kind,
    rows: usize,
    seed: u64,
) -> impl Iterator<Item = v1::Submission> + use<> {
    let generator = Generator::new(kind, seed).map(|generator| generator.at(seat));
    generator.into_iter().flatten().take(rows).map(|draft| submission(&draft))
}

/// A draft as it would be submitted; change its head, body or label first to make a revision.
pub fn submission(draft: &Draft) -> v1::Submission {
    let (open, closed) = body_to_parts(&draft.body).unwrap_or_default();
    v1::Submission {
        head: head_to_bytes(&draft.head),
        open,
        closed,
        sharing_class: draft.label.class.as_str().to_owned(),
        audience: draft.label.audience.0,
        profile: String::new(),
    }
}
