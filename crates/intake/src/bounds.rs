//! What systems may name in a submission: sharing classes, audiences and profiles; in an import, profiles. Cedar decides finer, later.

use record::{AudienceNumber, Class, HallId, Label, Profile, SharingClass};
use wire::status::{Advice, Failure};

/// What `hallway.toml` allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Sharing classes.
    pub classes: Vec<SharingClass>,
    /// Audience numbers besides 0.
    pub audiences: Vec<u32>,
    /// Profiles (校验方案) by which records may be judged.
    pub profiles: Vec<Profile>,
}

impl Bounds {
    /// Judges the profile that a submission or an import names; naming none is naming the strict one.
    pub(crate) fn admit(&self, profile: Profile) -> Result<(), Failure> {
        if self.profiles.contains(&profile) {
            return Ok(());
        }
        let words: Vec<_> = self.profiles.iter().map(|one| one.as_str()).collect();
        let (word, allowed) = (profile.as_str(), words.join(", "));
        Err(Failure::new(
            Class::Denied,
            "profile-not-allowed",
            format!(
                "profile {word} is not among [submission] profiles of this hall, which are: {allowed}"
            ),
        )
        .in_chinese(format!(
            "本厅不接受校验方案 {word}，见 hallway.toml 的 [submission] profiles（现为 {allowed}）"
        ))
        .with("profile", word)
        .with("allowed", allowed)
        .advised(PROFILE))
    }

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

const PROFILE: Advice = Advice {
    field: "profile",
    rule: "hallway.toml [submission] profiles",
    remedy: [
        "请改用本厅接受的校验方案，或由运维人员在 hallway.toml 的 [submission] profiles 中加入后重启",
        "name a profile that this hall takes, or let its operator add it to [submission] profiles of hallway.toml and restart",
    ],
};
