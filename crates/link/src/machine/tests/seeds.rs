//! Many small worlds at random: trees with roads across, cuts, restarts, audiences widened while
//! running. In the end everybody holds exactly what it may, and nothing was ever handed to a hall
//! without a right to it.

use std::time::Duration;

use policy::Acts;
use proptest::prelude::*;
use record::{SharingClass, Who};

use super::post::Post;
use super::world::*;

const HALLS: [(&str, Option<&str>); 6] = [
    ("p", None),
    ("a", Some("p")),
    ("b", Some("p")),
    ("a1", Some("a")),
    ("a2", Some("a")),
    ("b1", Some("b")),
];
const DIALS: [(&str, &str); 8] = [
    ("a", "p"),
    ("b", "p"),
    ("a1", "a"),
    ("a2", "a"),
    ("b1", "b"),
    ("a1", "b1"),
    ("b1", "a1"),
    ("a2", "b"),
];

#[derive(Clone, Debug)]
enum Step {
    Submit { at: usize, count: usize, class: usize, audience: u32 },
    Allow { origin: usize, number: u32, who: usize, only: Option<usize> },
    Cut(usize),
    Mend(usize),
    Restart(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..6usize, 1..40usize, 0..4usize, 0..3u32)
            .prop_map(|(at, count, class, audience)| Step::Submit { at, count, class, audience }),
        2 => (0..6usize, 1..3u32, 0..6usize, proptest::option::of(0..6usize))
            .prop_map(|(origin, number, who, only)| Step::Allow { origin, number, who, only }),
        2 => (0..8usize).prop_map(Step::Cut),
        2 => (0..8usize).prop_map(Step::Mend),
        1 => (0..6usize).prop_map(Step::Restart),
        6 => (1..4_000u64).prop_map(Step::Wait),
    ]
}

fn dialled_by(name: &str) -> Vec<&'static str> {
    DIALS.iter().filter(|(from, _)| *from == name).map(|(_, to)| *to).collect()
}

fn play(world: &mut World, acts: &mut Acts, steps: &[Step]) {
    for (index, one) in (0..).zip(steps) {
        match *one {
            Step::Submit { at, count, class, audience } => {
                let label = label(SharingClass::ALL[class], audience);
                world.submit(HALLS[at].0, count, label);
            }
            Step::Allow { origin, number, who, only } => {
                let who = Who::Hall(hall(HALLS[who].0));
                allow(acts, index, HALLS[origin].0, number, who);
                let only = only.map(|at| HALLS[at].0);
                world.acts_move(acts, only.as_slice());
            }
            Step::Cut(at) => world.cut(DIALS[at].0, DIALS[at].1),
            Step::Mend(at) => world.mend(DIALS[at].0, DIALS[at].1),
            Step::Restart(at) => world.restart(HALLS[at].0, &dialled_by(HALLS[at].0)),
            Step::Wait(millis) => world.run(Duration::from_millis(millis)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn everybody_ends_with_exactly_what_it_may_have(
        steps in proptest::collection::vec(step(), 1..60),
        seed in any::<u64>(),
    ) {
        let mut acts = tree(&HALLS);
        let mut world = World::new(&acts, &DIALS);
        world.queue = Post::new(seed);
        play(&mut world, &mut acts, &steps);
        for (one, other) in DIALS {
            world.mend(one, other);
        }
        world.acts_move(&acts, &[]);
        world.run(Duration::from_mins(30));
        prop_assert_eq!(world.complete(), Ok(()));
        for (at, place) in &world.places {
            prop_assert!(place.alarms.is_empty(), "{}: {:?}", at, place.alarms);
            prop_assert!(place.forks.is_empty());
            for ((holder, name), size) in &place.kept {
                prop_assert!(*size <= u64::try_from(place.ledgers[name].len()).unwrap(), "{}", holder);
            }
            let own = ledger(at.as_str());
            let Some(truth) = place.ledgers.get(&own) else { continue };
            for other in world.places.keys().filter(|other| *other != at) {
                let size = place.kept.get(&(other.clone(), own.clone())).copied();
                prop_assert_eq!(size, Some(u64::try_from(truth.len()).unwrap()), "{} of {}", other, at);
            }
        }
    }
}
