//! `hallway ca`: the development authority of a data directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pki::{Authority, AuthorityError, Bearer, CRL_LIFE, Identity, IdentityError, Order, Serial};
use record::Timestamp;
use serde_json::{Value, json};
use telemetry::{Clock, System};

use crate::birth::{authority_files, issue};
use crate::cli::{Ca, CaCommand, CaCrl, CaIssue, CaRevoke, Kind};
use crate::config;
use crate::exit::{Exit, Failure};
use crate::output::{Output, table};

/// Runs the command.
pub fn run(arguments: &Ca, output: Output) -> Result<Exit, Failure> {
    let now = System.now();
    match &arguments.command {
        CaCommand::Issue(order) => issue_one(order, output, now),
        CaCommand::Revoke(revoke) => revoke_one(revoke, output, now),
        CaCommand::Crl(crl) => renew(crl, output, now),
        CaCommand::Show { hall } => show(hall, output),
    }
}

fn issue_one(arguments: &CaIssue, output: Output, now: Timestamp) -> Result<Exit, Failure> {
    let CaIssue { hall, kind, name, out, dns, ip, days } = arguments;
    let authority = load(hall)?;
    let mut order = Order::new(identity(&authority, hall, *kind, name)?);
    if !dns.is_empty() || !ip.is_empty() {
        let names: Vec<&str> = dns.iter().map(String::as_str).collect();
        order = order.reachable_at(&names, ip);
    }
    order.days = days.unwrap_or(order.days);
    // One of no days ended a day ago, so that no clock takes it for valid.
    let now = if order.days == 0 { Timestamp(now.0 - DAY_MILLIS) } else { now };
    let (certificate, key) = match out {
        Some(out) => (out.join(format!("{name}.pem")), out.join(format!("{name}.key"))),
        None => (hall.join(format!("certs/{name}.pem")), hall.join(format!("keys/{name}.key"))),
    };
    let issued = issue(&authority, &order, (&certificate, &key), now)?;
    let Bearer { identity, serial, expires } = &issued.bearer;
    output.say(
        format_args!("已签发 {identity}，至 {expires}：{}", certificate.display()),
        format_args!("issued {identity} until {expires}: {}", certificate.display()),
    );
    output.answer(&json!({
        "identity": identity.to_string(),
        "serial": serial.as_str(),
        "expires": expires.to_string(),
        "certificate": certificate,
        "key": key,
    }));
    Ok(Exit::Holds)
}

fn revoke_one(arguments: &CaRevoke, output: Output, now: Timestamp) -> Result<Exit, Failure> {
    let CaRevoke { hall, certificate } = arguments;
    let mut authority = load(hall)?;
    let file = Path::new(certificate);
    let serial: Serial =
        if file.exists() { bearer(file)?.serial } else { certificate.parse().map_err(usage)? };
    let fresh = authority.revoke(&serial, now);
    let crl = authority_files(hall).crl;
    authority.write_crl(&crl, now, CRL_LIFE).map_err(usage)?;
    output.say(
        format_args!("序列号 {serial} 已吊销，列表第 {} 号", authority.crl_number()),
        format_args!("serial {serial} revoked, list number {}", authority.crl_number()),
    );
    output.note(
        format_args!("其他大厅请复制 {}", crl.display()),
        format_args!("for other halls, copy {}", crl.display()),
    );
    output.answer(&json!({
        "serial": serial.as_str(),
        "revoked_before": !fresh,
        "crl": crl,
        "crl_number": authority.crl_number(),
    }));
    Ok(Exit::Holds)
}

fn renew(arguments: &CaCrl, output: Output, now: Timestamp) -> Result<Exit, Failure> {
    let mut authority = load(&arguments.hall)?;
    let crl = authority_files(&arguments.hall).crl;
    let life = Duration::from_hours(arguments.days.saturating_mul(24));
    authority.write_crl(&crl, now, life).map_err(usage)?;
    output.say(
        format_args!("已更新吊销列表，第 {} 号：{}", authority.crl_number(), crl.display()),
        format_args!("list number {} written to {}", authority.crl_number(), crl.display()),
    );
    output.answer(&json!({
        "crl": crl,
        "crl_number": authority.crl_number(),
        "revoked": authority.revoked().len(),
    }));
    Ok(Exit::Holds)
}

fn show(hall: &Path, output: Output) -> Result<Exit, Failure> {
    let authority = load(hall)?;
    let mut certificates = Vec::new();
    for path in certificate_files(&hall.join("certs"))? {
        // The authority's own certificate names the domain and nobody in it.
        if let Ok(bearer) = bearer(&path) {
            certificates.push((path, bearer));
        }
    }
    let revoked = authority.revoked();
    let rows: Vec<Vec<String>> = certificates
        .iter()
        .map(|(path, bearer)| {
            let gone = if revoked.contains_key(&bearer.serial) { "已吊销 revoked" } else { "" };
            vec![
                path.display().to_string(),
                bearer.identity.to_string(),
                bearer.serial.to_string(),
                bearer.expires.to_string(),
                gone.to_owned(),
            ]
        })
        .collect();
    output.say(
        format_args!("信任域 {}，吊销列表第 {} 号", authority.domain(), authority.crl_number()),
        format_args!("trust domain {}, list number {}", authority.domain(), authority.crl_number()),
    );
    output
        .text(&table(&["文件 file", "身份 identity", "序列号 serial", "到期 expires", ""], &rows));
    let certificates = certificates.iter().map(|(path, bearer)| {
        json!({
            "file": path,
            "identity": bearer.identity.to_string(),
            "serial": bearer.serial.as_str(),
            "expires": bearer.expires.to_string(),
            "revoked": revoked.contains_key(&bearer.serial),
        })
    });
    let revoked = revoked
        .iter()
        .map(|(serial, at)| json!({ "serial": serial.as_str(), "at": at.to_string() }));
    output.answer(&json!({
        "domain": authority.domain().as_str(),
        "crl_number": authority.crl_number(),
        "revoked": revoked.collect::<Vec<Value>>(),
        "certificates": certificates.collect::<Vec<Value>>(),
    }));
    Ok(Exit::Holds)
}

const DAY_MILLIS: i64 = 24 * 3_600_000;

fn load(hall: &Path) -> Result<Authority, Failure> {
    Authority::load(&authority_files(hall)).map_err(|error: AuthorityError| {
        usage(error).in_chinese("此目录没有可用的开发用证书机构（init --dev 才会建立）")
    })
}

fn identity(
    authority: &Authority,
    hall: &Path,
    kind: Kind,
    name: &str,
) -> Result<Identity, Failure> {
    let domain = authority.domain().clone();
    let word = || name.parse().map_err(|error: IdentityError| usage(error));
    Ok(match kind {
        Kind::Hall => Identity::hall(domain, name.parse().map_err(usage)?),
        Kind::System => {
            let settings = config::read(hall).map_err(Failure::of_configuration)?;
            Identity::System { domain, hall: settings.hall, name: word()? }
        }
        Kind::Department => Identity::Department { domain, code: word()? },
        Kind::Operator => Identity::Operator { domain, name: word()? },
    })
}

fn bearer(path: &Path) -> Result<Bearer, Failure> {
    let certificates = pki::read_certificates(path).map_err(usage)?;
    let leaf = certificates.first().ok_or_else(|| Failure::new(Exit::Usage, "no certificate"))?;
    Bearer::read(leaf).map_err(usage)
}

fn certificate_files(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(directory).map_err(usage)?;
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "pem")).collect();
    files.sort();
    Ok(files)
}

fn usage(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(Exit::Usage, error)
}
