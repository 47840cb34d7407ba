//! The resume token: a place in one log, as text that only this service writes.
//!
//! ```text
//! base64url( 1 ‖ log id (16) ‖ position (8) ‖ check (4) )
//! ```
//!
//! The check catches slips of the hand, not forgers: whoever invents a position sees nothing that
//! he could not see from the beginning. A token of another log (a hall restored, a disk lost) is good
//! and means the beginning.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use ledger::Position;

/// Where a follower goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) log_id: [u8; 16],
    pub(super) position: Position,
}

/// Text that is no token of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadToken;

const VERSION: u8 = 1;
const CONTENT: usize = 1 + 16 + 8;
const CHECK: usize = 4;

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.log_id);
        bytes.extend_from_slice(&self.position.0.to_be_bytes());
        bytes.extend_from_slice(&check(&bytes));
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for Token {
    type Err = BadToken;

    fn from_str(text: &str) -> Result<Self, BadToken> {
        if text.len() > 2 * (CONTENT + CHECK) {
            return Err(BadToken);
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| BadToken)?;
        let (content, sum) = bytes.split_at_checked(CONTENT).ok_or(BadToken)?;
        let (version, rest) = content.split_first().ok_or(BadToken)?;
        let (log_id, position) = rest.split_first_chunk().ok_or(BadToken)?;
        let position = position.first_chunk().ok_or(BadToken)?;
        if *version != VERSION || sum != check(content) {
            return Err(BadToken);
        }
        Ok(Self { log_id: *log_id, position: Position(u64::from_be_bytes(*position)) })
    }
}

fn check(content: &[u8]) -> [u8; CHECK] {
    let [a, b, c, d, ..] = ledger::leaf_hash(content);
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_round_trip_and_slips_are_refused() {
        let token = Token { log_id: [7; 16], position: Position(u64::MAX - 3) };
        let text = token.to_string();
        assert_eq!(text.parse(), Ok(token));
        for place in 0..text.len() {
            let mut slip = text.clone().into_bytes();
            slip[place] = if slip[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(String::from_utf8(slip).unwrap().parse::<Token>(), Err(BadToken));
        }
        for bad in ["", "A", &text[1..], &format!("{text}A"), &"A".repeat(4000), "贯通"] {
            assert_eq!(bad.parse::<Token>(), Err(BadToken), "{bad}");
        }
    }
}
