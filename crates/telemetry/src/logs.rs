//! Logs go to standard error, one event a line; standard output belongs to answers.

use std::io;

use thiserror::Error;
use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors: one JSON object a line.
    Json,
}

/// Why logs could not be started.
#[derive(Debug, Error)]
pub enum LogsError {
    /// The filter does not parse.
    #[error("read log filter {filter:?}")]
    Filter {
        /// As given.
        filter: String,
        /// Why.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// Somebody started logs before.
    #[error("start logs twice in one process")]
    Twice,
}

/// Starts logs with a filter such as `info` or `info,link=debug`.
pub fn start_logs(filter: &str, format: LogFormat) -> Result<(), LogsError> {
    let parsed = EnvFilter::try_new(filter)
        .map_err(|source| LogsError::Filter { filter: filter.to_owned(), source })?;
    let logs = tracing_subscriber::fmt().with_env_filter(parsed).with_writer(io::stderr);
    let started = match format {
        LogFormat::Text => logs.with_ansi(false).try_init(),
        LogFormat::Json => logs.json().try_init(),
    };
    started.map_err(|_| LogsError::Twice)
}
