//! What is submitted where: invented permits and penalties of four authorities' halls, the same for
//! the same seed, with sharing classes and audiences dealt out by row.
//!
//! | of a hundred | class | audience | who may have what |
//! |--:|---|---|---|
//! | 5 | withheld 不予共享 | – | nobody else |
//! | 4 | withheld 不予共享 | 1 | the neighbour across and the halls on the way |
//! | 6 | conditional 有条件共享 | 1 | the same |
//! | 10 | conditional 有条件共享 | 2 | the halls above; later another prefecture and its counties too |
//! | 75 | as the generator has it | – | open, unconditional, conditional |
//!
//! Revisions name the record id that the hall gave, and ids are random; all else follows from the
//! seed.

use record::{
    AudienceNumber, Body, Draft, Generator, Kind, Label, RecordId, Revises, RevisionKind,
    SharingClass, jilin,
};
use wire::v1::Submission;

use super::world::SOURCES;

/// The audience of the neighbour across (毗邻联审).
pub(super) const ACROSS: u32 = 1;
/// The audience that is widened late (专项核查).
pub(super) const WIDENED: u32 = 2;

/// One message to submit: a record, or a revision of one.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// Its message id.
    pub(super) id: String,
    /// What is submitted, byte for byte.
    pub(super) submission: Submission,
    /// Which row of its source it is about.
    pub(super) row: u64,
}

/// What one hall submits.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The hall.
    pub(super) hall: &'static str,
    /// Rows it has.
    pub(super) rows: u64,
    permits: Generator,
    penalties: Generator,
    seed: u64,
}

impl Source {
    /// The sources of so many records together.
    pub(super) fn all(records: u64, seed: u64) -> Vec<Self> {
        let count = u64::try_from(SOURCES.len()).unwrap_or(1);
        let sources = SOURCES.iter().zip(0u64..).filter_map(|(hall, place)| {
            let seat = jilin::hall(hall)?;
            Some(Self {
                hall,
                rows: records / count + u64::from(place < records % count),
                permits: Generator::new(&Kind::Permit, seed)?.at(seat),
                penalties: Generator::new(&Kind::Penalty, seed)?.at(seat),
                seed: mix(seed ^ mix(place)),
            })
        });
        sources.collect()
    }

    /// All originals, in order.
    pub(super) fn originals(&self) -> Vec<Letter> {
        let letter = |row| {
            let draft = self.draft(row);
            let submission = wire::submission(&draft);
            Letter { id: draft.head.message_id, submission, row }
        };
        (0..self.rows).map(letter).collect()
    }

    /// Revisions of some of the records, which have these ids; `round` 1 replaces originals, round 2
    /// what round 1 made.
    pub(super) fn revisions(
        &self,
        round: u32,
        id_of: impl Fn(u64) -> Option<RecordId>,
    ) -> Vec<Letter> {
        let revised = (0..self.rows).filter_map(|row| {
            let kind = self.revised_as(round, row)?;
            Some(self.revision(row, round, kind, id_of(row)?))
        });
        revised.collect()
    }

    fn draft(&self, row: u64) -> Draft {
        let of_kind = if row.is_multiple_of(2) { &self.permits } else { &self.penalties };
        let mut draft = of_kind.draft(row);
        let (class, audience) = match mix(self.seed ^ row) % 100 {
            0..5 => (SharingClass::Withheld, 0),
            5..9 => (SharingClass::Withheld, ACROSS),
            9..15 => (SharingClass::Conditional, ACROSS),
            15..25 => (SharingClass::Conditional, WIDENED),
            _ => return draft,
        };
        draft.label = Label { class, audience: AudienceNumber(audience) };
        draft
    }

    /// Row 0 is corrected twice and row 1 withdrawn, whatever the seed; of the others one in forty.
    fn revised_as(&self, round: u32, row: u64) -> Option<RevisionKind> {
        let die = mix(self.seed ^ mix(row)) % 120;
        match (round, row, die) {
            (1, 1, _) | (1, 2.., 2) => Some(RevisionKind::Withdrawal),
            (1 | 2, 0, _) | (1, 2.., 0..2) | (2, 2.., 0) => Some(RevisionKind::Correction),
            _ => None,
        }
    }

    fn revision(&self, row: u64, round: u32, kind: RevisionKind, record: RecordId) -> Letter {
        let mut draft = self.draft(row);
        let id = format!("{}-{}-{round}", draft.head.message_id, kind.as_str());
        draft.head.message_id.clone_from(&id);
        let reason = match kind {
            RevisionKind::Withdrawal => "经复核，原决定予以撤销",
            RevisionKind::Correction
            | RevisionKind::Replacement
            | RevisionKind::CreditRepair
            | RevisionKind::Progress
            | RevisionKind::Expiry => "经复核，原备注录入有误",
        };
        draft.head.revises = Some(Revises {
            record,
            revision: round,
            kind,
            reason: reason.to_owned(),
            successor: None,
            successor_number: String::new(),
        });
        let remark = format!("第{round}次更正");
        match &mut draft.body {
            Body::Permit(permit) => permit.remark = remark,
            Body::Penalty(penalty) => penalty.remark = remark,
            Body::Case(_)
            | Body::Material(_)
            | Body::Item(_)
            | Body::PowerList(_)
            | Body::Opaque { .. } => {}
        }
        let mut submission = wire::submission(&draft);
        if kind == RevisionKind::Withdrawal {
            // A withdrawal says which record no longer stands; it needs no body.
            submission.open.clear();
            submission.closed.clear();
        }
        Letter { id, submission, row }
    }
}

/// A well-mixed number (`SplitMix64`), so that neighbouring rows have nothing in common.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use record::Timestamp;

    use super::*;

    const NOW: Timestamp = Timestamp(1_767_225_600_000);

    fn id(row: u64) -> RecordId {
        RecordId::new(NOW, [u8::try_from(row % 250).unwrap(); 10])
    }

    #[test]
    fn everything_is_valid_and_told_apart() {
        let mut ids = BTreeSet::new();
        let mut labels = BTreeSet::new();
        let sources = Source::all(1_001, 7);
        assert_eq!(sources.iter().map(|source| source.rows).sum::<u64>(), 1_001);
        for source in &sources {
            let mut letters = source.originals();
            letters.extend(source.revisions(1, |row| Some(id(row))));
            letters.extend(source.revisions(2, |row| Some(id(row))));
            for letter in letters {
                let checked = wire::check(&letter.submission, NOW).unwrap();
                assert_eq!(checked.head.message_id, letter.id);
                labels.insert(checked.label);
                assert!(ids.insert(letter.id));
            }
        }
        assert!(labels.len() >= 6, "{labels:?}");
        assert!(ids.len() > 1_001 + 12);
    }

    #[test]
    fn one_seed_one_plan() {
        let all = |seed| {
            let sources = Source::all(80, seed);
            sources.iter().flat_map(Source::originals).map(|letter| letter.submission).collect()
        };
        let (one, other): (Vec<Submission>, Vec<Submission>) = (all(1), all(2));
        assert_eq!(one, all(1));
        assert_ne!(one, other);
    }

    #[test]
    fn the_smallest_plan_still_revises() {
        let sources = Source::all(8, 3);
        for source in &sources {
            assert!(source.revisions(1, |row| Some(id(row))).len() >= 2);
            assert!(!source.revisions(2, |row| Some(id(row))).is_empty());
        }
    }
}
