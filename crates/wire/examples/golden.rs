//! Writes one golden record for `tests/golden`: `golden NAME`, for instance `golden permit-v2.1`.
//!
//! Made once when a kind or an edition comes, and committed; never made again, because golden records
//! show that today's code reads what was written *then*. All values are invented, and two runs of one
//! version write the same bytes.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write as _;

use bytes::Bytes;
use record::{
    Act, AudienceNumber, Body, Draft, Edition, Effect, Form, Generator, Handover, Kind, Label,
    LedgerName, Masking, Member, MemberState, Parts, PartyCategory, PowerList, RecordId, Ruling,
    Salt, SharingClass, Stamp, Timestamp, fields,
};
use serde_json::{Value, json};
use wire::v1;

const RECORDS: &str = "jilin.example/hallway/220100/records/1";
const ACTS: &str = "jilin.example/hallway/220000/acts/1";

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).ok_or("usage: golden NAME")?;
    let golden = match &*name {
        "member" | "ruling" | "handover" => of_act(&act(&name)?)?,
        "power-list" => of_draft(&power_list()?)?,
        _ => {
            let (kind, edition) = match name.split_once('-') {
                Some((kind, edition)) => (kind, edition.parse()?),
                None => (&*name, Edition::default()),
            };
            of_draft(&draft(&kind.parse()?, edition)?)?
        }
    };
    let text = serde_json::to_string_pretty(&golden)?;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

/// The first invented record about an organisation, as its edition would have had it.
fn draft(kind: &Kind, edition: Edition) -> Result<Draft, Box<dyn Error>> {
    let invented = Generator::new(kind, 1).ok_or("a kind that is invented")?;
    let of_organisation = |draft: &Draft| {
        draft.body.party().is_none_or(|party| party.category == Some(PartyCategory::Legal))
    };
    let draft = invented.take(100).find(of_organisation).ok_or("one of an organisation")?;
    if edition == Edition::default() {
        return Ok(draft);
    }
    let newest = Form::of(&draft.head, &draft.body, draft.label, Masking::Full);
    let mut form = Form::new(kind.clone());
    for (field, text) in newest.iter().filter(|(field, _)| field.since <= edition) {
        form.set(field.name, text)?;
    }
    if fields(kind).iter().any(|field| field.name == "edition") {
        form.set("edition", edition.as_str())?;
    }
    Ok(form.read(edition).draft)
}

fn power_list() -> Result<Draft, Box<dyn Error>> {
    let mut draft = draft(&Kind::Item, Edition::default())?;
    let Body::Item(item) = &draft.body else { return Err("an item".into()) };
    let codes = vec![item.implementation_code.clone()];
    draft.body = Body::PowerList(PowerList {
        title: "权责清单".into(),
        edition_date: "2026-01-01".into(),
        item_codes: codes,
        legal_basis: "《行政许可法》".into(),
    });
    draft.head.kind = Kind::PowerList;
    draft.head.message_id = "gen-power-list-1".into();
    Ok(draft)
}

fn act(name: &str) -> Result<Act, Box<dyn Error>> {
    let record = RecordId::new(Timestamp(1_767_225_600_000), [3; 10]);
    Ok(match name {
        "member" => Act::Member(Member {
            hall: "220100".parse()?,
            state: MemberState::Active,
            name: "长春市政务大厅".into(),
            divisions: vec!["220100".into()],
            parent: Some("220000".parse()?),
            endpoints: vec!["hall-220100.jilin.example:7443".into()],
            log_keys: Vec::new(),
            holder_keys: Vec::new(),
            powers: vec!["rule".into()],
            pins: Vec::new(),
        }),
        "ruling" => Act::Ruling(Ruling {
            id: RecordId::new(Timestamp(1_767_312_000_000), [4; 10]),
            record,
            origin: "220100".parse()?,
            effect: Effect::ALL.into_iter().next().ok_or("an effect")?,
            authority_code: "11220000000000000X".into(),
            authority_name: "省政务服务局".into(),
            basis: "《行政许可法》第六十九条".into(),
            reason: "越权作出".into(),
            document_number: "吉政撤〔2026〕1号".into(),
            from: "2026-01-02".parse()?,
            ended: false,
        }),
        _ => Act::Handover(Handover {
            from_hall: "220100".parse()?,
            to_hall: "220000".parse()?,
            records: vec![record],
            from: vec![(RECORDS.parse()?, 7)],
            reason: "机构撤并".into(),
        }),
    })
}

fn of_draft(draft: &Draft) -> Result<Value, Box<dyn Error>> {
    let submission = wire::submission(draft);
    let head = wire::stamped(&submission.head, &stamp());
    let parts = wire::entry_parts(head, submission.open, submission.closed);
    let form = Form::of(&draft.head, &draft.body, draft.label, Masking::Full);
    let form = form.iter().map(|(field, text)| (field.name.to_owned(), text.to_owned())).collect();
    golden(RECORDS, parts, draft.label, &form)
}

fn of_act(act: &Act) -> Result<Value, Box<dyn Error>> {
    let parts = wire::act_to_parts(act, &stamp()).to_vec();
    let label = Label { class: SharingClass::Open, audience: AudienceNumber(0) };
    golden(ACTS, parts, label, &BTreeMap::new())
}

fn golden(
    ledger: &str,
    parts: Vec<Bytes>,
    label: Label,
    form: &BTreeMap<String, String>,
) -> Result<Value, Box<dyn Error>> {
    let salt = Salt([7; 32]);
    let texts: Vec<_> = parts.iter().map(hex::encode).collect();
    let part = |place: usize| parts.get(place).cloned().unwrap_or_default();
    let item = v1::FollowResponse {
        head: part(0),
        open: part(1),
        closed: part(2),
        ..v1::FollowResponse::default()
    };
    let name: LedgerName = ledger.parse()?;
    let sealed = Parts::seal_up(&salt, parts)?;
    let commitment = sealed.commitment(&name).ok_or("an entry with parts")?;
    let view: Value = serde_json::from_str(&wire::follow_response_to_json(&item)?)?;
    Ok(json!({
        "ledger": ledger,
        "label": hex::encode(label.to_bytes()),
        "salt": hex::encode(salt.0),
        "parts": texts,
        "commitment": hex::encode(commitment),
        "view": view,
        "form": form,
    }))
}

fn stamp() -> Stamp {
    Stamp {
        record: RecordId::new(Timestamp(1_767_225_600_000), [3; 10]),
        submitter: "/system/220100/approvals".into(),
        revision: 1,
        accepted_at: Timestamp(1_767_225_600_000),
        previous_commitment: None,
    }
}
