//! Bodies with every field of the schema filled, by reflection: whatever a conversion forgets is lost
//! on the way and shows. A field added to the schema is in this test from the same day.

use proptest::prelude::*;
use prost::Message;
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value,
};

use super::super::*;
use crate::{DESCRIPTORS, v1};

/// Bodies by their field in `Open`, and whether they have a closed part.
const BODIES: [(&str, bool); 6] = [
    ("permit", true),
    ("penalty", true),
    ("case", true),
    ("material", true),
    ("item", false),
    ("power_list", false),
];

fn filled(message: &MessageDescriptor, seed: &mut u64) -> DynamicMessage {
    let mut out = DynamicMessage::new(message.clone());
    for field in message.fields() {
        let value = if field.is_list() {
            Value::List((0..2).map(|_| single(&field, seed)).collect())
        } else {
            single(&field, seed)
        };
        out.set_field(&field, value);
    }
    out
}

/// A value of the field's type that no other field has.
fn single(field: &FieldDescriptor, seed: &mut u64) -> Value {
    *seed += 1;
    match field.kind() {
        Kind::String => Value::String(format!("值{seed}")),
        Kind::Bytes => Value::Bytes(seed.to_be_bytes().to_vec().into()),
        Kind::Uint32 => Value::U32(u32::try_from(*seed).unwrap()),
        Kind::Uint64 => Value::U64(*seed),
        Kind::Enum(_) => Value::EnumNumber(i32::try_from(1 + *seed % 3).unwrap()),
        Kind::Message(message) => Value::Message(filled(&message, seed)),
        other @ (Kind::Double
        | Kind::Float
        | Kind::Int32
        | Kind::Int64
        | Kind::Sint32
        | Kind::Sint64
        | Kind::Fixed32
        | Kind::Fixed64
        | Kind::Sfixed32
        | Kind::Sfixed64
        | Kind::Bool) => panic!("teach this test {other:?}"),
    }
}

fn part(name: &str, body: &str, seed: &mut u64) -> Vec<u8> {
    let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
    let part = pool.get_message_by_name(&format!("hallway.v1.{name}")).unwrap();
    let field = part.get_field_by_name(body).unwrap();
    let Kind::Message(message) = field.kind() else { panic!("a body is a message") };
    let mut out = DynamicMessage::new(part);
    out.set_field(&field, Value::Message(filled(&message, seed)));
    out.encode_to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn every_field_of_every_body_comes_through(seed in 0u64..1_000_000) {
        for (body, closed) in BODIES {
            let mut next = seed;
            let open = part("Open", body, &mut next);
            let closed = if closed { part("Closed", body, &mut next) } else { Vec::new() };
            let read = body_from_parts(&open, &closed).unwrap().unwrap();
            let (open_again, closed_again) = body_to_parts(&read).unwrap();
            prop_assert_eq!(v1::Open::decode(&*open), v1::Open::decode(&*open_again), "{}", body);
            prop_assert_eq!(v1::Closed::decode(&*closed), v1::Closed::decode(&*closed_again));
        }
    }
}

#[test]
fn details_without_their_rows_are_an_error() {
    let case = v1::CaseClosed {
        step_details: vec![v1::CaseStepDetail::default()],
        ..v1::CaseClosed::default()
    };
    let open = v1::Open { body: Some(v1::open::Body::Case(Box::default())) };
    let closed = v1::Closed { body: Some(v1::closed::Body::Case(Box::new(case))) };
    let error = body_from_parts(&open.encode_to_vec(), &closed.encode_to_vec()).unwrap_err();
    assert_eq!(error.field(), "closed.case.step_details");
}
