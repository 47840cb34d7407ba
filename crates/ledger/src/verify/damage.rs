//! What a damaged group affects, named entry by entry as far as its remains tell.
//!
//! When header and names of the group are whole its frames are read without trust in them: entries
//! whose parts still fit their leaves are only counted, the others are named. When they are not, the
//! gap in the indices behind it names the first entry that is lost.

use super::{Body, Frame, Pass, fits};
use crate::disk::Disk;
use crate::group::Group;

impl<D: Disk> Pass<'_, D> {
    /// Names a damaged group and the entries it takes with it.
    pub(super) fn damaged(&mut self, segment: u64, offset: u64, remains: Option<&Group>) {
        self.problem(offset, None, "a durable group is damaged".to_owned());
        let Some(frames) = remains.and_then(|group| group.frames(offset)) else { return };
        for (span, frame) in frames {
            match &frame.body {
                Body::Entry { index, leaf, parts, .. } => {
                    self.entry(segment, span, (frame.ledger.clone(), *index), leaf, parts);
                }
                Body::Fill { .. }
                | Body::Seal { .. }
                | Body::Receipt { .. }
                | Body::Unknown { .. } => self.damaged_frame(span.offset.into(), &frame),
            }
        }
    }

    /// A fill is checked by its leaf; the rest of a damaged group is not looked at again.
    fn damaged_frame(&mut self, offset: u64, frame: &Frame) {
        if let Body::Fill { index, parts } = &frame.body {
            let place = self.ledgers.get(&frame.ledger).and_then(|tree| tree.open.get(index));
            let leaf = place.copied().and_then(|(segment, span)| self.leaf_at(segment, span));
            if leaf.is_none_or(|leaf| !fits(parts, &frame.ledger, &leaf)) {
                let what = "parts that came later are damaged".to_owned();
                self.problem(offset, Some((frame.ledger.clone(), *index)), what);
            }
        }
    }
}
