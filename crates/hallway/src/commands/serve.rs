//! `hallway serve`: runs one hall; the first line of stdout says where it listens.

use crate::cli::Serve;
use crate::config;
use crate::exit::{Exit, Failure};
use crate::hall::{self, HallError};
use crate::output::Output;

/// Runs the command; comes back when the hall has gone down in order.
pub async fn run(arguments: &Serve, output: Output) -> Result<Exit, Failure> {
    let settings = config::read(&arguments.hall).map_err(Failure::of_configuration)?;
    let served = hall::serve(settings, |ready| {
        output.note(
            format!("{} 已就绪：gRPC {}，链路 {}", ready.hall, ready.grpc, ready.link),
            format!("{} serves: gRPC {}, link {}", ready.hall, ready.grpc, ready.link),
        );
        output.answer(ready);
    });
    served.await.map(|()| Exit::Holds).map_err(|error| Failure::new(exit_of(&error), error))
}

fn exit_of(error: &HallError) -> Exit {
    match error {
        HallError::Ledger(ledger::OpenError::Damaged(_)) => Exit::Corrupt,
        HallError::Ledger(
            ledger::OpenError::OtherHall { .. } | ledger::OpenError::Newer { .. },
        )
        | HallError::Keys(_)
        | HallError::Anchor(_)
        | HallError::Tls(_)
        | HallError::OtherCertificate { .. } => Exit::Usage,
        HallError::Outbox(_)
        | HallError::Ledger(_)
        | HallError::Prepare { .. }
        | HallError::Acts(_)
        | HallError::Bind(_)
        | HallError::Serve(_)
        | HallError::Metrics(_)
        | HallError::Writer(_)
        | HallError::WriterPanicked => Exit::No,
    }
}
