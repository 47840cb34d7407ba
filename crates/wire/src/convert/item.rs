//! Items and power lists, read and written; they have no closed part.

use record::{Item, PowerList};

use super::paired::paired;
use crate::v1;

pub(super) fn item(open: v1::ItemOpen) -> Item {
    let mut item = Item::default();
    read_item(open, &mut item);
    item
}

pub(super) fn power_list(open: v1::PowerListOpen) -> PowerList {
    let mut list = PowerList::default();
    read_power_list(open, &mut list);
    list
}

pub(super) fn item_open(item: &Item) -> v1::ItemOpen {
    write_item(item)
}

pub(super) fn power_list_open(list: &PowerList) -> v1::PowerListOpen {
    write_power_list(list)
}

paired!(
    read_item, write_item, ItemOpen, Item:
    implementation_code, base_code, handling_code, item_name, main_item_name, item_type, level,
    body_nature, service_objects, channels, case_kind, legal_days, promise_days, legal_basis,
    conditions, materials, procedure, result_name, charged, fee_standard, fee_basis, phone,
    supervision_phone, department_name, department_code, division, place, office_hours, version,
    valid_from, valid_until
);
paired!(
    read_power_list, write_power_list, PowerListOpen, PowerList:
    title, edition_date, item_codes, legal_basis
);
