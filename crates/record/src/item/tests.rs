//! Editions by day, and what an item may lack.

use super::*;

fn edition(from: &str, until: &str) -> Item {
    Item { valid_from: from.into(), valid_until: until.into(), ..Item::default() }
}

#[test]
fn the_edition_of_a_day_is_the_last_that_began() {
    let editions = [
        edition("2020-01-01", ""),
        edition("2022-07-01", "2023-06-30"),
        edition("2024-01-01", ""),
        edition("", "2019-12-31"),
    ];
    let on = |day: &str| as_of(&editions, day.parse().unwrap()).map(|item| &*item.valid_from);
    assert_eq!(on("2019-06-01"), Some(""));
    assert_eq!(on("2020-01-01"), Some("2020-01-01"));
    assert_eq!(on("2022-06-30"), Some("2020-01-01"));
    assert_eq!(on("2023-06-30"), Some("2022-07-01"));
    assert_eq!(on("2023-07-01"), Some("2020-01-01"), "the newer edition ended");
    assert_eq!(on("2030-01-01"), Some("2024-01-01"));
    assert_eq!(as_of(&editions[1..3], "2021-01-01".parse().unwrap()), None);
}
