//! The one place where an error becomes a gRPC status, with `google.rpc` details.
//!
//! Every status has an `ErrorInfo` (domain `hallway`, a stable reason) and a `LocalizedMessage` in
//! Chinese; violations travel as `BadRequest`, a limit as `RetryInfo`. Causes inside the hall stay in
//! its log.

use std::collections::BTreeMap;
use std::time::Duration;

use record::{Class, Level, Violation};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use crate::v1;

/// The domain of every `ErrorInfo`.
pub const DOMAIN: &str = "hallway";
/// How long a caller waits before it tries again, when nothing better is known.
pub const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Violations that a status lists; it travels in trailers, whose size peers limit. A refusal lists
/// all.
pub const VIOLATIONS_IN_STATUS_MAX: usize = 12;

/// What is told of a failure.
#[derive(Clone, Debug)]
pub struct Failure {
    class: Class,
    reason: &'static str,
    message: String,
    message_zh: Option<String>,
    retry_after: Option<Duration>,
    metadata: BTreeMap<String, String>,
    violations: Vec<Violation>,
    advice: Option<Advice>,
}

/// What one broken rule outside the schema is about: which field, whose rule, and the way out.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// Field path from the submission, such as `head.natural_key`.
    pub field: &'static str,
    /// The rule and its source.
    pub rule: &'static str,
    /// The way out, in Chinese and in English.
    pub remedy: [&'static str; 2],
}

impl Failure {
    /// A failure of a class; `reason` is stable and kebab-case, `message` English and for people.
    pub fn new(class: Class, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            class,
            reason,
            message: message.into(),
            message_zh: None,
            retry_after: class.is_transient().then_some(RETRY_AFTER),
            metadata: BTreeMap::new(),
            violations: Vec::new(),
            advice: None,
        }
    }

    /// A submission that breaks rules.
    pub fn of_violations(violations: Vec<Violation>) -> Self {
        let message = violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let message_zh = violations
            .iter()
            .map(|one| format!("{}：{}", one.field, one.message_zh))
            .collect::<Vec<_>>();
        let mut failure = Self::new(Class::Invalid, "violations", shortened(message));
        failure.message_zh = Some(shortened(message_zh.join("；")));
        failure.violations = violations;
        failure
    }

    /// What a Chinese reader is told instead of the class's general text.
    #[must_use]
    pub fn in_chinese(self, message: impl Into<String>) -> Self {
        Self { message_zh: Some(message.into()), ..self }
    }

    /// Which field, whose rule, and the way out, for a refusal that a clerk reads.
    #[must_use]
    pub fn advised(self, advice: Advice) -> Self {
        Self { advice: Some(advice), ..self }
    }

    /// When to try again.
    #[must_use]
    pub fn retry_after(self, after: Duration) -> Self {
        Self { retry_after: Some(after), ..self }
    }

    /// A value for programs, such as the name of a limit.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.metadata.insert(key.to_owned(), value.into());
        self
    }

    /// Its class.
    pub fn class(&self) -> Class {
        self.class
    }

    /// Its stable reason.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// A value that it tells programs.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).map(String::as_str)
    }

    /// The status of a unary call.
    pub fn status(&self) -> Status {
        let code = code(self.class);
        let mut details = ErrorDetails::new();
        details.set_error_info(self.reason, DOMAIN, self.info());
        let chinese = self.message_zh.as_deref().unwrap_or_else(|| general(self.class));
        details.set_localized_message("zh-CN", chinese);
        if let Some(after) = self.retry_after {
            details.set_retry_info(Some(after));
        }
        let told = self.violations.iter().take(VIOLATIONS_IN_STATUS_MAX).map(field_violation);
        if !self.violations.is_empty() {
            details.set_bad_request(told.collect::<Vec<_>>());
        }
        Status::with_error_details(code, self.message.clone(), details)
    }

    #[expect(
        clippy::disallowed_types,
        reason = "tonic-types takes a HashMap; its order is nobody's"
    )]
    fn info(&self) -> std::collections::HashMap<String, String> {
        let mut info: std::collections::HashMap<_, _> =
            self.metadata.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        if self.violations.len() > VIOLATIONS_IN_STATUS_MAX {
            info.insert("violations".to_owned(), self.violations.len().to_string());
        }
        info
    }

    /// The outcome of one record among others. A failure without violations becomes one, whose code
    /// is the reason.
    pub fn refusal(&self) -> v1::Refusal {
        let mut violations: Vec<_> = self.violations.iter().map(violation_to).collect();
        if violations.is_empty() {
            let chinese = self.message_zh.as_deref().unwrap_or_else(|| general(self.class));
            let mut told = v1::Violation {
                code: self.reason.to_owned(),
                message_zh: chinese.to_owned(),
                message_en: self.message.clone(),
                level: Level::Refuse.as_str().to_owned(),
                ..v1::Violation::default()
            };
            if let Some(Advice { field, rule, remedy: [zh, en] }) = self.advice {
                (told.field, told.rule) = (field.to_owned(), rule.to_owned());
                (told.remedy_zh, told.remedy_en) = (zh.to_owned(), en.to_owned());
            }
            violations.push(told);
        }
        v1::Refusal { code: code(self.class).into(), violations }
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        failure.status()
    }
}

/// The gRPC code of a class.
pub fn code(class: Class) -> Code {
    match class {
        Class::Invalid => Code::InvalidArgument,
        Class::Exists => Code::AlreadyExists,
        Class::Precondition => Code::FailedPrecondition,
        Class::Unauthenticated => Code::Unauthenticated,
        Class::Denied => Code::PermissionDenied,
        Class::NotFound => Code::NotFound,
        Class::Exhausted => Code::ResourceExhausted,
        Class::Unavailable => Code::Unavailable,
        Class::Deadline => Code::DeadlineExceeded,
        Class::Unimplemented => Code::Unimplemented,
        Class::Corrupt => Code::DataLoss,
        Class::Internal => Code::Internal,
    }
}

/// A violation on the wire.
pub fn violation_to(violation: &Violation) -> v1::Violation {
    v1::Violation {
        code: violation.code.to_owned(),
        field: violation.field.clone(),
        rule: violation.rule.to_owned(),
        message_zh: violation.message_zh.clone(),
        message_en: violation.message_en.clone(),
        remedy_zh: violation.remedy_zh.clone(),
        remedy_en: violation.remedy_en.clone(),
        level: violation.level.as_str().to_owned(),
        value: violation.value.clone(),
    }
}

fn field_violation(violation: &Violation) -> FieldViolation {
    let Violation { code, message_zh, message_en, remedy_zh, remedy_en, .. } = violation;
    FieldViolation::new(
        &violation.field,
        format!("{code}: {message_en} — {remedy_en} / {message_zh}：{remedy_zh}"),
    )
}

/// Statuses travel in HTTP/2 trailers, whose size peers limit.
fn shortened(text: String) -> String {
    match text.char_indices().nth(MESSAGE_CHARS_MAX) {
        None => text,
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

fn general(class: Class) -> &'static str {
    match class {
        Class::Invalid => "请求不符合规则",
        Class::Exists => "该报文编号或业务主键已被使用",
        Class::Precondition => "当前状态不允许此操作",
        Class::Unauthenticated => "未能确认身份",
        Class::Denied => "没有权限",
        Class::NotFound => "没有找到，或无权查看",
        Class::Exhausted => "已达上限，请稍后再试",
        Class::Unavailable => "服务暂不可用，请稍后再试",
        Class::Deadline => "超过时限",
        Class::Unimplemented => "本版本不支持",
        Class::Corrupt => "存储的数据已损坏，请联系运维人员",
        Class::Internal => "内部错误，请联系运维人员",
    }
}

const MESSAGE_CHARS_MAX: usize = 300;

#[cfg(test)]
mod tests;
