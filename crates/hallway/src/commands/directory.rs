//! `hallway directory`: who is a hall, which keys count, who is meant by an audience.

mod admit;

use record::PartSet;
use serde_json::{Value, json};
use wire::v1;

use crate::cli::{Directory, DirectoryCommand, HallArgs, SetAudience};
use crate::client::{CallError, ClientError, Line, Role, request};
use crate::exit::{Exit, Failure};
use crate::output::{Output, table};

/// Runs the command.
pub async fn run(arguments: &Directory, output: Output) -> Result<Exit, Failure> {
    match &arguments.command {
        DirectoryCommand::Show(hall) => show(hall, output).await,
        DirectoryCommand::Admit(admit) => admit::run(admit, output).await,
        DirectoryCommand::Rotate(hall) => rotate(hall, output).await,
        DirectoryCommand::Audience(audience) => set_audience(audience, output).await,
    }
}

async fn line(hall: &HallArgs) -> Result<Line, ClientError> {
    hall.access(Role::Operator).dial().await
}

/// The directory as the hall knows it.
async fn directory(line: &Line) -> Result<v1::DirectoryResponse, ClientError> {
    let answer = line.operations().directory(request(v1::DirectoryRequest {})).await;
    Ok(answer.map_err(CallError::of("read the directory"))?.into_inner())
}

async fn show(hall: &HallArgs, output: Output) -> Result<Exit, Failure> {
    let directory = directory(&line(hall).await?).await?;
    let rows: Vec<Vec<String>> = directory
        .members
        .iter()
        .map(|member| {
            vec![
                member.hall.clone(),
                state(member).to_owned(),
                member.name.clone(),
                member.parent.clone(),
                member.endpoints.join(" "),
            ]
        })
        .collect();
    output.say(
        format_args!("根厅账本 {}", directory.root_ledger),
        format_args!("root ledger {}", directory.root_ledger),
    );
    let headings = ["厅 hall", "状态 state", "名称 name", "上级 parent", "链路地址 endpoints"];
    output.text(&table(&headings, &rows));
    output.answer(&json!({
        "root_ledger": directory.root_ledger,
        "members": directory.members.iter().map(member_json).collect::<Vec<_>>(),
    }));
    Ok(Exit::Holds)
}

fn member_json(member: &v1::Member) -> Value {
    let pins = member.pins.iter().map(
        |pin| json!({ "ledger": pin.ledger, "size": pin.size, "root": hex::encode(&pin.root) }),
    );
    json!({
        "hall": member.hall,
        "state": state(member),
        "name": member.name,
        "divisions": member.divisions,
        "parent": member.parent,
        "endpoints": member.endpoints,
        "log_keys": member.log_keys,
        "holder_keys": member.holder_keys,
        "powers": member.powers,
        "pins": pins.collect::<Vec<_>>(),
    })
}

fn state(member: &v1::Member) -> &'static str {
    match member.state() {
        v1::MemberState::Active => "active",
        v1::MemberState::Closed => "closed",
        v1::MemberState::Revoked => "revoked",
        v1::MemberState::Unspecified => "unspecified",
    }
}

async fn rotate(hall: &HallArgs, output: Output) -> Result<Exit, Failure> {
    let line = line(hall).await?;
    let answer = line.operations().rotate(request(v1::RotateRequest {})).await;
    let answer = answer.map_err(CallError::of("change the log key")).map_err(ClientError::from)?;
    let v1::RotateResponse { new_key, state } = answer.into_inner();
    if state == "changed" {
        output.say(format_args!("已换用 {new_key}"), format_args!("now sealing with {new_key}"));
    } else {
        let hall = &line.settings.hall;
        output.say(
            format_args!("新公钥 {new_key} 等待根厅批准"),
            format_args!("new key {new_key} waits for the root hall's approval"),
        );
        output.note(
            format_args!("在根厅执行 hallway directory admit --id {hall} --log-key {new_key}，然后再次 rotate"),
            format_args!("at the root hall: hallway directory admit --hall ROOT --id {hall} --log-key {new_key}; then rotate again"),
        );
    }
    output.answer(&json!({ "new_key": new_key, "state": state }));
    Ok(Exit::Holds)
}

async fn set_audience(arguments: &SetAudience, output: Output) -> Result<Exit, Failure> {
    let audience = audience(arguments);
    let (number, terms) = (audience.number, audience.terms.len());
    let line = line(&arguments.hall).await?;
    let set = v1::SetAudienceRequest { audience: Some(audience) };
    let answer = line.operations().set_audience(request(set)).await;
    let answer = answer.map_err(CallError::of("set the audience")).map_err(ClientError::from)?;
    let index = answer.into_inner().index;
    output.say(
        format_args!("受众 {number} 已设定（{terms} 项），法令第 {index} 条"),
        format_args!("audience {number} set with {terms} terms, act {index}"),
    );
    output.answer(&json!({ "number": number, "terms": terms, "index": index }));
    Ok(Exit::Holds)
}

fn audience(arguments: &SetAudience) -> v1::Audience {
    use v1::audience_term::Who;
    let SetAudience { number, title, hall_ids, subtrees, path_up, everyone, parts, .. } = arguments;
    let halls = hall_ids.iter().map(|hall| Who::Hall(hall.to_string()));
    let subtrees = subtrees.iter().map(|hall| Who::Subtree(hall.to_string()));
    let path_up = path_up.then_some(Who::PathUp(true));
    let everyone = everyone.then_some(Who::Everyone(true));
    let parts = bits(parts);
    let terms = halls.chain(subtrees).chain(path_up).chain(everyone);
    let terms = terms.map(|who| v1::AudienceTerm { who: Some(who), parts });
    v1::Audience { number: *number, title: title.clone(), terms: terms.collect() }
}

/// Bits of named parts; none named means all, which is 0 on the wire.
fn bits(parts: &[String]) -> u32 {
    let bit = |part: &String| match part.as_str() {
        "head" => PartSet::HEAD,
        "open" => PartSet::PUBLIC.without(PartSet::HEAD),
        _ => PartSet::first(3).without(PartSet::PUBLIC),
    };
    let named = parts.iter().fold(PartSet::NONE, |set, part| set.union(bit(part)));
    named.bits().into()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    fn parsed(words: &str) -> v1::Audience {
        let line = format!("hallway directory audience --hall d --number 7 {words}");
        let cli = Cli::try_parse_from(line.split(' ')).unwrap();
        let Command::Directory(Directory { command: DirectoryCommand::Audience(set) }) =
            cli.command
        else {
            panic!("parsed as another command")
        };
        audience(&set)
    }

    #[test]
    fn flags_become_terms() {
        use v1::audience_term::Who;
        let audience = parsed("--hall-id 220200 --hall-id 220300 --subtree 220100 --path-up");
        let who: Vec<_> = audience.terms.into_iter().filter_map(|term| term.who).collect();
        assert_eq!(
            who,
            [
                Who::Hall("220200".to_owned()),
                Who::Hall("220300".to_owned()),
                Who::Subtree("220100".to_owned()),
                Who::PathUp(true),
            ]
        );
        assert_eq!(parsed("--everyone").terms[0].parts, 0);
        assert_eq!(parsed("--everyone --parts head,open").terms[0].parts, 3);
        assert_eq!(parsed("--everyone --parts closed").terms[0].parts, 4);
    }
}
