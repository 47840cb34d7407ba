//! Out of a hall: while it is written to, by whose right, and in again.

use std::fs;
use std::path::{Path, PathBuf};

use files::export::Layout;
use files::{Mapping, Shape, Writer};
use record::{Form, Kind, Masking};
use suites::caller::Caller;
use suites::halls::{self, Grounds};
use suites::process::{Answer, Hall, hallway};

const MAPPING: &str = "permit-v2.1";
/// Rows of the file that is imported while exports run.
const MANY: usize = 6_000;
/// So many of them a second, or the import would be over too soon.
const A_SECOND: &str = "1000";

/// Invented permits as a table.
fn generated(grounds: &Grounds, rows: usize, seed: &str) -> PathBuf {
    let out = grounds.path().join(format!("permits-{seed}.csv"));
    let (rows, file) = (rows.to_string(), out.to_str().unwrap());
    let words = ["generate", "--kind", "permit", "--rows", &rows, "--seed", seed, "--out", file];
    hallway(&words).unwrap().ok();
    out
}

/// What a file says, row by row.
fn forms(file: &Path) -> Vec<Form> {
    let mut table = files::open(file).unwrap();
    let binding = Mapping::builtin(MAPPING).unwrap().bind(table.columns());
    table.rows().unwrap().map(|row| binding.apply(&row.unwrap()).form).collect()
}

fn written(file: &Path, forms: &[Form]) {
    let layout = Layout::whole(&Kind::Permit, Masking::Full);
    let shape = Shape::of_path(file).unwrap();
    let mut writer = Writer::create(file, shape, &layout.columns()).unwrap();
    for form in forms {
        writer.row(&layout.cells(form)).unwrap();
    }
    writer.finish().unwrap();
}

fn import(hall: &Path, file: &Path, more: &[&str]) -> Answer {
    let words = ["import", file.to_str().unwrap(), "--mapping", MAPPING];
    halls::ask(hall, &[&words, more].concat())
}

fn export(hall: &Path, file: &Path, masking: &str, role: &str) -> Answer {
    let file = file.to_str().unwrap();
    let words = ["export", "--kind", "permit", "--masking", masking, "--as", role, "--out", file];
    halls::ask(hall, &words)
}

#[test]
fn an_export_of_a_hall_at_work_is_the_file_up_to_a_row() {
    let grounds = Grounds::new();
    let hall = grounds.found("220100");
    halls::configure(&hall, "grpc", "records_per_second", A_SECOND);
    let serving = Hall::serve(&hall).unwrap();
    let file = generated(&grounds, MANY, "3");
    let all = forms(&file);
    let out = grounds.path().join("out.csv");
    let held = |before: usize| {
        let answer = export(&hall, &out, "full", "system").ok();
        let found = forms(&out);
        assert_eq!(answer.number("rows"), u64::try_from(found.len()).unwrap());
        assert!(found.len() >= before, "{} rows after {before}", found.len());
        assert_eq!(found, all[..found.len()], "as they stand in the file, none left out");
        found.len()
    };
    std::thread::scope(|scope| {
        let importing = scope.spawn(|| import(&hall, &file, &[]).ok());
        let (mut before, mut within) = (0, 0);
        while !importing.is_finished() {
            before = held(before);
            within += usize::from((1..MANY).contains(&before));
        }
        assert!(within > 0, "no export ran while the hall was written to");
        assert_eq!(importing.join().unwrap().number("imported"), 6_000);
        assert_eq!(held(before), MANY);
    });
    serving.down();
}

#[test]
fn each_caller_exports_what_it_may_and_a_masked_copy_never_comes_back() {
    let grounds = Grounds::new();
    let hall = grounds.found("220100");
    let _serving = Hall::serve(&hall).unwrap();
    let file = generated(&grounds, 60, "4");
    import(&hall, &file, &[]).ok();
    let place = |name| grounds.path().join(name);

    let (ours, theirs) = (place("system.csv"), place("department.csv"));
    let rows = export(&hall, &ours, "public", "system").ok().number("rows");
    assert!(0 < rows && rows < 60, "{rows} of 60 are open");
    assert_eq!(export(&hall, &theirs, "public", "department").ok().number("rows"), rows);
    let public = fs::read_to_string(&theirs).unwrap();
    // The same rows; a natural person's name, of which the public sees a surname, is not in the parts
    // that a department is given at all.
    for (full, shown) in forms(&ours).iter().zip(&forms(&theirs)) {
        for (field, text) in full.iter() {
            let same = shown.value(field.name) == text;
            assert!(same || field.name == "person_name", "{}", field.name);
        }
    }
    for form in forms(&file) {
        for field in ["legal_representative_id", "person_id", "person_name"] {
            let value = form.value(field);
            assert!(value.is_empty() || !public.contains(value), "{field} stands in the export");
        }
    }
    let back = import(&hall, &theirs, &[]);
    assert_eq!(back.code, Some(4), "{}", back.stderr);
    assert!(back.stderr.contains("masked"), "{}", back.stderr);

    for (masking, role, way_out) in [
        ("full", "department", "--masking public"),
        ("full", "operator", "--as system"),
        ("public", "operator", "--as system"),
    ] {
        let out = place("refused.csv");
        let refused = export(&hall, &out, masking, role);
        assert_eq!(refused.code, Some(4), "{role} {masking}");
        assert!(refused.stderr.contains("PERMISSION_DENIED"), "{}", refused.stderr);
        assert!(refused.stderr.contains(way_out), "{}", refused.stderr);
        assert!(!out.exists());
    }
}

/// Everything of a form but what it says of revisions.
fn fact(form: &Form) -> Form {
    let mut form = form.clone();
    let history = ["revises_record_id", "revises_revision", "revision_kind", "revision_reason"];
    for field in history {
        form.set(field, "").unwrap();
    }
    form
}

#[tokio::test]
async fn what_was_revised_comes_out_and_goes_in_again() {
    let grounds = Grounds::new();
    let (hall, other) = (grounds.found("220100"), grounds.found("220200"));
    let _serving = [Hall::serve(&hall).unwrap(), Hall::serve(&other).unwrap()];
    let file = generated(&grounds, 20, "5");
    import(&hall, &file, &[]).ok();
    let place = |name| grounds.path().join(name);

    // One is corrected by a file, one is withdrawn by a row that says so.
    let source = forms(&file);
    let mut corrected = source[2].clone();
    corrected.set("message_id", "").unwrap();
    corrected.set("authority_name", "更名后的审批局").unwrap();
    written(&place("corrected.csv"), &[corrected]);
    let answer = import(&hall, &place("corrected.csv"), &["--revise"]).ok();
    assert_eq!(answer.number("revised"), 1, "{}", answer.json);
    let mut withdrawn = source[3].clone();
    let seen = Caller::dial(&hall, "system").await.unwrap().seen().await.unwrap();
    let seen = seen.iter().find(|one| one.message_id == withdrawn.value("message_id")).unwrap();
    for (field, text) in [
        ("message_id", "withdrawn-by-file"),
        ("revises_record_id", &*seen.stamp.record_id),
        ("revises_revision", "1"),
        ("revision_kind", "withdrawal"),
        ("revision_reason", "申请人骗取许可"),
    ] {
        withdrawn.set(field, text).unwrap();
    }
    written(&place("withdrawn.csv"), &[withdrawn]);
    let answer = import(&hall, &place("withdrawn.csv"), &[]).ok();
    assert_eq!(answer.number("revised"), 1, "{}", answer.json);

    let (out, again) = (place("out.csv"), place("again.csv"));
    let exported = export(&hall, &out, "full", "system").ok();
    assert_eq!((exported.number("rows"), exported.number("withdrawn")), (19, 1));
    let same = import(&hall, &out, &[]).ok();
    assert_eq!(same.number("unchanged"), 19, "{}", same.json);
    for (round, key) in ["imported", "unchanged"].into_iter().enumerate() {
        let taken = import(&other, &out, &[]).ok();
        assert_eq!(taken.number(key), 19, "round {round}: {}", taken.json);
        assert_eq!(taken.json["violations"]["revision-of-elsewhere"], 1, "{}", taken.json);
    }
    export(&other, &again, "full", "system").ok();
    let facts = |file: &Path| forms(file).iter().map(fact).collect::<Vec<_>>();
    assert_eq!(facts(&again), facts(&out), "what is exported and imported is what it was");
}
