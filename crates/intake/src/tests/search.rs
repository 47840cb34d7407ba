//! An original is found around its time, and elsewhere when a clock was set back.

use record::{RecordId, Timestamp};

use super::life::Origin;
use crate::search::{original, original_around, reached};

fn id(second: i64) -> RecordId {
    RecordId::new(Timestamp(1_790_000_000_000 + second * 1_000), [7; 10])
}

fn origin(seconds: impl IntoIterator<Item = i64>) -> Origin {
    let mut origin = Origin::new("220100");
    for second in seconds {
        origin.enter(id(second), 1);
    }
    origin
}

#[test]
fn a_ledger_is_halved_until_the_time_is_reached() {
    let origin = origin(0..21);
    let reader = origin.store.reader();
    for second in 0..21 {
        let at = reached(&reader, &origin.ledger, 21, id(second).accepted_at()).unwrap();
        assert_eq!(i64::try_from(at).unwrap(), second);
    }
    let after = reached(&reader, &origin.ledger, 21, id(900).accepted_at()).unwrap();
    assert_eq!(after, 21);
}

#[test]
fn an_original_is_found_wherever_its_clock_put_it() {
    let origin = origin((0..12).chain([3_000, 3_001]).chain(100..112));
    let reader = origin.store.reader();
    for second in [0, 5, 11, 3_000, 3_001, 105, 111] {
        let found = original_around(&reader, id(second), 1).unwrap();
        assert_eq!(found.as_ref(), Some(origin.ledger.hall()), "{second}");
    }
    assert_eq!(original(&reader, id(50)).unwrap(), None);
}
