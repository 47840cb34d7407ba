//! The hallway binary: parse, start logs, run the command, end with its exit code.

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use hallway::cli::{Cli, Command};
use hallway::exit::{Exit, Failure};
use hallway::output::Output;
use hallway::{commands, config};
use telemetry::LogFormat;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.json);
    let ended = prepare(&cli).map(|runtime| runtime.block_on(run(&cli, output)));
    match ended {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(failure)) => {
            output.failure(&failure);
            failure.exit().into()
        }
        Err(error) => {
            output.failure(&Failure::new(Exit::Usage, format!("{error:#}")));
            Exit::Usage.into()
        }
    }
}

/// Threads that judge submissions and read the ledger. All their work is short and none waits for
/// another; each thread beyond what the disk can serve only keeps an arena of freed memory.
const BLOCKING_THREADS: usize = 4;

/// Logs and the runtime. Only a serving hall logs what its configuration says; the others are quiet.
fn prepare(cli: &Cli) -> anyhow::Result<tokio::runtime::Runtime> {
    let (mut filter, mut format) = ("warn".to_owned(), LogFormat::Text);
    if let Command::Serve(serve) = &cli.command
        && let Ok(settings) = config::read(&serve.hall)
    {
        (filter, format) = (settings.log_filter, settings.log_format);
    }
    telemetry::start_logs(cli.log.as_deref().unwrap_or(&filter), format).context("start logs")?;
    tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()
        .context("start the runtime")
}

async fn run(cli: &Cli, output: Output) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Demo(arguments) => commands::demo::run(arguments, output).await,
        Command::Init(arguments) => commands::init::run(arguments, output).await,
        Command::Serve(arguments) => commands::serve::run(arguments, output).await,
        Command::Check(arguments) => commands::check::run(arguments, output),
        Command::Ca(arguments) => commands::ca::run(arguments, output),
        Command::Generate(arguments) => commands::generate::run(arguments, output),
        Command::Submit(arguments) => commands::submit::run(arguments, output).await,
        Command::Import(arguments) => commands::import::run(arguments, output).await,
        Command::Mapping(arguments) => commands::mapping::run(arguments, output),
        Command::Quarantine(arguments) => commands::quarantine::run(arguments, output).await,
        Command::Export(arguments) => commands::export::run(arguments, output).await,
        Command::Follow(arguments) => commands::follow::run(arguments, output).await,
        Command::Status(arguments) => commands::status::run(arguments, output).await,
        Command::Prove(arguments) => commands::prove::run(arguments, output).await,
        Command::Verify(arguments) => commands::verify::run(arguments, output),
        Command::Rule(arguments) => commands::rule::rule(arguments, output).await,
        Command::Handover(arguments) => commands::rule::hand_over(arguments, output).await,
        Command::Directory(arguments) => commands::directory::run(arguments, output).await,
        Command::Id(arguments) => commands::id::run(arguments, output),
        Command::Deadline(arguments) => commands::deadline::run(arguments, output),
    }
}
