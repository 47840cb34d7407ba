//! The cards of supervision (预警、黄牌、红牌): when a case's light changes. Thresholds are data.
//!
//! The rule text seen (监察规则) and its own examples differ by a day: "两天前预警" is three working
//! days before the due moment in the example, "超承诺1天" fires at the due moment itself. Meant here are
//! the examples ([`Reading::Examples`]), because they are dated; whoever reads the words takes
//! [`Reading::Words`]. A card is on from its moment; one second over is over.
//!
//! Special procedures move a due moment and so every card: give the dues with those days added.

use super::{Calendar, Uncovered};
use crate::time::Timestamp;

/// A light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Card {
    /// 预警: soon due.
    Warn,
    /// 黄牌.
    Yellow,
    /// 红牌.
    Red,
}

/// Which due moment a card looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// What was promised (承诺时限).
    Promise,
    /// What the law allows (法定时限).
    Statute,
}

/// Whether the words of the rule or its examples are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// The dated examples.
    #[default]
    Examples,
    /// The words.
    Words,
}

/// When one card fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Which.
    pub card: Card,
    /// Which due moment counts.
    pub against: Against,
    /// Working days after it, negative before it, as the examples mean it.
    pub examples: i16,
    /// The same as the words say it.
    pub words: i16,
}

/// The cards of one subject of supervision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cards {
    /// What is watched, such as `case`.
    pub subject: &'static str,
    /// Its cards, mildest first.
    pub thresholds: &'static [Threshold],
}

/// The due moments of a case, with special procedures counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dues {
    /// By its promise.
    pub promise: Timestamp,
    /// By the law.
    pub statute: Timestamp,
}

/// The cards of a subject.
pub fn cards(subject: &str) -> Option<&'static Cards> {
    CARDS.iter().find(|cards| cards.subject == subject)
}

impl Cards {
    /// When a card fires; nothing for a card the subject does not have.
    pub fn fires_at(
        &self,
        card: Card,
        dues: Dues,
        reading: Reading,
        calendar: &Calendar,
    ) -> Result<Option<Timestamp>, Uncovered> {
        let Some(threshold) = self.thresholds.iter().find(|one| one.card == card) else {
            return Ok(None);
        };
        let days = match reading {
            Reading::Examples => threshold.examples,
            Reading::Words => threshold.words,
        };
        let due = match threshold.against {
            Against::Promise => dues.promise,
            Against::Statute => dues.statute,
        };
        calendar.shifted_at(due, days.into()).map(Some)
    }

    /// The worst card that is on.
    pub fn at(
        &self,
        now: Timestamp,
        dues: Dues,
        reading: Reading,
        calendar: &Calendar,
    ) -> Result<Option<Card>, Uncovered> {
        for card in [Card::Red, Card::Yellow, Card::Warn] {
            if self.fires_at(card, dues, reading, calendar)?.is_some_and(|moment| now >= moment) {
                return Ok(Some(card));
            }
        }
        Ok(None)
    }
}

const fn on(card: Card, days: i16) -> Threshold {
    Threshold { card, against: Against::Promise, examples: days, words: days }
}

const CARDS: &[Cards] = &[
    Cards {
        subject: "case",
        thresholds: &[
            Threshold { words: -2, ..on(Card::Warn, -3) },
            Threshold { words: 1, ..on(Card::Yellow, 0) },
            Threshold { words: 1, against: Against::Statute, ..on(Card::Red, 0) },
        ],
    },
    Cards {
        subject: "special_procedure_7d",
        thresholds: &[on(Card::Warn, -3), on(Card::Yellow, 0), on(Card::Red, 1)],
    },
    Cards {
        subject: "online_preaccept_2d",
        thresholds: &[on(Card::Warn, 0), on(Card::Yellow, 3), on(Card::Red, 5)],
    },
    Cards { subject: "ecert_issue_3d", thresholds: &[on(Card::Yellow, 0)] },
    Cards {
        subject: "enquiry_complaint",
        thresholds: &[on(Card::Warn, -3), on(Card::Yellow, 0), on(Card::Red, 1)],
    },
];
