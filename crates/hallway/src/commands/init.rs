//! `hallway init`: makes a data directory and says what comes next.

use std::sync::Arc;

use serde_json::json;
use telemetry::{Clock, System};

use crate::birth::{self, Birth, Born};
use crate::cli::Init;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the command.
pub async fn run(arguments: &Init, output: Output) -> Result<Exit, Failure> {
    let Init { directory, dev, parent, peers, id, name, domain, root_ledger, root_key } = arguments;
    let birth = Birth {
        directory: directory.clone(),
        dev: *dev,
        parent: parent.clone(),
        peers: peers.clone(),
        id: id.clone(),
        name: name.clone(),
        domain: domain.clone(),
        root: root_ledger.clone().zip(root_key.clone()),
    };
    let clock: Arc<dyn Clock> = Arc::new(System);
    let born = birth::give(&birth, &clock).await?;
    tell(&born, &birth, output);
    let settings = &born.settings;
    output.answer(&json!({
        "hall": settings.hall.as_str(),
        "name": settings.name,
        "domain": settings.domain.as_str(),
        "directory": born.directory,
        "grpc": settings.grpc_listen.to_string(),
        "link": settings.link_listen.to_string(),
        "root_ledger": settings.trust.root_ledger.to_string(),
        "root_key": settings.trust.root_key,
        "log_key": born.log_key,
        "holder_key": born.holder_key,
        "admitted": born.admission.map(birth::Admission::as_str),
        "index": born.admission.map(birth::Admission::index),
    }));
    Ok(Exit::Holds)
}

fn tell(born: &Born, birth: &Birth, output: Output) {
    let (settings, directory) = (&born.settings, birth.directory.display());
    let (hall, name) = (&settings.hall, &settings.name);
    output.say(
        format_args!("已建立大厅 {hall}（{name}）：{directory}"),
        format_args!("hall {hall} made in {directory}"),
    );
    output.say(
        format_args!("服务地址 {}，链路地址 {}", settings.grpc_listen, settings.link_listen),
        format_args!("grpc {}, link {}", settings.grpc_listen, settings.link_listen),
    );
    match born.admission {
        Some(admission) => output.say(
            format_args!("已列入目录，法令第 {} 条", admission.index()),
            format_args!("member in the directory, act {}", admission.index()),
        ),
        None => output.say(
            format_args!("尚未列入目录：请根厅执行 hallway directory admit，公钥 {}", born.log_key),
            format_args!("not admitted yet: the root hall runs `hallway directory admit --log-key {} --holder-key {}`", born.log_key, born.holder_key),
        ),
    }
    if !birth.dev {
        output.say(
            "还需由证书机构签发证书，放在 [tls] 所写的位置",
            "certificates are still needed where [tls] says; certs/README.md describes them",
        );
    }
    output.note(
        format_args!("下一步：hallway serve --hall {directory}"),
        format_args!("next: hallway serve --hall {directory}"),
    );
}
