//! The status board: what a person must look at, by code and subject, since when. Floors raise and
//! settle; `status` shows. An alarm raised again keeps its first moment.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use record::Timestamp;

/// Most alarms shown at once; further ones are counted, not kept.
const ALARMS_MAX: usize = 1_000;

/// Something a person must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Stable code, kebab-case.
    pub code: &'static str,
    /// What it is about: a hall, a ledger, a file.
    pub subject: String,
    /// In Chinese.
    pub message_zh: String,
    /// In English.
    pub message_en: String,
    /// Since when.
    pub since: Timestamp,
}

/// The board; clones show the same alarms.
#[derive(Clone, Debug, Default)]
pub struct Board {
    alarms: Arc<Mutex<BTreeMap<(&'static str, String), Alarm>>>,
}

impl Board {
    /// Raises an alarm, or renews the words of one that stands.
    pub fn raise(&self, alarm: Alarm) {
        let mut alarms = self.alarms.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (alarm.code, alarm.subject.clone());
        let standing = alarms.len();
        match alarms.get_mut(&key) {
            Some(known) => {
                known.message_zh = alarm.message_zh;
                known.message_en = alarm.message_en;
            }
            None if standing < ALARMS_MAX => {
                tracing::warn!(code = alarm.code, subject = %alarm.subject, detail = %alarm.message_en, "alarm raised");
                alarms.insert(key, alarm);
            }
            None => {}
        }
    }

    /// Ends an alarm.
    pub fn settle(&self, code: &'static str, subject: &str) {
        let mut alarms = self.alarms.lock().unwrap_or_else(PoisonError::into_inner);
        if alarms.remove(&(code, subject.to_owned())).is_some() {
            tracing::info!(code, subject, "alarm settled");
        }
    }

    /// All alarms that stand, by code and subject.
    pub fn alarms(&self) -> Vec<Alarm> {
        let alarms = self.alarms.lock().unwrap_or_else(PoisonError::into_inner);
        alarms.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_keeps_its_first_moment_until_it_is_settled() {
        let board = Board::default();
        let alarm = |since, words: &str| Alarm {
            code: "link-refused",
            subject: "220100".to_owned(),
            message_zh: String::new(),
            message_en: words.to_owned(),
            since: Timestamp(since),
        };
        board.raise(alarm(5, "first"));
        board.raise(alarm(9, "second"));
        let standing = board.alarms();
        assert_eq!(standing.len(), 1);
        assert_eq!((standing[0].since, standing[0].message_en.as_str()), (Timestamp(5), "second"));
        board.settle("link-refused", "220100");
        assert!(board.alarms().is_empty());
    }
}
