//! What systems may name in a submission: sharing classes and audiences. Cedar decides finer, later.

use record::{AudienceNumber, Class, HallId, Label, SharingClass};
use wire::status::Failure;

/// What `hallway.toml` allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Sharing classes.
    pub classes: Vec<SharingClass>,
    /// Audience numbers besides 0.
    pub audiences: Vec<u32>,
}

impl Bounds {
    /// Judges a label: within the bounds, and the audience one that this hall's acts define.
    pub(crate) fn judge(
        &self,
        label: Label,
        hall: &HallId,
        acts: &policy::Acts,
    ) -> Result<(), Failure> {
        let Label { class, audience } = label;
        if !self.classes.contains(&class) {
            let word = class.as_str();
            return Err(Failure::new(
                Class::Denied,
                "sharing-class-not-allowed",
                format!("sharing class {word} is not among [submission] classes of this hall"),
            )
            .in_chinese(format!(
                "本厅不接受共享类别 {word}，见 hallway.toml 的 [submission] classes"
            ))
            .with("sharing_class", word));
        }
        if audience == AudienceNumber(0) {
            return Ok(());
        }
        let number = audience.0;
        if !self.audiences.contains(&number) {
            return Err(Failure::new(
                Class::Denied,
                "audience-not-allowed",
                format!("audience {number} is not among [submission] audiences of this hall"),
            )
            .in_chinese(format!(
                "本厅不接受受众 {number}，见 hallway.toml 的 [submission] audiences"
            ))
            .with("audience", number.to_string()));
        }
        if acts.audience(hall, audience).is_none() {
            return Err(Failure::new(
                Class::Precondition,
                "audience-undefined",
                format!(
                    "audience {number} is not defined yet; `hallway directory audience` defines it"
                ),
            )
            .in_chinese(format!("受众 {number} 尚未定义，请先执行 hallway directory audience"))
            .with("audience", number.to_string()));
        }
        Ok(())
    }
}
