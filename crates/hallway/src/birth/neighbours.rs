//! `[[peer]]` blocks in a configuration that people also edit: comments and order stay.

use std::fs;
use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::{BirthError, FILE};
use crate::client::reachable;
use crate::config::Settings;

/// Adds the hall `peer` to the neighbours of the hall in `directory`, or gives it its endpoint of now.
pub fn befriend(directory: &Path, peer: &Settings) -> Result<(), BirthError> {
    let endpoint = reachable(peer.link_listen).to_string();
    amend(directory, |text| {
        // Comments at the file's end belong to the table above them, so a new block comes after.
        let comments = text.trailing().as_str().unwrap_or_default().to_owned();
        let absent = || Item::ArrayOfTables(ArrayOfTables::new());
        let peers = text.entry("peer").or_insert_with(absent).as_array_of_tables_mut();
        let peers = peers.ok_or("peer is not a list of tables")?;
        let known = peers
            .iter_mut()
            .find(|block| block.get("hall").and_then(Item::as_str) == Some(peer.hall.as_str()));
        if let Some(block) = known {
            block.insert("endpoint", value(endpoint));
        } else {
            let mut block = Table::new();
            block.insert("hall", value(peer.hall.as_str()));
            block.insert("endpoint", value(endpoint));
            let first = peers.is_empty();
            if first {
                block.decor_mut().set_prefix(format!("{comments}\n"));
            }
            peers.push(block);
            if first {
                text.set_trailing("");
            }
        }
        Ok(())
    })
}

/// Changes the `hallway.toml` in `directory`, keeping what is not touched as it is.
pub fn amend(
    directory: &Path,
    change: impl FnOnce(&mut DocumentMut) -> Result<(), &'static str>,
) -> Result<(), BirthError> {
    let path = directory.join(FILE);
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| BirthError::Edit {
        path: path.clone(),
        source,
    };
    let text = fs::read_to_string(&path).map_err(|error| failed(error.into()))?;
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| failed(error.into()))?;
    change(&mut document).map_err(|what| failed(what.into()))?;
    pki::write_public(&path, &document.to_string())?;
    Ok(())
}
