//! Help texts are what people meet first: changes to them are looked at.

use clap::{CommandFactory, Parser};

use super::*;

#[test]
fn the_parser_is_sound() {
    Cli::command().debug_assert();
}

/// Every command explains itself, in both languages, with an example.
#[test]
fn every_command_explains_itself() {
    let mut cli = Cli::command();
    cli.build();
    for command in cli.get_subcommands_mut() {
        let name = command.get_name().to_owned();
        if name == "help" {
            continue;
        }
        let help = command.render_long_help().to_string();
        assert!(help.contains("Examples (示例)"), "{name} has no example");
        assert!(
            help.contains(&format!("hallway {name}")),
            "{name}'s example is of another command"
        );
        assert!(help.contains("--json"), "{name}");
        let about = command.get_long_about().unwrap_or_default().to_string();
        assert!(!about.is_ascii(), "{name} has no Chinese line");
    }
}

#[test]
fn help_is_as_written() {
    let mut cli = Cli::command().term_width(110);
    cli.build();
    let mut pages = vec![("hallway".to_owned(), cli.render_long_help().to_string())];
    for command in cli.get_subcommands_mut() {
        let name = command.get_name().to_owned();
        if name != "help" {
            pages.push((name, command.render_long_help().to_string()));
        }
    }
    for (name, page) in pages {
        insta::assert_snapshot!(format!("help-{name}"), page);
    }
}

#[test]
fn json_stands_anywhere() {
    for line in ["hallway --json check --hall d", "hallway check --hall d --json"] {
        assert!(Cli::try_parse_from(line.split(' ')).unwrap().json, "{line}");
    }
    let wrong = Cli::try_parse_from(["hallway", "check"]).unwrap_err();
    assert_eq!(wrong.exit_code(), 2, "the contract's code for wrong usage");
}
