//! `hallway directory admit`: a new member, or a change of one. What is not given stays as the directory
//! has it; keys are added, never taken away.

use std::path::Path;

use serde_json::json;
use wire::v1;

use super::{directory, line, state};
use crate::birth::{BirthError, member_of};
use crate::cli::{Admit, State};
use crate::client::{CallError, ClientError, request};
use crate::config;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the command.
pub(super) async fn run(arguments: &Admit, output: Output) -> Result<Exit, Failure> {
    let told = told(arguments)?;
    let line = line(&arguments.hall).await?;
    let known = directory(&line).await?.members.into_iter().find(|one| one.hall == told.hall);
    let is_new = known.is_none();
    let member = merge(known, told);
    let (hall, state) = (member.hall.clone(), state(&member));
    if is_new && (member.log_keys.is_empty() || member.holder_keys.is_empty()) {
        let error = format!("admit {hall}: a new hall needs --log-key and --holder-key, or --from");
        return Err(Failure::new(Exit::Usage, error).in_chinese("新厅需要账本公钥和签收公钥"));
    }
    let admit = v1::AdmitRequest { member: Some(member) };
    let answer = line.operations().admit(request(admit)).await;
    let answer = answer.map_err(CallError::of("admit the hall")).map_err(ClientError::from)?;
    let index = answer.into_inner().index;
    output.say(
        format_args!("{hall} 已列入目录（{state}），法令第 {index} 条"),
        format_args!("{hall} is in the directory ({state}), act {index}"),
    );
    output.answer(&json!({ "hall": hall, "state": state, "index": index, "new": is_new }));
    Ok(Exit::Holds)
}

/// What the arguments say; empty where they say nothing.
fn told(arguments: &Admit) -> Result<v1::Member, Failure> {
    let Admit { from, id, name, parent, endpoints, divisions, log_keys, holder_keys, .. } =
        arguments;
    let mut told = match from {
        Some(from) => read(from)?,
        None => v1::Member::default(),
    };
    if let Some(id) = id {
        told.hall = id.to_string();
    }
    if let Some(name) = name {
        told.name.clone_from(name);
    }
    if let Some(parent) = parent {
        told.parent = parent.to_string();
    }
    if !endpoints.is_empty() {
        told.endpoints.clone_from(endpoints);
    }
    if !divisions.is_empty() {
        told.divisions.clone_from(divisions);
    }
    told.powers.clone_from(&arguments.powers);
    told.log_keys.extend(log_keys.iter().cloned());
    told.holder_keys.extend(holder_keys.iter().cloned());
    if let Some(state) = arguments.state {
        told.set_state(match state {
            State::Active => v1::MemberState::Active,
            State::Closed => v1::MemberState::Closed,
            State::Revoked => v1::MemberState::Revoked,
        });
    }
    Ok(told)
}

fn read(from: &Path) -> Result<v1::Member, Failure> {
    let settings = config::read(from).map_err(Failure::of_configuration)?;
    let member = member_of(&settings, None).map_err(|error: BirthError| Failure::from(error))?;
    Ok(v1::Member {
        hall: member.hall.to_string(),
        name: member.name,
        divisions: member.divisions,
        endpoints: member.endpoints,
        log_keys: member.log_keys,
        holder_keys: member.holder_keys,
        ..v1::Member::default()
    })
}

/// The member as it is to be.
fn merge(known: Option<v1::Member>, told: v1::Member) -> v1::Member {
    let mut member = known.unwrap_or_default();
    let state = told.state();
    member.hall = told.hall;
    if !told.name.is_empty() {
        member.name = told.name;
    }
    if !told.parent.is_empty() {
        member.parent = told.parent;
    }
    if !told.endpoints.is_empty() {
        member.endpoints = told.endpoints;
    }
    if !told.divisions.is_empty() {
        member.divisions = told.divisions;
    }
    // Powers are said as a whole; `none` alone takes them away.
    if !told.powers.is_empty() {
        member.powers = told.powers;
        member.powers.retain(|power| power != "none");
    }
    for (keys, more) in
        [(&mut member.log_keys, told.log_keys), (&mut member.holder_keys, told.holder_keys)]
    {
        for key in more {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    match (state, member.state()) {
        (v1::MemberState::Unspecified, v1::MemberState::Unspecified) => {
            member.set_state(v1::MemberState::Active);
        }
        (v1::MemberState::Unspecified, _) => {}
        (state, _) => member.set_state(state),
    }
    member
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_what_it_does_not_name_and_adds_keys() {
        let known = v1::Member {
            hall: "220100".to_owned(),
            state: v1::MemberState::Closed.into(),
            name: "长春".to_owned(),
            parent: "220000".to_owned(),
            log_keys: vec!["one".to_owned()],
            powers: vec!["rule".to_owned()],
            ..v1::Member::default()
        };
        let told = v1::Member {
            hall: "220100".to_owned(),
            log_keys: vec!["one".to_owned(), "two".to_owned()],
            ..v1::Member::default()
        };
        let merged = merge(Some(known.clone()), told.clone());
        let log_keys = vec!["one".to_owned(), "two".to_owned()];
        assert_eq!(merged, v1::Member { log_keys, ..known.clone() });
        let mut told = told;
        told.set_state(v1::MemberState::Revoked);
        told.parent = "220200".to_owned();
        let merged = merge(Some(known), told);
        assert_eq!((merged.state(), &*merged.parent), (v1::MemberState::Revoked, "220200"));
        let new = merge(None, v1::Member { hall: "x".to_owned(), ..v1::Member::default() });
        assert_eq!(new.state(), v1::MemberState::Active);
    }
}
