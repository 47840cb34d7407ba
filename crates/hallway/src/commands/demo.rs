//! `hallway demo`: plays it, tells the verdict, says what to try next.

use crate::cli::Demo;
use crate::demo::{Demonstration, Options, Outcome};
use crate::exit::{Exit, Failure};
use crate::output::{Output, table};

/// Runs the command.
pub async fn run(arguments: &Demo, output: Output) -> Result<Exit, Failure> {
    let options = Options {
        records: u64::try_from(arguments.records).unwrap_or(u64::MAX),
        seed: arguments.seed,
        keep: arguments.keep.clone(),
    };
    output.note(
        "演示：七个厅，各为一个进程，真实证书，本机回环",
        "demonstration: seven halls, a process each, real certificates, loopback",
    );
    let played = async {
        let demonstration = Demonstration::prepare(options).await.map_err(failed)?;
        let outcome = demonstration.play().await.map_err(failed)?;
        Ok::<_, Failure>((demonstration, outcome))
    };
    // Whoever ends it early ends the halls too: dropped processes are killed.
    let (demonstration, outcome) = tokio::select! {
        played = played => played?,
        () = interrupted() => return Err(Failure::new(Exit::No, "interrupted").in_chinese("已中断")),
    };
    output.text(&outcome.text);
    let holds = outcome.verdict.holds();
    output.answer(&outcome.verdict);
    if arguments.stay {
        stay(&demonstration, &outcome, output).await?;
    } else {
        next(&demonstration, arguments, output);
    }
    Ok(if holds { Exit::Holds } else { Exit::No })
}

fn failed(error: crate::demo::DemoError) -> Failure {
    Failure::new(error.exit(), error).in_chinese("演示未能完成")
}

/// Leaves the halls running until Ctrl-C.
async fn stay(
    demonstration: &Demonstration,
    outcome: &Outcome,
    output: Output,
) -> Result<(), Failure> {
    let program = program();
    let headings = ["厅 hall", "", "grpc", "link", "数据目录 data directory"];
    output.text(&format!("\n{}\n", table(&headings, &demonstration.addresses())));
    let province = demonstration.directory("220000");
    let county = demonstration.directory("220122");
    let (province, county) = (province.display(), county.display());
    let record = outcome.example.map(|record| record.to_string()).unwrap_or_default();
    for (zh, command) in [
        ("状态 status", format!("{program} status --hall {province}")),
        ("订阅 follow", format!("{program} follow --hall {province} --limit 3")),
        ("证明 prove", format!("{program} prove {record} --hall {province} --out proof.json")),
        ("核验 verify", format!("{program} verify proof.json")),
        (
            "生成 generate",
            format!(
                "{program} generate --kind permit --rows 100 --seed 99 --seat 220122 --out new.jsonl"
            ),
        ),
        ("提交 submit", format!("{program} submit new.jsonl --hall {county}")),
    ] {
        output.text(&format!("  {zh}: {command}"));
    }
    output.note("各厅继续运行，Ctrl-C 结束", "the halls run on; Ctrl-C ends them");
    demonstration.stay(interrupted()).await.map_err(failed)
}

/// What to try now that the halls have ended.
fn next(demonstration: &Demonstration, arguments: &Demo, output: Output) {
    let program = program();
    if arguments.keep.is_some() {
        let province = demonstration.directory("220000");
        let province = province.display();
        output.note("核验省厅数据", format_args!("{program} verify {province}"));
        output.note("重新运行省厅", format_args!("{program} serve --hall {province}"));
    } else {
        output.note("让各厅继续运行", format_args!("{program} demo --stay"));
        output.note(
            "保留数据再核验",
            format_args!("{program} demo --keep halls && {program} verify halls/220000"),
        );
    }
    output.note(
        "自己建两个厅",
        format_args!("{program} init a --dev && {program} init b --dev --parent a"),
    );
}

/// The program as it was called.
fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "hallway".to_owned())
}

/// Ends on Ctrl-C or SIGTERM.
async fn interrupted() {
    let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    let terminated = async {
        match terminated {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
