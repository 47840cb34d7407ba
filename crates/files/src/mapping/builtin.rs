//! The mappings that every hall has.

use std::sync::LazyLock;

use record::Kind;

use super::Mapping;

/// All of them.
pub(super) fn all() -> &'static [Mapping] {
    &MAPPINGS
}

static MAPPINGS: LazyLock<Vec<Mapping>> = LazyLock::new(|| {
    let known = TEXTS.iter().filter(|(kind, _)| !record::fields(kind).is_empty());
    let read = |text: &str| Mapping::read(text).expect("a test reads each of them");
    known.map(|(_, text)| read(text)).collect()
});

/// Kind and text; a kind whose fields have no table has no mapping.
const TEXTS: [(Kind, &str); 18] = [
    (Kind::Permit, include_str!("../../mappings/permit-v2.1.toml")),
    (Kind::Permit, include_str!("../../mappings/permit-person-v2.1.toml")),
    (Kind::Permit, include_str!("../../mappings/permit-v2.toml")),
    (Kind::Permit, include_str!("../../mappings/permit-person-v2.toml")),
    (Kind::Permit, include_str!("../../mappings/permit-v1.toml")),
    (Kind::Penalty, include_str!("../../mappings/penalty-v2.1.toml")),
    (Kind::Penalty, include_str!("../../mappings/penalty-person-v2.1.toml")),
    (Kind::Penalty, include_str!("../../mappings/penalty-v2.toml")),
    (Kind::Penalty, include_str!("../../mappings/penalty-person-v2.toml")),
    (Kind::Penalty, include_str!("../../mappings/penalty-v1.toml")),
    (Kind::Penalty, include_str!("../../mappings/counterfeit-2014.toml")),
    (Kind::Case, include_str!("../../mappings/case.toml")),
    (Kind::Material, include_str!("../../mappings/material.toml")),
    (Kind::Item, include_str!("../../mappings/item.toml")),
    (Kind::PowerList, include_str!("../../mappings/power-list.toml")),
    (Kind::Penalty, include_str!("../../mappings/tw-moenv.toml")),
    (Kind::Permit, include_str!("../../mappings/us-npdes.toml")),
    (Kind::Item, include_str!("../../mappings/cn-items.toml")),
];
