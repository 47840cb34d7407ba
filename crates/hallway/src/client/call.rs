//! A call that a hall answered with a status, told so that a person can act on it: the reason, every
//! violation, and the Chinese text that the hall sends along.

use std::error::Error;
use std::fmt;

use serde_json::{Value, json};
use tonic::Status;
use tonic_types::StatusExt;

use crate::exit::{Exit, Failure};

/// A call that failed.
#[derive(Debug)]
pub struct CallError {
    doing: &'static str,
    status: Box<Status>,
}

impl CallError {
    /// What was being done, and how the hall answered; made for `map_err`.
    pub fn of(doing: &'static str) -> impl Fn(Status) -> Self {
        move |status| Self { doing, status: Box::new(status) }
    }

    /// The status.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// How a command ends for it.
    pub fn exit(&self) -> Exit {
        Exit::of_status(&self.status)
    }

    /// The stable reason of `google.rpc.ErrorInfo`.
    pub fn reason(&self) -> Option<String> {
        self.status.get_details_error_info().map(|info| info.reason)
    }

    fn chinese(&self) -> Option<String> {
        self.status.get_details_localized_message().map(|text| text.message)
    }

    fn problems(&self) -> Vec<Value> {
        let violations = self.status.get_details_bad_request().into_iter();
        violations
            .flat_map(|request| request.field_violations)
            .map(|one| json!({ "field": one.field, "code": one.reason, "what": one.description }))
            .collect()
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.doing, self.status.message())?;
        match self.reason() {
            Some(reason) => write!(f, " ({reason})"),
            None => write!(f, " ({:?})", self.status.code()),
        }
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.status.source()
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        let (exit, problems, chinese) = (error.exit(), error.problems(), error.chinese());
        let failure = Self::new(exit, error).with_problems(problems);
        match chinese {
            Some(chinese) => failure.in_chinese(chinese),
            None => failure,
        }
    }
}
