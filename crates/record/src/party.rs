//! The party (行政相对人) of a permit or penalty: who it is about, in both parts.
//!
//! Three categories, three sets of required fields. A natural person's name and number stand in the
//! closed part and nowhere else; everything here that a person could be known by is masked before
//! it reaches a message.

use std::fmt;

use crate::edition::Edition;
use crate::identifier::{CitizenId, Uscc};
use crate::lists;
use crate::personal::Masked;
use crate::profile::Profile;
use crate::rules::{self, Judged, Report};

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
    /// The party of the natural key: the public code, or the older one where there was no other;
    /// nothing for a natural person.
    pub fn key(&self) -> &str {
        let codes = [
            &self.code,
            &self.other_identifier,
            &self.organisation_code,
            &self.registration_number,
            &self.tax_number,
        ];
        codes.into_iter().find(|code| !code.is_empty()).map_or("", String::as_str)
    }

    /// The category as said, or, where a row says none, as its fields tell.
    pub fn category_told(&self) -> PartyCategory {
        let person = !self.person_name.is_empty() || !self.person_id.is_empty();
        match self.category {
            Some(category) => category,
            None if self.code.starts_with("92") => PartyCategory::IndividualBusiness,
            None if person && self.key().is_empty() => PartyCategory::Natural,
            None => PartyCategory::Legal,
        }
    }

    /// How a body with this party is judged. An edition before the category had been invented, and a
    /// profile that does not insist, take what the fields tell.
    pub(crate) fn judged(&self, edition: Edition, report: &mut Report<'_>) -> Judged {
        let demanded = edition == Edition::V21 && report.profile() == Profile::Cn21;
        if demanded && self.category.is_none() {
            report.add(&rules::PARTY_CATEGORY, "open", "party_category", "");
        }
        let old = [&self.organisation_code, &self.registration_number, &self.tax_number];
        let by_old = edition == Edition::V1 || report.profile() == Profile::CnLegacy;
        let otherwise_known = !self.other_identifier.is_empty()
            || (by_old && old.iter().any(|code| !code.is_empty()));
        Judged { edition, category: self.category_told(), otherwise_known }
    }

    /// What the party's fields say together.
    pub(crate) fn agree(&self, category: PartyCategory, report: &mut Report<'_>) {
        let individual = category == PartyCategory::IndividualBusiness;
        if category != PartyCategory::Natural
            && self.code.parse().is_ok_and(|code: Uscc| code.is_individual_business() != individual)
        {
            report.add(&rules::CATEGORY_AND_CODE, "open", "party_code", &self.code);
        }
        for (id_type, field, number) in [
            (&self.person_id_type, "person_id", &self.person_id),
            (
                &self.legal_representative_id_type,
                "legal_representative_id",
                &self.legal_representative_id,
            ),
        ] {
            let citizen = lists::CERTIFICATE_TYPE.code(id_type) == Some(CITIZEN_ID_CARD);
            if citizen
                && !number.is_empty()
                && let Err(error) = number.parse::<CitizenId>()
            {
                report.explained(&rules::CITIZEN_ID, "closed", field, number, &error);
            }
        }
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

/// The citizen's own certificate in the list of certificate types.
const CITIZEN_ID_CARD: &str = "01";
