//! Hugging Face tokens that other programs keep on this machine, found where `huggingface_hub` looks (hf-api 1.7).
//! They are offered with the place they lie in; nothing is copied unless the person says so.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use limerick_tasks::{Error, ErrorCode, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Connection, Playground, SetKey,
    commands::Nothing,
    keys::{FoundKey, tidy},
    reach::HUGGING_FACE,
};

/// Reads a variable of the environment.
type Env<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// A token that another program keeps. What it is stays in Rust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundToken {
    /// For `use_token`.
    pub id: String,
    /// Where it lies: `HF_TOKEN`, `~/.cache/huggingface/token`, …
    pub place: String,
    /// It is the one that the Hugging Face connection uses now.
    pub in_use: bool,
}

/// Copies a token that was found into the place where Limerick keeps keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UseToken {
    /// Which one.
    pub id: String,
    /// Where no keychain works: the person agrees to a file that only they can read.
    #[serde(default)]
    pub allow_file: bool,
}

/// A token and where it lies.
struct Token {
    place: String,
    secret: SecretString,
}

impl Playground {
    /// Hugging Face tokens that other programs keep on this machine, each once.
    pub async fn found_tokens(&self, _: Nothing) -> Result<Vec<FoundToken>> {
        let found = self.find_connection(HUGGING_FACE).await?;
        let used = self.key_of(&found).await?;
        let used = used.as_ref().map(|key| key.secret.expose_secret());
        let offer = |token: Token| FoundToken {
            in_use: used == Some(token.secret.expose_secret()),
            id: token.place.clone(),
            place: token.place,
        };
        Ok(all(&|name| std::env::var_os(name)).into_iter().map(offer).collect())
    }

    /// Keeps one of these tokens for the Hugging Face connection.
    pub async fn use_token(&self, wanted: UseToken) -> Result<Connection> {
        let token = all(&|name| std::env::var_os(name)).into_iter().find(|token| token.place == wanted.id);
        let gone = || Error::new(ErrorCode::Input, "That token is no longer there. Paste one instead.");
        let key = token.ok_or_else(gone)?.secret.expose_secret().to_owned();
        let connection = HUGGING_FACE.to_owned();
        self.set_key(SetKey { connection, key, allow_file: wanted.allow_file }).await
    }
}

/// The token that `huggingface_hub` would take by itself; none when it is told not to.
pub(crate) fn implicit(env: Env<'_>) -> Option<FoundKey> {
    let told_not_to = env("HF_HUB_DISABLE_IMPLICIT_TOKEN")
        .and_then(|value| value.into_string().ok())
        .is_some_and(|value| ["1", "ON", "YES", "TRUE"].contains(&value.to_uppercase().as_str()));
    if told_not_to {
        return None;
    }
    let token = from_environment(env).into_iter().chain(from_file(env)).next()?;
    Some(FoundKey { secret: token.secret, source: token.place, kept: false })
}

/// All tokens, in `huggingface_hub`'s order, each secret once.
fn all(env: Env<'_>) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for token in from_environment(env).into_iter().chain(from_file(env)).chain(stored(env)) {
        let same = |other: &Token| other.secret.expose_secret() == token.secret.expose_secret();
        if !tokens.iter().any(same) {
            tokens.push(token);
        }
    }
    tokens
}

fn from_environment(env: Env<'_>) -> Vec<Token> {
    let read = |name: &str| {
        let secret = env(name).and_then(|value| value.into_string().ok()).and_then(|value| tidy(&value))?;
        Some(Token { place: name.to_owned(), secret })
    };
    ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"].into_iter().filter_map(read).collect()
}

fn from_file(env: Env<'_>) -> Option<Token> {
    let file = token_file(env)?;
    let secret = tidy(&read(&file)?)?;
    Some(Token { place: shown(env, &file), secret })
}

/// Named tokens of several accounts: an INI file beside the token file.
fn stored(env: Env<'_>) -> Vec<Token> {
    let Some(file) = home(env).map(|home| home.join("stored_tokens")) else { return Vec::new() };
    let text = read(&file).unwrap_or_default();
    let place = |name: &str| format!("“{name}” in {}", shown(env, &file));
    ini_tokens(&text).into_iter().map(|(name, secret)| Token { place: place(&name), secret }).collect()
}

/// `[name]` and its `hf_token`; what else a section holds is not ours.
fn ini_tokens(text: &str) -> Vec<(String, SecretString)> {
    let (mut section, mut tokens) = (None, Vec::new());
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section =
                Some(name.trim().chars().filter(|sign| !sign.is_control()).take(60).collect::<String>());
        } else if let (Some(name), Some((key, value))) = (&section, line.split_once(['=', ':']))
            && key.trim().eq_ignore_ascii_case("hf_token")
            && let Some(secret) = tidy(value)
        {
            tokens.push((name.clone(), secret));
        }
    }
    tokens
}

/// A token file is short; what is longer is none.
fn read(file: &Path) -> Option<String> {
    let small = std::fs::metadata(file).is_ok_and(|about| about.is_file() && about.len() < 1 << 20);
    if small { std::fs::read_to_string(file).ok() } else { None }
}

fn token_file(env: Env<'_>) -> Option<PathBuf> {
    match given(env, "HF_TOKEN_PATH") {
        Some(path) => expand(env, path),
        None => home(env).map(|home| home.join("token")),
    }
}

/// `HF_HOME`, else `huggingface` in the cache folder.
fn home(env: Env<'_>) -> Option<PathBuf> {
    if let Some(folder) = given(env, "HF_HOME") {
        return expand(env, folder);
    }
    let cache = match given(env, "XDG_CACHE_HOME") {
        Some(folder) => expand(env, folder),
        None => user(env).map(|home| home.join(".cache")),
    };
    cache.map(|cache| cache.join("huggingface"))
}

fn given(env: Env<'_>, name: &str) -> Option<PathBuf> {
    env(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn user(env: Env<'_>) -> Option<PathBuf> {
    given(env, "HOME").or_else(|| given(env, "USERPROFILE"))
}

fn expand(env: Env<'_>, path: PathBuf) -> Option<PathBuf> {
    match path.strip_prefix("~") {
        Ok(rest) => user(env).map(|home| home.join(rest)),
        Err(_) => Some(path),
    }
}

/// The path as a person writes it, with `~` for their home folder.
fn shown(env: Env<'_>, path: &Path) -> String {
    let below = user(env).and_then(|home| path.strip_prefix(home).ok().map(Path::to_path_buf));
    below.map_or_else(|| path.display().to_string(), |rest| Path::new("~").join(rest).display().to_string())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn with<T>(vars: &[(&str, &str)], ask: impl Fn(Env<'_>) -> T) -> T {
        ask(&|name| vars.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)))
    }

    fn found(vars: &[(&str, &str)]) -> Option<(String, String)> {
        with(vars, implicit).map(|key| (key.secret.expose_secret().to_owned(), key.source))
    }

    #[test]
    fn the_environment_comes_before_the_token_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), " hf_file\n").unwrap();
        let home = folder.path().to_str().unwrap();
        let pair = |secret: &str, place: &str| Some((secret.to_owned(), place.to_owned()));
        assert_eq!(found(&[("HF_HOME", home)]), pair("hf_file", &format!("{home}/token")));
        assert_eq!(found(&[("HF_HOME", home), ("HOME", home)]), pair("hf_file", "~/token"));
        let old = ("HUGGING_FACE_HUB_TOKEN", "hf_old\r\n");
        assert_eq!(found(&[old, ("HF_HOME", home)]), pair("hf_old", "HUGGING_FACE_HUB_TOKEN"));
        assert_eq!(found(&[("HF_TOKEN", "hf_new"), old]), pair("hf_new", "HF_TOKEN"));
        assert_eq!(found(&[("HF_TOKEN", "  "), ("HF_HOME", home)]).unwrap().0, "hf_file");
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[old, ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "true")]), None);
    }

    #[test]
    fn the_token_file_is_where_huggingface_hub_puts_it() {
        let at = |vars: &[(&str, &str)]| with(vars, token_file).unwrap();
        let home = ("HOME", "/h");
        assert_eq!(at(&[home]), Path::new("/h/.cache/huggingface/token"));
        assert_eq!(at(&[home, ("XDG_CACHE_HOME", "/x")]), Path::new("/x/huggingface/token"));
        assert_eq!(at(&[home, ("HF_HOME", "~/hf")]), Path::new("/h/hf/token"));
        assert_eq!(at(&[home, ("HF_HOME", "/f"), ("HF_TOKEN_PATH", "/t")]), Path::new("/t"));
    }

    #[test]
    fn every_token_is_offered_once_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "hf_one").unwrap();
        let ini = "[work]\nhf_token = hf_two\nrefresh_token = secret\n\n[home]\nhf_token=hf_one\n[empty]\nhf_token =\n";
        std::fs::write(folder.path().join("stored_tokens"), ini).unwrap();
        let home = folder.path().to_str().unwrap();
        let vars = [("HF_TOKEN", "hf_zero"), ("HF_HOME", home), ("HOME", home)];
        let found = with(&vars, all);
        let places: Vec<_> =
            found.iter().map(|token| (token.place.as_str(), token.secret.expose_secret())).collect();
        assert_eq!(
            places,
            [("HF_TOKEN", "hf_zero"), ("~/token", "hf_one"), ("“work” in ~/stored_tokens", "hf_two")]
        );
    }

    #[test]
    fn what_is_no_token_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "x".repeat(2 << 20)).unwrap();
        assert_eq!(found(&[("HF_TOKEN_PATH", path.to_str().unwrap())]), None);
        assert_eq!(found(&[("HF_TOKEN_PATH", folder.path().to_str().unwrap())]), None);
    }
}
