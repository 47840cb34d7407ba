//! Invented cases, materials, items and power lists: a case has lived a legal life up to some state.

use super::Desk;
use super::dice::Dice;
use super::words::{MATERIALS, TRADES};
use crate::case::{
    Case, Entered, Evaluation, MaterialUse, SpecialProcedure, State, Step, Supplement,
};
use crate::date::Date;
use crate::head::Authority;
use crate::item::Item;
use crate::material::Material;
use crate::power_list::PowerList;

/// Where an invented case stands in time while it is lived.
struct Life {
    case: Case,
    day: Date,
    minute: u64,
}

impl Life {
    /// Goes on by whole days and some minutes; lives are short enough to stay within office hours.
    fn wait(&mut self, days: u64, minutes: u64) {
        self.day = self.day.plus_days(u16::try_from(days).unwrap_or(0));
        self.minute += minutes;
    }

    fn now(&self) -> String {
        let (hour, minute) = (self.minute / 60, self.minute % 60);
        format!("{}T{hour:02}:{minute:02}:00+08:00", self.day)
    }

    fn enter(&mut self, state: State) {
        let entered = Entered { state: state.to_string(), entered_at: self.now() };
        self.case.state.clone_from(&entered.state);
        self.case.course.push(entered);
    }
}

impl Desk {
    pub(super) fn case(&mut self, authority: &Authority, number: &str, applied: Date) -> Case {
        let trade = self.dice.pick(TRADES);
        let immediate = self.dice.below(4) == 0;
        let case = Case {
            case_number: number.to_owned(),
            case_kind: if immediate { "1" } else { "2" }.into(),
            item_name: format!("{}核发", trade.certificate),
            item_type: "01".into(),
            implementation_code: self.implementation_code(authority),
            item_version: "1".into(),
            channel: (*self.dice.pick(&["1", "2", "3"])).into(),
            promise_days: if immediate { 1 } else { 7 },
            legal_days: 20,
            charged: "0".into(),
            applicant_name: self.person_name(),
            applicant_id: self.citizen_id(),
            applicant_id_type: "111".into(),
            contact_phone: format!("1{:010}", self.dice.below(10_000)),
            address: self.address(),
            materials: vec![MaterialUse {
                name: (*self.dice.pick(MATERIALS)).to_owned(),
                purpose: "办理本事项".into(),
                collected: "1".into(),
                count: "1".into(),
                ..MaterialUse::default()
            }],
            ..Case::default()
        };
        let mut life = Life { case, day: applied, minute: 9 * 60 };
        self.lived(&mut life, authority, immediate, trade.certificate);
        life.case
    }

    /// Lives on until done, or until some state before.
    fn lived(&mut self, life: &mut Life, authority: &Authority, immediate: bool, title: &str) {
        let stays = |dice: &mut Dice| dice.below(8) == 0;
        let pace = u64::from(!immediate);
        life.case.applied_at = life.now();
        life.enter(State::Submitted);
        if stays(&mut self.dice) {
            return;
        }
        if !immediate && self.dice.below(5) == 0 && !self.supplemented(life) {
            return;
        }
        life.wait(0, 10);
        life.case.accepted_at = life.now();
        life.case.acceptance_number =
            format!("受{}", life.case.case_number).chars().take(30).collect();
        life.enter(State::Accepted);
        if stays(&mut self.dice) {
            return;
        }
        life.wait(0, 10);
        life.enter(State::Handling);
        self.handled(life, authority);
        if stays(&mut self.dice) {
            return;
        }
        if !immediate && self.dice.below(6) == 0 {
            paused(life, authority);
        }
        life.wait(2 * pace, 20);
        end_step(life);
        self.decided(life, authority, title);
        if stays(&mut self.dice) {
            return;
        }
        life.wait(pace, 15);
        life.case.delivered_at = life.now();
        life.enter(State::Issued);
        life.wait(0, 5);
        life.case.closed_at = life.now();
        life.case.closing_handler = self.person_name();
        let granted = life.case.decision == "granted";
        life.case.close_code = if granted { "0" } else { "6" }.into();
        life.enter(State::Closed);
        if self.dice.below(3) == 0 {
            life.wait(1, 0);
            life.case.evaluations.push(Evaluation {
                number: "1".into(),
                channel: "移动".into(),
                evaluated_at: life.now(),
                satisfaction: (3 + self.dice.below(3)).to_string(),
                evaluator: life.case.applicant_name.clone(),
                ..Evaluation::default()
            });
        }
    }

    /// Whether the supplement came.
    fn supplemented(&mut self, life: &mut Life) -> bool {
        life.wait(1, 10);
        let handler = self.person_name();
        life.case.supplements.push(Supplement {
            notified_at: life.now(),
            due_on: life.day.plus_days(15).to_string(),
            content: "请补交经营场所使用证明".into(),
            handler,
            ..Supplement::default()
        });
        life.enter(State::Supplement);
        let comes = self.dice.below(4) != 0;
        life.wait(if comes { 3 } else { 20 }, 10);
        if comes {
            let complete = life.now();
            for supplement in &mut life.case.supplements {
                supplement.completed_at.clone_from(&complete);
            }
        } else {
            life.case.closed_at = life.now();
            life.case.close_code = "5".into();
            life.enter(State::Lapsed);
        }
        comes
    }

    fn handled(&mut self, life: &mut Life, authority: &Authority) {
        let handler = self.person_name();
        life.case.handler.clone_from(&handler);
        life.case.steps.push(Step {
            name: "审查".into(),
            action: "其他".into(),
            status: "1".into(),
            unit_name: authority.name.clone(),
            unit_code: authority.code.clone(),
            started_at: life.now(),
            handler,
            ..Step::default()
        });
    }

    fn decided(&mut self, life: &mut Life, authority: &Authority, title: &str) {
        let granted = self.dice.below(10) != 0;
        let now = life.now();
        life.case.decided_at = now;
        life.case.decision = if granted { "granted" } else { "refused" }.into();
        life.enter(State::Decided);
        if !granted {
            return;
        }
        let case = &mut life.case;
        title.clone_into(&mut case.result_name);
        case.permit_document_number.clone_from(&case.case_number);
        case.permit_document_title = format!("准予行政许可决定书（{title}）");
        case.permit_category = "普通".into();
        case.permit_decision_date = life.day.to_string();
        case.permit_authority_code.clone_from(&authority.code);
        case.permit_source_name.clone_from(&authority.name);
        case.permit_source_code.clone_from(&authority.code);
        case.permit_content = format!("准予{title}核发");
        case.permit_valid_until = life.day.plus_days(3 * 365).to_string();
        case.permit_holder.clone_from(&case.applicant_name);
    }

    pub(super) fn material(&mut self, authority: &Authority, number: &str) -> Material {
        let title = (*self.dice.pick(MATERIALS)).to_owned();
        let level = *self.dice.pick(&["A", "B", "C", "D"]);
        let mut material = Material {
            title,
            sha256: (0..4).flat_map(|_| self.dice.next().to_be_bytes()).collect(),
            size: 20_000 + self.dice.below(2_000_000),
            media_type: "application/pdf".into(),
            trust_level: level.to_owned(),
            holder_name: self.person_name(),
            material_number: number.to_owned(),
            ..Material::default()
        };
        if level == "A" {
            material.issuer_name.clone_from(&authority.name);
            material.issuer_code.clone_from(&authority.code);
            material.certificate_operation = "01".into();
            material.certificate_state = "01".into();
            material.valid_until = Date::LONG_TERM.to_string();
        }
        if level == "B" {
            let day = self.day();
            material.checker_name = self.person_name();
            material.checked_at = self.moment(day).map(|at| at.to_string()).unwrap_or_default();
        }
        material.watermark = material.watermark_text().unwrap_or_default();
        material
    }

    pub(super) fn item(&mut self, authority: &Authority, valid_from: Date) -> Item {
        let trade = self.dice.pick(TRADES);
        Item {
            implementation_code: format!("{}{:05}", self.implementation_code(authority), self.row),
            item_name: format!("{}核发", trade.certificate),
            item_type: "01".into(),
            level: "4".into(),
            body_nature: "1".into(),
            service_objects: vec!["1".into(), "2".into()],
            channels: vec!["1".into(), "2".into()],
            case_kind: "2".into(),
            legal_days: 20,
            promise_days: 7,
            conditions: format!("申请从事{}的，应当有与其规模相适应的场所和人员。", trade.activity),
            materials: vec![(*self.dice.pick(MATERIALS)).to_owned()],
            result_name: trade.certificate.to_owned(),
            charged: "0".into(),
            phone: "0431-00000000".into(),
            supervision_phone: "0431-00000001".into(),
            department_name: authority.name.clone(),
            department_code: authority.code.clone(),
            valid_from: valid_from.to_string(),
            ..Item::default()
        }
    }

    /// Some items of one authority, each once.
    pub(super) fn power_list(&mut self, authority: &Authority, edition: Date) -> PowerList {
        let (first, step) = (self.dice.below(900_000), 1 + self.dice.below(7));
        let items = 3 + self.dice.below(10);
        let code = |place: u64| national_code(authority, first + place * step);
        PowerList {
            title: format!("{}权力清单（{}年版）", authority.name, edition.year()),
            edition_date: edition.to_string(),
            item_codes: (0..items).map(code).collect(),
            legal_basis: "《关于推行地方各级政府工作部门权力清单制度的指导意见》".into(),
        }
    }

    fn implementation_code(&mut self, authority: &Authority) -> String {
        national_code(authority, self.dice.below(1_000_000))
    }
}

/// National form of 2018: credit code, level, base code of twelve.
fn national_code(authority: &Authority, base: u64) -> String {
    format!("{}4{base:012}", authority.code)
}

fn paused(life: &mut Life, authority: &Authority) {
    life.wait(1, 10);
    let started_at = life.now();
    life.enter(State::Paused);
    life.wait(3, 10);
    life.case.special_procedures.push(SpecialProcedure {
        kind: "2".into(),
        name: "现场勘验".into(),
        started_at,
        ended_at: life.now(),
        unit_name: authority.name.clone(),
        unit_code: authority.code.clone(),
        reason: "依法需要现场勘验".into(),
        ..SpecialProcedure::default()
    });
    life.enter(State::Handling);
}

fn end_step(life: &mut Life) {
    let now = life.now();
    if let Some(step) = life.case.steps.last_mut() {
        step.ended_at = now;
        step.status = "2".into();
        step.action = "通过".into();
    }
}
