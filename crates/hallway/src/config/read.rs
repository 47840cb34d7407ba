//! Reading: the file, the environment over it, errors by key and line.

use std::fs;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use thiserror::Error;

use super::raw::Raw;
use super::settings::Settings;

/// The file's name in a data directory.
pub const FILE: &str = "hallway.toml";

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}{key} = {value:?}: {what}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct ConfigError {
    /// Line in `hallway.toml`, when the key stands there.
    pub line: Option<usize>,
    /// The key, with dots.
    pub key: String,
    /// What it says.
    pub value: String,
    /// What is wrong, and the way out.
    pub what: String,
}

impl ConfigError {
    pub(super) fn of(key: &str, value: &str, what: &str) -> Self {
        let shown = value.chars().take(80).collect();
        Self { line: None, key: key.to_owned(), value: shown, what: what.to_owned() }
    }

    fn on_its_line(mut self, text: &str) -> Self {
        self.line = self.line.or_else(|| line_of(text, &self.key));
        self
    }
}

/// Reads the settings of the hall in `directory`.
pub fn read(directory: &Path) -> Result<Settings, Vec<ConfigError>> {
    let path = directory.join(FILE);
    let text = fs::read_to_string(&path).map_err(|error| {
        let what = format!("cannot be read: {error}; `hallway init` writes one");
        vec![ConfigError::of("hallway.toml", &path.display().to_string(), &what)]
    })?;
    // A first pass over the file alone finds syntax errors and unknown keys with their line.
    if let Err(error) = toml::from_str::<Raw>(&text) {
        let line = error.span().map(|span| line_at(&text, span.start));
        let said = line.and_then(|line| text.lines().nth(line - 1)).unwrap_or(FILE);
        let (key, value) = said.split_once('=').unwrap_or((said, ""));
        let wrong = ConfigError::of(key.trim(), value.trim(), error.message());
        return Err(vec![ConfigError { line, ..wrong }]);
    }
    let raw = effective(&text)
        .map_err(|error| vec![ConfigError::of("HALLWAY_*", "", &error.to_string())])?;
    let directory = fs::canonicalize(directory).unwrap_or_else(|_| PathBuf::from(directory));
    Settings::of(directory, &raw)
        .map_err(|wrong| wrong.into_iter().map(|one| one.on_its_line(&text)).collect())
}

/// What holds in the end: defaults, the file's text, the environment.
pub fn effective(text: &str) -> Result<Raw, figment::Error> {
    Figment::from(Serialized::defaults(Raw::default()))
        .merge(Toml::string(text))
        .merge(Env::prefixed("HALLWAY_").split("__"))
        .extract()
}

/// The line of a dotted key: the last word of the key, under the header of the rest.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let (table, word) = key.rsplit_once('.')?;
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line.trim_matches(['[', ']']) == table;
        } else if inside && line.split('=').next().is_some_and(|left| left.trim() == word) {
            return Some(number + 1);
        }
    }
    None
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
