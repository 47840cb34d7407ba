//! How the trust material stands: expiry of our certificate, age of the lists, alarms.

use std::path::PathBuf;
use std::time::Duration;

use record::Timestamp;

use crate::files;
use crate::identity::Bearer;
use crate::revocation::Freshness;
use crate::tls::Tls;

/// How long before its end a certificate becomes an alarm.
pub const EXPIRY_WARNING: Duration = Duration::from_hours(14 * 24);

/// The state of the trust material at one moment.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Our own certificate; `expires` feeds `pki_certificate_expiry_seconds`.
    pub bearer: Bearer,
    /// The lists in use, one for each issuer.
    pub crls: Vec<CrlStanding>,
    /// What a person must look at.
    pub alarms: Vec<Alarm>,
}

/// How one revocation list stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlStanding {
    /// The file it came from.
    pub path: PathBuf,
    /// Its number.
    pub number: u64,
    /// How many certificates it names.
    pub revoked: usize,
    /// When the next one is due.
    pub next_update: Timestamp,
    /// Whether it may still be used.
    pub freshness: Freshness,
}

/// What a person must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// A stable word, kebab-case.
    pub code: &'static str,
    /// What it is about.
    pub subject: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Since when.
    pub since: Timestamp,
}

impl Tls {
    /// How the trust material stands now.
    pub fn standing(&self) -> Standing {
        let now = self.now();
        let material = self.0.material.load();
        let grace = self.0.config.crl_grace;
        let crls = material.lists.iter().map(|list| CrlStanding {
            path: list.path.clone(),
            number: list.number,
            revoked: list.revoked_count,
            next_update: list.next_update,
            freshness: list.freshness(now, grace),
        });
        let crls: Vec<_> = crls.collect();
        let mut alarms = Vec::new();
        alarms.extend(certificate_alarm(&material.bearer, now));
        alarms.extend(crls.iter().filter_map(|list| crl_alarm(list, grace)));
        alarms.extend(self.failed().map(|failure| Alarm {
            code: "trust-reload-failed",
            subject: self.0.config.certificate.display().to_string(),
            zh: format!("证书材料重新读取失败，仍使用旧材料：{}", failure.what),
            en: format!("trust material not reloaded, the old one stays: {}", failure.what),
            since: failure.since,
        }));
        if let Some(since) = files::readable_by_others(&self.0.config.key) {
            let key = self.0.config.key.display().to_string();
            alarms.push(Alarm {
                code: "key-readable",
                zh: format!("其他用户可以读取私钥 {key}，请执行 chmod 600"),
                en: format!("others than its owner can read the private key {key}: chmod 600"),
                subject: key,
                since,
            });
        }
        Standing { bearer: material.bearer.clone(), crls, alarms }
    }
}

fn certificate_alarm(bearer: &Bearer, now: Timestamp) -> Option<Alarm> {
    let expires = bearer.expires;
    let subject = bearer.identity.to_string();
    if now > expires {
        Some(Alarm {
            code: "certificate-expired",
            subject,
            zh: format!("本机证书已于 {expires} 过期，对方会拒绝连接"),
            en: format!("our certificate expired at {expires}: peers refuse it"),
            since: expires,
        })
    } else if now.after(EXPIRY_WARNING) > expires {
        let warning = i64::try_from(EXPIRY_WARNING.as_millis()).unwrap_or(0);
        Some(Alarm {
            code: "certificate-expires",
            subject,
            zh: format!("本机证书将于 {expires} 过期，请更换"),
            en: format!("our certificate expires at {expires}: replace it"),
            since: Timestamp(expires.0.saturating_sub(warning)),
        })
    } else {
        None
    }
}

fn crl_alarm(list: &CrlStanding, grace: Duration) -> Option<Alarm> {
    let subject = list.path.display().to_string();
    let (due, end) = (list.next_update, list.next_update.after(grace));
    match list.freshness {
        Freshness::Fresh => None,
        Freshness::Grace => Some(Alarm {
            code: "crl-grace",
            zh: format!("吊销列表 {subject} 应于 {due} 更新，宽限至 {end}"),
            en: format!("revocation list {subject} was due at {due}, used until {end}"),
            subject,
            since: due,
        }),
        Freshness::Expired => Some(Alarm {
            code: "crl-expired",
            zh: format!("吊销列表 {subject} 已过宽限期（{end}），其签发的证书一律拒绝"),
            en: format!(
                "revocation list {subject} is past its grace ({end}): its issuer's \
                         certificates are refused"
            ),
            subject,
            since: end,
        }),
    }
}
