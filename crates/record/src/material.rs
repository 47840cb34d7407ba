//! Shared materials (共享材料): what a document is and how far it is trusted. Its bytes travel apart
//! and are known by their digest, so one copy serves every case that needs it.

use std::fmt;

use crate::date::Date;
use crate::personal::Masked;
use crate::rules::{self, Report};
use crate::violation::Violation;

/// A material as submitted.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Material {
    /// Title (材料名称).
    pub title: String,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// Size in bytes.
    pub size: u64,
    /// Media type, RFC 6838.
    pub media_type: String,
    /// Trust level (可信等级) A, B, C or D, 国办函〔2016〕108号.
    pub trust_level: String,
    /// Holder (持证主体), closed part.
    pub holder_name: String,
    /// Certificate identifier (电子证照标识, GB/T 36904), closed part.
    pub certificate_id: String,
}

impl Material {
    /// All violations; none for a valid material.
    pub fn validate(&self, today: Date) -> Vec<Violation> {
        let mut report = Report::new("material", today);
        report.text("open", "title", &self.title, 300);
        if self.sha256.len() != 32 {
            report.add(&rules::DIGEST, "open", "sha256", &self.sha256.len().to_string());
        }
        if self.size == 0 {
            report.add(&rules::REQUIRED, "open", "size", "0");
        }
        report.text("open", "media_type", &self.media_type, 127);
        if report.required("open", "trust_level", &self.trust_level)
            && !TRUST_LEVELS.contains(&&*self.trust_level)
        {
            report.add(&rules::NOT_IN_LIST, "open", "trust_level", &self.trust_level);
        }
        report.at_most("closed", "holder_name", &self.holder_name, 200);
        report.at_most("closed", "certificate_id", &self.certificate_id, 128);
        report.into_violations()
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Material")
            .field("title", &self.title)
            .field("size", &self.size)
            .field("media_type", &self.media_type)
            .field("trust_level", &self.trust_level)
            .field("holder_name", &Masked(&self.holder_name))
            .field("certificate_id", &Masked(&self.certificate_id))
            .finish_non_exhaustive()
    }
}

const TRUST_LEVELS: [&str; 4] = ["A", "B", "C", "D"];
