//! Mappings: the built-in ones on invented rows of the shapes that real files have.

use record::{Edition, Kind, Profile, RevisionKind};

use super::*;
use crate::Table;

fn mapped(mapping: &str, text: &str) -> Vec<Mapped> {
    let mapping = Mapping::builtin(mapping).unwrap();
    let mut table = Table::from_bytes(text.as_bytes()).unwrap();
    let binding = mapping.bind(table.columns());
    table.rows().unwrap().map(|row| binding.apply(&row.unwrap())).collect()
}

#[test]
fn every_built_in_mapping_reads_and_has_a_name_of_its_own() {
    let names: Vec<_> = Mapping::all().iter().map(|mapping| mapping.name.as_str()).collect();
    for name in [
        "permit-v1",
        "permit-v2",
        "permit-v2.1",
        "penalty-v1",
        "penalty-v2",
        "penalty-v2.1",
        "counterfeit-2014",
        "tw-moenv",
        "us-npdes",
    ] {
        assert_eq!(names.iter().filter(|other| **other == name).count(), 1, "{name}");
    }
    for (kind, name) in [(Kind::Case, "case"), (Kind::Item, "item"), (Kind::Item, "cn-items")] {
        assert_eq!(names.contains(&name), !record::fields(&kind).is_empty(), "{name}");
    }
    assert_eq!(Mapping::builtin("us-npdes").unwrap().profile, Profile::Generic);
}

#[test]
fn a_wrong_mapping_is_refused_with_its_line() {
    let good = "name='a'\ntitle_zh='甲'\ntitle_en='a'\nkind='permit'\n[fields]\n";
    assert!(Mapping::read(&format!("{good}document_number='a'\n")).is_ok());
    for (tail, line, word) in [
        ("docment_number='a'", 6, "docment_number"),
        ("document_number={ form=['a'] }", 6, "did not match"),
        ("[revision]\nnote='a'\nrules=[{means='gone'}]", 8, "gone"),
    ] {
        let error = Mapping::read(&format!("{good}{tail}\n")).unwrap_err();
        assert!(error.line == line && error.what.contains(word), "{error}");
    }
    let error = Mapping::read("name='a'\ntitle_zh='甲'\ntitle_en='a'\nkind='act'\n").unwrap_err();
    assert_eq!(error.line, 4);
    assert_eq!(Mapping::read("colour='red'\n").unwrap_err().line, 1);
}

#[test]
fn a_template_is_known_by_code_or_chinese_name() {
    for header in [
        "XK_XDR_MC,XK_WSH,XK_XDR_SHXYM",
        "行政相对人名称*,行政许可决定文书号,行政相对人代码_1(统一社会信用代码)",
    ] {
        let rows =
            mapped("permit-v2.1", &format!("{header}\n甲公司,许〔2024〕1号,91220101MA0Y3T5X0A\n"));
        let form = &rows[0].form;
        assert_eq!(form.value("party_name"), "甲公司", "{header}");
        assert_eq!(form.value("document_number"), "许〔2024〕1号");
        assert_eq!(form.value("party_code"), "91220101MA0Y3T5X0A");
    }
}

#[test]
fn placeholders_are_empty_and_told() {
    let rows = mapped("permit-v2", "XK_XDR_MC,XK_WSH,XK_XKZS,XK_XKBH\n甲公司,1,/,无\n");
    let filled = rows[0].form.read(Edition::V2);
    let told: Vec<_> = filled.notes.iter().filter(|note| note.code == "placeholder").collect();
    assert_eq!(told.iter().map(|note| note.before.as_str()).collect::<Vec<_>>(), ["/", "无"]);
}

#[test]
fn two_columns_of_the_first_edition_become_one_field() {
    let rows = mapped(
        "penalty-v1",
        "CF_XDR_MC,CF_WSH,CF_CFLB1,CF_CFLB2,CF_JZQ,CF_XZJG\n甲,1,罚款,警告,2016/1/1,某局\n",
    );
    let form = &rows[0].form;
    assert_eq!(form.value("categories"), "罚款;警告");
    assert_eq!((form.value("valid_until"), form.value("authority_name")), ("2016/1/1", "某局"));
    assert_eq!(Mapping::builtin("penalty-v1").unwrap().edition, Edition::V1);
}

#[test]
fn the_table_of_2014_splits_its_double_columns() {
    let rows = mapped(
        "counterfeit-2014",
        "行政处罚决定书文号,案件名称,违法企业名称或违法自然人姓名,违法企业组织机构代码,法定代表人姓名,主要违法事实,行政处罚的种类和依据,作出处罚的机关名称和日期\n\
         罚〔2014〕3号,销售假酒案,甲商行,401705300,王某,销售假酒,依据商标法，没收假酒并罚款500元,某县工商局 2014年6月3日\n",
    );
    let form = &rows[0].form;
    assert_eq!(form.value("decision_date"), "2014-06-03");
    assert_eq!(form.value("authority_name"), "某县工商局");
    assert_eq!(form.value("categories"), "没收违法所得、没收非法财物;罚款");
    assert_eq!((form.value("counterfeit"), form.value("organisation_code")), ("1", "401705300"));
}

const TW: &str = "DOCUMENT_NO,COUNTY_NAME,COUNTY_CODE,FAC_NAME,TRANSGRESS_NAME,FAC_UNIFORMNO,\
    PENALTY_MONEY,PENALTY_DATE,PENALTYKIND,SUBJECT,OPENINFOR,GIST_DEFINE,TRANSGRESS_TYPE,APPEAL_OR_RESCIND";

fn tw(note: &str) -> Mapped {
    let row = format!(
        "{TW}\n30-109-000001,某县,08,甲股份有限公司,,12345678,237600,2020-07-03,\
        \"限期改善，罰鍰(非連續處罰)，罰鍰(非連續處罰)\",罰鍰,事實,依據,水污染,{note}\n"
    );
    mapped("tw-moenv", &row).remove(0)
}

#[test]
fn dollars_schemes_and_sets_of_measures_are_mapped() {
    let row = tw("");
    assert_eq!((row.form.value("fine_wan_yuan"), row.sum), ("23.76", 237_600_000_000));
    assert_eq!(row.form.value("other_identifier"), "tw-ubn:12345678");
    assert_eq!(row.form.value("party_name"), "甲股份有限公司");
    assert_eq!(row.form.value("categories"), "其他-限期改善;罚款");
    assert_eq!((row.form.value("ordinal"), row.revision), ("8", None));
}

#[test]
fn notes_become_revisions_and_rejected_appeals_do_not() {
    let revision = |note: &str| tw(note).revision;
    assert_eq!(revision("駁回，駁回"), None);
    let kind = |note: &str| revision(note).map(|revision| revision.kind);
    assert_eq!(kind("資料鍵入錯誤，污染別輸入錯誤"), Some(RevisionKind::Correction));
    assert_eq!(kind("陳情撤銷，裁處事由不存在。"), Some(RevisionKind::Withdrawal));
    assert_eq!(kind("資料鍵入錯誤，另行處分"), Some(RevisionKind::Withdrawal));
    let merged =
        revision("資料鍵入錯誤，改合併為一張(30-109-000001、30-109-000002)，故撤銷").unwrap();
    assert_eq!(merged.kind, RevisionKind::Replacement);
    assert_eq!(merged.successor.as_deref(), Some("30-109-000002"));
    assert!(merged.reason.starts_with("資料鍵入錯誤"));
    let unclear = tw("另案處理");
    assert!(unclear.unclear && unclear.revision.is_none());
}

#[test]
fn permits_under_one_number_get_ordinals_that_stay() {
    let text = "permit_number,facility,town,state,issued,stage,watershed\n\
        CT1,A Co.,X,ct,08/06/2019 (Effective Date: 09/01/2019),final,R\n\
        CT1,A Co. (Modification),X,ct,08/06/2019,final,\n\
        CT1,A Co.,X,ct,,draft,\n";
    let rows = mapped("us-npdes", text);
    let day = |at: usize, name| rows[at].form.value(name);
    assert_eq!((day(0, "decision_date"), day(0, "valid_from")), ("2019-08-06", "2019-09-01"));
    assert_eq!((day(1, "decision_date"), day(1, "valid_from")), ("2019-08-06", ""));
    assert_eq!((day(2, "decision_date"), day(2, "state")), ("", ""));
    let ordinals: Vec<_> = rows.iter().map(|row| row.form.value("ordinal").to_owned()).collect();
    assert!(ordinals[0] != ordinals[1] && ordinals[1] != ordinals[2] && ordinals[0] != ordinals[2]);
    assert_eq!(
        ordinals,
        mapped("us-npdes", text).iter().map(|row| row.form.value("ordinal")).collect::<Vec<_>>()
    );
    assert_eq!(day(0, "authority_name"), "Connecticut DEEP");
}

#[test]
fn columns_that_nobody_takes_are_told() {
    let table = Table::from_bytes("XK_WSH,经办心情\n1,好\n".as_bytes().to_vec()).unwrap();
    let binding = Mapping::builtin("permit-v2.1").unwrap().bind(table.columns());
    assert_eq!(binding.unused(), ["经办心情"]);
    assert!(binding.missing().iter().any(|name| name == "party_name") && !binding.is_foreign());
}

#[test]
fn a_proposal_reads_and_marks_what_is_unsure() {
    let suggest = |header: &str| {
        let table = Table::from_bytes(format!("{header}\n1,2,3,4\n").into_bytes()).unwrap();
        Suggestion::of(table.columns()).unwrap()
    };
    let proposal = suggest("处罚决定书文号,违法事实,处罚机关,\"神秘\"\"列\"");
    let mapping = proposal.mapping().unwrap();
    assert_eq!((&mapping.kind, proposal.builtin.as_deref()), (&Kind::Penalty, None));
    assert!(
        proposal.toml.contains("facts = \"违法事实\"")
            && proposal.toml.contains("no field: \"神秘\\\"列\"")
    );
    assert!(
        proposal.toml.contains("# 不确定 unsure: document_number = \"处罚决定书文号\""),
        "{}",
        proposal.toml
    );
    assert_eq!(
        suggest("XK_XDR_MC,XK_XDR_LB,XK_WSH,XK_JDRQ").builtin.as_deref(),
        Some("permit-v2.1")
    );
    assert_eq!(suggest("permit_number,facility,issued,stage").builtin.as_deref(), Some("us-npdes"));
}
