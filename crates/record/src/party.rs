//! The party (行政相对人) of a permit or penalty: who it is about, in both parts.
//!
//! Three categories, three sets of required fields. A natural person's name and number stand in the
//! closed part and nowhere else; everything here that a person could be known by is masked before
//! it reaches a message.

use std::fmt;

use crate::identifier::CitizenId;
use crate::personal::Masked;
use crate::rules::{self, Report};

/// Who a record is about, as submitted.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Category (行政相对人类别); none when not said.
    pub category: Option<PartyCategory>,
    /// Name (名称), open part; empty for a natural person.
    pub name: String,
    /// Unified social credit code, open part; empty for a natural person.
    pub code: String,
    /// Business registration number (工商注册号), open part.
    pub registration_number: String,
    /// Organisation code (组织机构代码), open part.
    pub organisation_code: String,
    /// Tax registration number (税务登记号), open part.
    pub tax_number: String,
    /// Public-institution certificate number (事业单位证书号), open part.
    pub institution_number: String,
    /// Social-organisation registration number (社会组织登记证号), open part.
    pub association_number: String,
    /// Legal representative (法定代表人), open part.
    pub legal_representative: String,
    /// Identifier of another scheme, `scheme:value`, open part.
    pub other_identifier: String,
    /// Name of a natural person, closed part.
    pub person_name: String,
    /// Certificate type (证件类型), closed part.
    pub person_id_type: String,
    /// Certificate number (证件号码), closed part.
    pub person_id: String,
    /// The legal representative's certificate type, closed part.
    pub legal_representative_id_type: String,
    /// The legal representative's certificate number, closed part.
    pub legal_representative_id: String,
}

/// Category of a party (行政相对人类别).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyCategory {
    /// 法人及非法人组织.
    Legal,
    /// 自然人.
    Natural,
    /// 个体工商户.
    IndividualBusiness,
}

impl PartyCategory {
    /// The category in the standard's words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Legal => "法人及非法人组织",
            Self::Natural => "自然人",
            Self::IndividualBusiness => "个体工商户",
        }
    }

    /// The category that a word of the standard, or a code or word of the list of four, means.
    pub fn of(text: &str) -> Option<Self> {
        match text {
            "法人及非法人组织" | "法人" | "非法人组织" | "02" | "03" => {
                Some(Self::Legal)
            }
            "自然人" | "01" => Some(Self::Natural),
            "个体工商户" | "04" => Some(Self::IndividualBusiness),
            _ => None,
        }
    }
}

impl Party {
    /// The party of the natural key: the public code, nothing for a natural person.
    pub fn key(&self) -> &str {
        if self.code.is_empty() { &self.other_identifier } else { &self.code }
    }

    /// `representative_required`: permits demand the legal representative, penalties do not.
    pub(crate) fn validate(&self, representative_required: bool, report: &mut Report<'_>) {
        match self.category {
            None => report.add(&rules::PARTY_CATEGORY, "open", "party_category", ""),
            Some(PartyCategory::Legal) => {
                self.organisation(report);
                if representative_required {
                    report.required("open", "legal_representative", &self.legal_representative);
                }
            }
            Some(PartyCategory::IndividualBusiness) => self.organisation(report),
            Some(PartyCategory::Natural) => self.natural(report),
        }
        report.at_most("open", "party_name", &self.name, NAME_MAX);
        report.at_most("open", "other_identifier", &self.other_identifier, NAME_MAX);
        report.at_most("open", "legal_representative", &self.legal_representative, PERSON_MAX);
        report.at_most("closed", "person_name", &self.person_name, PERSON_NAME_MAX);
        report.at_most("closed", "person_id", &self.person_id, ID_MAX);
        report.at_most("closed", "person_id_type", &self.person_id_type, ID_MAX);
        report.at_most("closed", "legal_representative_id", &self.legal_representative_id, ID_MAX);
    }

    fn organisation(&self, report: &mut Report<'_>) {
        report.name("open", "party_name", &self.name);
        if !self.code.is_empty() || self.other_identifier.is_empty() {
            if let Some(code) = report.credit_code("open", "party_code", &self.code) {
                let individual = self.category == Some(PartyCategory::IndividualBusiness);
                if code.is_individual_business() != individual {
                    report.add(&rules::CATEGORY_AND_CODE, "open", "party_code", &self.code);
                }
            }
        } else if !self.other_identifier.contains(':') {
            report.add(
                &rules::OTHER_IDENTIFIER,
                "open",
                "other_identifier",
                &self.other_identifier,
            );
        }
        for (field, value) in self.person_fields() {
            if !value.is_empty() {
                report.add(&rules::PERSON_OF_ORGANISATION, "closed", field, value);
            }
        }
    }

    fn natural(&self, report: &mut Report<'_>) {
        let open = [
            ("party_name", &self.name),
            ("party_code", &self.code),
            ("legal_representative", &self.legal_representative),
            ("other_identifier", &self.other_identifier),
        ];
        for (field, value) in open {
            if !value.is_empty() {
                report.add(&rules::PERSON_IN_OPEN, "open", field, value);
            }
        }
        for (field, value) in self.person_fields() {
            report.required("closed", field, value);
        }
        let known = ID_TYPES
            .iter()
            .any(|(number, word)| self.person_id_type == *number || self.person_id_type == *word);
        let other = self.person_id_type.strip_prefix("其他-").is_some_and(|word| !word.is_empty());
        if !self.person_id_type.is_empty() && !known && !other {
            report.add(&rules::ID_TYPE, "closed", "person_id_type", &self.person_id_type);
        }
        let citizen = ID_TYPES.first().is_some_and(|(number, word)| {
            self.person_id_type == *number || self.person_id_type == *word
        });
        if citizen
            && !self.person_id.is_empty()
            && let Err(error) = self.person_id.parse::<CitizenId>()
        {
            report.explained(&rules::CITIZEN_ID, "closed", "person_id", &self.person_id, &error);
        }
    }

    fn person_fields(&self) -> [(&'static str, &str); 3] {
        [
            ("person_name", &self.person_name),
            ("person_id_type", &self.person_id_type),
            ("person_id", &self.person_id),
        ]
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Party");
        debug
            .field("category", &self.category)
            .field("code", &self.code)
            .field("other_identifier", &self.other_identifier);
        // A misplaced natural person stands in the open part's name: shown for organisations only.
        if self.category == Some(PartyCategory::Natural) {
            debug.field("name", &Masked(&self.name));
        } else {
            debug.field("name", &self.name);
        }
        debug
            .field("person_name", &Masked(&self.person_name))
            .field("person_id", &Masked(&self.person_id))
            .field("legal_representative_id", &Masked(&self.legal_representative_id))
            .finish_non_exhaustive()
    }
}

const NAME_MAX: usize = 200;
const PERSON_MAX: usize = 50;
const PERSON_NAME_MAX: usize = 200;
const ID_MAX: usize = 64;

/// Certificate types of the standard, by number and by word; the first is the citizen's.
const ID_TYPES: [(&str, &str); 5] = [
    ("01", "身份证"),
    ("02", "护照号"),
    ("03", "港澳居民来往内地通行证"),
    ("04", "台湾居民来往大陆通行证"),
    ("05", "外国人永久居留身份证"),
];
