//! `hallway mapping`: a proposal for a file that no built-in mapping is made for.

use files::Suggestion;
use serde_json::json;

use super::import::open;
use crate::cli::{Mapping, MappingCommand};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the command.
pub fn run(arguments: &Mapping, output: Output) -> Result<Exit, Failure> {
    let MappingCommand::Suggest { file, out } = &arguments.command;
    let table = open(file)?;
    let Some(found) = Suggestion::of(table.columns()) else {
        let columns = table.columns().names().join(", ");
        return Err(Failure::new(Exit::No, format!("no column is like a field: {columns}"))
            .in_chinese(format!("没有与标准字段相似的列：{columns}")));
    };
    match out {
        Some(place) => {
            std::fs::write(place, &found.toml).map_err(|error| {
                Failure::new(Exit::Usage, format!("write {}: {error}", place.display()))
                    .in_chinese(format!("无法写入 {}", place.display()))
            })?;
            output.say(
                format_args!("已写入 {}，请核对后用 --mapping 指定", place.display()),
                format_args!(
                    "written to {}: look at it, then name it with --mapping",
                    place.display()
                ),
            );
        }
        None => output.text(&found.toml),
    }
    if let Some(name) = &found.builtin {
        output.note(
            format_args!("内置映射 {name} 适合该文件"),
            format_args!("the built-in mapping {name} is made for this file"),
        );
    }
    output.answer(&json!({ "mapping": found.toml, "builtin": found.builtin }));
    Ok(Exit::Holds)
}
