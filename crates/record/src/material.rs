//! Shared materials (共享材料, 电子证照): what a document is and how far it is trusted. Its bytes travel
//! apart and are known by their digest, so one copy serves every case that needs it.
//!
//! Trust has four levels (国办函〔2016〕108号): A was issued by an authority, B was compared with the
//! original at a counter, C was uploaded and is still to be compared, D is the applicant's own word.
//! A copy of A and B carries a watermark whose words follow from the record ([`Material::watermark_text`]).
//! No level rises without the name of who checked ([`rise`]). A renewed or transferred certificate
//! names the one before it.
//!
//! Absent on purpose: the bytes, and who may use a material for what (`policy`).

use std::fmt;

use crate::date::Date;
use crate::field::{MATERIAL_BODY, check, slots};
use crate::identifier::CertificateId;
use crate::lists::{self, List};
use crate::personal::Masked;
use crate::profile::Profile;
use crate::rules::{self, Report};
use crate::violation::Violation;

/// A material as submitted.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Material {
    /// 材料名称: title.
    pub title: String,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// Size in bytes.
    pub size: u64,
    /// Media type, RFC 6838.
    pub media_type: String,
    /// 可信等级: trust level A, B, C or D.
    pub trust_level: String,
    /// 颁发机构名称: issuer.
    pub issuer_name: String,
    /// 颁发机构统一社会信用代码: its credit code.
    pub issuer_code: String,
    /// 颁发日期: issued on.
    pub issued_on: String,
    /// 有效期自: valid from.
    pub valid_from: String,
    /// 有效期至: valid until; 2099-12-31 means 长期.
    pub valid_until: String,
    /// 水印: the watermark on every copy.
    pub watermark: String,
    /// 用途: purpose.
    pub purpose: String,
    /// 电子证照类型代码: the definer's credit code and three digits, GB/T 36904.
    pub certificate_type: String,
    /// 电子证照状态.
    pub certificate_state: String,
    /// 电子证照业务类型: the operation that made it.
    pub certificate_operation: String,
    /// 共享类型: share type.
    pub share_type: String,
    /// 材料编号: the document number of its natural key, when it says one.
    pub material_number: String,
    /// 持证主体: holder, closed part.
    pub holder_name: String,
    /// 电子证照标识: certificate identifier, closed part.
    pub certificate_id: String,
    /// 持证主体证件类型, closed part.
    pub holder_id_type: String,
    /// 持证主体代码, closed part.
    pub holder_id: String,
    /// 原电子证照标识: the certificate before it, closed part.
    pub previous_certificate_id: String,
    /// 核验人: who compared it with the original, closed part.
    pub checker_name: String,
    /// 核验时间: when, closed part.
    pub checked_at: String,
    /// 备注: remark, closed part.
    pub remark: String,
}

slots!(Material {
    title => title,
    sha256 => sha256,
    size => size,
    media_type => media_type,
    trust_level => trust_level,
    issuer_name => issuer_name,
    issuer_code => issuer_code,
    issued_on => issued_on,
    valid_from => valid_from,
    valid_until => valid_until,
    watermark => watermark,
    purpose => purpose,
    certificate_type => certificate_type,
    certificate_state => certificate_state,
    certificate_operation => certificate_operation,
    share_type => share_type,
    material_number => material_number,
    holder_name => holder_name,
    certificate_id => certificate_id,
    holder_id_type => holder_id_type,
    holder_id => holder_id,
    previous_certificate_id => previous_certificate_id,
    checker_name => checker_name,
    checked_at => checked_at,
    remark => remark,
});

impl Material {
    /// All violations; none for a valid material.
    pub fn validate(&self, today: Date, profile: Profile) -> Vec<Violation> {
        let mut report = Report::new("material", today, profile);
        check(&MATERIAL_BODY, &self.slots(), &mut report);
        self.bytes(&mut report);
        self.trust(&mut report);
        self.certificate(&mut report);
        self.validity(&mut report);
        report.into_violations()
    }

    /// The words that its trust level demands on a copy; none for levels C and D.
    pub fn watermark_text(&self) -> Option<String> {
        match &*self.trust_level {
            "A" => {
                let mut text =
                    format!("此件由{}提供，仅供办理政务服务事项时使用", self.issuer_name);
                if !self.valid_until.is_empty() {
                    text.push_str("，有效期至");
                    text.push_str(&self.valid_until);
                }
                Some(text)
            }
            "B" => Some("此件经与原件核对无误，仅供办理政务服务事项时使用".to_owned()),
            _ => None,
        }
    }

    fn bytes(&self, report: &mut Report<'_>) {
        if self.sha256.len() != 32 {
            report.add(&rules::DIGEST, "open", "sha256", &self.sha256.len().to_string());
        }
    }

    fn trust(&self, report: &mut Report<'_>) {
        let level = &*self.trust_level;
        if level == "A" {
            if self.issuer_name.trim().is_empty() {
                report.add(&rules::MATERIAL_ISSUER, "open", "issuer_name", "");
            }
            if self.issuer_code.is_empty() {
                report.add(&rules::MATERIAL_ISSUER, "open", "issuer_code", "");
            }
        }
        if level == "B" && self.checker_name.trim().is_empty() {
            report.add(&rules::MATERIAL_CHECKER, "closed", "checker_name", "");
        }
        if !self.watermark.is_empty() && Some(&self.watermark) != self.watermark_text().as_ref() {
            report.add(&rules::WATERMARK, "open", "watermark", &self.watermark);
        }
    }

    fn certificate(&self, report: &mut Report<'_>) {
        let operation = code_of(&lists::CERTIFICATE_OPERATION, &self.certificate_operation);
        let state = code_of(&lists::CERTIFICATE_STATE, &self.certificate_state);
        let row = OPERATIONS.iter().find(|(code, _)| *code == operation);
        if let Some((_, Some(leads_to))) = row
            && !state.is_empty()
            && state != *leads_to
        {
            report.add(&rules::CERTIFICATE_STATE, "open", "certificate_state", state);
        }
        if SUCCEEDING.contains(&operation) && self.previous_certificate_id.trim().is_empty() {
            report.add(&rules::PREVIOUS_CERTIFICATE, "closed", "previous_certificate_id", "");
        }
        for (field, id) in [
            ("certificate_id", &self.certificate_id),
            ("previous_certificate_id", &self.previous_certificate_id),
        ] {
            if !id.is_empty()
                && let Err(error) = id.parse::<CertificateId>()
            {
                report.explained(&rules::CERTIFICATE_ID, "closed", field, id, &error);
            }
        }
        let (own, previous) = (&self.certificate_id, &self.previous_certificate_id);
        if !own.is_empty() && own == previous {
            report.add(&rules::PREVIOUS_CERTIFICATE, "closed", "previous_certificate_id", own);
        }
    }

    fn validity(&self, report: &mut Report<'_>) {
        let day = |text: &str| text.parse::<Date>().ok();
        let (issued, from) = (day(&self.issued_on), day(&self.valid_from));
        let until = day(&self.valid_until);
        report.ordered(from.or(issued), until, "valid_until");
    }
}

/// Why the revision `next` of a material may not follow `previous`; nothing when it may. A level
/// rises only when the next revision names who checked, and that check is a new one.
pub fn rise(previous: &Material, next: &Material, today: Date) -> Vec<Violation> {
    let mut report = Report::new("material", today, Profile::default());
    let rank =
        |material: &Material| TRUST_LEVELS.iter().position(|level| *level == material.trust_level);
    let rises = rank(next).zip(rank(previous)).is_some_and(|(next, before)| next < before);
    let unchecked = next.checker_name.trim().is_empty() || next.checked_at.is_empty();
    let same_check = next.checked_at == previous.checked_at;
    if rises && (unchecked || same_check) {
        report.add(&rules::MATERIAL_CHECKER, "closed", "checker_name", "");
    }
    report.into_violations()
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Material")
            .field("title", &self.title)
            .field("size", &self.size)
            .field("media_type", &self.media_type)
            .field("trust_level", &self.trust_level)
            .field("issuer_code", &self.issuer_code)
            .field("holder_name", &Masked(&self.holder_name))
            .field("certificate_id", &Masked(&self.certificate_id))
            .finish_non_exhaustive()
    }
}

/// From the most to the least trusted.
const TRUST_LEVELS: [&str; 4] = ["A", "B", "C", "D"];
/// 电子证照业务类型, and the state (电子证照状态) that each leads to: 新发, 延续, 暂扣, 过期失效, 注销,
/// 暂扣发还, 其他, 转入.
const OPERATIONS: [(&str, Option<&str>); 8] = [
    ("01", Some("01")),
    ("02", Some("01")),
    ("03", Some("02")),
    ("04", Some("05")),
    ("05", Some("04")),
    ("06", Some("01")),
    ("07", None),
    ("08", Some("01")),
];
/// 延续 and 转入: another certificate went before.
const SUCCEEDING: [&str; 2] = ["02", "08"];

fn code_of<'a>(list: &List, text: &'a str) -> &'a str {
    list.code(text).unwrap_or(text)
}

#[cfg(test)]
mod tests;
