//! Trust rises by name only; a renewal names what it renews; watermarks follow from the record.

use super::*;

fn today() -> Date {
    Date::new(2026, 1, 1).unwrap()
}

fn material() -> Material {
    Material {
        title: "营业执照".into(),
        sha256: vec![7; 32],
        size: 9,
        media_type: "application/pdf".into(),
        trust_level: "A".into(),
        issuer_name: "农安县市场监督管理局".into(),
        issuer_code: "112200000135123474".into(),
        ..Material::default()
    }
}

fn wrong(change: impl FnOnce(&mut Material)) -> Vec<(&'static str, String)> {
    let mut material = material();
    change(&mut material);
    material
        .validate(today(), Profile::default())
        .into_iter()
        .map(|one| (one.code, one.field))
        .collect()
}

#[test]
fn single_slips_are_named() {
    type Change = fn(&mut Material);
    let table: [(Change, &str, &str); 12] = [
        (|m| m.sha256 = vec![7; 31], "digest", "open.material.sha256"),
        (|m| m.size = 0, "required", "open.material.size"),
        (|m| m.trust_level = "E".into(), "not-in-list", "open.material.trust_level"),
        (|m| m.issuer_name.clear(), "material-issuer-missing", "open.material.issuer_name"),
        (
            |m| m.trust_level = "B".into(),
            "material-checker-missing",
            "closed.material.checker_name",
        ),
        (|m| m.watermark = "仅供参考".into(), "watermark", "open.material.watermark"),
        (
            |m| m.certificate_operation = "02".into(),
            "previous-certificate-missing",
            "closed.material.previous_certificate_id",
        ),
        (
            |m| {
                m.certificate_operation = "03".into();
                m.certificate_state = "01".into();
            },
            "certificate-state",
            "open.material.certificate_state",
        ),
        (|m| m.valid_until = "2099".into(), "date-form", "open.material.valid_until"),
        (
            |m| {
                m.valid_from = "2025-02-01".into();
                m.valid_until = "2025-01-31".into();
            },
            "date-order",
            "open.material.valid_until",
        ),
        (
            |m| m.certificate_id = "1.2.156.3005.2.1".into(),
            "certificate-id",
            "closed.material.certificate_id",
        ),
        (|m| m.checked_at = "昨天".into(), "time", "closed.material.checked_at"),
    ];
    for (change, code, field) in table {
        assert_eq!(wrong(change), [(code, field.to_owned())], "{code} {field}");
    }
    assert_eq!(wrong(|_| {}), []);
}

#[test]
fn watermarks_follow_from_the_level() {
    let text = "此件由农安县市场监督管理局提供，仅供办理政务服务事项时使用，有效期至2030-12-31";
    let dated = Material { valid_until: "2030-12-31".into(), ..material() };
    assert_eq!(dated.watermark_text().as_deref(), Some(text));
    assert_eq!(
        wrong(|m| {
            m.valid_until = "2030-12-31".into();
            m.watermark = text.into();
        }),
        []
    );
    let of = |level: &str| Material { trust_level: level.into(), ..material() }.watermark_text();
    assert!(of("B").unwrap().starts_with("此件经与原件核对无误，仅供办理"));
    assert_eq!((of("C"), of("D")), (None, None));
}

#[test]
fn a_level_rises_by_a_new_check_only() {
    let at = |level: &str, checker: &str, checked_at: &str| Material {
        trust_level: level.into(),
        checker_name: checker.into(),
        checked_at: checked_at.into(),
        ..material()
    };
    let found = |before: &Material, after: &Material| {
        rise(before, after, today()).into_iter().map(|one| one.code).collect::<Vec<_>>()
    };
    let (first, second) = ("2025-03-03T09:00:00+08:00", "2025-03-04T09:00:00+08:00");
    assert_eq!(found(&at("C", "", ""), &at("B", "王核", first)), [""; 0]);
    assert_eq!(found(&at("C", "", ""), &at("B", "", "")), ["material-checker-missing"]);
    assert_eq!(found(&at("C", "", ""), &at("B", "王核", "")), ["material-checker-missing"]);
    assert_eq!(
        found(&at("B", "王核", first), &at("A", "王核", first)),
        ["material-checker-missing"]
    );
    assert_eq!(found(&at("B", "王核", first), &at("A", "李核", second)), [""; 0]);
    assert_eq!(found(&at("A", "", ""), &at("C", "", "")), [""; 0], "falling needs nobody");
}
