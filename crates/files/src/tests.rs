//! The round: export, import, report, mended report.

use record::{Edition, Form, Generator, Kind, Masking};

use crate::export::{Header, Layout};
use crate::{Columns, Finding, Mapping, Report, Row, Shape, Writer, open};

/// Generated records as forms.
fn forms(kind: &Kind, masking: Masking) -> Vec<Form> {
    let generator = Generator::new(kind, 7).unwrap();
    let drafts = (0..40).map(|number| generator.draft(number));
    drafts.map(|draft| Form::of(&draft.head, &draft.body, draft.label, masking)).collect()
}

fn write(place: &std::path::Path, layout: &Layout, forms: &[Form]) {
    let shape = Shape { masked: layout.is_masked(), ..Shape::of_path(place).unwrap() };
    let mut writer = Writer::create(place, shape, &layout.columns()).unwrap();
    for form in forms {
        writer.row(&layout.cells(form)).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn what_a_hall_exports_whole_it_imports_as_it_was() {
    let place = tempfile::tempdir().unwrap();
    for (kind, mapping) in [
        (Kind::Permit, "permit-v2.1"),
        (Kind::Penalty, "penalty-v2.1"),
        (Kind::Case, "case"),
        (Kind::Material, "material"),
        (Kind::Item, "item"),
        (Kind::PowerList, "power-list"),
    ] {
        let forms = forms(&kind, Masking::Full);
        for name in ["a.csv", "b.xlsx", "c.jsonl"] {
            let path = place.path().join(name);
            write(&path, &Layout::whole(&kind, Masking::Full), &forms);
            let mut table = open(&path).unwrap();
            let binding = Mapping::builtin(mapping).unwrap().bind(table.columns());
            assert_eq!(binding.unused(), [""; 0]);
            let rows = table.rows().unwrap().map(|row| binding.apply(&row.unwrap()).form);
            assert_eq!(rows.collect::<Vec<_>>(), forms, "{kind} {name}");
        }
    }
}

#[test]
fn a_template_has_the_standards_columns_and_is_read_again() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("permits.xlsx");
    for (header, first) in [(Header::Chinese, "行政相对人名称"), (Header::Code, "XK_XDR_MC")]
    {
        let layout = Layout::template(&Kind::Permit, Edition::V21, false, header, Masking::Full);
        let columns = layout.columns();
        assert_eq!((columns[0].as_str(), columns.len() >= 25), (first, true), "{columns:?}");
        let forms = forms(&Kind::Permit, Masking::Full);
        write(&path, &layout, &forms);
        let mut table = open(&path).unwrap();
        let binding = Mapping::builtin("permit-v2.1").unwrap().bind(table.columns());
        let rows: Vec<Row> = table.rows().unwrap().map(Result::unwrap).collect();
        for (row, form) in rows.iter().zip(&forms) {
            let read = binding.apply(row).form.read(Edition::V21).draft.body;
            let number = form.value("document_number");
            assert_eq!(read.key().map(|(number, _)| number), Some(number));
        }
        assert!(rows[0].cell("XK_JDRQ").or(rows[0].cell("许可决定日期")).unwrap().contains('/'));
    }
}

#[test]
fn a_template_for_persons_has_their_columns_and_no_credit_code() {
    let of = |natural| {
        let header = Header::Code;
        Layout::template(&Kind::Penalty, Edition::V2, natural, header, Masking::Full).columns()
    };
    let has = |columns: &[String], name: &str| columns.iter().any(|column| column == name);
    let (person, legal) = (of(true), of(false));
    assert!(has(&person, "CF_XDR_MC") && has(&person, "CF_XDR_ZJHM"));
    assert!(!has(&person, "CF_XDR_SHXYM") && has(&legal, "CF_XDR_SHXYM"));
    assert!(!has(&legal, "CF_XDR_ZJHM") && !has(&legal, "CF_XDR_LB"));
}

#[test]
fn the_complete_layout_has_the_standards_columns_first_and_comes_back_as_it_was() {
    let place = tempfile::tempdir().unwrap();
    for (kind, mapping, first) in [
        (Kind::Permit, "permit-v2.1", "行政相对人名称"),
        (Kind::Penalty, "penalty-v2.1", "行政相对人名称"),
        (Kind::Case, "case", ""),
        (Kind::Material, "material", ""),
        (Kind::Item, "item", ""),
        (Kind::PowerList, "power-list", ""),
    ] {
        let forms = forms(&kind, Masking::Full);
        let layout = Layout::complete(&kind, Masking::Full);
        assert!(first.is_empty() || layout.columns()[0] == first, "{:?}", layout.columns());
        for name in ["a.csv", "b.xlsx", "c.jsonl"] {
            let path = place.path().join(name);
            write(&path, &layout, &forms);
            let mut table = open(&path).unwrap();
            let binding = Mapping::builtin(mapping).unwrap().bind(table.columns());
            assert_eq!(binding.unused(), [""; 0]);
            let rows = table.rows().unwrap().map(|row| binding.apply(&row.unwrap()).form);
            assert_eq!(rows.collect::<Vec<_>>(), forms, "{kind} {name}");
        }
    }
}

#[test]
fn templates_are_laid_out_and_other_tables_are_not() {
    let layout = |name| Layout::of_mapping(Mapping::builtin(name).unwrap(), Masking::Full);
    let columns = |name| layout(name).unwrap().columns();
    let (person, legal) = (columns("penalty-person-v2"), columns("penalty-v2"));
    let code = "统一社会信用代码".to_owned();
    assert!(legal.contains(&code) && !person.contains(&code), "{person:?}");
    assert!(layout("tw-moenv").is_none() && layout("cn-items").is_none());
}

#[test]
fn a_masked_export_says_so_and_holds_no_person() {
    let place = tempfile::tempdir().unwrap();
    for name in ["a.csv", "b.xlsx", "c.jsonl"] {
        let path = place.path().join(name);
        let layout = Layout::whole(&Kind::Penalty, Masking::Public);
        write(&path, &layout, &forms(&Kind::Penalty, Masking::Public));
        let mut table = open(&path).unwrap();
        assert!(table.is_masked && !table.is_report, "{name}");
        let withheld = |row: Row| row.cell("legal_representative_id").is_none_or(str::is_empty);
        assert!(table.rows().unwrap().map(Result::unwrap).all(withheld));
    }
}

#[test]
fn a_report_comes_back_with_its_original_cells_alone() {
    let place = tempfile::tempdir().unwrap();
    let finding = Finding {
        code: "document-number-missing".to_owned(),
        field: "open.document_number".to_owned(),
        message_zh: "缺文书号".to_owned(),
        message_en: "no document number".to_owned(),
        remedy_zh: "补填".to_owned(),
        remedy_en: "fill it in".to_owned(),
    };
    for name in ["report.xlsx", "report.jsonl"] {
        let path = place.path().join(name);
        let mut table =
            crate::Table::from_bytes("名称,文书号\n甲,1\n\"乙\n丙\",\n".as_bytes()).unwrap();
        let columns = std::sync::Arc::clone(table.columns());
        let mut report = Report::create(&path, Shape::of_path(&path).unwrap(), &columns).unwrap();
        let failed: Vec<Row> = table.rows().unwrap().map(Result::unwrap).skip(1).collect();
        report.row(&failed[0], "an-item", &[finding.clone(), finding.clone()]).unwrap();
        assert_eq!(report.rows(), 1);
        report.finish().unwrap();

        let mut back = open(&path).unwrap();
        assert!(back.is_report && !back.is_masked, "{name}");
        assert_eq!(**back.columns(), Columns::new(vec!["名称".to_owned(), "文书号".to_owned()]));
        let rows: Vec<Row> = back.rows().unwrap().map(Result::unwrap).collect();
        assert_eq!((rows.len(), rows[0].origin), (1, Some(3)));
        assert_eq!(rows[0].item.as_deref(), Some("an-item"));
        assert_eq!(rows[0].cells, ["乙\n丙", ""]);
        assert_eq!(rows[0].digest(), failed[0].digest());
    }
}

#[test]
fn an_unfinished_file_leaves_no_trace() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a.csv");
    let shape = Shape::of_path(&path).unwrap();
    let mut writer = Writer::create(&path, shape, &["a".to_owned()]).unwrap();
    writer.row(&["b"]).unwrap();
    drop(writer);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn a_written_file_is_as_readable_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    let (ours, plain) = (place.path().join("permits.csv"), place.path().join("plain"));
    write(&ours, &Layout::whole(&Kind::Permit, Masking::Full), &[]);
    std::fs::write(&plain, "").unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&ours), mode(&plain));
}
