//! The rows of a case: GB/T 39046-2020 tables 7, 9, 11 and 14, the material table of table 5, and
//! the course of states.
//!
//! Lengths are the standard's. Clerks, applicants, payers and what is written about them stand in the
//! closed part; what a procedure is and when it ran is open.

use super::row::row;

row! {
    /// A state that the case entered (办理经过): the trail by which its present state was reached.
    Entered {
        open state: 32, "办件状态";
        /// RFC 3339 with zone.
        open entered_at: 35, "进入时间";
    }
}

row! {
    /// A step (环节), table 7; one row a step.
    Step {
        open name: 100, "环节名称";
        /// 通过, 退回 or other.
        open action: 20, "业务动作";
        /// `1` 待办 or `2` 已办.
        open status: 1, "环节办理状态代码";
        open unit_name: 100, "处理单位名称";
        open unit_code: 18, "处理单位统一社会信用代码";
        open started_at: 35, "环节开始时间";
        /// Empty while the step is open.
        open ended_at: 35, "环节结束时间";
        closed handler: 30, "环节处理人";
        closed opinion: 1000, "环节处理意见";
    }
}

row! {
    /// A supplement (补正): what was missing is told once, within five days.
    Supplement {
        open notified_at: 35, "补正告知时间";
        open due_on: 10, "补正期限";
        /// When the last of it came; empty while it is awaited.
        open completed_at: 35, "补正完成时间";
        closed content: 1000, "补正内容";
        closed handler: 30, "告知人";
    }
}

row! {
    /// A special procedure (特别程序), table 7 items 11–21; it stops the clocks, or moves them.
    SpecialProcedure {
        /// A.7: `1` 延长审批, `2` every other.
        open kind: 1, "特别程序种类代码";
        open name: 100, "特别程序种类名称";
        open started_at: 35, "特别程序开始时间";
        /// Empty while it lasts.
        open ended_at: 35, "特别程序结束时间";
        /// Working days by which the limits move; demanded of an extension.
        open days: 4, "延长工作日数";
        open unit_name: 100, "办理单位名称";
        open unit_code: 18, "办理单位统一社会信用代码";
        closed reason: 4000, "特别程序启动理由或依据";
        closed applicant: 30, "特别程序申请人";
        closed result: 4000, "特别程序结果";
        closed opinion: 4000, "特别程序办理意见";
        closed handler: 30, "特别程序办理人";
    }
}

row! {
    /// An evaluation (评价), table 9: the first or the second.
    Evaluation {
        /// 1 or 2.
        open number: 2, "评价次数";
        open channel: 50, "评价渠道";
        open evaluated_at: 35, "评价时间";
        /// A.8: 1 to 5, five is best.
        open satisfaction: 1, "满意度代码";
        closed evaluator: 30, "评价人";
        closed comment: 4000, "文字评价";
    }
}

row! {
    /// A case's use of a material (用材), table 5 items 20–26: handed in once, used by reference.
    MaterialUse {
        closed name: 200, "材料名称";
        /// Record id of the material, when it is one.
        closed record_id: 26, "材料记录编号";
        /// SHA-256 of its bytes, hexadecimal.
        closed sha256: 64, "材料内容摘要";
        closed purpose: 200, "使用目的";
        /// `0` or `1`.
        closed collected: 1, "是否收取";
        closed channel: 20, "收取方式";
        closed count: 2, "收取数量";
        closed received_at: 35, "收取时间";
    }
}

row! {
    /// A payment (支付), table 14; in yuan, where penalties are in 万元.
    Payment {
        closed number: 50, "缴款单号";
        closed unit_name: 100, "收费单位";
        closed collector: 30, "收费人员";
        /// Exact, at most two decimals.
        closed amount_yuan: 19, "收费金额";
        closed paid_at: 35, "收费时间";
        closed payer: 100, "缴款人";
    }
}

row! {
    /// A supervision (电子监察), table 11.
    Supervision {
        closed number: 20, "监察编号";
        closed rule_number: 20, "监察规则编号";
        /// The standard lists no values: `warn`, `yellow` or `red`.
        closed card: 10, "监察预警类型代码";
        closed content: 1000, "督办内容";
        closed unit_name: 100, "机构名称";
        closed issued_at: 35, "督办发出时间";
        closed arisen_at: 35, "状态产生时间";
        closed result: 1000, "监察结果描述";
        closed department: 100, "责任部门";
    }
}

impl Step {
    /// Whether the step is still open. Table 7 has a step without an end repeat its start: such a row
    /// is open, not of zero length, unless it says that it is done.
    pub fn is_open(&self) -> bool {
        self.ended_at.is_empty() || (self.ended_at == self.started_at && self.status != DONE)
    }
}

impl SpecialProcedure {
    /// Whether it prolongs the limits instead of stopping the clocks.
    pub fn is_extension(&self) -> bool {
        self.kind == EXTENSION
    }
}

/// `2` 已办.
pub(super) const DONE: &str = "2";
/// A.7 `1` 延长审批.
pub(super) const EXTENSION: &str = "1";
/// A.7 `2` 除延长审批之外的特别程序.
pub(super) const SPECIAL: &str = "2";
