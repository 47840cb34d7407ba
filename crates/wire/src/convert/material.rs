//! Materials, read from their open and closed part and written back.

use record::Material;

use super::paired::paired;
use crate::v1;

pub(super) fn material(open: v1::MaterialOpen, closed: v1::MaterialClosed) -> Material {
    let mut material = Material { sha256: open.sha256.to_vec(), ..Material::default() };
    read_open(open, &mut material);
    read_closed(closed, &mut material);
    material
}

pub(super) fn material_open(material: &Material) -> v1::MaterialOpen {
    v1::MaterialOpen { sha256: material.sha256.clone().into(), ..write_open(material) }
}

pub(super) fn material_closed(material: &Material) -> v1::MaterialClosed {
    write_closed(material)
}

paired!(
    read_open, write_open, MaterialOpen, Material:
    title, size, media_type, trust_level, issuer_name, issuer_code, issued_on, valid_from,
    valid_until, watermark, purpose, certificate_type, certificate_state, certificate_operation,
    share_type, material_number; ..
);
paired!(
    read_closed, write_closed, MaterialClosed, Material:
    holder_name, certificate_id, holder_id_type, holder_id, previous_certificate_id, checker_name,
    checked_at, remark
);
