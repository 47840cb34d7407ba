//! Bodies, read from the open and closed part together and written back for what this process
//! invents itself.
//!
//! Reading a body is lenient: a category that is not known reads as none, so that validation can say
//! everything at once. What a body's two parts disagree on is an error.

use bytes::Bytes;
use record::Body;

use super::case::{case, case_closed, case_open};
use super::credit::{penalty, penalty_to, permit, permit_to};
use super::item::{item, item_open, power_list, power_list_open};
use super::material::{material, material_closed, material_open};
use super::{ReadError, decode, to_bytes, wrong};
use crate::v1;

/// Reads a body; none when both parts are absent.
pub fn body_from_parts(open: &[u8], closed: &[u8]) -> Result<Option<Body>, ReadError> {
    use v1::closed::Body as C;
    use v1::open::Body as O;
    if open.is_empty() && closed.is_empty() {
        return Ok(None);
    }
    let open = decode::<v1::Open>("open", open)?.body;
    let closed = decode::<v1::Closed>("closed", closed)?.body;
    let mismatch = || wrong("closed.body", "the closed part is of another kind than the open part");
    Ok(Some(match (open, closed) {
        (None, _) => return Err(wrong("open.body", "the open part has no body")),
        (Some(O::Act(_)), _) => return Err(wrong("open.body", "only a hall itself writes acts")),
        (Some(O::Permit(open)), None) => Body::Permit(permit(open, v1::PermitClosed::default())),
        (Some(O::Permit(open)), Some(C::Permit(closed))) => Body::Permit(permit(open, closed)),
        (Some(O::Penalty(open)), None) => {
            Body::Penalty(penalty(open, v1::PenaltyClosed::default()))
        }
        (Some(O::Penalty(open)), Some(C::Penalty(closed))) => Body::Penalty(penalty(open, closed)),
        (Some(O::Case(open)), None) => {
            Body::Case(Box::new(case(*open, v1::CaseClosed::default())?))
        }
        (Some(O::Case(open)), Some(C::Case(closed))) => Body::Case(Box::new(case(*open, *closed)?)),
        (Some(O::Material(open)), None) => {
            Body::Material(material(open, v1::MaterialClosed::default()))
        }
        (Some(O::Material(open)), Some(C::Material(closed))) => {
            Body::Material(material(open, closed))
        }
        (Some(O::Item(open)), None) => Body::Item(item(open)),
        (Some(O::PowerList(open)), None) => Body::PowerList(power_list(open)),
        (Some(O::Opaque(open)), None | Some(C::Opaque(_))) => Body::Opaque { schema: open.schema },
        (Some(_), Some(_)) => return Err(mismatch()),
    }))
}

/// Writes a body's open and closed part; none for a registered kind, whose bytes only its submitter
/// has.
pub fn body_to_parts(body: &Body) -> Option<(Bytes, Bytes)> {
    use v1::closed::Body as C;
    use v1::open::Body as O;
    let (open, closed) = match body {
        Body::Permit(permit) => {
            let (open, closed) = permit_to(permit);
            (O::Permit(open), C::Permit(closed))
        }
        Body::Penalty(penalty) => {
            let (open, closed) = penalty_to(penalty);
            (O::Penalty(open), C::Penalty(closed))
        }
        Body::Case(case) => {
            (O::Case(Box::new(case_open(case))), C::Case(Box::new(case_closed(case))))
        }
        Body::Material(material) => {
            (O::Material(material_open(material)), C::Material(material_closed(material)))
        }
        Body::Item(item) => return Some((open_alone(O::Item(item_open(item))), Bytes::new())),
        Body::PowerList(list) => {
            return Some((open_alone(O::PowerList(power_list_open(list))), Bytes::new()));
        }
        Body::Opaque { .. } => return None,
    };
    Some((open_alone(open), to_bytes(&v1::Closed { body: Some(closed) })))
}

fn open_alone(body: v1::open::Body) -> Bytes {
    to_bytes(&v1::Open { body: Some(body) })
}
