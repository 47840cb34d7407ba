//! The systems behind the halls, and what they remember: who was told what about which message.
//!
//! This is the model the world is judged by. An acknowledged message must be in its ledger at the
//! place that was named, with its bytes; one without an answer may or may not be there, once. Clients
//! ask again with the same message id until they have an answer, some give up, some change the bytes
//! under an id, some revise what has been revised since. A hall's own acts go the same way.

use bytes::Bytes;
use ledger::{Claims, Outcome, OwnEntry, RecordClaim};
use record::{
    Act, AudienceNumber, Hash, Head, Kind, Label, Lane, LedgerName, RecordId, Revises,
    RevisionKind, Salt, SharingClass, Stamp, Timestamp,
};

use super::dice::Dice;
use super::net::Node;

/// A message's place in [`Clients::messages`].
pub type MessageNumber = usize;

/// Everything clients know.
#[derive(Debug, Default)]
pub struct Clients {
    /// Every message ever submitted.
    pub messages: Vec<Message>,
    records: Vec<RecordState>,
    naturals: u64,
}

/// One submission.
#[derive(Clone, Debug)]
pub struct Message {
    /// At which hall.
    pub node: Node,
    /// Into which lane.
    pub lane: Lane,
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: Label,
    /// What it is.
    pub aim: Aim,
    /// The open part; with a closed one for records.
    pub open: Bytes,
    /// The closed part.
    pub closed: Bytes,
    /// The natural key, if it claims one.
    pub natural: Option<String>,
    /// The last answer.
    pub answer: Answer,
    /// The client does not ask again.
    pub gives_up: bool,
}

/// What a message does.
#[derive(Clone, Debug)]
pub enum Aim {
    /// A new record.
    Original(usize),
    /// Replaces a revision of a record.
    Correction(usize, u32),
    /// A hall's own act.
    Act,
}

/// What a client was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    None,
    /// It is durable, here.
    Acknowledged(LedgerName, u64),
    /// It will never be taken.
    Refused,
}

#[derive(Debug)]
struct RecordState {
    node: Node,
    id: RecordId,
    label: Label,
    /// The latest revision that was acknowledged; 0 before the first.
    revision: u32,
}

impl Clients {
    /// Something new to submit at a hall, or something old once more.
    pub fn next(&mut self, node: Node, dice: &mut Dice) -> MessageNumber {
        let roll = dice.below(100);
        let known: Vec<MessageNumber> = (0..)
            .zip(&self.messages)
            .filter(|(_, message)| message.node == node && message.lane == Lane::Records)
            .map(|(number, _)| number)
            .collect();
        let settled: Vec<usize> = (0..)
            .zip(&self.records)
            .filter(|(_, record)| record.node == node && record.revision > 0)
            .map(|(number, _)| number)
            .collect();
        match (roll, dice.pick(&known).copied(), dice.pick(&settled).copied()) {
            (0..=11, Some(message), _) => message,
            (12..=16, Some(message), _) => self.other_bytes(message, dice),
            (17..=31, _, Some(record)) => self.correction(record, 0, dice),
            (32..=36, _, Some(record)) => self.correction(record, 1, dice),
            _ => self.original(node, dice),
        }
    }

    /// A hall's own act.
    pub fn act(&mut self, node: Node, act: &Act) -> MessageNumber {
        self.add(Message {
            node,
            lane: Lane::Acts,
            id: format!("act-{}", self.messages.len()),
            label: PLAIN,
            open: wire::act_to_open(act),
            closed: Bytes::new(),
            aim: Aim::Act,
            natural: None,
            answer: Answer::None,
            gives_up: false,
        })
    }

    /// The entry that the hall's door makes of a message.
    pub fn entry(
        &self,
        number: MessageNumber,
        ledger: LedgerName,
        now: Timestamp,
        salt: [u8; 32],
    ) -> Option<OwnEntry> {
        let message = self.messages.get(number)?;
        let (record, replaces, revision) = self.place_of(message)?;
        let submitter = format!("/system/{}/window", ledger.hall().as_str());
        let head = wire::head_to_bytes(&head(message, record, replaces));
        let content = wire::unstamped_content(&head, &message.open, &message.closed);
        let stamp = Stamp {
            record,
            submitter: submitter.clone(),
            revision,
            accepted_at: now,
            previous_commitment: None,
        };
        let claims = Claims {
            message: Some((submitter, message.id.clone(), content)),
            record: (message.lane == Lane::Records).then(|| RecordClaim {
                record_id: record.to_string(),
                replaces,
                revision,
            }),
            natural_key: message.natural.clone(),
        };
        let head = wire::stamped(&head, &stamp);
        let parts = wire::entry_parts(head, message.open.clone(), message.closed.clone());
        OwnEntry::new(ledger, message.label, Salt(salt), parts, claims).ok()
    }

    /// Takes the hall's answer; a contradiction to an earlier one is a sentence.
    pub fn answered(&mut self, number: MessageNumber, outcome: &Outcome) -> Result<(), String> {
        let answer = final_answer(outcome);
        let Some(message) = self.messages.get_mut(number) else { return Ok(()) };
        let consistent = message.answer == Answer::None || answer == message.answer;
        let said = format!("message {} was told {:?}, now {outcome:?}", message.id, message.answer);
        if answer != Answer::None {
            message.answer = answer;
        }
        let acknowledged = matches!(message.answer, Answer::Acknowledged(..));
        if let (true, Some((record, _, revision))) = (acknowledged, numbers_of(&message.aim))
            && let Some(state) = self.records.get_mut(record)
        {
            state.revision = state.revision.max(revision);
        }
        if consistent { Ok(()) } else { Err(said) }
    }

    /// Whether nobody waits for an answer any more.
    pub fn is_served(&self, abandoned: &dyn Fn(Node) -> bool) -> bool {
        self.messages.iter().all(|message| {
            message.gives_up || message.answer != Answer::None || abandoned(message.node)
        })
    }

    fn original(&mut self, node: Node, dice: &mut Dice) -> MessageNumber {
        let class = *dice.pick(&SharingClass::ALL).unwrap_or(&SharingClass::Open);
        let audience = if dice.chance(500) { 0 } else { dice.between(1, 3) };
        let audience = AudienceNumber(u32::try_from(audience).unwrap_or(0));
        let label = Label { class, audience };
        let born = Timestamp(i64::try_from(self.records.len()).unwrap_or(0));
        let id = RecordId::new(born, dice.bytes());
        self.records.push(RecordState { node, id, label, revision: 0 });
        let natural = dice.chance(300).then(|| self.natural(dice));
        self.add(Message {
            node,
            lane: Lane::Records,
            id: format!("m-{}", self.messages.len()),
            label,
            aim: Aim::Original(self.records.len() - 1),
            open: body(dice, 120),
            closed: if dice.chance(800) { body(dice, 200) } else { Bytes::new() },
            natural,
            answer: Answer::None,
            gives_up: dice.chance(80),
        })
    }

    /// A natural key, now and then one that was used before, at whichever hall.
    fn natural(&mut self, dice: &mut Dice) -> String {
        let used = self.naturals;
        let number = if used > 0 && dice.chance(150) { dice.below(used) } else { used };
        self.naturals = used.max(number + 1);
        format!("220000 permit {number} party 0")
    }

    fn correction(&mut self, record: usize, behind: u32, dice: &mut Dice) -> MessageNumber {
        let state = self.records.get(record);
        let (node, label, latest) =
            state.map_or((0, PLAIN, 1), |state| (state.node, state.label, state.revision));
        self.add(Message {
            node,
            lane: Lane::Records,
            id: format!("m-{}", self.messages.len()),
            label,
            aim: Aim::Correction(record, latest.saturating_sub(behind).max(1)),
            open: body(dice, 120),
            closed: body(dice, 100),
            natural: None,
            answer: Answer::None,
            gives_up: dice.chance(80),
        })
    }

    fn other_bytes(&mut self, number: MessageNumber, dice: &mut Dice) -> MessageNumber {
        let Some(message) = self.messages.get(number).cloned() else { return number };
        let open = body(dice, 90);
        self.add(Message { open, answer: Answer::None, gives_up: true, ..message })
    }

    fn add(&mut self, message: Message) -> MessageNumber {
        self.messages.push(message);
        self.messages.len() - 1
    }

    fn place_of(&self, message: &Message) -> Option<(RecordId, Option<u32>, u32)> {
        match numbers_of(&message.aim) {
            Some((record, replaces, revision)) => {
                Some((self.records.get(record)?.id, replaces, revision))
            }
            None => {
                let id: Hash = wire::unstamped_content(&Bytes::new(), message.id.as_bytes(), &[]);
                let bytes = id.first_chunk::<10>().copied().unwrap_or_default();
                Some((RecordId::new(Timestamp(0), bytes), None, 1))
            }
        }
    }
}

const PLAIN: Label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };

/// The record, the revision it replaces, and its own.
fn numbers_of(aim: &Aim) -> Option<(usize, Option<u32>, u32)> {
    match aim {
        Aim::Original(record) => Some((*record, None, 1)),
        Aim::Correction(record, replaces) => Some((*record, Some(*replaces), replaces + 1)),
        Aim::Act => None,
    }
}

fn head(message: &Message, record: RecordId, replaces: Option<u32>) -> Head {
    Head {
        message_id: message.id.clone(),
        kind: if message.lane == Lane::Acts { Kind::Act } else { Kind::Permit },
        revises: replaces.map(|revision| Revises {
            record,
            revision,
            kind: RevisionKind::Correction,
            reason: "更正".to_owned(),
            successor: None,
            successor_number: String::new(),
        }),
        natural_key: None,
        authority: None,
        division: None,
        happened_at: None,
        stamp: None,
    }
}

/// What a client takes for a final answer.
fn final_answer(outcome: &Outcome) -> Answer {
    match outcome {
        Outcome::Appended { ledger, index } | Outcome::Repeated { ledger, index } => {
            Answer::Acknowledged(ledger.clone(), *index)
        }
        Outcome::OtherBytes { .. }
        | Outcome::Stale { .. }
        | Outcome::NaturalKeyTaken { .. }
        | Outcome::Behind(_)
        | Outcome::UnknownRecord => Answer::Refused,
        Outcome::WrongGeneration
        | Outcome::Extended { .. }
        | Outcome::Gap { .. }
        | Outcome::Diverges { .. }
        | Outcome::Filled { .. }
        | Outcome::Logged
        | Outcome::Rotated { .. }
        | Outcome::Opened { .. }
        | Outcome::Refused(_) => Answer::None,
    }
}

fn body(dice: &mut Dice, most: u64) -> Bytes {
    let length = usize::try_from(dice.between(8, most)).unwrap_or(8);
    std::iter::repeat_with(|| dice.bytes::<8>()).flatten().take(length).collect()
}
