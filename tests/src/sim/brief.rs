//! Events and actions in a few words each, for traces: enough to tell two runs apart and to read
//! what happened, without printing parts and rights.

use std::fmt::{Display, Formatter, Result};

use link::machine::{Action, Event};
use wire::frame::Frame;

/// Something, briefly.
pub struct Brief<'a, T>(pub &'a T);

impl Display for Brief<'_, Event> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Event::Opened { peer, connection, dialled } => {
                write!(f, "opened {} {} {dialled}", peer.as_str(), connection.0)
            }
            Event::Arrived { peer, connection, frame } => {
                write!(f, "arrived {} {} {}", peer.as_str(), connection.0, Brief(frame))
            }
            Event::Unreadable { peer, connection, what } => {
                write!(f, "unreadable {} {} {what}", peer.as_str(), connection.0)
            }
            Event::Lost { peer, connection, reason } => {
                write!(f, "lost {} {} {reason}", peer.as_str(), connection.0)
            }
            Event::DialFailed { peer, reason, .. } => {
                write!(f, "dial failed {} {reason}", peer.as_str())
            }
            Event::Grown { ledger, head } => write!(f, "grown {ledger} {}", head.size),
            Event::Loaded { ticket, batch: None } => write!(f, "loaded {} nothing", ticket.0),
            Event::Loaded { ticket, batch: Some(batch) } => {
                write!(f, "loaded {} {} +{}", ticket.0, batch.first, batch.entries.len())
            }
            Event::LoadedParts { ticket, entries, refused, rest } => {
                write!(f, "loaded parts {} {} -{refused} rest {rest:?}", ticket.0, entries.len())
            }
            Event::Taken { ticket, outcome } => write!(f, "taken {} {outcome:?}", ticket.0),
            Event::TookFill { ticket, new, refused } => {
                write!(f, "took fill {} {new:?} -{refused}", ticket.0)
            }
            Event::Lacking { ledger, ranges } => write!(f, "lacking {ledger} {ranges:?}"),
            Event::Proved { ticket, proof } => write!(f, "proved {} {}", ticket.0, proof.is_some()),
            Event::Examined { ticket, verdict } => write!(f, "examined {} {verdict:?}", ticket.0),
            Event::Receipted { receipt, .. } => {
                write!(f, "receipted {} {}", receipt.ledger, receipt.size)
            }
            Event::ReceiptChecked { ticket, signed_at } => {
                write!(f, "receipt checked {} {signed_at:?}", ticket.0)
            }
            Event::ActsMoved { rights } => write!(f, "acts moved {:?}", rights.acts()),
            Event::Reloaded { .. } => f.write_str("reloaded"),
            Event::Tick => f.write_str("tick"),
            Event::Drain => f.write_str("drain"),
        }
    }
}

impl Display for Brief<'_, Action> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Action::Dial { peer } => write!(f, "dial {}", peer.as_str()),
            Action::Send { peer, connection, frame } => {
                write!(f, "send {} {} {}", peer.as_str(), connection.0, Brief(frame))
            }
            Action::Close { peer, connection, reason } => {
                write!(f, "close {} {} {reason}", peer.as_str(), connection.0)
            }
            Action::Load { ticket, peer, ledger, from, bytes, .. } => {
                write!(f, "load {} {} {ledger} {from} {bytes}", ticket.0, peer.as_str())
            }
            Action::LoadParts { ticket, peer, ledger, ranges, bytes } => {
                write!(f, "load parts {} {} {ledger} {ranges:?} {bytes}", ticket.0, peer.as_str())
            }
            Action::Take { ticket, via, batch } => {
                write!(f, "take {} {} {} {}", ticket.0, via.as_str(), batch.ledger, batch.first)
            }
            Action::TakeFill { ticket, via, fill } => {
                write!(f, "take fill {} {} {}", ticket.0, via.as_str(), fill.ledger)
            }
            Action::FindLacking { ledger, from } => write!(f, "find lacking {ledger} {from}"),
            Action::Prove { ticket, prove } => write!(f, "prove {} {prove:?}", ticket.0),
            Action::Examine { ticket, proof } => {
                write!(f, "examine {} {} {}", ticket.0, proof.old_size, proof.new_size)
            }
            Action::DeclareFork { fork } => write!(f, "declare fork {}", fork.ledger),
            Action::MakeReceipt { ledger } => write!(f, "make receipt {ledger}"),
            Action::CheckReceipt { ticket, receipt } => {
                let (holder, ledger) = (receipt.holder.as_str(), &receipt.ledger);
                write!(f, "check receipt {} {holder} {ledger} {}", ticket.0, receipt.size)
            }
            Action::KeepReceipt { receipt } => {
                let (holder, ledger) = (receipt.holder.as_str(), &receipt.ledger);
                write!(f, "keep receipt {holder} {ledger} {}", receipt.size)
            }
            Action::Remember { peer, ledger, size } => {
                write!(f, "remember {} {ledger} {size}", peer.as_str())
            }
            Action::Alarm { code, subject, detail } => {
                write!(f, "alarm {} {subject} {detail}", code.as_str())
            }
            Action::Settle { code, subject } => write!(f, "settle {} {subject}", code.as_str()),
        }
    }
}

impl Display for Brief<'_, Frame> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Frame::Hello(hello) => write!(f, "hello {:?}", hello.carries),
            Frame::Heads(heads) => {
                f.write_str(if heads.last { "last heads" } else { "heads" })?;
                heads.heads.iter().try_for_each(|head| write!(f, " {}={}", head.ledger, head.size))
            }
            Frame::Batch(batch) => {
                write!(f, "batch {} {} +{}", batch.ledger, batch.first, batch.entries.len())?;
                let mut held = batch.entries.iter().map(|(_, parts)| parts.held().bits());
                held.try_for_each(|bits| write!(f, " {bits}"))
            }
            Frame::Fill(fill) => {
                write!(f, "fill {}", fill.ledger)?;
                let mut entries = fill.entries.iter();
                entries.try_for_each(|(index, parts)| write!(f, " {index}:{}", parts.held().bits()))
            }
            Frame::Want(want) => write!(f, "want {} {} {:?}", want.id, want.ledger, want.ranges),
            Frame::WantAnswer(answer) => {
                write!(f, "want answer {} +{} -{}", answer.id, answer.sent, answer.refused)
            }
            Frame::Durable(durable) => write!(f, "durable {} {}", durable.ledger, durable.size),
            Frame::Receipt(receipt) => {
                let (holder, ledger) = (receipt.holder.as_str(), &receipt.ledger);
                write!(f, "receipt {holder} {ledger} {}", receipt.size)
            }
            Frame::Prove(prove) => {
                write!(f, "prove {} {} {}", prove.ledger, prove.old_size, prove.new_size)
            }
            Frame::Proof(proof) => {
                let seal = proof.new_seal.is_some();
                write!(f, "proof {} {} {} {seal}", proof.ledger, proof.old_size, proof.new_size)
            }
            Frame::Credit(bytes) => write!(f, "credit {bytes}"),
            Frame::Held(held) => write!(f, "held {} {}", held.ledger, held.reason.as_str()),
            Frame::Bye(reason) => write!(f, "bye {reason}"),
        }
    }
}
