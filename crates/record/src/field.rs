//! Fields (字段): one table a kind, and everything that must agree about a field is read from it.
//!
//! Where a field stands (head, open or closed part), its name here, the standard's column code and
//! its older spellings, since which edition it exists, what it holds, how long it may be, whom it is
//! demanded of, and what a public copy shows. Validation, forms, imports, exports and
//! `docs/schema.md` come from these rows, so they cannot drift apart; a test holds them against the
//! structures and the protobuf schema.
//!
//! Lengths are those of the standard or, where systems in use are wider, theirs: a hall refuses what
//! breaks a record, not what somebody's form cuts.

mod case;
mod check;
mod head;
mod item;
mod material;
mod penalty;
mod permit;
mod power_list;
#[cfg(test)]
pub(crate) mod slips;
mod slot;

use crate::edition::Edition;
use crate::kind::Kind;
use crate::lists::List;
use crate::party::PartyCategory;

pub(crate) use case::BODY as CASE_BODY;
pub(crate) use check::check;
pub(crate) use item::BODY as ITEM_BODY;
pub(crate) use material::BODY as MATERIAL_BODY;
pub(crate) use penalty::BODY as PENALTY_BODY;
pub(crate) use permit::BODY as PERMIT_BODY;
pub(crate) use power_list::BODY as POWER_LIST_BODY;
pub(crate) use slot::{Cell, MANY_JOINED_BY, Rows, Slot, slots};

/// One field of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Where it stands.
    pub part: FieldPart,
    /// Name: of the protobuf field, and in forms.
    pub name: &'static str,
    /// The standard's column code; empty when the field is ours. Two fields share a code when a
    /// natural person's value stands elsewhere than an organisation's: an import puts the cell into
    /// the first, and reading the form moves it.
    pub code: &'static str,
    /// Other spellings of the code that systems use.
    pub aliases: &'static [&'static str],
    /// Column codes of the first edition.
    pub v1: &'static [&'static str],
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
    /// Number of the column in the standard's list; 0 for none.
    pub seq: u8,
    /// The edition that brought it.
    pub since: Edition,
    /// The last edition that has it.
    pub until: Edition,
    /// Who asks for it.
    pub origin: Origin,
    /// What it holds.
    pub value: Value,
    /// Most characters; 0 when the kind of value limits it.
    pub max: usize,
    /// Of whom it is demanded.
    pub need: Needs,
    /// Whether it belongs to the core that every profile demands.
    pub key: bool,
    /// What a public copy shows.
    pub show: Show,
    /// Where this row was seen: keys of the list of sources in `docs/schema.md`.
    pub source: &'static str,
}

/// Where a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldPart {
    /// 首部, or the label beside it.
    Head,
    /// 公开部分.
    Open,
    /// 非公开部分.
    Closed,
}

impl FieldPart {
    /// The part as paths have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// Who asks for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The standard's own column.
    Standard,
    /// A column of templates in use, beyond the standard.
    Template,
    /// A column of a transport: receipts, stations.
    Transport,
    /// A province's column.
    Provincial,
    /// Ours.
    Ours,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// A line or more of text.
    Text,
    /// Text that everybody may read and nobody checked: searched for personal numbers.
    Free,
    /// The name of an organisation or a person.
    Name,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A day that decides: since 1949, not after today.
    DecisionDate,
    /// A time with its zone, RFC 3339.
    Time,
    /// An amount in 万元, decimal(18,6).
    WanYuan,
    /// An amount in 元.
    Yuan,
    /// A whole number.
    Integer,
    /// One value of a list.
    List(&'static List),
    /// Several values of a list; in a form joined with `;`.
    Many(&'static List),
    /// A unified social credit code, GB 32100.
    Uscc,
    /// An authority's credit code, which begins with 11 or 12.
    AuthorityCode,
    /// An organisation code, GB 11714.
    Organisation,
    /// A business registration number (工商注册号): 15 digits with a check, or a credit code.
    Registration,
    /// A number of a certificate whose type another field says.
    CertificateNumber,
    /// An identifier of another scheme, `scheme:value`.
    Scheme,
    /// A division code.
    Division,
    /// A record id.
    RecordId,
    /// A SHA-256 digest in hexadecimal.
    Digest,
    /// A nested list, in a form as JSON.
    Json,
}

/// Of whom a field is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Legal persons and other organisations (法人及非法人组织).
    pub legal: Need,
    /// Natural persons (自然人).
    pub natural: Need,
    /// Individual businesses (个体工商户).
    pub individual: Need,
}

impl Needs {
    /// The need of one category.
    pub fn of(self, category: PartyCategory) -> Need {
        match category {
            PartyCategory::Legal => self.legal,
            PartyCategory::Natural => self.natural,
            PartyCategory::IndividualBusiness => self.individual,
        }
    }
}

/// Whether a field must, may or must not say something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// 必填.
    Mandatory,
    /// 选填.
    Optional,
    /// Demanded by what another field says, such as a fine by its category.
    Conditional,
    /// 不填.
    Absent,
}

/// What a public copy shows of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// As it is.
    Publish,
    /// Of a natural person the surname only, of others as it is.
    MaskName,
    /// Nothing.
    Withhold,
}

impl Field {
    /// The list its values come from.
    pub fn list(&self) -> Option<&'static List> {
        match self.value {
            Value::List(list) | Value::Many(list) => Some(list),
            Value::Text
            | Value::Free
            | Value::Name
            | Value::Date
            | Value::DecisionDate
            | Value::Time
            | Value::WanYuan
            | Value::Yuan
            | Value::Integer
            | Value::Uscc
            | Value::AuthorityCode
            | Value::Organisation
            | Value::Registration
            | Value::CertificateNumber
            | Value::Scheme
            | Value::Division
            | Value::RecordId
            | Value::Digest
            | Value::Json => None,
        }
    }

    /// Whether an edition has the field.
    pub fn is_in(&self, edition: Edition) -> bool {
        self.since <= edition && edition <= self.until
    }

    /// Whether it says who decided what about whom, when: the core that every profile demands.
    pub fn is_key(&self) -> bool {
        self.key
    }

    /// Whether `column` names it: its name, code, another spelling, a code of the first edition or
    /// its Chinese name. Case and spaces around do not count.
    pub fn is_called(&self, column: &str) -> bool {
        let column = column.trim();
        let names = [self.name, self.code, self.zh].into_iter();
        names
            .chain(self.aliases.iter().copied())
            .chain(self.v1.iter().copied())
            .any(|name| !name.is_empty() && name.eq_ignore_ascii_case(column))
    }

    pub(crate) const fn new(
        part: FieldPart,
        name: &'static str,
        code: &'static str,
        words: [&'static str; 2],
    ) -> Self {
        let [zh, en] = words;
        Self {
            part,
            name,
            code,
            aliases: &[],
            v1: &[],
            zh,
            en,
            seq: 0,
            since: Edition::V1,
            until: Edition::V21,
            origin: Origin::Standard,
            value: Value::Text,
            max: 0,
            need: Needs {
                legal: Need::Optional,
                natural: Need::Optional,
                individual: Need::Optional,
            },
            key: false,
            show: Show::Publish,
            source: "",
        }
    }

    pub(crate) const fn head(
        name: &'static str,
        code: &'static str,
        words: [&'static str; 2],
    ) -> Self {
        Self::new(FieldPart::Head, name, code, words)
    }

    pub(crate) const fn open(
        name: &'static str,
        code: &'static str,
        words: [&'static str; 2],
    ) -> Self {
        Self::new(FieldPart::Open, name, code, words)
    }

    pub(crate) const fn closed(
        name: &'static str,
        code: &'static str,
        words: [&'static str; 2],
    ) -> Self {
        Self { show: Show::Withhold, ..Self::new(FieldPart::Closed, name, code, words) }
    }

    pub(crate) const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    pub(crate) const fn v1(self, v1: &'static [&'static str]) -> Self {
        Self { v1, ..self }
    }

    pub(crate) const fn since(self, since: Edition) -> Self {
        Self { since, ..self }
    }

    pub(crate) const fn only(self, edition: Edition) -> Self {
        Self { since: edition, until: edition, ..self }
    }

    pub(crate) const fn origin(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    pub(crate) const fn is(self, value: Value) -> Self {
        Self { value, ..self }
    }

    pub(crate) const fn max(self, max: usize) -> Self {
        Self { max, ..self }
    }

    /// Demanded of legal persons, natural persons, individual businesses.
    pub(crate) const fn need(self, legal: Need, natural: Need, individual: Need) -> Self {
        Self { need: Needs { legal, natural, individual }, ..self }
    }

    pub(crate) const fn key(self) -> Self {
        Self { key: true, ..self }
    }

    pub(crate) const fn show(self, show: Show) -> Self {
        Self { show, ..self }
    }

    /// Number of the standard's column and where it was seen.
    pub(crate) const fn seen(self, seq: u8, source: &'static str) -> Self {
        Self { seq, source, ..self }
    }
}

/// All fields of a kind, the head's first; none for acts and registered kinds.
pub fn fields(kind: &Kind) -> &'static [Field] {
    match kind {
        Kind::Permit => &permit::FIELDS,
        Kind::Penalty => &penalty::FIELDS,
        Kind::Case => &case::FIELDS,
        Kind::Material => &material::FIELDS,
        Kind::Item => &item::FIELDS,
        Kind::PowerList => &power_list::FIELDS,
        Kind::Act | Kind::Registered(_) => &[],
    }
}

/// The field of a kind with this name.
pub fn field(kind: &Kind, name: &str) -> Option<&'static Field> {
    fields(kind).iter().find(|field| field.name == name)
}

/// Two tables as one.
#[expect(clippy::indexing_slicing, reason = "const: an index out of range fails the build")]
pub(crate) const fn joined<const A: usize, const B: usize, const N: usize>(
    first: &[Field; A],
    second: &[Field; B],
) -> [Field; N] {
    let mut all = [first[0]; N];
    let mut next = 0;
    while next < N {
        all[next] = if next < A { first[next] } else { second[next - A] };
        next += 1;
    }
    all
}

#[cfg(test)]
mod tests;
