//! A file from the Hugging Face Hub, in pieces, so that a broken connection costs one piece.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::Agent;

use super::manifest::HubFile;
use crate::Outcome;

/// Bytes asked for at a time: small enough to lose, large enough for full speed.
const PIECE: u64 = 32 << 20;

/// How often one piece is tried.
const TRIES: u32 = 3;

/// `HF_ENDPOINT`, as the Hub's own client reads it, or the Hub.
pub(crate) fn endpoint() -> String {
    std::env::var("HF_ENDPOINT")
        .ok()
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| "https://huggingface.co".to_owned())
}

/// Fetches a file of `total` bytes into `workshop` and gives back its path. What is there already is kept.
pub(crate) fn fetch(endpoint: &str, file: &HubFile, total: u64, workshop: &Path) -> Outcome<PathBuf> {
    let url =
        format!("{}/{}/resolve/{}/{}", endpoint.trim_end_matches('/'), file.repo, file.revision, file.file);
    let path = workshop.join("hub.part");
    let agent = agent();
    loop {
        let have = fs::metadata(&path).map_or(0, |about| about.len());
        if have == total {
            return Ok(path);
        }
        if have > total {
            let _ = fs::remove_file(&path);
            return Err(format!("{} is larger on the Hub than it should be.", file.file));
        }
        piece_with_patience(&agent, &url, &path, have, total)?;
    }
}

/// No answer within seconds means no network, and the next source is tried.
fn agent() -> Agent {
    Agent::config_builder()
        .timeout_resolve(Some(Duration::from_secs(5)))
        .timeout_connect(Some(Duration::from_secs(5)))
        .timeout_recv_response(Some(Duration::from_secs(20)))
        .timeout_recv_body(Some(Duration::from_secs(300)))
        .user_agent("limerick-xtask")
        .build()
        .into()
}

/// One piece. Nothing at all on the first byte ends it at once; a break later is tried again.
fn piece_with_patience(agent: &Agent, url: &str, path: &Path, have: u64, total: u64) -> Outcome {
    let mut last = String::new();
    for attempt in 0..TRIES {
        let start = fs::metadata(path).map_or(0, |about| about.len());
        match piece(agent, url, path, start, total) {
            Ok(()) => return Ok(()),
            Err(error) => last = error,
        }
        if have == 0 && fs::metadata(path).map_or(0, |about| about.len()) == 0 {
            break;
        }
        std::thread::sleep(Duration::from_secs(1 << attempt));
    }
    Err(format!("the Hugging Face Hub did not give it ({last})."))
}

fn piece(agent: &Agent, url: &str, path: &Path, start: u64, total: u64) -> Result<(), String> {
    let end = (start + PIECE).min(total) - 1;
    let mut answer = agent
        .get(url)
        .header("Range", format!("bytes={start}-{end}"))
        .call()
        .map_err(|error| error.to_string())?;
    // A server that ignores the range sends the whole file, so writing starts over.
    let offset = if answer.status() == 206 { start } else { 0 };
    let mut file = open_at(path, offset).map_err(|error| error.to_string())?;
    io::copy(&mut answer.body_mut().as_reader(), &mut file).map_err(|error| error.to_string())?;
    Ok(())
}

fn open_at(path: &Path, offset: u64) -> io::Result<File> {
    let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    file.set_len(offset)?;
    file.seek(SeekFrom::Start(offset))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;
    use std::io::{BufRead, BufReader, Write};
    use std::net::{TcpListener, TcpStream};

    const CONTENT: &[u8] = b"There once was a file in two parts";

    /// Answers ranges of `CONTENT`; the first connection is cut after `cut` bytes.
    fn server(cut: usize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for (count, stream) in listener.incoming().enumerate() {
                answer(stream.unwrap(), if count == 0 { cut } else { usize::MAX });
            }
        });
        format!("http://{address}")
    }

    fn answer(mut stream: TcpStream, cut: usize) {
        let mut range = String::new();
        for line in BufReader::new(&stream).lines().map(Result::unwrap) {
            if let Some(text) = line.to_lowercase().strip_prefix("range: bytes=") {
                range = text.to_owned();
            }
            if line.is_empty() {
                break;
            }
        }
        let start: usize = range.split('-').next().unwrap().parse().unwrap();
        let body = &CONTENT[start..];
        write!(
            stream,
            "HTTP/1.1 206 Partial Content\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        )
        .unwrap();
        stream.write_all(&body[..body.len().min(cut)]).unwrap();
    }

    fn fetch_from(endpoint: &str, name: &str) -> (Outcome<PathBuf>, PathBuf) {
        let folder = std::env::temp_dir().join(format!("limerick-hub-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = HubFile { repo: "a/b".into(), revision: "main".into(), file: "c.gguf".into() };
        (fetch(endpoint, &file, CONTENT.len() as u64, &folder), folder)
    }

    #[test]
    fn a_cut_connection_is_resumed_where_it_broke() {
        let (path, folder) = fetch_from(&server(10), "cut");
        assert_eq!(fs::read(path.unwrap()).unwrap(), CONTENT);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_hub_that_is_not_there_is_said_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let started = std::time::Instant::now();
        let (result, folder) = fetch_from(&endpoint, "gone");
        assert!(result.unwrap_err().contains("Hub did not give it"));
        assert!(started.elapsed() < Duration::from_secs(6));
        fs::remove_dir_all(folder).unwrap();
    }
}
