//! Who a hall is when nobody says: the directory's name if it is a legal hall id, otherwise a seat of
//! Jilin that nobody in the family has.

use std::path::Path;

use record::{HallId, TrustDomain, jilin};

use super::{BirthError, Kin};

/// An id for the hall in `directory`.
pub(super) fn choose(
    directory: &Path,
    parent: Option<&HallId>,
    kin: Option<&Kin>,
) -> Result<HallId, BirthError> {
    let name = directory.file_name().and_then(|name| name.to_str());
    if let Some(id) = name.and_then(|name| name.parse().ok()) {
        return Ok(id);
    }
    let free = |seat: &&jilin::HallSeat| kin.is_none_or(|kin| !kin.halls.contains_key(seat.hall));
    let below = parent.and_then(|parent| jilin::below(parent.as_str()).find(free));
    let seat = below.or_else(|| jilin::halls().iter().find(free));
    seat.and_then(|seat| seat.hall.parse().ok()).ok_or(BirthError::NoIdLeft)
}

/// What people call the hall with this id.
pub(super) fn name_of(id: &HallId) -> String {
    jilin::hall(id.as_str()).map_or_else(|| id.to_string(), |seat| format!("{}政务大厅", seat.name))
}

/// The division codes of a hall: its id, where that is one.
pub(super) fn divisions_of(id: &HallId) -> Vec<String> {
    let seat = jilin::hall(id.as_str()).filter(|seat| seat.has_code());
    seat.map(|seat| seat.hall.to_owned()).into_iter().collect()
}

/// The trust domain of a root hall that names none.
pub(super) fn default_domain() -> TrustDomain {
    "jilin.example".parse().expect("a constant of legal characters")
}
