//! How a command ends: six exit codes, and the failure that leads to one.
//!
//! The codes are a contract with scripts: 0 it holds · 1 it ran, the answer is no · 2 usage or
//! configuration · 3 unreachable · 4 refused · 5 corrupt. Every error of a command says which of them
//! it means, in both languages; here is the only table from gRPC codes, TLS and error classes to them.

use std::error::Error;
use std::fmt::{self, Write};
use std::process::ExitCode;

use pki::DialError;
use record::Class;
use serde_json::{Value, json};
use tonic::{Code, Status};

use crate::config::ConfigError;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It holds.
    Holds,
    /// It ran, and the answer is no.
    No,
    /// Wrong usage or configuration.
    Usage,
    /// The hall cannot be reached.
    Unreachable,
    /// The hall, or its certificate check, said no.
    Refused,
    /// Stored bytes are damaged.
    Corrupt,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Refused => 4,
            Self::Corrupt => 5,
        }
    }

    /// What an error class means to whoever ran the command.
    pub fn of_class(class: Class) -> Self {
        match class {
            Class::Invalid
            | Class::Exists
            | Class::Precondition
            | Class::Unauthenticated
            | Class::Denied
            | Class::Exhausted => Self::Refused,
            Class::NotFound | Class::Unimplemented | Class::Internal => Self::No,
            Class::Unavailable | Class::Deadline => Self::Unreachable,
            Class::Corrupt => Self::Corrupt,
        }
    }

    /// What a call's status means. A status that this side made up, because the line broke, has a
    /// cause; one from the hall has none.
    pub fn of_status(status: &Status) -> Self {
        if status.source().is_some() {
            return Self::Unreachable;
        }
        match status.code() {
            Code::Ok => Self::Holds,
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::Unknown => {
                Self::Unreachable
            }
            Code::NotFound | Code::Unimplemented | Code::Internal => Self::No,
            Code::DataLoss => Self::Corrupt,
            Code::InvalidArgument
            | Code::AlreadyExists
            | Code::PermissionDenied
            | Code::ResourceExhausted
            | Code::FailedPrecondition
            | Code::Aborted
            | Code::OutOfRange
            | Code::Unauthenticated => Self::Refused,
        }
    }

    /// What a failed dial means: somebody refused somebody, or nobody was there.
    pub fn of_dial(error: &DialError) -> Self {
        if error.refusal().is_some() { Self::Refused } else { Self::Unreachable }
    }

    fn chinese(self) -> &'static str {
        match self {
            Self::Holds => "成立",
            Self::No => "已执行，结论为否",
            Self::Usage => "用法或配置有误",
            Self::Unreachable => "无法连接该厅",
            Self::Refused => "被拒绝",
            Self::Corrupt => "数据已损坏",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command has no answer.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    chinese: String,
    error: Box<dyn Error + Send + Sync>,
    problems: Vec<Value>,
}

impl Failure {
    /// A failure with its exit code; the error's causes are told with it.
    pub fn new(exit: Exit, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { exit, chinese: exit.chinese().to_owned(), error: error.into(), problems: Vec::new() }
    }

    /// A configuration that cannot be used, every problem with its line.
    pub fn of_configuration(errors: Vec<ConfigError>) -> Self {
        let problems = errors.iter().map(problem).collect();
        Self { problems, ..Self::new(Exit::Usage, ConfigErrors(errors)) }
    }

    /// What a Chinese reader is told instead of the general text of the exit code.
    #[must_use]
    pub fn in_chinese(self, text: impl Into<String>) -> Self {
        Self { chinese: text.into(), ..self }
    }

    /// Single problems, as objects, for programs.
    #[must_use]
    pub fn with_problems(self, problems: Vec<Value>) -> Self {
        Self { problems, ..self }
    }

    /// How the command ends.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// In Chinese.
    pub fn chinese(&self) -> &str {
        &self.chinese
    }

    /// As the JSON object of the last line.
    pub fn to_json(&self) -> Value {
        json!({
            "error": self.to_string(),
            "error_zh": self.chinese,
            "exit": self.exit.code(),
            "problems": self.problems,
        })
    }
}

/// The error and its causes, once, at the top.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_causes(&*self.error))
    }
}

/// An error and its causes in one line.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a string cannot fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

/// Everything that is wrong with a configuration, as one error.
#[derive(Debug)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("read hallway.toml")?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl Error for ConfigErrors {}

fn problem(error: &ConfigError) -> Value {
    json!({ "line": error.line, "key": error.key, "value": error.value, "what": error.what })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contract with scripts.
    #[test]
    fn codes_are_what_scripts_rely_on() {
        let codes =
            [Exit::Holds, Exit::No, Exit::Usage, Exit::Unreachable, Exit::Refused, Exit::Corrupt]
                .map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn every_status_has_its_exit() {
        for (code, exit) in [
            (Code::Ok, Exit::Holds),
            (Code::Cancelled, Exit::Unreachable),
            (Code::Unknown, Exit::Unreachable),
            (Code::InvalidArgument, Exit::Refused),
            (Code::DeadlineExceeded, Exit::Unreachable),
            (Code::NotFound, Exit::No),
            (Code::AlreadyExists, Exit::Refused),
            (Code::PermissionDenied, Exit::Refused),
            (Code::ResourceExhausted, Exit::Refused),
            (Code::FailedPrecondition, Exit::Refused),
            (Code::Aborted, Exit::Refused),
            (Code::OutOfRange, Exit::Refused),
            (Code::Unimplemented, Exit::No),
            (Code::Internal, Exit::No),
            (Code::Unavailable, Exit::Unreachable),
            (Code::DataLoss, Exit::Corrupt),
            (Code::Unauthenticated, Exit::Refused),
        ] {
            assert_eq!(Exit::of_status(&Status::new(code, "")), exit, "{code:?}");
        }
        let broken = Status::from_error(Box::new(std::io::Error::other("line cut")));
        assert_eq!(Exit::of_status(&broken), Exit::Unreachable);
    }

    #[test]
    fn statuses_of_the_house_and_its_classes_agree() {
        for class in [
            Class::Invalid,
            Class::Exists,
            Class::Precondition,
            Class::Unauthenticated,
            Class::Denied,
            Class::NotFound,
            Class::Exhausted,
            Class::Unavailable,
            Class::Deadline,
            Class::Unimplemented,
            Class::Corrupt,
            Class::Internal,
        ] {
            let status = Status::new(wire::status::code(class), "");
            assert_eq!(Exit::of_class(class), Exit::of_status(&status), "{}", class.as_str());
        }
    }

    #[test]
    fn a_failure_tells_every_cause_once() {
        let cause = std::io::Error::other("no such hall");
        let error = crate::client::ClientError::Key { path: "keys/x".into(), source: cause };
        let failure = Failure::new(Exit::Usage, error);
        assert!(failure.to_string().ends_with(": no such hall"), "{failure}");
        assert_eq!(failure.to_json()["exit"], 2);
    }
}
