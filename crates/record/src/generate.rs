//! Invented records that obey every rule: for the demonstration, for drills, for trying an import.
//!
//! The same seed and row give the same record on every machine and in every version, one row without
//! the rows before it. Nothing is real: companies are put together from syllables, and invented
//! citizens were born in the nineteenth century, so that no number is a living person's. Natural
//! keys are unique per seed and row.

mod dice;
mod hall;
mod words;

use crate::body::Body;
use crate::date::Date;
use crate::decimal::WanYuan;
use crate::head::{Authority, CodeSystem, Division, Head, NaturalKey};
use crate::identifier::{CitizenId, Uscc};
use crate::jilin::{self, HallSeat};
use crate::kind::Kind;
use crate::label::{AudienceNumber, Label, SharingClass};
use crate::party::{Party, PartyCategory};
use crate::penalty::{CONFISCATION, FINE, Penalty};
use crate::permit::Permit;
use crate::time::Timestamp;

use dice::Dice;
use words::{BUREAUS, OFFENCES, TRADES};

/// An invented record on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its head, without a stamp.
    pub head: Head,
    /// What it says.
    pub body: Body,
    /// With whom it is shared: seven in ten open, the others unconditional or conditional.
    pub label: Label,
}

/// An endless, repeatable sequence of invented records of one kind.
#[derive(Clone, Debug)]
pub struct Generator {
    kind: Drafted,
    seed: u64,
    row: u64,
    seat: Option<&'static HallSeat>,
}

/// Kinds that can be invented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Drafted {
    Permit,
    Penalty,
    Case,
    Material,
    Item,
    PowerList,
}

impl Generator {
    /// All kinds that can be invented: those that have a form.
    pub const KINDS: [Kind; 6] =
        [Kind::Permit, Kind::Penalty, Kind::Case, Kind::Material, Kind::Item, Kind::PowerList];

    /// Records of all of Jilin; none for acts and registered kinds.
    pub fn new(kind: &Kind, seed: u64) -> Option<Self> {
        let kind = match kind {
            Kind::Permit => Drafted::Permit,
            Kind::Penalty => Drafted::Penalty,
            Kind::Case => Drafted::Case,
            Kind::Material => Drafted::Material,
            Kind::Item => Drafted::Item,
            Kind::PowerList => Drafted::PowerList,
            Kind::Act | Kind::Registered(_) => return None,
        };
        Some(Self { kind, seed, row: 0, seat: None })
    }

    /// Only records of this seat's authorities.
    #[must_use]
    pub fn at(self, seat: &'static HallSeat) -> Self {
        Self { seat: Some(seat), ..self }
    }

    /// The record of one row.
    pub fn draft(&self, row: u64) -> Draft {
        let mut dice = Dice::new(self.seed, row);
        let seat = self.seat.unwrap_or_else(|| dice.pick(jilin::halls()));
        Desk { seat, dice, seed: self.seed, row }.draft(self.kind)
    }
}

impl Iterator for Generator {
    type Item = Draft;

    fn next(&mut self) -> Option<Draft> {
        let draft = self.draft(self.row);
        self.row += 1;
        Some(draft)
    }
}

/// Where one record is written.
struct Desk {
    seat: &'static HallSeat,
    dice: Dice,
    seed: u64,
    row: u64,
}

impl Desk {
    fn draft(mut self, kind: Drafted) -> Draft {
        let bureau = self.dice.pick(BUREAUS);
        let decided = self.day();
        let authority = self.authority(bureau.name);
        let number = self.number(bureau.mark, decided);
        let (kind, body) = match kind {
            Drafted::Permit => {
                (Kind::Permit, Body::Permit(self.permit(&authority, &number, decided)))
            }
            Drafted::Penalty => {
                (Kind::Penalty, Body::Penalty(self.penalty(&authority, &number, decided)))
            }
            Drafted::Case => {
                (Kind::Case, Body::Case(Box::new(self.case(&authority, &number, decided))))
            }
            Drafted::Material => {
                (Kind::Material, Body::Material(self.material(&authority, &number)))
            }
            Drafted::Item => (Kind::Item, Body::Item(self.item(&authority, decided))),
            Drafted::PowerList => {
                (Kind::PowerList, Body::PowerList(self.power_list(&authority, decided)))
            }
        };
        let ordinal = self.ordinal(&kind);
        let key = body.key().map(|(number, party)| (number.to_owned(), party.to_owned()));
        let (number, party) = key.unwrap_or((number, String::new()));
        let head = Head {
            message_id: format!("gen-{}-{kind}-{}-{}", self.seat.hall, self.seed, self.row),
            kind,
            revises: None,
            natural_key: Some(NaturalKey { document_number: number, party, ordinal }),
            authority: Some(authority),
            division: Some(self.division(decided)),
            happened_at: self.moment(decided),
            stamp: None,
        };
        let class = match self.dice.below(20) {
            0..14 => SharingClass::Open,
            14..17 => SharingClass::Unconditional,
            _ => SharingClass::Conditional,
        };
        Draft { head, body, label: Label { class, audience: AudienceNumber(0) } }
    }

    fn permit(&mut self, authority: &Authority, number: &str, decided: Date) -> Permit {
        let trade = self.dice.pick(TRADES);
        let party = self.party(trade.word);
        let years = 1 + self.dice.below(5);
        let until = if self.dice.below(4) == 0 {
            Date::LONG_TERM
        } else {
            decided.plus_days(u16::try_from(years * 365).unwrap_or(365))
        };
        let address = self.address();
        Permit {
            document_title: format!("准予行政许可决定书（{}）", trade.certificate),
            document_number: number.to_owned(),
            category: (*self.dice.pick(&["普通", "核准", "登记", "认可", "特许"])).to_owned(),
            certificate_name: trade.certificate.to_owned(),
            certificate_number: format!(
                "JL{}{:04}{:08}",
                self.area(),
                self.seed % 10_000,
                self.row
            ),
            content: format!(
                "经审查，申请人提交的材料齐全、符合法定形式，准予其在{address}从事{}。\
                 许可范围：{}。持证人应当按照核准的范围和条件开展活动，接受监督检查。",
                trade.activity, trade.scope
            ),
            decision_date: decided.to_string(),
            valid_from: decided.to_string(),
            valid_until: until.to_string(),
            state: "1".into(),
            source_name: authority.name.clone(),
            source_code: authority.code.clone(),
            party,
            ..Permit::default()
        }
    }

    fn penalty(&mut self, authority: &Authority, number: &str, decided: Date) -> Penalty {
        let offence = self.dice.pick(OFFENCES);
        let trade = self.dice.pick(TRADES);
        let party = self.party(trade.word);
        let fine = (1 + self.dice.below(200)) * 250;
        let gain = self.dice.below(3) == 0;
        let gained = self.dice.below(500_000);
        let mut categories = vec![FINE.to_owned()];
        if gain {
            categories.push(CONFISCATION.to_owned());
        }
        let amount = |amount: Option<WanYuan>| amount.unwrap_or_default().to_string();
        let fine_text = amount(WanYuan::from_yuan(fine));
        let gained_text = if gain { amount(WanYuan::from_fen(gained)) } else { String::new() };
        let taken =
            if gain { format!("；没收违法所得{gained_text}万元") } else { String::new() };
        let address = self.address();
        Penalty {
            document_number: number.to_owned(),
            violation_type: offence.title.to_owned(),
            facts: format!(
                "经查，当事人于{decided}前在{address}{}。{}",
                offence.facts, offence.proof
            ),
            legal_basis: offence.basis.to_owned(),
            categories,
            content: format!("责令改正违法行为；处罚款人民币{fine_text}万元{taken}。"),
            fine_wan_yuan: fine_text,
            confiscated_wan_yuan: gained_text,
            decision_date: decided.to_string(),
            valid_until: decided.plus_days(365).to_string(),
            published_until: decided.plus_days(1095).to_string(),
            source_name: authority.name.clone(),
            source_code: authority.code.clone(),
            party,
            ..Penalty::default()
        }
    }

    /// Six organisations and two individual businesses to two natural persons.
    fn party(&mut self, trade: &str) -> Party {
        match self.dice.below(10) {
            0..6 => Party {
                category: Some(PartyCategory::Legal),
                name: format!("{}{}{trade}有限公司", self.place(), self.dice.brand()),
                code: self.credit_code("91"),
                legal_representative: self.person_name(),
                legal_representative_id: self.citizen_id(),
                ..Party::default()
            },
            6..8 => Party {
                category: Some(PartyCategory::IndividualBusiness),
                name: format!("{}{}{trade}店", self.place(), self.dice.brand()),
                code: self.credit_code("92"),
                ..Party::default()
            },
            _ => Party {
                category: Some(PartyCategory::Natural),
                person_name: self.person_name(),
                person_id_type: "身份证".into(),
                person_id: self.citizen_id(),
                ..Party::default()
            },
        }
    }

    fn authority(&mut self, bureau: &str) -> Authority {
        // An authority has one code for life: it follows from its name, not from the row.
        let name = format!("{}{bureau}", self.seat.name.trim_end_matches("管委会"));
        let mut dice = Dice::of_text(&name);
        Authority { code: code(&mut dice, "11", &self.area()), name }
    }

    fn division(&self, on: Date) -> Division {
        let system = if self.seat.has_code() { CodeSystem::Mca } else { CodeSystem::Office };
        Division { code: self.seat.hall.to_owned(), system, on }
    }

    /// Characters three to eight of a code: an office without a division borrows the province's.
    fn area(&self) -> String {
        if self.seat.has_code() { self.seat.hall } else { "220000" }.to_owned()
    }

    fn number(&self, mark: &str, decided: Date) -> String {
        let place: String = self.seat.name.chars().take(1).collect();
        format!("{place}{mark}〔{}〕{}-{:06}号", decided.year(), self.seed, self.row)
    }

    /// The key of a power list is its authority and day, which seed and row do not make unique: it needs
    /// an ordinal, of seed and row like the numbers of documents.
    fn ordinal(&self, kind: &Kind) -> u32 {
        match kind {
            Kind::PowerList => {
                u32::try_from(self.seed % 4_000 * 1_000_000 + self.row % 1_000_000).unwrap_or(0)
            }
            Kind::Permit
            | Kind::Penalty
            | Kind::Case
            | Kind::Material
            | Kind::Item
            | Kind::Act
            | Kind::Registered(_) => 0,
        }
    }

    fn day(&mut self) -> Date {
        let first = Date::new(2022, 1, 1).unwrap_or(Date::FOUNDING);
        first.plus_days(u16::try_from(self.dice.below(3 * 365)).unwrap_or(0))
    }

    /// An office hour of that day, in milliseconds.
    fn moment(&mut self, day: Date) -> Option<Timestamp> {
        let minute = self.dice.below(8 * 60);
        let (hour, minute) = (9 + minute / 60, minute % 60);
        format!("{day}T{hour:02}:{minute:02}:00+08:00").parse().ok()
    }

    fn place(&self) -> &'static str {
        self.seat.name.trim_end_matches("管委会")
    }

    fn address(&mut self) -> String {
        let street = self.dice.street();
        format!("{}{street}{}号", self.place(), 1 + self.dice.below(2000))
    }

    fn person_name(&mut self) -> String {
        self.dice.person()
    }

    fn credit_code(&mut self, first_two: &str) -> String {
        let area = self.area();
        code(&mut self.dice, first_two, &area)
    }

    fn citizen_id(&mut self) -> String {
        let year = 1880 + self.dice.below(19);
        let (month, day) = (1 + self.dice.below(12), 1 + self.dice.below(28));
        let serial = self.dice.below(1000);
        let body = format!("{}{year}{month:02}{day:02}{serial:03}", self.area());
        CitizenId::complete(&body).map(|id| id.reveal().to_owned()).unwrap_or_default()
    }
}

/// A credit code whose organisation part, MA + letters and digits, carries GB 11714's check too.
fn code(dice: &mut Dice, first_two: &str, area: &str) -> String {
    let organisation = dice.organisation();
    Uscc::complete(&format!("{first_two}{area}{organisation}"))
        .map(|code| code.as_str().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
