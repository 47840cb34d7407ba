//! Importing: each row in one place, nothing doubled, what waits decided once.

use record::{Form, Generator, Masking, Profile};
use tokio::sync::mpsc;
use wire::status::Failure;

use super::*;

const IMPORTER: &str = "system/220000/importer";

fn settings(revise_known: bool) -> ImportSettings {
    ImportSettings {
        source: "permits.csv".to_owned(),
        mapping: "permit-v2.1".to_owned(),
        profile: Profile::Cn21,
        revise_known,
    }
}

/// A valid permit with some cells changed.
fn row(number: u64, changes: &[(&str, &str)]) -> v1::ImportRow {
    row_of(&Kind::Permit, number, changes)
}

fn row_of(kind: &Kind, number: u64, changes: &[(&str, &str)]) -> v1::ImportRow {
    let draft = Generator::new(kind, 9).unwrap().draft(number);
    let label = record::Label { class: SharingClass::Open, ..draft.label };
    let label = record::Label { audience: AudienceNumber(0), ..label };
    let mut form = Form::of(&draft.head, &draft.body, label, Masking::Full);
    form.set("message_id", "").unwrap();
    for (name, text) in changes {
        form.set(name, *text).unwrap();
    }
    let cell = |(field, text): (&'static record::Field, &str)| v1::FormCell {
        name: field.name.to_owned(),
        text: text.to_owned(),
    };
    let cells = form.iter().map(cell).collect();
    let form = v1::Form { kind: kind.to_string(), edition: String::new(), cells };
    v1::ImportRow {
        line: number + 2,
        form: Some(form),
        revision: None,
        findings: Vec::new(),
        mends: String::new(),
    }
}

async fn import(
    house: &House,
    revise_known: bool,
    rows: Vec<v1::ImportRow>,
) -> Vec<(v1::ImportOutcome, v1::ImportResult)> {
    import_all(house, revise_known, vec![rows]).await
}

/// Messages as they would come over one stream, all at once.
async fn import_all(
    house: &House,
    revise_known: bool,
    messages: Vec<Vec<v1::ImportRow>>,
) -> Vec<(v1::ImportOutcome, v1::ImportResult)> {
    let (rows_in, rows) = mpsc::channel(IMPORT_UNDER_WAY);
    let (answers_in, mut answers) = mpsc::channel(IMPORT_UNDER_WAY);
    let sent = async move {
        for message in messages {
            rows_in.send(message).await.unwrap();
        }
    };
    let settings = settings(revise_known);
    let heard = async {
        let mut all = Vec::new();
        while let Some(answer) = answers.recv().await {
            let answer: Result<v1::ImportResponse, Failure> = answer;
            all.extend(answer.unwrap().results);
        }
        all
    };
    let imported = async move {
        house.intake.import(IMPORTER, &settings, rows, &answers_in).await.unwrap();
    };
    let (heard, (), ()) = tokio::join!(heard, sent, imported);
    heard.into_iter().map(|result| (result.outcome(), result)).collect()
}

fn outcomes(results: &[(v1::ImportOutcome, v1::ImportResult)]) -> Vec<v1::ImportOutcome> {
    results.iter().map(|(outcome, _)| *outcome).collect()
}

use v1::ImportOutcome::{Imported, Quarantined, Revised, Unchanged};

#[tokio::test]
async fn each_row_is_in_one_place_and_a_second_import_changes_nothing() {
    let house = house();
    let noted = v1::ImportRow {
        revision: Some(v1::FormRevision {
            kind: v1::RevisionKind::Withdrawal.into(),
            reason: "资料键入错误".to_owned(),
            ..v1::FormRevision::default()
        }),
        ..row(1, &[])
    };
    let rows = vec![row(0, &[]), noted, row(2, &[("decision_date", "")]), row(0, &[])];
    let first = import(&house, false, rows.clone()).await;
    assert_eq!(outcomes(&first), [Imported, Revised, Quarantined, Unchanged]);
    assert_eq!(first[1].1.revision, 2);
    assert_eq!(first[2].1.violations[0].code, "decision-date-missing");
    let second = import(&house, false, rows).await;
    assert_eq!(outcomes(&second), [Unchanged, Unchanged, Quarantined, Unchanged]);
    assert_eq!(first[2].1.record_id, second[2].1.record_id, "one item, however often it comes");
    assert_eq!(size(&house), 3);
}

#[tokio::test]
async fn new_content_under_a_known_key_waits_or_corrects() {
    let house = house();
    import(&house, false, vec![row(0, &[])]).await;
    let changed = || vec![row(0, &[("content", "许可内容有更正")])];
    let waits = import(&house, false, changed()).await;
    assert_eq!(outcomes(&waits), [Quarantined]);
    assert_eq!(waits[0].1.violations[0].code, "natural-key-taken");
    let corrects = import(&house, true, changed()).await;
    assert_eq!(outcomes(&corrects), [Revised]);
    assert_eq!(corrects[0].1.revision, 2);
    assert!(corrects[0].1.violations.is_empty());
    assert_eq!(outcomes(&import(&house, true, changed()).await), [Unchanged]);
}

/// Lists of items say a division's code and no day: it is that of the day of the fact.
#[tokio::test]
async fn a_division_without_a_day_is_of_the_day_of_the_fact() {
    let house = house();
    let blank = [("division_on", ""), ("division_system", "")];
    let rows = vec![row_of(&Kind::Item, 0, &blank), row_of(&Kind::Permit, 1, &blank)];
    assert_eq!(outcomes(&import(&house, false, rows).await), [Imported, Imported]);
    let wrong = [("division_on", "某日")];
    let rows = vec![row_of(&Kind::Item, 2, &wrong)];
    assert_eq!(outcomes(&import(&house, false, rows).await), [Quarantined]);
}

#[tokio::test]
async fn an_item_is_decided_once_with_a_reason() {
    let house = house();
    let waiting = import(&house, false, vec![row(3, &[("decision_date", "")])]).await;
    let item = waiting[0].1.record_id.clone();
    let listed = house.intake.quarantined(v1::ListQuarantineRequest::default()).await.unwrap();
    assert_eq!((listed.open, listed.entries[0].item.as_str()), (1, item.as_str()));
    assert_eq!(listed.entries[0].codes, ["decision-date-missing"]);
    let ask = |reason: &str, text: &str| v1::DecideQuarantineRequest {
        item: item.clone(),
        verdict: v1::QuarantineVerdict::Corrected.into(),
        reason: reason.to_owned(),
        cells: vec![v1::FormCell { name: "decision_date".to_owned(), text: text.to_owned() }],
    };
    let refused = async |request| house.intake.decide("operator/anna", request).await.unwrap_err();
    assert_eq!(refused(ask(" ", "2026-03-02")).await.reason(), "reason-required");
    assert_eq!(refused(ask("补录", "2126-03-02")).await.reason(), "still-wrong");
    let decided = house.intake.decide("operator/anna", ask("补录", "2026-03-02")).await.unwrap();
    assert_eq!(decided.result.unwrap().outcome(), Imported);
    assert_eq!(refused(ask("再次", "2026-03-03")).await.reason(), "item-decided");
    let listed = house.intake.quarantined(v1::ListQuarantineRequest::default()).await.unwrap();
    assert_eq!(listed.open, 0);
    let shown = house.intake.quarantined_item(&item).await.unwrap();
    assert_eq!(shown.decision.unwrap().reason, "补录");
    assert_eq!(shown.item.unwrap().row.unwrap().line, 5);
    assert_eq!(size(&house), 1);
}

async fn open_items(house: &House) -> u64 {
    house.intake.quarantined(v1::ListQuarantineRequest::default()).await.unwrap().open
}

/// The row of a report: mended, under the line and the item it had.
fn mended(number: u64, item: &str, changes: &[(&str, &str)]) -> v1::ImportRow {
    v1::ImportRow { mends: item.to_owned(), ..row(number, changes) }
}

#[tokio::test]
async fn a_mended_row_decides_the_item_it_came_from() {
    let house = house();
    let bad = || vec![row(3, &[("decision_date", "")])];
    let item = import(&house, false, bad()).await[0].1.record_id.clone();

    // A row of another line, and the same row again, decide nothing.
    let other = import(&house, false, vec![mended(4, &item, &[])]).await;
    assert_eq!(outcomes(&other), [Imported]);
    let same = v1::ImportRow { mends: item.clone(), ..bad().remove(0) };
    assert_eq!(outcomes(&import(&house, false, vec![same]).await), [Quarantined]);
    assert_eq!(open_items(&house).await, 1);

    // Mended wrongly, another item takes its place; mended rightly, none waits.
    let still = [("decision_date", "2126-03-02")];
    let still = import(&house, false, vec![mended(3, &item, &still)]).await;
    let next = still[0].1.record_id.clone();
    assert_eq!((outcomes(&still), next == item), (vec![Quarantined], false));
    assert_eq!(open_items(&house).await, 1);
    let shown = house.intake.quarantined_item(&item).await.unwrap().decision.unwrap();
    assert!(shown.verdict() == v1::QuarantineVerdict::Dropped && shown.reason.contains(&next));

    let right = || vec![mended(3, &next, &[("decision_date", "2026-03-02")])];
    let entered = import(&house, false, right()).await;
    assert_eq!(outcomes(&entered), [Imported]);
    assert_eq!(open_items(&house).await, 0);
    let shown = house.intake.quarantined_item(&next).await.unwrap();
    let decision = shown.decision.unwrap();
    assert_eq!(decision.verdict(), v1::QuarantineVerdict::Corrected);
    assert_eq!(
        (decision.operator.as_str(), &decision.record_id),
        (IMPORTER, &entered[0].1.record_id)
    );
    assert!(decision.reason.contains("row 5") && decision.reason.contains("原第 5 行"));
    assert_eq!(outcomes(&import(&house, false, right()).await), [Unchanged]);
    assert_eq!(size(&house), 2);
}

#[tokio::test]
async fn a_row_whose_item_was_let_in_is_unchanged_and_a_dropped_one_stays_out() {
    let house = house();
    let rows = || vec![row(3, &[("decision_date", "")]), row(4, &[("decision_date", "")])];
    let waiting = import(&house, false, rows()).await;
    let decide = async |place: usize, verdict: v1::QuarantineVerdict, text: &str| {
        let cells = vec![v1::FormCell { name: "decision_date".to_owned(), text: text.to_owned() }];
        let request = v1::DecideQuarantineRequest {
            item: waiting[place].1.record_id.clone(),
            verdict: verdict.into(),
            reason: "补录".to_owned(),
            cells: if text.is_empty() { Vec::new() } else { cells },
        };
        house.intake.decide("operator/anna", request).await.unwrap()
    };
    let made = decide(0, v1::QuarantineVerdict::Corrected, "2026-03-02").await.result.unwrap();
    decide(1, v1::QuarantineVerdict::Dropped, "").await;
    let again = import(&house, false, rows()).await;
    assert_eq!(outcomes(&again), [Unchanged, Quarantined]);
    assert_eq!((&again[0].1.record_id, again[0].1.revision), (&made.record_id, 1));
    assert!(again[0].1.violations.is_empty());
    assert_eq!((open_items(&house).await, size(&house)), (0, 1));
}

#[tokio::test]
async fn messages_overlap_and_rows_keep_their_order() {
    let house = house();
    let rows: Vec<_> = (0..120).map(|number| row(number, &[])).collect();
    let messages = rows.chunks(5).map(<[_]>::to_vec).collect();
    let results = import_all(&house, false, messages).await;
    assert_eq!(results.len(), rows.len());
    let ledger = house.intake.reader.own_ledger(Lane::Records);
    for (index, (asked, (outcome, result))) in (0..).zip(rows.iter().zip(&results)) {
        assert_eq!((*outcome, result.line), (Imported, asked.line));
        let stored = house.intake.reader.entry(&ledger, index).unwrap().unwrap();
        let head = wire::head_from_bytes(stored.parts.part(0).unwrap()).unwrap();
        assert_eq!(head.stamp.unwrap().record.to_string(), result.record_id);
    }
    assert_eq!(size(&house), 120);
}

#[tokio::test]
async fn rows_about_one_record_revise_it_in_their_order_whichever_messages_they_share() {
    let address = |text| row(0, &[("authority_name", text)]);
    let rows = [row(0, &[]), address("甲局"), address("乙局"), address("甲局"), row(0, &[])];
    let told = [Imported, Revised, Revised, Unchanged, Unchanged];
    for size_of_messages in [1, 2, 5] {
        let house = house();
        let messages = rows.chunks(size_of_messages).map(<[_]>::to_vec).collect();
        let results = import_all(&house, true, messages).await;
        assert_eq!(outcomes(&results), told, "{size_of_messages} rows a message");
        let revisions: Vec<_> = results.iter().map(|(_, result)| result.revision).collect();
        assert_eq!(revisions, [1, 2, 3, 2, 1]);
        assert_eq!(size(&house), 3);
    }
}

#[tokio::test]
async fn who_takes_no_answers_holds_up_nobody_else() {
    let house = house();
    let (rows_in, rows) = mpsc::channel(IMPORT_UNDER_WAY);
    for number in 0..8 {
        rows_in.send(vec![row(number, &[])]).await.unwrap();
    }
    let (answers_in, answers) = mpsc::channel(IMPORT_UNDER_WAY);
    let answers: mpsc::Receiver<Result<v1::ImportResponse, Failure>> = answers;
    let settings = settings(false);
    let stuck = house.intake.import(IMPORTER, &settings, rows, &answers_in);
    let handed_over = async {
        while answers.len() < IMPORT_UNDER_WAY {
            tokio::task::yield_now().await;
        }
        rows_in.send(vec![row(8, &[])]).await.unwrap();
        drop(house.intake.handing.write().await);
    };
    tokio::select! {
        _ = stuck => unreachable!("its answers have no room"),
        () = handed_over => {}
    }
    assert_eq!(size(&house), 8);
}

#[tokio::test]
async fn a_hall_that_cannot_go_on_says_so_before_more_rows_come() {
    let house = house();
    let (rows_in, rows) = mpsc::channel(IMPORT_UNDER_WAY);
    rows_in.send(vec![row(0, &[])]).await.unwrap();
    let (answers_in, answers) = mpsc::channel(IMPORT_UNDER_WAY);
    let _answers: mpsc::Receiver<Result<v1::ImportResponse, Failure>> = answers;
    house.intake.appender.close();
    let settings = settings(false);
    let failed = house.intake.import(IMPORTER, &settings, rows, &answers_in).await.unwrap_err();
    assert_eq!(failed.reason(), "writer-stopped");
    assert!(rows_in.is_closed());
}

/// Cells that make a row a revision by itself, as a full export has them.
fn revising<'a>(record: &'a str, revision: &'a str, kind: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("revises_record_id", record),
        ("revises_revision", revision),
        ("revision_kind", kind),
        ("revision_reason", "笔误"),
    ]
}

#[tokio::test]
async fn revisions_of_one_file_stand_on_each_other() {
    let house = house();
    let first = import(&house, false, vec![row(0, &[])]).await;
    let record = first[0].1.record_id.as_str();
    let next = |revision| vec![row(0, &revising(record, revision, "correction"))];
    let results = import_all(&house, false, vec![next("1"), next("2"), next("2")]).await;
    assert_eq!(outcomes(&results), [Revised, Revised, Unchanged]);
    let ledger = house.intake.reader.own_ledger(Lane::Records);
    for index in [1, 2] {
        let before = house.intake.reader.leaf(&ledger, index - 1).unwrap().unwrap().commitment;
        let stored = house.intake.reader.entry(&ledger, index).unwrap().unwrap();
        let head = wire::head_from_bytes(stored.parts.part(0).unwrap()).unwrap();
        assert_eq!(head.stamp.unwrap().previous_commitment, Some(before), "entry {index}");
    }
    let stale = import(&house, false, vec![row(0, &revising(record, "1", "withdrawal"))]).await;
    assert_eq!(outcomes(&stale), [Quarantined]);
    assert_eq!(stale[0].1.violations[0].code, "revision-stale");
}

#[tokio::test]
async fn a_revision_of_elsewhere_enters_once_and_what_ends_something_waits() {
    let house = house();
    let elsewhere = "01kzzzzzzzzzzzzzzzzzzzzzzz";
    let corrected = || vec![row(0, &revising(elsewhere, "1", "correction"))];
    let first = import(&house, false, corrected()).await;
    assert_eq!(outcomes(&first), [Imported]);
    assert_eq!((first[0].1.revision, first[0].1.violations.len()), (1, 1));
    assert_eq!(first[0].1.violations[0].code, "revision-of-elsewhere");
    let again = import(&house, false, corrected()).await;
    assert_eq!(outcomes(&again), [Unchanged]);
    assert_eq!(first[0].1.record_id, again[0].1.record_id);
    for kind in ["withdrawal", "expiry"] {
        let ends = import(&house, false, vec![row(1, &revising(elsewhere, "1", kind))]).await;
        assert_eq!(outcomes(&ends), [Quarantined], "{kind}");
    }
    assert_eq!(size(&house), 1);
}
