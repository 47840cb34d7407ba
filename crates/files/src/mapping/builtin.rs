//! The mappings that every hall has.

use std::sync::LazyLock;

use super::Mapping;

/// All of them.
pub(super) fn all() -> &'static [Mapping] {
    &MAPPINGS
}

static MAPPINGS: LazyLock<Vec<Mapping>> = LazyLock::new(|| {
    let read = |text: &&str| Mapping::read(text).expect("a test reads each of them");
    TEXTS.iter().map(read).collect()
});

const TEXTS: [&str; 13] = [
    include_str!("../../mappings/permit-v2.1.toml"),
    include_str!("../../mappings/permit-person-v2.1.toml"),
    include_str!("../../mappings/permit-v2.toml"),
    include_str!("../../mappings/permit-person-v2.toml"),
    include_str!("../../mappings/permit-v1.toml"),
    include_str!("../../mappings/penalty-v2.1.toml"),
    include_str!("../../mappings/penalty-person-v2.1.toml"),
    include_str!("../../mappings/penalty-v2.toml"),
    include_str!("../../mappings/penalty-person-v2.toml"),
    include_str!("../../mappings/penalty-v1.toml"),
    include_str!("../../mappings/counterfeit-2014.toml"),
    include_str!("../../mappings/tw-moenv.toml"),
    include_str!("../../mappings/us-npdes.toml"),
];
