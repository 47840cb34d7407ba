//! The certificate profiles of `certs/profiles.toml`: validity and usages by kind of identity.
//!
//! Data, so that whoever runs the production authority reads the same file as the development one.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::identity::Identity;

/// One row of the profiles.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The SAN URI with its places in braces.
    pub uri: String,
    /// Validity of a new certificate in days.
    pub days: u32,
    /// Extended key usage serverAuth.
    pub server: bool,
    /// Extended key usage clientAuth.
    pub client: bool,
    /// Whether DNS names and IP addresses are allowed.
    pub names: bool,
}

impl Profile {
    /// The profile for an identity.
    pub fn of(identity: &Identity) -> &'static Self {
        match identity {
            Identity::Hall { .. } => &PROFILES.hall,
            Identity::System { .. } => &PROFILES.system,
            Identity::Department { .. } => &PROFILES.department,
            Identity::Operator { .. } => &PROFILES.operator,
        }
    }

    /// The authority's own profile.
    pub fn authority() -> &'static Self {
        &PROFILES.ca
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Profiles {
    ca: Profile,
    hall: Profile,
    system: Profile,
    department: Profile,
    operator: Profile,
}

static PROFILES: LazyLock<Profiles> = LazyLock::new(|| {
    let text = include_str!("../../../certs/profiles.toml");
    toml::from_str(text).expect("certs/profiles.toml is compiled in and parsed by a test")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_say_what_identities_are() {
        for (uri, text) in [
            ("spiffe://d/hall/h", "spiffe://{domain}/hall/{hall}"),
            ("spiffe://d/system/h/n", "spiffe://{domain}/system/{hall}/{name}"),
            ("spiffe://d/department/c", "spiffe://{domain}/department/{code}"),
            ("spiffe://d/operator/n", "spiffe://{domain}/operator/{name}"),
        ] {
            let identity: Identity = uri.parse().unwrap();
            let profile = Profile::of(&identity);
            assert_eq!(profile.uri, text);
            assert_eq!(profile.days, 90);
            assert!(profile.client);
            assert_eq!(profile.server, profile.names, "who serves carries names, nobody else");
        }
        assert_eq!(Profile::authority().uri, "spiffe://{domain}");
    }
}
