//! Cases, read from their open and closed part and written back.
//!
//! The n-th detail of the closed part belongs to the n-th row of the open part. Fewer details than rows
//! are fine, as in a copy without its closed part; more are an error, since they would belong to
//! nothing.

use record::case::{
    Case, Entered, Evaluation, MaterialUse, Payment, SpecialProcedure, Step, Supervision,
    Supplement,
};

use super::paired::paired;
use super::{ReadError, wrong};
use crate::v1;

pub(super) fn case(open: v1::CaseOpen, closed: v1::CaseClosed) -> Result<Case, ReadError> {
    let mut steps = rows(open.steps.clone(), read_step);
    details("closed.case.step_details", &mut steps, &closed.step_details, read_step_detail)?;
    let mut supplements = rows(open.supplements.clone(), read_supplement);
    let field = "closed.case.supplement_details";
    details(field, &mut supplements, &closed.supplement_details, read_supplement_detail)?;
    let mut special = rows(open.special_procedures.clone(), read_special_procedure);
    let field = "closed.case.special_procedure_details";
    let said = &closed.special_procedure_details;
    details(field, &mut special, said, read_special_procedure_detail)?;
    let mut evaluations = rows(open.evaluations.clone(), read_evaluation);
    let field = "closed.case.evaluation_details";
    details(field, &mut evaluations, &closed.evaluation_details, read_evaluation_detail)?;
    let mut case = Case {
        course: rows(open.course.clone(), read_entered),
        steps,
        supplements,
        special_procedures: special,
        evaluations,
        materials: rows(closed.materials.clone(), read_material_use),
        payments: rows(closed.payments.clone(), read_payment),
        supervisions: rows(closed.supervisions.clone(), read_supervision),
        ..Case::default()
    };
    read_open(open, &mut case);
    read_closed(closed, &mut case);
    Ok(case)
}

pub(super) fn case_open(case: &Case) -> v1::CaseOpen {
    v1::CaseOpen {
        course: written(&case.course, write_entered),
        steps: written(&case.steps, write_step),
        supplements: written(&case.supplements, write_supplement),
        special_procedures: written(&case.special_procedures, write_special_procedure),
        evaluations: written(&case.evaluations, write_evaluation),
        ..write_open(case)
    }
}

pub(super) fn case_closed(case: &Case) -> v1::CaseClosed {
    let special = &case.special_procedures;
    v1::CaseClosed {
        step_details: written(&case.steps, write_step_detail),
        supplement_details: written(&case.supplements, write_supplement_detail),
        special_procedure_details: written(special, write_special_procedure_detail),
        evaluation_details: written(&case.evaluations, write_evaluation_detail),
        materials: written(&case.materials, write_material_use),
        payments: written(&case.payments, write_payment),
        supervisions: written(&case.supervisions, write_supervision),
        ..write_closed(case)
    }
}

fn rows<M, R: Default>(messages: Vec<M>, read: fn(M, &mut R)) -> Vec<R> {
    let one = |message| {
        let mut row = R::default();
        read(message, &mut row);
        row
    };
    messages.into_iter().map(one).collect()
}

fn details<M: Clone, R>(
    field: &'static str,
    rows: &mut [R],
    messages: &[M],
    read: fn(M, &mut R),
) -> Result<(), ReadError> {
    if messages.len() > rows.len() {
        return Err(wrong(field, "there are more details than rows in the open part"));
    }
    for (row, message) in rows.iter_mut().zip(messages) {
        read(message.clone(), row);
    }
    Ok(())
}

fn written<R, M>(rows: &[R], write: fn(&R) -> M) -> Vec<M> {
    rows.iter().map(write).collect()
}

paired!(
    read_open, write_open, CaseOpen, Case:
    case_number, item_name, state, accepted_at, case_kind, item_type, base_code,
    implementation_code, handling_code, item_version, channel, applied_at,
    acceptance_number, promise_days, legal_days, promised_until, decision, decided_at,
    delivered_at, delivered_by_courier, closed_at, close_code, result_name, result_number,
    result_validity, result_issuer, charged, project_code, applicant_division, agent_unit,
    parent_case_number, branch_case_numbers, permit_record_id,
    permit_document_number, permit_document_title, permit_category, permit_decision_date,
    permit_authority_code, permit_source_name, permit_source_code, permit_content,
    permit_valid_from, permit_valid_until; ..
);
paired!(
    read_closed, write_closed, CaseClosed, Case:
    applicant_name, applicant_id, applicant_id_type, legal_representative, contact_name,
    contact_id_type, contact_id, contact_phone, post_code, address, handler,
    closing_handler, result_description, permit_holder, remark; ..
);
paired!(
    read_entered, write_entered, CaseEntered, Entered:
    state, entered_at
);
paired!(
    read_step, write_step, CaseStep, Step:
    name, action, status, unit_name, unit_code, started_at, ended_at
);
paired!(
    read_step_detail, write_step_detail, CaseStepDetail, Step:
    handler, opinion
);
paired!(
    read_supplement, write_supplement, CaseSupplement, Supplement:
    notified_at, due_on, completed_at
);
paired!(
    read_supplement_detail, write_supplement_detail, CaseSupplementDetail, Supplement:
    content, handler
);
paired!(
    read_special_procedure, write_special_procedure, CaseSpecialProcedure, SpecialProcedure:
    kind, name, started_at, ended_at, days, unit_name, unit_code
);
paired!(
    read_special_procedure_detail, write_special_procedure_detail, CaseSpecialProcedureDetail, SpecialProcedure:
    reason, applicant, result, opinion, handler
);
paired!(
    read_evaluation, write_evaluation, CaseEvaluation, Evaluation:
    number, channel, evaluated_at, satisfaction
);
paired!(
    read_evaluation_detail, write_evaluation_detail, CaseEvaluationDetail, Evaluation:
    evaluator, comment
);
paired!(
    read_material_use, write_material_use, CaseMaterialUse, MaterialUse:
    name, record_id, sha256, purpose, collected, channel, count, received_at
);
paired!(
    read_payment, write_payment, CasePayment, Payment:
    number, unit_name, collector, amount_yuan, paid_at, payer
);
paired!(
    read_supervision, write_supervision, CaseSupervision, Supervision:
    number, rule_number, card, content, unit_name, issued_at, arisen_at, result, department
);
